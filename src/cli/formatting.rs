//! `asof format`: the event files of a chronicle in the canonical style, each replaced whole or left as it is.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::output::Output;
use super::surroundings::names_in;
use super::{Verdict, complain};
use crate::ask::Refusal;
use crate::disk::{self, Listing};
use crate::model::diagnostic::Severity;
use crate::model::text::{FileId, Text};
use crate::parse::is_manifest;
use crate::render::escape::visible;
use crate::timeline::Timeline;
use crate::write;

/// Formats the files that are named, else all; with `check` only says which would change. The manifest, its tables and
/// JSON stay as they are. A file with a fault is left alone and named, which is a no.
pub fn format(folder: &Path, here: &Path, files: &[String], check: bool, output: &Output) -> Result<Verdict> {
    let listing = Listing::of(folder)?;
    let (texts, faults) = listing.read(&[], &|| {})?;
    let wanted = wanted(folder, here, files, &texts.files)?;
    let timeline = Timeline::load(texts, faults);
    let is_error = |file: &FileId| {
        timeline.faults().iter().any(|fault| fault.severity == Severity::Error && fault.place.file == *file)
    };
    let (mut changed, mut verdict) = (Vec::new(), Verdict::Yes);
    let shown = |name: &str| visible(&Path::new(&output.how.folder).join(name).display().to_string()).into_owned();
    for (number, text) in timeline.texts().files.iter().enumerate().filter(|(number, _)| wanted.contains(number)) {
        let name = shown(&text.name);
        if is_error(&FileId(u32::try_from(number)?)) {
            complain(&format!("asof: {name} is left as it is: it has faults, see `asof check`"));
            verdict = Verdict::No;
            continue;
        }
        let formatted = write::format(text.content());
        for (line, reason) in &formatted.kept {
            complain(&format!("asof: {name}:{line}: this document is left as it is: {reason}"));
        }
        if formatted.text == text.content() {
            continue;
        }
        if check {
            verdict = Verdict::No;
        } else if let Err(error) = disk::replace(listing.root(), &text.name, text.content(), &formatted.text) {
            complain(&format!("asof: {name} is left as it is: {}", visible(&error.to_string())));
            verdict = Verdict::No;
            continue;
        }
        changed.push(name);
    }
    output.put(|to| changed.iter().try_for_each(|name| writeln!(to, "{name}")))?;
    Ok(verdict)
}

/// The numbers of the files to be formatted: those that hold events in YAML, and are named or lie in a folder that is.
fn wanted(folder: &Path, here: &Path, files: &[String], texts: &[Text]) -> Result<BTreeSet<usize>> {
    let is_events = |name: &str| !is_manifest(name) && (name.ends_with(".yaml") || name.ends_with(".yml"));
    let all = || texts.iter().enumerate().filter(|(_, text)| is_events(&text.name));
    if files.is_empty() {
        return Ok(all().map(|(number, _)| number).collect());
    }
    let mut wanted = BTreeSet::new();
    for file in files {
        let names = names_in(folder, file, here);
        let is_named = |text: &Text| {
            names.iter().any(|name| {
                let rest = text.name.strip_prefix(name.as_str());
                name.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        };
        if !texts.iter().any(is_named) {
            let refusal = Refusal::bad(format!("no file of this chronicle: `{file}`"));
            return Err(refusal.into());
        }
        wanted.extend(all().filter(|(_, text)| is_named(text)).map(|(number, _)| number));
    }
    Ok(wanted)
}
