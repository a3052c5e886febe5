//! Sources as BibLaTeX (its manual, 2.1.1 and 2.3.8): `@online` where there is an address, else `@misc`. Unicode stays,
//! what LaTeX would take for a command is escaped.

use std::fmt::Write;

use super::csl::note;
use super::entry::{Clock, Unit};
use super::export::{Exported, Subject};
use super::references::{Reference, References, dated};
use crate::model::date::{Calendar, Date};
use crate::render::escape::visible;

/// Writes the sources; nothing, if the answer has no events.
pub fn write(subject: &Subject) -> Option<Exported> {
    let references = References::of(subject)?;
    let entries: Vec<String> =
        references.all.iter().map(|reference| entry(reference, &subject.manifest.calendar)).collect();
    Some(Exported { text: entries.join("\n"), left_out: Vec::new() })
}

fn entry(reference: &Reference, calendar: &Calendar) -> String {
    let source = reference.source;
    let sort = if source.is_some_and(|source| source.url.is_some()) { "online" } else { "misc" };
    let mut entry = format!("@{sort}{{{},\n", reference.key);
    let mut put = |field: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(entry, "  {field} = {{{value}}},");
        }
    };
    put(
        "title",
        Some(source.and_then(|source| source.title.as_deref()).map_or_else(|| escaped(&reference.key), escaped)),
    );
    if let Some(source) = source {
        put("organization", source.publisher.as_deref().map(escaped));
        put("date", source.date.as_ref().and_then(|date| written(&date.value, calendar)));
        put("url", source.url.as_deref().map(address));
        put("eprint", source.archived.as_deref().map(address));
        put("eprinttype", source.archived.as_ref().map(|_| "archived".to_owned()));
        put("language", source.language.as_deref().map(escaped));
        put("note", note(source, 1).as_deref().map(escaped));
    }
    entry + "}\n"
}

/// A date in EDTF, of which BibLaTeX takes levels 0 and 1 up to the day; what goes beyond is the range that is nearest.
fn written(date: &Date, calendar: &Calendar) -> Option<String> {
    if date.level() <= 1 && !date.text().contains(['T', 't', 'Y']) && !date.text().starts_with('-') {
        return Some(date.text().to_owned());
    }
    let stretch = dated(date, calendar)?;
    let side = |clock: Clock| match stretch.unit {
        Unit::Year => format!("{:04}", clock.year),
        Unit::Month => format!("{:04}-{:02}", clock.year, clock.month),
        _ => format!("{:04}-{:02}-{:02}", clock.year, clock.month, clock.day),
    };
    let is_in_reach = (0..=9999).contains(&stretch.first.year) && (0..=9999).contains(&stretch.last.year);
    let same = side(stretch.first) == side(stretch.last);
    is_in_reach
        .then(|| if same { side(stretch.first) } else { format!("{}/{}", side(stretch.first), side(stretch.last)) })
}

/// A text in braces, where ten signs of ASCII are commands.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in visible(text).chars() {
        match c {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            // BibTeX counts braces, also those after a backslash.
            '{' => escaped.push_str("\\textbraceleft{}"),
            '}' => escaped.push_str("\\textbraceright{}"),
            '$' | '&' | '#' | '%' | '_' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}

/// An address, which BibLaTeX takes as it is; what an address cannot hold is percent-encoded (RFC 3986 §2.1).
fn address(url: &str) -> String {
    let mut encoded = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            '{' | '}' | '\\' | '"' | '<' | '>' | '^' | '`' | '|' | ' ' => {
                let _ = write!(encoded, "%{:02X}", u32::from(c));
            }
            c if c.is_control() || !c.is_ascii() => {
                let mut bytes = [0; 4];
                c.encode_utf8(&mut bytes).bytes().for_each(|byte| _ = write!(encoded, "%{byte:02X}"));
            }
            c => encoded.push(c),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_command() {
        assert_eq!(
            escaped("50 % of $x_1$ & #2 {a} \\b ~^"),
            "50 \\% of \\$x\\_1\\$ \\& \\#2 \\textbraceleft{}a\\textbraceright{} \\textbackslash{}b \\textasciitilde{}\\textasciicircum{}"
        );
        assert_eq!(escaped("Київ – “так”\n"), "Київ – “так”\\textbackslash{}n");
        assert_eq!(address("https://a/b%20c_d~{x}\\Ж"), "https://a/b%20c_d~%7Bx%7D%5C%D0%96");
    }
}
