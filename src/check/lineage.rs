//! Which event comes after which by their links (`because`, `after`), directly or through events between. Knows nothing
//! of what they change.

use crate::history::{EventNumber, History};

/// Finds lineages, one after the other; keeps its notes between them, so that it is made once for many questions.
pub(super) struct Lineage<'t> {
    history: &'t History,
    /// For every event a chain that it is part of, in which each follows the one before it, and its place there: so a
    /// long chain is not walked step by step.
    chains: Vec<(u32, u32)>,
    /// For every event the question in which it was last met.
    met: Vec<u32>,
    question: u32,
    open: Vec<EventNumber>,
}

impl<'t> Lineage<'t> {
    pub(super) fn new(history: &'t History) -> Lineage<'t> {
        let count = history.len();
        Lineage { history, chains: chains(history), met: vec![0; count], question: 0, open: Vec::new() }
    }

    /// Whether an event comes after another. Walked is only what can lie between the two: nothing that was over before
    /// the earlier one began, and of its own moment nothing that is replayed before it.
    pub(super) fn follows(&mut self, later: EventNumber, earlier: EventNumber) -> bool {
        let first = self.history.start(earlier);
        let (chain, place) = self.chains[earlier as usize];
        self.question += 1;
        self.open.clear();
        self.open.push(later);
        while let Some(event) = self.open.pop() {
            let own = self.chains[event as usize];
            if own.0 == chain && own.1 > place {
                return true;
            }
            for before in self.history.before(event) {
                if before == earlier {
                    return true;
                }
                let end = self.history.start(before).end;
                let is_between = end > first.start && (end != first.end || before > earlier);
                if is_between && self.met[before as usize] != self.question {
                    self.met[before as usize] = self.question;
                    self.open.push(before);
                }
            }
        }
        false
    }
}

/// Lays events into chains: each is put behind the first of its causes that ends a chain, else begins one of its own.
fn chains(history: &History) -> Vec<(u32, u32)> {
    let count = history.len();
    let mut chains: Vec<(u32, u32)> = Vec::with_capacity(count);
    let mut is_last = vec![true; count];
    for event in 0..count as u32 {
        let last = history.before(event).find(|before| *before < event && is_last[*before as usize]);
        chains.push(match last {
            Some(before) => {
                is_last[before as usize] = false;
                let (chain, place) = chains[before as usize];
                (chain, place + 1)
            }
            None => (event, 0),
        });
    }
    chains
}
