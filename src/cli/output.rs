//! Where an answer goes: to standard output, or whole into a file; and what a rendering must know of it.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::args::{Color, Every};
use crate::disk::{self, Beside};
use crate::render::{Format, How};

/// Columns of a page where there is no terminal.
const COLUMNS: usize = 80;

/// Where an answer goes, and in which format.
pub struct Output {
    file: Option<PathBuf>,
    /// The chronicle's folder, in which no answer may become an event file.
    chronicle: Option<PathBuf>,
    /// The format.
    pub format: Format,
    /// What a rendering must know.
    pub how: How,
    /// Whether another answer will follow, so that this one's means are given back, and silence is put in words.
    pub again: bool,
    color: Color,
}

impl Output {
    /// What `-O`, `-o` and `--color` ask for; `-O` rules over the ending of the file.
    pub fn new(every: &Every) -> Result<Output> {
        let by_ending = every.output.as_deref().and_then(named).as_deref().map(by_ending);
        let format = match (every.format, by_ending) {
            (Some(format), _) => format,
            (None, Some(ending)) => ending?,
            (None, None) => Format::Text,
        };
        Ok(Output { format, ..Output::of_any_ending(every)? })
    }

    /// The same where a form is named, so that a file may have any ending.
    pub fn of_any_ending(every: &Every) -> Result<Output> {
        let file = every.output.as_deref().and_then(named);
        let terminal = file.is_none() && io::stdout().is_terminal();
        let size = terminal.then(terminal_size::terminal_size).flatten();
        let width = size.map_or(COLUMNS, |(width, _)| usize::from(width.0)).max(COLUMNS / 2);
        let color = match every.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && wants_color(&io::stdout()),
        };
        let how = How { color, width, terminal, ..How::default() };
        Ok(Output { file, chronicle: None, format: Format::Text, how, again: false, color: every.color })
    }

    /// Lets no answer become a file of this chronicle.
    pub fn spare(&mut self, folder: &Path) {
        self.chronicle = Some(folder.to_owned());
    }

    /// Writes an answer. That nobody reads it to its end is no failure.
    pub fn put(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        let Some(file) = &self.file else {
            let mut stream = BufWriter::with_capacity(1 << 16, io::stdout().lock());
            return match write(&mut stream).and_then(|()| stream.flush()) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                    // What is left in the buffer has nowhere to go.
                    let _ = stream.into_parts();
                    Ok(())
                }
                written => written.context("cannot write the answer"),
            };
        };
        self.outside(file)?;
        whole(file, write).with_context(|| format!("cannot write {}", file.display()))
    }

    /// Lets a format write what it must write by itself, by its name.
    pub fn by_name<E>(&self, write: impl FnOnce(&Path) -> Result<(), E>) -> Result<()>
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let Some(file) = &self.file else {
            bail!("this form has a name on disk, which standard output cannot be: name it first, or behind -o")
        };
        self.outside(file)?;
        write(&followed(file)).with_context(|| format!("cannot write {}", file.display()))
    }

    /// Errors: the chronicle would read the file as one of its own.
    fn outside(&self, file: &Path) -> Result<()> {
        if self.chronicle.as_deref().is_some_and(|folder| disk::would_be_read(folder, file)) {
            let shown = file.display();
            bail!("{shown} lies in the chronicle and would be read as one of its files: write it elsewhere");
        }
        Ok(())
    }

    /// Whether it goes to standard output.
    pub fn is_shown(&self) -> bool {
        self.file.is_none()
    }

    /// The same, to a file that a command names beside `-o`; `-` is standard output. Errors: both name one.
    pub fn into(&self, file: Option<&Path>) -> Result<Output> {
        let file = match (file, &self.file) {
            (Some(file), Some(other)) => {
                bail!("{} and -o {} are two places: name one", file.display(), other.display())
            }
            (Some(file), None) => named(file),
            (None, file) => file.clone(),
        };
        Ok(Output {
            file,
            chronicle: self.chronicle.clone(),
            format: self.format,
            how: self.how.clone(),
            again: self.again,
            color: self.color,
        })
    }

    /// How faults are shown on standard error.
    pub fn how_on_stderr(&self) -> How {
        let color = match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => wants_color(&io::stderr()),
        };
        How { color, ..self.how.clone() }
    }
}

/// Whether a stream is a terminal that takes colours, and `NO_COLOR` and the like do not say otherwise.
fn wants_color(stream: &impl anstream::stream::RawStream) -> bool {
    stream.is_terminal() && anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never
}

/// The file of a name; `-` is standard output.
fn named(file: &Path) -> Option<PathBuf> {
    (file.as_os_str() != "-").then(|| file.to_owned())
}

fn by_ending(file: &Path) -> Result<Format> {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("txt") => Ok(Format::Text),
        Some("json") => Ok(Format::Json),
        Some("jsonl") => Ok(Format::Jsonl),
        Some("csv") => Ok(Format::Csv),
        Some("yaml" | "yml") => Ok(Format::Yaml),
        Some("md") => Ok(Format::Md),
        Some("dot" | "gv") => Ok(Format::Dot),
        Some("mmd") => Ok(Format::Mermaid),
        _ => bail!(
            "the ending of {} is no format: give it .txt, .json, .jsonl, .csv, .yaml or .md, of a trace also .dot or \
             .mmd, or name the format with -O",
            file.display()
        ),
    }
}

/// Where a link leads; of what is not there, its own name.
fn followed(file: &Path) -> PathBuf {
    file.canonicalize().unwrap_or_else(|_| file.to_owned())
}

/// Writes a file whole or not at all: beside it first, then in its place, with the rights that it had. A link is
/// followed, and what is no regular file, such as a pipe, is written through.
pub fn whole(file: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let followed = followed(file);
    let file = followed.as_path();
    let before = fs::metadata(file).ok();
    if before.as_ref().is_some_and(|before| !before.is_file()) {
        let mut stream = BufWriter::new(fs::File::options().write(true).open(file)?);
        write(&mut stream)?;
        return stream.flush();
    }
    let (beside, stream) = Beside::new(file)?;
    let mut stream = BufWriter::new(stream);
    write(&mut stream)?;
    stream.flush()?;
    if let Some(before) = before {
        fs::set_permissions(beside.path(), before.permissions())?;
    }
    beside.put()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_whole_or_not_at_all() {
        let folder = std::env::temp_dir().join(format!("asof-output-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("report.json");
        whole(&file, |to| to.write_all(b"old")).unwrap();
        let failed = whole(&file, |to| to.write_all(b"new").and_then(|()| Err(io::Error::other("full"))));
        assert!(failed.is_err());
        assert_eq!(fs::read(&file).unwrap(), b"old");
        whole(&file, |to| to.write_all(b"new")).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_ending_is_the_format() {
        assert_eq!(by_ending(Path::new("a/report.yml")).ok(), Some(Format::Yaml));
        assert_eq!(by_ending(Path::new("a.txt")).ok(), Some(Format::Text));
        assert!(by_ending(Path::new("report")).is_err());
    }
}
