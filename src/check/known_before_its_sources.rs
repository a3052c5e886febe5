//! # known-before-its-sources
//!
//! An event is said to be known before anything that is cited for it appeared. `--known-by` would count it on a day for
//! which no source vouches. Without `known` an event is known on its own date.
//!
//! `known` can say the day of the first report, or an earlier source can be cited. It is looked at only where every
//! source of the event has a date; a reprint (`from`) appeared when its origin did. Where a chronicle is written from
//! books and archives, every event is older than its sources, and where it is written from newspapers, most of them
//! are by a day. So this rule runs only where `check` names it, or where the manifest sets it
//! (`check: {known-before-its-sources: warning}`).
//!
//! A file that breaks it:
//!
//! ```yaml
//! # chronicle.yaml
//! asof: 1
//! check: {known-before-its-sources: warning}
//! ```
//! ```yaml
//! # accident.yaml
//! date: 1986-04-26
//! title: A reactor explodes at Chernobyl
//! sources:
//!   - {title: Soviet Announces Nuclear Accident, publisher: The New York Times, date: 1986-04-29}
//! ```
//!
//! Mended:
//!
//! ```yaml
//! # chronicle.yaml
//! asof: 1
//! check: {known-before-its-sources: warning}
//! ```
//! ```yaml
//! # accident.yaml
//! date: 1986-04-26
//! known: "[1986-04-28..1986-04-29]"
//! title: A reactor explodes at Chernobyl
//! sources:
//!   - {title: Soviet Announces Nuclear Accident, publisher: The New York Times, date: 1986-04-29}
//! ```

use super::appeared::{Appeared, whole};
use super::{Finding, House};
use crate::model::diagnostic::{Code, Diagnostic};

/// Finds every event that is known before the earliest of its sources, all of which are dated.
pub(super) fn find(house: House<'_>) -> Vec<Finding> {
    let appeared = Appeared::new(house);
    let mut found = Vec::new();
    for (number, event) in (0..).zip(house.history.events()) {
        let firsts: Option<Vec<_>> =
            event.citations().map(|citation| Some((appeared.first(citation)?, citation))).collect();
        let Some((first, earliest)) = firsts.into_iter().flatten().min_by_key(|(first, _)| *first) else { continue };
        let known = event.known.as_ref().unwrap_or(&event.date);
        if whole(&known.value, &house.manifest.calendar).is_none_or(|known| known.end > first) {
            continue;
        }
        let message = format!("`{}` is said to be known before any of its sources appeared", event.id);
        let mut fault = Diagnostic::new(Code::KnownBeforeItsSources, known.place, message);
        if let Some(date) = appeared.date(earliest) {
            fault = fault.note(format!("the earliest is dated {}", date.value.words()), Some(earliest.place));
        }
        let help = "write as `known` when the world learnt of it, or cite what was published then";
        found.push((Some(number), fault.help(help)));
    }
    found
}
