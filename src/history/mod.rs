//! EVENTS → HISTORY: the index. For every path its assertions in replay order, so that what is in force at a moment is
//! found by a search and not by replaying everything before it. It is made of flat tables, which are the same in memory
//! and in an image of them; whole events are read again from their texts when somebody asks for them. Pure; knows
//! nothing of files, questions or output.
//!
//! ```text
//! events ─ gather → (order) → build → tables (column, coded) ─ view → record, value, course
//! ```
//!
//! Replay order is by the moment from which an event is certain, so what is certain at a moment is always a prefix of
//! it: a viewpoint is that prefix's length, the moment, and perhaps a table of the events that count.

mod column;
mod coded;
mod tables;
mod gather;
mod order;
mod build;
mod again;
mod view;
mod record;
mod value;
mod course;
mod said;
mod heard;
mod cursor;
mod facts;
mod supports;
mod what_if;

pub use again::Again;
pub use build::{Ids, Sources};
pub use column::{Bytes, Column, Image, Row};
pub use course::{Stretch, Turn};
pub use cursor::Line;
pub use facts::{Facts, Rectangle};
pub use gather::{Cites, Extent, Gathered, Likeness, Link, Names, Reference, Row as LooseNumber, ShortChange, Sort};
pub use order::replay_order;
pub use said::Holding;
pub use supports::{Bounds, Moved, Outcome};
pub use tables::Assertion;
pub use value::{Held, Other, Standing};
pub use view::{Chosen, Counting, Suppose, View};
pub use what_if::WhatIf;

use std::sync::{Arc, OnceLock};

use crate::model::event::{Change, Cited, Does, Event, When};
use crate::model::manifest::Source;
use crate::model::moment::{Moment, Span};
use crate::model::path::{self, Path, Pattern};
use crate::model::text::{FileId, Stale};
use coded::Coded;
use column::search;
use tables::{EventRow, LabelRow, SourceRow, Tables, WhenRow};

/// The number of an event in replay order.
pub type EventNumber = u32;
/// The number of a path in the order of paths.
pub type PathNumber = u32;
/// The number of a voice in the order of names.
pub type VoiceNumber = u32;
/// The number of a label in the order of sorts and names.
pub type LabelNumber = u32;

/// So many events of the listing order are passed over at once.
const LISTED: usize = 64;
/// So many events lie in one drawer of those that were read again.
const DRAWER: usize = 256;
/// Stands for no number.
const NONE: u32 = u32::MAX;

/// Reads events again, whole, from their texts.
pub trait Bodies: Send + Sync {
    /// The event of a file at an extent; one that has no `id` of its own has an empty one.
    fn event(&self, file: FileId, extent: Extent) -> Event;
}

/// A drawer of events that have been read again.
type Drawer = Box<[OnceLock<Box<Event>>]>;

/// The index of a chronicle.
pub struct History {
    tables: Tables,
    voices: Vec<String>,
    paths: Box<[OnceLock<Path>]>,
    bodies: Arc<dyn Bodies>,
    read: Box<[OnceLock<Drawer>]>,
}

impl History {
    /// The index that some tables are, whose events `bodies` reads.
    fn with(tables: Tables, bodies: Arc<dyn Bodies>) -> History {
        let mut history = History {
            voices: Vec::new(),
            paths: (0..tables.paths.len()).map(|_| OnceLock::new()).collect(),
            read: (0..tables.events.len().div_ceil(DRAWER)).map(|_| OnceLock::new()).collect(),
            tables,
            bodies,
        };
        let voices = history.tables.voices.all();
        history.voices = voices.iter().map(|voice| history.text(voice.name, voice.name_length).to_owned()).collect();
        history
    }

    /// The index in an image, whose tables begin with a section, and the section after them; nothing where they are not
    /// those of an index.
    pub fn mapped(image: &Arc<Image>, first: usize, bodies: Arc<dyn Bodies>) -> Option<(History, usize)> {
        let (tables, next) = Tables::mapped(image, first)?;
        Some((History::with(tables, bodies), next))
    }

    /// The tables as sections of an image.
    pub fn sections(&self) -> Vec<&[u8]> {
        self.tables.sections()
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.tables.events.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An event by its number, read again when it is first asked for.
    pub fn event(&self, number: EventNumber) -> &Event {
        let at = number as usize;
        let size = DRAWER.min(self.len() - at / DRAWER * DRAWER);
        let drawer = self.read[at / DRAWER].get_or_init(|| (0..size).map(|_| OnceLock::new()).collect());
        drawer[at % DRAWER].get_or_init(|| Box::new(self.read_event(number)))
    }

    /// The events in replay order, as [`History::event`] gives them.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        (0..self.len() as u32).map(|number| self.event(number))
    }

    /// The same event without keeping it, for who looks into many of them once.
    pub fn read_event(&self, number: EventNumber) -> Event {
        let row = self.row(number);
        let extent = if row.end == 0 { Extent::Number(row.start) } else { Extent::Bytes(row.start, row.end) };
        let mut event = self.bodies.event(FileId(row.file), extent);
        (event.id, event.id_by_place) = (self.id(number).to_owned(), row.place & 1 != 0);
        let identified = &self.tables.identified;
        let first = identified.partition_point(|row| row.event < number);
        for row in (first..identified.len()).map(|at| identified.at(at)).take_while(|row| row.event == number) {
            if let Some(Cited::InPlace(source)) =
                event.citations_mut().nth(row.citation as usize).map(|citation| &mut citation.source)
            {
                source.id = Some(self.text(row.name, row.name_length).to_owned());
            }
        }
        event
    }

    /// How many sources are described in place and have an id.
    pub fn described_count(&self) -> usize {
        self.tables.described.len()
    }

    /// The description in place of the source with an id: by which citation of which event.
    pub fn described(&self, id: &str) -> Option<&Source> {
        let rows = &self.tables.described;
        let name = |row: SourceRow| self.text(row.name, row.name_length);
        let at = rows.partition_point(|row| name(row) < id);
        let row = Some(at).filter(|at| *at < rows.len()).map(|at| rows.at(at)).filter(|row| name(*row) == id)?;
        match &self.event(row.event).citations().nth(row.citation as usize)?.source {
            Cited::InPlace(source) => Some(source),
            Cited::ById(_) => None,
        }
    }

    fn row(&self, number: EventNumber) -> EventRow {
        self.tables.events.at(number as usize)
    }

    /// The id of an event.
    pub fn id(&self, number: EventNumber) -> &str {
        let row = self.row(number);
        self.text(row.name, row.name_length)
    }

    /// The number of the event with an id.
    pub fn event_number(&self, id: &str) -> Option<EventNumber> {
        build::find_id(self.tables.ids.len(), id, |slot| self.tables.ids.at(slot), |number| self.id(number)).1
    }

    /// The file of an event.
    pub fn file(&self, number: EventNumber) -> FileId {
        FileId(self.row(number).file)
    }

    /// The line on which an event begins, from 1.
    pub fn line(&self, number: EventNumber) -> usize {
        self.row(number).line as usize
    }

    /// The date on which an event began, as written: of an interval its start.
    pub fn start_text(&self, number: EventNumber) -> &str {
        let when = self.when_row(number);
        self.text(when.text, when.text_length)
    }

    fn text(&self, at: u64, length: u32) -> &str {
        let start = usize::try_from(at).unwrap_or(usize::MAX);
        let bytes = self.tables.texts.range(start..start.saturating_add(length as usize));
        std::str::from_utf8(bytes).unwrap_or_else(|_| Stale::end("a text of the index cannot be read"))
    }

    /// Every path that any event names, in order.
    pub fn paths(&self) -> impl ExactSizeIterator<Item = &Path> + Clone {
        (0..self.paths.len() as u32).map(|number| self.path(number))
    }

    /// A path by its number.
    pub fn path(&self, number: PathNumber) -> &Path {
        self.paths[number as usize].get_or_init(|| {
            let text = self.path_text(number);
            Path::spelled(text).unwrap_or_else(|| Stale::end("a path of the index cannot be read"))
        })
    }

    fn path_text(&self, number: PathNumber) -> &str {
        let row = self.tables.paths.at(number as usize);
        self.text(row.name, row.name_length)
    }

    /// The number of a path.
    pub fn find(&self, path: &Path) -> Option<PathNumber> {
        let before = |number: usize| path::order(self.path_text(number as u32), path.as_str()).is_lt();
        let at = search(0..self.paths.len(), before);
        (at < self.paths.len() && self.path_text(at as u32) == path.as_str()).then_some(at as u32)
    }

    /// The numbers of the paths that a pattern matches, in order.
    pub fn matching<'p>(&'p self, pattern: &'p Pattern) -> impl Iterator<Item = PathNumber> + 'p {
        // Of those only the ones below its first words can match.
        let beginning = pattern.beginning();
        let text = |number: usize| self.path_text(number as u32);
        let start = search(0..self.paths.len(), |number| path::order(text(number), &beginning).is_lt());
        let end = search(start..self.paths.len(), |number| path::is_within(text(number), &beginning));
        (start as u32..end as u32).filter(|number| pattern.matches(self.path(*number)))
    }

    /// The paths that an event touches, in order.
    pub fn touched(&self, event: EventNumber) -> &[PathNumber] {
        let row = self.row(event);
        self.tables.touched.range(row.touched as usize..row.touched_end as usize)
    }

    /// The labels that an event bears, in order.
    pub fn labels(&self, event: EventNumber) -> &[LabelNumber] {
        let row = self.row(event);
        self.tables.labelled.range(row.labels as usize..row.labels_end as usize)
    }

    /// The label of a sort and name, if any event bears it.
    pub fn label(&self, sort: Sort, name: &str) -> Option<LabelNumber> {
        let labels = &self.tables.labels;
        let key = |row: LabelRow| (row.sort, self.text(row.name, row.name_length));
        let at = labels.partition_point(|row| key(row) < (sort as u32, name));
        (at < labels.len() && key(labels.at(at)) == (sort as u32, name)).then_some(at as u32)
    }

    /// What a label says, if it is of a sort.
    pub fn label_name(&self, label: LabelNumber, sort: Sort) -> Option<&str> {
        let row = self.tables.labels.at(label as usize);
        (row.sort == sort as u32).then(|| self.text(row.name, row.name_length))
    }

    /// The names of all labels of a sort, in order.
    pub fn label_names(&self, sort: Sort) -> impl Iterator<Item = &str> + Clone {
        let labels = &self.tables.labels;
        let start = labels.partition_point(|row| row.sort < sort as u32);
        let end = labels.partition_point(|row| row.sort <= sort as u32);
        (start..end).map(|at| labels.at(at)).map(|row| self.text(row.name, row.name_length))
    }

    /// All assertions on a path: the record's first, then the voices', each in replay order.
    pub fn assertions(&self, path: PathNumber) -> &[Assertion] {
        let at = self.tables.paths.at(path as usize);
        self.tables.assertions.range(at.record as usize..at.end as usize)
    }

    /// The record's assertions on a path, in replay order.
    fn record_of(&self, path: PathNumber) -> &[Assertion] {
        let at = self.tables.paths.at(path as usize);
        self.tables.assertions.range(at.record as usize..at.claims as usize)
    }

    /// The voices' assertions on a path, in replay order.
    fn claims_of(&self, path: PathNumber) -> &[Assertion] {
        let at = self.tables.paths.at(path as usize);
        self.tables.assertions.range(at.claims as usize..at.end as usize)
    }

    /// The assertions of the record on a path, and those of the voices.
    fn sides(&self, path: PathNumber) -> (&[Assertion], &[Assertion]) {
        (self.record_of(path), self.claims_of(path))
    }

    /// What an assertion does.
    pub fn does(&self, assertion: Assertion) -> Does {
        let base = usize::try_from(self.row(assertion.event).values).unwrap_or(usize::MAX);
        gather::does(assertion.rank(), || self.value_at(base.saturating_add(assertion.value as usize)))
    }

    fn value_at(&self, at: usize) -> crate::model::value::Value {
        let values = &self.tables.values;
        Coded::at(at, |at, length| values.range(at..values.len().min(at.saturating_add(length)))).value()
    }

    /// The change behind an assertion, with its place.
    pub fn change(&self, assertion: Assertion) -> &Change {
        &self.event(assertion.event).changes[assertion.change as usize]
    }

    /// The events that an event answers to.
    pub fn because(&self, event: EventNumber) -> impl Iterator<Item = EventNumber> + '_ {
        linked(&self.tables.because, event)
    }

    /// The events that come before an event: those that it answers to, and those that it comes after.
    pub fn before(&self, event: EventNumber) -> impl Iterator<Item = EventNumber> + '_ {
        self.because(event).chain(linked(&self.tables.after, event))
    }

    /// The events that replace an event, whether they count or not.
    pub fn replaced_by(&self, event: EventNumber) -> impl Iterator<Item = EventNumber> + '_ {
        linked(&self.tables.replaced, event)
    }

    /// Whether any event replaces another.
    fn has_corrections(&self) -> bool {
        !self.tables.replaced.is_empty()
    }

    /// The names of all voices, in order.
    pub fn voices(&self) -> &[String] {
        &self.voices
    }

    /// The voice of a name.
    pub fn voice(&self, name: &str) -> Option<VoiceNumber> {
        self.voices.binary_search_by(|voice| voice.as_str().cmp(name)).ok().map(|number| number as u32)
    }

    /// The voice that another is part of.
    pub fn part_of(&self, voice: VoiceNumber) -> Option<VoiceNumber> {
        let whole = self.tables.voices.at(voice as usize).whole;
        (whole != NONE).then_some(whole)
    }

    /// The events that hold something `during`, in replay order.
    pub fn lasting(&self) -> impl Iterator<Item = EventNumber> + '_ {
        self.tables.lasting.all().iter().copied()
    }

    /// The place of an event among those that hold something `during`.
    pub fn lasting_place(&self, event: EventNumber) -> Option<usize> {
        self.tables.lasting.all().binary_search(&event).ok()
    }

    /// When an event was.
    pub fn when(&self, event: EventNumber) -> When {
        self.when_row(event).when()
    }

    /// Where the date of an event, or the start of its interval, may lie.
    pub fn start(&self, event: EventNumber) -> Span {
        self.when_row(event).start()
    }

    fn when_row(&self, event: EventNumber) -> WhenRow {
        self.tables.whens.at(self.row(event).when as usize)
    }

    /// The events in listing order whose written span may overlap a window: none that begins behind it, and of those
    /// that end before it only what stands near one that does not (2-replay, Order).
    pub fn listed(&self, window: Span) -> impl Iterator<Item = EventNumber> + '_ {
        let listing = &self.tables.listing;
        let start = |number: EventNumber| self.when_row(number).written().start;
        let end = listing.partition_point(|number| start(number) < window.end || window.end == Moment::FUTURE);
        let reaches = move |block: &usize| {
            let furthest = self.tables.whens.at(self.tables.reaches.at(*block) as usize).written().end;
            window.start < furthest || window.start == Moment::PAST
        };
        let blocks = (0..end.div_ceil(LISTED)).filter(reaches);
        blocks.flat_map(move |block| listing.range(block * LISTED..end.min((block + 1) * LISTED)).iter().copied())
    }
}

/// The second numbers of the pairs with a first one.
fn linked(pairs: &Column<[u32; 2]>, first: u32) -> impl Iterator<Item = u32> + '_ {
    let start = pairs.partition_point(|pair| pair[0] < first);
    let end = pairs.partition_in(start..pairs.len(), |pair| pair[0] == first);
    pairs.range(start..end).iter().map(|pair| pair[1])
}

impl std::fmt::Debug for History {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("History").field("tables", &self.tables).field("voices", &self.voices).finish_non_exhaustive()
    }
}
