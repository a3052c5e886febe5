//! EVENTS → HISTORY: the index. For every path its assertions in replay order, so that what is in force at a moment is
//! found by a search and not by replaying everything before it. Pure; knows nothing of files, questions or output.
//!
//! Replay order is by the moment from which an event is certain, so what is certain at a moment is always a prefix of
//! it: a viewpoint is that prefix's length, the moment, and perhaps a table of the events that count.

mod order;
mod view;
mod record;
mod value;
mod course;
mod supports;
mod what_if;

pub use course::{Stretch, Turn};
pub use order::replay_order;
pub use supports::{Bounds, Moved, Outcome};
pub use value::{Held, Other, Standing};
pub use view::{Chosen, Counting, Suppose, View};
pub use what_if::WhatIf;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::event::{Change, Does, Event, Target, When};
use crate::model::moment::Moment;
use crate::model::path::Path;

/// The number of an event in replay order.
pub type EventNumber = u32;
/// The number of a path in the order of paths.
pub type PathNumber = u32;
/// The number of a voice in the order of names.
pub type VoiceNumber = u32;

/// What one event says of one path: a change, found again by its number among the event's changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Assertion {
    /// The event.
    pub event: EventNumber,
    /// The change among `Event::changes`.
    pub change: u32,
    /// Who asserts it; `None`: the record.
    pub voice: Option<VoiceNumber>,
    /// Its place in the order within one event.
    rank: u8,
}

impl Assertion {
    /// Whether it holds only while its event lasts.
    fn is_during(self) -> bool {
        self.rank & 1 == 1
    }

    /// Whether it says the whole value, so that nothing before it matters.
    fn is_whole(self) -> bool {
        self.rank < 4
    }
}

/// Where a path's assertions stand among all: the record's first, then the voices', each in replay order.
#[derive(Clone, Copy, Debug)]
struct Stretches {
    record: u32,
    claims: u32,
    end: u32,
}

/// The index of a chronicle.
#[derive(Clone, Debug)]
pub struct History {
    events: Vec<Event>,
    /// For every event the earliest moment from which it or any later one is possible: where to stop looking.
    possible_from: Vec<Moment>,
    /// The events that hold something `during`.
    lasting: Vec<EventNumber>,
    /// For every event the events that replace it.
    replaced_by: Vec<Vec<EventNumber>>,
    has_corrections: bool,
    paths: Vec<Path>,
    stretches: Vec<Stretches>,
    assertions: Vec<Assertion>,
    /// For every event the paths that it touches, as ranges of `touched`.
    touched_from: Vec<u32>,
    touched: Vec<PathNumber>,
    voices: Vec<String>,
    part_of: Vec<Option<VoiceNumber>>,
}

impl History {
    /// Makes the index. `events` stand in replay order; `replaces[i]` are the numbers of the events that event `i`
    /// replaces; `part_of` gives for a voice the one it is part of, and may name voices that assert nothing.
    pub fn new<'a>(
        events: Vec<Event>,
        replaces: &[Vec<EventNumber>],
        part_of: impl Iterator<Item = (&'a str, Option<&'a str>)> + Clone,
    ) -> History {
        let (voices, part_of) = voices(&events, part_of);
        let mut history = History {
            possible_from: possible_from(&events),
            lasting: lasting(&events),
            replaced_by: vec![Vec::new(); events.len()],
            has_corrections: replaces.iter().any(|list| !list.is_empty()),
            events,
            paths: Vec::new(),
            stretches: Vec::new(),
            assertions: Vec::new(),
            touched_from: Vec::new(),
            touched: Vec::new(),
            voices,
            part_of,
        };
        for (event, list) in replaces.iter().enumerate() {
            for replaced in list {
                history.replaced_by[*replaced as usize].push(event as u32);
            }
        }
        history.index_paths();
        history
    }

    /// The events in replay order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// An event by its number.
    pub fn event(&self, number: EventNumber) -> &Event {
        &self.events[number as usize]
    }

    /// Every path that any event names, in order.
    pub fn paths(&self) -> &[Path] {
        &self.paths
    }

    /// A path by its number.
    pub fn path(&self, number: PathNumber) -> &Path {
        &self.paths[number as usize]
    }

    /// The number of a path.
    pub fn find(&self, path: &Path) -> Option<PathNumber> {
        self.paths.binary_search(path).ok().map(|number| number as u32)
    }

    /// The paths that an event touches, in order.
    pub fn touched(&self, event: EventNumber) -> &[PathNumber] {
        let (from, to) = (self.touched_from[event as usize], self.touched_from[event as usize + 1]);
        &self.touched[from as usize..to as usize]
    }

    /// All assertions on a path: the record's first, then the voices', each in replay order.
    pub fn assertions(&self, path: PathNumber) -> &[Assertion] {
        let at = self.stretches[path as usize];
        &self.assertions[at.record as usize..at.end as usize]
    }

    /// The assertions of the record on a path, and those of the voices.
    fn sides(&self, path: PathNumber) -> (&[Assertion], &[Assertion]) {
        let at = self.stretches[path as usize];
        let (record, claims, end) = (at.record as usize, at.claims as usize, at.end as usize);
        (&self.assertions[record..claims], &self.assertions[claims..end])
    }

    /// What an assertion does.
    pub fn does(&self, assertion: Assertion) -> &Does {
        &self.change(assertion).does
    }

    /// The change behind an assertion.
    pub fn change(&self, assertion: Assertion) -> &Change {
        &self.events[assertion.event as usize].changes[assertion.change as usize]
    }

    /// The events that replace an event, whether they count or not.
    pub fn replaced_by(&self, event: EventNumber) -> &[EventNumber] {
        &self.replaced_by[event as usize]
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
        self.part_of[voice as usize]
    }

    /// The events that hold something `during`, in replay order.
    pub fn lasting(&self) -> impl Iterator<Item = EventNumber> {
        self.lasting.iter().copied()
    }

    /// When an event was.
    fn when(&self, event: EventNumber) -> &When {
        &self.events[event as usize].when
    }

    /// Names every path once, in order, and sorts all assertions under them.
    fn index_paths(&mut self) {
        let mut numbers: FxHashMap<&Path, u32> = FxHashMap::default();
        for change in self.events.iter().flat_map(|event| &event.changes) {
            if let Target::Path(path) = &change.target.value {
                let next = numbers.len() as u32;
                numbers.entry(path).or_insert(next);
            }
        }
        let mut named: Vec<(&Path, u32)> = numbers.iter().map(|(path, number)| (*path, *number)).collect();
        named.sort_unstable_by(|a, b| a.0.cmp(b.0));
        let mut sorted = vec![0u32; named.len()];
        for (place, (_, number)) in named.iter().enumerate() {
            sorted[*number as usize] = place as u32;
        }
        let paths: Vec<Path> = named.iter().map(|(path, _)| (*path).clone()).collect();
        let found: Vec<(PathNumber, Assertion)> = self.spread(&paths, |path| sorted[numbers[path] as usize]);
        self.paths = paths;
        self.sort_assertions(found);
    }

    /// Every assertion with its path, events in replay order; patterns spread over the paths that they match.
    fn spread(&self, paths: &[Path], number: impl Fn(&Path) -> PathNumber) -> Vec<(PathNumber, Assertion)> {
        let claimed: FxHashSet<(VoiceNumber, PathNumber)> = self.claimed(&number);
        // Snapshots say the same pattern again and again.
        let mut matching: FxHashMap<&str, Vec<PathNumber>> = FxHashMap::default();
        let mut found = Vec::new();
        for (event, written) in self.events.iter().enumerate() {
            for (at, change) in written.changes.iter().enumerate() {
                let voice = change.voice.as_deref().and_then(|name| self.voice(name));
                let assertion =
                    Assertion { event: event as u32, change: at as u32, voice, rank: change.does.rank(change.during) };
                match &change.target.value {
                    Target::Path(path) => found.push((number(path), assertion)),
                    Target::Pattern(pattern) => {
                        let all = || (0..).zip(paths).filter(|(_, path)| pattern.matches(path));
                        let named = matching
                            .entry(pattern.as_str())
                            .or_insert_with(|| all().map(|(number, _)| number).collect());
                        let own = |path: &&u32| voice.is_none_or(|voice| claimed.contains(&(voice, **path)));
                        found.extend(named.iter().filter(own).map(|path| (*path, assertion)));
                    }
                }
            }
        }
        found
    }

    /// The paths on which each voice ever claims a value: a voice's `unset` ends only what it itself claimed.
    fn claimed(&self, number: &impl Fn(&Path) -> PathNumber) -> FxHashSet<(VoiceNumber, PathNumber)> {
        let claims = self.events.iter().flat_map(|event| &event.changes).filter(|change| change.voice.is_some());
        claims
            .filter_map(|change| {
                let voice = self.voice(change.voice.as_deref()?)?;
                match &change.target.value {
                    Target::Path(path) => Some((voice, number(path))),
                    Target::Pattern(_) => None,
                }
            })
            .collect()
    }

    /// Lays assertions out by path, the record's before the voices', and notes which paths each event touches.
    fn sort_assertions(&mut self, mut found: Vec<(PathNumber, Assertion)>) {
        self.touched_from.push(0);
        let mut next = 0;
        for event in 0..self.events.len() as u32 {
            let from = self.touched.len();
            while next < found.len() && found[next].1.event == event {
                self.touched.push(found[next].0);
                next += 1;
            }
            self.touched[from..].sort_unstable();
            let mut kept = from;
            for at in from..self.touched.len() {
                if at == from || self.touched[at] != self.touched[at - 1] {
                    self.touched[kept] = self.touched[at];
                    kept += 1;
                }
            }
            self.touched.truncate(kept);
            self.touched_from.push(kept as u32);
        }
        found.sort_by_key(|(path, a)| (*path, a.voice.is_some(), a.event, a.rank));
        let mut at = 0;
        for path in 0..self.paths.len() as u32 {
            let record = at;
            at += found[at..].partition_point(|(p, a)| *p == path && a.voice.is_none());
            let claims = at;
            at += found[at..].partition_point(|(p, _)| *p == path);
            self.stretches.push(Stretches { record: record as u32, claims: claims as u32, end: at as u32 });
        }
        self.assertions = found.into_iter().map(|(_, assertion)| assertion).collect();
    }
}

/// All voices in order of names, and what each is part of.
fn voices<'a>(
    events: &[Event],
    part_of: impl Iterator<Item = (&'a str, Option<&'a str>)> + Clone,
) -> (Vec<String>, Vec<Option<VoiceNumber>>) {
    let mut names: Vec<&str> = part_of.clone().flat_map(|(voice, whole)| [Some(voice), whole]).flatten().collect();
    names.extend(events.iter().flat_map(|event| &event.changes).filter_map(|change| change.voice.as_deref()));
    names.sort_unstable();
    names.dedup();
    let number = |name: &str| names.binary_search(&name).ok().map(|number| number as u32);
    let mut parents = vec![None; names.len()];
    for (voice, whole) in part_of {
        if let (Some(voice), Some(whole)) = (number(voice), whole.and_then(number)) {
            parents[voice as usize] = Some(whole);
        }
    }
    (names.iter().map(|name| (*name).to_owned()).collect(), parents)
}

/// The minimum, from each event to the last, of the moments from which events are possible.
fn possible_from(events: &[Event]) -> Vec<Moment> {
    let mut least = Moment::FUTURE;
    let mut from: Vec<Moment> = events
        .iter()
        .rev()
        .map(|event| {
            least = least.min(event.when.start.start);
            least
        })
        .collect();
    from.reverse();
    from
}

/// The events that hold something `during`.
fn lasting(events: &[Event]) -> Vec<EventNumber> {
    let holds = |event: &Event| event.when.ending.is_some() && event.changes.iter().any(|change| change.during);
    (0..events.len() as u32).filter(|number| holds(&events[*number as usize])).collect()
}
