//! Imported events that are to join a chronicle: kept back until all are read and the whole chronicle has been tried with
//! them, so that no import breaks it. Where the events go elsewhere, nothing is kept back. Knows nothing of formats.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::args::Import;
use super::complain;
use super::fitting::{Read, new_faults};
use super::output::Output;
use super::store::Store;
use super::surroundings::{here, names_in, shown_folder};
use crate::disk;
use crate::exchange::import::Made;
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::text::Texts;
use crate::render::diagnostic;

/// So many faults are shown; one row that does not fit is seldom alone.
const SHOWN: usize = 10;

/// Events on their way into a chronicle.
pub struct Joining {
    chronicle: PathBuf,
    read: Read,
    to: To,
    /// The events, in the order of their sources.
    pub made: Vec<Made>,
}

/// What the events will be.
enum To {
    Files(Store),
    Lines(PathBuf),
}

impl Joining {
    /// The chronicle with a manifest that the events go into, read; none, if they go elsewhere. Errors: what cannot be
    /// read.
    pub fn of(command: &Import, into: Option<&Path>) -> Result<Option<Joining>> {
        let here = here()?;
        let (folder, to) = match (into, &command.jsonl) {
            (Some(into), _) => (here.join(into), To::Files(Store::files(into, command.update)?)),
            (None, Some(file)) if file != Path::new("-") => {
                let file = here.join(file);
                (file.parent().unwrap_or(&here).to_owned(), To::Lines(file))
            }
            _ => return Ok(None),
        };
        let has_manifest = |folder: &PathBuf| !disk::read_manifest(folder).files.is_empty();
        let Some(chronicle) = disk::chronicle_of(&folder).filter(has_manifest) else { return Ok(None) };
        Ok(Some(Joining { read: Read::of(&chronicle)?, chronicle, to, made: Vec::new() }))
    }

    /// Whether the chronicle can be tried at all; says why not.
    pub fn is_readable(&self, output: &Output) -> Result<bool> {
        let unreadable = self.read.unreadable();
        if !unreadable.is_empty() {
            self.show(&unreadable, &self.read.texts, output)?;
            complain("asof: nothing can be checked against this chronicle, so nothing is imported into it");
        }
        Ok(unreadable.is_empty())
    }

    /// Whether the chronicle has no error more with the events; says which otherwise.
    pub fn fits(&self, output: &Output) -> Result<bool> {
        let here = here()?;
        let files = match &self.to {
            To::Files(store) => store.files_of(&self.made)?,
            To::Lines(file) => {
                vec![(file.clone(), self.made.iter().flat_map(|made| [made.json.as_str(), "\n"]).collect())]
            }
        };
        let named = |(file, text): (PathBuf, String)| {
            let name = names_in(&self.chronicle, &here.join(file).display().to_string(), &here).into_iter().next();
            name.map(|name| (name, text))
        };
        let files: Vec<(String, String)> = files.into_iter().filter_map(named).collect();
        let after = self.read.with(&files);
        let mut new = new_faults(&self.read.timeline, &after)?;
        new.retain(|fault| fault.severity == Severity::Error);
        if new.is_empty() {
            return Ok(true);
        }
        self.show(&new[..new.len().min(SHOWN)], after.texts(), output)?;
        complain(&format!(
            "asof: the chronicle would have {} with what was read, so nothing is written",
            diagnostic::tally(&new)
        ));
        complain("help: declare in the manifest what they speak of, or keep them apart with `--into DIR`");
        Ok(false)
    }

    /// Shows faults with the names of files so that they open from here.
    fn show(&self, faults: &[Diagnostic], texts: &Texts, output: &Output) -> Result<()> {
        let folder = shown_folder(&self.chronicle, &here()?);
        let mut texts = texts.clone();
        if !folder.is_empty() {
            texts.files.iter_mut().for_each(|text| text.name = format!("{folder}/{}", text.name));
        }
        texts.own = 0;
        let mut stream = io::BufWriter::new(io::stderr().lock());
        // Nothing is left to tell where standard error is closed.
        let _ = diagnostic::write(faults, &texts, &output.how_on_stderr(), &mut stream).and_then(|()| stream.flush());
        Ok(())
    }
}
