//! One stretch of YAML between two `---` lines as it is written: its tree and its comments. For whoever writes it anew; a
//! stretch in which more is written than a tree with comments can tell is refused. Knows nothing of events.

use std::ops::Range;

use super::tree::{self, Node, Shape, Style};
use super::{date, scan, yaml};
use crate::model::text::FileId;

/// What a stretch holds.
pub(crate) struct Written<'a> {
    /// The document; of a list its elements.
    pub roots: Vec<Node<'a>>,
    /// Whether the document is a list.
    pub is_list: bool,
    /// Where the comments stand, `#` included, in the order written.
    pub comments: Vec<Range<usize>>,
}

/// What a scalar is by YAML's core schema.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// A text, in quotes or without.
    Text,
    /// A number, a truth or nothing.
    Other,
}

/// Reads a stretch, or says in words what it has that a tree with comments does not.
pub(crate) fn written(stretch: &str) -> Result<Written<'_>, &'static str> {
    let comments = yaml::comments(stretch)?;
    let (mut roots, mut is_list, mut is_whole) = (Vec::new(), false, true);
    scan::read(FileId(0), stretch, &mut |document| {
        is_list |= document.listed;
        is_whole &= document.faults.is_empty();
        match document.root {
            Some(root) => roots.push(root),
            None => is_whole = false,
        }
    });
    match roots.as_slice() {
        _ if !is_whole => Err("it cannot be read"),
        [] => Err("it is empty"),
        [Node { shape: Shape::Map(_), .. }] => Ok(Written { roots, is_list, comments }),
        [..] if is_list => Ok(Written { roots, is_list, comments }),
        [..] => Err("it is no mapping and no list"),
    }
}

/// What a scalar is.
pub(crate) fn kind(text: &str, style: Style) -> Kind {
    let is_other = tree::is_null(text)
        || tree::truth(text).is_some()
        || crate::model::decimal::is_number(text)
        || tree::is_no_number(text);
    if style == Style::Plain && is_other { Kind::Other } else { Kind::Text }
}

/// The words of a flow collection if the format may read them as a date that they look like (1-format, Dates).
pub(crate) fn bracketed_date(words: &str) -> Option<String> {
    let words = date::closed_up(words);
    crate::model::date::Date::parse(&words).is_ok().then(|| words.into_owned())
}
