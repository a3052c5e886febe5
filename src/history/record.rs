//! What the record says of a path: its assertions in force, folded from the latest whole one on. Knows nothing of voices.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Assertion, EventNumber, PathNumber, Suppose, View};
use crate::model::decimal::Decimal;
use crate::model::event::Does;
use crate::model::value::{Estimate, Value};

/// What the record says of a path.
#[derive(Clone, Debug)]
pub(super) struct Record<'h> {
    /// The value; nothing after an `unset`.
    pub(super) value: Option<Cow<'h, Value>>,
    /// The event that gave or last changed it.
    pub(super) event: EventNumber,
    /// The first event of the unbroken run.
    pub(super) since: EventNumber,
    /// The event of the latest assertion.
    pub(super) latest: EventNumber,
}

impl<'h> Record<'h> {
    /// What the record says after its latest word, from there on.
    pub(super) fn of(running: Running<'h>) -> Record<'h> {
        let event = running.event;
        Record { value: running.value, event, since: event, latest: event }
    }
}

/// A value on its way through assertions: what it is, and which event gave or last changed it.
#[derive(Clone, Debug)]
pub(super) struct Running<'h> {
    pub(super) value: Option<Cow<'h, Value>>,
    pub(super) event: EventNumber,
}

/// Applies one assertion; says whether it gave a value or changed it. Deltas on a value of another kind start afresh.
pub(super) fn apply<'h>(running: &mut Option<Running<'h>>, event: EventNumber, does: &'h Does) -> bool {
    let before = running.as_ref().and_then(|running| running.value.as_deref());
    let after = match does {
        Does::Unset => None,
        Does::Set(value) => Some(Cow::Borrowed(value)),
        Does::Add(members) | Does::Remove(members) => {
            return change_set(running, event, members, matches!(does, Does::Add(_)));
        }
        Does::Increase(by) | Does::Decrease(by) => {
            match changed_amount(before, by, matches!(does, Does::Increase(_))) {
                Some(sum) => Some(Cow::Owned(sum)),
                None => return false,
            }
        }
    };
    let same = running.as_ref().is_some_and(|running| running.value == after);
    *running = Some(Running { value: after, event });
    !same
}

/// Members come to a set or go from it, in place, as a set may grow by a thousand events; says whether that changed it.
fn change_set<'h>(running: &mut Option<Running<'h>>, event: EventNumber, members: &Value, comes: bool) -> bool {
    let empty = BTreeSet::new();
    let members = if let Value::Set(members) = members { members } else { &empty };
    let before = running.as_mut().and_then(|running| running.value.as_mut());
    match before.filter(|value| matches!(***value, Value::Set(_))).map(Cow::to_mut) {
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
            *running = Some(Running { value: Some(Cow::Owned(Value::Set(set))), event });
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
    let sum = start.plus(step).expect("loading refuses amounts whose sum would not be exact");
    let is_number = |value: &Value| matches!(value, Value::Scalar(_));
    let sum = match sum.best {
        Some(best) if base.is_none_or(is_number) && is_number(by) => Value::number(best),
        _ => Value::Estimate(Box::new(sum)),
    };
    (base != Some(&sum)).then_some(sum)
}

/// The record between two whole assertions: its last value, and where the run of that value begins.
struct Segment<'h> {
    running: Running<'h>,
    run: EventNumber,
    /// Where the whole assertion's event begins, if the run reaches back to it.
    reaches: Option<usize>,
}

impl<'h> View<'h> {
    /// What the record says, found from its latest assertion in force backwards.
    pub(super) fn record(&self, path: PathNumber, suppose: Suppose) -> Option<Record<'h>> {
        let at = self.history.stretches[path as usize];
        let list = &self.history.assertions[at.record as usize..at.claims as usize];
        let end = self.reach(list, suppose);
        let latest = list[..end].iter().rev().find(|assertion| self.in_force(**assertion, suppose))?.event;
        let Segment { running, run, mut reaches } = self.segment(list, end, suppose)?;
        let mut since = run;
        while let Some(end) = reaches {
            match self.segment(list, end, suppose) {
                Some(before) if before.running.value == running.value => {
                    (since, reaches) = (before.run, before.reaches)
                }
                _ => break,
            }
        }
        Some(Record { value: running.value, event: running.event, since, latest })
    }

    /// What the record says, without regard to since when.
    pub(super) fn latest_said(&self, path: PathNumber, suppose: Suppose) -> Option<Record<'h>> {
        let (list, _) = self.history.sides(path);
        Some(Record::of(self.segment(list, self.reach(list, suppose), suppose)?.running))
    }

    /// So many assertions of a list in replay order can be in force.
    pub(super) fn reach(&self, list: &[Assertion], suppose: Suppose) -> usize {
        let bound = match suppose {
            Suppose::Happened(event) => self.certain.max(event + 1),
            _ => self.certain,
        };
        list.partition_point(|assertion| assertion.event < bound)
    }

    /// Folds the assertions in force before `end` from the latest whole one on.
    fn segment(&self, list: &[Assertion], end: usize, suppose: Suppose) -> Option<Segment<'h>> {
        let in_force = |at: &usize| self.in_force(list[*at], suppose);
        let whole = (0..end).rev().filter(in_force).find(|at| list[*at].is_whole());
        let mut running: Option<Running<'h>> = None;
        let mut run: Option<EventNumber> = None;
        let (mut first, mut at) = (None, whole.unwrap_or(0));
        while at < end {
            let event = list[at].event;
            let next = at + list[at..end].partition_point(|assertion| assertion.event == event);
            let several = next - at > 1;
            let before = if several { running.clone() } else { None };
            let mut changed = false;
            let mut spoke = false;
            for assertion in list[at..next].iter().filter(|assertion| self.in_force(**assertion, suppose)) {
                changed |= apply(&mut running, event, self.history.does(*assertion));
                spoke = true;
            }
            if several && before.is_some() {
                let value = |running: &Option<Running<'h>>| running.as_ref().map(|running| running.value.clone());
                changed = value(&before) != value(&running);
            }
            if spoke && first.is_none() {
                first = Some(event);
            }
            if spoke && (changed || run.is_none()) {
                run = Some(event);
            }
            at = next;
        }
        let (running, run, first) = (running?, run?, first?);
        let start = whole.map(|at| list[..at].partition_point(|assertion| assertion.event < list[at].event));
        Some(Segment { running, run, reaches: start.filter(|_| run == first) })
    }
}
