//! Calendars (RFC 5545): out of events and values, and back in `read.rs` and `event.rs`. What a calendar has no property for
//! goes along in properties of our own, which every calendar keeps and none shows.

mod line;
mod read;
mod event;
mod when;

pub use read::Ics;

use super::carried::{json, luggage};
use super::document::Keys;
use super::entry::{Clock, Entry, Stretch, Unit, entries};
use super::export::{Exported, Subject, slug};
use super::import::text;
use crate::model::event::Free;
use crate::model::manifest::Entity;
use crate::model::moment::Moment;
use line::{escaped, put, shown};

/// The date as it is written, with the days or times that it stands for in `PLACED`: as long as those are the event's,
/// nobody has moved it.
const DATE: &str = "X-ASOF-DATE";
const PLACED: &str = "X-ASOF-PLACED";
/// Everything of the event that a calendar has no property for, as JSON.
const EVENT: &str = "X-ASOF-EVENT";

/// Writes a calendar; nothing, if the answer is none of events or of a path's values.
///
/// `DTSTAMP` is the moment from which the event was known, or when it happened, and not the time of writing: the same
/// chronicle gives the same bytes (RFC 5545 §3.8.7.2 wants when it was last revised, which no event says).
pub fn write(subject: &Subject) -> Option<Exported> {
    let mut exported = Exported::default();
    let to = &mut exported.text;
    put("BEGIN", "VCALENDAR", to);
    put("VERSION", "2.0", to);
    put("PRODID", "-//asof//asof//EN", to);
    put("CALSCALE", "GREGORIAN", to);
    // What calendars show, and what RFC 7986 has made of it.
    put("X-WR-CALNAME", &escaped(subject.answer.chronicle), to);
    put("NAME", &escaped(subject.answer.chronicle), to);
    for entry in entries(subject.answer, subject.manifest)? {
        match entry.stretch.filter(is_in_reach) {
            Some(stretch) => event(&entry, &stretch, subject, to),
            None => exported.left_out.push(entry.id),
        }
    }
    put("END", "VCALENDAR", to);
    Some(exported)
}

/// Whether its days have years of four digits, of which 0000 is none to most calendars.
fn is_in_reach(stretch: &Stretch) -> bool {
    [stretch.first, stretch.after].iter().all(|clock| (1..=9999).contains(&clock.year))
}

fn event(entry: &Entry, stretch: &Stretch, subject: &Subject, to: &mut String) {
    let (start, end) = placed(stretch);
    let dates = if stretch.unit == Unit::Time { "" } else { ";VALUE=DATE" };
    let own = shown_keys(entry);
    put("BEGIN", "VEVENT", to);
    put("UID", &escaped(&format!("{}@{}", entry.id, slug(subject.answer.chronicle))), to);
    let known = Some(utc(entry.known)).filter(|known| !known.starts_with(['+', '-']));
    put("DTSTAMP", &known.unwrap_or_else(|| utc(stretch.moments.0)), to);
    put(&format!("DTSTART{dates}"), &start, to);
    if let Some(end) = &end {
        put(&format!("DTEND{dates}"), end, to);
    }
    put("SUMMARY", &escaped(&entry.title), to);
    let note = entry.is_inexact().then(|| date_note(&entry.words, &entry.edtf));
    let described: Vec<&str> = entry.summary.into_iter().chain(note.as_deref()).collect();
    if !described.is_empty() {
        put("DESCRIPTION", &escaped(&described.join("\n\n")), to);
    }
    // What happened makes nobody busy (RFC 5545 §3.8.2.7).
    put("TRANSP", "TRANSPARENT", to);
    if let Some(row) = entry.row {
        let tags: Vec<String> = row.event.tags.iter().map(|tag| escaped(&tag.value)).collect();
        if !tags.is_empty() {
            put("CATEGORIES", &tags.join(","), to);
        }
        if let Some(place) = &row.event.at {
            location(&place.value, subject.manifest.entities.as_ref().and_then(|all| all.get(&place.value)), to);
        }
        let mut urls = row.sources.iter().filter_map(|row| row.described()?.url.as_deref());
        if let Some(url) = urls.find(|url| is_uri(url)) {
            put("URL", url, to);
        }
    }
    let marks = format!("{DATE};{PLACED}={start}/{}", end.as_deref().unwrap_or_default());
    put(&marks, &escaped(&entry.edtf), to);
    if let Some(row) = entry.row {
        put(EVENT, &escaped(&json(&luggage(row, &own))), to);
    }
    put("END", "VEVENT", to);
}

/// What is read back from the properties that a calendar has of its own.
fn shown_keys(entry: &Entry) -> Keys {
    let mut keys = vec![
        ("id".to_owned(), text(&entry.id)),
        ("date".to_owned(), text(&entry.edtf)),
        ("title".to_owned(), Free::Text(shown(&entry.title))),
    ];
    keys.extend(entry.summary.map(|summary| ("summary".to_owned(), Free::Text(shown(summary)))));
    let tags = entry.row.map(|row| row.event.tags.iter().map(|tag| text(&tag.value)).collect());
    keys.extend(tags.map(|tags| ("tags".to_owned(), Free::List(tags))));
    keys
}

/// What stands below a description where the calendar's date is not the whole truth.
fn date_note(words: &str, edtf: &str) -> String {
    format!("Date: {words} ({edtf})")
}

fn location(id: &str, entity: Option<&Entity>, to: &mut String) {
    put("LOCATION", &escaped(entity.and_then(|entity| entity.name.as_deref()).unwrap_or(id)), to);
    if let Some((latitude, longitude)) = entity.and_then(|entity| entity.at) {
        put("GEO", &format!("{latitude};{longitude}"), to);
    }
}

/// Where it begins and ends, `DTEND` being the first day or time that is no part of it; a time by itself has no end.
fn placed(stretch: &Stretch) -> (String, Option<String>) {
    if stretch.unit == Unit::Time {
        let (first, last) = (utc(stretch.moments.0), utc(stretch.moments.1));
        // An end is later than its beginning (RFC 5545 §3.8.2.2), and less than a second is nothing.
        let end = Some(last).filter(|last| *last != first);
        return (first, end);
    }
    let day = |clock: Clock| format!("{:04}{:02}{:02}", clock.year, clock.month, clock.day);
    let after = if stretch.after == stretch.first { stretch.first.next_day() } else { stretch.after };
    (day(stretch.first), Some(day(after)))
}

/// A moment of the years 0000 to 9999 as a date with time in UTC (RFC 5545 §3.3.5), which knows no parts of a second.
fn utc(moment: Moment) -> String {
    let text = Moment::new(moment.seconds(), 0).to_string();
    let (sign, digits) = text.split_at(usize::from(text.starts_with(['+', '-'])));
    sign.chars().chain(digits.chars().filter(|c| !"-:".contains(*c))).collect()
}

/// Whether a text is an address and nothing else.
fn is_uri(text: &str) -> bool {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    is_web && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte))
}
