//! Sources as CSL-JSON (<https://docs.citationstyles.org/en/stable/specification.html>, appendix IV), which Zotero, Pandoc
//! and citeproc read. What it has no variable for stands in `note`.

use super::entry::{Clock, Unit};
use super::export::{Exported, Subject};
use super::references::{Reference, References, dated};
use crate::model::date::{Calendar, Date};
use crate::model::manifest::Source;
use crate::render::shape::Shape;

/// Writes the sources; nothing, if the answer has no events.
pub fn write(subject: &Subject) -> Option<Exported> {
    let references = References::of(subject)?;
    let calendar = &subject.manifest.calendar;
    let items = Shape::List(references.all.iter().map(|reference| item(reference, calendar)).collect());
    let mut json = Vec::new();
    // Memory takes everything, and every number comes from here.
    items.write_json(&mut json, true).ok()?;
    Some(Exported { text: String::from_utf8_lossy(&json).into_owned(), left_out: Vec::new() })
}

fn item<'a>(reference: &'a Reference<'a>, calendar: &Calendar) -> Shape<'a> {
    let source = reference.source;
    let is_page = source.is_some_and(|source| source.url.is_some());
    let part = |part: fn(&Source) -> Option<&str>| source.and_then(part);
    let date = source.and_then(|source| source.date.as_ref()).map(|date| &date.value);
    let keys = [
        ("id", (&reference.key).into()),
        ("type", if is_page { "webpage" } else { "document" }.into()),
        ("title", part(|source| source.title.as_deref()).into()),
        // Of a page it is the site that it belongs to.
        (if is_page { "container-title" } else { "publisher" }, part(|source| source.publisher.as_deref()).into()),
        ("issued", date.and_then(|date| issued(date, calendar)).into()),
        ("URL", part(|source| source.url.as_deref()).into()),
        ("archive_location", part(|source| source.archived.as_deref()).into()),
        ("language", part(|source| source.language.as_deref()).into()),
        ("note", source.and_then(|source| note(source, 0)).into()),
    ];
    Shape::map(keys.into_iter().filter(|(_, value)| *value != Shape::Null))
}

/// A date, or a range of two, in parts.
fn issued<'a>(date: &Date, calendar: &Calendar) -> Option<Shape<'a>> {
    let stretch = dated(date, calendar)?;
    let parts = |clock: Clock| {
        let parts = [clock.year, clock.month.into(), clock.day.into()];
        let length = if stretch.unit == Unit::Year {
            1
        } else if stretch.unit == Unit::Month {
            2
        } else {
            3
        };
        Shape::list(parts[..length].iter().map(|part| Shape::Number(part.to_string())))
    };
    let lasts = stretch.lasts().then(|| parts(stretch.last));
    let sides: Vec<Shape> = [parts(stretch.first)].into_iter().chain(lasts).collect();
    let mut keys = vec![("date-parts", Shape::List(sides))];
    if date.is_approximate() || date.is_uncertain() {
        keys.push(("circa", true.into()));
    }
    Some(Shape::map(keys))
}

/// What there is no variable for: the date where it is of a higher level of EDTF than can be held, the reliability, the
/// origin.
pub fn note(source: &Source, level: u8) -> Option<String> {
    let date = source.date.as_ref().map(|date| &date.value).filter(|date| date.level() > level);
    let parts: Vec<String> = [
        date.map(|date| format!("Date: {} ({date})", date.words())),
        source.reliability.map(|grade| format!("Reliability: {grade}")),
        source.from.as_ref().map(|from| format!("From: {}", from.value)),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| parts.join(". "))
}
