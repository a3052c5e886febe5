//! Where imported events are kept: a file each, one file with a line each, or nowhere. What is there and was not made by
//! the same import is never overwritten. Knows nothing of what the events are from.
#![allow(clippy::disallowed_methods)]

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::output::whole;
use crate::disk::Beside;
use crate::exchange::import::{Made, is_imported, is_said};
use crate::render::escape::visible;
use crate::write;

/// So many events are shown of a dry run.
const SHOWN: usize = 3;
/// What every imported event has in its line of JSON, where no text can have it: its quotes would be escaped.
const OURS: &str = "\"import\":{\"format\":";

/// What became of an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kept {
    /// It is new, or was written anew.
    Written,
    /// It is there as it is.
    Unchanged,
    /// It is there and says something else, and stays.
    Differs,
}

/// Where imported events are kept.
pub enum Store {
    /// A file each, below a folder by year.
    Files {
        /// The folder.
        into: PathBuf,
        /// Where each id is.
        there: HashMap<String, PathBuf>,
        /// Whether what has changed is written anew.
        update: bool,
    },
    /// One file with a line each, written beside it until all is there.
    Lines {
        /// The file.
        file: PathBuf,
        /// Its new content.
        beside: Beside,
        /// Where that is written.
        to: BufWriter<File>,
        /// Whether what has changed is written anew.
        update: bool,
    },
    /// Standard output, a line each.
    Stream(BufWriter<io::Stdout>),
    /// Nowhere: the first that would be written are shown.
    Dry {
        /// Where they would go, if each is a file.
        files: Option<Box<Store>>,
        /// How many were shown.
        shown: usize,
    },
}

impl Store {
    /// Event files below a folder, which is made if need be.
    pub fn files(into: &Path, update: bool) -> Result<Store> {
        let mut store = Store::Files { into: into.to_owned(), there: HashMap::new(), update };
        store.look()?;
        Ok(store)
    }

    /// Looks anew which event files are there.
    pub fn look(&mut self) -> Result<()> {
        if let Store::Files { into, there, .. } = self
            && into.is_dir()
        {
            there.clear();
            gather(into, there).with_context(|| format!("cannot read the folder {}", into.display()))?;
        }
        Ok(())
    }

    /// One file; `-` is standard output.
    pub fn lines(file: &Path, update: bool) -> Result<Store> {
        if file == Path::new("-") {
            return Ok(Store::Stream(BufWriter::with_capacity(1 << 16, io::stdout())));
        }
        if !file.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with(".jsonl")) {
            bail!("{} is no name of a file of events, one a line: let it end in .jsonl", file.display());
        }
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
        let (beside, to) = Beside::new(file).with_context(|| format!("cannot write {}", file.display()))?;
        Ok(Store::Lines { file: file.to_owned(), beside, to: BufWriter::with_capacity(1 << 18, to), update })
    }

    /// Shows the first events that would be written, below a folder if one is given, and keeps none.
    pub fn dry(into: Option<&Path>, update: bool) -> Result<Store> {
        let files = into.map(|into| Store::files(into, update)).transpose()?.map(Box::new);
        Ok(Store::Dry { files, shown: 0 })
    }

    /// Keeps an event.
    pub fn keep(&mut self, made: &Made) -> io::Result<Kept> {
        match self {
            Store::Lines { to, .. } => put_line(made, to)?,
            Store::Stream(to) => put_line(made, to)?,
            Store::Dry { files, shown } => {
                let kept = files.as_deref().map_or(Ok(Kept::Written), |files| files.would(made))?;
                if kept != Kept::Written {
                    return Ok(kept);
                }
                *shown += 1;
                if *shown <= SHOWN {
                    let mut to = io::stdout().lock();
                    for line in write::event(&made.event).lines() {
                        writeln!(to, "{}", visible(line))?;
                    }
                    writeln!(to, "---")?;
                }
            }
            Store::Files { into, there, update } => {
                let file = file_of(made, into, there);
                if let Some(folder) = file.parent() {
                    fs::create_dir_all(folder)?;
                }
                return put_file(made, &file, *update).map_err(|error| named(&file, &error));
            }
        }
        Ok(Kept::Written)
    }

    /// What would become of an event.
    fn would(&self, made: &Made) -> io::Result<Kept> {
        let Store::Files { into, there, update } = self else { return Ok(Kept::Written) };
        let file = file_of(made, into, there);
        kept(made, &write::event(&made.event), &file, *update).map_err(|error| named(&file, &error))
    }

    /// The files that keeping these events a file each would write, with their texts.
    pub fn files_of(&self, made: &[Made]) -> io::Result<Vec<(PathBuf, String)>> {
        match self {
            Store::Files { into, there, .. } => {
                let mut files = Vec::new();
                for made in made {
                    if self.would(made)? == Kept::Written {
                        files.push((file_of(made, into, there), write::event(&made.event)));
                    }
                }
                Ok(files)
            }
            Store::Lines { .. } | Store::Stream(_) | Store::Dry { .. } => Ok(Vec::new()),
        }
    }

    /// Ends the keeping: says whether one file with all is new, or is there as it is. Where something was refused, one
    /// that is there stays, since it may have more.
    pub fn end(self, format: &str, is_whole: bool) -> Result<Kept> {
        match self {
            Store::Files { .. } | Store::Dry { .. } => Ok(Kept::Written),
            Store::Stream(mut to) => match to.flush() {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Kept::Written),
                flushed => Ok(flushed.map(|()| Kept::Written)?),
            },
            Store::Lines { file, beside, mut to, update } => {
                to.flush().with_context(|| format!("cannot write {}", file.display()))?;
                replace(&file, beside, format, (update, is_whole))
            }
        }
    }
}

/// Notes every event file below a folder by its stem, which is its event's id where this program wrote it.
fn gather(folder: &Path, there: &mut HashMap<String, PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            gather(&path, there)?;
        } else if let (Some(stem), true) = (path.file_stem(), path.extension().is_some_and(|end| end == "yaml")) {
            there.insert(stem.to_string_lossy().into_owned(), path);
        }
    }
    Ok(())
}

fn put_line(made: &Made, to: &mut dyn Write) -> io::Result<()> {
    to.write_all(made.json.as_bytes())?;
    to.write_all(b"\n")
}

/// The file of an event: the one that is there, or a new one in the folder of its year.
fn file_of(made: &Made, into: &Path, there: &HashMap<String, PathBuf>) -> PathBuf {
    there.get(&made.id).cloned().unwrap_or_else(|| {
        let folder = made.year.as_ref().map_or(into.to_owned(), |year| into.join(year));
        folder.join(format!("{}.yaml", made.id))
    })
}

/// Writes the file of one event, unless it is there and says something else that this program may not overwrite.
fn put_file(made: &Made, file: &Path, update: bool) -> io::Result<Kept> {
    let text = write::event(&made.event);
    let kept = kept(made, &text, file, update)?;
    if kept == Kept::Written {
        whole(file, |to| to.write_all(text.as_bytes()))?;
    }
    Ok(kept)
}

/// What becomes of an event whose file may be there.
fn kept(made: &Made, text: &str, file: &Path, update: bool) -> io::Result<Kept> {
    match fs::read_to_string(file) {
        Ok(before) if before == text || is_said(&before, &made.event) => Ok(Kept::Unchanged),
        Ok(before) if !update || !is_imported(&before) => Ok(Kept::Differs),
        Ok(_) => Ok(Kept::Written),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Kept::Written),
        Err(error) => Err(error),
    }
}

fn named(file: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot write {}: {error}", file.display()))
}

/// Puts a new file in the place of the one that is there, if it is the same import written anew.
fn replace(file: &Path, beside: Beside, format: &str, (update, is_whole): (bool, bool)) -> Result<Kept> {
    if file.exists() {
        if is_same(file, beside.path())? {
            return Ok(Kept::Unchanged);
        }
        let shown = file.display();
        if !update {
            bail!("{shown} is there and says something else: --update writes it anew");
        }
        if !is_whole {
            bail!("{shown} stays as it is, since something was refused: mend that, or remove the file first");
        }
        if !is_ours(file, format)? {
            bail!("{shown} has events that no import from {format} made, and is not written anew: give another file");
        }
    }
    beside.put().with_context(|| format!("cannot write {}", file.display()))?;
    Ok(Kept::Written)
}

fn is_same(one: &Path, other: &Path) -> io::Result<bool> {
    if fs::metadata(one)?.len() != fs::metadata(other)?.len() {
        return Ok(false);
    }
    let [mut one, mut other] =
        [File::open(one)?, File::open(other)?].map(|file| BufReader::with_capacity(1 << 16, file));
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let length = left.len().min(right.len());
        if left[..length] != right[..length] {
            return Ok(false);
        }
        if length == 0 {
            return Ok(left.is_empty() && right.is_empty());
        }
        one.consume(length);
        other.consume(length);
    }
}

/// Whether every line of a file is an event that an import from this format made.
fn is_ours(file: &Path, format: &str) -> io::Result<bool> {
    let ours = format!("{OURS}\"{format}\"");
    let mut lines = BufReader::new(File::open(file)?);
    let mut line = String::new();
    while lines.by_ref().read_line(&mut line)? > 0 {
        if !line.trim().is_empty() && !line.contains(&ours) {
            return Ok(false);
        }
        line.clear();
    }
    Ok(true)
}
