//! What values hang on, as tables.

use std::io::{self, Write};

use super::{event_words, plain, table};
use crate::ask::{Fall, Hinges};
use crate::render::escape::{markdown, markdown_code};
use crate::render::words;

/// Writes what values hang on: the sources first, then every value.
pub(super) fn hinges(found: &Hinges, to: &mut dyn Write) -> io::Result<()> {
    if !found.sources.is_empty() {
        table(to, &["source", "falls", "changes", "survives"])?;
        for source in &found.sources {
            let (name, weight) = (markdown(&words::origin(&source.origin)), source.weight);
            writeln!(to, "| {name} | {} | {} | {} |", weight.falls, weight.changes, weight.survives)?;
        }
        writeln!(to)?;
    }
    table(to, &["path", "value", "hangs on", "without it"])?;
    for value in &found.values {
        let none = if value.unsourced { " (no source)" } else { "" };
        let value_said = format!("{}{none}", markdown(&words::said(&value.fact).1));
        let first = [markdown_code(value.fact.path.as_str()), value_said];
        let survives = words::survives(value).map(|survives| [survives.to_owned(), String::new()]);
        let hinges = value.hinges.iter().map(|hinge| {
            let thing = format!("{} {}", hinge.on.name(), words::hangs_on(&hinge.on));
            [markdown(&thing), markdown(&words::comes_of(hinge, &value.fact).1)]
        });
        for (at, [thing, outcome]) in survives.into_iter().chain(hinges).enumerate() {
            let [path, said] = if at == 0 { first.clone() } else { Default::default() };
            writeln!(to, "| {path} | {said} | {thing} | {outcome} |")?;
        }
    }
    Ok(())
}

/// Writes what falls, changes, comes and survives without a source.
pub(super) fn fall(found: &Fall, to: &mut dyn Write) -> io::Result<()> {
    for event in &found.left_out {
        writeln!(to, "- left out: {}", event_words(event))?;
    }
    for (name, changes) in [("Falls", &found.falls), ("Changes", &found.changes), ("Gains a value", &found.gains)] {
        super::part(name, changes.is_empty(), to)?;
        for change in changes {
            let said = plain(&words::difference(change));
            writeln!(to, "- {}: {said}", markdown_code(change.path.as_str()))?;
        }
    }
    super::part("Survives", found.survives.is_empty(), to)?;
    for one in &found.survives {
        let (said, on) = (markdown(&words::said(&one.fact).1), markdown(&words::survives_on(one, true)));
        writeln!(to, "- {}: {said}, {on}", markdown_code(one.fact.path.as_str()))?;
    }
    Ok(())
}
