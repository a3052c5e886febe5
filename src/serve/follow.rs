//! Follows the chronicle's files, in a thread of its own: when they have changed and are quiet again they are loaded
//! anew, while answers go on from what is there. Knows nothing of connections.

use std::ffi::OsStr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Weak, mpsc};
use std::thread;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::watch;

use super::chronicle::{Files, Served};
use crate::disk::DiskError;

/// How long nothing must happen before the files are read, and how often that is waited for.
const QUIET: (Duration, usize) = (Duration::from_millis(100), 20);
/// How often a folder is tried that cannot be read, and files are looked at that the system does not watch.
const AGAIN: Duration = Duration::from_secs(1);

/// A thread that follows a folder.
pub(super) struct Follower {
    folder: PathBuf,
    keep_going: bool,
    served: Weak<watch::Sender<Served>>,
    watcher: Box<dyn Watcher + Send>,
    told: mpsc::Receiver<()>,
}

impl Follower {
    /// Follows a folder until nobody serves any more. Errors: it cannot be watched.
    pub(super) fn start(
        folder: &Path,
        keep_going: bool,
        served: Weak<watch::Sender<Served>>,
    ) -> Result<(), notify::Error> {
        let folder = folder.canonicalize()?;
        let (tell, told) = mpsc::channel();
        let root = folder.clone();
        let tell = move |event: notify::Result<Event>| {
            if event.map_or(true, |event| concerns(&root, &event)) {
                let _ = tell.send(());
            }
        };
        let mut watcher: Box<dyn Watcher + Send> = Box::new(RecommendedWatcher::new(tell.clone(), Config::default())?);
        if watcher.watch(&folder, RecursiveMode::Recursive).is_err() {
            // A system has only so many watches to give.
            watcher = Box::new(PollWatcher::new(tell, Config::default().with_poll_interval(AGAIN))?);
            watcher.watch(&folder, RecursiveMode::Recursive)?;
        }
        let follower = Follower { folder, keep_going, served, watcher, told };
        thread::Builder::new().name("asof-follow".into()).spawn(move || follower.run())?;
        Ok(())
    }

    /// Reads first, since something may have changed before it was watched.
    fn run(mut self) {
        let mut is_watched = true;
        while let Some(is_read) = self.read() {
            if is_read && is_watched {
                let Ok(()) = self.told.recv() else { return };
            } else {
                let _ = self.told.recv_timeout(AGAIN);
            }
            // A folder that was replaced is another one under the same name, so it is watched anew before it is read.
            let _ = self.watcher.unwatch(&self.folder);
            is_watched = self.watcher.watch(&self.folder, RecursiveMode::Recursive).is_ok();
            for _ in 0..QUIET.1 {
                thread::sleep(QUIET.0);
                if self.told.try_iter().count() == 0 {
                    break;
                }
            }
        }
    }

    /// Reads the folder, and says so to all who serve it if it is not as before; whether there was anything to read.
    /// Nothing if nobody serves it any more.
    fn read(&self) -> Option<bool> {
        let before = self.served.upgrade()?.borrow().newest.as_ref().map(|newest| newest.revision).ok();
        // Whatever a file does to the reader, the last state goes on.
        let read = catch_unwind(AssertUnwindSafe(|| {
            let files = Files::read(&self.folder)?;
            Ok::<_, DiskError>((before != Some(files.revision)).then(|| files.load()))
        }));
        let newest = match read {
            Ok(Ok(None)) => return Some(true),
            Ok(Ok(Some(loaded))) => Ok(loaded),
            Ok(Err(error)) => Err(error.message),
            Err(_) => Err("this chronicle cannot be loaded: that is a fault of asof".to_owned()),
        };
        let served = self.served.upgrade()?;
        let is_read = newest.is_ok();
        if is_read || before.is_some() {
            let after = served.borrow().after(newest, self.keep_going);
            // What is replaced is taken apart here, where nobody waits.
            drop(served.send_replace(after));
        }
        Some(is_read)
    }
}

/// Whether an event may have changed what is read: it is more than a look at a file, and not all of it lies in what is
/// hidden.
fn concerns(root: &Path, event: &Event) -> bool {
    let is_hidden = |name: &OsStr| matches!(name.as_encoded_bytes().first(), Some(b'.' | b'_'));
    let hidden = |path: &PathBuf| path.strip_prefix(root).is_ok_and(|inside| inside.iter().any(is_hidden));
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
            concerns(Path::new("/c"), &event)
        };
        assert!(concerned(EventKind::Modify(ModifyKind::Any), &["/c/2022/a.yaml"]));
        assert!(concerned(EventKind::Access(AccessKind::Close(AccessMode::Write)), &["/c/a.yaml"]));
        assert!(concerned(EventKind::Create(CreateKind::File), &["/c/.a.tmp", "/c/a.yaml"]));
        assert!(concerned(EventKind::Other, &[]));
        assert!(!concerned(EventKind::Access(AccessKind::Open(AccessMode::Any)), &["/c/a.yaml"]));
        assert!(!concerned(EventKind::Modify(ModifyKind::Any), &["/c/.git/index"]));
        assert!(!concerned(EventKind::Create(CreateKind::File), &["/c/_draft/a.yaml", "/c/.x"]));
    }
}
