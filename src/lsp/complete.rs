//! What may stand where somebody is typing. Knows nothing of the protocol.

use std::collections::{BTreeMap, BTreeSet};

use super::keys;
use super::meaning::{Keys, Meaning, Sort};
use crate::history::Sort as Label;
use crate::model::diagnostic::Code;
use crate::model::manifest::{Holds, PathRule, Type};
use crate::model::path::{Path, Pattern};
use crate::timeline::Timeline;

/// So many are offered at once; who wants another types on.
pub const MOST: usize = 300;

/// Something that may stand there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    /// What is written.
    pub text: String,
    /// A line about it.
    pub detail: Option<String>,
    /// What it is.
    pub sort: Offered,
}

/// What is offered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Offered {
    /// A key of the format.
    Key,
    /// The beginning of paths.
    Branch,
    /// A path.
    Path,
    /// A value.
    Value,
    /// The name of something.
    Name(Sort),
}

/// What may stand where a word of these meanings is being typed, in the order in which it is offered: what begins with it
/// or holds it. Keys that are `taken` are not offered again.
pub fn offers(timeline: Option<&Timeline>, meanings: &[Meaning], typed: &str, taken: &BTreeSet<&str>) -> Vec<Offer> {
    let mut offers = Vec::new();
    for meaning in meanings {
        match meaning {
            Meaning::Key(whose) => offers.extend(of_keys(*whose, taken)),
            Meaning::OneOf(words) => offers.extend(words.iter().map(|word| value(*word))),
            Meaning::Refers(Sort::Rule) => offers.extend(rules()),
            Meaning::Refers(sort) => offers.extend(timeline.into_iter().flat_map(|known| names(known, *sort, typed))),
            Meaning::Value(path) => offers.extend(timeline.into_iter().flat_map(|known| values(known, path))),
            Meaning::Defines(_) | Meaning::Date => {}
        }
    }
    let wanted = typed.to_lowercase();
    let (first, rest): (Vec<Offer>, Vec<Offer>) = offers
        .into_iter()
        .filter(|offer| offer.text.to_lowercase().contains(&wanted))
        .partition(|offer| offer.text.to_lowercase().starts_with(&wanted));
    let mut offers = first;
    offers.extend(rest);
    offers.truncate(MOST + 1);
    // Only of those that are offered a title is worth reading.
    for offer in offers.iter_mut().filter(|offer| offer.sort == Offered::Name(Sort::Event)) {
        let number = timeline.and_then(|known| Some((known, known.event_number(&offer.text)?)));
        offer.detail = number.map(|(known, number)| known.history().event(number).title.value.clone());
    }
    offers
}

fn value(text: impl Into<String>) -> Offer {
    Offer { text: text.into(), detail: None, sort: Offered::Value }
}

fn of_keys(whose: Keys, taken: &BTreeSet<&str>) -> Vec<Offer> {
    let is_event = ["date", "title"].iter().any(|key| taken.contains(key));
    let is_expectation = ["expect", "as_of"].iter().any(|key| taken.contains(key));
    let fits = |key: &str| match whose {
        Keys::Document if is_expectation => crate::parse::keys::EXPECTATION.contains(&key),
        Keys::Document if is_event => crate::parse::keys::EVENT.contains(&key),
        _ => true,
    };
    let free = keys::all(whose).into_iter().filter(|key| fits(key) && !taken.contains(key));
    free.map(|key| Offer {
        text: key.to_owned(),
        detail: keys::about(whose, key).map(str::to_owned),
        sort: Offered::Key,
    })
    .collect()
}

fn rules() -> impl Iterator<Item = Offer> {
    let rules = Code::ALL.iter().filter(|code| code.is_rule());
    rules.map(|code| Offer { text: code.name().to_owned(), detail: None, sort: Offered::Name(Sort::Rule) })
}

fn names(timeline: &Timeline, sort: Sort, typed: &str) -> Vec<Offer> {
    let (manifest, history) = (timeline.manifest(), timeline.history());
    let offer = |text: &str, detail: Option<String>| Offer { text: text.to_owned(), detail, sort: Offered::Name(sort) };
    let labels = |label: Label| history.label_names(label).filter(|name| !name.is_empty());
    match sort {
        Sort::Path => paths(timeline, typed),
        // The latest first: one answers to what happened last.
        Sort::Event => (0..history.len() as u32).rev().map(|event| offer(history.id(event), None)).collect(),
        Sort::Entity => entities(timeline).into_iter().map(|(id, name)| offer(&id, name)).collect(),
        Sort::Voice => {
            let mut voices: BTreeMap<&str, Option<String>> =
                history.voices().iter().map(|voice| (voice.as_str(), None)).collect();
            voices.extend(manifest.voices.iter().flatten().map(|(id, voice)| (id.as_str(), voice.name.clone())));
            voices.into_iter().map(|(id, name)| offer(id, name)).collect()
        }
        Sort::Source => {
            let detail = |id| timeline.source_called(id).and_then(|source| source.title.clone());
            timeline.source_ids().into_iter().map(|id| offer(id, detail(id))).collect()
        }
        Sort::Tag => labels(Label::Tag).map(|name| offer(name, None)).collect(),
        Sort::Kind => labels(Label::Kind).map(|name| offer(name, None)).collect(),
        Sort::Rule => Vec::new(),
    }
}

/// The entities of the manifest, and those that events name.
fn entities(timeline: &Timeline) -> BTreeMap<String, Option<String>> {
    let history = timeline.history();
    let named = history.label_names(Label::Actor).chain(history.label_names(Label::Place));
    let mut entities: BTreeMap<String, Option<String>> =
        named.filter(|name| !name.is_empty()).map(|name| (name.to_owned(), None)).collect();
    let listed = timeline.manifest().entities.iter().flatten();
    entities.extend(listed.map(|(id, entity)| (id.clone(), entity.name.clone())));
    entities
}

/// What a path may hold, by the pattern that rules it.
fn values(timeline: &Timeline, path: &str) -> Vec<Offer> {
    let rule = Path::parse(path).ok().and_then(|path| timeline.manifest().rule(&path));
    match rule.and_then(|rule| rule.holds.as_ref()) {
        Some(Holds::OneOf(words) | Holds::SetOfWords(words)) => words.iter().map(value).collect(),
        Some(Holds::One(Type::Bool) | Holds::SetOf(Type::Bool)) => ["true", "false"].map(value).to_vec(),
        Some(Holds::One(Type::Entity) | Holds::SetOf(Type::Entity)) => entities(timeline)
            .into_iter()
            .map(|(text, detail)| Offer { text, detail, sort: Offered::Name(Sort::Entity) })
            .collect(),
        _ => Vec::new(),
    }
}

/// The paths that begin as typed, up to their next segment.
fn paths(timeline: &Timeline, typed: &str) -> Vec<Offer> {
    let beginning = &typed[..last_dot(typed).map_or(0, |dot| dot + 1)];
    let mut next: BTreeMap<String, bool> = BTreeMap::new();
    for path in timeline.history().paths().map(Path::as_str) {
        if let Some(rest) = path.strip_prefix(beginning) {
            let length = first_dot(rest).unwrap_or(rest.len());
            *next.entry(format!("{beginning}{}", &rest[..length])).or_default() |= length == rest.len();
        }
    }
    let written: Vec<&str> = segments(beginning);
    for rule in timeline.manifest().paths.iter().flatten() {
        for (segment, is_last) in following(&rule.pattern, &written) {
            *next.entry(format!("{beginning}{segment}")).or_default() |= is_last;
        }
    }
    let rule = |text: &str| Path::parse(text).ok().and_then(|path| timeline.manifest().rule(&path));
    let label = |text: &str| rule(text).and_then(|rule: &PathRule| rule.label.clone());
    let offer = |(text, is_whole): (String, bool)| Offer {
        detail: label(&text).filter(|_| is_whole),
        sort: if is_whole { Offered::Path } else { Offered::Branch },
        text,
    };
    next.into_iter().map(offer).collect()
}

/// The words that may follow some segments in a pattern, each with whether the path may end with it.
fn following<'p>(pattern: &'p Pattern, written: &[&str]) -> Vec<(&'p str, bool)> {
    let parts: Vec<&str> = pattern.segments().collect();
    let beyond = |at: BTreeSet<usize>| -> BTreeSet<usize> {
        let mut reached = at;
        for (place, part) in parts.iter().enumerate() {
            if reached.contains(&place) && *part == "**" {
                reached.insert(place + 1);
            }
        }
        reached
    };
    let mut at = beyond(BTreeSet::from([0]));
    for segment in written {
        let step = |place: &usize| match parts.get(*place)? {
            &"**" => Some(*place),
            &"*" => Some(place + 1),
            word => (word == segment).then_some(place + 1),
        };
        at = beyond(at.iter().filter_map(step).collect());
    }
    let is_end = |place: usize| parts[place..].iter().all(|part| *part == "**");
    let words = at.into_iter().filter(|place| parts.get(*place).is_some_and(|part| !part.starts_with('*')));
    words.map(|place| (parts[place], is_end(place + 1))).collect()
}

/// The whole segments of the beginning of a path, which ends with a dot or is empty.
fn segments(beginning: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    let mut rest = beginning;
    while let Some(dot) = first_dot(rest) {
        segments.push(&rest[..dot]);
        rest = &rest[dot + 1..];
    }
    segments
}

/// The first dot that is in no quotes.
fn first_dot(text: &str) -> Option<usize> {
    dots(text).next()
}

/// The last dot that is in no quotes.
fn last_dot(text: &str) -> Option<usize> {
    dots(text).last()
}

fn dots(text: &str) -> impl Iterator<Item = usize> {
    let mut quoted = false;
    text.char_indices().filter_map(move |(at, c)| {
        quoted ^= c == '"';
        (c == '.' && !quoted).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::{Text, Texts};

    fn timeline() -> Timeline {
        let files = vec![
            Text::new(
                "chronicle.yaml",
                "entities: {ada: {name: Ada}}\nvoices: {v: {name: Vee}}\nsources: {s: {title: T}}\n\
                 paths: {talks.*.status: {label: Status, one_of: [open, over]}, talks.**.venue: {type: entity}, x.y: {type: bool}}\n",
            ),
            Text::new("one.yaml", "date: 2022\ntitle: One\ntags: [t]\nkind: k\nset: {talks.minsk.status: open}\n"),
            Text::new("two.yaml", "date: 2023\ntitle: Two\nset: {talks.paris.venue: ada}\n"),
        ];
        let own = files.len();
        Timeline::load(Texts { files, folder: "c".into(), own }, Vec::new())
    }

    fn offered(meaning: Meaning, typed: &str) -> Vec<String> {
        let offers = offers(Some(&timeline()), &[meaning], typed, &BTreeSet::from(["title"]));
        offers.into_iter().map(|offer| offer.text).collect()
    }

    #[test]
    fn paths_are_offered_segment_by_segment() {
        let path = |typed| offered(Meaning::Refers(Sort::Path), typed);
        assert_eq!(path(""), ["talks", "x"]);
        assert_eq!(path("ta"), ["talks"]);
        assert_eq!(path("talks."), ["talks.minsk", "talks.paris", "talks.venue"]);
        assert_eq!(path("talks.minsk."), ["talks.minsk.status", "talks.minsk.venue"]);
        assert_eq!(path("talks.new."), ["talks.new.status", "talks.new.venue"], "by patterns alone");
        assert_eq!(path("talks.new.round."), ["talks.new.round.venue"]);
        assert_eq!(path("talks.\"20.04\"."), ["talks.\"20.04\".status", "talks.\"20.04\".venue"]);
        assert_eq!(path("no.such."), [""; 0]);
    }

    #[test]
    fn values_are_those_that_the_pattern_allows() {
        assert_eq!(offered(Meaning::Value("talks.any.status"), "o"), ["open", "over"]);
        assert_eq!(offered(Meaning::Value("talks.any.venue"), ""), ["ada"]);
        assert_eq!(offered(Meaning::Value("x.y"), ""), ["true", "false"]);
        assert_eq!(offered(Meaning::Value("no.such"), ""), [""; 0]);
    }

    #[test]
    fn names_are_offered_with_what_begins_as_typed_first() {
        assert_eq!(offered(Meaning::Refers(Sort::Event), ""), ["two", "one"]);
        assert_eq!(offered(Meaning::Refers(Sort::Event), "O"), ["one", "two"]);
        for (sort, name) in
            [(Sort::Entity, "ada"), (Sort::Voice, "v"), (Sort::Source, "s"), (Sort::Tag, "t"), (Sort::Kind, "k")]
        {
            assert_eq!(offered(Meaning::Refers(sort), ""), [name]);
        }
        assert!(offered(Meaning::Refers(Sort::Rule), "").contains(&"hindsight".to_owned()));
    }

    #[test]
    fn keys_are_offered_once_and_need_no_chronicle() {
        let taken = BTreeSet::from(["title", "set"]);
        let keys = offers(None, &[Meaning::Key(Keys::Document)], "", &taken);
        let keys: Vec<&str> = keys.iter().map(|offer| offer.text.as_str()).collect();
        assert!(
            keys.contains(&"date") && !keys.contains(&"title") && !keys.contains(&"set") && !keys.contains(&"expect")
        );
        let taken = BTreeSet::from(["expect"]);
        assert!(offers(None, &[Meaning::Key(Keys::Document)], "", &taken).iter().any(|offer| offer.text == "as_of"));
    }
}
