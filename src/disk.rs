//! The door to folders: finds a chronicle, and reads its files into [`Texts`]. Knows nothing of what the files say.
//! A file's name that is not UTF-8 is a fault, since order and ids come from it; its content is read all the same.
#![allow(clippy::disallowed_methods)]

use std::collections::{BTreeSet, VecDeque};
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::text::{FileId, Place, Text, Texts};

/// The endings of files that are read.
const ENDINGS: [&str; 4] = ["yaml", "yml", "json", "jsonl"];
/// The names of a manifest.
const MANIFESTS: [&str; 2] = ["chronicle.yaml", "chronicle.yml"];
/// Texts of this size and more are refused: a place counts bytes in 32 bits.
const TOO_LARGE: u64 = 1 << 32;

/// Why there is no chronicle to read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DiskError {
    /// What is wrong.
    pub message: String,
    /// What to do instead.
    pub help: Option<String>,
}

impl fmt::Display for DiskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DiskError {}

/// Finds the chronicle: the folder given, else that of the environment, else the nearest one upwards from `here`
/// that has a manifest, or has `events/`, which is then the chronicle. A folder that is given is the chronicle itself, unless
/// it has no manifest and `events/` below it has one.
pub fn find(given: Option<&Path>, environment: Option<&OsStr>, here: &Path) -> Result<PathBuf, DiskError> {
    let named = given.or(environment.filter(|folder| !folder.is_empty()).map(Path::new));
    if let Some(folder) = named {
        if !here.join(folder).is_dir() {
            let source = if given.is_some() { "" } else { " (from ASOF_CHRONICLE)" };
            let message = format!("no folder `{}`{source}", folder.display());
            return Err(DiskError { message, help: None });
        }
        let events = folder.join("events");
        let below = !is_chronicle(&here.join(folder)) && is_chronicle(&here.join(&events));
        return Ok(if below { events } else { folder.to_owned() });
    }
    for folder in here.ancestors() {
        if is_chronicle(folder) {
            return Ok(folder.to_owned());
        }
        if folder.join("events").is_dir() {
            return Ok(folder.join("events"));
        }
    }
    let message = format!("no chronicle in {} or any folder above it", here.display());
    let help = "name its folder with `-C DIR`; a chronicle is a folder of event files, best with a chronicle.yaml";
    Err(DiskError { message, help: Some(help.to_owned()) })
}

fn is_chronicle(folder: &Path) -> bool {
    MANIFESTS.iter().any(|name| folder.join(name).is_file())
}

/// Reads every event file below a folder, and the files of `--with` (`-` is standard input). What cannot be read is a
/// fault beside the texts; only a folder without any event file, and a file of `--with` that is not there, are errors.
pub fn read(folder: &Path, with: &[PathBuf]) -> Result<(Texts, Vec<Diagnostic>), DiskError> {
    let root = folder.canonicalize().map_err(|error| DiskError {
        message: format!("cannot read the folder {}: {}", folder.display(), reason(&error)),
        help: None,
    })?;
    let mut found = Walk::over(&root).found;
    if found.is_empty() {
        let message = format!("no event files under {}", folder.display());
        let help = format!("an event file ends in .{}", ENDINGS.join(", ."));
        return Err(DiskError { message, help: Some(help) });
    }
    found.sort_by(|one, other| one.name.as_bytes().cmp(other.name.as_bytes()));
    let own = found.len();
    let mut read: Vec<(String, Content)> = found.into_par_iter().map(Found::read).collect();
    for file in with {
        read.push((file.display().to_string(), read_with(file)?));
    }
    let mut texts = Texts { files: Vec::with_capacity(read.len()), folder: name_of(&root), own };
    let mut faults = Vec::new();
    for (at, (name, content)) in read.into_iter().enumerate() {
        let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
        faults.extend(
            content.faults.into_iter().map(|fault| Diagnostic { place: Place { file, ..fault.place }, ..fault }),
        );
        texts.files.push(Text::new(name, content.text));
    }
    Ok((texts, faults))
}

/// Reads the manifest of a folder alone, for who wants to know no more than its calendar; no texts if there is none.
pub fn read_manifest(folder: &Path) -> Texts {
    let read = |name: &&str| {
        let content = Content::of(fs::read(folder.join(name)).ok()?).text;
        Some(Text::new(*name, content))
    };
    let files: Vec<Text> = MANIFESTS.iter().find_map(read).into_iter().collect();
    Texts { own: files.len(), files, folder: name_of(folder) }
}

fn name_of(folder: &Path) -> String {
    folder.file_name().map_or_else(|| "/".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// What a file holds, with its faults, which stand in file 0 until the files are numbered.
#[derive(Default)]
struct Content {
    text: String,
    faults: Vec<Diagnostic>,
}

impl Content {
    fn fault(code: Code, message: impl Into<String>, help: Option<&str>) -> Content {
        let fault = Diagnostic { help: help.map(str::to_owned), ..Diagnostic::new(code, whole(), message) };
        Content { text: String::new(), faults: vec![fault] }
    }

    /// The text of some bytes, up to the first that is not UTF-8.
    fn of(bytes: Vec<u8>) -> Content {
        let error = match String::from_utf8(bytes) {
            Ok(text) => return Content { text, faults: Vec::new() },
            Err(error) => error,
        };
        let valid = error.utf8_error().valid_up_to();
        let mut bytes = error.into_bytes();
        let byte = bytes[valid];
        bytes.truncate(valid);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let line = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let message = format!("byte {valid}, on line {line}, is not UTF-8: 0x{byte:02X}");
        let fault = Diagnostic::new(Code::NotUtf8, Place::new(FileId(0), valid, valid), message)
            .help("save the file as UTF-8; what stands after this byte is not read");
        Content { text, faults: vec![fault] }
    }
}

fn whole() -> Place {
    Place::of_file(FileId(0))
}

fn reason(error: &std::io::Error) -> String {
    // The system's number in parentheses says nothing to a reader.
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

fn read_with(file: &Path) -> Result<Content, DiskError> {
    let cannot = |error: std::io::Error| DiskError {
        message: format!("cannot read {}: {}", file.display(), reason(&error)),
        help: None,
    };
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().lock().take(TOO_LARGE).read_to_end(&mut bytes).map_err(cannot)?;
    } else {
        fs::File::open(file).map_err(cannot)?.take(TOO_LARGE).read_to_end(&mut bytes).map_err(cannot)?;
    }
    if bytes.len() as u64 >= TOO_LARGE {
        return Err(DiskError { message: format!("{} is 4 GiB or larger", file.display()), help: None });
    }
    Ok(Content::of(bytes))
}

/// A file that is to be read, or a name that cannot be.
struct Found {
    /// Relative to the folder, with `/`.
    name: String,
    /// The file, or what is wrong instead.
    file: Result<PathBuf, Content>,
    /// Whether the name is UTF-8.
    is_utf8: bool,
}

impl Found {
    fn new(parts: &Path, file: Result<PathBuf, Content>) -> Found {
        let names: Vec<_> = parts.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        Found { name: names.join("/"), file, is_utf8: parts.to_str().is_some() }
    }

    fn read(self) -> (String, Content) {
        let mut content = match self.file {
            Err(fault) => fault,
            Ok(file) => Found::read_file(&file).unwrap_or_else(|error| {
                Content::fault(Code::UnreadableFile, format!("cannot read this file: {}", reason(&error)), None)
            }),
        };
        if !self.is_utf8 {
            let fault = Diagnostic::new(Code::NotUtf8, whole(), "the name of this file is not UTF-8");
            content.faults.push(fault.help("give it a name of letters that every system has"));
        }
        (self.name, content)
    }

    fn read_file(file: &Path) -> std::io::Result<Content> {
        let about = fs::metadata(file)?;
        if !about.is_file() {
            // Reading a pipe would wait for ever.
            return Ok(Content::fault(Code::UnreadableFile, "this is neither a file nor a folder", None));
        }
        if about.len() >= TOO_LARGE {
            return Ok(Content::fault(Code::UnreadableFile, "this file is 4 GiB or larger", Some("split it")));
        }
        fs::read(file).map(Content::of)
    }
}

/// A walk over a folder: first all that is really there, then the symbolic links, in order of their names. A file or
/// folder that was met already is not read again, so that a link inside is followed once and no loop goes on.
struct Walk<'a> {
    root: &'a Path,
    met: BTreeSet<PathBuf>,
    /// Where a link stands, relative to the root.
    links: VecDeque<PathBuf>,
    found: Vec<Found>,
}

impl<'a> Walk<'a> {
    fn over(root: &'a Path) -> Walk<'a> {
        let mut walk = Walk { root, met: BTreeSet::new(), links: VecDeque::new(), found: Vec::new() };
        walk.folder(Path::new(""), root);
        while let Some(link) = walk.links.pop_front() {
            walk.follow(&link);
        }
        walk
    }

    /// Walks a folder, which is shown by `name` and really stands at `real`.
    fn folder(&mut self, name: &Path, real: &Path) {
        let is_left_out = |entry: &DirEntry| {
            let first = entry.file_name().as_encoded_bytes().first();
            entry.depth() > 0 && matches!(first, Some(b'.' | b'_')) || self.met.contains(entry.path())
        };
        let walk = WalkDir::new(real).sort_by_file_name().into_iter().filter_entry(|entry| !is_left_out(entry));
        for entry in walk.collect::<Vec<_>>() {
            let at = entry.as_ref().map_or_else(walkdir::Error::path, |entry| Some(entry.path())).unwrap_or(real);
            let shown = name.join(at.strip_prefix(real).unwrap_or(at));
            match entry {
                Err(error) => {
                    let reason = error.io_error().map_or_else(|| error.to_string(), reason);
                    self.fault(&shown, Code::UnreadableFile, format!("cannot read this folder: {reason}"), None);
                }
                Ok(entry) if entry.path_is_symlink() => self.links.push_back(shown),
                Ok(entry) if entry.file_type().is_dir() => _ = self.met.insert(entry.into_path()),
                Ok(entry) if is_event_file(&shown) => {
                    self.met.insert(entry.path().to_owned());
                    self.found.push(Found::new(&shown, Ok(entry.into_path())));
                }
                Ok(_) => {}
            }
        }
    }

    fn fault(&mut self, name: &Path, code: Code, message: impl Into<String>, help: Option<&str>) {
        self.found.push(Found::new(name, Err(Content::fault(code, message, help))));
    }

    fn follow(&mut self, link: &Path) {
        let real = match self.root.join(link).canonicalize() {
            Ok(real) => real,
            Err(error) if is_event_file(link) => {
                let message = format!("cannot follow this link: {}", reason(&error));
                return self.fault(link, Code::UnreadableFile, message, None);
            }
            Err(_) => return,
        };
        let is_folder = real.is_dir();
        if !is_folder && !is_event_file(link) {
            return;
        }
        if !real.starts_with(self.root) {
            let message = "this link leads out of the chronicle's folder";
            let help = Some("put a copy into the folder instead");
            self.fault(link, Code::LinkLeavesFolder, message, help);
        } else if is_folder {
            self.folder(link, &real);
        } else if self.met.insert(real.clone()) {
            self.found.push(Found::new(link, Ok(real)));
        }
    }
}

fn is_event_file(name: &Path) -> bool {
    name.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known))
}

#[cfg(test)]
mod tests;
