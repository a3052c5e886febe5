//! Answers: plain data with places in them, in the order in which they are shown. Knows nothing of how they are shown.

use std::borrow::Cow;

use super::{Context, Expect, Stats, Trace};
pub use crate::history::Standing;
use crate::history::{EventNumber, History};
use crate::model::date::Date;
use crate::model::diagnostic::Diagnostic;
use crate::model::event::{Change, Citation, Cited, Event};
use crate::model::manifest::Source;
use crate::model::moment::Moment;
use crate::model::path::Path;
use crate::model::value::{Scalar, Value};

/// An answer with the viewpoint that it is true in.
#[derive(Clone, Debug)]
pub struct Answer<'t> {
    /// The chronicle's title, else its folder's name.
    pub chronicle: &'t str,
    /// From where it was looked.
    pub view: Seen,
    /// How many documents had to be left out, because they could not be read (`--keep-going`).
    pub left_out: usize,
    /// What was found.
    pub found: Found<'t>,
}

/// A viewpoint, looked up: as the heading of an answer names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    /// The moment asked for, as it was asked.
    pub at: At,
    /// That moment; infinite only where no event has a finite one.
    pub moment: Moment,
    /// By when what counts was known.
    pub known_by: Option<Date>,
    /// Whose claims come first.
    pub according_to: Option<String>,
    /// As asked.
    pub only: Vec<String>,
    /// As asked.
    pub without: Vec<String>,
    /// The names of the files that were added.
    pub with: Vec<String>,
}

/// The moment asked for, in the words it was asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum At {
    /// Left out: just after the last event.
    Last,
    /// As of the end of a date.
    EndOf(Date),
    /// Just after an event.
    After(String),
    /// Just before an event.
    Before(String),
}

/// The body of an answer.
#[derive(Clone, Debug)]
pub enum Found<'t> {
    /// To `replay`.
    State(State<'t>),
    /// To `list`.
    Events(Vec<EventRow<'t>>),
    /// To `diff`.
    Differences(Differences<'t>),
    /// To `why`.
    Reasons(Box<Reasons<'t>>),
    /// To `history`.
    Course(Course<'t>),
    /// To `show`.
    Shown(Vec<Shown<'t>>),
    /// To `trace`.
    Trace(Box<Trace<'t>>),
    /// To `context`.
    Context(Box<Context<'t>>),
    /// To `stats`.
    Stats(Box<Stats<'t>>),
    /// To `expect`.
    Expect(Expect<'t>),
    /// To `hinges`.
    Hinges(super::Hinges<'t>),
    /// To `hinges` with a source.
    Fall(Box<super::Fall<'t>>),
    /// To `check`.
    Faults(Faults<'t>),
}

/// How many events an answer rests on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Events that count and have happened for certain.
    pub certain: usize,
    /// Events that count and may have happened.
    pub possible: usize,
    /// All events that were loaded, whether they count or not.
    pub total: usize,
}

/// The state of affairs at a moment.
#[derive(Clone, Debug)]
pub struct State<'t> {
    /// How many events it rests on.
    pub counts: Counts,
    /// Every path that has a value or an alternative, in order of paths.
    pub facts: Vec<Fact<'t>>,
}

/// What holds of one path.
#[derive(Clone, PartialEq, Debug)]
pub struct Fact<'t> {
    /// The path.
    pub path: &'t Path,
    /// Its definite value.
    pub value: Option<Cow<'t, Value>>,
    /// How it stands.
    pub standing: Standing,
    /// The date, as written, of the first event of the unbroken run with this value and standing.
    pub since: Option<&'t str>,
    /// The event that last gave or changed it.
    pub event: Option<&'t str>,
    /// The voices that claim it, sorted, where it is only claimed.
    pub claimed_by: Vec<&'t str>,
    /// With `--according-to`: whether the record has spoken later than the voice.
    pub record_moved_on: bool,
    /// What else is claimed, on record, or possible.
    pub alternatives: Vec<Alternative<'t>>,
    /// What the manifest calls the path.
    pub label: Option<&'t str>,
    /// The unit of its number.
    pub unit: Option<&'t str>,
}

/// Another value of a path.
#[derive(Clone, PartialEq, Debug)]
pub struct Alternative<'t> {
    /// The value; nothing where the path would have none.
    pub value: Option<Cow<'t, Value>>,
    /// How it stands, or would stand.
    pub standing: Standing,
    /// Whether it is only possible, by an event or an end that may have happened.
    pub possible: bool,
    /// The voices that claim it, sorted.
    pub claimed_by: Vec<&'t str>,
    /// Since when.
    pub since: Option<&'t str>,
    /// By which event.
    pub event: Option<&'t str>,
}

/// An event with what an answer says about it.
#[derive(Clone, Debug)]
pub struct EventRow<'t> {
    /// The event.
    pub event: &'t Event,
    /// Whether it has happened for certain at the moment asked for.
    pub certain: bool,
    /// Whether it may have happened then, and not for certain.
    pub possible: bool,
    /// Its sources.
    pub sources: Vec<SourceRow<'t>>,
    /// The sources of what its voices claim, where they are given apart.
    pub claim_sources: Vec<(&'t str, Vec<SourceRow<'t>>)>,
    /// Its file, relative to the chronicle.
    pub file: &'t str,
    /// The line on which it begins, from 1.
    pub line: usize,
}

/// A citation with the source that it cites.
#[derive(Clone, Copy, Debug)]
pub struct SourceRow<'t> {
    /// Quote and page.
    pub citation: &'t Citation,
    /// The source; of an id that nothing describes, nothing.
    pub source: Option<&'t Source>,
}

impl<'t> SourceRow<'t> {
    /// The id of the source, if it has one.
    pub fn id(&self) -> Option<&'t str> {
        self.citation.source_id()
    }

    /// What is said of the source, if anything.
    pub fn described(&self) -> Option<&'t Source> {
        match &self.citation.source {
            Cited::InPlace(source) => self.source.or(Some(source)),
            Cited::ById(_) => self.source,
        }
    }
}

/// What differs between two viewpoints; the answer's own is the right side.
#[derive(Clone, Debug)]
pub struct Differences<'t> {
    /// The left side.
    pub from: Seen,
    /// What `--without` left out on the right side.
    pub left_out: Box<LeftOut<'t>>,
    /// One a path, in order of paths.
    pub changes: Vec<Difference<'t>>,
    /// With `--steps`: one for each event and each end between the two, in the order in which they happened.
    pub steps: Option<Vec<Step<'t>>>,
}

/// What `--without` leaves out, of what has happened or may have.
#[derive(Clone, Debug, Default)]
pub struct LeftOut<'t> {
    /// The events that are left out, in replay order.
    pub events: Vec<&'t Event>,
    /// The events that stand while a cause of theirs is left out, in replay order.
    pub causes_gone: Vec<CauseGone<'t>>,
}

/// An event that counts, and whose causes do not.
#[derive(Clone, Debug)]
pub struct CauseGone<'t> {
    /// The event.
    pub event: &'t Event,
    /// Those of its causes that were left out, also the causes of such, in replay order.
    pub because: Vec<&'t Event>,
}

/// What became of a path between two viewpoints.
#[derive(Clone, Debug)]
pub struct Difference<'t> {
    /// The path.
    pub path: &'t Path,
    /// In which way it differs.
    pub kind: DifferenceKind,
    /// The left side's fact; `value` and `alternatives` may be empty. Since when and by which event a value holds is not
    /// said of either side.
    pub before: Fact<'t>,
    /// The right side's fact.
    pub after: Fact<'t>,
    /// Of sets: what only the right side has.
    pub members_added: Vec<Scalar>,
    /// Of sets: what only the left side has.
    pub members_removed: Vec<Scalar>,
    /// The events that contribute to one side's value and not to the other's, in replay order.
    pub caused_by: Vec<Cause<'t>>,
}

/// How a path differs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DifferenceKind {
    /// Only the right side has a definite value.
    Added,
    /// Only the left side has a definite value.
    Removed,
    /// Any other difference.
    Changed,
}

impl DifferenceKind {
    /// `added`, `removed`, `changed`.
    pub fn name(self) -> &'static str {
        match self {
            DifferenceKind::Added => "added",
            DifferenceKind::Removed => "removed",
            DifferenceKind::Changed => "changed",
        }
    }
}

/// An event that contributes to one side of a difference.
#[derive(Clone, Copy, Debug)]
pub struct Cause<'t> {
    /// The event.
    pub event: Named<'t>,
    /// Which side's value it contributes to.
    pub side: Side,
}

/// An event that is known by its id, and read whole only where somebody looks at it: a large answer names many.
#[derive(Clone, Copy, Debug)]
pub enum Named<'t> {
    /// Read already.
    Whole(&'t Event),
    /// Of the index, by its number.
    Indexed(&'t History, EventNumber),
}

impl<'t> Named<'t> {
    /// Its id.
    pub fn id(self) -> &'t str {
        match self {
            Named::Whole(event) => &event.id,
            Named::Indexed(history, number) => history.id(number),
        }
    }

    /// The whole event.
    pub fn event(self) -> &'t Event {
        match self {
            Named::Whole(event) => event,
            Named::Indexed(history, number) => history.event(number),
        }
    }
}

/// A side of a difference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The left one alone.
    Before,
    /// The right one alone.
    After,
    /// Both, by different changes of one event.
    Both,
}

/// One event, or the end of what one held, with what it changed.
#[derive(Clone, Debug)]
pub struct Step<'t> {
    /// The event.
    pub event: EventRow<'t>,
    /// Whether this is the end of what it held `during`, and not the event itself.
    pub ends: bool,
    /// What changed.
    pub changes: Vec<Difference<'t>>,
}

/// A value and its reasons.
#[derive(Clone, Debug)]
pub struct Reasons<'t> {
    /// What holds of the path.
    pub fact: Fact<'t>,
    /// The event that gave or last changed the value.
    pub given_by: Option<EventRow<'t>>,
    /// Of sums and sets: every change that the value is made of, in replay order.
    pub contributions: Vec<Contribution<'t>>,
    /// The causes of the event that gave it.
    pub because: Vec<Because<'t>>,
    /// The values before, the latest first.
    pub overruled: Vec<Overruled<'t>>,
    /// The events behind the alternatives, in their order.
    pub otherwise: Vec<Option<EventRow<'t>>>,
}

/// One change that a sum or a set is made of.
#[derive(Clone, Debug)]
pub struct Contribution<'t> {
    /// The change.
    pub change: &'t Change,
    /// The event that made it.
    pub event: &'t Event,
}

/// An event and its causes.
#[derive(Clone, Debug)]
pub struct Because<'t> {
    /// The cause.
    pub event: EventRow<'t>,
    /// Its causes in turn.
    pub because: Vec<Because<'t>>,
    /// Whether its causes are not repeated here, because the event stands above or the tree is too deep.
    pub cut: bool,
}

/// A value that no longer holds.
#[derive(Clone, Debug)]
pub struct Overruled<'t> {
    /// The value.
    pub value: Option<Cow<'t, Value>>,
    /// The date from which it held, as written.
    pub from: &'t str,
    /// The date from which it no longer held.
    pub to: Option<&'t str>,
    /// The event that gave it.
    pub event: &'t Event,
}

/// The values of a path through time.
#[derive(Clone, Debug)]
pub struct Course<'t> {
    /// The path.
    pub path: &'t Path,
    /// The member asked for.
    pub member: Option<String>,
    /// The record's rows in order of time, then each voice's.
    pub rows: Vec<CourseRow<'t>>,
}

/// One value of a path for a time.
#[derive(Clone, Debug)]
pub struct CourseRow<'t> {
    /// The value; nothing where it was unset.
    pub value: Option<Cow<'t, Value>>,
    /// The date from which it held, as written.
    pub from: &'t str,
    /// The date from which it no longer held; nothing: it still does.
    pub to: Option<&'t str>,
    /// Who asserts it; nobody else: the record.
    pub voice: Option<&'t str>,
    /// Whether that had happened for certain at the moment asked for.
    pub certain: bool,
    /// The event that gave it.
    pub event: &'t Event,
}

/// An event whole.
#[derive(Clone, Debug)]
pub struct Shown<'t> {
    /// The event.
    pub event: EventRow<'t>,
    /// The events that make it void in this viewpoint.
    pub void_by: Vec<&'t str>,
    /// Whether it counts in this viewpoint.
    pub counts: bool,
    /// What it changed: the state just before it and just after it.
    pub changed: Vec<Difference<'t>>,
}

/// What `check` found.
#[derive(Clone, Debug)]
pub struct Faults<'t> {
    /// Every fault, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that the places point into.
    pub texts: &'t crate::model::text::Texts,
}
