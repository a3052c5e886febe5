//! The tree of one document, whatever it was written in: scalars, lists and mappings, each with its place.
//! Knows nothing of YAML, JSON or events; the two readers make it, the decoders take it apart.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::text::Place;

/// How deep collections may stand in each other (1-format, Files).
pub(super) const DEPTH: usize = 64;

/// How a scalar is written, which says whether it may be anything but a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Style {
    /// Without quotes: a number, a truth, nothing or a text.
    Plain,
    /// In quotes, or as a block: always a text.
    Quoted,
}

/// A node with the place of the words that it was read from; an alias has the place of what it stands for.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Node<'a> {
    pub shape: Shape<'a>,
    pub place: Place,
}

/// What a node is.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Shape<'a> {
    Scalar(Cow<'a, str>, Style),
    List(Vec<Node<'a>>),
    Map(Entries<'a>),
    /// What could not be read and was reported, so that no decoder reports it again.
    Broken,
}

/// The entries of a mapping, in the order written.
pub(crate) type Entries<'a> = Vec<(Key<'a>, Node<'a>)>;

/// A key, as written.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Key<'a> {
    pub text: Cow<'a, str>,
    pub place: Place,
}

/// One document as a reader hands it on.
#[derive(Debug)]
pub(super) struct Document<'a> {
    /// What could be read; nothing after an error of syntax.
    pub root: Option<Node<'a>>,
    /// The bytes that say the same when they are read alone, if it is sure that they do.
    pub extent: Option<Range<usize>>,
    /// Whether it is an element of a list.
    pub listed: bool,
    /// What the reader found wrong with it.
    pub faults: Vec<Diagnostic>,
}

impl<'a> Node<'a> {
    /// Whether it is the core schema's null, written or left empty.
    pub fn is_null(&self) -> bool {
        matches!(&self.shape, Shape::Scalar(text, Style::Plain) if is_null(text))
    }

    /// How a message names its shape.
    pub fn shape_name(&self) -> &'static str {
        match &self.shape {
            Shape::Scalar(..) if self.is_null() => "nothing",
            Shape::Scalar(..) => "a text",
            Shape::List(_) => "a list",
            Shape::Map(_) => "a mapping",
            Shape::Broken => "a fault",
        }
    }
}

/// A character as a message shows it.
pub(super) fn shown(c: char) -> String {
    if c.is_control() || c == '\u{feff}' { c.escape_default().to_string() } else { c.to_string() }
}

/// Whether a plain scalar is null (YAML 1.2 §10.3.2).
pub(super) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// Whether a plain scalar is a truth, and which (YAML 1.2 §10.3.2).
pub(super) fn truth(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// Whether a plain scalar is an infinity or not-a-number (YAML 1.2 §10.3.2).
pub(super) fn is_no_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

/// Takes out every entry whose key stood before, with a fault for each.
pub(super) fn without_duplicates(entries: &mut Entries, faults: &mut Vec<Diagnostic>) {
    // Most mappings are short, and then a walk is cheaper than a table.
    let small = entries.len() <= 24;
    let is_first = |at: usize| entries[..at].iter().all(|(key, _)| key.text != entries[at].0.text);
    if small && (1..entries.len()).all(is_first) {
        return;
    }
    let mut seen: FxHashMap<Cow<str>, Place> = FxHashMap::default();
    entries.retain(|(key, _)| match seen.entry(key.text.clone()) {
        Entry::Vacant(vacant) => {
            vacant.insert(key.place);
            true
        }
        Entry::Occupied(first) => {
            faults.push(duplicate(&key.text, key.place, *first.get()));
            false
        }
    });
}

/// The fault of a name that stands twice.
pub(super) fn duplicate(name: &str, place: Place, first: Place) -> Diagnostic {
    Diagnostic::new(Code::DuplicateKey, place, format!("`{name}` stands twice"))
        .note("first here", Some(first))
        .help("keep one of the two")
}
