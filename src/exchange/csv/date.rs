//! Dates of tables → EDTF: by a pattern, by columns of year, month and day, and as imprecise as another column says.
//! Knows nothing of rules.

use chrono::format::{Fixed, Item, Numeric, Pad, Parsed, StrftimeItems, parse_and_remainder};
use chrono::{Datelike, NaiveDate, Timelike, Utc};

use crate::model::date::MONTHS;

/// A date's form, as strftime has it.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As it was written.
    pub text: String,
    items: Vec<Item<'static>>,
    has_month: bool,
    has_day: bool,
    has_clock: bool,
    has_seconds: bool,
    has_offset: bool,
    is_stamp: bool,
}

impl Pattern {
    /// Reads a pattern. Error: what is wrong with it.
    pub fn parse(text: &str) -> Result<Pattern, String> {
        let items =
            StrftimeItems::new(text).parse_to_owned().map_err(|_| format!("`{text}` is no pattern of dates"))?;
        let number = |wanted: &[Numeric]| {
            items.iter().any(|item| matches!(item, Item::Numeric(found, _) if wanted.contains(found)))
        };
        let fixed =
            |wanted: &[Fixed]| items.iter().any(|item| matches!(item, Item::Fixed(found) if wanted.contains(found)));
        let has_whole = fixed(&[Fixed::RFC3339, Fixed::RFC2822]);
        let by_week = number(&[Numeric::IsoWeek, Numeric::WeekFromSun, Numeric::WeekFromMon]);
        let has_day = has_whole || by_week || number(&[Numeric::Day, Numeric::Ordinal]);
        let has_year =
            has_whole || number(&[Numeric::Year, Numeric::YearMod100, Numeric::IsoYear, Numeric::IsoYearMod100]);
        let has_minutes = has_whole || number(&[Numeric::Minute]);
        let pattern = Pattern {
            has_month: has_day || number(&[Numeric::Month]) || fixed(&[Fixed::ShortMonthName, Fixed::LongMonthName]),
            has_day,
            has_clock: has_whole || number(&[Numeric::Hour, Numeric::Hour12]),
            has_seconds: has_whole || number(&[Numeric::Second]),
            has_offset: has_whole
                || fixed(&[
                    Fixed::TimezoneOffset,
                    Fixed::TimezoneOffsetColon,
                    Fixed::TimezoneOffsetZ,
                    Fixed::TimezoneOffsetColonZ,
                ]),
            is_stamp: number(&[Numeric::Timestamp]),
            text: text.to_owned(),
            items: items.clone(),
        };
        if !has_year && !pattern.is_stamp {
            return Err(format!("`{text}` has no year"));
        }
        if pattern.has_clock && !(has_minutes && pattern.has_day) {
            return Err(format!("`{text}` has an hour, and not both a day and minutes"));
        }
        Ok(pattern)
    }

    /// A text of this form as EDTF or RFC 3339, no finer than the pattern is; nothing where it is none.
    pub fn read(&self, text: &str) -> Option<String> {
        let (mut parsed, _) = self.parsed(text).filter(|(_, has_all_digits)| *has_all_digits)?;
        if self.is_stamp {
            let moment = parsed.to_datetime_with_timezone(&Utc).ok()?;
            return Some(moment.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        }
        if !self.has_month {
            parsed.set_month(1).ok()?;
        }
        if !self.has_day {
            parsed.set_day(1).ok()?;
        }
        let date = parsed.to_naive_date().ok()?;
        let mut edtf = year(date.year())?;
        if self.has_month {
            edtf.push_str(&format!("-{:02}", date.month()));
        }
        if self.has_day {
            edtf.push_str(&format!("-{:02}", date.day()));
        }
        if self.has_clock {
            let time = parsed.to_naive_time().ok()?;
            edtf.push_str(&format!("T{:02}:{:02}", time.hour(), time.minute()));
            if self.has_seconds {
                edtf.push_str(&format!(":{:02}", time.second()));
            }
            if self.has_offset {
                let offset = parsed.to_fixed_offset().ok()?.to_string();
                edtf.push_str(if offset == "+00:00" { "Z" } else { &offset });
            }
        }
        Some(edtf)
    }

    /// Of a text that has the parts of this form, whether its year has all its digits.
    pub fn has_all_digits(&self, text: &str) -> Option<bool> {
        self.parsed(text).map(|(_, has_all_digits)| has_all_digits)
    }

    /// The parts of a text, and whether its year has all its digits: chrono takes `22` for `%Y`, too, as the year 22.
    fn parsed(&self, text: &str) -> Option<(Parsed, bool)> {
        let (mut parsed, mut rest, mut has_all_digits) = (Parsed::new(), text, true);
        for item in &self.items {
            let behind = parse_and_remainder(&mut parsed, rest, std::iter::once(item)).ok()?;
            let words = rest[..rest.len() - behind.len()].trim();
            let digits = words.trim_start_matches(['-', '+']).len();
            has_all_digits &= match item {
                Item::Numeric(Numeric::Year | Numeric::IsoYear, Pad::Zero) => digits >= YEAR_DIGITS,
                Item::Numeric(Numeric::YearMod100 | Numeric::IsoYearMod100, Pad::Zero) => digits == 2,
                _ => true,
            };
            rest = behind;
        }
        rest.is_empty().then_some((parsed, has_all_digits))
    }
}

/// So many digits has a year at least, unless a pattern says `%-Y`: 58 may be 1958, and is never guessed at.
const YEAR_DIGITS: usize = 4;

/// A year as EDTF writes it.
fn year(year: i32) -> Option<String> {
    match year {
        0..=9999 => Some(format!("{year:04}")),
        -9999..0 => Some(format!("-{:04}", -year)),
        _ => None,
    }
}

/// How imprecise a date is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Precision {
    /// As it is.
    Exact,
    /// The day, without a time.
    Day,
    /// The seven days of which it is the middle.
    Week,
    /// Its month.
    Month,
    /// Its year.
    Year,
    /// Its ten years.
    Decade,
    /// Its hundred years.
    Century,
}

impl Precision {
    /// Every one with its name.
    pub const ALL: [(&str, Precision); 7] = [
        ("exact", Precision::Exact),
        ("day", Precision::Day),
        ("week", Precision::Week),
        ("month", Precision::Month),
        ("year", Precision::Year),
        ("decade", Precision::Decade),
        ("century", Precision::Century),
    ];

    /// A date, `2022-04-12` or finer, made as imprecise as this; nothing where it is not that fine.
    pub fn of(self, date: &str) -> Option<String> {
        let part = |length: usize| date.get(..length).map(str::to_owned);
        let day = || NaiveDate::parse_from_str(date.get(..10)?, "%Y-%m-%d").ok();
        match self {
            Precision::Exact => Some(date.to_owned()),
            Precision::Day => day().and_then(|_| part(10)),
            Precision::Week => {
                let (from, to) = (day()? - chrono::Days::new(3), day()? + chrono::Days::new(3));
                Some(format!("[{from}..{to}]"))
            }
            Precision::Month => part(7).filter(|month| month.as_bytes()[4] == b'-'),
            Precision::Year => part(4).filter(|year| year.bytes().all(|byte| byte.is_ascii_digit())),
            Precision::Decade => Precision::Year.of(date).map(|year| format!("{}X", &year[..3])),
            Precision::Century => Precision::Year.of(date).map(|year| format!("{}XX", &year[..2])),
        }
    }
}

/// One moment somewhere from one day to another: as a month or year where it is exactly that.
pub fn between(from: &str, to: &str) -> String {
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let (Some(first), Some(last)) = (day(from), day(to)) else {
        return if from == to { from.to_owned() } else { format!("[{from}..{to}]") };
    };
    let ends_month = last.succ_opt().is_none_or(|next| next.day() == 1);
    let same_year = first.year() == last.year();
    match (first.day(), first.month(), last.month()) {
        _ if first == last => from.to_owned(),
        (1, 1, 12) if same_year && ends_month => from[..4].to_owned(),
        (1, month, other) if same_year && month == other && ends_month => from[..7].to_owned(),
        _ => format!("[{from}..{to}]"),
    }
}

/// A date of its parts; a month or day that is empty or 0 is not known. Error: which part is wrong, and the words of it.
pub fn of_parts(years: &str, month: &str, day: &str) -> Result<String, &'static str> {
    let unknown = |text: &str| text.bytes().all(|byte| byte == b'0');
    let has_all_digits = years.trim_start_matches(['-', '+']).len() >= YEAR_DIGITS;
    let mut edtf = years.parse().ok().filter(|_| has_all_digits).and_then(year).ok_or("year")?;
    if unknown(month) {
        return if unknown(day) { Ok(edtf) } else { Err("month") };
    }
    let name = month.to_lowercase();
    // Or their first three or four letters, with a point or without.
    let short = name.trim_end_matches('.');
    let is = |known: &&str| *known == name || (3..=4).contains(&short.len()) && known.starts_with(short);
    let named = MONTHS.iter().position(is).map(|at| at as u32 + 1);
    let number = month.parse().ok().or(named).filter(|number| (1..=12).contains(number)).ok_or("month")?;
    edtf.push_str(&format!("-{number:02}"));
    if !unknown(day) {
        let number: u32 = day.parse().ok().filter(|number| (1..=31).contains(number)).ok_or("day")?;
        edtf.push_str(&format!("-{number:02}"));
    }
    Ok(edtf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_gives_no_more_than_it_has() {
        for (pattern, text, edtf) in [
            ("%d.%m.%Y %H:%M", "12.04.2022 08:30", Some("2022-04-12T08:30")),
            ("%d.%m.%Y %H:%M", "12.04.2022", None),
            ("%d %B %Y", "12 April 2022", Some("2022-04-12")),
            ("%d %B %Y", "31 April 2022", None),
            ("%Y%m%d", "20220412", Some("2022-04-12")),
            ("%Y%m%d%H%M%S", "20220412081500", Some("2022-04-12T08:15:00")),
            ("%B %Y", "April 2022", Some("2022-04")),
            ("%y", "22", Some("2022")),
            ("%Y", "2022", Some("2022")),
            ("%Y", "22", None),
            ("%Y", "0022", Some("0022")),
            ("%Y", "-0044", Some("-0044")),
            ("%Y", "-44", None),
            ("%-Y", "79", Some("0079")),
            ("%d.%m.%Y", "12.04.22", None),
            ("%d.%m.%y", "12.04.22", Some("2022-04-12")),
            ("%d.%m.%y", "12.04.58", Some("2058-04-12")),
            ("%d.%m.%y", "12.04.2022", None),
            ("%F", "22-04-12", None),
            ("%s", "0", Some("1970-01-01T00:00:00Z")),
            ("%d/%m/%Y %H:%M:%S %z", "12/04/2022 08:30:01 +0300", Some("2022-04-12T08:30:01+03:00")),
            ("%m/%d/%Y %I:%M:%S %p", "4/12/2022 12:00:00 AM", Some("2022-04-12T00:00:00")),
        ] {
            assert_eq!(Pattern::parse(pattern).unwrap().read(text).as_deref(), edtf, "{pattern} {text}");
        }
        for pattern in ["", "%d.%m.", "%Q", "%Y %H:%M", "%Y-%m-%d %H"] {
            assert!(Pattern::parse(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn a_date_is_as_imprecise_as_it_is_said_to_be() {
        let all: Vec<_> = Precision::ALL.iter().map(|(_, precision)| precision.of("2022-04-01").unwrap()).collect();
        assert_eq!(all, ["2022-04-01", "2022-04-01", "[2022-03-29..2022-04-04]", "2022-04", "2022", "202X", "20XX"]);
        assert_eq!(Precision::Day.of("2022-04"), None);
        assert_eq!(Precision::Month.of("20220401"), None);
    }

    #[test]
    fn a_range_that_is_a_month_is_written_as_one() {
        for (from, to, edtf) in [
            ("2022-04-01", "2022-04-01", "2022-04-01"),
            ("2022-04-01", "2022-04-30", "2022-04"),
            ("2022-04-01", "2022-04-29", "[2022-04-01..2022-04-29]"),
            ("2022-01-01", "2022-12-31", "2022"),
            ("2022-04-01", "2022-05-31", "[2022-04-01..2022-05-31]"),
            ("2022", "2023", "[2022..2023]"),
        ] {
            assert_eq!(between(from, to), edtf);
        }
    }

    #[test]
    fn parts_make_a_date() {
        assert_eq!(of_parts("2022", "4", ""), Ok("2022-04".into()));
        assert_eq!(of_parts("2022", "April", "7"), Ok("2022-04-07".into()));
        assert_eq!(of_parts("2022", "0", "0"), Ok("2022".into()));
        assert_eq!(
            (of_parts("58", "4", ""), of_parts("0058", "", ""), of_parts("-0044", "", "")),
            (Err("year"), Ok("0058".into()), Ok("-0044".into()))
        );
        assert_eq!(
            (of_parts("", "4", ""), of_parts("2022", "13", ""), of_parts("2022", "", "3")),
            (Err("year"), Err("month"), Err("month"))
        );
    }
}
