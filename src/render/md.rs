//! Answers as Markdown (CommonMark, with GitHub's tables), to be pasted into a report. Every word of a chronicle is
//! escaped: none becomes markup. What is said is in `words.rs`.

mod trace;
mod context;
mod stats;
mod hinges;

use std::io::{self, Write};

use super::escape::{markdown, markdown_code};
use super::lines::Lines;
use super::words::{self, count};
use super::{How, diagnostic, expectation};
use crate::ask::{
    Answer, Because, Cause, Course, DateReading, Difference, Differences, EventRow, Fact, Faults, Found, Reasons,
    Shown, Side, SourceRow,
};
use crate::model::event::Event;

/// Writes an answer as Markdown.
pub(super) fn answer(answer: &Answer, how: &How, to: &mut dyn Write) -> io::Result<()> {
    let viewpoint = words::viewpoint(&answer.view);
    let rests_on = match &answer.found {
        Found::State(found) => format!("{viewpoint}: {}", words::counts(&found.counts)),
        Found::Events(rows) => format!("{viewpoint}: {}", count(rows.len(), "event")),
        Found::Differences(found) => {
            format!("from {} to {}", words::side_viewpoint(&found.from), words::side_viewpoint(&answer.view))
        }
        Found::Hinges(found) => format!("{viewpoint}: {}", words::hanging(found)),
        Found::Fall(found) => format!("{viewpoint}, without the source {}", words::origin(&found.origin)),
        Found::Faults(found) if found.diagnostics.is_empty() => return Ok(()),
        Found::Faults(found) => diagnostic::tally(&found.diagnostics),
        _ => viewpoint,
    };
    writeln!(to, "# {}\n\n*{}*", markdown(answer.chronicle), markdown(&rests_on))?;
    if let Some(left_out) = words::left_out(answer.left_out) {
        writeln!(to, "\n**{left_out}**")?;
    }
    writeln!(to)?;
    match &answer.found {
        Found::State(found) => facts(&found.facts, how, to),
        Found::Events(rows) => events(rows, how, to),
        Found::Differences(found) => differences(found, to),
        Found::Reasons(found) => reasons(found, to),
        Found::Course(found) => course(found, to),
        Found::Shown(found) => found.iter().try_for_each(|one| shown(one, to)),
        Found::Trace(found) => trace::trace(found, to),
        Found::Context(found) => context::context(found, to),
        Found::Stats(found) => stats::stats(found, to),
        Found::Expect(found) => {
            writeln!(to, "```yaml")?;
            expectation::write(answer, found, to)?;
            writeln!(to, "```")
        }
        Found::Hinges(found) => hinges::hinges(found, to),
        Found::Fall(found) => hinges::fall(found, to),
        Found::Faults(found) => faults(found, to),
    }
}

/// Writes how dates are read as a table.
pub(super) fn dates(dates: &[DateReading], to: &mut dyn Write) -> io::Result<()> {
    table(to, &["date", "in words", "level", "precision", "earliest", "latest"])?;
    for date in dates {
        let cells = match &date.read {
            Ok(read) => {
                let moment =
                    |m: crate::model::moment::Moment| if m.is_finite() { m.to_string() } else { String::new() };
                let (earliest, latest) = (moment(read.earliest), moment(read.latest));
                [markdown(&read.words), read.level.to_string(), read.precision.to_string(), earliest, latest]
            }
            Err(fault) => [
                format!("no date: {}", markdown(&fault.message)),
                String::new(),
                String::new(),
                String::new(),
                String::new(),
            ],
        };
        writeln!(to, "| {} | {} |", markdown_code(&date.text), cells.join(" | "))?;
    }
    Ok(())
}

fn table(to: &mut dyn Write, columns: &[&str]) -> io::Result<()> {
    writeln!(to, "| {} |\n|{}", columns.join(" | "), " --- |".repeat(columns.len()))
}

/// What is said, without its labels.
fn plain(said: &[words::Said]) -> String {
    markdown(&said.iter().map(|(_, text)| text.as_str()).collect::<String>())
}

fn stated(fact: &Fact) -> String {
    words::stated(fact).map_or("(no value)".to_owned(), |(_, value)| markdown(&value))
}

fn facts(facts: &[Fact], how: &How, to: &mut dyn Write) -> io::Result<()> {
    table(to, &["path", "value", "since", "event"])?;
    for fact in facts {
        let marks: String = words::marks(fact).iter().map(|(_, mark)| format!(" ({})", markdown(mark))).collect();
        let value = markdown(&words::said(fact).1);
        let since = fact.since.map(|since| markdown(&words::day(since))).unwrap_or_default();
        let event = fact.event.map(markdown_code).unwrap_or_default();
        let path = markdown_code(fact.path.as_str());
        writeln!(to, "| {path} | {value}{marks} | {since} | {event} |")?;
        for one in fact.alternatives.iter().filter(|_| how.long) {
            let value = markdown(&words::alternative_value(one.value.as_deref(), one.standing, fact.unit));
            let since = one.since.map(|since| markdown(&words::day(since))).unwrap_or_default();
            let event = one.event.map(markdown_code).unwrap_or_default();
            let mark = if one.possible { "?" } else { "≠" };
            let standing = markdown(&words::alternative_standing(one));
            writeln!(to, "| | {mark} {value} ({standing}) | {since} | {event} |")?;
        }
    }
    Ok(())
}

fn events(rows: &[EventRow], how: &How, to: &mut dyn Write) -> io::Result<()> {
    if !how.long {
        table(to, &["date", "event", "id"])?;
    }
    for row in rows {
        let event = row.event;
        let date = markdown_code(event.date.value.text());
        let possible = if row.certain { "" } else { "? " };
        let (title, id) = (markdown(&event.title.value), markdown_code(&event.id));
        if how.long {
            writeln!(to, "- {date} {possible}**{title}** ({id})")?;
            particulars(row, "  ", to)?;
        } else {
            writeln!(to, "| {date} | {possible}{title} | {id} |")?;
        }
    }
    Ok(())
}

/// Place, actors, sources and changes, as a list.
fn particulars(row: &EventRow, indent: &str, to: &mut dyn Write) -> io::Result<()> {
    if let Some(place) = &row.event.at {
        writeln!(to, "{indent}- place: {}", markdown(&place.value))?;
    }
    if !row.event.actors.is_empty() {
        let actors: Vec<&str> = row.event.actors.iter().map(|actor| actor.value.as_str()).collect();
        writeln!(to, "{indent}- actors: {}", markdown(&actors.join(", ")))?;
    }
    for change in &row.event.changes {
        let voice = change.voice.as_ref().map(|voice| format!(" (claimed by {})", markdown(voice))).unwrap_or_default();
        writeln!(to, "{indent}- {}{voice}", markdown(&words::change(change)))?;
    }
    sources(&row.sources, indent, to)?;
    row.claim_sources.iter().try_for_each(|(_, rows)| sources(rows, indent, to))
}

fn sources(rows: &[SourceRow], indent: &str, to: &mut dyn Write) -> io::Result<()> {
    for (source, quotes) in words::sources(rows) {
        let quotes: Vec<String> = quotes.iter().map(|quote| format!("“{}”", markdown(quote))).collect();
        let dash = if quotes.is_empty() || source.is_empty() { "" } else { " — " };
        writeln!(to, "{indent}- source: {}{dash}{}", quotes.join(" "), markdown(&source))?;
    }
    Ok(())
}

fn event_words(event: &Event) -> String {
    let date = markdown(&event.date.value.words());
    format!("{date}: {} ({})", markdown(&event.title.value), markdown_code(&event.id))
}

fn differences(found: &Differences, to: &mut dyn Write) -> io::Result<()> {
    if !found.left_out.events.is_empty() {
        writeln!(to, "{} left out:\n", count(found.left_out.events.len(), "event"))?;
        found.left_out.events.iter().try_for_each(|event| writeln!(to, "- {}", event_words(event)))?;
        writeln!(to)?;
    }
    changes(found, to)?;
    part("Stand, but a cause of theirs is left out", found.left_out.causes_gone.is_empty(), to)?;
    for gone in &found.left_out.causes_gone {
        let because: Vec<String> = gone.because.iter().map(|cause| markdown_code(&cause.id)).collect();
        writeln!(to, "- {}, because {}", event_words(gone.event), because.join(", "))?;
    }
    Ok(())
}

fn changes(found: &Differences, to: &mut dyn Write) -> io::Result<()> {
    for (at, step) in found.steps.iter().flatten().enumerate() {
        let ends = if step.ends { "End of " } else { "" };
        let before = if at > 0 { "\n" } else { "" };
        writeln!(to, "{before}## {ends}{}\n", event_words(step.event.event))?;
        step.changes.iter().try_for_each(|one| change(one, to))?;
    }
    if found.steps.is_some() {
        return Ok(());
    }
    if found.changes.is_empty() {
        return writeln!(to, "No differences.");
    }
    table(to, &["path", "change", "by"])?;
    for one in &found.changes {
        let causes: Vec<String> = one.caused_by.iter().map(cause).collect();
        let (path, said) = (markdown_code(one.path.as_str()), plain(&words::difference(one)));
        writeln!(to, "| {path} | {said} | {} |", causes.join("<br>"))?;
    }
    Ok(())
}

fn cause(cause: &Cause) -> String {
    let side = match cause.side {
        Side::Before => "no longer: ",
        Side::After | Side::Both => "",
    };
    let event = cause.event.event();
    let day = markdown(&words::day(event.date.value.text()));
    format!("{side}{day}: {} ({})", markdown(&event.title.value), markdown_code(&event.id))
}

fn change(one: &Difference, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "- {}: {}", markdown_code(one.path.as_str()), plain(&words::difference(one)))
}

fn reasons(reasons: &Reasons, to: &mut dyn Write) -> io::Result<()> {
    let fact = &reasons.fact;
    writeln!(to, "## {}: {}\n", markdown_code(fact.path.as_str()), stated(fact))?;
    let since = fact.since.map(|since| format!(", since {}", words::date(since))).unwrap_or_default();
    let moved_on = if fact.record_moved_on { "; the record has moved on" } else { "" };
    writeln!(to, "{}", markdown(&format!("{}{since}{moved_on}", words::standing(fact.standing, &fact.claimed_by))))?;
    if let Some(row) = &reasons.given_by {
        writeln!(to, "\n- {}", event_words(row.event))?;
        words::sources_for(row, &fact.claimed_by).into_iter().try_for_each(|rows| sources(rows, "  ", to))?;
    }
    let contributions = if words::is_made_of_many(reasons) { &*reasons.contributions } else { &[] };
    part("Made of", contributions.is_empty(), to)?;
    for one in contributions {
        writeln!(to, "- {}; {}", markdown(&words::change(one.change)), event_words(one.event))?;
    }
    part("Because", reasons.because.is_empty(), to)?;
    let mut left: Vec<(usize, &Because)> = reasons.because.iter().rev().map(|cause| (0, cause)).collect();
    while let Some((depth, cause)) = left.pop() {
        writeln!(to, "{:2$}- {}", "", event_words(cause.event.event), depth.min(12) * 2)?;
        if cause.cut {
            writeln!(to, "{:1$}- … (its causes are not repeated here)", "", depth.min(12) * 2 + 2)?;
        }
        left.extend(cause.because.iter().rev().map(|cause| (depth + 1, cause)));
    }
    part("Overruled", reasons.overruled.is_empty(), to)?;
    for one in &reasons.overruled {
        let value = words::value(one.value.as_deref(), fact.unit).unwrap_or("(no value)".to_owned());
        let period = words::period(&words::date(one.from), one.to.map(words::date).as_deref());
        writeln!(to, "- {}, {}; {}", markdown(&value), markdown(&period), event_words(one.event))?;
    }
    part("Otherwise", fact.alternatives.is_empty(), to)?;
    let events = reasons.otherwise.iter().map(Option::as_ref).chain(std::iter::repeat(None));
    for (one, event) in fact.alternatives.iter().zip(events) {
        let value = words::alternative_value(one.value.as_deref(), one.standing, fact.unit);
        let standing = words::alternative_standing(one);
        let event_said = event.map(|row| format!("; {}", event_words(row.event))).unwrap_or_default();
        writeln!(to, "- {} ({}){event_said}", markdown(&value), markdown(&standing))?;
        let cited = event.map(|row| words::sources_for(row, &one.claimed_by)).unwrap_or_default();
        cited.into_iter().try_for_each(|rows| sources(rows, "  ", to))?;
    }
    Ok(())
}

/// What is the matter with an event, if anything.
fn trouble(row: &EventRow, counts: bool, void_by: &[&str], to: &mut dyn Write) -> io::Result<()> {
    match words::trouble(row, counts, void_by) {
        Some((_, trouble)) => writeln!(to, "\n**{}**", markdown(&trouble)),
        None => Ok(()),
    }
}

fn part(name: &str, is_empty: bool, to: &mut dyn Write) -> io::Result<()> {
    if is_empty { Ok(()) } else { writeln!(to, "\n### {name}\n") }
}

fn course(course: &Course, to: &mut dyn Write) -> io::Result<()> {
    let member = course.member.as_ref().map(|member| format!(" has {}", markdown(member))).unwrap_or_default();
    writeln!(to, "## {}{member}\n", markdown_code(course.path.as_str()))?;
    let days = words::days(course.rows.iter().flat_map(|row| [Some(row.from), row.to]).flatten());
    table(to, &["from", "to", "value", "who", "event"])?;
    for row in &course.rows {
        let possible = if row.certain { "" } else { "? " };
        let from = markdown(&days[row.from]);
        let end = row.to.map(|end| markdown(&days[end])).unwrap_or_default();
        let value = words::value(row.value.as_deref(), None).map_or("(no value)".to_owned(), |value| markdown(&value));
        let who = markdown(row.voice.unwrap_or("record"));
        writeln!(to, "| {possible}{from} | {end} | {value} | {who} | {} |", markdown_code(&row.event.id))?;
    }
    Ok(())
}

fn shown(shown: &Shown, to: &mut dyn Write) -> io::Result<()> {
    let event = shown.event.event;
    writeln!(to, "## {}\n", markdown(&event.title.value))?;
    if !shown.void_by.is_empty() {
        writeln!(to, "**Void: replaced by {}**\n", markdown(&shown.void_by.join(", ")))?;
    } else if !shown.counts {
        writeln!(to, "**Does not count in this viewpoint**\n")?;
    }
    if let Some(summary) = &event.summary {
        writeln!(to, "{}\n", markdown(&summary.value.split_whitespace().collect::<Vec<_>>().join(" ")))?;
    }
    writeln!(to, "- id: {}\n- date: {}", markdown_code(&event.id), markdown(&event.date.value.words()))?;
    particulars(&shown.event, "", to)?;
    if !shown.changed.is_empty() {
        writeln!(to, "\n### Changed\n")?;
        shown.changed.iter().try_for_each(|one| change(one, to))?;
    }
    writeln!(to)
}

fn faults(faults: &Faults, to: &mut dyn Write) -> io::Result<()> {
    let mut lines = Lines::of(faults.texts);
    for fault in &faults.diagnostics {
        let text = lines.text(fault.place);
        let (line, column) = lines.line_column(fault.place.file, fault.place.start);
        let place = markdown_code(&format!("{}:{line}:{column}", text.name));
        let help = fault.help.as_ref().map(|help| format!(" — {}", markdown(help))).unwrap_or_default();
        let (severity, code) = (fault.severity.name(), fault.code.name());
        writeln!(to, "- **{severity}** `{code}` {place}: {}{help}", markdown(&fault.message))?;
    }
    Ok(())
}
