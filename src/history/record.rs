//! What the record says of a path: its assertions in force, folded from the latest whole one on. Knows nothing of voices.

use std::collections::BTreeSet;

use super::tables::MarkRow;
use super::{Assertion, EventNumber, History, PathNumber, Suppose, View};
use crate::model::decimal::Decimal;
use crate::model::event::Does;
use crate::model::value::{Estimate, Value};

/// Why no sum of amounts fails.
pub(super) const EXACT: &str = "loading refuses amounts whose sum would not be exact";

/// What the record says of a path.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// The value; nothing after an `unset`.
    pub(super) value: Option<Value>,
    /// The event that gave or last changed it.
    pub(super) event: EventNumber,
    /// The first event of the unbroken run.
    pub(super) since: EventNumber,
    /// The event of the latest assertion.
    pub(super) latest: EventNumber,
}

impl Record {
    /// What the record says after its latest word, from there on.
    pub(super) fn of(running: Running) -> Record {
        let event = running.event;
        Record { value: running.value, event, since: event, latest: event }
    }
}

/// A value on its way through assertions: what it is, and which event gave or last changed it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Running {
    pub(super) value: Option<Value>,
    pub(super) event: EventNumber,
}

/// Applies one assertion; says whether it gave a value or changed it. Deltas on a value of another kind start afresh.
pub(super) fn apply(running: &mut Option<Running>, event: EventNumber, does: Does) -> bool {
    let after = match does {
        Does::Unset => None,
        Does::Set(value) => Some(value),
        Does::Add(ref members) | Does::Remove(ref members) => {
            return change_set(running, event, members, matches!(does, Does::Add(_)));
        }
        Does::Increase(ref by) | Does::Decrease(ref by) => {
            let before = running.as_ref().and_then(|running| running.value.as_ref());
            match changed_amount(before, by, matches!(does, Does::Increase(_))) {
                Some(sum) => Some(sum),
                None => return false,
            }
        }
    };
    let same = running.as_ref().is_some_and(|running| running.value == after);
    *running = Some(Running { value: after, event });
    !same
}

/// Members come to a set or go from it, in place, as a set may grow by a thousand events; says whether that changed it.
fn change_set(running: &mut Option<Running>, event: EventNumber, members: &Value, comes: bool) -> bool {
    let empty = BTreeSet::new();
    let members = if let Value::Set(members) = members { members } else { &empty };
    let before = running.as_mut().and_then(|running| running.value.as_mut());
    match before {
        Some(Value::Set(set)) => {
            if members.iter().all(|member| set.contains(member) == comes) {
                return false;
            }
            if comes {
                set.extend(members.iter().cloned());
            } else {
                for member in members {
                    set.remove(member);
                }
            }
            running.iter_mut().for_each(|running| running.event = event);
        }
        _ => {
            let set = if comes { members.clone() } else { empty };
            *running = Some(Running { value: Some(Value::Set(set)), event });
        }
    }
    true
}

/// The sum after an increase or decrease; nothing where that changes nothing.
///
/// # Panics
/// Where the sum is not exact or has no part: `Timeline::load` lets no path in whose amounts could come to that.
fn changed_amount(before: Option<&Value>, by: &Value, up: bool) -> Option<Value> {
    let amount = by.amount().unwrap_or_default();
    let step = if up { amount } else { amount.negated() };
    let base = before.filter(|value| value.amount().is_some());
    let start = base.and_then(Value::amount).unwrap_or(Estimate::exactly(Decimal::ZERO));
    let sum = start.plus(step).expect(EXACT);
    let is_number = |value: &Value| matches!(value, Value::Scalar(_));
    let sum = match sum.best {
        Some(best) if base.is_none_or(is_number) && is_number(by) => Value::number(best),
        _ => Value::Estimate(Box::new(sum)),
    };
    (base != Some(&sum)).then_some(sum)
}

/// The record between two whole assertions: its last value, and where the run of that value begins.
struct Segment {
    running: Running,
    run: EventNumber,
    /// Where the whole assertion's event begins, if the run reaches back to it.
    reaches: Option<usize>,
}

impl View<'_> {
    /// What the record says, found from its latest assertion in force backwards. The run of its value is followed to its
    /// beginning only if it is `dated`; else `since` is that of the last segment.
    pub(super) fn record(&self, path: PathNumber, suppose: Suppose, dated: bool) -> Option<Record> {
        let list = self.history.record_of(path);
        let end = self.reach(list, suppose);
        let latest = list[..end].iter().rev().find(|assertion| self.in_force(**assertion, suppose))?.event;
        let mark = self.mark(path, list, end);
        let Segment { running, run, mut reaches } = self.segment(list, end, suppose, mark)?;
        let mut since = run;
        while let Some(end) = reaches.filter(|_| dated) {
            match self.segment(list, end, suppose, self.mark(path, list, end)) {
                Some(before) if before.running.value == running.value => {
                    (since, reaches) = (before.run, before.reaches)
                }
                _ => break,
            }
        }
        Some(Record { value: running.value, event: running.event, since, latest })
    }

    /// What the record says, without regard to since when.
    pub(super) fn latest_said(&self, path: PathNumber, suppose: Suppose) -> Option<Record> {
        let list = self.history.record_of(path);
        let end = self.reach(list, suppose);
        Some(Record::of(self.segment(list, end, suppose, self.mark(path, list, end))?.running))
    }

    /// So many assertions of a list in replay order can be in force.
    pub(super) fn reach(&self, list: &[Assertion], suppose: Suppose) -> usize {
        let bound = match suppose {
            Suppose::Happened(event) => self.certain.max(event + 1),
            _ => self.certain,
        };
        list.partition_point(|assertion| assertion.event < bound)
    }

    /// The last mark among the first assertions of a path, where everything counts and is certain before it.
    fn mark(&self, path: PathNumber, list: &[Assertion], end: usize) -> Option<(usize, MarkRow)> {
        let tables = &self.history.tables;
        let row = tables.paths.at(path as usize);
        if row.marks == row.marks_end || !self.counting.is_plain() {
            return None;
        }
        let sure = list[..end].partition_point(|assertion| assertion.event < self.certain);
        let first = |mark: &MarkRow| (mark.assertion - row.record) as usize;
        let marks = tables.marks.range(row.marks as usize..row.marks_end as usize);
        let at = marks.partition_point(|mark| first(mark) <= sure).checked_sub(1)?;
        Some((first(&marks[at]), marks[at]))
    }

    /// Folds the assertions in force before `end` from the latest whole one on, or from a mark behind that.
    fn segment(
        &self,
        list: &[Assertion],
        end: usize,
        suppose: Suppose,
        mark: Option<(usize, MarkRow)>,
    ) -> Option<Segment> {
        let from = mark.map_or(0, |(at, _)| at);
        let in_force = |at: &usize| self.in_force(list[*at], suppose);
        let whole = (from..end).rev().filter(in_force).find(|at| list[*at].is_whole());
        let mut fold = Fold::default();
        if let (None, Some((_, mark))) = (whole, mark) {
            fold = Fold::from(mark, self.history.value_at(mark.value as usize));
        }
        let mut at = whole.unwrap_or(from);
        while at < end {
            let next = at + list[at..end].partition_point(|assertion| assertion.event == list[at].event);
            fold.event(self, &list[at..next], suppose);
            at = next;
        }
        let Fold { running, run, first } = fold;
        let (running, run, first) = (running?, run?, first?);
        let start = whole.map(|at| list[..at].partition_point(|assertion| assertion.event < list[at].event));
        Some(Segment { running, run, reaches: start.filter(|_| run == first) })
    }

    /// Folds all that the record plainly says of a path, and tells after so many assertions as a mark should stand at:
    /// how many those are, the value, the event that last changed it, and the one since which it holds.
    pub(super) fn walk(&self, path: PathNumber, mut tell: impl FnMut(u32, &Value, EventNumber, EventNumber)) {
        let list = self.history.record_of(path);
        let mut fold = Fold::default();
        let (mut at, mut told) = (0, 0);
        while at < list.len() {
            let next = at + list[at..].partition_point(|assertion| assertion.event == list[at].event);
            fold.event(self, &list[at..next], Suppose::Nothing);
            at = next;
            // A value before its time would be wrong where a whole one stands alone: it needs no mark either.
            let is_delta = list[..at].iter().rev().take(History::REACH).all(|assertion| !assertion.is_whole());
            if let (true, Some(Running { value: Some(value), event }), Some(run)) = (is_delta, &fold.running, fold.run)
            {
                let members = if let Value::Set(members) = value { members.len() } else { 0 };
                if at - told >= History::REACH.max(members) {
                    tell(at as u32, value, *event, run);
                    told = at;
                }
            }
        }
    }
}

/// A fold over the assertions of one path, event by event.
#[derive(Default)]
struct Fold {
    running: Option<Running>,
    /// The first event of the unbroken run.
    run: Option<EventNumber>,
    /// The first event that spoke.
    first: Option<EventNumber>,
}

impl Fold {
    /// What had come of it at a mark. That the mark's run may be its first event's says nothing of what came before,
    /// which the mark has looked into.
    fn from(mark: MarkRow, value: Value) -> Fold {
        let running = Running { value: Some(value), event: mark.event };
        Fold { running: Some(running), run: Some(mark.since), first: Some(mark.event) }
    }

    /// Hears what of one event's assertions is in force.
    fn event(&mut self, view: &View<'_>, own: &[Assertion], suppose: Suppose) {
        let event = own[0].event;
        let before = if own.len() > 1 { self.running.clone() } else { None };
        let (mut changed, mut spoke) = (false, false);
        for assertion in own.iter().filter(|assertion| view.in_force(**assertion, suppose)) {
            changed |= apply(&mut self.running, event, view.history.does(*assertion));
            spoke = true;
        }
        if before.is_some() {
            let value = |running: &Option<Running>| running.as_ref().map(|running| running.value.clone());
            changed = value(&before) != value(&self.running);
        }
        if spoke && self.first.is_none() {
            self.first = Some(event);
        }
        if spoke && (changed || self.run.is_none()) {
            self.run = Some(event);
        }
    }
}
