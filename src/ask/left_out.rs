//! What a `--without` left out, and the events that stand while a cause of theirs is gone. Knows nothing of values.

use std::collections::BTreeSet;

use super::viewpoint::{Looked, look};
use super::{CauseGone, LeftOut, Refusal, Selectors, row};
use crate::history::{EventNumber, View};
use crate::timeline::Timeline;

/// The events that the filters of `--without` leave out of a viewpoint, which else would count and have happened at its
/// moment or may have; and those that do and have one of them as a cause, directly or through others that do not count.
pub(super) fn find<'t>(
    timeline: &'t Timeline,
    select: &Selectors,
    looked: &Looked<'t>,
) -> Result<LeftOut<'t>, Refusal> {
    if select.without.is_empty() {
        return Ok(LeftOut::default());
    }
    let with_all = Selectors { at: None, without: Vec::new(), ..select.clone() };
    let view = &looked.view;
    let all = view.counting_as(&look(timeline, &with_all, true)?.view);
    let happened = |view: &View, event: EventNumber| view.is_certain(event) || view.is_possible(event);
    let numbers = || 0..timeline.history().len() as u32;
    let left_out: BTreeSet<EventNumber> =
        numbers().filter(|event| happened(&all, *event) && !view.counts(*event)).collect();
    let gone = numbers().filter(|event| happened(view, *event)).filter_map(|event| {
        let because = causes_among(timeline, view, event, &left_out);
        let named = || because.iter().map(|cause| row::event(timeline, *cause)).collect();
        (!because.is_empty()).then(|| CauseGone { event: row::event(timeline, event), because: named() })
    });
    let causes_gone = gone.collect();
    let events = left_out.into_iter().map(|event| row::event(timeline, event)).collect();
    Ok(LeftOut { events, causes_gone })
}

/// The events of a set that are causes of an event, with no event that counts between them.
fn causes_among(
    timeline: &Timeline,
    view: &View,
    event: EventNumber,
    among: &BTreeSet<EventNumber>,
) -> BTreeSet<EventNumber> {
    let because = |event: EventNumber| timeline.history().because(event);
    let mut open: Vec<EventNumber> = because(event).collect();
    let mut seen = BTreeSet::new();
    while let Some(cause) = open.pop() {
        if !view.counts(cause) && seen.insert(cause) {
            open.extend(because(cause));
        }
    }
    seen.intersection(among).copied().collect()
}
