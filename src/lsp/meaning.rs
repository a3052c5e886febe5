//! What a word means, by the keys that it stands below: the format of 1-format as a table of places. Knows nothing of
//! what a chronicle holds.

use super::outline::{Role, Step};
use crate::parse::keys;

/// What a name is a name of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    /// An event.
    Event,
    /// A path, or a pattern of paths.
    Path,
    /// An entity.
    Entity,
    /// A voice.
    Voice,
    /// A source.
    Source,
    /// A tag.
    Tag,
    /// A kind of event.
    Kind,
    /// A house rule.
    Rule,
}

/// Whose keys stand somewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keys {
    /// Of an event, or of an expectation.
    Document,
    /// Of a source where it is cited.
    Citation,
    /// Of what a voice claims.
    Claim,
    /// Of changes.
    Changes,
    /// Of an estimate.
    Estimate,
    /// Of what is expected of a path.
    Operators,
    /// Of the manifest.
    Manifest,
    /// Of an entity.
    Entity,
    /// Of a voice.
    Voice,
    /// Of a source of the manifest.
    Source,
    /// Of a pattern of paths.
    Pattern,
}

/// What a word may mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meaning<'o> {
    /// A key of the format.
    Key(Keys),
    /// A name that is given elsewhere.
    Refers(Sort),
    /// A name that is given here.
    Defines(Sort),
    /// A value of a path.
    Value(&'o str),
    /// A date.
    Date,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

/// What kind of file a word stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum File<'n> {
    /// Events and expectations.
    Events,
    /// `chronicle.yaml`.
    Manifest,
    /// A table of the manifest.
    Table(&'n str),
}

impl<'n> File<'n> {
    /// That of a name in a chronicle.
    pub fn of(name: &'n str) -> File<'n> {
        match name.rsplit_once('.').map(|(stem, _)| stem) {
            Some("chronicle") if crate::parse::is_manifest(name) => File::Manifest,
            Some(table) if crate::parse::is_manifest(name) => File::Table(table),
            _ => File::Events,
        }
    }
}

const TRUTHS: &[&str] = &["true", "false"];
const CONFIDENCE: &[&str] = &["high", "medium", "low"];
const SEVERITIES: &[&str] = &["error", "warning", "hint", "off"];
const SEASONS: &[&str] = &["northern", "southern"];
const TYPES: &[&str] = &["text", "number", "estimate", "date", "entity", "bool"];

/// What a word of a role may mean below some steps of a file; the first that fits is the likeliest.
pub fn meanings<'o>(file: File<'_>, steps: &[Step<'o>], role: Role) -> Vec<Meaning<'o>> {
    let is_key = role != Role::Value;
    let is_value = role != Role::Key;
    match (file, steps) {
        (File::Events, steps) => of_document(steps, is_key, is_value),
        (File::Manifest, []) if is_key => vec![Meaning::Key(Keys::Manifest)],
        (File::Manifest, [Step::Key(table), rest @ ..]) if keys::TABLES.contains(table) => of_table(table, rest, role),
        (File::Manifest, [Step::Key("check")]) if is_key => vec![Meaning::Refers(Sort::Rule)],
        (File::Manifest, [Step::Key("check"), _]) if is_value => vec![Meaning::OneOf(SEVERITIES)],
        (File::Manifest, [Step::Key("seasons")]) => vec![Meaning::OneOf(SEASONS)],
        (File::Manifest, _) => Vec::new(),
        (File::Table(table), steps) => of_table(table, steps, role),
    }
}

fn of_document<'o>(steps: &[Step<'o>], is_key: bool, is_value: bool) -> Vec<Meaning<'o>> {
    let [Step::Key(first), rest @ ..] = steps else {
        return if is_key { vec![Meaning::Key(Keys::Document)] } else { Vec::new() };
    };
    let in_list = matches!(rest, [] | [Step::Item]) && is_value;
    match *first {
        "because" | "after" | "replaces" if in_list => vec![Meaning::Refers(Sort::Event)],
        "actors" if in_list => vec![Meaning::Refers(Sort::Entity)],
        "tags" if in_list => vec![Meaning::Refers(Sort::Tag)],
        "id" if rest.is_empty() => vec![Meaning::Defines(Sort::Event)],
        "place" if rest.is_empty() => vec![Meaning::Refers(Sort::Entity)],
        "kind" if rest.is_empty() => vec![Meaning::Refers(Sort::Kind)],
        "confidence" if rest.is_empty() => vec![Meaning::OneOf(CONFIDENCE)],
        "date" | "until" | "known" if in_list => vec![Meaning::Date],
        "as_of" | "known_by" if in_list => vec![Meaning::Date, Meaning::Refers(Sort::Event)],
        "according_to" if rest.is_empty() => vec![Meaning::Refers(Sort::Voice)],
        "allow" if rest.is_empty() && is_key => vec![Meaning::Refers(Sort::Rule)],
        "sources" => of_sources(rest, is_key, is_value),
        "claims" => match rest {
            [] if is_key => vec![Meaning::Refers(Sort::Voice)],
            [Step::Key(_)] if is_key => vec![Meaning::Key(Keys::Claim)],
            [Step::Key(_), Step::Key("sources"), rest @ ..] => of_sources(rest, is_key, is_value),
            [Step::Key(_), Step::Key("during"), rest @ ..] => of_during(rest, is_key, is_value),
            [Step::Key(_), Step::Key(change), rest @ ..] => of_change(change, rest, is_key, is_value),
            _ => Vec::new(),
        },
        "during" => of_during(rest, is_key, is_value),
        "expect" => match rest {
            [] if is_key => vec![Meaning::Refers(Sort::Path)],
            [Step::Key(path)] | [Step::Key(path), Step::Item] if is_value => vec![Meaning::Value(path)],
            [Step::Key(_)] if is_key => vec![Meaning::Key(Keys::Operators)],
            [Step::Key(_), Step::Key("absent" | "disputed")] => vec![Meaning::OneOf(TRUTHS)],
            [Step::Key(path), Step::Key(_), Step::Item] | [Step::Key(path), Step::Key(_)] => vec![Meaning::Value(path)],
            _ => Vec::new(),
        },
        change => of_change(change, rest, is_key, is_value),
    }
}

fn of_sources<'o>(rest: &[Step<'o>], is_key: bool, is_value: bool) -> Vec<Meaning<'o>> {
    match rest {
        // A citation may be the key of its quote.
        [] | [Step::Item] => {
            let keys = is_key.then_some(Meaning::Key(Keys::Citation));
            [Meaning::Refers(Sort::Source)].into_iter().chain(keys).collect()
        }
        [Step::Item, Step::Key("source" | "from")] if is_value => vec![Meaning::Refers(Sort::Source)],
        [Step::Item, Step::Key("id")] => vec![Meaning::Defines(Sort::Source)],
        [Step::Item, Step::Key("date")] => vec![Meaning::Date],
        _ => Vec::new(),
    }
}

fn of_during<'o>(rest: &[Step<'o>], is_key: bool, is_value: bool) -> Vec<Meaning<'o>> {
    match rest {
        [] if is_key => vec![Meaning::Refers(Sort::Path), Meaning::Key(Keys::Changes)],
        [Step::Key(change), rest @ ..] if keys::CHANGES.contains(change) => of_change(change, rest, is_key, is_value),
        rest => of_change("set", rest, is_key, is_value),
    }
}

fn of_change<'o>(change: &str, rest: &[Step<'o>], is_key: bool, is_value: bool) -> Vec<Meaning<'o>> {
    match rest {
        [] | [Step::Item] if change == "unset" && is_value => vec![Meaning::Refers(Sort::Path)],
        _ if change == "unset" || !keys::CHANGES.contains(&change) => Vec::new(),
        [] if is_key => vec![Meaning::Refers(Sort::Path)],
        [Step::Key(path)] | [Step::Key(path), Step::Item] if is_value => vec![Meaning::Value(path)],
        [Step::Key(_)] if is_key => vec![Meaning::Key(Keys::Estimate)],
        _ => Vec::new(),
    }
}

fn of_table<'o>(table: &str, steps: &[Step<'o>], role: Role) -> Vec<Meaning<'o>> {
    let (sort, keys) = match table {
        "entities" => (Sort::Entity, Keys::Entity),
        "voices" => (Sort::Voice, Keys::Voice),
        "sources" => (Sort::Source, Keys::Source),
        _ => (Sort::Path, Keys::Pattern),
    };
    match (sort, steps) {
        (_, []) if role == Role::Key => vec![Meaning::Defines(sort)],
        (_, [Step::Key(_)]) if role != Role::Value => vec![Meaning::Key(keys)],
        (Sort::Voice, [Step::Key(_), Step::Key("part_of")]) => vec![Meaning::Refers(Sort::Voice)],
        (Sort::Source, [Step::Key(_), Step::Key("from")]) => vec![Meaning::Refers(Sort::Source)],
        (Sort::Source, [Step::Key(_), Step::Key("date")]) => vec![Meaning::Date],
        (Sort::Path, [Step::Key(_), Step::Key("type" | "set_of")]) => vec![Meaning::OneOf(TYPES)],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::outline::{Outline, Writing};
    use super::*;

    /// What each word of a text means first.
    fn first<'t>(name: &str, text: &'t str) -> Vec<(&'t str, String)> {
        let outline = Outline::of(text, Writing::of(name));
        let meaning = |word: &super::super::outline::Word| {
            meanings(File::of(name), &outline.steps(word), word.role)
                .first()
                .map_or(String::new(), |one| format!("{one:?}"))
        };
        outline.words.iter().map(|word| (&text[word.place.clone()], meaning(word))).collect()
    }

    #[test]
    fn a_word_means_what_its_keys_say() {
        let text = "date: 2022\nplace: kyiv\nbecause: [one]\nsources:\n- article: quote\n- src\nset: {a.b: c}\nunset: [a.c]\n\
                    during:\n  a.d: e\n  unset: [a.x]\nclaims: {russia: {set: {a.b: d}, sources: [s]}}\nallow: {hindsight: why}\n\
                    title: T\nincrease: {a.n: {low: 1}}\n";
        let means = first("x.yaml", text);
        let of = |word: &str| &*means.iter().find(|(text, _)| *text == word).unwrap().1;
        for (word, meaning) in [
            ("date", "Key(Document)"),
            ("2022", "Date"),
            ("kyiv", "Refers(Entity)"),
            ("one", "Refers(Event)"),
            ("article", "Refers(Source)"),
            ("quote", ""),
            ("src", "Refers(Source)"),
            ("a.b", "Refers(Path)"),
            ("c", "Value(\"a.b\")"),
            ("a.c", "Refers(Path)"),
            ("a.d", "Refers(Path)"),
            ("e", "Value(\"a.d\")"),
            ("a.x", "Refers(Path)"),
            ("russia", "Refers(Voice)"),
            ("d", "Value(\"a.b\")"),
            ("s", "Refers(Source)"),
            ("hindsight", "Refers(Rule)"),
            ("why", ""),
            ("T", ""),
            ("low", "Key(Estimate)"),
            ("1", ""),
        ] {
            assert_eq!(of(word), meaning, "{word}");
        }
    }

    #[test]
    fn tables_define_names() {
        let voices = first("voices.yaml", "kremlin: {name: K, part_of: russia}\n");
        let meant: Vec<&str> = voices.iter().map(|(_, meaning)| &**meaning).collect();
        assert_eq!(meant, ["Defines(Voice)", "Key(Voice)", "", "Key(Voice)", "Refers(Voice)"]);
        let manifest = first("chronicle.yaml", "paths: {a.*: {type: text}}\ncheck: {unused: off}\n");
        let meant: Vec<&str> = manifest.iter().map(|(_, meaning)| &**meaning).collect();
        let truth = [
            "Key(Manifest)",
            "Defines(Path)",
            "Key(Pattern)",
            &format!("{:?}", Meaning::OneOf(TYPES)),
            "Key(Manifest)",
            "Refers(Rule)",
            &format!("{:?}", Meaning::OneOf(SEVERITIES)),
        ];
        assert_eq!(meant, truth);
    }
}
