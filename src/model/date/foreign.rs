//! Dates as other notations write them: what is wrong with the text, and the EDTF to write instead.
//!
//! Only ever asked after a text could not be read, and never believed: what it proposes has been read. It must not know
//! the clock, so `today` has no better answer than an example.

use std::ops::Range;

use super::{DateError, english::english, expr::Point, parse};
use crate::model::moment::Civil;

/// Longer texts are not guessed at.
const LONGEST: usize = 120;

/// The fault with the best help there is, in the words of the notation the text seems to be in.
pub(super) fn explain(text: &str, fault: DateError) -> DateError {
    if text.len() > LONGEST {
        return fault;
    }
    let guesses = [blanks, clock_words, dashes, letters, digits, short_parts, numbers, short_end, weeks, times];
    if let Some(found) = guesses.iter().find_map(|guess| guess(text)) {
        return found;
    }
    if let Some(guess) = padded(text).filter(|guess| reads(guess)) {
        return fault.with_help(format!("write {guess}"));
    }
    let found = english(text).and_then(|guess| propose(0..text.len(), "the date is in English, not in EDTF", &guess));
    found.unwrap_or(fault)
}

/// Whether the text can be read.
fn reads(text: &str) -> bool {
    parse::expr(text).is_ok()
}

/// The fault, if its proposal can be read.
fn propose(at: Range<usize>, message: impl Into<String>, guess: &str) -> Option<DateError> {
    reads(guess).then(|| DateError::new(at, message).with_help(format!("write {guess}")))
}

fn blanks(text: &str) -> Option<DateError> {
    let (at, blank) = text.char_indices().find(|(_, character)| character.is_whitespace())?;
    let at = at..at + blank.len_utf8();
    let without: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    if reads(text.trim()) {
        return propose(at, "blanks around the date", text.trim());
    }
    let with_t = text.trim().replacen(' ', "T", 1);
    if text.contains(':') && reads(&with_t) {
        return propose(at, "`T` stands between day and time, not a blank", &with_t);
    }
    propose(at, "a blank in the date", &without)
}

/// `today`, `now`, and what the draft of EDTF of 2012 said for `..` and for nothing.
fn clock_words(text: &str) -> Option<DateError> {
    let side = |side: &str| match side.to_ascii_lowercase().as_str() {
        "now" | "today" | "present" | "ongoing" | "open" | "date" => Some(".."),
        "unknown" | "uncertain" => Some(""),
        _ => None,
    };
    if let Some((start, end)) = text.split_once('/') {
        let guess = format!("{}/{}", side(start).unwrap_or(start), side(end).unwrap_or(end));
        let at = if side(start).is_some() { 0..start.len() } else { start.len() + 1..text.len() };
        let word = text.get(at.clone()).unwrap_or_default();
        let message = format!("`{word}` is not a date");
        return if guess == text { None } else { propose(at, message, &guess) };
    }
    let word = text.to_ascii_lowercase();
    ["now", "today", "yesterday", "tomorrow", "present", "ongoing"].contains(&word.as_str()).then(|| {
        let fault = DateError::new(0..text.len(), format!("`{text}` is not always the same day"));
        fault.with_help("write the day, such as 2022-04-12")
    })
}

/// Dashes that are not hyphens, and hyphens or dots that join two dates.
fn dashes(text: &str) -> Option<DateError> {
    const DASHES: [char; 7] = ['–', '—', '−', '‐', '‑', '‒', '―'];
    if let Some((at, dash)) = text.char_indices().find(|(_, character)| DASHES.contains(character)) {
        let at = at..at + dash.len_utf8();
        let bare = |joint: &str| text.replace(DASHES, joint).replace(' ', "");
        return propose(at.clone(), format!("`{dash}` is not a hyphen"), &bare("-"))
            .or_else(|| interval_help(at, format!("`{dash}` does not join two dates"), &bare("/")));
    }
    let bare = text.replace(' ', "");
    let middle = bare.len() / 2;
    if let Some((start, end)) = bare.split_once("..") {
        let fault = interval_help(0..text.len(), "two dates with `..` stand in brackets", &format!("{start}/{end}"))?;
        return Some(
            fault.with_help(format!("write [{bare}] for one date of those, or {start}/{end} for an interval")),
        );
    }
    let (start, end) = (bare.get(..middle)?, bare.get(middle + 1..)?);
    let joined = bare.get(middle..=middle) == Some("-") && start.len() >= 4 && start.len() == end.len();
    let at = if bare == text { middle..middle + 1 } else { 0..text.len() };
    if joined { interval_help(at, "`-` does not join two dates", &format!("{start}/{end}")) } else { None }
}

fn interval_help(at: Range<usize>, message: impl Into<String>, guess: &str) -> Option<DateError> {
    let fault = propose(at, message, guess)?;
    Some(fault.with_help(format!("write {guess} for an interval")))
}

/// Letters in lower case, the draft's `u` for `X`, and a plus before a year.
fn letters(text: &str) -> Option<DateError> {
    if let Some(rest) = text.strip_prefix('+') {
        return propose(0..1, "a year has no plus", rest);
    }
    let (at, letter) = text.char_indices().find(|(_, letter)| matches!(letter, 'x' | 'u' | 'U' | 'y' | 'e' | 's'))?;
    let guess: String =
        text.chars().map(|c| if matches!(c, 'u' | 'U') { 'X' } else { c.to_ascii_uppercase() }).collect();
    let right = if matches!(letter, 'u' | 'U') { 'X' } else { letter.to_ascii_uppercase() };
    propose(at..at + 1, format!("`{letter}` is written `{right}`"), &guess)
}

/// `20220412`, ISO 8601's basic format.
fn digits(text: &str) -> Option<DateError> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = (text.get(..4)?, text.get(4..)?);
    let guess = match rest.len() {
        2 => format!("{year}-{rest}"),
        4 => format!("{year}-{}-{}", rest.get(..2)?, rest.get(2..)?),
        _ => return None,
    };
    propose(0..text.len(), "year, month and day are joined by hyphens", &guess)
}

/// `2022/04`, `2022.04.12`, `04/2022`, `2022/4/1`: year and month in the right or the wrong order, wrongly joined.
fn short_parts(text: &str) -> Option<DateError> {
    let (parts, joint) = split(text)?;
    let at = text.find(joint)?;
    let at = at..at + joint.len_utf8();
    let message = format!("year, month and day are joined by hyphens, not `{joint}`");
    match parts.as_slice() {
        [year, month] if year.len() == 4 && month.len() <= 2 && joint != '-' => {
            let as_month = format!("{year}-{month:0>2}");
            let as_end = format!("{year}/{}{month}", year.get(..2)?);
            let later = month.len() == 2 && year.get(2..)? < *month && joint == '/';
            match (propose(at.clone(), message.clone(), &as_month), later) {
                (Some(fault), true) => {
                    Some(fault.with_help(format!("write {as_month} for the month, {as_end} for an interval")))
                }
                (Some(fault), false) => Some(fault),
                (None, true) => propose(at, "each side of an interval is a whole date", &as_end),
                (None, false) => None,
            }
        }
        [month, year] if year.len() == 4 && month.len() <= 2 => {
            propose(0..text.len(), "the year comes first", &format!("{year}-{month:0>2}"))
        }
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 && joint != '-' => {
            propose(at, message, &format!("{year}-{month:0>2}-{day:0>2}"))
        }
        _ => None,
    }
}

/// `12/04/2022`: the year comes last, and day and month in either order; with dots the day is first.
fn numbers(text: &str) -> Option<DateError> {
    let (parts, joint) = split(text)?;
    let [one, two, year] = parts.as_slice() else { return None };
    if year.len() != 4 || one.len() > 2 || two.len() > 2 {
        return None;
    }
    let (day_first, month_first) = (format!("{year}-{two:0>2}-{one:0>2}"), format!("{year}-{one:0>2}-{two:0>2}"));
    let help = match (reads(&day_first), reads(&month_first) && joint != '.') {
        (true, true) if day_first != month_first => {
            format!("write {day_first} if the day came first, {month_first} if the month did")
        }
        (true, _) => format!("write {day_first}"),
        (false, true) => format!("write {month_first}"),
        (false, false) => return None,
    };
    Some(DateError::new(0..text.len(), "the year comes first, then month and day").with_help(help))
}

/// Numbers joined by one sort of joint.
fn split(text: &str) -> Option<(Vec<&str>, char)> {
    let joint = text.chars().find(|character| !character.is_ascii_digit())?;
    let parts: Vec<&str> = text.split(joint).collect();
    let numeric = parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    (numeric && matches!(joint, '-' | '/' | '.')).then_some((parts, joint))
}

/// `2022-4-1`: one digit where there should be two.
fn padded(text: &str) -> Option<String> {
    let (parts, _) = split(text).filter(|(_, joint)| *joint == '-')?;
    match parts.as_slice() {
        [year, month] if year.len() == 4 => Some(format!("{year}-{month:0>2}")),
        [year, month, day] if year.len() == 4 => Some(format!("{year}-{month:0>2}-{day:0>2}")),
        _ => None,
    }
}

/// `2025-05-19/20`: ISO 8601 lets an end leave out what it shares with the start, EDTF does not.
fn short_end(text: &str) -> Option<DateError> {
    let (start, end) = text.split_once('/')?;
    let shared = start.get(..start.len().checked_sub(end.len())?)?;
    if end.is_empty() || shared.is_empty() || !matches!(parse::single(start)?, Point::Parts(_)) {
        return None;
    }
    let at = start.len() + 1..text.len();
    propose(at, "each side of an interval is a whole date", &format!("{start}/{shared}{end}"))
}

/// `2022-W05`, `2022-W05-3` and `2022-101`, which EDTF leaves out of ISO 8601.
fn weeks(text: &str) -> Option<DateError> {
    let (year, rest) = text.split_once('-').filter(|(year, _)| year.len() == 4)?;
    let first = Civil { year: i64::from(year.parse::<u16>().ok()?), month: 1, day: 1 }.days();
    let show = |days: i64| {
        let Civil { year, month, day } = Civil::of_days(days);
        format!("{year:04}-{month:02}-{day:02}")
    };
    if rest.len() == 3 && rest.bytes().all(|byte| byte.is_ascii_digit()) {
        let day = rest.parse::<i64>().ok().filter(|day| (1..=366).contains(day))?;
        return propose(5..text.len(), "days are counted in their month, not in their year", &show(first + day - 1));
    }
    let rest = rest.strip_prefix(['W', 'w'])?;
    let (week, day) = rest.split_once('-').map_or((rest, None), |(week, day)| (week, Some(day)));
    let week = week.parse::<i64>().ok().filter(|week| (1..=53).contains(week))?;
    // The first week has 4 January in it; 1970-01-01 was a Thursday.
    let monday = first + 3 - (first + 6).rem_euclid(7) + (week - 1) * 7;
    let guess = match day {
        Some(day) => show(monday + day.parse::<i64>().ok().filter(|day| (1..=7).contains(day))? - 1),
        None => format!("{}/{}", show(monday), show(monday + 6)),
    };
    propose(5..text.len(), "EDTF has no weeks", &guess)
}

/// An hour alone, an offset without its colon, a comma before the fraction.
fn times(text: &str) -> Option<DateError> {
    let (_, clock) = text.split_once(['T', 't'])?;
    let at = text.len().checked_sub(clock.len())?;
    if clock.len() == 2 {
        return propose(at..text.len(), "a time has its minute, too", &format!("{text}:00"));
    }
    if let Some(comma) = clock.find(',') {
        return propose(at + comma..at + comma + 1, "a fraction begins with `.`", &text.replacen(',', ".", 1));
    }
    let sign = at + clock.rfind(['+', '-'])?;
    let (before, offset) = (text.get(..sign)?, text.get(sign..)?);
    let guess = format!("{before}{}:{}", offset.get(..3)?, offset.get(3..)?);
    propose(sign..text.len(), "an offset has `:` between hours and minutes", &guess)
}
