//! # order-not-settled
//!
//! Two events change one path to different values, their dates overlap, and nothing says which came first.
//!
//! The replay then goes by the latest moments of the dates and, where these are equal, by the names of the files: an
//! order, but not one that anybody meant. A link (`because`, `after`) or a more precise date settles it; two events in
//! one file are taken to stand in their order.
//!
//! A file that breaks it:
//!
//! ```yaml
//! # a.yaml
//! date: 2025-05-11
//! title: The talks are proposed
//! set: {talks.istanbul.status: proposed}
//! ```
//! ```yaml
//! # b.yaml
//! date: 2025-05-11
//! title: The talks are agreed
//! set: {talks.istanbul.status: agreed}
//! ```
//!
//! Mended:
//!
//! ```yaml
//! # a.yaml
//! date: 2025-05-11
//! title: The talks are proposed
//! set: {talks.istanbul.status: proposed}
//! ```
//! ```yaml
//! # b.yaml
//! date: 2025-05-11
//! title: The talks are agreed
//! because: [a]
//! set: {talks.istanbul.status: agreed}
//! ```

use crate::history::{Assertion, EventNumber, History, VoiceNumber};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::Does;
use crate::model::value::Value;

use super::{Finding, House};

/// Finds, for every change, the nearest earlier one that it is not settled against.
pub(super) fn find(house: House<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for path in 0..house.history.paths().len() as u32 {
        let assertions = house.history.assertions(path);
        let mut speakers: Vec<Option<VoiceNumber>> = assertions.iter().map(|a| speaker(house.history, *a)).collect();
        speakers.sort_unstable();
        speakers.dedup();
        for who in speakers {
            let own: Vec<Assertion> =
                assertions.iter().copied().filter(|a| speaker(house.history, *a) == who).collect();
            let events: Vec<&[Assertion]> = own.chunk_by(|a, b| a.event == b.event).collect();
            for (at, later) in events.iter().enumerate() {
                if let Some(earlier) = unsettled(house, &events[..at], later) {
                    found.push((Some(later[0].event), fault(house.history, path, earlier, later[0])));
                }
            }
        }
    }
    found.sort_by_key(|(event, _)| *event);
    found
}

/// Claims of voices that are parts of one whole are heard together, so their order matters, too.
fn speaker(history: &History, assertion: Assertion) -> Option<VoiceNumber> {
    let mut voice = assertion.voice?;
    for _ in 0..history.voices().len() {
        voice = history.part_of(voice).unwrap_or(voice);
    }
    Some(voice)
}

/// The nearest of the earlier events against which a later one is not settled.
fn unsettled(house: House<'_>, earlier: &[&[Assertion]], later: &[Assertion]) -> Option<Assertion> {
    let h = house.history;
    let span = h.event(later[0].event).when.start;
    earlier
        .iter()
        .rev()
        .take_while(|group| {
            let ends = h.event(group[0].event).when.start.end;
            ends > span.start || ends == span.end
        })
        .find(|group| conflict(h, group, later) && !settled(house, group[0].event, later[0].event))
        .map(|group| group[0])
}

/// Whether it matters which of two events comes first.
fn conflict(history: &History, a: &[Assertion], b: &[Assertion]) -> bool {
    let does = |group: &[Assertion]| -> Vec<Does> {
        let last_whole = group.iter().rposition(|a| {
            let change = history.change(*a);
            !change.during && matches!(change.does, Does::Set(_) | Does::Unset)
        });
        group[last_whole.unwrap_or(0)..].iter().map(|a| history.does(*a).clone()).collect()
    };
    let (a, b) = (does(a), does(b));
    a.iter().any(|one| b.iter().any(|two| matters(one, two)))
}

fn matters(a: &Does, b: &Does) -> bool {
    let meet = |a: &Value, b: &Value| matches!((a, b), (Value::Set(a), Value::Set(b)) if !a.is_disjoint(b));
    match (a, b) {
        (Does::Set(a), Does::Set(b)) => a != b,
        (Does::Unset, Does::Unset) => false,
        (Does::Set(_) | Does::Unset, _) | (_, Does::Set(_) | Does::Unset) => true,
        (Does::Add(a), Does::Remove(b)) | (Does::Remove(a), Does::Add(b)) => meet(a, b),
        _ => false,
    }
}

/// Whether a link, a correction or the order within one file says which of two events comes first.
fn settled(house: House<'_>, a: EventNumber, b: EventNumber) -> bool {
    let h = house.history;
    h.event(a).place.file == h.event(b).place.file
        || h.replaced_by(a).contains(&b)
        || h.replaced_by(b).contains(&a)
        || leads(house, a, b)
        || leads(house, b, a)
}

/// Whether links lead from one event to another. Between events of one latest moment only links among such events
/// order the replay, so only those count.
fn leads(house: House<'_>, from: EventNumber, to: EventNumber) -> bool {
    let latest = |event: EventNumber| house.history.event(event).when.start.end;
    let tie = latest(from) == latest(to);
    let begins = house.history.event(from).when.start.start;
    let reaches = |event: &EventNumber| if tie { latest(*event) == latest(to) } else { latest(*event) > begins };
    let mut open: Vec<EventNumber> = house.links.before(to).filter(reaches).collect();
    let mut seen = open.clone();
    while let Some(event) = open.pop() {
        if event == from {
            return true;
        }
        for before in house.links.before(event).filter(reaches) {
            if !seen.contains(&before) {
                seen.push(before);
                open.push(before);
            }
        }
    }
    false
}

fn fault(history: &History, path: u32, earlier: Assertion, later: Assertion) -> Diagnostic {
    let (first, second) = (history.event(earlier.event), history.event(later.event));
    let message = format!(
        "nothing settles whether `{}` comes before or after `{}`, and both change `{}`",
        second.id,
        first.id,
        history.path(path)
    );
    Diagnostic::new(Code::OrderNotSettled, history.change(later).target.place, message)
        .note(format!("`{}` changes it here", first.id), Some(history.change(earlier).target.place))
        .help(format!(
            "write `after: [{}]` in `{}`, or the other way round, or a more precise date",
            first.id, second.id
        ))
}
