//! Replay order: which event comes after which, reckoned once over all events (2-replay, Order).
//! Knows nothing of what events change.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::model::moment::Moment;

/// The replay order of events that are given in the order of their files and their places in them: by the latest
/// moment of the date, and among equals again and again the first of those whose causes among the equals have all
/// come. `causes[i]` holds the events that come before event `i`. Gives the events' numbers in replay order. Events
/// on a cycle, which is a fault of its own, come last among their equals.
pub fn replay_order(latest: &[Moment], causes: &[Vec<u32>]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..latest.len() as u32).collect();
    order.sort_by_key(|event| (latest[*event as usize], *event));
    let mut start = 0;
    while start < order.len() {
        let moment = latest[order[start] as usize];
        let end = start + order[start..].partition_point(|event| latest[*event as usize] == moment);
        let equals = &mut order[start..end];
        if equals.iter().any(|event| !causes[*event as usize].is_empty()) {
            settle(equals, latest, causes);
        }
        start = end;
    }
    order
}

/// Brings the events of one latest moment, given by file and place, into the order that their links ask for.
fn settle(equals: &mut [u32], latest: &[Moment], causes: &[Vec<u32>]) {
    let moment = latest[equals[0] as usize];
    let index = |event: u32| equals.binary_search(&event).ok();
    let mut effects: Vec<Vec<u32>> = vec![Vec::new(); equals.len()];
    let mut missing = vec![0usize; equals.len()];
    for (at, event) in equals.iter().enumerate() {
        for cause in &causes[*event as usize] {
            if latest[*cause as usize] == moment
                && let Some(before) = index(*cause)
            {
                effects[before].push(at as u32);
                missing[at] += 1;
            }
        }
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
