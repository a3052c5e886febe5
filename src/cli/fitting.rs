//! Whether what is to be written fits into a chronicle: the chronicle as it was read, what it would be with more files, and
//! the faults that these bring. Knows nothing of where the files come from, and writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;

use crate::ask::{Asks, Found, Question, Selectors, ask};
use crate::disk::Listing;
use crate::model::diagnostic::{Code, Diagnostic, Severity};
use crate::model::text::{FileId, Place, Text, Texts};
use crate::parse;
use crate::timeline::Timeline;

/// The chronicle as it was read.
pub struct Read {
    /// Its texts.
    pub texts: Texts,
    faults: Vec<Diagnostic>,
    /// What they say.
    pub timeline: Timeline,
}

impl Read {
    /// Reads a folder, which may have no event files yet. Errors: the folder cannot be read.
    pub fn of(folder: &Path) -> Result<Read> {
        let (texts, faults) = Listing::or_empty(folder)?.read(&[], &|| {})?;
        let timeline = Timeline::load(texts.clone(), faults.clone());
        Ok(Read { texts, faults, timeline })
    }

    /// The faults without which nothing can be checked: of the manifest, and of files that cannot be read.
    pub fn unreadable(&self) -> Vec<Diagnostic> {
        let is_so = |fault: &&Diagnostic| {
            let is_manifest = parse::is_manifest(&self.texts.file(fault.place.file).name);
            fault.severity == Severity::Error && (is_manifest || fault.code == Code::UnreadableFile)
        };
        self.timeline.faults().iter().filter(is_so).cloned().collect()
    }

    /// The chronicle with these files, by name and text: new ones, or instead of those that are there.
    pub fn with(&self, files: &[(String, String)]) -> Timeline {
        let own = &self.texts.files[..self.texts.own];
        let mut whole: BTreeMap<&[u8], Text> = own.iter().map(|text| (text.name.as_bytes(), text.clone())).collect();
        whole.extend(files.iter().map(|(name, text)| (name.as_bytes(), Text::new(name.as_str(), text.as_str()))));
        let files = whole.into_values().collect::<Vec<_>>();
        let texts = Texts { own: files.len(), files, folder: self.texts.folder.clone() };
        let mut faults = self.faults.clone();
        for fault in &mut faults {
            fault.place.file = place(&texts.files, &self.texts.file(fault.place.file).name);
        }
        Timeline::load(texts, faults)
    }

    /// The number that a file gets which is not there yet.
    pub fn place_of(&self, name: &str) -> FileId {
        place(&self.texts.files, name)
    }
}

fn place(files: &[Text], name: &str) -> FileId {
    FileId(files.partition_point(|text| text.name.as_bytes() < name.as_bytes()) as u32)
}

/// The faults that a chronicle has and did not have before: of another kind, or at another place.
pub fn new_faults(before: &Timeline, after: &Timeline) -> Result<Vec<Diagnostic>> {
    let mut found = faults_of(after)?;
    if found.is_empty() {
        return Ok(found);
    }
    let key = |fault: &Diagnostic, timeline: &Timeline| {
        let Place { file, start, end } = fault.place;
        (fault.code, timeline.texts().file(file).name.clone(), start, end)
    };
    let known: BTreeSet<_> = faults_of(before)?.iter().map(|fault| key(fault, before)).collect();
    found.retain(|fault| fault.severity != Severity::Hint && !known.contains(&key(fault, after)));
    Ok(found)
}

/// All that `check` says of a chronicle.
fn faults_of(timeline: &Timeline) -> Result<Vec<Diagnostic>> {
    match ask(timeline, &check())?.found {
        Found::Faults(faults) => Ok(faults.diagnostics),
        _ => Ok(Vec::new()),
    }
}

/// The question for all faults.
pub fn check() -> Question {
    Question { select: Selectors::default(), asks: Asks::Check { rules: Vec::new(), strict: false } }
}
