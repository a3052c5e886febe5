//! Events and expectations as they are written (1-format): loose, in no order, each value with its place.
//! Knows nothing of other events; what an event means among them is `history/`.

use super::date::{Date, End, Reckoned};
use super::diagnostic::Code;
use super::manifest::Source;
use super::moment::{Moment, Span};
use super::path::{Path, Pattern};
use super::text::{Located, Place};
use super::value::Value;

/// Something that happened at a date, with its sources and the changes it made.
#[derive(Clone, Debug)]
pub struct Event {
    /// Unique in the chronicle; the file's stem, or stem, `#` and place in the file, where none is written.
    pub id: String,
    /// Whether `id` is made of the event's place in its file, so that it moves when others are put before it.
    pub id_by_place: bool,
    /// The whole document: its file, and from its first to its last byte.
    pub place: Place,
    /// The value of `id`, else of `title`: what a message about the event as a whole points at.
    pub name_place: Place,
    /// When it happened, as written.
    pub date: Located<Date>,
    /// One line.
    pub title: Located<String>,
    /// A few sentences.
    pub summary: Option<Located<String>>,
    /// From when on it no longer was so.
    pub until: Option<Located<Date>>,
    /// When it became publicly known.
    pub known: Option<Located<Date>>,
    /// When all this was, reckoned in the chronicle's calendar.
    pub when: When,
    /// What sort of event it is.
    pub kind: Option<Located<String>>,
    /// The entity where it happened.
    pub at: Option<Located<String>>,
    /// The entities that took part.
    pub actors: Vec<Located<String>>,
    /// For filters.
    pub tags: Vec<Located<String>>,
    /// Where it is from.
    pub sources: Vec<Citation>,
    /// The author's own confidence.
    pub confidence: Option<Located<Confidence>>,
    /// Ids of the events it answers to or grows out of.
    pub because: Vec<Located<String>>,
    /// Ids of the events it comes after, without cause.
    pub after: Vec<Located<String>>,
    /// Ids of the events that it makes void once it is known.
    pub replaces: Vec<Located<String>>,
    /// What it changes, the record's changes and the voices' claims, in the order written.
    pub changes: Vec<Change>,
    /// The sources of what a voice claims, by voice, where they are given apart.
    pub claim_sources: Vec<(Located<String>, Vec<Citation>)>,
    /// House rules that it may break, and why.
    pub allow: Vec<(Code, Located<String>)>,
    /// Carried through, never interpreted.
    pub meta: Option<Free>,
}

impl Event {
    /// Everything that it cites: for itself, then for what its voices claim.
    pub fn citations(&self) -> impl Iterator<Item = &Citation> {
        self.sources.iter().chain(self.claim_sources.iter().flat_map(|(_, list)| list))
    }

    /// The same, to be changed.
    pub fn citations_mut(&mut self) -> impl Iterator<Item = &mut Citation> {
        self.sources.iter_mut().chain(self.claim_sources.iter_mut().flat_map(|(_, list)| list))
    }

    /// What it cites for what the record says, or for what a voice claims: the voice's own citations, else the event's.
    pub fn citations_of(&self, voice: Option<&str>) -> &[Citation] {
        let own = self.claim_sources.iter().find(|(speaker, _)| Some(speaker.value.as_str()) == voice);
        own.map_or(&self.sources, |(_, list)| list)
    }

    /// The date on which it began, as written: of an interval its start.
    pub fn start_text(&self) -> &str {
        match self.date.value.start_text() {
            "" => self.date.value.text(),
            start => start,
        }
    }
}

/// When an event happened, lasted and was known: the moments of its dates (2-replay, Spans).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct When {
    /// Earliest and latest moment of the date as written, of an interval the whole.
    pub written: Span,
    /// Where the date, or the start of the interval, may lie, widened: possible from `start`, certain from `end` on.
    pub start: Span,
    /// When what it holds `during` ends, if it lasts.
    pub ending: Option<Ending>,
    /// The moment from which it is publicly known for certain.
    pub known: Moment,
}

/// The end of what an event holds `during`: a happening of its own (2-replay, The moment asked for).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ending {
    /// After this moment it may have ended.
    pub from: Moment,
    /// By this moment it has ended.
    pub by: Moment,
    /// Whether it ends just after `by` and not at it: so for the end of an interval, which is part of it.
    pub just_after: bool,
}

impl Ending {
    /// The end that an interval has by itself. One day or instant ends at one stroke, so it is never only possible.
    pub fn of_interval(end: End) -> Ending {
        match end {
            End::Never => Ending { from: Moment::FUTURE, by: Moment::FUTURE, just_after: true },
            End::Unknown => Ending { from: Moment::PAST, by: Moment::FUTURE, just_after: true },
            End::At { span, exact } => {
                Ending { from: if exact { span.end } else { span.start }, by: span.end, just_after: true }
            }
        }
    }

    /// The end that `until` gives: an ordinary moment.
    pub fn of_until(until: &Reckoned) -> Ending {
        Ending { from: until.start.start, by: until.start.end, just_after: false }
    }

    /// Whether it has ended for certain at a moment.
    pub fn is_certain(self, at: Moment) -> bool {
        if self.just_after { self.by < at } else { self.by <= at && self.by != Moment::FUTURE }
    }

    /// Whether it may have ended at a moment, and not for certain.
    pub fn is_possible(self, at: Moment) -> bool {
        self.from < at && !self.is_certain(at) && self.from < self.by
    }
}

/// The author's own confidence in an event.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Confidence {
    /// Doubtful.
    Low,
    /// Likely.
    Medium,
    /// Sure.
    High,
}

impl Confidence {
    /// `low`, `medium`, `high`.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

/// What an event or a claim cites.
#[derive(Clone, PartialEq, Debug)]
pub struct Citation {
    /// The source.
    pub source: Cited,
    /// The words of the source.
    pub quote: Option<String>,
    /// Where in the source.
    pub page: Option<String>,
    /// The whole citation.
    pub place: Place,
}

impl Citation {
    /// The id of the source, if it has one.
    pub fn source_id(&self) -> Option<&str> {
        match &self.source {
            Cited::ById(id) => Some(&id.value),
            Cited::InPlace(source) => source.id.as_deref(),
        }
    }
}

/// How a citation names its source.
#[derive(Clone, PartialEq, Debug)]
pub enum Cited {
    /// By the id of a source of the manifest, or of one that is described in place elsewhere.
    ById(Located<String>),
    /// Described in place.
    InPlace(Box<Source>),
}

/// What an event does to a path, by the record or by a voice.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// The path; of an `unset`, perhaps a pattern.
    pub target: Located<Target>,
    /// What it does.
    pub does: Does,
    /// Who asserts it; nobody else: the record.
    pub voice: Option<String>,
    /// Whether it holds only while the event lasts.
    pub during: bool,
}

/// What a change speaks of.
#[derive(Clone, PartialEq, Debug)]
pub enum Target {
    /// One path.
    Path(Path),
    /// Every path that the pattern matches; only of `unset`.
    Pattern(Box<Pattern>),
}

/// The effect of a change (1-format, Changes).
#[derive(Clone, PartialEq, Debug)]
pub enum Does {
    /// From now on it has no value.
    Unset,
    /// From now on it has this value.
    Set(Value),
    /// Takes these members out; always a set.
    Remove(Value),
    /// Puts these members in; always a set.
    Add(Value),
    /// Takes this from a number; always a number or an estimate.
    Decrease(Value),
    /// Adds this to a number; always a number or an estimate.
    Increase(Value),
}

impl Does {
    /// The key that writes it.
    pub fn name(&self) -> &'static str {
        match self {
            Does::Unset => "unset",
            Does::Set(_) => "set",
            Does::Remove(_) => "remove",
            Does::Add(_) => "add",
            Does::Decrease(_) => "decrease",
            Does::Increase(_) => "increase",
        }
    }

    /// Its place in the order within one event, plain before `during` (2-replay, Order).
    pub fn rank(&self, during: bool) -> u8 {
        let rank = match self {
            Does::Unset => 0,
            Does::Set(_) => 1,
            Does::Remove(_) => 2,
            Does::Add(_) => 3,
            Does::Decrease(_) => 4,
            Does::Increase(_) => 5,
        };
        rank * 2 + u8::from(during)
    }

    /// The value that it carries.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Does::Unset => None,
            Does::Set(value)
            | Does::Remove(value)
            | Does::Add(value)
            | Does::Decrease(value)
            | Does::Increase(value) => Some(value),
        }
    }
}

/// Free-form data: `meta`, which is carried through and never interpreted.
#[derive(Clone, PartialEq, Debug)]
pub enum Free {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Truth(bool),
    /// A number, as written.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Free>),
    /// A mapping, in the order written.
    Map(Vec<(String, Free)>),
}

/// A test on history (1-format, An expectation).
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The whole document.
    pub place: Place,
    /// The selectors by their keys (`as_of`, `known_by`, `according_to`, `only`, `without`), as written.
    pub as_of: Option<Located<String>>,
    /// As `--known-by`.
    pub known_by: Option<Located<String>>,
    /// As `--according-to`.
    pub according_to: Option<Located<String>>,
    /// As `--only`, each.
    pub only: Vec<Located<String>>,
    /// As `--without`, each.
    pub without: Vec<Located<String>>,
    /// What is expected of each path, in the order written.
    pub expect: Vec<(Located<Path>, Vec<Located<Expected>>)>,
}

/// What is expected of a path: one operator.
#[derive(Clone, PartialEq, Debug)]
pub enum Expected {
    /// A plain value, or `equals` beside other operators: equal.
    Equals(Value),
    /// A set has this member, or all of these.
    Includes(Value),
    /// A set has not this member, nor any of these.
    Excludes(Value),
    /// It has no definite value (`true`), or has one (`false`).
    Absent(bool),
    /// A number, or the low part of an estimate, is no smaller.
    AtLeast(Value),
    /// A number, or the high part of an estimate, is no larger.
    AtMost(Value),
    /// A set has so many members.
    Size(Value),
    /// It is one of these.
    OneOf(Value),
    /// Others claim otherwise, or all disagree (`true`), or not (`false`).
    Disputed(bool),
    /// There is a possible alternative (`true`), or this value is one, or each of these is.
    Possible(Value),
}

impl Expected {
    /// The value that it names.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Expected::Equals(value)
            | Expected::Includes(value)
            | Expected::Excludes(value)
            | Expected::AtLeast(value)
            | Expected::AtMost(value)
            | Expected::Size(value)
            | Expected::OneOf(value)
            | Expected::Possible(value) => Some(value),
            Expected::Absent(_) | Expected::Disputed(_) => None,
        }
    }
}
