//! A chronicle that is being edited: its files with what editors have open in place of them, loaded in a thread of its
//! own. The newest reading tells the faults; the last one that lost nothing answers. Knows nothing of the protocol.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use crate::ask::{Asks, Found, Question, Selectors, ask};
use crate::disk;
use crate::model::diagnostic::Diagnostic;
use crate::model::text::{FileId, Place, Text, Texts};
use crate::timeline::Timeline;

/// How long nobody must type before the chronicle is loaded, and how often that is waited for.
const QUIET: (Duration, usize) = (Duration::from_millis(120), 20);

/// A chronicle that was loaded, with all that `check` finds.
pub struct Loaded {
    /// The chronicle.
    pub timeline: Timeline,
    /// Every fault, in the order of the files.
    pub faults: Vec<Diagnostic>,
    /// Of the texts that were open: which version of each was read, by its name.
    pub versions: BTreeMap<String, i32>,
}

/// A text that is open: its version, and what it says.
pub type Version = (i32, String);

impl Loaded {
    fn of(texts: Texts, faults: Vec<Diagnostic>, versions: BTreeMap<String, i32>) -> Loaded {
        let timeline = Timeline::load(texts, faults);
        let asks = Asks::Check { rules: Vec::new(), strict: false };
        let faults = match ask(&timeline, &Question { select: Selectors::default(), asks }).map(|answer| answer.found) {
            Ok(Found::Faults(found)) => found.diagnostics,
            _ => timeline.faults().to_vec(),
        };
        Loaded { timeline, faults, versions }
    }
}

/// What is to be loaded.
struct Job {
    /// The texts that are open, by their names.
    open: BTreeMap<String, Version>,
    /// Whether files may have changed on disk.
    is_reread: bool,
}

/// A chronicle in an editor.
pub struct Chronicle {
    jobs: Sender<Job>,
    newest: Option<Arc<Loaded>>,
    good: Option<Arc<Loaded>>,
    /// Why it was not read last time.
    failed: Option<String>,
}

impl Chronicle {
    /// A chronicle whose readings are handed to `tell`, or why there is none.
    pub fn start(folder: &Path, tell: impl Fn(Result<Loaded, String>) + Send + 'static) -> std::io::Result<Chronicle> {
        let (jobs, given) = mpsc::channel();
        let folder = folder.to_owned();
        thread::Builder::new().name("asof-load".into()).spawn(move || load_all(&folder, &given, &tell))?;
        Ok(Chronicle { jobs, newest: None, good: None, failed: None })
    }

    /// Has it loaded soon, with these texts in place of those on disk.
    pub fn load(&self, open: BTreeMap<String, Version>, is_reread: bool) {
        // A thread that is gone has said why.
        let _ = self.jobs.send(Job { open, is_reread });
    }

    /// Takes the newest reading, or why there is none; gives back what is to be said of that, if it was not said before.
    pub fn take(&mut self, newest: Result<Loaded, String>) -> Option<String> {
        let newest = match newest {
            Ok(newest) => Arc::new(newest),
            Err(message) => {
                let is_known = self.failed.as_ref() == Some(&message);
                self.failed = Some(message.clone());
                return (!is_known).then_some(message);
            }
        };
        self.failed = None;
        let left_out = |loaded: &Arc<Loaded>| loaded.timeline.left_out();
        if newest.timeline.is_whole() || self.good.as_ref().is_none_or(|good| left_out(&newest) <= left_out(good)) {
            self.good = Some(Arc::clone(&newest));
        }
        self.newest = Some(newest);
        None
    }

    /// Whether it was never read yet, so that waiting is better than an answer.
    pub fn is_new(&self) -> bool {
        self.newest.is_none() && self.failed.is_none()
    }

    /// The newest reading.
    pub fn newest(&self) -> Option<&Arc<Loaded>> {
        self.newest.as_ref()
    }

    /// The last reading that left out no more than the one before.
    pub fn good(&self) -> Option<&Arc<Loaded>> {
        self.good.as_ref()
    }
}

/// Loads whatever is asked for, the newest alone, until nobody can ask any more.
fn load_all(folder: &Path, given: &Receiver<Job>, tell: &dyn Fn(Result<Loaded, String>)) {
    let mut on_disk: Option<(Texts, Vec<Diagnostic>)> = None;
    while let Ok(mut job) = given.recv() {
        // The first is loaded at once: nobody has typed yet.
        let mut waits = if on_disk.is_some() { QUIET.1 } else { 0 };
        while waits > 0 {
            match given.recv_timeout(QUIET.0) {
                Ok(newer) => job = Job { is_reread: job.is_reread || newer.is_reread, ..newer },
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
            waits -= 1;
        }
        let read = catch_unwind(AssertUnwindSafe(|| {
            if job.is_reread || on_disk.is_none() {
                on_disk = match disk::read(folder, &[]) {
                    Ok(read) => Some(read),
                    // A file that is not saved yet may be the first.
                    Err(_) if !job.open.is_empty() => {
                        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
                        Some((Texts { folder: name.unwrap_or_default(), ..Texts::default() }, Vec::new()))
                    }
                    Err(error) => return Err(error.message),
                };
            }
            let (texts, faults) = on_disk.clone().unwrap_or_default();
            let versions = job.open.iter().map(|(name, (version, _))| (name.clone(), *version)).collect();
            let (texts, faults) = laid_over(texts, faults, job.open);
            Ok(Loaded::of(texts, faults, versions))
        }));
        tell(read.unwrap_or_else(|_| Err("this chronicle cannot be loaded: that is a fault of asof".to_owned())));
    }
}

/// The texts on disk with those that are open in their place or beside them, in order of their names; faults of reading
/// a file that is open are none of its text's.
fn laid_over(on_disk: Texts, faults: Vec<Diagnostic>, open: BTreeMap<String, Version>) -> (Texts, Vec<Diagnostic>) {
    let mut of_file: BTreeMap<FileId, Vec<Diagnostic>> = BTreeMap::new();
    faults.into_iter().for_each(|fault| of_file.entry(fault.place.file).or_default().push(fault));
    let mut all: Vec<(Text, Vec<Diagnostic>)> = Vec::with_capacity(on_disk.files.len() + open.len());
    for (number, text) in on_disk.files.into_iter().enumerate() {
        if !open.contains_key(&text.name) {
            all.push((text, of_file.remove(&FileId(number as u32)).unwrap_or_default()));
        }
    }
    all.extend(open.into_iter().map(|(name, (_, text))| (Text::new(name, text), Vec::new())));
    all.sort_by(|(one, _), (other, _)| one.name.as_bytes().cmp(other.name.as_bytes()));
    let mut texts = Texts { own: all.len(), files: Vec::with_capacity(all.len()), folder: on_disk.folder };
    let mut faults = Vec::new();
    for (number, (text, found)) in all.into_iter().enumerate() {
        let file = FileId(number as u32);
        faults.extend(found.into_iter().map(|fault| Diagnostic { place: Place { file, ..fault.place }, ..fault }));
        texts.files.push(text);
    }
    (texts, faults)
}

/// The chronicle of a file and the file's name in it: of the folder that is given, else of the nearest one upwards. Nothing
/// where the file would not be read as one of it.
pub fn home(file: &Path, given: Option<&Path>) -> Option<(PathBuf, String)> {
    let folder = match given {
        Some(folder) => folder.to_owned(),
        None => disk::find(None, None, file.parent()?).ok()?,
    };
    let name = disk::name_in(&folder, file)?;
    Some((folder, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::diagnostic::Code;

    #[test]
    fn what_is_open_lies_over_what_is_on_disk() {
        let files = ["a.yaml", "b.yaml", "d.yaml"].map(|name| Text::new(name, "on disk")).to_vec();
        let on_disk = Texts { own: 3, files, folder: "c".into() };
        let fault = |file| Diagnostic::new(Code::NotUtf8, Place::of_file(FileId(file)), "m");
        let open = ["b.yaml", "c.yaml"].map(|name| (name.to_owned(), (1, "open".to_owned()))).into();
        let (texts, faults) = laid_over(on_disk, vec![fault(1), fault(2)], open);
        let told: Vec<(&str, &str)> = texts.files.iter().map(|text| (text.name.as_str(), text.content())).collect();
        assert_eq!(told, [("a.yaml", "on disk"), ("b.yaml", "open"), ("c.yaml", "open"), ("d.yaml", "on disk")]);
        assert_eq!(faults.iter().map(|fault| fault.place.file.0).collect::<Vec<_>>(), [3]);
        assert_eq!((texts.own, texts.folder.as_str()), (4, "c"));
    }

    #[test]
    fn a_reading_that_lost_something_does_not_answer() {
        let loaded = |text: &str| {
            let texts = Texts { own: 1, files: vec![Text::new("a.yaml", text)], folder: "c".into() };
            Loaded::of(texts, Vec::new(), BTreeMap::new())
        };
        let mut chronicle = Chronicle::start(Path::new("/nowhere"), |_| {}).unwrap();
        assert!(chronicle.is_new());
        chronicle.take(Ok(loaded("title: broken\n")));
        assert_eq!(chronicle.good().unwrap().timeline.history().len(), 0, "better than nothing");
        chronicle.take(Ok(loaded("date: 2022\ntitle: A\n")));
        chronicle.take(Ok(loaded("date: [\ntitle: A\n")));
        assert_eq!(chronicle.good().unwrap().timeline.history().len(), 1);
        assert_eq!(chronicle.newest().unwrap().timeline.history().len(), 0);
        assert_eq!(chronicle.take(Err("gone".into())).as_deref(), Some("gone"));
        assert_eq!(chronicle.take(Err("gone".into())), None, "that is said once");
        assert!(!chronicle.is_new() && chronicle.good().is_some());
    }
}
