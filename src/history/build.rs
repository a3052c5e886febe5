//! Gathered events → the tables of the index, once their order and their links are known. Knows nothing of texts.

use std::cmp::Reverse;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_64;

use super::gather::{Gathered, Gist, Row, ShortChange};
use super::tables::{
    Assertion, CitedRow, EventRow, LabelRow, LikenessRow, MarkRow, PathRow, PatternRow, SourceRow, Tables, VoiceRow,
    WhenRow,
};
use super::{Bodies, Chosen, EventNumber, History, LISTED, Link, NONE, PathNumber, VoiceNumber, coded};
use crate::model::moment::Moment;
use crate::model::path::Pattern;

/// The first slot of a table of ids that holds an id or nothing, and what it holds. `slot` gives what a slot holds,
/// `name` the id of that number.
pub(super) fn find_id<'n>(
    slots: usize,
    id: &str,
    slot: impl Fn(usize) -> u32,
    name: impl Fn(u32) -> &'n str,
) -> (usize, Option<u32>) {
    let first = xxh3_64(id.as_bytes()) as usize;
    for step in 0..slots {
        let at = first.wrapping_add(step) % slots;
        match slot(at) {
            NONE => return (at, None),
            number if name(number) == id => return (at, Some(number)),
            _ => {}
        }
    }
    (slots, None)
}

/// A table of ids for so many events: a third of it stays free.
fn free_slots(events: usize) -> Vec<u32> {
    vec![NONE; (events + events / 2 + 1).next_power_of_two()]
}

/// The events of a chronicle by their ids, in the order of files.
pub struct Ids {
    slots: Vec<u32>,
}

impl Ids {
    /// Every event under its id; of two with one id the first. `twice` is told of each other and the first.
    pub fn of(gathered: &Gathered, mut twice: impl FnMut(Row, Row)) -> Ids {
        let mut slots = free_slots(gathered.len());
        for row in (0..gathered.len() as u32).filter(|row| !gathered.id(*row).is_empty()) {
            match find_id(slots.len(), gathered.id(row), |at| slots[at], |row| gathered.id(row)) {
                (_, Some(first)) => twice(row, first),
                (at, None) => slots[at] = row,
            }
        }
        Ids { slots }
    }

    /// The event with an id.
    pub fn find(&self, gathered: &Gathered, id: &str) -> Option<Row> {
        find_id(self.slots.len(), id, |at| self.slots[at], |row| gathered.id(row)).1
    }
}

/// What citations say of sources, each as an id with the event and the number of the citation.
#[derive(Debug, Default)]
pub struct Sources {
    /// The first description in place of every source that has an id.
    pub described: Vec<(String, Row, u32)>,
    /// The descriptions without an id that are of a source that has one.
    pub identified: Vec<(String, Row, u32)>,
}

impl History {
    /// Makes the index. `order` has the events that are kept, in replay order; `links` what they say of each other;
    /// `part_of` gives for a voice the one it is part of, and may name voices that assert nothing.
    pub fn new<'a>(
        gathered: Gathered,
        order: &[Row],
        ids: Ids,
        links: &[(Link, [Row; 2])],
        sources: Sources,
        part_of: impl Iterator<Item = (&'a str, Option<&'a str>)> + Clone,
        bodies: Arc<dyn Bodies>,
    ) -> History {
        let mut build = Build::new(gathered, order);
        build.voices(part_of);
        build.links(links);
        build.paths();
        build.patterns();
        build.labels();
        build.events();
        build.ids(ids);
        build.sources(sources);
        let mut history = History::with(build.finish(), bodies);
        history.mark();
        history
    }
}

struct Build<'o> {
    gathered: Gathered,
    order: &'o [Row],
    tables: Tables,
    /// For every row its number in replay order.
    numbers: Vec<EventNumber>,
    texts: Vec<u8>,
    /// For every voice that was gathered its number.
    voices: Vec<VoiceNumber>,
    /// Of every event where the paths it touches end.
    touched_ends: Vec<u32>,
    touched: Vec<PathNumber>,
    /// Of every event where its labels end.
    label_ends: Vec<u32>,
    lasting: Vec<EventNumber>,
}

impl<'o> Build<'o> {
    fn new(mut gathered: Gathered, order: &'o [Row]) -> Build<'o> {
        let mut numbers = vec![NONE; gathered.len()];
        for (number, row) in (0..).zip(order) {
            numbers[*row as usize] = number;
        }
        Build {
            tables: Tables::default(),
            numbers,
            texts: std::mem::take(&mut gathered.texts),
            voices: Vec::new(),
            touched_ends: Vec::with_capacity(order.len()),
            touched: Vec::new(),
            label_ends: Vec::new(),
            lasting: Vec::new(),
            gathered,
            order,
        }
    }

    fn text(&mut self, text: &str) -> (u64, u32) {
        let at = self.texts.len() as u64;
        self.texts.extend_from_slice(text.as_bytes());
        (at, text.len() as u32)
    }

    /// All voices in order of names, and what each is part of.
    fn voices<'a>(&mut self, part_of: impl Iterator<Item = (&'a str, Option<&'a str>)> + Clone) {
        let gathered = std::mem::take(&mut self.gathered.voices);
        let mut names: Vec<&str> = part_of.clone().flat_map(|(voice, whole)| [Some(voice), whole]).flatten().collect();
        names.extend(gathered.iter().map(String::as_str));
        names.sort_unstable();
        names.dedup();
        let number = |name: &str| names.binary_search(&name).ok().map(|number| number as u32);
        let mut wholes = vec![NONE; names.len()];
        for (voice, whole) in part_of {
            if let (Some(voice), Some(whole)) = (number(voice), whole.and_then(number)) {
                wholes[voice as usize] = whole;
            }
        }
        self.voices = gathered.iter().filter_map(|name| number(name)).collect();
        let rows: Vec<VoiceRow> = names
            .iter()
            .zip(wholes)
            .map(|(voice, whole)| {
                let (name, name_length) = self.text(voice);
                VoiceRow { name, name_length, whole }
            })
            .collect();
        self.tables.voices = rows.into();
    }

    fn links(&mut self, links: &[(Link, [Row; 2])]) {
        let pairs = |link: Link, turned: bool| -> Vec<[u32; 2]> {
            let numbered = links.iter().filter(|(sort, _)| *sort == link).filter_map(|(_, rows)| {
                let [from, to] = rows.map(|row| self.numbers[row as usize]);
                let kept = from != NONE && to != NONE;
                kept.then_some(if turned { [to, from] } else { [from, to] })
            });
            let mut pairs: Vec<[u32; 2]> = numbered.collect();
            // Of one event they stay in the order written.
            pairs.sort_by_key(|pair| pair[0]);
            pairs
        };
        let replaced = pairs(Link::Replaces, true);
        (self.tables.because, self.tables.after) =
            (pairs(Link::Because, false).into(), pairs(Link::After, false).into());
        (self.tables.replaces, self.tables.replaced) = (pairs(Link::Replaces, false).into(), replaced.into());
    }

    /// Names every path once, in order, and lays all assertions out under them: the record's before the voices', each
    /// in replay order.
    fn paths(&mut self) {
        let paths = std::mem::take(&mut self.gathered.paths);
        let mut named = vec![false; paths.len()];
        for row in self.order {
            let targets = self.gathered.changes(*row).filter_map(|change| change.target().ok());
            targets.for_each(|path| named[path as usize] = true);
        }
        let mut sorted: Vec<u32> = (0..paths.len() as u32).filter(|path| named[*path as usize]).collect();
        sorted.sort_unstable_by(|a, b| paths[*a as usize].cmp(&paths[*b as usize]));
        let mut numbers = vec![NONE; paths.len()];
        for (number, path) in (0..).zip(&sorted) {
            numbers[*path as usize] = number;
        }
        let matches = |pattern: &Pattern| -> Vec<PathNumber> {
            (0..).zip(&sorted).filter(|(_, path)| pattern.matches(&paths[**path as usize])).map(|(at, _)| at).collect()
        };
        // Places are counted first and filled then, twice a path: for the record and for the voices.
        let mut ends = vec![0u32; sorted.len() * 2];
        self.spread(&numbers, &matches, |path, told, _, _| ends[path as usize * 2 + usize::from(told.is_claim())] += 1);
        let mut sum = 0;
        for end in &mut ends {
            sum += std::mem::replace(end, sum);
        }
        let nothing = Assertion::new(0, 0, None, 0, 0);
        let mut assertions = vec![nothing; sum as usize];
        let (mut touched, mut touched_ends) = (Vec::with_capacity(sum as usize), Vec::with_capacity(self.order.len()));
        let voices = &self.voices;
        self.spread(&numbers, &matches, |path, told, event, change| {
            while touched_ends.len() < event as usize {
                touched_ends.push(touched.len() as u32);
            }
            touched.push(path);
            let voice = told.voice.map(|voice| voices[voice as usize]);
            let next = &mut ends[path as usize * 2 + usize::from(told.is_claim())];
            assertions[*next as usize] = Assertion::new(event, change, voice, told.rank, told.value);
            *next += 1;
        });
        touched_ends.resize(self.order.len(), touched.len() as u32);
        (self.touched, self.touched_ends) = (touched, touched_ends);
        let mut record = 0;
        let rows: Vec<PathRow> = sorted
            .iter()
            .enumerate()
            .map(|(number, path)| {
                let (name, name_length) = self.text(paths[*path as usize].as_str());
                let (claims, end) = (ends[number * 2], ends[number * 2 + 1]);
                let row = PathRow { name, name_length, record, claims, end, marks: 0, marks_end: 0 };
                record = end;
                row
            })
            .collect();
        (self.tables.paths, self.tables.assertions) = (rows.into(), assertions.into());
    }

    /// Every assertion with its path, in replay order, those of one event by their ranks; patterns are spread over the
    /// paths that they match, those of a voice over the ones on which it ever claims a value.
    fn spread(
        &self,
        numbers: &[PathNumber],
        matches: &dyn Fn(&Pattern) -> Vec<PathNumber>,
        mut put: impl FnMut(PathNumber, Said, EventNumber, u32),
    ) {
        let claimed = self.claimed(numbers);
        // Snapshots say the same pattern again and again.
        let mut matching: FxHashMap<&str, Vec<PathNumber>> = FxHashMap::default();
        let mut changes: Vec<(u32, ShortChange<'_>)> = Vec::new();
        for (event, row) in (0..).zip(self.order) {
            changes.clear();
            changes.extend((0..).zip(self.gathered.changes(*row)));
            if !changes.is_sorted_by_key(|(_, change)| change.rank()) {
                changes.sort_by_key(|(_, change)| change.rank());
            }
            for (number, change) in &changes {
                let said = Said::of(change);
                match change.target() {
                    Ok(path) => put(numbers[path as usize], said, event, *number),
                    Err(pattern) => {
                        let named = matching.entry(pattern.as_str()).or_insert_with(|| matches(pattern));
                        let own = |path: &&u32| said.voice.is_none_or(|voice| claimed.contains(&(voice, **path)));
                        named.iter().filter(own).for_each(|path| put(*path, said, event, *number));
                    }
                }
            }
        }
    }

    /// The paths on which each voice ever claims a value: a voice's `unset` ends only what it itself claimed.
    fn claimed(&self, numbers: &[PathNumber]) -> FxHashSet<(u32, PathNumber)> {
        if self.gathered.patterns.is_empty() {
            return FxHashSet::default();
        }
        let changes = self.order.iter().flat_map(|row| self.gathered.changes(*row));
        changes.filter_map(|change| Some((Said::of(&change).voice?, numbers[change.target().ok()? as usize]))).collect()
    }

    /// Keeps the patterns that events unset as they are written.
    fn patterns(&mut self) {
        if self.gathered.patterns.is_empty() {
            return;
        }
        let mut found = Vec::new();
        for (event, row) in (0..).zip(self.order) {
            for (number, change) in (0..).zip(self.gathered.changes(*row)) {
                if let Err(pattern) = change.target() {
                    let Said { voice, rank, .. } = Said::of(&change);
                    let voice = voice.map_or(NONE, |voice| self.voices[voice as usize]);
                    found.push((event, number, voice, rank, pattern.as_str().to_owned()));
                }
            }
        }
        let row = |(event, change, voice, rank, pattern): (u32, u32, u32, u8, String)| {
            let (name, name_length) = self.text(&pattern);
            PatternRow { name, name_length, event, change, voice, rank: u32::from(rank), _even: 0 }
        };
        self.tables.patterns = found.into_iter().map(row).collect::<Vec<PatternRow>>().into();
    }

    /// Names every label once, in order, and lays out which events bear which.
    fn labels(&mut self) {
        let labels = std::mem::take(&mut self.gathered.labels);
        let mut sorted: Vec<u32> = (0..labels.len() as u32).collect();
        sorted.sort_unstable_by_key(|label| &labels[*label as usize]);
        let mut numbers = vec![NONE; labels.len()];
        for (number, label) in (0..).zip(&sorted) {
            numbers[*label as usize] = number;
        }
        let borne = std::mem::take(&mut self.gathered.labelled);
        let mut borne: Vec<[u32; 2]> = borne
            .into_iter()
            .map(|[row, label]| [self.numbers[row as usize], numbers[label as usize]])
            .filter(|[event, _]| *event != NONE)
            .collect();
        borne.sort_unstable();
        borne.dedup();
        let mut ends = vec![0u32; self.order.len()];
        for [event, _] in &borne {
            ends[*event as usize] += 1;
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        self.label_ends = ends;
        let rows: Vec<LabelRow> = sorted
            .iter()
            .map(|label| {
                let (sort, name) = &labels[*label as usize];
                let (name, name_length) = self.text(name);
                LabelRow { name, name_length, sort: *sort as u32 }
            })
            .collect();
        let labelled: Vec<u32> = borne.into_iter().map(|[_, label]| label).collect();
        (self.tables.labels, self.tables.labelled) = (rows.into(), labelled.into());
        self.citations(&numbers);
    }

    /// Keeps the citations as they are written; `labels` gives for every label that was gathered its number.
    fn citations(&mut self, labels: &[u32]) {
        let mut likenesses = Vec::new();
        let mut cited: Vec<CitedRow> = Vec::with_capacity(self.gathered.citations().len());
        for cites in self.gathered.citations() {
            let (event, label) = (self.numbers[cites.row as usize], labels[cites.label as usize]);
            let likeness = cites.likeness.map_or(NONE, |likeness| {
                likenesses.push(LikenessRow::of(likeness));
                (likenesses.len() - 1) as u32
            });
            cited.push(CitedRow { event, number: cites.number, label, likeness });
        }
        cited.retain(|row| row.event != NONE);
        cited.sort_by_key(|row| row.event);
        (self.tables.cited, self.tables.likenesses) = (cited.into(), likenesses.into());
    }

    fn events(&mut self) {
        // Each event touches a path once.
        let (mut kept, mut from) = (0, 0);
        for end in &mut self.touched_ends {
            let to = *end as usize;
            self.touched[from..to].sort_unstable();
            let first = kept;
            for at in from..to {
                if kept == first || self.touched[kept - 1] != self.touched[at] {
                    self.touched[kept] = self.touched[at];
                    kept += 1;
                }
            }
            (from, *end) = (to, kept as u32);
        }
        self.touched.truncate(kept);
        let whens = std::mem::take(&mut self.gathered.whens);
        let gist = |row: Row| -> &Gist { &self.gathered.gists[row as usize] };
        let mut possible = vec![0u32; self.order.len()];
        let mut earliest: Option<u32> = None;
        for (number, row) in self.order.iter().enumerate().rev() {
            let when = gist(*row).when;
            let start = |when: u32| whens[when as usize].start().start;
            let least = earliest.filter(|least| start(*least) <= start(when)).unwrap_or(when);
            (possible[number], earliest) = (least, Some(least));
        }
        let (mut touched, mut labels) = (0, 0);
        let mut events = Vec::with_capacity(self.order.len());
        for (number, row) in self.order.iter().enumerate() {
            let gist = gist(*row);
            let (start, end) = match gist.extent {
                super::Extent::Bytes(start, end) => (start, end),
                super::Extent::Number(number) => (number, 0),
            };
            let (touched_end, labels_end) = (self.touched_ends[number], self.label_ends[number]);
            events.push(EventRow {
                values: gist.values,
                name: gist.name,
                name_length: gist.name_length,
                when: gist.when,
                file: gist.file,
                start,
                end,
                line: gist.line,
                place: gist.number << 1 | u32::from(gist.by_place),
                touched,
                touched_end,
                labels,
                labels_end,
                possible: possible[number],
            });
            (touched, labels) = (touched_end, labels_end);
            let holds = whens[gist.when as usize].when().ending.is_some();
            if holds && self.gathered.changes(*row).any(|change| change.rank() & 1 == 1) {
                self.lasting.push(number as u32);
            }
        }
        self.listing(&events, &whens);
        (self.tables.events, self.tables.whens) = (events.into(), whens.into());
    }

    fn listing(&mut self, events: &[EventRow], whens: &[WhenRow]) {
        let written = |event: u32| whens[events[event as usize].when as usize].written();
        let key = |event: &u32| (written(*event).start, Reverse(written(*event).end), *event);
        let mut listing: Vec<u32> = (0..events.len() as u32).collect();
        if !listing.is_sorted_by_key(key) {
            listing.sort_by_key(key);
        }
        let furthest = |block: &[u32]| {
            let reaching = block.iter().max_by_key(|event| written(**event).end);
            reaching.map_or(0, |event| events[*event as usize].when)
        };
        self.tables.reaches = listing.chunks(LISTED).map(furthest).collect::<Vec<u32>>().into();
        self.tables.listing = listing.into();
    }

    fn ids(&mut self, ids: Ids) {
        let numbered = |slot: u32| if slot == NONE { NONE } else { self.numbers[slot as usize] };
        if self.order.len() == self.numbers.len() {
            self.tables.ids = ids.slots.into_iter().map(numbered).collect::<Vec<u32>>().into();
            return;
        }
        // Events were taken out, and a slot that is free now would hide what lies behind it.
        let mut slots = free_slots(self.order.len());
        let name = |number: u32| {
            let gist = &self.gathered.gists[self.order[number as usize] as usize];
            let start = gist.name as usize;
            std::str::from_utf8(&self.texts[start..start + gist.name_length as usize]).unwrap_or_default()
        };
        for number in 0..self.order.len() as u32 {
            let (at, _) = find_id(slots.len(), name(number), |at| slots[at], name);
            slots[at] = number;
        }
        self.tables.ids = slots.into();
    }

    fn sources(&mut self, sources: Sources) {
        let mut rows = |list: Vec<(String, Row, u32)>| -> Vec<SourceRow> {
            let numbered = list.into_iter().map(|(id, row, citation)| (id, self.numbers[row as usize], citation));
            let kept: Vec<_> = numbered.filter(|(_, event, _)| *event != NONE).collect();
            kept.into_iter().map(|(id, event, citation)| SourceRow::new(self.text(&id), event, citation)).collect()
        };
        let (described, mut identified) = (rows(sources.described), rows(sources.identified));
        identified.sort_by_key(|row| (row.event, row.citation));
        (self.tables.described, self.tables.identified) = (described.into(), identified.into());
    }

    fn finish(self) -> Tables {
        Tables {
            touched: self.touched.into(),
            lasting: self.lasting.into(),
            texts: self.texts.into(),
            values: self.gathered.values.into(),
            ..self.tables
        }
    }
}

/// What of a change an assertion needs.
#[derive(Clone, Copy)]
struct Said {
    voice: Option<u32>,
    rank: u8,
    value: u32,
}

impl Said {
    fn of(change: &ShortChange<'_>) -> Said {
        let voice = (!change.is_of_record()).then_some(change.told.voice);
        Said { voice, rank: change.told.rank, value: change.told.value }
    }

    fn is_claim(self) -> bool {
        self.voice.is_some()
    }
}

impl History {
    /// So many changes of a sum or set are reckoned again at most, or as many as a set has members.
    pub(super) const REACH: usize = 64;

    /// Marks what long sums and sets came to on the way, so that a value late in history does not cost all of it. Only
    /// what the record plainly says is marked: what it holds `during` comes and goes.
    fn mark(&mut self) {
        let mut marks: Vec<MarkRow> = Vec::new();
        let mut values = Vec::new();
        let mut ranges = Vec::new();
        let base = self.tables.values.len();
        let view = self.view(Moment::FUTURE, self.counting(Chosen::default()), None);
        for path in 0..self.paths.len() as u32 {
            let row = self.tables.paths.at(path as usize);
            let list = self.record_of(path);
            let is_long = |run: &[Assertion]| run.len() > History::REACH;
            let mut runs = list.chunk_by(|a, b| a.is_whole() == b.is_whole());
            if !runs.any(|run| !run[0].is_whole() && is_long(run)) || list.iter().any(|one| one.is_during()) {
                continue;
            }
            let from = marks.len() as u32;
            view.walk(path, |at, value, event, since| {
                let start = values.len();
                coded::put(value, &mut values);
                marks.push(MarkRow::new((base + start) as u64, row.record + at, event, since));
            });
            if marks.len() as u32 > from {
                ranges.push((path as usize, from, marks.len() as u32));
            }
        }
        drop(view);
        if marks.is_empty() {
            return;
        }
        let mut paths = self.tables.paths.all().to_vec();
        for (path, from, to) in ranges {
            (paths[path].marks, paths[path].marks_end) = (from, to);
        }
        let values = [self.tables.values.all(), &values].concat();
        (self.tables.paths, self.tables.marks, self.tables.values) = (paths.into(), marks.into(), values.into());
    }
}
