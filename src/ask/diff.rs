//! `diff`: what differs between two viewpoints, and which events did it.

use std::collections::BTreeSet;

use super::replay::possible_by_path;
use super::viewpoint::{Looked, is_moment, look, paths_of, with_names};
use super::{
    Answer, Cause, Difference, DifferenceKind, Differences, Found, Named, Refusal, Selectors, Side, Step, answered,
    left_out, row,
};
use crate::history::{Assertion, EventNumber, Held, PathNumber, Suppose, Turn, View};
use crate::model::value::{Scalar, Value};
use crate::timeline::Timeline;

/// Answers `diff A B [GLOB…]` and `diff A [GLOB…]` with selectors.
pub(super) fn answer<'t>(
    timeline: &'t Timeline,
    select: &Selectors,
    words: &[String],
    versus: Option<&str>,
    steps: bool,
) -> Result<Answer<'t>, Refusal> {
    let moments = words.iter().take(2).take_while(|word| is_moment(timeline, word)).count();
    if let (0, Some(first), None) = (moments, words.first(), &select.at) {
        // It is no moment: looking it up says why.
        look(timeline, &Selectors { at: Some(first.clone()), ..Selectors::default() }, true)?;
    }
    let (moments, globs) = words.split_at(moments);
    let (left, right, with) = sides(timeline, select, moments, versus)?;
    let select = right;
    let (left, right) = (look(timeline, &left, with)?, look(timeline, &select, true)?);
    let chosen: BTreeSet<PathNumber> = paths_of(timeline, globs)?.into_iter().collect();
    let steps = match steps {
        true if moments.len() < 2 || versus.is_some() => {
            return Err(Refusal::bad("`--steps` goes from one date to another: it wants two dates and one viewpoint"));
        }
        true => Some(all_steps(timeline, &left.view, &right.view, &chosen)),
        false => None,
    };
    let changes = differences(timeline, &left, &right, &chosen);
    let left_out = Box::new(left_out::find(timeline, &select, &right)?);
    let found = Differences { from: left.seen, left_out, changes, steps };
    Ok(answered(timeline, right.seen, Found::Differences(found)))
}

/// The selectors of both sides, and whether the left one has the events that `--with` added: between two dates both
/// have the same; at one date the left side is the plain viewpoint.
fn sides(
    timeline: &Timeline,
    select: &Selectors,
    moments: &[String],
    versus: Option<&str>,
) -> Result<(Selectors, Selectors, bool), Refusal> {
    let (mut left, right, with) = match moments {
        [from, to] => {
            (Selectors { at: None, ..select.clone() }.at(Some(from.clone()))?, select.at(Some(to.clone()))?, true)
        }
        rest => {
            let right = select.at(rest.first().cloned())?;
            let plain = Selectors { at: right.at.clone(), ..Selectors::default() };
            if right == plain && versus.is_none() && with_names(timeline).is_empty() {
                return Err(Refusal::bad("`diff` compares two viewpoints, and this is one")
                    .help("give a second date, or a selector such as `--known-by`, `--according-to` or `--without`"));
            }
            (plain, right, false)
        }
    };
    match versus.map(|versus| (versus, versus.strip_prefix("known-by:"))) {
        Some((_, Some(date))) => left.known_by = Some(date.to_owned()),
        Some((voice, None)) => left.according_to = Some(voice.to_owned()),
        None => {}
    }
    Ok((left, right, with))
}

/// One difference for each path that differs.
fn differences<'t>(
    timeline: &'t Timeline,
    left: &Looked<'t>,
    right: &Looked<'t>,
    chosen: &BTreeSet<PathNumber>,
) -> Vec<Difference<'t>> {
    let (before, after) = (possible_by_path(&left.view), possible_by_path(&right.view));
    let possible = |by_path: &std::collections::BTreeMap<PathNumber, Vec<Suppose>>, path: PathNumber| {
        by_path.get(&path).cloned().unwrap_or_default()
    };
    let paths = left.view.may_differ(&right.view).into_iter().filter(|path| chosen.contains(path));
    paths
        .filter_map(|path| {
            let (before, after) = (possible(&before, path), possible(&after, path));
            let held = (left.view.held_now(path, &before), right.view.held_now(path, &after));
            (!held.0.is_same(&held.1)).then(|| difference(timeline, path, (&left.view, held.0), (&right.view, held.1)))
        })
        .collect()
}

/// What became of a path that differs.
pub(super) fn difference<'t>(
    timeline: &'t Timeline,
    path: PathNumber,
    (left, before): (&View<'t>, Held<'t>),
    (right, after): (&View<'t>, Held<'t>),
) -> Difference<'t> {
    let caused_by = causes(timeline, path, (left, &before), (right, &after));
    let members = |held: &Held<'t>| match held.value.as_deref() {
        Some(Value::Set(members)) => members.clone(),
        _ => BTreeSet::new(),
    };
    let (old, new) = (members(&before), members(&after));
    let only = |a: &BTreeSet<Scalar>, b: &BTreeSet<Scalar>| a.difference(b).cloned().collect();
    Difference {
        path: timeline.history().path(path),
        kind: match (&before.value, &after.value) {
            (None, Some(_)) => DifferenceKind::Added,
            (Some(_), None) => DifferenceKind::Removed,
            _ => DifferenceKind::Changed,
        },
        members_added: only(&new, &old),
        members_removed: only(&old, &new),
        caused_by,
        before: row::fact(timeline, path, before),
        after: row::fact(timeline, path, after),
    }
}

/// The events that contribute to one side's value and not to the other's; where both are made of different words of the
/// same events, these; where they are made of the same words, the events behind the alternatives that one side has.
fn causes<'t>(
    timeline: &'t Timeline,
    path: PathNumber,
    (left, before): (&View<'t>, &Held<'t>),
    (right, after): (&View<'t>, &Held<'t>),
) -> Vec<Cause<'t>> {
    let made_of = (left.contributions(path, before), right.contributions(path, after));
    let events = |made_of: &[Assertion]| -> BTreeSet<EventNumber> { made_of.iter().map(|one| one.event).collect() };
    let others = |one: &Held<'t>, two: &Held<'t>| -> BTreeSet<EventNumber> {
        let only = one.others.iter().filter(|other| !two.others.iter().any(|same| same.is_same(other)));
        only.filter_map(|other| other.event).collect()
    };
    let cause = |event: &EventNumber, side| Cause { event: Named::Indexed(timeline.history(), *event), side };
    let mut sides = (events(&made_of.0), events(&made_of.1));
    if sides.0 == sides.1 && made_of.0 != made_of.1 {
        return sides.0.iter().map(|event| cause(event, Side::Both)).collect();
    }
    if sides.0 == sides.1 {
        sides = (others(before, after), others(after, before));
    }
    let one_side = |event: &EventNumber| if sides.1.contains(event) { Side::After } else { Side::Before };
    sides.0.symmetric_difference(&sides.1).map(|event| cause(event, one_side(event))).collect()
}

/// One step for each event, and each end of what one held, between two moments of one viewpoint, in the order in which
/// they happened; from the later to the earlier moment in the opposite order.
fn all_steps<'t>(
    timeline: &'t Timeline,
    left: &View<'t>,
    right: &View<'t>,
    chosen: &BTreeSet<PathNumber>,
) -> Vec<Step<'t>> {
    let back = (left.moment(), left.certain()) > (right.moment(), right.certain());
    let (early, late) = if back { (right, left) } else { (left, right) };
    let mut steps = Vec::new();
    let mut now = early.clone();
    for (then, turn) in late.turns_since(early) {
        let (event, ends) = match turn {
            Turn::Start(event) => (event, false),
            Turn::End(event) => (event, true),
        };
        let mut changes = Vec::new();
        for path in timeline.history().touched(event).iter().filter(|path| chosen.contains(path)) {
            let (before, after) = (now.held(*path, &[]), then.held(*path, &[]));
            if !before.is_same(&after) {
                let (old, new) = ((&now, before), (&then, after));
                changes.push(if back {
                    difference(timeline, *path, new, old)
                } else {
                    difference(timeline, *path, old, new)
                });
            }
        }
        if !changes.is_empty() {
            steps.push(Step { event: row::event_row(timeline, late, event), ends, changes });
        }
        now = then;
    }
    if back {
        steps.reverse();
    }
    steps
}
