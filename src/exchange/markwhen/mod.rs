//! Texts of Markwhen (<https://docs.markwhen.com>): out of events and values, and back in `read.rs`. What a line of it
//! cannot say goes along as JSON in the property `asof` of the event.

mod dates;
mod read;

pub use read::Markwhen;
use read::section;

use std::fmt::Write;

use super::carried::{has_dates, luggage};
use super::document::Keys;
use super::entry::{Clock, Entry, Stretch, Unit, entries};
use super::export::{Exported, Subject};
use super::import::text;
use crate::model::event::Free;
use crate::model::moment::Moment;
use crate::render::escape::visible;
use crate::render::json::free;
use crate::render::shape::Shape;
use dates::{Head, head};

/// The property in which everything goes along that a line cannot say.
const ASOF: &str = "asof";
/// Within it: the date that the line says. As long as it says it, the event's own date goes before it.
const PLACED: &str = "placed";

/// Writes a text; nothing, if the answer is none of events or of a path's values.
pub fn write(subject: &Subject) -> Option<Exported> {
    let mut exported = Exported::default();
    let to = &mut exported.text;
    let title = Shape::from(visible(subject.answer.chronicle).into_owned());
    let _ = writeln!(to, "---\ntitle: {}\n---", quoted(&title));
    for entry in entries(subject.answer, subject.manifest)? {
        match entry.stretch.as_ref().and_then(placed) {
            Some(placed) => event(&entry, &placed, to),
            None => exported.left_out.push(entry.id),
        }
    }
    Some(exported)
}

fn event(entry: &Entry, placed: &str, to: &mut String) {
    let tags: Vec<&str> =
        entry.row.map(|row| row.event.tags.iter().map(|tag| tag.value.as_str()).collect()).unwrap_or_default();
    let title = shown_title(&entry.title);
    let _ = write!(to, "\n{placed}: {title}");
    let shown: Vec<String> = tags.iter().map(|tag| shown_tag(tag)).collect();
    shown.iter().for_each(|tag| _ = write!(to, " #{tag}"));
    let _ = writeln!(to, "\nid: {}", quoted(&Shape::from(entry.id.clone())));
    if let Some(row) = entry.row {
        let mut own: Keys = vec![
            ("id".to_owned(), text(&entry.id)),
            ("date".to_owned(), Free::Text(read_back(placed))),
            ("title".to_owned(), Free::Text(title)),
            ("tags".to_owned(), Free::List(shown.iter().map(|tag| text(tag)).collect())),
        ];
        own.extend(entry.summary.map(|summary| ("summary".to_owned(), Free::Text(shown_summary(summary)))));
        let mut keys = luggage(row, &own);
        if has_dates(&keys) {
            keys.push((PLACED.to_owned(), text(placed)));
        }
        // Also where nothing goes along: it says whose event this is.
        let _ = writeln!(to, "{ASOF}: {}", quoted(&free(&Free::Map(keys))));
    }
    if let Some(summary) = entry.summary {
        for line in shown_summary(summary).split('\n') {
            let _ = writeln!(to, "{}{line}", if is_more_than_words(line) { ". " } else { "" });
        }
    }
}

/// The date that is read where a line says this.
fn read_back(placed: &str) -> String {
    match head(placed, false) {
        Some(Head::Date(date)) => date,
        _ => placed.to_owned(),
    }
}

/// JSON as a property: a `#` before a word is a colour or a tag there, also in quotes, so none is left.
fn quoted(shape: &Shape) -> String {
    shape.to_json().replace('#', "\\u0023")
}

/// A title on its line: a `#` would begin a tag, and blanks at its ends are lost.
fn shown_title(title: &str) -> String {
    let title = visible(title).replace('#', "\u{ff03}");
    let title = title.trim();
    if title.is_empty() { "\u{2013}".to_owned() } else { title.to_owned() }
}

/// A tag in the letters, digits and `_` of ASCII that make one; digits alone are none.
fn shown_tag(tag: &str) -> String {
    let plain: String = tag.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if plain.bytes().all(|byte| byte.is_ascii_digit()) { format!("_{plain}") } else { plain }
}

/// A summary in lines, without blanks around them; a `#` would begin a tag.
fn shown_summary(summary: &str) -> String {
    let line = |line: &str| visible(line.trim()).replace('#', "\u{ff03}");
    summary.trim().split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Whether a line of a summary would be anything else to Markwhen: an event or a property, which have a `:`, a comment,
/// a section, the end of a header. A `.` before it makes words of it, as Markwhen itself does with calendars.
fn is_more_than_words(line: &str) -> bool {
    let begins = ["//", "---", "."].iter().any(|mark| line.starts_with(mark));
    line.is_empty() || line.contains(':') || begins || section(line).is_some()
}

/// A stretch as the dates of a line; nothing, where Markwhen has none: it knows years from 0 to 9999, and those before
/// as years alone.
fn placed(stretch: &Stretch) -> Option<String> {
    if stretch.unit == Unit::Time {
        let (first, last) = stretch.moments;
        let instant = |moment: Moment| {
            let text = Moment::new(moment.seconds(), 0).to_string();
            text.starts_with(|c: char| c.is_ascii_digit()).then_some(text)
        };
        return match stretch.lasts() {
            _ if stretch.is_open => Some(format!("{} - now", instant(first)?)),
            true => Some(format!("{} - {}", instant(first)?, instant(last)?)),
            false => instant(first),
        };
    }
    let side = |clock: Clock| match stretch.unit {
        Unit::Year => format!("{:04}", clock.year),
        Unit::Month => format!("{:04}-{:02}", clock.year, clock.month),
        _ => format!("{:04}-{:02}-{:02}", clock.year, clock.month, clock.day),
    };
    let (first, last) = (stretch.first, stretch.last);
    match (first.year, last.year) {
        (0..=9999, 0..=9999) if stretch.is_open => Some(format!("{}/now", side(first))),
        (0..=9999, 0..=9999) if stretch.lasts() => Some(format!("{}/{}", side(first), side(last))),
        (0..=9999, 0..=9999) => Some(side(first)),
        (-99_998..0, -99_998..=9999) => {
            let era = |year: i64| if year > 0 { format!("{year} CE") } else { format!("{} BCE", 1 - year) };
            let same = first.year == last.year;
            Some(if stretch.is_open {
                format!("{} - now", era(first.year))
            } else if same {
                era(first.year)
            } else {
                format!("{} - {}", era(first.year), era(last.year))
            })
        }
        _ => None,
    }
}
