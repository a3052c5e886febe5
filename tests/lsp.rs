//! The language server over its real protocol, as editors speak it: a session of Neovim on the chronicle that ships, what
//! editors differ in, and what no editor would send.

#![allow(clippy::disallowed_methods)]

#[path = "lsp/client.rs"]
mod client;
#[path = "lsp/hostile.rs"]
mod hostile;
#[path = "lsp/session.rs"]
mod session;

use std::fs;
use std::path::Path;
use std::process::Command;

use client::{Client, Folder, uri};
use serde_json::{Value, json};

const ONE: &str = "date: 2022\ntitle: One\nset: {a.b: x}\n";

fn labels(completed: &Value) -> Vec<&str> {
    completed["items"].as_array().into_iter().flatten().map(|item| item["label"].as_str().unwrap()).collect()
}

fn said(hover: &Value) -> &str {
    hover["contents"]["value"].as_str().unwrap_or_default()
}

#[test]
fn faults_are_those_of_check() {
    let folder = Folder::new("check");
    folder.write("chronicle.yaml", "asof: 1\ntitle: C\nvoices: {v: {}}\npaths: {a.b: {type: text}}\n");
    folder.write("one.yaml", ONE);
    folder
        .write("two.yaml", "date: 2022\ntitle: 𝄞 Two\nbecause: [gone]\nset: {a.b: y}\nclaims: {w: {set: {a.c: z}}}\n");
    folder.write("three.yaml", "date: 2022-13\ntitle: [\n---\ndate: 2021\ntitle: Three\nset: {a.b: z}\n");
    folder.write("expected.yaml", "expect: {a.b: w}\n");
    fs::write(folder.0.join("bytes.yaml"), b"date: 2022\ntitle: \xff\n").unwrap();
    let mut client = Client::of(&[&folder.0], json!({}));
    let printed = Command::new(env!("CARGO_BIN_EXE_asof"))
        .args(["--no-cache", "-C", folder.0.to_str().unwrap(), "check", "-O", "json"])
        .output();
    let checked: Value = serde_json::from_slice(&printed.unwrap().stdout).unwrap();
    let checked = checked["diagnostics"].as_array().unwrap();
    assert!(checked.len() > 5, "{checked:#?}");
    let mut files: Vec<&str> = checked.iter().map(|fault| fault["file"].as_str().unwrap()).collect();
    files.dedup();
    for file in files {
        let of_file: Vec<&Value> = checked.iter().filter(|fault| fault["file"] == file).collect();
        let codes: Vec<&str> = of_file.iter().map(|fault| fault["code"].as_str().unwrap()).collect();
        let told = client.until_faults(&folder.0.join(file), &codes);
        for (told, fault) in told["diagnostics"].as_array().unwrap().iter().zip(of_file) {
            let severity = ["", "error", "warning", "hint"][told["severity"].as_u64().unwrap() as usize];
            assert_eq!(severity, fault["severity"]);
            assert_eq!(told["source"], "asof");
            let message = told["message"].as_str().unwrap();
            assert!(message.starts_with(fault["message"].as_str().unwrap()), "{message}");
            assert!(fault["help"].is_null() || message.ends_with(fault["help"].as_str().unwrap()), "{message}");
            if let Some(line) = fault["line"].as_u64() {
                assert_eq!(told["range"]["start"]["line"], line - 1);
            }
        }
    }
    client.end();
}

#[test]
fn faults_follow_what_is_typed_and_go_when_it_is_mended() {
    let folder = Folder::new("typed");
    folder.write("chronicle.yaml", "asof: 1\npaths: {a.*: {label: A, type: text}}\n");
    let one = folder.write("one.yaml", ONE);
    let two = folder.write("two.yaml", "date: 2023\ntitle: Two\nbecause: [one]\n");
    let mut client =
        Client::of(&[&folder.0], json!({"textDocument": {"publishDiagnostics": {"relatedInformation": true}}}));
    client.open(&one, ONE);
    client.change(&one, 2, &ONE.replace("2022", "2022-13"));
    assert_eq!(client.until_faults(&one, &["bad-date"])["version"], 2);
    // Another file's fault comes and goes with it: nothing has the id any more.
    client.change(&one, 3, &format!("id: other\n{ONE}"));
    let told = client.until_faults(&two, &["unknown-event"]);
    assert_eq!(told["version"], Value::Null, "a file that is not open has no version");
    client.until_faults(&one, &["id-is-not-file-name"]);
    client.change(&one, 4, ONE);
    client.until_faults(&two, &[]);
    client.until_faults(&one, &[]);
    // Notes with places are links of their own.
    client.change(&one, 5, &ONE.replace("title: One", "title: One\ntitle: Again"));
    let told = client.until_faults(&one, &["duplicate-key"]);
    let related = &told["diagnostics"][0]["relatedInformation"][0];
    assert_eq!(
        (&related["message"], &related["location"]["range"]["start"]["line"]),
        (&json!("first here"), &json!(1))
    );
    // Closed without saving, the file on disk counts again.
    client.tell("textDocument/didClose", json!({"textDocument": {"uri": uri(&one)}}));
    client.until_faults(&one, &[]);
    client.end();
}

#[test]
fn broken_text_loses_neither_hover_nor_completion() {
    let folder = Folder::new("broken");
    folder.write("chronicle.yaml", "asof: 1\npaths: {a.*: {one_of: [x, y]}}\nentities: {ada: {name: Ada}}\n");
    let one = folder.write("one.yaml", ONE);
    let two = folder.write("two.yaml", "date: 2023\ntitle: Two\nset: {a.b: y}\n");
    let mut client = Client::of(&[&folder.0], json!({}));
    client.open(&two, &fs::read_to_string(&two).unwrap());
    let whole = client.ask_at("hover", &two, 2, 7);
    assert_eq!(said(&whole), "a.b\none of x, y\n- before: x, since 2022, one\n- after: y, since 2023, two");
    for (version, broken) in [
        (2, "date: [\ntitle: \"Two\n\nset: {a.b: y}\n"),
        (3, "!!! }\n\n\nset: {a.b: y}\nplace: a"),
        (4, "\u{0}\n\n\nset: {a.b: y\n"),
    ] {
        client.change(&two, version, broken);
        assert_eq!(said(&client.ask_at("hover", &two, 3, 7)), said(&whole), "{broken:?}");
        assert_eq!(labels(&client.ask_at("completion", &two, 3, 11)), ["x", "y"], "{broken:?}");
        // Also once the broken text was read.
        client.wait(|message| message["params"]["version"] == version);
        assert_eq!(said(&client.ask_at("hover", &two, 3, 7)), said(&whole), "{broken:?}");
    }
    client.change(&two, 5, "date: 2023\ntitle: Two\nset:\n  a.b: y\n  a.");
    assert_eq!(labels(&client.ask_at("completion", &two, 4, 4)), ["a.b"]);
    client.change(&two, 6, "date: 2023\ntitle: Two\nplace: \nbecause: [");
    assert_eq!(labels(&client.ask_at("completion", &two, 2, 7)), ["ada"]);
    assert_eq!(labels(&client.ask_at("completion", &two, 3, 10)), ["two", "one"]);
    client.change(&two, 7, "");
    assert!(labels(&client.ask_at("completion", &two, 0, 0)).starts_with(&["date", "title", "id"]));
    drop(one);
    client.end();
}

#[test]
fn edits_in_parts_are_counted_as_was_agreed() {
    let folder = Folder::new("encodings");
    folder.write("chronicle.yaml", "asof: 1\nentities: {ada: {name: Ada}}\n");
    let text = "date: 2022\ntitle: 𝄞é\nactors: [ada]\n";
    let one = folder.write("one.yaml", text);
    // In UTF-16 the first character of the title has two units, in UTF-8 four bytes; `é` one and two.
    for (offered, agreed, after_title) in [(json!(["utf-8", "utf-16"]), "utf-8", 13), (json!(["utf-16"]), "utf-16", 10)]
    {
        let mut client = Client::start(&[]);
        let able = client.initialize(&[&folder.0], json!({"general": {"positionEncodings": offered}}));
        assert_eq!(able["capabilities"]["positionEncoding"], agreed);
        client.open(&one, text);
        let change = |from: (usize, usize), to: (usize, usize), text: &str| {
            let at = |(line, column): (usize, usize)| json!({"line": line, "character": column});
            json!({"range": {"start": at(from), "end": at(to)}, "text": text})
        };
        // Takes the end of the title with its line's end, puts it back, then breaks the name in the list.
        let changes = json!([
            change((1, after_title - agreed_width(agreed)), (2, 0), ""),
            change((1, after_title - agreed_width(agreed)), (1, after_title - agreed_width(agreed)), "é\n"),
            change((2, 9), (2, 12), "eve"),
            change((99, 0), (99, 99), "tags: [t]\n"),
        ]);
        client.tell(
            "textDocument/didChange",
            json!({"textDocument": {"uri": uri(&one), "version": 2}, "contentChanges": changes}),
        );
        let told = client.until_faults(&one, &["unknown-entity"]);
        assert_eq!(
            told["diagnostics"][0]["range"],
            json!({"start": {"line": 2, "character": 9}, "end": {"line": 2, "character": 12}})
        );
        let symbols = client.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": uri(&one)}})).unwrap();
        assert_eq!(symbols[0]["name"], "𝄞é", "{agreed}");
        client.end();
    }
}

/// How wide an `é` is.
fn agreed_width(encoding: &str) -> usize {
    if encoding == "utf-8" { 2 } else { 1 }
}

#[test]
fn definitions_and_references_go_through_texts_as_they_are() {
    let folder = Folder::new("names");
    folder.write("chronicle.yaml", "asof: 1\nvoices: {v: {}}\npaths:\n  a.*: {type: text}\n  a.b: {label: B}\n");
    let one = folder.write("one.yaml", ONE);
    let two =
        folder.write("two.yaml", "date: 2023\ntitle: Two\nbecause: [one]\nclaims: {v: {set: {a.b: y, a.c: z}}}\n");
    let json_file = folder.write("three.json", r#"{"date": "2024", "title": "Three", "because": ["one"]}"#);
    let mut client = Client::of(&[&folder.0], json!({}));
    // A line was put before, and not saved.
    client.open(&one, &format!("# A comment\n{ONE}"));
    client.open(&two, &fs::read_to_string(&two).unwrap());
    let at = |answer: &Value| -> Vec<(String, u64, u64)> {
        let place = |one: &Value| {
            let file = one["uri"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
            (
                file,
                one["range"]["start"]["line"].as_u64().unwrap(),
                one["range"]["start"]["character"].as_u64().unwrap(),
            )
        };
        answer.as_array().into_iter().flatten().map(place).collect()
    };
    let file = |name: &str, line, column| (name.to_owned(), line, column);
    assert_eq!(at(&client.ask_at("definition", &two, 2, 11)), [file("one.yaml", 2, 7)]);
    assert_eq!(at(&client.ask_at("definition", &two, 3, 9)), [file("chronicle.yaml", 1, 9)]);
    assert_eq!(at(&client.ask_at("definition", &two, 3, 20)), [file("chronicle.yaml", 4, 2)]);
    assert_eq!(at(&client.ask_at("definition", &two, 3, 28)), [file("chronicle.yaml", 3, 2)], "by its pattern");
    let everywhere = [file("one.yaml", 2, 7), file("three.json", 0, 48), file("two.yaml", 2, 10)];
    assert_eq!(at(&client.ask_at("references", &two, 2, 11)), everywhere);
    assert_eq!(
        at(&client.ask_at("references", &two, 3, 20)),
        [file("chronicle.yaml", 4, 2), file("one.yaml", 3, 6), file("two.yaml", 3, 19)]
    );
    assert_eq!(client.ask_at("definition", &two, 1, 8), Value::Null, "a title is no name");
    client.open(&json_file, &fs::read_to_string(&json_file).unwrap());
    assert_eq!(at(&client.ask_at("definition", &json_file, 0, 50)), [file("one.yaml", 2, 7)]);
    client.end();
}

#[test]
fn files_that_others_change_are_seen_with_and_without_the_editors_help() {
    for watches in [true, false] {
        let folder = Folder::new(&format!("watched-{watches}"));
        folder.write("chronicle.yaml", "asof: 1\n");
        let one = folder.write("one.yaml", ONE);
        let mut client =
            Client::of(&[&folder.0], json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": watches}}}));
        client.open(&one, ONE);
        if watches {
            let registered = client.wait(|message| message["method"] == "client/registerCapability");
            let watcher = &registered["params"]["registrations"][0];
            assert_eq!(watcher["method"], "workspace/didChangeWatchedFiles");
            client.send(&json!({"jsonrpc": "2.0", "id": registered["id"], "result": null}));
        }
        let changed = |client: &mut Client, file: &Path| {
            if watches {
                client.tell("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri(file), "type": 2}]}));
            }
        };
        let new = folder.write("new/two.yaml", "date: 2022-13\ntitle: Two\n");
        changed(&mut client, &new);
        client.until_faults(&new, &["bad-date"]);
        fs::remove_file(&new).unwrap();
        changed(&mut client, &new);
        let address = uri(&new);
        client.wait(|message| message["params"]["uri"] == address && message["params"]["diagnostics"] == json!([]));
        client.end();
    }
}

#[test]
fn a_file_is_of_the_chronicle_nearest_to_it() {
    let folder = Folder::new("several");
    for name in ["first", "second"] {
        folder.write(&format!("{name}/chronicle.yaml"), "asof: 1\n");
    }
    let first = folder.write("first/2022/one.yaml", "date: 2022\ntitle: First\n");
    let second = folder.write("second/two.yaml", "date: 2022\ntitle: Second\nbecause: [one]\n");
    let outside = folder.write("notes.yaml", "title: no event\nx: y\n");
    // The folder above has no chronicle of its own: that is said, and all goes on.
    let mut client = Client::of(&[&folder.0], json!({}));
    client.wait(|message| message["params"]["message"].as_str().is_some_and(|said| said.contains("no chronicle in")));
    client.open(&first, "date: 2022-13\ntitle: First\n");
    client.open(&second, &fs::read_to_string(&second).unwrap());
    client.until_faults(&first, &["bad-date"]);
    client.until_faults(&second, &["unknown-event"]);
    client.open(&outside, "title: no event\n");
    client.wait(|message| message["params"]["message"].as_str().is_some_and(|said| said.contains("is no event file")));
    assert_eq!(
        client.ask_at("hover", &outside, 0, 1)["contents"]["value"],
        "title\none line",
        "the format is known anywhere"
    );
    client.end();
    // One that is named counts whatever is nearer.
    let mut client = Client::start(&["-C", folder.0.join("second").to_str().unwrap()]);
    client.initialize(&[], json!({}));
    client.open(&first, "date: 2022-13\n");
    client.wait(|message| message["params"]["message"].as_str().is_some_and(|said| said.contains("is no event file")));
    client.end();
}

#[test]
fn a_file_that_is_not_saved_yet_is_part_of_the_chronicle() {
    let folder = Folder::new("unsaved");
    folder.write("chronicle.yaml", "asof: 1\n");
    let one = folder.write("one.yaml", "date: 2022\ntitle: One\nbecause: [new]\n");
    let mut client = Client::of(&[&folder.0], json!({}));
    client.until_faults(&one, &["unknown-event"]);
    let new = folder.0.join("new.yaml");
    client.open(&new, "date: 2021\ntitle: New\n");
    client.until_faults(&one, &[]);
    client.open(&one, &fs::read_to_string(&one).unwrap());
    assert!(said(&client.ask_at("hover", &one, 2, 11)).starts_with("New (new)\n2021"));
    client.end();
}
