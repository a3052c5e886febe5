//! The door to folders: finds a chronicle, reads its files into [`Texts`], and appends to it (`disk/append.rs`). Knows nothing of what the files say.
//! A file's name that is not UTF-8 is a fault, since order and ids come from it; its content is read all the same.
#![allow(clippy::disallowed_methods)]

mod append;
mod walk;
mod beside;
mod replace;

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rayon::prelude::*;

pub use append::{Lock, Step, append, draft, may_write, remove_draft, write_new};
pub use beside::Beside;
pub use replace::replace;
pub use walk::Stat;
use walk::{Found, Walk};

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
    let help = "name its folder with `-C DIR` (`-C .` is this one); with a chronicle.yaml in it, it is found by itself";
    Err(DiskError { message, help: Some(help.to_owned()) })
}

/// The chronicle that a folder is, or lies in, whether it is there yet or not: by its manifest, or its folder of events.
pub fn chronicle_of(folder: &Path) -> Option<PathBuf> {
    let above =
        folder.ancestors().find(|folder| is_chronicle(folder) || (folder.ends_with("events") && folder.is_dir()));
    above.map(Path::to_owned)
}

fn is_chronicle(folder: &Path) -> bool {
    MANIFESTS.iter().any(|name| folder.join(name).is_file())
}

/// Reads every event file below a folder, and the files of `--with` (`-` is standard input). What cannot be read is a
/// fault beside the texts; only a folder without any event file, and a file of `--with` that is not there, are errors.
pub fn read(folder: &Path, with: &[PathBuf]) -> Result<(Texts, Vec<Diagnostic>), DiskError> {
    Listing::of(folder)?.read(with, &|| {})
}

/// The event files of a folder in order of their names as bytes, and what the system says of each, before any is read.
pub struct Listing {
    root: PathBuf,
    began: [i64; 2],
    found: Vec<Found>,
}

impl Listing {
    /// Walks a folder.
    pub fn of(folder: &Path) -> Result<Listing, DiskError> {
        let listing = Listing::or_empty(folder)?;
        if listing.found.is_empty() {
            let message = format!("no event files under {}", folder.display());
            let help = format!("an event file ends in .{}", ENDINGS.join(", ."));
            return Err(DiskError { message, help: Some(help) });
        }
        Ok(listing)
    }

    /// The same of a folder that may have no event files yet.
    pub fn or_empty(folder: &Path) -> Result<Listing, DiskError> {
        let began = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let began = [began.as_secs() as i64, i64::from(began.subsec_nanos())];
        let root = folder.canonicalize().map_err(|error| DiskError {
            message: format!("cannot read the folder {}: {}", folder.display(), reason(&error)),
            help: None,
        })?;
        let mut found = Walk::over(&root);
        found.sort_by(|one, other| one.name.as_bytes().cmp(other.name.as_bytes()));
        Ok(Listing { root, began, found })
    }

    /// When the walk began: seconds and nanoseconds since 1970.
    pub fn began(&self) -> [i64; 2] {
        self.began
    }

    /// The folder, without links on its path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The name of the folder.
    pub fn folder(&self) -> String {
        name_of(&self.root)
    }

    /// How many files there are, those with a fault included.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The names of the files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.found.iter().map(|found| found.name.as_str())
    }

    /// The number of the file of a name.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.found.binary_search_by(|found| found.name.as_bytes().cmp(name.as_bytes())).ok()
    }

    /// The name of a file and what the system says of it; nothing where there is a fault.
    pub fn file(&self, number: usize) -> Option<(&str, Stat)> {
        let found = self.found.get(number).filter(|found| found.is_utf8)?;
        Some((&found.name, *found.file.as_ref().ok()?))
    }

    /// Opens a file.
    pub fn open(&self, number: usize) -> std::io::Result<fs::File> {
        fs::File::open(self.found[number].path(&self.root))
    }

    /// Reads all files, and those of `--with`; tells of each of its own that it was read.
    pub fn read(&self, with: &[PathBuf], tell: &(dyn Fn() + Sync)) -> Result<(Texts, Vec<Diagnostic>), DiskError> {
        let each = self.found.par_iter().map(|found| {
            let content = Content::found(found, &self.root);
            tell();
            (found.name.clone(), content)
        });
        let mut read: Vec<(String, Content)> = each.collect();
        for file in with {
            read.push((file.display().to_string(), read_with(file)?));
        }
        let mut texts = Texts { files: Vec::with_capacity(read.len()), folder: self.folder(), own: self.len() };
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
}

/// Reads one file from anywhere; `-` is standard input. Errors: it cannot be read, or is not UTF-8.
pub fn read_alone(file: &Path) -> Result<String, DiskError> {
    let content = read_with(file)?;
    match content.faults.into_iter().next() {
        Some(fault) => Err(DiskError { message: format!("{}: {}", file.display(), fault.message), help: fault.help }),
        None => Ok(content.text),
    }
}

/// What the system says of a file, if it is there.
pub fn stat(file: &Path) -> Option<Stat> {
    fs::metadata(file).ok().map(|about| Stat::of(&about))
}

/// Whether a file, there or yet to be written, would be read as one of a chronicle's.
pub fn would_be_read(folder: &Path, file: &Path) -> bool {
    name_in(folder, file).is_some()
}

/// The name that a file, there or yet to be written, has as one of a chronicle's; nothing where it would not be read.
pub fn name_in(folder: &Path, file: &Path) -> Option<String> {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let whole = file.canonicalize().or_else(|_| Ok(parent.canonicalize()?.join(file.file_name().unwrap_or_default())));
    let (Ok(root), Ok::<PathBuf, std::io::Error>(whole)) = (folder.canonicalize(), whole) else { return None };
    let inside = whole.strip_prefix(root).ok()?;
    let is_hidden = |part: &OsStr| matches!(part.as_encoded_bytes().first(), Some(b'.' | b'_'));
    let is_read = walk::is_event_file(inside.as_os_str()) && !inside.iter().any(is_hidden);
    is_read.then(|| inside.iter().map(OsStr::to_string_lossy).collect::<Vec<_>>().join("/"))
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
#[derive(Clone, Default)]
struct Content {
    text: String,
    faults: Vec<Diagnostic>,
}

impl Content {
    fn fault(code: Code, message: impl Into<String>, help: Option<&str>) -> Content {
        let fault = Diagnostic { help: help.map(str::to_owned), ..Diagnostic::new(code, whole(), message) };
        Content { text: String::new(), faults: vec![fault] }
    }

    fn unreadable(error: &std::io::Error) -> Content {
        Content::fault(Code::UnreadableFile, format!("cannot read this file: {}", reason(error)), None)
    }

    /// What a file of a folder holds.
    fn found(found: &Found, root: &Path) -> Content {
        let mut content = match &found.file {
            Err(fault) => fault.clone(),
            Ok(_) => fs::read(found.path(root)).map_or_else(|error| Content::unreadable(&error), Content::of),
        };
        if !found.is_utf8 {
            let fault = Diagnostic::new(Code::NotUtf8, whole(), "the name of this file is not UTF-8");
            content.faults.push(fault.help("give it a name of letters that every system has"));
        }
        content
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

#[cfg(test)]
mod tests;
