//! A trace as two lists that are indented as deep as their events stand from it.

use std::io::{self, Write};

use super::{event_words, part, trouble};
use crate::ask::{Branch, Cut, Trace};
use crate::render::escape::markdown;
use crate::render::words;

/// Writes a trace.
pub(super) fn trace(trace: &Trace, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "## {}", event_words(trace.event.event))?;
    trouble(&trace.event, trace.counts, &trace.void_by, to)?;
    branches("Because", &trace.because, to)?;
    branches("Consequences", &trace.consequences, to)?;
    words::not_told(trace).iter().try_for_each(|words| writeln!(to, "\n*{}*", markdown(words)))
}

fn branches(name: &str, branches: &[Branch], to: &mut dyn Write) -> io::Result<()> {
    part(name, branches.is_empty(), to)?;
    let mut left: Vec<(usize, &Branch)> = branches.iter().rev().map(|branch| (0, branch)).collect();
    while let Some((depth, branch)) = left.pop() {
        let possible = if branch.event.possible { "? " } else { "" };
        let cut = match branch.cut {
            None => "",
            Some(Cut::Repeated) => " … (told above)",
            Some(Cut::Deep) => " … (more beyond this depth)",
        };
        writeln!(to, "{:2$}- {possible}{}{cut}", "", event_words(branch.event.event), depth * 2)?;
        left.extend(branch.below.iter().rev().map(|below| (depth + 1, below)));
    }
    Ok(())
}
