//! `asof add` and `asof correct`: what is to be added is checked with the whole chronicle, as if its file were there, and
//! appended under a lock that is held from reading to writing. A refusal by the chronicle is a no (exit 1); what could not
//! be tried, a wrong command line, an unreadable chronicle, a full disk, is not answered (2).

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result};

use super::args::{Add, Correct, Every, Expected};
use super::fitting::{Read, check, new_faults};
use super::incoming::{self, Given, Incoming};
use super::output::Output;
use super::surroundings::{edit, editor, shell_word};
use super::{Verdict, complain};
use crate::ask::{Answer, Asks, Faults, Found, Question, Refusal, Selectors, ask};
use crate::disk::{self, Lock};
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::event::Free;
use crate::model::text::{FileId, Place, Text, Texts};
use crate::parse;
use crate::render::escape::visible;
use crate::render::shape::Shape;
use crate::render::{Format, diagnostic, render, render_shape};
use crate::timeline::Timeline;
use crate::write::filed::{self, Filed, Written};
use crate::write::{self, template};

/// What comes of composing: events, or the faults of a text that holds none, under its name.
type Composed = Result<Incoming, (Text, Vec<Diagnostic>)>;

/// `asof add`.
pub fn add(folder: &Path, words: &Add, every: &Every, output: &Output) -> Result<Verdict> {
    let appending = Appending { folder, named: every.chronicle.as_deref(), expected: &words.expected, output };
    let mut but_id = words.keys.clone();
    let id = but_id.id.take();
    match &words.file {
        Some(file) if but_id.is_empty() => {
            if let Some(name) = disk::name_in(folder, file).filter(|_| file.is_file()) {
                return appending.own(&name);
            }
            let given = Given::read(file)?;
            let verdict = appending.run(&|timeline| from_given(&given, timeline, id.as_deref()))?;
            if verdict == Verdict::Yes && !words.expected.dry_run {
                disk::remove_draft(file);
            }
            Ok(verdict)
        }
        Some(file) => {
            let refusal = Refusal::bad(format!("either {} or options say what is added", file.display()));
            Err(refusal.help("beside a file only --id is taken").into())
        }
        None if words.keys.is_empty() => {
            appending.typed(&|timeline| Ok(template::blank(&incoming::today(timeline))), None)
        }
        None => appending.run(&|timeline| Ok(Ok(incoming::from_keys(&words.keys, timeline)?))),
    }
}

/// `asof correct`.
pub fn correct(folder: &Path, words: &Correct, every: &Every, output: &Output) -> Result<Verdict> {
    let appending = Appending { folder, named: every.chronicle.as_deref(), expected: &words.expected, output };
    if words.retract || !words.drop.is_empty() || !words.keys.is_empty() {
        return appending.run(&|timeline| Ok(Ok(incoming::correction(words, timeline)?)));
    }
    let prefilled = |timeline: &Timeline| {
        let correction = incoming::correction(words, timeline)?;
        let event: String = correction.events.iter().map(write::event).collect();
        Ok(template::correction(&words.event, &event))
    };
    appending.typed(&prefilled, Some(&format!("{}-corrected", words.event)))
}

fn from_given(given: &Given, timeline: &Timeline, id: Option<&str>) -> Result<Composed> {
    let incoming = given.incoming(timeline, id)?;
    Ok(incoming.map_err(|faults| (Text::new(given.name.as_str(), given.text.as_str()), faults)))
}

/// One appending to a chronicle.
struct Appending<'a> {
    folder: &'a Path,
    /// The chronicle as it was named with `-C`.
    named: Option<&'a Path>,
    expected: &'a Expected,
    output: &'a Output,
}

impl Appending<'_> {
    /// Composes, checks and writes.
    fn run(&self, compose: &dyn Fn(&Timeline) -> Result<Composed>) -> Result<Verdict> {
        let lock = if self.expected.dry_run { None } else { Some(Lock::of(self.folder)?) };
        let read = Read::of(self.folder)?;
        let unreadable = read.unreadable();
        if !unreadable.is_empty() {
            self.show(&unreadable, &read.texts);
            complain("asof: nothing can be checked against this chronicle, so nothing is written");
            return Ok(Verdict::Unanswered);
        }
        let incoming = match compose(&read.timeline)? {
            Ok(incoming) => incoming,
            Err((text, faults)) => {
                let texts = Texts { files: vec![text], folder: String::new(), own: 0 };
                return self.refuse(&faults, &texts, &read.timeline);
            }
        };
        let Incoming { events, kept, called, shown } = &incoming;
        let names = read.texts.files.iter().map(|text| text.name.as_str());
        let event_files = names.filter(|name| !parse::is_manifest(name));
        let filed = filed::file(Written { events, kept: kept.as_deref(), called: called.as_deref() }, event_files);
        match is_there(&read, events, &filed, &|name| self.seen(name)) {
            There::Same => return self.print(&filed, "there"),
            There::Other(refusal) => return self.say_no(&refusal),
            There::Nothing => {}
        }
        if let Some(refusal) = self.unexpected(&read.timeline)? {
            return self.say_no(&refusal);
        }
        let after = read.with(&[(filed.name.clone(), filed.text.clone())]);
        let file = read.place_of(&filed.name);
        let new = new_faults(&read.timeline, &after)?;
        let texts = self.named(after.texts(), file, shown.as_deref());
        if new.iter().any(|fault| fault.severity == Severity::Error) {
            return self.refuse(&new, &texts, &after);
        }
        match lock {
            None => self.print(&filed, "would be added")?,
            Some(lock) => {
                disk::append(&lock, self.folder, &filed.name, filed.text.as_bytes(), &|_| Ok(()))?;
                self.print(&filed, "added")?
            }
        };
        if !new.is_empty() {
            self.show(&new, &texts);
            complain(&format!("asof: {}", diagnostic::tally(&new)));
        }
        Ok(Verdict::Yes)
    }

    /// Says of a file of the chronicle itself that its events are there already.
    fn own(&self, name: &str) -> Result<Verdict> {
        let timeline = Read::of(self.folder)?.timeline;
        let events = timeline.history().events().filter(|event| timeline.texts().file(event.place.file).name == name);
        let ids: Vec<String> = events.map(|event| event.id.to_string()).collect();
        if ids.is_empty() {
            let refusal = Refusal::bad(format!("{} is a file of the chronicle already", self.seen(name)));
            return self.say_no(&refusal.help("`asof check` tells what is wrong with it"));
        }
        self.print(&Filed { name: name.to_owned(), text: String::new(), ids }, "there")
    }

    /// Opens a template in the user's editor and adds what was typed. What is not added is kept.
    fn typed(&self, template: &dyn Fn(&Timeline) -> Result<String>, called: Option<&str>) -> Result<Verdict> {
        let editor = editor().ok_or_else(|| {
            Refusal::bad("neither VISUAL nor EDITOR names an editor")
                .help("set one (`export EDITOR=nano`), or say by options or a FILE what is added")
        })?;
        let template = template(&Read::of(self.folder)?.timeline)?;
        let first = disk::draft(self.folder, &template)?;
        if let Err(error) = edit(&editor, &first) {
            if disk::read_alone(&first).is_ok_and(|text| text == template) {
                disk::remove_draft(&first);
                return Err(error);
            }
            return Err(error).with_context(|| format!("your text is kept in {}", first.display()));
        }
        let Some(text) = template::typed(&template, &disk::read_alone(&first)?) else {
            disk::remove_draft(&first);
            complain("asof: nothing was typed, so nothing is added");
            return Ok(Verdict::No);
        };
        // Kept without the comments of the template, so that faults point at the lines that are there.
        let file = disk::draft(self.folder, &text)?;
        disk::remove_draft(&first);
        let given = Given { name: file.display().to_string(), text };
        let compose = |timeline: &Timeline| {
            let incoming = from_given(&given, timeline, None)?;
            Ok(incoming.map(|incoming| Incoming { called: called.map(str::to_owned).or(incoming.called), ..incoming }))
        };
        let verdict = self.run(&compose);
        match &verdict {
            Ok(Verdict::Yes) => disk::remove_draft(&file),
            _ => {
                let word = |option: &str, text: String| format!("{option} {}", shell_word(&text));
                let named = self.named.map(|named| word(" -C", named.display().to_string())).unwrap_or_default();
                let id = called.map(|id| word(" --id", id.to_owned())).unwrap_or_default();
                let again = format!("asof{named} add {}{id}", shell_word(&given.name));
                complain(&format!("asof: what you typed is kept: mend it, and `{}`", visible(&again)));
            }
        }
        verdict
    }

    /// What is not as it was expected.
    fn unexpected(&self, timeline: &Timeline) -> Result<Option<Refusal>> {
        let number = timeline.history().len();
        if let Some(expected) = self.expected.expect_count.filter(|expected| *expected != number) {
            let refusal = Refusal::bad(format!("the chronicle has {number} events, and {expected} were expected"));
            return Ok(Some(refusal.help("somebody else has written meanwhile: read what is new, then add")));
        }
        let Some(expected) = &self.expected.expect_last else { return Ok(None) };
        let asks = Asks::List { filters: Vec::new(), since: None, until: None, reverse: true, limit: Some(1) };
        let answer = ask(timeline, &Question { select: Selectors::default(), asks })?;
        let last = match &answer.found {
            Found::Events(events) => events.first().map(|row| row.event.id.as_str()),
            _ => None,
        };
        let message = match last {
            Some(last) if last == expected => return Ok(None),
            Some(last) => format!("the last event is `{last}`, and `{expected}` was expected"),
            None => format!("there are no events yet, and `{expected}` was expected to be the last"),
        };
        Ok(Some(Refusal::bad(message).help("somebody else has written meanwhile: read what is new, then add")))
    }

    /// The texts with the new one under the name that its writer knows, where that is another.
    fn named(&self, texts: &Texts, file: FileId, shown: Option<&str>) -> Texts {
        let mut texts = texts.clone();
        let Some(shown) = shown else { return texts };
        texts.files.iter_mut().for_each(|text| text.name = self.seen(&text.name));
        texts.files[file.0 as usize].name = shown.to_owned();
        texts.own = 0;
        texts
    }

    /// A file of the chronicle, so that it can be opened from here.
    fn seen(&self, name: &str) -> String {
        let folder = &self.output.how.folder;
        if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
    }

    /// Shows faults where people read them.
    fn show(&self, faults: &[Diagnostic], texts: &Texts) {
        let mut stream = io::BufWriter::new(io::stderr().lock());
        // Nothing is left to tell where standard error is closed.
        let _ =
            diagnostic::write(faults, texts, &self.output.how_on_stderr(), &mut stream).and_then(|()| stream.flush());
    }

    /// Shows why nothing is written: as `check` would, for programs on standard output.
    fn refuse(&self, faults: &[Diagnostic], texts: &Texts, timeline: &Timeline) -> Result<Verdict> {
        if self.output.format == Format::Text {
            self.show(faults, texts);
        } else {
            let answer = ask(timeline, &check())?;
            let found = Found::Faults(Faults { diagnostics: faults.to_vec(), texts });
            let answer = Answer { found, ..answer };
            self.output.put(|to| render(&answer, self.output.format, &self.output.how, to))?;
        }
        complain(&format!("asof: {}, so nothing is written", diagnostic::tally(faults)));
        Ok(Verdict::No)
    }

    fn say_no(&self, refusal: &Refusal) -> Result<Verdict> {
        complain(&format!("asof: {}", visible(&refusal.message)));
        if let Some(help) = &refusal.help {
            complain(&format!("help: {}", visible(help)));
        }
        Ok(Verdict::No)
    }

    /// Says what was written, or would be.
    fn print(&self, filed: &Filed, state: &str) -> Result<Verdict> {
        let file = self.seen(&filed.name);
        let text = |text: &str| Shape::Text(text.to_owned().into());
        let rows: Vec<Shape> = filed
            .ids
            .iter()
            .map(|id| Shape::map([("id", text(id)), ("file", text(&filed.name)), ("state", text(state))]))
            .collect();
        self.output.put(|to| match (self.output.format, state) {
            (Format::Text | Format::Md, "would be added") => write!(to, "# {}\n{}", visible(&file), filed.text),
            (Format::Text | Format::Md, _) => {
                let mark = if state == "there" { "  (there already)" } else { "" };
                filed.ids.iter().try_for_each(|id| writeln!(to, "{}  {}{mark}", visible(id), visible(&file)))
            }
            (format, _) => {
                let mut whole = vec![("asof", 1usize.into()), ("events", Shape::List(rows.clone()))];
                if state == "would be added" {
                    whole.push(("text", text(&filed.text)));
                }
                render_shape(&Shape::map(whole), &rows, &["id", "file", "state"], format, &self.output.how, to)
            }
        })?;
        Ok(Verdict::Yes)
    }
}

/// Whether events are in a chronicle already.
enum There {
    Nothing,
    Same,
    Other(Refusal),
}

/// Looks for the ids, and for the file, of what is to be added.
fn is_there(read: &Read, events: &[Free], filed: &Filed, seen: &dyn Fn(&str) -> String) -> There {
    let timeline = &read.timeline;
    let known = filed.ids.iter().zip(events).filter_map(|(id, event)| {
        let there = timeline.history().event(timeline.event_number(id)?);
        let is_same = incoming::said(there, timeline).is_some_and(|said| filed::is_same(&said, event));
        Some((id, there.place, is_same))
    });
    let known: Vec<(&String, Place, bool)> = known.collect();
    if let Some((id, place, _)) = known.iter().find(|(_, _, is_same)| !is_same) {
        let at = format!("{}:{}", seen(&timeline.texts().file(place.file).name), timeline.line(*place));
        let refusal = Refusal::bad(format!("there is another event `{id}` ({at})"));
        return There::Other(
            refusal.help(format!("correct it with `asof correct {id}`, or call this one otherwise with --id")),
        );
    }
    if !known.is_empty() && known.len() == events.len() {
        return There::Same;
    }
    if let Some((id, ..)) = known.first() {
        let refusal =
            Refusal::bad(format!("{} of {} events are there already, such as `{id}`", known.len(), events.len()));
        return There::Other(refusal.help("leave those out: several events are added together or not at all"));
    }
    let file = timeline.texts().files.iter().find(|text| text.name == filed.name);
    file.map_or(There::Nothing, |_| {
        let message = format!("there is a file {} already, which holds something else", seen(&filed.name));
        let refusal = Refusal::bad(message);
        There::Other(refusal.help("call the event otherwise with --id"))
    })
}
