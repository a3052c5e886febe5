//! Content lines of RFC 5545: folded at 75 octets, with texts escaped, and back. Knows nothing of what they say.

use std::fmt::Write;

use crate::render::escape::is_hostile;

/// The most octets of a line, without its end (RFC 5545 §3.1).
const OCTETS: usize = 75;

/// A content line as it was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The name, in capitals.
    pub name: String,
    /// Parameters: names in capitals, values without their quotes, several with commas between them.
    pub parameters: Vec<(String, String)>,
    /// The value as it stands there.
    pub value: String,
}

/// Appends a line, folded between characters: the line ends, and a blank begins the next (RFC 5545 §3.1).
pub fn put(name: &str, value: &str, to: &mut String) {
    let line = format!("{name}:{value}");
    let mut room = OCTETS;
    for c in line.chars() {
        if c.len_utf8() > room {
            to.push_str("\r\n ");
            room = OCTETS - 1;
        }
        room -= c.len_utf8();
        to.push(c);
    }
    to.push_str("\r\n");
}

/// A text as a value (RFC 5545 §3.3.11). Controls that no text may hold are spelled out.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in shown(text).chars() {
        match c {
            '\\' | ',' | ';' => {
                escaped.push('\\');
                escaped.push(c);
            }
            '\n' => escaped.push_str("\\n"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A text as far as a value can hold it: of controls only line ends and tabs, and none that steers the direction of writing.
pub fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => shown.push(c),
            c if is_hostile(c) => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    shown
}

/// The text of a value.
pub fn unescaped(value: &str) -> String {
    list(value, None).concat()
}

/// The texts of a value that is a list of them.
pub fn texts(value: &str) -> Vec<String> {
    list(value, Some(',')).into_iter().filter(|text| !text.is_empty()).collect()
}

fn list(value: &str, comma: Option<char>) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        let item = match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => '\n',
                Some(other) => other,
                None => '\\',
            },
            c if Some(c) == comma => {
                items.push(String::new());
                continue;
            }
            c => c,
        };
        items.last_mut().unwrap_or(&mut String::new()).push(item);
    }
    items
}

impl Line {
    /// Reads an unfolded line; nothing where it is none.
    pub fn read(line: &str) -> Option<Line> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let (name, mut rest) = line.split_at(line.find(|c| !is_name(c))?);
        let mut parameters = Vec::new();
        while let Some(parameter) = rest.strip_prefix(';') {
            let (key, mut after) = parameter.split_once('=')?;
            let mut values = Vec::new();
            // A parameter may have several values, each in quotes of its own (RFC 5545 §3.2).
            rest = loop {
                let (value, more) = match after.strip_prefix('"') {
                    Some(quoted) => quoted.split_once('"')?,
                    None => after.split_at(after.find([',', ';', ':'])?),
                };
                values.push(value);
                match more.strip_prefix(',') {
                    Some(more) => after = more,
                    None => break more,
                }
            };
            parameters.push((key.to_ascii_uppercase(), values.join(",")));
        }
        let value = rest.strip_prefix(':')?.to_owned();
        (!name.is_empty()).then(|| Line { name: name.to_ascii_uppercase(), parameters, value })
    }

    /// The value of a parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_has_more_than_75_octets_and_no_character_is_cut() {
        for text in ["x".repeat(300), "Київ–".repeat(60), "😀".repeat(80), " ".repeat(200), String::new()] {
            let mut folded = String::new();
            put("SUMMARY", &text, &mut folded);
            assert!(folded.ends_with("\r\n"));
            assert!(folded.trim_end_matches("\r\n").split("\r\n").all(|line| line.len() <= OCTETS), "{folded}");
            assert_eq!(folded.replace("\r\n ", "").trim_end_matches("\r\n"), format!("SUMMARY:{text}"));
        }
    }

    #[test]
    fn texts_come_back() {
        for text in ["a;b,c\\d\nе", "\\n", "\\", "x\\;", "%0d", "\t"] {
            assert_eq!(unescaped(&escaped(text)), text);
            assert_eq!(texts(&format!("{},{}", escaped(text), escaped("z"))), [text, "z"]);
        }
        assert_eq!(escaped("a\r\u{1b}\u{85}\u{202e}"), "a\\\\u{d}\\\\u{1b}\\\\u{85}\\\\u{202e}");
        assert!(texts("").is_empty());
    }

    #[test]
    fn lines_are_read() {
        let line = Line::read("dtstart;tzid=\"Europe/Kyiv\";X=1:20250511T013000").unwrap();
        assert_eq!((line.name.as_str(), line.parameter("TZID")), ("DTSTART", Some("Europe/Kyiv")));
        assert_eq!(line.value, "20250511T013000");
        let line = Line::read("ATTENDEE;DELEGATED-TO=\"mailto:a@b\",\"mailto:c@d\";X=e,\"f:g\":mailto:h@i").unwrap();
        assert_eq!(
            (line.parameter("DELEGATED-TO"), line.parameter("X")),
            (Some("mailto:a@b,mailto:c@d"), Some("e,f:g"))
        );
        assert_eq!(line.value, "mailto:h@i");
        assert_eq!(Line::read("URL:https://a/b;c:d").unwrap().value, "https://a/b;c:d");
        for none in ["", ":x", "no colon", "A;B:c", "A;B=\"c:d", "A;B=\"c\",", "A;B=\"c\"d:e", "Ж:x"] {
            assert_eq!(Line::read(none), None, "{none}");
        }
    }
}
