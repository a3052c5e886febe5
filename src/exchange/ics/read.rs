//! Calendars in: every `VEVENT` an event. One of ours comes back whole, with what was edited in the calendar; of any
//! other what its properties say. What repeats is refused: a chronicle has an event for each time that it happened.

use std::io;
use std::ops::Range;

use super::line::{Line, shown, texts, unescaped};
use super::when::{duration, when};
use super::{DATE, EVENT, PLACED, date_note};
use crate::exchange::carried::{drop_dates, unpacked};
use crate::exchange::document::Keys;
use crate::exchange::import::{Importer, Outcome, Refused, Source, Stretch, Take, one_line, slug, text};
use crate::model::diagnostic::Code;
use crate::model::event::Free;
use crate::parse;

/// The longest event that is read.
const LONGEST: usize = 16 << 20;

/// How many components may be open within each other: a calendar, its events and their alarms are three.
const DEEPEST: usize = 16;

/// The importer of calendars.
pub struct Ics;

impl Importer for Ics {
    fn read(&mut self, source: Source, take: &mut Take) -> io::Result<()> {
        let mut reading = Reading::default();
        let mut bytes = Vec::new();
        for number in 1.. {
            bytes.clear();
            if source.bytes.read_until(b'\n', &mut bytes)? == 0 {
                break;
            }
            reading.physical(&bytes, number, take)?;
        }
        reading.end(take)
    }
}

/// A calendar while it is read: the component that is open, line by line.
#[derive(Default)]
struct Reading {
    /// The components that are open, outermost first.
    open: Vec<String>,
    has_calendar: bool,
    /// Whether components outside of events were too deep to be read, which is told once.
    is_too_deep: bool,
    /// The words of the event that is open, its first line, and how many events and tasks there were.
    words: String,
    first: usize,
    row: usize,
    /// Its logical lines, with where the first line of each stands in `words`; what components within it say is no part of
    /// it. They are bytes, because some cut characters where they fold (RFC 5545 §3.1).
    lines: Vec<(Range<usize>, Vec<u8>)>,
    fault: Option<Refused>,
}

impl Reading {
    fn physical(&mut self, bytes: &[u8], number: usize, take: &mut Take) -> io::Result<()> {
        let whole = String::from_utf8_lossy(bytes);
        let line = whole.trim_end_matches(['\r', '\n']).trim_start_matches('\u{feff}');
        let is_inside = self.is_in_event();
        if is_inside && self.words.len() > LONGEST {
            self.fault = Some(Refused::whole(Code::Syntax, "an event of more than 16 MiB"));
            self.lines.clear();
        }
        let is_own = self.open.last().is_some_and(|name| is_row(name));
        let ends = bytes.iter().rposition(|byte| !b"\r\n".contains(byte)).map_or(0, |last| last + 1);
        // A line that begins with a blank goes on with the one before (RFC 5545 §3.1).
        if let ([b' ' | b'\t', more @ ..], true) = (&bytes[..ends], is_inside) {
            if let (Some((_, last)), true) = (self.lines.last_mut(), is_own) {
                last.extend_from_slice(more);
            }
            self.keep(&whole);
            return Ok(());
        }
        let keyword = |name: &str| {
            let (word, value) = line.split_once(':')?;
            word.eq_ignore_ascii_case(name).then(|| value.trim().to_ascii_uppercase())
        };
        if let Some(name) = keyword("BEGIN") {
            self.begin(name, &whole, number, take)
        } else if let Some(name) = keyword("END") {
            self.keep(&whole);
            self.close(&name, take)
        } else {
            if is_own && !line.is_empty() {
                let at = self.words.len();
                self.lines.push((at..at + line.len(), bytes[..ends].to_vec()));
            } else if !self.has_calendar && !line.trim().is_empty() {
                self.has_calendar = true;
                let stretch = Stretch { text: line, line: number, row: 0, rows: 0 };
                let fault =
                    Refused::whole(Code::Syntax, "this is no calendar: it does not begin with `BEGIN:VCALENDAR`");
                take(stretch, Outcome::Refused(fault))?;
            }
            self.keep(&whole);
            Ok(())
        }
    }

    /// Whether an event or a task is open.
    fn is_in_event(&self) -> bool {
        self.open.iter().any(|name| is_row(name))
    }

    fn keep(&mut self, whole: &str) {
        if self.is_in_event() && self.words.len() <= LONGEST {
            self.words.push_str(whole);
        }
    }

    fn begin(&mut self, name: String, whole: &str, number: usize, take: &mut Take) -> io::Result<()> {
        self.has_calendar |= name == "VCALENDAR";
        if is_row(&name) && self.is_in_event() {
            let fault = Refused::whole(Code::Syntax, "this event never ends: another begins within it");
            self.give(Err(fault), take)?;
            self.open.retain(|name| !is_row(name));
        }
        if self.open.len() == DEEPEST {
            return self.too_deep(whole, number, take);
        }
        if is_row(&name) {
            self.row += 1;
            self.first = number;
            self.words.clear();
            self.lines.clear();
            self.fault = None;
        }
        self.open.push(name);
        self.keep(whole);
        Ok(())
    }

    /// Refuses the event that is open, else what is not read of the calendar.
    fn too_deep(&mut self, whole: &str, number: usize, take: &mut Take) -> io::Result<()> {
        let fault = Refused::whole(Code::Syntax, format!("components within components, more than {DEEPEST} deep"));
        if self.is_in_event() {
            self.fault.get_or_insert(fault);
            self.keep(whole);
        } else if !std::mem::replace(&mut self.is_too_deep, true) {
            let fault = fault.help("end each with its `END:`: events as deep as this are not read, here and below");
            take(Stretch { text: whole.trim_end(), line: number, row: 0, rows: 0 }, Outcome::Refused(fault))?;
        }
        Ok(())
    }

    fn close(&mut self, name: &str, take: &mut Take) -> io::Result<()> {
        let Some(at) = self.open.iter().rposition(|open| open == name) else { return Ok(()) };
        self.open.truncate(at);
        match name {
            "VEVENT" => {
                let read = match self.fault.take() {
                    Some(fault) => Err(fault),
                    None => event(&self.lines),
                };
                self.give(read, take)
            }
            "VTODO" | "VJOURNAL" => take(self.stretch(), Outcome::Skipped),
            _ => Ok(()),
        }
    }

    fn end(&mut self, take: &mut Take) -> io::Result<()> {
        if self.is_in_event() {
            let fault = Refused::whole(Code::Syntax, "this event never ends: the file is over before its `END:VEVENT`");
            self.give(Err(fault), take)?;
        } else if !self.has_calendar {
            let fault = Refused::whole(Code::Syntax, "this is no calendar: it is empty");
            let fault = fault.help("a calendar begins with `BEGIN:VCALENDAR`");
            take(Stretch { text: "", line: 1, row: 0, rows: 0 }, Outcome::Refused(fault))?;
        }
        Ok(())
    }

    fn stretch(&self) -> Stretch<'_> {
        Stretch { text: &self.words, line: self.first, row: self.row, rows: 1 }
    }

    fn give(&self, read: Result<Free, Refused>, take: &mut Take) -> io::Result<()> {
        take(self.stretch(), read.map_or_else(Outcome::Refused, Outcome::Event))
    }
}

/// Whether a component is something that a calendar holds: an event, a task, an entry of a journal.
fn is_row(name: &str) -> bool {
    matches!(name, "VEVENT" | "VTODO" | "VJOURNAL")
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
}

/// The event that some lines say.
fn event(lines: &[(Range<usize>, Vec<u8>)]) -> Result<Free, Refused> {
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
        let kept = ["LOCATION", "GEO", "STATUS", "ORGANIZER"];
        let meta = kept.iter().filter_map(|name| Some((name.to_ascii_lowercase(), Free::Text(event.text(name)?))));
        let meta: Keys = meta.collect();
        if !meta.is_empty() {
            keys.push(("meta".to_owned(), Free::Map(vec![("calendar".to_owned(), Free::Map(meta))])));
        }
        Ok(Free::Map(keys.into_iter().filter(|(key, value)| key != "tags" || *value != Free::List(vec![])).collect()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::import::get;

    /// What comes of the events of a calendar: their titles, or the codes of their faults.
    fn titles(calendar: &[u8]) -> Vec<Result<String, Code>> {
        let mut titles = Vec::new();
        let source = Source { name: "test", bytes: &mut &*calendar };
        let read = Ics.read(source, &mut |_, outcome| {
            titles.push(match outcome {
                Outcome::Event(Free::Map(keys)) => Ok(format!("{:?}", get(&keys, "title"))),
                Outcome::Refused(fault) => Err(fault.code),
                other => Ok(format!("{other:?}")),
            });
            Ok(())
        });
        assert!(read.is_ok());
        titles
    }

    #[test]
    fn a_line_may_be_folded_within_a_character() {
        let event = |summary: &[u8]| {
            let head = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20220101T000000Z\r\nSUMMARY:";
            [head, summary, b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"].concat()
        };
        let folded: Vec<&[u8]> = "Київ – 😀".as_bytes().chunks(1).collect();
        assert_eq!(titles(&event(&folded.join(&b"\r\n "[..]))), [Ok(format!("{:?}", Some(text("Київ – 😀"))))]);
        assert_eq!(titles(&event(b"not \xff UTF-8")), [Err(Code::NotUtf8)]);
        assert_eq!(titles(&event(b"cut \xd0\r\n off")), [Err(Code::NotUtf8)]);
    }
}
