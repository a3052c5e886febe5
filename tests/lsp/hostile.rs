//! What no editor would send: the server answers with errors or ends with a message, and never falls over.

use serde_json::{Value, json};

use super::client::{Client, Folder, framed, uri};

const NOT_INITIALIZED: i64 = -32002;
const INVALID: i64 = -32600;
const NO_METHOD: i64 = -32601;
const BAD_PARAMS: i64 = -32602;
const CANCELLED: i64 = -32800;

#[test]
fn the_life_of_a_server_is_held_to() {
    let folder = Folder::new("life");
    folder.write("chronicle.yaml", "asof: 1\n");
    let mut client = Client::start(&[]);
    let hover = json!({"textDocument": {"uri": "file:///x.yaml"}, "position": {"line": 0, "character": 0}});
    assert_eq!(client.ask("textDocument/hover", hover.clone()), Err(NOT_INITIALIZED));
    client.tell("textDocument/didOpen", json!({"anything": 1}));
    assert_eq!(client.ask("initialize", json!({"capabilities": 3})), Err(BAD_PARAMS));
    client.initialize(&[&folder.0], json!({}));
    assert_eq!(client.ask("initialize", json!({"capabilities": {}})), Err(INVALID));
    assert_eq!(client.ask("textDocument/selectionRange", json!({})), Err(NO_METHOD));
    assert_eq!(client.ask("$/unknown", json!({})), Err(NO_METHOD));
    assert_eq!(client.ask("textDocument/hover", json!({"textDocument": 3})), Err(BAD_PARAMS));
    assert_eq!(client.ask("textDocument/hover", hover.clone()), Err(BAD_PARAMS), "a text that is not open");
    client.tell("$/setTrace", json!({"value": "off"}));
    client.tell(
        "textDocument/didChange",
        json!({"textDocument": {"uri": "not an address", "version": 1}, "contentChanges": []}),
    );
    client.tell(
        "textDocument/didChange",
        json!({"textDocument": {"uri": "file:///x.yaml", "version": 1}, "contentChanges": []}),
    );
    client.wait(|message| message["params"]["message"].as_str().is_some_and(|said| said.contains("is not open")));
    client.send(&json!({"jsonrpc": "2.0", "id": 77, "result": null}));
    assert_eq!(client.ask("shutdown", Value::Null), Ok(Value::Null));
    assert_eq!(client.ask("textDocument/hover", hover), Err(INVALID));
    client.tell("exit", Value::Null);
    assert_eq!(client.ended().0.code(), Some(0));
}

#[test]
fn an_end_without_goodbye_is_told_by_the_status() {
    let mut left = Client::of(&[], json!({}));
    left.tell("exit", Value::Null);
    let (status, complaint) = left.ended();
    assert_eq!((status.code(), complaint.as_str()), (Some(1), ""));
    let mut gone = Client::of(&[], json!({}));
    let (status, complaint) = gone.ended();
    assert_eq!((status.code(), complaint.as_str()), (Some(1), ""));
    let mut early = Client::start(&[]);
    early.tell("exit", Value::Null);
    assert_eq!(early.ended().0.code(), Some(1));
}

#[test]
fn what_is_no_message_is_answered_and_what_is_no_protocol_ends_it() {
    let mut client = Client::of(&[], json!({}));
    for (bytes, code) in [
        (&b"Content-Length: 9\r\n\r\n{\"id\": 1,"[..], -32700),
        (b"Content-Length: 2\r\n\r\n\xff\xfe", -32700),
        (b"Content-Length: 2\r\n\r\n[]", -32600),
        (b"Content-Length: 2\r\n\r\n42", -32600),
        (b"Content-Length: 0\r\n\r\n", -32700),
    ] {
        client.send_bytes(bytes);
        let answer = client.wait(|message| message["id"].is_null() && message.get("error").is_some());
        assert_eq!(answer["error"]["code"], code);
    }
    let deep = "[".repeat(200_000);
    client.send_bytes(format!("Content-Length: {}\r\n\r\n{deep}", deep.len()).as_bytes());
    assert_eq!(
        client.wait(|message| message["id"].is_null() && message.get("error").is_some())["error"]["code"],
        -32700
    );
    client.end();
    for (bytes, said) in [
        (&b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"[..], "a line `Name: value` is wanted"),
        (b"Content-Length: 18446744073709551615\r\n\r\n{}", "longer than the"),
        (b"Content-Length: 99999999999999999999999\r\n\r\n{}", "Content-Length is"),
        (b"Content-Length: 200000000\r\n\r\n{}", "the input ends 2 bytes into a message"),
        (b"Content-Type: x\r\n\r\n{}", "a head without Content-Length"),
        (b"\x00\xff\x1b[2J\n", "a head of a message is wanted"),
    ] {
        let mut client = Client::of(&[], json!({}));
        client.send_bytes(bytes);
        let (status, complaint) = client.ended();
        assert_eq!(status.code(), Some(2), "{complaint}");
        assert!(complaint.starts_with("asof: standard input is not as it should be: "), "{complaint}");
        assert!(
            complaint.contains(said) && !complaint.contains('\u{1b}') && complaint.lines().count() == 1,
            "{complaint}"
        );
    }
}

#[test]
fn edits_beyond_a_text_and_texts_full_of_anything_are_survived() {
    let folder = Folder::new("edits");
    folder.write("chronicle.yaml", "asof: 1\n");
    let one = folder.write("one.yaml", "date: 2022\ntitle: One\n");
    let mut client = Client::of(&[&folder.0], json!({}));
    client.open(&one, "date: 2022\ntitle: One\n");
    let most = u32::MAX;
    let at = |line: u32, character: u32| json!({"line": line, "character": character});
    let mut version = 1;
    let mut edit = |client: &mut Client, changes: Value| {
        version += 1;
        client.tell(
            "textDocument/didChange",
            json!({"textDocument": {"uri": uri(&one), "version": version}, "contentChanges": changes}),
        );
    };
    edit(&mut client, json!([{"range": {"start": at(most, most), "end": at(most, most)}, "text": "tags: [a]\n"}]));
    edit(&mut client, json!([{"range": {"start": at(2, most), "end": at(0, 0)}, "text": "𝄞"}]));
    edit(&mut client, json!([{"range": {"start": at(0, 1), "end": at(0, 1)}, "text": "x"}]));
    edit(&mut client, json!([{"range": {"start": at(0, 0), "end": at(0, 0)}, "text": "[".repeat(100_000)}]));
    edit(&mut client, json!([{"text": "- ".repeat(50_000)}]));
    edit(&mut client, json!([{"text": "\u{0}\u{feff}\r\r\n\u{2028}{{{: : :"}]));
    for method in ["hover", "definition", "references", "completion"] {
        for (line, column) in [(0, 0), (0, 3), (1, 1), (u32::MAX as usize, u32::MAX as usize)] {
            client.ask_at(method, &one, line, column);
        }
    }
    edit(&mut client, json!([{"text": "date: 2022\ntitle: One\nset: {a.b: c}\n"}]));
    client.until_faults(&one, &[]);
    client.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": uri(&one)}})).unwrap();
    client.end();
}

#[test]
fn what_a_chronicle_says_steers_no_editor() {
    let folder = Folder::new("steers");
    folder.write("chronicle.yaml", "asof: 1\nentities: {ada: {name: \"<b>[x](command:y) \\u202e\\e[2J\"}}\n");
    let one = folder.write("one.yaml", "date: 2022\ntitle: One\nplace: ada\n");
    let mut client = Client::of(&[&folder.0], json!({"textDocument": {"hover": {"contentFormat": ["markdown"]}}}));
    client.open(&one, "date: 2022\ntitle: One\nplace: ada\n");
    let hover = client.ask_at("hover", &one, 2, 8);
    assert_eq!(hover["contents"]["value"], "**\\<b\\>\\[x\\](command:y) \\\\u\\{202e\\}\\\\u\\{1b\\}\\[2J** `ada`");
    client.end();
}

#[test]
fn requests_that_are_taken_back_are_not_answered() {
    let folder = Folder::shipped("cancel");
    let one = folder.0.join("2025/2025-05-11-putin-proposal.yaml");
    let mut client = Client::of(&[&folder.0], json!({}));
    client.open(&one, &std::fs::read_to_string(&one).unwrap());
    let params = json!({"textDocument": {"uri": uri(&one)}, "position": {"line": 30, "character": 8}});
    let ids: Vec<i64> = (1000..1100).collect();
    let asked =
        ids.iter().map(|id| json!({"jsonrpc": "2.0", "id": id, "method": "textDocument/hover", "params": params}));
    let taken_back = ids.iter().map(|id| json!({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": id}}));
    let bytes: Vec<u8> = asked.chain(taken_back).flat_map(|message| framed(&message)).collect();
    client.send_bytes(&bytes);
    let answers: Vec<Result<Value, i64>> = ids.iter().map(|id| client.answer(&json!(id))).collect();
    assert!(
        answers.iter().all(|answer| answer.as_ref().map_or_else(|code| *code == CANCELLED, |found| !found.is_null()))
    );
    assert_eq!(answers.last(), Some(&Err(CANCELLED)), "the last was taken back while the others were answered");
    client.end();
}
