//! One scalar as it is written: plain where every reader takes it for this text, else in quotes, and long texts folded
//! over lines. Knows nothing of what it stands in, but whether that is in brackets.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use crate::model::decimal::is_number;
use crate::model::text::is_hostile;

/// Columns of a line.
pub(super) const WIDTH: usize = 110;

/// Where a scalar stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    /// In a block: as a key, a value or an element.
    InBlock,
    /// Between brackets, where commas and brackets mean something.
    InBrackets,
}

/// A text on one line.
pub(super) fn on_one_line(text: &str, stands: Stands) -> String {
    if is_plain(text, stands) && !is_taken_otherwise(text) {
        return text.to_owned();
    }
    if text.chars().any(must_be_spelled) {
        return spelled(text);
    }
    match text.contains('\'') && !text.contains(['"', '\\']) {
        true => format!("\"{text}\""),
        false => format!("'{}'", text.replace('\'', "''")),
    }
}

/// A date on one line: its words need no quotes that a date in them would not need.
pub(super) fn date(text: &str, stands: Stands) -> String {
    let is_null = matches!(text, "" | "~" | "null" | "Null" | "NULL");
    if is_plain(text, stands) && !is_null { text.to_owned() } else { on_one_line(text, stands) }
}

/// A text as a block of lines, each `indent` columns in, after its header: folded, or line by line where the lines are
/// short or begin with blanks. Nothing where a block would not say exactly the same, or would hide blanks.
pub(super) fn block(text: &str, indent: usize) -> Option<String> {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let lines: Vec<&str> = body.split('\n').collect();
    let hides = |line: &&str| line.trim_end() != *line || line.chars().any(must_be_spelled);
    if lines.iter().any(hides) || body.ends_with('\n') || body.is_empty() || body.starts_with([' ', '\n']) {
        return None;
    }
    let fits = |line: &&str| indent + line.width() <= WIDTH;
    let is_literal = lines.len() > 1 && (lines.iter().all(fits) || lines.iter().any(|line| line.starts_with(' ')));
    let mut block = String::from(if is_literal { "|" } else { ">" });
    if body.len() == text.len() {
        block.push('-');
    }
    for (at, line) in lines.iter().enumerate() {
        if !is_literal && at > 0 {
            block.push('\n');
        }
        if line.is_empty() && is_literal {
            block.push('\n');
        }
        let wrapped = if is_literal { vec![*line] } else { wrapped(line, WIDTH.saturating_sub(indent)) };
        for piece in wrapped.into_iter().filter(|piece| !piece.is_empty()) {
            let _ = write!(block, "\n{:indent$}{piece}", "");
        }
    }
    Some(block)
}

/// Whether a text has a blank at which a line may end.
pub(super) fn can_be_wrapped(text: &str) -> bool {
    breaks(text).next().is_some()
}

/// A text in lines as full as they can be.
fn wrapped(text: &str, width: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let (mut start, mut last) = (0, None);
    for at in breaks(text).chain([text.len()]) {
        if let Some(end) = last.filter(|_| text[start..at].width() > width) {
            lines.push(&text[start..end]);
            start = end + 1;
        }
        last = Some(at);
    }
    lines.push(&text[start..]);
    lines
}

/// The single blanks between words: to a reader of a folded text, the end of a line is one of them.
fn breaks(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let is_word = move |at: usize| bytes.get(at).is_some_and(|byte| *byte != b' ');
    let is_break = move |at: &usize| bytes[*at] == b' ' && *at > 0 && is_word(*at - 1) && is_word(*at + 1);
    (0..bytes.len()).filter(is_break)
}

/// Whether a text can stand without quotes (YAML 1.2 §7.3.3), and shows where it begins and ends.
fn is_plain(text: &str, stands: Stands) -> bool {
    let in_brackets = stands == Stands::InBrackets;
    let begins = match text.as_bytes() {
        [] => false,
        [b'-', rest @ ..] => !matches!(rest, [] | [b' ', ..] | [b'-', b'-', ..]),
        [first, ..] => !b"?:,[]{}#&*!|>'\"%@`".contains(first),
    };
    begins
        && text.trim() == text
        && !text.starts_with("...")
        && !text.ends_with(':')
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.chars().any(must_be_spelled)
        && !(in_brackets && text.contains([',', '[', ']', '{', '}']))
}

/// Whether a reader takes a plain text for something else: by YAML 1.2's core schema (§10.3.2), or by YAML 1.1, which
/// many a tool still reads: `no`, `012`, `1_000`, `12:30` and `<<`. A date stays as it is.
fn is_taken_otherwise(text: &str) -> bool {
    let words = ["", "~", "<<", "=", "null", "true", "false", "y", "n", "yes", "no", "on", "off", ".nan", ".inf"];
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let counts = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'_');
    let is_based = ["0x", "0b", "0o"].iter().any(|base| unsigned.strip_prefix(base).is_some_and(counts));
    let is_counted = unsigned.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'_' | b':' | b'.'))
        && unsigned.bytes().any(|byte| byte.is_ascii_digit());
    is_number(text) || is_based || is_counted || words.iter().any(|word| unsigned.eq_ignore_ascii_case(word))
}

/// Whether a character cannot be seen for what it is, or means another thing to some readers.
fn must_be_spelled(c: char) -> bool {
    is_hostile(c) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// A text in double quotes, with whatever cannot be seen spelled out; of both YAML and JSON (RFC 8259 §7).
pub(super) fn spelled(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            // None of these has more than four digits.
            c if must_be_spelled(c) => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
