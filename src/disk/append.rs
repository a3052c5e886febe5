//! Appending to a chronicle as to an event store: a new file comes whole or not at all, and never in the place of another.
//! It is written beside its place under a name that no reader looks at, synced, and linked to its own name, which fails
//! where there is such a file already. A kill at any point leaves no event or a whole one; what it leaves beside is swept
//! up by whoever appends next. Whoever appends holds a lock from reading the chronicle to the link, so that what was
//! checked is what is there.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{DiskError, reason};

/// What an unfinished file is called: hidden from readers, and known as ours.
const UNFINISHED: (&str, &str) = (".asof-", ".tmp");
/// What a text is called that was typed and not written yet.
const DRAFT: (&str, &str) = (".asof-draft-", ".yaml");
/// So many bytes are written at once.
const PART: usize = 64 << 10;

/// The steps of [`append`], of which `at` is told just before each, so that tests can fail it there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// A folder that is not there is made.
    Folder,
    /// The unfinished file is made.
    Open,
    /// A part of it is written.
    Part,
    /// It is synced.
    Sync,
    /// It is linked to its name.
    Link,
    /// Where links are not to be had, it is renamed.
    Rename,
    /// Its unfinished name is removed.
    Remove,
    /// The folder is synced.
    SyncFolder,
    /// All is done.
    Done,
}

impl Step {
    /// Every step, in order.
    pub const ALL: [Step; 9] = [
        Step::Folder,
        Step::Open,
        Step::Part,
        Step::Sync,
        Step::Link,
        Step::Rename,
        Step::Remove,
        Step::SyncFolder,
        Step::Done,
    ];
}

/// That nobody else appends to a chronicle. It ends when it is dropped, or its process ends, however.
#[derive(Debug)]
pub struct Lock(#[allow(dead_code, reason = "it is held, not used")] Option<File>);

impl Lock {
    /// Waits until nobody else holds it. It is of the folder itself, so nothing is left behind; where a file system locks
    /// no folders (NFS), of the file `.asof.lock` in it.
    #[cfg(unix)]
    pub fn of(folder: &Path) -> Result<Lock, DiskError> {
        use rustix::fs::{FlockOperation, flock};
        let lock = |file: File| loop {
            match flock(&file, FlockOperation::LockExclusive) {
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(io::Error::from(error)),
                Ok(()) => return Ok(Lock(Some(file))),
            }
        };
        let beside = || File::options().create(true).truncate(false).write(true).open(folder.join(".asof.lock"));
        let locked = File::open(folder).and_then(lock).or_else(|_| lock(beside()?));
        locked.map_err(|error| cannot(&format!("lock {}", folder.display()), &error))
    }

    /// There is none to be had; the link alone keeps one from overwriting another.
    #[cfg(not(unix))]
    pub fn of(_folder: &Path) -> Result<Lock, DiskError> {
        Ok(Lock(None))
    }
}

/// Writes a new file of a chronicle, whose name is relative to it with `/`; folders are made. Errors: there is such a
/// file, or it cannot be written; then there is nothing of it.
pub fn append(
    _lock: &Lock,
    root: &Path,
    name: &str,
    bytes: &[u8],
    at: &dyn Fn(Step) -> io::Result<()>,
) -> Result<(), DiskError> {
    let file = root.join(name);
    let folder = file.parent().unwrap_or(root);
    let unfinished = folder.join(format!("{}{}{}", UNFINISHED.0, std::process::id(), UNFINISHED.1));
    let written = make(root, folder, at).and_then(|()| {
        sweep(folder);
        fill(&unfinished, bytes, at)?;
        publish(&unfinished, &file, at)
    });
    if let Err(error) = written {
        // After a rename it has this name no more.
        let _ = fs::remove_file(&unfinished);
        if error.kind() == io::ErrorKind::AlreadyExists {
            let message = format!("there is a file {} already, and it is left as it is", file.display());
            return Err(DiskError { message, help: Some("give the event another name with `--id`".to_owned()) });
        }
        return Err(cannot(&format!("write {}", file.display()), &error));
    }
    let synced = at(Step::SyncFolder).and_then(|()| sync(folder)).and_then(|()| at(Step::Done));
    synced.map_err(|error| DiskError {
        message: format!("{} is written, but may not survive a loss of power: {}", file.display(), reason(&error)),
        help: None,
    })
}

/// Writes the files of a new chronicle, given by name and text: all of them, and none over another. Errors: one of them
/// is there, or cannot be written; then none is left.
pub fn write_new(root: &Path, files: &[(&str, &str)]) -> Result<(), DiskError> {
    if let Some((name, _)) = files.iter().find(|(name, _)| root.join(name).symlink_metadata().is_ok()) {
        let message = format!("{} is in the way, and nothing is written", root.join(name).display());
        return Err(DiskError { message, help: Some("choose an empty folder".to_owned()) });
    }
    for (at, (name, text)) in files.iter().enumerate() {
        let file = root.join(name);
        let open = || {
            fs::create_dir_all(file.parent().unwrap_or(root))?;
            File::options().write(true).create_new(true).open(&file)
        };
        // One that could not be made is not ours to remove.
        let (made, written) = match open() {
            Ok(mut stream) => (at + 1, stream.write_all(text.as_bytes()).and_then(|()| stream.sync_all())),
            Err(error) => (at, Err(error)),
        };
        if let Err(error) = written {
            for (name, _) in &files[..made] {
                // They were written just now.
                let _ = fs::remove_file(root.join(name));
            }
            return Err(cannot(&format!("write {}", file.display()), &error));
        }
    }
    Ok(())
}

/// Whether files can be made in a folder, or, where it is not there yet, in the nearest one above it.
pub fn may_write(folder: &Path) -> bool {
    let there = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    there.is_dir() && is_open(there)
}

#[cfg(unix)]
fn is_open(folder: &Path) -> bool {
    use rustix::fs::{Access, access};
    access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn is_open(folder: &Path) -> bool {
    fs::metadata(folder).is_ok_and(|about| !about.permissions().readonly())
}

/// Puts a text that is being typed into a file of its own in the chronicle, hidden from readers; gives its path.
pub fn draft(folder: &Path, text: &str) -> Result<PathBuf, DiskError> {
    let mut number = 1;
    loop {
        let file = folder.join(format!("{}{number}{}", DRAFT.0, DRAFT.1));
        let made = File::options().write(true).create_new(true).open(&file);
        match made.and_then(|mut stream| stream.write_all(text.as_bytes())) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(cannot(&format!("write {}", file.display()), &error)),
            Ok(()) => return Ok(file),
        }
    }
}

/// Removes a file that [`draft`] made, once its text is written; any other file is left.
pub fn remove_draft(file: &Path) {
    let name = file.file_name().and_then(|name| name.to_str());
    if name.is_some_and(|name| name.starts_with(DRAFT.0) && name.ends_with(DRAFT.1)) {
        // It is only a copy by now.
        let _ = fs::remove_file(file);
    }
}

/// Makes the folders that are not there, each safe in the one above it. Errors: also a folder that lies elsewhere, behind a
/// link.
fn make(root: &Path, folder: &Path, at: &dyn Fn(Step) -> io::Result<()>) -> io::Result<()> {
    let below = folder.strip_prefix(root).unwrap_or(Path::new(""));
    let mut above = root.to_owned();
    for part in below.components() {
        let next = above.join(part);
        if !next.is_dir() {
            at(Step::Folder)?;
            // A file of that name is no folder, and no event either.
            let is_file = |error: &io::Error| error.kind() == io::ErrorKind::AlreadyExists;
            fs::create_dir(&next).map_err(|e| if is_file(&e) { io::ErrorKind::NotADirectory.into() } else { e })?;
            sync(&above)?;
        }
        above = next;
    }
    // What is written behind a link that leads out would be no part of the chronicle.
    match above.canonicalize()?.starts_with(root.canonicalize()?) {
        true => Ok(()),
        false => Err(io::Error::other("a link leads out of the chronicle's folder")),
    }
}

/// Removes what killed writers left: nobody else writes while the lock is held.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_left = |name: &str| name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1);
        if name.to_str().is_some_and(is_left) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn fill(file: &Path, bytes: &[u8], at: &dyn Fn(Step) -> io::Result<()>) -> io::Result<()> {
    at(Step::Open)?;
    let mut stream = File::options().write(true).create_new(true).open(file)?;
    for part in bytes.chunks(PART) {
        at(Step::Part)?;
        stream.write_all(part)?;
    }
    at(Step::Sync)?;
    stream.sync_all()
}

/// Gives an unfinished file its name, unless another has it.
fn publish(unfinished: &Path, file: &Path, at: &dyn Fn(Step) -> io::Result<()>) -> io::Result<()> {
    match at(Step::Link).and_then(|()| fs::hard_link(unfinished, file)) {
        Ok(()) => {
            // The event is there. Whatever stays of the other name is swept up by the next.
            let _ = at(Step::Remove).and_then(|()| fs::remove_file(unfinished));
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        Err(error) => {
            at(Step::Rename)?;
            match rename_new(unfinished, file) {
                Err(renaming) if renaming.kind() == io::ErrorKind::AlreadyExists => Err(renaming),
                Err(_) => Err(error),
                Ok(()) => Ok(()),
            }
        }
    }
}

/// Renames, unless there is a file of that name; for file systems without hard links.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn rename_new(_from: &Path, _to: &Path) -> io::Result<()> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}

/// Makes the names in a folder safe.
#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn cannot(what: &str, error: &io::Error) -> DiskError {
    DiskError { message: format!("cannot {what}: {}", reason(error)), help: None }
}

#[cfg(test)]
mod tests;
