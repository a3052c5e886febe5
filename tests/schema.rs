//! `asof schema` held against the program: what loads without an error is valid, and what has an error that a schema can
//! see is not. The validator is the crate `jsonschema`; YAML is read by another library than the program's.

#![allow(clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use asof::model::diagnostic::{Code, Diagnostic, Severity};
use asof::model::text::{Text, Texts};
use asof::parse::is_manifest;
use asof::render::json::{self, Table};
use asof::timeline::Timeline;
use asof::{ask, disk};
use jsonschema::Validator;
use serde_json::Value;

/// The errors of event files that a schema sees.
const SEEN: [Code; 14] = [
    Code::UnknownDocument,
    Code::UnknownKey,
    Code::MissingKey,
    Code::WrongType,
    Code::BadSlug,
    Code::BadPath,
    Code::BadValue,
    Code::BadWord,
    Code::UnknownEvent,
    Code::UnknownPath,
    Code::UnknownEntity,
    Code::UnknownVoice,
    Code::UnknownSource,
    Code::ValueNotAllowed,
];

/// The others, and why not.
const UNSEEN: [(Code, &str); 22] = [
    (Code::UnreadableFile, "there is no text"),
    (Code::NotUtf8, "there is no text"),
    (Code::LinkLeavesFolder, "there is no text"),
    (Code::Syntax, "there is no data"),
    (Code::TooDeep, "a schema counts no levels"),
    (Code::TooManyAliases, "aliases are gone once the data is there"),
    (Code::DuplicateKey, "of two keys the data has one; an editor's reader of YAML says so"),
    (Code::FormatVersion, "it is of the manifest, see below"),
    (Code::BadDate, "only words that no date is made of: the calendar is beyond a pattern"),
    (Code::BadNumber, "numbers are doubles once the data is there"),
    (Code::BadEstimate, "only an empty one: a schema compares no values"),
    (Code::DoesNotLast, "whether an event lasts is in its dates"),
    (Code::BadEnd, "a schema compares no dates"),
    (Code::ConflictingChanges, "a schema compares no keys of two mappings"),
    (Code::DuplicateId, "a schema sees one document"),
    (Code::IdIsDate, "the calendar is beyond a pattern"),
    (Code::PathIsBranch, "a schema sees one document"),
    (Code::KindChanges, "a schema sees one document"),
    (Code::SumOverflows, "a schema adds nothing"),
    (Code::EstimatesShareNoPart, "a schema adds nothing"),
    (Code::Cycle, "a schema sees one document"),
    (Code::CauseAfterEffect, "a schema compares no dates"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn validator(shape: &asof::render::shape::Shape) -> Validator {
    jsonschema::draft202012::new(&serde_json::from_str(&shape.to_json()).unwrap()).unwrap()
}

/// The documents of a text, as another reader has them; nothing where it has none, because the text is broken.
fn documents(text: &Text) -> Option<Vec<Value>> {
    use serde::Deserialize;
    let content = text.content().trim_start_matches('\u{feff}');
    let read: Result<Vec<Value>, String> = match text.name.rsplit_once('.')?.1 {
        "json" => serde_json::from_str(content).map(|value| vec![value]).map_err(|error| error.to_string()),
        "jsonl" => content
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| serde_json::from_str(line).map_err(|error| error.to_string()))
            .collect(),
        _ => serde_yaml::Deserializer::from_str(content)
            .map(|document| Value::deserialize(document).map_err(|error| error.to_string()))
            .collect(),
    };
    Some(read.ok()?.into_iter().filter(|value| !value.is_null()).collect())
}

fn complaints(validator: &Validator, documents: &[Value]) -> Vec<String> {
    let errors = documents.iter().flat_map(|document| validator.iter_errors(document));
    errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn every_shipped_file_is_valid() {
    for folder in ["events", "examples/berlin"] {
        let (texts, faults) = disk::read(&root().join(folder), &[]).unwrap();
        let timeline = Timeline::load(texts, faults);
        let known = ask::schema(&timeline);
        let events = validator(&json::schema(&known));
        let mut seen = 0;
        for text in &timeline.texts().files {
            let table = match text.name.as_str() {
                "chronicle.yaml" => Some(Table::Manifest),
                "entities.yaml" => Some(Table::Entities),
                "voices.yaml" => Some(Table::Voices),
                "sources.yaml" => Some(Table::Sources),
                "paths.yaml" => Some(Table::Paths),
                _ => None,
            };
            let of_table = table.map(|table| validator(&json::manifest(&known, table)));
            let all = documents(text).unwrap();
            let wrong = complaints(of_table.as_ref().unwrap_or(&events), &all);
            assert!(wrong.is_empty(), "{}: {wrong:#?}", text.name);
            seen += all.len();
        }
        assert!(seen >= 3);
    }
}

/// The event files of a case, by name; those with bytes or marks of their own are left to other tests.
fn files(case: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut lines = case.lines();
    let mut name = None;
    while let Some(line) = lines.next() {
        let language = line.trim_start_matches('`');
        let fence = &line[..line.len() - language.len()];
        if fence.len() < 3 || language.is_empty() {
            if !line.trim().is_empty() {
                name = line.strip_prefix('`').and_then(|rest| rest.strip_suffix("`:")).map(str::to_owned);
            }
            continue;
        }
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != fence).collect();
        if let (Some(name), "yaml" | "json" | "jsonl") = (name.take(), language) {
            files.insert(name, body.join("\n") + "\n");
        }
    }
    files
}

/// The files that a page of a fault breaks its rule with: each block begins with its name.
fn broken(page: &str) -> BTreeMap<String, String> {
    let blocks = page.split("\nMended:").next().unwrap_or("").split("\n```yaml\n# ").skip(1);
    let file = |block: &str| {
        let (name, body) = block.split("\n```").next()?.split_once('\n')?;
        Some((name.to_owned(), format!("{body}\n")))
    };
    blocks.filter_map(file).collect()
}

/// Every chronicle of the cases and of the pages of faults, with what tells it.
fn chronicles() -> Vec<(String, Timeline)> {
    let cases = fs::read_dir(root().join("tests/cases")).unwrap().map(|entry| entry.unwrap().path());
    let cases = cases.map(|path| (path.display().to_string(), files(&fs::read_to_string(&path).unwrap())));
    let pages = fs::read_to_string(root().join("src/check/faults.md")).unwrap();
    let pages: Vec<(String, BTreeMap<String, String>)> =
        pages.split("\n\n# ").map(|page| (page.lines().next().unwrap_or("").to_owned(), broken(page))).collect();
    let load = |(told, all): (String, BTreeMap<String, String>)| {
        let below = |name: &String| name.strip_prefix("events/").unwrap_or(name).to_owned();
        let is_text = |name: &str| [".yaml", ".yml", ".json", ".jsonl"].iter().any(|end| name.ends_with(end));
        let texts = all.iter().map(|(name, text)| (below(name), text)).filter(|(name, _)| is_text(name));
        let files: Vec<Text> = texts.map(|(name, text)| Text::new(name, text.clone())).collect();
        let texts = Texts { own: files.len(), files, folder: "events".into() };
        (told, Timeline::load(texts, Vec::new()))
    };
    cases.chain(pages).map(load).collect()
}

#[test]
fn a_schema_sees_what_the_program_sees() {
    let (mut valid, mut manifests, mut met, mut failed) = (0, 0, BTreeSet::new(), Vec::new());
    for (told, timeline) in chronicles() {
        let events = validator(&json::schema(&ask::schema(&timeline)));
        let errors: Vec<&Diagnostic> = timeline.faults().iter().filter(|f| f.severity == Severity::Error).collect();
        let is_manifest_wrong = errors.iter().any(|fault| is_manifest(&timeline.texts().file(fault.place.file).name));
        let manifest = validator(&json::manifest(&ask::schema(&timeline), Table::Manifest));
        for (number, text) in (0..).zip(&timeline.texts().files) {
            if text.name == "chronicle.yaml"
                && let Some(all) = documents(text)
            {
                let codes: Vec<Code> = errors.iter().filter(|f| f.place.file.0 == number).map(|f| f.code).collect();
                let wrong = complaints(&manifest, &all);
                let sees = |code: &Code| matches!(code, Code::UnknownKey | Code::FormatVersion | Code::BadWord);
                let is_right =
                    if codes.iter().any(sees) { !wrong.is_empty() } else { !codes.is_empty() || wrong.is_empty() };
                if !is_right {
                    failed.push(format!("{told} {}: {codes:?} {wrong:#?}", text.name));
                }
                manifests += usize::from(!codes.is_empty() && !wrong.is_empty());
            }
            let Some(all) = documents(text).filter(|_| !is_manifest(&text.name)) else {
                continue;
            };
            // What is wrong with the name of a file is not in it.
            let is_inside = |fault: &&&Diagnostic| {
                fault.place.file.0 == number && !fault.message.starts_with("the name of the file")
            };
            let own: Vec<Code> = errors.iter().filter(is_inside).map(|fault| fault.code).collect();
            let wrong = complaints(&events, &all);
            let seen: Vec<Code> = own.iter().copied().filter(|code| SEEN.contains(code)).collect();
            if own.is_empty() && !is_manifest_wrong {
                if !wrong.is_empty() {
                    failed.push(format!("{told} {}: {wrong:#?}", text.name));
                }
                valid += 1;
            } else if !seen.is_empty() {
                if wrong.is_empty() {
                    failed.push(format!("{told} {}: {seen:?} was not seen", text.name));
                }
                met.extend(seen);
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(valid > 100 && manifests > 1, "{valid} {manifests}");
    let missed: Vec<&Code> = SEEN.iter().filter(|code| !met.contains(code)).collect();
    assert!(missed.is_empty(), "no case for {missed:?}");
}

#[test]
fn every_error_is_seen_or_told_why_not() {
    let told: BTreeSet<Code> = SEEN.into_iter().chain(UNSEEN.map(|(code, _)| code)).collect();
    let errors = Code::ALL.iter().filter(|code| !code.is_rule() && code.severity() == Severity::Error);
    let left: Vec<&Code> = errors.filter(|code| !told.contains(code)).collect();
    assert_eq!(left, [&Code::SourceConflict], "a schema sees one document");
}

#[test]
fn names_that_mean_something_in_patterns_or_in_yaml_mean_themselves() {
    let manifest = r##"
asof: 1
entities: {"2022": {name: Year}, no: {}, café: {name: "Ca\u202Efé"}}
voices: {"true": {name: T}}
paths:
  support.ubuntu."20.04": {type: bool, label: "L\u202E"}
  support.*."a(b)[c]|^$/\\": {type: number}
  день.**: {one_of: [да, "2022", no]}
  a.**.z: {type: text}
  a.b.*: {set_of: text}
  "**": {type: date}
"##;
    let texts = Texts { own: 1, files: vec![Text::new("chronicle.yaml", manifest)], folder: "events".into() };
    let timeline = Timeline::load(texts, Vec::new());
    assert!(timeline.faults().is_empty(), "{:?}", timeline.faults());
    let events = validator(&json::schema(&ask::schema(&timeline)));
    let is_valid = |rest: &str| {
        let text = Text::new("x.yaml", format!("date: 2022\ntitle: x\n{rest}\n"));
        complaints(&events, &documents(&text).unwrap()).is_empty()
    };
    let right = [
        "actors: [2022, no, \"cafe\\u0301\"]",
        "set: {'support.ubuntu.\"20.04\"': true}",
        "set: {'support.x.\"a(b)[c]|^$/\\\\\\\\\"': 12}".trim_end(),
        "set: {день.один: 2022, день.два.три: no}",
        "set: {a.z: 12, a.x.y.z: x, q.r: [1667, 1668], 'q.\"x y\"': 2022}",
        "set: {a.b.c: [x]}\nadd: {a.b.c: x}",
        "until: 2023\nduring: {a.m.z: y, set: {a.n.z: 12}}",
        "claims: {\"true\": {set: {a.z: no}}}",
    ];
    let wrong = [
        "actors: [2023]",
        "set: {'support.ubuntu.\"20.04\"': 1}",
        "set: {'support.x.\"a(b)[c]|^$/\\\\\\\\\"': x}",
        "set: {день.один: нет}",
        "set: {a: 2022}",
        "set: {q.r: tomorrow}",
        "set: {a.b.c: x}",
        "add: {a.z: x}",
        "increase: {a.z: 1}",
        "until: 2023\nduring: {a.m.z: {low: 1}}",
        "until: 2023\nduring: {set: {q.r: tomorrow}}",
        "claims: {false: {set: {a.z: no}}}",
    ];
    for rest in right {
        assert!(is_valid(rest), "{rest}");
    }
    for rest in wrong {
        assert!(!is_valid(rest), "{rest}");
    }
}
