//! The law of the writer: what is written is read as what it was. JSON, which another reader reads, is the judge.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::model::event::Event;
use crate::model::manifest::Manifest;
use crate::model::text::{FileId, Text, is_hostile};
use crate::parse::{self, Loose};

/// Texts that would be something else without quotes, or would not be seen.
const ODD: &[&str] = &[
    "",
    " ",
    "~",
    "null",
    "no",
    "Yes",
    "on",
    "012",
    "0x1F",
    "0o17",
    "0b1",
    "1_000",
    "12:30",
    "2022",
    "1e5",
    "-1.5",
    "+1",
    ".5",
    ".inf",
    ".nan",
    "true",
    "False",
    "<<",
    "=",
    "-",
    "--",
    "---",
    "...",
    "--- x",
    "- a",
    "? a",
    "?a",
    ": a",
    ":a",
    "a: b",
    "a:",
    "a #b",
    "#a",
    "[a",
    "a]",
    "{a}",
    "a, b",
    "*a",
    "&a",
    "!a",
    "|",
    ">-",
    "%a",
    "@a",
    "`a`",
    "'",
    "\"",
    "a'b",
    "a\"b",
    "it's \"x\" \\n",
    "\\",
    " a",
    "a ",
    "a\n",
    "\na",
    "a\n\nb",
    "a\n b",
    "  a\nb",
    "a\n\n",
    "a \nb",
    "\t",
    "a\tb",
    "\r\n",
    "\u{1b}[31m",
    "\u{0}",
    "\u{7f}",
    "\u{85}",
    "\u{9b}",
    "\u{a0}",
    "a\u{a0}",
    "\u{2028}",
    "\u{202e}x",
    "\u{feff}",
    "\u{fffe}",
    "\u{200b}",
    "по-київськи",
    "日本語",
    "🙂",
    "[2022-04-01..2022-04-04]",
    "2022-04~",
    "1,000-for-1,000",
    "a  b",
];

fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![4 => "[a-zé]{1,9}", 1 => select(ODD).prop_map(str::to_owned)];
    prop_oneof![
        3 => select(ODD).prop_map(str::to_owned),
        2 => "[ -~\n]{0,12}",
        1 => any::<String>(),
        2 => vec(word, 1..60).prop_map(|words| words.join(" ")),
        1 => "x{900,1200}",
    ]
}

fn one_of(of: &'static [&'static str]) -> BoxedStrategy<Free> {
    select(of).prop_map(|text| Free::Text(text.to_owned())).boxed()
}

fn number() -> impl Strategy<Value = Free> {
    select(&["0", "-1.50", "12", "1e5", "403", "99999999999999999999"][..])
        .prop_map(|digits| Free::Number(digits.into()))
}

fn map(entries: Vec<(String, Free)>) -> Free {
    let mut seen = std::collections::BTreeSet::new();
    Free::Map(entries.into_iter().filter(|(key, _)| seen.insert(key.clone())).collect())
}

fn free() -> impl Strategy<Value = Free> {
    let leaf = prop_oneof![
        6 => text().prop_map(Free::Text),
        1 => number(),
        1 => any::<bool>().prop_map(Free::Truth),
        1 => Just(Free::Null),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![vec(inner.clone(), 0..5).prop_map(Free::List), vec((text(), inner), 0..5).prop_map(map),]
    })
}

const PATHS: &[&str] = &["a.b", "a.\"20.04\"", "\"x y\".\"z: #\"", "день.один", "no.on", "e.-f", "g.h-1", "i.2022"];

fn value() -> impl Strategy<Value = Free> {
    let scalar = prop_oneof![4 => text().prop_map(Free::Text), 1 => number(), 1 => any::<bool>().prop_map(Free::Truth)];
    let estimate =
        Free::Map(vec![("high".into(), Free::Number("458".into())), ("low".into(), Free::Number("73".into()))]);
    prop_oneof![4 => scalar.clone(), 1 => vec(scalar, 0..6).prop_map(Free::List), 1 => Just(estimate)]
}

fn values() -> impl Strategy<Value = Free> {
    vec((select(PATHS).prop_map(str::to_owned), value()), 1..4).prop_map(map)
}

fn source() -> impl Strategy<Value = Free> {
    let texts = vec((select(&["page", "quote", "url", "title", "publisher"][..]), text()), 1..4);
    let whole = (texts, date()).prop_map(|(texts, date)| {
        let texts = texts.into_iter().map(|(key, text)| (key.to_owned(), Free::Text(text)));
        map(texts.chain([("date".to_owned(), date), ("id".to_owned(), Free::Text("no".into()))]).collect())
    });
    prop_oneof![
        one_of(&["reuters", "no", "2022", "-x"]),
        text().prop_map(|quote| Free::Map(vec![("2022".into(), Free::Text(quote))])),
        whole,
    ]
}

fn date() -> BoxedStrategy<Free> {
    let number = select(&["2022", "-43"][..]).prop_map(|digits| Free::Number(digits.into()));
    let words = &[
        "2022",
        "2022-04-12",
        "0012",
        "2022-04~",
        "?2022-04-~12",
        "[2022-04-01..2022-04-04]",
        "[1667,1668]",
        "[..2026]",
        "[1667, 1668]",
        "2022-02-24/2022-03-30",
        "../2022",
        "-0043-03-15",
        "Y-17E7",
        "2025-05-11T01:30+03:00",
        "{1667,1668}",
        "~",
        "",
        "x: y",
    ];
    prop_oneof![8 => one_of(words), 1 => number].boxed()
}

/// An event as an importer gives one: most of its keys, in any order, most of them right.
fn event() -> impl Strategy<Value = Free> {
    let slugs =
        vec(one_of(&["reuters", "no", "y", "2022", "12_3", "-x", "путін", "null"]), 0..4).prop_map(Free::List).boxed();
    let one = |key: &'static str, value: BoxedStrategy<Free>| value.prop_map(move |value| (key.to_owned(), value));
    let keys = vec(
        prop_oneof![
            one("summary", text().prop_map(Free::Text).boxed()),
            one("known", date()),
            one("until", date()),
            one("id", one_of(&["no", "a-b", "x.y", "2022-x"])),
            one("kind", one_of(&["no", "talks"])),
            one("place", one_of(&["null", "istanbul"])),
            one("tags", slugs.clone()),
            one("actors", slugs.clone()),
            one("because", slugs.clone()),
            one("unset", vec(one_of(PATHS), 1..3).prop_map(Free::List).boxed()),
            one("sources", vec(source(), 1..4).prop_map(Free::List).boxed()),
            one("set", values().boxed()),
            one("add", values().boxed()),
            one("increase", values().boxed()),
            one("during", values().boxed()),
            one("claims", (values(), source()).prop_map(claims).boxed()),
            one("allow", text().prop_map(|why| map(vec![("no-source".into(), Free::Text(why))])).boxed()),
            one("meta", free().boxed()),
        ],
        0..9,
    );
    (text(), date(), keys).prop_map(|(title, date, mut keys)| {
        keys.insert(keys.len() / 2, ("title".to_owned(), Free::Text(title)));
        keys.insert(keys.len() / 3, ("date".to_owned(), date));
        map(keys)
    })
}

fn claims((values, source): (Free, Free)) -> Free {
    let claim = vec![("sources".to_owned(), Free::List(vec![source])), ("set".to_owned(), values)];
    Free::Map(vec![("no".into(), Free::Map(claim))])
}

fn read(name: &str, content: &str) -> Loose<Vec<(usize, Event)>> {
    parse::documents(FileId(0), &Text::new(name, content), &Manifest::default())
}

/// Everything that was read, but where it stands.
fn told(loose: &Loose<Vec<(usize, Event)>>) -> String {
    let mut faults: Vec<String> =
        loose.faults.iter().map(|fault| format!("{} {}", fault.code.name(), fault.message)).collect();
    faults.sort();
    let mut events: Vec<Event> = loose.events.iter().map(|(_, event)| event.clone()).collect();
    for event in &mut events {
        // Changes act in an order of their own, however they are written (2-replay, Order).
        event.changes.sort_by_key(|change| (change.voice.clone(), change.does.rank(change.during)));
    }
    let mut all = format!("{faults:#?} {events:#?}");
    while let Some(start) = all.find("Place {") {
        let end = all[start..].find('}').map_or(all.len(), |end| start + end + 1);
        all.replace_range(start..end, "");
    }
    all
}

fn data(json: &str) -> Free {
    let line = format!("{{\"date\":\"2022\",\"title\":\"x\",\"meta\":{json}}}");
    read("x.json", &line).events.remove(0).1.meta.unwrap()
}

#[test]
fn the_style_is_that_of_the_chronicle_that_ships() {
    let event = data(
        r#"{"title": "Talks: the first", "date": "[2022-04-01..2022-04-04]", "summary": "Short.\n",
        "claims": {"un": {"sources": ["reuters"], "set": {"a.b": "offered, direct"}}, "russia": {"set": {"a.b": "x", "a.c": "no"}}},
        "set": {"a.toll": {"high": 3, "low": 1}, "a.members": ["b", "a", "b", "2022", 7], "a.text": "2022"},
        "increase": {"a.rounds": 1}, "tags": ["b", "a"], "until": "2023", "actors": [],
        "sources": ["reuters", {"article": "It is said: so."}, {"url": "https://a.b/c", "title": "[T]", "date": 2022, "page": "12"}],
        "meta": {"note": "a\nb", "more": [["x"], {"k": null, "l": "it's"}]}}"#,
    );
    let written = "\
date: [2022-04-01..2022-04-04]
title: 'Talks: the first'
summary: >
  Short.
until: 2023
actors: []
tags: [b, a]
sources:
  - reuters
  - article: 'It is said: so.'
  - title: '[T]'
    date: 2022
    url: https://a.b/c
    page: '12'
set:
  a.toll: {low: 1, high: 3}
  a.members: [7, '2022', a, b]
  a.text: '2022'
increase: {a.rounds: 1}
claims:
  un:
    set: {a.b: 'offered, direct'}
    sources: [reuters]
  russia:
    set:
      a.b: x
      a.c: 'no'
meta:
  note: |-
    a
    b
  more:
    - [x]
    - k: null
      l: it's
";
    assert_eq!(super::event(&event), written);
}

#[test]
fn long_texts_are_folded_where_that_says_the_same() {
    let words = "nine lett ".repeat(12);
    let written = |title: &str| super::event(&data(&format!("{{\"title\": {}}}", scalar::spelled(title))));
    let (first, second) = (format!("{}nine", "nine lett ".repeat(10)), "lett nine lett");
    assert_eq!(written(words.trim()), format!("title: >-\n  {first}\n  {second}\n"));
    assert_eq!(written(&words), format!("title: '{words}'\n"));
    assert_eq!(written(&format!("{}\n\nx", words.trim())), format!("title: >-\n  {first}\n  {second}\n\n\n  x\n"));
    assert_eq!(written("a\n\n b"), "title: |-\n  a\n\n   b\n");
    assert_eq!(written("a\tb\u{202e}\u{0}"), "title: \"a\\tb\\u202e\\u0000\"\n");
}

proptest! {
    /// What is written is read as what JSON says of the same event, faults included, by both readers of YAML alike.
    #[test]
    fn reads_back_as_the_same(event in event()) {
        let (yaml, json) = (super::event(&event), super::json(&event));
        prop_assert_eq!(told(&read("x.yaml", &yaml)), told(&read("x.json", &json)), "{}", yaml);
        prop_assert_eq!(parse::difference(&yaml), None);
        prop_assert!(!yaml.contains(|c| c != '\n' && is_hostile(c)), "{}", yaml);
        prop_assert!(!json.contains(is_hostile), "{}", json);
    }

    /// Free data is read back to the letter, and fast where no name is very long and no list stands in a list.
    #[test]
    fn free_data_reads_back_to_the_letter(meta in free()) {
        let event = Free::Map(vec![
            ("meta".into(), meta.clone()),
            ("title".into(), Free::Text("x".into())),
            ("date".into(), Free::Text("2022".into())),
        ]);
        let yaml = super::event(&event);
        let loose = read("x.yaml", &yaml);
        prop_assert!(loose.faults.is_empty(), "{}\n{:?}", yaml, loose.faults);
        prop_assert_eq!(loose.events[0].1.meta.as_ref(), Some(&meta), "{}", yaml);
        let is_odd = yaml.lines().any(|line| line.trim_start_matches([' ', '-']).starts_with("? ") || line.ends_with('-'));
        if !is_odd {
            prop_assert!(parse::event(FileId(0), "x.yaml", &yaml, 0, &Manifest::default()).is_some(), "{}", yaml);
        }
    }
}
