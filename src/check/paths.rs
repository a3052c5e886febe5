//! Paths over the whole chronicle: a path is a value or a branch, keeps its kind of value between two unsets, and its
//! amounts always have an exact sum (2-replay, The value of a path). What breaks that is a load fault.

use rustc_hash::FxHashMap;

use super::Loose;
use crate::history::{LooseNumber, ShortChange};
use crate::model::decimal::Decimal;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::text::Place;
use crate::model::value::{Estimate, Kind, Value};

/// A change, by its event and its place among the changes of that.
type Told = (LooseNumber, usize);

/// Finds every fault of paths; `order` has the events in replay order. Gives those that break a rule; of a path that is
/// a value and a branch, those that give it a value.
pub fn find(loose: Loose<'_>, order: &[LooseNumber], faults: &mut Vec<Diagnostic>) -> Vec<LooseNumber> {
    let mut refused = branches(loose, order, faults);
    refused.extend(kinds(loose, order, faults));
    refused.extend(sums(loose, order, faults));
    refused
}

/// Every change on one path, with its path.
fn changes<'a>(
    loose: Loose<'a>,
    order: &'a [LooseNumber],
) -> impl Iterator<Item = (Told, ShortChange<'a>, usize)> + 'a {
    order.iter().flat_map(move |row| {
        let changes = loose.gathered.changes(*row).enumerate();
        changes.filter_map(move |(at, change)| Some(((*row, at), change, change.target().ok()? as usize)))
    })
}

/// Where a change names its path.
fn place(loose: Loose<'_>, (row, at): Told) -> Place {
    let event = loose.read(row);
    event.changes.get(at).map_or(event.name_place, |change| change.target.place)
}

/// A path that has a value and paths below it.
fn branches(loose: Loose<'_>, order: &[LooseNumber], faults: &mut Vec<Diagnostic>) -> Vec<LooseNumber> {
    let named = loose.gathered.paths();
    let mut first: Vec<Option<Told>> = vec![None; named.len()];
    for (told, _, path) in changes(loose, order) {
        first[path].get_or_insert(told);
    }
    let mut paths: Vec<usize> = (0..named.len()).filter(|path| first[*path].is_some()).collect();
    paths.sort_unstable_by(|a, b| named[*a].cmp(&named[*b]));
    let mut above = vec![false; named.len()];
    for pair in paths.windows(2) {
        let ([above_it, below], [Some(at), Some(below_at)]) = ([pair[0], pair[1]], [first[pair[0]], first[pair[1]]])
        else {
            continue;
        };
        if named[above_it].is_above(&named[below]) {
            let (path, below) = (&named[above_it], &named[below]);
            let message = format!("`{path}` has a value, and so has `{below}` below it");
            let fault = Diagnostic::new(Code::PathIsBranch, place(loose, at), message)
                .note(format!("`{below}` stands here"), Some(place(loose, below_at)))
                .help(format!(
                    "give the value a name of its own, such as `{path}.status`; to unset all below write `{path}.**`"
                ));
            faults.push(fault);
            above[above_it] = true;
        }
    }
    if !above.contains(&true) {
        return Vec::new();
    }
    changes(loose, order).filter(|(_, _, path)| above[*path]).map(|((row, _), ..)| row).collect()
}

/// A path whose kind of value changes without an `unset` of the record between.
fn kinds(loose: Loose<'_>, order: &[LooseNumber], faults: &mut Vec<Diagnostic>) -> Vec<LooseNumber> {
    let named = loose.gathered.paths();
    let mut kinds: Vec<Option<(Kind, Told)>> = vec![None; named.len()];
    let mut matching: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    let mut refused = Vec::new();
    let mut ordered: Vec<(usize, ShortChange)> = Vec::new();
    for row in order {
        ordered.clear();
        ordered.extend(loose.gathered.changes(*row).enumerate());
        ordered.sort_by_key(|(_, change)| change.rank());
        for (at, change) in &ordered {
            let Some(kind) = change.kind() else {
                if !change.is_of_record() || change.rank() != 0 {
                    continue;
                }
                match change.target() {
                    Ok(path) => kinds[path as usize] = None,
                    Err(pattern) => {
                        let all = || (0..named.len()).filter(|path| pattern.matches(&named[*path])).collect();
                        for path in matching.entry(pattern.as_str()).or_insert_with(all) {
                            kinds[*path] = None;
                        }
                    }
                }
                continue;
            };
            let Ok(path) = change.target() else { continue };
            let told = (*row, *at);
            let (before, first) = *kinds[path as usize].get_or_insert((kind, told));
            if before != kind {
                let message = format!("`{}` holds {}, and here {}", named[path as usize], before.name(), kind.name());
                let fault = Diagnostic::new(Code::KindChanges, place(loose, told), message)
                    .note(format!("here it is {}", before.name()), Some(place(loose, first)))
                    .help("keep to one kind of value, use another path, or `unset` the path first");
                faults.push(fault);
                refused.push(*row);
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
fn sums(loose: Loose<'_>, order: &[LooseNumber], faults: &mut Vec<Diagnostic>) -> Vec<LooseNumber> {
    let named = loose.gathered.paths();
    let mut summed = vec![false; named.len()];
    let steps = changes(loose, order).filter(|(_, change, _)| change.rank() >= DECREASE);
    steps.for_each(|(.., path)| summed[path] = true);
    if !summed.contains(&true) {
        return Vec::new();
    }
    let mut amounts: FxHashMap<usize, Amounts> = FxHashMap::default();
    let mut refused = Vec::new();
    for (told, change, path) in changes(loose, order).filter(|(_, _, path)| summed[*path]) {
        let Some(amount) = change.value().as_ref().and_then(Value::amount).filter(|_| change.is_of_record()) else {
            continue;
        };
        let amount = if matches!(change.rank(), DECREASE | DECREASE_DURING) { amount.negated() } else { amount };
        let known = amounts.entry(path).or_insert(Amounts { scale: 0, sums: [0; 3], shared: [true; 3] });
        let (code, message, help) = match known.with(amount) {
            None => (
                Code::SumOverflows,
                format!(
                    "the amounts on `{}` together have more than 38 digits, so their sum would not be exact",
                    named[path]
                ),
                "use a larger unit, or fewer digits after the point",
            ),
            Some(sum) if sum.shared == [false; 3] => (
                Code::EstimatesShareNoPart,
                format!("this estimate shares no part with the others on `{}`, so they have no sum", named[path]),
                "give all of them `best`, or all of them `low` and `high`",
            ),
            Some(sum) => {
                *known = sum;
                continue;
            }
        };
        faults.push(Diagnostic::new(code, place(loose, told), message).help(help));
        refused.push(told.0);
    }
    refused.dedup();
    refused
}

/// The ranks of a `decrease`, plain and held; those of an `increase` follow.
const DECREASE: u8 = 8;
const DECREASE_DURING: u8 = 9;

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
