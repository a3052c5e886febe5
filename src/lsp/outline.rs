//! What stands where in a text of YAML or JSON that may be broken just now: every word with the keys that it stands below,
//! by lines, indentation and brackets. It never fails, and gives up no more than the line that it does not understand;
//! what a chronicle says is for `parse/` alone. Knows nothing of what keys mean.

mod scan;

use std::borrow::Cow;
use std::ops::Range;

/// How deep collections may stand in each other (1-format, Files).
const DEPTH: usize = 64;

/// How a text is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Writing {
    /// YAML.
    Yaml,
    /// One JSON text.
    Json,
    /// A JSON text on every line, each a document of its own.
    Lines,
}

impl Writing {
    /// That of a file, by the ending of its name.
    pub fn of(name: &str) -> Writing {
        match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("json") => Writing::Json,
            Some("jsonl") => Writing::Lines,
            _ => Writing::Yaml,
        }
    }
}

/// What a word is in its mapping or list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// A key, with its colon.
    Key,
    /// The value of a key, or an item of a list.
    Value,
    /// A key whose colon is not written yet, or a value on a line of its own.
    Either,
}

/// A step from a document down to a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step<'o> {
    /// Below this key.
    Key(&'o str),
    /// In a list.
    Item,
}

/// A scalar in the text.
#[derive(Clone, Debug)]
pub struct Word<'t> {
    /// What it says, without quotes.
    pub text: Cow<'t, str>,
    /// Its bytes, without quotes.
    pub place: Range<usize>,
    /// What it is.
    pub role: Role,
    node: usize,
}

/// What words stand below.
#[derive(Clone, Copy, Debug)]
enum Node {
    /// A document of the text.
    Document,
    /// A key, by its word, below a node.
    Key(usize, usize),
    /// An item of a list below a node.
    Item(usize),
}

/// The words of a text in their order.
#[derive(Clone, Debug)]
pub struct Outline<'t> {
    /// The words.
    pub words: Vec<Word<'t>>,
    nodes: Vec<Node>,
    /// Of every node the document that it belongs to.
    documents: Vec<usize>,
}

impl<'t> Outline<'t> {
    /// Reads a text.
    pub fn of(text: &'t str, writing: Writing) -> Outline<'t> {
        scan::scan(text, writing)
    }

    /// The word at a byte, its end included.
    pub fn at(&self, byte: usize) -> Option<&Word<'t>> {
        let next = self.words.partition_point(|word| word.place.end < byte);
        self.words.get(next).filter(|word| word.place.start <= byte)
    }

    /// The document that a word belongs to: a number of its own for each; an item of a list that is the whole text is one.
    pub fn document(&self, word: &Word) -> usize {
        self.documents[word.node]
    }

    /// The steps from its document down to a word, of which no more are told than the format has.
    pub fn steps<'o>(&'o self, word: &Word) -> Vec<Step<'o>> {
        let (mut steps, document) = (Vec::new(), self.document(word));
        let mut node = word.node;
        while node != document && steps.len() <= DEPTH {
            node = match self.nodes[node] {
                Node::Document => break,
                Node::Key(key, parent) => {
                    steps.push(Step::Key(&self.words[key].text));
                    parent
                }
                Node::Item(parent) => {
                    steps.push(Step::Item);
                    parent
                }
            };
        }
        steps.reverse();
        steps
    }

    /// The keys that stand beside a word in its mapping.
    pub fn siblings<'o>(&'o self, word: &Word) -> impl Iterator<Item = &'o str> + use<'o, 't> {
        let node = word.node;
        self.words.iter().filter(move |other| other.node == node && other.role == Role::Key).map(|other| &*other.text)
    }

    /// The documents in their order.
    pub fn documents<'o>(&'o self) -> Vec<Document<'o, 't>> {
        let mut documents: Vec<Document<'o, 't>> = Vec::new();
        for word in &self.words {
            let number = self.document(word);
            match documents.last_mut() {
                Some(last) if last.number == number => last.words.push(word),
                _ => documents.push(Document { number, words: vec![word], outline: self }),
            }
        }
        documents
    }
}

/// A document of a text with its words, of which there is at least one.
pub struct Document<'o, 't> {
    /// Its number in the outline.
    pub number: usize,
    /// Its words.
    pub words: Vec<&'o Word<'t>>,
    outline: &'o Outline<'t>,
}

impl<'o, 't> Document<'o, 't> {
    /// What stands at a key of its own.
    pub fn value(&self, key: &str) -> Option<&'o Word<'t>> {
        self.words.iter().copied().find(|word| {
            let Node::Key(name, parent) = self.outline.nodes[word.node] else { return false };
            parent == self.number && word.role != Role::Key && self.outline.words[name].text == key
        })
    }

    /// Whether it has a key of its own.
    pub fn has(&self, key: &str) -> bool {
        self.words.iter().any(|word| word.node == self.number && word.role == Role::Key && word.text == key)
    }

    /// Its bytes, from the first word to the last.
    pub fn place(&self) -> Range<usize> {
        let last = self.words.last().map_or(0, |word| word.place.end);
        self.words.first().map_or(0, |word| word.place.start)..last
    }
}

#[cfg(test)]
mod tests;
