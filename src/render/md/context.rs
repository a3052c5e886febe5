//! A context as a table of the paths that an event touches, before and after it.

use std::io::{self, Write};

use super::{event_words, particulars, plain, table, trouble};
use crate::ask::{Around, Context, Fact};
use crate::render::escape::{markdown, markdown_code};
use crate::render::words;

/// Writes a context.
pub(super) fn context(context: &Context, to: &mut dyn Write) -> io::Result<()> {
    match &context.around {
        Around::Event { event, before, after } => {
            writeln!(to, "## {}", event_words(event.event.event))?;
            trouble(&event.event, event.counts, &event.void_by, to)?;
            writeln!(to)?;
            particulars(&event.event, "", to)?;
            writeln!(to)?;
            table(to, &["", "path", "before", "after"])?;
            for (before, after) in before.iter().zip(after) {
                let mark = if context.around.changes(after.path) { "!" } else { "" };
                let path = markdown_code(after.path.as_str());
                writeln!(to, "| {mark} | {path} | {} | {} |", said(before), said(after))?;
            }
            Ok(())
        }
        Around::Expectation { begins, facts } => {
            let file = markdown_code(context.file);
            writeln!(to, "The expectation on line {begins} of {file} is asked of\n")?;
            table(to, &["path", "value"])?;
            facts.iter().try_for_each(|fact| writeln!(to, "| {} | {} |", markdown_code(fact.path.as_str()), said(fact)))
        }
    }
}

/// The value with its marks.
fn said(fact: &Fact) -> String {
    let marks: String = words::marks(fact).iter().map(|(_, mark)| format!(" ({})", markdown(mark))).collect();
    format!("{}{marks}", plain(&[words::said(fact)]))
}
