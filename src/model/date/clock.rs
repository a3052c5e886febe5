//! The time of an instant: RFC 3339, section 5.6, also to the minute, without offset, or with EDTF's offset in hours.
//!
//! It must not know zones: whether a local time ever happens is found out when it is reckoned.

use super::{
    DateError,
    cursor::Cursor,
    expr::{Instant, Month, Offset, Parts, Year},
};
use crate::model::moment::{Civil, days_in};

/// Reads `T` and what follows, to the end, for the day that the parts must be.
pub(super) fn clock(cursor: &mut Cursor, parts: Parts, marked: bool) -> Result<Instant, DateError> {
    let Some((year, month, day)) = plain_day(&parts).filter(|_| !marked) else {
        return Err(cursor.fault("a time needs a whole day before it: year, month and day, no mark, no `X`"));
    };
    cursor.at += 1;
    let (hour_at, hour) = (cursor.at, two(cursor, "an hour")?);
    if hour > 23 {
        let fault = DateError::new(cursor.since(hour_at), format!("there is no hour {hour:02}"));
        let rest = cursor.text.get(cursor.at..cursor.end).unwrap_or_default();
        let next = Civil::of_days(Civil { year: i64::from(year), month, day }.days() + 1);
        return Err(if hour == 24 && rest.starts_with(":00") && next.year <= 9999 {
            let next = format!("{:04}-{:02}-{:02}", next.year, next.month, next.day);
            fault.with_help(format!("write {next}T00{rest}"))
        } else {
            fault
        });
    }
    if !cursor.take(b':') {
        return Err(cursor.expected("`:` and the minute"));
    }
    let minute = two_up_to(cursor, "a minute", 59)?;
    let second_at = cursor.at + 1;
    let second = if cursor.take(b':') { Some(two_up_to(cursor, "a second", 60)?) } else { None };
    let fraction = if second.is_some() { fraction(cursor)? } else { None };
    let offset = offset(cursor)?;
    let instant = Instant { at: parts.at, year, month, day, hour, minute, second, fraction, offset };
    if second == Some(60) && !is_leap_second(&instant) {
        let fault = DateError::new(second_at..second_at + 2, "there is no second 60 here");
        return Err(
            fault.with_help("a leap second is 23:59:60 in UTC on the last day of a month, with an offset or `Z`")
        );
    }
    match cursor.peek() {
        None => Ok(instant),
        Some(b'~' | b'%' | b'?') => Err(cursor.fault("an instant carries no `?`, `~` or `%`").with_help(format!(
            "mark the day: {year:04}-{month:02}-{day:02}{}",
            char::from(cursor.peek().unwrap_or(b'~'))
        ))),
        Some(_) => Err(cursor.expected("the end of the instant")),
    }
}

/// The day, if every digit of it is written; RFC 3339 knows no year before 0000.
fn plain_day(parts: &Parts) -> Option<(u16, u8, u8)> {
    let (Year::Written { negative: false, digits: year }, Some(Month::Month(month))) = (parts.year, parts.month) else {
        return None;
    };
    let (year, month, day) = (year.number()?, month.number()?, parts.day?.number()?);
    Some((u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?))
}

/// `.` and up to nine digits, as nanoseconds and the number of digits.
fn fraction(cursor: &mut Cursor) -> Result<Option<(u32, u8)>, DateError> {
    if cursor.peek() == Some(b',') {
        return Err(cursor.fault("a fraction begins with `.`"));
    }
    let start = cursor.at;
    if !cursor.take(b'.') {
        return Ok(None);
    }
    let digits = cursor.run(|byte| byte.is_ascii_digit());
    match digits.len() {
        0 => Err(cursor.expected("the digits of the fraction")),
        length @ 1..=9 => {
            let padded = digits.iter().copied().chain(std::iter::repeat(b'0')).take(9);
            let nanos = padded.fold(0_u32, |number, digit| number * 10 + u32::from(digit.saturating_sub(b'0')));
            Ok(Some((nanos, u8::try_from(length).unwrap_or(9))))
        }
        length => Err(DateError::new(cursor.since(start), format!("a fraction has up to 9 digits, not {length}"))),
    }
}

/// `Z`, `+03:00`, EDTF's `+03`, or nothing. `-00:00` is UTC (RFC 3339, 4.3).
fn offset(cursor: &mut Cursor) -> Result<Offset, DateError> {
    let ahead = match cursor.peek() {
        Some(b'Z' | b'z') => {
            cursor.at += 1;
            return Ok(Offset::Utc);
        }
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return Ok(Offset::Local),
    };
    cursor.at += 1;
    let hours = two_up_to(cursor, "an offset's hour", 23)?;
    let minutes = if cursor.take(b':') { two_up_to(cursor, "an offset's minute", 59)? } else { 0 };
    if cursor.peek().is_some_and(|byte| byte.is_ascii_digit()) {
        let fault = cursor.fault("an offset has `:` between hours and minutes");
        return Err(fault);
    }
    Ok(Offset::Shift(ahead * (i32::from(hours) * 60 + i32::from(minutes))))
}

/// Whether it is 23:59:60 in UTC at the end of a month (RFC 3339, 5.7 and appendix D).
fn is_leap_second(instant: &Instant) -> bool {
    let shift = match instant.offset {
        Offset::Local => return false,
        Offset::Utc => 0,
        Offset::Shift(minutes) => i64::from(minutes),
    };
    let day = Civil { year: i64::from(instant.year), month: instant.month, day: instant.day };
    let minute = day.days() * 1440 + i64::from(instant.hour) * 60 + i64::from(instant.minute) - shift;
    let day = Civil::of_days(minute.div_euclid(1440));
    minute.rem_euclid(1440) == 1439 && day.day == days_in(day.year, day.month)
}

fn two_up_to(cursor: &mut Cursor, what: &str, most: u8) -> Result<u8, DateError> {
    let start = cursor.at;
    let number = two(cursor, what)?;
    if number <= most {
        Ok(number)
    } else {
        Err(DateError::new(cursor.since(start), format!("{what} is at most {most}")))
    }
}

/// Two digits, and two only; a further digit is left for the caller to refuse.
fn two(cursor: &mut Cursor, what: &str) -> Result<u8, DateError> {
    let start = cursor.at;
    let run = cursor.run(|byte| byte.is_ascii_digit());
    match *run {
        [] => Err(cursor.expected(&format!("{what} of two digits"))),
        [_] => Err(DateError::new(cursor.since(start), format!("{what} has two digits"))),
        [tens, ones, ref rest @ ..] => {
            cursor.at -= rest.len();
            Ok((tens - b'0') * 10 + (ones - b'0'))
        }
    }
}
