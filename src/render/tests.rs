//! What machines and reports read of the samples: JSON, JSON lines, YAML, CSV and Markdown.

use serde_json::{Value as Json, json};

use super::columns::{Column, Content};
use super::samples::{self, answer, claim, row};
use super::shape::Shape;
use super::*;
use crate::ask::{At, Faults, Found, Refusal, Shown, Step};
use crate::model::date::Calendar;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::text::{FileId, Place, Text, Texts};

fn written(answer: &Answer, format: Format, long: bool) -> String {
    let mut bytes = Vec::new();
    render(answer, format, &How { long, ..How::default() }, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn read(answer: &Answer, long: bool) -> Json {
    serde_json::from_str(&written(answer, Format::Json, long)).unwrap()
}

fn all() -> Vec<Answer<'static>> {
    let shown = Shown { event: row(samples::proposal()), void_by: vec!["x"], counts: false, changed: vec![] };
    vec![
        samples::state(),
        answer(Found::Events(vec![row(samples::proposal())])),
        samples::differences(),
        steps(),
        samples::reasons(),
        samples::course(),
        answer(Found::Shown(vec![shown])),
        samples::trace(),
        samples::context(),
        samples::stats(),
        samples::expect(),
        faults(),
    ]
}

fn steps() -> Answer<'static> {
    let mut answer = samples::differences();
    let Found::Differences(found) = &mut answer.found else { panic!("differences") };
    let changes = found.changes.split_off(2);
    found.steps = Some(vec![Step { event: row(samples::proposal()), ends: true, changes }]);
    answer
}

fn faults() -> Answer<'static> {
    let text = Text::new("x.yaml", "a: b\nc: talks.istanbul-2025.statsu\n");
    let texts = samples::kept(Texts { files: vec![text], folder: "events".into(), own: 1 });
    let fault = Diagnostic::new(Code::UnknownPath, Place::new(FileId(0), 8, 34), "no pattern")
        .note("first here", Some(Place::new(FileId(0), 0, 1)))
        .help("did you mean x?");
    answer(Found::Faults(Faults { diagnostics: vec![fault], texts }))
}

#[test]
fn every_answer_says_from_where_it_looks() {
    let mut answer = samples::state();
    answer.view.at = At::Before("e".into());
    answer.view.moment = crate::model::moment::Moment::FUTURE;
    answer.view.known_by = Some(samples::date("2022-03"));
    answer.view.only = vec!["tag:x".into()];
    answer.left_out = 2;
    let read = read(&answer, false);
    assert_eq!((&read["asof"], &read["left_out"], &read["facts"]), (&json!(1), &json!(2), &Json::Null));
    let viewpoint = json!({"at": "e^", "moment": null, "known_by": "2022-03", "according_to": null, "only": ["tag:x"],
        "without": [], "with": []});
    assert_eq!(read["viewpoint"], viewpoint);
    assert!(
        written(&answer, Format::Json, false)
            .starts_with(r#"{"asof":1,"chronicle":"Russia–Ukraine negotiations","viewpoint":{"at":"e^","#)
    );
}

#[test]
fn a_state_has_definite_values_and_facts_their_reasons() {
    let read = read(&samples::state(), true);
    assert_eq!(read["counts"], json!({"certain": 67, "possible": 0, "total": 95}));
    let state = json!({"bucha.killed": {"low": 73, "best": 403, "high": 458}, "prisoners.exchanged": 1000.5,
        "talks.istanbul-2025.delegation.russia.members": ["fomin", "galuzin", "kostyukov", "medinsky"],
        "talks.istanbul-2025.delegation.ukraine.head": "umerov", "talks.istanbul-2025.open": true,
        "talks.istanbul-2025.status": "agreed"});
    assert_eq!(read["state"], state);
    let status = json!({"path": "talks.istanbul-2025.status", "value": "agreed", "standing": "record",
        "since": "2025-05-11", "event": "2025-05-11-zelensky-in-person", "claimed_by": [], "record_moved_on": false,
        "alternatives": [
            {"value": "refused", "standing": "claimed", "possible": false, "claimed_by": ["russia"],
             "since": "2025-05-11", "event": "2025-05-11-putin-proposes"},
            {"value": "held", "standing": "record", "possible": true, "claimed_by": [], "since": "2025-05",
             "event": "2025-05-maybe"}],
        "label": null, "unit": null});
    assert_eq!(read["facts"][6], status);
}

#[test]
fn an_event_has_every_key() {
    let read = read(&answer(Found::Events(vec![row(samples::proposal())])), false);
    let event = json!({"id": "2025-05-11-putin-proposes", "date": "2025-05-11T01:30+03:00",
        "earliest": "2025-05-10T22:30:00Z", "latest": "2025-05-10T22:31:00Z", "certain_from": "2025-05-10T22:31:00Z",
        "certain": true, "until": null, "known": null, "title": "Putin proposes direct talks",
        "summary": "He names place\u{1b}[2J and day.", "kind": "proposal", "place": "moscow",
        "actors": ["putin", "russia"], "tags": ["istanbul-2025"], "because": ["2025-05-10-kyiv-ultimatum"],
        "after": [], "replaces": [], "sources": [
            {"source": "article", "title": null, "publisher": null, "date": null, "url": null, "archived": null,
             "language": null, "reliability": null, "quote": "Putin first proposed the talks", "page": null},
            {"source": null, "title": "Putin offers talks", "publisher": "Reuters", "date": "2025-05-11",
             "url": "https://example.org/1", "archived": null, "language": "en", "reliability": "B", "quote": null,
             "page": "4"}],
        "claim_sources": {}, "confidence": null, "changes": [
            {"path": "talks.istanbul-2025.status", "change": "set", "value": "proposed", "voice": null, "during": false},
            {"path": "talks.istanbul-2025.purpose", "change": "set", "value": "root causes", "voice": "russia",
             "during": false}],
        "allow": {}, "meta": {"n": 12}, "file": "2025/x.yaml", "line": 1});
    assert_eq!(read["events"], json!([event]));
}

#[test]
fn differences_name_members_and_causes() {
    let read = read(&samples::differences(), false);
    assert_eq!(read["from"]["at"], "2022-03-29");
    let members = &read["changes"][2];
    assert_eq!(
        (&members["members_added"], &members["members_removed"]),
        (&json!(["medinsky", "zorin"]), &json!(["fomin"]))
    );
    let status = json!({"path": "talks.istanbul.status", "kind": "changed", "before": "agreed", "after": "proposed",
        "before_standing": "record", "after_standing": "record", "before_alternatives": [], "after_alternatives": [],
        "caused_by": ["2022-03-29-agreed", "2025-05-11-putin-proposes"]});
    assert_eq!(read["changes"][3], status);
    assert_eq!((&read["changes"][1]["kind"], &read["changes"][1]["before"]), (&json!("added"), &Json::Null));
}

#[test]
fn reasons_courses_and_faults() {
    let why = read(&samples::reasons(), false);
    assert_eq!(why["given_by"]["id"], "2025-05-11-putin-proposes");
    assert_eq!(why["because"][0]["because"][0]["event"]["id"], "2025-05-09-visit");
    let overruled =
        json!({"value": "suspended", "from": "2022-05-17", "to": "2025-05-11", "event": "2025-05-10-kyiv-ultimatum"});
    assert_eq!(why["overruled"], json!([overruled]));
    assert_eq!((&why["otherwise"][0]["id"], &why["otherwise"][1]), (&json!("2025-05-09-visit"), &Json::Null));
    let row = json!({"value": null, "from": "2022-05-17", "to": null, "voice": null, "certain": false,
        "event": "2025-05-11-putin-proposes"});
    assert_eq!(read(&samples::course(), false)["rows"][1], row);
    let fault = json!({"code": "unknown-path", "severity": "error", "message": "no pattern", "file": "x.yaml",
        "line": 2, "column": 4, "end_line": 2, "end_column": 30,
        "notes": [{"message": "first here", "file": "x.yaml", "line": 1}], "help": "did you mean x?"});
    assert_eq!(read(&faults(), false)["diagnostics"], json!([fault]));
    let refused = json::refusal(&Refusal::not_found("no path", Some("a.b"))).to_json();
    assert_eq!(refused, r#"{"error":{"code":"not-found","message":"no path","help":"did you mean `a.b`?"}}"#);
}

#[test]
fn dates_are_read_or_say_why_not() {
    let texts = ["2022-04~", "2022-13", "../2022"].map(String::from);
    let readings = crate::ask::read_dates(&texts, &Calendar::default());
    let mut bytes = Vec::new();
    render_dates(&readings, Format::Json, &How::default(), &mut bytes).unwrap();
    let read: Json = serde_json::from_slice(&bytes).unwrap();
    let first = json!({"date": "2022-04~", "valid": true, "level": 1, "precision": "month", "approximate": true,
        "uncertain": false, "earliest": "2022-04-01T00:00:00Z", "latest": "2022-05-01T00:00:00Z",
        "words": "about April 2022"});
    assert_eq!(read["dates"][0], first);
    assert_eq!(read["dates"][1]["valid"], false);
    assert_eq!(read["dates"][2]["earliest"], Json::Null);
    for format in [Format::Text, Format::Csv, Format::Md, Format::Yaml, Format::Jsonl] {
        let mut bytes = Vec::new();
        render_dates(&readings, format, &How::default(), &mut bytes).unwrap();
        assert!(String::from_utf8(bytes).unwrap().contains("about April 2022"), "{format:?}");
    }
}

#[test]
fn yaml_and_lines_say_the_same_as_json() {
    for answer in all() {
        let yaml: Json = serde_yaml::from_str(&written(&answer, Format::Yaml, true)).unwrap();
        assert_eq!(yaml, read(&answer, true));
        let lines: Vec<Json> =
            written(&answer, Format::Jsonl, false).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), json::rows(&answer).count());
    }
}

/// Whether a part of a row may stand in a column of this content.
fn fits(content: Content, part: &Shape) -> bool {
    match (content, part) {
        (Content::Texts, Shape::List(items)) => items.iter().all(|item| matches!(item, Shape::Text(_))),
        (Content::Texts, _) => false,
        (_, Shape::Null) | (Content::Data, _) => true,
        (Content::Text, Shape::Text(_)) | (Content::Truth, Shape::Truth(_)) | (Content::Moment, Shape::Moment(_)) => {
            true
        }
        (Content::Whole, Shape::Number(digits)) => digits.parse::<i64>().is_ok(),
        (Content::Value, value) => !matches!(value, Shape::Moment(_) | Shape::Rows(_) | Shape::Entries(_)),
        _ => false,
    }
}

#[test]
fn csv_has_a_column_for_every_key() {
    for answer in all() {
        let columns = columns::columns(&answer);
        for shape in json::rows(&answer) {
            let Shape::Map(keys) = shape else { panic!("a row is a mapping") };
            for (key, part) in &keys {
                match columns.iter().find(|column| column.name == *key) {
                    Some(column) => assert!(fits(column.content, part), "{column:?}: {part:?}"),
                    None => assert!(key.ends_with("_alternatives"), "{key}"),
                }
            }
        }
        for shape in json::viewpoints(&answer) {
            let fits = |column: &Column| fits(column.content, shape.get(column.name).unwrap());
            assert!(columns::VIEWPOINT.iter().all(fits), "{shape:?}");
        }
        let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
        let text = written(&answer, Format::Csv, false);
        assert_eq!(text.lines().next().unwrap(), names.join(","));
    }
    let text = written(&steps(), Format::Csv, false);
    let step =
        "2025-05-11-putin-proposes,true,talks.istanbul.members,changed,fomin,medinsky;zorin,medinsky;zorin,fomin,";
    assert!(text.lines().nth(1).unwrap().starts_with(step), "{text}");
    let text = written(&samples::course(), Format::Csv, false);
    let expected = "value,from,to,voice,certain,event\nagreed,2022-03-29,2022-05-17,,true,2025-05-11-putin-proposes\n";
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn markdown_is_a_report() {
    let text = written(&samples::differences(), Format::Md, false);
    let expected = "\
# Russia–Ukraine negotiations

*from the end of 29 March 2022, as best known, on record to the end of 14 May 2025, as best known, on record*

| path | change | by |
| --- | --- | --- |
| `attendance.istanbul.zelensky` | held: now claimed by russia: absent |  |
| `prisoners.exchanged` | (nothing) → 12 | 11 May 2025: Putin proposes direct talks (`2025-05-11-putin-proposes`) |
| `talks.istanbul.members` | \\+medinsky  +zorin  −fomin |  |
| `talks.istanbul.status` | agreed → proposed | no longer: 29 March 2022: They agree (`2022-03-29-agreed`)<br>\
11 May 2025: Putin proposes direct talks (`2025-05-11-putin-proposes`) |
";
    assert_eq!(text, expected);
    let state = written(&samples::state(), Format::Md, false);
    assert!(state.contains("| `talks.istanbul-2025.status` | agreed (≠ russia) (?) | 11 May 2025 |"), "{state}");
    let mut hostile = samples::fact("a.\"x|y`\"", None, "", "");
    hostile.alternatives = vec![claim("<script>|\n", "x")];
    let state = crate::ask::State { counts: Default::default(), facts: vec![hostile] };
    let text = written(&answer(Found::State(state)), Format::Md, true);
    assert!(text.contains("| ``` a.\"x\\|y`\" ``` |") || text.contains("| `` a.\"x\\|y`\" `` |"), "{text}");
    assert!(text.contains("\\<script\\>\\|\\\\n"), "{text}");
}

#[test]
fn only_a_trace_is_drawn() {
    for answer in all() {
        let drawn = render(&answer, Format::Dot, &How::default(), &mut Vec::new());
        let refused = drawn.err().map(|error| error.kind());
        let expected = (!matches!(answer.found, Found::Trace(_))).then_some(io::ErrorKind::Unsupported);
        assert_eq!(refused, expected);
    }
}

#[test]
fn nothing_that_steers_a_terminal_is_printed() {
    for mut answer in all() {
        answer.chronicle = "T\u{1b}]0;x\u{7}\u{202e}";
        let graphs: &[Format] =
            if matches!(answer.found, Found::Trace(_)) { &[Format::Dot, Format::Mermaid] } else { &[] };
        for format in [Format::Text, Format::Json, Format::Yaml, Format::Md].iter().chain(graphs) {
            let text = written(&answer, *format, true);
            assert!(!text.chars().any(|c| c != '\n' && escape::is_hostile(c)), "{format:?} {text:?}");
        }
    }
}
