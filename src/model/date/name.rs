//! A single point in English: days, months, seasons, years, what is unspecified in them, their marks, and instants.
//!
//! It must not know zones or spans.

use super::{
    Precision, Seasons,
    complete::extent,
    expr::{Instant, Mark, Month, Offset, Parts, Point, Year},
};
use crate::model::moment::Civil;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const SEASONS: [&str; 4] = ["spring", "summer", "autumn", "winter"];
const ORDINALS: [&str; 4] = ["first", "second", "third", "fourth"];

/// The point in words.
pub(super) fn name(point: &Point) -> String {
    match point {
        Point::Parts(parts) => marked(parts),
        Point::Instant(at) => instant(at),
    }
}

/// Whether it is parts with no mark and no unspecified or insignificant digit: its name is a plain one.
pub(super) fn is_bare(point: &Point) -> bool {
    match point {
        Point::Parts(parts) => {
            let exact = matches!(parts.year, Year::Written { .. } | Year::Long { block: 1, .. });
            exact && !parts.has_x() && parts.marks == [Mark::default(); 3]
        }
        Point::Instant(_) => false,
    }
}

/// Two dates of one precision around a word, what they share said once: `1 to 4 April 2022`.
pub(super) fn span(first: Civil, last: Civil, precision: Precision, word: &str) -> String {
    let same_year = first.year == last.year;
    let (from, to) = (of_year(first.year), of_year(last.year));
    let month_of = |civil: Civil| month(i64::from(civil.month));
    match precision {
        Precision::Day => {
            let from = match (same_year, first.month == last.month) {
                (true, true) => first.day.to_string(),
                (true, false) => format!("{} {}", first.day, month_of(first)),
                (false, _) => format!("{} {} {from}", first.day, month_of(first)),
            };
            format!("{from} {word} {} {} {to}", last.day, month_of(last))
        }
        Precision::Month if same_year => format!("{} {word} {} {to}", month_of(first), month_of(last)),
        Precision::Month => format!("{} {from} {word} {} {to}", month_of(first), month_of(last)),
        _ => match (first.year, last.year) {
            (..=0, ..=0) | (1..=999, 1..=999) => format!("{} {word} {to}", from.trim_end_matches([' ', 'B', 'C', 'E'])),
            (10_000.., 10_000..) => format!("{from} {word} {}", last.year),
            _ => format!("{from} {word} {to}"),
        },
    }
}

/// The name with its marks: *about* and *perhaps* where they are those of the whole, else each with its components.
fn marked(parts: &Parts) -> String {
    let bare = unmarked(parts);
    let written = 1 + usize::from(parts.month.is_some()) + usize::from(parts.day.is_some());
    let marks = parts.marks.iter().take(written);
    if let Some(mark) = parts.marks.first().filter(|first| marks.clone().all(|mark| mark == *first)) {
        // What begins with a word of its own is not led in by another.
        let led_in = ["between ", "some ", "about "].iter().any(|word| bare.starts_with(word));
        return match (mark.uncertain(), mark.approximate()) {
            (false, false) => bare,
            (true, false) => format!("perhaps {bare}"),
            (false, true) if led_in => format!("{bare} (approximate)"),
            (false, true) => format!("about {bare}"),
            (true, true) if led_in => format!("perhaps {bare} (approximate)"),
            (true, true) => format!("perhaps about {bare}"),
        };
    }
    let season = matches!(parts.month, Some(Month::Season(_)));
    let components = [("day", 2), (if season { "season" } else { "month" }, 1), ("year", 0)];
    let with = |uncertain: bool, approximate: bool, word: &str| {
        let carries = |place: &usize| {
            parts.marks.get(*place).is_some_and(|m| (m.uncertain(), m.approximate()) == (uncertain, approximate))
        };
        let names: Vec<&str> = components.iter().filter(|(_, place)| carries(place)).map(|(name, _)| *name).collect();
        if names.is_empty() { None } else { Some(format!("{} {word}", names.join(" and "))) }
    };
    let notes = [
        with(true, false, "uncertain"),
        with(false, true, "approximate"),
        with(true, true, "uncertain and approximate"),
    ];
    format!("{bare} ({})", notes.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

fn unmarked(parts: &Parts) -> String {
    match (parts.month, parts.day) {
        (None, _) => year(parts),
        (Some(Month::Season(number)), _) => season(number, parts),
        (Some(Month::Month(written)), None) => match written.number() {
            Some(number) => join(month(number), " ", parts),
            None if written.all_x() => join("some month", " in ", parts),
            None => some("some month ", parts),
        },
        (Some(Month::Month(written)), Some(day)) => match (written.number(), day.number()) {
            (Some(number), Some(day)) => join(&format!("{day} {}", month(number)), " ", parts),
            (Some(number), None) if day.all_x() => match year_name(parts) {
                Some(year) => format!("some day in {} {year}", month(number)),
                None => some_year(&format!("some day in {}", month(number)), parts),
            },
            (None, Some(day)) if written.all_x() => join(&format!("day {day} of some month"), " in ", parts),
            (None, None) if written.all_x() && day.all_x() => join("some day", " in ", parts),
            _ => some("some day ", parts),
        },
    }
}

/// What is known of the year alone.
fn year(parts: &Parts) -> String {
    match parts.year {
        Year::Long { value, block, .. } if block > 1 => {
            format!("about {} ({})", of_year(value), range(parts, "to"))
        }
        Year::Long { value, .. } => of_year(value),
        Year::Written { negative: false, digits } if digits.all_x() => "some year".to_string(),
        Year::Written { .. } => match (year_name(parts), parts.precision()) {
            (Some(name), _) => name,
            (None, Precision::Decade | Precision::Century | Precision::Millennium) => {
                format!("between {}", range(parts, "and"))
            }
            (None, _) => format!("some year between {}", range(parts, "and")),
        },
    }
}

fn season(number: u8, parts: &Parts) -> String {
    let nth = |names: &[&'static str], first: u8| names.get(usize::from(number - first)).copied().unwrap_or_default();
    let of = |what: String| join(&what, " of ", parts);
    match number {
        21..=24 => join(nth(&SEASONS, 21), " ", parts),
        25..=28 => format!("{} (northern)", join(nth(&SEASONS, 25), " ", parts)),
        29..=32 => format!("{} (southern)", join(nth(&SEASONS, 29), " ", parts)),
        33..=36 => of(format!("{} quarter", nth(&ORDINALS, 33))),
        37..=39 => of(format!("{} quadrimester", nth(&ORDINALS, 37))),
        _ => of(format!("{} half", nth(&ORDINALS, 40))),
    }
}

/// Something and its year: `25 December 2022`, `25 December in the 1560s`, `25 December of some year`.
fn join(what: &str, link: &str, parts: &Parts) -> String {
    match (year_name(parts), parts.year) {
        (Some(year), Year::Written { digits, .. }) if digits.has_x() => format!("{what} in {year}"),
        (Some(year), _) => format!("{what}{link}{year}"),
        (None, _) => some_year(what, parts),
    }
}

fn some_year(what: &str, parts: &Parts) -> String {
    match parts.year {
        Year::Written { negative: false, digits } if digits.all_x() => format!("{what} of some year"),
        _ => {
            let years = Parts { month: None, day: None, ..parts.clone() };
            format!("{what} of some year between {}", range(&years, "and"))
        }
    }
}

/// A year that has a name: all its digits written, or a decade that can be mistaken for nothing else.
fn year_name(parts: &Parts) -> Option<String> {
    match parts.year {
        Year::Long { value, .. } => Some(of_year(value)),
        Year::Written { negative, digits } => match (digits.number(), digits.0) {
            (Some(number), _) => Some(of_year(if negative { -number } else { number })),
            // `the 1900s` could be a century.
            (None, [b'1'..=b'9', b'0'..=b'9', b'1'..=b'9', b'X']) if !negative => {
                Some(format!("the {}s", digits.filled(0)))
            }
            _ => None,
        },
    }
}

/// What is so unspecified that only its bounds can be said.
fn some(what: &str, parts: &Parts) -> String {
    match extent(parts, Seasons::Northern) {
        // `2022-04-3X` leaves one day, `2022-X3` one month.
        Some((only, last)) if parts.precision() == Precision::Day && only == last => {
            format!("{} {} {}", only.day, month(i64::from(only.month)), of_year(only.year))
        }
        Some((only, last))
            if parts.precision() == Precision::Month && (only.year, only.month) == (last.year, last.month) =>
        {
            format!("{} {}", month(i64::from(only.month)), of_year(only.year))
        }
        _ => format!("{what}between {}", range(parts, "and")),
    }
}

/// From the earliest to the latest that parts can mean, in their own precision.
fn range(parts: &Parts, word: &str) -> String {
    let Some((first, last)) = extent(parts, Seasons::Northern) else { return String::new() };
    span(first, last, parts.precision(), word)
}

fn instant(at: &Instant) -> String {
    let day = Parts::day(0..0, at.year, at.month, at.day);
    let mut text = format!("{}, {:02}:{:02}", unmarked(&day), at.hour, at.minute);
    if let Some(second) = at.second {
        text += &format!(":{second:02}");
    }
    if let Some((nanos, digits)) = at.fraction {
        text += &format!(".{}", format!("{nanos:09}").get(..usize::from(digits)).unwrap_or_default());
    }
    match at.offset {
        Offset::Local => {}
        Offset::Utc | Offset::Shift(0) => text += " UTC",
        Offset::Shift(minutes) => {
            let (sign, size) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
            text += &format!(" (UTC{sign}{}", size / 60);
            text += &if size % 60 == 0 { ")".to_string() } else { format!(":{:02})", size % 60) };
        }
    }
    text
}

fn month(number: i64) -> &'static str {
    usize::try_from(number - 1).ok().and_then(|place| MONTHS.get(place)).copied().unwrap_or_default()
}

/// Astronomical years before 1 as BCE, those that could be taken for a day as CE, those beyond four digits as such.
fn of_year(year: i64) -> String {
    match year {
        ..=0 => format!("{} BCE", 1 - year),
        1..=999 => format!("{year} CE"),
        1000..=9999 => year.to_string(),
        _ => format!("year {year}"),
    }
}
