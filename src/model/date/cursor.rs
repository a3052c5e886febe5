//! A place in a text that is read byte by byte, and the faults that are found there.
//!
//! It must not know what a date looks like.

use std::ops::Range;

use super::DateError;

/// Reads `text` up to `end`. It only ever steps over ASCII, so that its place is always on a character boundary.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) end: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, range: Range<usize>) -> Cursor<'a> {
        Cursor { text, at: range.start, end: range.end }
    }

    /// The next byte, if there is one.
    pub(super) fn peek(&self) -> Option<u8> {
        if self.at < self.end { self.text.as_bytes().get(self.at).copied() } else { None }
    }

    /// Steps over the byte, which must be ASCII, if it is next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let next = self.peek() == Some(byte);
        if next {
            self.at += 1;
        }
        next
    }

    /// Steps over the longest run of such bytes, which must be ASCII, and gives it.
    pub(super) fn run(&mut self, wanted: impl Fn(u8) -> bool) -> &'a [u8] {
        let start = self.at;
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
        self.text.as_bytes().get(start..self.at).unwrap_or_default()
    }

    /// The bytes from `start` to here.
    pub(super) fn since(&self, start: usize) -> Range<usize> {
        start..self.at
    }

    /// A fault at the next character, or at the end of the text.
    pub(super) fn fault(&self, message: impl Into<String>) -> DateError {
        let next = self.text.get(self.at..self.end).and_then(|rest| rest.chars().next());
        DateError::new(self.at..self.at + next.map_or(0, char::len_utf8), message)
    }

    /// A fault at the next character that says what was expected there and what is there instead.
    pub(super) fn expected(&self, what: &str) -> DateError {
        match self.text.get(self.at..self.end).and_then(|rest| rest.chars().next()) {
            Some(' ') => self.fault(format!("expected {what}, not a blank")),
            Some(odd) if odd.is_control() || odd.is_whitespace() => {
                self.fault(format!("expected {what}, not `{}`", odd.escape_default()))
            }
            Some(found) => self.fault(format!("expected {what}, not `{found}`")),
            None => self.fault(format!("expected {what}, but the text ends here")),
        }
    }
}
