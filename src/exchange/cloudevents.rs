//! CloudEvents 1.0 in the JSON event format, one a line (CloudEvents core §3, JSON format §3): one whose data is an event
//! of asof's comes back whole; of any other what its attributes say, and its data in `meta`. Knows nothing of files.

use std::io;

use xxhash_rust::xxh3::xxh3_64;

use super::document::{document, id};
use super::entry::events;
use super::export::{Exported, Subject, percent_encoded, slug as title_slug};
use super::import::{Importer, Outcome, Refused, Source, Stretch, Take, get, slug, text};
use super::lines::{LONGEST, Lines};
use crate::model::date::Precision;
use crate::model::diagnostic::Code;
use crate::model::event::Free;
use crate::model::path::is_slug;
use crate::parse;
use crate::render::json::free;
use crate::render::shape::Shape;

/// Writes events as CloudEvents, each with its event whole as data; nothing, if the answer is none of events.
///
/// `time` is there only of an instant to the second or finer: of anything else it would say more than is known. `source`
/// is the chronicle's title as a relative reference (RFC 3986 §4.2); with `id` it names the event (CloudEvents §3.1).
pub fn write(subject: &Subject) -> Option<Exported> {
    let mut exported = Exported::default();
    let source = percent_encoded(&title_slug(subject.answer.chronicle));
    for row in events(subject.answer)? {
        let event = row.event;
        let date = &event.date.value;
        let exact = matches!(date.precision(), Precision::Second | Precision::Fraction) && date.level() == 0;
        let kind = event.kind.as_ref().map(|kind| format!(".{}", kind.value)).unwrap_or_default();
        let data = Free::Map(document(row));
        let keys = [
            ("specversion", "1.0".into()),
            ("id", id(event).into()),
            ("source", source.clone().into()),
            ("type", format!("asof.event{kind}").into()),
            ("subject", (&event.title.value).into()),
            ("time", exact.then(|| event.when.written.start.to_string()).into()),
            ("datacontenttype", "application/json".into()),
            ("data", free(&data)),
        ];
        let line = Shape::map(keys.into_iter().filter(|(_, value)| *value != Shape::Null));
        exported.text += &line.to_json();
        exported.text.push('\n');
    }
    Some(exported)
}

/// The importer.
pub struct CloudEvents;

impl Importer for CloudEvents {
    fn read(&mut self, source: Source, take: &mut Take) -> io::Result<()> {
        read(Lines::within(LONGEST, source.bytes), take)
    }
}

fn read(mut lines: Lines, take: &mut Take) -> io::Result<()> {
    let mut row = 0;
    while let Some(read) = lines.next()? {
        let shown = String::from_utf8_lossy(&lines.line);
        if read.is_ok() && shown.trim_start_matches('\u{feff}').trim().is_empty() {
            continue;
        }
        row += 1;
        let words = || std::str::from_utf8(&lines.line).map_err(|error| not_utf8(&lines.line, error.valid_up_to()));
        let outcome = read.and_then(|()| words()).and_then(event).map_or_else(Outcome::Refused, Outcome::Event);
        let text = shown.trim_end_matches(['\n', '\r']);
        take(Stretch { text, line: lines.number, row, rows: 1 }, outcome)?;
    }
    Ok(())
}

fn not_utf8(bytes: &[u8], at: usize) -> Refused {
    // What is shown has `U+FFFD` there, three bytes long.
    let fault = Refused::new(Code::NotUtf8, at..at + 3, format!("this byte is not UTF-8: 0x{:02X}", bytes[at]));
    fault.help("CloudEvents are UTF-8 (RFC 8259 §8.1)")
}

/// The event that a line holds.
fn event(line: &str) -> Result<Free, Refused> {
    let read = parse::json(line).map_err(|fault| Refused {
        code: fault.code,
        message: fault.message,
        at: Some(fault.place.start as usize..fault.place.end as usize),
        help: fault.help,
    })?;
    let Free::Map(attributes) = read else {
        return Err(Refused::whole(Code::WrongType, "a CloudEvent is a JSON object"));
    };
    if let Some(Free::Text(version)) = get(&attributes, "specversion").filter(|version| **version != text("1.0")) {
        return Err(Refused::whole(
            Code::BadValue,
            format!("a CloudEvent of version `{version}`, and only 1.0 is read"),
        ));
    }
    for name in ["specversion", "id", "source", "type"] {
        match get(&attributes, name) {
            Some(Free::Text(value)) if !value.is_empty() => {}
            _ => {
                let fault =
                    Refused::whole(Code::MissingKey, format!("a CloudEvent without `{name}`, or not as a text"));
                return Err(fault.help("`specversion`, `id`, `source` and `type` are required (CloudEvents 1.0 §3)"));
            }
        }
    }
    match get(&attributes, "data") {
        Some(Free::Map(data)) if is_ours(data) => Ok(ours(&attributes, data)),
        _ => foreign(attributes),
    }
}

/// Whether the data is an event of 1-format: it has what every event has, and nothing that none has.
fn is_ours(data: &[(String, Free)]) -> bool {
    let has = |name| get(data, name).is_some();
    has("date") && has("title") && data.iter().all(|(key, _)| parse::is_event_key(key))
}

fn ours(attributes: &[(String, Free)], data: &[(String, Free)]) -> Free {
    let mut keys = data.to_vec();
    if let (None, Some(Free::Text(id))) = (get(data, "id"), get(attributes, "id")) {
        keys.insert(0, ("id".to_owned(), text(id)));
    }
    if get(data, "sources").is_none() {
        // It cites nothing, and the file that it travelled in is no source of it.
        keys.push(("sources".to_owned(), Free::List(Vec::new())));
    }
    Free::Map(keys)
}

/// What the attributes of an event of anybody's say.
fn foreign(attributes: Vec<(String, Free)>) -> Result<Free, Refused> {
    let word = |name: &str| match get(&attributes, name) {
        Some(Free::Text(value)) => Some(value.trim()).filter(|value| !value.is_empty()),
        _ => None,
    };
    let Some(time) = word("time") else {
        let fault = Refused::whole(Code::MissingKey, "a CloudEvent without a `time`: nothing says when it happened");
        return Err(fault.help("`time` is optional in CloudEvents, but every event of a chronicle has a date"));
    };
    let (origin, kind) = (word("source").unwrap_or_default(), word("type").unwrap_or_default());
    let title = word("subject").map_or_else(|| kind.to_owned(), |subject| format!("{kind}: {subject}"));
    let mut cited = vec![("title".to_owned(), text(origin))];
    if origin.starts_with("https://") || origin.starts_with("http://") {
        cited.push(("url".to_owned(), text(origin)));
    }
    let kind = if is_slug(kind) { kind.to_owned() } else { slug(kind) };
    let mut keys = vec![
        ("date".to_owned(), text(time)),
        ("title".to_owned(), text(&title.replace(['\n', '\r'], " "))),
        ("id".to_owned(), Free::Text(name(origin, word("id").unwrap_or_default()))),
    ];
    if !kind.is_empty() {
        keys.push(("kind".to_owned(), Free::Text(kind)));
    }
    keys.push(("sources".to_owned(), Free::List(vec![Free::Map(cited)])));
    keys.push(("meta".to_owned(), Free::Map(vec![("cloudevent".to_owned(), Free::Map(attributes))])));
    Ok(Free::Map(keys))
}

/// The id of an event of anybody's: a source and an id together name it, in which capitals are letters of their own
/// (CloudEvents §3.1.1). A slug has none, so what they are is told behind it, the same in whatever file they come.
fn name(source: &str, id: &str) -> String {
    let whole = format!("{source} {id}");
    let slug = slug(&whole);
    match whole == whole.to_lowercase() {
        true => slug,
        false => format!("{slug}-{:08x}", xxh3_64(whole.as_bytes()) >> 32),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_is_refused_whatever_it_begins_with() {
        let text = format!("\n{}{{}}\n", " ".repeat(100));
        let mut refused = Vec::new();
        let read = read(Lines::within(50, &mut text.as_bytes()), &mut |stretch, outcome| {
            refused.push((stretch.line, matches!(outcome, Outcome::Refused(_))));
            Ok(())
        });
        assert!(read.is_ok());
        assert_eq!(refused, [(2, true)]);
    }
}
