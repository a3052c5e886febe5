//! The shape of event files → trees, many times faster than the YAML library reads them: block mappings and lists,
//! flow collections, plain, quoted and block scalars. It takes a document only where it is sure to read it exactly as
//! the library does, places and faults included; every other document is the library's. Knows nothing of what a
//! document means.

mod block;
mod flow;
mod scalar;
#[cfg(any(test, fuzzing))]
pub(super) mod judge;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::tree::{Document, Node};
use super::yaml;
use crate::model::diagnostic::Diagnostic;
use crate::model::text::{FileId, Place};

/// Collections that stand deeper are left to the library, which knows the limit.
const DEPTH: usize = super::tree::DEPTH - 4;

/// The column of what stands behind the end of a document.
const ENDED: isize = -1;

/// Hands on every document of a text, and of a list each element as one; what is left empty is passed over.
pub(super) fn read<'a>(file: FileId, content: &'a str, take: &mut dyn FnMut(Document<'a>)) {
    read_part(file, content, 0..content.len(), &mut yaml::allowance(content), take);
}

/// Reads one document that was sure to be read alone; the text begins `base` bytes into its file.
pub(super) fn alone<'a>(file: FileId, content: &'a str, base: usize) -> Option<Node<'a>> {
    let mut scan = Scan { base, ..Scan::new(file, content, 0) };
    let mut root = None;
    scan.document(&mut 0, &mut |document| root = document.root)?;
    root
}

/// The same of one of the `parts` of a text. What aliases cost is taken off `allowance`.
pub(super) fn read_part<'a>(
    file: FileId,
    content: &'a str,
    part: Range<usize>,
    allowance: &mut usize,
    take: &mut dyn FnMut(Document<'a>),
) {
    let mut at = part.start;
    while at < part.end {
        let mut scan = Scan::new(file, content, at);
        let mut given = 0;
        match scan.document(&mut given, take) {
            Some(end) => at = end,
            None => {
                let end = next_marker(content, at);
                // A directive speaks of the document after it.
                let end = if has_directive(content, at..end) { part.end } else { end };
                // Elements of a list that have been handed on are not handed on again.
                let mut rest = |document| match given {
                    0 => take(document),
                    _ => given -= 1,
                };
                yaml::read_part(file, content, at..end, allowance, &mut rest);
                at = end;
            }
        }
    }
}

/// Where a text may be cut so that its parts, of about so many bytes, read each by itself and put together, are what the
/// whole is.
pub(super) fn parts(content: &str, size: usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut before) = (0_usize, 0_usize);
    while let Some(from) = start.max(before).checked_add(size).filter(|from| *from < content.len()) {
        let marker = next_marker(content, from);
        if marker >= content.len() {
            break;
        }
        if has_directive(content, last_marker(content, marker)..marker) {
            before = marker;
            continue;
        }
        parts.push(start..marker);
        start = marker;
    }
    parts.push(start..content.len());
    parts
}

/// Where the first line after `from` begins a document with `---`; the end of the text where none does. The library
/// ends a document there whatever stands open, and goes on there after an error.
fn next_marker(content: &str, from: usize) -> usize {
    let bytes = content.as_bytes();
    let mut at = from;
    while let Some(length) = bytes[at..].iter().position(|byte| *byte == b'\n') {
        at += length + 1;
        if is_marker(bytes, at, b'-') {
            return at;
        }
    }
    bytes.len()
}

/// Where the last line before `end` begins a document; the start of the text where none does.
fn last_marker(content: &str, end: usize) -> usize {
    let bytes = content.as_bytes();
    let mut at = end.saturating_sub(1);
    while let Some(start) = bytes[..at].iter().rposition(|byte| *byte == b'\n') {
        if is_marker(bytes, start + 1, b'-') {
            return start + 1;
        }
        at = start;
    }
    0
}

/// Whether the line that begins here is `---` or `...`, alone or with a blank after it.
fn is_marker(bytes: &[u8], at: usize, mark: u8) -> bool {
    bytes[at..].starts_with(&[mark; 3]) && matches!(bytes.get(at + 3), None | Some(b' ' | b'\t' | b'\r' | b'\n'))
}

/// Whether a line may be a directive; a byte order mark may stand before it.
fn has_directive(content: &str, range: Range<usize>) -> bool {
    let bytes = &content.as_bytes()[range];
    let is_first = |at: usize| at == 0 || matches!(bytes[at - 1], b'\n' | b'\r' | 0xbf);
    bytes.iter().enumerate().any(|(at, byte)| *byte == b'%' && is_first(at))
}

/// Whether a text has only characters that mean the same to everybody: no controls (so no tabs), no lone carriage
/// return, no byte order mark.
fn is_tame(text: &[u8]) -> bool {
    let is_odd = |byte: u8| (byte < b' ' && byte != b'\n') || matches!(byte, 0x7f | 0xc2 | 0xef);
    if !text.iter().fold(false, |found, byte| found | is_odd(*byte)) {
        return true;
    }
    text.iter().enumerate().all(|(at, byte)| match byte {
        b'\n' => true,
        b'\r' => text.get(at + 1) == Some(&b'\n'),
        0..b' ' | 0x7f => false,
        // The controls of Latin-1.
        0xc2 => text.get(at + 1).is_some_and(|next| *next >= 0xa0),
        0xef => !matches!(text.get(at + 1..at + 3), Some([0xbb, 0xbf] | [0xbf, 0xbe | 0xbf])),
        _ => true,
    })
}

/// A text while one of its documents is read. Every step gives nothing where it is not sure.
struct Scan<'a> {
    file: FileId,
    content: &'a str,
    bytes: &'a [u8],
    /// So far into its file the text begins.
    base: usize,
    /// What is read next.
    at: usize,
    /// Where on its line that stands, or [`ENDED`]; kept of the first thing on a line and of what follows a dash.
    col: isize,
    /// How many lines were left empty before this one.
    empty: usize,
    /// Whether one of the lines before this one was a comment.
    commented: bool,
    faults: Vec<Diagnostic>,
}

impl<'a> Scan<'a> {
    fn new(file: FileId, content: &'a str, at: usize) -> Scan<'a> {
        let mark = if at == 0 && content.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Scan {
            file,
            content,
            bytes: content.as_bytes(),
            base: 0,
            at: at + mark,
            col: 0,
            empty: 0,
            commented: false,
            faults: Vec::new(),
        }
    }

    /// Reads one document and gives where the next begins. `given` counts what was handed on.
    fn document(&mut self, given: &mut usize, take: &mut dyn FnMut(Document<'a>)) -> Option<usize> {
        let start = self.at;
        if is_marker(self.bytes, self.at, b'-') {
            self.at += 3;
            self.rest_of_line()?;
            self.next_line()?;
        } else {
            self.line()?;
        }
        match self.col {
            ENDED => {
                self.ended()?;
                is_tame(&self.bytes[start..self.at]).then_some(self.at)
            }
            0 if self.is_dash() => self.elements(start, given, take),
            0 => {
                let root = self.mapping(1)?;
                if self.col != ENDED {
                    return None;
                }
                self.ended()?;
                if !is_tame(&self.bytes[start..self.at]) {
                    return None;
                }
                let faults = std::mem::take(&mut self.faults);
                take(Document { root: Some(root), extent: Some(start..self.at), listed: false, faults });
                Some(self.at)
            }
            _ => None,
        }
    }

    /// Hands on the elements of a list that is the whole document, each once the next is sure, too: what is wrong
    /// with the next the library may tell before it.
    fn elements(&mut self, start: usize, given: &mut usize, take: &mut dyn FnMut(Document<'a>)) -> Option<usize> {
        let (mut sure, mut waiting) = (start, None);
        loop {
            self.dash()?;
            let root = self.item(0, 2)?;
            let faults = std::mem::take(&mut self.faults);
            let has_ended = match self.col {
                ENDED => true,
                0 if self.is_dash() => false,
                _ => return None,
            };
            if has_ended {
                self.ended()?;
            }
            if !is_tame(&self.bytes[sure..self.at]) {
                return None;
            }
            sure = self.at;
            let element = Document { root: Some(root), extent: None, listed: true, faults };
            if let Some(element) = waiting.replace(element) {
                *given += 1;
                take(element);
            }
            if has_ended {
                waiting.into_iter().for_each(take);
                return Some(self.at);
            }
        }
    }

    /// Passes over `...` where a document has ended; what follows it must be another `---`, or nothing.
    fn ended(&mut self) -> Option<()> {
        if self.at < self.bytes.len() && self.bytes[self.at] == b'.' {
            self.at += 3;
            self.rest_of_line()?;
            self.next_line()?;
            let is_over = self.col == ENDED && self.bytes.get(self.at) != Some(&b'.');
            return is_over.then_some(());
        }
        Some(())
    }

    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Whether a line ends at this offset.
    fn is_end(&self, at: usize) -> bool {
        matches!(self.bytes.get(at), None | Some(b'\n' | b'\r'))
    }

    /// Whether an element of a block list begins here.
    fn is_dash(&self) -> bool {
        self.byte() == Some(b'-') && (self.is_end(self.at + 1) || self.bytes[self.at + 1] == b' ')
    }

    fn spaces(&mut self) {
        while self.byte() == Some(b' ') {
            self.at += 1;
        }
    }

    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    }

    /// Passes over blanks, and a comment after a blank, which is all that may follow on the line.
    fn rest_of_line(&mut self) -> Option<()> {
        let start = self.at;
        self.spaces();
        if self.is_end(self.at) {
            return Some(());
        }
        if self.at > start && self.byte() == Some(b'#') {
            self.skip_line();
            return Some(());
        }
        None
    }

    /// Goes from the end of a line to the next thing that is no comment.
    fn next_line(&mut self) -> Option<()> {
        if self.byte() == Some(b'\r') {
            self.at += 1;
        }
        match self.byte() {
            None => {
                self.col = ENDED;
                return Some(());
            }
            Some(b'\n') => self.at += 1,
            Some(_) => return None,
        }
        self.line()
    }

    /// Goes from the start of a line to the next thing that is no comment.
    fn line(&mut self) -> Option<()> {
        (self.empty, self.commented) = (0, false);
        loop {
            let start = self.at;
            self.spaces();
            match self.byte() {
                None => {
                    self.col = ENDED;
                    return Some(());
                }
                Some(b'\n') => {
                    self.empty += 1;
                    self.at += 1;
                }
                Some(b'\r') => self.at += 1,
                Some(b'#') => {
                    self.commented = true;
                    self.skip_line();
                    self.at += usize::from(self.at < self.bytes.len());
                }
                Some(_) => {
                    self.col = (self.at - start).cast_signed();
                    let marks =
                        self.col == 0 && (is_marker(self.bytes, self.at, b'-') || is_marker(self.bytes, self.at, b'.'));
                    if marks {
                        self.col = ENDED;
                    }
                    return Some(());
                }
            }
        }
    }

    fn place(&self, start: usize, end: usize) -> Place {
        Place::new(self.file, self.base + start, self.base + end)
    }
}

/// The end of the last of some nodes.
fn end_of(last: Option<&Node>, otherwise: usize) -> usize {
    last.map_or(otherwise, |node| node.place.end as usize)
}
