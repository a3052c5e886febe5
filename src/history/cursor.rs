//! What is in force of one path in one state of knowledge, at a moment that goes on and back. Knows nothing of how states
//! of knowledge differ.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::heard::Heard;
use super::said::Holding;
use super::{EventNumber, History, PathNumber, Standing, Suppose, VoiceNumber};
use crate::model::moment::Moment;

/// Along what something holds of a path.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Line {
    /// Who asserts it; nobody: what holds in the plain viewpoint.
    pub voice: Option<VoiceNumber>,
    /// What would have to have happened; [`Suppose::Nothing`]: it holds for certain.
    pub suppose: Suppose,
}

/// What holds at a moment.
pub(super) type Holdings = BTreeMap<Line, Holding>;

/// The moments at which something of a path can change, each with the event that does it.
pub(super) type Turns = BTreeSet<(Moment, EventNumber)>;

/// When what an event holds of a path changes: it may have begun, it has; what it holds `during` may have ended, it has.
/// [`Moment::FUTURE`]: never.
#[derive(Clone, Copy)]
pub(super) struct Turning {
    begins: Moment,
    begun: Moment,
    ends: Moment,
    ended: Moment,
}

impl Turning {
    /// Of an event, beside all that hold something `during`.
    fn of(history: &History, during: &[EventNumber], event: EventNumber) -> Turning {
        let (when, is_during) = (history.when(event), during.binary_search(&event).is_ok());
        let after = |moment: Moment| if moment == Moment::FUTURE { moment } else { moment.next() };
        let (ends, ended) = match when.ending.filter(|_| is_during) {
            Some(ending) => (after(ending.from), if ending.just_after { after(ending.by) } else { ending.by }),
            // What has no end is over as it begins, where something is held until then.
            None if is_during => (Moment::PAST, Moment::PAST),
            None => (Moment::FUTURE, Moment::FUTURE),
        };
        Turning { begins: after(when.start.start), begun: when.start.end, ends, ended }
    }

    pub(super) fn all(self) -> impl Iterator<Item = Moment> {
        let all = [self.begins, self.begun, self.ends, self.ended];
        all.into_iter().filter(|moment| *moment != Moment::FUTURE)
    }
}

/// What is in force in one state of knowledge, after all turns of events before a moment.
pub(super) struct Cursor<'h> {
    history: &'h History,
    /// The events that hold something `during`.
    during: Rc<[EventNumber]>,
    /// The events that count, but for those that nobody comes back to.
    pub(super) counting: FxHashSet<EventNumber>,
    heard: Heard<'h>,
    pub(super) until: Moment,
    /// What may have happened, and whether what it holds `during` is over then.
    possible: BTreeMap<Suppose, bool>,
}

impl<'h> Cursor<'h> {
    pub(super) fn new(history: &'h History, path: PathNumber, during: Rc<[EventNumber]>) -> Cursor<'h> {
        let (counting, heard) = (FxHashSet::default(), Heard::new(history, path));
        Cursor { history, during, counting, heard, until: Moment::PAST, possible: BTreeMap::new() }
    }

    /// Goes on to a moment, or back.
    pub(super) fn seek(&mut self, turns: &Turns, until: Moment) {
        for (turn, event) in turns.range((self.until, 0)..(until.max(self.until), 0)) {
            self.turn(*event, turn.next());
        }
        for (turn, event) in turns.range((until.min(self.until), 0)..(self.until, 0)).rev() {
            self.turn(*event, *turn);
        }
        self.until = until;
    }

    /// Brings what an event has to say to a moment.
    fn turn(&mut self, event: EventNumber, until: Moment) {
        let turning = self.turning(event);
        let [begins, begun, ends, ended] =
            [turning.begins, turning.begun, turning.ends, turning.ended].map(|turn| turn < until);
        let counts = self.counting.contains(&event);
        self.heard.put(event, (counts && begun).then_some(ended));
        let mut possible = |suppose, is_possible: bool| match is_possible {
            true => _ = self.possible.insert(suppose, ended || suppose == Suppose::Ended(event)),
            false => _ = self.possible.remove(&suppose),
        };
        possible(Suppose::Happened(event), counts && begins && !begun);
        possible(Suppose::Ended(event), counts && begun && ends && !ended);
    }

    pub(super) fn turning(&self, event: EventNumber) -> Turning {
        Turning::of(self.history, &self.during, event)
    }

    /// Lets an event count that did not, or the other way round, all of whose turns are still to come.
    pub(super) fn toggle(&mut self, event: EventNumber) {
        if !self.counting.remove(&event) {
            self.counting.insert(event);
        }
    }

    /// Whether two are the same from here on, if the same turns are still to come.
    pub(super) fn is_like(&self, other: &Cursor<'_>) -> bool {
        self.possible == other.possible && self.heard.is_like(&other.heard)
    }

    /// Forgets the events of turns that are over, where nothing that comes later is before a moment, unless they may end
    /// for ever after.
    pub(super) fn forget(&mut self, over: &Turns, limit: Moment) {
        let Cursor { history, during, counting, heard, possible, .. } = self;
        let is_over = |event: EventNumber| {
            let turning = Turning::of(history, during, event);
            turning.all().all(|turn| turn < limit) && !possible.contains_key(&Suppose::Ended(event))
        };
        for (_, event) in over.iter().filter(|(_, event)| is_over(*event)) {
            counting.remove(event);
        }
        heard.forget(is_over);
    }

    /// What holds in the plain viewpoint and as each voice has it, and what would if one thing that is only possible had
    /// happened.
    pub(super) fn holdings(&mut self) -> Holdings {
        let heard = &mut self.heard;
        let certain = heard.all();
        let mut holdings = Holdings::new();
        for (suppose, ended) in &self.possible {
            let (Suppose::Happened(event) | Suppose::Ended(event)) = *suppose else { continue };
            let now = Some(false).filter(|_| *suppose == Suppose::Ended(event));
            heard.put(event, Some(*ended));
            for voice in heard.voices_in(event).into_iter().chain([None]) {
                let core = |holding: &Holding| (holding.value.clone(), holding.standing);
                let (is, would) = (certain.get(&voice), heard.holding(voice));
                if is.map(core) != would.as_ref().map(core) {
                    let (value, standing) = would.as_ref().map_or((None, Standing::None), core);
                    let by = Holding { value, standing, event: Some(event), since: Some(event) };
                    holdings.insert(Line { voice, suppose: *suppose }, by);
                }
            }
            heard.put(event, now);
        }
        let certain = certain.into_iter().map(|(voice, holding)| (Line { voice, suppose: Suppose::Nothing }, holding));
        holdings.extend(certain);
        holdings
    }
}
