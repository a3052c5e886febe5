//! QUESTION → ANSWER: the waist. One question a file; a question is looked up in a [`Timeline`] and answered with plain
//! data. Knows nothing of files, formats or terminals.

mod question;
mod answer;
mod viewpoint;
mod filter;
mod row;
mod replay;
mod list;
mod diff;
mod why;
mod course;
mod show;
mod check;
mod date;
mod project;
mod page;

pub use answer::*;
pub use check::house_faults;
pub use date::{DateReading, ReadDate, read_dates};
pub use page::{Page, PageEvent, PagePath, page};
pub use project::{Projection, fold};
pub use question::*;

use crate::timeline::Timeline;

/// Answers a question. Errors: a question that is not well-formed, or names what the chronicle does not have.
pub fn ask<'t>(timeline: &'t Timeline, question: &Question) -> Result<Answer<'t>, Refusal> {
    let select = &question.select;
    match &question.asks {
        Asks::Replay { words } => replay::answer(timeline, select, words),
        Asks::List { filters, since, until, reverse, limit } => {
            let (since, until) = (since.as_deref(), until.as_deref());
            list::answer(timeline, select, list::Wanted { filters, since, until, reverse: *reverse, limit: *limit })
        }
        Asks::Diff { words, versus, steps } => diff::answer(timeline, select, words, versus.as_deref(), *steps),
        Asks::Why { path } => why::answer(timeline, select, path),
        Asks::History { path, member } => course::answer(timeline, select, path, member.as_deref()),
        Asks::Show { events } => show::answer(timeline, select, events),
        Asks::Check { rules, strict } => check::answer(timeline, rules, *strict),
    }
}

/// An answer under its heading.
fn answered<'t>(timeline: &'t Timeline, view: Seen, found: Found<'t>) -> Answer<'t> {
    Answer { chronicle: timeline.title(), view, left_out: timeline.left_out(), found }
}
