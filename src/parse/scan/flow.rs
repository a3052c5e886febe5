//! Flow collections: lists in brackets, mappings in braces. Knows nothing of the block they stand in but its column.

use std::borrow::Cow;

use super::block::KEY;
use super::scalar::Stop;
use super::{DEPTH, Scan};
use crate::parse::tree::{self, Entries, Key, Node, Shape, Style};

impl<'a> Scan<'a> {
    /// The list or mapping that begins here, in a block at this column.
    pub(super) fn flow(&mut self, col: isize, depth: usize) -> Option<Node<'a>> {
        if depth > DEPTH {
            return None;
        }
        let start = self.at;
        let shape = if self.bytes[start] == b'[' {
            Shape::List(self.flow_list(col, depth)?)
        } else {
            Shape::Map(self.flow_map(col, depth)?)
        };
        Some(Node { shape, place: self.place(start, self.at) })
    }

    fn flow_list(&mut self, col: isize, depth: usize) -> Option<Vec<Node<'a>>> {
        let mut nodes = Vec::with_capacity(4);
        self.at += 1;
        loop {
            self.blank(col)?;
            if self.byte()? == b']' {
                break;
            }
            nodes.push(self.flow_node(col, depth)?);
            if !self.has_more(b']', col)? {
                break;
            }
        }
        self.at += 1;
        Some(nodes)
    }

    fn flow_map(&mut self, col: isize, depth: usize) -> Option<Entries<'a>> {
        let mut entries: Entries = Vec::with_capacity(4);
        self.at += 1;
        loop {
            self.blank(col)?;
            if self.byte()? == b'}' {
                break;
            }
            let key = self.flow_key()?;
            entries.push((key, self.flow_node(col, depth)?));
            if !self.has_more(b'}', col)? {
                break;
            }
        }
        self.at += 1;
        tree::without_duplicates(&mut entries, &mut self.faults);
        Some(entries)
    }

    /// Whether a comma stands next, which it passes over, or the closing bracket.
    fn has_more(&mut self, close: u8, col: isize) -> Option<bool> {
        self.blank(col)?;
        match self.byte()? {
            b',' => {
                self.at += 1;
                Some(true)
            }
            byte => (byte == close).then_some(false),
        }
    }

    /// A key, its colon, and the blanks up to its value, all on one line.
    fn flow_key(&mut self) -> Option<Key<'a>> {
        let start = self.at;
        let (text, end, adjacent) = match self.byte()? {
            b'"' | b'\'' => {
                let (text, end) = self.quoted()?;
                (text, end, true)
            }
            _ if self.begins_plain(start, true) => {
                let (end, _) = self.words(start, true)?;
                (Cow::Borrowed(&self.content[start..end]), end, false)
            }
            _ => return None,
        };
        // After a key in quotes the value may follow the colon at once.
        let is_key = self.bytes.get(end) == Some(&b':')
            && (adjacent || self.bytes.get(end + 1) == Some(&b' '))
            && end - start < KEY;
        self.at = end + 1;
        self.spaces();
        is_key.then(|| Key { text, place: self.place(start, end) })
    }

    /// A scalar or collection within a collection.
    fn flow_node(&mut self, col: isize, depth: usize) -> Option<Node<'a>> {
        let start = self.at;
        match self.byte()? {
            b'[' | b'{' => self.flow(col, depth + 1),
            b'"' | b'\'' => {
                let (text, end) = self.quoted()?;
                self.at = end;
                Some(Node { shape: Shape::Scalar(text, Style::Quoted), place: self.place(start, end) })
            }
            _ if self.begins_plain(start, true) => {
                let (end, stop) = self.words(start, true)?;
                if stop == Stop::Colon {
                    return None;
                }
                self.at = end;
                let text = Cow::Borrowed(&self.content[start..end]);
                Some(Node { shape: Shape::Scalar(text, Style::Plain), place: self.place(start, end) })
            }
            _ => None,
        }
    }

    /// Passes over blanks, line ends and comments. A line that is indented no further than the block may hold only a
    /// closing bracket; others are left to the library.
    fn blank(&mut self, col: isize) -> Option<()> {
        loop {
            self.spaces();
            match self.byte()? {
                b'\n' | b'\r' => {
                    self.next_line()?;
                    let closes = matches!(self.byte()?, b']' | b'}');
                    return (self.col > col || (closes && self.col != super::ENDED)).then_some(());
                }
                b'#' if self.bytes[self.at - 1] == b' ' => self.skip_line(),
                b'#' => return None,
                _ => return Some(()),
            }
        }
    }
}
