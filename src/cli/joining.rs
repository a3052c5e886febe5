//! Imported events that are to join a chronicle: kept back until all are read and the whole chronicle has been tried with
//! them, so that no import breaks it. Where the events go elsewhere, nothing is kept back, nor are more than memory should
//! hold. Knows nothing of formats.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::args::Import;
use super::complain;
use super::fitting::{Read, new_faults};
use super::output::Output;
use super::store::Store;
use super::surroundings::{here, names_in, shown_folder};
use crate::disk::{self, Lock};
use crate::exchange::import::Made;
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::text::Texts;
use crate::render::diagnostic;

/// So many faults are shown; one row that does not fit is seldom alone.
const SHOWN: usize = 10;

/// So many bytes of events, as JSON, are kept back at most: some 30,000 events, which take five times as much memory.
const MOST: usize = 32 << 20;

/// Events on their way into a chronicle.
pub struct Joining {
    chronicle: PathBuf,
    to: To,
    /// The events, in the order of their sources.
    pub made: Vec<Made>,
    /// How many bytes they are as JSON.
    bytes: usize,
}

/// Whether events fit into their chronicle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fit {
    /// They bring no error.
    Yes,
    /// They bring some.
    No,
    /// The chronicle cannot be read, so nobody knows.
    Untried,
}

/// What the events will be.
enum To {
    /// A file each, below a folder.
    Files {
        into: PathBuf,
        update: bool,
    },
    Lines(PathBuf),
}

impl Joining {
    /// The events of an import into a chronicle with a manifest; none, if they go elsewhere.
    pub fn of(command: &Import, into: Option<&Path>) -> Result<Option<Joining>> {
        let here = here()?;
        let (folder, to) = match (into, &command.jsonl) {
            (Some(into), _) => (here.join(into), To::Files { into: into.to_owned(), update: command.update }),
            (None, Some(file)) if file != Path::new("-") => {
                let file = here.join(file);
                (file.parent().unwrap_or(&here).to_owned(), To::Lines(file))
            }
            _ => return Ok(None),
        };
        let has_manifest = |folder: &PathBuf| !disk::read_manifest(folder).files.is_empty();
        let chronicle = disk::chronicle_of(&folder).filter(has_manifest);
        Ok(chronicle.map(|chronicle| Joining { chronicle, to, made: Vec::new(), bytes: 0 }))
    }

    /// Keeps an event back; gives it back where that would be too many.
    pub fn keep_back(&mut self, made: Made) -> Option<Made> {
        self.bytes += made.json.len();
        if self.bytes > MOST {
            return Some(made);
        }
        self.made.push(made);
        None
    }

    /// Waits until nobody else adds to the chronicle, and keeps others from it as long as the lock is held.
    pub fn lock(&self) -> Result<Lock> {
        Ok(Lock::of(&self.chronicle)?)
    }

    /// What becomes of the chronicle with the events: whether it has no error more, else says which.
    pub fn fits(&self, output: &Output) -> Result<Fit> {
        let here = here()?;
        let read = Read::of(&self.chronicle)?;
        let unreadable = read.unreadable();
        if !unreadable.is_empty() {
            self.show(&unreadable, &read.texts, output)?;
            complain("asof: nothing can be checked against this chronicle, so nothing is imported into it");
            return Ok(Fit::Untried);
        }
        let files = match &self.to {
            To::Files { into, update } => Store::files(into, *update)?.files_of(&self.made)?,
            To::Lines(file) => {
                vec![(file.clone(), self.made.iter().flat_map(|made| [made.json.as_str(), "\n"]).collect())]
            }
        };
        let named = |(file, text): (PathBuf, String)| {
            let name = names_in(&self.chronicle, &here.join(file).display().to_string(), &here).into_iter().next();
            name.map(|name| (name, text))
        };
        let files: Vec<(String, String)> = files.into_iter().filter_map(named).collect();
        let after = read.with(&files);
        let mut new = new_faults(&read.timeline, &after)?;
        new.retain(|fault| fault.severity == Severity::Error);
        if new.is_empty() {
            return Ok(Fit::Yes);
        }
        self.show(&new[..new.len().min(SHOWN)], after.texts(), output)?;
        complain(&format!(
            "asof: the chronicle would have {} with what was read, so nothing is written",
            diagnostic::tally(&new)
        ));
        complain("help: declare in the manifest what they speak of, or keep them apart with `--into DIR`");
        Ok(Fit::No)
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
