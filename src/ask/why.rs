//! `why`: a value and its reasons.

use std::collections::BTreeSet;

use super::replay::possible_by_path;
use super::viewpoint::{find_path, look};
use super::{Answer, Because, Contribution, Found, Overruled, Reasons, Refusal, Selectors, answered, row};
use crate::history::{EventNumber, Held, PathNumber, Standing, Stretch, View};
use crate::model::value::{Kind, Value};
use crate::timeline::Timeline;

/// Causes of causes are told to this depth; beyond it a chain is cut, and says so.
const DEPTH: usize = 64;

/// Answers `why PATH`.
pub(super) fn answer<'t>(timeline: &'t Timeline, select: &Selectors, path: &str) -> Result<Answer<'t>, Refusal> {
    let looked = look(timeline, select, true)?;
    let view = &looked.view;
    let path = find_path(timeline, path)?;
    let possible = possible_by_path(view).remove(&path).unwrap_or_default();
    let held = view.held(path, &possible);
    let is_made = |value: &Value| matches!(value.kind(), Kind::Set | Kind::Amount);
    let made_of = match held.value.as_deref().filter(|value| held.standing == Standing::Record && is_made(value)) {
        Some(_) => view.contributions(path, &held),
        None => Vec::new(),
    };
    let contributions = made_of
        .into_iter()
        .map(|assertion| Contribution {
            change: timeline.history().change(assertion),
            event: row::event(timeline, assertion.event),
        })
        .collect();
    let because =
        held.event.map_or_else(Vec::new, |event| causes(timeline, view, event, &mut BTreeSet::from([event]), DEPTH));
    let given_by = held.event.map(|event| row::event_row(timeline, view, event));
    let overruled = overruled(timeline, view, path, &held);
    let fact = row::fact(timeline, path, held);
    let otherwise = fact.alternatives.iter().map(|other| row::row_of(timeline, view, other.event)).collect();
    let reasons = Reasons { fact, given_by, contributions, because, overruled, otherwise };
    Ok(answered(timeline, looked.seen, Found::Reasons(Box::new(reasons))))
}

/// The causes of an event that count in the viewpoint, as a tree in which no event is told twice.
fn causes<'t>(
    timeline: &'t Timeline,
    view: &View<'t>,
    event: EventNumber,
    told: &mut BTreeSet<EventNumber>,
    depth: usize,
) -> Vec<Because<'t>> {
    let history = timeline.history();
    let mut tree = Vec::new();
    for cause in history.because(event).filter(|cause| view.counts(*cause)) {
        let new = told.insert(cause);
        let has_causes = history.because(cause).next().is_some();
        let cut = has_causes && (!new || depth == 0);
        let because = if cut || !has_causes { Vec::new() } else { causes(timeline, view, cause, told, depth - 1) };
        tree.push(Because { event: row::event_row(timeline, view, cause), because, cut });
    }
    tree
}

/// The values before the present one, by whoever gives it, the latest first.
fn overruled<'t>(timeline: &'t Timeline, view: &View<'t>, path: PathNumber, held: &Held<'t>) -> Vec<Overruled<'t>> {
    let voice = match held.standing {
        Standing::Disputed => return Vec::new(),
        Standing::Claimed => held.claimed_by.first().copied(),
        Standing::Record | Standing::None => None,
    };
    let past = |stretch: &Stretch<'t>| stretch.voice == voice && stretch.certain && stretch.to.is_some();
    let course = view.course(path, &[]).into_iter().filter(past);
    let mut overruled: Vec<Overruled<'t>> = course
        .map(|stretch| Overruled {
            from: row::turn_text(timeline, stretch.from),
            to: stretch.to.map(|turn| row::turn_text(timeline, turn)),
            event: row::event(timeline, stretch.event),
            value: stretch.value,
        })
        .collect();
    overruled.reverse();
    overruled
}
