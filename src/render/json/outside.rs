//! The shapes of what is not asked of a viewpoint: dates, faults, pages of faults, refusals.

use super::{key, moment};
use crate::ask::{DateReading, Refusal, RefusalCode};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::text::{Place, Texts};
use crate::render::lines::Lines;
use crate::render::shape::Shape;

/// Why a question is not answered, as the API says it.
pub fn refusal(refusal: &Refusal) -> Shape<'_> {
    let code = match refusal.code {
        RefusalCode::BadQuestion => "bad-question",
        RefusalCode::NotFound => "not-found",
    };
    error(code, &refusal.message, refusal.help.as_deref())
}

/// Why there is no answer: a stable code, a sentence, and what to do instead.
pub fn error<'a>(code: &'a str, message: &'a str, help: Option<&'a str>) -> Shape<'a> {
    let error = Shape::map([("code", code.into()), ("message", message.into()), ("help", help.into())]);
    Shape::map([("error", error)])
}

/// What a server says of the chronicle when its files change: which state answers now, and how many errors the files have.
pub fn change<'a>(revision: String, faults: usize) -> Shape<'a> {
    Shape::map([("revision", revision.into()), ("faults", faults.into())])
}

/// How dates are read.
pub fn dates(dates: &[DateReading]) -> Shape<'_> {
    Shape::map([("asof", 1usize.into()), ("dates", Shape::List(dates.iter().map(date).collect()))])
}

/// How one date is read.
pub fn date(reading: &DateReading) -> Shape<'_> {
    let mut keys = key("date", &reading.text);
    keys.extend(key("valid", reading.read.is_ok()));
    match &reading.read {
        Ok(read) => {
            keys.extend(key("level", usize::from(read.level)));
            keys.extend(key("precision", read.precision.to_string()));
            keys.extend(key("approximate", read.approximate));
            keys.extend(key("uncertain", read.uncertain));
            keys.extend(key("earliest", moment(read.earliest)));
            keys.extend(key("latest", moment(read.latest)));
            keys.extend(key("words", &read.words));
        }
        Err(fault) => {
            keys.extend(key("message", &fault.message));
            keys.extend(key("help", fault.help.as_deref()));
        }
    }
    Shape::Map(keys)
}

/// A code of a diagnostic with its page.
pub fn page(code: Code, page: &str) -> Shape<'_> {
    Shape::map([
        ("code", code.name().into()),
        ("severity", code.severity().name().into()),
        ("page", Shape::from(page.trim_end())),
    ])
}

/// Faults, with their places as lines and columns.
pub fn diagnostics<'a>(faults: &'a [Diagnostic], texts: &'a Texts) -> Shape<'a> {
    let mut lines = Lines::of(texts);
    Shape::List(faults.iter().map(|fault| diagnostic(fault, &mut lines)).collect())
}

/// One fault.
pub(super) fn diagnostic<'a>(fault: &'a Diagnostic, lines: &mut Lines<'a>) -> Shape<'a> {
    let Place { file, start, end } = fault.place;
    let (line, column) = lines.line_column(file, start);
    let (end_line, end_column) = lines.line_column(file, end);
    let mut notes = Vec::new();
    for note in &fault.notes {
        let name = note.place.map(|place| &lines.text(place).name);
        let line = note.place.map(|place| lines.line_column(place.file, place.start).0);
        notes.push(Shape::map([("message", (&note.message).into()), ("file", name.into()), ("line", line.into())]));
    }
    Shape::map([
        ("code", fault.code.name().into()),
        ("severity", fault.severity.name().into()),
        ("message", (&fault.message).into()),
        ("file", (&lines.text(fault.place).name).into()),
        ("line", line.into()),
        ("column", column.into()),
        ("end_line", end_line.into()),
        ("end_column", end_column.into()),
        ("notes", Shape::List(notes)),
        ("help", fault.help.as_deref().into()),
    ])
}
