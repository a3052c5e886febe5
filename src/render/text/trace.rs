//! An event between its causes and its consequences: two trees that grow from its line, the causes upwards, so that a
//! trace reads down the page as time went on.

use std::io;

use super::fit;
use crate::ask::{Branch, Cut, EventRow, Trace};
use crate::render::How;
use crate::render::layout::{Label, Line, Sheet};
use crate::render::words;

/// Writes a trace.
pub(super) fn trace(trace: &Trace, how: &How, sheet: &mut Sheet) -> io::Result<()> {
    let (mut above, mut below) = (Vec::new(), Vec::new());
    grow(&trace.because, "", ("┌─ ", "below"), how, &mut above);
    grow(&trace.consequences, "", ("└─ ", "above"), how, &mut below);
    above.iter().rev().try_for_each(|line| sheet.line(line))?;
    let mut line = Line::default();
    told(&trace.event, Label::Heading, "", how, &mut line);
    if let Some((label, trouble)) = words::trouble(&trace.event, trace.counts, &trace.void_by) {
        line.put(Label::Plain, "  ").put(label, &trouble);
    }
    sheet.line(&line)?;
    below.iter().try_for_each(|line| sheet.line(line))?;
    let not_told = words::not_told(trace);
    if !not_told.is_empty() {
        sheet.blank()?;
    }
    not_told.iter().try_for_each(|words| sheet.words(0, Label::Faint, words, how.width))
}

/// The lines of some branches, each before its own; turned round they grow upwards. `last` is the corner of the last
/// one, and where an event stands that was met before.
fn grow(branches: &[Branch], before: &str, last: (&str, &str), how: &How, lines: &mut Vec<Line>) {
    for (at, branch) in branches.iter().enumerate() {
        let is_last = at + 1 == branches.len();
        let mut line = Line::default();
        line.put(Label::Faint, before).put(Label::Faint, if is_last { last.0 } else { "├─ " });
        let cut = match branch.cut {
            None => String::new(),
            Some(Cut::Repeated) => format!(" … (told {})", last.1),
            Some(Cut::Deep) => " … (more beyond this depth)".to_owned(),
        };
        told(&branch.event, Label::Plain, &cut, how, &mut line);
        lines.push(line);
        let stem = if is_last { "   " } else { "│  " };
        grow(&branch.below, &format!("{before}{stem}"), last, how, lines);
    }
}

/// An event in a line: `?` if it may not have happened, its date, its title, and with all particulars its id.
fn told(row: &EventRow, label: Label, end: &str, how: &How, line: &mut Line) {
    if row.possible {
        line.put(Label::Possible, "? ");
    }
    line.put(Label::Since, &words::day(row.event.date.value.text())).put(Label::Plain, "  ");
    let room = how.width.saturating_sub(line.width() + end.chars().count());
    line.put(label, &fit(&row.event.title.value, room, how));
    if how.long {
        line.put(Label::Plain, "  ").put(Label::EventId, &row.event.id);
    }
    line.put(Label::Faint, end);
}
