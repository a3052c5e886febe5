//! TEXT → EVENTS: every value with its place. Nothing fails as a whole: what can be read is kept, and every fault
//! stands beside it. Knows nothing of what other texts hold, nor of disks.
//!
//! ```text
//! text ─ yaml, json → tree ─ event, expectation, manifest (rule, link)
//!                            └ change, value, date, path, citation ─ reading
//! ```

mod yaml;
mod json;
mod tree;
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
mod reading;
#[cfg(test)]
mod tests;

pub use manifest::{is_manifest, manifest};

use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::{Event, Expectation};
use crate::model::manifest::Manifest;
use crate::model::path::{is_slug, normal};
use crate::model::text::{FileId, Text};
use reading::Reading;
use tree::{Document, Shape};

/// What one text holds: what could be read, and every fault beside it.
#[derive(Clone, Debug, Default)]
pub struct Loose {
    /// The events without a fault, in the order written.
    pub events: Vec<Event>,
    /// The expectations without a fault, in the order written.
    pub expectations: Vec<Expectation>,
    /// Everything that is wrong, in the order of the text.
    pub faults: Vec<Diagnostic>,
    /// How many documents have an error; they are not among the events and expectations.
    pub left_out: usize,
}

/// Reads a file of events: JSON, one document a line, or YAML, by the ending of its name.
pub fn documents(file: FileId, text: &Text, manifest: &Manifest) -> Loose {
    let mut all = All {
        reading: Reading::new(file, &text.content, manifest),
        loose: Loose::default(),
        numbers: Vec::new(),
        count: 0,
    };
    let mut take = |document| all.document(document);
    match text.name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("json") => json::read(file, &text.content, &mut take),
        Some("jsonl") => json::read_lines(file, &text.content, &mut take),
        _ => yaml::read(file, &text.content, &mut take),
    }
    all.name_events(text.stem());
    let All { reading, mut loose, .. } = all;
    loose.faults = reading.faults;
    loose.faults.sort_by_key(|fault| (fault.place.start, fault.place.end));
    loose
}

/// The documents of one text while it is read.
struct All<'a> {
    reading: Reading<'a>,
    loose: Loose,
    /// The place of each event of `loose` among the events of the text, from 1.
    numbers: Vec<usize>,
    /// How many events there were, those with an error included.
    count: usize,
}

/// What a document is.
enum Sort {
    Event,
    Expectation,
    Unknown,
}

impl<'a> All<'a> {
    fn document(&mut self, document: Document<'a>) {
        let sort = sort(&document);
        let is_kept = match sort {
            Sort::Expectation => {
                let expectation = self.reading.whole(document, Reading::expectation);
                let is_kept = expectation.is_some();
                self.loose.expectations.extend(expectation);
                is_kept
            }
            // What is no expectation counts as an event, so that mending it moves no number.
            Sort::Event | Sort::Unknown => {
                self.count += 1;
                let event = self.reading.whole(document, |reading, root| match sort {
                    Sort::Event => reading.event(root),
                    _ => {
                        reading.unknown_document(&root);
                        None
                    }
                });
                let is_kept = event.is_some();
                self.numbers.extend(event.is_some().then_some(self.count));
                self.loose.events.extend(event);
                is_kept
            }
        };
        self.loose.left_out += usize::from(!is_kept);
    }

    /// Gives an id to every event without one: the stem of the file, and its number where there are several.
    fn name_events(&mut self, stem: &str) {
        let nameless = |event: &Event| event.id.is_empty();
        let Some(first) = self.loose.events.iter().position(nameless) else { return };
        let place = self.loose.events[first].name_place;
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
            self.loose.events.retain(|event| !nameless(event));
            self.loose.left_out += before - self.loose.events.len();
            return self.reading.say(fault);
        }
        let stem = normal(stem);
        for (event, number) in self.loose.events.iter_mut().zip(&self.numbers) {
            if nameless(event) {
                event.id_by_place = self.count > 1;
                event.id = if event.id_by_place { format!("{stem}#{number}") } else { stem.clone().into_owned() };
            }
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
        _ => Sort::Unknown,
    }
}
