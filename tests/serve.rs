//! The server over real sockets: what is answered at every address, to whom, and what is refused; how it follows the
//! files, and how it ends.

#![allow(clippy::disallowed_methods)]

#[path = "serve/busy.rs"]
mod busy;
#[path = "serve/client.rs"]
mod client;
#[path = "serve/follow.rs"]
mod follow;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

use client::{Changes, Folder, Reply, Server, printed, run};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Addresses, each with the command that says the same.
const SAME: [(&str, &str); 46] = [
    ("replay", "replay"),
    ("replay?at=2025-05-14", "replay 2025-05-14"),
    ("replay?at=2025-05-14", "replay --at 2025-05-14"),
    ("replay?at=2025-05-14&long", "replay 2025-05-14 -l"),
    ("replay?long=true&at=2025-05-14", "replay 2025-05-14 -l"),
    ("replay?long=false&at=2025-05-14", "replay 2025-05-14"),
    ("replay?at=2025-05-14&path=talks&path=prisoners.**", "replay 2025-05-14 talks prisoners.**"),
    ("replay?path=talks.*.status", "replay talks.*.status"),
    ("replay?at=2025-05-11-putin-proposal", "replay 2025-05-11-putin-proposal"),
    ("replay?at=2025-05-11-putin-proposal%5E", "replay 2025-05-11-putin-proposal^"),
    ("replay?at=2022-03-20&known_by=2022-03-31&path=bucha", "replay 2022-03-20 bucha --known-by 2022-03-31"),
    ("replay?at=2022-04-05&according_to=russia&path=bucha", "replay 2022-04-05 bucha --according-to russia"),
    ("replay?only=actor:putin&only=not:kind:statement", "replay --only actor:putin --only not:kind:statement"),
    (
        "replay?without=source:article&without=tag:bucha&long=1",
        "replay --without source:article --without tag:bucha -l",
    ),
    ("replay?at=2022-04~", "replay 2022-04~"),
    ("list", "list"),
    ("list?long", "list -l"),
    ("list?filter=tag:istanbul-2025", "list tag:istanbul-2025"),
    (
        "list?filter=actor%3Aputin%2Cactor%3Atrump&filter=not:kind:statement",
        "list actor:putin,actor:trump not:kind:statement",
    ),
    ("list?filter=/ceasefire/&limit=3&reverse", "list /ceasefire/ -n 3 --reverse"),
    ("list?since=2025-05&until=2025-06&reverse=false", "list --since 2025-05 --until 2025-06"),
    ("list?at=2025-05-14&known_by=2025-05-12", "list --at 2025-05-14 --known-by 2025-05-12"),
    ("diff?from=2022-03-29&to=2025-05-14", "diff 2022-03-29 2025-05-14"),
    ("diff?from=2022-03-29&to=2025-05-14&path=talks&path=aid", "diff 2022-03-29 2025-05-14 talks aid"),
    ("diff?from=2025-05-10&to=2025-05-11-putin-proposal&steps", "diff 2025-05-10 2025-05-11-putin-proposal --steps"),
    ("diff?from=2025-05-14&without=source:article", "diff 2025-05-14 --without source:article"),
    ("diff?at=2025-05-14&without=tag:bucha&path=talks", "diff 2025-05-14 talks --without tag:bucha"),
    ("diff?at=2025-05-14&according_to=russia&versus=ukraine", "diff 2025-05-14 --according-to russia --versus ukraine"),
    (
        "diff?from=2022-03-20&versus=known-by:2022-03-31&path=bucha",
        "diff 2022-03-20 bucha --versus known-by:2022-03-31",
    ),
    ("why?path=talks.istanbul-2025.status&at=2025-05-14", "why talks.istanbul-2025.status --at 2025-05-14"),
    ("why?path=bucha.killings.toll&according_to=russia", "why bucha.killings.toll --according-to russia"),
    ("history?path=talks.istanbul-2025.status", "history talks.istanbul-2025.status"),
    (
        "history?path=talks.istanbul-2025.delegation.russia.members&member=medinsky",
        "history talks.istanbul-2025.delegation.russia.members medinsky",
    ),
    (
        "history?path=bucha.control&at=2022-03-31&known_by=2022-03-31",
        "history bucha.control --at 2022-03-31 --known-by 2022-03-31",
    ),
    ("show?event=2025-05-11-putin-proposal", "show 2025-05-11-putin-proposal"),
    (
        "show?event=2025-05-11-putin-proposal&event=2025-05-14-russian-delegation",
        "show 2025-05-11-putin-proposal 2025-05-14-russian-delegation",
    ),
    ("trace?event=2025-05-11-putin-proposal", "trace 2025-05-11-putin-proposal"),
    (
        "trace?event=2025-05-11-putin-proposal&depth=2&at=2025-05-14",
        "trace 2025-05-11-putin-proposal --depth 2 --at 2025-05-14",
    ),
    ("stats", "stats"),
    ("stats?only=tag:istanbul-2025&long", "stats --only tag:istanbul-2025 -l"),
    ("hinges?path=bucha.killings", "hinges bucha.killings"),
    ("hinges?source=article&at=2025-05-14", "hinges --source article --at 2025-05-14"),
    ("hinges?path=talks.istanbul-2025&long", "hinges talks.istanbul-2025 -l"),
    ("check", "check"),
    ("check?rule=order-not-settled&rule=cycle", "check order-not-settled cycle"),
    ("check?strict", "check --strict"),
];

#[test]
fn every_address_answers_the_bytes_of_the_command_line() {
    let server = Server::start();
    for (address, command) in SAME {
        let reply = server.get(&format!("/api/{address}"));
        assert_eq!((reply.status, reply.head("content-type")), (200, "application/json"), "{address}");
        assert!(reply.body == printed(command), "/api/{address} is not `asof {command} -O json`");
    }
    for name in asof::ask::addresses() {
        let asks = |(address, _): &&(&str, &str)| address.split('?').next() == Some(name);
        assert!(SAME.iter().any(|row| asks(&row)), "no row asks for /api/{name}");
    }
}

#[test]
fn what_cannot_be_answered_says_why() {
    let server = Server::start();
    let bad = |help: &str| (400, "bad-question".to_owned(), help.to_owned());
    let missing = |help: &str| (404, "not-found".to_owned(), help.to_owned());
    for (address, fault) in [
        (
            "replay?at=2025-13",
            missing("as a date: there is no month 13; months are 01 to 12, seasons and parts of a year 21 to 41"),
        ),
        ("replay?know_by=2025", bad("did you mean `known_by`?")),
        ("replay?at=2025&at=2026", bad("")),
        ("replay?long=perhaps", bad("")),
        ("replay?known_by=yesterday", bad("write the day, such as 2022-04-12")),
        ("replay?path=talks.istanbl-2025", missing("did you mean `talks.istanbul-2025`?")),
        ("replay?path=2025-05-11-putin-proposal", bad("a moment is given by `at`")),
        ("replay?with=%2Fetc%2Fpasswd", bad("did you mean `without`?")),
        ("replay?according_to=rusia", missing("did you mean `russia`?")),
        ("list?filter=tag:buca", missing("did you mean `bucha`?")),
        ("list?limit=many", bad("")),
        (
            "diff?from=2025",
            bad("give a second date, or a selector such as `--known-by`, `--according-to` or `--without`"),
        ),
        ("why", bad("")),
        ("why?path=talks.istanbul-2025.statsu", missing("did you mean `talks.istanbul-2025.status`?")),
        ("show?event=2025-05-11-putin-propsal", missing("did you mean `2025-05-11-putin-proposal`?")),
        ("check?rule=cycles", missing("did you mean `cycle`?")),
        ("rplay", missing("did you mean `replay`?")),
    ] {
        assert_eq!(server.get(&format!("/api/{address}")).fault(), fault, "{address}");
    }
    for address in [
        "/nothing",
        "/api",
        "/api/",
        "/api/replay/x",
        "/index.html",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/api/..%2f..%2fCargo.toml",
        "//etc/passwd",
    ] {
        assert_eq!(server.get(address).fault().0, 404, "{address}");
    }
}

#[test]
fn nothing_but_reading_is_done() {
    let server = Server::start();
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FROB"] {
        for address in ["/", "/api/replay", "/api/changes", "/nothing"] {
            let reply = server.ask(method, address, "");
            assert_eq!((reply.status, reply.head("allow")), (405, "GET, HEAD"), "{method} {address}");
        }
    }
    for address in ["/", "/api/replay", "/api/rplay"] {
        let (whole, head) = (server.get(address), server.ask("HEAD", address, ""));
        assert_eq!((head.status, head.body.len()), (whole.status, 0));
        for name in ["content-length", "content-type", "etag"] {
            assert_eq!(head.head(name), whole.head(name), "{name} of {address}");
        }
    }
}

#[test]
fn every_answer_carries_what_keeps_a_browser_safe() {
    let server = Server::start();
    let stranger = server.send(b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    let tag = server.get("/api/list").head("etag").to_owned();
    let known = server.ask("GET", "/api/list", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!((stranger.status, known.status), (421, 304));
    let rest = ["/", "/asof.js", "/asof.css", "/api/replay", "/api/rplay", "/api/why", "/nothing"]
        .map(|address| server.get(address));
    for reply in
        rest.into_iter().chain([stranger, known, server.ask("POST", "/", ""), server.ask("HEAD", "/api/changes", "")])
    {
        assert_eq!(reply.head("content-security-policy"), POLICY);
        assert_eq!(reply.head("x-content-type-options"), "nosniff");
        assert_eq!(reply.head("referrer-policy"), "no-referrer");
        assert_eq!(reply.head("cross-origin-resource-policy"), "same-origin");
        assert_eq!(reply.head("cache-control"), "no-cache");
        assert!(!reply.head.contains_key("access-control-allow-origin"));
    }
    for (address, kind) in [("/", "text/html"), ("/asof.js", "text/javascript"), ("/asof.css", "text/css")] {
        let reply = server.get(address);
        assert_eq!((reply.status, reply.head("content-type")), (200, &*format!("{kind}; charset=utf-8")));
        assert!(!reply.body.is_empty());
    }
}

#[test]
fn only_its_own_address_is_answered() {
    let server = Server::start();
    let port = server.address.port();
    let asked =
        |lines: &str| server.send(format!("GET /api/check HTTP/1.1\r\n{lines}Connection: close\r\n\r\n").as_bytes());
    for host in [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("LocalHost:{port}")] {
        assert_eq!(asked(&format!("Host: {host}\r\n")).status, 200, "{host}");
    }
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        "127.0.0.1".to_owned(),
        format!("127.0.0.1:{}", port ^ 1),
        format!("localhost.evil.example:{port}"),
        format!("user@127.0.0.1:{port}"),
        format!("10.0.0.1:{port}"),
        format!("[::1]:{port}"),
        "\"".to_owned(),
        String::new(),
    ] {
        assert_eq!(asked(&format!("Host: {host}\r\n")).fault().0, 421, "{host}");
    }
    assert_eq!(asked("").fault().0, 400);
    assert_eq!(asked(&format!("Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n")).fault().0, 400);
    let absolute =
        format!("GET http://evil.example/api/check HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    assert_eq!(server.send(absolute.as_bytes()).fault().0, 421);
}

#[test]
fn every_network_is_told_of_and_each_address_of_the_machine_is_its_own() {
    let mut server = Server::with(&["serve", "--port", "0", "--address", "0.0.0.0"]);
    assert_eq!(server.address.ip().to_string(), "127.0.0.1", "a browser here is sent to the loopback address");
    assert_eq!(server.get("/api/check").status, 200);
    let port = server.address.port();
    for (host, status) in [("localhost", 200), ("0.0.0.0", 421), ("8.8.8.8", 421), ("evil.example", 421)] {
        let request = format!("GET /api/check HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n");
        assert_eq!(server.send(request.as_bytes()).status, status, "{host}");
    }
    server.process.kill().unwrap();
    let mut said = String::new();
    server.process.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(said.contains("warning: 0.0.0.0 is no loopback address: anybody on that network can read this chronicle"));
}

#[test]
fn what_the_client_has_is_not_sent_again() {
    let server = Server::start();
    let whole = server.get("/api/replay?at=2025-05-14");
    let tag = whole.head("etag");
    let known = server.ask("GET", "/api/replay?at=2025-05-14", &format!("If-None-Match: \"x\", {tag}\r\n"));
    assert_eq!((known.status, known.body.len(), known.head("etag")), (304, 0, tag));
    let other = server.ask("GET", "/api/replay?at=2025-05-15", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!(other.status, 200, "another question has another tag");
    assert_ne!(other.head("etag"), tag);
    assert_eq!(server.get("/api/rplay").head("etag"), "", "a fault has none");
    let again = Server::start();
    assert_eq!(again.get("/api/replay?at=2025-05-14").head("etag"), tag, "the same files give the same tags");
    let folder = Folder::new("tag");
    assert_ne!(Server::of(&folder.0).get("/api/replay").head("etag"), server.get("/api/replay").head("etag"));
}

#[test]
fn a_large_answer_is_compressed_for_whoever_takes_it() {
    let server = Server::start();
    for address in ["/api/list", "/api/replay?long"] {
        let plain = server.get(address);
        let packed = server.ask("GET", address, "Accept-Encoding: deflate, gzip;q=0.8, br\r\n");
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(&packed.body[..]).read_to_end(&mut unpacked).unwrap();
        assert!(unpacked == plain.body, "{address}");
        assert!(packed.body.len() * 3 < plain.body.len() * 2, "{} of {}", packed.body.len(), plain.body.len());
        assert_eq!((packed.head("content-encoding"), plain.head("content-encoding")), ("gzip", ""));
        assert_eq!((packed.head("vary"), plain.head("vary")), ("accept-encoding", "accept-encoding"));
        assert_eq!(server.ask("GET", address, "Accept-Encoding: gzip;q=0\r\n").head("content-encoding"), "");
    }
    let small = server.ask("GET", "/api/replay?path=bucha.control", "Accept-Encoding: gzip\r\n");
    assert_eq!((small.status, small.head("content-encoding")), (200, ""));
}

#[test]
fn hostile_questions_and_texts_are_answered_like_any_other() {
    let folder = Folder::new("hostile");
    folder.write(
        "two.yaml",
        "date: 2023\ntitle: \"<script>alert(1)</script>\\e[31m\\u202e\"\nset: {a.b: \"</script>\"}\n",
    );
    let server = Server::of(&folder.0);
    let long = format!("/api/replay?only={}", "x".repeat(9 << 10));
    assert_eq!(server.get(&long).fault(), (414, "too-long".into(), String::new()));
    for (query, status) in [
        ("replay?%00=%00", 400),
        ("replay?at=%ff%fe", 404),
        ("replay?at=%", 404),
        ("replay?at=-999999999999999", 404),
        ("replay?&&&==&", 400),
        ("replay?only=%1b%5b31m", 404),
        ("replay?only=not:not:not:one", 400),
        ("replay?path=**.**.**.**.**.**.x", 404),
        ("replay?path=%E2%80%AE", 400),
        ("list?filter=/(a%2B)%2B$/", 200),
        ("list?limit=99999999999999999999999", 400),
        ("why?path=%22%22", 400),
        ("why?path=..%2F..", 400),
        ("show?event=%3Cscript%3E", 404),
        ("diff?from=..&to=..", 404),
    ] {
        let reply = server.get(&format!("/api/{query}"));
        assert_eq!(reply.status, status, "{query}: {}", String::from_utf8_lossy(&reply.body));
        assert!(!std::str::from_utf8(&reply.body).unwrap().contains(['\u{1b}', '\u{202e}']), "{query}");
        assert_eq!((reply.head("content-type"), reply.head("x-content-type-options")), ("application/json", "nosniff"));
    }
    let all = format!("/api/replay?{}", "path=a.b&".repeat(900));
    assert_eq!(server.get(&all).json()["state"]["a.b"], "</script>");
    assert!(server.get("/api/list").body == run(&["-C", folder.0.to_str().unwrap(), "list", "-O", "json"]).stdout);
    for bytes in
        [&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..], b"GET / HTTP/9.9\r\n\r\n", b"GET\r\n\r\n"]
    {
        assert_eq!(server.send(bytes).status, 400);
    }
    let mut stuffed = format!("GET / HTTP/1.1\r\nHost: {}\r\n", server.address).into_bytes();
    stuffed.extend(b"X: y\r\n".repeat(5_000));
    let mut stream = server.connect();
    // It may hang up before it has read all of it.
    let _ = stream.write_all(&stuffed);
    assert_eq!(server.get("/api/check").status, 200);
}

#[test]
fn slow_clients_and_many_do_it_no_harm() {
    let server = Server::start();
    let mut slow: Vec<TcpStream> = (0..200).map(|_| server.connect()).collect();
    slow.iter_mut().for_each(|stream| stream.write_all(b"GET /api/replay HTTP/1.1\r\nHost: ").unwrap());
    // Those who ask for much and take nothing.
    let request = format!("GET /api/list HTTP/1.1\r\nHost: {}\r\n\r\n", server.address).repeat(50);
    let mut deaf: Vec<TcpStream> = (0..20).map(|_| server.connect()).collect();
    deaf.iter_mut().for_each(|stream| stream.write_all(request.as_bytes()).unwrap());
    let listening: Vec<Changes> = (0..20).map(|_| server.listen()).collect();
    assert_eq!(server.get("/api/replay?at=2025-05-14").status, 200);
    let all: Vec<_> = (0..8)
        .map(|_| {
            let address = server.address;
            std::thread::spawn(move || {
                let mut stream = TcpStream::connect(address).unwrap();
                write!(stream, "GET /api/replay HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
                let mut bytes = Vec::new();
                stream.read_to_end(&mut bytes).unwrap();
                Reply::read(&bytes).body
            })
        })
        .collect();
    let expected = printed("replay");
    assert!(all.into_iter().all(|one| one.join().unwrap() == expected));
    // Whoever does not finish a request is let go.
    let mut left = Vec::new();
    slow[0].read_to_end(&mut left).unwrap();
    assert!(left.is_empty() || Reply::read(&left).status == 408, "{}", String::from_utf8_lossy(&left));
    drop(listening);
}

#[test]
fn a_port_that_is_taken_is_said_and_the_default_gives_way() {
    let one = Server::with(&["serve"]);
    let other = Server::with(&["serve"]);
    assert_ne!(one.address, other.address);
    assert_eq!((one.get("/api/check").status, other.get("/api/check").status), (200, 200));
    let port = one.address.port().to_string();
    let refused = run(&["serve", "--port", &port]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&refused.stderr), format!("asof: port {port} of 127.0.0.1 is taken\n"));
    assert_eq!(run(&["serve", "--address", "192.0.2.1", "--port", "0"]).status.code(), Some(2));
    assert_eq!(run(&["serve", "--address", "example.org"]).status.code(), Some(2));
    assert_eq!(run(&["serve", "-O", "json"]).status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_and_lets_everybody_go() {
    let mut server = Server::start();
    let mut changes = server.listen();
    changes.next().unwrap();
    let kept = server.connect();
    let sent = Command::new("sh").args(["-c", &format!("kill -INT {}", server.process.id())]).status().unwrap();
    assert!(sent.success());
    assert_eq!(server.process.wait().unwrap().code(), Some(0));
    assert_eq!(changes.next(), None, "the stream is ended, not broken");
    drop(kept);
}
