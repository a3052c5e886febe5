//! A viewpoint on the index: which events count, which of them have happened at a moment, and what they hold in force.
//! Knows nothing of the words in which a viewpoint was asked for.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::tables::EventRow;
use super::{Assertion, EventNumber, History, PathNumber, VoiceNumber, linked};
use crate::model::moment::Moment;

/// From where one looks: a moment, the events that count, and whose claims come first.
#[derive(Clone, Debug)]
pub struct View<'h> {
    pub(super) history: &'h History,
    pub(super) moment: Moment,
    /// So many events of the replay order have happened for certain (those of them that count).
    pub(super) certain: u32,
    pub(super) counting: Rc<Counting>,
    pub(super) voice: Option<VoiceNumber>,
}

/// What counts in a viewpoint (2-replay, What counts in a viewpoint).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counting {
    /// For every event whether it counts; `None`: every one does.
    pub(super) counts: Option<Vec<bool>>,
    /// For every event whether it is known, not left out and not void, so that it makes void what it replaces.
    pub(super) stands: Option<Vec<bool>>,
    /// For every voice whether its claims are left out; `None`: none are.
    pub(super) silent: Option<Vec<bool>>,
    /// Whether something is left out that is known and not void.
    pub(super) is_chosen: bool,
}

/// What filters say of the events and voices of a history; a table that is left out stands for all of them.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// Whether an event is wanted by every `only`, or came by `with`.
    pub wanted: Option<Vec<bool>>,
    /// Whether an event is left out by no `without`, or came by `with`.
    pub kept: Option<Vec<bool>>,
    /// Whether a voice's claims are left out.
    pub silent: Option<Vec<bool>>,
    /// Only what was known by this moment.
    pub known_by: Option<Moment>,
}

/// What may have happened, taken alone on top of what is certain (2-replay, The value of a path).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Suppose {
    /// Nothing more than what is certain.
    Nothing,
    /// This event.
    Happened(EventNumber),
    /// The end of what this event holds `during`.
    Ended(EventNumber),
}

impl History {
    /// Which events count: those that are wanted and kept, known by the moment if one is given, and not void. What is
    /// known, kept and not void itself makes void what it replaces, wanted or not: so `only` never revives a mistake.
    pub fn counting(&self, chosen: Chosen) -> Counting {
        let is_chosen = chosen.wanted.is_some() || chosen.kept.is_some() || chosen.known_by.is_some();
        if !is_chosen && !self.has_corrections() {
            return Counting { counts: None, stands: None, silent: chosen.silent, is_chosen };
        }
        let mut stands = self.eligible(&chosen);
        let Chosen { wanted, silent, .. } = chosen;
        if self.has_corrections() {
            self.void_replaced(&mut stands);
        }
        let counts = match wanted {
            Some(wanted) => wanted.iter().zip(&stands).map(|(wanted, stands)| *wanted && *stands).collect(),
            None => stands.clone(),
        };
        Counting { counts: Some(counts), stands: Some(stands), silent, is_chosen }
    }

    /// For every event whether it is kept, and known by the moment if one is given, void or not.
    pub(super) fn eligible(&self, chosen: &Chosen) -> Vec<bool> {
        let mut eligible = chosen.kept.clone().unwrap_or_else(|| vec![true; self.len()]);
        if let Some(by) = chosen.known_by {
            for (number, eligible) in (0..).zip(&mut eligible) {
                *eligible &= self.when(number).known <= by;
            }
        }
        eligible
    }

    /// Voids what is replaced by events that stand.
    fn void_replaced(&self, stands: &mut [bool]) {
        for correction in self.corrections_first() {
            for event in linked(&self.tables.replaces, correction) {
                stands[event as usize] &= !stands[correction as usize];
            }
        }
    }

    /// The events that replace another or are replaced, every correction before what it replaces; without recursion:
    /// chains may be long.
    pub(super) fn corrections_first(&self) -> Vec<EventNumber> {
        let mut open: FxHashMap<EventNumber, usize> = FxHashMap::default();
        for [event, _] in self.tables.replaced.all() {
            *open.entry(*event).or_default() += 1;
        }
        let corrections = self.tables.replaces.all().iter().map(|[correction, _]| *correction);
        let mut ordered: Vec<EventNumber> = corrections.filter(|event| !open.contains_key(event)).collect();
        ordered.dedup();
        let mut next = 0;
        while next < ordered.len() {
            for event in linked(&self.tables.replaces, ordered[next]) {
                let left = open.entry(event).or_default();
                *left = left.saturating_sub(1);
                if *left == 0 {
                    ordered.push(event);
                }
            }
            next += 1;
        }
        ordered
    }

    /// The latest finite moment of the events that count: just after the last event (2-replay, The moment asked for).
    pub fn last_moment(&self, counting: &Counting) -> Option<Moment> {
        let mut latest = None;
        for number in (0..self.len() as u32).rev().filter(|number| counting.counts(*number)) {
            let start = self.start(number);
            // In replay order none before it ends later.
            if start.end.is_finite() {
                return latest.max(Some(start.end));
            }
            latest = latest.max(Some(start.start).filter(|moment| moment.is_finite()));
        }
        latest
    }

    /// How many events of the replay order are certain at a moment.
    pub fn certain_at(&self, moment: Moment) -> u32 {
        self.first_event(|latest| latest <= moment)
    }

    /// How many events are certain before a moment.
    pub(super) fn before_moment(&self, moment: Moment) -> u32 {
        self.first_event(|latest| latest < moment)
    }

    /// The first event of the replay order whose latest moment has not what that of all before it has.
    fn first_event(&self, has: impl Fn(Moment) -> bool) -> EventNumber {
        self.tables.events.partition_point(|row| has(self.tables.whens.at(row.when as usize).start().end)) as u32
    }

    /// The viewpoint at a moment, of what counts, with a voice whose claims come first.
    pub fn view(&self, moment: Moment, counting: Counting, voice: Option<VoiceNumber>) -> View<'_> {
        View { history: self, moment, certain: self.certain_at(moment), counting: Rc::new(counting), voice }
    }
}

impl Counting {
    /// Whether everything counts but what is void.
    pub(super) fn is_plain(&self) -> bool {
        !self.is_chosen
    }

    /// Whether an event counts.
    pub fn counts(&self, event: EventNumber) -> bool {
        self.counts.as_ref().is_none_or(|counts| counts[event as usize])
    }
}

impl<'h> View<'h> {
    /// The index that it looks on.
    pub fn history(&self) -> &'h History {
        self.history
    }

    /// The moment.
    pub fn moment(&self) -> Moment {
        self.moment
    }

    /// The voice whose claims come first.
    pub fn voice(&self) -> Option<VoiceNumber> {
        self.voice
    }

    /// So many events of the replay order have happened, counting or not.
    pub fn certain(&self) -> u32 {
        self.certain
    }

    /// The same viewpoint just after an event, or just before it.
    pub fn at_event(&self, event: EventNumber, after: bool) -> View<'h> {
        let moment = self.history.start(event).end;
        View { moment, certain: event + u32::from(after), ..self.clone() }
    }

    /// The same viewpoint at another moment.
    pub fn at_moment(&self, moment: Moment) -> View<'h> {
        View { moment, certain: self.history.certain_at(moment), ..self.clone() }
    }

    /// The same viewpoint with the events that count in another one.
    pub fn counting_as(&self, other: &View<'h>) -> View<'h> {
        View { counting: Rc::clone(&other.counting), ..self.clone() }
    }

    /// Whether an event counts.
    pub fn counts(&self, event: EventNumber) -> bool {
        self.counting.counts(event)
    }

    /// Whether an event is known, not left out and not void, so that it makes void what it replaces.
    pub fn stands(&self, event: EventNumber) -> bool {
        self.counting.stands.as_ref().is_none_or(|stands| stands[event as usize])
    }

    /// Whether an event counts and has happened for certain.
    pub fn is_certain(&self, event: EventNumber) -> bool {
        event < self.certain && self.counts(event)
    }

    /// Whether an event counts and may have happened, but not for certain.
    pub fn is_possible(&self, event: EventNumber) -> bool {
        let start = self.history.start(event);
        event >= self.certain && start.start < self.moment && self.moment < start.end && self.counts(event)
    }

    /// Everything that may have happened: events, then ends of what certain events hold, each in replay order.
    pub fn possible(&self) -> Vec<Suppose> {
        let h = self.history;
        let events = (self.certain..self.reach_of_possible()).filter(|event| self.is_possible(*event));
        let ends = h.lasting().filter(|event| {
            self.is_certain(*event) && h.when(*event).ending.is_some_and(|end| end.is_possible(self.moment))
        });
        events.map(Suppose::Happened).chain(ends.map(Suppose::Ended)).collect()
    }

    /// From this event of the replay order on nothing can have begun.
    pub(super) fn reach_of_possible(&self) -> EventNumber {
        let h = self.history;
        let from = |row: EventRow| h.tables.whens.at(row.possible as usize).start().start;
        let all = self.certain as usize..h.len();
        h.tables.events.partition_in(all, |row| from(row) < self.moment) as u32
    }

    /// How many events that count are certain, and how many possible.
    pub fn count(&self) -> (usize, usize) {
        let certain = match self.counting.counts {
            None => self.certain as usize,
            Some(_) => (0..self.certain).filter(|event| self.counts(*event)).count(),
        };
        let possible = self.possible().iter().filter(|suppose| matches!(suppose, Suppose::Happened(_))).count();
        (certain, possible)
    }

    /// Whether an assertion is in force: its event counts and has happened, and if it holds only `during` that event,
    /// the end has not certainly happened.
    pub(super) fn in_force(&self, assertion: Assertion, suppose: Suppose) -> bool {
        let event = assertion.event;
        (event < self.certain || suppose == Suppose::Happened(event))
            && self.counts(event)
            && !self.is_silent(assertion.voice())
            && (!assertion.is_during() || !(self.has_ended(event) || suppose == Suppose::Ended(event)))
    }

    /// Whether a voice's claims are left out.
    fn is_silent(&self, voice: Option<VoiceNumber>) -> bool {
        let silent = self.counting.silent.as_ref();
        voice.zip(silent).is_some_and(|(voice, silent)| silent[voice as usize])
    }

    /// Whether what an event holds has ended for certain.
    pub fn has_ended(&self, event: EventNumber) -> bool {
        self.history.when(event).ending.is_none_or(|end| end.is_certain(self.moment))
    }

    /// The paths on which two viewpoints of one history can differ, in order: those touched by what happened, ended,
    /// is possible or counts on one side alone; and, between two voices, those on which anybody claims anything.
    pub fn may_differ(&self, other: &View<'h>) -> Vec<PathNumber> {
        let h = self.history;
        let mut events: Vec<EventNumber> = (self.certain.min(other.certain)..self.certain.max(other.certain)).collect();
        if self.counting.counts != other.counting.counts {
            events.extend((0..h.len() as u32).filter(|event| self.counts(*event) != other.counts(*event)));
        }
        events.extend(h.lasting().filter(|event| self.has_ended(*event) != other.has_ended(*event)));
        events.extend(self.possible().into_iter().chain(other.possible()).filter_map(|suppose| match suppose {
            Suppose::Happened(event) | Suppose::Ended(event) => Some(event),
            Suppose::Nothing => None,
        }));
        let mut paths: Vec<PathNumber> = events.iter().flat_map(|event| h.touched(*event)).copied().collect();
        if self.voice != other.voice || self.counting.silent != other.counting.silent {
            paths.extend((0..h.paths().len() as u32).filter(|path| !h.claims_of(*path).is_empty()));
        }
        paths.sort_unstable();
        paths.dedup();
        paths
    }
}
