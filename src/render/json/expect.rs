//! The shapes of expectations, with the keys of a file (1-format, An expectation).

use super::{Keys, key, value};
use crate::ask::{Expect, Seen};
use crate::model::date::Date;
use crate::model::event::Expected;
use crate::render::shape::Shape;

/// The keys of an expectation as a file has it; those that say nothing are left out.
pub(in crate::render) fn document<'a>(view: &'a Seen, expect: &'a Expect<'a>) -> Keys<'a> {
    let mut keys = Keys::new();
    keys.extend(expect.as_of.as_ref().into_iter().flat_map(|as_of| key("as_of", as_of)));
    keys.extend(view.known_by.as_ref().into_iter().flat_map(|date| key("known_by", Date::text(date))));
    keys.extend(view.according_to.iter().flat_map(|voice| key("according_to", voice)));
    for (name, filters) in [("only", &view.only), ("without", &view.without)] {
        if !filters.is_empty() {
            keys.extend(key(name, Shape::list(filters)));
        }
    }
    let paths = expect.paths.iter().map(|(path, expected)| (path.as_str(), of_path(expected)));
    keys.extend(key("expect", Shape::map(paths)));
    keys
}

/// One a path.
pub(super) fn rows<'a>(expect: &'a Expect<'a>) -> Vec<Shape<'a>> {
    let row = |(path, expected): &'a (&crate::model::path::Path, Vec<Expected>)| {
        Shape::map([("path", path.as_str().into()), ("expect", of_path(expected))])
    };
    expect.paths.iter().map(row).collect()
}

/// A value alone, or operators.
fn of_path(expected: &[Expected]) -> Shape<'_> {
    match expected {
        [Expected::Equals(only)] => value(only),
        operators => Shape::map(operators.iter().map(operator)),
    }
}

fn operator(expected: &Expected) -> (&str, Shape<'_>) {
    match expected {
        Expected::Equals(wanted) => ("equals", value(wanted)),
        Expected::Includes(wanted) => ("includes", value(wanted)),
        Expected::Excludes(wanted) => ("excludes", value(wanted)),
        Expected::Absent(absent) => ("absent", (*absent).into()),
        Expected::AtLeast(wanted) => ("at_least", value(wanted)),
        Expected::AtMost(wanted) => ("at_most", value(wanted)),
        Expected::Size(wanted) => ("size", value(wanted)),
        Expected::OneOf(wanted) => ("one_of", value(wanted)),
        Expected::Disputed(disputed) => ("disputed", (*disputed).into()),
        Expected::Possible(wanted) => ("possible", value(wanted)),
    }
}
