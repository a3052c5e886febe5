//! What is written beside its place first and then put there, so that nobody ever sees a part of it. Knows nothing of what
//! is written, nor when it must be synced.
#![allow(clippy::disallowed_methods)]

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A file beside its place: it goes when this goes, unless it was put there. What a kill leaves of it has a name that begins
/// with a dot, which is never read.
pub struct Beside {
    path: PathBuf,
    place: PathBuf,
}

impl Beside {
    /// A new, empty file beside a place, and how it is written. Errors: the place names no file, or its folder takes none.
    pub fn new(place: &Path) -> io::Result<(Beside, File)> {
        let own = place.file_name().ok_or_else(|| io::Error::other("this names no file"))?;
        let mut name = OsString::from(".");
        name.push(own);
        name.push(format!(".{}.tmp", std::process::id()));
        let path = place.with_file_name(name);
        // What is there already is another's, and stays.
        let file = File::options().write(true).create_new(true).open(&path)?;
        Ok((Beside { path, place: place.to_owned() }, file))
    }

    /// Where it is until it is put into its place.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts it into its place, over whatever file is there.
    pub fn put(self) -> io::Result<()> {
        fs::rename(&self.path, &self.place)
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // Of what was put into its place there is nothing here any more.
        let _ = fs::remove_file(&self.path);
    }
}
