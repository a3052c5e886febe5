//! From the text of a whole date to what it says: plain days at once, else sets, intervals and single points.
//!
//! It must not know zones or spans, nor guess what a wrong text was meant to say (`foreign` does).

use std::ops::Range;

use super::{
    DateError,
    expr::{Expr, Interval, Member, Point, Set, Side},
    point::point,
};
use crate::model::moment::days_in;

/// A plain `2022-04-12`, the straight path; `None` if it is anything else, or no date at all.
pub(super) fn day(text: &str) -> Option<Expr> {
    let &[a, b, c, d, b'-', e, f, b'-', g, h] = text.as_bytes() else { return None };
    let pair = |tens: u8, ones: u8| match (tens, ones) {
        (b'0'..=b'9', b'0'..=b'9') => Some((tens - b'0') * 10 + (ones - b'0')),
        _ => None,
    };
    let year = u16::from(pair(a, b)?) * 100 + u16::from(pair(c, d)?);
    let (month, day) = (pair(e, f)?, pair(g, h)?);
    let exists = (1..=12).contains(&month) && day >= 1 && day <= days_in(i64::from(year), month);
    exists.then_some(Expr::Day { year, month, day })
}

/// Any date.
pub(super) fn expr(text: &str) -> Result<Expr, DateError> {
    match text.as_bytes().first() {
        None => Err(DateError::new(0..0, "the date is empty")),
        Some(b'[') => set(text, ']', false),
        Some(b'{') => set(text, '}', true),
        Some(_) if text.contains('/') => interval(text),
        Some(_) => Ok(Expr::Point(Box::new(point(text, 0..text.len())?))),
    }
}

/// EDTF level 0 "Time Interval", level 1 "Extended Interval", level 2 "Interval".
fn interval(text: &str) -> Result<Expr, DateError> {
    let slash = text.find('/').unwrap_or(text.len());
    let after = slash.saturating_add(1).min(text.len());
    if let Some(second) = text.get(after..).and_then(|rest| rest.find('/')) {
        let at = after + second;
        return Err(DateError::new(at..at + 1, "an interval has one `/`, between its start and its end"));
    }
    let (start, end) = (side(text, 0..slash)?, side(text, after..text.len())?);
    if matches!((&start, &end), (Side::Unknown, Side::Unknown)) {
        let fault = DateError::new(0..text.len(), "an interval needs a start or an end");
        return Err(fault.with_help("write `../..` for one without either"));
    }
    Ok(Expr::Interval(Box::new(Interval { start, end })))
}

fn side(text: &str, range: Range<usize>) -> Result<Side, DateError> {
    match text.get(range.clone()) {
        Some("") => Ok(Side::Unknown),
        Some("..") => Ok(Side::Open),
        Some(side) if side.starts_with(['[', '{']) => {
            Err(DateError::new(range, "a side of an interval is one date, not a set"))
        }
        _ => point(text, range).map(Side::At),
    }
}

/// EDTF level 2 "Set representation".
fn set(text: &str, close: char, all: bool) -> Result<Expr, DateError> {
    let Some(end) = text.find(close) else {
        return Err(DateError::new(text.len()..text.len(), format!("the set is not closed by `{close}`")));
    };
    if end + 1 < text.len() {
        return Err(DateError::new(end + 1..text.len(), format!("nothing may follow the `{close}` of a set")));
    }
    let mut members = Vec::new();
    let mut start = 1;
    loop {
        let rest = text.get(start..end).unwrap_or_default();
        let comma = rest.find(',').map(|comma| start + comma);
        let blanks = if members.is_empty() { 0 } else { rest.len() - rest.trim_start_matches(' ').len() };
        let item = start + blanks..comma.unwrap_or(end);
        members.push(member(text, item, members.is_empty(), comma.is_none())?);
        match comma {
            Some(comma) => start = comma + 1,
            None => return Ok(Expr::Set(Box::new(Set { all, members }))),
        }
    }
}

fn member(text: &str, at: Range<usize>, first: bool, last: bool) -> Result<Member, DateError> {
    let item = text.get(at.clone()).unwrap_or_default();
    if item.is_empty() {
        return Err(DateError::new(at, "a member of the set is missing"));
    }
    let Some(dots) = item.find("..").map(|dots| at.start + dots) else {
        return point(text, at).map(Member::One);
    };
    let (before, after) = (at.start..dots, dots + 2..at.end);
    match (before.is_empty(), after.is_empty()) {
        (true, true) => Err(DateError::new(at, "`..` in a set needs a date before or after it")),
        (true, false) if first => point(text, after).map(Member::UpTo),
        (true, false) => Err(DateError::new(dots..dots + 2, "only the first member of a set can be open at its start")),
        (false, true) if last => point(text, before).map(Member::From),
        (false, true) => Err(DateError::new(dots..dots + 2, "only the last member of a set can be open at its end")),
        (false, false) => Ok(Member::Range(point(text, before)?, point(text, after)?)),
    }
}

/// Whether the text is a single point, as `foreign` asks of its guesses.
pub(super) fn single(text: &str) -> Option<Point> {
    point(text, 0..text.len()).ok()
}
