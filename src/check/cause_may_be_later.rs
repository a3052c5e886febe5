//! # cause-may-be-later
//!
//! A link says more than the dates: an event is said to come before another, but its date reaches beyond the other's.
//!
//! The dates alone decide the replay; links only break ties. So the earlier event would be replayed after the one that
//! it led to. If it came first, its date can say so: from its earliest day to the day of what followed.
//!
//! A file that breaks it:
//!
//! ```yaml
//! # draft.yaml
//! date: 2022-04
//! title: A draft is sent
//! ```
//! ```yaml
//! # answer.yaml
//! date: 2022-04-12
//! title: The draft is answered
//! because: [draft]
//! ```
//!
//! Mended:
//!
//! ```yaml
//! # draft.yaml
//! date: "[2022-04-01..2022-04-12]"
//! title: A draft is sent
//! ```
//! ```yaml
//! # answer.yaml
//! date: 2022-04-12
//! title: The draft is answered
//! because: [draft]
//! ```

use crate::model::date::Calendar;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::Event;
use crate::model::moment::Moment;

use super::{Finding, House};

/// Finds every link from an event that may be later than the one it leads to.
pub(super) fn find(house: House<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for number in 0..house.history.len() as u32 {
        for cause in house.history.before(number) {
            let (start, end) = (house.history.start(cause), house.history.start(number).end);
            if start.end <= end || start.start >= end {
                continue;
            }
            let (cause, event) = (house.history.event(cause), house.history.event(number));
            let reference = event.because.iter().chain(&event.after).find(|id| id.value == cause.id);
            let message =
                format!("`{}` is said to come before `{}`, but its date reaches beyond it", cause.id, event.id);
            let fault =
                Diagnostic::new(Code::CauseMayBeLater, reference.map_or(event.name_place, |id| id.place), message)
                    .note(format!("`{}` is dated {}", cause.id, cause.date.value.words()), Some(cause.date.place))
                    .help(match narrower(cause, event, &house.manifest.calendar) {
                        Some(date) => format!("if it came first, write `date: \"{date}\"` in `{}`", cause.id),
                        None => format!("give `{}` a date that ends before `{}`", cause.id, event.id),
                    });
            found.push((Some(number), fault));
        }
    }
    found
}

/// The date that a cause must have had to come before its effect: from its own first day to the effect's last.
fn narrower(cause: &Event, effect: &Event, calendar: &Calendar) -> Option<String> {
    if cause.date.value.is_interval() {
        return None;
    }
    let day = |moment: Moment| calendar.local(moment).map(|local| local.date().to_string());
    let last = effect.when.start.end;
    let last = Moment::new(last.seconds().checked_sub(1)?, 0);
    let until = day(last)?;
    Some(match cause.when.start.start {
        Moment::PAST => format!("[..{until}]"),
        first => match day(first)? {
            from if from == until => from,
            from => format!("[{from}..{until}]"),
        },
    })
}
