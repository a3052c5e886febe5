//! # duplicate-event
//!
//! Two events of one day, or of one imprecise date, have the same actors and nearly the same title. Perhaps two people
//! entered the same thing, or two imports did: sums then count it twice, and each has half of the sources.
//!
//! Make one of the two; or, where the second corrects the first, say `replaces`; where it follows it, `because` or
//! `after`; where they are two things after all, tell them apart in their titles, or `allow` it with the reason. Titles
//! are nearly the same where more than three quarters of their words are, whatever the order, the case and the marks
//! between, and all of those with digits: a second round is not the first. Of very many events of one day and the same
//! actors each is compared with its neighbours by title.
//!
//! A file that breaks it:
//!
//! ```yaml
//! # proposal.yaml
//! date: 1904-08-13
//! title: The Hague court proposes a date for the arbitration
//! actors: [court]
//! ```
//! ```yaml
//! # import.yaml
//! date: 1904-08-13
//! title: The Hague court proposes the date for arbitration
//! actors: [court]
//! ```
//!
//! Mended:
//!
//! ```yaml
//! # proposal.yaml
//! date: 1904-08-13
//! title: The Hague court proposes a date for the arbitration
//! actors: [court]
//! ```

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::mentions::words;
use super::{Finding, House};
use crate::history::EventNumber;
use crate::model::date::Calendar;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::moment::{Moment, Span};
use crate::model::path::normal;

/// With how many neighbours by title an event is compared.
const NEIGHBOURS: usize = 8;

/// Finds every event that an earlier one looks like. What is replaced is void, and doubles nothing.
pub(super) fn find(house: House<'_>) -> Vec<Finding> {
    let mut alike: BTreeMap<(When, Vec<&str>), Vec<EventNumber>> = BTreeMap::new();
    for (number, event) in (0..).zip(house.history.events()) {
        if house.history.replaced_by(number).next().is_none() {
            let mut actors: Vec<&str> = event.actors.iter().map(|actor| actor.value.as_str()).collect();
            actors.sort_unstable();
            actors.dedup();
            alike.entry((When::of(event.when.written, &house.manifest.calendar), actors)).or_default().push(number);
        }
    }
    let mut found: Vec<Finding> = Vec::new();
    for events in alike.into_values() {
        found.extend(doubles(house, &events).into_iter().map(|(double, first)| fault(house, double, first)));
    }
    found.sort_by_key(|(event, _)| *event);
    found
}

/// What two dates share that may be those of one event.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum When {
    /// The day, whatever the hour.
    Day(NaiveDate),
    /// The whole of what is longer, or lies beyond the calendar.
    Span(Moment, Moment),
}

impl When {
    fn of(Span { start, end }: Span, calendar: &Calendar) -> When {
        let day = |moment: Moment| calendar.local(moment).map(|local| local.date());
        let last = Moment::new(end.seconds().saturating_sub(1), end.nanos()).max(start);
        match (day(start), day(last)) {
            (Some(first), Some(last)) if first == last => When::Day(first),
            _ => When::Span(start, end),
        }
    }
}

/// Of events of one date and the same actors, given in replay order, each that looks like an earlier one, with the
/// earliest such among its neighbours.
fn doubles(house: House<'_>, events: &[EventNumber]) -> BTreeMap<EventNumber, EventNumber> {
    let mut found = BTreeMap::new();
    if events.len() < 2 {
        return found;
    }
    let folded = |event: &EventNumber| normal(&house.history.event(*event).title.value).to_lowercase();
    let mut titles: Vec<(String, EventNumber)> = events.iter().map(|event| (folded(event), *event)).collect();
    titles.sort_unstable();
    let titles: Vec<(Title, EventNumber)> = titles.iter().map(|(text, event)| (Title::of(text), *event)).collect();
    let follows = |a: EventNumber, b: EventNumber| house.history.before(a).any(|before| before == b);
    for (at, (title, event)) in titles.iter().enumerate() {
        for (other, neighbour) in &titles[at.saturating_sub(NEIGHBOURS)..at] {
            let (first, double) = (*event.min(neighbour), *event.max(neighbour));
            if title.is_near(other) && !follows(first, double) && !follows(double, first) {
                found.entry(double).and_modify(|known: &mut u32| *known = first.min(*known)).or_insert(first);
            }
        }
    }
    found
}

/// The words of a title in order, those with digits apart.
struct Title<'t> {
    text: &'t str,
    words: Vec<&'t str>,
    numbers: Vec<&'t str>,
}

impl<'t> Title<'t> {
    fn of(text: &'t str) -> Title<'t> {
        let has_digit = |word: &&str| word.contains(|c: char| c.is_numeric());
        let (mut numbers, mut words): (Vec<&str>, Vec<&str>) = words(text).partition(has_digit);
        words.sort_unstable();
        numbers.sort_unstable();
        Title { text, words, numbers }
    }

    /// Whether more than three quarters of the words of both are in both, and all with digits; of titles without words,
    /// whether they are equal.
    fn is_near(&self, other: &Title) -> bool {
        let both = self.words.len() + other.words.len();
        if both == 0 || self.numbers != other.numbers {
            return self.text == other.text;
        }
        let (mut shared, mut rest) = (0, other.words.as_slice());
        for word in &self.words {
            rest = &rest[rest.partition_point(|other| other < word)..];
            if rest.first() == Some(word) {
                shared += 1;
                rest = &rest[1..];
            }
        }
        4 * shared > 3 * (both - shared)
    }
}

fn fault(house: House<'_>, double: EventNumber, first: EventNumber) -> Finding {
    let (event, other) = (house.history.event(double), house.history.event(first));
    let message =
        format!("`{}` looks like `{}`: the same day, the same actors, nearly the same title", event.id, other.id);
    let fault = Diagnostic::new(Code::DuplicateEvent, event.title.place, message)
        .note(format!("`{}` says `{}`", other.id, other.title.value), Some(other.title.place))
        .help(format!(
            "make one of the two, or say in `{}` what it is to the other: `replaces`, `because`, `after`",
            event.id
        ));
    (Some(double), fault)
}
