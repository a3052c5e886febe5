//! `show`: events whole, with what they changed.

use super::diff::difference;
use super::viewpoint::look;
use super::{Answer, Found, Refusal, Selectors, Shown, answered, row};
use crate::history::{EventNumber, View};
use crate::model::diagnostic::nearest;
use crate::timeline::Timeline;

/// Answers `show EVENT…`.
pub(super) fn answer<'t>(timeline: &'t Timeline, select: &Selectors, events: &[String]) -> Result<Answer<'t>, Refusal> {
    let looked = look(timeline, select, true)?;
    let numbers: Result<Vec<EventNumber>, Refusal> = events.iter().map(|id| find_event(timeline, id)).collect();
    let shown = numbers?.into_iter().map(|number| shown(timeline, &looked.view, number)).collect();
    Ok(answered(timeline, looked.seen, Found::Shown(shown)))
}

/// The number of the event with an id.
pub(super) fn find_event(timeline: &Timeline, id: &str) -> Result<EventNumber, Refusal> {
    timeline.event_number(id).ok_or_else(|| {
        let near = nearest(id, timeline.ids());
        Refusal::not_found(format!("no event has the id `{id}`"), near)
    })
}

/// One event whole.
pub(super) fn shown<'t>(timeline: &'t Timeline, view: &View<'t>, number: EventNumber) -> Shown<'t> {
    let (before, after) = (view.at_event(number, false), view.at_event(number, true));
    let touched = timeline.history().touched(number).iter().filter(|_| view.counts(number));
    let changed = touched.filter_map(|path| {
        let (old, new) = (before.held(*path, &[]), after.held(*path, &[]));
        (!old.is_same(&new)).then(|| difference(timeline, *path, (&before, old), (&after, new)))
    });
    Shown {
        event: row::event_row(timeline, view, number),
        counts: view.counts(number),
        void_by: void_by(timeline, view, number),
        changed: changed.collect(),
    }
}

/// The ids of the events that make an event void in a viewpoint.
pub(super) fn void_by<'t>(timeline: &'t Timeline, view: &View<'t>, number: EventNumber) -> Vec<&'t str> {
    let history = timeline.history();
    let voids = history.replaced_by(number).filter(|correction| view.stands(*correction));
    voids.map(|correction| history.id(correction)).collect()
}
