//! Changes: `set`, `unset`, `add`, `remove`, `increase`, `decrease`, what is held `during`, and what voices claim.
//! Knows nothing of dates; that `during` needs an event that lasts is for `event.rs`.

use rustc_hash::FxHashMap;

use super::reading::Reading;
use super::tree::{Entries, Key, Node, Shape};
use crate::model::diagnostic::{Code, Diagnostic, nearest};
use crate::model::event::{Change, Citation, Does, Target};
use crate::model::path::Path;
use crate::model::text::{Located, Place};

/// The keys that write a change, `during` left out.
pub const CHANGES: [&str; 6] = ["set", "unset", "add", "remove", "increase", "decrease"];

/// Who asserts a change, and whether it holds only while the event lasts.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s> {
    pub voice: Option<&'s str>,
    pub during: bool,
}

/// What the changes of one event are gathered in.
#[derive(Default)]
pub(super) struct Changes {
    pub all: Vec<Change>,
    /// The sources of claims, by voice.
    pub sources: Vec<(Located<String>, Vec<Citation>)>,
    /// Every `during` key.
    pub during: Vec<Place>,
}

impl<'a> Reading<'a> {
    /// The changes of one key of [`CHANGES`].
    pub fn change(&mut self, key: &str, node: Node<'a>, scope: Scope, changes: &mut Changes) {
        if key == "unset" {
            return self.unset(node, scope, changes);
        }
        let wants = "a mapping of paths to values";
        for (path, node) in self.map(key, wants, node).unwrap_or_default() {
            let Some(known) = self.path(&path.text, path.place) else { continue };
            let does = match key {
                "set" => self.value(&known, node).map(Does::Set),
                "add" => self.members(key, &known, node).map(Does::Add),
                "remove" => self.members(key, &known, node).map(Does::Remove),
                "increase" => self.amount(key, &known, node).map(Does::Increase),
                _ => self.amount(key, &known, node).map(Does::Decrease),
            };
            if let Some(does) = does {
                changes.all.push(Change {
                    target: Located::new(Target::Path(known.path), path.place),
                    does,
                    voice: scope.voice.map(str::to_owned),
                    during: scope.during,
                });
            }
        }
    }

    fn unset(&mut self, node: Node<'a>, scope: Scope, changes: &mut Changes) {
        if let Shape::Map(_) = node.shape {
            let fault = Diagnostic::new(Code::WrongType, node.place, "`unset` takes a list of paths, not a mapping");
            self.say(fault.help("write `unset: [path, …]`"));
            return;
        }
        for item in self.items("unset", "a list of paths", node) {
            let Some(text) = self.as_written("unset", item) else { continue };
            let Some(target) = self.target(&text.value, text.place) else { continue };
            changes.all.push(Change {
                target: Located::new(target, text.place),
                does: Does::Unset,
                voice: scope.voice.map(str::to_owned),
                during: scope.during,
            });
        }
    }

    /// What is held while the event lasts: changes, or paths with the values they are set to.
    pub fn during(&mut self, key: &Key<'a>, node: Node<'a>, voice: Option<&str>, changes: &mut Changes) {
        changes.during.push(key.place);
        let scope = Scope { voice, during: true };
        let wants = "a mapping of paths to values, or of changes";
        let mut short: Entries = Vec::new();
        for (key, node) in self.map("during", wants, node).unwrap_or_default() {
            let text = &*key.text;
            if CHANGES.contains(&text) {
                if voice.is_some() && !matches!(text, "set" | "unset") {
                    self.not_claimed(&key);
                } else {
                    self.change(text, node, scope, changes);
                }
            } else if Path::parse(text).is_err()
                && let Some(near) = nearest(text, CHANGES)
            {
                let message = format!("`{text}` is neither a change nor a path");
                let fault = Diagnostic::new(Code::UnknownKey, key.place, message);
                self.say(fault.help(format!("did you mean `{near}`?")));
            } else {
                short.push((key, node));
            }
        }
        // `during: {path: value}` is short for `during: {set: {path: value}}` (1-format, Changes).
        if let Some(((first, _), (_, last))) = short.first().zip(short.last()) {
            let place = Place { end: last.place.end, ..first.place };
            self.change("set", Node { shape: Shape::Map(short), place }, scope, changes);
        }
    }

    /// What voices assert and the record does not.
    pub fn claims(&mut self, node: Node<'a>, changes: &mut Changes) {
        for (key, node) in self.map("claims", "a mapping of voices to their claims", node).unwrap_or_default() {
            let Some(voice) = self.as_slug(&key.text, key.place) else { continue };
            self.known_voice(&voice);
            self.claim(voice, node, changes);
        }
    }

    fn claim(&mut self, voice: Located<String>, node: Node<'a>, changes: &mut Changes) {
        let scope = Scope { voice: Some(&voice.value), during: false };
        let mut sources = None;
        for (key, node) in self.map(&voice.value, "a mapping with `set` or `unset`", node).unwrap_or_default() {
            match &*key.text {
                "set" | "unset" => self.change(&key.text, node, scope, changes),
                "during" => self.during(&key, node, scope.voice, changes),
                "sources" => sources = Some(self.citations(node)),
                "add" | "remove" | "increase" | "decrease" => self.not_claimed(&key),
                _ => self.unknown_key(&key, "a claim", &["set", "unset", "during", "sources"]),
            }
        }
        if let Some(sources) = sources {
            changes.sources.push((voice, sources));
        }
    }

    fn not_claimed(&mut self, key: &Key) {
        let fault = Diagnostic::new(Code::UnknownKey, key.place, format!("`{}` is not a key of a claim", key.text));
        self.say(fault.help("a claim states a whole value: say `set`"));
    }

    /// Reports a voice that the manifest does not have, if it has any table of them.
    pub fn known_voice(&mut self, voice: &Located<String>) {
        let Some(voices) = &self.manifest.voices else { return };
        if voices.contains_key(&voice.value) {
            return;
        }
        self.unknown_name(Code::UnknownVoice, &voice.value, voice.place, voices.keys().map(String::as_str));
    }

    /// Reports two of `set`, `during: set` and `unset` on one path, by the record or by one voice.
    pub fn conflicts(&mut self, changes: &[Change]) {
        let states =
            |change: &&Change| matches!((&change.does, change.during), (Does::Set(_), _) | (Does::Unset, false));
        let stated: Vec<&Change> = changes.iter().filter(states).collect();
        let of = |change: &Change| match &change.target.value {
            Target::Path(path) => Some((change.voice.clone(), path.clone())),
            Target::Pattern(_) => None,
        };
        let same = |a: &Change, b: &Change| a.target.value == b.target.value && a.voice == b.voice;
        // Few changes are compared each with each, which is cheaper than a table.
        let is_clear = |(at, change): (usize, &&Change)| stated[..at].iter().all(|other| !same(change, other));
        if stated.len() <= 8 && stated.iter().enumerate().all(is_clear) {
            return;
        }
        let mut seen: FxHashMap<(Option<String>, Path), &Change> = FxHashMap::default();
        for change in stated {
            let Some(first) = of(change).and_then(|of| seen.insert(of, change)) else { continue };
            if matches!((&first.does, &change.does), (Does::Unset, Does::Unset)) {
                continue;
            }
            let Target::Path(path) = &change.target.value else { continue };
            let message = format!("`{path}` is {} and {} in one event", done(first), done(change));
            let fault = Diagnostic::new(Code::ConflictingChanges, change.target.place, message);
            self.say(
                fault.note("first here", Some(first.target.place)).help("keep one of the two, or write two events"),
            );
        }
    }
}

/// A change as a message says it.
fn done(change: &Change) -> &'static str {
    match (&change.does, change.during) {
        (Does::Unset, _) => "unset",
        (_, true) => "set while it lasts",
        (_, false) => "set",
    }
}
