//! Events: one a line, or with all particulars.

use std::io;

use super::{diff, fit, heading_of_part, sources};
use crate::ask::{EventRow, Shown};
use crate::model::event::{Event, Free};
use crate::model::text::Located;
use crate::render::How;
use crate::render::json;
use crate::render::layout::{Label, Line, Sheet, width};
use crate::render::words;

/// How wide the column of dates may be before the titles are no longer aligned.
const DATES: usize = 32;

/// Writes events, one a line: the date as it was written, `?` where it is only possible, the title.
pub(super) fn events(rows: &[EventRow], how: &How, sheet: &mut Sheet) -> io::Result<()> {
    if rows.is_empty() {
        return sheet.piece(0, Label::Faint, "(no events)");
    }
    let dates = rows.iter().map(|row| width(row.event.date.value.text())).max().unwrap_or(0).min(DATES);
    let any_possible = rows.iter().any(|row| !row.certain);
    for row in rows {
        let mut line = Line::default();
        line.put(Label::Since, row.event.date.value.text()).to_column(dates + 2, 2);
        if any_possible {
            line.put(Label::Possible, if row.certain { "  " } else { "? " });
        }
        let title = &row.event.title.value;
        if how.long {
            sheet.line(line.put(Label::Heading, title))?;
            particulars(row, 4, false, how, sheet)?;
        } else {
            let room = how.width.saturating_sub(line.width());
            sheet.line(line.put(Label::Plain, &fit(title, room, how)))?;
        }
    }
    Ok(())
}

/// Writes events whole, each with what it changed.
pub(super) fn shown(events: &[Shown], how: &How, sheet: &mut Sheet) -> io::Result<()> {
    for (at, one) in events.iter().enumerate() {
        if at > 0 {
            sheet.blank()?;
        }
        let mut line = Line::default();
        line.put(Label::Heading, &one.event.event.title.value);
        sheet.line(&line)?;
        if let Some((label, trouble)) = words::trouble(&one.event, one.counts, &one.void_by) {
            sheet.piece(2, label, &trouble)?;
        }
        particulars(&one.event, 2, true, how, sheet)?;
        heading_of_part("changed", sheet)?;
        diff::lines(&one.changed, 2, how, sheet)?;
        if one.changed.is_empty() {
            sheet.piece(2, Label::Faint, "(nothing)")?;
        }
    }
    Ok(())
}

/// Everything beside the title. `whole`: the summary, links, reasons and meta, too.
pub(super) fn particulars(row: &EventRow, indent: usize, whole: bool, how: &How, sheet: &mut Sheet) -> io::Result<()> {
    let event = row.event;
    if let (true, Some(summary)) = (whole, &event.summary) {
        sheet.words(indent, Label::Plain, &summary.value, how.width)?;
    }
    for (name, value) in fields(row, whole) {
        if !value.is_empty() {
            let mut line = Line::indented(indent);
            line.put(Label::Faint, name).to_column(indent + 12, 2);
            let label = if name == "id" { Label::EventId } else { Label::Plain };
            sheet.line(line.put(label, &value))?;
        }
    }
    sources(indent, &row.sources, how, sheet)?;
    for (voice, rows) in &row.claim_sources {
        sheet.piece(indent, Label::Voice, &format!("{voice} claims"))?;
        sources(indent + 2, rows, how, sheet)?;
    }
    for change in &event.changes {
        let mut line = Line::indented(indent);
        line.put(Label::Path, &words::change(change));
        if let Some(voice) = &change.voice {
            line.put(Label::Plain, "  ").put(Label::Voice, &format!("claimed by {voice}"));
        }
        sheet.line(&line)?;
    }
    Ok(())
}

fn fields(row: &EventRow, whole: bool) -> Vec<(&'static str, String)> {
    let event: &Event = row.event;
    let joined =
        |words: &[Located<String>]| words.iter().map(|word| word.value.as_str()).collect::<Vec<_>>().join(", ");
    let word = |word: &Option<Located<String>>| word.as_ref().map(|word| word.value.clone()).unwrap_or_default();
    let mut fields = vec![("id", event.id.clone())];
    if whole {
        fields.push(("date", event.date.value.words()));
        fields.push(("until", event.until.as_ref().map(|date| date.value.words()).unwrap_or_default()));
        fields.push(("known", event.known.as_ref().map(|date| date.value.words()).unwrap_or_default()));
        fields.push(("kind", word(&event.kind)));
    }
    fields.push(("place", word(&event.at)));
    fields.push(("actors", joined(&event.actors)));
    if whole {
        fields.push(("tags", joined(&event.tags)));
        fields.push(("confidence", event.confidence.as_ref().map_or("", |word| word.value.name()).to_owned()));
        fields.push(("because", joined(&event.because)));
        fields.push(("after", joined(&event.after)));
        fields.push(("replaces", joined(&event.replaces)));
        let allow = event.allow.iter().map(|(rule, reason)| format!("{}: {}", rule.name(), reason.value));
        fields.push(("allow", allow.collect::<Vec<_>>().join("; ")));
        let meta = event.meta.as_ref().filter(|meta| !matches!(meta, Free::Null));
        fields.push(("meta", meta.map(|meta| json::free(meta).to_json()).unwrap_or_default()));
        fields.push(("file", format!("{}:{}", row.file, row.line)));
    }
    fields
}
