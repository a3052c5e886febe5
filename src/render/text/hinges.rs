//! What values hang on: first the sources by how much falls with each, then every value; or all that falls, changes and
//! survives without one source.

use std::io;

use super::{diff, entity, event_line, fit, heading_of_part};
use crate::ask::{Difference, Fall, Hinges, HungValue};
use crate::render::How;
use crate::render::layout::{Label, Line, Sheet, width};
use crate::render::words::{self, Said, count};

/// So many sources are shown, and so much that one value hangs on, unless everything is asked for.
const MOST: usize = 8;
/// The widest column of what a value hangs on.
const THINGS: usize = 72;
/// The widest column of names.
const NAMES: usize = 48;

/// Writes what values hang on.
pub(super) fn hinges(found: &Hinges, how: &How, sheet: &mut Sheet) -> io::Result<()> {
    if found.values.is_empty() {
        return sheet.piece(0, Label::Faint, "(no values)");
    }
    sources(found, how, sheet)?;
    let mut begun: Option<String> = None;
    for value in &found.values {
        let (of, name) = entity(value.fact.path);
        if begun.as_ref() != Some(&of) {
            heading_of_part(&of, sheet)?;
            begun = Some(of);
        }
        one(&name, value, how, sheet)?;
    }
    Ok(())
}

/// The table of sources.
fn sources(found: &Hinges, how: &How, sheet: &mut Sheet) -> io::Result<()> {
    if found.sources.is_empty() {
        return sheet.piece(0, Label::Faint, "no value falls or changes with any one source");
    }
    let shown = if how.long { &found.sources[..] } else { &found.sources[..found.sources.len().min(MOST)] };
    let row = |cells: [String; 3], name: &str, label: Label| {
        let mut line = Line::default();
        let name = fit(name, how.width.saturating_sub(26), how);
        line.put(label, &format!("{:>5}  {:>7}  {:>8}  ", cells[0], cells[1], cells[2])).put(label, &name);
        line
    };
    sheet.line(&row(["falls", "changes", "survives"].map(str::to_owned), "source", Label::Faint))?;
    for source in shown {
        let weight = source.weight;
        let cells = [weight.falls, weight.changes, weight.survives].map(|number| number.to_string());
        sheet.line(&row(cells, &words::origin(&source.origin), Label::Plain))?;
    }
    more(found.sources.len() - shown.len(), 0, sheet)
}

fn more(left: usize, indent: usize, sheet: &mut Sheet) -> io::Result<()> {
    if left == 0 { Ok(()) } else { sheet.piece(indent, Label::Faint, &format!("… and {left} more (-l)")) }
}

/// A value and what it hangs on.
fn one(name: &str, value: &HungValue, how: &How, sheet: &mut Sheet) -> io::Result<()> {
    let mut line = Line::indented(2);
    let (label, said) = words::said(&value.fact);
    line.put(Label::Path, name).put(Label::Plain, "  ").put(label, &said);
    if value.unsourced {
        line.put(Label::Faint, "  (no source)");
    }
    sheet.line(&line)?;
    if let Some(survives) = words::survives(value) {
        sheet.piece(4, Label::Added, survives)?;
    }
    let shown = if how.long { &value.hinges[..] } else { &value.hinges[..value.hinges.len().min(MOST)] };
    let said: Vec<Said> = shown.iter().map(|hinge| words::comes_of(hinge, &value.fact)).collect();
    let room = how.width.saturating_sub(14 + said.iter().map(|(_, said)| width(said)).max().unwrap_or(0));
    let things: Vec<String> =
        shown.iter().map(|hinge| fit(&words::hangs_on(&hinge.on), room, how).into_owned()).collect();
    let column = 12 + things.iter().map(|thing| width(thing)).max().unwrap_or(0).min(THINGS);
    for ((hinge, thing), (label, said)) in shown.iter().zip(&things).zip(&said) {
        let mut line = Line::indented(4);
        line.put(Label::Faint, hinge.on.name()).to_column(12, 1);
        line.put(Label::EventId, thing).to_column(column, 0).put(Label::Plain, "  ");
        sheet.line(line.put(*label, said))?;
    }
    more(value.hinges.len() - shown.len(), 4, sheet)
}

/// Writes what falls, changes, comes and survives without a source.
pub(super) fn fall(found: &Fall, how: &How, sheet: &mut Sheet) -> io::Result<()> {
    let days = words::days(found.left_out.iter().map(|event| event.date.value.text()));
    sheet.piece(0, Label::Heading, &format!("left out: {}", count(found.left_out.len(), "event")))?;
    for event in &found.left_out {
        sheet.line(&event_line(2, (Label::Plain, ""), &days[event.date.value.text()], event, how))?;
    }
    let parts = [("falls", &found.falls), ("changes", &found.changes), ("gains a value", &found.gains)];
    for (name, changes) in parts {
        part(name, changes, how, sheet)?;
    }
    if found.survives.is_empty() {
        return Ok(());
    }
    heading_of_part(&format!("survives: {}", found.survives.len()), sheet)?;
    let names = found.survives.iter().map(|one| width(one.fact.path.as_str()));
    let column = names.max().unwrap_or(0).min(NAMES) + 4;
    for one in &found.survives {
        let mut line = Line::indented(2);
        let (label, said) = words::said(&one.fact);
        line.put(Label::Path, one.fact.path.as_str()).to_column(column, 2).put(label, &said);
        sheet.line(line.put(Label::Faint, &format!("  {}", words::survives_on(one, how.long))))?;
    }
    Ok(())
}

fn part(name: &str, changes: &[Difference], how: &How, sheet: &mut Sheet) -> io::Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    heading_of_part(&format!("{name}: {}", changes.len()), sheet)?;
    diff::lines(changes, 2, how, sheet)
}
