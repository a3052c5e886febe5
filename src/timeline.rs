//! THE CHECKED LOG: texts in, a [`Timeline`] out. Load is parse, link, order, check and index; only [`Timeline::load`]
//! makes one, so whoever has a timeline has events that can be replayed. Knows nothing of disks or questions.

mod image;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chrono::NaiveTime;
use rayon::prelude::*;

use crate::check::links::{self, Left};
use crate::check::sources::{self, Described};
use crate::check::{self, House, Loose, paths};
use crate::history::{
    Again, Bodies, EventNumber, Extent, Gathered, History, Link, LooseNumber, Sort, Sources, replay_order,
};
use crate::model::date::Calendar;
use crate::model::diagnostic::{Code, Diagnostic, Severity};
use crate::model::event::{Citation, Cited, Ending, Event, Expectation};
use crate::model::manifest::{Manifest, Source};
use crate::model::path::normal;
use crate::model::text::{FileId, Place, Stale, Text, Texts};
use crate::parse::{self, Keep};

/// A chronicle that was loaded: its events in replay order under an index, and every fault that was found on the way.
#[derive(Debug)]
pub struct Timeline {
    home: Arc<Home>,
    history: History,
    /// Sources that only events with a fault describe.
    described: BTreeMap<String, Box<Source>>,
    /// The expectations, found when first asked for where the timeline came from an image.
    expectations: OnceLock<Vec<Expectation>>,
    /// The files that hold them.
    expected_in: Vec<FileId>,
    /// How many errors and warnings `check` finds, if that is known.
    counts: Option<(usize, usize)>,
    /// Whether it came from an image.
    is_mapped: bool,
    faults: Vec<Diagnostic>,
    left_out: usize,
    /// Of every event that holds something `during`: the date from which it no longer does, found when first asked for.
    ends: Box<[OnceLock<String>]>,
    /// For every text the bytes at which its lines begin, found when first asked for.
    lines: Box<[OnceLock<Vec<usize>>]>,
}

/// What events are read again from.
#[derive(Debug)]
struct Home {
    texts: Texts,
    manifest: Manifest,
    /// The events of files whose documents cannot be read one by one, once one is asked for.
    wholes: Mutex<BTreeMap<FileId, Whole>>,
}

/// The events of one file with their numbers in it.
type Whole = Arc<Vec<(usize, Event)>>;

impl Home {
    fn new(texts: Texts, manifest: Manifest) -> Arc<Home> {
        Arc::new(Home { texts, manifest, wholes: Mutex::default() })
    }
}

impl Bodies for Home {
    fn event(&self, file: FileId, extent: Extent) -> Event {
        let Some(text) = self.texts.files.get(file.0 as usize) else { Stale::end("the index names a file too many") };
        let read = match extent {
            Extent::Bytes(start, end) => {
                let words = text.part(start as usize..end as usize);
                parse::event(file, &text.name, &words, start as usize, &self.manifest)
            }
            Extent::Number(number) => {
                let mut wholes = self.wholes.lock().unwrap_or_else(PoisonError::into_inner);
                let read = || Arc::new(parse::documents(file, text, &self.manifest).events);
                let events = wholes.entry(file).or_insert_with(read).clone();
                drop(wholes);
                let at = events.binary_search_by_key(&(number as usize), |(number, _)| *number);
                at.ok().map(|at| events[at].1.clone())
            }
        };
        read.unwrap_or_else(|| Stale::end(format!("{} no longer says what it said", text.name)))
    }
}

/// Keeps no events.
#[derive(Default)]
struct Nothing;

impl Keep for Nothing {
    fn take(&mut self, _event: Event, _extent: Option<Range<usize>>, _number: usize) {}

    fn join(&mut self, _next: Self, _before: usize) {}

    fn len(&self) -> usize {
        0
    }

    fn first_nameless(&self) -> Option<Place> {
        None
    }

    fn name(&mut self, _stem: &str, _several: bool) {}

    fn drop_nameless(&mut self) {}
}

/// Events in their short form, as the parser hands them over.
#[derive(Default)]
struct Short {
    gathered: Gathered,
    /// So many have no id and get none.
    dropped: usize,
}

impl Keep for Short {
    fn take(&mut self, event: Event, extent: Option<Range<usize>>, number: usize) {
        self.gathered.take(&event, extent, number);
    }

    fn join(&mut self, next: Self, before: usize) {
        self.gathered.join(next.gathered, before as u32);
    }

    fn len(&self) -> usize {
        self.gathered.len() - self.dropped
    }

    fn first_nameless(&self) -> Option<Place> {
        self.gathered.nameless().map(|row| self.gathered.name_place(row)).min()
    }

    fn name(&mut self, stem: &str, several: bool) {
        self.gathered.name(stem, several);
    }

    fn drop_nameless(&mut self) {
        self.dropped = self.gathered.nameless().count();
    }
}

impl Timeline {
    /// Loads texts: the chronicle's own in order of their names as bytes, then those of `--with` in the order given;
    /// `read_faults` are what was found while reading them, and a text that has one is not parsed. Never fails as a
    /// whole: what holds is kept, and every fault stands beside it (habit 9 of 4-house).
    pub fn load(texts: Texts, read_faults: Vec<Diagnostic>) -> Timeline {
        Timeline::load_and_tell(texts, read_faults, &|| {})
    }

    /// The same, and tells of each file that it is parsed, for whoever shows how far it is.
    pub fn load_and_tell(texts: Texts, read_faults: Vec<Diagnostic>, tell: &(dyn Fn() + Sync)) -> Timeline {
        let unread: BTreeSet<FileId> = read_faults.iter().map(|fault| fault.place.file).collect();
        let (manifest, found) = parse::manifest(&texts, &unread);
        let home = Home::new(texts, manifest);
        let faults = read_faults.into_iter().chain(found).collect();
        let mut load = Load { left_out: unread.len(), faults, ..Load::of(&home) };
        load.read(&unread, None, tell);
        Timeline::of(load)
    }

    /// What was read, linked, put in order, checked and indexed.
    fn of(mut load: Load<'_>) -> Timeline {
        let (home, history) = (load.home.clone(), load.index());
        let Load { mut faults, left_out, expectations, described, .. } = load;
        set_severities(&mut faults, &home.manifest);
        faults.sort_by_key(|fault| (fault.place, fault.severity, fault.code));
        faults.dedup();
        let expectations = expectations.into();
        Timeline { described, expectations, faults, left_out, ..Timeline::with(home, history) }
    }

    fn with(home: Arc<Home>, history: History) -> Timeline {
        Timeline {
            ends: history.lasting().map(|_| OnceLock::new()).collect(),
            lines: home.texts.files.iter().map(|_| OnceLock::new()).collect(),
            home,
            history,
            described: BTreeMap::new(),
            expectations: OnceLock::new(),
            expected_in: Vec::new(),
            counts: None,
            is_mapped: false,
            faults: Vec::new(),
            left_out: 0,
        }
    }

    /// Load faults, errors and warnings, in the order of the files.
    pub fn faults(&self) -> &[Diagnostic] {
        &self.faults
    }

    /// Whether nothing had to be left out or passed over: no error among the load faults.
    pub fn is_whole(&self) -> bool {
        self.faults.iter().all(|fault| fault.severity != Severity::Error)
    }

    /// How many documents and files had to be left out.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The texts that all places point into.
    pub fn texts(&self) -> &Texts {
        &self.home.texts
    }

    /// The line on which a place begins, from 1.
    pub fn line(&self, place: Place) -> usize {
        let content = self.texts().file(place.file).content();
        let ends = || content.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let starts = self.lines[place.file.0 as usize].get_or_init(|| ends().collect());
        starts.partition_point(|start| *start <= place.start as usize) + 1
    }

    /// What the chronicle says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.home.manifest
    }

    /// The title, else the folder's name.
    pub fn title(&self) -> &str {
        self.manifest().title.as_deref().unwrap_or(&self.texts().folder)
    }

    /// The index.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The events in replay order, whether they count in a viewpoint or not.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.history.events()
    }

    /// The ids of all events, in replay order.
    pub fn ids(&self) -> impl Iterator<Item = &str> + Clone {
        (0..self.history.len() as u32).map(|number| self.history.id(number))
    }

    /// The number of the event with an id.
    pub fn event_number(&self, id: &str) -> Option<EventNumber> {
        self.history.event_number(&normal(id))
    }

    /// The date from which what an event holds `during` no longer holds; of one that has no end, of its start.
    pub fn end_text(&self, event: EventNumber) -> &str {
        match self.history.lasting_place(event) {
            Some(at) => self.ends[at].get_or_init(|| end_text(self.history.event(event), &self.manifest().calendar)),
            None => self.history.start_text(event),
        }
    }

    /// The expectations, in the order of the files.
    pub fn expectations(&self) -> &[Expectation] {
        self.expectations.get_or_init(|| {
            let read = |file: &FileId| {
                parse::documents::<Nothing>(*file, self.texts().file(*file), self.manifest()).expectations
            };
            self.expected_in.iter().flat_map(read).collect()
        })
    }

    /// Whether it came from an image, so that whatever is looked into may end the answer ([`Stale`]).
    pub fn is_mapped(&self) -> bool {
        self.is_mapped
    }

    /// How many errors and warnings `check` finds, where the image that this came from says so.
    pub fn counts(&self) -> Option<(usize, usize)> {
        self.counts
    }

    /// The source that a citation means; of an id that nothing describes, nothing.
    pub fn source<'t>(&'t self, citation: &'t Citation) -> Option<&'t Source> {
        match &citation.source {
            Cited::InPlace(source) => Some(source),
            Cited::ById(id) => self.source_called(&id.value),
        }
    }

    /// The source of an id, by the manifest or in place; of an id that nothing describes, nothing.
    pub fn source_called(&self, id: &str) -> Option<&Source> {
        let listed = self.manifest().sources.as_ref().and_then(|sources| sources.get(id));
        let described = || self.history.described(id);
        listed.or_else(described).or_else(|| self.described.get(id).map(|source| &**source))
    }

    /// Every id of a source that the manifest or any event has, in order.
    pub fn source_ids(&self) -> BTreeSet<&str> {
        let cited = self.history.label_names(Sort::Source).filter(|id| !id.is_empty());
        cited.chain(self.manifest().sources.iter().flatten().map(|(id, _)| id.as_str())).collect()
    }

    /// What the house rules find, those that are named or else all that are not off, in the order of the files;
    /// expectations are not among them.
    pub fn house_faults(&self, named: &[Code]) -> Vec<Diagnostic> {
        let house = House {
            history: &self.history,
            manifest: self.manifest(),
            texts: self.texts(),
            expectations: self.expectations(),
            is_whole: self.is_whole(),
        };
        let mut found = check::findings(house, named);
        found.sort_by_key(|fault| fault.place);
        found
    }
}

/// Warnings of loading obey the manifest as house rules do.
fn set_severities(faults: &mut Vec<Diagnostic>, manifest: &Manifest) {
    faults.retain_mut(|fault| match manifest.check.get(&fault.code).filter(|_| fault.code.is_rule()) {
        Some(None) => false,
        Some(Some(severity)) => {
            fault.severity = *severity;
            true
        }
        None => true,
    });
}

/// The date from which what an event holds no longer holds: of an interval that ends on a day the day after it, for the
/// last day is part of it; of any other end that is known the end as written, else the date on which it began.
fn end_text(event: &Event, calendar: &Calendar) -> String {
    let at_one_stroke = |ending: &Ending| ending.just_after && ending.by.is_finite() && ending.from == ending.by;
    let Some(ending) = event.when.ending.filter(at_one_stroke) else {
        let end = event.date.value.end_text().filter(|end| !end.is_empty() && *end != "..");
        let until = event.until.as_ref().map(|until| until.value.text());
        return until.or(end).unwrap_or(event.start_text()).to_owned();
    };
    match calendar.local(ending.by) {
        Some(local) if local.time() == NaiveTime::MIN => local.date().to_string(),
        // Beyond the calendar's reach, and within a day, a moment says it best.
        _ => ending.by.to_string(),
    }
}

/// An index of some of the same files.
struct Before<'b> {
    events: Again<'b>,
    /// For every file its number in that index, if it is as it was.
    files: Vec<Option<FileId>>,
}

/// A chronicle while it is loaded.
struct Load<'h> {
    home: &'h Arc<Home>,
    gathered: Gathered,
    faulty: Vec<Event>,
    expectations: Vec<Expectation>,
    faults: Vec<Diagnostic>,
    left_out: usize,
    described: BTreeMap<String, Box<Source>>,
}

impl<'h> Load<'h> {
    fn of(home: &'h Arc<Home>) -> Load<'h> {
        Load {
            home,
            gathered: Gathered::default(),
            faulty: Vec::new(),
            expectations: Vec::new(),
            faults: Vec::new(),
            left_out: 0,
            described: BTreeMap::new(),
        }
    }

    /// Reads every event file, several at once; the order of the files is kept. Of files that are as they were when
    /// some index was made, the events are taken from that.
    fn read(&mut self, unread: &BTreeSet<FileId>, mut before: Option<Before<'_>>, tell: &(dyn Fn() + Sync)) {
        let Home { texts, manifest, .. } = &**self.home;
        let holds_events = |at: usize, text: &Text| {
            let is_manifest = at < texts.own && parse::is_manifest(&text.name);
            !is_manifest && !unread.contains(&FileId(at as u32))
        };
        let files: Vec<(usize, &Text)> =
            texts.files.iter().enumerate().filter(|(at, text)| holds_events(*at, text)).collect();
        // Some at a time, so that no more than these are there twice.
        for some in files.chunks(4096) {
            let known: Vec<Option<FileId>> =
                some.iter().map(|(at, _)| before.as_ref().and_then(|before| before.files[*at])).collect();
            let read = some.par_iter().zip(&known).map(|((at, text), known)| {
                known.is_none().then(|| {
                    let mut read = parse::documents::<Short>(FileId(*at as u32), text, manifest);
                    read.events.gathered.find_lines(text.content());
                    tell();
                    read
                })
            });
            let read: Vec<Option<parse::Loose<Short>>> = read.collect();
            for (((at, _), known), one) in some.iter().zip(known).zip(read) {
                if let (Some(known), Some(before)) = (known, &mut before) {
                    before.events.put(known, FileId(*at as u32), &mut self.gathered);
                }
                let Some(one) = one else { continue };
                self.gathered.join(one.events.gathered, 0);
                self.faulty.extend(one.faulty);
                self.expectations.extend(one.expectations);
                self.faults.extend(one.faults);
                self.left_out += one.left_out;
            }
        }
    }

    /// Links the events, puts them in replay order, and makes the index of those that break nothing.
    fn index(&mut self) -> History {
        let (home, faulty) = (self.home.clone(), std::mem::take(&mut self.faulty));
        let mut gathered = std::mem::take(&mut self.gathered);
        // Whoever finds one fault in an event often finds many.
        let last: RefCell<Option<(LooseNumber, Rc<Event>)>> = RefCell::new(None);
        let read = |row: LooseNumber| {
            let known = last.borrow().as_ref().filter(|(known, _)| *known == row).map(|(_, event)| event.clone());
            known.unwrap_or_else(|| {
                let (file, extent) = gathered.extent(row);
                let (id, id_by_place) = (gathered.id(row).to_owned(), gathered.is_by_place(row));
                let event = Rc::new(Event { id, id_by_place, ..home.event(FileId(file), extent) });
                *last.borrow_mut() = Some((row, event.clone()));
                event
            })
        };
        let faults = &mut self.faults;
        let (ids, twice) = links::identify(&gathered, &read, faults);
        let mut kept: Vec<bool> = (0..gathered.len() as u32).map(|row| !gathered.id(row).is_empty()).collect();
        self.left_out += twice.len();
        twice.into_iter().for_each(|row| kept[row as usize] = false);
        let loose = Loose { gathered: &gathered, ids: &ids, kept: &kept, read: &read };
        let described = sources::described(loose, &faulty);
        sources::find(loose, &faulty, &home.manifest, &described, faults);
        let identified = sources::identify(loose, &home.manifest, &described);
        let errors = faults.iter().filter(|fault| fault.severity == Severity::Error);
        let stems = errors.map(|fault| home.texts.file(fault.place.file).stem().to_owned()).collect();
        let left = Left { events: &faulty, stems: &stems };
        let mut pairs = links::resolve(loose, left, faults);
        let mut order = ordered(loose, &pairs);
        let mut refused = paths::find(loose, &order, faults);
        while !refused.is_empty() {
            for row in refused {
                self.left_out += usize::from(std::mem::take(&mut kept[row as usize]));
            }
            // What the rest says of the events taken out is no second fault; without them it may not hold together
            // either.
            let loose = Loose { gathered: &gathered, ids: &ids, kept: &kept, read: &read };
            pairs = links::resolve(loose, left, &mut Vec::new());
            order = ordered(loose, &pairs);
            refused = paths::find(loose, &order, &mut Vec::new());
        }
        let mut sources = Sources::default();
        for (id, (place, _)) in described {
            match place {
                Described::By(row, number) if kept[row as usize] => sources.described.push((id, row, number)),
                Described::By(row, number) => {
                    let citation = read(row).citations().nth(number as usize).cloned();
                    if let Some(Cited::InPlace(source)) = citation.map(|citation| citation.source) {
                        self.described.insert(id, source);
                    }
                }
                Described::Alone(source) => {
                    self.described.insert(id, source);
                }
            }
        }
        gathered.identify(&identified);
        sources.identified.extend(identified.into_iter().map(|(row, number, id)| (id, row, number)));
        let voices = home.manifest.voices.iter().flatten();
        let part_of =
            voices.map(|(name, voice)| (name.as_str(), voice.part_of.as_ref().map(|whole| whole.value.as_str())));
        History::new(gathered, &order, ids, &pairs, sources, part_of, home.clone())
    }
}

/// The events that are kept, in replay order.
fn ordered(loose: Loose<'_>, pairs: &links::Pairs) -> Vec<LooseNumber> {
    let causes = pairs.iter().filter(|(link, _)| *link != Link::Replaces).map(|(_, pair)| *pair).collect();
    replay_order(loose.rows().collect(), |row| loose.gathered.latest(row), causes)
}
