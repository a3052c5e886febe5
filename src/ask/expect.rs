//! `expect`: what must come out, if what comes out now is right: expectations for the paths asked for, in the words in
//! which a file has them.

use std::collections::BTreeSet;

use chrono::NaiveTime;

use super::check::is_disputed;
use super::replay::possible_by_path;
use super::viewpoint::{look, paths_of, with_names};
use super::{Answer, At, Fact, Found, Refusal, Selectors, answered, row};
use crate::model::date::Date;
use crate::model::event::Expected;
use crate::model::moment::Moment;
use crate::model::path::Path;
use crate::model::value::{Scalar, Value};
use crate::timeline::Timeline;

/// An expectation that holds; its other selectors are those of the answer's viewpoint.
#[derive(Clone, Debug)]
pub struct Expect<'t> {
    /// The date or event that it is as of, as a file has it; nothing where no date says it.
    pub as_of: Option<String>,
    /// What is expected of each path, in order of paths: a value alone, or operators.
    pub paths: Vec<(&'t Path, Vec<Expected>)>,
}

/// Answers `expect PATH…`.
pub(super) fn answer<'t>(timeline: &'t Timeline, select: &Selectors, globs: &[String]) -> Result<Answer<'t>, Refusal> {
    if !with_names(timeline).is_empty() {
        let refusal = Refusal::bad("an expectation is asked of the chronicle alone, so `expect` takes no `--with`");
        return Err(refusal.help("put the events into the chronicle first"));
    }
    let looked = look(timeline, select, true)?;
    let possible = possible_by_path(&looked.view);
    let expected = |path| {
        let held = looked.view.held(path, possible.get(&path).map_or(&[], Vec::as_slice));
        let fact = row::fact(timeline, path, held);
        (fact.path, expected(&fact))
    };
    let paths = paths_of(timeline, globs)?.into_iter().map(expected).collect();
    let as_of = match &looked.seen.at {
        At::Last => date_of(timeline, looked.view.moment()),
        At::EndOf(date) => Some(date.text().to_owned()),
        At::After(event) => Some(event.clone()),
        At::Before(event) => Some(format!("{event}^")),
    };
    Ok(answered(timeline, looked.seen, Found::Expect(Expect { as_of, paths })))
}

/// What of a fact can be expected: all of it that an expectation can say.
fn expected(fact: &Fact) -> Vec<Expected> {
    let value = fact.value.as_deref().cloned();
    let mut expected = vec![value.map_or(Expected::Absent(true), Expected::Equals)];
    if is_disputed(fact) {
        expected.push(Expected::Disputed(true));
    }
    let possible: BTreeSet<Option<&Value>> =
        fact.alternatives.iter().filter(|other| other.possible).map(|other| other.value.as_deref()).collect();
    let values: Vec<&Value> = possible.iter().copied().flatten().collect();
    let scalars: BTreeSet<Scalar> = values
        .iter()
        .filter_map(|value| match value {
            Value::Scalar(Scalar::Truth(_)) | Value::Estimate(_) | Value::Set(_) => None,
            Value::Scalar(scalar) => Some(scalar.clone()),
        })
        .collect();
    match values[..] {
        _ if possible.is_empty() => {}
        [value] if !matches!(value, Value::Scalar(Scalar::Truth(_))) => {
            expected.push(Expected::Possible(value.clone()))
        }
        // A list says of each that it is possible; that a value may be gone, or one of several sets hold, it cannot.
        [_, ..] if scalars.len() == values.len() => expected.push(Expected::Possible(Value::Set(scalars))),
        _ => expected.push(Expected::Possible(Value::Scalar(Scalar::Truth(true)))),
    }
    expected
}

/// The date whose end a moment is: a day of the chronicle's time zone, else an instant; nothing where no date can be
/// read as that.
fn date_of(timeline: &Timeline, moment: Moment) -> Option<String> {
    let calendar = &timeline.manifest().calendar;
    let local = calendar.local(moment).filter(|local| local.time() == NaiveTime::MIN);
    let day = local.and_then(|local| local.date().pred_opt()).map(|day| day.to_string());
    let instant = match moment.nanos() {
        0 => Moment::new(moment.seconds().saturating_sub(1), 0).to_string(),
        nanos => {
            let last = Moment::new(moment.seconds(), nanos - 1).to_string();
            let (second, _) = last.split_once('.').unwrap_or((last.trim_end_matches('Z'), ""));
            format!("{second}.{:09}Z", nanos - 1)
        }
    };
    let ends_there = |text: &String| {
        let reckoned = Date::parse(text).ok()?.reckon(calendar).ok()?;
        (reckoned.start.end == moment).then_some(())
    };
    [day, Some(instant)].into_iter().flatten().find(|text| ends_there(text).is_some())
}
