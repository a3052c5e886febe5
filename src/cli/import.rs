//! `asof import`: opens the files, tells what was refused, and counts. What becomes of the events is `store.rs`'s.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::args::{Every, Import};
use super::joining::{Fit, Joining};
use super::output::Output;
use super::progress::Progress;
use super::repository::log;
use super::store::{Kept, Store};
use super::surroundings::{find, here};
use super::{Verdict, calendar, complain};
use crate::ask::Refusal;
use crate::disk::Lock;
use crate::exchange::import::{Importer, Made, Maker, Outcome, Refused, Source, Stretch};
use crate::exchange::{self, Format, Told};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::text::{Text, Texts};
use crate::render::shape::Shape;
use crate::render::{Format as Written, diagnostic, render_shape};

/// What is said of events that no import may write anew.
const KEPT: &str = "there with other words and kept, as no import made them";
/// So many refusals of one kind are shown; what is wrong in all rows is seen in some of them.
const SHOWN: usize = 100;
/// How much is read at once.
const BUFFER: usize = 1 << 18;

/// Reads the files of a format and keeps their events. The answer is a no where anything was refused.
pub fn import(command: &Import, every: &Every, output: &Output) -> Result<Verdict> {
    let Some(format) = Format::named(&command.from) else {
        return Err(Refusal::bad(format!("no format is called `{}`", command.from)).into());
    };
    if command.print_rules {
        return print_rules(format, output);
    }
    if every.output.is_some() && command.jsonl.as_deref() == Some(Path::new("-")) {
        let refusal = Refusal::bad("with `--jsonl -` nothing is left for `-o`: the events go to standard output");
        return Err(refusal.help("name the file of the events: `--jsonl FILE`").into());
    }
    let told = Told {
        language: command.language.clone(),
        is_claimed: command.voice.is_some(),
        holds: command.holds,
        rules: rules(command, format)?,
    };
    let mut importer = match format.importer(&told) {
        Ok(importer) => importer,
        Err(faults) => {
            let texts = Texts { files: vec![told.rules], folder: String::new(), own: 0 };
            tell(&faults, &texts, output);
            return Ok(Verdict::Unanswered);
        }
    };
    let into = into(command, every)?;
    let joining = Joining::of(command, into.as_deref())?;
    let mut importing = Importing {
        maker: Maker::new(format.name, command.voice.clone(), calendar(every)?),
        store: store(command, into)?,
        joining,
        lock: None,
        is_dry: command.dry_run,
        is_too_large: false,
        counts: Counts::default(),
        told: BTreeMap::new(),
        progress: &Progress::new("importing", size(&command.files)),
        output,
    };
    let read = importing.read(&mut *importer, command, format);
    importing.tell_of_more();
    if !read? {
        return Ok(Verdict::Yes);
    }
    // Held until everything is in its place.
    if let Some(joining) = importing.joining.as_ref().filter(|_| !command.dry_run) {
        importing.lock = Some(joining.lock()?);
    }
    match importing.join(command.dry_run)? {
        Fit::Yes => {}
        Fit::No => {
            importing.counts.written = 0;
            importing.counts.tell(command, output)?;
            return Ok(Verdict::No);
        }
        Fit::Untried => return Ok(Verdict::Unanswered),
    }
    let Importing { store, mut counts, is_too_large, lock: _lock, .. } = importing;
    let ended = store.end(format.name, counts.refused == 0).context("cannot keep what was imported")?;
    if ended == Kept::Unchanged {
        (counts.written, counts.unchanged) = (0, counts.written);
    }
    counts.tell(command, output)?;
    if is_too_large {
        complain("note: these are too many to try the chronicle with before: `asof check` tells whether they fit");
    }
    Ok(if counts.refused == 0 { Verdict::Yes } else { Verdict::No })
}

/// The rules file: the one that is named, else the format's own, else the one beside the first file.
fn rules(command: &Import, format: Format) -> Result<Text> {
    let beside = || {
        command.files.first().filter(|file| *file != Path::new("-")).map(|file| {
            let mut name = file.clone().into_os_string();
            name.push(".rules");
            PathBuf::from(name)
        })
    };
    let file = match (&command.rules, format.rules()) {
        (Some(_), _) if !format.takes_rules() => {
            return Err(Refusal::bad(format!(
                "`{}` takes no rules: the format says what everything means",
                format.name
            ))
            .into());
        }
        (Some(file), _) => file.clone(),
        (None, Some(rules)) => return Ok(Text::new(format!("{}.rules", format.name), rules)),
        (None, None) if !format.takes_rules() => return Ok(Text::new("", "")),
        (None, None) if command.files.first().is_some_and(|file| file != Path::new("-") && !file.exists()) => {
            let missing = command.files.first().map_or(String::new(), |file| file.display().to_string());
            return Err(Refusal::bad(format!("there is no file {missing}")).into());
        }
        (None, None) => beside().filter(|file| file.is_file()).ok_or_else(|| {
            let looked = beside().map_or(String::new(), |file| format!(", and there is no {}", file.display()));
            let known = "`asof help rules` says how they are written; `asof import acled --print-rules` shows some";
            Refusal::bad(format!("no rules say what the columns mean: name them with --rules{looked}")).help(known)
        })?,
    };
    let read = std::fs::read_to_string(&file).with_context(|| format!("cannot read the rules {}", file.display()))?;
    Ok(Text::new(file.display().to_string(), read))
}

fn print_rules(format: Format, output: &Output) -> Result<Verdict> {
    let Some(rules) = format.rules() else {
        let message = format!("`{}` has no rules of its own", format.name);
        let with: Vec<&str> = exchange::importers()
            .filter(|name| Format::named(name).is_some_and(|format| format.rules().is_some()))
            .collect();
        return Err(Refusal::bad(message).help(format!("these have: {}", with.join(", "))).into());
    };
    output.put(|to| to.write_all(rules.as_bytes()))?;
    Ok(Verdict::Yes)
}

/// Shows faults on standard error, where nothing is left to tell if that is closed.
fn tell(faults: &[Diagnostic], texts: &Texts, output: &Output) {
    let mut stream = io::BufWriter::new(io::stderr().lock());
    let _ = diagnostic::write(faults, texts, &output.how_on_stderr(), &mut stream).and_then(|()| stream.flush());
}

/// The folder that the events go into, a file each; none, where they go into one file.
fn into(command: &Import, every: &Every) -> Result<Option<PathBuf>> {
    match (&command.jsonl, &command.into) {
        (Some(_), _) => Ok(None),
        (None, Some(folder)) => Ok(Some(folder.clone())),
        // A dry run needs no chronicle.
        (None, None) if command.dry_run => Ok(find(every, &here()?).ok()),
        (None, None) => Ok(Some(find(every, &here()?)?)),
    }
}

/// Where the events go.
fn store(command: &Import, into: Option<PathBuf>) -> Result<Store> {
    match (&command.jsonl, into) {
        (Some(file), _) if !command.dry_run => Store::lines(file, command.update),
        (None, Some(folder)) if !command.dry_run => Store::files(&folder, command.update),
        (_, into) => Store::dry(into.as_deref(), command.update),
    }
}

/// How many bytes there are to read, as far as the system says it.
fn size(files: &[PathBuf]) -> usize {
    let sizes = files.iter().filter_map(|file| std::fs::metadata(file).ok()).map(|about| about.len());
    usize::try_from(sizes.sum::<u64>()).unwrap_or(usize::MAX)
}

/// A file and the name that it is shown by.
fn open(file: &Path) -> Result<(String, Box<dyn Read>)> {
    if file == Path::new("-") {
        return Ok(("stdin".to_owned(), Box::new(io::stdin().lock())));
    }
    let name = file.display().to_string();
    let opened = File::open(file).with_context(|| format!("cannot read {name}"))?;
    Ok((name, Box::new(opened)))
}

/// Bytes whose reading is progress.
struct Counted<'a> {
    bytes: Box<dyn Read>,
    progress: &'a Progress,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(buffer)?;
        self.progress.steps(read as u64);
        Ok(read)
    }
}

/// An import under way.
struct Importing<'a> {
    maker: Maker,
    store: Store,
    /// Where the events go into a chronicle, which is tried with all of them first.
    joining: Option<Joining>,
    /// Held from the time that the chronicle is tried, or written into, to the last file.
    lock: Option<Lock>,
    is_dry: bool,
    /// Whether they were too many to be tried.
    is_too_large: bool,
    counts: Counts,
    /// How many refusals there were of each kind.
    told: BTreeMap<Code, usize>,
    progress: &'a Progress,
    output: &'a Output,
}

impl Importing<'_> {
    fn take(&mut self, source: &str, stretch: &Stretch, outcome: Outcome) -> io::Result<()> {
        self.counts.read += stretch.rows;
        let made = match outcome {
            Outcome::Event(event) => self.maker.make(source, stretch, event),
            Outcome::Refused(refused) => Err(refused),
            Outcome::Part => return Ok(()),
            Outcome::Skipped => {
                self.counts.skipped += stretch.rows;
                return Ok(());
            }
        };
        match made {
            Ok(made) => self.hold(made)?,
            Err(refused) => {
                self.counts.refused += stretch.rows.max(1);
                self.tell(&refused, source, stretch);
            }
        }
        Ok(())
    }

    /// Keeps an event back, or keeps it; once they are too many, all that were kept back.
    fn hold(&mut self, made: Made) -> io::Result<()> {
        let Some(joining) = &mut self.joining else { return self.keep(&made) };
        let Some(made) = joining.keep_back(made) else { return Ok(()) };
        // Nobody else adds to the chronicle meanwhile, tried or not.
        self.lock = (!self.is_dry).then(|| joining.lock().map_err(io::Error::other)).transpose()?;
        self.is_too_large = true;
        let held = self.joining.take().map(|joining| joining.made).unwrap_or_default();
        held.iter().chain([&made]).try_for_each(|made| self.keep(made))
    }

    fn keep(&mut self, made: &Made) -> io::Result<()> {
        match self.store.keep(made)? {
            Kept::Written => self.counts.written += 1,
            Kept::Unchanged => self.counts.unchanged += 1,
            Kept::Differs => self.counts.differ += 1,
        }
        Ok(())
    }

    /// Reads all files; false where nobody takes what is printed any more.
    fn read(&mut self, importer: &mut dyn Importer, command: &Import, format: Format) -> Result<bool> {
        for file in &command.files {
            let (name, bytes) = if format.name == exchange::GIT { log(file, command.holds)? } else { open(file)? };
            let mut bytes = BufReader::with_capacity(BUFFER, Counted { bytes, progress: self.progress });
            let source = Source { name: &name, bytes: &mut bytes };
            let read = importer.read(source, &mut |stretch, outcome| self.take(&name, &stretch, outcome));
            if read.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
                return Ok(false);
            }
            read.with_context(|| format!("cannot import {name}"))?;
        }
        Ok(true)
    }

    /// Keeps what was kept back, if the chronicle has no error more with it; a dry run shows it all the same.
    fn join(&mut self, is_dry: bool) -> Result<Fit> {
        let Some(joining) = self.joining.take() else { return Ok(Fit::Yes) };
        let fit = joining.fits(self.output)?;
        if fit == Fit::Yes || fit == Fit::No && is_dry {
            self.store.look()?;
            for made in &joining.made {
                self.keep(made).context("cannot keep what was imported")?;
            }
        }
        Ok(fit)
    }

    /// Shows what is refused as every fault is shown, the first of each kind.
    fn tell(&mut self, refused: &Refused, source: &str, stretch: &Stretch) {
        let told = self.told.entry(refused.code).or_default();
        *told += 1;
        if *told <= SHOWN {
            let (fault, texts) = refused.diagnostic(source, stretch);
            self.progress.aside(|| tell(&[fault], &texts, self.output));
        }
    }

    /// Says how many refusals were not shown.
    fn tell_of_more(&self) {
        let more = self.told.iter().filter(|(_, told)| **told > SHOWN);
        let lines = more.map(|(code, told)| format!("… and {} more of {}", told - SHOWN, code.name()));
        self.progress.aside(|| lines.for_each(|line| complain(&line)));
    }
}

/// What came of an import.
#[derive(Clone, Copy, Default, Debug)]
struct Counts {
    /// Rows, lines or components.
    read: usize,
    /// Of those, that are left out as was asked for.
    skipped: usize,
    /// Of those, that cannot be read.
    refused: usize,
    /// Events that are new or written anew.
    written: usize,
    /// Events that are there already.
    unchanged: usize,
    /// Events that are there and say something else now.
    differ: usize,
}

impl Counts {
    /// Says what came of it: on standard output, unless the events are there.
    fn tell(self, command: &Import, output: &Output) -> Result<()> {
        let pairs = [
            ("read", self.read),
            ("written", self.written),
            ("unchanged", self.unchanged),
            ("differ", self.differ),
            ("skipped", self.skipped),
            ("refused", self.refused),
        ];
        let words = self.words(command);
        if command.jsonl.as_deref() == Some(Path::new("-")) {
            let _ = writeln!(io::stderr(), "asof: {words}");
            return Ok(());
        }
        output.put(|to| {
            if matches!(output.format, Written::Text | Written::Md) {
                return writeln!(to, "{words}");
            }
            let row = Shape::map(pairs.map(|(name, number)| (name, number.into())));
            let whole = Shape::map([("asof", 1usize.into()), ("import", row.clone())]);
            render_shape(&whole, &[row], &pairs.map(|(name, _)| name), output.format, &output.how, to)
        })
    }

    fn words(self, command: &Import) -> String {
        let written = if command.dry_run { "to be written" } else { "written" };
        let mut parts = vec![format!("{} read", self.read), format!("{} {written}", self.written)];
        let rest = [
            (self.unchanged, "already there"),
            (
                self.differ,
                if command.update { KEPT } else { "there with other words and kept (--update writes them anew)" },
            ),
            (self.skipped, "skipped"),
        ];
        parts.extend(rest.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}")));
        parts.push(format!("{} refused", self.refused));
        parts.join(", ")
    }
}
