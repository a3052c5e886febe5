//! Random dates: every form that the format knows, all around a handful of days, so that spans touch, overlap and
//! coincide. Every form's span reaches over noon (UTC) of its day, so that of two days the earlier can be the cause.

use chrono::{Datelike, Days, NaiveDate};

/// How many forms [`written`] knows; the later ones are the rarer ones.
pub const FORMS: u8 = 64;

/// How many days the events of a chronicle share.
pub const SLOTS: u8 = 40;

/// The day of a slot: nineteen days apart, so that some share a month, a season or a year.
pub fn day(slot: u8, later: u8) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2021, 11, 20).expect("a day");
    first + Days::new(u64::from(slot) * 19 + u64::from(later))
}

/// The day in one of the forms; `reach` says how far an interval or a choice reaches beyond it.
pub fn written(day: NaiveDate, form: u8, reach: u8) -> String {
    let beyond = day + Days::new(u64::from(reach) + 1);
    let before = day - Days::new(u64::from(reach % 7) + 1);
    match form {
        24..=27 => month(day),
        28 | 29 => day.format("%Y").to_string(),
        30 | 31 => format!("{day}~"),
        32 => format!("{}~", month(day)),
        33 => format!("{day}?"),
        34 => format!("{}-~{:02}", month(day), day.day()),
        35 | 36 => format!("[{before}..{beyond}]"),
        37 => format!("[{day}, {beyond}]"),
        38 => format!("[..{day}]"),
        39 => format!("{}-XX", month(day)),
        40 => format!("{}-XX", day.format("%Y")),
        41 | 42 => season(day),
        43 => format!("{}-{}", day.format("%Y"), 33 + day.month0() / 3),
        44 => format!("{day}T12:00Z"),
        45 => format!("{day}T15:00+03:00"),
        46 => format!("{day}T12:00:00Z"),
        47..=50 => format!("{day}/{beyond}"),
        51 | 52 => format!("{}/{}", month(day), month(beyond)),
        53 => format!("{day}/{}", month(beyond)),
        54 => format!("{day}~/{beyond}"),
        55 => format!("{day}/{beyond}~"),
        56 | 57 => format!("{day}/.."),
        58 => format!("{day}/"),
        59 => format!("/{beyond}"),
        60 => format!("../{day}"),
        61 => format!("{}/{beyond}", month(day)),
        62 => format!("{}/{}", day.format("%Y"), beyond.format("%Y")),
        63 => format!("[{day}..]"),
        _ => day.to_string(),
    }
}

/// Whether a date lasts by itself, so that there is no `until` beside it.
pub fn is_interval(date: &str) -> bool {
    date.contains('/')
}

/// Whether what happened then has been so for ever, so that it can have no cause.
pub fn has_no_start(date: &str) -> bool {
    date.starts_with("../")
}

fn month(day: NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}

/// The season of a day: winter belongs to the year in which it begins.
fn season(day: NaiveDate) -> String {
    let (year, month) = (day.year(), day.month());
    match month {
        1 | 2 => format!("{}-24", year - 1),
        3..=5 => format!("{year}-21"),
        6..=8 => format!("{year}-22"),
        9..=11 => format!("{year}-23"),
        _ => format!("{year}-24"),
    }
}
