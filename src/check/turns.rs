//! The assertions of one speaker on a path as time goes: when each comes into force, and when what an event holds
//! `during` ends (2-replay, The moment asked for). Knows nothing of what they say, and of no rule.

use std::ops::Range;

use crate::history::{Assertion, Counting, History, PathNumber};
use crate::model::moment::Moment;

/// What happens to the assertions of one speaker on a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Turn {
    /// These come into force, all of one event.
    Begin(Range<usize>),
    /// This one, which its event holds `during`, ends.
    End(usize),
}

/// The assertions on a path that count and ever come into force, each in replay order: the record's, then every voice's.
pub(super) fn by_speaker(history: &History, counting: &Counting, path: PathNumber) -> Vec<Vec<Assertion>> {
    let holds = |assertion: &&Assertion| {
        let never = || {
            let when = history.when(assertion.event);
            when.ending.is_none_or(|ending| ending.is_certain(when.start.end))
        };
        counting.counts(assertion.event) && !(assertion.is_during() && never())
    };
    let mut all: Vec<Assertion> = history.assertions(path).iter().filter(holds).copied().collect();
    all.sort_by_key(|assertion| assertion.voice());
    all.chunk_by(|a, b| a.voice() == b.voice()).map(<[Assertion]>::to_vec).collect()
}

/// Everything that happens to the assertions of one speaker, in the order of time. An end that `until` gives comes before
/// the events of its moment, the end of an interval after them, for the interval's last day is part of it.
pub(super) fn turns(history: &History, own: &[Assertion]) -> Vec<(Moment, Turn)> {
    let mut turns = Vec::with_capacity(own.len());
    let mut next = 0;
    for group in own.chunk_by(|a, b| a.event == b.event) {
        let (from, event) = (next, group[0].event);
        let when = history.when(event);
        next += group.len();
        turns.push((when.start.end, 1, event, Turn::Begin(from..next)));
        let Some(ending) = when.ending.filter(|ending| ending.by != Moment::FUTURE) else { continue };
        let held = (from..next).filter(|at| own[*at].is_during());
        turns.extend(held.map(|at| (ending.by, if ending.just_after { 2 } else { 0 }, event, Turn::End(at))));
    }
    turns.sort_by_key(|(moment, place, event, _)| (*moment, *place, *event));
    turns.into_iter().map(|(moment, _, _, turn)| (moment, turn)).collect()
}
