//! Dates as a chronicle writes them: EDTF levels 0 to 2 and RFC 3339 instants, and what they mean on the time line.
//!
//! A [`Date`] keeps its text and what the text says; a [`Calendar`] turns it into [`Reckoned`] spans. The trip is
//! `parse` (with `point`, `clock`, `cursor`), `expr`, `complete`, `reckon` (with `zone`), and back to English in
//! `words` (with `name`). It must not know what an event is, where a text came from, or what time it is now.

mod cursor;
mod parse;
mod point;
mod clock;
mod foreign;
mod english;
mod expr;
mod complete;
mod reckon;
mod zone;
mod words;
mod name;

pub use english::MONTHS;

use std::{fmt, hash, ops::Range};

use chrono::{DateTime, NaiveDateTime, Offset, TimeZone};

use super::moment::{Moment, Span};
use expr::Expr;

/// When something happened: an EDTF expression or an RFC 3339 instant, possibly imprecise, as it was written.
///
/// Two dates are equal when their texts are; [`fmt::Display`] prints the text.
#[derive(Clone, Debug)]
pub struct Date {
    text: Box<str>,
    expr: Expr,
}

impl Date {
    /// Reads a date from its text, which must be the date alone, without blanks around it.
    ///
    /// Takes all of EDTF levels 0 to 2 as the Library of Congress specifies them (2019-02-04), sets `{…}` included,
    /// and instants of RFC 3339 to the minute, second or up to nine digits of a fraction, with an offset (also EDTF's
    /// `+03`), `Z`, or none. `t` and `z` may be lower case (RFC 3339, 5.6), a blank does not stand for `T`. A leap
    /// second `:60` is taken only with an offset and at the end of a month in UTC (RFC 3339, 5.7), and counts as the
    /// second after it. Blanks may follow a comma in a set. Years lie within 292,000,000,000 of the year 0.
    ///
    /// # Errors
    /// What is wrong, at which bytes, and where it can be guessed how to write the date instead.
    pub fn parse(text: &str) -> Result<Date, DateError> {
        match parse::day(text).map_or_else(|| parse::expr(text), Ok) {
            Ok(expr) => Ok(Date { text: text.into(), expr }),
            Err(fault) => Err(foreign::explain(text, fault)),
        }
    }

    /// The text as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The EDTF level of what the text uses: 0, 1 or 2; instants, in the Library's sense or beyond it, are 0.
    pub fn level(&self) -> u8 {
        self.expr.level()
    }

    /// How fine it is written.
    pub fn precision(&self) -> Precision {
        self.expr.precision()
    }

    /// Whether `~` or `%` stands anywhere in it.
    pub fn is_approximate(&self) -> bool {
        self.expr.marks().approximate()
    }

    /// Whether `?` or `%` stands anywhere in it.
    pub fn is_uncertain(&self) -> bool {
        self.expr.marks().uncertain()
    }

    /// Whether it is an interval, written with `/`.
    pub fn is_interval(&self) -> bool {
        matches!(self.expr, Expr::Interval(_))
    }

    /// Whether it is all of a set, written with `{…}`.
    pub fn is_all_of(&self) -> bool {
        matches!(&self.expr, Expr::Set(set) if set.all)
    }

    /// Of an interval the text of its start (empty if unknown, `..` if open), else the whole text.
    pub fn start_text(&self) -> &str {
        self.sides().map_or(&self.text, |(start, _)| start)
    }

    /// Of an interval the text of its end (empty if unknown, `..` if open).
    pub fn end_text(&self) -> Option<&str> {
        self.sides().map(|(_, end)| end)
    }

    /// The date in English, as page 3-commands of the design has it: `14 May 2025`, `about April 2022`.
    ///
    /// `~` is *about*, `?` is *perhaps*; years before 1 are BCE (`-0043` is 44 BCE), those before 1000 CE.
    pub fn words(&self) -> String {
        words::words(&self.expr)
    }

    /// The spans it has in a calendar (page 2-replay of the design, "Spans").
    ///
    /// # Errors
    /// A local time or day that never happens in the zone, a moment that does not fit in 64-bit seconds, an interval or
    /// a range whose end is before its start.
    pub fn reckon(&self, calendar: &Calendar) -> Result<Reckoned, DateError> {
        reckon::reckon(&self.expr, self.text.len(), calendar)
    }

    fn sides(&self) -> Option<(&str, &str)> {
        if self.is_interval() { self.text.split_once('/') } else { None }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl PartialEq for Date {
    fn eq(&self, other: &Date) -> bool {
        self.text == other.text
    }
}

impl Eq for Date {}

impl hash::Hash for Date {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

/// How fine a date is written, by its finest component; `X` in a year's last digits makes it coarser.
///
/// Prints in lower case: `day`, `month`, `quadrimester`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Precision {
    /// `2XXX`
    Millennium,
    /// `19XX`
    Century,
    /// `202X`
    Decade,
    /// `2022`, and `XXXX`, `1950S2`, `Y-17E7`
    Year,
    /// `2022-40`, half a year (EDTF level 2, sub-year groupings)
    Semester,
    /// `2022-37`, four months
    Quadrimester,
    /// `2022-33`, three months
    Quarter,
    /// `2022-21`, three months
    Season,
    /// `2022-04`
    Month,
    /// `2022-04-12`
    Day,
    /// `2022-04-12T10:00`
    Minute,
    /// `2022-04-12T10:00:30`
    Second,
    /// `2022-04-12T10:00:30.5`
    Fraction,
    /// `2022/2023`
    Interval,
    /// `[2022,2023]`, `{2022,2023}`
    Set,
}

impl Precision {
    /// Its name, as answers print it.
    pub fn as_str(self) -> &'static str {
        match self {
            Precision::Millennium => "millennium",
            Precision::Century => "century",
            Precision::Decade => "decade",
            Precision::Year => "year",
            Precision::Semester => "semester",
            Precision::Quadrimester => "quadrimester",
            Precision::Quarter => "quarter",
            Precision::Season => "season",
            Precision::Month => "month",
            Precision::Day => "day",
            Precision::Minute => "minute",
            Precision::Second => "second",
            Precision::Fraction => "fraction",
            Precision::Interval => "interval",
            Precision::Set => "set",
        }
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a chronicle's manifest says about dates. The default is UTC, northern seasons, and one unit for circa.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Calendar {
    /// Where days begin, and where an instant without offset is local.
    pub zone: chrono_tz::Tz,
    /// Which months the seasons 21 to 24 are.
    pub seasons: Seasons,
    /// How far `~` and `%` widen.
    pub circa: Circa,
}

impl Calendar {
    /// What clocks show at a moment; nothing beyond the reach of the calendar, some 262,000 years each way.
    pub fn local(&self, moment: Moment) -> Option<NaiveDateTime> {
        let utc = DateTime::from_timestamp(moment.seconds(), moment.nanos())?.naive_utc();
        utc.checked_add_offset(self.zone.offset_from_utc_datetime(&utc).fix())
    }
}

/// Which half of the globe the seasons 21 to 24 are meant for; 25 to 32 say it themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Seasons {
    /// Spring is from March.
    #[default]
    Northern,
    /// Spring is from September.
    Southern,
}

/// How far `~` and `%` widen a span on each side, by the finest component that carries them, in units of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Circa {
    /// Days, where a day carries it.
    pub day: u32,
    /// Months, where a month carries it.
    pub month: u32,
    /// Years, where a year carries it; a season, decade and the like widens by one of itself.
    pub year: u32,
}

impl Default for Circa {
    fn default() -> Circa {
        Circa { day: 1, month: 1, year: 1 }
    }
}

/// What a date means in a calendar, page 2-replay of the design, "Spans".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reckoned {
    /// From the earliest to the latest moment as written, not widened; of an interval the whole. A side that is open or
    /// unknown is infinite.
    pub written: Span,
    /// When it happened, widened by `~` and `%`; of an interval, when it started, no later than the latest moment of
    /// its end. An open start is the empty span at [`Moment::PAST`](crate::model::moment::Moment::PAST); every other span
    /// has at least one moment in it.
    pub start: Span,
    /// When it ended; only of an interval.
    pub end: Option<End>,
}

impl Reckoned {
    /// From the earliest to the latest moment, widened by `~` and `%`; of an interval the whole. A side that is open or
    /// unknown is infinite.
    pub fn whole(&self) -> Span {
        let end = match self.end {
            None => self.start.end,
            Some(End::At { span, .. }) => span.end,
            Some(End::Never | End::Unknown) => Moment::FUTURE,
        };
        Span { start: self.start.start, end }
    }
}

/// How an interval ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// `2022/..`: it goes on for ever.
    Never,
    /// `2022/`: it ended or will end, nobody says when.
    Unknown,
    /// `2022/2023`: it ended somewhere in this span.
    At {
        /// The end's span, widened by `~` and `%`.
        span: Span,
        /// One day or one instant after widening, so that it ends at one stroke, just after the span.
        exact: bool,
    },
}

/// Why a text is no date, or a date has no spans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateError {
    /// What is wrong, a short phrase.
    pub message: String,
    /// The offending bytes in the text, on character boundaries; empty at the end of a text that stops too early.
    pub at: Range<usize>,
    /// What to write instead, where it can be guessed.
    pub help: Option<String>,
}

impl DateError {
    fn new(at: Range<usize>, message: impl Into<String>) -> DateError {
        DateError { message: message.into(), at, help: None }
    }

    fn with_help(mut self, help: impl Into<String>) -> DateError {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.message)
    }
}

impl std::error::Error for DateError {}
