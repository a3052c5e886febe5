//! What stands on a time line: an event for when it happened, or a value for as long as it held; and the dates of a
//! calendar that come nearest to when that was. Knows nothing of the forms that show it.

use std::borrow::Cow;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::document;
use crate::ask::{Answer, Branch, CourseRow, EventRow, Found};
use crate::model::date::{Calendar, Date, End, Precision};
use crate::model::manifest::Manifest;
use crate::model::moment::{Moment, Span};
use crate::render::words;

/// What stands on a time line.
#[derive(Clone, Debug)]
pub struct Entry<'t> {
    /// Unique in what is exported, and the same every time.
    pub id: String,
    /// One line.
    pub title: Cow<'t, str>,
    /// A few sentences.
    pub summary: Option<&'t str>,
    /// Its date as written, in EDTF; of a value the interval for which it held, with the day on which a side begins that no
    /// interval can have.
    pub edtf: String,
    /// The same in English.
    pub words: String,
    /// The days or times nearest to it, of an open start the last that it may be; nothing where it has neither a beginning
    /// nor an end.
    pub stretch: Option<Stretch>,
    /// From when on it was publicly known, else when it had happened.
    pub known: Moment,
    /// The event; of a value nothing.
    pub row: Option<&'t EventRow<'t>>,
}

/// Whole years, months or days, or times, one after another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stretch {
    /// What it is made of.
    pub unit: Unit,
    /// The first of them, as clocks of the chronicle show it.
    pub first: Clock,
    /// The last of them.
    pub last: Clock,
    /// Where it ends: the beginning of what comes next.
    pub after: Clock,
    /// The moments of `first` and `last`.
    pub moments: (Moment, Moment),
    /// Whether it goes on for ever, or nobody knows until when; then `last` is `first`.
    pub is_open: bool,
}

/// What a stretch is made of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Unit {
    /// Years.
    Year,
    /// Months.
    Month,
    /// Days.
    Day,
    /// Times, to the minute or finer.
    Time,
}

/// What a clock shows; of a year beyond those of the calendar only the year counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Clock {
    /// The year; 0 is 1 BCE.
    pub year: i64,
    /// From 1.
    pub month: u32,
    /// From 1.
    pub day: u32,
    /// The time of day.
    pub time: NaiveTime,
}

/// What an answer has for a time line; nothing, if it is no answer of that sort.
pub fn entries<'t>(answer: &'t Answer<'t>, manifest: &'t Manifest) -> Option<Vec<Entry<'t>>> {
    if let Found::Course(course) = &answer.found {
        let rule = manifest.rule(course.path);
        let label = rule.and_then(|rule| rule.label.as_deref()).unwrap_or(course.path.as_str());
        let unit = rule.and_then(|rule| rule.unit.as_deref());
        let held = course.rows.iter().filter(|row| row.value.is_some());
        return Some(held.map(|row| of_value(course.path.as_str(), label, unit, row, &manifest.calendar)).collect());
    }
    Some(events(answer)?.into_iter().map(|row| of_event(row, &manifest.calendar)).collect())
}

/// The events of an answer that is made of events, each once; nothing of any other answer.
pub fn events<'t>(answer: &'t Answer<'t>) -> Option<Vec<&'t EventRow<'t>>> {
    fn add<'t>(branches: &'t [Branch<'t>], rows: &mut Vec<&'t EventRow<'t>>) {
        for branch in branches {
            rows.push(&branch.event);
            add(&branch.below, rows);
        }
    }
    match &answer.found {
        Found::Events(rows) => Some(rows.iter().collect()),
        Found::Shown(shown) => Some(shown.iter().map(|shown| &shown.event).collect()),
        Found::Trace(trace) => {
            let mut rows = Vec::new();
            add(&trace.because, &mut rows);
            rows.reverse();
            rows.push(&trace.event);
            add(&trace.consequences, &mut rows);
            let mut seen = std::collections::BTreeSet::new();
            rows.retain(|row| seen.insert(row.event.id.as_str()));
            Some(rows)
        }
        _ => None,
    }
}

fn of_event<'t>(row: &'t EventRow<'t>, calendar: &Calendar) -> Entry<'t> {
    let event = row.event;
    let date = &event.date.value;
    let until = event.until.as_ref().map(|until| &until.value);
    let written = event.when.written;
    let end = until.and_then(|until| until.reckon(calendar).ok()).map(|until| until.written.start);
    // The end of an interval of times is a time, and no stretch.
    let point = match date.reckon(calendar).ok().and_then(|reckoned| reckoned.end) {
        Some(End::At { span, .. }) if date.end_text().is_some_and(|end| end.contains(['T', 't'])) => Some(span.start),
        _ => None,
    };
    let (start, precision) = beginning(date, calendar);
    let end = end.or(point).filter(|end| *end > start).unwrap_or(written.end);
    let is_point = until.is_none() && matches!(precision, Precision::Minute | Precision::Second | Precision::Fraction);
    let known = [event.when.known, event.when.start.end, written.end, written.start];
    Entry {
        id: document::id(event),
        title: Cow::Borrowed(&event.title.value),
        summary: event.summary.as_ref().map(|summary| summary.value.as_str()),
        edtf: date.text().to_owned(),
        words: match until {
            Some(until) => format!("{}, until {}", date.words(), until.words()),
            None => date.words(),
        },
        stretch: Stretch::of(Span { start, end }, is_point, calendar),
        known: known.into_iter().find(|moment| moment.is_finite()).unwrap_or(Moment::new(0, 0)),
        row: Some(row),
    }
}

fn of_value<'t>(path: &str, label: &str, unit: Option<&str>, row: &'t CourseRow<'t>, calendar: &Calendar) -> Entry<'t> {
    let start = |text: &str| Date::parse(text).ok().map(|date| beginning(&date, calendar).0);
    let value = words::value(row.value.as_deref(), unit).unwrap_or_default();
    let voice = row.voice.map(|voice| format!(" ({voice})")).unwrap_or_default();
    let span = Span {
        start: start(row.from).unwrap_or(Moment::PAST),
        end: row.to.map_or(Moment::FUTURE, |to| start(to).unwrap_or(Moment::FUTURE)),
    };
    let written = format!("{}/{}", row.from, row.to.unwrap_or(".."));
    let (edtf, words) = match Date::parse(&written) {
        Ok(date) => (written, date.words()),
        Err(_) => {
            let to = row.to.map(|to| format!(" to {}", words::date(to))).unwrap_or_default();
            let end = row.to.map_or_else(|| "..".to_owned(), |to| side(to, span.end, calendar));
            let edtf = format!("{}/{end}", side(row.from, span.start, calendar));
            (edtf, format!("from {}{to}", words::date(row.from)))
        }
    };
    Entry {
        id: format!("{path}/{}/{}/{}", row.from, row.event.id, row.voice.unwrap_or("record")),
        title: Cow::Owned(format!("{label}: {value}{voice}")),
        summary: None,
        words,
        edtf,
        stretch: Stretch::of(span, false, calendar),
        known: if row.event.when.known.is_finite() { row.event.when.known } else { Moment::new(0, 0) },
        row: None,
    }
}

/// A date as a side of an interval, as it is written if intervals can have it, else the day or the time of its beginning.
fn side(written: &str, beginning: Moment, calendar: &Calendar) -> String {
    if Date::parse(&format!("{written}/..")).is_ok() {
        return written.to_owned();
    }
    match calendar.local(beginning) {
        Some(local) if local.time() == NaiveTime::MIN => local.date().to_string(),
        _ if beginning.is_finite() => beginning.to_string(),
        _ => "..".to_owned(),
    }
}

/// Where a date begins, and how fine what begins there is: where nobody knows, the last day, month, year or time that it
/// may be, which it names.
fn beginning(date: &Date, calendar: &Calendar) -> (Moment, Precision) {
    let start = |date: &Date| date.reckon(calendar).map_or(Moment::PAST, |reckoned| reckoned.written.start);
    let last = date.text().trim_end_matches([']', '}']).rsplit(['/', ',']).next().unwrap_or_default();
    let last = last.rsplit("..").next().and_then(|last| Date::parse(last.trim()).ok());
    match (start(date), last) {
        (Moment::PAST, Some(last)) => (start(&last), last.precision()),
        (start, _) => (start, date.precision()),
    }
}

impl Entry<'_> {
    /// Whether its date is more, or less, than the days or times that come nearest to it.
    pub fn is_inexact(&self) -> bool {
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || b"-:TtZz+.".contains(&byte));
        let sides: Vec<&str> = self.edtf.split('/').collect();
        let is_plain = sides.iter().all(|side| plain(side) && Date::parse(side).is_ok_and(|date| date.level() == 0));
        // Of a value words may say more than an interval can.
        !is_plain || sides.len() > 2 || self.row.is_none() && self.words != words::date(&self.edtf)
    }
}

impl Stretch {
    /// The stretch nearest to a span; nothing, if it has no beginning. `is_point`: it is a time to the minute or finer, which has no end of its own.
    pub fn of(span: Span, is_point: bool, calendar: &Calendar) -> Option<Stretch> {
        let start = span.start;
        let is_open = !span.end.is_finite();
        if !start.is_finite() {
            return None;
        }
        let first = Clock::at(start, calendar);
        let (after, end) =
            if is_open || start == span.end { (first, start) } else { (Clock::at(span.end, calendar), span.end) };
        let starts_day = |moment: Moment| {
            let before = Clock::at(Moment::new(moment.seconds() - 1, 0), calendar);
            moment.nanos() == 0 && before.date() != Clock::at(moment, calendar).date()
        };
        let unit = match (first, after) {
            _ if !starts_day(start) || !starts_day(end) => Unit::Time,
            _ if start == end => Unit::Day,
            (Clock { month: 1, day: 1, .. }, Clock { month: 1, day: 1, .. }) => Unit::Year,
            (Clock { day: 1, .. }, Clock { day: 1, .. }) => Unit::Month,
            _ => Unit::Day,
        };
        let (last, last_moment) = match unit {
            _ if start == end => (first, start),
            Unit::Time if is_point => (first, start),
            Unit::Time => (after, end),
            Unit::Year => (Clock { year: after.year - 1, ..first }, end),
            Unit::Month if after.month == 1 => (Clock { year: after.year - 1, month: 12, ..first }, end),
            Unit::Month => (Clock { year: after.year, month: after.month - 1, ..first }, end),
            Unit::Day => {
                let last = Clock::at(Moment::new(end.seconds() - 1, 0), calendar);
                (Clock { time: first.time, ..last }, end)
            }
        };
        Some(Stretch { unit, first, last, after, moments: (start, last_moment), is_open })
    }

    /// Whether it is more than one of its units.
    pub fn lasts(&self) -> bool {
        self.last != self.first
    }
}

impl Clock {
    fn at(moment: Moment, calendar: &Calendar) -> Clock {
        if let Some(local) = calendar.local(moment) {
            return Clock::from(local);
        }
        // Beyond the calendar's years a moment still says its own year.
        let text = moment.to_string();
        let year = text[1..].split('-').next().and_then(|digits| digits.parse::<i64>().ok()).unwrap_or(0);
        let mut rest = text[1..].split(['-', 'T']).skip(1).filter_map(|part| part.parse::<u32>().ok());
        let (month, day) = (rest.next().unwrap_or(1), rest.next().unwrap_or(1));
        Clock { year: if text.starts_with('-') { -year } else { year }, month, day, time: NaiveTime::MIN }
    }

    /// Its day.
    pub fn date(self) -> (i64, u32, u32) {
        (self.year, self.month, self.day)
    }

    /// The day that follows.
    pub fn next_day(self) -> Clock {
        let date = i32::try_from(self.year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, self.month, self.day));
        let next = date.and_then(|date| date.checked_add_days(Days::new(1)));
        next.map_or(self, |next| Clock::from(next.and_time(NaiveTime::MIN)))
    }
}

impl From<NaiveDateTime> for Clock {
    fn from(local: NaiveDateTime) -> Clock {
        Clock { year: local.year().into(), month: local.month(), day: local.day(), time: local.time() }
    }
}

/// Whether a time has seconds, or parts of them, that are not zero.
pub fn has_seconds(time: NaiveTime) -> bool {
    time.second() != 0 || time.nanosecond() != 0
}
