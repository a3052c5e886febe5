//! The lines of one `VEVENT` → an event. One of ours comes back whole, with what was edited in the calendar; of any other what
//! its properties say. What repeats is refused: a chronicle has an event for each time that it happened.

use std::ops::Range;

use super::line::{Line, shown, texts, unescaped};
use super::when::{duration, when};
use super::{DATE, EVENT, PLACED, date_note};
use crate::exchange::carried::{drop_dates, unpacked};
use crate::exchange::document::Keys;
use crate::exchange::import::{Refused, one_line, slug, text};
use crate::model::diagnostic::Code;
use crate::model::event::Free;
use crate::parse;

/// The event that some lines say, each with where it stands.
///
/// # Errors
/// What is wrong with them, or cannot be in a chronicle.
pub fn event(lines: &[(Range<usize>, Vec<u8>)]) -> Result<Free, Refused> {
    let mut event = Event { lines: Vec::new() };
    for (at, bytes) in lines {
        let refused = |code, message: &str| Refused::new(code, at.clone(), message);
        let words = std::str::from_utf8(bytes).map_err(|_| refused(Code::NotUtf8, "this line is not UTF-8"))?;
        let line = Line::read(words)
            .ok_or_else(|| refused(Code::Syntax, "this is no line of a calendar: a name, `:`, and a value"))?;
        event.lines.push((at.start, line));
    }
    for name in ["RRULE", "RDATE", "EXRULE"] {
        if let Some((at, line)) = event.get(name) {
            let message =
                format!("this event repeats ({name}), and a chronicle has an event for each time it happened");
            let fault = Refused::new(Code::WrongType, *at..at + line.name.len(), message);
            return Err(fault.help("let the calendar write the times out one by one, or write them by hand"));
        }
    }
    let (date, placed) = date(&event)?;
    let Some(title) = event.text("SUMMARY") else {
        return Err(Refused::whole(Code::MissingKey, "an event without a `SUMMARY`, which would be its title"));
    };
    let is_ours = event.get(DATE).is_some();
    let mut keys = vec![("date".to_owned(), text(&date)), ("title".to_owned(), text(&title))];
    let uid = event.text("UID");
    let description = event.text("DESCRIPTION");
    let tags: Vec<String> = event
        .lines
        .iter()
        .filter(|(_, line)| line.name == "CATEGORIES")
        .flat_map(|(_, line)| texts(&line.value))
        .collect();
    if is_ours {
        ours(&event, keys, uid, description, tags, &placed)
    } else {
        let again = event.text("RECURRENCE-ID").unwrap_or_default();
        let title = one_line(&title);
        keys[1].1 = Free::Text(title);
        let id = uid.map(|uid| slug(&format!("{uid} {again}")).trim_matches(['_', '-']).to_owned());
        keys.extend(id.filter(|id| !id.is_empty()).map(|id| ("id".to_owned(), Free::Text(id))));
        keys.extend(description.map(|words| ("summary".to_owned(), Free::Text(words))));
        let tags: Vec<Free> = tags.iter().map(|tag| slug(tag)).filter(|tag| !tag.is_empty()).map(Free::Text).collect();
        keys.push(("tags".to_owned(), Free::List(tags)));
        keys.extend(
            event.text("URL").map(|url| {
                ("sources".to_owned(), Free::List(vec![Free::Map(vec![("url".to_owned(), Free::Text(url))])]))
            }),
        );
        let meta = event.leftovers();
        if !meta.is_empty() {
            keys.push(("meta".to_owned(), Free::Map(vec![("calendar".to_owned(), Free::Map(meta))])));
        }
        Ok(Free::Map(keys.into_iter().filter(|(key, value)| key != "tags" || *value != Free::List(vec![])).collect()))
    }
}

/// The lines of one event, with where they stand.
struct Event {
    lines: Vec<(usize, Line)>,
}

impl Event {
    fn get(&self, name: &str) -> Option<&(usize, Line)> {
        self.lines.iter().find(|(_, line)| line.name == name)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(|(_, line)| unescaped(&line.value)).filter(|text| !text.trim().is_empty())
    }

    /// What events have no key for: properties that there is one of, and those that there are several of. What is attached
    /// in the calendar itself, and not by an address, is none of it.
    fn leftovers(&self) -> Keys {
        let one = |name: &str| Some((name.to_ascii_lowercase(), Free::Text(self.text(name)?)));
        let several = |name: &str| {
            let says =
                |line: &Line, name, value| line.parameter(name).is_some_and(|word| word.eq_ignore_ascii_case(value));
            let is_binary = |line: &Line| says(line, "VALUE", "BINARY") || says(line, "ENCODING", "BASE64");
            // What is no text, but an address, has nothing to be unescaped (RFC 5545 §3.3.3, §3.3.13).
            let words = |line: &Line| if name == "COMMENT" { unescaped(&line.value) } else { line.value.clone() };
            let kept = self.lines.iter().map(|(_, line)| line).filter(|line| line.name == name && !is_binary(line));
            let lines = kept.map(words);
            let texts: Vec<Free> = lines.filter(|words| !words.trim().is_empty()).map(Free::Text).collect();
            (!texts.is_empty()).then(|| (name.to_ascii_lowercase(), Free::List(texts)))
        };
        let once = ["LOCATION", "GEO", "STATUS", "ORGANIZER"].into_iter().filter_map(one);
        once.chain(["ATTENDEE", "ATTACH", "COMMENT"].into_iter().filter_map(several)).collect()
    }
}

/// An event that went out from here, as it is now.
fn ours(
    event: &Event,
    mut keys: Keys,
    uid: Option<String>,
    description: Option<String>,
    tags: Vec<String>,
    placed: &str,
) -> Result<Free, Refused> {
    let mut description = description;
    let mut is_moved = true;
    if let Some((_, line)) = event.get(DATE) {
        let edtf = unescaped(&line.value);
        // The note about the date goes, and is made anew.
        description = description.and_then(|words| {
            let (before, last) = words.rsplit_once("\n\n").unwrap_or(("", &words));
            let is_note = last.starts_with("Date: ") && last.ends_with(&date_note("", &edtf)["Date: ".len()..]);
            let rest = if is_note { before.to_owned() } else { words };
            (!rest.is_empty()).then_some(rest)
        });
        is_moved = line.parameter(PLACED) != Some(placed);
        if !is_moved {
            keys[0].1 = Free::Text(edtf);
        }
    }
    let id = uid.as_deref().and_then(|uid| uid.rsplit_once('@')).map(|(id, _)| id.to_owned());
    keys.extend(id.map(|id| ("id".to_owned(), Free::Text(if id.contains('/') { slug(&id) } else { id }))));
    keys.extend(description.map(|words| ("summary".to_owned(), Free::Text(words))));
    if !tags.is_empty() {
        keys.push(("tags".to_owned(), Free::List(tags.iter().map(|tag| text(tag)).collect())));
    }
    let mut luggage = Keys::new();
    if let Some((at, line)) = event.get(EVENT) {
        match parse::json(&unescaped(&line.value)) {
            Ok(Free::Map(map)) => luggage = map,
            _ => {
                let message = format!("{EVENT} is not the JSON that asof wrote there");
                return Err(Refused::new(Code::Syntax, *at..at + EVENT.len(), message).help("export it anew"));
            }
        }
    }
    if is_moved {
        drop_dates(&mut luggage);
    }
    let shows = |_: &str, value: &Free| match value {
        Free::Text(words) => Some(Free::Text(shown(words))),
        _ => None,
    };
    let mut keys = unpacked(keys, luggage, shows);
    if !keys.iter().any(|(key, _)| key == "sources") {
        keys.push(("sources".to_owned(), Free::List(Vec::new())));
    }
    Ok(Free::Map(keys))
}

/// When an event is, as EDTF, and what stands there for it: `DTSTART/DTEND`.
fn date(event: &Event) -> Result<(String, String), Refused> {
    let Some((at, start)) = event.get("DTSTART") else {
        return Err(Refused::whole(Code::MissingKey, "an event without a `DTSTART`: nothing says when it happened"));
    };
    let begins = when(*at, start)?;
    let end = event.get("DTEND");
    let placed = format!("{}/{}", start.value, end.map_or("", |(_, line)| &line.value));
    let ends = match (end, event.get("DURATION")) {
        (Some((at, line)), _) => Some((*at, line, when(*at, line)?)),
        (None, Some((at, line))) => {
            let wrong =
                || Refused::new(Code::BadDate, *at..at + line.name.len(), "this is no duration (RFC 5545 §3.3.6)");
            let long = duration(&line.value).ok_or_else(wrong)?;
            Some((*at, line, begins.plus(long).ok_or_else(wrong)?))
        }
        (None, None) => None,
    };
    let Some((at, line, ends)) = ends else { return Ok((begins.edtf(), placed)) };
    let reversed = || {
        let message = "this ends before it begins, or begins with a day and ends with a time";
        Refused::new(Code::BadDate, at..at + line.name.len(), message)
    };
    match (begins.time, ends.time) {
        // The end is the first day that is no part of it; some write the day itself where it is one alone.
        (None, None) => {
            let last = if ends.day == begins.day { Some(ends.day) } else { ends.day.pred_opt() };
            match last {
                Some(last) if last == begins.day => Ok((begins.edtf(), placed)),
                Some(last) if last > begins.day => Ok((format!("{}/{last}", begins.day), placed)),
                _ => Err(reversed()),
            }
        }
        (Some(first), Some(last)) if first.seconds == last.seconds => Ok((begins.edtf(), placed)),
        (Some(first), Some(last)) if first.seconds < last.seconds => {
            Ok((format!("{}/{}", begins.edtf(), ends.edtf()), placed))
        }
        _ => Err(reversed()),
    }
}
