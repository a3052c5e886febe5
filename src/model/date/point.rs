//! One point: a year, month or day with its marks and unspecified digits, or a day with a time.
//!
//! It must not know sets, intervals, zones or spans.

use std::ops::Range;

use super::{
    DateError, Seasons,
    clock::clock,
    complete::extent,
    cursor::Cursor,
    expr::{Digits, Mark, Month, Parts, Point, Year},
};
use crate::model::moment::days_in;

/// The largest year, either way, whose every second fits in 64 bits.
const YEARS: i64 = 292_000_000_000;

/// Reads the point that these bytes of the text are.
pub(super) fn point(text: &str, at: Range<usize>) -> Result<Point, DateError> {
    let mut cursor = Cursor::new(text, at.clone());
    let mut marks = Marks::default();
    let mut parts = Parts {
        at,
        year: year(&mut cursor, &mut marks)?,
        month: None,
        day: None,
        marks: [Mark::default(); 3],
        marked_inside: false,
    };
    if matches!(parts.year, Year::Written { .. }) && cursor.take(b'-') {
        parts.month = Some(month(&mut cursor, &mut marks)?);
        if cursor.peek() == Some(b'-') {
            parts.day = Some(day(&mut cursor, &mut marks, &parts)?);
        }
    }
    if matches!(cursor.peek(), Some(b'T' | b't')) {
        return clock(&mut cursor, parts, marks.count > 0).map(Point::Instant);
    }
    if cursor.peek().is_some() {
        return Err(surplus(&cursor, &parts));
    }
    parts.marked_inside = marks.count > 1 || marks.inside(&parts);
    parts.marks = marks.of;
    Ok(Point::Parts(parts))
}

/// The marks found so far: of the year, month, day; how many were written; where the last group's mark stood.
#[derive(Default)]
struct Marks {
    of: [Mark; 3],
    count: usize,
    group: Option<usize>,
}

impl Marks {
    /// Takes a mark to the left of a component, which is that component's alone (EDTF level 2, "Qualification").
    fn before(&mut self, cursor: &mut Cursor, component: usize) -> Result<(), DateError> {
        if let Some(mark) = Self::take(cursor)? {
            self.count += 1;
            self.of.iter_mut().skip(component).take(1).for_each(|of| *of = of.and(mark));
        }
        Ok(())
    }

    /// Takes a mark to the right of a component, which is that of all components up to it.
    fn after(&mut self, cursor: &mut Cursor, component: usize) -> Result<(), DateError> {
        if let Some(mark) = Self::take(cursor)? {
            self.count += 1;
            self.group = Some(component);
            self.of.iter_mut().take(component + 1).for_each(|of| *of = of.and(mark));
        }
        Ok(())
    }

    fn take(cursor: &mut Cursor) -> Result<Option<Mark>, DateError> {
        let start = cursor.at;
        let run = cursor.run(|byte| Mark::of(byte).is_some());
        match run {
            [] => Ok(None),
            [byte] => Ok(Mark::of(*byte)),
            [first, rest @ ..] => {
                let both = rest.iter().any(|byte| byte != first) || *first == b'%';
                let mark = if both { '%' } else { char::from(*first) };
                let fault =
                    DateError::new(cursor.since(start), "a component carries one mark: `?`, `~`, or `%` for both");
                Err(fault.with_help(format!("write `{mark}`")))
            }
        }
    }

    /// Whether a lone mark stands elsewhere than behind the last component.
    fn inside(&self, parts: &Parts) -> bool {
        let last = usize::from(parts.month.is_some()) + usize::from(parts.day.is_some());
        self.count == 1 && self.group != Some(last)
    }
}

fn year(cursor: &mut Cursor, marks: &mut Marks) -> Result<Year, DateError> {
    marks.before(cursor, 0)?;
    let start = cursor.at;
    let year = if cursor.take(b'Y') { long_year(cursor, start)? } else { short_year(cursor, start)? };
    let year = if cursor.peek() == Some(b'S') { significant(cursor, start, year)? } else { year };
    marks.after(cursor, 0)?;
    Ok(year)
}

/// Four digits, with a sign before year 0 (EDTF level 0 "Date", level 1 "Negative calendar year").
fn short_year(cursor: &mut Cursor, start: usize) -> Result<Year, DateError> {
    let negative = cursor.take(b'-');
    let digits_start = cursor.at;
    let run = cursor.run(is_digit_or_x);
    let number = || String::from_utf8_lossy(run).into_owned();
    let sign = if negative { "-" } else { "" };
    match *run {
        [b'0', b'0', b'0', b'0'] if negative => {
            Err(DateError::new(cursor.since(start), "there is no year -0000").with_help("write 0000 for 1 BCE"))
        }
        [a, b, c, d] => Ok(Year::Written { negative, digits: Digits([a, b, c, d]) }),
        [] => {
            cursor.at = digits_start;
            Err(cursor.expected("a year of four digits"))
        }
        [_, _, _] | [_, _] | [_] => {
            let fault = DateError::new(cursor.since(start), "a year has four digits");
            Err(fault.with_help(format!("write {sign}{:0>4}", number())))
        }
        _ if run.contains(&b'X') => Err(DateError::new(cursor.since(start), "a year with `X` has four digits")),
        _ => {
            let fault = DateError::new(cursor.since(start), "a year of more than four digits begins with `Y`");
            let number = number();
            match number.trim_start_matches('0') {
                short if short.len() <= 4 => Err(fault.with_help(format!("write {sign}{short:0>4}"))),
                long if long.len() <= 12 => Err(fault.with_help(format!("write Y{sign}{long}"))),
                _ => Err(fault),
            }
        }
    }
}

/// `Y` and more than four digits (EDTF level 1), or fewer with an exponent (EDTF level 2, "Exponential year").
fn long_year(cursor: &mut Cursor, start: usize) -> Result<Year, DateError> {
    let negative = cursor.take(b'-');
    let sign = if negative { "-" } else { "" };
    let digits = cursor.run(|byte| byte.is_ascii_digit());
    match digits {
        [] => return Err(cursor.expected("the digits of the year")),
        [b'0', ..] => return Err(DateError::new(cursor.since(start), "a year after `Y` does not begin with 0")),
        _ => {}
    }
    let exponential = cursor.take(b'E');
    let exponent: &[u8] = if exponential { cursor.run(|byte| byte.is_ascii_digit()) } else { b"0" };
    if exponent.is_empty() {
        return Err(cursor.expected("the digits of the exponent"));
    }
    if !exponential && digits.len() <= 4 {
        let fault = DateError::new(cursor.since(start), "a year after `Y` has more than four digits");
        return Err(fault.with_help(format!("write {sign}{:0>4}", String::from_utf8_lossy(digits))));
    }
    let value = number(digits).and_then(|value| {
        let factor = 10_i64.checked_pow(u32::try_from(number(exponent)?).ok()?)?;
        value.checked_mul(factor).filter(|value| *value <= YEARS)
    });
    match value {
        Some(value) => {
            Ok(Year::Long { value: if negative { -value } else { value }, block: 1, level: 1 + u8::from(exponential) })
        }
        None => Err(DateError::new(cursor.since(start), "the year does not fit in 64-bit seconds")
            .with_help("years reach from -292000000000 to 292000000000")),
    }
}

/// `S` and how many of the digits, from the left, are significant (EDTF level 2, "Significant digits").
fn significant(cursor: &mut Cursor, year_start: usize, year: Year) -> Result<Year, DateError> {
    let found = match year {
        Year::Long { value, .. } => Some((value, value.unsigned_abs().checked_ilog10().unwrap_or(0) + 1)),
        Year::Written { negative, digits } => digits.number().map(|value| (if negative { -value } else { value }, 4)),
    };
    let Some((value, length)) = found else {
        return Err(cursor.fault("a year with `X` has no significant digits"));
    };
    let start = cursor.at;
    cursor.at += 1;
    let digits = cursor.run(|byte| byte.is_ascii_digit());
    if digits.is_empty() {
        return Err(cursor.expected("how many digits are significant"));
    }
    let wanted = number(digits).and_then(|wanted| u32::try_from(wanted).ok()).filter(|wanted| *wanted >= 1);
    let block = wanted.and_then(|wanted| length.checked_sub(wanted)).and_then(|rest| 10_i64.checked_pow(rest));
    let block = block.ok_or_else(|| {
        let year = cursor.text.get(year_start..start).unwrap_or_default();
        let digits = if length == 1 { "1 digit".to_string() } else { format!("1 to {length} digits") };
        DateError::new(cursor.since(start), format!("of {year}, {digits} can be significant"))
    })?;
    Ok(Year::Long { value, block, level: 2 })
}

/// A month, or a season and the like (EDTF level 1 "Seasons", level 2 "Sub-year groupings").
fn month(cursor: &mut Cursor, marks: &mut Marks) -> Result<Month, DateError> {
    marks.before(cursor, 1)?;
    let start = cursor.at;
    let digits = two_digits(cursor, "a month")?;
    marks.after(cursor, 1)?;
    let at = start..start + 2;
    match digits.number() {
        Some(1..=12) => Ok(Month::Month(digits)),
        Some(season @ 21..=41) => Ok(Month::Season(u8::try_from(season).unwrap_or(21))),
        None if (1..=12).any(|month| digits.matches(month)) => Ok(Month::Month(digits)),
        None => Err(DateError::new(at, "no month has these digits")),
        Some(number) => {
            let fault = DateError::new(at, format!("there is no month {number:02}"));
            Err(fault.with_help("months are 01 to 12, seasons and parts of a year 21 to 41"))
        }
    }
}

fn day(cursor: &mut Cursor, marks: &mut Marks, parts: &Parts) -> Result<Digits<2>, DateError> {
    if let Some(Month::Season(_)) = parts.month {
        return Err(cursor.fault("a season or part of a year has no days"));
    }
    cursor.at += 1;
    marks.before(cursor, 2)?;
    let start = cursor.at;
    let digits = two_digits(cursor, "a day")?;
    let at = start..start + 2;
    marks.after(cursor, 2)?;
    let whole = Parts { day: Some(digits), ..parts.clone() };
    if extent(&whole, Seasons::Northern).is_some() {
        return Ok(digits);
    }
    if !digits.has_x() && !(1..=31).any(|day| digits.matches(day)) {
        let fault = DateError::new(at, format!("there is no day {:02}", digits.filled(0)));
        return Err(fault.with_help("days are 01 to 31"));
    }
    match (parts.year, parts.month) {
        (Year::Written { negative, digits: year }, Some(Month::Month(month))) if !year.has_x() && !month.has_x() => {
            let year_number = if negative { -year.filled(0) } else { year.filled(0) };
            let length = days_in(year_number, u8::try_from(month.filled(0)).unwrap_or(1));
            let sign = if negative { "-" } else { "" };
            let name = format!("{sign}{:04}-{:02}", year.filled(0), month.filled(0));
            let fault = DateError::new(at, format!("{name} has {length} days"));
            Err(fault.with_help(format!("the last one is {name}-{length}")))
        }
        _ => Err(DateError::new(at, "no month that these digits can be has such a day")),
    }
}

/// What is wrong with the character behind the last component.
fn surplus(cursor: &Cursor, parts: &Parts) -> DateError {
    match (cursor.peek(), &parts.year) {
        (Some(b'-'), Year::Long { .. }) => cursor.fault("a year with `Y`, `E` or `S` has no months"),
        (Some(b'S'), _) => cursor.fault("`S` follows a year that stands alone"),
        (Some(b'[' | b'{'), _) => cursor.fault("a set stands alone"),
        _ if parts.day.is_some() => cursor.expected("the end of the date, or `T` and a time"),
        _ => cursor.expected("the end of the date, or `-`"),
    }
}

/// Two digits of a component, any of them `X`.
fn two_digits(cursor: &mut Cursor, what: &str) -> Result<Digits<2>, DateError> {
    let start = cursor.at;
    match *cursor.run(is_digit_or_x) {
        [tens, ones] => Ok(Digits([tens, ones])),
        [] => Err(cursor.expected(&format!("{what} of two digits"))),
        [_] => Err(DateError::new(cursor.since(start), format!("{what} has two digits"))),
        _ => Err(DateError::new(cursor.since(start), format!("{what} has two digits, not more"))),
    }
}

fn is_digit_or_x(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'X'
}

/// The number that decimal digits spell, if it fits.
fn number(digits: &[u8]) -> Option<i64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}
