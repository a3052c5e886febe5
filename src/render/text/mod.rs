//! Answers for people: how each is laid out in lines. One question a file; what is said is in `words.rs`.

mod replay;
mod list;
mod diff;
mod why;
mod history;
mod trace;
mod context;
mod stats;
mod hinges;
mod dates;

use std::borrow::Cow;
use std::io::{self, Write};

use super::How;
use super::diagnostic;
use super::expectation;
use super::layout::{Label, Line, Sheet, cut, width};
use super::words;
use crate::ask::{Answer, Found, SourceRow};
use crate::model::event::Event;
use crate::model::path::Path;
pub(super) use dates::dates;

/// Writes an answer as text.
pub(super) fn answer(answer: &Answer, how: &How, to: &mut dyn Write) -> io::Result<()> {
    let sheet = &mut Sheet::new(to, how.color);
    match &answer.found {
        Found::State(found) => {
            heading(answer, &format!(": {}", words::counts(&found.counts)), sheet)?;
            replay::facts(&found.facts, how, sheet)
        }
        Found::Events(rows) => {
            let possible = rows.iter().filter(|row| !row.certain).count();
            let possible = if possible > 0 { format!(", {possible} only possible") } else { String::new() };
            heading(answer, &format!(": {}{possible}", words::count(rows.len(), "event")), sheet)?;
            list::events(rows, how, sheet)
        }
        Found::Differences(found) => diff::differences(answer, found, how, sheet),
        Found::Reasons(found) => {
            heading(answer, "", sheet)?;
            why::reasons(found, how, sheet)
        }
        Found::Course(found) => {
            heading(answer, "", sheet)?;
            history::course(found, sheet)
        }
        Found::Shown(found) => {
            heading(answer, "", sheet)?;
            list::shown(found, how, sheet)
        }
        Found::Trace(found) => {
            heading(answer, "", sheet)?;
            trace::trace(found, how, sheet)
        }
        Found::Context(found) => {
            heading(answer, "", sheet)?;
            context::context(found, how, sheet)
        }
        Found::Stats(found) => {
            let of = words::count(found.counts.total, "event");
            heading(answer, &format!(": {} of {of}", found.events), sheet)?;
            stats::stats(found, how, sheet)
        }
        Found::Expect(found) => expectation::write(answer, found, to),
        Found::Hinges(found) => {
            heading(answer, &format!(": {}", words::hanging(found)), sheet)?;
            hinges::hinges(found, how, sheet)
        }
        Found::Fall(found) => {
            heading(answer, &format!(", without the source {}", words::origin(&found.origin)), sheet)?;
            hinges::fall(found, how, sheet)
        }
        Found::Faults(found) => diagnostic::all(&found.diagnostics, found.texts, how, to),
    }
}

/// The title, the viewpoint in words and what it rests on, and an empty line.
fn heading(answer: &Answer, rest: &str, sheet: &mut Sheet) -> io::Result<()> {
    sheet.piece(0, Label::Heading, answer.chronicle)?;
    sheet.piece(0, Label::Plain, &format!("{}{rest}", words::viewpoint(&answer.view)))?;
    if let Some(left_out) = words::left_out(answer.left_out) {
        sheet.piece(0, Label::Warning, &left_out)?;
    }
    sheet.blank()
}

/// An empty line and the name of a part of an answer.
fn heading_of_part(name: &str, sheet: &mut Sheet) -> io::Result<()> {
    sheet.blank()?;
    sheet.piece(0, Label::Heading, name)
}

/// A text on a page that is cut only where it is a terminal.
fn fit<'a>(text: &'a str, room: usize, how: &How) -> Cow<'a, str> {
    cut(text, if how.terminal { room.max(20) } else { usize::MAX })
}

/// A line that begins with a mark and a date.
fn dated(indent: usize, mark: (Label, &str), date: &str) -> Line {
    let mut line = Line::indented(indent);
    if !mark.1.is_empty() {
        line.put(mark.0, mark.1).put(Label::Plain, " ");
    }
    line.put(Label::Since, date).put(Label::Plain, "  ");
    line
}

/// A line with an event: a mark, its date, its id, and its title last.
fn event_line(indent: usize, mark: (Label, &str), date: &str, event: &Event, how: &How) -> Line {
    let mut line = dated(indent, mark, date);
    line.put(Label::EventId, &event.id).put(Label::Plain, "  ");
    let room = how.width.saturating_sub(line.width());
    line.put(Label::Plain, &fit(&event.title.value, room, how));
    line
}

/// An event as a footnote has it: its date and title, and its id, on a line of its own where the page is too narrow.
fn event_whole(indent: usize, mark: (Label, &str), event: &Event, how: &How, sheet: &mut Sheet) -> io::Result<()> {
    let mut line = dated(indent, mark, &event.date.value.words());
    line.put(Label::Plain, &event.title.value);
    if line.width() + 2 + width(&event.id) <= how.width {
        return sheet.line(line.put(Label::Plain, "  ").put(Label::EventId, &event.id));
    }
    sheet.line(&line)?;
    sheet.piece(indent + 4, Label::EventId, &event.id)
}

/// The sources of something, each once below all that is quoted of it.
fn sources(indent: usize, rows: &[SourceRow], how: &How, sheet: &mut Sheet) -> io::Result<()> {
    for (source, quotes) in words::sources(rows) {
        for quote in quotes {
            sheet.words(indent, Label::Quote, &format!("“{quote}”"), how.width)?;
        }
        if !source.is_empty() {
            sheet.words(indent, Label::Faint, &format!("— {source}"), how.width)?;
        }
    }
    Ok(())
}

/// The entity that a path is of: its first two segments, of a path of two segments the first.
fn entity(path: &Path) -> (String, String) {
    let segments: Vec<&str> = path.segments().collect();
    let (entity, rest) = segments.split_at(if segments.len() > 2 { 2 } else { 1 });
    (entity.join("."), rest.join("."))
}

#[cfg(test)]
mod tests;
