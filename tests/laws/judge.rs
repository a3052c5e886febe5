//! The laws that compare whole states: the engine with the plain fold, and a chronicle with the same one written
//! otherwise.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use asof::ask::{Asks, Found, Selectors, ask};
use asof::model::event::Event;
use asof::model::text::Texts;
use asof::timeline::Timeline;

use super::asking::{
    Case, Verdict, answer, cases, cases_with_ids, cores, fact, facts, is_settled, law, question, replay_of, same, whole,
};
use super::chronicles::{Chronicle, Event as Written};
use super::fold;
use super::viewpoints::Viewpoint;

#[test]
fn the_engine_replays_as_the_plain_fold_does() {
    law("judge", 900, cases(16, 6), |case| {
        let mut texts = case.chronicle.texts();
        if case.dice[0] % 4 == 0 {
            texts = last_file_added(texts, case.dice[1]);
        }
        let own = texts.own;
        let Some(timeline) = whole(texts) else { return Ok(()) };
        for viewpoint in &case.viewpoints {
            let mut viewpoint = viewpoint.clone();
            if own < timeline_files(case) {
                // Whether what voices claim in files that are added is left out with them is another question.
                viewpoint.without.retain(|filter| filter.iter().flatten().all(|term| term.field != "voice"));
            }
            let (at, in_words) = (viewpoint.at.clone(), case.dice[2] % 2 == 0);
            let mut asked = replay_of(viewpoint.selectors());
            if let (Some(at), true) = (at, in_words) {
                asked.select.at = None;
                asked.asks = Asks::Replay { words: vec![at] };
            }
            judged(case, &timeline, &viewpoint, own, &asked)?;
        }
        Ok(())
    });
}

fn timeline_files(case: &Case) -> usize {
    case.chronicle.texts().own
}

/// The same texts, one of which (not the manifest) comes by `--with`.
fn last_file_added(mut texts: Texts, pick: u8) -> Texts {
    let events: Vec<usize> =
        (0..texts.files.len()).filter(|place| texts.files[*place].name != "chronicle.yaml").collect();
    let added = texts.files.remove(events[usize::from(pick) % events.len()]);
    texts.files.push(added);
    texts.own -= 1;
    texts
}

fn judged(case: &Case, timeline: &Timeline, viewpoint: &Viewpoint, own: usize, asked: &asof::ask::Question) -> Verdict {
    let events: Vec<&Event> = timeline.events().collect();
    let expected = fold::replay(&events, &viewpoint.view(&case.chronicle, own));
    let (expected, found) = match (expected, ask(timeline, asked)) {
        (Some(expected), Ok(found)) => (expected, found),
        (None, Err(_)) => return Ok(()),
        (None, Ok(_)) => return Err(format!("{asked:?}: the moment is an event that does not count, yet answered")),
        (Some(_), Err(refusal)) => return Err(format!("{asked:?}: refused: {refusal}")),
    };
    let Found::State(state) = &found.found else { return Err("no state".into()) };
    if expected.moment.is_finite() && found.view.moment != expected.moment {
        return Err(format!("{asked:?}: the moment is {}, not {}", expected.moment, found.view.moment));
    }
    let counts = (state.counts.certain, state.counts.possible, state.counts.total);
    let expected_counts = (expected.certain.len(), expected.possible.len(), events.len());
    if counts != expected_counts {
        return Err(format!("{asked:?}: expected counts {expected_counts:?}, found {counts:?}"));
    }
    let facts: BTreeMap<_, _> = state.facts.iter().map(|f| (f.path.as_str().to_owned(), fact(f))).collect();
    same(&format!("{asked:?}"), &expected.facts, &facts)
}

#[test]
fn replay_order_is_that_of_the_plain_fold() {
    law("order", 200, cases(16, 1), |case| {
        let Some(timeline) = whole(case.chronicle.texts()) else { return Ok(()) };
        let found: Vec<&Event> = timeline.events().collect();
        let mut loose = found.clone();
        loose.reverse();
        let expected: Vec<&str> = fold::in_replay_order(&loose).iter().map(|event| event.id.as_str()).collect();
        let found: Vec<&str> = found.iter().map(|event| event.id.as_str()).collect();
        if found == expected { Ok(()) } else { Err(format!("expected {expected:?}, found {found:?}")) }
    });
}

#[test]
fn events_are_listed_by_their_dates_as_written() {
    law("list", 200, cases(16, 3), |case| {
        let Some(timeline) = whole(case.chronicle.texts()) else { return Ok(()) };
        let events: Vec<&Event> = timeline.events().collect();
        for viewpoint in &case.viewpoints {
            let list = Asks::List { filters: Vec::new(), since: None, until: None, reverse: false, limit: None };
            let asked = question(viewpoint.selectors(), list);
            let view = viewpoint.view(&case.chronicle, usize::MAX);
            let Some(expected) = fold::replay(&events, &view) else { continue };
            let shown = |event: &&Event| match viewpoint.at {
                None => expected.counting.contains(&event.id),
                Some(_) => expected.certain.contains(&event.id) || expected.possible.contains(&event.id),
            };
            let mut listed: Vec<&Event> = events.iter().copied().filter(shown).collect();
            listed.sort_by_key(|event| (event.when.written.start, Reverse(event.when.written.end)));
            let Found::Events(rows) = answer(&timeline, &asked)?.found else { return Err("no events".into()) };
            let found: Vec<&str> = rows.iter().map(|row| row.event.id.as_str()).collect();
            let listed: Vec<&str> = listed.iter().map(|event| event.id.as_str()).collect();
            if found != listed {
                return Err(format!("{asked:?}: expected {listed:?}, found {found:?}"));
            }
        }
        Ok(())
    });
}

#[test]
fn law_3_renaming_or_splitting_files_changes_nothing() {
    law("law 3", 400, cases_with_ids(6, 3), |case| {
        let Some(timeline) = whole(case.chronicle.texts()) else { return Ok(()) };
        let viewpoints = || case.viewpoints.iter().map(Viewpoint::timeless);
        let halves = split(&case.chronicle, case.dice[31]);
        let halves = whole(halves.texts()).ok_or("split, it does not load whole")?;
        for viewpoint in viewpoints() {
            let select = viewpoint.selectors();
            same(&format!("split, {select:?}"), &facts(&timeline, select.clone())?, &facts(&halves, select)?)?;
        }
        if is_settled(&timeline) {
            let renamed = renamed(&case.chronicle, &case.dice);
            let renamed = whole(renamed.texts()).ok_or("renamed, it does not load whole")?;
            for viewpoint in viewpoints() {
                let select = viewpoint.selectors();
                let (before, after) = (facts(&timeline, select.clone())?, facts(&renamed, select.clone())?);
                same(&format!("renamed, {select:?}"), &cores(&before), &cores(&after))?;
            }
        }
        Ok(())
    });
}

/// The same files under names of another order.
fn renamed(chronicle: &Chronicle, dice: &[u8]) -> Chronicle {
    let mut renamed = chronicle.clone();
    for (place, (name, _)) in renamed.files.iter_mut().enumerate() {
        *name = format!("{}/r{place}.yml", dice[place] % 16);
    }
    renamed
}

/// The same files, one of them in two that stand in its place.
fn split(chronicle: &Chronicle, pick: u8) -> Chronicle {
    let mut halves = chronicle.clone();
    let long: Vec<usize> = (0..halves.files.len()).filter(|place| halves.files[*place].1.len() > 1).collect();
    if let Some(place) = long.get(usize::from(pick) % long.len().max(1)) {
        let (name, mut first) = halves.files.remove(*place);
        let second = first.split_off(1 + usize::from(pick) % (first.len() - 1));
        halves.files.push((name.replace(".yaml", ".a.yaml"), first));
        halves.files.push((name.replace(".yaml", ".b.yaml"), second));
    }
    halves
}

#[test]
fn law_5_without_events_is_as_if_they_had_never_been_written() {
    law("law 5 without", 400, cases_with_ids(7, 3), |case| {
        let chronicle = &case.chronicle;
        let listed = chronicle.listed();
        let one = listed[usize::from(case.dice[0]) % listed.len()];
        // Every third time all that have a tag or source of it, where it has one: of sources, those that have no other.
        let event = &chronicle.events[one];
        let (tag, source) = (event.tags.first(), event.sources.first());
        let all_like = |like: &dyn Fn(&Written) -> bool| -> Vec<usize> {
            listed.iter().copied().filter(|at| like(&chronicle.events[*at])).collect()
        };
        let (filter, gone) = match (case.dice[1] % 3, tag, source) {
            (1, Some(tag), _) => (format!("tag:{tag}"), all_like(&|event| event.tags.contains(tag))),
            (2, _, Some(source)) => (format!("source:{source}"), all_like(&|event| event.sources == [*source])),
            _ => (chronicle.id(one), vec![one]),
        };
        let rest = gone.iter().fold(chronicle.clone(), |rest, event| rest.without(*event));
        let (Some(all), Some(left)) = (whole(chronicle.texts()), whole(rest.texts())) else { return Ok(()) };
        if !(is_settled(&all) && is_settled(&left)) {
            return Ok(());
        }
        for viewpoint in &case.viewpoints {
            let plain = viewpoint.timeless();
            let according_to = plain.according_to.filter(|voice| rest.voices().contains(&voice.as_str()));
            let select = Selectors { at: plain.at, known_by: plain.known_by, according_to, ..Selectors::default() };
            let what_if = Selectors { without: vec![filter.clone()], ..select.clone() };
            let what = format!("{what_if:?}, and the chronicle without it");
            same(&what, &cores(&facts(&left, select)?), &cores(&facts(&all, what_if)?))?;
        }
        Ok(())
    });
}

#[test]
fn law_5_with_a_file_is_as_if_it_stood_in_the_chronicle() {
    law("law 5 with", 300, cases(7, 3), |case| {
        let texts = case.chronicle.texts();
        let (Some(all), Some(with)) = (whole(texts.clone()), whole(last_file_added(texts, case.dice[0]))) else {
            return Ok(());
        };
        if !(is_settled(&all) && is_settled(&with)) {
            return Ok(());
        }
        for viewpoint in &case.viewpoints {
            let select = Selectors { only: Vec::new(), without: Vec::new(), ..viewpoint.timeless().selectors() };
            let (expected, found) = (facts(&all, select.clone())?, facts(&with, select.clone())?);
            same(&format!("{select:?}, a file added"), &cores(&expected), &cores(&found))?;
        }
        Ok(())
    });
}

#[test]
fn nine_in_ten_random_chronicles_load_whole_and_some_are_settled() {
    let [all, loaded, small, settled] = [(); 4].map(|()| AtomicUsize::new(0));
    let count = |counter: &AtomicUsize| counter.fetch_add(1, Ordering::Relaxed);
    law("load", 200, cases(16, 1), |case| {
        count(&all);
        whole(case.chronicle.texts()).map(|_| count(&loaded));
        Ok(())
    });
    law("settled", 200, cases(6, 1), |case| {
        count(&small);
        whole(case.chronicle.texts()).filter(is_settled).map(|_| count(&settled));
        Ok(())
    });
    let [all, loaded, small, settled] = [all, loaded, small, settled].map(AtomicUsize::into_inner);
    assert!(loaded * 10 >= all * 9, "{loaded} of {all} load whole");
    assert!(settled * 5 >= small, "{settled} of {small} small ones are settled");
}
