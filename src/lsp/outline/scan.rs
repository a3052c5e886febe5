//! Reads a text into an outline: line by line where it is written in lines, from bracket to bracket where it is written in
//! brackets. Knows nothing of what is done with it.

use std::borrow::Cow;
use std::ops::Range;

use super::{Node, Outline, Role, Word, Writing};

/// Reads a text.
pub(super) fn scan(text: &str, writing: Writing) -> Outline<'_> {
    let outline = Outline { words: Vec::new(), nodes: vec![Node::Document], documents: vec![0] };
    let mut scan = Scan { text, at: 0, writing, frames: Vec::new(), document: 0, outline };
    while scan.at < text.len() {
        scan.line();
    }
    scan.outline
}

/// A mapping or list that is being read.
#[derive(Clone, Copy)]
struct Frame {
    /// The column at which its keys or dashes stand.
    column: usize,
    is_list: bool,
    /// What its keys or items stand below.
    base: usize,
    /// The key or item that was read last.
    current: usize,
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    writing: Writing,
    frames: Vec<Frame>,
    document: usize,
    outline: Outline<'t>,
}

impl<'t> Scan<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn line_end(&self) -> usize {
        self.rest().find('\n').map_or(self.text.len(), |length| self.at + length)
    }

    fn node(&mut self, node: Node) -> usize {
        let number = self.outline.nodes.len();
        let document = match node {
            Node::Document => number,
            Node::Item(parent) if matches!(self.outline.nodes[parent], Node::Document) => number,
            Node::Item(parent) | Node::Key(_, parent) => self.outline.documents[parent],
        };
        self.outline.nodes.push(node);
        self.outline.documents.push(document);
        number
    }

    fn word(&mut self, place: Range<usize>, role: Role, node: usize) -> usize {
        let raw = &self.text[place.clone()];
        let quote = place.start.checked_sub(1).map(|before| self.text.as_bytes()[before]);
        let text = match quote {
            Some(b'\'') if raw.contains("''") => Cow::Owned(raw.replace("''", "'")),
            Some(b'"') if raw.contains('\\') => Cow::Owned(unescaped(raw)),
            _ => Cow::Borrowed(raw),
        };
        self.outline.words.push(Word { text, place, role, node });
        self.outline.words.len() - 1
    }

    fn begin_document(&mut self) {
        self.frames.clear();
        self.document = self.node(Node::Document);
    }

    /// Reads a line, and whatever goes on beyond it.
    fn line(&mut self) {
        let rest = self.rest().trim_start_matches('\u{feff}');
        self.at = self.text.len() - rest.len();
        if self.writing == Writing::Lines {
            self.begin_document();
        }
        if let Some(after) = rest.strip_prefix("---").or_else(|| rest.strip_prefix("..."))
            && (after.is_empty() || after.starts_with(char::is_whitespace))
        {
            self.begin_document();
            self.at += 3;
        }
        let line = &self.text[self.at..self.line_end()];
        let column = line.len() - line.trim_start_matches([' ', '\t']).len();
        self.at += column;
        self.block(column);
        // Whatever is left of it is not understood.
        let end = self.line_end();
        self.at = (end + 1).min(self.text.len());
    }

    /// Reads what stands at a column of a line: dashes, then a key, a value or a word of which it is not said yet.
    fn block(&mut self, mut column: usize) {
        let end = self.line_end();
        loop {
            let line = &self.text[self.at..end];
            if line.starts_with('#') || line.trim_start().is_empty() {
                return;
            }
            let behind = line.strip_prefix('-');
            let Some(behind) = behind.filter(|rest| rest.chars().next().is_none_or(char::is_whitespace)) else { break };
            while self.frames.last().is_some_and(|top| top.column > column) {
                self.frames.pop();
            }
            if !self.frames.last().is_some_and(|top| top.column == column && top.is_list) {
                let base = self.current();
                self.frames.push(Frame { column, is_list: true, base, current: base });
            }
            let base = self.frames[self.frames.len() - 1].base;
            let item = self.node(Node::Item(base));
            self.set_current(item);
            let width = 1 + behind.len() - behind.trim_start().len();
            self.at += width;
            column += width;
        }
        let key = self.key_here();
        while self.frames.last().is_some_and(|top| top.column > column || (top.column == column && top.is_list)) {
            self.frames.pop();
        }
        let is_beside = self.frames.last().is_some_and(|top| top.column == column);
        match key {
            Some((place, after)) => {
                if !is_beside {
                    let base = self.current();
                    self.frames.push(Frame { column, is_list: false, base, current: base });
                }
                let base = self.frames[self.frames.len() - 1].base;
                let word = self.word(place, Role::Key, base);
                let node = self.node(Node::Key(word, base));
                self.set_current(node);
                self.at = after;
                self.value(node, Role::Value);
            }
            None => {
                let node = if is_beside { self.frames[self.frames.len() - 1].base } else { self.current() };
                self.value(node, Role::Either);
            }
        }
    }

    /// What the next thing stands below.
    fn current(&self) -> usize {
        self.frames.last().map_or(self.document, |top| top.current)
    }

    fn set_current(&mut self, node: usize) {
        if let Some(top) = self.frames.last_mut() {
            top.current = node;
        }
    }

    /// The key that begins here, and the byte after its colon.
    fn key_here(&self) -> Option<(Range<usize>, usize)> {
        let end = self.line_end();
        let line = &self.text[self.at..end];
        let (place, after) = match line.as_bytes().first()? {
            quote @ (b'"' | b'\'') => {
                let close = self.at + 1 + closed(&line[1..], *quote)?;
                (self.at + 1..close, close + 1)
            }
            b'{' | b'[' | b'|' | b'>' | b'&' | b'!' | b'%' | b'@' => return None,
            _ => {
                let colon = colon_of(line)?;
                let key = line[..colon].trim_end();
                (self.at..self.at + key.len(), self.at + colon)
            }
        };
        let behind = &self.text[after..end];
        let blanks = behind.len() - behind.trim_start().len();
        let tail = behind[blanks..].strip_prefix(':')?;
        (tail.is_empty() || tail.starts_with(char::is_whitespace)).then_some((place, after + blanks + 1))
    }

    /// Reads a value that begins on this line.
    fn value(&mut self, node: usize, role: Role) {
        loop {
            let line = &self.text[self.at..self.line_end()];
            self.at += line.len() - line.trim_start().len();
            let line = &self.text[self.at..self.line_end()];
            // Anchors and tags stand before a value.
            let marked = line.starts_with(['&', '!']).then(|| line.find(char::is_whitespace)).flatten();
            match marked {
                Some(length) => self.at += length,
                None => break,
            }
        }
        let line = &self.text[self.at..self.line_end()];
        match line.as_bytes().first() {
            None | Some(b'#') => {}
            Some(b'|' | b'>') => self.block_text(),
            Some(b'{' | b'[') => self.flow(node),
            Some(quote @ (b'"' | b'\'')) => {
                let place = self.quoted(*quote);
                self.word(place, role, node);
            }
            Some(_) => {
                let place = self.at..self.at + plain(line);
                self.at = place.end;
                self.word(place, role, node);
            }
        }
    }

    /// Passes over a text in a block, whose lines stand deeper than what it belongs to.
    fn block_text(&mut self) {
        let column = self.frames.last().map_or(0, |top| top.column);
        self.at = (self.line_end() + 1).min(self.text.len());
        while self.at < self.text.len() {
            let line = &self.text[self.at..self.line_end()];
            let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
            if !line.trim().is_empty() && indent <= column {
                break;
            }
            self.at = (self.line_end() + 1).min(self.text.len());
        }
        // The line after it is read by whoever comes next.
        self.at = self.at.saturating_sub(usize::from(self.text[..self.at].ends_with('\n')));
    }

    /// The inside of a quoted word, which may go on over deeper lines; one that is never closed ends with its line.
    fn quoted(&mut self, quote: u8) -> Range<usize> {
        let start = self.at + 1;
        let limit = match self.writing {
            Writing::Yaml => {
                let mut ends = self.text[start..].match_indices('\n').map(|(at, _)| start + at);
                ends.find(|end| self.ends_block(end + 1)).unwrap_or(self.text.len())
            }
            Writing::Json | Writing::Lines => self.line_end(),
        };
        match closed(&self.text[start..limit], quote) {
            Some(length) => {
                self.at = start + length + 1;
                start..start + length
            }
            None => {
                let end = self.line_end();
                self.at = end;
                start..start + self.text[start..end].trim_end().len()
            }
        }
    }

    /// Whether the line that begins at a byte belongs no more to what the innermost key or dash holds.
    fn ends_block(&self, start: usize) -> bool {
        let Some(top) = self.frames.last() else { return self.writing == Writing::Lines };
        let line = self.text[start..].split('\n').next().unwrap_or("");
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        !line.trim().is_empty() && indent <= top.column && !line.trim_start().starts_with(['}', ']', '#'])
    }

    /// Reads a collection in brackets.
    fn flow(&mut self, node: usize) {
        let outside = self.frames.len();
        let mut open: Vec<Frame> = Vec::new();
        while self.at < self.text.len() {
            let c = self.text.as_bytes()[self.at];
            let top = open.last().copied();
            match c {
                b'\n' => {
                    if self.ends_block(self.at + 1) {
                        break;
                    }
                    self.at += 1;
                }
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'#' if self.text[..self.at].ends_with(char::is_whitespace) => self.at = self.line_end(),
                b'{' | b'[' => {
                    let base = top.map_or(node, |top| top.current);
                    let is_list = c == b'[';
                    let current = if is_list { self.node(Node::Item(base)) } else { base };
                    open.push(Frame { column: 0, is_list, base, current });
                    self.at += 1;
                }
                b'}' | b']' => {
                    open.pop();
                    self.at += 1;
                    if open.is_empty() {
                        break;
                    }
                }
                b',' => {
                    if let Some(top) = top {
                        let current = if top.is_list { self.node(Node::Item(top.base)) } else { top.base };
                        open.last_mut().into_iter().for_each(|top| top.current = current);
                    }
                    self.at += 1;
                }
                b':' => self.at += 1,
                _ => self.flow_word(c, &mut open),
            }
        }
        self.frames.truncate(outside);
    }

    /// Reads a word in brackets: a key where a colon follows.
    fn flow_word(&mut self, first: u8, open: &mut [Frame]) {
        let is_quoted = matches!(first, b'"' | b'\'');
        let place = if is_quoted {
            self.quoted(first)
        } else {
            let length = flow_plain(self.rest());
            self.at += length;
            self.at - length..self.at
        };
        let Some(top) = open.last_mut() else { return };
        let behind = self.rest().trim_start_matches([' ', '\t']);
        let tail = behind.strip_prefix(':').map(|tail| tail.chars().next());
        let is_key =
            tail.is_some_and(|next| is_quoted || next.is_none_or(|c| c.is_whitespace() || ",[]{}".contains(c)));
        if is_key {
            let word = self.word(place, Role::Key, if top.is_list { top.current } else { top.base });
            let parent = if top.is_list { top.current } else { top.base };
            top.current = self.node(Node::Key(word, parent));
        } else {
            let role = if top.is_list || top.current != top.base { Role::Value } else { Role::Either };
            self.word(place, role, top.current);
        }
    }
}

/// The bytes of a plain word in brackets, which begins with no bracket; at least one.
fn flow_plain(text: &str) -> usize {
    let mut before = ' ';
    let mut length = 0;
    for (at, c) in text.char_indices() {
        let next = text[at + c.len_utf8()..].chars().next();
        let ends = match c {
            ',' | '[' | ']' | '{' | '}' | '\n' => true,
            ':' => next.is_none_or(|c| c.is_whitespace() || ",[]{}".contains(c)),
            '#' => before.is_whitespace(),
            _ => false,
        };
        if ends && at > 0 {
            break;
        }
        before = c;
        length = at + c.len_utf8();
    }
    match text[..length].trim_end().len() {
        0 => length,
        length => length,
    }
}

/// The bytes of a plain word on a line.
fn plain(line: &str) -> usize {
    let end = line.find(" #").unwrap_or(line.len());
    line[..end].trim_end().len()
}

/// The colon that ends a plain key of a line.
fn colon_of(line: &str) -> Option<usize> {
    let mut colons = line.match_indices(':').map(|(at, _)| at);
    let colon = colons.find(|at| line[at + 1..].chars().next().is_none_or(char::is_whitespace))?;
    (!line[..colon].contains(" #")).then_some(colon)
}

/// The byte at which a quote closes.
fn closed(text: &str, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 1,
            byte if byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// What is written in double quotes, as far as names have it: a backslash before a character stands for that.
fn unescaped(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        text.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    text
}
