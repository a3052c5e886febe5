//! The shapes of a `trace`: nested as `because` of `why` is, and as rows, one an event and link.

use super::event::event;
use super::{Keys, key};
use crate::ask::{Branch, Cut, Trace};
use crate::render::shape::Shape;

/// The keys of a trace.
pub(super) fn keys<'a>(trace: &'a Trace<'a>) -> Keys<'a> {
    let mut keys = key("event", event(&trace.event));
    keys.extend(key("counts", trace.counts));
    keys.extend(key("void_by", Shape::list(trace.void_by.iter().copied())));
    keys.extend(key("because", branches("because", &trace.because)));
    keys.extend(key("consequences", branches("consequences", &trace.consequences)));
    keys.extend(key("not_counting", Shape::list(trace.not_counting.iter().copied())));
    keys.extend(key("not_yet", Shape::list(trace.not_yet.iter().copied())));
    keys
}

/// `cut`: what is below is not told; `repeated`: not here, for it is told where the event stands before.
fn branches<'a>(name: &'a str, of: &'a [Branch<'a>]) -> Shape<'a> {
    let one = |branch: &'a Branch<'a>| {
        Shape::map([
            ("event", event(&branch.event)),
            (name, branches(name, &branch.below)),
            ("cut", branch.cut.is_some().into()),
            ("repeated", (branch.cut == Some(Cut::Repeated)).into()),
        ])
    };
    Shape::List(of.iter().map(one).collect())
}

/// The event itself, then each cause and each consequence below the one whose it is.
pub(super) fn rows<'a>(trace: &'a Trace<'a>) -> Vec<Shape<'a>> {
    let own = &trace.event.event;
    let mut rows = vec![Shape::map([
        ("relation", "event".into()),
        ("depth", 0usize.into()),
        ("of", Shape::Null),
        ("id", (&own.id).into()),
        ("date", own.date.value.text().into()),
        ("title", (&own.title.value).into()),
        ("cut", false.into()),
        ("repeated", false.into()),
    ])];
    for (relation, branches) in [("cause", &trace.because), ("consequence", &trace.consequences)] {
        let mut left: Vec<(usize, &str, &Branch)> = branches.iter().rev().map(|branch| (1, &*own.id, branch)).collect();
        while let Some((depth, of, branch)) = left.pop() {
            let event = &branch.event.event;
            rows.push(Shape::map([
                ("relation", relation.into()),
                ("depth", depth.into()),
                ("of", of.into()),
                ("id", (&event.id).into()),
                ("date", event.date.value.text().into()),
                ("title", (&event.title.value).into()),
                ("cut", branch.cut.is_some().into()),
                ("repeated", (branch.cut == Some(Cut::Repeated)).into()),
            ]));
            left.extend(branch.below.iter().rev().map(|below| (depth + 1, &*event.id, below)));
        }
    }
    rows
}
