//! The chronicle as it is served: the state that answers, and the newest reading of the files, which may be faulty.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Weak};

use tokio::sync::watch;

use crate::disk::{self, DiskError};
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::text::Texts;
use crate::timeline::Timeline;

/// A chronicle that was loaded from its folder.
#[derive(Debug)]
pub struct Loaded {
    /// The chronicle.
    pub timeline: Timeline,
    pub(super) revision: u64,
}

impl Loaded {
    /// Loads a folder. Errors: it cannot be read at all; the faults of its files stand in the timeline.
    pub fn read(folder: &Path) -> Result<Loaded, DiskError> {
        Ok(Files::read(folder)?.load())
    }

    /// How many errors loading found.
    fn errors(&self) -> usize {
        self.timeline.faults().iter().filter(|fault| fault.severity == Severity::Error).count()
    }
}

/// The files of a chronicle, before they are loaded.
struct Files {
    texts: Texts,
    faults: Vec<Diagnostic>,
    /// The same for the same files under the same version of the program.
    revision: u64,
}

impl Files {
    fn read(folder: &Path) -> Result<Files, DiskError> {
        let (texts, faults) = disk::read(folder, &[])?;
        let mut hasher = DefaultHasher::new();
        (env!("CARGO_PKG_VERSION"), &texts.folder).hash(&mut hasher);
        texts.files.iter().for_each(|text| (&text.name, text.content()).hash(&mut hasher));
        // What cannot be read has no text that would tell one fault from another.
        faults.iter().for_each(|fault| (fault.place, &fault.message).hash(&mut hasher));
        Ok(Files { texts, faults, revision: hasher.finish() })
    }

    fn load(self) -> Loaded {
        Loaded { timeline: Timeline::load(self.texts, self.faults), revision: self.revision }
    }
}

/// What is served at one time.
#[derive(Clone, Debug)]
pub(super) struct Served {
    /// What questions are answered from.
    pub(super) good: Arc<Loaded>,
    /// The newest reading of the files, or why there is none.
    pub(super) newest: Result<Arc<Loaded>, String>,
}

impl Served {
    pub(super) fn new(loaded: Loaded) -> Served {
        let good = Arc::new(loaded);
        Served { newest: Ok(Arc::clone(&good)), good }
    }

    /// The same after another reading, which answers only if it is whole, or if it is enough that something of it holds.
    fn after(&self, newest: Result<Loaded, String>, keep_going: bool) -> Served {
        let newest = newest.map(Arc::new);
        let good = match &newest {
            Ok(newest) if keep_going || newest.timeline.is_whole() => newest,
            _ => &self.good,
        };
        Served { good: Arc::clone(good), newest }
    }

    /// How many errors the files have now.
    pub(super) fn faults(&self) -> usize {
        self.newest.as_ref().map_or(1, |newest| newest.errors())
    }
}

/// Reads a folder, and says so to all who serve it if it is not as before; whether there was anything to read. Nothing if
/// nobody serves it any more.
pub(super) fn read_again(folder: &Path, keep_going: bool, served: &Weak<watch::Sender<Served>>) -> Option<bool> {
    let before = served.upgrade()?.borrow().newest.as_ref().map(|newest| newest.revision).ok();
    // Whatever a file does to the reader, the last state goes on.
    let read = catch_unwind(AssertUnwindSafe(|| {
        let files = Files::read(folder)?;
        Ok::<_, DiskError>((before != Some(files.revision)).then(|| files.load()))
    }));
    let newest = match read {
        Ok(Ok(None)) => return Some(true),
        Ok(Ok(Some(loaded))) => Ok(loaded),
        Ok(Err(error)) => Err(error.message),
        Err(_) => Err("this chronicle cannot be loaded: that is a fault of asof".to_owned()),
    };
    let served = served.upgrade()?;
    let is_read = newest.is_ok();
    if is_read || before.is_some() {
        let after = served.borrow().after(newest, keep_going);
        // What is replaced is taken apart here, where nobody waits.
        drop(served.send_replace(after));
    }
    Some(is_read)
}
