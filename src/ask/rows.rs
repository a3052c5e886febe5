//! The chronicle whole as rows for tables: facts by when they hold and when they were known, changes, and events, each
//! made when its turn comes and kept nowhere. Knows nothing of formats.

use std::rc::Rc;

use super::EventRow;
use super::row::of_event;
use crate::history::{Assertion, Chosen, Counting, EventNumber, PathNumber, Rectangle, Standing, Suppose, VoiceNumber};
use crate::model::event::Target;
use crate::model::moment::Moment;
use crate::model::path::Path;
use crate::model::value::Value;
use crate::timeline::Timeline;

/// What holds of a path, from when to when, as known from when to when: each half-open, an end that is missing never
/// comes.
#[derive(Clone, PartialEq, Debug)]
pub struct FactRow<'t> {
    /// The path.
    pub path: &'t Path,
    /// Its definite value; nothing where it is disputed, or where what is only possible would take it away.
    pub value: Option<Rc<Value>>,
    /// How it stands.
    pub standing: Standing,
    /// Whose claim it is; nobody's: what holds in the plain viewpoint.
    pub voice: Option<&'t str>,
    /// Whether it holds for certain; else it would if one more thing had happened that may have: `event`, or the end
    /// of what that held.
    pub certain: bool,
    /// The event that last gave or changed it, and its place in replay order from 0.
    pub event: Option<(&'t str, EventNumber)>,
    /// The date, as written, of the first event of the unbroken run with this value and standing.
    pub since: Option<&'t str>,
    /// The first moment at which it holds.
    pub valid_from: Moment,
    /// The first moment at which it no longer does.
    pub valid_to: Option<Moment>,
    /// The first moment of knowledge from which it is so.
    pub known_from: Moment,
    /// The first moment of knowledge from which it no longer is.
    pub known_to: Option<Moment>,
}

/// What an event does to a path, a pattern being told path by path.
#[derive(Clone, PartialEq, Debug)]
pub struct ChangeRow<'t> {
    /// The path.
    pub path: &'t Path,
    /// `set`, `unset`, `add`, `remove`, `increase` or `decrease`.
    pub change: &'static str,
    /// What is set, added, taken away.
    pub value: Option<Value>,
    /// Who claims it; nobody: the record.
    pub voice: Option<&'t str>,
    /// Whether it holds only while the event lasts.
    pub is_during: bool,
    /// Whether it was written as a pattern.
    pub by_pattern: bool,
    /// The event, and its place in replay order from 0.
    pub event: (&'t str, EventNumber),
    /// From when on it is certain.
    pub valid_from: Moment,
    /// The first moment at which what was held during the event is over.
    pub valid_to: Option<Moment>,
    /// From when on it is known.
    pub known_from: Moment,
}

/// A chronicle whose rows are told.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'t>(&'t Timeline);

impl<'t> Rows<'t> {
    /// Of all that a chronicle has, whether it counts or not.
    pub fn of(timeline: &'t Timeline) -> Rows<'t> {
        Rows(timeline)
    }

    /// Hands over every fact, path by path in order, each path's as soon as nothing can change them. Errors: those of
    /// `take`.
    pub fn each_fact<E>(self, mut take: impl FnMut(&FactRow<'t>) -> Result<(), E>) -> Result<(), E> {
        let history = self.0.history();
        let facts = history.facts();
        (0..history.paths().len() as u32).try_for_each(|path| facts.of(path, |one| take(&self.fact(path, one))))
    }

    fn fact(self, path: PathNumber, rectangle: Rectangle) -> FactRow<'t> {
        let history = self.0.history();
        let Rectangle { line, holding, valid_from, valid_to, known_from, known_to } = rectangle;
        FactRow {
            path: history.path(path),
            value: holding.value,
            standing: holding.standing,
            voice: line.voice.map(|voice| history.voices()[voice as usize].as_str()),
            certain: line.suppose == Suppose::Nothing,
            event: holding.event.map(|event| (history.id(event), event)),
            since: match line.suppose {
                Suppose::Ended(event) => Some(self.0.end_text(event)),
                _ => holding.since.map(|event| history.start_text(event)),
            },
            valid_from,
            valid_to,
            known_from,
            known_to,
        }
    }

    /// Every change, path by path in order, the record's before those of voices, each in replay order.
    pub fn changes(self) -> impl Iterator<Item = ChangeRow<'t>> {
        let history = self.0.history();
        let paths = 0..history.paths().len() as u32;
        paths.flat_map(move |path| history.assertions(path).iter().map(move |one| self.change(path, *one)))
    }

    fn change(self, path: PathNumber, assertion: Assertion) -> ChangeRow<'t> {
        let history = self.0.history();
        let (event, does) = (assertion.event, history.does(assertion));
        let when = history.when(event);
        let over = when.ending.filter(|end| assertion.is_during() && end.by != Moment::FUTURE);
        ChangeRow {
            path: history.path(path),
            change: does.name(),
            voice: assertion.voice().map(|voice| history.voices()[voice as usize].as_str()),
            is_during: assertion.is_during(),
            by_pattern: assertion.is_unset() && self.is_pattern(assertion),
            event: (history.id(event), event),
            valid_from: when.start.end,
            valid_to: over.map(|end| if end.just_after { end.by.next() } else { end.by }),
            known_from: when.known,
            value: does.value().cloned(),
        }
    }

    /// Whether a change was written as a pattern: the event is read for it, and not kept.
    fn is_pattern(self, assertion: Assertion) -> bool {
        let event = self.0.history().read_event(assertion.event);
        matches!(event.changes[assertion.change as usize].target.value, Target::Pattern(_))
    }

    /// Hands over every event in replay order with its place there, from 0. Errors: those of `take`.
    pub fn each_event<E>(self, mut take: impl FnMut(EventNumber, &EventRow<'_>) -> Result<(), E>) -> Result<(), E> {
        let history = self.0.history();
        let nobody = history.view(Moment::PAST, Counting::default(), None);
        (0..history.len() as u32).try_for_each(|number| {
            let event = history.read_event(number);
            take(number, &of_event(self.0, &nobody, number, &event))
        })
    }

    /// For every voice those that are heard according to it, and how soon: 0, itself and all parts of it; 1, the one it
    /// is part of; and so on upwards.
    pub fn heard(self) -> impl Iterator<Item = (&'t str, &'t str, i64)> {
        let history = self.0.history();
        let named = |voice: VoiceNumber| history.voices()[voice as usize].as_str();
        let all = 0..history.voices().len() as u32;
        all.clone().flat_map(move |asked| {
            let family = all.clone().filter(move |voice| history.is_part(*voice, asked)).map(|voice| (voice, 0));
            let above = history.above(asked).skip(1).zip(1..);
            family.chain(above).map(move |(heard, rank)| (named(asked), named(heard), rank))
        })
    }

    /// The moment of a question that names none: the latest finite one of the events that count.
    pub fn last_moment(self) -> Option<Moment> {
        let history = self.0.history();
        history.last_moment(&history.counting(Chosen::default()))
    }
}
