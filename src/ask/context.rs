//! `context`: the state before the event at a line, the event, and the state after it; at the line of an expectation,
//! the state that its checks are asked of.

use std::collections::BTreeMap;

use super::check::selectors;
use super::replay::possible_by_path;
use super::show::shown;
use super::viewpoint::look;
use super::{Answer, Fact, FileLine, Found, Refusal, Selectors, Shown, Standing, answered, row};
use crate::history::{PathNumber, Suppose, View};
use crate::model::diagnostic::nearest;
use crate::model::path::Path;
use crate::model::text::{FileId, Place};
use crate::timeline::Timeline;

/// What stands around a line of the chronicle.
#[derive(Clone, Debug)]
pub struct Context<'t> {
    /// The file, relative to the chronicle.
    pub file: &'t str,
    /// The line asked for.
    pub line: usize,
    /// What is there.
    pub around: Around<'t>,
}

/// What a line is part of.
#[derive(Clone, Debug)]
pub enum Around<'t> {
    /// An event.
    Event {
        /// The event, with what it changed.
        event: Box<Shown<'t>>,
        /// What held just before it.
        before: Vec<Fact<'t>>,
        /// What holds just after it, of the same paths in the same order.
        after: Vec<Fact<'t>>,
    },
    /// An expectation; the viewpoint of the answer is its own.
    Expectation {
        /// The line on which it begins.
        begins: usize,
        /// What its checks are asked of.
        facts: Vec<Fact<'t>>,
    },
}

impl Around<'_> {
    /// Whether the event changed what holds of a path.
    pub fn changes(&self, path: &Path) -> bool {
        match self {
            Around::Event { event, .. } => event.changed.iter().any(|change| change.path == path),
            Around::Expectation { .. } => false,
        }
    }
}

/// Answers `context FILE:LINE`.
pub(super) fn answer<'t>(
    timeline: &'t Timeline,
    select: &Selectors,
    at: &FileLine,
    all: bool,
) -> Result<Answer<'t>, Refusal> {
    let (file, place) = place(timeline, at)?;
    let name = &timeline.texts().file(file).name;
    let around = |around| Found::Context(Box::new(Context { file: name, line: at.line, around }));
    let history = timeline.history();
    let of_file = (0..history.len() as u32).filter(|number| history.file(*number) == file);
    let event = of_file.map(|number| (number, history.event(number)));
    let event = event.filter(|(_, event)| meets(timeline, event.place, place));
    if let Some((number, _)) = event.min_by_key(|(_, event)| event.place.start) {
        if select.at.is_some() {
            return Err(Refusal::bad("`context` looks from the event at the line, so it takes no `--at`"));
        }
        let looked = look(timeline, select, true)?;
        let (view, mut seen) = (&looked.view, looked.seen);
        let (before, after) = (view.at_event(number, false), view.at_event(number, true));
        let after = if view.counts(number) { after } else { before.clone() };
        (seen.at, seen.moment) = (super::At::After(timeline.history().event(number).id.clone()), after.moment());
        let touched = timeline.history().touched(number);
        let (before, after) = facts(timeline, (&before, &after), (!all).then_some(touched));
        let event = Box::new(shown(timeline, view, number));
        return Ok(answered(timeline, seen, around(Around::Event { event, before, after })));
    }
    let mut expectations = timeline.expectations().iter();
    let Some(expectation) = expectations.find(|expectation| meets(timeline, expectation.place, place)) else {
        return Err(nothing_there(timeline, at, place));
    };
    if *select != Selectors::default() {
        return Err(Refusal::bad("an expectation looks from where it says, so it takes no selectors"));
    }
    // As `check` asks it: without what came by `--with`.
    let looked = look(timeline, &selectors(expectation), false)?;
    let facts = if all {
        facts(timeline, (&looked.view, &looked.view), None).1
    } else {
        let possible = possible_by_path(&looked.view);
        let paths = expectation.expect.iter().map(|(path, _)| &path.value);
        paths.map(|path| expected_fact(timeline, &looked.view, &possible, path)).collect()
    };
    let begins = timeline.line(expectation.place);
    Ok(answered(timeline, looked.seen, around(Around::Expectation { begins, facts })))
}

/// What holds before and after of some paths, or of all that have anything to say on either side.
fn facts<'t>(
    timeline: &'t Timeline,
    (before, after): (&View<'t>, &View<'t>),
    paths: Option<&[PathNumber]>,
) -> (Vec<Fact<'t>>, Vec<Fact<'t>>) {
    let (old, new) = (possible_by_path(before), possible_by_path(after));
    let held = |view: &View<'t>, possible: &BTreeMap<PathNumber, Vec<Suppose>>, path: PathNumber| {
        view.held(path, possible.get(&path).map_or(&[], Vec::as_slice))
    };
    let every: Vec<PathNumber> = (0..timeline.history().paths().len() as u32).collect();
    let both = paths.unwrap_or(&every).iter().map(|path| (*path, held(before, &old, *path), held(after, &new, *path)));
    let said = both.filter(|(_, before, after)| paths.is_some() || before.is_something() || after.is_something());
    said.map(|(path, before, after)| (row::fact(timeline, path, before), row::fact(timeline, path, after))).unzip()
}

/// What holds of a path that an expectation names; that no event names, it has nothing.
fn expected_fact<'t>(
    timeline: &'t Timeline,
    view: &View<'t>,
    possible: &BTreeMap<PathNumber, Vec<Suppose>>,
    path: &'t Path,
) -> Fact<'t> {
    if let Some(number) = timeline.history().find(path) {
        let held = view.held(number, possible.get(&number).map_or(&[], Vec::as_slice));
        return row::fact(timeline, number, held);
    }
    Fact {
        path,
        value: None,
        standing: Standing::None,
        since: None,
        event: None,
        claimed_by: Vec::new(),
        record_moved_on: false,
        alternatives: Vec::new(),
        label: None,
        unit: None,
    }
}

/// The file that is meant, and the bytes of its line, or of the column in it.
fn place(timeline: &Timeline, at: &FileLine) -> Result<(FileId, Place), Refusal> {
    let files = &timeline.texts().files;
    let number = files.iter().position(|text| text.name == at.file).ok_or_else(|| {
        let near = nearest(&at.file, files.iter().map(|text| text.name.as_str()));
        Refusal::not_found(format!("the chronicle has no file `{}`", at.file), near)
    })?;
    let file = FileId(number as u32);
    let content = files[number].content();
    let mut lines = content.split_inclusive('\n');
    let start: usize = lines.by_ref().take(at.line - 1).map(str::len).sum();
    let Some(line) = lines.next() else {
        let message = format!("`{}` has {} lines, so there is no line {}", at.file, content.lines().count(), at.line);
        return Err(Refusal::not_found(message, None));
    };
    let (from, to) = match at.column {
        None => (start, start + line.trim_end().len()),
        Some(column) => {
            let before: usize = line.trim_end().chars().take(column - 1).map(char::len_utf8).sum();
            (start + before, start + before)
        }
    };
    Ok((file, Place::new(file, from, to)))
}

/// Whether a document has bytes in a place; the blanks at its end are no part of it.
fn meets(timeline: &Timeline, document: Place, place: Place) -> bool {
    let end = || document.start as usize + timeline.texts().words(document).trim_end().len();
    document.file == place.file && document.start <= place.end && (place.start as usize) < end()
}

/// Why there is nothing at a line, and where the nearest document is.
fn nothing_there(timeline: &Timeline, at: &FileLine, place: Place) -> Refusal {
    let message = format!("line {} of `{}` belongs to no event and no expectation", at.line, at.file);
    let history = timeline.history();
    let of_file = (0..history.len() as u32).filter(|number| history.file(*number) == place.file);
    let events =
        of_file.map(|number| history.event(number)).map(|event| (event.place, format!("event, `{}`,", event.id)));
    let expectations = timeline.expectations().iter().map(|one| (one.place, "expectation".to_owned()));
    let of_file = events.chain(expectations).filter(|(document, _)| document.file == place.file);
    let distance =
        |document: Place| document.start.saturating_sub(place.end).max(place.start.saturating_sub(document.end));
    let help = match of_file.min_by_key(|(document, _)| (distance(*document), document.start)) {
        Some((document, words)) => format!("the nearest {words} begins on line {}", timeline.line(document)),
        None => "this file has no events".to_owned(),
    };
    Refusal::not_found(message, None).help(help)
}
