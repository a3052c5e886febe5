//! A session of a real editor: what Neovim 0.7.2 sent while somebody looked around in an event of the chronicle that
//! ships, broke it and mended it, and what it was told. `session.jsonl` has a message a line, with who sent it; `$ROOT`
//! stands for the chronicle. With `ASOF_REWRITE=1` it is written anew with what the server says now.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::client::{Client, Folder};

#[test]
fn a_session_of_neovim_is_answered_as_it_was() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lsp/session.jsonl");
    let recorded = fs::read_to_string(&file).unwrap();
    let rewrites = std::env::var_os("ASOF_REWRITE").is_some();
    let folder = Folder::shipped("session");
    let root = folder.0.to_str().unwrap();
    let mut client = Client::start(&[]);
    let mut now = String::new();
    let mut answers = 0;
    for line in recorded.lines() {
        let mut entry: Value = serde_json::from_str(&line.replace("$ROOT", root)).unwrap();
        let message = entry["message"].clone();
        if entry["from"] == "client" {
            // Saving writes the file, as the editor did.
            if message["method"] == "textDocument/didSave" {
                save(&now.replace("$ROOT", root), &message);
            }
            client.send(&message);
        } else {
            answers += 1;
            let said = client.wait(|said| match message.get("method") {
                None => said.get("method").is_none() && said["id"] == message["id"],
                Some(method) if rewrites => {
                    said["method"] == *method && said["params"]["uri"] == message["params"]["uri"]
                }
                Some(_) => said == &message,
            });
            let told = |message: &Value| {
                let mut message = message.clone();
                if let Some(info) = message.pointer_mut("/result/serverInfo") {
                    info["version"] = json!("any");
                }
                message
            };
            entry["message"] = told(&said);
            assert!(rewrites || told(&said) == told(&message), "to {}:\n{said:#}\nwas\n{message:#}", said["id"]);
        }
        now.push_str(&format!("{}\n", entry.to_string().replace(root, "$ROOT")));
    }
    assert!(answers > 30, "only {answers} answers are recorded");
    let (status, complaint) = client.ended();
    assert_eq!((status.code(), complaint.as_str()), (Some(0), ""));
    if rewrites {
        fs::write(file, now).unwrap();
    }
}

/// Writes the text that a session has made of a file.
fn save(session: &str, saved: &Value) {
    let uri = saved["params"]["textDocument"]["uri"].as_str().unwrap();
    let mut lines: Vec<String> = Vec::new();
    for line in session.lines() {
        let message = serde_json::from_str::<Value>(line).unwrap()["message"].clone();
        match message["method"].as_str() {
            Some("textDocument/didOpen") => {
                let text = message["params"]["textDocument"]["text"].as_str().unwrap();
                lines = text.split('\n').map(str::to_owned).collect();
            }
            Some("textDocument/didChange") => {
                message["params"]["contentChanges"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .for_each(|change| apply(&mut lines, change));
            }
            _ => {}
        }
    }
    fs::write(uri.strip_prefix("file://").unwrap(), lines.join("\n")).unwrap();
}

/// A change in the simplest way: columns count units of UTF-16.
fn apply(lines: &mut Vec<String>, change: &Value) {
    let at = |end: &str, part: &str| change["range"][end][part].as_u64().unwrap() as usize;
    let cut = |line: &str, column: usize, after: bool| {
        let units: Vec<u16> = line.encode_utf16().collect();
        String::from_utf16(if after { &units[column..] } else { &units[..column] }).unwrap()
    };
    let (first, last) = (at("start", "line"), at("end", "line"));
    let head = cut(&lines[first], at("start", "character"), false);
    let tail = lines.get(last).map_or(String::new(), |line| cut(line, at("end", "character"), true));
    let new = format!("{head}{}{tail}", change["text"].as_str().unwrap());
    lines.splice(first..(last + 1).min(lines.len()), new.split('\n').map(str::to_owned));
}
