//! The answers of `hinges`: plain data, in the order in which they are shown.

use std::borrow::Cow;

use crate::ask::{Difference, Fact, Standing};
use crate::model::event::Event;
use crate::model::value::Value;

/// What the values of a viewpoint hang on.
#[derive(Clone, Debug)]
pub struct Hinges<'t> {
    /// The sources with which any value falls or changes, those of the most first.
    pub sources: Vec<SourceWeight>,
    /// Every definite value, in order of paths.
    pub values: Vec<HungValue<'t>>,
}

/// A source, and what else counts as it, because all of it is from one origin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    /// The id of the origin; of a source without an id its url, else its title, publisher and date.
    pub name: String,
    /// The other sources that are from it and that events cite.
    pub same_origin: Vec<String>,
}

/// How much hangs on a source.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Weight {
    /// So many values are lost without it.
    pub falls: usize,
    /// So many are other ones, or stand otherwise.
    pub changes: usize,
    /// So many rest on it, and stay as they are without it.
    pub survives: usize,
}

impl Weight {
    /// More falls or changes, then more falls, then more that survives.
    pub(super) fn order(self) -> (usize, usize, usize) {
        (self.falls + self.changes, self.falls, self.survives)
    }
}

/// A source with how much hangs on it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceWeight {
    /// The source.
    pub origin: Origin,
    /// How much hangs on it.
    pub weight: Weight,
}

/// A definite value and what it hangs on.
#[derive(Clone, Debug)]
pub struct HungValue<'t> {
    /// The value.
    pub fact: Fact<'t>,
    /// What it hangs on; nothing: it survives the loss of any one thing, and of any two sources.
    pub hinges: Vec<Hinge<'t>>,
    /// Whether no event that speaks for it cites any source.
    pub unsourced: bool,
}

/// One thing that a value hangs on, and what comes of it.
#[derive(Clone, Debug)]
pub struct Hinge<'t> {
    /// What is left out or moved.
    pub on: On<'t>,
    /// The value that the path then has; nothing: it falls.
    pub value: Option<Cow<'t, Value>>,
    /// How that stands.
    pub standing: Standing,
}

/// What a value can hang on.
#[derive(Clone, Debug)]
pub enum On<'t> {
    /// An event that is left out.
    Event(&'t Event),
    /// A source that is left out.
    Source(Origin),
    /// Two sources that are left out together, where it survives the loss of each alone.
    Sources(Origin, Origin),
    /// The date of an event that is moved within its span.
    Date {
        /// The event.
        event: &'t Event,
        /// The event that it then comes before; nothing: it may have happened at the moment asked for, and then has.
        before: Option<&'t Event>,
    },
    /// The end of what an event holds, which may have come at the moment asked for, and then has.
    End(&'t Event),
}

impl On<'_> {
    /// `event`, `source`, `sources`, `date`, `end`.
    pub fn name(&self) -> &'static str {
        match self {
            On::Event(_) => "event",
            On::Source(_) => "source",
            On::Sources(..) => "sources",
            On::Date { .. } => "date",
            On::End(_) => "end",
        }
    }
}

/// What becomes of the values of a viewpoint without one source.
#[derive(Clone, Debug)]
pub struct Fall<'t> {
    /// The source.
    pub origin: Origin,
    /// The events that fall with it, of those that have happened or may have, in replay order.
    pub left_out: Vec<&'t Event>,
    /// The values that are lost, in order of paths.
    pub falls: Vec<Difference<'t>>,
    /// The values that are other ones, or stand otherwise.
    pub changes: Vec<Difference<'t>>,
    /// The paths without a definite value that have one without it.
    pub gains: Vec<Difference<'t>>,
    /// The values that rest on it and stay as they are.
    pub survives: Vec<Survivor<'t>>,
}

/// A value that stays without a source that it rests on.
#[derive(Clone, Debug)]
pub struct Survivor<'t> {
    /// The value, as it then stands.
    pub fact: Fact<'t>,
    /// The sources that it then rests on; none: on events that cite nothing.
    pub on: Vec<String>,
}
