//! Places in a text, in bytes here and in lines and columns there, whose unit the two sides agree on (LSP 3.17,
//! Position). Whatever a client names, some place in the text is meant. Knows nothing of what the text says.

use std::ops::Range;

use lsp_types::{Position, PositionEncodingKind, TextDocumentContentChangeEvent};

/// What a column counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16, as the protocol has it where nothing is agreed on.
    #[default]
    Utf16,
}

impl Encoding {
    /// The best of what a client offers.
    pub fn of(offered: &[PositionEncodingKind]) -> Encoding {
        if offered.contains(&PositionEncodingKind::UTF8) { Encoding::Utf8 } else { Encoding::Utf16 }
    }

    /// Its name.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn length(self, c: char) -> usize {
        match self {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
        }
    }
}

/// The lines of a text.
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    encoding: Encoding,
}

impl<'t> Lines<'t> {
    /// Finds the lines, which end with `\n`, `\r\n` or `\r`.
    pub fn of(text: &'t str, encoding: Encoding) -> Lines<'t> {
        let bytes = text.as_bytes();
        let is_end = |at: &usize| match bytes[*at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        // A byte order mark is no column that an editor shows.
        let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let starts = std::iter::once(first).chain((0..bytes.len()).filter(is_end).map(|at| at + 1)).collect();
        Lines { text, starts, encoding }
    }

    /// The bytes of a line without its end.
    fn line(&self, number: usize) -> Range<usize> {
        let start = self.starts[number];
        let next = self.starts.get(number + 1).copied().unwrap_or(self.text.len());
        let line = &self.text[start..next];
        start..start + line.trim_end_matches(['\n', '\r']).len()
    }

    /// The byte at a position; beyond the end of a line its end, beyond the last line the end of the text.
    pub fn byte(&self, position: Position) -> usize {
        let number = position.line as usize;
        if number >= self.starts.len() {
            return self.text.len();
        }
        let line = self.line(number);
        let mut column = 0;
        for (at, c) in self.text[line.clone()].char_indices() {
            column += self.encoding.length(c);
            // What names the middle of a character means its start.
            if column > position.character as usize {
                return line.start + at;
            }
        }
        line.end
    }

    /// The position of a byte.
    pub fn position(&self, byte: usize) -> Position {
        let byte = (0..=byte.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        let number = self.starts.partition_point(|start| *start <= byte).saturating_sub(1);
        let before = self.text.get(self.starts[number]..byte).unwrap_or("");
        let column: usize = before.chars().map(|c| self.encoding.length(c)).sum();
        Position::new(number as u32, column as u32)
    }

    /// The range of some bytes.
    pub fn range(&self, bytes: Range<usize>) -> lsp_types::Range {
        lsp_types::Range::new(self.position(bytes.start), self.position(bytes.end.max(bytes.start)))
    }
}

/// A text after a change of it, whole or in part.
pub fn changed(text: String, change: TextDocumentContentChangeEvent, encoding: Encoding) -> String {
    let Some(range) = change.range else { return change.text };
    let lines = Lines::of(&text, encoding);
    let (one, other) = (lines.byte(range.start), lines.byte(range.end));
    let mut text = text;
    text.replace_range(one.min(other)..one.max(other), &change.text);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn columns_count_what_was_agreed_on() {
        let text = "a€𝄞b\r\n\ré\n";
        let utf16 = Lines::of(text, Encoding::Utf16);
        let utf8 = Lines::of(text, Encoding::Utf8);
        for (byte, line, in_utf16, in_utf8) in [
            (0, 0, 0, 0),
            (1, 0, 1, 1),
            (4, 0, 2, 4),
            (8, 0, 4, 8),
            (9, 0, 5, 9),
            (11, 1, 0, 0),
            (12, 2, 0, 0),
            (14, 2, 1, 2),
            (15, 3, 0, 0),
        ] {
            assert_eq!(utf16.position(byte), Position::new(line, in_utf16), "{byte}");
            assert_eq!(utf8.position(byte), Position::new(line, in_utf8), "{byte}");
            assert_eq!(utf16.byte(Position::new(line, in_utf16)), byte);
            assert_eq!(utf8.byte(Position::new(line, in_utf8)), byte);
        }
    }

    #[test]
    fn what_lies_beyond_is_the_end() {
        let lines = Lines::of("ab\ncd", Encoding::Utf16);
        assert_eq!(lines.byte(Position::new(0, 99)), 2);
        assert_eq!(lines.byte(Position::new(9, 0)), 5);
        assert_eq!(lines.byte(Position::new(u32::MAX, u32::MAX)), 5);
        assert_eq!(Lines::of("𝄞", Encoding::Utf16).byte(Position::new(0, 1)), 0, "the middle of a character");
        assert_eq!(Lines::of("", Encoding::Utf16).byte(Position::new(0, 3)), 0);
        assert_eq!(Lines::of("\u{feff}ab", Encoding::Utf16).position(4), Position::new(0, 1));
    }

    #[test]
    fn a_change_replaces_what_it_names_in_any_order() {
        let change = |from: (u32, u32), to: (u32, u32), text: &str| TextDocumentContentChangeEvent {
            range: Some(lsp_types::Range::new(Position::new(from.0, from.1), Position::new(to.0, to.1))),
            range_length: None,
            text: text.to_owned(),
        };
        let after = |change| changed("𝄞a\nb\n".to_owned(), change, Encoding::Utf16);
        assert_eq!(after(change((0, 2), (1, 0), "")), "𝄞b\n");
        assert_eq!(after(change((1, 0), (0, 2), "")), "𝄞b\n");
        assert_eq!(after(change((7, 7), (9, 9), "end")), "𝄞a\nb\nend");
        assert_eq!(after(TextDocumentContentChangeEvent { range: None, range_length: None, text: "x".into() }), "x");
    }

    proptest! {
        #[test]
        fn every_byte_of_a_character_comes_back(text in "[a-c€𝄞é\r\n ]{0,40}", at in 0usize..80, utf8: bool) {
            let encoding = if utf8 { Encoding::Utf8 } else { Encoding::Utf16 };
            let lines = Lines::of(&text, encoding);
            let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            if let Some(byte) = starts.get(at % starts.len().max(1)) {
                // The end of a line is one place, however many characters it has.
                let is_end = text[*byte..].starts_with('\n') && text[..*byte].ends_with('\r');
                prop_assert_eq!(lines.byte(lines.position(*byte)), if is_end { byte - 1 } else { *byte });
            }
        }
    }
}
