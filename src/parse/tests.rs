//! Tests of the parser: what good texts say. What is wrong with bad ones is in `tests/faults.rs`, of the manifest in
//! `tests/tables.rs`, and of hostile texts in `tests/hostile.rs`.

mod faults;
mod hostile;
mod parts;
mod tables;

use super::*;
use crate::model::event::{Change, Cited, Does, Expected, Free, Target};
use crate::model::text::{Place, Texts};
use crate::model::value::Value;

/// A manifest by its text, which has no faults.
pub(super) fn manifest_of(text: &str) -> Manifest {
    let (manifest, faults) = super::manifest(&texts(&[("chronicle.yaml", text)]), &Default::default());
    assert_eq!(faults, []);
    manifest
}

pub(super) fn texts(files: &[(&str, &str)]) -> Texts {
    let file = |(name, content): &(&str, &str)| Text::new(*name, *content);
    Texts { files: files.iter().map(file).collect(), folder: "folder".into(), own: files.len() }
}

/// The text of this name, read without a manifest.
/// What a text holds, with whole events.
pub(super) type Read = Loose<Vec<Event>>;

pub(super) fn read(name: &str, content: &str) -> Read {
    read_with(name, content, &Manifest::default())
}

pub(super) fn read_with(name: &str, content: &str, manifest: &Manifest) -> Read {
    whole(documents(FileId(0), &Text::new(name, content), manifest))
}

/// The events without their numbers.
pub(super) fn whole(loose: Loose<Vec<(usize, Event)>>) -> Read {
    let Loose { events, expectations, faults, left_out, faulty } = loose;
    let events = events.into_iter().map(|(_, event)| event).collect();
    Loose { events, expectations, faults, left_out, faulty }
}

/// Every fault as `line:column code words: message | help`.
pub(super) fn shown(content: &str, faults: &[Diagnostic]) -> Vec<String> {
    let text = Text::new("", content);
    let words = |place: Place| content[place.start as usize..place.end as usize].to_owned();
    let show = |fault: &Diagnostic| {
        let (line, column) = text.line_column(fault.place.start);
        let help = fault.help.as_ref().map_or(String::new(), |help| format!(" | {help}"));
        format!("{line}:{column} {} «{}» {}{help}", fault.code.name(), words(fault.place), fault.message)
    };
    faults.iter().map(show).collect()
}

/// The one event of a good text.
fn one(content: &str) -> Event {
    let loose = read("folder/stem.yaml", content);
    assert_eq!(shown(content, &loose.faults), [""; 0]);
    assert_eq!(loose.events.len(), 1);
    loose.events.into_iter().next().unwrap()
}

/// Changes as `voice during does path value`.
fn changes(event: &Event) -> Vec<String> {
    let show = |change: &Change| {
        let target = match &change.target.value {
            Target::Path(path) => path.to_string(),
            Target::Pattern(pattern) => format!("«{}»", pattern.as_str()),
        };
        let voice = change.voice.as_ref().map_or(String::new(), |voice| format!("{voice}: "));
        let during = if change.during { "during " } else { "" };
        let value = change.does.value().map_or(String::new(), |value| format!(" {value} ({})", value.kind().name()));
        format!("{voice}{during}{} {target}{value}", change.does.name())
    };
    event.changes.iter().map(show).collect()
}

pub(super) const WHOLE: &str = r#"
# a comment
date: 2025-05-11T01:30+03:00/2025-05-12
title: Putin proposes direct talks
id: 2025-05-11-putin
summary: >-
  Speaking to reporters,
  at night.
known: 2025-05-13
kind: proposal
place: moscow
actors: [putin, "russia"]
tags: istanbul-2025
because: [2025-05-10-ultimatum, import#12]
after: x
replaces: [y, z]
confidence: medium
sources:
  - article
  - article: Putin first proposed
  - {source: article, quote: q, page: 12}
  - {title: Offers, publisher: Reuters, date: 2025-05-11, url: "https://x", archived: u, language: en, quote: w, page: iv, id: reuters, reliability: B, from: article}
set:
  a.status: proposed
  a.for: 2025-05-15
  a.truth: true
  a.word: "true"
  a.no: no
  a.twelve: 012
  a.set: [b, 2, no, b]
  a.estimate: {low: 73, best: 403, high: 458}
  b."20.04".c: 0x1F
unset: [c.a, "talks.minsk.**"]
add: {d.a: x, d.b: [x, 1]}
remove: {e.a: [y]}
increase: {f.a: 1000, f.b: {best: 2}}
decrease: {f.c: 0.5}
during:
  g.a: seat
  add: {g.b: z}
claims:
  russia:
    set: {h.a: root causes}
    unset: h.b
    sources: [tass]
  ukraine:
    during: {set: {h.c: 1}}
allow: {order-not-settled: both are of one day}
meta: {any: [1, 1.50, 012, ~, true, "1", {x: y}], 12345678901234567890123456789012345678901234: 0x10}
"#;

#[test]
fn every_key_of_an_event_is_read() {
    let event = one(WHOLE);
    assert_eq!((event.id.as_str(), event.id_by_place), ("2025-05-11-putin", false));
    assert_eq!(event.date.value.text(), "2025-05-11T01:30+03:00/2025-05-12");
    assert_eq!(event.title.value, "Putin proposes direct talks");
    assert_eq!(event.summary.as_ref().unwrap().value, "Speaking to reporters, at night.");
    let words = |list: &[crate::model::text::Located<String>]| {
        list.iter().map(|word| word.value.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(words(&event.actors), "putin russia");
    assert_eq!(words(&event.tags), "istanbul-2025");
    assert_eq!(words(&event.because), "2025-05-10-ultimatum import#12");
    assert_eq!((words(&event.after), words(&event.replaces)), ("x".into(), "y z".into()));
    assert_eq!(event.kind.as_ref().unwrap().value, "proposal");
    assert_eq!(event.at.as_ref().unwrap().value, "moscow");
    assert_eq!(event.confidence.as_ref().unwrap().value.name(), "medium");
    assert_eq!(event.allow[0].0, Code::OrderNotSettled);
    let known = event.known.as_ref().unwrap().value.reckon(&Default::default()).unwrap();
    assert_eq!(event.when.known, known.start.end);
    assert!(event.when.ending.is_some_and(|ending| ending.just_after));
    assert_eq!((event.place.start as usize, event.place.end as usize), (WHOLE.find("date").unwrap(), WHOLE.len() - 1));
}

#[test]
fn every_change_is_read_in_the_order_written() {
    let expected = "set a.status proposed (a text)
set a.for 2025-05-15 (a text)
set a.truth true (true or false)
set a.word true (a text)
set a.no no (a text)
set a.twelve 12 (a number or an estimate)
set a.set 2, b, no (a set)
set a.estimate 73 to 458, best 403 (a number or an estimate)
set b.\"20.04\".c 31 (a number or an estimate)
unset c.a
unset «talks.minsk.**»
add d.a x (a set)
add d.b 1, x (a set)
remove e.a y (a set)
increase f.a 1000 (a number or an estimate)
increase f.b best 2 (a number or an estimate)
decrease f.c 0.5 (a number or an estimate)
during add g.b z (a set)
during set g.a seat (a text)
russia: set h.a root causes (a text)
russia: unset h.b
ukraine: during set h.c 1 (a number or an estimate)";
    assert_eq!(changes(&one(WHOLE)).join("\n"), expected);
}

#[test]
fn sources_are_cited_in_four_ways() {
    let event = one(WHOLE);
    let shown: Vec<String> = event
        .sources
        .iter()
        .map(|citation| {
            let source = match &citation.source {
                Cited::ById(id) => id.value.clone(),
                Cited::InPlace(source) => format!("{}+{}", source.id.as_ref().unwrap(), source.title.as_ref().unwrap()),
            };
            format!("{source} {:?} {:?}", citation.quote.as_deref(), citation.page.as_deref())
        })
        .collect();
    let expected = [
        "article None None",
        "article Some(\"Putin first proposed\") None",
        "article Some(\"q\") Some(\"12\")",
        "reuters+Offers Some(\"w\") Some(\"iv\")",
    ];
    assert_eq!(shown, expected);
    assert_eq!(event.claim_sources[0].0.value, "russia");
    assert_eq!(event.claim_sources[0].1.len(), 1);
}

#[test]
fn meta_is_carried_through() {
    let Some(Free::Map(entries)) = one(WHOLE).meta else { panic!() };
    let number = |text: &str| Free::Number(text.into());
    let list = vec![
        number("1"),
        number("1.50"),
        number("12"),
        Free::Null,
        Free::Truth(true),
        Free::Text("1".into()),
        Free::Map(vec![("x".into(), Free::Text("y".into()))]),
    ];
    assert_eq!(entries[0], ("any".into(), Free::List(list)));
    assert_eq!(entries[1].1, number("16"));
}

#[test]
fn dates_are_read_as_written() {
    for (written, expected) in [
        ("2022", "2022"),
        ("0012", "0012"),
        ("[2022-04-01..2022-04-04]", "[2022-04-01..2022-04-04]"),
        ("[1667, 1668]", "[1667, 1668]"),
        ("[ 1667,\n  1668 ]", "[1667, 1668]"),
        ("?2022-04-~12", "?2022-04-~12"),
        ("\"2022-04\"", "2022-04"),
    ] {
        let event = one(&format!("title: a\nid: a\ndate: {written}\n"));
        assert_eq!(event.date.value.text(), expected);
    }
    let event = one("title: a\ndate: 2022\nuntil: [..2026]\nduring: {a.b: c}\n");
    assert!(event.when.ending.is_some_and(|ending| !ending.just_after));
}

#[test]
fn an_id_that_is_left_out_is_made_of_the_file() {
    let ids = |name: &str, text: &str| {
        let loose = read(name, text);
        loose.events.iter().map(|event| (event.id.clone(), event.id_by_place)).collect::<Vec<_>>()
    };
    assert_eq!(ids("a/one.yaml", "{title: a, date: 2022}"), [("one".to_owned(), false)]);
    assert_eq!(ids("one.yaml", "{title: a, date: 2022}\n---\nexpect: {a.b: 1}"), [("one".to_owned(), false)]);
    let several = "- {title: a, date: 2022}\n- {expect: {a.b: 1}}\n- {title: b}\n- {title: c, date: 2022, id: x}\n- {title: d, date: 2022}\n";
    let expected = [("import#1".to_owned(), true), ("x".to_owned(), false), ("import#4".to_owned(), true)];
    assert_eq!(ids("import.yaml", several), expected);
    assert_eq!(ids("cafe\u{301}.yaml", "{title: a, date: 2022}"), [("caf\u{e9}".to_owned(), false)]);
}

#[test]
fn documents_stand_alone_or_in_streams_lists_and_lines() {
    let titles = |name: &str, text: &str| {
        let loose = read(name, text);
        assert_eq!(shown(text, &loose.faults), [""; 0], "{text}");
        loose.events.iter().map(|event| event.title.value.clone()).collect::<Vec<_>>().join(" ")
    };
    let streams = "# only a comment\n---\ntitle: a\ndate: 2022\n---\n---\n# nothing\n---\n- {title: b, date: 2022}\n- title: c\n  date: 2022\n...\n";
    assert_eq!(titles("x.yml", streams), "a b c");
    for nothing in ["", "\u{feff}", "\n \n", "# a\n", "---\n", "[]"] {
        assert_eq!(titles("x.yaml", nothing), "");
    }
    for nothing in ["", "\u{feff}", " \r\n", "[]"] {
        assert_eq!(titles("x.json", nothing), "");
        assert_eq!(titles("x.jsonl", nothing.trim_matches(['[', ']'])), "");
    }
    let event = |title: &str| format!("{{\"title\":\"{title}\",\"date\":\"2022\",\"set\":{{\"a.b\":1.5e3}}}}");
    assert_eq!(titles("x.json", &format!("\u{feff} {}\r\n", event("a"))), "a");
    assert_eq!(titles("x.json", &format!("[{} , {}]", event("a"), event("b"))), "a b");
    assert_eq!(
        titles(
            "x.jsonl",
            &format!("\u{feff}{}\r\n\r\n  \n{}", event("\\ud83d\\ude00\\n".trim_end_matches("\\n")), event("\\u0062"))
        ),
        "😀 b"
    );
}

#[test]
fn patterns_say_how_a_scalar_is_read() {
    let manifest = manifest_of(
        "entities: {012: , rose: }\npaths:\n  a.text: {type: text}\n  a.date: {type: date}\n  a.word: {one_of: [no, 2022]}\n  a.who: {type: entity}\n  a.whos: {set_of: entity}\n  a.words: {set_of: [x, 012]}\n  a.n: {type: number}\n  a.e: {type: estimate}\n  a.e2: {type: estimate}\n  a.t: {type: bool}\n  a.any: {label: x}\n",
    );
    let text = "title: a\ndate: 2022\nset: {a.text: 012, a.date: [1667, 1668], a.word: no, a.who: 012, a.whos: [rose], a.n: 012, a.e: 1, a.e2: {low: 1}, a.t: TRUE, a.any: 012}\nadd: {a.words: 012}\n";
    let loose = read_with("stem.yaml", text, &manifest);
    assert_eq!(shown(text, &loose.faults), [""; 0]);
    let expected = "set a.text 012 (a text)
set a.date [1667, 1668] (a text)
set a.word no (a text)
set a.who 012 (a text)
set a.whos rose (a set)
set a.n 12 (a number or an estimate)
set a.e 1 (a number or an estimate)
set a.e2 at least 1 (a number or an estimate)
set a.t true (true or false)
set a.any 12 (a number or an estimate)
add a.words 012 (a set)";
    assert_eq!(changes(&loose.events[0]).join("\n"), expected);
}

#[test]
fn anchors_aliases_and_core_tags_are_read() {
    let event = one(
        "title: &t a\ndate: &d 2022\nknown: *d\nset: &s {a.b: !!str 12, a.c: !!int 12, a.d: ! 3}\nclaims: {x: {set: *s}}\nmeta: *t\n",
    );
    assert_eq!(event.known.unwrap().value.text(), "2022");
    assert!(matches!(&event.changes[0].does, Does::Set(value) if *value == Value::text("12")));
    assert!(matches!(&event.changes[1].does, Does::Set(value) if value.amount().is_some()));
    assert_eq!(event.changes.len(), 6);
    assert_eq!(event.meta, Some(Free::Text("a".into())));
}

#[test]
fn an_expectation_has_selectors_and_operators() {
    let text = "as_of: 2022-03-30\nknown_by: [2022-04-01..2022-04-02]\naccording_to: ukraine\nonly: tag:x\nwithout: [source:y, /words/]\nexpect:\n  a.status: held\n  a.set: [x, y]\n  a.n: {low: 1}\n  a.m: {includes: medinsky, excludes: [x, y], size: 2}\n  a.k: {absent: true}\n  a.b: {at_least: 1, at_most: 2.5, disputed: false}\n  a.o: {one_of: [x, 1], possible: true}\n  a.p: {possible: held}\n";
    let loose = read("x.yaml", text);
    assert_eq!(shown(text, &loose.faults), [""; 0]);
    let expectation = &loose.expectations[0];
    assert_eq!(expectation.known_by.as_ref().unwrap().value, "[2022-04-01..2022-04-02]");
    assert_eq!((expectation.only.len(), expectation.without.len()), (1, 2));
    let expected: Vec<usize> = expectation.expect.iter().map(|(_, all)| all.len()).collect();
    assert_eq!(expected, [1, 1, 1, 3, 1, 3, 2, 1]);
    assert_eq!(expectation.expect[4].1[0].value, Expected::Absent(true));
    assert!(matches!(&expectation.expect[3].1[0].value, Expected::Includes(Value::Set(set)) if set.len() == 1));
}
