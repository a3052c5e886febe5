//! The only JSON shapes (3-commands, JSON): which keys an answer has, and in what order. YAML, JSON lines and CSV are
//! made of the same. Within format version 1 no key changes its name or its meaning; new ones may come.
//!
//! A date is as it was written, a moment is UTC, a number exact, a set a sorted array. Beyond what the design shows:
//! events have `certain`, `after`, `replaces`, `claim_sources` and `allow`; facts have `label` and `unit`; differences
//! have `alternatives` of both sides; `why` has `otherwise`, the events behind the alternatives.

mod event;
mod trace;
mod context;
mod stats;
pub(super) mod expect;
mod hinges;
mod outside;
mod page;
mod schema;

use std::borrow::Cow;

pub use self::event::free;
use self::event::{event, event_keys};
use self::outside::diagnostic;
pub use self::outside::{change, date, dates, diagnostics, error, page, refusal};
pub use self::page::chronicle;
pub use self::schema::{Table, manifest, schema};
use super::lines::Lines;
use super::shape::{Made, Shape};
use crate::ask::{
    Alternative, Answer, At, Because, Contribution, Counts, Course, CourseRow, Difference, Differences, Fact, Found,
    Overruled, Reasons, Seen, Shown, State, Step,
};
use crate::model::date::Date;
use crate::model::moment::Moment;
use crate::model::value::{Scalar, Value};

type Keys<'a> = Vec<(Cow<'a, str>, Shape<'a>)>;

/// The whole answer. `long`: with every fact of a replay, and not the state alone.
pub fn answer<'a>(answer: &'a Answer<'a>, long: bool) -> Shape<'a> {
    let mut keys = key("asof", Shape::from(1usize));
    keys.extend(key("chronicle", answer.chronicle));
    keys.extend(key("viewpoint", seen(&answer.view)));
    keys.extend(key("left_out", answer.left_out));
    match &answer.found {
        Found::State(found) => keys.extend(state(found, long)),
        Found::Events(rows) => keys.extend(key("events", made(rows, event))),
        Found::Differences(found) => keys.extend(differences(found)),
        Found::Reasons(found) => keys.extend(reasons(found)),
        Found::Course(found) => keys.extend(course(found)),
        Found::Shown(found) => keys.extend(key("events", Shape::List(found.iter().map(shown).collect()))),
        Found::Trace(found) => keys.extend(trace::keys(found)),
        Found::Context(found) => keys.extend(context::keys(found)),
        Found::Stats(found) => keys.extend(stats::keys(found)),
        Found::Expect(found) => keys.extend(expect::document(&answer.view, found)),
        Found::Hinges(found) => keys.extend(hinges::hinges(found)),
        Found::Fall(found) => keys.extend(hinges::fall(found)),
        Found::Faults(found) => keys.extend(key("diagnostics", diagnostics(&found.diagnostics, found.texts))),
    }
    Shape::Map(keys)
}

/// The rows of an answer alone: one a fact, event, change (with `--steps` with its event before it), row or diagnostic.
pub fn rows<'a>(answer: &'a Answer<'a>) -> Box<dyn Iterator<Item = Shape<'a>> + 'a> {
    let rows = match &answer.found {
        Found::State(found) => return Box::new(found.facts.iter().map(fact)),
        Found::Events(rows) => return Box::new(rows.iter().map(event)),
        Found::Differences(Differences { steps: None, changes, .. }) => {
            return Box::new(changes.iter().map(difference));
        }
        Found::Differences(Differences { steps: Some(steps), .. }) => step_rows(steps),
        Found::Reasons(found) => vec![fact(&found.fact)],
        Found::Course(found) => return Box::new(found.rows.iter().map(course_row)),
        Found::Shown(found) => found.iter().map(shown).collect(),
        Found::Trace(found) => trace::rows(found),
        Found::Context(found) => context::rows(found),
        Found::Stats(found) => stats::rows(found),
        Found::Expect(found) => expect::rows(found),
        Found::Hinges(found) => hinges::hinge_rows(found),
        Found::Fall(found) => hinges::fall_rows(found),
        Found::Faults(found) => {
            let mut lines = Lines::of(found.texts);
            found.diagnostics.iter().map(|fault| diagnostic(fault, &mut lines)).collect()
        }
    };
    Box::new(rows.into_iter())
}

/// The viewpoints that an answer is true in, each a row: of a comparison one a side, of any other answer its only one.
pub fn viewpoints<'a>(answer: &'a Answer<'a>) -> Vec<Shape<'a>> {
    let row = |side: Option<&'a str>, view: &'a Seen| {
        let mut keys = key("side", side);
        keys.extend(key("chronicle", answer.chronicle));
        keys.extend(seen_keys(view));
        keys.extend(key("left_out", answer.left_out));
        Shape::Map(keys)
    };
    match &answer.found {
        Found::Differences(found) => vec![row(Some("before"), &found.from), row(Some("after"), &answer.view)],
        _ => vec![row(None, &answer.view)],
    }
}

/// A list of what `make` gives of each of some items, made while it is written.
fn made<'a, T>(items: &'a [T], make: fn(&'a T) -> Shape<'a>) -> Shape<'a> {
    Shape::Rows(Made::of(items, move |item| Some(make(item))))
}

fn key<'a>(name: &'a str, value: impl Into<Shape<'a>>) -> Keys<'a> {
    vec![(Cow::Borrowed(name), value.into())]
}

fn seen(view: &Seen) -> Shape<'_> {
    Shape::Map(seen_keys(view))
}

fn seen_keys(view: &Seen) -> Keys<'_> {
    let at = match &view.at {
        At::Last => Shape::Null,
        At::EndOf(date) => date.text().into(),
        At::After(event) => event.into(),
        At::Before(event) => format!("{event}^").into(),
    };
    let keys: [(&str, Shape); 7] = [
        ("at", at),
        ("moment", moment(view.moment)),
        ("known_by", view.known_by.as_ref().map(Date::text).into()),
        ("according_to", view.according_to.as_deref().into()),
        ("only", Shape::list(&view.only)),
        ("without", Shape::list(&view.without)),
        ("with", Shape::list(&view.with)),
    ];
    keys.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect()
}

fn moment<'a>(moment: Moment) -> Shape<'a> {
    if moment.is_finite() { Shape::Moment(moment) } else { Shape::Null }
}

fn scalar(scalar: &Scalar) -> Shape<'_> {
    match scalar {
        Scalar::Truth(truth) => (*truth).into(),
        Scalar::Number(number) => Shape::Number(number.to_string()),
        Scalar::Text(text) => (&**text).into(),
    }
}

fn scalars(members: &[Scalar]) -> Shape<'_> {
    Shape::List(members.iter().map(scalar).collect())
}

/// Texts as an array, compact.
pub fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    Shape::list(texts).to_json()
}

/// A value: text, number or truth, a sorted array, or the parts of an estimate.
pub fn value(value: &Value) -> Shape<'_> {
    match value {
        Value::Scalar(one) => scalar(one),
        Value::Set(members) => Shape::List(members.iter().map(scalar).collect()),
        Value::Estimate(estimate) => {
            Shape::map(estimate.parts().map(|(name, part)| (name, Shape::Number(part.to_string()))))
        }
    }
}

fn maybe_value<'a>(some: &'a Option<Cow<'a, Value>>) -> Shape<'a> {
    some.as_deref().map_or(Shape::Null, value)
}

fn counts<'a>(counts: &Counts) -> Shape<'a> {
    Shape::map([
        ("certain", counts.certain.into()),
        ("possible", counts.possible.into()),
        ("total", counts.total.into()),
    ])
}

fn state<'a>(state: &'a State<'a>, long: bool) -> Keys<'a> {
    let definite = |fact: &'a Fact<'a>| Some((Cow::Borrowed(fact.path.as_str()), value(fact.value.as_deref()?)));
    let mut keys = key("counts", counts(&state.counts));
    keys.extend(key("state", Shape::Entries(Made::of(&state.facts, definite))));
    if long {
        keys.extend(key("facts", made(&state.facts, fact)));
    }
    keys
}

fn fact<'a>(fact: &'a Fact<'a>) -> Shape<'a> {
    Shape::map([
        ("path", fact.path.as_str().into()),
        ("value", maybe_value(&fact.value)),
        ("standing", fact.standing.name().into()),
        ("since", fact.since.into()),
        ("event", fact.event.into()),
        ("claimed_by", Shape::list(fact.claimed_by.iter().copied())),
        ("record_moved_on", fact.record_moved_on.into()),
        ("alternatives", alternatives(&fact.alternatives)),
        ("label", fact.label.into()),
        ("unit", fact.unit.into()),
    ])
}

fn alternatives<'a>(alternatives: &'a [Alternative<'a>]) -> Shape<'a> {
    let one = |alternative: &'a Alternative<'a>| {
        Shape::map([
            ("value", maybe_value(&alternative.value)),
            ("standing", alternative.standing.name().into()),
            ("possible", alternative.possible.into()),
            ("claimed_by", Shape::list(alternative.claimed_by.iter().copied())),
            ("since", alternative.since.into()),
            ("event", alternative.event.into()),
        ])
    };
    Shape::List(alternatives.iter().map(one).collect())
}

fn differences<'a>(found: &'a Differences<'a>) -> Keys<'a> {
    let mut keys = key("from", seen(&found.from));
    keys.extend(key("left_out_events", Shape::list(found.left_out.events.iter().map(|event| &event.id))));
    keys.extend(key("changes", made(&found.changes, difference)));
    let gone = found.left_out.causes_gone.iter().map(|gone| {
        let because = Shape::list(gone.because.iter().map(|event| &event.id));
        Shape::map([("event", (&gone.event.id).into()), ("because", because)])
    });
    keys.extend(key("causes_gone", Shape::List(gone.collect())));
    if let Some(steps) = &found.steps {
        keys.extend(key("steps", Shape::List(steps.iter().map(step).collect())));
    }
    keys
}

fn step<'a>(step: &'a Step<'a>) -> Shape<'a> {
    Shape::map([
        ("event", event(&step.event)),
        ("ends", step.ends.into()),
        ("changes", Shape::List(step.changes.iter().map(difference).collect())),
    ])
}

/// The changes of steps, each with the id of its event and whether it is the end of what that held.
fn step_rows<'a>(steps: &'a [Step<'a>]) -> Vec<Shape<'a>> {
    let changes = steps.iter().flat_map(|step| step.changes.iter().map(move |change| (step, change)));
    let row = |(step, change): (&'a Step<'a>, &'a Difference<'a>)| {
        let mut keys = key("event", &step.event.event.id);
        keys.extend(key("ends", step.ends));
        keys.extend(difference_keys(change));
        Shape::Map(keys)
    };
    changes.map(row).collect()
}

fn difference<'a>(change: &'a Difference<'a>) -> Shape<'a> {
    Shape::Map(difference_keys(change))
}

fn difference_keys<'a>(change: &'a Difference<'a>) -> Keys<'a> {
    let mut keys = key("path", change.path.as_str());
    keys.extend(key("kind", change.kind.name()));
    keys.extend(key("before", maybe_value(&change.before.value)));
    keys.extend(key("after", maybe_value(&change.after.value)));
    if [&change.before, &change.after].iter().any(|fact| matches!(fact.value.as_deref(), Some(Value::Set(_)))) {
        keys.extend(key("members_added", scalars(&change.members_added)));
        keys.extend(key("members_removed", scalars(&change.members_removed)));
    }
    keys.extend(key("before_standing", change.before.standing.name()));
    keys.extend(key("after_standing", change.after.standing.name()));
    keys.extend(key("before_alternatives", alternatives(&change.before.alternatives)));
    keys.extend(key("after_alternatives", alternatives(&change.after.alternatives)));
    keys.extend(key("caused_by", Shape::list(change.caused_by.iter().map(|cause| cause.event.id()))));
    keys
}

fn reasons<'a>(reasons: &'a Reasons<'a>) -> Keys<'a> {
    let contribution = |one: &'a Contribution<'a>| {
        Shape::map([
            ("change", one.change.does.name().into()),
            ("value", one.change.does.value().map_or(Shape::Null, value)),
            ("event", (&one.event.id).into()),
        ])
    };
    let overruled = |one: &'a Overruled<'a>| {
        Shape::map([
            ("value", maybe_value(&one.value)),
            ("from", one.from.into()),
            ("to", one.to.into()),
            ("event", (&one.event.id).into()),
        ])
    };
    let mut keys = key("path", reasons.fact.path.as_str());
    keys.extend(key("fact", fact(&reasons.fact)));
    keys.extend(key("given_by", reasons.given_by.as_ref().map(event)));
    keys.extend(key("contributions", Shape::List(reasons.contributions.iter().map(contribution).collect())));
    keys.extend(key("because", because(&reasons.because)));
    keys.extend(key("overruled", Shape::List(reasons.overruled.iter().map(overruled).collect())));
    keys.extend(key(
        "otherwise",
        Shape::List(reasons.otherwise.iter().map(|row| row.as_ref().map(event).into()).collect()),
    ));
    keys
}

fn because<'a>(causes: &'a [Because<'a>]) -> Shape<'a> {
    let one = |cause: &'a Because<'a>| {
        Shape::map([("event", event(&cause.event)), ("because", because(&cause.because)), ("cut", cause.cut.into())])
    };
    Shape::List(causes.iter().map(one).collect())
}

fn course<'a>(course: &'a Course<'a>) -> Keys<'a> {
    let mut keys = key("path", course.path.as_str());
    keys.extend(key("member", course.member.as_deref()));
    keys.extend(key("rows", Shape::List(course.rows.iter().map(course_row).collect())));
    keys
}

fn course_row<'a>(row: &'a CourseRow<'a>) -> Shape<'a> {
    Shape::map([
        ("value", maybe_value(&row.value)),
        ("from", row.from.into()),
        ("to", row.to.into()),
        ("voice", row.voice.into()),
        ("certain", row.certain.into()),
        ("event", (&row.event.id).into()),
    ])
}

fn shown<'a>(shown: &'a Shown<'a>) -> Shape<'a> {
    let mut keys = event_keys(&shown.event);
    keys.extend(key("changed", Shape::List(shown.changed.iter().map(difference).collect())));
    keys.extend(key("void_by", Shape::list(shown.void_by.iter().copied())));
    keys.extend(key("counts", shown.counts));
    Shape::Map(keys)
}
