//! The shapes of a `context`: the state before and after an event, or that of an expectation.

use std::borrow::Cow;

use super::event::event;
use super::{Keys, difference, fact, key};
use crate::ask::{Around, Context, Fact};
use crate::render::shape::Shape;

/// The keys of a context.
pub(super) fn keys<'a>(context: &'a Context<'a>) -> Keys<'a> {
    let mut keys = key("file", context.file);
    keys.extend(key("line", context.line));
    let list = |facts: &'a [Fact<'a>]| Shape::List(facts.iter().map(fact).collect());
    match &context.around {
        Around::Event { event: shown, before, after } => {
            keys.extend(key("event", event(&shown.event)));
            keys.extend(key("counts", shown.counts));
            keys.extend(key("void_by", Shape::list(shown.void_by.iter().copied())));
            keys.extend(key("before", list(before)));
            keys.extend(key("after", list(after)));
            keys.extend(key("changed", Shape::List(shown.changed.iter().map(difference).collect())));
        }
        Around::Expectation { begins, facts } => {
            keys.extend(key("expectation", Shape::map([("line", (*begins).into())])));
            keys.extend(key("facts", list(facts)));
        }
    }
    keys
}

/// The facts after the event, each with whether it changed it; those of an expectation.
pub(super) fn rows<'a>(context: &'a Context<'a>) -> Vec<Shape<'a>> {
    let facts = match &context.around {
        Around::Event { after, .. } => after,
        Around::Expectation { facts, .. } => facts,
    };
    let row = |one: &'a Fact<'a>| match fact(one) {
        Shape::Map(mut keys) => {
            keys.push((Cow::Borrowed("changed"), context.around.changes(one.path).into()));
            Shape::Map(keys)
        }
        other => other,
    };
    facts.iter().map(row).collect()
}
