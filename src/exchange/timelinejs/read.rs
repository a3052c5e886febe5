//! Timelines in: the JSON of TimelineJS3, or the rows of its spreadsheet as CSV. Every slide is an event, an era is one
//! of kind `era`; the title slide is none. Texts lose their markup.

use std::io::{self, Read};
use std::ops::Range;

use super::html::{embedded, markup, plain};
use super::{ASOF, PLACED, SOURCES, is_web, year_meant};
use crate::exchange::carried::{drop_dates, unpacked};
use crate::exchange::csv::{Layout, Rows, is_as_wide};
use crate::exchange::document::Keys;
use crate::exchange::import::{Importer, Outcome, Refused, Source, Stretch, Take, get, one_line, slug, text};
use crate::model::diagnostic::Code;
use crate::model::event::Free;
use crate::parse;
use crate::render::escape;

/// The longest timeline that is read: it is one document, which is there whole.
const LONGEST: u64 = 256 << 20;

/// The importer of timelines.
pub struct TimelineJs;

impl Importer for TimelineJs {
    fn read(&mut self, source: Source, take: &mut Take) -> io::Result<()> {
        let mut bytes = Vec::new();
        Read::take(&mut *source.bytes, LONGEST + 1).read_to_end(&mut bytes)?;
        let whole = |code, message: &str| Outcome::Refused(Refused::whole(code, message));
        let nowhere = Stretch { text: "", line: 1, row: 0, rows: 0 };
        if bytes.len() as u64 > LONGEST {
            return take(nowhere, whole(Code::Syntax, "a timeline of more than 256 MiB: cut it in parts"));
        }
        let first = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes).trim_ascii_start().first();
        if first != Some(&b'{') {
            return spreadsheet(&bytes, take);
        }
        let Ok(content) = std::str::from_utf8(&bytes) else {
            return take(nowhere, whole(Code::NotUtf8, "this is not UTF-8, in which timelines are written"));
        };
        json(content.trim_start_matches('\u{feff}'), take)
    }
}

/// A slide, in words: the field of a spreadsheet's row or of JSON, by the names of the spreadsheet.
type Fields<'f> = dyn Fn(&str) -> Option<String> + 'f;

fn json(content: &str, take: &mut Take) -> io::Result<()> {
    let (mut row, mut found, mut is_cut) = (0, false, true);
    for name in ["events", "eras"] {
        let (elements, is_open) = elements(content, name);
        is_cut &= is_open;
        let Some(elements) = elements else { continue };
        found = true;
        let (mut line, mut begins, mut from) = (1, 0, 0);
        for at in elements {
            row += 1;
            for (end, _) in content[from..at.start].match_indices('\n') {
                line += 1;
                begins = from + end + 1;
            }
            from = at.start;
            let shown = &content[begins..at.end];
            let shift = at.start - begins;
            let read = parse::json(&content[at.clone()]).map_err(|fault| {
                let place = fault.place.start as usize + shift..fault.place.end as usize + shift;
                Refused { code: fault.code, message: fault.message, at: Some(place), help: fault.help }
            });
            let read = read.and_then(|slide| object(&slide, name == "eras"));
            let outcome = read.map_or_else(Outcome::Refused, Outcome::Event);
            take(Stretch { text: shown, line, row, rows: 1 }, outcome)?;
        }
    }
    if !found {
        let first = content.lines().next().unwrap_or_default();
        let fault = Refused::whole(Code::WrongType, "this is no timeline: it has no list of `events`");
        take(Stretch { text: first, line: 1, row: 0, rows: 0 }, Outcome::Refused(fault))?;
    } else if is_cut {
        let whole = content.trim_end();
        let line = whole.matches('\n').count() + 1;
        let last = whole.rsplit('\n').next().unwrap_or_default();
        let at = last.char_indices().next_back().map_or(0, |(at, _)| at);
        let message = "the timeline is cut off here: what it began never ends";
        let fault = Refused::new(Code::Syntax, at..last.len(), message);
        let fault = fault.help("fetch the whole file; slides may be missing");
        take(Stretch { text: last, line, row, rows: 0 }, Outcome::Refused(fault))?;
    }
    Ok(())
}

/// Where the elements of a list stand, which the outermost object has under a name; what is broken ends the last one. And
/// whether the text is over before the object is, between elements.
fn elements(content: &str, name: &str) -> (Option<Vec<Range<usize>>>, bool) {
    let bytes = content.as_bytes();
    let (mut depth, mut at, mut start) = (0usize, 0, None);
    let (mut key, mut inside) = (String::new(), false);
    let mut found: Option<Vec<Range<usize>>> = None;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                let begins = at + 1;
                at += 1;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                if depth == 1 {
                    key = content.get(begins..at.min(bytes.len())).unwrap_or_default().to_owned();
                }
                if inside && depth == 2 && start.is_none() {
                    start = Some(begins - 1);
                }
            }
            b'{' | b'[' => {
                if depth == 1 && bytes[at] == b'[' && key == name {
                    inside = true;
                    found.get_or_insert_default();
                } else if inside && depth == 2 {
                    start = Some(at);
                }
                depth += 1;
            }
            b'}' | b']' | b',' => {
                let closes = bytes[at] != b',';
                if closes {
                    depth = depth.saturating_sub(1);
                }
                let ends_element = inside && (depth == 2 || (closes && depth == 1));
                if let (true, Some(from), Some(found)) = (ends_element, start, found.as_mut()) {
                    if closes && depth == 2 {
                        found.push(from..at + 1);
                        start = None;
                    } else {
                        found.push(from..at);
                        start = None;
                    }
                }
                if closes && depth == 1 {
                    inside = false;
                }
            }
            b' ' | b'\t' | b'\n' | b'\r' | b':' => {}
            _ if inside && depth == 2 && start.is_none() => start = Some(at),
            _ => {}
        }
        at += 1;
    }
    if let (Some(from), Some(found)) = (start, found.as_mut()) {
        found.push(from..content.len());
    }
    (found, depth > 0 && start.is_none())
}

/// A slide of JSON.
fn object(slide: &Free, is_era: bool) -> Result<Free, Refused> {
    let Free::Map(keys) = slide else { return Err(Refused::whole(Code::WrongType, "a slide is an object")) };
    let within = |part: &str, name: &str| match get(keys, part)? {
        Free::Map(part) => get(part, name).and_then(words),
        _ => None,
    };
    let field = |name: &str| match name {
        "headline" => within("text", "headline"),
        "text" => within("text", "text"),
        "media" => within("media", "url"),
        "media caption" => within("media", "caption"),
        "media credit" => within("media", "credit"),
        "display date" => get(keys, "display_date").and_then(words),
        "group" => get(keys, "group").and_then(words),
        "type" => is_era.then(|| "era".to_owned()),
        "id" => get(keys, "unique_id").and_then(words),
        name => match name.strip_prefix("end ") {
            Some(part) => within("end_date", part),
            None => within("start_date", name),
        },
    };
    let luggage = match get(keys, ASOF) {
        Some(Free::Map(luggage)) => Some(luggage.clone()),
        _ => None,
    };
    event(&field, luggage)
}

fn words(data: &Free) -> Option<String> {
    match data {
        Free::Text(words) => Some(words.clone()),
        Free::Number(digits) => Some(digits.clone()),
        _ => None,
    }
}

/// The same fault where no rules say how else a spreadsheet may be written.
fn without_rules(fault: Refused) -> Refused {
    if fault.code == Code::NotUtf8 { fault.help("save the file as UTF-8") } else { fault }
}

/// The rows of the spreadsheet. A row may have fewer fields than there are columns, since what is empty at its end may be left
/// out; not more, as these would be lost.
fn spreadsheet(mut bytes: &[u8], take: &mut Take) -> io::Result<()> {
    let mut rows = Rows::new(&mut bytes, Layout::default());
    let header = rows.next()?.transpose();
    let columns: Vec<String> = match header {
        Ok(_) => (0..rows.row.fields.len()).map(|at| rows.row.field(at).trim().to_lowercase()).collect(),
        Err(fault) => {
            let stretch = Stretch { text: &rows.row.text, line: rows.row.line, row: 0, rows: 0 };
            return take(stretch, Outcome::Refused(without_rules(fault)));
        }
    };
    if !["year", "headline"].iter().all(|name| columns.iter().any(|column| column == name)) {
        let fault = Refused::whole(
            Code::MissingKey,
            "this is no spreadsheet of TimelineJS: it has no columns `Year` and `Headline`",
        );
        let stretch = Stretch { text: &rows.row.text, line: rows.row.line.max(1), row: 0, rows: 0 };
        return take(stretch, Outcome::Refused(fault));
    }
    for number in 1.. {
        let Some(read) = rows.next()? else { break };
        let row = &rows.row;
        let field = |name: &str| {
            let at = columns.iter().position(|column| column == name)?;
            Some(row.field(at).into_owned()).filter(|words| !words.trim().is_empty())
        };
        let is_lost = (columns.len()..row.fields.len()).any(|at| !row.field(at).trim().is_empty());
        let width = Some(columns.len()).filter(|_| is_lost);
        let outcome = match read.and_then(|()| is_as_wide(row, width, true)) {
            Err(fault) => Outcome::Refused(without_rules(fault)),
            Ok(()) if field("type").is_some_and(|kind| kind.trim() == "title") => Outcome::Skipped,
            Ok(()) => event(&field, None).map_or_else(Outcome::Refused, Outcome::Event),
        };
        take(Stretch { text: &row.text, line: row.line, row: number, rows: 1 }, outcome)?;
    }
    Ok(())
}

/// The event of a slide.
fn event(field: &Fields, luggage: Option<Keys>) -> Result<Free, Refused> {
    let start = side(field, "")?
        .ok_or_else(|| Refused::whole(Code::MissingKey, "a slide without a year: nothing says when it happened"))?;
    let date = match side(field, "end ")? {
        Some(end) if end != start => format!("{start}/{end}"),
        _ => start,
    };
    let title = field("headline").map(|words| plain(&words)).unwrap_or_default();
    let mut body = field("text").unwrap_or_default();
    let mut keys: Keys = vec![("date".to_owned(), text(&date))];
    let id = field("id");
    if let Some(mut luggage) = luggage {
        if let Some(at) = body.find(&format!("<p class=\"{SOURCES}\">")) {
            body.truncate(at);
        }
        keys.push(("title".to_owned(), Free::Text(title)));
        keys.extend(id.map(|id| ("id".to_owned(), Free::Text(id))));
        if !body.is_empty() {
            keys.push(("summary".to_owned(), Free::Text(plain(&body))));
        }
        let placed = luggage.iter().position(|(key, _)| key == PLACED).map(|at| luggage.remove(at).1);
        if placed.as_ref() != Some(&keys[0].1) {
            drop_dates(&mut luggage);
        }
        let shows = |key: &str, value: &Free| match (key, value) {
            ("date", _) => placed.clone(),
            ("title", Free::Text(words)) => Some(Free::Text(plain(&escape::html(words)))),
            ("summary", Free::Text(words)) => Some(Free::Text(plain(&markup(words)))),
            _ => None,
        };
        keys = unpacked(keys, luggage, shows);
        if get(&keys, "sources").is_none() {
            keys.push(("sources".to_owned(), Free::List(Vec::new())));
        }
        return Ok(Free::Map(keys));
    }
    let title = one_line(&title);
    if title.is_empty() {
        return Err(Refused::whole(Code::MissingKey, "a slide without a headline, which would be its title"));
    }
    keys.push(("title".to_owned(), Free::Text(title)));
    keys.extend(id.map(|id| ("id".to_owned(), Free::Text(slug(&id)))).filter(|(_, id)| *id != text("")));
    let words = plain(&body).trim().to_owned();
    if !words.is_empty() {
        keys.push(("summary".to_owned(), Free::Text(words)));
    }
    if field("type").is_some_and(|kind| kind.trim() == "era") {
        keys.push(("kind".to_owned(), text("era")));
    }
    let (source, mut meta) = media(field);
    if !source.is_empty() {
        keys.push(("sources".to_owned(), Free::List(vec![Free::Map(source)])));
    }
    let kept = ["group", "display date", "background", "media thumbnail"];
    meta.extend(kept.iter().filter_map(|name| Some((name.replace(' ', "_"), Free::Text(field(name)?)))));
    if !meta.is_empty() {
        keys.push(("meta".to_owned(), Free::Map(vec![("timelinejs".to_owned(), Free::Map(meta))])));
    }
    Ok(Free::Map(keys))
}

/// The source that a slide's media is, and what of it is kept beside: whatever is more than an address. Without an address
/// and a caption, which names it, it is no source.
fn media(field: &Fields) -> (Keys, Keys) {
    let filled = |name: &str| field(name).filter(|words| !words.trim().is_empty());
    let line = |name: &str| filled(name).map(|words| one_line(&plain(&words))).filter(|words| !words.is_empty());
    let media = filled("media").map(|media| media.trim().to_owned());
    let (caption, credit) = (line("media caption"), line("media credit"));
    let is_address = |url: &&str| is_web(url) && !url.contains(char::is_whitespace);
    let url = media.as_deref().filter(is_address).map(str::to_owned);
    let embedded = || media.as_deref().and_then(embedded).filter(|url| is_address(&url.as_str()));
    let url = url.or_else(embedded);
    let quoted = media.as_deref().filter(|media| media.starts_with("<blockquote"));
    let quote = quoted.map(|media| plain(media).trim().to_owned()).filter(|quote| !quote.is_empty());
    let kept = media.filter(|media| url.as_ref() != Some(media));
    let mut meta: Keys = kept.map(|media| ("media".to_owned(), Free::Text(media))).into_iter().collect();
    let mut source = Keys::new();
    if url.is_none() && caption.is_none() {
        meta.extend(credit.map(|credit| ("media_credit".to_owned(), Free::Text(credit))));
        return (source, meta);
    }
    for (key, words) in [("url", url), ("quote", quote), ("title", caption), ("publisher", credit)] {
        source.extend(words.map(|words| (key.to_owned(), Free::Text(words))));
    }
    (source, meta)
}

/// The date of one side, as EDTF; nothing, where it has no year.
fn side(field: &Fields, prefix: &str) -> Result<Option<String>, Refused> {
    let part =
        |name: &str| field(&format!("{prefix}{name}")).map(|words| words.trim().to_owned()).filter(|w| !w.is_empty());
    let number = |name: &str, range: Range<i64>| match part(name) {
        None => Ok(None),
        Some(words) => match words.parse::<i64>() {
            Ok(number) if range.contains(&number) => Ok(Some(number)),
            _ => Err(Refused::whole(Code::BadDate, format!("`{words}` is no {prefix}{name}"))),
        },
    };
    let small = |name: &str, range: Range<i64>| {
        number(name, range).map(|number| number.and_then(|number| u32::try_from(number).ok()))
    };
    let Some(year) = number("year", i64::MIN / 2..i64::MAX / 2)? else { return Ok(None) };
    let year = year_meant(year).ok_or_else(|| {
        let fault = Refused::whole(Code::BadDate, format!("`0` is no {prefix}year"));
        fault.help("the year before 1 is -1, which TimelineJS shows as 1 BCE")
    })?;
    let (month, day) = (small("month", 1..13)?, small("day", 1..32)?);
    let time = match (part("time"), small("hour", 0..24)?) {
        (Some(time), _) => clock(&time).ok_or_else(|| {
            Refused::whole(Code::BadDate, format!("`{time}` is no time of day, such as 13:30 or 13:30:05"))
        })?,
        (None, Some(hour)) => {
            let second = small("second", 0..60)?.filter(|second| *second > 0);
            let second = second.map(|second| format!(":{second:02}")).unwrap_or_default();
            format!("{hour:02}:{:02}{second}", small("minute", 0..60)?.unwrap_or(0))
        }
        (None, None) => String::new(),
    };
    if day.is_some() && month.is_none() || !time.is_empty() && day.is_none() {
        return Err(Refused::whole(Code::BadDate, "a day without a month, or a time without a day"));
    }
    Ok(Some(edtf(year, month, day, &time)))
}

fn clock(text: &str) -> Option<String> {
    let parts: Vec<u32> = text.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match parts[..] {
        [hour, minute] | [hour, minute, 0] if hour < 24 && minute < 60 => Some(format!("{hour:02}:{minute:02}")),
        [hour, minute, second] if hour < 24 && minute < 60 && second < 60 => {
            Some(format!("{hour:02}:{minute:02}:{second:02}"))
        }
        _ => None,
    }
}

/// A date of parts as EDTF (levels 0 and 1: a year beyond four digits begins with `Y`).
pub fn edtf(year: i64, month: Option<u32>, day: Option<u32>, time: &str) -> String {
    let year = match year {
        0..=9999 => format!("{year:04}"),
        -9999..0 => format!("-{:04}", -year),
        _ => return format!("Y{year}"),
    };
    match (month, day) {
        (Some(month), Some(day)) if !time.is_empty() => format!("{year}-{month:02}-{day:02}T{time}"),
        (Some(month), Some(day)) => format!("{year}-{month:02}-{day:02}"),
        (Some(month), None) => format!("{year}-{month:02}"),
        _ => year,
    }
}
