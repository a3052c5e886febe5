//! The lines of a source, none kept that is longer than any can be: a file without line ends, of whatever size, takes no more
//! memory than that. Knows nothing of what they say.

use std::io::{self, BufRead, Read};

use super::import::Refused;
use crate::model::diagnostic::Code;

/// The longest line that is read in formats whose events are texts, in bytes with its end.
pub const LONGEST: usize = 16 << 20;
/// How many bytes are kept of a line that is longer, to show where it stands.
const SHOWN: usize = 80;

/// Reads line after line.
pub struct Lines<'a> {
    bytes: &'a mut dyn BufRead,
    longest: usize,
    /// The line that was read last, with its end; of one that is too long how it begins.
    pub line: Vec<u8>,
    /// Its number, from 1.
    pub number: usize,
}

impl<'a> Lines<'a> {
    /// The lines of some bytes, of at most `longest` bytes each.
    pub fn within(longest: usize, bytes: &'a mut dyn BufRead) -> Lines<'a> {
        Lines { bytes, longest, line: Vec::new(), number: 0 }
    }

    /// Reads the next line into `line`; nothing at the end. One that is too long is refused, and the next one is the line
    /// behind it. Errors are those of reading.
    pub fn next(&mut self) -> io::Result<Option<Result<(), Refused>>> {
        self.line.clear();
        let read = Read::take(&mut *self.bytes, self.longest as u64).read_until(b'\n', &mut self.line)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if read < self.longest || self.line.ends_with(b"\n") || self.bytes.fill_buf()?.is_empty() {
            return Ok(Some(Ok(())));
        }
        self.bytes.skip_until(b'\n')?;
        let mut end = SHOWN.min(self.line.len());
        while end > 0 && self.line.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) {
            end -= 1;
        }
        self.line.truncate(end);
        let fault = Refused::new(Code::Syntax, 0..end, format!("this line is longer than {} bytes", self.longest));
        Ok(Some(Err(fault.help("is this the right format? a file of another may have no line ends"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every line with its number, or with what is wrong.
    fn all(longest: usize, mut bytes: &[u8]) -> Vec<String> {
        let mut lines = Lines::within(longest, &mut bytes);
        let mut found = Vec::new();
        while let Some(read) = lines.next().unwrap() {
            let words = String::from_utf8_lossy(&lines.line);
            found.push(match read {
                Ok(()) => format!("{} {words}", lines.number),
                Err(fault) => format!("{}! {}… {}", lines.number, words, fault.message),
            });
        }
        found
    }

    #[test]
    fn a_line_that_is_too_long_costs_only_itself() {
        let long = "1! abcd… this line is longer than 4 bytes";
        assert_eq!(all(4, b"abcdefghijkl\nabc\nabcd"), [long, "2 abc\n", "3 abcd"]);
        assert_eq!(all(4, b"abcd\n"), [long]);
        assert_eq!(all(4, b"abcde"), [long]);
        assert!(all(4, b"").is_empty());
    }

    #[test]
    fn what_is_kept_of_it_is_short_and_cuts_no_character() {
        let text = format!("x{}", "Ж".repeat(100));
        let found = all(150, text.as_bytes());
        assert_eq!(found, [format!("1! x{}… this line is longer than 150 bytes", "Ж".repeat(39))]);
    }
}
