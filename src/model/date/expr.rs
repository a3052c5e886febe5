//! What a date's text says, as data: the words that parsing gives and that reckoning and English read.
//!
//! It must not know zones, moments or spans.

use std::ops::Range;

use super::Precision;

/// A whole date. Plain days, nearly all dates of a large chronicle, take no allocation.
#[derive(Clone, Debug)]
pub(super) enum Expr {
    Day { year: u16, month: u8, day: u8 },
    Point(Box<Point>),
    Interval(Box<Interval>),
    Set(Box<Set>),
}

#[derive(Clone, Debug)]
pub(super) struct Interval {
    pub(super) start: Side,
    pub(super) end: Side,
}

#[derive(Clone, Debug)]
pub(super) enum Side {
    /// `..`
    Open,
    /// nothing
    Unknown,
    At(Point),
}

#[derive(Clone, Debug)]
pub(super) struct Set {
    /// `{…}`, not `[…]`
    pub(super) all: bool,
    pub(super) members: Vec<Member>,
}

#[derive(Clone, Debug)]
pub(super) enum Member {
    One(Point),
    Range(Point, Point),
    UpTo(Point),
    From(Point),
}

/// One date without `/`, `[` or `{`.
#[derive(Clone, Debug)]
pub(super) enum Point {
    Parts(Parts),
    Instant(Instant),
}

/// Year, month and day, as far as they are written.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    /// Its bytes in the whole text.
    pub(super) at: Range<usize>,
    pub(super) year: Year,
    pub(super) month: Option<Month>,
    pub(super) day: Option<Digits<2>>,
    /// Of the year, the month, the day.
    pub(super) marks: [Mark; 3],
    /// A mark stands elsewhere than at the end (EDTF level 2, qualification).
    pub(super) marked_inside: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Year {
    /// Four digits, some perhaps `X`.
    Written { negative: bool, digits: Digits<4> },
    /// With `Y`, `E` or `S`: any of the `block` years that share its significant digits, estimated at `value`.
    Long { value: i64, block: i64, level: u8 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Month {
    Month(Digits<2>),
    /// EDTF's 21 to 41: seasons, quarters, quadrimesters, semesters.
    Season(u8),
}

/// A point in time to the minute or finer.
#[derive(Clone, Debug)]
pub(super) struct Instant {
    /// Its bytes in the whole text.
    pub(super) at: Range<usize>,
    /// 0 to 9999.
    pub(super) year: u16,
    pub(super) month: u8,
    pub(super) day: u8,
    pub(super) hour: u8,
    pub(super) minute: u8,
    /// Up to 60, a leap second.
    pub(super) second: Option<u8>,
    /// Nanoseconds, and how many digits were written, 1 to 9.
    pub(super) fraction: Option<(u32, u8)>,
    pub(super) offset: Offset,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offset {
    Local,
    Utc,
    /// Minutes that local time is ahead of UTC.
    Shift(i32),
}

/// Digits as written, any of which may be unspecified (`X`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Digits<const N: usize>(pub(super) [u8; N]);

/// `?`, `~`, `%` or nothing, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Mark(u8);

impl Expr {
    pub(super) fn level(&self) -> u8 {
        match self {
            Expr::Day { .. } => 0,
            Expr::Point(point) => point.level(),
            Expr::Interval(interval) => interval.start.level().max(interval.end.level()),
            Expr::Set(_) => 2,
        }
    }

    pub(super) fn precision(&self) -> Precision {
        match self {
            Expr::Day { .. } => Precision::Day,
            Expr::Point(point) => point.precision(),
            Expr::Interval(_) => Precision::Interval,
            Expr::Set(_) => Precision::Set,
        }
    }

    pub(super) fn marks(&self) -> Mark {
        match self {
            Expr::Day { .. } => Mark::default(),
            Expr::Point(point) => point.marks(),
            Expr::Interval(interval) => interval.start.marks().and(interval.end.marks()),
            Expr::Set(set) => set.members.iter().fold(Mark::default(), |marks, member| marks.and(member.marks())),
        }
    }
}

impl Side {
    fn level(&self) -> u8 {
        match self {
            Side::Open | Side::Unknown => 1,
            // Unspecified digits in an interval are level 2, whatever they are alone (EDTF level 2, "Interval").
            Side::At(Point::Parts(parts)) if parts.has_x() => 2,
            Side::At(point) => point.level(),
        }
    }

    fn marks(&self) -> Mark {
        match self {
            Side::Open | Side::Unknown => Mark::default(),
            Side::At(point) => point.marks(),
        }
    }
}

impl Member {
    fn marks(&self) -> Mark {
        match self {
            Member::One(point) | Member::UpTo(point) | Member::From(point) => point.marks(),
            Member::Range(start, end) => start.marks().and(end.marks()),
        }
    }
}

impl Point {
    fn level(&self) -> u8 {
        match self {
            Point::Parts(parts) => parts.level(),
            Point::Instant(_) => 0,
        }
    }

    fn precision(&self) -> Precision {
        match self {
            Point::Parts(parts) => parts.precision(),
            Point::Instant(instant) if instant.fraction.is_some() => Precision::Fraction,
            Point::Instant(instant) if instant.second.is_some() => Precision::Second,
            Point::Instant(_) => Precision::Minute,
        }
    }

    fn marks(&self) -> Mark {
        match self {
            Point::Parts(parts) => parts.marks.iter().fold(Mark::default(), |all, mark| all.and(*mark)),
            Point::Instant(_) => Mark::default(),
        }
    }

    /// Its bytes in the whole text.
    pub(super) fn at(&self) -> Range<usize> {
        match self {
            Point::Parts(parts) => parts.at.clone(),
            Point::Instant(instant) => instant.at.clone(),
        }
    }
}

impl Parts {
    /// A plain day.
    pub(super) fn day(at: Range<usize>, year: u16, month: u8, day: u8) -> Parts {
        Parts {
            at,
            year: Year::Written { negative: false, digits: Digits::of(year) },
            month: Some(Month::Month(Digits::of(u16::from(month)))),
            day: Some(Digits::of(u16::from(day))),
            marks: [Mark::default(); 3],
            marked_inside: false,
        }
    }

    /// Whether any digit is unspecified.
    pub(super) fn has_x(&self) -> bool {
        let year = matches!(self.year, Year::Written { digits, .. } if digits.has_x());
        let month = matches!(self.month, Some(Month::Month(digits)) if digits.has_x());
        year || month || self.day.is_some_and(Digits::has_x)
    }

    pub(super) fn precision(&self) -> Precision {
        match (self.day, self.month, self.year) {
            (Some(_), _, _) => Precision::Day,
            (None, Some(Month::Month(_)), _) => Precision::Month,
            (None, Some(Month::Season(21..=32)), _) => Precision::Season,
            (None, Some(Month::Season(33..=36)), _) => Precision::Quarter,
            (None, Some(Month::Season(37..=39)), _) => Precision::Quadrimester,
            (None, Some(Month::Season(_)), _) => Precision::Semester,
            (None, None, Year::Long { .. }) => Precision::Year,
            (None, None, Year::Written { digits, .. }) => match (digits.trailing_x(), digits.count_x()) {
                (1, 1) => Precision::Decade,
                (2, 2) => Precision::Century,
                (3, 3) => Precision::Millennium,
                _ => Precision::Year,
            },
        }
    }

    fn level(&self) -> u8 {
        let year = match self.year {
            Year::Written { negative, .. } => u8::from(negative),
            Year::Long { level, .. } => level,
        };
        let season = match self.month {
            Some(Month::Season(21..=24)) => 1,
            Some(Month::Season(_)) => 2,
            _ => 0,
        };
        let marked = self.marks.iter().any(|mark| *mark != Mark::default());
        let mark = if self.marked_inside { 2 } else { u8::from(marked) };
        year.max(season).max(mark).max(self.x_level())
    }

    /// EDTF level 1 has four cases of "unspecified digits from the right"; all others are level 2.
    fn x_level(&self) -> u8 {
        let Year::Written { digits: year, .. } = self.year else { return 0 };
        let month = match self.month {
            Some(Month::Month(digits)) => Some(digits),
            _ => None,
        };
        if !self.has_x() {
            return 0;
        }
        let from_the_right = match (month, self.day) {
            _ if matches!(self.month, Some(Month::Season(_))) => false,
            (None, _) => year.count_x() <= 2 && year.count_x() == year.trailing_x() as usize,
            (Some(month), None) => !year.has_x() && month.count_x() == 2,
            (Some(month), Some(day)) => !year.has_x() && month.count_x() != 1 && day.count_x() == 2,
        };
        if from_the_right { 1 } else { 2 }
    }
}

impl<const N: usize> Digits<N> {
    /// The number's last digits.
    fn of(number: u16) -> Digits<N> {
        let mut digits = [b'0'; N];
        let mut rest = number;
        for digit in digits.iter_mut().rev() {
            *digit += u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
        }
        Digits(digits)
    }

    pub(super) fn has_x(self) -> bool {
        self.0.contains(&b'X')
    }

    pub(super) fn all_x(self) -> bool {
        self.count_x() == N
    }

    pub(super) fn count_x(self) -> usize {
        self.0.iter().filter(|digit| **digit == b'X').count()
    }

    /// How many `X` it ends with.
    pub(super) fn trailing_x(self) -> u32 {
        self.0.iter().rev().take_while(|digit| **digit == b'X').map(|_| 1).sum()
    }

    /// The number with this digit for every `X`.
    pub(super) fn filled(self, x: u8) -> i64 {
        let value = |digit: &u8| if *digit == b'X' { i64::from(x) } else { i64::from(digit.saturating_sub(b'0')) };
        self.0.iter().fold(0, |number, digit| number * 10 + value(digit))
    }

    /// The number, if every digit is specified.
    pub(super) fn number(self) -> Option<i64> {
        if self.has_x() { None } else { Some(self.filled(0)) }
    }

    /// Whether the number can be meant; its sign does not matter.
    pub(super) fn matches(self, number: i64) -> bool {
        let mut rest = number.unsigned_abs();
        for digit in self.0.iter().rev() {
            if *digit != b'X' && u64::from(digit.saturating_sub(b'0')) != rest % 10 {
                return false;
            }
            rest /= 10;
        }
        rest == 0
    }
}

impl Mark {
    /// The mark that the byte is, if it is one.
    pub(super) fn of(byte: u8) -> Option<Mark> {
        match byte {
            b'?' => Some(Mark(1)),
            b'~' => Some(Mark(2)),
            b'%' => Some(Mark(3)),
            _ => None,
        }
    }

    pub(super) fn and(self, other: Mark) -> Mark {
        Mark(self.0 | other.0)
    }

    pub(super) fn uncertain(self) -> bool {
        self.0 & 1 != 0
    }

    pub(super) fn approximate(self) -> bool {
        self.0 & 2 != 0
    }
}
