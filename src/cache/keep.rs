//! The folder of the cache: how its files are named, written whole or not at all, and removed. Knows nothing of what
//! they say; that something fails here is never said, since nobody asked for a cache.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use xxhash_rust::xxh3::xxh3_128;

/// The ending of an index, and of one that is being written.
const ENDING: &str = "asof";
const UNFINISHED: &str = "tmp";
/// What a killed writer left is removed after this time.
const ABANDONED: Duration = Duration::from_secs(3600);
/// All files together take no more than this, but for the one that was written last.
const MOST: u64 = 2 << 30;

/// The name of the file of a chronicle in this folder.
pub(super) fn name_for(chronicle: &Path) -> String {
    format!("{:032x}.{ENDING}", xxh3_128(chronicle.as_os_str().as_encoded_bytes()))
}

/// Writes a file: beside its place first, then in it, so that nobody ever sees a part.
pub(super) fn write(folder: &Path, file: &Path, bytes: &[u8]) {
    if make(folder).is_err() {
        return;
    }
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let beside = file.with_extension(format!("{}-{}.{UNFINISHED}", std::process::id(), now.as_nanos()));
    let written = create(&beside).and_then(|mut stream| {
        stream.write_all(bytes)?;
        stream.sync_all()
    });
    if written.and_then(|()| fs::rename(&beside, file)).is_err() {
        let _ = fs::remove_file(&beside);
    }
    tidy(folder, file);
}

/// Removes a file; says whether there was one.
pub(super) fn remove(file: &Path) -> io::Result<bool> {
    match fs::remove_file(file) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// How many indexes a folder keeps, and how many bytes they have.
pub fn kept_in(folder: &Path) -> (usize, u64) {
    let kept = ours(folder).filter(|(path, _)| has_ending(path, ENDING));
    kept.fold((0, 0), |(number, size), (_, about)| (number + 1, size + about.len()))
}

/// Removes all that this program keeps in a folder; says how many indexes there were.
pub fn clear_all(folder: &Path) -> io::Result<usize> {
    let mut removed = 0;
    for (path, _) in ours(folder) {
        removed += usize::from(remove(&path)? && has_ending(&path, ENDING));
    }
    Ok(removed)
}

/// Removes what killed writers left, and the oldest files where there are too many bytes.
fn tidy(folder: &Path, newest: &Path) {
    let mut kept = Vec::new();
    for (path, about) in ours(folder) {
        let Ok(modified) = about.modified() else { continue };
        if has_ending(&path, ENDING) {
            kept.push((path != newest, std::cmp::Reverse(modified), about.len(), path));
        } else if modified.elapsed().is_ok_and(|age| age > ABANDONED) {
            let _ = fs::remove_file(path);
        }
    }
    kept.sort();
    let mut size = 0;
    for (is_other, _, length, path) in kept {
        size += length;
        if is_other && size > MOST {
            let _ = fs::remove_file(path);
        }
    }
}

/// The files of a folder that have names as this program gives them.
fn ours(folder: &Path) -> impl Iterator<Item = (PathBuf, fs::Metadata)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| {
        let path = entry.path();
        let stem = path.file_name()?.to_str()?.split('.').next()?;
        let is_ours = stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_known = has_ending(&path, ENDING) || has_ending(&path, UNFINISHED);
        let about = entry.metadata().ok()?;
        (is_ours && is_known && !about.is_dir()).then_some((path, about))
    })
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|own| own == ending)
}

#[cfg(unix)]
fn make(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(unix)]
fn create(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn create(path: &Path) -> io::Result<File> {
    File::options().write(true).create_new(true).open(path)
}
