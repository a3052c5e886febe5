//! `stats`: what a chronicle is made of: its events and their dates, the sources that its values rest on, who claims
//! what beside the record, and where it is silent.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike};

use super::check::is_disputed;
use super::hinges::origin_of;
use super::viewpoint::look;
use super::{Answer, Counts, EventRow, Found, Refusal, Selectors, SourceRow, Standing, answered, row};
use crate::history::{EventNumber, View, VoiceNumber};
use crate::model::date::Precision;
use crate::model::event::{Citation, Cited, Event};
use crate::model::moment::Moment;
use crate::timeline::Timeline;

/// Counts of a chronicle in a viewpoint: of the events that count, where a moment is asked for those that may have
/// happened by then.
#[derive(Clone, Debug)]
pub struct Stats<'t> {
    /// How many events the state rests on.
    pub counts: Counts,
    /// How many events are counted below.
    pub events: usize,
    /// The event that begins first, and the one that begins last.
    pub span: Option<(EventRow<'t>, EventRow<'t>)>,
    /// The years in which dates begin, astronomical, in the chronicle's time zone, with their events; no year is empty.
    pub years: Vec<(i64, usize)>,
    /// How fine the dates are, the finest first.
    pub precision: Vec<(Precision, usize)>,
    /// Dates with `~` or `%`.
    pub approximate: usize,
    /// Dates with `?` or `%`.
    pub uncertain: usize,
    /// The longest time in which no event can have begun.
    pub silence: Option<Silence<'t>>,
    /// The state's values.
    pub values: ValueCounts,
    /// Every source, that which most values rest on first.
    pub sources: Vec<SourceCount<'t>>,
    /// Every voice with a claim in force, that which most often says otherwise than the record first.
    pub voices: Vec<VoiceCount<'t>>,
}

/// A time without events.
#[derive(Clone, Debug)]
pub struct Silence<'t> {
    /// The event before it.
    pub after: EventRow<'t>,
    /// The event that ends it.
    pub before: EventRow<'t>,
    /// Whole days between the latest moment at which the one, and the earliest at which the other may have begun.
    pub days: u64,
}

/// How the values of a state stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ValueCounts {
    /// On record.
    pub record: usize,
    /// Only claimed, and by nobody otherwise.
    pub claimed: usize,
    /// Paths without a value, because voices disagree.
    pub disputed: usize,
    /// Values that somebody claims otherwise.
    pub otherwise: usize,
    /// Values that rest on no source.
    pub without_source: usize,
    /// Values that rest on one source alone.
    pub on_one_source: usize,
}

/// What rests on a source.
#[derive(Clone, Copy, Debug)]
pub struct SourceCount<'t> {
    /// The source, as it was first cited.
    pub source: SourceRow<'t>,
    /// The events that cite it.
    pub events: usize,
    /// The values that an event made which cites it.
    pub values: usize,
    /// Those of them that no other source stands behind.
    pub alone: usize,
}

/// What a voice claims.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VoiceCount<'t> {
    /// The voice.
    pub voice: &'t str,
    /// The paths of which it claims something.
    pub claims: usize,
    /// Those of them that have a value on record.
    pub beside_record: usize,
    /// Those of these of which it claims another value.
    pub differ: usize,
}

/// What tells one source from another: its id, else its url, else title, publisher and date (1-format, An event).
type SourceKey<'t> = (Option<&'t str>, Option<&'t str>, [Option<&'t str>; 3]);

/// Answers `stats`.
pub(super) fn answer<'t>(timeline: &'t Timeline, select: &Selectors) -> Result<Answer<'t>, Refusal> {
    let looked = look(timeline, select, true)?;
    let view = &looked.view;
    let history = timeline.history();
    let dated = select.at.is_some();
    let numbers: Vec<EventNumber> = (0..history.len() as u32)
        .filter(|event| view.counts(*event) && (!dated || view.is_certain(*event) || view.is_possible(*event)))
        .collect();
    let events = || numbers.iter().map(|number| history.event(*number));
    let row = |number: EventNumber| row::event_row(timeline, view, number);
    let begins = |number: &EventNumber| (history.when(*number).written.start, *number);
    let ends = numbers.iter().copied().min_by_key(begins).zip(numbers.iter().copied().max_by_key(begins));
    let (certain, possible) = view.count();
    let (values, sources) = values_and_sources(timeline, view, &numbers);
    let stats = Stats {
        counts: Counts { certain, possible, total: history.len() },
        events: numbers.len(),
        span: ends.map(|(first, last)| (row(first), row(last))),
        years: counted(events().filter_map(|event| year_of(timeline, event))).into_iter().collect(),
        precision: counted(events().map(|event| event.date.value.precision())).into_iter().rev().collect(),
        approximate: events().filter(|event| event.date.value.is_approximate()).count(),
        uncertain: events().filter(|event| event.date.value.is_uncertain()).count(),
        silence: longest_silence(timeline, &numbers).map(|(after, before, days)| Silence {
            after: row(after),
            before: row(before),
            days,
        }),
        values,
        sources,
        voices: voices(timeline, view),
    };
    Ok(answered(timeline, looked.seen, Found::Stats(Box::new(stats))))
}

/// How often each is there, in order.
fn counted<T: Ord>(items: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    items.for_each(|item| *counts.entry(item).or_default() += 1);
    counts
}

/// The year in which the date of an event begins; of an open beginning the one in which it ends.
fn year_of(timeline: &Timeline, event: &Event) -> Option<i64> {
    let written = event.when.written;
    // An end is the first moment after it.
    let second = match (written.start.is_finite(), written.end.is_finite()) {
        (true, _) => written.start.seconds(),
        (false, true) => written.end.seconds().saturating_sub(1),
        (false, false) => return None,
    };
    let local = DateTime::from_timestamp(second, 0).map(|utc| utc.with_timezone(&timeline.manifest().calendar.zone));
    local.map(|local| i64::from(local.year())).or_else(|| {
        // Beyond the calendar's reach the year in UTC is near enough.
        let text = Moment::new(second, 0).to_string();
        let (year, _) = text.rsplit_once('-')?.0.rsplit_once('-')?;
        year.parse().ok()
    })
}

/// The longest time between the latest moment at which some events may have begun and the earliest of the next one; an
/// event with an open beginning ends no silence.
fn longest_silence(timeline: &Timeline, numbers: &[EventNumber]) -> Option<(EventNumber, EventNumber, u64)> {
    let start = |number: EventNumber| timeline.history().start(number);
    let mut begun: Vec<EventNumber> = numbers.to_vec();
    begun.retain(|number| start(*number).start.is_finite() && start(*number).end.is_finite());
    begun.sort_by_key(|number| (start(*number).start, *number));
    let mut longest: Option<(EventNumber, EventNumber, i64)> = None;
    let mut last: Option<EventNumber> = None;
    for number in begun {
        let silent = last.map(|last| (last, start(number).start.seconds().saturating_sub(start(last).end.seconds())));
        if let Some((last, seconds)) = silent.filter(|(_, seconds)| longest.is_none_or(|(.., most)| *seconds > most)) {
            longest = Some((last, number, seconds));
        }
        last = last.filter(|last| start(*last).end >= start(number).end).or(Some(number));
    }
    let (after, before, seconds) = longest?;
    Some((after, before, u64::try_from(seconds / 86_400).ok().filter(|days| *days > 0)?))
}

/// How the values of the state stand, and what of it rests on each source.
fn values_and_sources<'t>(
    timeline: &'t Timeline,
    view: &View<'t>,
    numbers: &[EventNumber],
) -> (ValueCounts, Vec<SourceCount<'t>>) {
    let history = timeline.history();
    let mut sources: BTreeMap<SourceKey<'t>, SourceCount<'t>> = BTreeMap::new();
    for number in numbers {
        let mut cited = BTreeSet::new();
        for citation in history.event(*number).citations() {
            let source = SourceRow { citation, source: timeline.source(citation) };
            let fresh = SourceCount { source, events: 0, values: 0, alone: 0 };
            let count = sources.entry(key(citation)).or_insert(fresh);
            count.events += usize::from(cited.insert(key(citation)));
        }
    }
    let mut values = ValueCounts::default();
    for path in 0..history.paths().len() as u32 {
        let held = view.held(path, &[]);
        values.disputed += usize::from(held.standing == Standing::Disputed);
        if held.value.is_none() {
            continue;
        }
        let made_of = view.contributions(path, &held);
        let cited = made_of.into_iter().flat_map(|assertion| {
            let voice = assertion.voice().map(|voice| history.voices()[voice as usize].as_str());
            history.event(assertion.event).citations_of(voice)
        });
        let cited: Vec<&Citation> = cited.collect();
        let behind: BTreeSet<SourceKey> = cited.iter().map(|citation| key(citation)).collect();
        let origins: BTreeSet<String> = cited.iter().map(|citation| origin_of(timeline, citation)).collect();
        let fact = row::fact(timeline, path, held);
        values.record += usize::from(fact.standing == Standing::Record);
        values.claimed += usize::from(fact.standing == Standing::Claimed);
        values.otherwise += usize::from(is_disputed(&fact));
        values.without_source += usize::from(behind.is_empty());
        values.on_one_source += usize::from(origins.len() == 1);
        for source in &behind {
            if let Some(count) = sources.get_mut(source) {
                count.values += 1;
                count.alone += usize::from(origins.len() == 1);
            }
        }
    }
    let mut sources: Vec<SourceCount> = sources.into_values().collect();
    sources.sort_by_key(|count| std::cmp::Reverse((count.values, count.alone, count.events)));
    (values, sources)
}

fn key(citation: &Citation) -> SourceKey<'_> {
    match (&citation.source, citation.source_id()) {
        (_, Some(id)) => (Some(id), None, [None; 3]),
        (Cited::InPlace(source), None) if source.url.is_some() => (None, source.url.as_deref(), [None; 3]),
        (Cited::InPlace(source), None) => {
            let date = source.date.as_ref().map(|date| date.value.text());
            (None, None, [source.title.as_deref(), source.publisher.as_deref(), date])
        }
        (Cited::ById(id), None) => (Some(&id.value), None, [None; 3]),
    }
}

/// What each voice claims, and how often it says otherwise than the record.
fn voices<'t>(timeline: &'t Timeline, view: &View<'t>) -> Vec<VoiceCount<'t>> {
    let history = timeline.history();
    let mut counts: BTreeMap<VoiceNumber, VoiceCount> = BTreeMap::new();
    for path in 0..history.paths().len() as u32 {
        let (record, claims) = view.record_and_claims(path);
        for (voice, value) in claims {
            let name = history.voices()[voice as usize].as_str();
            let fresh = VoiceCount { voice: name, claims: 0, beside_record: 0, differ: 0 };
            let count = counts.entry(voice).or_insert(fresh);
            count.claims += 1;
            count.beside_record += usize::from(record.is_some());
            count.differ += usize::from(record.as_ref().is_some_and(|record| *record != value));
        }
    }
    let mut counts: Vec<VoiceCount> = counts.into_values().collect();
    counts.sort_by_key(|count| std::cmp::Reverse((count.differ, count.claims)));
    counts
}
