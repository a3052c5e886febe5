//! What stands behind values: the events that they are made of, for whoever wants their dates, their reasons or their
//! sources, and not the values.

use std::collections::BTreeSet;

use super::replay::{at_and_globs, possible_by_path};
use super::viewpoint::{Looked, find_path, look, paths_of};
use super::{Answer, Asks, Found, Question, Refusal, answered, ask, row};
use crate::history::{EventNumber, History, PathNumber, Suppose, View};
use crate::model::moment::{Moment, Span};
use crate::timeline::Timeline;

/// The events behind the answer to a question about values, as an answer of events in listing order: of `replay` those
/// that its values and their alternatives are made of, of `why` these with their causes, of `diff` those that did it, of
/// `history` those that gave the values. Nothing for any other question. Errors: those of the question.
pub fn behind<'t>(timeline: &'t Timeline, question: &Question) -> Result<Option<Answer<'t>>, Refusal> {
    let history = timeline.history();
    let (events, Looked { view, seen }) = match &question.asks {
        Asks::Replay { words } | Asks::State { words } => {
            let (at, globs) = at_and_globs(timeline, words);
            let looked = look(timeline, &question.select.at(at)?, true)?;
            (made_of(&looked.view, &paths_of(timeline, globs)?), looked)
        }
        Asks::Why { path } => {
            let looked = look(timeline, &question.select, true)?;
            let made_of = made_of(&looked.view, &[find_path(timeline, path)?]);
            (with_causes(history, &looked.view, made_of), looked)
        }
        Asks::Diff { .. } | Asks::History { .. } => {
            let answer = ask(timeline, question)?;
            let ids: Vec<&str> = match &answer.found {
                Found::Differences(found) => found
                    .changes
                    .iter()
                    .flat_map(|change| change.caused_by.iter().map(|cause| cause.event.id()))
                    .collect(),
                Found::Course(course) => course.rows.iter().map(|row| row.event.id.as_str()).collect(),
                _ => Vec::new(),
            };
            let events = ids.into_iter().filter_map(|id| history.event_number(id)).collect();
            (events, Looked { seen: answer.view, ..look(timeline, &question.select, true)? })
        }
        _ => return Ok(None),
    };
    let ever = Span { start: Moment::PAST, end: Moment::FUTURE };
    let listed = history.listed(ever).filter(|event| events.contains(event));
    let rows = listed.map(|event| row::event_row(timeline, &view, event)).collect();
    Ok(Some(answered(timeline, seen, Found::Events(rows))))
}

/// What the values of paths and their alternatives are made of.
fn made_of(view: &View<'_>, paths: &[PathNumber]) -> BTreeSet<EventNumber> {
    let possible = possible_by_path(view);
    let mut events = BTreeSet::new();
    for path in paths {
        let held = view.held(*path, possible.get(path).map_or(&[], Vec::as_slice));
        if !held.is_something() {
            continue;
        }
        events.extend(view.contributions(*path, &held).iter().map(|assertion| assertion.event));
        events.extend(held.event);
        events.extend(held.others.iter().filter_map(|other| match other.suppose {
            Suppose::Happened(event) | Suppose::Ended(event) => Some(event),
            Suppose::Nothing => other.event,
        }));
    }
    events
}

/// Events with their causes, the causes of these, and so on, as far as they count.
fn with_causes(history: &History, view: &View<'_>, mut events: BTreeSet<EventNumber>) -> BTreeSet<EventNumber> {
    let mut open: Vec<EventNumber> = events.iter().copied().collect();
    while let Some(event) = open.pop() {
        open.extend(history.because(event).filter(|cause| view.counts(*cause) && events.insert(*cause)));
    }
    events
}
