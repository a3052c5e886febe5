//! The state of affairs as a tree of paths: shared segments are branches, chains of single ones are joined by dots, and
//! values, dates and events stand in columns. The widths are reckoned once over all rows.

use std::collections::HashMap;
use std::io;

use crate::ask::Fact;
use crate::render::How;
use crate::render::escape::visible;
use crate::render::layout::{Label, Line, Sheet, cut, width};
use crate::render::words::{self, Said};

/// How wide the part left of the values may be, in hundredths of the page; longer names push their value aside.
const NAMES: usize = 45;
/// What a value has at least, before the line becomes wider than the page: an id is never cut.
const VALUE: usize = 26;
/// The same where nothing is cut but goes on below.
const LONG_VALUE: usize = 40;
/// The least that is left of a value beside its marks.
const CUT: usize = 6;
/// How wide the column of dates may be before the events behind it are no longer aligned.
const SINCE: usize = 32;

/// A line of the tree: a branch, or a fact.
struct Row<'a> {
    depth: usize,
    name: String,
    cells: Option<Cells<'a>>,
}

/// What stands beside a name.
struct Cells<'a> {
    fact: &'a Fact<'a>,
    said: Vec<Said>,
    since: String,
}

/// The columns at which things begin.
struct Columns {
    value: usize,
    since: usize,
    event: usize,
}

/// Writes the facts, which are in order of their paths.
pub(super) fn facts(facts: &[Fact], how: &How, sheet: &mut Sheet) -> io::Result<()> {
    if facts.is_empty() {
        return sheet.piece(0, Label::Faint, "(nothing)");
    }
    let paths: Vec<(Vec<&str>, &Fact)> = facts.iter().map(|fact| (fact.path.segments().collect(), fact)).collect();
    let mut rows = Vec::with_capacity(facts.len() * 2);
    let mut dates = HashMap::new();
    branch(&paths, 0, 0, how, &mut dates, &mut rows);
    let columns = columns(&rows, how);
    for row in &rows {
        write(row, &columns, how, sheet)?;
    }
    Ok(())
}

/// The rows of paths that share their first `shared` segments.
fn branch<'a>(
    paths: &[(Vec<&str>, &'a Fact<'a>)],
    shared: usize,
    depth: usize,
    how: &How,
    dates: &mut HashMap<&'a str, String>,
    rows: &mut Vec<Row<'a>>,
) {
    let mut start = 0;
    while start < paths.len() {
        let segment = paths[start].0.get(shared);
        let length = paths[start..].iter().take_while(|(path, _)| path.get(shared) == segment).count();
        let group = &paths[start..start + length];
        start += length;
        let (first, last) = (&group[0].0, &group[length - 1].0);
        if length == 1 || segment.is_none() {
            for (path, fact) in group {
                let name = visible(&path.get(shared..).unwrap_or_default().join(".")).into_owned();
                let since = fact.since.map(|since| dates.entry(since).or_insert_with(|| since_words(since)).clone());
                let since = since.unwrap_or_default();
                rows.push(Row { depth, name, cells: Some(Cells { fact, said: said(fact, how.long), since }) });
            }
            continue;
        }
        // A branch never swallows a whole path, even where a path is a branch, too, which loading complains of.
        let common = first.iter().zip(last.iter()).take_while(|(one, other)| one == other).count();
        let common = common.min(first.len() - 1).min(last.len() - 1).max(shared + 1);
        rows.push(Row { depth, name: visible(&first[shared..common].join(".")).into_owned(), cells: None });
        branch(group, common, depth + 1, how, dates, rows);
    }
}

/// The value and its marks; with all alternatives on lines of their own, the marks alone.
fn said(fact: &Fact, long: bool) -> Vec<Said> {
    let no_value = || (Label::Faint, "(no value)".to_owned());
    let value = if long { words::stated(fact).unwrap_or_else(no_value) } else { words::said(fact) };
    let mut said = vec![value];
    said.extend(words::marks(fact));
    for (_, text) in &mut said {
        *text = visible(text).into_owned();
    }
    for (_, mark) in said.iter_mut().skip(1).filter(|_| long) {
        if !mark.ends_with("moved on)") {
            mark.truncate(sign(mark).len());
        }
    }
    said
}

fn since_words(since: &str) -> String {
    format!("since {}", words::day(since))
}

fn said_width(said: &[Said]) -> usize {
    said.iter().map(|(_, text)| width(text)).sum::<usize>() + 2 * (said.len() - 1)
}

fn columns(rows: &[Row], how: &How) -> Columns {
    let leaves = || rows.iter().filter_map(|row| row.cells.as_ref().map(|cells| (row, cells)));
    let names = leaves().map(|(row, _)| row.depth * 2 + width(&row.name)).max().unwrap_or(0);
    let value = names.min(how.width * NAMES / 100) + 2;
    let below = || leaves().filter(|_| how.long).flat_map(|(_, cells)| &cells.fact.alternatives);
    let dates = below().filter_map(|one| one.since).map(|since| width(&since_words(since)));
    let since = leaves().map(|(_, cells)| width(&cells.since)).chain(dates).max().unwrap_or(0).min(SINCE);
    let ids = below().filter_map(|one| one.event);
    let event = leaves().filter_map(|(_, cells)| cells.fact.event).chain(ids).map(width).max().unwrap_or(0);
    let beside = leaves().filter(|(_, cells)| !cells.since.is_empty() || cells.fact.event.is_some());
    let others = leaves().filter(|_| how.long).flat_map(|(_, cells)| alternatives(cells.fact));
    let natural = beside.map(|(_, cells)| said_width(&cells.said)).chain(others.map(|(_, said)| said_width(&said)));
    let natural = natural.max().unwrap_or(0);
    let least = if how.long { LONG_VALUE } else { VALUE };
    let room = how.width.saturating_sub(value + 3 + since + 3 + event).max(least);
    let values = natural.min(room);
    Columns { value, since: value + values + 3, event: value + values + 3 + since + 3 }
}

fn write(row: &Row, columns: &Columns, how: &How, sheet: &mut Sheet) -> io::Result<()> {
    let mut line = Line::indented(row.depth * 2);
    line.put(Label::Path, &row.name);
    let Some(cells) = &row.cells else { return sheet.line(&line) };
    line.to_column(columns.value, 2);
    let stands_alone = cells.since.is_empty() && cells.fact.event.is_none();
    let end = if stands_alone { how.width.max(columns.since) } else { columns.since.saturating_sub(3) };
    let room = end.saturating_sub(line.width()).max(VALUE / 2);
    if !how.long {
        put_said(&cells.said, room, &mut line);
        put_reason(&cells.since, cells.fact.event, columns, &mut line);
        return sheet.line(&line);
    }
    put_whole(&cells.said, room, line, (&cells.since, cells.fact.event), columns, sheet)?;
    for (since, said) in alternatives(cells.fact) {
        let room = columns.since.saturating_sub(3 + columns.value).max(VALUE);
        let line = Line::indented(columns.value);
        put_whole(&said, room, line, (&since.0, since.1), columns, sheet)?;
    }
    Ok(())
}

/// Since when, and by which event.
fn put_reason(since: &str, event: Option<&str>, columns: &Columns, line: &mut Line) {
    if !since.is_empty() {
        line.to_column(columns.since, 3).put(Label::Since, since);
    }
    if let Some(event) = event {
        line.to_column(columns.event, 3).put(Label::EventId, event);
    }
}

/// Writes all that is said, over as many lines as it needs; the first has the reason.
fn put_whole(
    said: &[Said],
    room: usize,
    mut line: Line,
    (since, event): (&str, Option<&str>),
    columns: &Columns,
    sheet: &mut Sheet,
) -> io::Result<()> {
    for (at, words) in wrapped(said, room).iter().enumerate() {
        if at > 0 {
            line = Line::indented(columns.value + 2);
        }
        for (label, word) in words {
            line.put(*label, word);
        }
        if at == 0 {
            put_reason(since, event, columns, &mut line);
        }
        sheet.line(&line)?;
    }
    Ok(())
}

/// What is said, broken between words into lines of at most so many columns; lines but the first are indented by two.
fn wrapped(said: &[Said], room: usize) -> Vec<Vec<Said>> {
    let (mut lines, mut taken) = (vec![Vec::new()], 0);
    for (label, text) in said {
        for (at, word) in text.split(' ').enumerate() {
            let gap = if at == 0 { 2 } else { 1 } * usize::from(taken > 0);
            let breaks = taken > 0 && taken + gap + width(word) > room;
            if breaks {
                lines.push(Vec::new());
                taken = 2;
            }
            let gap = if breaks { 0 } else { gap };
            taken += gap + width(word);
            lines.last_mut().unwrap_or(&mut Vec::new()).push((*label, format!("{:gap$}{word}", "")));
        }
    }
    lines
}

/// The value with its marks. Where there is no room for all of it, who claims it stays whole, of the other marks at
/// least the sign, and the value takes the rest.
fn put_said(said: &[Said], room: usize, line: &mut Line) {
    let Some(((label, value), marks)) = said.split_first() else { return };
    let stays_whole = |(label, mark): &Said| *label == Label::Voice || !mark.starts_with('≠');
    let least = |said: &Said| if stays_whole(said) { width(&said.1) + 2 } else { 3 };
    let fits = said_width(said) <= room;
    let mut reserved: usize = marks.iter().map(least).sum();
    let for_value = if fits { usize::MAX } else { room.saturating_sub(reserved).max(CUT) };
    let value = cut(value, for_value);
    line.put(*label, &value);
    let mut left = room.saturating_sub(width(&value));
    for said in marks {
        let (label, mark) = said;
        reserved -= least(said);
        let columns = if fits { usize::MAX } else { left.saturating_sub(reserved + 2) };
        let mark = if stays_whole(said) || columns >= width(mark) {
            cut(mark, usize::MAX)
        } else if columns < 5 {
            sign(mark).into()
        } else {
            cut(mark, columns)
        };
        left = left.saturating_sub(width(&mark) + 2);
        line.put(Label::Plain, "  ").put(*label, &mark);
    }
}

/// The sign that a mark begins with; of one that begins with none, all of it.
fn sign(mark: &str) -> &str {
    if mark.starts_with('≠') { "≠" } else { mark }
}

/// The other values, each with its date and event, as they stand below the value.
fn alternatives<'a>(fact: &'a Fact) -> impl Iterator<Item = ((String, Option<&'a str>), Vec<Said>)> {
    fact.alternatives.iter().map(|one| {
        let (label, mark) = if one.possible { (Label::Possible, "?") } else { (Label::Disputed, "≠") };
        let value = words::alternative_value(one.value.as_deref(), one.standing, fact.unit);
        let mut said = vec![(label, visible(&format!("{mark} {value}")).into_owned())];
        let standing = words::alternative_standing(one);
        said.extend((!standing.is_empty()).then(|| (Label::Voice, visible(&standing).into_owned())));
        ((one.since.map(since_words).unwrap_or_default(), one.event), said)
    })
}
