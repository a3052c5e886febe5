//! `list`: the events that count, in listing order.

use super::filter::Filter;
use super::viewpoint::{look, written_span};
use super::{Answer, Found, Refusal, Selectors, answered, row};
use crate::model::moment::{Moment, Span};
use crate::timeline::Timeline;

/// Which of the events that count are listed, and how.
pub(super) struct Wanted<'q> {
    pub(super) filters: &'q [String],
    pub(super) since: Option<&'q str>,
    pub(super) until: Option<&'q str>,
    pub(super) reverse: bool,
    pub(super) limit: Option<usize>,
}

/// The chronicle as events: those that count, in listing order, as `list` has them; or all, in replay order, those that
/// are void, too.
pub fn whole(timeline: &Timeline, all: bool) -> Result<Answer<'_>, Refusal> {
    if !all {
        let wanted = Wanted { filters: &[], since: None, until: None, reverse: false, limit: None };
        return answer(timeline, &Selectors::default(), wanted);
    }
    let looked = look(timeline, &Selectors::default(), true)?;
    let numbers = (0..).zip(timeline.ids()).map(|(number, _)| number);
    let rows = numbers.map(|event| row::event_row(timeline, &looked.view, event)).collect();
    Ok(answered(timeline, looked.seen, Found::Events(rows)))
}

/// Answers `list`.
pub(super) fn answer<'t>(
    timeline: &'t Timeline,
    select: &Selectors,
    wanted: Wanted<'_>,
) -> Result<Answer<'t>, Refusal> {
    let looked = look(timeline, select, true)?;
    let view = &looked.view;
    let filters: Result<Vec<Filter>, Refusal> =
        wanted.filters.iter().map(|text| Filter::parse(text, timeline)).collect();
    let filters = filters?;
    let span = |text: Option<&str>| text.map(|text| written_span(timeline, text)).transpose();
    let window = Span {
        start: span(wanted.since)?.map_or(Moment::PAST, |span| span.start),
        end: span(wanted.until)?.map_or(Moment::FUTURE, |span| span.end),
    };
    let history = timeline.history();
    let overlaps = |written: Span| {
        let starts_in_time = written.start < window.end || window.end == Moment::FUTURE;
        starts_in_time && (window.start < written.end || window.start == Moment::PAST)
    };
    let mut events: Vec<u32> = history
        .listed(window)
        .filter(|event| view.counts(*event))
        .filter(|event| select.at.is_none() || view.is_certain(*event) || view.is_possible(*event))
        .filter(|event| overlaps(history.when(*event).written))
        .filter(|event| filters.iter().all(|filter| filter.matches(history, *event)))
        .collect();
    if wanted.reverse {
        events.reverse();
    }
    events.truncate(wanted.limit.unwrap_or(usize::MAX));
    let rows = events.into_iter().map(|event| row::event_row(timeline, view, event)).collect();
    Ok(answered(timeline, looked.seen, Found::Events(rows)))
}
