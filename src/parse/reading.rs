//! What every decoder needs: taking a node as a text, a word, a slug, a list or a mapping, and gathering each fault
//! with its place. Knows nothing of what the keys mean.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::path::{Known, Spelled};
use super::tree::{self, Document, Entries, Key, Node, Shape, Style};
use crate::model::decimal::{Decimal, is_json_number};
use crate::model::diagnostic::{Code, Diagnostic, nearest};
use crate::model::event::Free;
use crate::model::manifest::Manifest;
use crate::model::path::{is_slug, normal};
use crate::model::text::{FileId, Located, Place};

/// One text while it is decoded.
pub(super) struct Reading<'a> {
    pub file: FileId,
    pub content: &'a str,
    /// So far into its file the text begins.
    pub base: usize,
    pub manifest: &'a Manifest,
    /// What was found wrong, in the order found.
    pub faults: Vec<Diagnostic>,
    /// Whether a node was met that a reader had reported.
    pub is_broken: bool,
    /// The paths met so far: most texts name few paths often.
    pub paths: FxHashMap<Spelled, Known<'a>>,
    /// How many more nearest names are looked for.
    guesses: usize,
}

/// Nobody reads more guesses of one text, and each of them walks a whole table.
const MOST_GUESSES: usize = 200;

impl<'a> Reading<'a> {
    pub fn new(file: FileId, content: &'a str, manifest: &'a Manifest) -> Reading<'a> {
        Reading {
            file,
            content,
            base: 0,
            manifest,
            faults: Vec::new(),
            is_broken: false,
            paths: FxHashMap::default(),
            guesses: MOST_GUESSES,
        }
    }

    /// Does `decode` on a document, and says whether nothing in the document is wrong.
    pub fn whole<T>(
        &mut self,
        document: Document<'a>,
        decode: impl FnOnce(&mut Self, Node<'a>) -> Option<T>,
    ) -> (Option<T>, bool) {
        let before = self.faults.len();
        self.faults.extend(document.faults);
        self.is_broken = false;
        let decoded = document.root.and_then(|root| decode(self, root));
        let is_whole = decoded.is_some() && self.faults.len() == before && !self.is_broken;
        (decoded, is_whole)
    }

    /// The words at a place.
    pub fn words(&self, place: Place) -> &'a str {
        let at = |byte: u32| (byte as usize).wrapping_sub(self.base);
        self.content.get(at(place.start)..at(place.end)).unwrap_or("")
    }

    pub fn say(&mut self, fault: Diagnostic) {
        self.faults.push(fault);
    }

    /// Reports a node of another shape than `what` takes; what a reader reported is not reported again.
    pub fn wrong(&mut self, what: &str, wants: &str, node: &Node) {
        if matches!(node.shape, Shape::Broken) {
            self.is_broken = true;
        } else if node.is_null() {
            let fault = Diagnostic::new(Code::WrongType, node.place, format!("`{what}` has no value"));
            self.say(fault.help(format!("write {wants}, or leave the key out")));
        } else {
            let message = format!("`{what}` takes {wants}, not {}", node.shape_name());
            self.say(Diagnostic::new(Code::WrongType, node.place, message));
        }
    }

    /// A scalar as written, whatever the core schema would make of it.
    pub fn text(&mut self, what: &str, node: Node<'a>) -> Option<Located<String>> {
        self.as_written(what, node).map(|text| Located::new(text.value.into_owned(), text.place))
    }

    /// The same, still where it was read from if it stands there as it is.
    pub fn as_written(&mut self, what: &str, node: Node<'a>) -> Option<Located<Cow<'a, str>>> {
        match node.shape {
            Shape::Scalar(text, style) if style == Style::Quoted || !tree::is_null(&text) => {
                Some(Located::new(text, node.place))
            }
            _ => {
                self.wrong(what, "a text", &node);
                None
            }
        }
    }

    /// A text on one line that is not empty; what stands around it is cut off.
    pub fn line(&mut self, what: &str, node: Node<'a>) -> Option<Located<String>> {
        let text = self.as_written(what, node)?;
        let trimmed = text.value.trim();
        if trimmed.is_empty() || trimmed.contains(['\n', '\r']) {
            let wrong = if trimmed.is_empty() { "is empty" } else { "is longer than one line" };
            let fault = Diagnostic::new(Code::WrongType, text.place, format!("`{what}` {wrong}"));
            self.say(fault.help("write one line of text"));
            return None;
        }
        Some(Located::new(trimmed.to_owned(), text.place))
    }

    /// A slug, in NFC.
    pub fn slug(&mut self, what: &str, node: Node<'a>) -> Option<Located<String>> {
        let text = self.as_written(what, node)?;
        self.as_slug(&text.value, text.place)
    }

    /// A word as a slug, in NFC.
    pub fn as_slug(&mut self, word: &str, place: Place) -> Option<Located<String>> {
        if !is_slug(word) {
            let fault = Diagnostic::new(Code::BadSlug, place, format!("`{word}` is not a slug"));
            self.say(fault.help("a slug is letters, digits, `-`, `_` and, not first, `.`"));
            return None;
        }
        Some(Located::new(normal(word).into_owned(), place))
    }

    /// The elements of a list; a scalar or mapping alone is a list of one.
    pub fn items(&mut self, what: &str, wants: &str, node: Node<'a>) -> Vec<Node<'a>> {
        if node.is_null() || matches!(node.shape, Shape::Broken) {
            self.wrong(what, wants, &node);
            return Vec::new();
        }
        match node.shape {
            Shape::List(nodes) => nodes,
            _ => vec![node],
        }
    }

    /// A list of slugs, or one alone.
    pub fn slugs(&mut self, what: &str, node: Node<'a>) -> Vec<Located<String>> {
        let items = self.items(what, "a list of slugs", node);
        items.into_iter().filter_map(|item| self.slug(what, item)).collect()
    }

    /// A list of texts, or one alone.
    pub fn texts(&mut self, what: &str, node: Node<'a>) -> Vec<Located<String>> {
        let items = self.items(what, "a list of texts", node);
        items.into_iter().filter_map(|item| self.text(what, item)).collect()
    }

    /// The entries of a mapping.
    pub fn map(&mut self, what: &str, wants: &str, node: Node<'a>) -> Option<Entries<'a>> {
        match node.shape {
            Shape::Map(entries) => Some(entries),
            _ => {
                self.wrong(what, wants, &node);
                None
            }
        }
    }

    /// `true` or `false`.
    pub fn truth(&mut self, what: &str, node: &Node) -> Option<bool> {
        match &node.shape {
            Shape::Scalar(text, Style::Plain) if tree::truth(text).is_some() => tree::truth(text),
            _ => {
                self.wrong(what, "`true` or `false`", node);
                None
            }
        }
    }

    /// Reports a key that is not among those known, with the nearest that is.
    pub fn unknown_key(&mut self, key: &Key, of: &str, known: &[&'static str]) {
        let fault = Diagnostic::new(Code::UnknownKey, key.place, format!("`{}` is not a key of {of}", key.text));
        let keys = format!("its keys are {}", listed(known.iter().copied()));
        let help = self.meant(&key.text, known.iter().copied(), &keys);
        self.say(fault.help(help));
    }

    /// Reports a word that is not one of a list, with the nearest that is.
    pub fn bad_word<'w>(&mut self, what: &str, word: &str, place: Place, known: impl Iterator<Item = &'w str> + Clone) {
        let fault = Diagnostic::new(Code::BadWord, place, format!("`{what}` cannot be `{word}`"));
        let words = format!("write one of {}", listed(known.clone()));
        let help = self.meant(word, known, &words);
        self.say(fault.help(help));
    }

    /// Reports a name that a table of the manifest does not have.
    pub fn unknown_name<'w>(&mut self, code: Code, name: &str, place: Place, known: impl IntoIterator<Item = &'w str>) {
        let (noun, table) = match code {
            Code::UnknownVoice => ("voice", "voices"),
            Code::UnknownSource => ("source", "sources"),
            _ => ("entity", "entities"),
        };
        let help = self.meant(name, known, &format!("add it to `{table}` in the manifest"));
        self.say(Diagnostic::new(code, place, format!("the manifest has no {noun} `{name}`")).help(help));
    }

    /// A help with the known name that is nearest to a mistaken one, else another help.
    pub fn meant<'w>(&mut self, word: &str, known: impl IntoIterator<Item = &'w str>, otherwise: &str) -> String {
        match self.may_guess().then(|| nearest(word, known)).flatten() {
            Some(near) => format!("did you mean `{near}`?"),
            None => otherwise.to_owned(),
        }
    }

    /// Whether one more nearest name may be looked for.
    pub fn may_guess(&mut self) -> bool {
        let may = self.guesses > 0;
        self.guesses = self.guesses.saturating_sub(1);
        may
    }

    /// Takes in what was found wrong in the next part of the same text.
    pub fn join(&mut self, part: Reading<'a>) {
        self.faults.extend(part.faults);
        self.guesses = self.guesses.saturating_sub(MOST_GUESSES - part.guesses);
    }

    /// Whether it may be that not every nearest name was looked for.
    pub fn has_guessed_enough(&self) -> bool {
        self.guesses == 0
    }

    /// Anything, carried through and never interpreted.
    pub fn free(&mut self, node: Node<'a>) -> Free {
        match node.shape {
            Shape::Scalar(text, Style::Quoted) => Free::Text(text.into_owned()),
            Shape::Scalar(text, Style::Plain) => plain_free(&text),
            Shape::List(nodes) => Free::List(nodes.into_iter().map(|node| self.free(node)).collect()),
            Shape::Map(entries) => {
                Free::Map(entries.into_iter().map(|(key, node)| (key.text.into_owned(), self.free(node))).collect())
            }
            Shape::Broken => {
                self.is_broken = true;
                Free::Null
            }
        }
    }
}

/// A plain scalar by the core schema; a number keeps its spelling where every format reads it alike.
pub(super) fn plain_free(text: &str) -> Free {
    if tree::is_null(text) {
        return Free::Null;
    }
    if let Some(truth) = tree::truth(text) {
        return Free::Truth(truth);
    }
    match Decimal::parse(text) {
        Some(_) if is_json_number(text) => Free::Number(text.to_owned()),
        Some(number) => Free::Number(number.to_string()),
        None if is_json_number(text) => Free::Number(text.to_owned()),
        None => Free::Text(text.to_owned()),
    }
}

/// Names in a sentence: `` `a`, `b` and `c` ``.
pub(super) fn listed<'w>(names: impl Iterator<Item = &'w str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}
