//! The keys of the format with a line about each, as 1-format has them. Knows nothing of texts.

use super::meaning::Keys;
use crate::parse::keys;

/// The keys that may stand somewhere.
pub fn all(whose: Keys) -> Vec<&'static str> {
    match whose {
        Keys::Document => [&keys::EVENT[..], &keys::EXPECTATION[..]].concat(),
        Keys::Citation => keys::IN_PLACE.to_vec(),
        Keys::Claim => [&keys::CHANGES[..2], &["during", "sources"]].concat(),
        Keys::Changes => keys::CHANGES.to_vec(),
        Keys::Estimate => vec!["low", "best", "high"],
        Keys::Operators => keys::OPERATORS.to_vec(),
        Keys::Manifest => keys::MANIFEST.to_vec(),
        Keys::Entity => keys::ENTITY.to_vec(),
        Keys::Voice => keys::VOICE.to_vec(),
        Keys::Source => keys::SOURCE.to_vec(),
        Keys::Pattern => keys::PATTERN.to_vec(),
    }
}

/// What a key means.
pub fn about(whose: Keys, key: &str) -> Option<&'static str> {
    let of = |table: &[(&str, &'static str)]| table.iter().find(|(name, _)| *name == key).map(|(_, about)| *about);
    match whose {
        Keys::Document | Keys::Claim | Keys::Changes => of(DOCUMENT),
        Keys::Citation | Keys::Source => of(SOURCE),
        Keys::Estimate => of(ESTIMATE),
        Keys::Operators => of(OPERATORS),
        Keys::Manifest => of(MANIFEST),
        Keys::Entity | Keys::Voice => of(NAMED),
        Keys::Pattern => of(PATTERN),
    }
}

type Table = &'static [(&'static str, &'static str)];

const DOCUMENT: Table = &[
    ("date", "when it happened: EDTF or RFC 3339"),
    ("title", "one line"),
    ("id", "unique in the chronicle; left out, the name of the file"),
    ("summary", "a few sentences"),
    ("until", "from when on it no longer was so"),
    ("known", "when it became publicly known, if not at once"),
    ("kind", "what sort of event it is"),
    ("place", "the entity where it happened"),
    ("actors", "the entities that took part"),
    ("tags", "words of your own, for filters"),
    ("sources", "where this is from: ids, `id: quote`, or whole sources"),
    ("confidence", "the author's own confidence: high, medium or low"),
    ("because", "events that it answers to or grows out of"),
    ("after", "events that came before it, without cause"),
    ("replaces", "events that it makes void once it is known"),
    ("set", "from this event on the path has this value"),
    ("unset", "from this event on it has none"),
    ("add", "puts members into a set"),
    ("remove", "takes members out of a set"),
    ("increase", "adds to a number"),
    ("decrease", "takes from a number"),
    ("during", "holds while the event lasts"),
    ("claims", "what a voice asserts and the record does not"),
    ("allow", "house rules that this event may break, and why"),
    ("meta", "anything else, never interpreted"),
    ("as_of", "the date or event at whose end this is expected"),
    ("known_by", "only what was publicly known by the end of this date"),
    ("according_to", "the voice whose claims come first"),
    ("only", "only events that match"),
    ("without", "without events that match"),
    ("expect", "what must come out, by path"),
];

const SOURCE: Table = &[
    ("id", "a name by which others can cite it"),
    ("title", "its title"),
    ("publisher", "who published it"),
    ("date", "when it appeared"),
    ("url", "its address"),
    ("archived", "the address of an archived copy"),
    ("language", "its language, such as `en`"),
    ("quote", "its words"),
    ("page", "where in it"),
    ("reliability", "the Admiralty grade, A to F"),
    ("from", "the source of which it is a reprint: both count once"),
    ("source", "the id of a source that is described elsewhere"),
    ("meta", "anything else, never interpreted"),
];

const ESTIMATE: Table = &[("low", "the least it may be"), ("best", "the likeliest"), ("high", "the most it may be")];

const OPERATORS: Table = &[
    ("equals", "it is this"),
    ("includes", "a set has these members"),
    ("excludes", "a set has none of these members"),
    ("absent", "it has no value"),
    ("at_least", "a number is no smaller"),
    ("at_most", "a number is no larger"),
    ("size", "a set has so many members"),
    ("one_of", "it is one of these"),
    ("disputed", "others claim otherwise"),
    ("possible", "it may be otherwise, or this"),
];

const MANIFEST: Table = &[
    ("asof", "the version of the format: 1"),
    ("title", "the title of the chronicle"),
    ("timezone", "where its days begin, such as Europe/Kyiv"),
    ("seasons", "northern or southern"),
    ("circa", "how far `~` widens a date: day, month, year"),
    ("entities", "people, places and things"),
    ("voices", "who asserts"),
    ("sources", "where it is from"),
    ("check", "house rules: error, warning, hint or off"),
    ("paths", "which paths there are, and what they hold"),
    ("meta", "anything else, never interpreted"),
];

const NAMED: Table = &[
    ("name", "the name that is shown"),
    ("kind", "what sort of thing it is"),
    ("also", "other names"),
    ("at", "latitude and longitude"),
    ("part_of", "the voice of which it is a part"),
    ("meta", "anything else, never interpreted"),
];

const PATTERN: Table = &[
    ("label", "how the path is shown"),
    ("type", "what it holds: text, number, estimate, date, entity or bool"),
    ("unit", "the unit of its number"),
    ("one_of", "the words that it may hold"),
    ("set_of", "a set: of a type, or of these words"),
    ("from", "which value may follow which"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_told_of() {
        for whose in [
            Keys::Document,
            Keys::Citation,
            Keys::Claim,
            Keys::Changes,
            Keys::Estimate,
            Keys::Operators,
            Keys::Manifest,
            Keys::Entity,
            Keys::Voice,
            Keys::Source,
            Keys::Pattern,
        ] {
            for key in all(whose) {
                assert!(about(whose, key).is_some(), "{whose:?}: {key}");
            }
        }
    }
}
