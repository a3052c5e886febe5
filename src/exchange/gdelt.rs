//! GDELT 2.0: its event table by rules, and the mentions of those events, which are read before them: each mention is a
//! source, and the earliest the day from which an event is known (GDELT Event Database Codebook V2.0). Knows no disks.

use std::io;

use rustc_hash::FxHashMap;

use super::csv::{Layout, Row, Rows, Table};
use super::import::{Importer, Outcome, Refused, Source, Stretch, Take, get, text};
use crate::model::diagnostic::Code;
use crate::model::event::Free;

/// The columns of the mentions table.
const WIDTH: usize = 16;
/// So many mentions are kept in memory, some 400 bytes each: more than two days of them.
const MOST: usize = 2_000_000;
/// The collection whose mentions are addresses of pages (Codebook, MentionType).
const WEB: &str = "1";

/// The importer.
pub struct Gdelt {
    events: Table,
    mentions: FxHashMap<u64, Vec<Mention>>,
    kept: usize,
    /// Whether events have been read, to which no mention can be added any more.
    has_events: bool,
}

/// One report of an event.
struct Mention {
    /// When GDELT saw it, as RFC 3339.
    time: String,
    source: Free,
}

impl Gdelt {
    /// An importer whose events are read by rules.
    pub fn new(events: Table) -> Gdelt {
        Gdelt { events, mentions: FxHashMap::default(), kept: 0, has_events: false }
    }

    fn mentions(&mut self, source: Source, take: &mut Take) -> io::Result<()> {
        let layout = Layout { separator: b'\t', quote: None, ..Layout::default() };
        let mut rows = Rows::new(source.bytes, layout);
        let mut number = 0;
        while let Some(read) = rows.next()? {
            number += 1;
            let row = &rows.row;
            let stretch = Stretch { text: &row.text, line: row.line, row: number, rows: 1 };
            if self.kept == MOST {
                let fault =
                    Refused::whole(Code::Syntax, format!("more than {MOST} mentions: this and the rest are not read"));
                return take(stretch, Outcome::Refused(fault.help("import day by day, each with its mentions")));
            }
            match read.and_then(|()| mention(row)) {
                Ok((event, mention)) => {
                    self.mentions.entry(event).or_default().push(mention);
                    self.kept += 1;
                    take(stretch, Outcome::Part)?;
                }
                Err(refused) => take(stretch, Outcome::Refused(refused))?,
            }
        }
        Ok(())
    }
}

impl Importer for Gdelt {
    fn read(&mut self, source: Source, take: &mut Take) -> io::Result<()> {
        let first = source.bytes.fill_buf()?;
        let line = first.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if line.iter().filter(|byte| **byte == b'\t').count() + 1 == WIDTH {
            if self.has_events {
                let first = String::from_utf8_lossy(line);
                let fault = Refused::whole(Code::Syntax, "mentions that come after events: none of them is read");
                let stretch = Stretch { text: &first, line: 1, row: 1, rows: 0 };
                return take(
                    stretch,
                    Outcome::Refused(fault.help("name all files of mentions before those of events")),
                );
            }
            return self.mentions(source, take);
        }
        self.has_events |= !first.is_empty();
        let mentions = &self.mentions;
        self.events.read(source, &mut |stretch, outcome| {
            let outcome = match outcome {
                Outcome::Event(Free::Map(keys)) => Outcome::Event(Free::Map(with_mentions(keys, mentions))),
                outcome => outcome,
            };
            take(stretch, outcome)
        })
    }
}

/// The event that a row of the mentions table speaks of, and what it says.
fn mention(row: &Row) -> Result<(u64, Mention), Refused> {
    if row.fields.len() != WIDTH {
        let end = row.text.len();
        let message = format!("{} fields where a mention has {WIDTH}", row.fields.len());
        return Err(
            Refused::new(Code::Syntax, end..end, message).help("give files of mentions before the events, each alone")
        );
    }
    let bad = |field: usize, code: Code, what: &str| {
        Refused::new(code, row.fields[field].clone(), format!("`{}` is no {what}", row.field(field)))
    };
    let event = row.field(0).parse().map_err(|_| bad(0, Code::BadNumber, "id of an event"))?;
    let time = chrono::NaiveDateTime::parse_from_str(&row.field(2), "%Y%m%d%H%M%S");
    let time = time.map_err(|_| bad(2, Code::BadDate, "time of the form YYYYMMDDHHMMSS"))?;
    let (name, identifier) = (row.field(4), row.field(5));
    let mut source = Vec::new();
    let mut say = |key: &str, words: &str| {
        if !words.trim().is_empty() {
            source.push((key.to_owned(), text(words.trim())));
        }
    };
    let is_web = row.field(3) == WEB;
    // What has no title is called by its publisher, who is then named once.
    let has_title = !is_web && !identifier.trim().is_empty();
    say("title", if has_title { &identifier } else { &name });
    say("publisher", if has_title { &name } else { "" });
    say("date", &time.format("%Y-%m-%d").to_string());
    say("url", if is_web { &identifier } else { "" });
    say("page", &format!("sentence {}", row.field(6)));
    Ok((event, Mention { time: time.format("%Y-%m-%dT%H:%M:%SZ").to_string(), source: Free::Map(source) }))
}

/// An event with its mentions as sources, and known since the first of them or since GDELT has it.
fn with_mentions(mut keys: Vec<(String, Free)>, mentions: &FxHashMap<u64, Vec<Mention>>) -> Vec<(String, Free)> {
    let number = match get(&keys, "meta").and_then(|meta| match meta {
        Free::Map(meta) => get(meta, "gdelt"),
        _ => None,
    }) {
        Some(Free::Map(gdelt)) => get(gdelt, "id"),
        _ => None,
    };
    let number = match number {
        Some(Free::Text(number) | Free::Number(number)) => number.parse().ok(),
        _ => None,
    };
    let Some(found) = number.and_then(|number: u64| mentions.get(&number)) else { return keys };
    let first = found.iter().map(|mention| mention.time.as_str()).min().unwrap_or_default();
    match keys.iter_mut().find(|(key, _)| key == "known") {
        // Both are of one form, in which the earlier text is the earlier moment.
        Some((_, Free::Text(known))) if first < known.as_str() => *known = first.to_owned(),
        Some(_) => {}
        None => keys.push(("known".to_owned(), text(first))),
    }
    let url = |source: &Free| match source {
        Free::Map(source) => get(source, "url").cloned(),
        _ => None,
    };
    let at = keys.iter().position(|(key, _)| key == "sources");
    let own = match at.map(|at| keys.remove(at).1) {
        Some(Free::List(sources)) => sources,
        _ => Vec::new(),
    };
    let mut sources: Vec<Free> = found.iter().map(|mention| mention.source.clone()).collect();
    // Where the event's own source is one of the mentions, these say more of it.
    let is_new =
        |source: &Free| url(source).is_none_or(|own| !sources.iter().any(|known| url(known).as_ref() == Some(&own)));
    let own: Vec<Free> = own.into_iter().filter(is_new).collect();
    sources.extend(own);
    keys.push(("sources".to_owned(), Free::List(sources)));
    keys
}
