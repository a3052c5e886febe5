//! Expectations as a document of YAML that a person could have written and that reads back as what was meant: one line
//! a path, quotes where a reader would else take a text for something else. Knows nothing of how they are checked.

use std::borrow::Cow;
use std::io::{self, Write};

use super::escape::is_hostile;
use super::json::expect::document;
use super::shape::Shape;
use super::words;
use crate::ask::{Answer, Expect};

/// Writes the document, with the line before it that parts it from what stands above.
pub(super) fn write(answer: &Answer, expect: &Expect, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "---")?;
    if let Some(left_out) = words::left_out(answer.left_out) {
        writeln!(to, "# {left_out}")?;
    }
    for (key, value) in document(&answer.view, expect) {
        match value {
            Shape::Map(paths) if !paths.is_empty() => {
                writeln!(to, "{key}:")?;
                for (path, expected) in &paths {
                    writeln!(to, "  {}: {}", text(path, false), flow(expected, false))?;
                }
            }
            Shape::Text(date) if matches!(&*key, "as_of" | "known_by") && is_plain_date(&date) => {
                writeln!(to, "{key}: {date}")?
            }
            other => writeln!(to, "{key}: {}", flow(&other, false))?,
        }
    }
    Ok(())
}

/// Whether it is digits and hyphens alone, which the key of a date reads as written, while other keys read numbers.
fn is_plain_date(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// A value on one line. `inside` is whether it stands in a list or mapping, where commas and brackets mean something.
fn flow(shape: &Shape, inside: bool) -> String {
    match shape {
        Shape::Text(value) => text(value, inside),
        Shape::List(items) => {
            let items: Vec<String> = items.iter().map(|item| flow(item, true)).collect();
            format!("[{}]", items.join(", "))
        }
        Shape::Map(keys) => {
            let keys: Vec<String> =
                keys.iter().map(|(key, value)| format!("{}: {}", text(key, true), flow(value, true))).collect();
            format!("{{{}}}", keys.join(", "))
        }
        other => other.to_json(),
    }
}

/// A text, plain where it reads back as one, else in quotes.
fn text(value: &str, inside: bool) -> String {
    let json = || Shape::Text(Cow::Borrowed(value)).to_json();
    let Ok(yaml) = serde_yaml::to_string(value) else { return json() };
    let yaml = yaml.trim_end_matches('\n');
    let is_quoted = yaml.starts_with(['\'', '"']);
    if yaml.contains(is_hostile) || (!is_quoted && yaml != value) {
        return json();
    }
    match inside && !is_quoted && yaml.contains([',', '[', ']', '{', '}']) {
        true => format!("'{}'", yaml.replace('\'', "''")),
        false => yaml.to_owned(),
    }
}
