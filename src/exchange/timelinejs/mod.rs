//! Timelines of TimelineJS3 (<https://timeline.knightlab.com/docs/json-format.html>): out of events and values, and back
//! in `read.rs`. Texts are HTML there: whatever could be markup is escaped. What it has no field for goes along under
//! `asof`, which TimelineJS passes over.

mod html;
mod read;

pub use read::TimelineJs;

use super::carried::{has_dates, luggage};
use super::document::Keys;
use super::entry::{Clock, Entry, Stretch, Unit, entries};
use super::export::{Exported, Subject, shape};
use super::import::text;
use crate::model::event::Free;
use crate::render::escape;
use crate::render::shape::Shape;
use crate::render::words;
use chrono::Timelike;
use html::{markup, plain};

/// Where everything of an event goes that TimelineJS has no field for.
const ASOF: &str = "asof";
/// Beside it: the date that the fields say. As long as they say it, the event's own date goes before it.
const PLACED: &str = "placed";
/// The class of the paragraph that names the sources, which is made anew each time.
const SOURCES: &str = "asof-sources";

/// Writes a timeline; nothing, if the answer is none of events or of a path's values.
pub fn write(subject: &Subject) -> Option<Exported> {
    let answer = subject.answer;
    let mut left_out = Vec::new();
    let mut slides = Vec::new();
    for entry in &entries(answer, subject.manifest)? {
        match &entry.stretch {
            Some(stretch) => slides.push(slide(entry, stretch)),
            None => left_out.push(entry.id.clone()),
        }
    }
    let heading =
        texts([("headline", escape::html(answer.chronicle)), ("text", markup(&words::viewpoint(&answer.view)))]);
    let timeline = Shape::map([
        ("title", Shape::map([("text", heading)])),
        ("events", Shape::List(slides)),
        ("eras", Shape::List(vec![])),
    ]);
    let mut json = Vec::new();
    // Memory takes everything, and every number comes from here.
    timeline.write_json(&mut json, true).ok()?;
    Some(Exported { text: String::from_utf8_lossy(&json).into_owned(), left_out })
}

fn texts<'a, const N: usize>(keys: [(&'a str, String); N]) -> Shape<'a> {
    Shape::map(keys.into_iter().filter(|(_, words)| !words.is_empty()).map(|(key, words)| (key, words.into())))
}

fn slide<'a>(entry: &Entry<'a>, stretch: &Stretch) -> Shape<'a> {
    let end = stretch.lasts().then(|| date(stretch.last, stretch.unit));
    let body = entry.summary.map(markup).unwrap_or_default() + &sources(entry);
    let text = texts([("headline", escape::html(&entry.title)), ("text", body)]);
    let group = entry.row.and_then(|row| row.event.kind.as_ref()).map(|kind| escape::html(&kind.value));
    let keys = [
        ("start_date", date(stretch.first, stretch.unit)),
        ("end_date", end.into()),
        ("display_date", escape::html(&entry.words).into()),
        ("text", text),
        ("media", media(entry).into()),
        ("group", group.into()),
        ("unique_id", entry.id.clone().into()),
        (ASOF, asof(entry, stretch).into()),
    ];
    Shape::map(keys.into_iter().filter(|(_, value)| *value != Shape::Null))
}

/// What goes along with an event.
fn asof<'a>(entry: &Entry, stretch: &Stretch) -> Option<Shape<'a>> {
    let placed = placed(stretch);
    let mut own: Keys = vec![
        ("id".to_owned(), text(&entry.id)),
        ("date".to_owned(), text(&placed)),
        ("title".to_owned(), Free::Text(plain(&escape::html(&entry.title)))),
    ];
    own.extend(entry.summary.map(|summary| ("summary".to_owned(), Free::Text(plain(&markup(summary))))));
    let mut keys = luggage(entry.row?, &own);
    if has_dates(&keys) {
        keys.push((PLACED.to_owned(), Free::Text(placed)));
    }
    Some(shape(Free::Map(keys)))
}

/// The first year that TimelineJS has as a date; what is before it, it tells as so many years ago.
const FIRST: i64 = -271_820;

/// A year as TimelineJS has it, where there is no year 0: -1 is shown as 1 BCE, which is 0 in EDTF (level 0).
fn year_shown(year: i64) -> i64 {
    if (FIRST..0).contains(&(year - 1)) { year - 1 } else { year }
}

/// The year of EDTF that a year of TimelineJS stands for; none for the year 0.
fn year_meant(shown: i64) -> Option<i64> {
    match shown {
        0 => None,
        FIRST..0 => Some(shown + 1),
        _ => Some(shown),
    }
}

/// A date as TimelineJS has it: as many parts as are known.
fn date<'a>(clock: Clock, unit: Unit) -> Shape<'a> {
    let number = |number: i64| Shape::Number(number.to_string());
    let mut keys = vec![("year", number(year_shown(clock.year)))];
    if unit >= Unit::Month {
        keys.push(("month", number(clock.month.into())));
    }
    if unit >= Unit::Day {
        keys.push(("day", number(clock.day.into())));
    }
    if unit == Unit::Time {
        keys.push(("hour", number(clock.time.hour().into())));
        keys.push(("minute", number(clock.time.minute().into())));
        if clock.time.second() > 0 {
            keys.push(("second", number(clock.time.second().into())));
        }
    }
    Shape::map(keys)
}

/// What the dates of a stretch are read back as.
fn placed(stretch: &Stretch) -> String {
    let side = |clock: Clock| {
        let year = year_meant(year_shown(clock.year)).unwrap_or(clock.year);
        let (month, day) = (Some(clock.month), Some(clock.day));
        let time = format!("{:02}:{:02}", clock.time.hour(), clock.time.minute());
        let seconds = Some(clock.time.second()).filter(|second| *second > 0);
        let seconds = seconds.map(|second| format!(":{second:02}")).unwrap_or_default();
        match stretch.unit {
            Unit::Year => read::edtf(year, None, None, ""),
            Unit::Month => read::edtf(year, month, None, ""),
            Unit::Day => read::edtf(year, month, day, ""),
            Unit::Time => read::edtf(year, month, day, &(time + &seconds)),
        }
    };
    // Less than a second is nothing.
    let (first, last) = (side(stretch.first), side(stretch.last));
    if first == last { first } else { format!("{first}/{last}") }
}

/// The sources as a paragraph: their names, with links to the web.
fn sources(entry: &Entry) -> String {
    let Some(row) = entry.row.filter(|row| !row.sources.is_empty()) else { return String::new() };
    let one = |row: &crate::ask::SourceRow| {
        let name = escape::html(&words::source_name(row));
        match row.described().and_then(|source| source.url.as_deref()).filter(|url| is_web(url)) {
            Some(url) => format!("<a href=\"{}\">{name}</a>", escape::html(url)),
            None => name,
        }
    };
    let names: Vec<String> = row.sources.iter().map(one).collect();
    format!("<p class=\"{SOURCES}\">{}</p>", names.join("; "))
}

/// The first source that TimelineJS shows as it is: a picture, a video, an article of Wikipedia. For any other address
/// it would ask a service of others about the page.
fn media<'a>(entry: &Entry<'a>) -> Option<Shape<'a>> {
    let described = entry.row?.sources.iter().filter_map(|row| row.described());
    let (source, url) = described.filter_map(|source| Some((source, source.url.as_deref()?))).find(|(_, url)| {
        let plain = url.split(['?', '#']).next().unwrap_or(url).to_lowercase();
        let host = plain.split('/').nth(2).unwrap_or_default();
        let hosts = ["youtube.com", "youtu.be", "vimeo.com", "wikipedia.org"];
        let is_of = |name: &str| host == name || host.ends_with(&format!(".{name}"));
        let is_picture = [".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp"].iter().any(|end| plain.ends_with(end));
        is_web(url) && (is_picture || hosts.iter().any(|name| is_of(name)))
    })?;
    let html = |words: &Option<String>| words.as_deref().map(escape::html).unwrap_or_default();
    Some(texts([("url", escape::html(url)), ("caption", html(&source.title)), ("credit", html(&source.publisher))]))
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}
