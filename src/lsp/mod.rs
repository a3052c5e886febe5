//! A language server: an editor says what is typed, and is told what is wrong, what a word means, where it is given and
//! what may stand there. A door: it speaks on standard input and output, and follows the files of chronicles.
//!
//! ```text
//! wire ─ messages ─ here: this loop ─ chronicle: loads in a thread of its own
//!                   └ answer ─ position, outline → meaning → names, about, complete
//! ```

mod wire;
mod client;
mod address;
mod position;
mod outline;
mod meaning;
mod keys;
mod names;
mod about;
mod complete;
mod chronicle;
mod texts;
mod answer;
mod faults;

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, BufReader, BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use anyhow::{Context, Result};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{CancelParams, InitializeParams, InitializeResult, MessageType, NumberOrString, ServerInfo, Uri};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use chronicle::{Chronicle, Loaded};
use client::Client;
use wire::Received;

/// What the loop waits for.
enum Input {
    /// Something from the editor, or the end of it.
    Received(io::Result<Option<Received>>),
    /// A chronicle was read, or why it was not.
    Loaded(PathBuf, Box<Result<Loaded, String>>),
    /// Files of a chronicle have changed on disk.
    Changed(PathBuf),
}

/// A text that is open in the editor.
struct Open {
    uri: Uri,
    text: String,
    version: i32,
    /// The chronicle that it is of, and its name there.
    home: Option<(PathBuf, String)>,
}

/// How far the two sides are (LSP 3.17, Lifecycle Messages).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    New,
    Running,
    Down,
}

/// The server.
struct Server {
    tell: Sender<Input>,
    out: Box<dyn Write>,
    stage: Stage,
    client: Client,
    /// The folder that is served whatever file is open, where one is named.
    given: Option<PathBuf>,
    open: BTreeMap<String, Open>,
    chronicles: BTreeMap<PathBuf, Chronicle>,
    /// What was last said of each file.
    published: BTreeMap<PathBuf, BTreeMap<String, Vec<lsp_types::Diagnostic>>>,
    /// Requests that wait until their chronicle is read for the first time.
    waiting: Vec<Request>,
}

/// Serves an editor on standard input and output until it says that it is done; whether it did so as the protocol wants
/// it. `folder` is the chronicle, where it is named. Errors: what comes in is no such protocol.
pub fn serve(folder: Option<PathBuf>) -> Result<bool> {
    let (tell, inbox) = mpsc::channel();
    let reader = tell.clone();
    let read = move || {
        let mut input = BufReader::new(io::stdin());
        loop {
            let received = wire::read(&mut input);
            let is_last = !matches!(received, Ok(Some(_)));
            if reader.send(Input::Received(received)).is_err() || is_last {
                return;
            }
        }
    };
    thread::Builder::new().name("asof-read".into()).spawn(read)?;
    let server = Server {
        tell,
        out: Box::new(BufWriter::new(io::stdout())),
        stage: Stage::New,
        client: Client::default(),
        given: folder,
        open: BTreeMap::new(),
        chronicles: BTreeMap::new(),
        published: BTreeMap::new(),
        waiting: Vec::new(),
    };
    match server.run(&inbox) {
        // An editor that is gone is nobody's fault.
        Err(error) if error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe) => {
            Ok(false)
        }
        done => done,
    }
}

impl Server {
    fn run(mut self, inbox: &Receiver<Input>) -> Result<bool> {
        let mut queue = VecDeque::new();
        loop {
            if queue.is_empty() {
                queue.extend(inbox.recv());
            }
            queue.extend(inbox.try_iter());
            let Some(input) = queue.pop_front() else { return Ok(false) };
            match input {
                Input::Received(Ok(None)) => return Ok(false),
                Input::Received(Err(error)) => return Err(error).context("standard input is not as it should be"),
                Input::Received(Ok(Some(Received::Wrong(code, message)))) => {
                    wire::write_wrong(code, &message, &mut self.out)?;
                }
                Input::Received(Ok(Some(Received::Message(Message::Notification(told))))) if told.method == "exit" => {
                    return Ok(self.stage == Stage::Down);
                }
                Input::Received(Ok(Some(Received::Message(message)))) => match message {
                    Message::Request(request) if is_cancelled(&request.id, &queue) => self.cancelled(request.id)?,
                    Message::Request(request) => self.request(request)?,
                    Message::Notification(told) => self.notification(told)?,
                    Message::Response(_) => {}
                },
                Input::Loaded(folder, loaded) => self.loaded(&folder, *loaded)?,
                Input::Changed(folder) => self.reload(&folder, true),
            }
        }
    }

    fn send(&mut self, message: impl Into<Message>) -> Result<()> {
        wire::write(&message.into(), &mut self.out)?;
        Ok(())
    }

    fn refuse(&mut self, id: RequestId, code: ErrorCode, message: impl Into<String>) -> Result<()> {
        self.send(Response::new_err(id, code as i32, message.into()))
    }

    fn cancelled(&mut self, id: RequestId) -> Result<()> {
        self.refuse(id, ErrorCode::RequestCanceled, "cancelled")
    }

    fn log(&mut self, kind: MessageType, message: impl Into<String>) -> Result<()> {
        let params = json!({"type": kind, "message": message.into()});
        self.send(Notification::new("window/logMessage".into(), params))
    }

    fn request(&mut self, request: Request) -> Result<()> {
        match (self.stage, request.method.as_str()) {
            (Stage::New, "initialize") => self.initialize(request),
            (Stage::New, _) => self.refuse(request.id, ErrorCode::ServerNotInitialized, "`initialize` comes first"),
            (Stage::Down, _) => self.refuse(request.id, ErrorCode::InvalidRequest, "the server is shut down"),
            (_, "initialize") => self.refuse(request.id, ErrorCode::InvalidRequest, "the server is initialized"),
            (_, "shutdown") => {
                self.stage = Stage::Down;
                self.send(Response::new_ok(request.id, Value::Null))
            }
            _ if self.must_wait(&request) => {
                self.waiting.push(request);
                Ok(())
            }
            _ => self.answer(request),
        }
    }

    /// Answers a request; whatever a text does to who answers, the server goes on.
    fn answer(&mut self, request: Request) -> Result<()> {
        let Request { id, method, params } = request;
        let answered = catch_unwind(AssertUnwindSafe(|| answer::answer(self, &method, params)));
        match answered {
            Ok(Ok(answer)) => self.send(Response { id, response_result: Ok(answer) }),
            Ok(Err((code, message))) => self.refuse(id, code, message),
            Err(_) => self.refuse(id, ErrorCode::InternalError, "this is a fault of asof"),
        }
    }

    /// Whether a request is about a text whose chronicle is just read for the first time.
    fn must_wait(&self, request: &Request) -> bool {
        let uri = request.params.pointer("/textDocument/uri").and_then(Value::as_str);
        let home = uri.and_then(|uri| self.open.get(uri)).and_then(|open| open.home.as_ref());
        let chronicle = home.and_then(|(folder, _)| self.chronicles.get(folder));
        answer::needs_chronicle(&request.method) && chronicle.is_some_and(Chronicle::is_new)
    }

    fn initialize(&mut self, request: Request) -> Result<()> {
        let params: InitializeParams = match serde_json::from_value(request.params) {
            Ok(params) => params,
            Err(error) => return self.refuse(request.id, ErrorCode::InvalidParams, error.to_string()),
        };
        self.client = Client::of(&params);
        self.stage = Stage::Running;
        let result = InitializeResult {
            capabilities: answer::capabilities(self.client.encoding),
            server_info: Some(ServerInfo { name: "asof".into(), version: Some(env!("CARGO_PKG_VERSION").into()) }),
        };
        self.send(Response::new_ok(request.id, result))
    }

    fn notification(&mut self, told: Notification) -> Result<()> {
        if self.stage != Stage::Running {
            return Ok(());
        }
        let method = told.method.clone();
        let done = match method.as_str() {
            "initialized" => return self.initialized(),
            "textDocument/didOpen" => read(told).map(|params| self.did_open(params)),
            "textDocument/didChange" => read(told).map(|params| self.did_change(params)),
            "textDocument/didClose" => read(told).map(|params| self.did_close(&params)),
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" | "workspace/didChangeWorkspaceFolders" => {
                Ok(self.files_changed())
            }
            "$/cancelRequest" => read(told).map(|params| self.cancel_waiting(&params)),
            _ => return Ok(()),
        };
        match done {
            Ok(done) => done,
            Err(error) => self.log(MessageType::ERROR, format!("{method}: {error}")),
        }
    }

    /// Asks to be told of files, and reads the chronicles that the editor's folders are.
    fn initialized(&mut self) -> Result<()> {
        if self.client.watches {
            let watchers = json!([{"globPattern": "**/*.{yaml,yml,json,jsonl}"}]);
            let method = "workspace/didChangeWatchedFiles";
            let registration = json!({"id": "files", "method": method, "registerOptions": {"watchers": watchers}});
            let params = json!({"registrations": [registration]});
            self.send(Request::new(RequestId::from(1), "client/registerCapability".into(), params))?;
        }
        for root in self.client.roots.clone() {
            let found = self.given.clone().map_or_else(|| crate::disk::find(None, None, &root), Ok);
            match found {
                Ok(folder) => self.take_up(&folder)?,
                Err(error) => self.log(MessageType::INFO, format!("asof: {error}"))?,
            }
        }
        Ok(())
    }

    fn cancel_waiting(&mut self, params: &CancelParams) -> Result<()> {
        let id = request_id(&params.id);
        match self.waiting.iter().position(|request| request.id == id) {
            Some(at) => {
                self.waiting.remove(at);
                self.cancelled(id)
            }
            None => Ok(()),
        }
    }

    /// Takes a reading, says what is wrong, and answers whoever waited for it.
    fn loaded(&mut self, folder: &Path, loaded: Result<Loaded, String>) -> Result<()> {
        let Some(chronicle) = self.chronicles.get_mut(folder) else { return Ok(()) };
        match chronicle.take(loaded) {
            Some(message) => self.log(MessageType::WARNING, format!("asof: {message}"))?,
            None => self.publish_all(folder)?,
        }
        for request in std::mem::take(&mut self.waiting) {
            self.request(request)?;
        }
        Ok(())
    }

    /// Says of each file what is wrong with it, where that is not what was last said.
    fn publish_all(&mut self, folder: &Path) -> Result<()> {
        let Some(loaded) = self.chronicles.get(folder).and_then(Chronicle::newest).cloned() else { return Ok(()) };
        let of_name = |name: &str| {
            let is_it = |open: &&Open| open.home.as_ref().is_some_and(|(home, own)| home == folder && own == name);
            self.open.values().find(is_it)
        };
        let address = |name: &str| {
            let open = of_name(name).map(|open| open.uri.clone());
            open.or_else(|| address::uri(&folder.canonicalize().ok()?.join(name)))
        };
        let found = faults::by_file(&loaded, &self.client, &address);
        let said = self.published.get(folder);
        // Of what is open it is also said that nothing is wrong; what was opened since is of the next reading.
        let open = loaded.versions.keys().filter(|name| of_name(name).is_some());
        let names = found.keys().chain(said.into_iter().flatten().map(|(name, _)| name)).chain(open);
        let names = names.filter(|name| of_name(name).is_none() || loaded.versions.contains_key(*name));
        let mut news = BTreeMap::new();
        for name in names {
            let now = found.get(name).map_or(&[][..], Vec::as_slice);
            let before = said.and_then(|said| said.get(name));
            if before.is_none_or(|before| before != now)
                && let Some(uri) = address(name)
            {
                news.insert(name.clone(), (uri, loaded.versions.get(name).copied(), now.to_vec()));
            }
        }
        for (name, (uri, version, now)) in news {
            self.publish(&uri, version, &now)?;
            self.published.entry(folder.to_owned()).or_default().insert(name, now);
        }
        Ok(())
    }

    fn publish(&mut self, uri: &Uri, version: Option<i32>, faults: &[lsp_types::Diagnostic]) -> Result<()> {
        let params = lsp_types::PublishDiagnosticsParams { uri: uri.clone(), diagnostics: faults.to_vec(), version };
        self.send(Notification::new("textDocument/publishDiagnostics".into(), params))
    }
}

fn read<P: DeserializeOwned>(told: Notification) -> Result<P, serde_json::Error> {
    serde_json::from_value(told.params)
}

fn request_id(id: &NumberOrString) -> RequestId {
    match id {
        NumberOrString::Number(number) => RequestId::from(*number),
        NumberOrString::String(text) => RequestId::from(text.clone()),
    }
}

/// Whether the editor has taken a request back in what came after it.
fn is_cancelled(id: &RequestId, later: &VecDeque<Input>) -> bool {
    later.iter().any(|input| match input {
        Input::Received(Ok(Some(Received::Message(Message::Notification(told)))))
            if told.method == "$/cancelRequest" =>
        {
            let params = serde_json::from_value::<CancelParams>(told.params.clone());
            params.is_ok_and(|params| request_id(&params.id) == *id)
        }
        _ => false,
    })
}
