//! A tree of data with its keys in order and its numbers exact, and how it is written as JSON (RFC 8259).
//! Knows nothing of answers: which shapes there are is in `json/`. The only type here that is `Serialize`.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};
use std::rc::Rc;

use serde::ser::{Error, Serialize, Serializer};
use serde_json::value::RawValue;

use super::escape::is_hostile;
use crate::model::moment::Moment;

/// A value of JSON.
#[derive(Clone, PartialEq, Debug)]
pub enum Shape<'a> {
    /// `null`
    Null,
    /// `true`, `false`
    Truth(bool),
    /// A number as its digits: it must read as a number of JSON.
    Number(String),
    /// A text.
    Text(Cow<'a, str>),
    /// A moment, finite: a text wherever it is written.
    Moment(Moment),
    /// A list.
    List(Vec<Shape<'a>>),
    /// A mapping, in order.
    Map(Vec<(Cow<'a, str>, Shape<'a>)>),
    /// A list whose items are made while they are written.
    Rows(Made<'a, Shape<'a>>),
    /// A mapping whose values are made while they are written.
    Entries(Made<'a, (Cow<'a, str>, Shape<'a>)>),
}

/// Items that are made one after another, each time they are asked for: a large answer is never there as a tree.
#[derive(Clone)]
pub struct Made<'a, T>(Rc<dyn Fn() -> Box<dyn Iterator<Item = T> + 'a> + 'a>);

impl<'a, T: 'a> Made<'a, T> {
    /// What `make` gives of each of some items.
    pub fn of<I: 'a>(items: &'a [I], make: impl Fn(&'a I) -> Option<T> + Copy + 'a) -> Made<'a, T> {
        Made(Rc::new(move || Box::new(items.iter().filter_map(make))))
    }

    /// The items, made now.
    pub fn items(&self) -> impl Iterator<Item = T> + 'a {
        (self.0)()
    }
}

impl<'a, T: PartialEq + 'a> PartialEq for Made<'a, T> {
    fn eq(&self, other: &Self) -> bool {
        self.items().eq(other.items())
    }
}

impl<'a, T: fmt::Debug + 'a> fmt::Debug for Made<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.items()).finish()
    }
}

impl<'a> Shape<'a> {
    /// A mapping with these keys.
    pub fn map(keys: impl IntoIterator<Item = (&'a str, Shape<'a>)>) -> Shape<'a> {
        Shape::Map(keys.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect())
    }

    /// A list of these.
    pub fn list<T: Into<Shape<'a>>>(items: impl IntoIterator<Item = T>) -> Shape<'a> {
        Shape::List(items.into_iter().map(Into::into).collect())
    }

    /// What a mapping has under a key.
    pub fn get(&self, key: &str) -> Option<&Shape<'a>> {
        match self {
            Shape::Map(keys) => keys.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Writes it as JSON with a newline at the end: compact, or indented by two blanks.
    pub fn write_json(&self, to: &mut dyn Write, indented: bool) -> io::Result<()> {
        let mut to = Harmless { to, held: Vec::with_capacity(2 * HELD) };
        match indented {
            true => self.serialize(&mut serde_json::Serializer::pretty(&mut to))?,
            false => self.serialize(&mut serde_json::Serializer::new(&mut to))?,
        }
        to.write_all(b"\n")?;
        to.pass()
    }

    /// As compact JSON.
    pub fn to_json(&self) -> String {
        let mut json = Vec::new();
        // Only a number that is none in JSON could fail.
        let mut to = Harmless { to: &mut json, held: Vec::new() };
        let written = self.serialize(&mut serde_json::Serializer::new(&mut to)).map_err(io::Error::from);
        match written.and_then(|()| to.pass()) {
            Ok(()) => String::from_utf8_lossy(&json).into_owned(),
            Err(error) => error.to_string(),
        }
    }
}

impl Serialize for Shape<'_> {
    /// Whole numbers and fractions that a double holds to the digit as such; others as the raw digits, which JSON alone
    /// takes.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Shape::Null => to.serialize_unit(),
            Shape::Truth(truth) => to.serialize_bool(*truth),
            Shape::Number(digits) => {
                if let Some(small) = small(digits) {
                    to.serialize_i64(small)
                } else if let Some(whole) = whole(digits) {
                    to.serialize_i128(whole)
                } else if let Some(double) = double(digits) {
                    to.serialize_f64(double)
                } else {
                    serde_json::from_str::<&RawValue>(digits).map_err(S::Error::custom)?.serialize(to)
                }
            }
            Shape::Text(text) => to.serialize_str(text),
            Shape::Moment(moment) => to.collect_str(moment),
            Shape::List(items) => to.collect_seq(items),
            Shape::Rows(rows) => to.collect_seq(rows.items()),
            Shape::Entries(keys) => to.collect_map(keys.items()),
            Shape::Map(keys) => to.collect_map(keys.iter().map(|(key, value)| (key, value))),
        }
    }
}

/// The integer with exactly these digits, if they are few: most are.
fn small(digits: &str) -> Option<i64> {
    let unsigned = digits.strip_prefix('-').unwrap_or(digits);
    let is_spelled_so = digits == "0" || unsigned.starts_with(|first| matches!(first, '1'..='9'));
    if is_spelled_so && unsigned.len() <= 18 { digits.parse().ok() } else { None }
}

/// The integer with exactly these digits.
fn whole(digits: &str) -> Option<i128> {
    digits.parse::<i128>().ok().filter(|whole| whole.to_string() == digits)
}

/// The double whose shortest text is exactly these digits.
fn double(digits: &str) -> Option<f64> {
    digits.parse::<f64>().ok().filter(|double| format!("{double:?}") == digits)
}

/// Whether every writer of data can say a number to the digit.
pub(super) fn is_common_number(digits: &str) -> bool {
    whole(digits).is_some() || double(digits).is_some()
}

/// JSON on its way, with what could steer a terminal escaped, which changes no reader's value: it can only stand in
/// texts, and all of it lies in the basic plane, so that one escape is enough. The library hands on whole characters in
/// small pieces, some of which are held until there is something to look through.
struct Harmless<'w> {
    to: &'w mut dyn Write,
    held: Vec<u8>,
}

/// So many bytes are held.
const HELD: usize = 8 << 10;

impl Harmless<'_> {
    /// Passes on what is held.
    fn pass(&mut self) -> io::Result<()> {
        let steers = |c: char| c != '\n' && is_hostile(c);
        let is_plain = |byte: &u8| matches!(byte, b'\n' | b' '..=b'~');
        let mut rest = match self.held.iter().all(is_plain) {
            true => "",
            false => std::str::from_utf8(&self.held).map_err(io::Error::other)?,
        };
        if rest.is_empty() {
            self.to.write_all(&self.held)?;
        }
        while let Some(at) = rest.find(steers) {
            let c = rest[at..].chars().next().unwrap_or_default();
            self.to.write_all(&rest.as_bytes()[..at])?;
            write!(self.to, "\\u{:04x}", u32::from(c))?;
            rest = &rest[at + c.len_utf8()..];
        }
        self.to.write_all(rest.as_bytes())?;
        self.held.clear();
        Ok(())
    }
}

impl Write for Harmless<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.held.extend_from_slice(bytes);
        if self.held.len() >= HELD { self.pass() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass()?;
        self.to.flush()
    }
}

impl<'a> From<&'a str> for Shape<'a> {
    fn from(text: &'a str) -> Shape<'a> {
        Shape::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Shape<'a> {
    fn from(text: &'a String) -> Shape<'a> {
        Shape::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Shape<'_> {
    fn from(text: String) -> Self {
        Shape::Text(Cow::Owned(text))
    }
}

impl From<bool> for Shape<'_> {
    fn from(truth: bool) -> Self {
        Shape::Truth(truth)
    }
}

impl From<usize> for Shape<'_> {
    fn from(number: usize) -> Self {
        Shape::Number(number.to_string())
    }
}

impl<'a, T: Into<Shape<'a>>> From<Option<T>> for Shape<'a> {
    fn from(some: Option<T>) -> Shape<'a> {
        some.map_or(Shape::Null, Into::into)
    }
}

impl<'a, T: Into<Shape<'a>>> From<Vec<T>> for Shape<'a> {
    fn from(items: Vec<T>) -> Shape<'a> {
        Shape::list(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_to_the_digit() {
        let most = "9".repeat(38);
        let all =
            ["0", "-0", "1.5", "1.50", "1e5", "0.1", "-0.0000001", "1e999", "0.10000000000000000000000000000000000001"];
        for digits in all.into_iter().map(str::to_owned).chain([format!("-{most}"), format!("{most}.0"), most]) {
            assert_eq!(Shape::Number(digits.clone()).to_json(), digits);
        }
    }

    #[test]
    fn json_is_compact_or_indented_and_reads_back() {
        let shape = Shape::map([
            ("b", Shape::Number("99999999999999999999999999999999999999".into())),
            ("a", Shape::list(["x\"\\\u{1b}\u{9b}\u{202e}\n", "é"])),
            ("none", Shape::List(vec![])),
            ("empty", Shape::Map(vec![])),
        ]);
        let compact = shape.to_json();
        assert_eq!(
            compact,
            r#"{"b":99999999999999999999999999999999999999,"a":["x\"\\\u001b\u009b\u202e\n","é"],"none":[],"empty":{}}"#
        );
        let read: serde_json::Value = serde_json::from_str(&compact).unwrap();
        assert_eq!(read["a"][0], "x\"\\\u{1b}\u{9b}\u{202e}\n");
        let mut indented = Vec::new();
        Shape::map([("a", Shape::list([1usize]))]).write_json(&mut indented, true).unwrap();
        assert_eq!(String::from_utf8(indented).unwrap(), "{\n  \"a\": [\n    1\n  ]\n}\n");
    }
}
