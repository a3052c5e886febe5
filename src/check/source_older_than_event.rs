//! # source-older-than-event
//!
//! A source appeared before the event for which it is cited began, so it cannot report it. One of the two dates is
//! wrong, or the source says something else: that it was planned, say, or what stood before.
//!
//! Dates of sources are reckoned in the chronicle's time zone. Where something happened on the next day already while
//! it was still the day before where the source appeared, the source's date can have an hour with its offset, or the
//! event an `allow` with this reason. A source that only gives the background is cited where what it tells of is.
//!
//! A file that breaks it:
//!
//! ```yaml
//! # fire.yaml
//! date: 1871-10-08
//! title: A fire breaks out in Chicago
//! sources:
//!   - {title: A great fire, publisher: The Chicago Tribune, date: 1871-09-11}
//! ```
//!
//! Mended:
//!
//! ```yaml
//! # fire.yaml
//! date: 1871-10-08
//! title: A fire breaks out in Chicago
//! sources:
//!   - {title: A great fire, publisher: The Chicago Tribune, date: 1871-10-11}
//! ```

use super::appeared::Appeared;
use super::{Finding, House};
use crate::model::diagnostic::{Code, Diagnostic};

/// Finds every citation of a source whose date lies wholly before the event's.
pub(super) fn find(house: House<'_>) -> Vec<Finding> {
    let appeared = Appeared::new(house);
    let mut found = Vec::new();
    for (number, event) in (0..).zip(house.history.events()) {
        let begins = event.when.start.start;
        for citation in event.citations() {
            if appeared.span(citation).is_none_or(|span| span.end > begins) {
                continue;
            }
            let Some(date) = appeared.date(citation) else { continue };
            let message = format!("a source of `{}` appeared before it happened", event.id);
            let fault = Diagnostic::new(Code::SourceOlderThanEvent, citation.place, message)
                .note(format!("the source is dated {}", date.value.words()), Some(date.place))
                .note(format!("`{}` is dated {}", event.id, event.date.value.words()), Some(event.date.place))
                .help("mend a date, or cite the source where what it tells of is");
            found.push((Some(number), fault));
        }
    }
    found
}
