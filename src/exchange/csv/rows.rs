//! BYTES → ROWS (RFC 4180), each with its line and the place of every field in it, which the `csv` crate does not tell.
//! A row that is broken costs only itself: after a quote that is never closed, reading goes on at the line after it.
//! Knows nothing of what the fields mean.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};
use std::ops::Range;

use super::encoding::Encoding;
use crate::exchange::import::Refused;
use crate::model::diagnostic::Code;

/// The longest row that is read. What is longer is most likely a quote that is not closed.
const LONGEST: usize = 1 << 20;

/// How rows are written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layout {
    /// What stands between fields.
    pub separator: u8,
    /// What stands around fields that hold separators and line ends; none where a quote is a letter like any other.
    pub quote: Option<u8>,
    /// How letters are written.
    pub encoding: Encoding,
    /// How many lines before the first row are passed over.
    pub skip: usize,
}

impl Default for Layout {
    fn default() -> Layout {
        Layout { separator: b',', quote: Some(b'"'), encoding: Encoding::Utf8, skip: 0 }
    }
}

/// One row.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Its words as they stand in the file, without the line end.
    pub text: String,
    /// The number of its first line.
    pub line: usize,
    /// Where each field is in the text, quotes included.
    pub fields: Vec<Range<usize>>,
    quote: Option<u8>,
}

impl Row {
    /// What a field holds, without quotes.
    pub fn field(&self, number: usize) -> Cow<'_, str> {
        let words = self.fields.get(number).map_or("", |at| &self.text[at.clone()]);
        let Some(quote) = self.quote.map(char::from) else { return Cow::Borrowed(words) };
        match words.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            Some(inner) if inner.contains(quote) => {
                let quote = quote.to_string();
                Cow::Owned(inner.replace(&quote.repeat(2), &quote))
            }
            Some(inner) => Cow::Borrowed(inner),
            None => Cow::Borrowed(words),
        }
    }
}

/// Where in a row the reader is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    /// Inside of quotes that were opened at this byte.
    Quoted(usize),
    /// Behind a quote inside of quotes, which closes them or is the first of two.
    Closing(usize),
}

/// Reads the rows of a source.
pub struct Rows<'a> {
    bytes: &'a mut dyn BufRead,
    layout: Layout,
    /// Lines that were read and are to be read again, and how far.
    ahead: (Vec<u8>, usize),
    /// The number of the next line.
    line: usize,
    raw: Vec<u8>,
    /// The fields of the row in `raw`.
    ends: Vec<Range<usize>>,
    /// The row that was read last.
    pub row: Row,
}

impl<'a> Rows<'a> {
    /// The rows of some bytes.
    pub fn new(bytes: &'a mut dyn BufRead, layout: Layout) -> Rows<'a> {
        let row = Row { quote: layout.quote, ..Row::default() };
        Rows { bytes, layout, ahead: (Vec::new(), 0), line: 1, raw: Vec::new(), ends: Vec::new(), row }
    }

    /// Reads the next row into `row`; nothing at the end. Empty lines are no rows. A row that is broken is refused; its
    /// words are in `row`, so that they can be shown. Errors are those of reading.
    pub fn next(&mut self) -> io::Result<Option<Result<(), Refused>>> {
        loop {
            self.raw.clear();
            self.row.line = self.line;
            if !self.read_line()? {
                return Ok(None);
            }
            if self.row.line == 1 && self.raw.starts_with("\u{feff}".as_bytes()) {
                self.raw.drain(..3);
            }
            if self.row.line == 1 && (self.raw.starts_with(b"\xff\xfe") || self.raw.starts_with(b"\xfe\xff")) {
                self.raw.clear();
                while !self.bytes.fill_buf()?.is_empty() {
                    let all = self.bytes.fill_buf()?.len();
                    self.bytes.consume(all);
                }
                let fault = Refused::new(Code::NotUtf8, 0..0, "this file is UTF-16; nothing of it is read");
                return Ok(Some(Err(fault.help("save it as UTF-8"))));
            }
            let is_skipped = self.row.line <= self.layout.skip;
            // Where lines end with carriage returns, all the rows would be passed over as one line.
            let all = self.lone_carriage().filter(|_| is_skipped);
            let all = if all.is_some() && self.bytes.fill_buf()?.is_empty() { all } else { None };
            let is_empty = self.raw.iter().all(|byte| matches!(byte, b'\n' | b'\r'));
            if all.is_none() && (is_skipped || is_empty) {
                continue;
            }
            let mut cut = match all {
                Some(at) => Err(self.carriage(at)),
                None => self.cut()?,
            };
            // The place of a fault moves with the letters, as those of fields do.
            if let Err(Refused { at: Some(at), .. }) = &cut {
                self.ends = vec![at.clone()];
            }
            let decoded = self.decode();
            if let Err(fault) = &mut cut {
                fault.at = self.row.fields.pop();
            }
            return Ok(Some(cut.and(decoded)));
        }
    }

    /// Cuts the row that begins with the line in `raw` into fields, reading on where it goes on.
    fn cut(&mut self) -> io::Result<Result<(), Refused>> {
        self.ends.clear();
        let (mut state, mut start, mut at) = (State::Start, 0, 0);
        loop {
            while at < self.raw.len() {
                let byte = self.raw[at];
                let is_end =
                    byte == b'\n' || byte == b'\r' && self.raw[at..].iter().all(|b| matches!(b, b'\r' | b'\n'));
                let is_quote = Some(byte) == self.layout.quote;
                state = match state {
                    State::Quoted(open) if is_quote => State::Closing(open),
                    State::Quoted(_) => state,
                    State::Closing(open) if is_quote => State::Quoted(open),
                    _ if is_end => return Ok(self.finish(start, at)),
                    _ if byte == b'\r' => return Ok(Err(self.carriage(at))),
                    _ if byte == self.layout.separator => {
                        self.ends.push(start..at);
                        start = at + 1;
                        State::Start
                    }
                    State::Closing(open) => return Ok(Err(self.stray(open, at))),
                    State::Start if is_quote => State::Quoted(at),
                    State::Start | State::Plain => State::Plain,
                };
                at += 1;
            }
            let State::Quoted(open) = state else { return Ok(self.finish(start, at)) };
            if self.raw.len() > LONGEST || !self.read_line()? {
                return Ok(Err(self.unclosed(open)));
            }
        }
    }

    fn finish(&mut self, start: usize, end: usize) -> Result<(), Refused> {
        self.ends.push(start..end);
        self.raw.truncate(end);
        if end <= LONGEST {
            return Ok(());
        }
        self.raw.truncate(80);
        self.ends.clear();
        Err(Refused::new(Code::Syntax, 0..0, format!("this row is longer than {} MiB", LONGEST >> 20)))
    }

    /// Where in `raw` the first carriage return is that ends no line.
    fn lone_carriage(&self) -> Option<usize> {
        let at = self.raw.iter().position(|byte| *byte == b'\r')?;
        self.raw[at..].iter().any(|byte| !matches!(byte, b'\r' | b'\n')).then_some(at)
    }

    /// A line ends with a carriage return alone, as on a Mac before 2001: then a file would be one row.
    fn carriage(&mut self, at: usize) -> Refused {
        self.raw.truncate(at);
        let fault = Refused::new(Code::Syntax, at..at, "a carriage return without a line feed ends no line");
        fault.help("save the file with line ends of Unix or Windows; within a field it stands in quotes")
    }

    /// Something stands behind a closing quote: on the line of the opening one a quote that is not doubled, else it closes
    /// what was meant to be closed before.
    fn stray(&mut self, open: usize, at: usize) -> Refused {
        if self.raw[open..at].contains(&b'\n') {
            return self.unclosed(open);
        }
        self.give_back(at);
        let fault = Refused::new(Code::Syntax, at - 1..at, "a quote inside of quotes, and no separator behind it");
        fault.help("write it twice: `\"\"`")
    }

    fn unclosed(&mut self, open: usize) -> Refused {
        self.give_back(open);
        let fault = Refused::new(Code::Syntax, open..self.raw.len(), "a quote is opened here and not closed");
        fault.help("close it, or write `\"\"` for a quote that is meant; the file is read on from the next line")
    }

    /// Keeps of the row what stands up to the end of the line with this byte; the rest is to be read again.
    fn give_back(&mut self, at: usize) {
        let end =
            self.raw[at..].iter().position(|byte| *byte == b'\n').map_or(self.raw.len(), |length| at + length + 1);
        let rest = self.raw.split_off(end);
        self.line -= rest.iter().filter(|byte| **byte == b'\n').count()
            + usize::from(!rest.is_empty() && !rest.ends_with(b"\n"));
        if !rest.is_empty() {
            let behind = self.ahead.0.split_off(self.ahead.1);
            self.ahead = (rest, 0);
            self.ahead.0.extend(behind);
        }
        while self.raw.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            self.raw.pop();
        }
        self.ends.clear();
    }

    /// Adds the next line to `raw`; whether there was one. Of a line without end no more is kept than is ever read.
    fn read_line(&mut self) -> io::Result<bool> {
        let before = self.raw.len();
        let (lines, from) = (&self.ahead.0, self.ahead.1);
        if from < lines.len() {
            let end = lines[from..].iter().position(|byte| *byte == b'\n').map_or(lines.len(), |at| from + at + 1);
            self.raw.extend_from_slice(&lines[from..end]);
            self.ahead.1 = end;
        }
        if !self.raw[before..].ends_with(b"\n") {
            let most = (LONGEST + 2) as u64;
            let read = Read::take(&mut *self.bytes, most).read_until(b'\n', &mut self.raw)?;
            if read as u64 == most && !self.raw.ends_with(b"\n") {
                self.bytes.skip_until(b'\n')?;
            }
        }
        let is_there = self.raw.len() > before;
        self.line += usize::from(is_there);
        Ok(is_there)
    }

    /// Makes text of the bytes, and places in it of those in them.
    fn decode(&mut self) -> Result<(), Refused> {
        let row = &mut self.row;
        row.text.clear();
        row.fields.clear();
        if self.layout.encoding == Encoding::Utf8 {
            row.fields.extend_from_slice(&self.ends);
            return match std::str::from_utf8(&self.raw) {
                Ok(text) => {
                    row.text.push_str(text);
                    Ok(())
                }
                Err(error) => {
                    let at = error.valid_up_to();
                    row.text.push_str(&String::from_utf8_lossy(&self.raw));
                    // What is shown has `U+FFFD` there, three bytes long.
                    let message = format!("this byte is not UTF-8: 0x{:02X}", self.raw[at]);
                    let fault = Refused::new(Code::NotUtf8, at..at + 3, message);
                    Err(fault.help("save the file as UTF-8, or say `encoding: windows-1252` or `latin-1` in the rules"))
                }
            };
        }
        let mut from = 0;
        let mut put = |to: usize| {
            row.text.extend(self.raw[from..to].iter().map(|byte| self.layout.encoding.letter(*byte)));
            from = to;
            row.text.len()
        };
        for field in &self.ends {
            let start = put(field.start);
            row.fields.push(start..put(field.end));
        }
        put(self.raw.len());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row: its line with its fields, or with what is wrong and at which words.
    fn all(bytes: &[u8], layout: Layout) -> Vec<String> {
        let mut bytes = bytes;
        let mut rows = Rows::new(&mut bytes, layout);
        let mut found = Vec::new();
        while let Some(read) = rows.next().unwrap() {
            let row = &rows.row;
            found.push(match read {
                Ok(()) => format!(
                    "{}: {}",
                    row.line,
                    (0..row.fields.len()).map(|n| row.field(n)).collect::<Vec<_>>().join("|")
                ),
                Err(fault) => format!("{}! {} [{}]", row.line, fault.message, &row.text[fault.at.unwrap()]),
            });
        }
        found
    }

    #[test]
    fn rows_have_their_lines_and_fields() {
        let text = "\u{feff}a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n\r\n,\n\"\",end";
        assert_eq!(all(text.as_bytes(), Layout::default()), ["1: a|b", "2: 1|x, \"y\"\nz", "5: |", "6: |end"]);
        assert!(all(b"", Layout::default()).is_empty());
        assert!(all("\u{feff}\n".as_bytes(), Layout::default()).is_empty());
    }

    #[test]
    fn a_broken_row_costs_only_itself() {
        let open = "a quote is opened here and not closed";
        let text = "1,\"open\n2,ok\n3,\"fine\"\n4,\"last\n5,x";
        assert_eq!(
            all(text.as_bytes(), Layout::default()),
            [
                format!("1! {open} [\"open]"),
                "2: 2|ok".into(),
                "3: 3|fine".into(),
                format!("4! {open} [\"last]"),
                "5: 5|x".into()
            ]
        );
        let text = "1,\"a \"b\" c\",2\n2,x\n";
        let inside = "1! a quote inside of quotes, and no separator behind it [\"]";
        assert_eq!(all(text.as_bytes(), Layout::default()), [inside, "2: 2|x"]);
        let text = "1,\"two\nlines\",\"open\n4,x\n5,\"y\"\n";
        assert_eq!(
            all(text.as_bytes(), Layout::default()),
            [format!("1! {open} [\"open]"), "3: 4|x".into(), "4: 5|y".into()]
        );
    }

    #[test]
    fn bytes_become_letters_as_they_are_said_to_be() {
        let bytes = b"caf\xe9;\x80\n";
        let layout = Layout { separator: b';', ..Layout::default() };
        assert_eq!(all(bytes, layout.clone()), ["1! this byte is not UTF-8: 0xE9 [\u{fffd}]"]);
        assert_eq!(all(bytes, Layout { encoding: Encoding::Windows1252, ..layout.clone() }), ["1: café|€"]);
        assert_eq!(all(bytes, Layout { encoding: Encoding::Latin1, ..layout }), ["1: café|\u{80}"]);
        assert_eq!(all(b"\xff\xfea\0", Layout::default()).len(), 1);
    }

    #[test]
    fn a_carriage_return_alone_is_refused() {
        let alone = "a carriage return without a line feed ends no line";
        assert_eq!(all(b"a,b\r1,2\r", Layout::default()), [format!("1! {alone} []")]);
        assert_eq!(
            all(b"a,b\r\r\n\"1\r\",2\r\n3\rx,4\n5,6\r", Layout::default()),
            ["1: a|b".into(), "2: 1\r|2".into(), format!("3! {alone} []"), "4: 5|6".into()]
        );
        let layout = Layout { skip: 1, ..Layout::default() };
        assert_eq!(all(b"junk\ra,b\r1,2\r", layout.clone()), [format!("1! {alone} []")]);
        assert_eq!(all(b"junk\rjunk\r\n1,2\r\n", layout), ["2: 1|2"]);
    }

    #[test]
    fn without_quotes_a_quote_is_a_letter() {
        let layout = Layout { separator: b'\t', quote: None, skip: 1, ..Layout::default() };
        assert_eq!(all(b"junk\n\"a\t5\"\n", layout), ["2: \"a|5\""]);
    }

    #[test]
    fn a_line_without_end_is_not_kept_whole() {
        let mut text = vec![b'x'; 3 * LONGEST];
        text.extend(b"\n1,2\n");
        assert_eq!(all(&text, Layout::default()), ["1! this row is longer than 1 MiB []", "2: 1|2"]);
        let mut text = b"1,\"".to_vec();
        text.extend(b"long\n".repeat(LONGEST / 2));
        text.extend(b"2,x\n");
        let found = all(&text, Layout::default());
        assert_eq!((found.len(), found.last().unwrap().ends_with(": 2|x")), (LONGEST / 2 + 1, true));
    }
}
