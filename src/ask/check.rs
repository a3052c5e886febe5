//! `check`: every fault of a chronicle: those of loading, those that the house rules find, and what history does not
//! meet of what is expected.

use super::replay::possible_by_path;
use super::viewpoint::look;
use super::{Answer, Fact, Faults, Found, Refusal, Selectors, Standing, answered, row};
use crate::model::diagnostic::{Code, Diagnostic, Severity, nearest};
use crate::model::event::{Expectation, Expected};
use crate::model::path::Path;
use crate::model::text::{Located, Place};
use crate::model::value::{Scalar, Value};
use crate::timeline::Timeline;

/// Answers `check [RULE…]`.
pub(super) fn answer<'t>(timeline: &'t Timeline, rules: &[String], strict: bool) -> Result<Answer<'t>, Refusal> {
    let mut chosen = Vec::new();
    for rule in rules {
        chosen.push(Code::named(rule).ok_or_else(|| {
            let names = Code::ALL.iter().map(|code| code.name());
            Refusal::not_found(format!("no rule is called `{rule}`"), nearest(rule, names))
        })?);
    }
    let wanted = |code: Code| chosen.is_empty() || chosen.contains(&code);
    // What could not be loaded was not held against any rule, so that is always said.
    let is_said = |fault: &&Diagnostic| wanted(fault.code) || fault.code.severity() == Severity::Error;
    let mut diagnostics: Vec<Diagnostic> = timeline.faults().iter().filter(is_said).cloned().collect();
    diagnostics.extend(beside_loading(timeline, &chosen));
    diagnostics.sort_by_key(|fault| fault.place);
    for fault in diagnostics.iter_mut().filter(|fault| strict && fault.severity == Severity::Warning) {
        fault.severity = Severity::Error;
    }
    let seen = look(timeline, &Selectors::default(), true)?.seen;
    Ok(answered(timeline, seen, Found::Faults(Faults { diagnostics, texts: timeline.texts() })))
}

/// How many errors and warnings `check` would add to the load faults, load warnings included: for the one line that
/// every other question says about them.
pub fn house_faults(timeline: &Timeline) -> (usize, usize) {
    if let Some(counts) = timeline.counts() {
        return counts;
    }
    let found = beside_loading(timeline, &[]);
    let count =
        |severity: Severity| found.iter().chain(timeline.faults()).filter(|fault| fault.severity == severity).count();
    (count(Severity::Error), count(Severity::Warning))
}

/// What the house rules and the expectations find; where rules are named, those alone.
fn beside_loading(timeline: &Timeline, named: &[Code]) -> Vec<Diagnostic> {
    let mut found = timeline.house_faults(named);
    let code = Code::ExpectationFailed;
    let severity = timeline.manifest().severity(code, !named.is_empty());
    if let Some(severity) = severity.filter(|_| named.is_empty() || named.contains(&code)) {
        let failed = timeline.expectations().iter().flat_map(|expectation| failures(timeline, expectation));
        found.extend(failed.map(|fault| Diagnostic { severity, ..fault }));
    }
    found
}

/// What of one expectation history does not meet.
fn failures(timeline: &Timeline, expectation: &Expectation) -> Vec<Diagnostic> {
    let select = selectors(expectation);
    // What came by `--with` is a supposition; what is expected is expected of the chronicle.
    let looked = match look(timeline, &select, false) {
        Ok(looked) => looked,
        Err(refusal) => {
            let place = refused_place(timeline, expectation).unwrap_or(expectation.place);
            let fault = Diagnostic::new(Code::ExpectationFailed, place, format!("this cannot be asked: {refusal}"));
            return vec![match refusal.help {
                Some(help) => fault.help(help),
                None => fault,
            }];
        }
    };
    let possible = possible_by_path(&looked.view);
    let mut failures = Vec::new();
    for (path, expected) in &expectation.expect {
        let number = timeline.history().find(&path.value);
        let fact = number.map(|number| {
            let held = looked.view.held(number, possible.get(&number).map_or(&[], Vec::as_slice));
            row::fact(timeline, number, held)
        });
        let unmet = expected.iter().filter(|expected| !meets(fact.as_ref(), &expected.value));
        failures.extend(unmet.map(|expected| failure(timeline, path, expected, fact.as_ref())));
    }
    failures
}

/// From where an expectation looks.
pub(super) fn selectors(expectation: &Expectation) -> Selectors {
    let text = |field: &Option<Located<String>>| field.as_ref().map(|field| field.value.clone());
    let texts = |fields: &[Located<String>]| fields.iter().map(|field| field.value.clone()).collect();
    Selectors {
        at: text(&expectation.as_of),
        known_by: text(&expectation.known_by),
        according_to: text(&expectation.according_to),
        only: texts(&expectation.only),
        without: texts(&expectation.without),
    }
}

/// Where the selector stands that cannot be looked up: the first that is refused by itself.
fn refused_place(timeline: &Timeline, expectation: &Expectation) -> Option<Place> {
    let one = |field: &Located<String>| Some(field.value.clone());
    let (at, known) = (expectation.as_of.iter(), expectation.known_by.iter());
    let at = at.map(|field| (field, Selectors { at: one(field), ..Selectors::default() }));
    let known = known.map(|field| (field, Selectors { known_by: one(field), ..Selectors::default() }));
    let voice = expectation.according_to.iter();
    let voice = voice.map(|field| (field, Selectors { according_to: one(field), ..Selectors::default() }));
    let only = expectation.only.iter();
    let only = only.map(|field| (field, Selectors { only: vec![field.value.clone()], ..Selectors::default() }));
    let without = expectation.without.iter();
    let without =
        without.map(|field| (field, Selectors { without: vec![field.value.clone()], ..Selectors::default() }));
    let mut each = at.chain(known).chain(voice).chain(only).chain(without);
    each.find(|(_, select)| look(timeline, select, false).is_err()).map(|(field, _)| field.place)
}

/// Whether a fact is as expected; a path that no event names has no value and no alternatives.
fn meets(fact: Option<&Fact<'_>>, expected: &Expected) -> bool {
    let value = fact.and_then(|fact| fact.value.as_deref());
    let members = |value: &Value| -> Vec<Scalar> {
        match value {
            Value::Set(members) => members.iter().cloned().collect(),
            Value::Scalar(scalar) => vec![scalar.clone()],
            Value::Estimate(_) => Vec::new(),
        }
    };
    let has = |wanted: &Value| {
        let held = value.map(members).unwrap_or_default();
        members(wanted).into_iter().map(move |member| held.contains(&member)).collect::<Vec<bool>>()
    };
    match expected {
        Expected::Equals(wanted) => value == Some(wanted),
        Expected::Includes(wanted) => value.is_some() && has(wanted).into_iter().all(|has| has),
        Expected::Excludes(wanted) => !has(wanted).into_iter().any(|has| has),
        Expected::Absent(absent) => value.is_none() == *absent,
        Expected::AtLeast(least) => {
            let low = value.and_then(Value::amount).and_then(|amount| amount.low.or(amount.best));
            low.zip(least.amount().and_then(|least| least.low)).is_some_and(|(low, least)| low >= least)
        }
        Expected::AtMost(most) => {
            let high = value.and_then(Value::amount).and_then(|amount| amount.high.or(amount.best));
            high.zip(most.amount().and_then(|most| most.high)).is_some_and(|(high, most)| high <= most)
        }
        Expected::Size(size) => {
            matches!(value, Some(Value::Set(members)) if Value::number((members.len() as i64).into()) == *size)
        }
        Expected::OneOf(words) => value.is_some_and(|value| match value {
            Value::Scalar(scalar) => members(words).contains(scalar),
            _ => value == words,
        }),
        Expected::Disputed(disputed) => *disputed == fact.is_some_and(is_disputed),
        Expected::Possible(wanted) => {
            let others = fact.map_or(&[][..], |fact| &fact.alternatives);
            let possible: Vec<Option<&Value>> =
                others.iter().filter(|other| other.possible).map(|other| other.value.as_deref()).collect();
            let one = |member: &Scalar| possible.contains(&Some(&Value::Scalar(member.clone())));
            match wanted {
                Value::Scalar(Scalar::Truth(any)) => possible.is_empty() != *any,
                Value::Set(members) if !members.is_empty() && members.iter().all(one) => true,
                wanted => possible.contains(&Some(wanted)),
            }
        }
    }
}

/// Whether anybody certainly says otherwise.
pub(super) fn is_disputed(fact: &Fact<'_>) -> bool {
    fact.standing == Standing::Disputed
        || fact.alternatives.iter().any(|other| !other.possible && other.value.is_some())
}

/// What was expected and what was found, with the event that gave what was found.
fn failure(
    timeline: &Timeline,
    path: &Located<Path>,
    expected: &Located<Expected>,
    fact: Option<&Fact<'_>>,
) -> Diagnostic {
    let words = |value: &Value| format!("`{value}`");
    let wanted = match &expected.value {
        Expected::Equals(value) => format!("to be {}", words(value)),
        Expected::Includes(value) => format!("to include {}", words(value)),
        Expected::Excludes(value) => format!("not to include {}", words(value)),
        Expected::Absent(true) => "to have no value".to_owned(),
        Expected::Absent(false) => "to have a value".to_owned(),
        Expected::AtLeast(value) => format!("to be at least {}", words(value)),
        Expected::AtMost(value) => format!("to be at most {}", words(value)),
        Expected::Size(value) => format!("to have {value} members"),
        Expected::OneOf(value) => format!("to be one of {}", words(value)),
        Expected::Disputed(true) => "to be disputed".to_owned(),
        Expected::Disputed(false) => "not to be disputed".to_owned(),
        Expected::Possible(Value::Scalar(Scalar::Truth(true))) => "to be possibly otherwise".to_owned(),
        Expected::Possible(Value::Scalar(Scalar::Truth(false))) => "not to be possibly otherwise".to_owned(),
        Expected::Possible(value) => format!("to be possibly {}", words(value)),
    };
    let beside = match &expected.value {
        Expected::Possible(_) => ", and nothing such is possible beside it",
        Expected::Disputed(true) => ", undisputed",
        _ => "",
    };
    let found = match fact.map(|fact| (fact.value.as_deref(), fact.standing)) {
        Some((Some(value), Standing::Claimed)) => format!("{}, which is only claimed", words(value)),
        Some((Some(value), _)) => words(value),
        Some((None, Standing::Disputed)) => "a dispute".to_owned(),
        _ => "no value".to_owned(),
    };
    let message = format!("expected `{}` {wanted}, found {found}{beside}", path.value);
    let fault = Diagnostic::new(Code::ExpectationFailed, expected.place, message);
    let giver = fact.and_then(|fact| fact.event).and_then(|id| timeline.event_number(id));
    match giver.map(|number| timeline.history().event(number)) {
        Some(event) => fault.note(format!("`{}` gave what was found", event.id), Some(event.name_place)),
        None => fault,
    }
}
