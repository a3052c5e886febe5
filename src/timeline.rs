//! THE CHECKED LOG: texts in, a [`Timeline`] out. Load is parse, link, order, check and index; only [`Timeline::load`]
//! makes one, so whoever has a timeline has events that can be replayed. Knows nothing of disks or questions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use chrono::{DateTime, NaiveTime};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::check::links::{self, Left, Links};
use crate::check::{self, House, paths, sources};
use crate::history::{EventNumber, History, replay_order};
use crate::model::date::Calendar;
use crate::model::diagnostic::{Code, Diagnostic, Severity};
use crate::model::event::{Citation, Cited, Ending, Event, Expectation};
use crate::model::manifest::{Manifest, Source};
use crate::model::moment::Moment;
use crate::model::path::normal;
use crate::model::text::{FileId, Place, Text, Texts};
use crate::parse::{self, Loose};

/// A chronicle that was loaded: its events in replay order under an index, and every fault that was found on the way.
#[derive(Debug)]
pub struct Timeline {
    texts: Texts,
    manifest: Manifest,
    history: History,
    links: Links,
    ids: FxHashMap<String, EventNumber>,
    described: BTreeMap<String, Source>,
    expectations: Vec<Expectation>,
    faults: Vec<Diagnostic>,
    left_out: usize,
    /// Of every event that holds something `during`: the date from which it no longer does.
    ends: FxHashMap<EventNumber, String>,
    /// For every text the bytes at which its lines begin, found when first asked for.
    lines: Vec<OnceLock<Vec<usize>>>,
}

impl Timeline {
    /// Loads texts: the chronicle's own in order of their names as bytes, then those of `--with` in the order given;
    /// `read_faults` are what was found while reading them, and a text that has one is not parsed. Never fails as a
    /// whole: what holds is kept, and every fault stands beside it (habit 9 of 4-house).
    pub fn load(texts: Texts, read_faults: Vec<Diagnostic>) -> Timeline {
        let unread: BTreeSet<FileId> = read_faults.iter().map(|fault| fault.place.file).collect();
        let mut faults = read_faults;
        let (manifest, found) = parse::manifest(&texts, &unread);
        faults.extend(found);
        let loose = read_documents(&texts, &unread, &manifest);
        let mut left_out = unread.len();
        let (mut events, mut faulty, mut expectations) = (Vec::new(), Vec::new(), Vec::new());
        for one in loose {
            events.extend(one.events);
            faulty.extend(one.faulty);
            expectations.extend(one.expectations);
            faults.extend(one.faults);
            left_out += one.left_out;
        }
        let read = events.len();
        links::drop_duplicates(&mut events, &mut faults);
        left_out += read - events.len();
        let all = || events.iter().chain(&faulty);
        let described = sources::described(all());
        sources::find(all(), &manifest, &described, &mut faults);
        sources::identify(&mut events, &manifest, &described);
        let (events, links, refused) = put_in_order(events, &faulty, &texts, &mut faults);
        left_out += refused;
        let voices = manifest.voices.iter().flatten();
        let part_of =
            voices.map(|(name, voice)| (name.as_str(), voice.part_of.as_ref().map(|whole| whole.value.as_str())));
        let history = History::new(events, &links.replaces, part_of);
        let ids = (0..).zip(history.events()).map(|(number, event)| (event.id.clone(), number)).collect();
        set_severities(&mut faults, &manifest);
        faults.sort_by_key(|fault| (fault.place, fault.severity, fault.code));
        faults.dedup();
        let lines = texts.files.iter().map(|_| OnceLock::new()).collect();
        let ends = history.lasting().map(|event| (event, end_text(history.event(event), &manifest.calendar))).collect();
        Timeline { lines, ends, texts, manifest, history, links, ids, described, expectations, faults, left_out }
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
        &self.texts
    }

    /// The line on which a place begins, from 1.
    pub fn line(&self, place: Place) -> usize {
        let content = &self.texts.file(place.file).content;
        let ends = || content.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let starts = self.lines[place.file.0 as usize].get_or_init(|| ends().collect());
        starts.partition_point(|start| *start <= place.start as usize) + 1
    }

    /// What the chronicle says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The title, else the folder's name.
    pub fn title(&self) -> &str {
        self.manifest.title.as_deref().unwrap_or(&self.texts.folder)
    }

    /// The index.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The events in replay order, whether they count in a viewpoint or not.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.history.events().iter()
    }

    /// The number of the event with an id.
    pub fn event_number(&self, id: &str) -> Option<EventNumber> {
        self.ids.get(&*normal(id)).copied()
    }

    /// What the events say of each other.
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// The date from which what an event holds `during` no longer holds; of one that has no end, of its start.
    pub fn end_text(&self, event: EventNumber) -> &str {
        self.ends.get(&event).map_or(self.history.event(event).start_text(), String::as_str)
    }

    /// The expectations, in the order of the files.
    pub fn expectations(&self) -> &[Expectation] {
        &self.expectations
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
        let listed = self.manifest.sources.as_ref().and_then(|sources| sources.get(id));
        listed.or_else(|| self.described.get(id))
    }

    /// Every id of a source that the manifest or any event has, in order.
    pub fn source_ids(&self) -> BTreeSet<&str> {
        let cited = self.events().flat_map(Event::citations).filter_map(Citation::source_id);
        cited.chain(self.manifest.sources.iter().flatten().map(|(id, _)| id.as_str())).collect()
    }

    /// What the chosen house rules find, in the order of the files; expectations are not among them.
    pub fn house_faults(&self, chosen: impl Fn(Code) -> bool) -> Vec<Diagnostic> {
        let house = House { history: &self.history, links: &self.links, manifest: &self.manifest };
        let mut found = check::findings(house, chosen);
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
    let utc = DateTime::from_timestamp(ending.by.seconds(), ending.by.nanos());
    match utc.map(|utc| utc.with_timezone(&calendar.zone)) {
        Some(local) if local.time() == NaiveTime::MIN => local.date_naive().to_string(),
        // Beyond the calendar's reach, and within a day, a moment says it best.
        _ => ending.by.to_string(),
    }
}

/// Reads every event file, several at once; the order of the files is kept.
fn read_documents(texts: &Texts, unread: &BTreeSet<FileId>, manifest: &Manifest) -> Vec<Loose> {
    let holds_events = |at: usize, text: &Text| {
        let is_manifest = at < texts.own && parse::is_manifest(&text.name);
        !is_manifest && !unread.contains(&FileId(at as u32))
    };
    let files: Vec<(usize, &Text)> =
        texts.files.iter().enumerate().filter(|(at, text)| holds_events(*at, text)).collect();
    files.into_par_iter().map(|(at, text)| parse::documents(FileId(at as u32), text, manifest)).collect()
}

/// Links events and puts them in replay order; those that break what holds of paths are taken out and counted.
fn put_in_order(
    mut events: Vec<Event>,
    faulty: &[Event],
    texts: &Texts,
    faults: &mut Vec<Diagnostic>,
) -> (Vec<Event>, Links, usize) {
    let errors = faults.iter().filter(|fault| fault.severity == Severity::Error);
    let stems: BTreeSet<String> = errors.map(|fault| texts.file(fault.place.file).stem().to_owned()).collect();
    let left = Left { events: faulty, stems: &stems };
    let read = events.len();
    let mut links = links::resolve(&events, left, faults);
    let mut order = ordered(&events, &links);
    let mut refused = paths::find(&in_order(&events, &order), faults);
    while !refused.is_empty() {
        let numbers: BTreeSet<u32> = refused.into_iter().map(|at| order[at]).collect();
        let mut at = 0..;
        events.retain(|_| at.next().is_some_and(|at| !numbers.contains(&at)));
        // What the rest says of the events taken out is no second fault; without them it may not hold together either.
        links = links::resolve(&events, left, &mut Vec::new());
        order = ordered(&events, &links);
        refused = paths::find(&in_order(&events, &order), &mut Vec::new());
    }
    let left_out = read - events.len();
    let mut taken: Vec<Option<Event>> = events.into_iter().map(Some).collect();
    let events = order.iter().filter_map(|event| taken[*event as usize].take()).collect();
    (events, links.renumbered(&order), left_out)
}

fn in_order<'e>(events: &'e [Event], order: &[EventNumber]) -> Vec<&'e Event> {
    order.iter().map(|event| &events[*event as usize]).collect()
}

fn ordered(events: &[Event], links: &Links) -> Vec<EventNumber> {
    let latest: Vec<Moment> = events.iter().map(|event| event.when.start.end).collect();
    let causes: Vec<Vec<u32>> = (0..events.len() as u32).map(|event| links.before(event).collect()).collect();
    replay_order(&latest, &causes)
}
