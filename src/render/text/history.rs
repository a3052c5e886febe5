//! The values of a path through time, in columns: from – to, value, voice, event; `?` where it is not certain. What
//! voices say stands below the record.

use std::io;

use crate::ask::Course;
use crate::render::layout::{Label, Line, Sheet, width};
use crate::render::words;

/// How wide a column may be before what stands right of it is no longer aligned.
const MOST: usize = 60;

/// Writes the rows of a course.
pub(super) fn course(course: &Course, sheet: &mut Sheet) -> io::Result<()> {
    let mut line = Line::default();
    line.put(Label::Path, course.path.as_str());
    if let Some(member) = &course.member {
        line.put(Label::Plain, " has ").put(Label::Value, member);
    }
    sheet.line(&line)?;
    if course.rows.is_empty() {
        return sheet.piece(2, Label::Faint, "(never)");
    }
    let any_possible = course.rows.iter().any(|row| !row.certain);
    let any_voice = course.rows.iter().any(|row| row.voice.is_some());
    let days = words::days(course.rows.iter().flat_map(|row| [Some(row.from), row.to]).flatten());
    let cells: Vec<[String; 3]> = course
        .rows
        .iter()
        .map(|row| {
            let value = words::value(row.value.as_deref(), None).unwrap_or("(no value)".to_owned());
            [
                words::period(&days[row.from], row.to.map(|to| days[to].as_str())),
                value,
                row.voice.unwrap_or("record").to_owned(),
            ]
        })
        .collect();
    let column = |at: usize| cells.iter().map(|cells| width(&cells[at])).max().unwrap_or(0).min(MOST);
    let first = 2 + if any_possible { 2 } else { 0 };
    let value = first + column(0) + 2;
    let voice = value + column(1) + 2;
    let event = if any_voice { voice + column(2) + 2 } else { voice };
    for (at, (row, [period, what, who])) in course.rows.iter().zip(&cells).enumerate() {
        if row.voice.is_some() && at > 0 && course.rows[at - 1].voice.is_none() {
            sheet.blank()?;
        }
        let mut line = Line::indented(2);
        if any_possible {
            line.put(Label::Possible, if row.certain { "  " } else { "? " });
        }
        line.put(Label::Since, period).to_column(value, 2);
        line.put(if row.value.is_some() { Label::Value } else { Label::Faint }, what);
        if any_voice {
            line.to_column(voice, 2).put(if row.voice.is_some() { Label::Voice } else { Label::Plain }, who);
        }
        sheet.line(line.to_column(event, 2).put(Label::EventId, &row.event.id))?;
    }
    Ok(())
}
