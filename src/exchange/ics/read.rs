//! Calendars in: lines, unfolded, and the components that they make up, of which every `VEVENT` is an event. Knows nothing of
//! what an event's lines say.

use std::io;
use std::ops::Range;

use super::event::event;
use crate::exchange::import::{Importer, Outcome, Refused, Source, Stretch, Take};
use crate::exchange::lines::{LONGEST, Lines};
use crate::model::diagnostic::Code;
use crate::model::event::Free;

/// How much of a line is shown.
const SHOWN: usize = 200;

/// How many components may be open within each other: a calendar, its events and their alarms are three.
const DEEPEST: usize = 16;

/// How many lines an event may have: each takes more memory than its bytes.
const MOST: usize = 100_000;

/// What to do where a calendar is over too soon.
const CUT: &str = "fetch the whole file; events may be missing";

/// The importer of calendars.
pub struct Ics;

impl Importer for Ics {
    fn read(&mut self, source: Source, take: &mut Take) -> io::Result<()> {
        calendar(Lines::within(LONGEST, source.bytes), take)
    }
}

fn calendar(mut lines: Lines, take: &mut Take) -> io::Result<()> {
    let mut reading = Reading::default();
    while let Some(read) = lines.next()? {
        match read {
            Ok(()) => reading.physical(&lines.line, lines.number, take)?,
            Err(fault) => reading.too_long(&lines.line, lines.number, fault, take)?,
        }
    }
    reading.end(take)
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
    /// The last line of the calendar, for what is said of its end, and its number.
    last: (String, usize),
}

impl Reading {
    fn physical(&mut self, bytes: &[u8], number: usize, take: &mut Take) -> io::Result<()> {
        let whole = String::from_utf8_lossy(bytes);
        let line = whole.trim_end_matches(['\r', '\n']).trim_start_matches('\u{feff}');
        let is_inside = self.is_in_event();
        if !line.trim().is_empty() {
            self.last = (line.chars().take(SHOWN).collect(), number);
        }
        if is_inside && (self.words.len() > LONGEST || self.lines.len() > MOST) {
            self.fault = Some(Refused::whole(Code::Syntax, "an event of more than 16 MiB, or of 100,000 lines"));
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

    /// Refuses the event that has a line that is too long, or that line.
    fn too_long(&mut self, shown: &[u8], number: usize, fault: Refused, take: &mut Take) -> io::Result<()> {
        let shown = String::from_utf8_lossy(shown);
        self.last = (shown.clone().into_owned(), number);
        if self.is_in_event() {
            let at = self.words.len();
            self.keep(&format!("{shown}\n"));
            self.fault.get_or_insert(Refused { at: Some(at..at + shown.len()), ..fault });
            return Ok(());
        }
        self.has_calendar = true;
        take(Stretch { text: &shown, line: number, row: self.row, rows: 0 }, Outcome::Refused(fault))
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
        let Some(at) = self.open.iter().rposition(|open| open == name) else {
            // Events that are too deep are told of already.
            if name == "VEVENT" && !self.is_too_deep {
                let (text, line) = (&*self.last.0, self.last.1);
                let fault = Refused::whole(Code::Syntax, "no event is open that ends here: where it begins is lost");
                take(Stretch { text, line, row: self.row, rows: 0 }, Outcome::Refused(fault))?;
            }
            return Ok(());
        };
        let was_inside = self.is_in_event();
        let within = self.open.drain(at..).nth(1);
        match name {
            "VEVENT" => {
                let read = match self.fault.take() {
                    Some(fault) => Err(fault),
                    None if within.is_some() => {
                        let message = format!("within this event `END:{}` is missing", within.unwrap_or_default());
                        Err(Refused::whole(Code::Syntax, message))
                    }
                    None => event(&self.lines),
                };
                self.give(read, take)
            }
            "VTODO" | "VJOURNAL" => take(self.stretch(), Outcome::Skipped),
            _ if was_inside && !self.is_in_event() => {
                let message = format!("this event never ends: `END:{name}` comes before its own");
                self.give(Err(Refused::whole(Code::Syntax, message)), take)
            }
            _ => Ok(()),
        }
    }

    fn end(&mut self, take: &mut Take) -> io::Result<()> {
        if self.is_in_event() {
            let fault = Refused::whole(Code::Syntax, "this event never ends: the file is over before its `END:VEVENT`");
            self.give(Err(fault.help(CUT)), take)?;
        } else if let Some(name) = self.open.last() {
            let (text, line) = (&*self.last.0, self.last.1);
            let message = format!("the calendar is cut off behind this line: `END:{name}` never comes");
            let fault = Refused::whole(Code::Syntax, message).help(CUT);
            take(Stretch { text, line, row: self.row, rows: 0 }, Outcome::Refused(fault))?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::import::{get, text, told};

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

    #[test]
    fn an_event_that_lost_its_beginning_or_a_part_its_end_is_refused() {
        let event = "BEGIN:VEVENT\r\nDTSTART:20220101T000000Z\r\nSUMMARY:one\r\nEND:VEVENT\r\n";
        let whole = |body: &str| format!("BEGIN:VCALENDAR\r\n{body}{event}END:VCALENDAR\r\n").into_bytes();
        let one = || Ok(format!("{:?}", Some(text("one"))));
        assert_eq!(titles(&whole(event.split_once("\r\n").unwrap().1)), [Err(Code::Syntax), one()]);
        let alarm = event.replace("SUMMARY", "BEGIN:VALARM\r\nSUMMARY");
        assert_eq!(titles(&whole(&alarm)), [Err(Code::Syntax), one()]);
        let ended =
            alarm.replace("BEGIN:VALARM", "SUMMARY:two\r\nBEGIN:VALARM").replace("END:V", "END:VALARM\r\nEND:V");
        assert_eq!(titles(&whole(&ended)), [Ok(format!("{:?}", Some(text("two")))), one()]);
    }

    #[test]
    fn a_line_that_is_too_long_costs_its_event() {
        let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:one and more\r\nEND:VEVENT\r\n\
                    BEGIN:VEVENT\r\nDTSTART:20220101\r\nSUMMARY:two\r\nEND:VEVENT\r\nX-LONG:outside of events\r\n\
                    END:VCALENDAR\r\n";
        let said = told(|take| calendar(Lines::within(19, &mut text.as_bytes()), take));
        assert_eq!(said, ["2: SUMMARY:one and mor", "5 is an event", "9: X-LONG:outside of e"]);
    }
}
