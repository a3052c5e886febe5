//! What a chronicle is made of, in parts: span and silence, a bar a year, dates, values, sources, voices.

use std::io;

use super::{fit, heading_of_part};
use crate::ask::{EventRow, Stats};
use crate::render::How;
use crate::render::layout::{Label, Line, Sheet, width};
use crate::render::words::{self, count};

/// How many sources, and how many voices, are told where not all are asked for.
const MOST: usize = 10;
/// The longest bar, in columns.
const BAR: usize = 60;

/// Writes the counts.
pub(super) fn stats(stats: &Stats, how: &How, sheet: &mut Sheet) -> io::Result<()> {
    let end = |row: &EventRow| format!("{}  {}", words::day(row.event.date.value.text()), row.event.id);
    if stats.events == 0 {
        return sheet.piece(0, Label::Faint, "(no events)");
    }
    if let Some((first, last)) = &stats.span {
        sheet.piece(0, Label::Plain, &format!("from  {}", end(first)))?;
        sheet.piece(0, Label::Plain, &format!("to    {}", end(last)))?;
    }
    if let Some(silence) = &stats.silence {
        let days = count(usize::try_from(silence.days).unwrap_or(usize::MAX), "day");
        heading_of_part(&format!("longest silence: {days}"), sheet)?;
        sheet.piece(2, Label::Plain, &format!("after   {}", end(&silence.after)))?;
        sheet.piece(2, Label::Plain, &format!("before  {}", end(&silence.before)))?;
    }
    years(&stats.years, how, sheet)?;
    let mut dates: Vec<(String, usize)> =
        stats.precision.iter().map(|(precision, events)| (precision.to_string(), *events)).collect();
    let beside = [("approximate (~)", stats.approximate), ("uncertain (?)", stats.uncertain)];
    dates.extend(beside.into_iter().filter(|(_, events)| *events > 0).map(|(name, events)| (name.to_owned(), events)));
    numbers("dates", &dates, sheet)?;
    let values = words::value_counts(&stats.values).map(|(_, name, values)| (name.to_owned(), values));
    numbers("values", &values.collect::<Vec<_>>(), sheet)?;
    sources(stats, how, sheet)?;
    voices(stats, how, sheet)
}

/// A bar a year, as long as it has events; years without any are one line.
fn years(years: &[(i64, usize)], how: &How, sheet: &mut Sheet) -> io::Result<()> {
    let Some(most) = years.iter().map(|(_, events)| *events).max() else { return Ok(()) };
    heading_of_part("events by year", sheet)?;
    let mut rows: Vec<(String, usize)> = Vec::new();
    let mut next = years[0].0;
    for (year, events) in years {
        match year - next {
            0 => {}
            1 => rows.push((next.to_string(), 0)),
            _ => rows.push((format!("{next} to {}", year - 1), 0)),
        }
        rows.push((year.to_string(), *events));
        next = year + 1;
    }
    let names = rows.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let digits = most.to_string().len();
    let room = how.width.saturating_sub(2 + names + 2 + digits + 2).clamp(10, BAR);
    for (name, events) in &rows {
        let mut line = Line::indented(2);
        line.put(Label::Since, name).to_column(2 + names + 2, 2);
        line.put(Label::Plain, &format!("{events:digits$}  "));
        sheet.line(line.put(Label::Path, &"█".repeat((events * room).div_ceil(most))))?;
    }
    Ok(())
}

/// Names with numbers before them.
fn numbers(heading: &str, rows: &[(String, usize)], sheet: &mut Sheet) -> io::Result<()> {
    heading_of_part(heading, sheet)?;
    let digits = rows.iter().map(|(_, number)| number.to_string().len()).max().unwrap_or(0);
    for (name, number) in rows {
        sheet.piece(2, Label::Plain, &format!("{number:digits$}  {name}"))?;
    }
    Ok(())
}

fn sources(stats: &Stats, how: &How, sheet: &mut Sheet) -> io::Result<()> {
    if stats.sources.is_empty() {
        return Ok(());
    }
    let shown = shown(stats.sources.len(), how);
    heading_of_part("values that rest on a source, and of these on it alone", sheet)?;
    let digits = |number: usize| number.to_string().len();
    let values = stats.sources.iter().map(|one| digits(one.values)).max().unwrap_or(0);
    let alone = stats.sources.iter().map(|one| digits(one.alone)).max().unwrap_or(0);
    for one in &stats.sources[..shown] {
        let mut line = Line::indented(2);
        line.put(Label::Plain, &format!("{:values$}  {:alone$}  ", one.values, one.alone));
        let room = how.width.saturating_sub(line.width());
        sheet.line(line.put(Label::Plain, &fit(&words::source_name(&one.source), room, how)))?;
    }
    and_more(stats.sources.len() - shown, "source", sheet)
}

/// How many of so many are told.
fn shown(number: usize, how: &How) -> usize {
    if how.long { number } else { number.min(MOST) }
}

fn and_more(number: usize, noun: &str, sheet: &mut Sheet) -> io::Result<()> {
    match number {
        0 => Ok(()),
        more => sheet.piece(2, Label::Faint, &format!("and {} (-l shows all)", count(more, &format!("more {noun}")))),
    }
}

fn voices(stats: &Stats, how: &How, sheet: &mut Sheet) -> io::Result<()> {
    if stats.voices.is_empty() {
        return Ok(());
    }
    heading_of_part("what voices claim, and how often otherwise than the record", sheet)?;
    let shown = shown(stats.voices.len(), how);
    let column = stats.voices[..shown].iter().map(|one| width(one.voice)).max().unwrap_or(0) + 4;
    for one in &stats.voices[..shown] {
        let mut line = Line::indented(2);
        line.put(Label::Voice, one.voice).to_column(column, 2);
        let beside = match one.beside_record {
            0 => "none of them on record".to_owned(),
            beside => format!("{} of {beside} on record otherwise", one.differ),
        };
        sheet.line(line.put(Label::Plain, &format!("{}, {beside}", count(one.claims, "claim"))))?;
    }
    and_more(stats.voices.len() - shown, "voice", sheet)
}
