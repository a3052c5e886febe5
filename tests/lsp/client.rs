//! An editor for tests: starts the server, speaks its protocol, and waits for what it says.

use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// Nobody waits longer than this for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server, and what it said that nobody asked for yet.
pub struct Client {
    process: Child,
    input: Option<ChildStdin>,
    said: Receiver<Value>,
    kept: VecDeque<Value>,
    next: i64,
}

impl Client {
    /// A server that was told nothing yet.
    pub fn start(words: &[&str]) -> Client {
        let mut command = Command::new(env!("CARGO_BIN_EXE_asof"));
        command.args(words).arg("lsp").env_remove("ASOF_CHRONICLE");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let (say, said) = mpsc::channel();
        thread::spawn(move || {
            while let Some(message) = message(&mut output) {
                let _ = say.send(message);
            }
        });
        Client { input: process.stdin.take(), process, said, kept: VecDeque::new(), next: 0 }
    }

    /// A server that serves some folders to an editor of these abilities.
    pub fn of(roots: &[&Path], abilities: Value) -> Client {
        let mut client = Client::start(&[]);
        client.initialize(roots, abilities);
        client
    }

    /// Begins; what the server can do.
    pub fn initialize(&mut self, roots: &[&Path], abilities: Value) -> Value {
        let folders: Vec<Value> = roots.iter().map(|root| json!({"uri": uri(root), "name": "root"})).collect();
        let params =
            json!({"processId": null, "rootUri": null, "capabilities": abilities, "workspaceFolders": folders});
        let result = self.ask("initialize", params).unwrap();
        self.tell("initialized", json!({}));
        result
    }

    /// Sends some bytes as they are.
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        // A server that has ended reads no more.
        let _ = self.input.as_mut().unwrap().write_all(bytes).and_then(|()| self.input.as_mut().unwrap().flush());
    }

    pub fn send(&mut self, message: &Value) {
        self.send_bytes(&framed(message));
    }

    pub fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request; its number.
    pub fn request(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.next, "method": method, "params": params}));
        self.next
    }

    /// What is answered to a request: the result, or the code of the error.
    pub fn answer(&mut self, id: &Value) -> Result<Value, i64> {
        let message = self.wait(|message| message["id"] == *id && message.get("method").is_none());
        match message.get("error") {
            Some(error) => Err(error["code"].as_i64().unwrap()),
            None => Ok(message["result"].clone()),
        }
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Result<Value, i64> {
        let id = self.request(method, params);
        self.answer(&json!(id))
    }

    /// Asks about a place of a file.
    pub fn ask_at(&mut self, method: &str, file: &Path, line: usize, column: usize) -> Value {
        let position = json!({"line": line, "character": column});
        let context = json!({"includeDeclaration": true, "triggerKind": 1});
        let params = json!({"textDocument": {"uri": uri(file)}, "position": position, "context": context});
        self.ask(&format!("textDocument/{method}"), params).unwrap()
    }

    pub fn open(&mut self, file: &Path, text: &str) {
        let document = json!({"uri": uri(file), "languageId": "yaml", "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Replaces a whole text.
    pub fn change(&mut self, file: &Path, version: i64, text: &str) {
        let document = json!({"uri": uri(file), "version": version});
        self.tell("textDocument/didChange", json!({"textDocument": document, "contentChanges": [{"text": text}]}));
    }

    /// Waits until it is said that a file has faults of these codes and no others; what was said of it.
    pub fn until_faults(&mut self, file: &Path, codes: &[&str]) -> Value {
        let uri = uri(file.canonicalize().as_deref().unwrap_or(file));
        self.wait(|message| {
            let params = &message["params"];
            let said = params["diagnostics"].as_array();
            message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == uri
                && said.is_some_and(|said| {
                    said.iter().map(|fault| fault["code"].as_str().unwrap()).eq(codes.iter().copied())
                })
        })["params"]
            .clone()
    }

    /// The first message that is as wanted; those before it are kept, in their order.
    pub fn wait(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.kept.iter().position(&wanted) {
            return self.kept.remove(at).unwrap();
        }
        loop {
            let message = self.said.recv_timeout(PATIENCE).unwrap_or_else(|_| {
                let kept: Vec<String> =
                    self.kept.iter().map(|one| one.to_string().chars().take(300).collect()).collect();
                panic!("the server said nothing such, but: {kept:#?}")
            });
            if wanted(&message) {
                return message;
            }
            self.kept.push_back(message);
        }
    }

    /// Shuts down as the protocol wants it.
    pub fn end(mut self) {
        assert_eq!(self.ask("shutdown", Value::Null), Ok(Value::Null));
        self.tell("exit", Value::Null);
        let (status, complaint) = self.ended();
        assert_eq!((status.code(), complaint.as_str()), (Some(0), ""));
    }

    /// How it ends when nothing more comes, and what it says on standard error.
    pub fn ended(&mut self) -> (ExitStatus, String) {
        drop(self.input.take());
        let status = self.process.wait().unwrap();
        let mut complaint = String::new();
        self.process.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
        (status, complaint)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub fn framed(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn message(from: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", number)) => length = number.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("the server speaks JSON"))
}

/// The address of a file, whose name needs no escape.
pub fn uri(file: &Path) -> String {
    format!("file://{}", file.display())
}

/// A folder of one's own, removed in the end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("asof-lsp-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path.canonicalize().unwrap())
    }

    /// A folder with a copy of the chronicle that ships.
    pub fn shipped(name: &str) -> Folder {
        let folder = Folder::new(name);
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("events"), &folder.0);
        folder
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let file = self.0.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        file
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
