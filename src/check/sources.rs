//! Sources: which citation means which source. One id that is described in two ways, and an id that nothing describes
//! once the manifest has sources, are load faults.

use std::cell::Cell;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::Loose;
use crate::history::{Cites, Likeness, LooseNumber, Names};
use crate::model::diagnostic::{Code, Diagnostic, nearest};
use crate::model::event::{Citation, Cited, Event};
use crate::model::manifest::{Manifest, Source};
use crate::model::text::{Located, Place};

/// Where a source is described in place: by which citation of which event, or of a faulty event, whole.
#[derive(Clone, PartialEq, Debug)]
pub enum Described {
    /// The citation of this number of an event.
    By(LooseNumber, u32),
    /// The description itself.
    Alone(Box<Source>),
}

/// A description that was found first, by what it is known again.
type First = (Described, Likeness);

/// The sources that are described in place and have an id, by id; the first description of each.
pub fn described(loose: Loose<'_>, faulty: &[Event]) -> BTreeMap<String, First> {
    let mut found: BTreeMap<String, First> = BTreeMap::new();
    for cites in loose.gathered.citations().iter().filter(|cites| loose.is_kept(cites.row)) {
        if let Names::Described(id, likeness) = loose.gathered.names(cites)
            && !found.contains_key(id)
        {
            found.insert(id.to_owned(), (Described::By(cites.row, cites.number), likeness));
        }
    }
    for citation in faulty.iter().flat_map(Event::citations) {
        if let Cited::InPlace(source) = &citation.source
            && let Some(id) = &source.id
        {
            found.entry(id.clone()).or_insert_with(|| (Described::Alone(source.clone()), Likeness::of(source)));
        }
    }
    found
}

/// What citations are held against.
struct Known<'a> {
    loose: Loose<'a>,
    manifest: &'a Manifest,
    described: &'a BTreeMap<String, First>,
    /// How many more nearest names are looked for: nobody reads more guesses, and each walks a whole table.
    guesses: Cell<usize>,
}

/// Finds ids that are described in two ways, and ids that nothing describes.
pub fn find(
    loose: Loose<'_>,
    faulty: &[Event],
    manifest: &Manifest,
    described: &BTreeMap<String, First>,
    faults: &mut Vec<Diagnostic>,
) {
    let known = Known { loose, manifest, described, guesses: Cell::new(200) };
    for cites in loose.gathered.citations().iter().filter(|cites| loose.is_kept(cites.row)) {
        match loose.gathered.names(cites) {
            Names::Id(id) if known.is_unknown(id) => {
                if let Cited::ById(id) = &citation(loose, cites).source {
                    faults.push(known.unknown(id));
                }
            }
            Names::Described(id, likeness) if !known.is_first(id, likeness) => {
                if let Citation { source: Cited::InPlace(source), place, .. } = &citation(loose, cites) {
                    faults.extend(known.conflict(id, source, *place));
                }
            }
            _ => {}
        }
    }
    for citation in faulty.iter().flat_map(Event::citations) {
        match &citation.source {
            Cited::ById(id) if known.is_unknown(&id.value) => faults.push(known.unknown(id)),
            Cited::ById(_) => {}
            Cited::InPlace(source) => {
                let id = source.id.as_deref();
                faults.extend(id.and_then(|id| known.conflict(id, source, citation.place)));
            }
        }
    }
}

/// A citation, read again.
fn citation(loose: Loose<'_>, cites: &Cites) -> Citation {
    let event = loose.read(cites.row);
    let citation = event.citations().nth(cites.number as usize).cloned();
    citation.expect("an event that is read again cites what it cited")
}

impl Known<'_> {
    fn listed(&self, id: &str) -> Option<&Source> {
        self.manifest.sources.as_ref().and_then(|sources| sources.get(id))
    }

    fn is_unknown(&self, id: &str) -> bool {
        self.manifest.sources.is_some() && self.listed(id).is_none() && !self.described.contains_key(id)
    }

    fn unknown(&self, id: &Located<String>) -> Diagnostic {
        let known = self.manifest.sources.iter().flat_map(BTreeMap::keys).chain(self.described.keys());
        let fault = Diagnostic::new(Code::UnknownSource, id.place, format!("no source has the id `{}`", id.value));
        let guesses = self.guesses.replace(self.guesses.get().saturating_sub(1));
        let near = if guesses > 0 { nearest(&id.value, known.map(String::as_str)) } else { None };
        match near {
            Some(name) => fault.help(format!("did you mean `{name}`?")),
            None => fault.help("describe it under `sources` in the manifest, or in place"),
        }
    }

    /// Whether a description is word for word the first one of its id.
    fn is_first(&self, id: &str, likeness: Likeness) -> bool {
        match self.listed(id) {
            Some(source) => Likeness::of(source) == likeness,
            None => self.described.get(id).is_none_or(|(_, first)| *first == likeness),
        }
    }

    fn conflict(&self, id: &str, source: &Source, place: Place) -> Option<Diagnostic> {
        let (key, first) = match (self.listed(id), &self.described.get(id)?.0) {
            (Some(first), _) => (conflict(first, source)?, first.place),
            (None, Described::Alone(first)) => (conflict(first, source)?, first.place),
            (None, Described::By(row, number)) => {
                let first = in_place(&self.loose.read(*row), *number)?;
                (conflict(&first, source)?, first.place)
            }
        };
        let message = format!("the source `{id}` is described in two ways: its `{key}` differs");
        let fault = Diagnostic::new(Code::SourceConflict, place, message)
            .note("the first description is here", Some(first))
            .help(format!("cite it as `{id}` alone, or give this source another id"));
        Some(fault)
    }
}

/// The source that a citation of an event describes.
fn in_place(event: &Event, number: u32) -> Option<Source> {
    match &event.citations().nth(number as usize)?.source {
        Cited::InPlace(source) => Some((**source).clone()),
        Cited::ById(_) => None,
    }
}

/// For every source that is described in place without an id the id of the one that it is the same as, by its url, else
/// by title with publisher and date (1-format, An event), so that one source has one name. In the order of files.
pub fn identify(
    loose: Loose<'_>,
    manifest: &Manifest,
    described: &BTreeMap<String, First>,
) -> Vec<(LooseNumber, u32, String)> {
    let likeness = |cites: &Cites| match loose.gathered.names(cites) {
        Names::Nameless(likeness) if loose.is_kept(cites.row) => Some((cites.row, cites.number, likeness)),
        _ => None,
    };
    let mut nameless = loose.gathered.citations().iter().filter_map(likeness).peekable();
    if nameless.peek().is_none() {
        return Vec::new();
    }
    let (mut by_url, mut by_title) = (FxHashMap::default(), FxHashMap::default());
    let listed = manifest.sources.iter().flatten().map(|(id, source)| (id, Likeness::of(source)));
    for (id, likeness) in listed.chain(described.iter().map(|(id, (_, likeness))| (id, *likeness))) {
        likeness.url.map(|url| by_url.entry(url).or_insert(id));
        likeness.title.map(|title| by_title.entry(title).or_insert(id));
    }
    let same = |(row, number, likeness): (LooseNumber, u32, Likeness)| {
        let id = match likeness.url {
            Some(url) => by_url.get(&url),
            None => likeness.title.and_then(|title| by_title.get(&title)),
        };
        id.map(|id| (row, number, (*id).clone()))
    };
    nameless.filter_map(same).collect()
}

/// The first key that two descriptions both give and give differently.
fn conflict(a: &Source, b: &Source) -> Option<&'static str> {
    let differ = |a: Option<&str>, b: Option<&str>| matches!((a, b), (Some(a), Some(b)) if a != b);
    fn from(source: &Source) -> Option<&str> {
        source.from.as_ref().map(|from| from.value.as_str())
    }
    let text = |source: &Source| source.date.as_ref().map(|date| date.value.text().to_owned());
    [
        ("title", differ(a.title.as_deref(), b.title.as_deref())),
        ("publisher", differ(a.publisher.as_deref(), b.publisher.as_deref())),
        ("date", differ(text(a).as_deref(), text(b).as_deref())),
        ("url", differ(a.url.as_deref(), b.url.as_deref())),
        ("archived", differ(a.archived.as_deref(), b.archived.as_deref())),
        ("language", differ(a.language.as_deref(), b.language.as_deref())),
        ("from", differ(from(a), from(b))),
    ]
    .into_iter()
    .find_map(|(key, differs)| differs.then_some(key))
}
