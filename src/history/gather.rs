//! Events in their short form, in the order of files, before anybody has put them in order: what the index is made of,
//! and what rules over all events are held against. Whole events are not kept: who needs one reads it again. Parts of a
//! chronicle are gathered side by side and joined. Knows nothing of how texts are read.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_64;

use super::coded::{self, Coded};
use super::tables::WhenRow;
use crate::model::event::{Change, Cited, Does, Event, Target};
use crate::model::manifest::Source;
use crate::model::moment::Moment;
use crate::model::path::{Path, Pattern};
use crate::model::text::{Located, Place};
use crate::model::value::{Kind, Value};

/// The number of an event in the order of files.
pub type Row = u32;

/// Where a document stands, so that it can be read again by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// These bytes of its file, read alone, say the same.
    Bytes(u32, u32),
    /// It is the event of this number, from 1, of a file that is read whole.
    Number(u32),
}

/// An event in its short form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gist {
    pub name: u64,
    pub name_length: u32,
    pub when: u32,
    pub file: u32,
    pub extent: Extent,
    /// Where the event begins, until that is a line.
    pub start: u32,
    pub name_place: Place,
    pub line: u32,
    /// Its place among the events of its file, from 1.
    pub number: u32,
    pub by_place: bool,
    pub values: u64,
    /// Where its changes begin; they end where those of the next event begin.
    pub changes: u32,
}

/// A change in its short form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    /// The path, or with [`PATTERN`] the pattern.
    pub target: u32,
    /// The voice; the largest number: the record.
    pub voice: u32,
    pub rank: u8,
    /// Where its value stands behind the first of its event.
    pub value: u32,
}

/// Marks a target that is a pattern.
pub(super) const PATTERN: u32 = 1 << 31;
/// Stands for the record where a voice could.
pub(super) const RECORD: u32 = u32::MAX;

/// What a label says of the events that bear it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Sort {
    /// What sort of event it is.
    Kind,
    /// Where it happened.
    Place,
    /// Who took part.
    Actor,
    /// A tag.
    Tag,
    /// The author's confidence.
    Confidence,
    /// A voice that asserts something in it.
    Voice,
    /// A source that it cites, for itself or for a claim; the empty name: one without an id.
    Source,
}

impl Sort {
    /// All, in order: each at the place of its number.
    pub(super) const ALL: [Sort; 7] =
        [Sort::Kind, Sort::Place, Sort::Actor, Sort::Tag, Sort::Confidence, Sort::Voice, Sort::Source];
}

/// What an event says of another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Link {
    /// It answers to it.
    Because,
    /// It comes after it.
    After,
    /// It replaces it.
    Replaces,
}

/// A reference to another event by its id.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The event that refers.
    pub row: Row,
    /// What it says.
    pub link: Link,
    /// Its place among the references of that kind in its event.
    pub number: u32,
    /// The id of the other.
    pub id: Box<str>,
}

/// A citation in its short form, with its place among [`Event::citations`].
#[derive(Clone, Copy, Debug)]
pub struct Cites {
    /// The event.
    pub row: Row,
    /// The place of the citation among all of the event.
    pub number: u32,
    /// The label that is the id of the source as written; the empty one where none is.
    pub(super) label: u32,
    /// By what the source is known again, where it is described in place.
    pub(super) likeness: Option<Likeness>,
}

/// How a citation names its source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Names<'g> {
    /// By an id.
    Id(&'g str),
    /// It describes it, with an id.
    Described(&'g str, Likeness),
    /// It describes it without an id.
    Nameless(Likeness),
}

/// The events of a chronicle, or of a part of it.
#[derive(Debug, Default)]
pub struct Gathered {
    pub(super) gists: Vec<Gist>,
    pub(super) whens: Vec<WhenRow>,
    pub(super) when_keys: Vec<Box<[u8]>>,
    when_numbers: FxHashMap<Box<[u8]>, u32>,
    pub(super) told: Vec<Told>,
    pub(super) paths: Vec<Path>,
    path_numbers: FxHashMap<Path, u32>,
    /// The paths by where they lie, which is quicker: the parser hands over clones of few.
    path_places: FxHashMap<usize, u32>,
    pub(super) patterns: Vec<Pattern>,
    pub(super) voices: Vec<String>,
    voice_numbers: FxHashMap<String, u32>,
    /// An event and a label that it bears.
    pub(super) labelled: Vec<[u32; 2]>,
    pub(super) labels: Vec<(Sort, String)>,
    label_numbers: FxHashMap<(Sort, String), u32>,
    pub(super) references: Vec<Reference>,
    pub(super) citations: Vec<Cites>,
    pub(super) texts: Vec<u8>,
    pub(super) values: Vec<u8>,
    /// What the dates of the event at hand are found by.
    key: Vec<u8>,
}

impl Gathered {
    /// Takes an event in. An empty id is given later, by [`Gathered::name`].
    pub fn take(&mut self, event: &Event, extent: Option<Range<usize>>, number: usize) {
        let row = self.gists.len() as u32;
        let when = self.when(event);
        let (name, name_length) = self.text(&event.id);
        self.gists.push(Gist {
            name,
            name_length,
            when,
            file: event.place.file.0,
            extent: match extent {
                // Texts of 4 GiB and more are refused when they are read.
                Some(bytes) => Extent::Bytes(bytes.start as u32, bytes.end as u32),
                None => Extent::Number(number as u32),
            },
            start: event.place.start,
            name_place: event.name_place,
            line: 0,
            number: number as u32,
            by_place: event.id_by_place,
            values: self.values.len() as u64,
            changes: self.told.len() as u32,
        });
        for change in &event.changes {
            self.change(change);
        }
        self.bear(row, event);
        let lists = [(Link::Because, &event.because), (Link::After, &event.after), (Link::Replaces, &event.replaces)];
        for (link, list) in lists {
            let refer = |(number, id): (u32, &str)| Reference { row, link, number, id: id.into() };
            self.references.extend((0..).zip(list.iter().map(|id| id.value.as_str())).map(refer));
        }
        for (number, citation) in (0..).zip(event.citations()) {
            let label = self.label(row, Sort::Source, citation.source_id().unwrap_or_default().to_owned());
            let likeness = match &citation.source {
                Cited::ById(_) => None,
                Cited::InPlace(source) => Some(Likeness::of(source)),
            };
            self.citations.push(Cites { row, number, label, likeness });
        }
    }

    /// Gives an event its labels.
    fn bear(&mut self, row: Row, event: &Event) {
        let one = |field: &Option<Located<String>>| field.as_ref().map(|field| field.value.clone());
        let many = |list: &[Located<String>]| -> Vec<String> { list.iter().map(|one| one.value.clone()).collect() };
        one(&event.kind).into_iter().for_each(|kind| _ = self.label(row, Sort::Kind, kind));
        one(&event.at).into_iter().for_each(|place| _ = self.label(row, Sort::Place, place));
        many(&event.actors).into_iter().for_each(|actor| _ = self.label(row, Sort::Actor, actor));
        many(&event.tags).into_iter().for_each(|tag| _ = self.label(row, Sort::Tag, tag));
        if let Some(confidence) = &event.confidence {
            self.label(row, Sort::Confidence, confidence.value.name().to_owned());
        }
        let mut voices: Vec<&str> = event.changes.iter().filter_map(|change| change.voice.as_deref()).collect();
        voices.dedup();
        voices.into_iter().for_each(|voice| _ = self.label(row, Sort::Voice, voice.to_owned()));
    }

    /// Gives an event a label, whose number is given.
    fn label(&mut self, row: Row, sort: Sort, name: String) -> u32 {
        let number = self.label_number((sort, name));
        self.labelled.push([row, number]);
        number
    }

    pub(super) fn label_number(&mut self, label: (Sort, String)) -> u32 {
        if let Some(number) = self.label_numbers.get(&label) {
            return *number;
        }
        let number = self.labels.len() as u32;
        self.labels.push(label.clone());
        self.label_numbers.insert(label, number);
        number
    }

    /// Says of descriptions without an id, each by its event and its number, which source they are of.
    pub fn identify(&mut self, identified: &[(Row, u32, String)]) {
        if identified.is_empty() {
            return;
        }
        let ids: FxHashMap<(Row, u32), &str> =
            identified.iter().map(|(row, number, id)| ((*row, *number), id.as_str())).collect();
        let sources = (0..self.labels.len() as u32).filter(|label| self.labels[*label as usize].0 == Sort::Source);
        let sources: FxHashSet<u32> = sources.collect();
        self.labelled.retain(|[_, label]| !sources.contains(label));
        for at in 0..self.citations.len() {
            let Cites { row, number, label, .. } = self.citations[at];
            match ids.get(&(row, number)) {
                Some(id) => _ = self.label(row, Sort::Source, (*id).to_owned()),
                None => self.labelled.push([row, label]),
            }
        }
    }

    fn when(&mut self, event: &Event) -> u32 {
        self.key.clear();
        self.key.extend_from_slice(event.date.value.text().as_bytes());
        for other in [&event.until, &event.known] {
            self.key.push(0);
            self.key.extend_from_slice(other.as_ref().map_or("", |date| date.value.text()).as_bytes());
        }
        if let Some(number) = self.when_numbers.get(self.key.as_slice()) {
            return *number;
        }
        let (text, length) = self.text(event.start_text());
        let key: Box<[u8]> = self.key.as_slice().into();
        self.new_when(key, WhenRow::of(&event.when, text, length))
    }

    pub(super) fn new_when(&mut self, key: Box<[u8]>, when: WhenRow) -> u32 {
        let number = self.whens.len() as u32;
        self.whens.push(when);
        self.when_keys.push(key.clone());
        self.when_numbers.insert(key, number);
        number
    }

    /// Keeps a text and says where.
    pub(super) fn text(&mut self, text: &str) -> (u64, u32) {
        let at = self.texts.len() as u64;
        self.texts.extend_from_slice(text.as_bytes());
        (at, text.len() as u32)
    }

    fn change(&mut self, change: &Change) {
        let target = match &change.target.value {
            Target::Path(path) => self.path(path),
            Target::Pattern(pattern) => {
                self.patterns.push((**pattern).clone());
                (self.patterns.len() - 1) as u32 | PATTERN
            }
        };
        let voice = change.voice.as_deref().map_or(RECORD, |name| self.voice(name));
        let base = self.gists.last().map_or(0, |gist| gist.values);
        let value = (self.values.len() as u64 - base) as u32;
        if let Some(value) = change.does.value() {
            coded::put(value, &mut self.values);
        }
        self.told.push(Told { target, voice, rank: change.does.rank(change.during), value });
    }

    pub(super) fn path(&mut self, path: &Path) -> u32 {
        if let Some(number) = self.path_places.get(&path.address()) {
            return *number;
        }
        if let Some(number) = self.path_numbers.get(path) {
            return *number;
        }
        let number = self.paths.len() as u32;
        self.paths.push(path.clone());
        self.path_places.insert(path.address(), number);
        self.path_numbers.insert(path.clone(), number);
        number
    }

    pub(super) fn voice(&mut self, name: &str) -> u32 {
        if let Some(number) = self.voice_numbers.get(name) {
            return *number;
        }
        let number = self.voices.len() as u32;
        self.voices.push(name.to_owned());
        self.voice_numbers.insert(name.to_owned(), number);
        number
    }

    /// Gives every event without an id one: the stem, and its number where there are `several`.
    pub fn name(&mut self, stem: &str, several: bool) {
        for at in 0..self.gists.len() {
            if self.gists[at].name_length == 0 {
                let numbered = if several { format!("{stem}#{}", self.gists[at].number) } else { stem.to_owned() };
                let (name, name_length) = self.text(&numbered);
                self.gists[at] = Gist { name, name_length, by_place: several, ..self.gists[at] };
            }
        }
    }

    /// The events without an id.
    pub fn nameless(&self) -> impl Iterator<Item = Row> + '_ {
        (0..).zip(&self.gists).filter(|(_, gist)| gist.name_length == 0).map(|(row, _)| row)
    }

    /// What a message about an event points at, until the event can be read again.
    pub fn name_place(&self, row: Row) -> Place {
        self.gists[row as usize].name_place
    }

    /// Adds what was gathered behind this. Where both are of one file, this had `before` events in it.
    pub fn join(&mut self, next: Gathered, before: u32) {
        if self.gists.is_empty() && before == 0 {
            *self = next;
            return;
        }
        let (texts, values) = (self.texts.len() as u64, self.values.len() as u64);
        let (rows, told) = (self.gists.len() as u32, self.told.len() as u32);
        let patterns = self.patterns.len() as u32;
        let whens: Vec<u32> = next
            .when_keys
            .into_iter()
            .zip(next.whens)
            .map(|(key, when)| match self.when_numbers.get(&key) {
                Some(number) => *number,
                None => self.new_when(key, when.with_text(when.text + texts)),
            })
            .collect();
        let paths: Vec<u32> = next.paths.iter().map(|path| self.path(path)).collect();
        let voices: Vec<u32> = next.voices.iter().map(|voice| self.voice(voice)).collect();
        self.gists.extend(next.gists.into_iter().map(|gist| Gist {
            name: gist.name + texts,
            when: whens[gist.when as usize],
            values: gist.values + values,
            changes: gist.changes + told,
            number: gist.number + before,
            extent: match gist.extent {
                Extent::Number(number) => Extent::Number(number + before),
                bytes => bytes,
            },
            ..gist
        }));
        self.told.extend(next.told.into_iter().map(|told| Told {
            target: match told.target & PATTERN {
                0 => paths[told.target as usize],
                _ => told.target + patterns,
            },
            voice: if told.voice == RECORD { RECORD } else { voices[told.voice as usize] },
            ..told
        }));
        self.patterns.extend(next.patterns);
        let labels: Vec<u32> = next.labels.into_iter().map(|label| self.label_number(label)).collect();
        let bear = |[row, label]: [u32; 2]| [row + rows, labels[label as usize]];
        self.labelled.extend(next.labelled.into_iter().map(bear));
        let refer = |reference: Reference| Reference { row: reference.row + rows, ..reference };
        self.references.extend(next.references.into_iter().map(refer));
        let cite = |cites: Cites| Cites { row: cites.row + rows, label: labels[cites.label as usize], ..cites };
        self.citations.extend(next.citations.into_iter().map(cite));
        self.texts.extend(next.texts);
        self.values.extend(next.values);
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.gists.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.gists.is_empty()
    }

    /// The id of an event.
    pub fn id(&self, row: Row) -> &str {
        let gist = &self.gists[row as usize];
        let start = gist.name as usize;
        // What was put in as a text is one.
        std::str::from_utf8(&self.texts[start..start + gist.name_length as usize]).unwrap_or_default()
    }

    /// Where an event is read from again: its file and extent.
    pub fn extent(&self, row: Row) -> (u32, Extent) {
        let gist = &self.gists[row as usize];
        (gist.file, gist.extent)
    }

    /// Whether an event's id is made of its place in the file.
    pub fn is_by_place(&self, row: Row) -> bool {
        self.gists[row as usize].by_place
    }

    /// The earliest and latest moment of an event's date, or of the start of its interval.
    pub fn start(&self, row: Row) -> crate::model::moment::Span {
        self.whens[self.gists[row as usize].when as usize].start()
    }

    /// The latest moment from which an event counts.
    pub fn latest(&self, row: Row) -> Moment {
        self.start(row).end
    }

    /// Every reference, in the order of files.
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// Every citation, in the order of files.
    pub fn citations(&self) -> &[Cites] {
        &self.citations
    }

    /// How a citation names its source.
    pub fn names(&self, cites: &Cites) -> Names<'_> {
        match (self.labels[cites.label as usize].1.as_str(), cites.likeness) {
            (id, None) => Names::Id(id),
            ("", Some(likeness)) => Names::Nameless(likeness),
            (id, Some(likeness)) => Names::Described(id, likeness),
        }
    }

    /// Counts the lines before every document, where all are of one text.
    pub fn find_lines(&mut self, text: &str) {
        let mut order: Vec<u32> = (0..self.gists.len() as u32).collect();
        if !self.gists.is_sorted_by_key(|gist| gist.start) {
            order.sort_by_key(|row| self.gists[*row as usize].start);
        }
        let (mut at, mut line) = (0, 1);
        for row in order {
            let gist = &mut self.gists[row as usize];
            let start = gist.start as usize;
            line += text.as_bytes()[at..start].iter().filter(|byte| **byte == b'\n').count() as u32;
            at = start;
            gist.line = line;
        }
    }

    /// So many paths are named.
    pub fn paths(&self) -> &[Path] {
        &self.paths
    }

    /// The changes of an event in the order written.
    pub fn changes(&self, row: Row) -> impl Iterator<Item = ShortChange<'_>> {
        let next = self.gists.get(row as usize + 1).map_or(self.told.len(), |gist| gist.changes as usize);
        let base = self.gists[row as usize].values;
        let told = &self.told[self.gists[row as usize].changes as usize..next];
        told.iter().map(move |told| ShortChange {
            gathered: self,
            told: *told,
            at: (base + u64::from(told.value)) as usize,
        })
    }
}

/// A change in its short form, to be looked into.
#[derive(Clone, Copy)]
pub struct ShortChange<'g> {
    gathered: &'g Gathered,
    pub(super) told: Told,
    at: usize,
}

impl<'g> ShortChange<'g> {
    /// The number of the path that it speaks of, or the pattern.
    pub fn target(&self) -> Result<u32, &'g Pattern> {
        match self.told.target & PATTERN {
            0 => Ok(self.told.target),
            _ => Err(&self.gathered.patterns[(self.told.target & !PATTERN) as usize]),
        }
    }

    /// Whether the record says it, and not a voice.
    pub fn is_of_record(&self) -> bool {
        self.told.voice == RECORD
    }

    /// Its place in the order within one event.
    pub fn rank(&self) -> u8 {
        self.told.rank
    }

    /// The kind of its value; nothing of an `unset`.
    pub fn kind(&self) -> Option<Kind> {
        (self.told.rank >= 2).then(|| coded::kind(&self.gathered.values[self.at..]))
    }

    /// Its value; nothing of an `unset`.
    pub fn value(&self) -> Option<Value> {
        let values = &self.gathered.values;
        let read = |at: usize, length: usize| values.get(at..values.len().min(at + length)).unwrap_or_default();
        (self.told.rank >= 2).then(|| Coded::at(self.at, read).value())
    }
}

/// What a change does, by its rank in the order within one event.
pub(super) fn does(rank: u8, value: impl FnOnce() -> Value) -> Does {
    match rank / 2 {
        0 => Does::Unset,
        1 => Does::Set(value()),
        2 => Does::Remove(value()),
        3 => Does::Add(value()),
        4 => Does::Decrease(value()),
        _ => Does::Increase(value()),
    }
}

/// By what two descriptions are known to be of one source: numbers that are the same where the words are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Likeness {
    /// Of all that is described.
    pub whole: u64,
    /// Of the url.
    pub url: Option<u64>,
    /// Of title, publisher and date, if there is a title.
    pub title: Option<u64>,
}

impl Likeness {
    /// The numbers of a description.
    pub fn of(source: &Source) -> Likeness {
        let date = source.date.as_ref().map(|date| date.value.text());
        let [title, publisher] = [source.title.as_deref(), source.publisher.as_deref()];
        let [url, archived, language] = [source.url.as_deref(), source.archived.as_deref(), source.language.as_deref()];
        let from = source.from.as_ref().map(|from| from.value.as_str());
        Likeness {
            whole: hash(&[title, publisher, date, url, archived, language, from]),
            url: url.map(|url| hash(&[Some(url)])),
            title: title.map(|title| hash(&[Some(title), publisher, date])),
        }
    }
}

fn hash(parts: &[Option<&str>]) -> u64 {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.push(u8::from(part.is_some()));
        bytes.extend_from_slice(part.unwrap_or_default().as_bytes());
        bytes.push(0xff);
    }
    xxh3_64(&bytes)
}
