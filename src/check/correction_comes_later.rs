//! # correction-comes-later
//!
//! A correction with changes is dated after what it corrects.
//!
//! So it seems to say when the mistake was seen, and not when the thing happened.
//!
//! A correction makes what it `replaces` void from the day on which it is known, for every date that is asked about. Its
//! own changes count from its `date`. If that is the day of the correction, then between the two days neither holds, as
//! if nothing had happened. The day of the correction belongs in `known`, and the day of the thing itself in `date`.
//!
//! A retraction, which changes nothing, may have any date. So may a correction that also gives a `known` after its own
//! `date`: it says both, and moves the thing to a later day. A correction that is known on the day on which the thing
//! did happen, later than was thought, can say so under `allow`.
//!
//! A file that breaks it:
//!
//! ```yaml
//! # 1912-04-15-first-reports.yaml
//! date: 1912-04-15
//! title: The ship is under tow, and all are safe
//! set: {titanic.state: under tow}
//! ```
//! ```yaml
//! # sinking.yaml
//! date: 1912-04-16
//! title: The ship went down
//! replaces: [1912-04-15-first-reports]
//! set: {titanic.state: lost}
//! ```
//!
//! Mended:
//!
//! ```yaml
//! # 1912-04-15-first-reports.yaml
//! date: 1912-04-15
//! title: The ship is under tow, and all are safe
//! set: {titanic.state: under tow}
//! ```
//! ```yaml
//! # sinking.yaml
//! date: 1912-04-15
//! known: 1912-04-16
//! title: The ship went down
//! replaces: [1912-04-15-first-reports]
//! set: {titanic.state: lost}
//! ```

use crate::model::diagnostic::{Code, Diagnostic};

use super::{Finding, House};

/// Finds every correction that counts, changes something and is dated after what it corrects.
pub(super) fn find(house: House<'_>) -> Vec<Finding> {
    let history = house.history;
    let counting = house.counting();
    let mut found = Vec::new();
    for (number, mistake) in (0..).zip(history.events()) {
        for by in history.replaced_by(number) {
            let event = history.event(by);
            let moves = event.known.is_some() && event.when.known > event.when.start.end;
            let is_later = event.when.written.start >= mistake.when.written.end;
            if event.changes.is_empty() || !is_later || moves || !counting.counts(by) {
                continue;
            }
            let message = format!("`{}` corrects `{}` and is dated after it", event.id, mistake.id);
            let (date, known) = (mistake.date.value.text(), event.date.value.text());
            let fault = Diagnostic::new(Code::CorrectionComesLater, event.date.place, message)
                .note(format!("`{}` is dated {}", mistake.id, mistake.date.value.words()), Some(mistake.date.place))
                .help(format!("if it happened when `{}` says, write `date: {date}` and `known: {known}`", mistake.id));
            found.push((Some(by), fault));
        }
    }
    found.sort_by_key(|(event, _)| *event);
    found
}
