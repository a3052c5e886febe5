//! A file of the cache in memory, if it is one that the user wrote. Knows nothing of what it says.

use std::fs::{File, Metadata};
use std::path::Path;

use memmap2::Mmap;

use crate::history::Bytes;

/// Maps a file; nothing where there is none, or it is a link, no plain file, or somebody else's, or somebody else could
/// have written into it.
#[allow(unsafe_code, reason = "the one place where the compiler cannot know that nobody writes")]
pub(super) fn map(path: &Path) -> Option<Bytes> {
    let file = open(path).ok()?;
    if !is_ours(&file.metadata().ok()?) {
        return None;
    }
    // SAFETY: bytes that change, or a file cut short, under a map would be undefined behaviour or a fault of the bus.
    // Nobody but the user can write into this file, as was just checked, and this program never does: it writes each
    // file beside its place and renames it whole (`keep.rs`). What a rename replaces, the map still has.
    let map = unsafe { Mmap::map(&file) }.ok()?;
    Some(Box::new(map))
}

#[cfg(unix)]
fn open(path: &Path) -> std::io::Result<File> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    // A pipe in its place would wait for ever.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    File::options().read(true).custom_flags(flags.bits() as i32).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> std::io::Result<File> {
    File::options().read(true).open(path)
}

#[cfg(unix)]
fn is_ours(about: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    about.is_file() && about.uid() == rustix::process::geteuid().as_raw() && about.mode() & 0o022 == 0
}

#[cfg(not(unix))]
fn is_ours(about: &Metadata) -> bool {
    about.is_file()
}
