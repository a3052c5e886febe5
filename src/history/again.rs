//! An index → its events in their short form again, file by file, so that of files that did not change nothing is parsed
//! when others did. Only an index of a whole chronicle says all that there was. Knows nothing of files but their numbers.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::gather::{Cites, Gathered, Gist, Link, PATTERN, RECORD, Reference, Sort, Told};
use super::tables::{EventRow, PatternRow};
use super::{EventNumber, Extent, History, NONE, linked};
use crate::model::path::Pattern;
use crate::model::text::{FileId, Place, Stale};

/// An index whose events are taken in again.
pub struct Again<'h> {
    history: &'h History,
    /// The events in the order of files and their places in them, each with where its values end.
    events: Vec<(EventRow, EventNumber, usize)>,
    /// The changes by event, in the order written, with the numbers of the index, and where those of each event begin.
    told: Vec<Told>,
    starts: Vec<u32>,
    patterns: Vec<Pattern>,
    known: Known,
}

/// For what the index numbers, the numbers that it has where it is taken in; the largest: none yet.
struct Known {
    whens: Vec<u32>,
    paths: Vec<u32>,
    voices: Vec<u32>,
    labels: Vec<u32>,
}

impl<'h> Again<'h> {
    /// Turns the tables of an index round: from paths to events.
    pub fn of(history: &'h History) -> Again<'h> {
        let tables = &history.tables;
        let patterns = tables.patterns.all().iter().map(|row| pattern(history, row)).collect();
        let (told, starts) = told(history);
        let none = |length: usize| vec![NONE; length];
        Again {
            events: events(history),
            told,
            starts,
            patterns,
            known: Known {
                whens: none(tables.whens.len()),
                paths: none(tables.paths.len()),
                voices: none(tables.voices.len()),
                labels: none(tables.labels.len()),
            },
            history,
        }
    }

    /// Adds the events of a file of the index behind what is gathered, as those of a file of another number. Whatever is
    /// added to must be the same each time.
    pub fn put(&mut self, old: FileId, new: FileId, to: &mut Gathered) {
        let start = self.events.partition_point(|(row, ..)| row.file < old.0);
        let end = start + self.events[start..].partition_point(|(row, ..)| row.file == old.0);
        for at in start..end {
            let (row, event, values_end) = self.events[at];
            self.event(row, event, row.values as usize..values_end, new, to);
        }
    }

    fn event(&mut self, row: EventRow, event: EventNumber, values: Range<usize>, file: FileId, to: &mut Gathered) {
        let h = self.history;
        let number = to.len() as u32;
        let (name, name_length) = to.text(h.text(row.name, row.name_length));
        let when = self.known.when(h, row.when, to);
        to.gists.push(Gist {
            name,
            name_length,
            when,
            file: file.0,
            extent: if row.end == 0 { Extent::Number(row.start) } else { Extent::Bytes(row.start, row.end) },
            // Where it stands was asked for while it had no id and no line.
            start: row.start,
            name_place: Place::of_file(file),
            line: row.line,
            number: row.place >> 1,
            by_place: row.place & 1 != 0,
            values: to.values.len() as u64,
            changes: to.told.len() as u32,
        });
        to.values.extend_from_slice(h.tables.values.range(values));
        for at in self.starts[event as usize]..self.starts[event as usize + 1] {
            let told = self.told[at as usize];
            let target = match told.target & PATTERN {
                0 => self.known.path(h, told.target, to),
                _ => {
                    to.patterns.push(self.patterns[(told.target & !PATTERN) as usize].clone());
                    (to.patterns.len() - 1) as u32 | PATTERN
                }
            };
            let voice = if told.voice == RECORD { RECORD } else { self.known.voice(h, told.voice, to) };
            to.told.push(Told { target, voice, ..told });
        }
        for label in h.labels(event).iter().filter(|label| h.label_name(**label, Sort::Source).is_none()) {
            let label = self.known.label(h, *label, to);
            to.labelled.push([number, label]);
        }
        let cited = &h.tables.cited;
        let first = cited.partition_point(|cites| cites.event < event);
        for cites in (first..cited.len()).map(|at| cited.at(at)).take_while(|cites| cites.event == event) {
            let label = self.known.label(h, cites.label, to);
            to.labelled.push([number, label]);
            let known = (cites.likeness != NONE).then(|| h.tables.likenesses.at(cites.likeness as usize).likeness());
            to.citations.push(Cites { row: number, number: cites.number, label, likeness: known });
        }
        for (link, pairs) in
            [(Link::Because, &h.tables.because), (Link::After, &h.tables.after), (Link::Replaces, &h.tables.replaces)]
        {
            let refer = |(at, to): (u32, EventNumber)| Reference { row: number, link, number: at, id: h.id(to).into() };
            to.references.extend((0..).zip(linked(pairs, event)).map(refer));
        }
    }
}

impl Known {
    fn when(&mut self, h: &History, when: u32, to: &mut Gathered) -> u32 {
        let known = entry(&mut self.whens, when);
        if *known == NONE {
            let row = h.tables.whens.at(when as usize);
            let (text, _) = to.text(h.text(row.text, row.text_length));
            // Nobody looks for it by what its dates were: one that is the same may stand beside it.
            *known = to.whens.len() as u32;
            to.whens.push(row.with_text(text));
            to.when_keys.push(Box::default());
        }
        *known
    }

    fn path(&mut self, h: &History, path: u32, to: &mut Gathered) -> u32 {
        let known = entry(&mut self.paths, path);
        if *known == NONE {
            *known = to.path(h.path(path));
        }
        *known
    }

    fn voice(&mut self, h: &History, voice: u32, to: &mut Gathered) -> u32 {
        let known = entry(&mut self.voices, voice);
        if *known == NONE {
            *known = to.voice(&h.voices[voice as usize]);
        }
        *known
    }

    fn label(&mut self, h: &History, label: u32, to: &mut Gathered) -> u32 {
        let known = entry(&mut self.labels, label);
        if *known == NONE {
            let row = h.tables.labels.at(label as usize);
            let sort = Sort::ALL.get(row.sort as usize).unwrap_or_else(|| beyond());
            *known = to.label_number((*sort, h.text(row.name, row.name_length).to_owned()));
        }
        *known
    }
}

fn entry(known: &mut [u32], number: u32) -> &mut u32 {
    known.get_mut(number as usize).unwrap_or_else(|| beyond())
}

fn beyond() -> ! {
    Stale::end("a number of the index leads out of it")
}

fn pattern(history: &History, row: &PatternRow) -> Pattern {
    let text = history.text(row.name, row.name_length);
    Pattern::parse(text).unwrap_or_else(|_| Stale::end("a pattern of the index cannot be read"))
}

/// The events by files and places in them. Their values were laid down in that order, so each one's end where those of
/// the next begin, and the last one's where marks have theirs.
fn events(history: &History) -> Vec<(EventRow, EventNumber, usize)> {
    let tables = &history.tables;
    let mut events: Vec<_> = (0..).zip(tables.events.all()).map(|(number, row)| (*row, number, 0)).collect();
    let place = |(row, ..): &(EventRow, EventNumber, usize)| (row.file, row.place);
    if !events.is_sorted_by_key(place) {
        events.sort_unstable_by_key(place);
    }
    let first_mark = tables.marks.all().first().map(|mark| mark.value as usize);
    let mut end = first_mark.unwrap_or(tables.values.len());
    for (row, _, values_end) in events.iter_mut().rev() {
        *values_end = end;
        end = row.values as usize;
    }
    events
}

/// All changes by event, and where each one's begin: what stands under paths, and the patterns that were spread over
/// them.
fn told(history: &History) -> (Vec<Told>, Vec<u32>) {
    let tables = &history.tables;
    let (assertions, patterns) = (tables.assertions.all(), tables.patterns.all());
    let spread: FxHashSet<(u32, u32)> = patterns.iter().map(|row| (row.event, row.change)).collect();
    let is_own = |event: u32, change: u32| spread.is_empty() || !spread.contains(&(event, change));
    let mut starts = vec![0u32; history.len() + 1];
    let own = assertions.iter().filter(|told| is_own(told.event, told.change)).map(|told| told.event);
    for event in own.chain(patterns.iter().map(|row| row.event)) {
        *entry(&mut starts, event) += 1;
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += std::mem::replace(start, sum);
    }
    let nothing = Told { target: NONE, voice: RECORD, rank: 0, value: 0 };
    let mut all = vec![nothing; sum as usize];
    let mut put = |event: u32, change: u32, told: Told| {
        let at = starts[event as usize] + change;
        *all.get_mut(at as usize).unwrap_or_else(|| beyond()) = told;
    };
    for (path, row) in (0..).zip(tables.paths.all()) {
        let own = assertions.get(row.record as usize..row.end as usize).unwrap_or_else(|| beyond());
        for told in own.iter().filter(|told| is_own(told.event, told.change)) {
            let voice = told.voice().unwrap_or(RECORD);
            put(told.event, told.change, Told { target: path, voice, rank: told.rank(), value: told.value });
        }
    }
    for (number, row) in (0..).zip(patterns) {
        let voice = if row.voice == NONE { RECORD } else { row.voice };
        put(row.event, row.change, Told { target: number | PATTERN, voice, rank: row.rank as u8, value: 0 });
    }
    (all, starts)
}
