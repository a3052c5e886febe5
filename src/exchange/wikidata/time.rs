//! Wikidata's points in time as EDTF: their precision, their calendar, and years before the first. The JSON has a time
//! in the calendar that it names (Wikibase/DataModel/JSON, time), and no year 0: `-0044` is 44 BCE, EDTF's `-0043`.

use chrono::{Datelike, Days, NaiveDate};
use serde_json::Value;

/// The item of the Julian calendar, as `calendarmodel` ends.
const JULIAN: &str = "Q1985786";

/// No year is so far away that its seconds could not be counted in 64 bits.
const FARTHEST: i64 = 1_000_000_000_000;

/// A point in time as EDTF has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Point {
    /// The expression.
    pub edtf: String,
    /// Whether it may be a side of an interval: one of a set may not (EDTF, Level 2, One of a set).
    pub is_side: bool,
    /// The first and the last year, month or day that it may be, neither of which is approximate.
    pub bounds: (String, String),
}

impl Point {
    fn side(edtf: String) -> Point {
        Point { bounds: (edtf.clone(), edtf.clone()), edtf, is_side: true }
    }

    fn between(from: &str, to: &str) -> Point {
        Point { edtf: format!("[{from}..{to}]"), is_side: false, bounds: (from.to_owned(), to.to_owned()) }
    }

    /// The same, approximate: whatever has a mark of its own keeps it.
    pub fn about(self) -> Point {
        let marked = |text: &str| if text.ends_with(['~', '?', '%']) { text.to_owned() } else { format!("{text}~") };
        match self.is_side {
            true => Point { edtf: marked(&self.edtf), ..self },
            false => self,
        }
    }
}

/// Reads the `value` of a snak of type `time`.
///
/// # Errors
/// What is wrong with it, or which precision has no like in EDTF.
pub fn point(value: &Value) -> Result<Point, String> {
    let text = value["time"].as_str().ok_or("a time without `time`")?;
    let precision = value["precision"].as_u64().ok_or("a time without `precision`")?;
    let is_julian = value["calendarmodel"].as_str().is_some_and(|model| model.ends_with(JULIAN));
    let (year, month, day) = parts(text).ok_or_else(|| format!("`{text}` is no time of Wikidata"))?;
    let unit = |digits: u64| 10_i64.pow(digits as u32);
    match precision {
        11 => exact(year, month, day, is_julian).map(|date| Point::side(written(date))),
        10 if is_julian => {
            let (after, next) = if month == 12 { (following(year), 1) } else { (year, month + 1) };
            let (from, end) = (exact(year, month, 1, true)?, exact(after, next, 1, true)?);
            let to = end.checked_sub_days(Days::new(1)).ok_or("a day that no calendar reaches")?;
            Ok(Point::between(&written(from), &written(to)))
        }
        10 if (1..=12).contains(&month) => Ok(Point::side(format!("{}-{month:02}", edtf_year(year)?))),
        9 => Ok(Point::side(edtf_year(year)?)),
        8 if (0..10_000).contains(&year) => {
            let decade = format!("{:03}", year / 10);
            let bounds = (format!("{decade}0"), format!("{decade}9"));
            Ok(Point { edtf: format!("{decade}X"), is_side: true, bounds })
        }
        // The 20th century is the years 1901 to 2000, and 1850 and 1900 both name the 19th.
        6 | 7 if year > 0 => {
            let long = unit(9 - precision);
            let last = (year + long - 1) / long * long;
            Ok(Point::between(&edtf_year(last - long + 1)?, &edtf_year(last)?))
        }
        8 if year > 0 => {
            let first = year / 10 * 10;
            Ok(Point::between(&edtf_year(first)?, &edtf_year(first + 9)?))
        }
        6..=8 if year < 0 => {
            let long = unit(9 - precision);
            let first = year.div_euclid(long) * long;
            Ok(Point::between(&edtf_year(first)?, &edtf_year((first + long - 1).min(-1))?))
        }
        0..=5 => {
            let significant = year.abs().to_string().len().saturating_sub(9 - precision as usize).max(1);
            Ok(Point::side(format!("Y{year}S{significant}")))
        }
        6 | 7 => Err("a time in the year 0, which is in no century".to_owned()),
        _ => Err(format!("a time of precision {precision}, which Wikidata does not use for dates")),
    }
}

/// Year, month and day of `+1952-03-11T00:00:00Z`; month and day are 0 where the precision does not reach them.
fn parts(text: &str) -> Option<(i64, u32, u32)> {
    let (date, _) = text.split_once('T')?;
    let (sign, digits) = date.split_at_checked(1)?;
    let mut numbers = digits.split('-');
    let year: i64 = numbers.next()?.parse().ok().filter(|year| *year < FARTHEST)?;
    let (month, day) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    match sign {
        "+" => Some((year, month, day)),
        "-" => Some((-year, month, day)),
        _ => None,
    }
}

/// The year after: there is no year 0.
fn following(year: i64) -> i64 {
    if year == -1 { 1 } else { year + 1 }
}

/// The number of a year where 1 BCE is the year 0 (ISO 8601).
fn astronomical(year: i64) -> i64 {
    if year < 0 { year + 1 } else { year }
}

fn edtf_year(year: i64) -> Result<String, String> {
    match astronomical(year) {
        year @ 0..=9999 => Ok(format!("{year:04}")),
        year @ -9999..0 => Ok(format!("-{:04}", -year)),
        year => Ok(format!("Y{year}")),
    }
}

/// A day in the Gregorian calendar.
fn exact(year: i64, month: u32, day: u32, is_julian: bool) -> Result<NaiveDate, String> {
    let year = i32::try_from(astronomical(year)).map_err(|_| format!("the year {year} has no days"))?;
    let date = match is_julian {
        false => NaiveDate::from_ymd_opt(year, month, day),
        true => julian(year, month, day),
    };
    date.ok_or_else(|| format!("there is no day {day} of month {month} in that year"))
}

/// The Gregorian day of a Julian one: days are counted from 1 March of a year that is a multiple of four.
fn julian(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    let is_leap = year.rem_euclid(4) == 0;
    let length = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) || year.unsigned_abs() > 200_000 {
        return None;
    }
    let (from_march, year) = if month > 2 { (month - 3, year) } else { (month + 9, year - 1) };
    let days = i64::from(year) * 365 + i64::from(year.div_euclid(4)) + i64::from((153 * from_march + 2) / 5 + day);
    // The Julian 1 March of the year 0 is the Gregorian 28 February: day -307 of the common era, counted from 1.
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(days - 308).ok()?)
}

fn written(date: NaiveDate) -> String {
    match date.year() {
        year @ 0..=9999 => format!("{year:04}-{:02}-{:02}", date.month(), date.day()),
        year => format!("-{:04}-{:02}-{:02}", -year, date.month(), date.day()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::date::Date;
    use serde_json::json;

    fn read(time: &str, precision: u64, model: &str) -> Result<String, String> {
        let model = format!("http://www.wikidata.org/entity/{model}");
        let found = point(&json!({"time": time, "precision": precision, "calendarmodel": model}))?;
        assert!(Date::parse(&found.edtf).is_ok(), "{}", found.edtf);
        Ok(found.edtf)
    }

    #[test]
    fn every_precision_is_edtf() {
        for (time, precision, edtf) in [
            ("+1952-03-11T00:00:00Z", 11, "1952-03-11"),
            ("+1952-03-00T00:00:00Z", 10, "1952-03"),
            ("+1952-00-00T00:00:00Z", 9, "1952"),
            ("+1950-00-00T00:00:00Z", 8, "195X"),
            ("+1900-00-00T00:00:00Z", 7, "[1801..1900]"),
            ("+1850-00-00T00:00:00Z", 7, "[1801..1900]"),
            ("+2000-00-00T00:00:00Z", 6, "[1001..2000]"),
            ("-0044-03-15T00:00:00Z", 11, "-0043-03-15"),
            ("-0001-00-00T00:00:00Z", 9, "0000"),
            ("-0500-00-00T00:00:00Z", 7, "[-0499..-0400]"),
            ("-13798000000-00-00T00:00:00Z", 3, "Y-13798000000S5"),
            ("+20005-00-00T00:00:00Z", 8, "[Y20000..Y20009]"),
        ] {
            assert_eq!(read(time, precision, "Q1985727").as_deref(), Ok(edtf), "{time}/{precision}");
        }
        assert!(read("+1952-03-11T07:00:00Z", 12, "Q1985727").is_err());
        assert!(read("+1952-02-30T00:00:00Z", 11, "Q1985727").is_err());
        assert!(read("1952", 9, "Q1985727").is_err());
        assert!(read("+0000-00-00T00:00:00Z", 7, "Q1985727").is_err());
        for (precision, model) in (0..12).flat_map(|precision| [(precision, "Q1985727"), (precision, JULIAN)]) {
            for time in ["+9223372036854775807-12-01T00:00:00Z", "-9223372036854775807-12-01T00:00:00Z"] {
                assert!(read(time, precision, model).is_err(), "{time}/{precision}");
            }
        }
    }

    #[test]
    fn a_julian_day_is_the_gregorian_one() {
        for (time, edtf) in [
            ("+1642-12-25T00:00:00Z", "1643-01-04"),
            ("+1917-10-25T00:00:00Z", "1917-11-07"),
            ("+1582-10-05T00:00:00Z", "1582-10-15"),
            ("+1700-02-29T00:00:00Z", "1700-03-11"),
            ("-0044-03-15T00:00:00Z", "-0043-03-13"),
            ("+0200-03-01T00:00:00Z", "0200-03-01"),
        ] {
            assert_eq!(read(time, 11, JULIAN).as_deref(), Ok(edtf), "{time}");
        }
        assert_eq!(read("+1917-10-00T00:00:00Z", 10, JULIAN).as_deref(), Ok("[1917-10-14..1917-11-13]"));
        assert!(read("+1701-02-29T00:00:00Z", 11, JULIAN).is_err());
    }

    #[test]
    fn circa_is_a_mark() {
        let point = point(&json!({"time": "+1952-00-00T00:00:00Z", "precision": 9})).unwrap();
        assert_eq!(point.about().edtf, "1952~");
    }
}
