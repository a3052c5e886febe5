//! What stands around a line: the state before its event, the event, and the state after, `!` before each line that the
//! event changed; or the state that an expectation is asked of.

use std::io;

use super::{dated, heading_of_part, list};
use crate::ask::{Around, Context, Fact};
use crate::render::How;
use crate::render::escape::visible;
use crate::render::layout::{Label, Line, Sheet, width};
use crate::render::words;

/// How wide the column of paths may be before the values are no longer aligned.
const PATHS: usize = 60;

/// Writes a context.
pub(super) fn context(context: &Context, how: &How, sheet: &mut Sheet) -> io::Result<()> {
    match &context.around {
        Around::Event { event, before, after } => {
            sheet.piece(0, Label::Heading, "before")?;
            facts(before, |_| false, sheet)?;
            sheet.blank()?;
            let mut line = dated(0, (Label::Plain, ""), &event.event.event.date.value.words());
            sheet.line(line.put(Label::Heading, &event.event.event.title.value))?;
            if let Some((label, trouble)) = words::trouble(&event.event, event.counts, &event.void_by) {
                sheet.piece(2, label, &trouble)?;
            }
            list::particulars(&event.event, 2, false, how, sheet)?;
            heading_of_part("after", sheet)?;
            facts(after, |fact| context.around.changes(fact.path), sheet)
        }
        Around::Expectation { begins, facts: expected } => {
            let place = format!("the expectation on line {begins} of {} is asked of", context.file);
            sheet.piece(0, Label::Heading, &place)?;
            facts(expected, |_| false, sheet)
        }
    }
}

/// One line a path: `!` if it is marked, the path, its value and marks.
fn facts(facts: &[Fact], is_marked: impl Fn(&Fact) -> bool, sheet: &mut Sheet) -> io::Result<()> {
    if facts.is_empty() {
        return sheet.piece(2, Label::Faint, "(nothing)");
    }
    let column = facts.iter().map(|fact| width(&visible(fact.path.as_str()))).max().unwrap_or(0).min(PATHS) + 4;
    for fact in facts {
        let mut line = Line::default();
        line.put(Label::Warning, if is_marked(fact) { "! " } else { "  " }).put(Label::Path, fact.path.as_str());
        let (label, value) = words::said(fact);
        line.to_column(column, 2).put(label, &value);
        for (label, mark) in words::marks(fact) {
            line.put(Label::Plain, "  ").put(label, &mark);
        }
        sheet.line(&line)?;
    }
    Ok(())
}
