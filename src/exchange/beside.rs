//! What a format that writes its files itself writes beside their place first. A door: what did not come into its place is
//! removed. Knows nothing of what it is.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};

use super::fault::Fault;

/// A file or a folder, made here, that goes where it did not come into its place.
pub struct Beside(PathBuf);

impl Beside {
    /// A new, empty file. Errors: the place has no name; there is something already, which is another's and stays.
    #[cfg(feature = "sqlite")]
    pub fn file(place: &Path) -> Result<Beside, Fault> {
        let path = beside(place, "tmp")?;
        fs::File::create_new(&path)?;
        Ok(Beside(path))
    }

    /// A new, empty folder. Errors: as of a file.
    #[cfg(feature = "parquet")]
    pub fn folder(place: &Path) -> Result<Beside, Fault> {
        let path = beside(place, "tmp")?;
        fs::create_dir(&path)?;
        Ok(Beside(path))
    }

    /// Where it is until it is put into its place.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

/// A name of this process beside a place, which begins with a dot. Errors: the place has no name.
pub fn beside(place: &Path, ending: &str) -> Result<PathBuf, Fault> {
    let name = place.file_name().ok_or_else(|| Fault::new("this names nothing that could be written"))?;
    Ok(place.with_file_name(format!(".{}.{}.{ending}", name.to_string_lossy(), std::process::id())))
}

impl Drop for Beside {
    fn drop(&mut self) {
        // Of what was put into its place there is nothing here any more.
        let _ = if self.0.is_dir() { fs::remove_dir_all(&self.0) } else { fs::remove_file(&self.0) };
    }
}
