//! The dates at the head of a line of Markwhen, as EDTF: what it takes by itself, and what it says in words of its own.
//! A date that depends on another event or on today is named, and not read. Knows nothing of events.

use crate::model::date::MONTHS;

/// What stands before the `:` of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Head {
    /// A date.
    Date(String),
    /// The head of an event whose date a chronicle cannot have: why.
    Unread(&'static str),
}

#[rustfmt::skip]
const UNITS: [&str; 28] = [
    "ms", "milliseconds", "s", "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes", "h", "hour",
    "hours", "d", "day", "days", "w", "week", "weeks", "month", "months", "y", "year", "years", "work", "business",
    "weekdays",
];

const RELATIVE: &str = "this date is reckoned from another event";
const NOW: &str = "`now` is another day tomorrow";
const REPEATS: &str = "this event repeats, and a chronicle has an event for each time it happened";
const NO_FORM: &str = "this looks like a date or a time, and is of no form that Markwhen has";
const NO_DATE: &str = "there is no such day";

/// Reads the head of an event; nothing, if it is none. `day_first`: `5/11/2025` is in November.
pub fn head(text: &str, day_first: bool) -> Option<Head> {
    let text = text.trim();
    if let Some((date, _)) = text.split_once(" every ") {
        return head(date, day_first).map(|_| Head::Unread(REPEATS));
    }
    if let Some(one) = side(text, day_first) {
        return Some(one);
    }
    // A range. The dash within a date has no blanks around it, so ranges with blanks are tried first.
    let marks = [" / ", "/", " - ", " – ", " to ", "-", "–"];
    let places = marks.iter().flat_map(|mark| text.match_indices(mark).map(move |(at, _)| (at, at + mark.len())));
    for (from, to) in places.map(|(end, start)| (&text[..end], &text[start..])) {
        let sides = side(from.trim(), day_first).and_then(|from| {
            let to = side(to.trim(), day_first).or_else(|| later(&from, to));
            Some((from, to?))
        });
        match sides {
            // It goes on, today as on any other day.
            Some((Head::Date(from), Head::Unread(NOW))) => return Some(Head::Date(format!("{from}/.."))),
            Some((Head::Date(from), Head::Date(to))) if from == to => return Some(Head::Date(from)),
            Some((Head::Date(from), Head::Date(to))) => return Some(Head::Date(format!("{from}/{to}"))),
            Some((Head::Unread(why), _) | (_, Head::Unread(why))) => return Some(Head::Unread(why)),
            None => {}
        }
    }
    None
}

/// What begins as a date does, `2024/05/06`, `18:00 - 19:00` or a day with a time and words, and is none that [`head`]
/// reads: named, so that it is not taken for words of the event before.
pub fn unreadable(text: &str, day_first: bool) -> Option<Head> {
    let first = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbers = first.len() < text.len()
        && first.starts_with(['/', '-', '.', ':'])
        && first[1..].starts_with(|c: char| c.is_ascii_digit());
    let mut words = text.split(' ').filter(|word| !word.is_empty());
    let is_part = |word: &str| {
        let is_number = word.starts_with(|c: char| c.is_ascii_digit()) && !word.ends_with(':');
        is_number || ["-", "–", "/", "to", "now", "am", "pm"].contains(&word)
    };
    let has_time = || {
        let mut blanks = text.match_indices(' ').map(|(at, _)| (&text[..at], text[at..].trim_start()));
        blanks.any(|(day, rest)| begins_with_time(rest) && matches!(head(day, day_first), Some(Head::Date(_))))
    };
    (is_numbers && words.all(is_part) || has_time()).then_some(Head::Unread(NO_FORM))
}

/// `13:30` or `1pm`, whatever follows.
fn begins_with_time(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_minute = rest.strip_prefix(':').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let word = rest.split(' ').next().unwrap_or_default().to_ascii_lowercase();
    rest.len() < text.len() && (is_minute || ["am", "pm"].contains(&word.as_str()))
}

/// The end of a range that is a time alone, `13:30 - 14:30`: of the day that it begins on.
fn later(from: &Head, time: &str) -> Option<Head> {
    match from {
        Head::Date(from) if !from.ends_with('Z') => {
            let (day, _) = from.split_once('T').filter(|(day, _)| !day.contains('/'))?;
            Some(Head::Date(format!("{day}T{}", clock(time)?)))
        }
        _ => None,
    }
}

fn side(text: &str, day_first: bool) -> Option<Head> {
    let lower = text.to_lowercase();
    if lower == "now" {
        return Some(Head::Unread(NOW));
    }
    if is_relative(&lower) {
        return Some(Head::Unread(RELATIVE));
    }
    let read = era(&lower).or_else(|| iso(text)).or_else(|| slashes(&lower, day_first)).or_else(|| by_name(&lower));
    read.map(|date| date.map_or(Head::Unread(NO_DATE), Head::Date))
}

/// `5 days`, `after !event 3 weeks`, `.end`: an amount of time, or a word or a name that it is reckoned from.
fn is_relative(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let is_start = |word: &str| {
        let is_name = word.len() > 1 && word.starts_with(['!', '.']);
        ["by", "before", "after", "plus", "+"].contains(&word) || is_name
    };
    fn amount(word: &str) -> Option<&str> {
        let word = word.trim_start_matches(['-', '+']);
        let unit = word.trim_start_matches(|c: char| c.is_ascii_digit());
        (unit.len() < word.len() && (unit.is_empty() || UNITS.contains(&unit))).then_some(unit)
    }
    let is_part = |word: &&str| is_start(word) || amount(word).is_some() || UNITS.contains(word);
    let says_so = |word: &&str| is_start(word) || amount(word).is_some_and(|unit| !unit.is_empty());
    let has_unit = words.len() > 1 && words.iter().any(|word| UNITS.contains(word));
    words.iter().all(is_part) && (has_unit || words.iter().any(says_so))
}

type Read = Option<Result<String, ()>>;

/// `44 BCE`, `12 AD`.
fn era(text: &str) -> Read {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let year: i64 = text[..digits].parse().ok()?;
    let year = match text[digits..].trim() {
        "bce" | "bc" => 1 - year,
        "ce" | "ad" => year,
        _ => return None,
    };
    Some(Ok(match year {
        -9999..0 => format!("-{:04}", -year),
        0..=9999 => format!("{year:04}"),
        _ => format!("Y{year}"),
    }))
}

/// `2025`, `2025-05`, `2025-05-11`, with a time behind a blank, and `2025-05-11T01:30:00Z`.
fn iso(text: &str) -> Read {
    let is_date = |date: &str, shape: &[usize]| {
        let parts: Vec<&str> = date.split('-').collect();
        let fits = |(part, digits): (&&str, &usize)| part.len() == *digits && part.bytes().all(|b| b.is_ascii_digit());
        parts.len() == shape.len() && parts.iter().zip(shape).all(fits)
    };
    let day = |date: &str| is_date(date, &[4, 2, 2]);
    if let Some((date, time)) = text.split_once(' ') {
        let time = clock(time.trim())?;
        return day(date).then(|| Ok(format!("{date}T{time}")));
    }
    if let Some((date, time)) = text.split_once('T') {
        let time = time.strip_suffix('Z')?;
        let is_time = time.bytes().all(|byte| byte.is_ascii_digit() || b":.".contains(&byte));
        let time = time.strip_suffix(":00").filter(|time| time.len() == 5).unwrap_or(time);
        return (day(date) && is_time).then(|| Ok(format!("{date}T{time}Z")));
    }
    (day(text) || is_date(text, &[4, 2]) || is_date(text, &[4])).then(|| Ok(text.to_owned()))
}

/// `5/11/2025`, `5/2025`: the month first, as in America, unless the header says `d/M/y`.
fn slashes(text: &str, day_first: bool) -> Read {
    let (date, time) = match text.split_once([' ', ',']) {
        Some((date, time)) => (date, Some(clock(time.trim_start_matches([',', ' ']))?)),
        None => (text, None),
    };
    let parts: Vec<&str> = date.split('/').collect();
    let numbers: Vec<u32> = parts.iter().map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match (&numbers[..], parts.last()?.len()) {
        ([first, second, year], 4) => {
            let (month, day) = if day_first { (second, first) } else { (first, second) };
            Some(date_of(*year, *month, Some(*day), time))
        }
        ([month, year], 4) if time.is_none() && parts[0].len() <= 2 => Some(date_of(*year, *month, None, None)),
        _ => None,
    }
}

/// `11 May 2025`, `May 11 2025 1pm`, `May 2025`. Without a year it would be that of today.
fn by_name(text: &str) -> Read {
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let month = |word: &str| {
        let is_it = |name: &str| name == word || word.len() == 3 && name.starts_with(word);
        u32::try_from(MONTHS.iter().position(|name| is_it(name))? + 1).ok()
    };
    let day = |word: &str| word.parse::<u32>().ok().filter(|_| word.len() <= 2);
    let year = |word: &str| word.parse::<u32>().ok().filter(|_| word.len() == 4);
    let time = match words.get(3..).unwrap_or_default() {
        [] => None,
        time => Some(clock(&time.join(" "))?),
    };
    match words[..] {
        [one, two] => Some(date_of(year(two)?, month(one)?, None, None)),
        [one, two, three, ..] => {
            let (month, day) = match month(one) {
                Some(month) => (month, day(two)?),
                None => (month(two)?, day(one)?),
            };
            Some(date_of(year(three)?, month, Some(day), time))
        }
        _ => None,
    }
}

fn date_of(year: u32, month: u32, day: Option<u32>, time: Option<String>) -> Result<String, ()> {
    let of_year = i32::try_from(year).ok();
    of_year.and_then(|year| chrono::NaiveDate::from_ymd_opt(year, month, day.unwrap_or(1))).ok_or(())?;
    Ok(match (day, time) {
        (None, _) => format!("{year:04}-{month:02}"),
        (Some(day), None) => format!("{year:04}-{month:02}-{day:02}"),
        (Some(day), Some(time)) => format!("{year:04}-{month:02}-{day:02}T{time}"),
    })
}

/// `13:30`, `13:30:15`, `1pm`, `1:30pm`; an hour alone is none.
fn clock(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    let (digits, half) = match (lower.strip_suffix("pm"), lower.strip_suffix("am")) {
        (Some(digits), _) => (digits.trim_end(), Some(12)),
        (_, Some(digits)) => (digits.trim_end(), Some(0)),
        _ => (lower.as_str(), None),
    };
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() <= 2 && !part.starts_with('+'));
    let two = |part: &str| number(part).filter(|number| part.len() == 2 && *number < 60);
    let parts: Vec<&str> = digits.split(':').collect();
    let (hour, minute, second) = match parts[..] {
        [hour] if half.is_some() => (number(hour)?, 0, 0),
        [hour, minute] => (number(hour)?, two(minute)?, 0),
        [hour, minute, second] => (number(hour)?, two(minute)?, two(second)?),
        _ => return None,
    };
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    let seconds = if second > 0 { format!(":{second:02}") } else { String::new() };
    (hour < 24).then(|| format!("{hour:02}:{minute:02}{seconds}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read() {
        let date = |text: &str, day_first| match head(text, day_first) {
            Some(Head::Date(date)) => date,
            other => panic!("{text}: {other:?}"),
        };
        for (text, wanted) in [
            ("2025", "2025"),
            ("2025-05-11", "2025-05-11"),
            ("2025-05-11/2025-06", "2025-05-11/2025-06"),
            ("2025-05 / 2025-06-01", "2025-05/2025-06-01"),
            ("2025-05-11 13:30", "2025-05-11T13:30"),
            ("2025-05-11 1pm", "2025-05-11T13:00"),
            ("2025-05-11 13:30:15", "2025-05-11T13:30:15"),
            ("2025-05-11 13:30 - 14:30", "2025-05-11T13:30/2025-05-11T14:30"),
            ("2025-05-11 13:30-14:30:05", "2025-05-11T13:30/2025-05-11T14:30:05"),
            ("13 May 2025 1:30pm / 3 pm", "2025-05-13T13:30/2025-05-13T15:00"),
            ("2025-05-10T22:30:00Z", "2025-05-10T22:30Z"),
            ("2025-05-10T22:30:00Z - 2025-05-10T23:30:15Z", "2025-05-10T22:30Z/2025-05-10T23:30:15Z"),
            ("2025-01-01 / now", "2025-01-01/.."),
            ("2025-05-10T22:30:00Z - now", "2025-05-10T22:30Z/.."),
            ("44 BCE - now", "-0043/.."),
            ("44 BCE", "-0043"),
            ("300 BCE - 12 CE", "-0299/0012"),
            ("5/11/2025", "2025-05-11"),
            ("5/11/2025 - 5/12/2025", "2025-05-11/2025-05-12"),
            ("12/2024", "2024-12"),
            ("Dec 1 2024", "2024-12-01"),
            ("1 december, 2024", "2024-12-01"),
            ("December 2024 - Jan 2025", "2024-12/2025-01"),
        ] {
            assert_eq!(date(text, false), wanted, "{text}");
        }
        assert_eq!(date("5/11/2025", true), "2025-11-05");
    }

    #[test]
    fn what_depends_on_other_events_or_on_today_is_named() {
        let texts =
            ["5 days", "now", "now / 2025-01-01", "after !birth 3 weeks", "2025-01-01 every 2 weeks", "13/13/2025"];
        for text in texts {
            assert!(matches!(head(text, false), Some(Head::Unread(_))), "{text}: {:?}", head(text, false));
        }
        for text in [
            "",
            "Note",
            "see 2025",
            "he said",
            "title",
            "1. point",
            "https",
            "W19",
            "id",
            "asof",
            "5",
            "after noon",
            "2025-05-11 13",
            "2025-05-11 13:3",
            "2025-05-11 13:30 - 14",
            "2025-05-10T22:30:00Z - 14:30",
        ] {
            assert_eq!(head(text, false), None, "{text}");
        }
    }
}
