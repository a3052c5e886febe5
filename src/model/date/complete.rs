//! The earliest and the latest day that a year, month or day with unspecified digits can mean.
//!
//! It must not know zones, moments or widening, and never walks through more years than four digits can spell.

use super::{
    Seasons,
    expr::{Digits, Month, Parts, Year},
};
use crate::model::moment::{Civil, days_in, is_leap};

/// The first and the last day that the parts can mean; `None` if no day can be meant, as with `1900-02-29`.
pub(super) fn extent(parts: &Parts, seasons: Seasons) -> Option<(Civil, Civil)> {
    match (parts.month, parts.day) {
        (None, _) => {
            let (low, high) = years(parts.year)?;
            Some((Civil { year: low, month: 1, day: 1 }, Civil { year: high, month: 12, day: 31 }))
        }
        (Some(Month::Season(season)), _) => {
            let (low, high) = years(parts.year)?;
            let (month, length) = season_months(season, seasons);
            let after = Civil { year: high, month, day: 1 }.plus_months(length);
            Some((Civil { year: low, month, day: 1 }, Civil::of_days(after.days() - 1)))
        }
        (Some(Month::Month(month)), None) => {
            let (low, high) = years(parts.year)?;
            let first = (1..=12).find(|number| month.matches(i64::from(*number)))?;
            let last = (1..=12).rev().find(|number| month.matches(i64::from(*number)))?;
            let end = Civil { year: high, month: last, day: days_in(high, last) };
            Some((Civil { year: low, month: first, day: 1 }, end))
        }
        (Some(Month::Month(month)), Some(day)) => days(parts.year, month, day),
    }
}

/// The first month of EDTF's 21 to 41 and how many months it has (EDTF level 2, "Sub-year groupings"; the months of the
/// seasons are page 2-replay's).
fn season_months(season: u8, seasons: Seasons) -> (u8, i64) {
    let southern = match season {
        21..=24 => seasons == Seasons::Southern,
        _ => (29..=32).contains(&season),
    };
    match season {
        // Spring, summer, autumn, winter, three times over; the south has them half a year later.
        21..=32 => ((((season - 21) % 4) * 3 + if southern { 8 } else { 2 }) % 12 + 1, 3),
        33..=36 => ((season - 33) * 3 + 1, 3),
        37..=39 => ((season - 37) * 4 + 1, 4),
        _ => (if season == 40 { 1 } else { 7 }, 6),
    }
}

fn years(year: Year) -> Option<(i64, i64)> {
    match year {
        Year::Written { .. } => Some((written_years(year).next()?, written_years(year).next_back()?)),
        // Significant digits count from the left whatever the sign, so a block of years before 0 reaches away from it.
        Year::Long { value, block, .. } => {
            let near = value - value % block;
            if value >= 0 {
                return Some((near, near + (block - 1)));
            }
            // There is no year -0000.
            Some((near - (block - 1), near.min(-1)))
        }
    }
}

/// All years that four digits can mean, in order; years with `Y`, `E` or `S` have no days and give none.
fn written_years(year: Year) -> impl DoubleEndedIterator<Item = i64> {
    let (low, high, negative, digits) = match year {
        Year::Written { negative: false, digits } => (digits.filled(0), digits.filled(9), false, digits),
        Year::Written { negative: true, digits } => (-digits.filled(9), -digits.filled(0), true, digits),
        Year::Long { .. } => (1, 0, false, Digits(*b"0000")),
    };
    // There is no year -0000.
    (low..=high).filter(move |year| digits.matches(*year) && !(negative && *year == 0))
}

fn days(year: Year, month: Digits<2>, day: Digits<2>) -> Option<(Civil, Civil)> {
    let (low, high) = (written_years(year).next()?, written_years(year).next_back()?);
    // A year that lacks the day can only lack 29 February, so the nearest leap year has it, or none has.
    let first = day_of(low, month, day, true)
        .or_else(|| day_of(written_years(year).find(|year| is_leap(*year))?, month, day, true))?;
    let last = day_of(high, month, day, false)
        .or_else(|| day_of(written_years(year).rev().find(|year| is_leap(*year))?, month, day, false))?;
    Some((first, last))
}

/// The first or the last day of the year that the digits can mean.
fn day_of(year: i64, month: Digits<2>, day: Digits<2>, first: bool) -> Option<Civil> {
    let mut days = (1..=12_u8).filter(|number| month.matches(i64::from(*number))).flat_map(|month| {
        let days = (1..=days_in(year, month)).filter(|number| day.matches(i64::from(*number)));
        days.map(move |day| Civil { year, month, day })
    });
    if first { days.next() } else { days.next_back() }
}
