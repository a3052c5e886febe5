//! Block mappings and block lists. Knows nothing of how scalars are written.

use std::borrow::Cow;

use super::scalar::Stop;
use super::{DEPTH, Scan, end_of};
use crate::parse::tree::{self, Entries, Key, Node, Shape, Style};

/// A key that may be longer is left to the library, which knows the limit.
pub(super) const KEY: usize = 1000;

impl<'a> Scan<'a> {
    /// A mapping whose first key stands here.
    pub(super) fn mapping(&mut self, depth: usize) -> Option<Node<'a>> {
        if depth > DEPTH {
            return None;
        }
        let (start, col) = (self.at, self.col);
        let mut entries: Entries = Vec::with_capacity(4);
        loop {
            let key = self.key()?;
            let node = self.value(&key, col, depth + 1)?;
            entries.push((key, node));
            if self.col < col {
                break;
            }
            if self.col > col {
                return None;
            }
        }
        tree::without_duplicates(&mut entries, &mut self.faults);
        let end = end_of(entries.last().map(|(_, node)| node), start);
        Some(Node { shape: Shape::Map(entries), place: self.place(start, end) })
    }

    /// A key and its colon.
    fn key(&mut self) -> Option<Key<'a>> {
        let start = self.at;
        let (text, end) = match self.byte()? {
            b'"' | b'\'' => self.quoted()?,
            _ => {
                let (end, Stop::Colon) = self.plain(start)? else { return None };
                (Cow::Borrowed(&self.content[start..end]), end)
            }
        };
        // A blank before the colon is left to the library, and so is an empty key.
        let is_key = self.bytes.get(end) == Some(&b':')
            && (self.is_end(end + 1) || self.bytes[end + 1] == b' ')
            && (1..KEY).contains(&(end - start));
        self.at = end + 1;
        is_key.then(|| Key { text, place: self.place(start, end) })
    }

    /// What stands behind the colon of a key at this column, or below it.
    fn value(&mut self, key: &Key, col: isize, depth: usize) -> Option<Node<'a>> {
        let colon = self.at;
        self.spaces();
        match self.byte() {
            None | Some(b'\n' | b'\r') => {}
            Some(b'#') if self.at > colon => self.skip_line(),
            _ if self.is_dash() => return None,
            _ => return self.inline(col, depth),
        }
        self.next_line()?;
        if self.col == col && self.is_dash() {
            return self.list(true, depth);
        }
        if self.col > col {
            return if self.is_dash() { self.list(false, depth) } else { self.mapping(depth) };
        }
        Some(Node { shape: Shape::Scalar(Cow::Borrowed(""), Style::Plain), place: key.place })
    }

    /// A scalar or a flow collection that begins in a line of a block at this column.
    fn inline(&mut self, col: isize, depth: usize) -> Option<Node<'a>> {
        let start = self.at;
        let node = match self.byte()? {
            b'"' | b'\'' => {
                let (text, end) = self.quoted()?;
                self.at = end;
                Node { shape: Shape::Scalar(text, Style::Quoted), place: self.place(start, end) }
            }
            b'[' | b'{' => self.flow(col, depth)?,
            b'|' | b'>' => return self.block_scalar(col),
            _ => return self.plain_scalar(col),
        };
        self.rest_of_line()?;
        self.next_line()?;
        Some(node)
    }

    /// A block list whose first dash stands here; one at the column of its key ends before the next key.
    fn list(&mut self, beside_key: bool, depth: usize) -> Option<Node<'a>> {
        if depth > DEPTH {
            return None;
        }
        let (mut start, col) = (self.at, self.col);
        let mut nodes = Vec::with_capacity(4);
        loop {
            self.dash()?;
            // The library has such a list begin at its first element.
            if beside_key && nodes.is_empty() {
                start = self.at;
            }
            nodes.push(self.item(col, depth + 1)?);
            if self.col == col && self.is_dash() {
                continue;
            }
            if self.col > col || (self.col == col && !beside_key) {
                return None;
            }
            break;
        }
        let end = end_of(nodes.last(), start);
        Some(Node { shape: Shape::List(nodes), place: self.place(start, end) })
    }

    /// Goes from a dash to what follows it on the line.
    pub(super) fn dash(&mut self) -> Option<()> {
        let dash = self.at;
        self.at += 1;
        self.spaces();
        if self.is_end(self.at) || self.byte() == Some(b'#') {
            return None;
        }
        self.col += (self.at - dash).cast_signed();
        Some(())
    }

    /// An element of a list whose dashes stand at this column.
    pub(super) fn item(&mut self, col: isize, depth: usize) -> Option<Node<'a>> {
        if self.is_dash() {
            return self.list(false, depth);
        }
        let is_mapping = match self.byte()? {
            b'"' | b'\'' => {
                let (_, end) = self.quoted()?;
                self.bytes.get(end) == Some(&b':')
            }
            b'[' | b'{' | b'|' | b'>' => false,
            _ => matches!(self.plain(self.at)?, (_, Stop::Colon)),
        };
        if is_mapping { self.mapping(depth) } else { self.inline(col, depth) }
    }
}
