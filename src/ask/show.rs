//! `show`: events whole, with what they changed.

use super::diff::difference;
use super::viewpoint::look;
use super::{Answer, Found, Refusal, Selectors, Shown, answered, row};
use crate::model::diagnostic::nearest;
use crate::timeline::Timeline;

/// Answers `show EVENT…`.
pub(super) fn answer<'t>(timeline: &'t Timeline, select: &Selectors, events: &[String]) -> Result<Answer<'t>, Refusal> {
    let looked = look(timeline, select, true)?;
    let view = &looked.view;
    let history = timeline.history();
    let mut shown = Vec::new();
    for id in events {
        let number = timeline
            .event_number(id)
            .ok_or_else(|| Refusal::not_found(format!("no event has the id `{id}`"), nearest(id, timeline.ids())))?;
        let (before, after) = (view.at_event(number, false), view.at_event(number, true));
        let touched = history.touched(number).iter().filter(|_| view.counts(number));
        let changed = touched.filter_map(|path| {
            let (old, new) = (before.held(*path, &[]), after.held(*path, &[]));
            (!old.is_same(&new)).then(|| difference(timeline, *path, (&before, old), (&after, new)))
        });
        let voids = history.replaced_by(number).filter(|correction| view.stands(*correction));
        shown.push(Shown {
            event: row::event_row(timeline, view, number),
            counts: view.counts(number),
            void_by: voids.map(|correction| history.id(correction)).collect(),
            changed: changed.collect(),
        });
    }
    Ok(answered(timeline, looked.seen, Found::Shown(shown)))
}
