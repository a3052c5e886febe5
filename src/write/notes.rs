//! A tree as it was read, with the comments that stand around it → the tree that is written: each comment at the key or
//! element that it speaks of. One behind something on its line speaks of that; one on a line of its own of what comes
//! next, or, indented further than that, of the collection that ends there. Knows nothing of keys.

use std::ops::Range;

use super::layout::{List, Map, Node, Part};
use crate::parse::tree::{Key, Node as Read, Shape, Style};
use crate::parse::written::{self, Kind, Written};

/// What stands next: where it begins, and its column.
#[derive(Clone, Copy)]
struct Next {
    at: usize,
    column: Option<usize>,
}

/// A stretch of text as the tree that is written.
pub(super) fn tree(text: &str, written: &Written) -> Part {
    let mut notes = Notes { text, comments: &written.comments };
    let end = Next { at: text.len(), column: None };
    let mut root = match (&written.roots[..], written.is_list) {
        ([map], false) => Part::new(notes.node(map, end)),
        (elements, _) => {
            let start = elements.first().map_or(0, |first| notes.dash(first));
            Part::new(Node::List(notes.list(elements, start, None, end)))
        }
    };
    // What stands first and has an empty line behind it speaks of the document, whatever key comes first.
    let first = match &mut root.node {
        Node::Map(map) => map.entries.first_mut().map(|(_, part)| part),
        Node::List(list) => list.items.first_mut(),
        _ => None,
    };
    if let Some(first) = first
        && let Some(blank) = first.before.iter().rposition(String::is_empty)
    {
        let rest = first.before.split_off(blank + 1);
        root.before = std::mem::replace(&mut first.before, rest);
        let blank = root.before.iter().take_while(|line| line.is_empty()).count();
        root.before.drain(..blank);
    }
    root
}

struct Notes<'t> {
    text: &'t str,
    /// Those that have found no place yet.
    comments: &'t [Range<usize>],
}

impl Notes<'_> {
    fn node(&mut self, read: &Read, next: Next) -> Node {
        let place = read.place.start as usize..read.place.end as usize;
        match &read.shape {
            Shape::Broken => Node::Plain(String::new()),
            Shape::Scalar(text, style) => scalar(text, *style),
            Shape::List(items) => {
                let is_flow = self.is_flow_list(read);
                if is_flow && let Some(date) = self.date(&place) {
                    return Node::Plain(date);
                }
                let start = items.first().filter(|_| !is_flow).map_or(place.start, |first| self.dash(first));
                Node::List(self.list(items, start, is_flow.then_some(place.end), next))
            }
            Shape::Map(entries) => {
                let is_flow = self.text[place.start..].starts_with('{');
                if is_flow && let Some(date) = self.date(&place) {
                    return Node::Plain(date);
                }
                Node::Map(self.map(entries, is_flow.then_some(place.end), next))
            }
        }
    }

    fn map(&mut self, entries: &[(Key, Read)], flow_end: Option<usize>, next: Next) -> Map {
        let column = entries.first().map(|(key, _)| self.column(key.place.start as usize));
        let mut map = Map::default();
        for (at, (key, read)) in entries.iter().enumerate() {
            let after = match entries.get(at + 1) {
                Some((key, _)) => Next { at: key.place.start as usize, column },
                None => flow_end.map_or(next, |at| Next { at, column: None }),
            };
            let before = self.before(key.place.start as usize, flow_end.is_none());
            let part = self.part(read, key.place.end as usize, before, after);
            map.entries.push((key.text.clone().into_owned(), part));
        }
        map.foot = self.foot(column, flow_end, next);
        map
    }

    fn list(&mut self, items: &[Read], start: usize, flow_end: Option<usize>, next: Next) -> List {
        let column = Some(self.column(start));
        let begins = |notes: &Self, item: &Read| match flow_end {
            Some(_) => item.place.start as usize,
            None => notes.dash(item),
        };
        let mut list = List::default();
        for (at, read) in items.iter().enumerate() {
            let after = match items.get(at + 1) {
                Some(item) => Next { at: begins(self, item), column },
                None => flow_end.map_or(next, |at| Next { at, column: None }),
            };
            let begin = begins(self, read);
            let mut before = self.before(begin, flow_end.is_none());
            // What stands behind a dash has no line of its own to stand behind.
            before.extend(self.take(read.place.start as usize).into_iter().map(|comment| self.words(&comment)));
            let mut part = self.part(read, begin, before, after);
            if part.node == Node::Plain(String::new()) {
                part.node = Node::Plain("null".to_owned());
            }
            list.items.push(part);
        }
        list.foot = self.foot(column, flow_end, next);
        list
    }

    /// What stands behind a key that ends at `end`, or behind a dash.
    fn part(&mut self, read: &Read, end: usize, mut before: Vec<String>, after: Next) -> Part {
        let begins = (read.place.start as usize).max(end);
        let mut behind = None;
        let is_block = match &read.shape {
            Shape::List(_) => !self.is_flow_list(read),
            Shape::Map(_) => !self.text[read.place.start as usize..].starts_with('{'),
            _ => false,
        };
        while let Some(comment) = self.comments.first().cloned()
            && comment.start < begins
            && (!is_block || !self.is_alone(&comment))
        {
            let words = self.words(&comment);
            match self.is_alone(&comment) {
                true => before.push(words),
                false => before.extend(behind.replace(words)),
            }
            self.comments = &self.comments[1..];
        }
        let node = self.node(read, after);
        while let Some(comment) = self.comments.first().cloned()
            && comment.start < after.at
            && !self.is_alone(&comment)
        {
            before.extend(behind.replace(self.words(&comment)));
            self.comments = &self.comments[1..];
        }
        Part { before, behind, node }
    }

    /// The comments on lines of their own before what begins at `at`, with an empty line where there are any.
    fn before(&mut self, at: usize, is_block: bool) -> Vec<String> {
        let mut lines = Vec::new();
        for comment in self.take(at) {
            if is_block && self.has_blank_before(comment.start) {
                lines.push(String::new());
            }
            lines.push(self.words(&comment));
        }
        if is_block && self.has_blank_before(at) {
            lines.push(String::new());
        }
        lines
    }

    /// The comments at the end of a collection, the first key or element of which stands at `column`.
    fn foot(&mut self, column: Option<usize>, flow_end: Option<usize>, next: Next) -> Vec<String> {
        let mut lines = Vec::new();
        while let Some(comment) = self.comments.first().cloned()
            && comment.start < flow_end.unwrap_or(next.at)
        {
            let own = self.column(comment.start);
            let is_inside = Some(own) >= column && next.column.is_none_or(|next| own > next);
            if flow_end.is_none() && !(is_inside && self.is_alone(&comment)) {
                break;
            }
            if flow_end.is_none() && self.has_blank_before(comment.start) {
                lines.push(String::new());
            }
            lines.push(self.words(&comment));
            self.comments = &self.comments[1..];
        }
        lines
    }

    /// Takes the comments before an offset.
    fn take(&mut self, before: usize) -> Vec<Range<usize>> {
        let many = self.comments.iter().take_while(|comment| comment.start < before).count();
        let (taken, rest) = self.comments.split_at(many);
        self.comments = rest;
        taken.to_vec()
    }

    /// A date that a flow collection looks like, if no comment stands in it.
    fn date(&self, place: &Range<usize>) -> Option<String> {
        let has_comment = self.comments.first().is_some_and(|comment| comment.start < place.end);
        written::bracketed_date(&self.text[place.clone()]).filter(|_| !has_comment)
    }

    fn is_flow_list(&self, list: &Read) -> bool {
        let Shape::List(items) = &list.shape else { return false };
        let begins_with_item = items.first().is_some_and(|item| item.place.start == list.place.start);
        self.text[list.place.start as usize..].starts_with('[') && !begins_with_item
    }

    /// Where the dash of an element of a block list stands.
    fn dash(&self, element: &Read) -> usize {
        let before = &self.text[..element.place.start as usize];
        // Between a dash and its element nothing stands but blanks and comments.
        let mut lines = before.split_inclusive('\n').rev().scan(before.len(), |end, line| {
            *end -= line.len();
            Some((*end, line))
        });
        let found = lines.find_map(|(start, line)| {
            let words = line.split(" #").next().unwrap_or(line).trim_end();
            (words.ends_with('-') && words.trim_matches([' ', '-']).is_empty()).then(|| start + words.len() - 1)
        });
        found.unwrap_or(element.place.start as usize)
    }

    fn words(&self, comment: &Range<usize>) -> String {
        self.text[comment.clone()].trim_end().to_owned()
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |end| end + 1)
    }

    fn column(&self, at: usize) -> usize {
        at - self.line_start(at)
    }

    /// Whether a comment has its line for itself.
    fn is_alone(&self, comment: &Range<usize>) -> bool {
        self.text[self.line_start(comment.start)..comment.start].trim().is_empty()
    }

    fn has_blank_before(&self, at: usize) -> bool {
        let start = self.line_start(at);
        let before = self.text[..start].strip_suffix('\n').unwrap_or("");
        start > 0 && self.text[self.line_start(before.len())..before.len()].trim().is_empty()
    }
}

fn scalar(text: &str, style: Style) -> Node {
    match written::kind(text, style) {
        Kind::Text => Node::Text(text.to_owned()),
        Kind::Other => Node::Plain(text.to_owned()),
    }
}
