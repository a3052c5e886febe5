//! From what a date says to its spans on the time line (page 2-replay of the design, "Spans").
//!
//! It must not know how dates are written, only what they say; and no event, viewpoint or question.

use std::ops::Range;

use super::{
    Calendar, Circa, DateError, End, Precision, Reckoned,
    complete::extent,
    expr::{Digits, Expr, Instant, Interval, Member, Month, Offset, Parts, Point, Set, Side, Year},
    zone::{Reading, midnight, reading},
};
use crate::model::moment::{Civil, Moment, Span};

/// The spans of a date whose text is `length` bytes long.
pub(super) fn reckon(expr: &Expr, length: usize, calendar: &Calendar) -> Result<Reckoned, DateError> {
    match expr {
        Expr::Day { year, month, day } => {
            let day = Civil { year: i64::from(*year), month: *month, day: *day }.days();
            let span = days(day, day + 1, &(0..length), calendar)?;
            Ok(Reckoned { written: span, start: span, end: None })
        }
        Expr::Point(point) => {
            let spans = point_spans(point, calendar)?;
            Ok(Reckoned { written: spans.written, start: spans.widened, end: None })
        }
        Expr::Interval(sides) => interval(sides, calendar),
        Expr::Set(members) => set(members, calendar),
    }
}

struct Spans {
    written: Span,
    widened: Span,
    /// One day or one instant after widening.
    exact: bool,
}

/// The ends are widened first; then the start's latest moment is at most the end's.
fn interval(Interval { start, end }: &Interval, calendar: &Calendar) -> Result<Reckoned, DateError> {
    let start_spans = side_spans(start, calendar)?;
    let end_spans = side_spans(end, calendar)?;
    let latest = end_spans.as_ref().map_or(Moment::FUTURE, |end| end.widened.end);
    let happened = match (&start_spans, start) {
        (Some(spans), _) if spans.widened.start >= latest => {
            let at = if let Side::At(point) = end { point.at() } else { 0..0 };
            return Err(DateError::new(at, "the end is before the start").with_help("an interval is start/end"));
        }
        (Some(spans), _) => Span { start: spans.widened.start, end: spans.widened.end.min(latest) },
        (None, Side::Open) => Span { start: Moment::PAST, end: Moment::PAST },
        (None, _) => Span { start: Moment::PAST, end: latest },
    };
    let whole = match (&start_spans, &end_spans) {
        (Some(start), Some(end)) => from_to(start.written, end.written),
        (Some(start), None) => Span { start: start.written.start, end: Moment::FUTURE },
        (None, Some(end)) => Span { start: Moment::PAST, end: end.written.end },
        (None, None) => Span { start: Moment::PAST, end: Moment::FUTURE },
    };
    let end = match (end_spans, end) {
        (Some(spans), _) => End::At { span: spans.widened, exact: spans.exact },
        (None, Side::Open) => End::Never,
        (None, _) => End::Unknown,
    };
    Ok(Reckoned { written: whole, start: happened, end: Some(end) })
}

fn side_spans(side: &Side, calendar: &Calendar) -> Result<Option<Spans>, DateError> {
    match side {
        Side::Open | Side::Unknown => Ok(None),
        Side::At(point) => point_spans(point, calendar).map(Some),
    }
}

/// From the earliest to the latest moment of any member; what lies between is not looked at.
fn set(Set { members, .. }: &Set, calendar: &Calendar) -> Result<Reckoned, DateError> {
    let nothing = Span { start: Moment::FUTURE, end: Moment::PAST };
    let (mut written, mut widened) = (nothing, nothing);
    for member in members {
        let (as_written, as_widened) = member_spans(member, calendar)?;
        written = hull(written, as_written);
        widened = hull(widened, as_widened);
    }
    Ok(Reckoned { written, start: widened, end: None })
}

/// The spans of a member as written and as widened.
fn member_spans(member: &Member, calendar: &Calendar) -> Result<(Span, Span), DateError> {
    let pair = |spans: Spans| (spans.written, spans.widened);
    match member {
        Member::One(point) => point_spans(point, calendar).map(pair),
        Member::UpTo(point) => point_spans(point, calendar).map(pair).map(|(written, widened)| {
            (Span { start: Moment::PAST, ..written }, Span { start: Moment::PAST, ..widened })
        }),
        Member::From(point) => point_spans(point, calendar).map(pair).map(|(written, widened)| {
            (Span { end: Moment::FUTURE, ..written }, Span { end: Moment::FUTURE, ..widened })
        }),
        Member::Range(start, end) => {
            let at = end.at();
            let (start, end) = (point_spans(start, calendar)?, point_spans(end, calendar)?);
            if start.widened.start >= end.widened.end {
                return Err(DateError::new(at, "the range ends before it starts").with_help("a range is start..end"));
            }
            Ok((from_to(start.written, end.written), from_to(start.widened, end.widened)))
        }
    }
}

/// From the start of one to the end of the other; of both together where only widening puts them in order.
fn from_to(one: Span, other: Span) -> Span {
    if one.start < other.end { Span { start: one.start, end: other.end } } else { hull(one, other) }
}

fn hull(one: Span, other: Span) -> Span {
    Span { start: one.start.min(other.start), end: one.end.max(other.end) }
}

fn point_spans(point: &Point, calendar: &Calendar) -> Result<Spans, DateError> {
    match point {
        Point::Instant(written) => {
            let span = instant(written, calendar)?;
            Ok(Spans { written: span, widened: span, exact: true })
        }
        Point::Parts(parts) => {
            let (first, last) = extent(parts, calendar.seasons)
                .ok_or_else(|| DateError::new(parts.at.clone(), "there is no such day"))?;
            let (start, end) = (first.days(), last.days() + 1);
            let written = days(start, end, &parts.at, calendar)?;
            let (wide_start, wide_end) = widen(parts, first, last, calendar.circa);
            let widened = if (wide_start, wide_end) == (start, end) {
                written
            } else {
                days(wide_start, wide_end, &parts.at, calendar)?
            };
            Ok(Spans { written, widened, exact: wide_end - wide_start == 1 })
        }
    }
}

/// The days, first and exclusive last, that `~` and `%` widen a date to: one unit of its finest component with a mark.
fn widen(parts: &Parts, first: Civil, last: Civil, circa: Circa) -> (i64, i64) {
    let plain = (first.days(), last.days() + 1);
    let [year, month, day] = parts.marks.map(|mark| mark.approximate());
    let months = match parts.month {
        _ if day => {
            let days = i64::from(circa.day);
            return (plain.0 - days, plain.1 + days);
        }
        Some(Month::Month(_)) if month => i64::from(circa.month),
        Some(Month::Season(_)) if month => match parts.precision() {
            Precision::Quadrimester => 4,
            Precision::Semester => 6,
            _ => 3,
        },
        _ if year => 12 * years_of(parts.year, circa),
        _ => return plain,
    };
    let start = first.plus_months(-months).days();
    // The bounds of whole months and years stay bounds of them; a day of the month stays that day.
    if parts.day.is_none_or(Digits::all_x) {
        return (start, Civil::of_days(plain.1).plus_months(months).days());
    }
    (start, last.plus_months(months).days() + 1)
}

/// The years that one unit of a year's last written digit has: a decade for `202X`, a century for `1950S2`.
fn years_of(year: Year, circa: Circa) -> i64 {
    match year {
        Year::Written { digits, .. } if digits.trailing_x() > 0 => 10_i64.saturating_pow(digits.trailing_x()),
        Year::Long { block, .. } if block > 1 => block,
        _ => i64::from(circa.year),
    }
}

/// The span from the midnight of one day to that of another, in the calendar's zone.
fn days(start: i64, end: i64, at: &Range<usize>, calendar: &Calendar) -> Result<Span, DateError> {
    let moment = |days: i64| {
        let seconds = midnight(calendar.zone, days).ok_or_else(|| too_far(at))?;
        finite(Moment::new(seconds, 0), at)
    };
    let span = Span { start: moment(start)?, end: moment(end)? };
    // Samoa had no 30 December 2011.
    if span.start < span.end { Ok(span) } else { Err(never("this day", at, calendar)) }
}

/// One unit of the last digit written. Without offset, all that the local clock showed so, once or twice.
fn instant(instant: &Instant, calendar: &Calendar) -> Result<Span, DateError> {
    let at = &instant.at;
    let day = Civil { year: i64::from(instant.year), month: instant.month, day: instant.day };
    let of_day = i64::from(instant.hour) * 3600 + i64::from(instant.minute) * 60;
    let clock = day.days() * 86_400 + of_day + i64::from(instant.second.unwrap_or(0));
    let seconds = if instant.second.is_some() { 1 } else { 60 };
    let (start, last) = match instant.offset {
        Offset::Utc => (clock, clock + seconds - 1),
        Offset::Shift(minutes) => (clock - i64::from(minutes) * 60, clock - i64::from(minutes) * 60 + seconds - 1),
        Offset::Local => {
            let zone = calendar.zone;
            let first = reading(zone, clock).ok_or_else(|| too_far(at))?;
            let last = reading(zone, clock + seconds - 1).ok_or_else(|| too_far(at))?;
            let skipped = matches!(last, Reading::Never(_));
            let (first, last) = (first.first(), last.last() - i64::from(skipped));
            if last < first {
                return Err(never("this local time", at, calendar));
            }
            (first, last)
        }
    };
    let Some((nanos, digits)) = instant.fraction else {
        return Ok(Span { start: Moment::new(start, 0), end: Moment::new(last + 1, 0) });
    };
    let unit = 10_u32.saturating_pow(9_u32.saturating_sub(u32::from(digits)));
    Ok(Span { start: Moment::new(start, nanos), end: Moment::new(last, nanos.saturating_add(unit)) })
}

fn never(what: &str, at: &Range<usize>, calendar: &Calendar) -> DateError {
    DateError::new(at.clone(), format!("{what} never happened in {}", calendar.zone.name()))
        .with_help("its clocks were put forward over it; write an offset, or the time they showed")
}

fn finite(moment: Moment, at: &Range<usize>) -> Result<Moment, DateError> {
    if moment.is_finite() { Ok(moment) } else { Err(too_far(at)) }
}

fn too_far(at: &Range<usize>) -> DateError {
    DateError::new(at.clone(), "the date does not fit in 64-bit seconds")
}
