//! Moments and spans on the UTC time line, and the proleptic Gregorian calendar that they are counted and printed in.
//!
//! It must not know how a date is written, which time zone anybody is in, or what time it is now.

use std::fmt;

const DAY: i64 = 86_400;
const NANOS: u32 = 1_000_000_000;

/// A point on the UTC time line: seconds since 1970-01-01T00:00:00Z and nanoseconds (0 to 999,999,999).
///
/// Two sentinels, [`Moment::PAST`] and [`Moment::FUTURE`], stand for minus and plus infinity. Seconds are POSIX ones:
/// every day has 86,400 of them. Prints as ISO 8601 in UTC, `2025-05-14T21:00:00Z`, a fraction only where there is one;
/// years outside 0000 to 9999 in the expanded form with a sign, `+170000002-01-01T00:00:00Z` (ISO 8601-1, 4.3.2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Moment {
    seconds: i64,
    nanos: u32,
}

impl Moment {
    /// Before everything: minus infinity.
    pub const PAST: Moment = Moment { seconds: i64::MIN, nanos: 0 };
    /// After everything: plus infinity.
    pub const FUTURE: Moment = Moment { seconds: i64::MAX, nanos: NANOS - 1 };

    /// The moment so many seconds and nanoseconds after 1970-01-01T00:00:00Z; nanoseconds beyond a second are carried.
    pub fn new(seconds: i64, nanos: u32) -> Moment {
        Moment { seconds: seconds.saturating_add(i64::from(nanos / NANOS)), nanos: nanos % NANOS }
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    pub fn seconds(self) -> i64 {
        self.seconds
    }

    /// Nanoseconds after [`Moment::seconds`], 0 to 999,999,999.
    pub fn nanos(self) -> u32 {
        self.nanos
    }

    /// The next moment that can be told apart: a nanosecond later.
    pub fn next(self) -> Moment {
        Moment::new(self.seconds, self.nanos + 1)
    }

    /// The year in UTC; 0 is 1 BCE.
    pub fn year(self) -> i64 {
        Civil::of_days(self.seconds.div_euclid(DAY)).year
    }

    /// Whether it is a real moment, neither [`Moment::PAST`] nor [`Moment::FUTURE`].
    pub fn is_finite(self) -> bool {
        self != Moment::PAST && self != Moment::FUTURE
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Moment::PAST => return f.write_str("-infinity"),
            Moment::FUTURE => return f.write_str("infinity"),
            _ => {}
        }
        let Civil { year, month, day } = Civil::of_days(self.seconds.div_euclid(DAY));
        match year {
            0..=9999 => write!(f, "{year:04}")?,
            ..0 => write!(f, "-{:04}", year.unsigned_abs())?,
            _ => write!(f, "+{year}")?,
        }
        let second = self.seconds.rem_euclid(DAY);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.nanos != 0 {
            let digits = format!("{:09}", self.nanos);
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

/// A stretch of time, half-open: from `start`, up to but not including `end`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Span {
    /// The first moment in it.
    pub start: Moment,
    /// The first moment after it.
    pub end: Moment,
}

impl Span {
    /// Whether some moment is in both; an empty span overlaps nothing.
    pub fn overlaps(self, other: Span) -> bool {
        self.start.max(other.start) < self.end.min(other.end)
    }
}

/// A day of the proleptic Gregorian calendar with astronomical years: 0 is 1 BCE.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Civil {
    pub(super) year: i64,
    pub(super) month: u8,
    pub(super) day: u8,
}

impl Civil {
    /// The day `days` after 1970-01-01.
    pub(super) fn of_days(days: i64) -> Civil {
        // Years are counted from 1 March, so that the leap day is the last of its year; 719,468 days lie between
        // 0000-03-01 and 1970-01-01, and 146,097 in every 400 years.
        let shifted = days.saturating_add(719_468);
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * march + 2) / 5 + 1;
        let month = if march < 10 { march + 3 } else { march - 9 };
        let year = year + era * 400 + i64::from(month <= 2);
        Civil { year, month: u8::try_from(month).unwrap_or(1), day: u8::try_from(day).unwrap_or(1) }
    }

    /// Days since 1970-01-01; right for years up to a trillion either way.
    pub(super) fn days(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = self.year - i64::from(month <= 2);
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The day so many months later (earlier, if negative), the last of its month where that month is too short.
    pub(super) fn plus_months(self, months: i64) -> Civil {
        let count = self.year * 12 + i64::from(self.month) - 1 + months;
        let (year, month) = (count.div_euclid(12), u8::try_from(count.rem_euclid(12) + 1).unwrap_or(1));
        Civil { year, month, day: self.day.min(days_in(year, month)) }
    }
}

/// How many days the month (1 to 12) has in the year.
pub(super) fn days_in(year: i64, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether the year has a 29 February.
pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}
