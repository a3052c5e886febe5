//! What if some of the events that count did not: their absence is followed to what it brings back or makes void, and
//! the same viewpoint is asked again. Knows nothing of why an event is left out.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::view::{Chosen, Counting, View};
use super::{EventNumber, History};

/// A viewpoint out of which events are taken, a few at a time, and put back.
#[derive(Clone, Debug)]
pub struct WhatIf<'h> {
    view: View<'h>,
    /// For every event whether it is known and not left out, void or not.
    eligible: Vec<bool>,
    /// For every event whether it is wanted, standing or not.
    wanted: Option<Vec<bool>>,
    /// For every event those that it replaces, and its place in an order in which corrections come before what they
    /// replace; both empty where nothing is replaced.
    replaces: Vec<Vec<EventNumber>>,
    turn: Vec<u32>,
}

impl<'h> WhatIf<'h> {
    /// A viewpoint whose events were chosen like this.
    pub fn new(view: &View<'h>, chosen: &Chosen) -> WhatIf<'h> {
        let history = view.history();
        let eligible = history.eligible(chosen);
        let all = (0..history.len() as u32).collect::<Vec<_>>();
        let table = |is: &dyn Fn(EventNumber) -> bool| Some(all.iter().map(|event| is(*event)).collect());
        let counting = Counting {
            counts: table(&|event| view.counts(event)),
            stands: table(&|event| view.stands(event)),
            silent: view.counting.silent.clone(),
            is_chosen: true,
        };
        let (replaces, turn) =
            if history.has_corrections() { corrections_first(history, &all) } else { Default::default() };
        let view = View { counting: Rc::new(counting), ..view.clone() };
        WhatIf { view, eligible, wanted: chosen.wanted.clone(), replaces, turn }
    }

    /// Asks the viewpoint without some events, which stand in order. Beside it are those that count there and not
    /// here, or here and not there: the events left out, and what comes back or is void without them.
    pub fn without<T>(&mut self, gone: &[EventNumber], ask: impl FnOnce(&View<'h>, &[EventNumber]) -> T) -> T {
        let before = self.leave_out(gone);
        let counted: Vec<EventNumber> =
            before.iter().filter(|(event, .., counts)| self.view.counts(*event) != *counts).map(|one| one.0).collect();
        let answer = ask(&self.view, &counted);
        let Counting { counts, stands, .. } = Rc::make_mut(&mut self.view.counting);
        let (Some(counts), Some(stands)) = (counts, stands) else { return answer };
        for (event, stood, counted) in before {
            (stands[event as usize], counts[event as usize]) = (stood, counted);
        }
        answer
    }

    /// Leaves events out; gives what changed with whether it stood and counted before.
    fn leave_out(&mut self, gone: &[EventNumber]) -> Vec<(EventNumber, bool, bool)> {
        let history = self.view.history;
        let Counting { counts, stands, .. } = Rc::make_mut(&mut self.view.counting);
        let (Some(counts), Some(stands)) = (counts, stands) else { return Vec::new() };
        let turn = |event: EventNumber| (self.turn.get(event as usize).copied().unwrap_or_default(), event);
        let mut open: BTreeSet<(u32, EventNumber)> = gone.iter().map(|event| turn(*event)).collect();
        let mut before = Vec::new();
        while let Some((_, event)) = open.pop_first() {
            let at = event as usize;
            let is_void = || history.replaced_by(event).any(|by| stands[by as usize]);
            let now = self.eligible[at] && gone.binary_search(&event).is_err() && !is_void();
            if now != stands[at] {
                before.push((event, stands[at], counts[at]));
                stands[at] = now;
                counts[at] = now && self.wanted.as_ref().is_none_or(|wanted| wanted[at]);
                open.extend(self.replaces.get(at).into_iter().flatten().map(|event| turn(*event)));
            }
        }
        before
    }
}

/// What every event replaces, and an order in which every correction comes before what it replaces.
fn corrections_first(history: &History, all: &[EventNumber]) -> (Vec<Vec<EventNumber>>, Vec<u32>) {
    let mut replaces: Vec<Vec<EventNumber>> = vec![Vec::new(); all.len()];
    let mut open: Vec<usize> = Vec::new();
    for event in all {
        let mut count = 0;
        for correction in history.replaced_by(*event) {
            replaces[correction as usize].push(*event);
            count += 1;
        }
        open.push(count);
    }
    let mut turn = vec![0; all.len()];
    let mut ready: Vec<EventNumber> = all.iter().copied().filter(|event| open[*event as usize] == 0).collect();
    let mut next = 0;
    while let Some(correction) = ready.pop() {
        turn[correction as usize] = next;
        next += 1;
        for event in &replaces[correction as usize] {
            open[*event as usize] -= 1;
            if open[*event as usize] == 0 {
                ready.push(*event);
            }
        }
    }
    (replaces, turn)
}
