//! A server whose cores are all busy with long questions: the page comes all the same, and nothing is reckoned for those
//! who are gone.

use std::io::{ErrorKind, Write};
use std::net::TcpStream;

use crate::client::{Folder, Server};

/// A chronicle of which `hinges` takes long: so many steps of one sum, each left out in turn.
fn long(name: &str, steps: usize) -> Folder {
    let folder = Folder::new(name);
    let step = |n: usize| {
        format!(
            "{{\"id\": \"e{n}\", \"date\": \"{}\", \"title\": \"Step {n}\", \"increase\": {{\"sum.all\": 1}}}}\n",
            1000 + n
        )
    };
    folder.write("steps.jsonl", &(0..steps).map(step).collect::<String>());
    folder
}

/// Asks so many times at once, and takes no answer.
fn ask(server: &Server, times: usize) -> TcpStream {
    let mut stream = server.connect();
    let request = format!("GET /api/hinges HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
    stream.write_all(request.repeat(times).as_bytes()).unwrap();
    stream
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}

#[test]
fn the_page_waits_for_no_question() {
    let folder = long("busy", 1200);
    let server = Server::of(&folder.0);
    let asking: Vec<TcpStream> = (0..cores() + 2).map(|_| ask(&server, 1)).collect();
    for (address, lines) in [("/", ""), ("/asof.js", "Accept-Encoding: gzip\r\n"), ("/asof.css", "")] {
        assert_eq!(server.ask("GET", address, lines).status, 200, "{address}");
    }
    assert_eq!(server.get("/nothing").status, 404);
    for stream in &asking {
        stream.set_nonblocking(true).unwrap();
        let answered = stream.peek(&mut [0]);
        assert_eq!(
            answered.map_err(|error| error.kind()),
            Err(ErrorKind::WouldBlock),
            "a question came before the page"
        );
    }
}

#[test]
fn nothing_is_reckoned_for_those_who_are_gone() {
    let folder = long("gone", 400);
    let server = Server::of(&folder.0);
    let _busy: Vec<TcpStream> = (0..cores()).map(|_| ask(&server, 1)).collect();
    // Were they answered, that would take longer than the client of these tests waits for anything.
    (0..200).for_each(|times| drop(ask(&server, 1 + times % 3)));
    assert_eq!(server.get("/api/stats").status, 200);
}
