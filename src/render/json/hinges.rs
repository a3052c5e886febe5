//! The shapes of `hinges`: what values hang on, and what falls with one source.

use super::{Keys, difference, fact, key, maybe_value};
use crate::ask::{Difference, Fall, Hinge, Hinges, HungValue, On, Origin, SourceWeight, Survivor};
use crate::render::shape::Shape;

/// The keys of what values hang on.
pub(super) fn hinges<'a>(found: &'a Hinges<'a>) -> Keys<'a> {
    let mut keys = key("sources", Shape::List(found.sources.iter().map(weight).collect()));
    keys.extend(key("values", Shape::List(found.values.iter().map(value).collect())));
    keys
}

/// One row for each thing that a value hangs on, and one for a value that hangs on nothing.
pub(super) fn hinge_rows<'a>(found: &'a Hinges<'a>) -> Vec<Shape<'a>> {
    let rows = found.values.iter().flat_map(|value| {
        let hinges: Vec<Option<&Hinge>> = match &value.hinges[..] {
            [] => vec![None],
            hinges => hinges.iter().map(Some).collect(),
        };
        hinges.into_iter().map(move |hinge| {
            let mut keys = key("path", value.fact.path.as_str());
            keys.extend(key("value", maybe_value(&value.fact.value)));
            keys.extend(key("standing", value.fact.standing.name()));
            keys.extend(hinge.map_or(key("hangs_on", Shape::Null), hinge_keys));
            Shape::Map(keys)
        })
    });
    rows.collect()
}

fn weight(source: &SourceWeight) -> Shape<'_> {
    let mut keys = origin_keys(&source.origin);
    keys.extend(key("falls", source.weight.falls));
    keys.extend(key("changes", source.weight.changes));
    keys.extend(key("survives", source.weight.survives));
    Shape::Map(keys)
}

fn origin_keys(origin: &Origin) -> Keys<'_> {
    let mut keys = key("source", &origin.name);
    keys.extend(key("same_origin", Shape::list(&origin.same_origin)));
    keys
}

fn value<'a>(value: &'a HungValue<'a>) -> Shape<'a> {
    let hinges = value.hinges.iter().map(|hinge| Shape::Map(hinge_keys(hinge)));
    Shape::map([
        ("path", value.fact.path.as_str().into()),
        ("value", maybe_value(&value.fact.value)),
        ("standing", value.fact.standing.name().into()),
        ("event", value.fact.event.into()),
        ("unsourced", value.unsourced.into()),
        ("hinges", Shape::List(hinges.collect())),
    ])
}

/// What is left out or moved, and the value and standing that come of it.
fn hinge_keys<'a>(hinge: &'a Hinge<'a>) -> Keys<'a> {
    let (event, before, sources): (_, _, Vec<&Origin>) = match &hinge.on {
        On::Event(event) | On::End(event) => (Some(*event), None, vec![]),
        On::Date { event, before } => (Some(*event), *before, vec![]),
        On::Source(one) => (None, None, vec![one]),
        On::Sources(one, other) => (None, None, vec![one, other]),
    };
    let mut keys = key("hangs_on", hinge.on.name());
    keys.extend(key("event", event.map(|event| &event.id)));
    keys.extend(key("moved_before", before.map(|event| &event.id)));
    keys.extend(key("sources", Shape::list(sources.into_iter().map(|origin| &origin.name))));
    keys.extend(key("after", maybe_value(&hinge.value)));
    keys.extend(key("after_standing", hinge.standing.name()));
    keys
}

/// The keys of what falls with one source.
pub(super) fn fall<'a>(found: &'a Fall<'a>) -> Keys<'a> {
    let mut keys = origin_keys(&found.origin);
    keys.extend(key("left_out_events", Shape::list(found.left_out.iter().map(|event| &event.id))));
    for (name, changes) in parts(found) {
        keys.extend(key(name, Shape::List(changes.iter().map(difference).collect())));
    }
    keys.extend(key("survives", Shape::List(found.survives.iter().map(survivor).collect())));
    keys
}

/// One row for each value, with what becomes of it.
pub(super) fn fall_rows<'a>(found: &'a Fall<'a>) -> Vec<Shape<'a>> {
    let mut rows = Vec::new();
    let mut put = |outcome: &'a str, shape: Shape<'a>| {
        let mut keys = key("outcome", outcome);
        if let Shape::Map(own) = shape {
            keys.extend(own);
        }
        rows.push(Shape::Map(keys));
    };
    for (outcome, changes) in parts(found) {
        changes.iter().for_each(|change| put(outcome, difference(change)));
    }
    for one in &found.survives {
        let mut keys = key("path", one.fact.path.as_str());
        keys.extend(key("before", maybe_value(&one.fact.value)));
        keys.extend(key("after", maybe_value(&one.fact.value)));
        keys.extend(key("before_standing", one.fact.standing.name()));
        keys.extend(key("after_standing", one.fact.standing.name()));
        keys.extend(key("sources", Shape::list(&one.on)));
        put("survives", Shape::Map(keys));
    }
    rows
}

fn parts<'a>(found: &'a Fall<'a>) -> [(&'static str, &'a [Difference<'a>]); 3] {
    [("falls", &found.falls), ("changes", &found.changes), ("gains", &found.gains)]
}

fn survivor<'a>(one: &'a Survivor<'a>) -> Shape<'a> {
    let mut keys = key("sources", Shape::list(&one.on));
    if let Shape::Map(own) = fact(&one.fact) {
        keys.extend(own);
    }
    Shape::Map(keys)
}
