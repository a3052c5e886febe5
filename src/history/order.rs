//! Replay order: which event comes after which, reckoned once over all events (2-replay, Order).
//! Knows nothing of what events change.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::model::moment::Moment;

/// The replay order of some events, which are given in the order of their files and their places in them: by the
/// latest moment of the date, and among equals again and again the first of those whose causes among the equals have
/// all come. `causes` has pairs of an event and one that comes before it. Gives the events in replay order. Events on a
/// cycle, which is a fault of its own, come last among their equals.
pub fn replay_order(events: Vec<u32>, latest: impl Fn(u32) -> Moment, mut causes: Vec<[u32; 2]>) -> Vec<u32> {
    causes.sort_unstable();
    let mut order = events;
    if !order.is_sorted_by_key(|event| latest(*event)) {
        order.sort_by_key(|event| latest(*event));
    }
    if causes.is_empty() {
        return order;
    }
    let mut start = 0;
    while start < order.len() {
        let moment = latest(order[start]);
        let length = order[start..].iter().take_while(|event| latest(**event) == moment).count();
        let equals = &mut order[start..start + length];
        if equals.len() > 1 {
            settle(equals, &causes);
        }
        start += length;
    }
    order
}

/// Brings the events of one latest moment, given by file and place, into the order that their links ask for.
fn settle(equals: &mut [u32], causes: &[[u32; 2]]) {
    let mut effects: Vec<Vec<u32>> = vec![Vec::new(); equals.len()];
    let mut missing = vec![0usize; equals.len()];
    for (at, event) in equals.iter().enumerate() {
        let first = causes.partition_point(|pair| pair[0] < *event);
        let own = causes[first..].iter().take_while(|pair| pair[0] == *event);
        for before in own.filter_map(|pair| equals.binary_search(&pair[1]).ok()) {
            effects[before].push(at as u32);
            missing[at] += 1;
        }
    }
    if missing.iter().all(|missing| *missing == 0) {
        return;
    }
    let mut ready: BinaryHeap<Reverse<u32>> =
        (0..equals.len() as u32).filter(|at| missing[*at as usize] == 0).map(Reverse).collect();
    let mut settled = Vec::with_capacity(equals.len());
    while let Some(Reverse(at)) = ready.pop() {
        settled.push(equals[at as usize]);
        for effect in &effects[at as usize] {
            missing[*effect as usize] -= 1;
            if missing[*effect as usize] == 0 {
                ready.push(Reverse(*effect));
            }
        }
    }
    settled.extend((0..equals.len()).filter(|at| missing[*at] > 0).map(|at| equals[at]));
    equals.copy_from_slice(&settled);
}
