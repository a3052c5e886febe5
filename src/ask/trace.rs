//! `trace`: what an event grew out of, and what grew out of it. Follows `because` alone: `after` is order and no cause.

use std::collections::{BTreeMap, BTreeSet};

use super::show::{find_event, void_by};
use super::viewpoint::look;
use super::{Answer, EventRow, Found, Refusal, Selectors, TRACE_DEPTH, answered, row};
use crate::history::{EventNumber, View};
use crate::timeline::Timeline;

/// An event with its causes and consequences.
#[derive(Clone, Debug)]
pub struct Trace<'t> {
    /// The event.
    pub event: EventRow<'t>,
    /// Whether it counts in this viewpoint.
    pub counts: bool,
    /// The events that make it void in this viewpoint.
    pub void_by: Vec<&'t str>,
    /// Its causes, the latest first, each with its own.
    pub because: Vec<Branch<'t>>,
    /// Its consequences in replay order, each with its own.
    pub consequences: Vec<Branch<'t>>,
    /// The causes and consequences that do not count in this viewpoint, in replay order; beyond them nothing is told.
    pub not_counting: Vec<&'t str>,
    /// Likewise those that have not happened at the moment asked for.
    pub not_yet: Vec<&'t str>,
}

/// A cause or consequence with its own.
#[derive(Clone, Debug)]
pub struct Branch<'t> {
    /// The event.
    pub event: EventRow<'t>,
    /// Its causes or consequences in turn.
    pub below: Vec<Branch<'t>>,
    /// Why these are not told here, though there are some.
    pub cut: Option<Cut>,
}

/// Why a tree does not go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cut {
    /// They are told where the event was met before.
    Repeated,
    /// The tree is as deep as it may be.
    Deep,
}

/// Answers `trace EVENT`.
pub(super) fn answer<'t>(
    timeline: &'t Timeline,
    select: &Selectors,
    event: &str,
    depth: Option<usize>,
) -> Result<Answer<'t>, Refusal> {
    let depth = depth.unwrap_or(TRACE_DEPTH);
    if !(1..=TRACE_DEPTH).contains(&depth) {
        return Err(Refusal::bad(format!("a tree has 1 to {TRACE_DEPTH} levels, not {depth}")));
    }
    let looked = look(timeline, select, true)?;
    let view = &looked.view;
    let number = find_event(timeline, event)?;
    let events = timeline.history().len() as u32;
    let causes: Vec<Vec<EventNumber>> = (0..events).map(|event| causes(timeline, event)).collect();
    let mut effects: Vec<Vec<EventNumber>> = vec![Vec::new(); causes.len()];
    for (effect, causes) in (0..).zip(&causes) {
        causes.iter().for_each(|cause| effects[*cause as usize].push(effect));
    }
    let mut teller = Teller {
        timeline,
        view,
        dated: select.at.is_some(),
        told: BTreeMap::new(),
        not_counting: BTreeSet::new(),
        not_yet: BTreeSet::new(),
    };
    let (because, _) = teller.tell(&causes, number, depth);
    let (consequences, _) = teller.tell(&effects, number, depth);
    let ids = |numbers: BTreeSet<EventNumber>| {
        numbers.into_iter().map(|event| row::event(timeline, event).id.as_str()).collect()
    };
    let trace = Trace {
        event: row::event_row(timeline, view, number),
        counts: view.counts(number),
        void_by: void_by(timeline, view, number),
        because,
        consequences,
        not_counting: ids(teller.not_counting),
        not_yet: ids(teller.not_yet),
    };
    Ok(answered(timeline, looked.seen, Found::Trace(Box::new(trace))))
}

/// The causes that an event names, the latest first.
fn causes(timeline: &Timeline, event: EventNumber) -> Vec<EventNumber> {
    let mut causes = timeline.history().because(event).collect::<Vec<_>>();
    causes.sort_unstable_by_key(|cause| std::cmp::Reverse(*cause));
    causes.dedup();
    causes
}

/// What is remembered while a tree is told.
struct Teller<'v, 't> {
    timeline: &'t Timeline,
    view: &'v View<'t>,
    /// Whether a moment was asked for, so that later events are not told.
    dated: bool,
    /// For every event met: with how many levels left it was told, and whether that was enough for all of it.
    told: BTreeMap<EventNumber, (usize, bool)>,
    not_counting: BTreeSet<EventNumber>,
    not_yet: BTreeSet<EventNumber>,
}

impl<'t> Teller<'_, 't> {
    /// The branches of an event, and whether nothing of them was cut for depth. What was cut is told again where it is
    /// met with more levels left.
    fn tell(&mut self, linked: &[Vec<EventNumber>], event: EventNumber, depth: usize) -> (Vec<Branch<'t>>, bool) {
        let (mut branches, mut all) = (Vec::new(), true);
        for next in linked[event as usize].iter().copied() {
            if !self.is_told(next) {
                let untold = if self.view.counts(next) { &mut self.not_yet } else { &mut self.not_counting };
                untold.insert(next);
                continue;
            }
            let goes_on = linked[next as usize].iter().any(|beyond| self.is_told(*beyond));
            let (below, cut) = match self.told.get(&next).copied() {
                Some((left, whole)) if whole || (left >= depth && left > 1) => {
                    all &= whole;
                    (Vec::new(), goes_on.then_some(Cut::Repeated))
                }
                _ if depth == 1 => {
                    self.told.insert(next, (depth, !goes_on));
                    all &= !goes_on;
                    (Vec::new(), goes_on.then_some(Cut::Deep))
                }
                _ => {
                    let (below, whole) = self.tell(linked, next, depth - 1);
                    self.told.insert(next, (depth, whole));
                    all &= whole;
                    (below, None)
                }
            };
            branches.push(Branch { event: row::event_row(self.timeline, self.view, next), below, cut });
        }
        (branches, all)
    }

    /// Whether an event counts and, where a moment was asked for, may have happened by then.
    fn is_told(&self, event: EventNumber) -> bool {
        let (counts, possible) = (self.view.counts(event), self.view.is_possible(event));
        counts && (!self.dated || self.view.is_certain(event) || possible)
    }
}
