//! The tables of an answer: one of its rows, with the columns that CSV has of it, and one of the viewpoints that it is true
//! in. What a column holds never depends on the rows. Knows nothing of files.

use std::borrow::Cow;

use super::tables::{Cell, Column, LAST, Row, Sort, Table, may, micros, must, shaped, text};
use crate::ask::{Answer, Differences, Found};
use crate::render::columns::{self, Content, VIEWPOINT};
use crate::render::json;
use crate::render::shape::Shape;

/// What the tables of answers are called, whatever was asked.
#[cfg(feature = "parquet")]
#[rustfmt::skip]
pub const NAMES: [&str; 13] = [
    "state", "events", "differences", "steps", "history", "trace", "context", "stats", "expectations", "hinges", "fall",
    "diagnostics", "viewpoint",
];

/// The table of an answer's rows, and that of its viewpoints.
pub fn tables(answer: &Answer) -> [Table; 2] {
    let name = match &answer.found {
        Found::State(_) | Found::Reasons(_) => "state",
        Found::Events(_) | Found::Shown(_) => "events",
        Found::Differences(Differences { steps: Some(_), .. }) => "steps",
        Found::Differences(_) => "differences",
        Found::Course(_) => "history",
        Found::Trace(_) => "trace",
        Found::Context(_) => "context",
        Found::Stats(_) => "stats",
        Found::Expect(_) => "expectations",
        Found::Hinges(_) => "hinges",
        Found::Fall(_) => "fall",
        Found::Faults(_) => "diagnostics",
    };
    [table(name, columns::columns(answer)), table("viewpoint", VIEWPOINT)]
}

/// Hands over the rows of an answer, then those of its viewpoints, for their tables. Errors: those of `take`.
pub fn each_row<E>(
    answer: &Answer,
    [own, viewpoints]: &[Table; 2],
    mut take: impl FnMut(&Table, Row<'_>) -> Result<(), E>,
) -> Result<(), E> {
    json::rows(answer).try_for_each(|shape| take(own, row(columns::columns(answer), &shape)))?;
    json::viewpoints(answer).iter().try_for_each(|shape| take(viewpoints, row(VIEWPOINT, shape)))
}

fn table(name: &'static str, columns: &[columns::Column]) -> Table {
    Table { name, columns: Cow::Owned(columns.iter().flat_map(|column| told(*column)).collect()), parted_by: None }
}

/// The columns that tell one of an answer: of a value beside it what the table of facts has.
fn told(column: columns::Column) -> Vec<Column> {
    let name = column.name;
    match column.content {
        Content::Text | Content::Data => vec![may(name, Sort::Text)],
        Content::Texts => vec![must(name, Sort::Texts)],
        Content::Whole => vec![may(name, Sort::Whole)],
        Content::Truth => vec![may(name, Sort::Truth)],
        Content::Moment => vec![may(name, Sort::Moment)],
        Content::Value => {
            let [sort, number, low, best, high] = match name {
                "before" => ["before_type", "before_number", "before_low", "before_best", "before_high"],
                "after" => ["after_type", "after_number", "after_low", "after_best", "after_high"],
                _ => ["type", "number", "low", "best", "high"],
            };
            let numbers = [number, low, best, high].map(|name| may(name, Sort::Number));
            [may(name, Sort::Text), may(sort, Sort::Text)].into_iter().chain(numbers).collect()
        }
    }
}

/// The cells of a row; what it has not is missing, or an empty list.
fn row<'s>(columns: &[columns::Column], shape: &'s Shape<'_>) -> Row<'s> {
    let mut cells = Row::new();
    for column in columns {
        let part = shape.get(column.name).unwrap_or(&Shape::Null);
        match column.content {
            Content::Value => cells.extend(shaped(part)),
            content => cells.push(cell(content, part)),
        }
    }
    cells
}

fn cell<'s>(content: Content, shape: &'s Shape<'_>) -> Cell<'s> {
    match (content, shape) {
        (Content::Texts, Shape::List(items)) => Cell::Texts(items.iter().filter_map(words).collect()),
        (Content::Texts, _) => Cell::Texts(Vec::new()),
        (_, Shape::Null) => Cell::Nothing,
        (Content::Whole, Shape::Number(digits)) => digits.parse().map_or(Cell::Nothing, Cell::Whole),
        (Content::Truth, Shape::Truth(truth)) => Cell::Truth(*truth),
        (Content::Moment, Shape::Moment(moment)) => Cell::Whole(micros(*moment).min(LAST)),
        (Content::Text, Shape::Text(said)) => text(said),
        (Content::Data, nested) => Cell::Text(nested.to_json().into()),
        // Nothing else ever stands in a column: `render/tests.rs` holds the rows to their columns.
        _ => Cell::Nothing,
    }
}

fn words<'s>(shape: &'s Shape<'_>) -> Option<Cow<'s, str>> {
    match shape {
        Shape::Text(words) => Some(Cow::Borrowed(words)),
        _ => None,
    }
}
