//! What a value rests on, and what it would be were one of its events dated otherwise within the span of its own date.
//! Knows nothing of sources.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::record::{Record, Running, apply};
use super::value::Claim;
use super::{Assertion, EventNumber, Held, PathNumber, Standing, Suppose, View, VoiceNumber};
use crate::model::event::Does;
use crate::model::moment::Moment;
use crate::model::value::Value;

/// The definite value of a path and how it stands, by whomever and since whenever.
#[derive(Clone, PartialEq, Debug)]
pub struct Outcome<'h> {
    /// The definite value.
    pub value: Option<Cow<'h, Value>>,
    /// How it stands.
    pub standing: Standing,
}

/// What an event must come after, and what it must come before, wherever its date allows it to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// The moment after which it came: the first of its span, or of that of a cause.
    pub start: Moment,
    /// The events that come before it.
    pub after: BTreeSet<EventNumber>,
    /// The first event in replay order that comes after it, though it is dated earlier.
    pub before: Option<EventNumber>,
}

/// Another place of an event in the replay order of a path.
#[derive(Clone, PartialEq, Debug)]
pub struct Moved<'h> {
    /// The event that it would come just before; nothing: it would come after all others.
    pub before: Option<EventNumber>,
    /// What would hold.
    pub outcome: Outcome<'h>,
}

impl<'h> View<'h> {
    /// The definite value of a path with one supposition, and how it stands.
    pub fn outcome(&self, path: PathNumber, suppose: Suppose) -> Outcome<'h> {
        let said = self.latest_said(path, suppose);
        let held = self.judge(said.as_ref(), &self.claims(path, suppose));
        Outcome { value: held.value, standing: held.standing }
    }

    /// The events, in order, without which a path's value or standing could be another: those that it is made of, and
    /// those of each voice's latest word, were it only that it claims no longer.
    pub fn supports(&self, path: PathNumber) -> Vec<EventNumber> {
        let (record, claims) = self.history.sides(path);
        let in_force = |assertion: &&Assertion| self.in_force(**assertion, Suppose::Nothing);
        let reached = |list: &'h [Assertion]| list[..self.reach(list, Suppose::Nothing)].iter().rev().filter(in_force);
        let mut events: Vec<EventNumber> = Vec::new();
        let mut whole = None;
        for assertion in reached(record) {
            // What an event says of one path it says together.
            if whole.is_some_and(|event| event != assertion.event) {
                break;
            }
            events.push(assertion.event);
            if assertion.is_whole() {
                whole = Some(assertion.event);
            }
        }
        let mut heard: Vec<Option<VoiceNumber>> = Vec::new();
        for assertion in reached(claims) {
            if !heard.contains(&assertion.voice()) {
                heard.push(assertion.voice());
                events.push(assertion.event);
            }
        }
        events.sort_unstable();
        events.dedup();
        events
    }

    /// The events that speak for the value that a path has: those that it is made of, and those that said the same whole
    /// value before, since it holds.
    pub fn speak_for(&self, path: PathNumber, held: &Held<'h>) -> BTreeSet<EventNumber> {
        let mut events: BTreeSet<EventNumber> = self.contributions(path, held).iter().map(|one| one.event).collect();
        let (record, claims) = self.history.sides(path);
        let list = if held.standing == Standing::Record { record } else { claims };
        let from = list.partition_point(|one| held.since.is_none_or(|since| one.event < since));
        let says_it = |one: &&Assertion| {
            let same = matches!(self.history.does(**one), Does::Set(ref value) if Some(value) == held.value.as_deref());
            let by = one.voice().is_none_or(|voice| held.claimed_by.contains(&voice));
            same && by && self.in_force(**one, Suppose::Nothing)
        };
        events.extend(list[from..].iter().filter(says_it).map(|one| one.event));
        events
    }

    /// The other places that an event could have on a path, the nearest to its own first, with what would hold there.
    /// It stays in the span of its date and within its bounds; all others stay where they are. No two neighbours of one
    /// latest moment are parted, but just before what must come after it. At most `most` places are tried: the nearest
    /// ones, and the earliest.
    pub fn moved(&self, path: PathNumber, event: EventNumber, bounds: &Bounds, most: usize) -> Vec<Moved<'h>> {
        let latest = |event: EventNumber| self.history.start(event).end;
        let start = bounds.start;
        let (record, claims) = self.history.sides(path);
        let meets_another = |list: &[Assertion]| {
            let before = list[..list.partition_point(|other| other.event < event)].last();
            before.is_some_and(|other| latest(other.event) > start)
        };
        let is_possible = event >= self.certain;
        let can_move = if is_possible { start < self.moment } else { meets_another(record) || meets_another(claims) };
        if !can_move {
            return Vec::new();
        }
        let heard = self.heard(path, event);
        let mut others: Vec<EventNumber> = heard.iter().map(|a| a.event).filter(|other| *other != event).collect();
        others.dedup();
        let own = others.partition_point(|other| *other < event);
        let first = others[..own].partition_point(|other| latest(*other) <= start);
        let held_back = others[first..own].iter().rposition(|other| bounds.after.contains(other));
        let first = held_back.map_or(first, |at| first + at + 1);
        let followed = bounds.before.map_or(others.len(), |next| others.partition_point(|other| *other < next));
        let end = (own + usize::from(is_possible)).min(followed + 1);
        let from = others.get(first).copied().unwrap_or(event).min(event);
        let between: Vec<Does> =
            heard.iter().filter(|one| (from..=event).contains(&one.event)).map(|one| self.history.does(*one)).collect();
        // Where the order does not matter, it matters at most that it has happened.
        let start = match in_any_order(&between) {
            true => end.saturating_sub(usize::from(is_possible)).max(first),
            false => first,
        };
        let parts =
            |at: usize| at == first || at == 0 || at == others.len() || latest(others[at - 1]) != latest(others[at]);
        let mut places: Vec<usize> = (start..end).rev().filter(|at| parts(*at) || *at == followed).collect();
        if places.len() > most {
            places.drain(most - 1..places.len() - 1);
        }
        let there = |at: &usize| Moved {
            before: others.get(*at).copied(),
            outcome: self.outcome_of(&heard, event, others.get(*at).copied()),
        };
        places.iter().map(there).collect()
    }

    /// The assertions on a path that are in force, once an event has happened, in replay order.
    fn heard(&self, path: PathNumber, event: EventNumber) -> Vec<Assertion> {
        let in_force = |assertion: &Assertion| self.in_force(*assertion, Suppose::Happened(event));
        let mut heard: Vec<Assertion> = self.history.assertions(path).iter().copied().filter(in_force).collect();
        heard.sort_by_key(|assertion| (assertion.event, assertion.rank()));
        heard
    }

    /// What holds when one event of those heard comes just before another one, or last. Events are counted anew in the
    /// order in which they then come, as the rules ask which is the latest.
    fn outcome_of(&self, heard: &[Assertion], event: EventNumber, before: Option<EventNumber>) -> Outcome<'h> {
        let (moved, others): (Vec<Assertion>, Vec<Assertion>) = heard.iter().partition(|a| a.event == event);
        let at = before.map_or(others.len(), |before| others.partition_point(|other| other.event < before));
        let order = others[..at].iter().chain(&moved).chain(&others[at..]);
        let mut record: Option<Running> = None;
        let mut claims: Vec<Claim> = Vec::new();
        let (mut place, mut last) = (0, None);
        for assertion in order {
            place += u32::from(last.replace(assertion.event).is_some_and(|event| event != assertion.event));
            let does = self.history.does(*assertion);
            let Some(voice) = assertion.voice() else {
                apply(&mut record, place, does);
                continue;
            };
            claims.retain(|claim| claim.voice != voice);
            if let Does::Set(value) = does {
                claims.push(Claim { voice, value, event: place });
            }
        }
        claims.sort_by_key(|claim| claim.voice);
        let said = record.map(Record::of);
        let held = self.judge(said.as_ref(), &claims);
        Outcome { value: held.value, standing: held.standing }
    }
}

/// Whether changes come out the same in any order: those of a sum, or of a set that only grows or only shrinks.
fn in_any_order(changes: &[Does]) -> bool {
    let all = |is: fn(&Does) -> bool| changes.iter().all(is);
    all(|does| matches!(does, Does::Increase(_) | Does::Decrease(_)))
        || all(|does| matches!(does, Does::Add(_)))
        || all(|does| matches!(does, Does::Remove(_)))
}
