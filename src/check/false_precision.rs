//! # false-precision
//!
//! Many more events than chance would make are dated to the first of a month, or to 1 January. Where only the month or
//! the year was known, somebody, or some program, wrote a day: the chronicle says more than it knows, and replays the
//! event on a day that nobody meant.
//!
//! Write the date as it is known: `1990-01` or `1990`. This is counted for the whole chronicle: of the dates that name
//! a day, without `~` or `?`, five or more must be such firsts, at least twice as many as by chance, and chance must
//! make so many in less than one of a thousand chronicles. Events of one day are hardly independent, so of one day at
//! most two are counted. An event that is known to be of the first can say so with `allow`, and is not counted.
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
/// Of the events of one day no more than these are counted.
const MOST: usize = 2;
/// What chance makes in fewer than one of so many chronicles is not taken for chance.
const SURE: f64 = 1e-3;
/// The days of a year of the Gregorian calendar, on average.
const YEAR: f64 = 365.2425;
/// How the dates of firsts end, and their share of all days.
const FIRSTS: [(&str, f64); 2] = [("-01", 12.0 / YEAR), ("-01-01", 1.0 / YEAR)];

/// Finds at most one fault: too many firsts among the dates that name a day.
pub(super) fn find(house: House<'_>) -> Vec<Finding> {
    let days = days(house);
    let [months, januaries] = FIRSTS.map(|(end, share)| {
        let mut places: Vec<Place> = of_days(&days, end).flatten().copied().collect();
        places.sort_unstable();
        (places, share, are_odd(&days, end, share))
    });
    let january = januaries.0.len();
    let ((places, share, _), name) = match (months.2, januaries.2) {
        (false, false) => return Vec::new(),
        (true, false) => (months, "the first of a month".to_owned()),
        (true, true) => (months, format!("the first of a month, {january} of them of January")),
        (false, true) => (januaries, "1 January".to_owned()),
    };
    let (many, all) = (places.len(), of_days(&days, "").map(Vec::len).sum::<usize>());
    let chance = all as f64 * share;
    let message = format!("{many} of {all} dates that name a day are {name}; chance would make {chance:.1}");
    let mut fault = Diagnostic::new(Code::FalsePrecision, places[0], message);
    for place in &places[1..LEAST] {
        fault = fault.note("so is this", Some(*place));
    }
    vec![(None, fault.help("where only the month or the year is known, write it alone: `1990-01`, `1990`"))]
}

/// The places of the dates that name a day, by the day as it is written.
fn days(house: House<'_>) -> BTreeMap<&str, Vec<Place>> {
    let names_a_day =
        |date: &Date| date.precision() == Precision::Day && !date.is_approximate() && !date.is_uncertain();
    let mut days: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
    for (number, event) in (0..).zip(house.history.events()) {
        if names_a_day(&event.date.value) && !house.allows(number, Code::FalsePrecision) {
            days.entry(event.date.value.text()).or_default().push(event.date.place);
        }
    }
    days
}

/// What stands on the days that end so.
fn of_days<'d>(days: &'d BTreeMap<&str, Vec<Place>>, end: &str) -> impl Iterator<Item = &'d Vec<Place>> {
    days.iter().filter(move |(day, _)| day.ends_with(end)).map(|(_, places)| places)
}

/// Whether the dates that end so are more than chance makes.
fn are_odd(days: &BTreeMap<&str, Vec<Place>>, end: &str, share: f64) -> bool {
    let counted = |end: &str| of_days(days, end).map(|places| places.len().min(MOST)).sum::<usize>();
    let (firsts, all) = (counted(end), counted(""));
    let is_pattern = firsts >= LEAST && firsts as f64 >= 2.0 * all as f64 * share;
    is_pattern && tail(firsts as f64, all as f64, share) < SURE
}

/// The probability of `least` or more successes among `all` trials of probability `share`; `least` lies above the mean.
fn tail(least: f64, all: f64, share: f64) -> f64 {
    let odds = share / (1.0 - share);
    let ways: f64 = (0..least as u64).map(|i| ((all - i as f64) / (least - i as f64)).ln()).sum();
    let mut term = (ways + least * share.ln() + (all - least) * (1.0 - share).ln()).exp();
    let (mut sum, mut successes) = (term, least);
    while successes < all && term > sum * f64::EPSILON {
        term *= (all - successes) / (successes + 1.0) * odds;
        successes += 1.0;
        sum += term;
    }
    sum
}
