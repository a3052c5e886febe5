//! What each part of the trip costs by itself: reading, loading, every question, writing. `cargo bench` runs it over a
//! made-up history of 10,000 events, or of as many as `ASOF_BENCH` says. The history is made here, of the shape that
//! `corpus.py` gives its own, but not of the same numbers; no file is read or written.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

use asof::ask::{Answer, Asks, Found, Question, Selectors, ask, house_faults};
use asof::model::event::Event;
use asof::model::manifest::Manifest;
use asof::model::text::{FileId, Text, Texts};
use asof::parse;
use asof::render::{Format, How, render};
use asof::timeline::Timeline;
use chrono::{Days, NaiveDate};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, Divan, black_box};
use serde::Deserialize;

const ENTITIES: usize = 5_000;
const ATTRIBUTES: usize = 8;
const CHANGES: usize = 3;
const DAYS: usize = 46_021; // 1900-01-01 to 2025-12-31
const BEFORE: &str = "1980-01-01";
const AFTER: &str = "1990-01-01";

fn main() {
    // What is made once is made before the clock runs.
    assert_eq!(TIMELINE.events().count(), CORPUS.count, "every made-up event counts");
    assert!(TIMELINE.faults().is_empty(), "{:?}", TIMELINE.faults());
    Divan::default().sample_count(20).config_with_args().main();
}

/// The history as it is read, and a path that it is sure to have before [`AFTER`].
struct Corpus {
    count: usize,
    yaml: Text,
    jsonl: Text,
    some_path: String,
}

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| {
    let count = match std::env::var("ASOF_BENCH") {
        Ok(count) => count.parse().expect("ASOF_BENCH is a number of events"),
        Err(_) => 10_000,
    };
    corpus(count)
});

static TIMELINE: LazyLock<Timeline> = LazyLock::new(|| Timeline::load(texts(&CORPUS.yaml), Vec::new()));

fn texts(text: &Text) -> Texts {
    Texts { files: vec![text.clone()], folder: "bench".to_owned(), own: 1 }
}

/// Makes events in the order of their days; three changes each, of entities by Zipf's law. Every tenth became known
/// up to a year late, another tenth has a tag, and in another a witness claims otherwise.
fn corpus(count: usize) -> Corpus {
    let mut random = Random(20_240_607);
    let weights: Vec<f64> = (1..=ENTITIES)
        .scan(0.0, |sum, rank| {
            *sum += 1.0 / rank as f64;
            Some(*sum)
        })
        .collect();
    let mut days: Vec<usize> = (0..count).map(|_| random.below(DAYS)).collect();
    days.sort_unstable();
    let (mut yaml, mut jsonl, mut some_path) = (String::new(), String::new(), String::new());
    for (number, day) in days.into_iter().enumerate() {
        let title = format!("The session of court no. {}", random.below(400));
        let mut changes = BTreeMap::new();
        while changes.len() < CHANGES {
            let drawn = random.fraction() * weights[ENTITIES - 1];
            // Spread over the alphabet, so that the names which change most are not next to each other.
            let entity = weights.partition_point(|weight| *weight < drawn) * 1_237 % ENTITIES;
            changes.insert(format!("e{entity:04}.a{}", random.below(ATTRIBUTES)), random.below(999_999) + 1);
        }
        let known = number.is_multiple_of(10).then(|| date(day + 1 + random.below(365)));
        let more = More { known, tag: number % 10 == 1, witness: number % 10 == 2 };
        if some_path.is_empty() {
            some_path = changes.keys().next().cloned().unwrap_or_default();
        }
        write_event(&mut yaml, &mut jsonl, &format!("ev-{number:07}"), &date(day), &title, more, &changes);
    }
    let text = |name: &str, content| Text::new(name, content);
    Corpus { count, yaml: text("events.yaml", yaml), jsonl: text("events.jsonl", jsonl), some_path }
}

/// What some events have.
struct More {
    known: Option<String>,
    tag: bool,
    witness: bool,
}

/// Writes one event in both forms. Nothing in it needs quotes.
fn write_event(
    yaml: &mut String,
    jsonl: &mut String,
    id: &str,
    date: &str,
    title: &str,
    more: More,
    changes: &BTreeMap<String, usize>,
) {
    let (mut in_yaml, mut in_json) = (String::new(), String::new());
    let mut put = |key: &str, yaml: &str, json: &str| {
        writeln!(in_yaml, "{key}: {yaml}").expect("room for text");
        write!(in_json, r#""{key}":{json},"#).expect("room for text");
    };
    if let Some(known) = more.known {
        put("known", &known, &format!(r#""{known}""#));
    }
    if more.tag {
        put("tags", "[tenth]", r#"["tenth"]"#);
    }
    if let (true, Some(path)) = (more.witness, changes.keys().next()) {
        put(
            "claims",
            &format!("{{witness: {{set: {{{path}: 0}}}}}}"),
            &format!(r#"{{"witness":{{"set":{{"{path}":0}}}}}}"#),
        );
    }
    let lines: String = changes.iter().map(|(path, value)| format!("  {path}: {value}\n")).collect();
    let pairs: Vec<String> = changes.iter().map(|(path, value)| format!(r#""{path}":{value}"#)).collect();
    let pairs = pairs.join(",");
    write!(yaml, "---\nid: {id}\ndate: {date}\ntitle: {title}\n{in_yaml}set:\n{lines}").expect("room for text");
    writeln!(jsonl, r#"{{"id":"{id}","date":"{date}","title":"{title}",{in_json}"set":{{{pairs}}}}}"#)
        .expect("room for text");
}

fn date(day: usize) -> String {
    let first = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day of the calendar");
    (first + Days::new(day as u64)).to_string()
}

/// SplitMix64: the same numbers everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// From 0 to below 1.
    fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

// Reading and loading: megabytes of text a second.

#[divan::bench]
fn parse_yaml(bencher: Bencher) {
    parse_one(bencher, &CORPUS.yaml);
}

#[divan::bench]
fn parse_jsonl(bencher: Bencher) {
    parse_one(bencher, &CORPUS.jsonl);
}

fn parse_one(bencher: Bencher, text: &Text) {
    let manifest = Manifest::default();
    bencher
        .counter(BytesCount::of_str(text.content()))
        .bench(|| parse::documents::<Vec<(usize, Event)>>(FileId(0), black_box(text), &manifest));
}

/// Parses, too: a timeline cannot be had of anything but texts.
#[divan::bench]
fn load_yaml(bencher: Bencher) {
    load(bencher, &CORPUS.yaml);
}

#[divan::bench]
fn load_jsonl(bencher: Bencher) {
    load(bencher, &CORPUS.jsonl);
}

fn load(bencher: Bencher, text: &Text) {
    bencher
        .counter(BytesCount::of_str(text.content()))
        .with_inputs(|| texts(text))
        .bench_values(|texts| Timeline::load(texts, Vec::new()));
}

/// What a program would do that knows nothing of events: every document of the same text to a plain structure, by a
/// library. Read on one thread; to be held against `load_yaml` with `RAYON_NUM_THREADS=1`.
#[divan::bench]
fn plain_yaml(bencher: Bencher) {
    let text = CORPUS.yaml.content();
    bencher.counter(BytesCount::of_str(text)).bench(|| {
        let read = serde_yaml::Deserializer::from_str(black_box(text)).map(Plain::deserialize);
        let events: Vec<Plain> = read.collect::<Result<_, _>>().expect("made-up events are plain");
        assert_eq!(events.len(), CORPUS.count);
        events
    });
}

/// An event as far as the made-up ones go, with nothing looked into.
#[derive(Deserialize)]
#[expect(dead_code, reason = "it is read into, and that is measured")]
struct Plain {
    id: String,
    date: String,
    title: String,
    known: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    claims: BTreeMap<String, BTreeMap<String, BTreeMap<String, i64>>>,
    set: BTreeMap<String, i64>,
}

// Questions to a loaded timeline: what they find, a second.

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn replay(of: &[&str]) -> Question {
    Question { select: Selectors::default(), asks: Asks::Replay { words: words(of) } }
}

fn answer(question: &Question) -> Answer<'static> {
    ask(&TIMELINE, black_box(question)).expect("a question that can be answered")
}

/// Counts the rows of the answer, so that a question that finds nothing shows.
fn question(bencher: Bencher, question: &Question) {
    let rows = match answer(question).found {
        Found::State(state) => state.facts.len(),
        Found::Events(events) => events.len(),
        Found::Differences(differences) => differences.changes.len(),
        other => panic!("not asked here: {other:?}"),
    };
    bencher.counter(ItemsCount::new(rows)).bench(|| answer(question));
}

#[divan::bench]
fn ask_replay(bencher: Bencher) {
    question(bencher, &replay(&[AFTER]));
}

#[divan::bench]
fn ask_replay_one_path(bencher: Bencher) {
    question(bencher, &replay(&[AFTER, &CORPUS.some_path]));
}

/// The same in a viewpoint of its own.
fn replay_from(bencher: Bencher, select: Selectors) {
    question(bencher, &Question { select, ..replay(&[AFTER]) });
}

#[divan::bench]
fn ask_replay_known_by(bencher: Bencher) {
    replay_from(bencher, Selectors { known_by: Some(AFTER.to_owned()), ..Selectors::default() });
}

#[divan::bench]
fn ask_replay_according_to(bencher: Bencher) {
    replay_from(bencher, Selectors { according_to: Some("witness".to_owned()), ..Selectors::default() });
}

#[divan::bench]
fn ask_replay_only(bencher: Bencher) {
    replay_from(bencher, Selectors { only: words(&["tag:tenth"]), ..Selectors::default() });
}

#[divan::bench]
fn ask_replay_without(bencher: Bencher) {
    replay_from(bencher, Selectors { without: words(&["tag:tenth"]), ..Selectors::default() });
}

#[divan::bench]
fn ask_replay_only_words(bencher: Bencher) {
    replay_from(bencher, Selectors { only: words(&["/court no. 7/"]), ..Selectors::default() });
}

#[divan::bench]
fn ask_state(bencher: Bencher) {
    question(bencher, &replay(&[AFTER]).of_values());
}

#[divan::bench]
fn ask_diff(bencher: Bencher) {
    let asks = Asks::Diff { words: words(&[BEFORE, AFTER]), versus: None, steps: false };
    question(bencher, &Question { select: Selectors::default(), asks });
}

#[divan::bench]
fn ask_list_year(bencher: Bencher) {
    let year = || Some("1985".to_owned());
    let asks = Asks::List { filters: Vec::new(), since: year(), until: year(), reverse: false, limit: None };
    question(bencher, &Question { select: Selectors::default(), asks });
}

/// What every command but `check` does after its answer, to say how many faults `check` would show.
#[divan::bench]
fn check_house_rules(bencher: Bencher) {
    bencher.counter(ItemsCount::new(CORPUS.count)).bench(|| house_faults(black_box(&*TIMELINE)));
}

// Writing: megabytes of JSON a second.

#[divan::bench]
fn render_json(bencher: Bencher) {
    let (state, how) = (answer(&replay(&[AFTER])), How::default());
    let write = || {
        let mut bytes = Vec::new();
        render(black_box(&state), Format::Json, &how, &mut bytes).expect("memory takes all");
        bytes
    };
    bencher.counter(BytesCount::new(write().len())).bench(write);
}
