//! The door to what the system tells of files: waits until something in a folder has changed and is quiet again. Knows
//! nothing of what the files say, nor of who follows them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

/// How long nothing must happen before the files are read, and how often that is waited for.
const QUIET: (Duration, usize) = (Duration::from_millis(100), 20);
/// How often a folder is tried that cannot be read, and files are looked at that the system does not watch.
const AGAIN: Duration = Duration::from_secs(1);

/// A folder that is followed, and files beside it.
pub struct Follow {
    folder: PathBuf,
    /// The folders of the files beside it: a file that is replaced is another one, and only its folder tells.
    beside: Vec<PathBuf>,
    is_watched: bool,
    watcher: Box<dyn Watcher + Send>,
    told: mpsc::Receiver<()>,
}

impl Follow {
    /// Follows a folder, and some files that may lie anywhere. Errors: it cannot be watched.
    pub fn start(folder: &Path, files: &[PathBuf]) -> Result<Follow, notify::Error> {
        let folder = folder.canonicalize()?;
        let mut also = Vec::new();
        for file in files {
            let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            also.push(parent.canonicalize()?.join(file.file_name().unwrap_or_default()));
        }
        let mut beside: Vec<PathBuf> = also.iter().filter_map(|file| file.parent().map(Path::to_owned)).collect();
        beside.retain(|parent| !parent.starts_with(&folder));
        let (tell, told) = mpsc::channel();
        let root = folder.clone();
        let tell = move |event: notify::Result<Event>| {
            if event.map_or(true, |event| concerns(&root, &also, &event)) {
                let _ = tell.send(());
            }
        };
        let mut watcher: Box<dyn Watcher + Send> = Box::new(RecommendedWatcher::new(tell.clone(), Config::default())?);
        if watcher.watch(&folder, RecursiveMode::Recursive).is_err() {
            // A system has only so many watches to give.
            watcher = Box::new(PollWatcher::new(tell, Config::default().with_poll_interval(AGAIN))?);
            watcher.watch(&folder, RecursiveMode::Recursive)?;
        }
        for parent in &beside {
            watcher.watch(parent, RecursiveMode::NonRecursive)?;
        }
        Ok(Follow { folder, beside, is_watched: true, watcher, told })
    }

    /// Waits until something has changed and is quiet again; where the folder could not be read, or is not watched, no
    /// longer than a second.
    pub fn wait(&mut self, is_read: bool) {
        if is_read && self.is_watched {
            // The watcher holds the other end.
            let _ = self.told.recv();
        } else {
            let _ = self.told.recv_timeout(AGAIN);
        }
        // A folder that was replaced is another one under the same name, so it is watched anew before it is read.
        let _ = self.watcher.unwatch(&self.folder);
        self.is_watched = self.watcher.watch(&self.folder, RecursiveMode::Recursive).is_ok();
        for parent in &self.beside {
            let _ = self.watcher.unwatch(parent);
            self.is_watched &= self.watcher.watch(parent, RecursiveMode::NonRecursive).is_ok();
        }
        for _ in 0..QUIET.1 {
            thread::sleep(QUIET.0);
            if self.told.try_iter().count() == 0 {
                break;
            }
        }
    }
}

/// Whether an event may have changed what is read: it is more than a look at a file, and not all of it lies in what is
/// hidden or elsewhere.
fn concerns(root: &Path, also: &[PathBuf], event: &Event) -> bool {
    let is_hidden = |name: &OsStr| matches!(name.as_encoded_bytes().first(), Some(b'.' | b'_'));
    let hidden = |path: &PathBuf| match path.strip_prefix(root) {
        Ok(inside) => inside.iter().any(is_hidden) && !also.contains(path),
        Err(_) => !also.is_empty() && !root.starts_with(path) && !also.contains(path),
    };
    let looks = match event.kind {
        EventKind::Access(kind) => kind != AccessKind::Close(AccessMode::Write),
        _ => false,
    };
    !looks && (event.paths.is_empty() || !event.paths.iter().all(hidden))
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{CreateKind, ModifyKind};

    #[test]
    fn looking_at_files_and_what_is_hidden_change_nothing() {
        let concerned = |kind, paths: &[&str]| {
            let event = paths.iter().fold(Event::new(kind), |event, path| event.add_path(path.into()));
            concerns(Path::new("/c"), &[PathBuf::from("/d/_x.yaml"), PathBuf::from("/c/_y.yaml")], &event)
        };
        assert!(concerned(EventKind::Modify(ModifyKind::Any), &["/c/2022/a.yaml"]));
        assert!(concerned(EventKind::Access(AccessKind::Close(AccessMode::Write)), &["/c/a.yaml"]));
        assert!(concerned(EventKind::Create(CreateKind::File), &["/c/.a.tmp", "/c/a.yaml"]));
        assert!(concerned(EventKind::Other, &[]));
        assert!(!concerned(EventKind::Access(AccessKind::Open(AccessMode::Any)), &["/c/a.yaml"]));
        assert!(!concerned(EventKind::Modify(ModifyKind::Any), &["/c/.git/index"]));
        assert!(!concerned(EventKind::Create(CreateKind::File), &["/c/_draft/a.yaml", "/c/.x"]));
        assert!(concerned(EventKind::Create(CreateKind::File), &["/d/_x.yaml"]));
        assert!(concerned(EventKind::Create(CreateKind::File), &["/c/_y.yaml"]));
        assert!(!concerned(EventKind::Create(CreateKind::File), &["/d/other.yaml"]));
    }
}
