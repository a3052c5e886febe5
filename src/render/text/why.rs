//! A value and its reasons, as a footnote has them: value, event, date, quote, source; then why that came about, what
//! it overruled, and what others claim.

use std::io;

use super::{event_whole, heading_of_part, sources};
use crate::ask::{Alternative, Because, EventRow, Reasons};
use crate::render::How;
use crate::render::layout::{Label, Line, Sheet};
use crate::render::words;

/// Writes a value and its reasons.
pub(super) fn reasons(reasons: &Reasons, how: &How, sheet: &mut Sheet) -> io::Result<()> {
    value(reasons, sheet)?;
    if let Some(event) = &reasons.given_by {
        footnote(event, &reasons.fact.claimed_by, 2, how, sheet)?;
    }
    if words::is_made_of_many(reasons) {
        heading_of_part("made of", sheet)?;
        for one in &reasons.contributions {
            let value = one.change.does.value().map_or(String::new(), |value| format!(" {value}"));
            let during = if one.change.during { " while it lasts" } else { "" };
            let mut line = Line::indented(2);
            line.put(Label::Value, &format!("{}{value}{during}", one.change.does.name()));
            sheet.line(&line)?;
            event_whole(4, (Label::Plain, ""), one.event, how, sheet)?;
        }
    }
    if !reasons.because.is_empty() {
        heading_of_part("because", sheet)?;
        because(&reasons.because, how, sheet)?;
    }
    if !reasons.overruled.is_empty() {
        heading_of_part("overruled", sheet)?;
        for one in &reasons.overruled {
            let value = words::value(one.value.as_deref(), reasons.fact.unit).unwrap_or("(no value)".to_owned());
            let mut line = Line::indented(2);
            line.put(Label::Value, &value).put(Label::Plain, "  ");
            sheet.line(
                line.put(Label::Since, &words::period(&words::date(one.from), one.to.map(words::date).as_deref())),
            )?;
            event_whole(4, (Label::Plain, ""), one.event, how, sheet)?;
        }
    }
    otherwise(reasons, false, "claimed otherwise", how, sheet)?;
    otherwise(reasons, true, "possible", how, sheet)
}

/// The path with its value, and how it stands since when.
fn value(reasons: &Reasons, sheet: &mut Sheet) -> io::Result<()> {
    let fact = &reasons.fact;
    let mut line = Line::default();
    line.put(Label::Path, fact.path.as_str()).put(Label::Plain, "  ");
    let (label, value) = words::stated(fact).unwrap_or((Label::Faint, "(no value)".to_owned()));
    line.put(if label == Label::Value { Label::Heading } else { label }, &value);
    sheet.line(&line)?;
    if let Some(label) = fact.label {
        sheet.piece(2, Label::Faint, label)?;
    }
    let mut line = Line::indented(2);
    line.put(Label::Voice, &words::standing(fact.standing, &fact.claimed_by));
    if let Some(since) = fact.since {
        line.put(Label::Since, &format!(", since {}", words::date(since)));
    }
    if fact.record_moved_on {
        line.put(Label::Disputed, "; the record has moved on");
    }
    sheet.line(&line)
}

/// An event with the sources of what it is named for: of a claim those that it has of its own, else the event's.
fn footnote(row: &EventRow, voices: &[&str], indent: usize, how: &How, sheet: &mut Sheet) -> io::Result<()> {
    let mark = if row.certain { "" } else { "?" };
    event_whole(indent, (Label::Possible, mark), row.event, how, sheet)?;
    words::sources_for(row, voices).into_iter().try_for_each(|rows| sources(indent + 2, rows, how, sheet))
}

/// The tree of causes; walked without recursion, as a chain may be as long as the chronicle. From a depth on, it is no
/// longer indented.
fn because(causes: &[Because], how: &How, sheet: &mut Sheet) -> io::Result<()> {
    let mut left: Vec<(usize, &Because)> = causes.iter().rev().map(|cause| (0, cause)).collect();
    while let Some((depth, cause)) = left.pop() {
        let indent = 2 + 2 * depth.min(12);
        event_whole(indent, (Label::Plain, ""), cause.event.event, how, sheet)?;
        if cause.cut {
            sheet.piece(indent + 2, Label::Faint, "… (its causes are not repeated here)")?;
        }
        left.extend(cause.because.iter().rev().map(|cause| (depth + 1, cause)));
    }
    Ok(())
}

/// The alternatives, possible or not, with the events behind them.
fn otherwise(reasons: &Reasons, possible: bool, name: &str, how: &How, sheet: &mut Sheet) -> io::Result<()> {
    let events = reasons.otherwise.iter().map(Option::as_ref).chain(std::iter::repeat(None));
    let mut paired =
        reasons.fact.alternatives.iter().zip(events).filter(|(one, _)| one.possible == possible).peekable();
    if paired.peek().is_none() {
        return Ok(());
    }
    heading_of_part(name, sheet)?;
    for (one, event) in paired {
        sheet.line(&alternative(one, reasons.fact.unit))?;
        if let Some(event) = event {
            footnote(event, &one.claimed_by, 4, how, sheet)?;
        }
    }
    Ok(())
}

fn alternative(one: &Alternative, unit: Option<&str>) -> Line {
    let (label, mark) = if one.possible { (Label::Possible, "? ") } else { (Label::Disputed, "≠ ") };
    let mut line = Line::indented(2);
    line.put(label, mark);
    line.put(Label::Value, &words::alternative_value(one.value.as_deref(), one.standing, unit));
    let standing = words::alternative_standing(one);
    if !standing.is_empty() {
        line.put(Label::Plain, "  ").put(Label::Voice, &standing);
    }
    if let Some(since) = one.since {
        line.put(Label::Since, &format!(", since {}", words::date(since)));
    }
    line
}
