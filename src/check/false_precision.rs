//! # false-precision
//!
//! Many more events than chance would make are dated to the first of a month, or to 1 January. Where only the month or
//! the year was known, somebody, or some program, wrote a day: the chronicle says more than it knows, and replays the
//! event on a day that nobody meant.
//!
//! Write the date as it is known: `1990-01` or `1990`. This is counted for the whole chronicle: of the dates that name
//! a day, without `~` or `?`, five or more must be such firsts, at least twice as many as by chance, and chance must
//! make so many in less than one of a thousand chronicles. Events of one day are hardly independent, so the more of
//! them crowd on few days, the less they count. An event that is known to be of the first can say so with `allow`, and
//! is not counted.
//!
//! A file that breaks it:
//!
//! ```yaml
//! # works.yaml
//! - {date: 1801-01-01, title: The First Symphony is finished}
//! - {date: 1803-01-01, title: The Second Symphony is finished}
//! - {date: 1804-01-01, title: The Third Symphony is finished}
//! - {date: 1806-01-01, title: The Fourth Symphony is finished}
//! - {date: 1808-01-01, title: The Fifth Symphony is finished}
//! - {date: 1808-12-22, title: The Fifth and Sixth Symphonies are performed}
//! ```
//!
//! Mended:
//!
//! ```yaml
//! # works.yaml
//! - {date: 1801, title: The First Symphony is finished}
//! - {date: 1803, title: The Second Symphony is finished}
//! - {date: 1804, title: The Third Symphony is finished}
//! - {date: 1806, title: The Fourth Symphony is finished}
//! - {date: 1808, title: The Fifth Symphony is finished}
//! - {date: 1808-12-22, title: The Fifth and Sixth Symphonies are performed}
//! ```

use std::collections::BTreeMap;

use super::{Finding, House};
use crate::model::date::{Date, Precision};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::text::Place;

/// Fewer firsts than these are no pattern.
const LEAST: usize = 5;
/// What chance may make in fewer than one of so many chronicles is not taken for chance.
const SURE: f64 = 1e-3;
/// The days of a year of the Gregorian calendar, on average.
const YEAR: f64 = 365.2425;

/// How the dates of firsts end, and their share of all days.
const MONTH: (&str, f64) = ("-01", 12.0 / YEAR);
const JANUARY: (&str, f64) = ("-01-01", 1.0 / YEAR);

/// Finds at most one fault: too many firsts among the dates that name a day.
pub(super) fn find(house: House<'_>) -> Vec<Finding> {
    let counted = (0..)
        .zip(house.history.events())
        .filter(|(number, event)| names_a_day(&event.date.value) && !house.allows(*number, Code::FalsePrecision));
    let dates: Vec<(&str, Place)> = counted.map(|(_, event)| (event.date.value.text(), event.date.place)).collect();
    let weight = weight(&dates);
    let firsts = |end: &str| {
        let mut places: Vec<Place> =
            dates.iter().filter(|(text, _)| text.ends_with(end)).map(|(_, place)| *place).collect();
        places.sort_unstable();
        places
    };
    let (months, januaries) = (firsts(MONTH.0), firsts(JANUARY.0));
    let are_odd = [(&months, MONTH.1), (&januaries, JANUARY.1)]
        .map(|(firsts, share)| is_odd(firsts.len(), dates.len(), weight, share));
    let all = dates.len();
    let january = januaries.len();
    let (places, share, name) = match are_odd {
        [false, false] => return Vec::new(),
        [true, false] => (&months, MONTH.1, "the first of a month".to_owned()),
        [true, true] => (&months, MONTH.1, format!("the first of a month, {january} of them of January")),
        [false, true] => (&januaries, JANUARY.1, "1 January".to_owned()),
    };
    let (many, chance) = (places.len(), all as f64 * share);
    let message = format!("{many} of {all} dates that name a day are {name}; chance would make {chance:.1}");
    let mut fault = Diagnostic::new(Code::FalsePrecision, places[0], message);
    for place in &places[1..LEAST] {
        fault = fault.note("so is this", Some(*place));
    }
    vec![(None, fault.help("where only the month or the year is known, write it alone: `1990-01`, `1990`"))]
}

/// Whether a date is one whole day, and says so without reserve.
fn names_a_day(date: &Date) -> bool {
    date.precision() == Precision::Day && !date.is_approximate() && !date.is_uncertain()
}

/// What one of these dates counts: 1 where each is of another day, less the more of them crowd on few (Kish's design
/// effect of unequal clusters).
fn weight(dates: &[(&str, Place)]) -> f64 {
    let mut days: BTreeMap<&str, f64> = BTreeMap::new();
    for (text, _) in dates {
        *days.entry(text).or_default() += 1.0;
    }
    let squares: f64 = days.values().map(|number| number * number).sum();
    if squares > 0.0 { dates.len() as f64 / squares } else { 1.0 }
}

/// Whether so many firsts among so many dates are more than chance makes.
fn is_odd(firsts: usize, dates: usize, weight: f64, share: f64) -> bool {
    let (firsts, dates) = (firsts as f64, dates as f64);
    let counted = ((firsts * weight).floor(), (dates * weight).floor());
    counted.0 >= LEAST as f64 && firsts >= 2.0 * dates * share && tail(counted.0, counted.1, share) < SURE
}

/// The probability of `least` or more successes among `all` trials of probability `share`; `least` lies above their mean.
fn tail(least: f64, all: f64, share: f64) -> f64 {
    let odds = share / (1.0 - share);
    let chosen: f64 = (0..least as u64).map(|i| ((all - i as f64) / (least - i as f64)).ln()).sum();
    let mut term = (chosen + least * share.ln() + (all - least) * (1.0 - share).ln()).exp();
    let (mut sum, mut successes) = (term, least);
    while successes < all && term > sum * f64::EPSILON {
        term *= (all - successes) / (successes + 1.0) * odds;
        successes += 1.0;
        sum += term;
    }
    sum
}
