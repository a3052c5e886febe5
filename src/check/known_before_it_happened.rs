//! # known-before-it-happened
//!
//! An event is said to be known before its date begins. Nobody knows what has not happened: `--known-by` would count it
//! on a day when it could at best be foreseen.
//!
//! What is announced, planned or foretold is an event of its own, on the day of the announcement; the path it sets says
//! what was announced. What then happened needs no `known`, unless the world learnt of it later.
//!
//! A file that breaks it:
//!
//! ```yaml
//! # landing.yaml
//! date: 1969-07-20
//! known: 1969-01-09
//! title: Armstrong and Aldrin land on the Moon
//! set: {moon.visitors: 2}
//! ```
//!
//! Mended:
//!
//! ```yaml
//! # crew.yaml
//! date: 1969-01-09
//! title: The crew of Apollo 11 is announced
//! set: {apollo-11.planned-for: 1969-07}
//! ```
//! ```yaml
//! # landing.yaml
//! date: 1969-07-20
//! title: Armstrong and Aldrin land on the Moon
//! set: {moon.visitors: 2}
//! ```

use super::appeared::whole;
use super::{Finding, House};
use crate::model::diagnostic::{Code, Diagnostic};

/// Finds every event whose `known` ends before its date begins.
pub(super) fn find(house: House<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (number, event) in (0..).zip(house.history.events()) {
        let Some(known) = &event.known else { continue };
        let begins = event.when.start.start;
        if whole(&known.value, &house.manifest.calendar).is_none_or(|known| known.end > begins) {
            continue;
        }
        let message = format!("`{}` is said to be known before it happened", event.id);
        let fault = Diagnostic::new(Code::KnownBeforeItHappened, known.place, message)
            .note(format!("it is dated {}", event.date.value.words()), Some(event.date.place))
            .help("what was known by then is an event of its own: an announcement, a plan, a forecast");
        found.push((Some(number), fault));
    }
    found
}
