//! Labels first, colours last: an answer is laid out in lines of labelled pieces, and dressed when they are written.
//! Knows nothing of answers; every piece is made visible when it is put, so that no layout can forget to.

use std::borrow::Cow;
use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::escape::visible;

/// What a piece of a line is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Label {
    /// Nothing in particular.
    Plain,
    /// A heading.
    Heading,
    /// A path, or a segment of one.
    Path,
    /// A value.
    Value,
    /// A date.
    Since,
    /// The id of an event.
    EventId,
    /// Who says so.
    Voice,
    /// What is only possible.
    Possible,
    /// What is disputed or claimed otherwise.
    Disputed,
    /// What only the right side has.
    Added,
    /// What only the left side has.
    Removed,
    /// The words of a source.
    Quote,
    /// What matters less.
    Faint,
    /// An error.
    Error,
    /// A warning.
    Warning,
    /// A hint or help.
    Hint,
}

impl Label {
    /// The terminal's code (ECMA-48, 8.3.117) that begins it; empty where it looks like any other text.
    fn begin(self) -> &'static str {
        match self {
            Label::Plain | Label::Value => "",
            Label::Heading => "\x1b[1m",
            Label::Path => "\x1b[36m",
            Label::Since | Label::EventId | Label::Faint => "\x1b[2m",
            Label::Voice => "\x1b[35m",
            Label::Possible => "\x1b[33m",
            Label::Disputed => "\x1b[35m",
            Label::Added => "\x1b[32m",
            Label::Removed => "\x1b[31m",
            Label::Quote => "\x1b[3m",
            Label::Error => "\x1b[1;31m",
            Label::Warning => "\x1b[1;33m",
            Label::Hint => "\x1b[1;36m",
        }
    }
}

/// One line, built from the left.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Line {
    text: String,
    runs: Vec<(Label, usize)>,
    width: usize,
}

impl Line {
    /// An empty line, indented by so many columns.
    pub fn indented(columns: usize) -> Line {
        Line { text: " ".repeat(columns), runs: vec![(Label::Plain, columns)], width: columns }
    }

    /// Adds a piece; what is hostile in it is made visible.
    pub fn put(&mut self, label: Label, text: &str) -> &mut Line {
        let text = visible(text);
        self.text.push_str(&text);
        self.width += width(&text);
        self.runs.push((label, self.text.len()));
        self
    }

    /// Adds blanks up to a column; where the line is beyond it already, so many blanks at least.
    pub fn to_column(&mut self, column: usize, at_least: usize) -> &mut Line {
        let blanks = column.saturating_sub(self.width).max(at_least);
        self.put(Label::Plain, &" ".repeat(blanks))
    }

    /// How many columns it takes.
    pub fn width(&self) -> usize {
        self.width
    }
}

/// Where lines are written to, plain or coloured.
pub struct Sheet<'w> {
    to: &'w mut dyn Write,
    color: bool,
}

impl<'w> Sheet<'w> {
    /// A sheet on a stream.
    pub fn new(to: &'w mut dyn Write, color: bool) -> Sheet<'w> {
        Sheet { to, color }
    }

    /// Writes a line, without the blanks at its end.
    pub fn line(&mut self, line: &Line) -> io::Result<()> {
        let end = line.text.trim_end_matches(' ').len();
        if !self.color {
            self.to.write_all(&line.text.as_bytes()[..end])?;
            return self.to.write_all(b"\n");
        }
        let mut start = 0;
        for (label, stop) in &line.runs {
            let piece = &line.text[start.min(end)..(*stop).min(end)];
            start = *stop;
            let begin = label.begin();
            if begin.is_empty() || piece.trim().is_empty() {
                self.to.write_all(piece.as_bytes())?;
            } else {
                write!(self.to, "{begin}{piece}\x1b[0m")?;
            }
        }
        self.to.write_all(b"\n")
    }

    /// Writes a line of one piece.
    pub fn piece(&mut self, indent: usize, label: Label, text: &str) -> io::Result<()> {
        let mut line = Line::indented(indent);
        line.put(label, text);
        self.line(&line)
    }

    /// Writes words over as many lines as they need within a width.
    pub fn words(&mut self, indent: usize, label: Label, text: &str, width_of_page: usize) -> io::Result<()> {
        let mut line = Line::indented(indent);
        for word in text.split_whitespace() {
            let begun = line.width > indent;
            if begun && line.width + 1 + width(&visible(word)) > width_of_page {
                self.line(&line)?;
                line = Line::indented(indent);
            } else if begun {
                line.put(label, " ");
            }
            line.put(label, word);
        }
        if line.width > indent { self.line(&line) } else { Ok(()) }
    }

    /// Writes an empty line.
    pub fn blank(&mut self) -> io::Result<()> {
        self.to.write_all(b"\n")
    }
}

/// How many columns a text takes.
pub fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// The text in so many columns, with `…` at its end where it is cut.
pub fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    let text = visible(text);
    if width(&text) <= columns {
        return text;
    }
    let mut kept = String::new();
    let mut taken = 0;
    for c in text.chars() {
        taken += c.width().unwrap_or(0);
        if taken + 1 > columns {
            break;
        }
        kept.push(c);
    }
    let end = kept.trim_end_matches(' ').len();
    kept.truncate(end);
    kept.push('…');
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(line: &Line, color: bool) -> String {
        let mut bytes = Vec::new();
        Sheet::new(&mut bytes, color).line(line).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn colours_come_last() {
        let mut line = Line::indented(2);
        line.put(Label::Path, "status").to_column(12, 2).put(Label::Value, "a\u{1b}b").to_column(30, 2);
        assert_eq!(written(&line, false), "  status    a\\u{1b}b\n");
        assert_eq!(written(&line, true), "  \x1b[36mstatus\x1b[0m    a\\u{1b}b\n");
        assert_eq!(line.width(), 30);
    }

    #[test]
    fn cuts_by_columns_and_says_so() {
        assert_eq!(cut("medinsky, fomin, others", 18), "medinsky, fomin,…");
        assert_eq!(cut("日本語", 5), "日本…");
        assert_eq!(cut("short", 5), "short");
    }

    #[test]
    fn words_wrap() {
        let mut bytes = Vec::new();
        Sheet::new(&mut bytes, false).words(2, Label::Plain, "one two\nthree four", 10).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), "  one two\n  three\n  four\n");
    }
}
