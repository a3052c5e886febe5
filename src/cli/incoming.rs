//! What is to be added: events from a file, from options, or from what was typed, before they are checked. Knows nothing of
//! how they are written.

use std::path::Path;

use anyhow::Result;

use super::args::{Correct, Keys};
use super::clock;
use super::typed;
use crate::ask::Refusal;
use crate::disk;
use crate::model::diagnostic::{Diagnostic, nearest};
use crate::model::event::{Event, Free};
use crate::model::path::is_slug;
use crate::model::text::{FileId, Text};
use crate::parse;
use crate::timeline::Timeline;
use crate::write::draft::{self, Draft};
use crate::write::name;

/// Events that are to be added.
#[derive(Debug, Default)]
pub struct Incoming {
    /// The events.
    pub events: Vec<Free>,
    /// What they were read from, where that is kept to the letter.
    pub kept: Option<String>,
    /// The id of an event that has none; of several, the name of their file.
    pub called: Option<String>,
    /// The name by which a diagnostic shows what is kept.
    pub shown: Option<String>,
}

/// A file that is given: where it is from, and what it says.
pub struct Given {
    /// The name that its writer knows.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl Given {
    /// Reads a file; `-` is standard input.
    pub fn read(file: &Path) -> Result<Given> {
        let name = if file == Path::new("-") { "(standard input)".to_owned() } else { file.display().to_string() };
        Ok(Given { name, text: disk::read_alone(file)? })
    }

    /// Its events. YAML is kept to the letter; JSON becomes YAML. Faults: those of a text that is not even JSON.
    pub fn incoming(
        &self,
        timeline: &Timeline,
        id: Option<&str>,
    ) -> Result<Result<Incoming, Vec<Diagnostic>>, Refusal> {
        let (text, is_json) = self.as_text();
        let (drafts, faults) = parse::drafts(FileId(0), &text, timeline.manifest());
        if is_json && !faults.is_empty() {
            return Ok(Err(faults));
        }
        let events: Vec<Free> = drafts.into_iter().map(|(_, event)| event).collect();
        if events.is_empty() && faults.is_empty() {
            return Err(Refusal::bad(format!("there is no event in {}", self.name)));
        }
        if events.iter().any(|event| draft::has(event, "expect") && !draft::has(event, "title")) {
            let refusal = Refusal::bad(format!("{} holds an expectation, and only events are added", self.name));
            return Err(refusal.help("append it to a file of the chronicle yourself"));
        }
        let own = events.first().filter(|_| events.len() == 1).and_then(|event| draft::text(event, "id"));
        if let (Some(own), Some(id)) = (own, id)
            && own != id
        {
            return Err(Refusal::bad(format!("{} says that its id is `{own}`, and --id says `{id}`", self.name)));
        }
        let called = id.map(str::to_owned).or_else(|| self.stem(&events));
        // An id that is no name for a file has to be written.
        let is_kept = !is_json && (own.is_some() || called.as_deref().is_none_or(name::is_stem));
        let kept = is_kept.then(|| self.text.clone());
        Ok(Ok(Incoming { events, called, shown: kept.as_ref().map(|_| self.name.clone()), kept }))
    }

    /// The text under a name that says how it is written: of standard input that is seen by its first character.
    fn as_text(&self) -> (Text, bool) {
        let ends = |ending: &str| self.name.ends_with(ending);
        let named = |name: &str| Text::new(name, self.text.as_str());
        if ends(".json") || ends(".jsonl") {
            return (named(&self.name), true);
        }
        if self.text.trim_start().starts_with(['{', '[']) {
            for text in [named("-.json"), named("-.jsonl")] {
                let (drafts, faults) = parse::drafts(FileId(0), &text, &Default::default());
                if faults.is_empty() && !drafts.is_empty() {
                    return (text, true);
                }
            }
        }
        (named("-.yaml"), false)
    }

    /// The file's own name without its ending, where that may name the events: of one event if it begins with its day.
    fn stem(&self, events: &[Free]) -> Option<String> {
        let stem = Path::new(&self.name).file_stem()?.to_str().filter(|stem| name::is_stem(stem))?;
        let date = events.first().and_then(|event| draft::text(event, "date")).unwrap_or("");
        (events.len() > 1 || name::begins_with_day(stem, date)).then(|| stem.to_owned())
    }
}

/// The event that options say. Errors: no date or no title, or what could not be written down.
pub fn from_keys(keys: &Keys, timeline: &Timeline) -> Result<Incoming, Refusal> {
    for (option, value, example) in
        [("--date", &keys.date, "--date today"), ("--title", &keys.title, "--title 'What happened'")]
    {
        if value.is_none() {
            return Err(Refusal::bad(format!("an event needs a {option}")).help(format!("such as `{example}`")));
        }
    }
    let mut draft = Draft::default();
    typed::put(keys, &mut draft, timeline.manifest(), &today(timeline))?;
    Ok(Incoming { events: vec![draft.into_free()], called: called(keys.id.as_deref())?, ..Incoming::default() })
}

/// What corrects an event: all that it says, but for the options.
pub fn correction(words: &Correct, timeline: &Timeline) -> Result<Incoming, Refusal> {
    let original = original(&words.event, timeline)?;
    let (event, today) = (&words.event, today(timeline));
    let mut draft = match words.retract {
        true => Draft::retraction(&original, event, &today),
        false => Draft::correction(&original, event, &today),
    };
    for path in &words.drop {
        if !draft.drop_change(path) {
            return Err(Refusal::bad(format!("`{event}` changes nothing of `{path}`")));
        }
    }
    typed::put(&words.keys, &mut draft, timeline.manifest(), &today)?;
    let by_custom = format!("{event}-{}", if words.retract { "retracted" } else { "corrected" });
    let called = called(words.keys.id.as_deref())?.or_else(|| Some(by_custom).filter(|id| is_slug(id)));
    Ok(Incoming { events: vec![draft.into_free()], called, ..Incoming::default() })
}

/// The date of today in the chronicle's time zone.
pub fn today(timeline: &Timeline) -> String {
    clock::today(timeline.manifest().calendar.zone)
}

fn called(id: Option<&str>) -> Result<Option<String>, Refusal> {
    match id {
        Some(id) if !is_slug(id) => {
            let refusal = Refusal::bad(format!("`{id}` is no id"));
            Err(refusal.help("an id is letters, digits, `-`, `_` and, not first, `.`"))
        }
        id => Ok(id.map(str::to_owned)),
    }
}

/// An event of the chronicle by its keys.
fn original(id: &str, timeline: &Timeline) -> Result<Free, Refusal> {
    let Some(number) = timeline.event_number(id) else {
        return Err(Refusal::not_found(format!("there is no event `{id}`"), nearest(id, timeline.ids())));
    };
    said(timeline.history().event(number), timeline)
        .ok_or_else(|| Refusal::bad(format!("`{id}` cannot be read again: correct it by hand")))
}

/// What the file of an event says of it.
pub fn said(event: &Event, timeline: &Timeline) -> Option<Free> {
    let file = event.place.file;
    let (drafts, _) = parse::drafts(file, timeline.texts().file(file), timeline.manifest());
    drafts.into_iter().find(|(place, _)| place.start == event.place.start).map(|(_, event)| event)
}
