//! The values of a path through time, up to a viewpoint's moment. Knows nothing of how dates are written.

use std::borrow::Cow;

use super::record::{Running, apply};
use super::{Assertion, EventNumber, PathNumber, Suppose, View, VoiceNumber};
use crate::model::moment::Moment;
use crate::model::value::Value;

/// A happening that begins or ends a stretch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    /// An event.
    Start(EventNumber),
    /// The end of what an event held `during`.
    End(EventNumber),
}

/// One value for a time.
#[derive(Clone, Debug)]
pub struct Stretch<'h> {
    /// The value; nothing where it was unset.
    pub value: Option<Cow<'h, Value>>,
    /// What began it.
    pub from: Turn,
    /// What ended it, if anything did.
    pub to: Option<Turn>,
    /// Who asserts it; nobody else: the record.
    pub voice: Option<VoiceNumber>,
    /// Whether it has begun for certain.
    pub certain: bool,
    /// The event that gave it.
    pub event: EventNumber,
}

/// What somebody says at a moment: nothing, or a value (or that there is none) and the event that gave it.
type Said<'h> = Option<(Option<Cow<'h, Value>>, EventNumber)>;

/// A turn with the viewpoint just after it, and its place in the order of time.
type OrderedTurn<'h> = ((Moment, u8, EventNumber), View<'h>, Turn);

/// Turns in the order of time.
fn in_order(mut turns: Vec<OrderedTurn<'_>>) -> Vec<(View<'_>, Turn)> {
    turns.sort_by_key(|(order, ..)| *order);
    turns.into_iter().map(|(_, view, turn)| (view, turn)).collect()
}

impl<'h> View<'h> {
    /// The values of a path through time: the record's, then each voice's in order of names; after the certain
    /// stretches of each, those that are only possible. `possible` are what of [`View::possible`] touches the path.
    pub fn course(&self, path: PathNumber, possible: &[Suppose]) -> Vec<Stretch<'h>> {
        let assertions = self.history.assertions(path);
        let mut voices: Vec<Option<VoiceNumber>> = assertions.iter().map(|assertion| assertion.voice()).collect();
        voices.sort_unstable();
        voices.dedup();
        let mut course = Vec::new();
        for voice in voices {
            let own: Vec<Assertion> = assertions.iter().copied().filter(|a| a.voice() == voice).collect();
            course.extend(self.stretches(path, voice, &own));
            course.extend(self.possible_stretches(path, voice, possible));
        }
        course
    }

    /// The certain stretches of the record or of one voice.
    fn stretches(&self, path: PathNumber, voice: Option<VoiceNumber>, own: &[Assertion]) -> Vec<Stretch<'h>> {
        let mut stretches: Vec<Stretch<'h>> = Vec::new();
        let mut open = false;
        let mut turn = |from: Turn, said: Said<'h>| {
            let last = stretches.last_mut().filter(|_| open);
            if let (Some(last), Some((value, _))) = (&last, &said)
                && last.value == *value
            {
                return;
            }
            if let Some(last) = last {
                last.to = Some(from);
            }
            open = said.is_some();
            if let Some((value, event)) = said {
                stretches.push(Stretch { value, from, to: None, voice, certain: true, event });
            }
        };
        if own.iter().all(|assertion| !assertion.is_during()) {
            // Nothing ever comes back, so one pass hears all.
            let mut running: Option<Running> = None;
            let spoken: Vec<Assertion> = own.iter().copied().filter(|a| self.in_force(*a, Suppose::Nothing)).collect();
            for group in spoken.chunk_by(|a, b| a.event == b.event) {
                for assertion in group {
                    apply(&mut running, assertion.event, self.history.does(*assertion));
                }
                let said = running.as_ref().map(|running| (running.value.clone().map(Cow::Owned), running.event));
                turn(Turn::Start(group[0].event), said.filter(|(value, _)| voice.is_none() || value.is_some()));
            }
            return stretches;
        }
        for (view, from) in self.turns(own) {
            turn(from, view.said(path, voice, Suppose::Nothing));
        }
        stretches
    }

    /// Everything that certainly happened to these assertions, each with the viewpoint just after it, in order.
    fn turns(&self, own: &[Assertion]) -> Vec<(View<'h>, Turn)> {
        let mut turns = Vec::new();
        for assertion in own.iter().filter(|assertion| self.is_certain(assertion.event)) {
            turns.push(self.turn_of(assertion.event));
            if assertion.is_during() && self.has_ended(assertion.event) {
                turns.extend(self.end_of(assertion.event));
            }
        }
        in_order(turns)
    }

    /// Everything that happens for certain after an earlier moment of the same viewpoint: events, and ends of what they
    /// hold, each with the viewpoint just after it, in order.
    pub fn turns_since(&self, earlier: &View<'h>) -> Vec<(View<'h>, Turn)> {
        let events = (earlier.certain..self.certain).filter(|event| self.counts(*event));
        let mut turns: Vec<OrderedTurn<'h>> = events.map(|event| self.turn_of(event)).collect();
        let lasting = self.history.lasting().filter(|event| self.is_certain(*event));
        let ended = lasting.filter(|event| self.has_ended(*event) && !earlier.has_ended(*event));
        turns.extend(ended.filter_map(|event| self.end_of(event)));
        in_order(turns)
    }

    /// The same viewpoint just after everything that ever ends for certain has ended, or as it is if that is later.
    pub fn after_last_end(&self) -> View<'h> {
        let counting = self.history.lasting().filter(|event| self.counts(*event));
        let ends = counting.filter_map(|event| self.history.when(event).ending).map(|ending| ending.by);
        match ends.filter(|by| by.is_finite()).max().map(Moment::next) {
            Some(last) if last > self.moment => self.at_moment(last),
            _ => self.clone(),
        }
    }

    /// An event as a turn.
    fn turn_of(&self, event: EventNumber) -> OrderedTurn<'h> {
        let moment = self.history.start(event).end;
        ((moment, 1, event), self.at_event(event, true), Turn::Start(event))
    }

    /// The end of what an event holds as a turn. One that `until` gives comes before the events of the same moment, one
    /// of an interval after them, for the interval's last day is part of it.
    fn end_of(&self, event: EventNumber) -> Option<OrderedTurn<'h>> {
        let ending = self.history.when(event).ending?;
        let view = self.at_moment(ending.by);
        let (place, view) = if ending.just_after {
            (2, View { moment: ending.by.next(), ..view })
        } else {
            (0, View { certain: self.history.before_moment(ending.by), ..view })
        };
        Some(((ending.by, place, event), view, Turn::End(event)))
    }

    /// What may have begun: the record or a voice says something else if one event or end is supposed.
    fn possible_stretches(
        &self,
        path: PathNumber,
        voice: Option<VoiceNumber>,
        possible: &[Suppose],
    ) -> Vec<Stretch<'h>> {
        let now = self.said(path, voice, Suppose::Nothing);
        let mut stretches = Vec::new();
        for suppose in possible {
            let (from, event) = match *suppose {
                Suppose::Happened(event) => (Turn::Start(event), event),
                Suppose::Ended(event) => (Turn::End(event), event),
                Suppose::Nothing => continue,
            };
            let said = self.said(path, voice, *suppose);
            if said.as_ref().map(|(value, _)| value) != now.as_ref().map(|(value, _)| value) {
                let value = said.and_then(|(value, _)| value);
                stretches.push(Stretch { value, from, to: None, voice, certain: false, event });
            }
        }
        stretches
    }

    /// What the record or a voice says of a path.
    fn said(&self, path: PathNumber, voice: Option<VoiceNumber>, suppose: Suppose) -> Said<'h> {
        match voice {
            None => self.record(path, suppose, false).map(|record| (record.value.map(Cow::Owned), record.event)),
            Some(voice) => {
                let claims = self.claims(path, suppose);
                let claim = claims.into_iter().find(|claim| claim.voice == voice)?;
                Some((Some(Cow::Owned(claim.value)), claim.event))
            }
        }
    }
}
