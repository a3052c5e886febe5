//! YAML that is neither event nor manifest, such as the rules of an import: taken apart as those are, with the same words
//! for the same faults. Knows nothing of what its keys mean.

use super::reading::Reading;
use super::scan;
use super::tree::{Document, Entries, Key, Node};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::Free;
use crate::model::manifest::Manifest;
use crate::model::text::{FileId, Located};

/// Takes the nodes of one document, and gathers what is wrong with them.
pub struct Decoder<'a>(Reading<'a>);

impl<'a> Decoder<'a> {
    /// Reads a text that is one document of any kind; nothing where it is empty or no YAML.
    pub fn new(content: &'a str, nothing: &'a Manifest) -> (Decoder<'a>, Option<Node<'a>>) {
        let file = FileId(0);
        let mut reading = Reading::new(file, content, nothing);
        let mut documents: Vec<Document> = Vec::new();
        scan::read(file, content, &mut |document| documents.push(document));
        for document in &mut documents {
            reading.faults.append(&mut document.faults);
        }
        let mut roots = documents.into_iter().filter_map(|document| document.root);
        let first = roots.next();
        if let Some(second) = roots.next() {
            reading.say(Diagnostic::new(Code::WrongType, second.place, "a second document: this file is one alone"));
        }
        (Decoder(reading), first)
    }

    /// What was found wrong so far, in the order of the text.
    pub fn faults(mut self) -> Vec<Diagnostic> {
        self.0.faults.sort_by_key(|fault| fault.place);
        self.0.faults
    }

    /// Whether nothing was found wrong so far.
    pub fn is_whole(&self) -> bool {
        self.0.faults.is_empty()
    }

    /// Reports a fault.
    pub fn say(&mut self, fault: Diagnostic) {
        self.0.say(fault);
    }

    /// The entries of a mapping.
    pub fn map(&mut self, what: &str, wants: &str, node: Node<'a>) -> Option<Entries<'a>> {
        self.0.map(what, wants, node)
    }

    /// The elements of a list; a scalar or mapping alone is a list of one.
    pub fn items(&mut self, what: &str, wants: &str, node: Node<'a>) -> Vec<Node<'a>> {
        self.0.items(what, wants, node)
    }

    /// A scalar as written, whatever the core schema would make of it.
    pub fn text(&mut self, what: &str, node: Node<'a>) -> Option<Located<String>> {
        self.0.text(what, node)
    }

    /// A list of texts, or one alone.
    pub fn texts(&mut self, what: &str, node: Node<'a>) -> Vec<Located<String>> {
        self.0.texts(what, node)
    }

    /// `true` or `false`.
    pub fn truth(&mut self, what: &str, node: &Node<'a>) -> Option<bool> {
        self.0.truth(what, node)
    }

    /// Anything, by the core schema.
    pub fn free(&mut self, node: Node<'a>) -> Free {
        self.0.free(node)
    }

    /// Reports a node of another shape than is wanted.
    pub fn wrong(&mut self, what: &str, wants: &str, node: &Node<'a>) {
        self.0.wrong(what, wants, node);
    }

    /// Reports a key that is not among those known, with the nearest that is.
    pub fn unknown_key(&mut self, key: &Key<'a>, of: &str, known: &[&'static str]) {
        self.0.unknown_key(key, of, known);
    }

    /// Reports a word that is not one of a list, with the nearest that is.
    pub fn bad_word(&mut self, what: &str, word: &Located<String>, known: &[&'static str]) {
        self.0.bad_word(what, &word.value, word.place, known.iter().copied());
    }
}
