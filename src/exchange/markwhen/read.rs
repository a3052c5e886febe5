//! Texts of Markwhen in: every event of it an event, the sections that it stands in kept in `meta`. Dates that hang on
//! other events or on today are refused, each by name.

use std::io;

use super::dates::{Head, head, unreadable};
use super::{ASOF, PLACED, shown_summary, shown_tag, shown_title};
use crate::exchange::carried::{drop_dates, unpacked};
use crate::exchange::document::Keys;
use crate::exchange::import::{Importer, Outcome, Refused, Source, Stretch, Take, get, slug, text};
use crate::exchange::lines::{LONGEST, Lines};
use crate::model::diagnostic::Code;
use crate::model::event::Free;
use crate::parse;

/// The importer of Markwhen.
pub struct Markwhen;

impl Importer for Markwhen {
    fn read(&mut self, source: Source, take: &mut Take) -> io::Result<()> {
        timeline(Lines::within(LONGEST, source.bytes), take)
    }
}

fn timeline(mut lines: Lines, take: &mut Take) -> io::Result<()> {
    let mut reading = Reading { is_head: true, is_empty: true, ..Reading::default() };
    while let Some(read) = lines.next()? {
        match read {
            Ok(()) => reading.line(&lines.line, lines.number, take)?,
            Err(fault) => reading.too_long(&lines.line, lines.number, fault, take)?,
        }
    }
    reading.give(take)?;
    if reading.is_empty {
        let fault = Refused::whole(Code::Syntax, "this is no text of Markwhen: it is empty");
        let fault = fault.help("an event begins as `2025-05-11: Title`");
        take(Stretch { text: "", line: 1, row: 0, rows: 0 }, Outcome::Refused(fault))?;
    }
    Ok(())
}

/// A text while it is read.
#[derive(Default)]
struct Reading {
    /// Whether nothing but blanks has been read.
    is_empty: bool,
    /// Whether no event or section has begun, and whether the header is between `---`.
    is_head: bool,
    is_fenced: bool,
    /// What the header says: of `5/11/2025` the day comes first; clocks are those of a zone.
    day_first: bool,
    zone: bool,
    /// The titles of the sections that are open, with their depth.
    sections: Vec<(usize, String)>,
    row: usize,
    open: Option<Open>,
    /// Whether words stood in no event.
    has_lost: bool,
}

/// An event whose lines are not over.
struct Open {
    words: String,
    line: usize,
    date: Head,
    /// How many bytes of the first line the date takes.
    head: usize,
    title: String,
    properties: Vec<(String, String)>,
    body: Vec<String>,
    fault: Option<Refused>,
}

impl Reading {
    fn line(&mut self, bytes: &[u8], number: usize, take: &mut Take) -> io::Result<()> {
        let whole = String::from_utf8_lossy(bytes);
        let line = whole.trim_end_matches(['\r', '\n']).trim_start_matches('\u{feff}');
        self.is_empty &= line.trim().is_empty();
        if self.is_head && self.header(line) {
            return if self.is_fenced || !is_lost(line) { Ok(()) } else { self.lose(&whole, number, take) };
        }
        if let Some(section) = section(line) {
            self.give(take)?;
            self.is_head = false;
            self.section(section);
            return Ok(());
        }
        if let Some((date, head, title)) = first_line(line, self.day_first) {
            self.give(take)?;
            self.is_head = false;
            self.row += 1;
            let (title, words) = (title.to_owned(), whole.clone().into_owned());
            let (properties, body) = (Vec::new(), Vec::new());
            self.open = Some(Open { words, line: number, date, head, title, properties, body, fault: None });
        } else if let Some(open) = &mut self.open {
            open.more(line, &whole);
        } else if is_lost(line) {
            self.lose(&whole, number, take)?;
        }
        if let (Some(open), std::borrow::Cow::Owned(_)) = (&mut self.open, &whole) {
            open.fault.get_or_insert_with(|| Refused::whole(Code::NotUtf8, "a line of this event is not UTF-8"));
        }
        Ok(())
    }

    /// Refuses the event that has a line that is too long, which may be its first, or that line.
    fn too_long(&mut self, shown: &[u8], number: usize, fault: Refused, take: &mut Take) -> io::Result<()> {
        let words = String::from_utf8_lossy(shown);
        self.is_empty = false;
        if !self.is_head && self.open.is_some() || first_line(&words, self.day_first).is_some() {
            self.line(format!("{words}\n").as_bytes(), number, take)?;
        }
        let Some(open) = &mut self.open else {
            return take(Stretch { text: &words, line: number, row: self.row, rows: 0 }, Outcome::Refused(fault));
        };
        let end = open.words.trim_end().len();
        open.fault.get_or_insert(Refused { at: Some(end.saturating_sub(words.len())..end), ..fault });
        Ok(())
    }

    /// Refuses words that stand in no event; of several, the first stand for all.
    fn lose(&mut self, whole: &str, number: usize, take: &mut Take) -> io::Result<()> {
        if std::mem::replace(&mut self.has_lost, true) {
            return Ok(());
        }
        let fault = Refused::whole(Code::Syntax, "words that belong to no event, and would be lost");
        let fault =
            fault.help("let an event begin before them, as `2025-05-11: Title`, or make them a comment with `//`");
        take(Stretch { text: whole, line: number, row: self.row, rows: 0 }, Outcome::Refused(fault))
    }

    /// Takes a line of the header; whether it was one.
    fn header(&mut self, line: &str) -> bool {
        if line.starts_with("---") {
            self.is_head = !self.is_fenced;
            self.is_fenced = !self.is_fenced;
            return true;
        }
        if !self.is_fenced && (section(line).is_some() || first_line(line, false).is_some()) {
            return false;
        }
        if let Some((key, value)) = property(line) {
            match key {
                "dateFormat" => self.day_first = value.trim_matches(['"', '\'']) == "d/M/y",
                "timezone" | "tz" => self.zone = !["UTC", "Z", "0", "+0", ""].contains(&value),
                _ => {}
            }
        }
        true
    }

    fn section(&mut self, section: Section) {
        match section {
            Section::Begin(depth, title) => {
                let depth = depth.unwrap_or_else(|| self.sections.last().map_or(1, |(depth, _)| depth + 1));
                self.sections.retain(|(open, _)| *open < depth);
                self.sections.push((depth, title.to_owned()));
            }
            Section::End => _ = self.sections.pop(),
        }
    }

    fn give(&mut self, take: &mut Take) -> io::Result<()> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        let stretch = Stretch { text: &open.words, line: open.line, row: self.row, rows: 1 };
        let read = match open.fault.take() {
            Some(fault) => Err(fault),
            None => open.event(self),
        };
        take(stretch, read.map_or_else(Outcome::Refused, Outcome::Event))
    }
}

/// The beginning of a section, with its depth if that is said, or the end of the innermost one.
pub(super) enum Section<'l> {
    Begin(Option<usize>, &'l str),
    End,
}

/// `# Title`, and `section`, `group`, `endSection`, `endGroup` of Markwhen before 0.15.
pub(super) fn section(line: &str) -> Option<Section<'_>> {
    let line = line.trim();
    let depth = line.bytes().take_while(|byte| *byte == b'#').count();
    if (1..=6).contains(&depth) && line[depth..].starts_with(char::is_whitespace) {
        return Some(Section::Begin(Some(depth), line[depth..].trim()));
    }
    match line.split_once(' ').unwrap_or((line, "")) {
        ("section" | "group", title) if !title.contains(':') => Some(Section::Begin(None, title.trim())),
        ("endSection" | "endGroup", "") => Some(Section::End),
        _ => None,
    }
}

/// The date of an event's first line, how long it is, and the words behind it. The longest date is the one that is meant.
fn first_line(line: &str, day_first: bool) -> Option<(Head, usize, &str)> {
    // No date is longer; this spares long lines.
    let colons = line.match_indices(':').map(|(at, _)| at).take_while(|at| *at < 100);
    let colons: Vec<usize> = colons.collect();
    let longest = |head: &dyn Fn(&str) -> Option<Head>| {
        colons.iter().rev().find_map(|at| Some((head(&line[..*at])?, *at, line[at + 1..].trim())))
    };
    longest(&|text| head(text, day_first)).or_else(|| longest(&|text| unreadable(text, day_first)))
}

/// Whether a line outside of events is words, and neither a property, a comment, the colour of a tag nor more of the header.
fn is_lost(line: &str) -> bool {
    !line.is_empty()
        && !line.starts_with(|c: char| c.is_whitespace() || "#-/{}[]".contains(c))
        && property(line).is_none()
}

/// `key: value`.
fn property(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let key = key.trim_start();
    let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    (is_key && (value.is_empty() || value.starts_with(char::is_whitespace))).then_some((key, value.trim()))
}

impl Open {
    fn more(&mut self, line: &str, whole: &str) {
        if self.words.len() > LONGEST {
            self.fault.get_or_insert_with(|| Refused::whole(Code::Syntax, "an event of more than 16 MiB"));
            return;
        }
        self.words.push_str(whole);
        match property(line).filter(|_| self.body.is_empty()) {
            Some((key, value)) => self.properties.push((key.to_owned(), value.to_owned())),
            None if line.trim_start().starts_with("//") => {}
            // A `.` stands before words that are not to be anything else.
            None => {
                let line = line.trim();
                let words = line.strip_prefix(". ").unwrap_or(if line == "." { "" } else { line });
                self.body.push(words.to_owned());
            }
        }
    }

    fn event(&self, reading: &Reading) -> Result<Free, Refused> {
        let mut words: Vec<&str> = self.title.split(' ').collect();
        let mut tags = Vec::new();
        while let Some(tag) = words.last().and_then(|word| word.strip_prefix('#')).filter(|tag| !tag.is_empty()) {
            tags.insert(0, tag);
            words.pop();
        }
        let title = words.join(" ").trim().to_owned();
        let body: Vec<&str> = self.body.iter().map(String::as_str).collect();
        let summary = body.join("\n").trim().to_owned();
        let property = |name: &str| self.properties.iter().find(|(key, _)| key == name).map(|(_, value)| value);
        let id = property("id").map(|id| match parse::json(id) {
            Ok(Free::Text(id)) => id,
            _ => id.clone(),
        });
        let mut keys: Keys = vec![("title".to_owned(), Free::Text(title.clone()))];
        if !summary.is_empty() {
            keys.push(("summary".to_owned(), Free::Text(summary)));
        }
        if let Some(luggage) = property(ASOF) {
            return self.ours(luggage, keys, id, &tags);
        }
        let date = self.date()?;
        keys.push(("date".to_owned(), text(date)));
        if title.is_empty() {
            return Err(Refused::whole(
                Code::MissingKey,
                "an event without words behind its date, which would be its title",
            ));
        }
        if reading.zone && date.contains('T') && !date.ends_with('Z') {
            let message = "this time is of the zone that the header names, and not of the chronicle's";
            return Err(
                Refused::new(Code::BadDate, 0..self.head, message).help("write it in UTC: 2025-05-11T01:30:00Z")
            );
        }
        keys.extend(id.map(|id| ("id".to_owned(), Free::Text(slug(&id)))).filter(|(_, id)| *id != text("")));
        let tags: Vec<Free> = tags.iter().map(|tag| slug(tag)).filter(|tag| !tag.is_empty()).map(Free::Text).collect();
        if !tags.is_empty() {
            keys.push(("tags".to_owned(), Free::List(tags)));
        }
        let mut meta = Keys::new();
        if !reading.sections.is_empty() {
            let titles = reading.sections.iter().map(|(_, title)| text(title)).collect();
            meta.push(("sections".to_owned(), Free::List(titles)));
        }
        let own = self.properties.iter().filter(|(key, _)| key != "id");
        meta.extend(own.map(|(key, value)| (key.clone(), text(value))));
        meta.sort_by(|a, b| a.0.cmp(&b.0));
        meta.dedup_by(|a, b| a.0 == b.0);
        if !meta.is_empty() {
            keys.push(("meta".to_owned(), Free::Map(vec![("markwhen".to_owned(), Free::Map(meta))])));
        }
        Ok(Free::Map(keys))
    }

    fn date(&self) -> Result<&str, Refused> {
        match &self.date {
            Head::Date(date) => Ok(date),
            Head::Unread(why) => {
                let fault = Refused::new(Code::BadDate, 0..self.head, *why);
                Err(fault.help("write the day itself, such as 2025-05-11"))
            }
        }
    }

    /// An event that went out from here, as it is now.
    fn ours(&self, luggage: &str, mut keys: Keys, id: Option<String>, tags: &[&str]) -> Result<Free, Refused> {
        let Ok(Free::Map(mut luggage)) = parse::json(luggage) else {
            let message = "the property `asof` is not the JSON that asof wrote there";
            return Err(Refused::whole(Code::Syntax, message).help("export it anew"));
        };
        keys.extend(id.map(|id| ("id".to_owned(), Free::Text(if id.contains('/') { slug(&id) } else { id }))));
        if !tags.is_empty() {
            keys.push(("tags".to_owned(), Free::List(tags.iter().map(|tag| text(tag)).collect())));
        }
        let placed = luggage.iter().position(|(key, _)| key == PLACED).map(|at| luggage.remove(at).1);
        let head = text(self.words.trim_start_matches('\u{feff}')[..self.head].trim());
        if placed.as_ref() != Some(&head) {
            drop_dates(&mut luggage);
        }
        if get(&luggage, "date").is_none() {
            keys.push(("date".to_owned(), text(self.date()?)));
        }
        let shows = |key: &str, value: &Free| match (key, value) {
            ("title", Free::Text(words)) => Some(Free::Text(shown_title(words))),
            ("summary", Free::Text(words)) => Some(Free::Text(shown_summary(words))),
            ("tags", Free::List(tags)) => Some(Free::List(
                tags.iter()
                    .filter_map(|tag| if let Free::Text(tag) = tag { Some(text(&shown_tag(tag))) } else { None })
                    .collect(),
            )),
            _ => None,
        };
        let mut keys = unpacked(keys, luggage, shows);
        if get(&keys, "sources").is_none() {
            keys.push(("sources".to_owned(), Free::List(Vec::new())));
        }
        Ok(Free::Map(keys))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::import::told;

    #[test]
    fn a_line_that_is_too_long_costs_its_event() {
        let text = "long words before all events\n2001: One\nshort\nlong words within an event\n2002: Two\n\
                    2003: Three, and much more\n2004: Four\n";
        let said = told(|take| timeline(Lines::within(20, &mut text.as_bytes()), take));
        let long = [
            "1: long words before al",
            "2: long words within an",
            "5 is an event",
            "6: 2003: Three, and muc",
            "7 is an event",
        ];
        assert_eq!(said, long);
    }
}
