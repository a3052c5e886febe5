//! JSON (RFC 8259) → the same trees as YAML: a file of one document or a list of them, or one document a line.
//! Its own reader, because JSON is not quite YAML and imports are large. Knows nothing of what a document means.

use std::borrow::Cow;
use std::ops::Range;

use super::tree::{self, DEPTH, Document, Entries, Key, Node, Shape, Style};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::text::{FileId, Place};

/// Hands on the document of a text, or of a list each element as one.
pub(super) fn read<'a>(file: FileId, content: &'a str, take: &mut dyn FnMut(Document<'a>)) {
    let mut json = Json::new(file, content, 0, content.len());
    json.blank();
    if json.at == json.end {
        return;
    }
    if json.next() == Some(b'[') {
        if let Err(fault) = json.elements(take).and_then(|()| json.finished()) {
            take(json.failed(*fault));
        }
    } else {
        take(json.alone());
    }
}

/// Where a text of one document a line may be cut into parts of about so many bytes.
pub(super) fn parts(content: &str, size: usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    while start < content.len() {
        let from = start.saturating_add(size).min(content.len());
        let end = content.as_bytes()[from..].iter().position(|b| *b == b'\n').map_or(content.len(), |at| from + at + 1);
        parts.push(start..end);
        start = end;
    }
    parts
}

/// Hands on the document of every line of a part; blank lines are passed over, and a line with a fault costs only
/// itself.
pub(super) fn read_lines<'a>(file: FileId, content: &'a str, part: Range<usize>, take: &mut dyn FnMut(Document<'a>)) {
    let mut start = part.start;
    while start < part.end {
        let end = content.as_bytes()[start..].iter().position(|b| *b == b'\n').map_or(content.len(), |at| start + at);
        let mut json = Json::new(file, content, start, end);
        json.blank();
        if json.at < json.end {
            take(Document { extent: Some(start..end), ..json.alone() });
        }
        start = end + 1;
    }
}

/// Reads one document that was sure to be read alone; the text begins `base` bytes into its file.
pub(super) fn alone<'a>(file: FileId, content: &'a str, base: usize) -> Option<Node<'a>> {
    let mut json = Json { base, ..Json::new(file, content, 0, content.len()) };
    json.blank();
    json.alone().root
}

/// Reads a text that is one document, whatever it is.
pub(super) fn document<'a>(file: FileId, content: &'a str) -> Document<'a> {
    let mut json = Json::new(file, content, 0, content.len());
    json.blank();
    json.alone()
}

struct Json<'a> {
    file: FileId,
    content: &'a str,
    bytes: &'a [u8],
    /// So far into its file the text begins.
    base: usize,
    at: usize,
    end: usize,
    faults: Vec<Diagnostic>,
}

type Read<T> = Result<T, Box<Diagnostic>>;

impl<'a> Json<'a> {
    fn new(file: FileId, content: &'a str, start: usize, end: usize) -> Json<'a> {
        let mark = '\u{feff}'.len_utf8();
        let at = if start == 0 && content.starts_with('\u{feff}') { mark.min(end) } else { start };
        Json { file, content, bytes: content.as_bytes(), base: 0, at, end, faults: Vec::new() }
    }

    fn next(&self) -> Option<u8> {
        if self.at < self.end { Some(self.bytes[self.at]) } else { None }
    }

    fn blank(&mut self) {
        while matches!(self.next(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn place(&self, start: usize) -> Place {
        Place::new(self.file, self.base + start, self.base + self.at)
    }

    /// A fault at the next character.
    fn wants<T>(&self, what: &str) -> Read<T> {
        let next = self.content[self.at..self.end].chars().next();
        let at = self.base + self.at;
        let place = Place::new(self.file, at, at + next.map_or(0, char::len_utf8));
        let message = match next {
            Some(next) => format!("`{}` where {what} is wanted", tree::shown(next)),
            None => format!("the text ends where {what} is wanted"),
        };
        Err(Box::new(Diagnostic::new(Code::Syntax, place, message)))
    }

    fn failed(&mut self, fault: Diagnostic) -> Document<'a> {
        let mut faults = std::mem::take(&mut self.faults);
        faults.push(fault);
        Document { root: None, extent: None, listed: false, faults }
    }

    fn finished(&mut self) -> Read<()> {
        self.blank();
        if self.at == self.end { Ok(()) } else { self.wants("the end") }
    }

    /// The one document that is left to read.
    fn alone(&mut self) -> Document<'a> {
        match self.value(0).and_then(|root| self.finished().map(|()| root)) {
            Ok(root) => {
                Document { root: Some(root), extent: None, listed: false, faults: std::mem::take(&mut self.faults) }
            }
            Err(fault) => self.failed(*fault),
        }
    }

    /// The elements of the list that is the whole text.
    fn elements(&mut self, take: &mut dyn FnMut(Document<'a>)) -> Read<()> {
        self.at += 1;
        self.blank();
        if self.next() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            let root = self.value(1)?;
            take(Document { root: Some(root), extent: None, listed: true, faults: std::mem::take(&mut self.faults) });
            self.blank();
            match self.next() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return self.wants("`,` or `]`"),
            }
            self.blank();
        }
    }

    fn value(&mut self, depth: usize) -> Read<Node<'a>> {
        let start = self.at;
        let shape = match self.next() {
            Some(b'{' | b'[') if depth >= DEPTH => {
                let place = Place::new(self.file, self.base + start, self.base + start + 1);
                let fault = Diagnostic::new(Code::TooDeep, place, format!("nested deeper than {DEPTH}"));
                return Err(Box::new(fault.help("split the document, or flatten it")));
            }
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Shape::Scalar(self.string()?, Style::Quoted),
            Some(b'-' | b'0'..=b'9') => Shape::Scalar(Cow::Borrowed(self.number()?), Style::Plain),
            _ => Shape::Scalar(Cow::Borrowed(self.word()?), Style::Plain),
        };
        Ok(Node { shape, place: self.place(start) })
    }

    fn list(&mut self, depth: usize) -> Read<Shape<'a>> {
        let mut nodes = Vec::new();
        self.at += 1;
        self.blank();
        if self.next() == Some(b']') {
            self.at += 1;
            return Ok(Shape::List(nodes));
        }
        loop {
            nodes.push(self.value(depth + 1)?);
            self.blank();
            match self.next() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Shape::List(nodes));
                }
                _ => return self.wants("`,` or `]`"),
            }
            self.blank();
        }
    }

    fn map(&mut self, depth: usize) -> Read<Shape<'a>> {
        let mut entries: Entries = Vec::with_capacity(4);
        self.at += 1;
        self.blank();
        if self.next() == Some(b'}') {
            self.at += 1;
            return Ok(Shape::Map(entries));
        }
        loop {
            let start = self.at;
            if self.next() != Some(b'"') {
                return self.wants("a key in double quotes");
            }
            let text = self.string()?;
            let key = Key { text, place: self.place(start) };
            self.blank();
            if self.next() != Some(b':') {
                return self.wants("`:`");
            }
            self.at += 1;
            self.blank();
            entries.push((key, self.value(depth + 1)?));
            self.blank();
            match self.next() {
                Some(b',') => self.at += 1,
                Some(b'}') => break self.at += 1,
                _ => return self.wants("`,` or `}`"),
            }
            self.blank();
        }
        tree::without_duplicates(&mut entries, &mut self.faults);
        Ok(Shape::Map(entries))
    }

    fn word(&mut self) -> Read<&'a str> {
        let rest = &self.content[self.at..self.end];
        for word in ["true", "false", "null"] {
            if rest.starts_with(word) && !rest[word.len()..].starts_with(|c: char| c.is_alphanumeric()) {
                self.at += word.len();
                return Ok(&rest[..word.len()]);
            }
        }
        self.wants("a value")
    }

    fn digits(&mut self) -> Read<()> {
        if !matches!(self.next(), Some(b'0'..=b'9')) {
            return self.wants("a digit");
        }
        while matches!(self.next(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Read<&'a str> {
        let start = self.at;
        if self.next() == Some(b'-') {
            self.at += 1;
        }
        if self.next() == Some(b'0') {
            self.at += 1;
            if matches!(self.next(), Some(b'0'..=b'9')) {
                self.at += 1;
                let fault = Diagnostic::new(Code::Syntax, self.place(start), "a number cannot begin with `0`");
                return Err(Box::new(fault.help("leave the `0` out, or put it in quotes to make it a text")));
            }
        } else {
            self.digits()?;
        }
        if self.next() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.next(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.next(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(&self.content[start..self.at])
    }

    /// A text in quotes; borrowed where nothing in it is escaped.
    fn string(&mut self) -> Read<Cow<'a, str>> {
        self.at += 1;
        let mut from = self.at;
        let mut decoded: Option<String> = None;
        loop {
            while matches!(self.next(), Some(byte) if byte != b'"' && byte != b'\\' && byte >= 0x20) {
                self.at += 1;
            }
            let plain = &self.content[from..self.at];
            match self.next() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(match decoded {
                        None => Cow::Borrowed(plain),
                        Some(decoded) => Cow::Owned(decoded + plain),
                    });
                }
                Some(b'\\') => {
                    let decoded = decoded.get_or_insert_with(String::new);
                    decoded.push_str(plain);
                    decoded.push(self.escape()?);
                    from = self.at;
                }
                None => return self.wants("the closing `\"`"),
                Some(_) => return self.wants("an escape such as `\\n`"),
            }
        }
    }

    fn escape(&mut self) -> Read<char> {
        let start = self.at;
        self.at += 1;
        let escaped = match self.next() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(start),
            _ => return self.wants("one of `\" \\ / b f n r t u`"),
        };
        self.at += 1;
        Ok(escaped)
    }

    /// `\uXXXX`, or two of them that make one character (RFC 8259 §7).
    fn unicode(&mut self, start: usize) -> Read<char> {
        let high = self.unit()?;
        let code = match high {
            0xD800..=0xDBFF if self.content[self.at..self.end].starts_with("\\u") => {
                self.at += 1;
                match self.unit()? {
                    low @ 0xDC00..=0xDFFF => 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00),
                    _ => high,
                }
            }
            _ => high,
        };
        char::from_u32(code).ok_or_else(|| {
            let place = self.place(start);
            let message = format!("`{}` is half a character", self.content.get(start..self.at).unwrap_or(""));
            Box::new(
                Diagnostic::new(Code::Syntax, place, message).help("write both surrogates, or the character itself"),
            )
        })
    }

    /// The four digits after a `u`.
    fn unit(&mut self) -> Read<u32> {
        self.at += 1;
        let mut unit = 0;
        for _ in 0..4 {
            let Some(digit) = self.next().and_then(|byte| char::from(byte).to_digit(16)) else {
                return self.wants("a hexadecimal digit");
            };
            unit = unit * 16 + digit;
            self.at += 1;
        }
        Ok(unit)
    }
}
