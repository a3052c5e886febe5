//! Turns what the index says, in numbers, into rows of answers, in words. Knows nothing of particular questions.

use super::{Alternative, EventRow, Fact, SourceRow};
use crate::history::{EventNumber, Held, Other, Suppose, Turn, View};
use crate::model::event::{Citation, Event};
use crate::timeline::Timeline;

/// What holds of a path, in words.
pub(super) fn fact<'t>(timeline: &'t Timeline, path: u32, held: Held<'t>) -> Fact<'t> {
    let history = timeline.history();
    let path = history.path(path);
    let rule = timeline.manifest().rule(path);
    let voices = |numbers: &[u32]| numbers.iter().map(|voice| history.voices()[*voice as usize].as_str()).collect();
    let alternative = |other: Other<'t>| Alternative {
        claimed_by: voices(&other.claimed_by),
        since: match other.suppose {
            Suppose::Ended(event) => Some(timeline.end_text(event)),
            _ => other.since.map(|event| history.start_text(event)),
        },
        event: other.event.map(|event| history.id(event)),
        value: other.value,
        standing: other.standing,
        possible: other.suppose != Suppose::Nothing,
    };
    Fact {
        path,
        standing: held.standing,
        since: held.since.map(|event| history.start_text(event)),
        event: held.event.map(|event| history.id(event)),
        claimed_by: voices(&held.claimed_by),
        record_moved_on: held.record_moved_on,
        alternatives: held.others.into_iter().map(alternative).collect(),
        value: held.value,
        label: rule.and_then(|rule| rule.label.as_deref()),
        unit: rule.and_then(|rule| rule.unit.as_deref()),
    }
}

/// An event as a row.
pub(super) fn event_row<'t>(timeline: &'t Timeline, view: &View<'t>, number: EventNumber) -> EventRow<'t> {
    of_event(timeline, view, number, timeline.history().event(number))
}

/// The row of an event that was read by whoever asks.
pub(super) fn of_event<'t>(
    timeline: &'t Timeline,
    view: &View<'t>,
    number: EventNumber,
    event: &'t Event,
) -> EventRow<'t> {
    let sources = |list: &'t [Citation]| -> Vec<SourceRow<'t>> {
        list.iter().map(|citation| SourceRow { citation, source: timeline.source(citation) }).collect()
    };
    let text = timeline.texts().file(event.place.file);
    EventRow {
        event,
        certain: view.is_certain(number),
        possible: view.is_possible(number),
        sources: sources(&event.sources),
        claim_sources: event.claim_sources.iter().map(|(voice, list)| (voice.value.as_str(), sources(list))).collect(),
        file: &text.name,
        line: timeline.history().line(number),
    }
}

/// The row of the event with an id that an answer names.
pub(super) fn row_of<'t>(timeline: &'t Timeline, view: &View<'t>, id: Option<&str>) -> Option<EventRow<'t>> {
    Some(event_row(timeline, view, timeline.event_number(id?)?))
}

/// The date of a turn, as written.
pub(super) fn turn_text(timeline: &Timeline, turn: Turn) -> &str {
    match turn {
        Turn::Start(event) => timeline.history().start_text(event),
        Turn::End(event) => timeline.end_text(event),
    }
}

/// The event of a number.
pub(super) fn event(timeline: &Timeline, number: EventNumber) -> &Event {
    timeline.history().event(number)
}
