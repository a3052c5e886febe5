//! A server of one's own, and a client that is plain TCP, so that every byte is ours.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// Nothing here takes so long: it is for a test that would else wait for ever.
const AT_MOST: Duration = Duration::from_secs(120);

pub fn asof(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asof"));
    command.args(words).current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("ASOF_CHRONICLE").env("NO_COLOR", "1");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub fn run(words: &[&str]) -> Output {
    asof(words).output().unwrap()
}

/// What a command prints as JSON.
pub fn printed(words: &str) -> Vec<u8> {
    let words: Vec<&str> = words.split(' ').chain(["-O", "json"]).collect();
    let done = run(&words);
    assert_ne!(done.status.code(), Some(2), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// A server of one's own, ended in the end.
pub struct Server {
    pub process: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Serves the chronicle that ships.
    pub fn start() -> Server {
        Server::with(&["serve", "--port", "0"])
    }

    pub fn of(folder: &Path) -> Server {
        Server::with(&["-C", folder.to_str().unwrap(), "serve", "--port", "0"])
    }

    pub fn with(words: &[&str]) -> Server {
        let mut process = asof(words).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
        let Some((_, after)) = said.split_once("http://") else {
            let _ = process.kill();
            panic!("no address: {}", String::from_utf8_lossy(&process.wait_with_output().unwrap().stderr));
        };
        let address = after.split('/').next().unwrap().parse().unwrap();
        Server { process, address }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(AT_MOST)).unwrap();
        stream
    }

    /// Sends these bytes alone, and reads to the end.
    pub fn send(&self, request: &[u8]) -> Reply {
        let mut stream = self.connect();
        stream.write_all(request).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        Reply::read(&bytes)
    }

    /// A request with more lines in its head.
    pub fn ask(&self, method: &str, target: &str, lines: &str) -> Reply {
        let host = self.address;
        self.send(format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{lines}\r\n").as_bytes())
    }

    pub fn get(&self, target: &str) -> Reply {
        self.ask("GET", target, "")
    }

    /// Listens for changes.
    pub fn listen(&self) -> Changes {
        let mut stream = self.connect();
        // HTTP/1.0 has no chunks, so that lines are lines.
        write!(stream, "GET /api/changes HTTP/1.0\r\nHost: {}\r\n\r\n", self.address).unwrap();
        let mut lines = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(lines.read_line(&mut head).unwrap(), 0, "{head}");
        }
        assert!(head.contains("content-type: text/event-stream"), "{head}");
        Changes { lines }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What came back.
#[derive(PartialEq, Debug)]
pub struct Reply {
    pub status: u16,
    pub head: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn read(bytes: &[u8]) -> Reply {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head and a body");
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let (first, lines) = head.split_once("\r\n").unwrap();
        let lines = lines.split("\r\n").map(|line| line.split_once(": ").unwrap());
        Reply {
            status: first.split(' ').nth(1).unwrap().parse().unwrap(),
            head: lines.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect(),
            body: bytes[end + 4..].to_vec(),
        }
    }

    pub fn head(&self, name: &str) -> &str {
        self.head.get(name).map_or("", String::as_str)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Status, code and help of a fault.
    pub fn fault(&self) -> (u16, String, String) {
        let fault = &self.json()["error"];
        assert_eq!(self.head("content-type"), "application/json");
        assert!(!fault["message"].as_str().unwrap().is_empty());
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        (self.status, text(&fault["code"]), text(&fault["help"]))
    }
}

/// A stream of changes.
pub struct Changes {
    lines: BufReader<TcpStream>,
}

impl Changes {
    /// The next change: the revision, and how many errors the files have; nothing if the stream has ended.
    pub fn next(&mut self) -> Option<(String, u64)> {
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            let Some(data) = line.strip_prefix("data: ") else { continue };
            let data: serde_json::Value = serde_json::from_str(data).unwrap();
            return Some((data["revision"].as_str().unwrap().to_owned(), data["faults"].as_u64().unwrap()));
        }
    }

    /// Waits until files that are written one after the other have so many errors.
    pub fn until(&mut self, faults: impl Fn(u64) -> bool) -> (String, u64) {
        loop {
            let change = self.next().expect("the stream goes on");
            if faults(change.1) {
                return change;
            }
        }
    }
}

/// A folder of one's own with a chronicle, removed in the end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("asof-serve-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        let folder = Folder(path);
        folder.write("chronicle.yaml", "asof: 1\ntitle: Served\n");
        folder.write("one.yaml", "date: 2022\ntitle: One\nset: {a.b: old}\n");
        folder
    }

    pub fn write(&self, name: &str, content: &str) {
        fs::write(self.0.join(name), content).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
