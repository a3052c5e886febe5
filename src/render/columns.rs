//! The columns of answers as rows: which each kind of answer has, and what stands in them, whatever the rows are. CSV has
//! their names; tables with types have what they hold, too. Knows nothing of either, nor how a row is made (`json/`).

use crate::ask::{Answer, Differences, Found};

/// A column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its name: the key of the rows.
    pub name: &'static str,
    /// What stands in it, where a row has it at all.
    pub content: Content,
}

/// What stands in a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Content {
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// A whole number.
    Whole,
    /// `true` or `false`.
    Truth,
    /// A moment in UTC.
    Moment,
    /// The value of a path: a text, number or truth, a set, an estimate.
    Value,
    /// What is nested, or of several sorts.
    Data,
}

use Content::{Data, Moment, Text, Texts, Truth, Value, Whole};

const fn column(name: &'static str, content: Content) -> Column {
    Column { name, content }
}

/// The columns of an answer, in order; the same for all answers of its kind.
pub fn columns(answer: &Answer) -> &'static [Column] {
    match &answer.found {
        Found::State(_) | Found::Reasons(_) => FACT,
        Found::Events(_) => EVENT,
        Found::Differences(Differences { steps: Some(_), .. }) => STEP,
        Found::Differences(_) => DIFFERENCE,
        Found::Course(_) => COURSE,
        Found::Shown(_) => SHOWN,
        Found::Trace(_) => TRACE,
        Found::Context(_) => CONTEXT,
        Found::Stats(_) => STATS,
        Found::Expect(_) => EXPECT,
        Found::Hinges(_) => HINGE,
        Found::Fall(_) => FALL,
        Found::Faults(_) => DIAGNOSTIC,
    }
}

const FACT: &[Column] = CONTEXT.split_at(CONTEXT.len() - 1).0;

const CONTEXT: &[Column] = &[
    column("path", Text),
    column("value", Value),
    column("standing", Text),
    column("since", Text),
    column("event", Text),
    column("claimed_by", Texts),
    column("record_moved_on", Truth),
    column("alternatives", Data),
    column("label", Text),
    column("unit", Text),
    column("changed", Truth),
];

const EVENT: &[Column] = SHOWN.split_at(SHOWN.len() - 3).0;

const SHOWN: &[Column] = &[
    column("id", Text),
    column("date", Text),
    column("earliest", Moment),
    column("latest", Moment),
    column("certain_from", Moment),
    column("certain", Truth),
    column("until", Text),
    column("known", Text),
    column("title", Text),
    column("summary", Text),
    column("kind", Text),
    column("place", Text),
    column("actors", Texts),
    column("tags", Texts),
    column("because", Texts),
    column("after", Texts),
    column("replaces", Texts),
    column("sources", Data),
    column("claim_sources", Data),
    column("confidence", Text),
    column("changes", Data),
    column("allow", Data),
    column("meta", Data),
    column("file", Text),
    column("line", Whole),
    column("changed", Data),
    column("void_by", Texts),
    column("counts", Truth),
];

const STEP: &[Column] = &[
    column("event", Text),
    column("ends", Truth),
    column("path", Text),
    column("kind", Text),
    column("before", Value),
    column("after", Value),
    column("members_added", Data),
    column("members_removed", Data),
    column("before_standing", Text),
    column("after_standing", Text),
    column("caused_by", Texts),
];

const DIFFERENCE: &[Column] = STEP.split_at(2).1;

const COURSE: &[Column] = &[
    column("value", Value),
    column("from", Text),
    column("to", Text),
    column("voice", Text),
    column("certain", Truth),
    column("event", Text),
];

const TRACE: &[Column] = &[
    column("relation", Text),
    column("depth", Whole),
    column("of", Text),
    column("id", Text),
    column("date", Text),
    column("title", Text),
    column("cut", Truth),
    column("repeated", Truth),
];

const STATS: &[Column] = &[column("of", Text), column("name", Text), column("counts", Text), column("number", Whole)];

/// An expectation is a value alone, or operators.
const EXPECT: &[Column] = &[column("path", Text), column("expect", Data)];

const HINGE: &[Column] = &[
    column("path", Text),
    column("value", Value),
    column("standing", Text),
    column("hangs_on", Text),
    column("event", Text),
    column("moved_before", Text),
    column("sources", Texts),
    column("after", Value),
    column("after_standing", Text),
];

const FALL: &[Column] = &[
    column("outcome", Text),
    column("path", Text),
    column("before", Value),
    column("after", Value),
    column("before_standing", Text),
    column("after_standing", Text),
    column("caused_by", Texts),
    column("sources", Texts),
];

const DIAGNOSTIC: &[Column] = &[
    column("code", Text),
    column("severity", Text),
    column("message", Text),
    column("file", Text),
    column("line", Whole),
    column("column", Whole),
    column("end_line", Whole),
    column("end_column", Whole),
    column("notes", Data),
    column("help", Text),
];

/// The columns of the viewpoints that an answer is true in; `left_out`: how many documents could not be read.
pub const VIEWPOINT: &[Column] = &[
    column("side", Text),
    column("chronicle", Text),
    column("at", Text),
    column("moment", Moment),
    column("known_by", Text),
    column("according_to", Text),
    column("only", Texts),
    column("without", Texts),
    column("with", Texts),
    column("left_out", Whole),
];
