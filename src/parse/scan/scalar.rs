//! Scalars: plain, in quotes, literal and folded. Knows nothing of the collections that they stand in.

use std::borrow::Cow;

use super::Scan;
use crate::parse::tree::{Node, Shape, Style};

/// What ends a plain scalar on its line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// A colon with a blank after it.
    Colon,
    /// A comment.
    Comment,
    /// The end of the line.
    Line,
    /// In a flow collection one of `,]}`.
    Mark,
}

/// The bytes at which a plain scalar may end.
const MAY_END: [bool; 256] = {
    let mut table = [false; 256];
    let (marks, mut at) = (b"\n\r:#,[]{}", 0);
    while at < marks.len() {
        table[marks[at] as usize] = true;
        at += 1;
    }
    table
};

impl<'a> Scan<'a> {
    /// Where the words of a plain scalar that begins here end on this line, and why.
    pub(super) fn plain(&self, start: usize) -> Option<(usize, Stop)> {
        if !self.begins_plain(start, false) {
            return None;
        }
        self.words(start, false)
    }

    /// Whether a plain scalar may begin here; with `?` or `:` it might, which is left to the library.
    pub(super) fn begins_plain(&self, at: usize, in_flow: bool) -> bool {
        match self.bytes.get(at) {
            Some(b'-') => match self.bytes.get(at + 1) {
                None | Some(b' ' | b'\n' | b'\r') => false,
                Some(next) => !in_flow || !is_flow(*next),
            },
            None | Some(b'\n' | b'\r' | b' ' | b'?' | b':' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*') => {
                false
            }
            Some(b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@' | b'`') => false,
            Some(_) => true,
        }
    }

    /// The words on this line from here on, without the blanks behind them.
    pub(super) fn words(&self, start: usize, in_flow: bool) -> Option<(usize, Stop)> {
        let mut at = start;
        let stop = loop {
            while at < self.bytes.len() && !MAY_END[self.bytes[at] as usize] {
                at += 1;
            }
            match self.bytes.get(at) {
                None | Some(b'\n' | b'\r') => break Stop::Line,
                Some(b':') => match self.bytes.get(at + 1) {
                    None | Some(b' ' | b'\n' | b'\r') => break Stop::Colon,
                    Some(next) if in_flow && is_flow(*next) => break Stop::Colon,
                    Some(_) => {}
                },
                Some(b'#') if at > start && self.bytes[at - 1] == b' ' => break Stop::Comment,
                Some(b'#') => {}
                Some(b',' | b']' | b'}') if in_flow => break Stop::Mark,
                Some(b'[' | b'{') if in_flow => return None,
                Some(_) => {}
            }
            at += 1;
        };
        let blanks = self.bytes[start..at].iter().rev().take_while(|byte| **byte == b' ').count();
        Some((at - blanks, stop))
    }

    /// A plain scalar in a block at this column, over as many lines as it takes.
    pub(super) fn plain_scalar(&mut self, col: isize) -> Option<Node<'a>> {
        let start = self.at;
        let (mut end, mut stop) = self.plain(start)?;
        let mut text = Cow::Borrowed(&self.content[start..end]);
        loop {
            if stop == Stop::Colon {
                return None;
            }
            self.at = end;
            self.skip_line();
            self.next_line()?;
            if self.col <= col {
                break;
            }
            // Words after a comment are an error.
            if stop == Stop::Comment || self.commented {
                return None;
            }
            let from = self.at;
            (end, stop) = self.words(from, false)?;
            let text = text.to_mut();
            match self.empty {
                0 => text.push(' '),
                empty => text.extend(std::iter::repeat_n('\n', empty)),
            }
            text.push_str(&self.content[from..end]);
        }
        Some(Node { shape: Shape::Scalar(text, Style::Plain), place: self.place(start, end) })
    }

    /// The text in quotes that begins here, and where it ends; on one line only.
    pub(super) fn quoted(&self) -> Option<(Cow<'a, str>, usize)> {
        let quote = self.bytes[self.at];
        let mut from = self.at + 1;
        let mut at = from;
        let mut decoded: Option<String> = None;
        loop {
            let byte = *self.bytes.get(at)?;
            match byte {
                b'\n' | b'\r' => return None,
                b'\\' if quote == b'"' => {
                    let decoded = decoded.get_or_insert_default();
                    decoded.push_str(&self.content[from..at]);
                    let (c, length) = self.escape(at + 1)?;
                    decoded.push(c);
                    at += 1 + length;
                    from = at;
                }
                _ if byte != quote => at += 1,
                b'\'' if self.bytes.get(at + 1) == Some(&b'\'') => {
                    decoded.get_or_insert_default().push_str(&self.content[from..=at]);
                    at += 2;
                    from = at;
                }
                _ => break,
            }
        }
        let last = &self.content[from..at];
        let text = match decoded {
            None => Cow::Borrowed(last),
            Some(decoded) => Cow::Owned(decoded + last),
        };
        Some((text, at + 1))
    }

    /// The character that an escape stands for, and how long it is after its backslash.
    fn escape(&self, at: usize) -> Option<(char, usize)> {
        let c = match self.bytes.get(at)? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'u' => {
                let digits = self.bytes.get(at + 1..at + 5)?;
                let code = digits.iter().try_fold(0, |code, byte| Some(code * 16 + char::from(*byte).to_digit(16)?))?;
                // Half a character is left to the library.
                return Some((char::from_u32(code)?, 5));
            }
            _ => return None,
        };
        Some((c, 1))
    }

    /// A literal or folded text in a block at this column.
    pub(super) fn block_scalar(&mut self, col: isize) -> Option<Node<'a>> {
        let is_folded = self.bytes[self.at] == b'>';
        self.at += 1;
        let chomping = self.byte().filter(|byte| matches!(byte, b'-' | b'+'));
        self.at += usize::from(chomping.is_some());
        self.rest_of_line()?;
        let mut lines = Lines { indent: 0, breaks: 0 };
        self.first_line(&mut lines)?;
        if lines.indent.cast_signed() <= col {
            return None;
        }
        let start = self.at;
        let mut text: Cow<str> = Cow::Borrowed("");
        // One break of those before the first line is the header's.
        let mut breaks_before = lines.breaks;
        let (mut is_first, mut was_indented, mut end, mut is_open) = (true, false, start, true);
        while is_open {
            let from = self.at;
            self.skip_line();
            let has_break = self.at < self.bytes.len();
            end = if has_break && self.bytes[self.at - 1] == b'\r' { self.at - 1 } else { self.at };
            let is_indented = self.bytes[from] == b' ';
            let line = &self.content[from..end];
            if is_first && breaks_before == 0 {
                text = Cow::Borrowed(line);
            } else {
                let text = text.to_mut();
                let folds = is_folded && !is_first && !was_indented && !is_indented;
                match (folds, breaks_before) {
                    (true, 0) => text.push(' '),
                    (true, breaks) => text.extend(std::iter::repeat_n('\n', breaks)),
                    (false, breaks) => text.extend(std::iter::repeat_n('\n', breaks + usize::from(!is_first))),
                }
                text.push_str(line);
            }
            (is_first, was_indented) = (false, is_indented);
            is_open = self.content_line(&mut lines);
            breaks_before = lines.breaks;
        }
        match chomping {
            Some(b'-') => {}
            Some(_) => text.to_mut().extend(std::iter::repeat_n('\n', breaks_before + 1)),
            None => text.to_mut().push('\n'),
        }
        let end = start + self.content[start..end].trim_end().len();
        if end == start {
            return None;
        }
        self.line()?;
        Some(Node { shape: Shape::Scalar(text, Style::Quoted), place: self.place(start, end) })
    }

    /// Goes from the header of a block text to the first word of its first line that has any.
    fn first_line(&mut self, lines: &mut Lines) -> Option<()> {
        let mut widest = 0;
        loop {
            self.at += usize::from(self.byte() == Some(b'\r'));
            if self.byte()? != b'\n' {
                return None;
            }
            self.at += 1;
            let start = self.at;
            self.spaces();
            let width = self.at - start;
            match self.byte()? {
                b'\n' | b'\r' => {
                    lines.breaks += 1;
                    widest = widest.max(width);
                }
                // Empty lines that are indented further are an error.
                _ if widest > width => return None,
                _ => {
                    lines.indent = width;
                    return Some(());
                }
            }
        }
    }

    /// Goes from the end of a line of a block text to the words of the next, or to the start of the line after it.
    fn content_line(&mut self, lines: &mut Lines) -> bool {
        lines.breaks = 0;
        loop {
            if self.at >= self.bytes.len() {
                return false;
            }
            self.at += 1;
            let start = self.at;
            while self.at - start < lines.indent && self.byte() == Some(b' ') {
                self.at += 1;
            }
            match self.byte() {
                Some(b'\n') => lines.breaks += 1,
                Some(b'\r') => {
                    lines.breaks += 1;
                    self.at += 1;
                }
                Some(_) if self.at - start == lines.indent => return true,
                _ => {
                    self.at = start;
                    return false;
                }
            }
        }
    }
}

/// The lines of a block text: how far they are indented, and how many empty ones stand before the next.
struct Lines {
    indent: usize,
    breaks: usize,
}

/// Whether a byte means something in flow collections.
fn is_flow(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}
