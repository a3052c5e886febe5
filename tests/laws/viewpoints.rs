//! Random viewpoints: in the words that the engine is asked in, and once more as the plain fold takes them.

use std::collections::{BTreeMap, BTreeSet};

use asof::ask::Selectors;
use asof::model::date::{Date, End};
use asof::model::event::{Cited, Event, Target};
use asof::model::moment::Moment;
use asof::model::path::Pattern;
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;

use super::chance::TITLES;
use super::chronicles::Chronicle;
use super::dates::{self, FORMS, SLOTS};

/// From where one looks, as the plain fold takes it.
pub struct View {
    pub at: At,
    pub known_by: Option<Moment>,
    pub according_to: Option<String>,
    /// Whether an event matches every `only`, and no `without`.
    pub wanted: Box<dyn Fn(&Event) -> bool>,
    /// Whether an event matches a `without`.
    pub left_out: Box<dyn Fn(&Event) -> bool>,
    /// The voices whose claims are left out.
    pub silent: BTreeSet<String>,
    /// Of every voice that is part of another: which one.
    pub part_of: BTreeMap<String, String>,
    /// How many files are the chronicle's own; events of later files came by `--with`.
    pub own: usize,
}

/// The moment asked for.
pub enum At {
    Last,
    EndOf(Moment),
    After(String),
    Before(String),
}

impl View {
    /// Whether an event came by `--with`.
    pub fn is_added(&self, event: &Event) -> bool {
        event.place.file.0 as usize >= self.own
    }
}

/// Whether a voice is another, or part of it, or part of a part of it.
pub fn is_within(voice: &str, whole: &str, part_of: &BTreeMap<String, String>) -> bool {
    voice == whole || part_of.get(voice).is_some_and(|above| is_within(above, whole, part_of))
}

/// Selectors, taken apart.
#[derive(Clone, Debug, Default)]
pub struct Viewpoint {
    pub at: Option<String>,
    pub known_by: Option<String>,
    pub according_to: Option<String>,
    pub only: Vec<Filter>,
    pub without: Vec<Filter>,
}

/// Terms of which, of every inner list, one must match.
pub type Filter = Vec<Vec<Term>>;

#[derive(Clone, Debug)]
pub struct Term {
    pub negated: bool,
    /// The word before the colon; of a plain id and of `/words/`, `id` and `words`.
    pub field: &'static str,
    pub name: String,
}

/// Plain numbers, of which [`viewpoint`] makes a viewpoint that fits a chronicle.
#[derive(Clone, Debug)]
pub struct Drawn {
    at: [u8; 4],
    known_by: Option<[u8; 2]>,
    according_to: Option<u8>,
    only: Vec<(u8, Vec<[u8; 2]>)>,
    without: Vec<(u8, Vec<[u8; 2]>)>,
}

pub fn drawn() -> impl Strategy<Value = Drawn> {
    let filters = || vec((any::<u8>(), vec(any::<[u8; 2]>(), 1..4)), 0..3);
    let few = || weighted(0.3, filters()).prop_map(Option::unwrap_or_default);
    let parts = (any::<[u8; 4]>(), weighted(0.3, any::<[u8; 2]>()), weighted(0.4, any::<u8>()), few(), few());
    parts.prop_map(|(at, known_by, according_to, only, without)| Drawn { at, known_by, according_to, only, without })
}

/// The viewpoint that the numbers draw: dates near the events, and only names that the chronicle has.
pub fn viewpoint(drawn: &Drawn, chronicle: &Chronicle) -> Viewpoint {
    let near =
        |[slot, form]: [u8; 2]| dates::written(dates::day(slot % (SLOTS + 4), form / 64), form % FORMS, slot / 8);
    let voices = chronicle.voices();
    let filters = |drawn: &[(u8, Vec<[u8; 2]>)], leaves_out| {
        drawn.iter().filter_map(|(shape, terms)| filter(*shape, terms, chronicle, leaves_out)).collect()
    };
    Viewpoint {
        at: (!drawn.at[0].is_multiple_of(8)).then(|| moment(drawn.at, chronicle)),
        known_by: drawn.known_by.map(near).filter(|date| !date.ends_with("..") && !date.ends_with(['/', ']'])),
        according_to: drawn
            .according_to
            .and_then(|pick| Some(voices.get(usize::from(pick) % voices.len().max(1))?.to_string())),
        only: filters(&drawn.only, false),
        without: filters(&drawn.without, true),
    }
}

/// A moment in the words of a question: a date of any form, an event, or an event with `^`.
pub fn moment([kind, slot, form, reach]: [u8; 4], chronicle: &Chronicle) -> String {
    let events = chronicle.listed();
    match kind % 8 {
        1 | 2 if !events.is_empty() => {
            let id = chronicle.id(events[usize::from(slot) % events.len()]);
            if kind % 8 == 1 { id } else { format!("{id}^") }
        }
        _ => dates::written(dates::day(slot % (SLOTS + 4), reach / 64), form % FORMS, reach % 64),
    }
}

/// A filter of terms that the chronicle knows. What `without` says of a source or a voice is said of nothing else, so
/// that it means what 2-replay says of those.
fn filter(shape: u8, drawn: &[[u8; 2]], chronicle: &Chronicle, leaves_out: bool) -> Option<Filter> {
    const FIELDS: [&str; 9] = ["id", "tag", "actor", "kind", "confidence", "words", "path", "source", "voice"];
    let alone = match shape % 4 {
        0 if leaves_out => Some("source"),
        1 if leaves_out => Some("voice"),
        _ => None,
    };
    let term = |[kind, pick]: &[u8; 2]| {
        let field = alone.unwrap_or(FIELDS[usize::from(*kind) % if leaves_out { 7 } else { 9 }]);
        let names = names(chronicle, field);
        let name = names.iter().nth(usize::from(*pick) % names.len().max(1))?.clone();
        Some(Term { negated: alone.is_none() && kind % 5 == 0, field, name })
    };
    let terms: Vec<Term> = drawn.iter().filter_map(term).collect();
    let filter = match (alone, shape / 4 % 2) {
        (None, 0) => terms.into_iter().map(|term| vec![term]).collect(),
        _ => vec![terms],
    };
    filter.iter().all(|any| !any.is_empty()).then_some(filter).filter(|filter| !filter.is_empty())
}

/// The names that a term of this field can have in a chronicle.
fn names(chronicle: &Chronicle, field: &str) -> BTreeSet<String> {
    let listed = chronicle.listed();
    let events = || listed.iter().map(|event| &chronicle.events[*event]);
    let own = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect();
    match field {
        "id" => listed.iter().map(|event| chronicle.id(*event)).collect(),
        "tag" => own(events().flat_map(|event| event.tags.clone()).collect()),
        "actor" => own(events().flat_map(|event| event.actors.clone()).collect()),
        "source" => own(events().flat_map(|event| event.sources.clone()).collect()),
        "kind" => own(events().filter_map(|event| event.kind).collect()),
        "confidence" => own(events().filter_map(|event| event.confidence).collect()),
        "voice" => own(chronicle.voices()),
        "words" => own(TITLES.to_vec()),
        _ => {
            let paths: Vec<&str> = events().flat_map(|event| &event.changes).map(|change| change.path).collect();
            // Whether a pattern of an `unset` speaks of a path is another question.
            if paths.iter().any(|path| path.contains('*')) { BTreeSet::new() } else { own(paths) }
        }
    }
}

impl Viewpoint {
    pub fn selectors(&self) -> Selectors {
        let written = |filters: &[Filter]| {
            let any = |terms: &Vec<Term>| terms.iter().map(Term::written).collect::<Vec<_>>().join(",");
            filters.iter().map(|filter| filter.iter().map(any).collect::<Vec<_>>().join(" ")).collect()
        };
        Selectors {
            at: self.at.clone(),
            known_by: self.known_by.clone(),
            according_to: self.according_to.clone(),
            only: written(&self.only),
            without: written(&self.without),
        }
    }

    /// The same at the date that it has, if it is a date: an event may not count, and then nothing is answered.
    pub fn timeless(&self) -> Viewpoint {
        let at = self.at.clone().filter(|at| Date::parse(at).is_ok());
        Viewpoint { at, ..self.clone() }
    }

    /// The same as the plain fold takes it; `own` is how many files are the chronicle's.
    pub fn view(&self, chronicle: &Chronicle, own: usize) -> View {
        let end_of = |text: &str| {
            let reckoned = Date::parse(text).expect("a date").reckon(&chronicle.calendar()).expect("a date");
            let end = match reckoned.end {
                None => reckoned.start.end,
                Some(End::At { span, .. }) => span.end,
                Some(End::Never | End::Unknown) => Moment::FUTURE,
            };
            Some(end).filter(|end| end.is_finite())
        };
        let is_event = |text: &str| chronicle.listed().iter().any(|event| chronicle.id(*event) == text);
        let at = match self.at.as_deref() {
            None => At::Last,
            Some(text) if is_event(text) => At::After(text.to_owned()),
            Some(text) if text.ends_with('^') => At::Before(text.trim_end_matches('^').to_owned()),
            Some(text) => end_of(text).map_or(At::Last, At::EndOf),
        };
        let part_of = chronicle.part_of();
        let (silent, leave_out): (Vec<Filter>, Vec<Filter>) =
            self.without.iter().cloned().partition(|filter| filter.iter().flatten().all(|term| term.field == "voice"));
        let silences =
            |voice: &&str| silent.iter().flatten().flatten().any(|term| is_within(voice, &term.name, &part_of));
        let gone = leave_out.iter().flatten().flatten().filter(|term| term.field == "source");
        let gone: BTreeSet<String> = gone.map(|term| term.name.clone()).collect();
        let (only, parts, unsourced) = (self.only.clone(), part_of.clone(), BTreeSet::new());
        let (parts_too, names) = (part_of.clone(), chronicle.voices());
        let left_out = move |event: &Event| leave_out.iter().any(|filter| matches(filter, event, &parts, &gone));
        let left_out = std::rc::Rc::new(left_out);
        let leaves = left_out.clone();
        View {
            at,
            known_by: self.known_by.as_deref().and_then(end_of),
            according_to: self.according_to.clone(),
            silent: names.into_iter().filter(silences).map(|voice| voice.to_string()).collect(),
            wanted: Box::new(move |event| {
                only.iter().all(|filter| matches(filter, event, &parts_too, &unsourced)) && !leaves(event)
            }),
            left_out: Box::new(move |event| left_out(event)),
            part_of,
            own,
        }
    }
}

impl Term {
    fn written(&self) -> String {
        let not = if self.negated { "not:" } else { "" };
        match self.field {
            "id" => format!("{not}{}", self.name),
            "words" => format!("{not}/{}/", self.name.to_uppercase()),
            field => format!("{not}{field}:{}", self.name),
        }
    }
}

/// Whether an event matches a filter. Of `without`, `gone` are the sources that are left out: an event goes with them
/// only where all that it has are among them; of `only` there are none.
fn matches(filter: &Filter, event: &Event, part_of: &BTreeMap<String, String>, gone: &BTreeSet<String>) -> bool {
    let sources: BTreeSet<String> = event
        .sources
        .iter()
        .filter_map(|citation| match &citation.source {
            Cited::ById(id) => Some(id.value.clone()),
            Cited::InPlace(source) => source.id.clone(),
        })
        .collect();
    let speaks =
        |name: &str| event.changes.iter().flat_map(|change| &change.voice).any(|v| is_within(v, name, part_of));
    let changes = |glob: &str| {
        let glob = Pattern::parse_glob(glob).expect("a glob");
        event.changes.iter().any(|change| matches!(&change.target.value, Target::Path(path) if glob.matches(path)))
    };
    let holds = |term: &Term| match term.field {
        "id" => event.id == term.name,
        "tag" => event.tags.iter().any(|tag| tag.value == term.name),
        "actor" => event.actors.iter().any(|actor| actor.value == term.name),
        "kind" => event.kind.as_ref().is_some_and(|kind| kind.value == term.name),
        "confidence" => event.confidence.as_ref().is_some_and(|confidence| confidence.value.name() == term.name),
        "words" => event.title.value.contains(&term.name),
        "source" if gone.is_empty() => sources.contains(&term.name),
        "source" => sources.contains(&term.name) && sources.is_subset(gone),
        "voice" => speaks(&term.name),
        _ => changes(&term.name),
    };
    filter.iter().all(|any| any.iter().any(|term| term.negated != holds(term)))
}
