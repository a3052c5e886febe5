//! The surroundings of the program: its folder, its environment, and where the chronicle lies from here.
#![allow(clippy::disallowed_methods)]

use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::args::Every;
use crate::disk;

/// The folder that the program stands in.
pub fn here() -> Result<PathBuf> {
    std::env::current_dir().context("cannot tell which folder this is")
}

/// The chronicle that is named on the command line or by the environment, or is found from here upwards.
pub fn find(every: &Every, here: &Path) -> Result<PathBuf> {
    let environment = std::env::var_os("ASOF_CHRONICLE");
    Ok(disk::find(every.chronicle.as_deref(), environment.as_deref(), here)?)
}

/// What is put before a file's name, so that it can be opened from here: the folder as it was named, or its way from
/// here where it was found.
pub fn shown_folder(folder: &Path, here: &Path) -> String {
    let relative = if folder.is_relative() { folder.to_owned() } else { way(here, folder) };
    let parts: Vec<_> = relative.components().filter(|part| *part != Component::CurDir).collect();
    let shown: PathBuf = parts.into_iter().collect();
    shown.display().to_string()
}

/// The names that a file may have in a chronicle, whose texts are named by their way from its folder: as it stands on
/// disk; as it is spelled, seen from here; and as it is spelled, seen from the chronicle.
pub fn names_in(folder: &Path, file: &str, here: &Path) -> Vec<String> {
    let root = here.join(folder);
    let on_disk = root.canonicalize().ok().zip(here.join(file).canonicalize().ok());
    let spelled = [here.join(file), root.join(file)].map(|file| (straight(&root), straight(&file)));
    let name = |(root, file): (PathBuf, PathBuf)| {
        let parts = file.strip_prefix(&root).ok()?.components();
        Some(parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
    };
    on_disk.into_iter().chain(spelled).filter_map(name).collect()
}

/// A way without `.` and `..`, as it is spelled.
fn straight(path: &Path) -> PathBuf {
    let mut straight = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => _ = straight.pop(),
            part => straight.push(part),
        }
    }
    straight
}

/// The way from one folder to another, over at most three folders up; else the other as it is.
fn way(from: &Path, to: &Path) -> PathBuf {
    let shared = from.components().zip(to.components()).take_while(|(one, other)| one == other).count();
    let up = from.components().count() - shared;
    if up > 3 || shared < 2 {
        return to.to_owned();
    }
    std::iter::repeat_n("..", up)
        .map(Path::new)
        .collect::<PathBuf>()
        .join(to.components().skip(shared).collect::<PathBuf>())
}

/// The user's editor: `$VISUAL`, else `$EDITOR`.
pub fn editor() -> Option<OsString> {
    let named = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    named("VISUAL").or_else(|| named("EDITOR"))
}

/// A text as one word for a shell.
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// Opens a file in an editor and waits for its end. The editor may be words for a shell, as git takes them.
pub fn edit(editor: &OsStr, file: &Path) -> Result<()> {
    let mut line = editor.to_owned();
    line.push(" \"$@\"");
    let ended = Command::new("sh").arg("-c").arg(line).arg("sh").arg(file).status();
    let ended = ended.with_context(|| format!("cannot start the editor `{}`", editor.display()))?;
    if !ended.success() {
        bail!("the editor `{}` failed ({ended})", editor.display());
    }
    Ok(())
}

/// Where caches of this program are kept, by the custom of the system; nothing where no folder is named.
pub fn cache_folder() -> Option<PathBuf> {
    let named = |name| std::env::var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let by_custom = match std::env::consts::OS {
        "windows" => named("LOCALAPPDATA"),
        "macos" => named("HOME").map(|home| home.join("Library/Caches")),
        _ => named("HOME").map(|home| home.join(".cache")),
    };
    Some(named("XDG_CACHE_HOME").or(by_custom)?.join("asof"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_an_editor_has_a_name_in_the_chronicle() {
        let here = Path::new("/nowhere/project/src");
        for file in ["../events/2025/a.yaml", "/nowhere/project/events/./2025/a.yaml", "2025/a.yaml"] {
            let names = names_in(Path::new("../events"), file, here);
            assert!(names.contains(&"2025/a.yaml".to_owned()), "{file}: {names:?}");
        }
        assert!(names_in(Path::new("/srv/other"), "/nowhere/a.yaml", here).is_empty());
    }

    #[test]
    fn files_are_named_so_that_they_open_from_here() {
        let here = Path::new("/home/ada/project/src");
        assert_eq!(shown_folder(Path::new("events"), here), "events");
        assert_eq!(shown_folder(Path::new("."), here), "");
        assert_eq!(shown_folder(Path::new("./a/"), here), "a");
        assert_eq!(shown_folder(Path::new("/home/ada/project/events"), here), "../events");
        assert_eq!(shown_folder(Path::new("/home/ada/project/src"), here), "");
        assert_eq!(shown_folder(Path::new("/srv/chronicle"), here), "/srv/chronicle");
    }
}
