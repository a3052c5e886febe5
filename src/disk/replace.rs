//! A file of a chronicle is replaced, whole or not at all: written beside it, synced, and renamed into its place with the
//! rights that it had. Knows nothing of what files say.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::Beside;

/// Replaces the content of a file that lies in a folder, under the name that the chronicle has for it. A file that no
/// longer holds `before`, because somebody has written it meanwhile, is left alone; so is one that lies outside of the
/// folder, behind a link, or that nobody may write. What a kill leaves is a file beside it whose name begins with a dot, which nobody reads.
pub fn replace(root: &Path, name: &str, before: &str, after: &str) -> io::Result<()> {
    let root = root.canonicalize()?;
    let file = root.join(name).canonicalize()?;
    let Some(folder) = file.parent().filter(|folder| folder.starts_with(&root)) else {
        return Err(io::Error::other("it lies outside of the chronicle"));
    };
    let rights = fs::metadata(&file)?.permissions();
    if rights.readonly() {
        return Err(io::Error::other("it may not be written"));
    }
    let (beside, mut stream) = Beside::new(&file)?;
    stream.write_all(after.as_bytes())?;
    stream.set_permissions(rights)?;
    stream.sync_all()?;
    if fs::read(&file)? != before.as_bytes() {
        return Err(io::Error::other("somebody else has written it meanwhile"));
    }
    beside.put()?;
    // The name is safe once its folder is; not every system can sync one.
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_or_left_alone() {
        let folder = std::env::temp_dir().join(format!("asof-replace-{}", std::process::id()));
        let outside = folder.with_extension("outside");
        fs::create_dir_all(&folder).unwrap();
        fs::create_dir_all(&outside).unwrap();
        fs::write(folder.join("a.yaml"), "old").unwrap();
        replace(&folder, "a.yaml", "old", "new").unwrap();
        assert_eq!(fs::read_to_string(folder.join("a.yaml")).unwrap(), "new");
        let late = replace(&folder, "a.yaml", "old", "newer").unwrap_err();
        assert_eq!(late.to_string(), "somebody else has written it meanwhile");
        assert_eq!(fs::read_to_string(folder.join("a.yaml")).unwrap(), "new");
        #[cfg(unix)]
        {
            use std::os::unix::fs::{PermissionsExt, symlink};
            fs::set_permissions(folder.join("a.yaml"), fs::Permissions::from_mode(0o640)).unwrap();
            symlink("a.yaml", folder.join("b.yaml")).unwrap();
            replace(&folder, "b.yaml", "new", "newest").unwrap();
            assert!(fs::symlink_metadata(folder.join("b.yaml")).unwrap().is_symlink());
            assert_eq!(fs::read_to_string(folder.join("a.yaml")).unwrap(), "newest");
            assert_eq!(fs::metadata(folder.join("a.yaml")).unwrap().permissions().mode() & 0o777, 0o640);
            fs::set_permissions(folder.join("a.yaml"), fs::Permissions::from_mode(0o440)).unwrap();
            assert_eq!(replace(&folder, "a.yaml", "newest", "x").unwrap_err().to_string(), "it may not be written");
            fs::write(outside.join("c.yaml"), "old").unwrap();
            symlink(outside.join("c.yaml"), folder.join("c.yaml")).unwrap();
            assert!(replace(&folder, "c.yaml", "old", "new").is_err());
            assert_eq!(fs::read_to_string(outside.join("c.yaml")).unwrap(), "old");
            fs::remove_file(folder.join("b.yaml")).unwrap();
            fs::remove_file(folder.join("c.yaml")).unwrap();
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");
        fs::remove_dir_all(&folder).unwrap();
        fs::remove_dir_all(&outside).unwrap();
    }
}
