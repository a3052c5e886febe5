//! QUESTION → ANSWER: the waist. One question a file; a question is looked up in a [`Timeline`] and answered with plain
//! data. Knows nothing of files, formats or terminals.

mod question;
mod answer;
mod viewpoint;
mod filter;
mod row;
mod replay;
mod list;
mod behind;
mod diff;
mod why;
mod course;
mod show;
mod trace;
mod context;
mod stats;
mod expect;
mod left_out;
mod hinges;
mod check;
mod date;
mod project;
mod address;
mod page;
mod schema;
mod rows;

pub use address::{Addressed, addressed, addresses};
pub use answer::*;
pub use behind::behind;
pub use check::house_faults;
pub use context::{Around, Context};
pub use date::{DateReading, ReadDate, read_dates};
pub use expect::Expect;
pub use hinges::{Fall, Hinge, Hinges, HungValue, On, Origin, SourceWeight, Survivor, Weight};
pub use list::whole;
pub use page::{Page, PageEvent, PagePath, page};
pub use project::{Projection, fold};
pub use question::*;
pub use rows::{ChangeRow, FactRow, Rows};
pub use schema::{Schema, SchemaRule, schema};
pub use stats::{Silence, SourceCount, Stats, ValueCounts, VoiceCount};
pub use trace::{Branch, Cut, Trace};

use crate::timeline::Timeline;

/// Answers a question. Errors: a question that is not well-formed, or names what the chronicle does not have.
pub fn ask<'t>(timeline: &'t Timeline, question: &Question) -> Result<Answer<'t>, Refusal> {
    let select = &question.select;
    match &question.asks {
        Asks::Replay { words } => replay::answer(timeline, select, words, true),
        Asks::State { words } => replay::answer(timeline, select, words, false),
        Asks::List { filters, since, until, reverse, limit } => {
            let (since, until) = (since.as_deref(), until.as_deref());
            list::answer(timeline, select, list::Wanted { filters, since, until, reverse: *reverse, limit: *limit })
        }
        Asks::Diff { words, versus, steps } => diff::answer(timeline, select, words, versus.as_deref(), *steps),
        Asks::Why { path } => why::answer(timeline, select, path),
        Asks::History { path, member } => course::answer(timeline, select, path, member.as_deref()),
        Asks::Show { events } => show::answer(timeline, select, events),
        Asks::Trace { event, depth } => trace::answer(timeline, select, event, *depth),
        Asks::Context { line, all } => context::answer(timeline, select, line, *all),
        Asks::Stats => stats::answer(timeline, select),
        Asks::Expect { paths } => expect::answer(timeline, select, paths),
        Asks::Hinges { paths, source } => hinges::answer(timeline, select, paths, source.as_deref()),
        Asks::Check { rules, strict } => check::answer(timeline, rules, *strict),
    }
}

/// An answer under its heading.
fn answered<'t>(timeline: &'t Timeline, view: Seen, found: Found<'t>) -> Answer<'t> {
    Answer { chronicle: timeline.title(), view, left_out: timeline.left_out(), found }
}
