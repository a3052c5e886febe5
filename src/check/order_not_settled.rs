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

use rustc_hash::FxHashSet;

use crate::history::{Assertion, EventNumber, History, VoiceNumber};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::Does;
use crate::model::moment::Span;
use crate::model::value::Value;

use super::{Finding, House};

/// Finds, for every change, the nearest earlier one that it is not settled against.
pub(super) fn find(house: House<'_>) -> Vec<Finding> {
    let history = house.history;
    let wholes: Vec<VoiceNumber> = (0..history.voices().len() as u32).map(|voice| whole(history, voice)).collect();
    let mut found = Vec::new();
    for path in 0..history.paths().len() as u32 {
        let mut assertions: Vec<Assertion> = history.assertions(path).to_vec();
        let speaker = |assertion: &Assertion| assertion.voice().map(|voice| wholes[voice as usize]);
        assertions.sort_by_key(speaker);
        for own in assertions.chunk_by(|a, b| speaker(a) == speaker(b)).filter(|own| may_conflict(history, own)) {
            let events: Vec<Changes> = own.chunk_by(|a, b| a.event == b.event).map(|own| net(history, own)).collect();
            for (at, later) in events.iter().enumerate() {
                if let Some(earlier) = unsettled(house, &events[..at], later) {
                    found.push((Some(later.first.event), fault(history, path, earlier, later.first)));
                }
            }
        }
    }
    found.sort_by_key(|(event, _)| *event);
    found
}

/// What one event does to a path in the end: from its last plain whole value on.
struct Changes {
    first: Assertion,
    does: Vec<Does>,
}

fn net(history: &History, own: &[Assertion]) -> Changes {
    let is_whole = |a: &Assertion| !a.is_during() && a.is_whole();
    let from = own.iter().rposition(is_whole).unwrap_or(0);
    Changes { first: own[0], does: own[from..].iter().map(|a| history.does(*a)).collect() }
}

/// The voice that a voice is a part of in the end. Claims of voices that are parts of one whole are heard together, so
/// their order matters, too.
fn whole(history: &History, voice: VoiceNumber) -> VoiceNumber {
    let above = std::iter::successors(Some(voice), |voice| history.part_of(*voice));
    above.take(history.voices().len()).last().unwrap_or(voice)
}

/// Whether any two of the events could be unsettled: those whose dates do not meet are not, nor are those of one file,
/// and sums come out the same in any order, as do sets that only grow or only shrink.
fn may_conflict(history: &History, own: &[Assertion]) -> bool {
    let span = |assertion: &Assertion| history.start(assertion.event);
    // They stand in the order of their latest moments, so one that meets any before it meets the one just before it.
    let meet = |pair: &[Assertion]| pair[0].event != pair[1].event && meets(span(&pair[0]), span(&pair[1]));
    if !own.windows(2).any(meet) {
        return false;
    }
    let file = |assertion: &Assertion| history.file(assertion.event);
    let all = |is: fn(&Does) -> bool| own.iter().all(|assertion| is(&history.does(*assertion)));
    !(own.iter().all(|assertion| file(assertion) == file(&own[0]))
        || all(|does| matches!(does, Does::Increase(_) | Does::Decrease(_)))
        || all(|does| matches!(does, Does::Add(_)))
        || all(|does| matches!(does, Does::Remove(_))))
}

/// Whether of two dates, the one with the earlier latest moment first, either may be the earlier.
fn meets(first: Span, second: Span) -> bool {
    first.end > second.start || first.end == second.end
}

/// An event is held against so many of those before it: where a long chain is linked from each to the next, walking
/// all of it for every pair would take for ever.
const NEAR: usize = 64;

/// The nearest of the earlier events against which a later one is not settled.
fn unsettled(house: House<'_>, earlier: &[Changes], later: &Changes) -> Option<Assertion> {
    let when = |changes: &Changes| house.history.start(changes.first.event);
    let span = when(later);
    let conflict = |changes: &Changes| changes.does.iter().any(|one| later.does.iter().any(|two| matters(one, two)));
    let mut near = earlier.iter().rev().take(NEAR).take_while(|changes| meets(when(changes), span));
    near.find(|one| conflict(one) && !settled(house, one.first.event, later.first.event)).map(|one| one.first)
}

/// Whether it matters which of two changes comes first.
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
    h.file(a) == h.file(b)
        || h.replaced_by(a).any(|by| by == b)
        || h.replaced_by(b).any(|by| by == a)
        || leads(house, a, b)
        || leads(house, b, a)
}

/// Whether links lead from one event to another. Between events of one latest moment only links among such events
/// order the replay, so only those count.
fn leads(house: House<'_>, from: EventNumber, to: EventNumber) -> bool {
    let latest = |event: EventNumber| house.history.start(event).end;
    let tie = latest(from) == latest(to);
    let begins = house.history.start(from).start;
    let reaches = |event: &EventNumber| if tie { latest(*event) == latest(to) } else { latest(*event) > begins };
    let mut open: Vec<EventNumber> = house.history.before(to).filter(reaches).collect();
    let mut seen: FxHashSet<EventNumber> = open.iter().copied().collect();
    while let Some(event) = open.pop() {
        if event == from {
            return true;
        }
        for before in house.history.before(event).filter(reaches) {
            if seen.insert(before) {
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
