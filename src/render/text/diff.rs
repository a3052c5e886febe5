//! What differs between two viewpoints: by entity, or one block for each event between the two.

use std::io;

use super::{entity, event_line, heading_of_part};
use crate::ask::{Answer, Difference, Differences, Side, Step};
use crate::model::event::Event;
use crate::render::How;
use crate::render::layout::{Label, Line, Sheet, cut, width};
use crate::render::words::{self, Said};

/// How wide the column of names may be before the values are no longer aligned.
const NAMES: usize = 36;
/// What is left of a value at least where it is cut.
const LEAST: usize = 12;
/// So many of the events that are left out are named.
const LEFT_OUT: usize = 5;
/// The widest column of whole paths.
const PATHS: usize = 56;

/// Writes the differences under both viewpoints.
pub(super) fn differences(answer: &Answer, found: &Differences, how: &How, sheet: &mut Sheet) -> io::Result<()> {
    sheet.piece(0, Label::Heading, answer.chronicle)?;
    for (label, name, view) in [(Label::Removed, "from ", &found.from), (Label::Added, "to   ", &answer.view)] {
        let mut line = Line::default();
        sheet.line(line.put(label, name).put(Label::Plain, &words::side_viewpoint(view)))?;
    }
    if let Some(left_out) = words::left_out(answer.left_out) {
        sheet.piece(0, Label::Warning, &left_out)?;
    }
    left_out(&found.left_out.events, how, sheet)?;
    sheet.blank()?;
    match &found.steps {
        Some(steps) => blocks(steps, how, sheet)?,
        None if found.changes.is_empty() => sheet.piece(0, Label::Faint, "(no differences)")?,
        None => by_entity(&found.changes, how, sheet)?,
    }
    if found.left_out.causes_gone.is_empty() {
        return Ok(());
    }
    heading_of_part("stand, but a cause of theirs is left out", sheet)?;
    for gone in &found.left_out.causes_gone {
        let day = words::day(gone.event.date.value.text());
        sheet.line(&event_line(2, (Label::Plain, ""), &day, gone.event, how))?;
        let because: Vec<&str> = gone.because.iter().map(|cause| cause.id.as_str()).collect();
        sheet.piece(4, Label::Faint, &format!("because {}", because.join(", ")))?;
    }
    Ok(())
}

/// How many events are left out, and the first of them.
fn left_out(events: &[&Event], how: &How, sheet: &mut Sheet) -> io::Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let shown = &events[..events.len().min(LEFT_OUT)];
    sheet.piece(0, Label::Plain, &format!("{} left out", words::count(events.len(), "event")))?;
    for event in shown {
        let day = words::day(event.date.value.text());
        sheet.line(&event_line(2, (Label::Removed, "-"), &day, event, how))?;
    }
    match events.len() - shown.len() {
        0 => Ok(()),
        more => sheet.piece(2, Label::Faint, &format!("… and {more} more")),
    }
}

fn by_entity(changes: &[Difference], how: &How, sheet: &mut Sheet) -> io::Result<()> {
    let mut begun: Option<String> = None;
    let named: Vec<((String, String), &Difference)> =
        changes.iter().map(|change| (entity(change.path), change)).collect();
    let mut start = 0;
    while start < named.len() {
        let of = &named[start].0.0;
        let length = named[start..].iter().take_while(|((other, _), _)| other == of).count();
        let group = &named[start..start + length];
        start += length;
        if begun.replace(of.clone()).is_some() {
            sheet.blank()?;
        }
        sheet.piece(0, Label::Heading, of)?;
        let column = group.iter().map(|((_, name), _)| width(name)).max().unwrap_or(0).min(NAMES) + 4;
        for ((_, name), change) in group {
            sheet.line(&change_line(2, name, column, change, how))?;
            for cause in &change.caused_by {
                let mark = match cause.side {
                    Side::Before => (Label::Removed, "-"),
                    Side::After => (Label::Added, "+"),
                    Side::Both => (Label::Plain, "±"),
                };
                let event = cause.event.event();
                let day = words::day(event.date.value.text());
                sheet.line(&event_line(4, mark, &day, event, how))?;
            }
        }
    }
    Ok(())
}

/// One block for each event or end.
fn blocks(steps: &[Step], how: &How, sheet: &mut Sheet) -> io::Result<()> {
    if steps.is_empty() {
        return sheet.piece(0, Label::Faint, "(no event between the two)");
    }
    for (at, step) in steps.iter().enumerate() {
        if at > 0 {
            sheet.blank()?;
        }
        let mark = if step.ends { "end of" } else { "" };
        let event = step.event.event;
        sheet.line(&event_line(0, (Label::Possible, mark), &event.date.value.words(), event, how))?;
        lines(&step.changes, 2, how, sheet)?;
    }
    Ok(())
}

/// The changes with their whole paths, without causes.
pub(super) fn lines(changes: &[Difference], indent: usize, how: &How, sheet: &mut Sheet) -> io::Result<()> {
    let column = changes.iter().map(|change| width(change.path.as_str())).max().unwrap_or(0).min(PATHS) + indent + 2;
    for change in changes {
        sheet.line(&change_line(indent, change.path.as_str(), column, change, how))?;
    }
    Ok(())
}

fn change_line(indent: usize, name: &str, column: usize, change: &Difference, how: &How) -> Line {
    let mut line = Line::indented(indent);
    line.put(Label::Path, name).to_column(column, 2);
    let said = words::difference(change);
    let share = if how.terminal { share(&said, how.width.saturating_sub(line.width())) } else { usize::MAX };
    for (label, text) in &said {
        let room = if how.terminal { how.width.saturating_sub(line.width()).min(share) } else { usize::MAX };
        if room > 0 {
            line.put(*label, &if *label == Label::Plain { text.into() } else { cut(text, room) });
        }
    }
    line
}

/// How wide each value may be, so that what is before the arrow leaves room for what is after it.
fn share(said: &[Said], mut room: usize) -> usize {
    let mut widths: Vec<usize> = said.iter().map(|(_, text)| width(text)).collect();
    widths.sort_unstable();
    let mut left = widths.len();
    for width in widths {
        if width > room / left {
            return (room / left).max(LEAST);
        }
        room -= width;
        left -= 1;
    }
    usize::MAX
}
