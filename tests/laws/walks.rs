//! Laws of what walks a chronicle and writes about it: `trace`, `stats` and `expect`.

use std::collections::{BTreeMap, BTreeSet};

use asof::ask::{Asks, Branch, Found, Selectors, Stats, Trace, ask};
use asof::model::diagnostic::Severity;
use asof::model::text::{Text, Texts};
use asof::render::{Format, How, render};
use asof::timeline::Timeline;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::asking::{Verdict, answer, cases, facts, law, question, whole};

#[test]
fn a_trace_tells_everything_that_is_within_its_depth_and_each_branch_once() {
    law("trace", 250, cases(16, 2), |case| {
        let Some(timeline) = whole(case.chronicle.texts()) else { return Ok(()) };
        for (viewpoint, dice) in case.viewpoints.iter().zip(case.dice) {
            let listed = case.chronicle.listed();
            let event = case.chronicle.id(listed[usize::from(dice) % listed.len()]);
            let depth = usize::from(dice) % 5 + 1;
            let select = viewpoint.selectors();
            let list = Asks::List { filters: Vec::new(), since: None, until: None, reverse: false, limit: None };
            let Ok(shown) = ask(&timeline, &question(select.clone(), list)) else { continue };
            let Found::Events(rows) = shown.found else { return Err("no events".into()) };
            let counts: BTreeSet<&str> = rows.iter().map(|row| row.event.id.as_str()).collect();
            let asks = Asks::Trace { event: event.clone(), depth: Some(depth) };
            let Found::Trace(trace) = answer(&timeline, &question(select, asks))?.found else {
                return Err("no trace".into());
            };
            traced(&timeline, &trace, &counts, depth).map_err(|why| format!("trace {event} --depth {depth}: {why}"))?;
        }
        Ok(())
    });
}

fn traced(timeline: &Timeline, trace: &Trace, counts: &BTreeSet<&str>, depth: usize) -> Verdict {
    let mut causes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut effects: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for event in timeline.events() {
        for cause in &event.because {
            causes.entry(&event.id).or_default().insert(&cause.value);
            effects.entry(&cause.value).or_default().insert(&event.id);
        }
    }
    for (links, branches) in [(&causes, &trace.because), (&effects, &trace.consequences)] {
        let mut expected = BTreeSet::new();
        let mut reached = BTreeSet::from([trace.event.event.id.as_str()]);
        for _ in 0..depth {
            let next = reached.iter().filter_map(|event| links.get(event)).flatten().copied();
            reached = next.filter(|event| counts.contains(event)).collect();
            expected.extend(reached.iter().copied());
        }
        let mut told = BTreeSet::new();
        let mut opened = BTreeMap::new();
        let mut left: Vec<(usize, &Branch)> = branches.iter().map(|branch| (1, branch)).collect();
        while let Some((level, branch)) = left.pop() {
            let id = branch.event.event.id.as_str();
            told.insert(id);
            let goes_on = links.get(id).is_some_and(|links| links.iter().any(|link| counts.contains(link)));
            let whole = branch.below.iter().all(|below| below.cut.is_none());
            if level > depth || (branch.cut.is_some() || !branch.below.is_empty()) != goes_on {
                return Err(format!("{id} on level {level} is cut wrongly"));
            }
            if !branch.below.is_empty() && opened.insert(id, whole) == Some(true) && whole && branch.cut.is_none() {
                return Err(format!("{id} is told whole twice"));
            }
            left.extend(branch.below.iter().map(|below| (level + 1, below)));
        }
        if told != expected {
            return Err(format!("told {told:?}, and there are {expected:?}"));
        }
    }
    Ok(())
}

#[test]
fn stats_count_what_replay_shows() {
    law("stats", 200, cases(16, 2), |case| {
        let Some(timeline) = whole(case.chronicle.texts()) else { return Ok(()) };
        for viewpoint in &case.viewpoints {
            let select = viewpoint.selectors();
            let Ok(state) = facts(&timeline, select.clone()) else { continue };
            let Found::Stats(stats) = answer(&timeline, &question(select, Asks::Stats))?.found else {
                return Err("no stats".into());
            };
            let standing = |name: &str| state.values().filter(|fact| fact.standing == name).count();
            let expected = [standing("record"), standing("claimed"), standing("disputed")];
            let found = [stats.values.record, stats.values.claimed, stats.values.disputed];
            if expected != found {
                return Err(format!("record, claimed and disputed are {expected:?}, not {found:?}"));
            }
            adds_up(&stats)?;
        }
        Ok(())
    });
}

fn adds_up(stats: &Stats) -> Verdict {
    let precision: usize = stats.precision.iter().map(|(_, events)| events).sum();
    let years: usize = stats.years.iter().map(|(_, events)| events).sum();
    let values = stats.values.record + stats.values.claimed;
    let ordered = stats.years.is_sorted_by(|(a, _), (b, _)| a < b) && stats.years.iter().all(|(_, events)| *events > 0);
    let voices = stats.voices.iter().all(|one| one.differ <= one.beside_record && one.beside_record <= one.claims);
    let alone: usize = stats.sources.iter().map(|one| one.alone).sum();
    let sources = stats.sources.iter().all(|one| one.alone <= one.values && one.values <= values && one.events > 0);
    let holds = precision == stats.events && years <= stats.events && ordered && voices && sources;
    if holds && alone == stats.values.on_one_source { Ok(()) } else { Err(format!("does not add up: {stats:#?}")) }
}

#[test]
fn what_is_expected_now_holds() {
    law("expect", 250, cases(16, 3), |case| {
        let texts = case.chronicle.texts();
        let Some(timeline) = whole(texts.clone()) else { return Ok(()) };
        if timeline.history().paths().len() == 0 {
            return Ok(());
        }
        case.viewpoints.iter().try_for_each(|viewpoint| holds(&timeline, &texts, viewpoint.selectors()))
    });
}

/// That the expectations of everything, appended to the chronicle, are met there.
fn holds(timeline: &Timeline, texts: &Texts, select: Selectors) -> Verdict {
    let asks = Asks::Expect { paths: vec!["**".into()] };
    let Ok(found) = ask(timeline, &question(select, asks)) else { return Ok(()) };
    let mut bytes = Vec::new();
    render(&found, Format::Text, &How::default(), &mut bytes).expect("a list takes everything");
    let written = String::from_utf8(bytes).expect("text is UTF-8");
    let Found::Expect(expect) = &found.found else { return Err("no expectations".into()) };
    if expect.paths.len() != timeline.history().paths().len() {
        return Err(format!("not every path is expected:\n{written}"));
    }
    let mut texts = texts.clone();
    texts.files.push(Text::new("~expected.yaml", written.clone()));
    texts.own += 1;
    let appended = Timeline::load(texts, Vec::new());
    let check = question(Selectors::default(), Asks::Check { rules: Vec::new(), strict: false });
    let Found::Faults(faults) = answer(&appended, &check)?.found else { return Err("no faults".into()) };
    match faults.diagnostics.iter().find(|fault| fault.severity == Severity::Error) {
        Some(fault) => Err(format!("{}\nof\n{written}", fault.message)),
        None if appended.expectations().len() == timeline.expectations().len() + 1 => Ok(()),
        None => Err(format!("this is no expectation:\n{written}")),
    }
}

/// The same cases on every run.
fn always_the_same() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(always_the_same())]

    /// Where many ways lead to one event, short ones and long ones.
    #[test]
    fn a_trace_of_a_thicket_is_whole(links in vec(any::<u16>(), 3..10), place in any::<usize>(), depth in 1..7usize) {
        let event = |(number, bits): (usize, &u16)| {
            let causes = (0..number).filter(|cause| bits >> cause & 1 == 1);
            let because: Vec<String> = causes.map(|cause| format!("\"e{cause}\"")).collect();
            let (date, because) = (2000 + number, because.join(", "));
            format!("{{\"id\": \"e{number}\", \"date\": \"{date}\", \"title\": \"t\", \"because\": [{because}]}}\n")
        };
        let content: String = links.iter().enumerate().map(event).collect();
        let texts = Texts { files: vec![Text::new("a.jsonl", content)], folder: "random".into(), own: 1 };
        let timeline = Timeline::load(texts, Vec::new());
        let asks = Asks::Trace { event: format!("e{}", place % links.len()), depth: Some(depth) };
        let found = answer(&timeline, &question(Selectors::default(), asks)).map_err(TestCaseError::fail)?.found;
        let Found::Trace(trace) = found else { panic!("no trace") };
        let counts = timeline.events().map(|event| event.id.as_str()).collect();
        traced(&timeline, &trace, &counts, depth).map_err(TestCaseError::fail)?;
    }

    /// Texts that YAML takes for something else, in every place in which a value can stand.
    #[test]
    fn whatever_a_text_is_it_is_expected_as_that(
        text in prop_oneof![
            "[-?:,\\[\\]{}#&*!|>'\"%@`~ a0.\\n\\t]{1,6}",
            "(no|yes|on|null|~|true|012|0x1F|0o17|1e5|1_000|\\.5|\\.inf|<<|=|2022-05-14|12:30|---|\\.\\.\\.)[ #:,a]{0,2}",
            "\\PC{1,8}",
            any::<String>(),
        ],
        other in "[a-z:#, ]{1,5}",
    ) {
        let [text, other] = [text, other].map(|text| serde_json::to_string(&text).expect("a text"));
        let event = |id: &str, date: &str, changes: &str| {
            format!("{{\"id\": \"{id}\", \"date\": \"{date}\", \"title\": \"t\", {changes}}}\n")
        };
        let content = [
            event("one", "2022-01-01", &format!("\"set\": {{\"a.one\": {text}, \"a.set\": [{text}, {other}]}}")),
            event("two", "2022-01-02", &format!("\"set\": {{\"a.two\": \"x\"}}, \"claims\": {{\"v\": {{\"set\": {{\"a.one\": \"y\", \"a.three\": {other}}}}}}}")),
            event("six", "2022-01", &format!("\"set\": {{\"a.two\": {text}, \"a.four\": {other}}}")),
            event("ten", "2022-01", "\"set\": {\"a.two\": \"z\"}"),
        ];
        let files = vec![Text::new("a.jsonl", content.concat())];
        let texts = Texts { files, folder: "random".into(), own: 1 };
        let timeline = Timeline::load(texts.clone(), Vec::new());
        prop_assume!(timeline.is_whole());
        for at in ["2022-01-10", "2022"] {
            let select = Selectors { at: Some(at.into()), ..Selectors::default() };
            holds(&timeline, &texts, select).map_err(TestCaseError::fail)?;
        }
    }
}

#[test]
fn what_is_expected_of_the_chronicle_that_ships_holds() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("events");
    let (texts, faults) = asof::disk::read(&folder, &[]).expect("the chronicle that ships");
    let timeline = Timeline::load(texts.clone(), faults);
    let select = |at: Option<&str>, known_by: Option<&str>, voice: Option<&str>| {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Selectors { at: owned(at), known_by: owned(known_by), according_to: owned(voice), ..Selectors::default() }
    };
    for (at, known_by, voice) in [
        (None, None, None),
        (Some("2022-03-20"), Some("2022-03-31"), None),
        (Some("2022-04-05"), None, Some("russia")),
        (Some("2025-05-11-putin-proposal^"), None, Some("ukraine")),
        (Some("2025-05-14"), None, None),
    ] {
        holds(&timeline, &texts, select(at, known_by, voice)).unwrap();
    }
}
