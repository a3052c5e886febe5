//! Paths, patterns of paths, and slugs: the names of things (1-format, Changes). Knows nothing of values or events.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The dotted name of one thing that has a value over time; two or more segments, in NFC, quoted only where needed.
/// Ordered segment by segment, so that what lies below a path follows it at once.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Path(Arc<str>);

/// Why a text is no path or pattern, in words, with the bytes of the text that are wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PathError {
    /// A short phrase.
    pub message: String,
    /// The bytes that are wrong.
    pub at: std::ops::Range<usize>,
}

impl Path {
    /// Reads a path. Errors: fewer than two segments, an empty segment, a character that needs quotes, a `*`.
    pub fn parse(text: &str) -> Result<Path, PathError> {
        if is_plain(text) {
            return Ok(Path(text.into()));
        }
        let segments = split(text, false)?;
        if segments.len() < 2 {
            let message = format!("`{text}` is no path: a path has two or more segments joined by `.`");
            return Err(PathError { message, at: 0..text.len() });
        }
        Ok(Path(segments.join(".").into()))
    }

    /// The path that is spelled like this already, found out fast where it is of plain letters; nothing where it is none.
    pub fn spelled(text: &str) -> Option<Path> {
        Path::parse(text).ok().filter(|path| path.as_str() == text)
    }

    /// Where its text lies: of two paths that live, the same only if they are one, cloned.
    pub fn address(&self) -> usize {
        self.0.as_ptr().addr()
    }

    /// The path in its one spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its segments from the left, quotes included where they are needed.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        Segments(&self.0)
    }

    /// Whether `other` lies below this path.
    pub fn is_above(&self, other: &Path) -> bool {
        other.0.len() > self.0.len() && other.0.starts_with(&*self.0) && other.0.as_bytes()[self.0.len()] == b'.'
    }
}

impl Ord for Path {
    fn cmp(&self, other: &Path) -> Ordering {
        order(&self.0, &other.0)
    }
}

/// The order of paths by their texts: a dot comes before every other byte, so that a path is followed by what lies
/// below it.
pub fn order(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    match a.iter().zip(b).position(|(a, b)| a != b) {
        None => a.len().cmp(&b.len()),
        Some(at) if a[at] == b'.' => Ordering::Less,
        Some(at) if b[at] == b'.' => Ordering::Greater,
        Some(at) => a[at].cmp(&b[at]),
    }
}

/// Whether the text of a path is a beginning of one or lies below it; everything lies below nothing.
pub fn is_within(path: &str, beginning: &str) -> bool {
    let rest = path.strip_prefix(beginning);
    beginning.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

impl PartialOrd for Path {
    fn partial_cmp(&self, other: &Path) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Walks the segments of a text that is known to be well-formed.
struct Segments<'a>(&'a str);

impl<'a> Iterator for Segments<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let end = if self.0.starts_with('"') {
            quoted_length(self.0).unwrap_or(self.0.len())
        } else {
            self.0.find('.').unwrap_or(self.0.len())
        };
        let (segment, rest) = self.0.split_at(end);
        self.0 = rest.strip_prefix('.').unwrap_or(rest);
        Some(segment)
    }
}

/// One part of a pattern; a word is ruled before `*`, and `*` before `**`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Part {
    Word(Box<str>),
    One,
    Many,
}

/// A pattern of paths: `*` matches one segment, `**` any number, also none. The order of patterns is their
/// precedence: segment by segment from the left, a word before `*` before `**` (1-format, The manifest).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Pattern {
    parts: Vec<Part>,
    text: String,
}

impl Pattern {
    /// Reads a pattern as the manifest and `unset` write it: it matches whole paths.
    pub fn parse(text: &str) -> Result<Pattern, PathError> {
        let parts = split(text, true)?
            .into_iter()
            .map(|segment| match &*segment {
                "*" => Part::One,
                "**" => Part::Many,
                word => Part::Word(word.into()),
            })
            .collect();
        Ok(Pattern { parts, text: text.to_owned() })
    }

    /// Reads a GLOB of a question: as a pattern, but without a `*` it matches all below it, too (3-commands).
    pub fn parse_glob(text: &str) -> Result<Pattern, PathError> {
        let mut pattern = Pattern::parse(text)?;
        if pattern.parts.iter().all(|part| matches!(part, Part::Word(_))) {
            pattern.parts.push(Part::Many);
        }
        Ok(pattern)
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its segments from the left, as they were written.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        Segments(&self.text)
    }

    /// The segments before the first star, joined: what every path that it matches begins with.
    pub fn beginning(&self) -> String {
        let words = self.parts.iter().map_while(|part| match part {
            Part::Word(word) => Some(&**word),
            Part::One | Part::Many => None,
        });
        words.collect::<Vec<&str>>().join(".")
    }

    /// Whether both are the same pattern, however they were written.
    pub fn is_same(&self, other: &Pattern) -> bool {
        self.parts == other.parts
    }

    /// Whether it matches more than one name.
    pub fn is_glob(&self) -> bool {
        !self.parts.iter().all(|part| matches!(part, Part::Word(_)))
    }

    /// Whether the whole path matches.
    pub fn matches(&self, path: &Path) -> bool {
        // Most patterns differ in their first word, and that is seen without cutting up the path.
        if let Some(Part::Word(first)) = self.parts.first()
            && !path.as_str().starts_with(&**first)
        {
            return false;
        }
        let segments: Vec<&str> = path.segments().collect();
        matches(&self.parts, &segments)
    }
}

/// Matches from the left, remembering only the last `**`: each `**` takes as little as it can, so the time is at most
/// parts times segments.
fn matches(parts: &[Part], segments: &[&str]) -> bool {
    let (mut part, mut segment) = (0, 0);
    let mut last_many: Option<(usize, usize)> = None;
    loop {
        let fits = match parts.get(part) {
            Some(Part::Many) => {
                last_many = Some((part, segment));
                part += 1;
                continue;
            }
            Some(Part::One) => segment < segments.len(),
            Some(Part::Word(word)) => segments.get(segment).is_some_and(|s| *s == &**word),
            None => segment == segments.len(),
        };
        match (fits, last_many) {
            (true, _) if part == parts.len() => return true,
            (true, _) => (part, segment) = (part + 1, segment + 1),
            (false, Some((many, taken))) if taken < segments.len() => {
                last_many = Some((many, taken + 1));
                (part, segment) = (many + 1, taken + 1);
            }
            (false, _) => return false,
        }
    }
}

/// Whether a text is a path of letters, digits and signs that is spelled in the one way it can be.
fn is_plain(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let dots = || text.contains('.') && !text.starts_with('.') && !text.ends_with('.') && !text.contains("..");
    text.bytes().all(is_plain) && dots()
}

/// Cuts a path or pattern at its dots and brings every segment to its one spelling.
fn split(text: &str, stars: bool) -> Result<Vec<Cow<'_, str>>, PathError> {
    let mut segments = Vec::new();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let (segment, length) = if rest.starts_with('"') {
            let length = quoted_length(rest)
                .ok_or_else(|| PathError { message: "a quote is opened and not closed".into(), at: at..text.len() })?;
            (requoted(&rest[..length]).map_err(|message| PathError { message, at: at..at + length })?, length)
        } else {
            let length = rest.find('.').unwrap_or(rest.len());
            (plain(&rest[..length], stars, at)?, length)
        };
        segments.push(segment);
        at += length;
        match text[at..].chars().next() {
            None => return Ok(segments),
            Some('.') => at += 1,
            Some(other) => {
                let message = format!("`{other}` after a quoted segment: a `.` is wanted");
                return Err(PathError { message, at: at..at + other.len_utf8() });
            }
        }
    }
}

/// Checks a segment without quotes.
fn plain(segment: &str, stars: bool, at: usize) -> Result<Cow<'_, str>, PathError> {
    if segment.is_empty() {
        return Err(PathError { message: "a segment of the path is empty".into(), at: at..at });
    }
    if stars && (segment == "*" || segment == "**") {
        return Ok(Cow::Borrowed(segment));
    }
    if let Some((offset, wrong)) = segment.char_indices().find(|(_, c)| !is_bare(*c)) {
        let message = if wrong == '*' {
            "`*` stands for a whole segment, and only in a pattern".to_owned()
        } else {
            format!("`{wrong}` in a segment: put the segment in double quotes")
        };
        return Err(PathError { message, at: at + offset..at + offset + wrong.len_utf8() });
    }
    Ok(normal(segment))
}

/// The length of a quoted segment with both quotes, if it is closed.
fn quoted_length(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// A quoted segment in its one spelling: bare where it can be, else with the escapes of a TOML basic string.
fn requoted(quoted: &str) -> Result<Cow<'_, str>, String> {
    let inner = &quoted[1..quoted.len() - 1];
    let mut content = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            content.push(c);
            continue;
        }
        match chars.next() {
            Some('"') => content.push('"'),
            Some('\\') => content.push('\\'),
            Some('n') => content.push('\n'),
            Some('t') => content.push('\t'),
            Some('r') => content.push('\r'),
            Some('b') => content.push('\u{8}'),
            Some('f') => content.push('\u{c}'),
            Some(kind @ ('u' | 'U')) => {
                let digits: String = chars.by_ref().take(if kind == 'u' { 4 } else { 8 }).collect();
                let decoded = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                content.push(decoded.ok_or_else(|| format!("`\\{kind}{digits}` is no character"))?);
            }
            other => return Err(format!("`\\{}` is no escape", other.map(String::from).unwrap_or_default())),
        }
    }
    if content.is_empty() {
        return Err("a segment of the path is empty".into());
    }
    let content: String = content.nfc().collect();
    if content.chars().all(is_bare) {
        return Ok(Cow::Owned(content));
    }
    let mut spelled = String::with_capacity(content.len() + 2);
    spelled.push('"');
    for c in content.chars() {
        match c {
            '"' => spelled.push_str("\\\""),
            '\\' => spelled.push_str("\\\\"),
            '\n' => spelled.push_str("\\n"),
            '\t' => spelled.push_str("\\t"),
            '\r' => spelled.push_str("\\r"),
            c if c.is_control() => spelled.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => spelled.push(c),
        }
    }
    spelled.push('"');
    Ok(Cow::Owned(spelled))
}

/// What a segment may hold without quotes. Combining marks count as letters: many scripts spell with them.
fn is_bare(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_' || unicode_normalization::char::is_combining_mark(c)
}

/// A text as one segment: in quotes unless it needs none; what could not stand there is escaped.
pub fn segment(text: &str) -> String {
    if !text.is_empty() && text.chars().all(is_bare) {
        return text.to_owned();
    }
    let mut segment = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => segment.extend(['\\', c]),
            c if c.is_control() => segment.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => segment.push(c),
        }
    }
    segment.push('"');
    segment
}

/// A text in NFC.
pub fn normal(text: &str) -> Cow<'_, str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfc().collect()),
    }
}

/// Whether a word is a slug: letters, digits, `-`, `_` and, not first, `.` (1-format, Changes).
pub fn is_slug(word: &str) -> bool {
    !word.is_empty() && !word.starts_with('.') && word.chars().all(|c| is_bare(c) || c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_spelling() {
        for (text, expected) in [
            ("a.b", "a.b"),
            ("support.ubuntu.\"20.04\"", "support.ubuntu.\"20.04\""),
            ("\"a\".\"b\"", "a.b"),
            ("cafe\u{301}.b", "caf\u{e9}.b"),
            ("a.\"\\u0041\"", "a.A"),
            ("a.\"x\\\"y\"", "a.\"x\\\"y\""),
        ] {
            assert_eq!(Path::parse(text).unwrap().as_str(), expected);
            assert_eq!(Path::parse(expected).unwrap().as_str(), expected);
        }
        for text in ["", "a", "a.", ".a", "a..b", "a b.c", "a.*", "a.\"b", "a.\"b\"c", "a.\"\"", "a.\"\\q\""] {
            assert!(Path::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_path_that_is_spelled_is_taken_as_it_is() {
        for text in ["a.b", "a-1.b_2.C", "caf\u{e9}.b", "support.ubuntu.\"20.04\""] {
            assert_eq!(Path::spelled(text), Path::parse(text).ok(), "{text}");
        }
        for text in ["", "a", ".a", "a.", "a..b", "a.*", "a b.c", "\"a\".b", "cafe\u{301}.b"] {
            assert_eq!(Path::spelled(text), None, "{text}");
        }
    }

    #[test]
    fn patterns_match_whole_paths_and_globs_what_is_below() {
        let matches = |pattern: &str, path: &str| Pattern::parse(pattern).unwrap().matches(&Path::parse(path).unwrap());
        assert!(matches("talks.*.status", "talks.minsk.status"));
        assert!(!matches("talks.*.status", "talks.a.b.status"));
        assert!(matches("talks.**.status", "talks.status"));
        assert!(matches("talks.**.status", "talks.a.b.status"));
        assert!(matches("**", "a.b.c"));
        assert!(matches("**.a.**.b", "a.x.a.b.b"));
        assert!(!matches("**.a.**.c", "a.x.a.b.b"));
        let glob = |glob: &str, path: &str| Pattern::parse_glob(glob).unwrap().matches(&Path::parse(path).unwrap());
        assert!(glob("talks", "talks.a.b") && glob("talks.a", "talks.a") && !glob("talks", "talk.a"));
        assert!(!glob("talks.*", "talks.a.b"));
    }

    #[test]
    fn words_rule_before_stars() {
        let mut patterns: Vec<Pattern> =
            ["**", "a.*", "a.b", "*.b", "a.**"].iter().map(|text| Pattern::parse(text).unwrap()).collect();
        patterns.sort();
        let order: Vec<&str> = patterns.iter().map(Pattern::as_str).collect();
        assert_eq!(order, ["a.b", "a.*", "a.**", "*.b", "**"]);
    }

    #[test]
    fn what_is_below_follows_at_once() {
        let mut paths: Vec<Path> =
            ["a-b.c", "a.b.c", "a.b", "a.b-c"].iter().map(|text| Path::parse(text).unwrap()).collect();
        paths.sort();
        let order: Vec<&str> = paths.iter().map(Path::as_str).collect();
        assert_eq!(order, ["a.b", "a.b.c", "a.b-c", "a-b.c"]);
    }
}
