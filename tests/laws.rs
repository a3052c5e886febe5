//! The laws of 2-replay, held over some four thousand random chronicles: the same on every run, ten times as many with
//! `ASOF_LAWS=10`. The judge is the plain fold in `laws/fold.rs`.

#[path = "laws/asking.rs"]
mod asking;
#[path = "laws/chance.rs"]
mod chance;
#[path = "laws/chronicles.rs"]
mod chronicles;
#[path = "laws/dates.rs"]
mod dates;
#[path = "laws/exchange.rs"]
mod exchange;
#[path = "laws/fold.rs"]
mod fold;
#[path = "laws/hinge_dates.rs"]
mod hinge_dates;
#[path = "laws/hinges.rs"]
mod hinges;
#[path = "laws/judge.rs"]
mod judge;
#[path = "laws/kept.rs"]
mod kept;
#[path = "laws/questions.rs"]
mod questions;
#[path = "laws/tables.rs"]
mod tables;
#[path = "laws/viewpoints.rs"]
mod viewpoints;
#[path = "laws/walks.rs"]
mod walks;

use std::collections::{BTreeMap, BTreeSet};

use asking::{Case, Verdict, answer, cases, core, cores, fact, facts, law, question, replay_of, same, whole};
use asof::ask::{Asks, Difference, DifferenceKind, Differences, Found, Selectors, Side, ask};
use asof::model::text::Text;
use asof::model::value::Value;
use asof::render::{Format, How, render};
use asof::timeline::Timeline;
use fold::Fact;
use viewpoints::{Viewpoint, moment};

#[test]
fn law_1_what_became_certain_between_leads_from_one_state_to_the_next() {
    law("law 1", 250, cases(16, 3), |case| {
        let Some(timeline) = whole(case.chronicle.texts()) else { return Ok(()) };
        for (place, viewpoint) in case.viewpoints.iter().enumerate() {
            for (earlier, later) in pairs_of_moments(case, place) {
                steps_lead_on(&timeline, viewpoint, [&earlier, &later])?;
            }
        }
        Ok(())
    });
}

/// Two random moments, and just before and just after an event.
fn pairs_of_moments(case: &Case, place: usize) -> [(String, String); 2] {
    let dice = &case.dice[place * 8..];
    let listed = case.chronicle.listed();
    let id = case.chronicle.id(listed[usize::from(dice[0]) % listed.len()]);
    let any = |dice: &[u8]| moment([dice[0], dice[1], dice[2], dice[3]], &case.chronicle);
    [(any(dice), any(&dice[4..])), (format!("{id}^"), id)]
}

fn steps_lead_on(timeline: &Timeline, viewpoint: &Viewpoint, moments: [&str; 2]) -> Verdict {
    let moment_of = |at: &str| Some(ask(timeline, &replay_of(select_at(viewpoint, Some(at)))).ok()?.view.moment);
    let [mut earlier, mut later] = moments;
    match (moment_of(earlier), moment_of(later)) {
        (Some(a), Some(b)) if a > b => (earlier, later) = (later, earlier),
        (Some(a), Some(b)) if a < b || earlier.strip_suffix('^') == Some(later) => {}
        _ => return Ok(()),
    }
    let differences = diff(timeline, viewpoint, &[earlier, later], true)?;
    let steps = differences.steps.ok_or("no steps")?;
    let order: Vec<&str> = timeline.events().map(|event| event.id.as_str()).collect();
    let place = |id: &str| order.iter().position(|other| *other == id);
    let begun: Vec<_> = steps.iter().filter(|step| !step.ends).map(|step| place(&step.event.event.id)).collect();
    if !begun.is_sorted_by(|a, b| a < b) {
        return Err(format!("from {earlier} to {later}: the steps are not in replay order"));
    }
    let held = |fact: &Fact| (fact.value.clone(), fact.standing);
    let all = |facts: BTreeMap<String, Fact>| -> BTreeMap<String, (Option<Value>, &'static str)> {
        let held = facts.iter().map(|(path, fact)| (path.clone(), held(fact)));
        held.filter(|(_, held)| *held != (None, "none")).collect()
    };
    let mut state = all(facts(timeline, select_at(viewpoint, Some(earlier)))?);
    for step in &steps {
        for change in &step.changes {
            let path = change.path.as_str().to_owned();
            let before = state.remove(&path).unwrap_or((None, "none"));
            if before != held(&fact(&change.before)) {
                let by = &step.event.event.id;
                return Err(format!("from {earlier} to {later}, {by}: {path} was {before:?}, not {:?}", change.before));
            }
            let after = held(&fact(&change.after));
            if after != (None, "none") {
                state.insert(path, after);
            }
        }
    }
    let expected = all(facts(timeline, select_at(viewpoint, Some(later)))?);
    same(&format!("steps from {earlier} to {later} in {:?}", viewpoint.selectors()), &expected, &state)
}

#[test]
fn law_2_a_difference_applied_to_the_left_side_gives_the_right_side() {
    law("law 2", 250, cases(16, 3), |case| {
        let Some(timeline) = whole(case.chronicle.texts()) else { return Ok(()) };
        for (place, viewpoint) in case.viewpoints.iter().enumerate() {
            let [(a, b), _] = pairs_of_moments(case, place);
            let (left, right) = (select_at(viewpoint, Some(&a)), select_at(viewpoint, Some(&b)));
            let (Ok(from), Ok(to)) = (facts(&timeline, left), facts(&timeline, right)) else {
                refused(&timeline, viewpoint, &[&a, &b])?;
                continue;
            };
            let there = diff(&timeline, viewpoint, &[&a, &b], false)?;
            let back = diff(&timeline, viewpoint, &[&b, &a], false)?;
            leads(&format!("diff {a} {b} in {:?}", viewpoint.selectors()), &from, &there, &to)?;
            if mirrored(&back) != as_they_are(&there) {
                return Err(format!("diff {a} {b}: {there:#?}\nis no mirror of diff {b} {a}: {back:#?}"));
            }
            let none = diff(&timeline, viewpoint, &[&a, &a], false)?;
            if !none.changes.is_empty() {
                return Err(format!("diff {a} {a} is not empty: {none:#?}"));
            }
            one_date(&timeline, viewpoint, &a)?;
        }
        Ok(())
    });
}

/// With one date, the left side is the plain viewpoint at that date, and the right side the one with its selectors.
fn one_date(timeline: &Timeline, viewpoint: &Viewpoint, at: &str) -> Verdict {
    if select_at(viewpoint, None) == Selectors::default() {
        return Ok(());
    }
    let [plain, seen] = [&Viewpoint::default(), viewpoint].map(|side| facts(timeline, select_at(side, Some(at))));
    match (plain, seen) {
        (Ok(plain), Ok(seen)) => {
            let what = format!("diff {at} with {:?}", viewpoint.selectors());
            leads(&what, &plain, &diff(timeline, viewpoint, &[at], false)?, &seen)
        }
        _ => refused(timeline, viewpoint, &[at]),
    }
}

fn refused(timeline: &Timeline, viewpoint: &Viewpoint, words: &[&str]) -> Verdict {
    match diff(timeline, viewpoint, words, false) {
        Ok(found) => Err(format!("one side is refused, and diff {words:?} is answered: {found:#?}")),
        Err(_) => Ok(()),
    }
}

/// Whether the differences are exactly those between two states.
fn leads(what: &str, from: &BTreeMap<String, Fact>, found: &Differences, to: &BTreeMap<String, Fact>) -> Verdict {
    let (mut state, to) = (cores(from), cores(to));
    let nothing = || (None, "none", Vec::new());
    for change in &found.changes {
        let path = change.path.as_str();
        let (before, after) = (core(&fact(&change.before)), core(&fact(&change.after)));
        let was = state.remove(path).unwrap_or_else(nothing);
        if was != before || before == after {
            return Err(format!("{what}: {path} was {was:?}, and changes from {before:?} to {after:?}"));
        }
        let kind = match (&before.0, &after.0) {
            (None, Some(_)) => DifferenceKind::Added,
            (Some(_), None) => DifferenceKind::Removed,
            _ => DifferenceKind::Changed,
        };
        if kind != change.kind {
            return Err(format!("{what}: {path} is {}, not {}", kind.name(), change.kind.name()));
        }
        if after != nothing() {
            state.insert(path.to_owned(), after);
        }
    }
    same(what, &to, &state)
}

/// A difference in a shape that can be compared: path, both sides, kind, members and causes.
type Shape = (String, [Fact; 2], &'static str, [Vec<String>; 2], BTreeSet<(String, String)>);

fn shape(change: &Difference, swap: bool) -> Shape {
    let turn = |pair: [Fact; 2]| if swap { [pair[1].clone(), pair[0].clone()] } else { pair };
    let members = |members: &[asof::model::value::Scalar]| members.iter().map(ToString::to_string).collect();
    let mut both = [members(&change.members_added), members(&change.members_removed)];
    let kind = match (change.kind, swap) {
        (DifferenceKind::Added, true) => DifferenceKind::Removed,
        (DifferenceKind::Removed, true) => DifferenceKind::Added,
        (kind, _) => kind,
    };
    if swap {
        both.reverse();
    }
    let side = |side: Side| match (side, swap) {
        (Side::Before, true) => "after".to_owned(),
        (Side::After, true) => "before".to_owned(),
        (side, _) => format!("{side:?}").to_lowercase(),
    };
    let causes = change.caused_by.iter().map(|cause| (cause.event.id().to_owned(), side(cause.side))).collect();
    let facts = turn([fact(&change.before), fact(&change.after)]);
    (change.path.as_str().to_owned(), facts, kind.name(), both, causes)
}

fn as_they_are(found: &Differences) -> Vec<Shape> {
    found.changes.iter().map(|change| shape(change, false)).collect()
}

fn mirrored(found: &Differences) -> Vec<Shape> {
    found.changes.iter().map(|change| shape(change, true)).collect()
}

#[test]
fn law_4_known_by_is_nothing_after_all_is_known_and_all_before() {
    law("law 4", 150, cases(16, 3), |case| {
        let Some(timeline) = whole(case.chronicle.texts()) else { return Ok(()) };
        if timeline.events().any(|event| !event.when.known.is_finite()) {
            return Ok(());
        }
        for viewpoint in &case.viewpoints {
            let known_by = |date: Option<&str>| {
                let at = viewpoint.at.as_deref().filter(|at| !is_event(case, at));
                Selectors { known_by: date.map(str::to_owned), ..select_at(viewpoint, at) }
            };
            let all = facts(&timeline, known_by(None))?;
            same("known by 2099", &all, &facts(&timeline, known_by(Some("2099")))?)?;
            same("known by 1999", &BTreeMap::new(), &facts(&timeline, known_by(Some("1999-12")))?)?;
        }
        Ok(())
    });
}

fn is_event(case: &Case, at: &str) -> bool {
    case.chronicle.listed().iter().any(|event| case.chronicle.id(*event) == at.trim_end_matches('^'))
}

#[test]
fn law_6_an_answer_from_the_cache_is_that_from_the_files() {
    let tally = kept::Tally::default();
    law("law 6", 24, cases(10, 2), |case| kept::holds(case, &tally));
    let (warm, renewed) = (tally.warm.get(), tally.renewed.get());
    assert!(warm > 60 && renewed > 20, "only {warm} answers came from the cache, and {renewed} from a part of it");
}

#[test]
fn law_6_files_that_did_not_change_need_not_be_read_again() {
    let tally = kept::Tally::default();
    law("law 6, in part", 40, cases(12, 1), |case| kept::renewal_holds(case, &tally));
    assert!(tally.renewed.get() > 150, "only {} images could be used", tally.renewed.get());
}

#[test]
fn law_7_every_value_shown_can_be_asked_why() {
    law("law 7", 200, cases(16, 3), |case| {
        let Some(timeline) = whole(case.chronicle.texts()) else { return Ok(()) };
        for viewpoint in &case.viewpoints {
            why_of_all(&timeline, &viewpoint.selectors())?;
        }
        Ok(())
    });
}

fn why_of_all(timeline: &Timeline, select: &Selectors) -> Verdict {
    let Ok(all) = facts(timeline, select.clone()) else { return Ok(()) };
    let list = Asks::List { filters: Vec::new(), since: None, until: None, reverse: false, limit: None };
    let Found::Events(listed) = answer(timeline, &question(select.clone(), list))?.found else {
        return Err("no events".into());
    };
    let listed: BTreeSet<&str> = listed.iter().map(|row| row.event.id.as_str()).collect();
    for (path, shown) in all {
        let why = question(select.clone(), Asks::Why { path: path.clone() });
        let Found::Reasons(reasons) = answer(timeline, &why)?.found else { return Err("no reasons".into()) };
        if fact(&reasons.fact) != shown {
            return Err(format!("{why:?}: replay shows {shown:#?}, why {:#?}", reasons.fact));
        }
        let given_by = reasons.given_by.as_ref().map(|row| row.event.id.as_str());
        if given_by != shown.event.as_deref() || shown.value.is_some() && given_by.is_none() {
            return Err(format!("{why:?}: given by {given_by:?}, and the fact says {:?}", shown.event));
        }
        let contributions = reasons.contributions.iter().map(|contribution| contribution.event.id.as_str());
        let otherwise = reasons.otherwise.iter().flatten().map(|row| row.event.id.as_str());
        let alternatives = shown.alternatives.iter().filter_map(|other| other.event.as_deref());
        let mut named = given_by.into_iter().chain(contributions).chain(otherwise).chain(alternatives);
        if let Some(event) = named.find(|event| !listed.contains(event)) {
            return Err(format!("{why:?} names {event}, which is not listed"));
        }
    }
    Ok(())
}

#[test]
fn law_8_the_same_texts_and_question_give_the_same_bytes() {
    law("law 8", 150, cases(16, 2), |case| {
        let mut texts = case.chronicle.texts();
        let first = Timeline::load(texts.clone(), Vec::new());
        texts.files.reverse();
        texts.files.sort_by(|a, b| a.name.cmp(&b.name));
        let second = Timeline::load(texts, Vec::new());
        for question in questions::questions(case) {
            let bytes = |timeline| ask(timeline, &question).map(|answer| [json(&answer, false), json(&answer, true)]);
            if bytes(&first) != bytes(&second) {
                return Err(format!("{question:?}: {:?}\nand then {:?}", bytes(&first), bytes(&second)));
            }
            // What is found without what JSON does not say is the same.
            let values = ask(&first, &question.clone().of_values()).map(|answer| json(&answer, false));
            if values != bytes(&first).map(|[short, _]| short) {
                return Err(format!("{question:?}: of values alone {values:?}, and not {:?}", bytes(&first)));
            }
        }
        Ok(())
    });
}

#[test]
fn nothing_panics_whatever_is_asked_of_whatever_is_loaded() {
    law("panics", 150, cases(10, 2), |case| {
        let mut texts = case.chronicle.texts();
        // One line less, or a text cut short: what still holds is asked all the same.
        let broken = usize::from(case.dice[0]) % texts.files.len();
        let whole = texts.files[broken].clone();
        let mut lines: Vec<&str> = whole.content().lines().collect();
        match case.dice[1] % 4 {
            0 => {}
            1 => drop(lines.remove(usize::from(case.dice[2]) % lines.len())),
            2 => lines.truncate(usize::from(case.dice[2]) % lines.len()),
            _ => lines.insert(usize::from(case.dice[2]) % lines.len(), "set: {a.one: {x: [1, 2}}"),
        }
        texts.files[broken] = Text::new(whole.name.clone(), lines.join("\n"));
        let timeline = Timeline::load(texts, Vec::new());
        for question in questions::questions(case) {
            if let Ok(answer) = ask(&timeline, &question) {
                drop([json(&answer, false), json(&answer, true)]);
            }
        }
        Ok(())
    });
}

/// The selectors of a viewpoint, at another moment.
fn select_at(viewpoint: &Viewpoint, at: Option<&str>) -> Selectors {
    Selectors { at: at.map(str::to_owned), ..viewpoint.selectors() }
}

fn diff<'t>(
    timeline: &'t Timeline,
    viewpoint: &Viewpoint,
    words: &[&str],
    steps: bool,
) -> Result<Differences<'t>, String> {
    let words = words.iter().map(|word| word.to_string()).collect();
    match answer(timeline, &question(select_at(viewpoint, None), Asks::Diff { words, versus: None, steps }))?.found {
        Found::Differences(differences) => Ok(differences),
        other => Err(format!("no differences: {other:?}")),
    }
}

/// An answer as JSON, with every particular or without.
fn json(answer: &asof::ask::Answer, long: bool) -> String {
    let mut bytes = Vec::new();
    render(answer, Format::Json, &How { long, ..How::default() }, &mut bytes).expect("a list takes everything");
    String::from_utf8(bytes).expect("JSON is UTF-8")
}
