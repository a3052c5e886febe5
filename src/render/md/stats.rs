//! Counts as tables.

use std::io::{self, Write};

use super::{event_words, part, table};
use crate::ask::Stats;
use crate::render::escape::{markdown, markdown_code};
use crate::render::words;

/// Writes the counts.
pub(super) fn stats(stats: &Stats, to: &mut dyn Write) -> io::Result<()> {
    if let Some((first, last)) = &stats.span {
        writeln!(to, "- from {}\n- to {}", event_words(first.event), event_words(last.event))?;
    }
    if let Some(silence) = &stats.silence {
        let (after, before) = (event_words(silence.after.event), event_words(silence.before.event));
        writeln!(to, "- longest silence: {} days, after {after}, before {before}", silence.days)?;
    }
    rows("Events by year", "year", stats.years.iter().map(|(year, events)| (year.to_string(), *events)), to)?;
    let precision = stats.precision.iter().map(|(name, events)| (name.to_string(), *events));
    let beside = [("approximate".to_owned(), stats.approximate), ("uncertain".to_owned(), stats.uncertain)];
    rows("Dates", "precision", precision.chain(beside), to)?;
    let values = words::value_counts(&stats.values).map(|(_, name, values)| (name.to_owned(), values));
    rows("Values", "standing", values, to)?;
    part("Sources", stats.sources.is_empty(), to)?;
    if !stats.sources.is_empty() {
        table(to, &["source", "events", "values", "values on it alone"])?;
    }
    for one in &stats.sources {
        let name = markdown(&words::source_name(&one.source));
        writeln!(to, "| {name} | {} | {} | {} |", one.events, one.values, one.alone)?;
    }
    part("Voices", stats.voices.is_empty(), to)?;
    if !stats.voices.is_empty() {
        table(to, &["voice", "claims", "of these on record", "of these otherwise"])?;
    }
    stats.voices.iter().try_for_each(|one| {
        writeln!(to, "| {} | {} | {} | {} |", markdown_code(one.voice), one.claims, one.beside_record, one.differ)
    })
}

fn rows(name: &str, of: &str, mut rows: impl Iterator<Item = (String, usize)>, to: &mut dyn Write) -> io::Result<()> {
    part(name, false, to)?;
    table(to, &[of, "number"])?;
    rows.try_for_each(|(name, number)| writeln!(to, "| {} | {number} |", markdown(&name)))
}
