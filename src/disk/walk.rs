//! The walk over a folder: which files are to be read, by which names, and what the system says of each. Opens no file
//! and builds no path that nobody asks for: of a hundred thousand files that did not change, this is the whole cost.

use std::collections::{BTreeSet, VecDeque};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use super::{Content, ENDINGS, reason};
use crate::model::diagnostic::Code;

/// What the system says of a file, by which it is known again. What a system does not tell is 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Stat {
    /// How many bytes it has.
    pub size: u64,
    /// When its content was last written: seconds and nanoseconds since 1970.
    pub modified: [i64; 2],
    /// When anything of it was last changed, its name and rights included; nobody can set this one.
    pub changed: [i64; 2],
    /// Its number on its device.
    pub inode: u64,
    /// The device.
    pub device: u64,
}

impl Stat {
    /// What the system says.
    #[cfg(unix)]
    pub fn of(about: &fs::Metadata) -> Stat {
        use std::os::unix::fs::MetadataExt;
        Stat {
            size: about.size(),
            modified: [about.mtime(), about.mtime_nsec()],
            changed: [about.ctime(), about.ctime_nsec()],
            inode: about.ino(),
            device: about.dev(),
        }
    }

    /// What the system says.
    #[cfg(not(unix))]
    pub fn of(about: &fs::Metadata) -> Stat {
        let since = about.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        let modified = since.map_or([0; 2], |since| [since.as_secs() as i64, i64::from(since.subsec_nanos())]);
        Stat { size: about.len(), modified, ..Stat::default() }
    }
}

/// A name relative to the folder, with `/`.
#[derive(Clone, Default)]
struct Shown {
    text: String,
    is_utf8: bool,
}

impl Shown {
    fn below(&self, name: &OsStr) -> Shown {
        let known = name.to_str();
        let last = known.map_or_else(|| name.to_string_lossy(), Into::into);
        let mut text = String::with_capacity(self.text.len() + 1 + last.len());
        if !self.text.is_empty() {
            text.push_str(&self.text);
            text.push('/');
        }
        text.push_str(&last);
        Shown { text, is_utf8: self.is_utf8 && known.is_some() }
    }
}

/// A file that is to be read, or a name that cannot be.
pub(super) struct Found {
    /// Relative to the folder, with `/`.
    pub name: String,
    /// Whether the name is UTF-8.
    pub is_utf8: bool,
    /// Where it really is, if not at its name.
    elsewhere: Option<PathBuf>,
    /// What the system says of it, or what is wrong instead.
    pub file: Result<Stat, Content>,
}

impl Found {
    /// Where the file is.
    pub fn path(&self, root: &Path) -> PathBuf {
        self.elsewhere.clone().unwrap_or_else(|| root.join(&self.name))
    }
}

/// What stands in a folder, before it is left again.
struct Entry {
    name: OsString,
    kind: Kind,
}

enum Kind {
    Folder,
    Link,
    File(io::Result<fs::Metadata>),
}

/// A walk: first all that is really there, then the symbolic links, in order of their names. A file or folder that was
/// met already is not read again, so that a link inside is followed once and no loop goes on.
pub(super) struct Walk<'a> {
    root: &'a Path,
    /// Folders that were walked.
    folders: Vec<PathBuf>,
    /// Files and folders that were met, where there are links; nothing is met twice without.
    met: Option<BTreeSet<PathBuf>>,
    links: VecDeque<(Shown, PathBuf)>,
    found: Vec<Found>,
}

impl<'a> Walk<'a> {
    /// All that is found below a folder whose path has no links.
    pub fn over(root: &'a Path) -> Vec<Found> {
        let mut walk = Walk { root, folders: Vec::new(), met: None, links: VecDeque::new(), found: Vec::new() };
        walk.folder(&Shown { text: String::new(), is_utf8: true }, root.to_owned(), false);
        while let Some((link, at)) = walk.links.pop_front() {
            walk.follow(link, &at);
        }
        walk.found
    }

    /// Walks a folder, which is shown by `name` and really stands at `real`; `through` a link or not.
    fn folder(&mut self, name: &Shown, real: PathBuf, through: bool) {
        if self.met.as_mut().is_some_and(|met| !met.insert(real.clone())) {
            return;
        }
        let mut entries = Vec::new();
        let listed = fs::read_dir(&real).and_then(|folder| {
            for entry in folder {
                entries.extend(Entry::of(&entry?)?);
            }
            Ok(())
        });
        if let Err(error) = listed {
            let content =
                Content::fault(Code::UnreadableFile, format!("cannot read this folder: {}", reason(&error)), None);
            self.fault(name.clone(), content);
        }
        entries.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        for Entry { name: own, kind } in entries {
            let shown = name.below(&own);
            match kind {
                Kind::Link => self.links.push_back((shown, real.join(own))),
                Kind::Folder => self.folder(&shown, real.join(own), through),
                Kind::File(about) => {
                    let elsewhere = (through || !shown.is_utf8).then(|| real.join(own));
                    if let (Some(met), Some(real)) = (&mut self.met, &elsewhere)
                        && !met.insert(real.clone())
                    {
                        continue;
                    }
                    self.file(shown, elsewhere, about);
                }
            }
        }
        self.folders.push(real);
    }

    fn file(&mut self, shown: Shown, elsewhere: Option<PathBuf>, about: io::Result<fs::Metadata>) {
        let file = match about {
            Ok(about) => stat(&about),
            Err(error) => Err(Content::unreadable(&error)),
        };
        self.found.push(Found { name: shown.text, is_utf8: shown.is_utf8, elsewhere, file });
    }

    fn fault(&mut self, shown: Shown, content: Content) {
        self.found.push(Found { name: shown.text, is_utf8: shown.is_utf8, elsewhere: None, file: Err(content) });
    }

    fn follow(&mut self, link: Shown, at: &Path) {
        let is_event_file = is_event_file(link.text.as_ref());
        let real = match at.canonicalize() {
            Ok(real) => real,
            Err(error) if is_event_file => {
                let message = format!("cannot follow this link: {}", reason(&error));
                return self.fault(link, Content::fault(Code::UnreadableFile, message, None));
            }
            Err(_) => return,
        };
        let is_folder = real.is_dir();
        if !is_folder && !is_event_file {
            return;
        }
        if !real.starts_with(self.root) {
            let message = "this link leads out of the chronicle's folder";
            let help = Some("put a copy into the folder instead");
            return self.fault(link, Content::fault(Code::LinkLeavesFolder, message, help));
        }
        let met = self.met.get_or_insert_with(|| {
            let files = self.found.iter().map(|found| found.path(self.root));
            self.folders.iter().cloned().chain(files).collect()
        });
        if is_folder {
            self.folder(&link, real, true);
        } else if met.insert(real.clone()) {
            let about = fs::metadata(&real);
            self.file(link, Some(real), about);
        }
    }
}

impl Entry {
    /// An entry of a folder, unless it is left out.
    fn of(entry: &fs::DirEntry) -> io::Result<Option<Entry>> {
        let name = entry.file_name();
        if matches!(name.as_encoded_bytes().first(), Some(b'.' | b'_')) {
            return Ok(None);
        }
        let kind = match entry.file_type()? {
            kind if kind.is_symlink() => Kind::Link,
            kind if kind.is_dir() => Kind::Folder,
            _ if is_event_file(&name) => Kind::File(entry.metadata()),
            _ => return Ok(None),
        };
        Ok(Some(Entry { name, kind }))
    }
}

/// What the system says of a file that can be read.
fn stat(about: &fs::Metadata) -> Result<Stat, Content> {
    if !about.is_file() {
        // Reading a pipe would wait for ever.
        return Err(Content::fault(Code::UnreadableFile, "this is neither a file nor a folder", None));
    }
    if about.len() >= super::TOO_LARGE {
        return Err(Content::fault(Code::UnreadableFile, "this file is 4 GiB or larger", Some("split it")));
    }
    Ok(Stat::of(about))
}

/// Whether a file of this name is read.
pub(super) fn is_event_file(name: &OsStr) -> bool {
    Path::new(name).extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known))
}
