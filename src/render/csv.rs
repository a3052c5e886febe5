//! The rows of an answer as CSV (RFC 4180): one header, one line a row, quotes where they are needed.
//! Lines end with `\n` alone, which every reader takes, and which the other tools of a pipe want.
//! Knows nothing of answers: the rows are the shapes of `json/`, the columns those of `columns.rs`.
//!
//! A cell that is a list, also a set, is its members joined by `;`, with a `\` before a `;` or `\` in a member; an
//! estimate, and what is nested deeper (sources, changes, meta), is JSON. Null is an empty cell.
//!
//! A text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return)
//! gets a `'` before it, unless it is a date, such as `-0043-03-15`. Numbers stay numbers, negative ones, too. Going to
//! a terminal, control characters are spelled out; a file or pipe gets the texts as they are.

use std::borrow::Cow;
use std::io::{self, Write};

use super::How;
use super::escape::visible;
use super::shape::Shape;
use crate::model::date::Date;

/// The columns of dates in CSV.
#[rustfmt::skip]
pub const DATE_COLUMNS: &[&str] = &[
    "date", "valid", "level", "precision", "approximate", "uncertain", "earliest", "latest", "words", "message", "help",
];

/// Writes rows under a header; a key that is no column is left out, and a column that a row has not is empty.
pub fn rows<'a>(
    columns: &[&str],
    rows: impl IntoIterator<Item = Shape<'a>>,
    how: &How,
    to: &mut dyn Write,
) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(to);
    table.write_record(columns).map_err(stream_error)?;
    for row in rows {
        for column in columns {
            let cell = row.get(column).map_or(Cow::Borrowed(""), cell);
            let cell = if how.terminal { visible(&cell) } else { Cow::Borrowed(&*cell) };
            table.write_field(cell.as_bytes()).map_err(stream_error)?;
        }
        table.write_record(None::<&[u8]>).map_err(stream_error)?;
    }
    table.flush()
}

/// The stream's own error, so that a closed pipe is known as one.
fn stream_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn cell<'a>(shape: &'a Shape) -> Cow<'a, str> {
    match shape {
        Shape::Null => Cow::Borrowed(""),
        Shape::Truth(truth) => Cow::Borrowed(if *truth { "true" } else { "false" }),
        Shape::Number(digits) => Cow::Borrowed(digits),
        Shape::Text(text) => harmless(Cow::Borrowed(text)),
        Shape::Moment(moment) => Cow::Owned(moment.to_string()),
        Shape::Map(keys) if keys.is_empty() => Cow::Borrowed(""),
        Shape::List(items) if items.iter().all(|item| !matches!(item, Shape::List(_) | Shape::Map(_))) => {
            harmless(Cow::Owned(items.iter().map(member).collect::<Vec<_>>().join(";")))
        }
        nested => Cow::Owned(nested.to_json()),
    }
}

fn member(shape: &Shape) -> String {
    match shape {
        Shape::Text(text) => text.replace('\\', "\\\\").replace(';', "\\;"),
        other => other.to_json(),
    }
}

fn harmless(text: Cow<'_, str>) -> Cow<'_, str> {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && Date::parse(&text).is_err();
    if formula { Cow::Owned(format!("'{text}")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(row: Shape, columns: &[&str], terminal: bool) -> String {
        let mut bytes = Vec::new();
        rows(columns, [row], &How { terminal, ..How::default() }, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn cells_are_flat() {
        let row = Shape::map([
            ("a", Shape::list(["x;y", "z"])),
            ("b", Shape::map([("low", Shape::Number("-3".into()))])),
            ("c", Shape::from("say \"no\",\nplease")),
            ("d", Shape::Null),
        ]);
        assert_eq!(
            written(row, &["a", "b", "c", "d", "e"], false),
            "a,b,c,d,e\nx\\;y;z,\"{\"\"low\"\":-3}\",\"say \"\"no\"\",\nplease\",,\n"
        );
    }

    #[test]
    fn no_cell_is_a_formula() {
        let row = Shape::map([
            ("a", Shape::from("=HYPERLINK(1)")),
            ("b", "-2+3".into()),
            ("c", "-0043-03-15".into()),
            ("d", Shape::Number("-5".into())),
            ("e", Shape::list(["@x", "y"])),
        ]);
        assert_eq!(
            written(row, &["a", "b", "c", "d", "e"], false),
            "a,b,c,d,e\n'=HYPERLINK(1),'-2+3,-0043-03-15,-5,'@x;y\n"
        );
    }

    #[test]
    fn a_terminal_is_not_steered() {
        assert_eq!(written(Shape::map([("a", "x\u{1b}[2J".into())]), &["a"], true), "a\nx\\u{1b}[2J\n");
        assert_eq!(written(Shape::map([("a", "x\u{1b}[2J".into())]), &["a"], false), "a\nx\u{1b}[2J\n");
    }
}
