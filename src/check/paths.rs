//! Paths over the whole chronicle: a path is a value or a branch, keeps its kind of value between two unsets, and its
//! amounts always have an exact sum (2-replay, The value of a path). What breaks that is a load fault.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::decimal::Decimal;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::{Change, Does, Event, Target};
use crate::model::path::Path;
use crate::model::text::Place;
use crate::model::value::{Estimate, Kind, Value};

/// Finds every fault of paths; `events` stand in replay order. Gives the places in `events` of those that break a rule;
/// of a path that is a value and a branch, those that give it a value.
pub fn find(events: &[&Event], faults: &mut Vec<Diagnostic>) -> Vec<usize> {
    let mut refused = branches(events, faults);
    refused.extend(kinds(events, faults));
    refused.extend(sums(events, faults));
    refused
}

/// Every change on one path, with the number of its event.
fn changes<'a>(events: &'a [&'a Event]) -> impl Iterator<Item = (usize, &'a Change, &'a Path)> {
    events.iter().enumerate().flat_map(|(at, event)| {
        event.changes.iter().filter_map(move |change| match &change.target.value {
            Target::Path(path) => Some((at, change, path)),
            Target::Pattern(_) => None,
        })
    })
}

/// A path that has a value and paths below it.
fn branches(events: &[&Event], faults: &mut Vec<Diagnostic>) -> Vec<usize> {
    let mut first: FxHashMap<&Path, Place> = FxHashMap::default();
    for (_, change, path) in changes(events) {
        first.entry(path).or_insert(change.target.place);
    }
    let mut paths: Vec<&Path> = first.keys().copied().collect();
    paths.sort_unstable();
    let mut above: FxHashSet<&Path> = FxHashSet::default();
    for pair in paths.windows(2) {
        if pair[0].is_above(pair[1]) {
            let message = format!("`{}` has a value, and so has `{}` below it", pair[0], pair[1]);
            let fault = Diagnostic::new(Code::PathIsBranch, first[pair[0]], message)
                .note(format!("`{}` stands here", pair[1]), Some(first[pair[1]]))
                .help(format!(
                    "give the value a name of its own, such as `{}.status`; to unset all below write `{}.**`",
                    pair[0], pair[0]
                ));
            faults.push(fault);
            above.insert(pair[0]);
        }
    }
    changes(events).filter(|(_, _, path)| above.contains(path)).map(|(at, ..)| at).collect()
}

/// A path whose kind of value changes without an `unset` of the record between.
fn kinds(events: &[&Event], faults: &mut Vec<Diagnostic>) -> Vec<usize> {
    let mut kinds: FxHashMap<&Path, (Kind, Place)> = FxHashMap::default();
    let named: FxHashSet<&Path> = changes(events).map(|(_, _, path)| path).collect();
    let mut matching: FxHashMap<&str, Vec<&Path>> = FxHashMap::default();
    let mut refused = Vec::new();
    for (at, event) in events.iter().enumerate() {
        let mut ordered: Vec<&Change> = event.changes.iter().collect();
        ordered.sort_by_key(|change| change.does.rank(change.during));
        for change in ordered {
            if matches!(change.does, Does::Unset) {
                if change.voice.is_none() && !change.during {
                    match &change.target.value {
                        Target::Path(path) => {
                            kinds.remove(path);
                        }
                        Target::Pattern(pattern) => {
                            let all = || named.iter().copied().filter(|path| pattern.matches(path)).collect();
                            for path in matching.entry(pattern.as_str()).or_insert_with(all) {
                                kinds.remove(*path);
                            }
                        }
                    }
                }
                continue;
            }
            let (Target::Path(path), Some(value)) = (&change.target.value, change.does.value()) else { continue };
            let kind = value.kind();
            let (before, place) = *kinds.entry(path).or_insert((kind, change.target.place));
            if before != kind {
                let message = format!("`{path}` holds {}, and here {}", before.name(), kind.name());
                let fault = Diagnostic::new(Code::KindChanges, change.target.place, message)
                    .note(format!("here it is {}", before.name()), Some(place))
                    .help("keep to one kind of value, use another path, or `unset` the path first");
                faults.push(fault);
                refused.push(at);
            }
        }
    }
    refused
}

/// What the amounts on one path come to, whatever viewpoint leaves out: the sums of their absolute sizes part by part
/// on one scale, and the parts that all of them have.
struct Amounts {
    scale: u8,
    sums: [i128; 3],
    shared: [bool; 3],
}

/// Amounts that could come to a sum with too many digits, or without any part.
fn sums(events: &[&Event], faults: &mut Vec<Diagnostic>) -> Vec<usize> {
    let summed: FxHashSet<&Path> = changes(events)
        .filter(|(_, change, _)| matches!(change.does, Does::Increase(_) | Does::Decrease(_)))
        .map(|(_, _, path)| path)
        .collect();
    let mut amounts: FxHashMap<&Path, Amounts> = FxHashMap::default();
    let mut refused = Vec::new();
    for (at, change, path) in changes(events) {
        let Some(amount) = change.does.value().and_then(Value::amount) else { continue };
        if change.voice.is_some() || !summed.contains(path) {
            continue;
        }
        let amount = if matches!(change.does, Does::Decrease(_)) { amount.negated() } else { amount };
        let known = amounts.entry(path).or_insert(Amounts { scale: 0, sums: [0; 3], shared: [true; 3] });
        let fault = match known.with(amount) {
            None => Diagnostic::new(
                Code::SumOverflows,
                change.target.place,
                format!("the amounts on `{path}` together have more than 38 digits, so their sum would not be exact"),
            )
            .help("use a larger unit, or fewer digits after the point"),
            Some(sum) if sum.shared == [false; 3] => Diagnostic::new(
                Code::EstimatesShareNoPart,
                change.target.place,
                format!("this estimate shares no part with the others on `{path}`, so they have no sum"),
            )
            .help("give all of them `best`, or all of them `low` and `high`"),
            Some(sum) => {
                *known = sum;
                continue;
            }
        };
        faults.push(fault);
        refused.push(at);
    }
    refused.dedup();
    refused
}

impl Amounts {
    /// With one amount more; nothing where that has too many digits.
    fn with(&self, amount: Estimate) -> Option<Amounts> {
        let parts = [amount.low, amount.best, amount.high];
        let scale = parts.iter().flatten().map(|part| part.scale()).fold(self.scale, u8::max);
        let mut sums = [0; 3];
        for (at, part) in parts.iter().enumerate() {
            let before = Decimal::new(self.sums[at], self.scale)?.units_at(scale)?;
            let more = part.map_or(Some(0), |part| part.absolute().units_at(scale))?;
            sums[at] = before.checked_add(more)?;
            Decimal::new(sums[at], 0)?;
        }
        let shared = [0, 1, 2].map(|at| self.shared[at] && parts[at].is_some());
        Some(Amounts { scale, sums, shared })
    }
}
