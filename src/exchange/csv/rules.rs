//! What a rules file says: how a table is written, and what a row becomes. Knows nothing of how rules are spelled.

use regex::Regex;

use super::path::PathTemplate;
use super::rows::Layout;
use super::template::{Names, Template};
use crate::exchange::import::COUNTED;
use crate::model::event::Free;

/// How a table becomes events.
#[derive(Debug)]
pub struct Rules {
    /// How the table is written.
    pub layout: Layout,
    /// Where the names of the columns are from.
    pub columns: Columns,
    /// What templates name.
    pub names: Names,
    /// The columns that may not be empty.
    pub required: Vec<usize>,
    /// Whether all rows of a date together are the whole state.
    pub is_snapshot: bool,
    /// The event that every row gives.
    pub event: Body,
    /// What holds for some rows beside it.
    pub cases: Vec<Case>,
}

impl Rules {
    /// What a row adds to or takes from values, if any does: a change that no voice can claim (1-format, claims).
    pub fn counts(&self) -> Option<&str> {
        let bodies = std::iter::once(&self.event).chain(self.cases.iter().map(|case| &case.event));
        bodies.flatten().map(|(key, _)| key.as_str()).find(|key| COUNTED.contains(key))
    }
}

/// The keys of an event, each with what a row puts there.
pub type Body = Vec<(String, Form)>;

/// Where the names of the columns are from.
#[derive(Debug)]
pub enum Columns {
    /// The first row.
    Header,
    /// The rules; a row has as many fields.
    Named(Vec<String>),
    /// Nowhere: a column is called by its number.
    Numbered,
}

/// What holds for some rows.
#[derive(Debug)]
pub struct Case {
    /// All of these hold.
    pub tests: Vec<Test>,
    /// Whether such rows are left out.
    pub skip: bool,
    /// What such rows have beside, or instead.
    pub event: Body,
}

/// Whether a column is what is wanted.
#[derive(Debug)]
pub struct Test {
    /// The column.
    pub column: usize,
    /// It is one of these.
    pub any: Vec<Match>,
    /// It is none of them.
    pub not: bool,
}

/// What a column may be.
#[derive(Debug)]
pub enum Match {
    /// This text.
    Equals(String),
    /// It has words of this form in it.
    Matches(Box<Regex>),
}

impl Match {
    /// Whether a text is it.
    pub fn is(&self, text: &str) -> bool {
        match self {
            Match::Equals(wanted) => wanted == text,
            Match::Matches(regex) => regex.is_match(text),
        }
    }
}

/// What a row puts somewhere in an event.
#[derive(Debug)]
pub enum Form {
    /// The same in every row.
    Fixed(Free),
    /// What columns hold.
    Text(Template, Sort),
    /// A path.
    Path(PathTemplate),
    /// A date of several columns.
    Date(Box<DateForm>),
    /// A list.
    List(Vec<Form>),
    /// A mapping from names.
    Map(Vec<(Template, Form)>),
    /// A mapping from paths.
    Paths(Vec<(PathTemplate, Form)>),
}

/// What the words at some place must be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    /// Any.
    Words,
    /// On one line.
    Line,
    /// A slug.
    Slug,
    /// A number.
    Number,
}

/// A date of several columns.
#[derive(Default, Debug)]
pub struct DateForm {
    /// The date, or the first day on which it may be.
    pub from: Option<Template>,
    /// The last day on which it may be.
    pub to: Option<Template>,
    /// How imprecise it is: a word.
    pub precision: Option<Template>,
    /// Its year, month and day, each in a column.
    pub parts: [Option<Template>; 3],
}
