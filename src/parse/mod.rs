//! TEXT → EVENTS: every value with its place. Nothing fails as a whole: what can be read is kept, and every fault
//! stands beside it. Knows nothing of what other texts hold, nor of disks.
//!
//! ```text
//! text ─ scan (else yaml), json → tree ─ event, expectation, manifest (rule, link)
//!                                       └ change, value, date, path, citation ─ reading
//! ```

mod scan;
mod yaml;
mod json;
pub(crate) mod tree;
pub(crate) mod written;
mod manifest;
mod link;
mod rule;
mod event;
mod expectation;
mod change;
mod value;
mod date;
mod path;
mod citation;
mod free;
mod reading;
mod decoder;
pub mod keys;
#[cfg(test)]
mod tests;

pub use free::{drafts, value};
pub use manifest::{is_manifest, manifest};

use std::ops::Range;

use rayon::prelude::*;

use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::{Event, Expectation, Free};
use crate::model::manifest::Manifest;
use crate::model::path::{is_slug, normal};
use crate::model::text::{FileId, Place, Text};
pub use decoder::Decoder;
pub use event::KEYS as EVENT_KEYS;
use reading::Reading;
use tree::Document;
pub use tree::{Entries, Key, Node, Shape, Style};

/// Whether the fast reading of YAML and that by the library alone differ on a text, and how; for tests and `fuzz/`.
#[cfg(any(test, fuzzing))]
pub fn difference(text: &str) -> Option<String> {
    scan::judge::difference(text)
}

/// What one text holds: what could be read, and every fault beside it.
#[derive(Clone, Debug, Default)]
pub struct Loose<K> {
    /// The events without a fault, in the order written, as whoever asks for them keeps them.
    pub events: K,
    /// The expectations without a fault, in the order written.
    pub expectations: Vec<Expectation>,
    /// Everything that is wrong, in the order of the text.
    pub faults: Vec<Diagnostic>,
    /// How many documents have an error; they are not among the events and expectations.
    pub left_out: usize,
    /// Events with a fault, as far as they could be read: for what they say of others, which is checked all the same.
    pub faulty: Vec<Event>,
}

/// Keeps the events of a text while it is read: whole, or what of them is needed.
pub trait Keep: Default + Send {
    /// Takes the next event without a fault. Its id is empty where none is written; `extent` are the bytes of the text
    /// that [`event`] reads it from again, if there are such; `number` is its place among the events, from 1.
    fn take(&mut self, event: Event, extent: Option<Range<usize>>, number: usize);
    /// Adds what was kept of the next part of the text, before which there were `before` events.
    fn join(&mut self, next: Self, before: usize);
    /// How many there are.
    fn len(&self) -> usize;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// What a message about the first event without an id points at.
    fn first_nameless(&self) -> Option<Place>;
    /// Gives every event without an id one: the stem, `#` and its number where there are `several`.
    fn name(&mut self, stem: &str, several: bool);
    /// Takes out every event without an id.
    fn drop_nameless(&mut self);
}

/// Whole events with their places among those of the text.
impl Keep for Vec<(usize, Event)> {
    fn take(&mut self, event: Event, _extent: Option<Range<usize>>, number: usize) {
        self.push((number, event));
    }

    fn join(&mut self, next: Self, before: usize) {
        self.extend(next.into_iter().map(|(number, event)| (before + number, event)));
    }

    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn first_nameless(&self) -> Option<Place> {
        let nameless = self.iter().filter(|(_, event)| event.id.is_empty());
        nameless.map(|(_, event)| event.name_place).min()
    }

    fn name(&mut self, stem: &str, several: bool) {
        for (number, event) in self.iter_mut().filter(|(_, event)| event.id.is_empty()) {
            event.id_by_place = several;
            event.id = if several { format!("{stem}#{number}") } else { stem.to_owned() };
        }
    }

    fn drop_nameless(&mut self) {
        self.retain(|(_, event)| !event.id.is_empty());
    }
}

/// Reads a file of events: JSON, one document a line, or YAML, by the ending of its name. The parts of a large one are
/// read side by side; the answer does not depend on how many are.
pub fn documents<K: Keep>(file: FileId, text: &Text, manifest: &Manifest) -> Loose<K> {
    let content = text.content();
    let format = Format::of(&text.name);
    let parts = match format {
        Format::Json => Vec::new(),
        Format::Lines => json::parts(content, part_size(content.len())),
        Format::Yaml => scan::parts(content, part_size(content.len())),
    };
    let all = read_parts(file, text, format, manifest, parts);
    let All { reading, mut loose, .. } = all;
    loose.faults = reading.faults;
    loose.faults.sort_by_key(|fault| (fault.place.start, fault.place.end));
    loose
}

/// About how many bytes of a text are read as one part: enough for every core to have some, and as many as that allows,
/// since each part meets the same names anew.
fn part_size(length: usize) -> usize {
    (length / (2 * rayon::current_num_threads())).clamp(256 << 10, 4 << 20)
}

/// Reads an event again that [`documents`] read without a fault: `words` are the bytes of its extent, which begin at
/// `base`. Nothing where they are no longer those of such an event. An id that is not written stays empty.
pub fn event(file: FileId, name: &str, words: &str, base: usize, manifest: &Manifest) -> Option<Event> {
    let root = match Format::of(name) {
        Format::Yaml => scan::alone(file, words, base)?,
        Format::Json | Format::Lines => json::alone(file, words, base)?,
    };
    let mut reading = Reading::new(file, words, manifest);
    reading.base = base;
    let event = reading.event(root)?;
    reading.faults.is_empty().then_some(event)
}

/// Reads one document of JSON as free data. Error: the first fault, in file 0.
pub fn json(text: &str) -> Result<Free, Diagnostic> {
    let (file, nothing) = (FileId(0), Manifest::default());
    let document = json::document(file, text);
    let fault = document.faults.into_iter().next();
    match (fault, document.root) {
        (None, Some(root)) => Ok(Reading::new(file, text, &nothing).free(root)),
        (fault, _) => {
            Err(fault.unwrap_or_else(|| Diagnostic::new(Code::Syntax, Place::of_file(file), "nothing to read")))
        }
    }
}

/// Whether an event may have this key.
pub fn is_event_key(key: &str) -> bool {
    event::KEYS.contains(&key)
}

/// How a text is written.
#[derive(Clone, Copy)]
enum Format {
    Json,
    Lines,
    Yaml,
}

impl Format {
    fn of(name: &str) -> Format {
        match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("json") => Format::Json,
            Some("jsonl") => Format::Lines,
            _ => Format::Yaml,
        }
    }
}

/// Reads the parts of a text side by side, and the text as a whole where its parts together are not the same.
fn read_parts<'a, K: Keep>(
    file: FileId,
    text: &'a Text,
    format: Format,
    manifest: &'a Manifest,
    parts: Vec<Range<usize>>,
) -> All<'a, K> {
    let content = text.content();
    let read = |part: Range<usize>| {
        let mut all = All::new(file, content, manifest);
        all.read(file, content, format, part);
        all
    };
    let mut together: Option<All<K>> = None;
    // Some at a time, so that no text is there twice, in parts and together.
    for some in parts.chunks(4 * rayon::current_num_threads()).filter(|_| parts.len() > 1) {
        let read_parts: Vec<All<K>> = some.par_iter().cloned().map(read).collect();
        for part in read_parts {
            match &mut together {
                None => together = Some(part),
                Some(all) => all.join(part, content),
            }
        }
    }
    let together = together.filter(|all| all.allowance > 0 && !all.reading.has_guessed_enough());
    let mut all = together.unwrap_or_else(|| read(0..content.len()));
    all.name_events(text.stem());
    all
}

/// The documents of one text, or of a part of it, while it is read.
struct All<'a, K> {
    reading: Reading<'a>,
    loose: Loose<K>,
    /// The place of each event of `loose.faulty` among the events of the text, from 1.
    faulty_numbers: Vec<usize>,
    /// How many events there were, those with an error included.
    count: usize,
    /// What aliases may still cost.
    allowance: usize,
}

/// What a document is.
enum Sort {
    Event,
    Expectation,
    Unknown,
}

impl<'a, K: Keep> All<'a, K> {
    fn new(file: FileId, content: &'a str, manifest: &'a Manifest) -> All<'a, K> {
        All {
            reading: Reading::new(file, content, manifest),
            loose: Loose {
                events: K::default(),
                expectations: Vec::new(),
                faults: Vec::new(),
                left_out: 0,
                faulty: Vec::new(),
            },
            faulty_numbers: Vec::new(),
            count: 0,
            allowance: yaml::allowance(content),
        }
    }

    fn read(&mut self, file: FileId, content: &'a str, format: Format, part: Range<usize>) {
        let mut allowance = self.allowance;
        let mut take = |document| self.document(document);
        match format {
            Format::Json => json::read(file, content, &mut take),
            Format::Lines => json::read_lines(file, content, part, &mut take),
            Format::Yaml => scan::read_part(file, content, part, &mut allowance, &mut take),
        }
        self.allowance = allowance;
    }

    /// Takes in the next part of the text. What is limited in the text as a whole is added up, so that whoever reaches
    /// such a limit can tell.
    fn join(&mut self, part: All<'a, K>, content: &str) {
        self.reading.join(part.reading);
        self.allowance = self.allowance.saturating_sub(yaml::allowance(content) - part.allowance);
        self.faulty_numbers.extend(part.faulty_numbers.iter().map(|number| self.count + number));
        self.loose.faulty.extend(part.loose.faulty);
        self.loose.events.join(part.loose.events, self.count);
        self.count += part.count;
        self.loose.left_out += part.loose.left_out;
        self.loose.expectations.extend(part.loose.expectations);
    }

    fn document(&mut self, document: Document<'a>) {
        let (sort, extent) = (sort(&document), document.extent.clone());
        let is_kept = match sort {
            Sort::Expectation => {
                let (expectation, is_whole) = self.reading.whole(document, Reading::expectation);
                self.loose.expectations.extend(expectation.filter(|_| is_whole));
                is_whole
            }
            // What is no expectation counts as an event, so that mending it moves no number.
            Sort::Event | Sort::Unknown => {
                self.count += 1;
                let (event, is_whole) = self.reading.whole(document, |reading, root| match sort {
                    Sort::Event => reading.event(root),
                    _ => {
                        reading.unknown_document(&root);
                        None
                    }
                });
                match event {
                    Some(event) if is_whole => self.loose.events.take(event, extent, self.count),
                    Some(event) => {
                        self.faulty_numbers.push(self.count);
                        self.loose.faulty.push(event);
                    }
                    None => {}
                }
                is_whole
            }
        };
        self.loose.left_out += usize::from(!is_kept);
    }

    /// Gives an id to every event without one: the stem of the file, and its number where there are several.
    fn name_events(&mut self, stem: &str) {
        let nameless = |event: &Event| event.id.is_empty();
        let faulty = self.loose.faulty.iter().filter(|event| nameless(event)).map(|event| event.name_place).min();
        let Some(place) = self.loose.events.first_nameless().into_iter().chain(faulty).min() else { return };
        let fault = if !is_slug(stem) {
            let message = format!("the name of the file gives no id: `{stem}` is not a slug");
            Some(Diagnostic::new(Code::BadSlug, place, message).help("write an `id`, or rename the file"))
        } else if self.count == 1 && event::is_date(stem) {
            Some(event::id_is_date(stem, place))
        } else {
            None
        };
        if let Some(fault) = fault {
            let before = self.loose.events.len();
            self.loose.events.drop_nameless();
            self.loose.faulty.retain(|event| !nameless(event));
            self.loose.left_out += before - self.loose.events.len();
            return self.reading.say(fault);
        }
        let (stem, several) = (normal(stem), self.count > 1);
        self.loose.events.name(&stem, several);
        for (event, number) in self.loose.faulty.iter_mut().zip(&self.faulty_numbers).filter(|(e, _)| e.id.is_empty()) {
            event.id_by_place = several;
            event.id = if several { format!("{stem}#{number}") } else { stem.clone().into_owned() };
        }
    }
}

/// What a document is, by the key that says so.
fn sort(document: &Document) -> Sort {
    let Some(Shape::Map(entries)) = document.root.as_ref().map(|root| &root.shape) else { return Sort::Unknown };
    let has = |name: &str| entries.iter().any(|(key, _)| key.text == name);
    match (has("title"), has("expect")) {
        (true, false) => Sort::Event,
        (false, true) => Sort::Expectation,
        // What has a date was meant as an event, and is told what else is wrong with it.
        (false, false) if has("date") => Sort::Event,
        _ => Sort::Unknown,
    }
}
