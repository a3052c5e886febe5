//! # contradiction
//!
//! Two events in one voice give one path different values for one time, and nothing says that one came after the other.
//!
//! One time is the same day as written, or a moment within the same day; or, of what events hold `during`, a stretch in
//! which both certainly hold. One voice is the record, or the same voice in both claims: that two voices disagree is no
//! fault but what claims are for. An event that follows the other by its links (`because`, `after`), directly or through
//! others, changes the value and does not contradict it; so does a correction (`replaces`), which makes the other void.
//! Two events in one file need the link as well: their order there says which is replayed first, not that both are true.
//!
//! One wants this because the replay takes the later of the two in silence. Say which came after which; or correct the
//! one that is mistaken; or, if nobody knows, leave it out of the record and let each side claim its own.
//!
//! A file that breaks it:
//!
//! ```yaml
//! # sitting.yaml
//! date: 1789-06-20
//! title: The estates meet in the tennis court
//! sources: [{title: Minutes of the assembly}]
//! set: {assembly.deputies: 576}
//! ```
//! ```yaml
//! # count.yaml
//! date: 1789-06-20
//! title: The deputies are counted
//! sources: [{title: Memoirs of Bailly}]
//! set: {assembly.deputies: 577}
//! ```
//!
//! Mended:
//!
//! ```yaml
//! # sitting.yaml
//! date: 1789-06-20
//! title: The estates meet in the tennis court
//! claims:
//!   minutes:
//!     set: {assembly.deputies: 576}
//!     sources: [{title: Minutes of the assembly}]
//! ```
//! ```yaml
//! # count.yaml
//! date: 1789-06-20
//! title: The deputies are counted
//! claims:
//!   bailly:
//!     set: {assembly.deputies: 577}
//!     sources: [{title: Memoirs of Bailly}]
//! ```

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use crate::history::{Assertion, History, PathNumber};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::moment::{Moment, Span};

use super::lineage::Lineage;
use super::origin::name;
use super::turns::by_speaker;
use super::{Finding, House};

/// Finds, for every whole value, the nearest before it that says otherwise of the same time.
pub(super) fn find(house: House<'_>) -> Vec<Finding> {
    let history = house.history;
    let counting = house.counting();
    let mut lineage = Lineage::new(history);
    let mut found = Vec::new();
    for path in (0..).take(history.paths().len()) {
        if history.assertions(path).len() < 2 {
            continue;
        }
        for own in by_speaker(history, &counting, path) {
            let sets: Vec<Assertion> = own.into_iter().filter(|assertion| assertion.is_set()).collect();
            let pairs = on_one_day(history, &sets).into_iter().chain(at_one_time(history, &sets));
            let mut apart = |(a, b): &(Assertion, Assertion)| {
                history.does(*a) != history.does(*b)
                    && !lineage.follows(b.event, a.event)
                    && !lineage.follows(a.event, b.event)
            };
            found.extend(pairs.filter(|pair| apart(pair)).map(|(a, b)| (Some(b.event), fault(history, path, a, b))));
        }
    }
    found.sort_by_key(|(event, _)| *event);
    found
}

/// The day or the moment within a day on which an event happened, or began, as written.
fn day(history: &History, assertion: Assertion) -> Option<Span> {
    /// A day on which clocks are set back, and then some: zones have moved by more than an hour.
    const LONGEST: i64 = 26 * 3600;
    let when = history.when(assertion.event);
    // Only of an interval, and of what lasts, does the start say something else.
    let is_interval = when.ending.is_some() && history.event(assertion.event).date.value.is_interval();
    let span = if is_interval { when.start } else { when.written };
    let is_short = span.start.is_finite() && span.end.seconds().saturating_sub(span.start.seconds()) <= LONGEST;
    is_short.then_some(span)
}

/// When what an event holds `during` certainly holds.
fn stretch(history: &History, assertion: Assertion) -> Option<Span> {
    let when = history.when(assertion.event);
    let ending = when.ending.filter(|_| assertion.is_during())?;
    Some(Span { start: when.start.end, end: ending.from })
}

/// Each of the values that are given for a day, with the one before it if that is of the same day. Of days that meet the
/// one that ends last before another meets it, so neighbours are enough.
fn on_one_day(history: &History, sets: &[Assertion]) -> Vec<(Assertion, Assertion)> {
    let dated = sets.iter().filter_map(|set| Some((day(history, *set)?, *set)));
    let mut dated: Vec<(Span, Assertion)> = dated.collect();
    dated.sort_by_key(|(day, set)| (day.end, set.event));
    let both_last = |a: Assertion, b: Assertion| {
        stretch(history, a).zip(stretch(history, b)).is_some_and(|(one, two)| one.overlaps(two))
    };
    let neighbours = dated.windows(2).filter(|pair| pair[0].0.overlaps(pair[1].0));
    let pairs = neighbours.map(|pair| (pair[0].1, pair[1].1)).filter(|(a, b)| !both_last(*a, *b));
    pairs.map(|(a, b)| if a.event < b.event { (a, b) } else { (b, a) }).collect()
}

/// Each of the values that are held `during` an event, with the latest that begins before it and holds beside it.
fn at_one_time(history: &History, sets: &[Assertion]) -> Vec<(Assertion, Assertion)> {
    let mut pairs = Vec::new();
    let mut ends: BinaryHeap<Reverse<(Moment, usize)>> = BinaryHeap::new();
    let mut holding: BTreeSet<usize> = BTreeSet::new();
    // Replay order is by the moment from which each certainly holds.
    for (at, set) in sets.iter().enumerate() {
        let Some(held) = stretch(history, *set).filter(|held| held.start < held.end) else { continue };
        while let Some(Reverse((end, ended))) = ends.peek().copied()
            && end <= held.start
        {
            ends.pop();
            holding.remove(&ended);
        }
        pairs.extend(holding.last().map(|before| (sets[*before], *set)));
        holding.insert(at);
        ends.push(Reverse((held.end, at)));
    }
    pairs
}

fn fault(history: &History, path: PathNumber, a: Assertion, b: Assertion) -> Diagnostic {
    let (first, second) = (history.event(a.event), history.event(b.event));
    let time = if first.date.value == second.date.value {
        format!("for {}", second.date.value.words())
    } else if stretch(history, a).zip(stretch(history, b)).is_some() {
        "at one time".to_owned()
    } else {
        "for one day".to_owned()
    };
    let (path, change) = (history.path(path), history.change(b));
    let message = match &change.voice {
        None => format!("`{}` and `{}` give `{path}` different values {time}", first.id, second.id),
        Some(voice) => {
            format!("in `{}` and `{}` `{voice}` claims different values of `{path}` {time}", first.id, second.id)
        }
    };
    let side = |assertion: Assertion| {
        let (event, change) = (history.event(assertion.event), history.change(assertion));
        let citations = event.citations_of(change.voice.as_deref());
        let sources: Vec<String> = citations.iter().map(|citation| format!("`{}`", name(citation))).collect();
        let sources =
            if sources.is_empty() { "without a source".to_owned() } else { format!("from {}", sources.join(", ")) };
        let value = change.does.value().map(ToString::to_string).unwrap_or_default();
        (format!("`{}` has `{value}`, {sources}", event.id), Some(change.target.place))
    };
    let (one, other) = (side(a), side(b));
    Diagnostic::new(Code::Contradiction, change.target.place, message).note(one.0, one.1).note(other.0, other.1).help(
        format!(
            "if `{}` came after, write `after: [{}]` in it; correct what is mistaken; or let each side claim its own",
            second.id, first.id
        ),
    )
}
