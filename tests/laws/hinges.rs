//! What values hang on, against the brute force: every event, every source and every two sources are really taken out of
//! the texts, and the chronicle is loaded anew. Dates have a file of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use asof::ask::{Asks, At, Fall, Found, Hinges, On, Selectors};
use asof::disk;
use asof::model::event::Event;
use asof::model::text::{Text, Texts};
use asof::model::value::Value;
use asof::timeline::Timeline;
use proptest::prelude::*;

use super::asking::{Case, Verdict, answer, cases_with_ids, facts, is_settled, law, question, whole};
use super::chronicles::Chronicle;

/// The definite values and how they stand, by path.
pub(super) type Values = BTreeMap<String, (Option<Value>, &'static str)>;
/// What becomes of a path: its value and standing.
pub(super) type Outcome = (Option<Value>, &'static str);

const NOTHING: Outcome = (None, "none");

pub(super) fn values(timeline: &Timeline, select: &Selectors) -> Result<Values, String> {
    let facts = facts(timeline, select.clone())?;
    Ok(facts.into_iter().map(|(path, fact)| (path, (fact.value, fact.standing))).collect())
}

fn hinges<'t>(timeline: &'t Timeline, select: &Selectors) -> Result<Hinges<'t>, String> {
    let asks = Asks::Hinges { paths: Vec::new(), source: None };
    match answer(timeline, &question(select.clone(), asks))?.found {
        Found::Hinges(hinges) => Ok(hinges),
        other => Err(format!("no hinges: {other:?}")),
    }
}

fn fall<'t>(timeline: &'t Timeline, select: &Selectors, source: &str) -> Result<Fall<'t>, String> {
    let asks = Asks::Hinges { paths: Vec::new(), source: Some(source.to_owned()) };
    match answer(timeline, &question(select.clone(), asks))?.found {
        Found::Fall(fall) => Ok(*fall),
        other => Err(format!("no fall: {other:?}")),
    }
}

/// What the hinges that are picked say, by path.
pub(super) fn said(hinges: &Hinges, picks: impl Fn(&On) -> bool) -> BTreeMap<String, Vec<Outcome>> {
    let mut said: BTreeMap<String, Vec<Outcome>> = BTreeMap::new();
    for value in &hinges.values {
        for hinge in value.hinges.iter().filter(|hinge| picks(&hinge.on)) {
            let outcome = (hinge.value.as_deref().cloned(), hinge.standing.name());
            said.entry(value.fact.path.as_str().to_owned()).or_default().push(outcome);
        }
    }
    said
}

/// What really becomes of the definite values, where it is another value or standing.
pub(super) fn becomes(before: &Values, after: &Values) -> BTreeMap<String, Vec<Outcome>> {
    let definite = before.iter().filter(|(_, (value, _))| value.is_some());
    let then = definite.map(|(path, held)| (path, held, after.get(path).cloned().unwrap_or(NOTHING)));
    then.filter(|(_, held, then)| *held != then).map(|(path, _, then)| (path.clone(), vec![then])).collect()
}

pub(super) fn agree<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, found: &T) -> Verdict {
    if expected == found { Ok(()) } else { Err(format!("{what}\nby brute force: {expected:#?}\nfound: {found:#?}")) }
}

/// A viewpoint of a chronicle with its definite values, the events that gave them, and what they hang on.
pub(super) struct Asked<'t> {
    pub(super) timeline: &'t Timeline,
    pub(super) select: Selectors,
    pub(super) before: Values,
    given_by: BTreeMap<String, Option<String>>,
    pub(super) hinges: Hinges<'t>,
}

impl<'t> Asked<'t> {
    pub(super) fn of(timeline: &'t Timeline, select: &Selectors) -> Result<Asked<'t>, String> {
        let facts = facts(timeline, select.clone())?;
        Ok(Asked {
            timeline,
            select: select.clone(),
            before: values(timeline, select)?,
            given_by: facts.into_iter().map(|(path, fact)| (path, fact.event)).collect(),
            hinges: hinges(timeline, select)?,
        })
    }
}

/// One source: what hangs on it, how much it weighs, and what falls, changes, comes and stays without it.
fn source_agrees(
    Asked { timeline, select, before, given_by, hinges }: &Asked,
    source: &str,
    cites: impl Fn(&Event) -> bool,
    after: &Values,
) -> Verdict {
    let what = format!("without the source {source}, {select:?}");
    let expected = becomes(before, after);
    agree(&what, &expected, &said(hinges, |on| matches!(on, On::Source(one) if one.name == source)))?;
    let fall = fall(timeline, select, source)?;
    let paths = |changes: &[asof::ask::Difference]| -> BTreeSet<String> {
        changes.iter().map(|change| change.path.as_str().to_owned()).collect()
    };
    let lost = |path: &&String| expected[*path][0].0.is_none();
    let (falls, changes): (BTreeSet<String>, BTreeSet<String>) = {
        let (falls, changes): (Vec<&String>, Vec<&String>) = expected.keys().partition(lost);
        (falls.into_iter().cloned().collect(), changes.into_iter().cloned().collect())
    };
    agree(&format!("{what}, what falls"), &falls, &paths(&fall.falls))?;
    agree(&format!("{what}, what changes"), &changes, &paths(&fall.changes))?;
    let value = |values: &Values, path: &str| values.get(path).cloned().unwrap_or(NOTHING).0;
    let gained = after.keys().filter(|path| value(before, path).is_none() && value(after, path).is_some());
    agree(&format!("{what}, what gains"), &gained.cloned().collect(), &paths(&fall.gains))?;
    let weight = hinges.sources.iter().find(|one| one.origin.name == source).map(|one| one.weight);
    let found = weight.map(|weight| (weight.falls, weight.changes, weight.survives));
    let stays = (!expected.is_empty()).then_some((falls.len(), changes.len(), fall.survives.len()));
    agree(&format!("{what}, its weight"), &stays, &found)?;
    for (path, (value, _)) in
        before.iter().filter(|(path, (value, _))| value.is_some() && !expected.contains_key(*path))
    {
        let survivor = fall.survives.iter().find(|one| one.fact.path.as_str() == path);
        let event = timeline.events().find(|event| Some(&event.id) == given_by[path].as_ref());
        if survivor.is_none() && event.is_some_and(&cites) {
            return Err(format!("{what}: {path} rests on it, stays, and is not told"));
        }
        if survivor
            .is_some_and(|one| one.fact.value.as_deref() != value.as_ref() || one.on.iter().any(|on| on == source))
        {
            return Err(format!("{what}: {path} survives otherwise: {survivor:?}"));
        }
    }
    Ok(())
}

/// Some random sources of one origin, and where that is told: a manifest of sources.
fn with_sources(mut texts: Texts, dice: u8) -> (Texts, BTreeMap<&'static str, &'static str>) {
    let from: &[(&str, &str)] = match dice % 4 {
        0 => &[],
        1 => &[("s2", "s1")],
        2 => &[("s1", "agency"), ("s3", "s1")],
        _ => &[("s1", "s3"), ("s3", "s1")],
    };
    let origin = |source| match (dice % 4, source) {
        (1, "s2") => "s1",
        (2, "s1" | "s3") => "agency",
        (3, "s3") => "s1",
        (_, source) => source,
    };
    let line = |source: &str| {
        let from = from.iter().find(|(one, _)| *one == source).map(|(_, above)| format!(", from: {above}"));
        format!("{source}: {{title: The {source}{}}}\n", from.unwrap_or_default())
    };
    let content = ["agency", "s1", "s2", "s3"].map(line).concat();
    texts.files.push(Text::new("sources.yaml", content));
    texts.files.sort_by(|a, b| a.name.cmp(&b.name));
    texts.own += 1;
    (texts, ["s1", "s2", "s3"].map(|source| (source, origin(source))).into())
}

/// The moments asked for are dates, so that they do not hang on what is taken out.
pub(super) fn selectors(case: &Case, timeline: &Timeline) -> Vec<Selectors> {
    let dated = case.viewpoints.iter().map(|viewpoint| {
        let plain = viewpoint.timeless();
        let at = plain.at.or(Some("2023-06".into()));
        Selectors { at, known_by: plain.known_by, according_to: plain.according_to, ..Selectors::default() }
    });
    let is_date = |select: &Selectors| {
        let replayed = answer(timeline, &super::replay_of(select.clone()));
        replayed.is_ok_and(|found| matches!(found.view.at, At::EndOf(_)))
    };
    dated.filter(is_date).collect()
}

/// The chronicle without some events, if nothing in it hangs on an order that is not settled.
fn rest(chronicle: &Chronicle, gone: &[usize], dice: u8) -> Option<(Chronicle, Timeline)> {
    let rest = gone.iter().fold(chronicle.clone(), |rest, event| rest.without(*event));
    let left = whole(with_sources(rest.texts(), dice).0).filter(is_settled)?;
    Some((rest, left))
}

/// How often something really hung on what was taken away: a law that is never put to the test holds nothing.
#[derive(Default)]
pub(super) struct Hung(AtomicUsize);

impl Hung {
    pub(super) fn count(&self, becomes: &BTreeMap<String, Vec<Outcome>>) {
        self.0.fetch_add(becomes.len(), Ordering::Relaxed);
    }

    pub(super) fn at_least(self, number: usize) {
        let hung = self.0.into_inner();
        assert!(hung >= number, "only {hung} values hung on anything");
    }
}

fn random() -> impl Strategy<Value = Case> {
    cases_with_ids(7, 3)
}

#[test]
fn values_hang_on_events_as_if_each_were_deleted() {
    let hung = Hung::default();
    law("hinges: events", 400, random(), |case| {
        let texts = with_sources(case.chronicle.texts(), case.dice[0]).0;
        let Some(all) = whole(texts).filter(is_settled) else { return Ok(()) };
        for gone in case.chronicle.listed() {
            let Some((rest, left)) = rest(&case.chronicle, &[gone], case.dice[0]) else { continue };
            for select in selectors(case, &all) {
                if select.according_to.as_deref().is_some_and(|voice| !rest.voices().contains(&voice)) {
                    continue;
                }
                let id = case.chronicle.id(gone);
                let expected = becomes(&values(&all, &select)?, &values(&left, &select)?);
                hung.count(&expected);
                let found = said(&hinges(&all, &select)?, |on| matches!(on, On::Event(event) if event.id == id));
                agree(&format!("without {id}, {select:?}"), &expected, &found)?;
            }
        }
        Ok(())
    });
    hung.at_least(300);
}

#[test]
fn values_hang_on_sources_as_if_each_and_each_two_were_deleted() {
    let [alone, together] = [Hung::default(), Hung::default()];
    law("hinges: sources", 500, random(), |case| {
        let (texts, origins) = with_sources(case.chronicle.texts(), case.dice[0]);
        let Some(all) = whole(texts).filter(is_settled) else { return Ok(()) };
        let cited: BTreeSet<&str> =
            case.chronicle.events.iter().flat_map(|event| &event.sources).map(|source| origins[source]).collect();
        let falls = |event: &usize, with: &[&str]| {
            let sources = &case.chronicle.events[*event].sources;
            !sources.is_empty() && sources.iter().all(|source| with.contains(&origins[source]))
        };
        let without = |with: &[&str]| {
            let gone: Vec<usize> = case.chronicle.listed().into_iter().filter(|event| falls(event, with)).collect();
            rest(&case.chronicle, &gone, case.dice[0])
        };
        for select in selectors(case, &all) {
            let asked = Asked::of(&all, &select)?;
            let (before, hinges) = (&asked.before, &asked.hinges);
            let speaks = |rest: &Chronicle| select.according_to.as_deref().is_none_or(|v| rest.voices().contains(&v));
            let mut singles = BTreeMap::new();
            for one in &cited {
                let Some((_, left)) = without(&[one]).filter(|(rest, _)| speaks(rest)) else { return Ok(()) };
                let after = values(&left, &select)?;
                alone.count(&becomes(before, &after));
                singles.extend(becomes(before, &after));
                let cites =
                    |event: &Event| event.citations().any(|c| c.source_id().is_some_and(|id| origins[id] == *one));
                source_agrees(&asked, one, cites, &after)?;
            }
            for (one, two) in cited.iter().flat_map(|one| cited.iter().map(move |two| (one, two))) {
                let Some((_, left)) = without(&[one, two]).filter(|(rest, _)| one < two && speaks(rest)) else {
                    continue;
                };
                let mut expected = becomes(before, &values(&left, &select)?);
                expected.retain(|path, _| !singles.contains_key(path));
                together.count(&expected);
                let both = |on: &On| matches!(on, On::Sources(a, b) if a.name == **one && b.name == **two);
                agree(&format!("without {one} and {two}, {select:?}"), &expected, &said(hinges, both))?;
            }
        }
        Ok(())
    });
    alone.at_least(100);
    together.at_least(20);
}

/// The chronicle that ships, as its texts.
fn shipped() -> Texts {
    let (texts, faults) = disk::read("events".as_ref(), &[]).expect("it ships");
    assert!(faults.is_empty());
    texts
}

/// The same without the files of some events, and without what refers to them.
fn without_events(texts: &Texts, gone: &BTreeSet<&str>) -> Texts {
    let mut left = texts.clone();
    left.files.retain(|text| !gone.contains(text.stem()));
    left.own = left.files.len();
    for text in &mut left.files {
        let line = |line: &str| match line.split_once(": [") {
            Some((key @ ("because" | "after" | "replaces"), ids)) => {
                let ids: Vec<&str> = ids.trim_end_matches(']').split(", ").filter(|id| !gone.contains(id)).collect();
                format!("{key}: [{}]\n", ids.join(", "))
            }
            _ => format!("{line}\n"),
        };
        let content: String = text.content().lines().map(line).collect();
        *text = Text::new(text.name.clone(), content);
    }
    left
}

#[test]
fn the_chronicle_that_ships_hangs_on_each_source_and_event_as_if_it_were_deleted() {
    let texts = shipped();
    let all = Timeline::load(texts.clone(), Vec::new());
    let source = |event: &Event| -> BTreeSet<String> {
        let named = |citation: &asof::model::event::Citation| {
            let source = all.source(citation);
            let from = source.and_then(|source| source.from.as_ref()).map(|from| from.value.clone());
            from.or_else(|| citation.source_id().map(str::to_owned)).or_else(|| source?.url.clone()).expect("a name")
        };
        event.citations().map(named).collect()
    };
    let mut sources: BTreeMap<String, Vec<&Event>> = BTreeMap::new();
    all.events().flat_map(|event| source(event).into_iter().map(move |name| (name, event))).for_each(
        |(name, event)| {
            sources.entry(name).or_default().push(event);
        },
    );
    assert!(sources.len() > 100);
    let dates = ["2022-04-05", "2025-05-15", "2026-12-31"];
    let asked = dates.map(|at| Asked::of(&all, &Selectors { at: Some(at.into()), ..Selectors::default() }).unwrap());
    let left = |gone: &BTreeSet<&str>| whole(without_events(&texts, gone)).expect("the rest loads whole");
    for event in all.events() {
        let left = left(&[event.id.as_str()].into());
        for asked in &asked {
            let found = said(&asked.hinges, |on| matches!(on, On::Event(one) if one.id == event.id));
            let expected = becomes(&asked.before, &values(&left, &asked.select).unwrap());
            agree(&format!("without {} {:?}", event.id, asked.select.at), &expected, &found).unwrap();
        }
    }
    for (name, cited_by) in &sources {
        let alone: BTreeSet<&str> =
            cited_by.iter().filter(|event| source(event).len() == 1).map(|event| event.id.as_str()).collect();
        let left = (!alone.is_empty()).then(|| left(&alone));
        for asked in &asked {
            let after = left.as_ref().map_or(Ok(asked.before.clone()), |left| values(left, &asked.select)).unwrap();
            source_agrees(asked, name, |event| source(event).contains(name), &after).unwrap();
        }
    }
}
