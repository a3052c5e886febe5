//! The dice: proptest strategies that draw chronicles. What is drawn is plain numbers, and every draw is mended into
//! a chronicle that loads, so that any part of a failing one can be taken away.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;

use super::chronicles::{Change, Chronicle, Event, Manifest, VOICES};
use super::dates::{self, FORMS, SLOTS};

/// The paths of each kind, the one that is drawn most often first.
const TEXTS: [&str; 3] = ["a.one", "b.one", "a.deep.two"];
const NUMBERS: [&str; 3] = ["a.count", "b.count", "c.deep.count"];
const ESTIMATES: [&str; 3] = ["a.rough", "b.rough", "c.deep.rough"];
const SETS: [&str; 3] = ["a.members", "b.members", "c.deep.members"];
const GLOBS: [&str; 6] = ["\"a.**\"", "\"b.*\"", "\"*.one\"", "\"**.members\"", "\"c.deep.**\"", "\"**\""];

const WORDS: [&str; 4] = ["x", "y", "z", "x y"];
const AMOUNTS: [&str; 5] = ["1", "2.5", "-3", "0", "1000"];
const ROUGH: [&str; 6] = [
    "{best: 3}",
    "{low: 1, best: 2, high: 5}",
    "{low: 0, best: 2}",
    "4",
    "{best: 0, high: 1.5}",
    // All parts alike, and an estimate all the same.
    "{low: 2, best: 2, high: 2}",
];
const MEMBERS: [&str; 6] = ["[p]", "[q]", "[p, q]", "[r, 1]", "[]", "[q, r]"];

pub const TITLES: [&str; 4] = ["apple", "plum", "pear", "quince"];

#[derive(Clone, Debug)]
struct Drawn {
    slot: u8,
    form: u8,
    reach: u8,
    until: Option<(u8, u8)>,
    known: Option<(u8, u8)>,
    links: Vec<(bool, u8)>,
    replaces: Option<u8>,
    changes: Vec<[u8; 5]>,
    marks: [u8; 4],
    file: u8,
    has_id: bool,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let when = (0..SLOTS, 0..FORMS, 0..60u8, weighted(0.3, (0..60u8, 0..FORMS)), weighted(0.25, (0..90u8, 0..FORMS)));
    let links = (vec(any::<(bool, u8)>(), 0..3), weighted(0.15, any::<u8>()));
    let what = (vec(any::<[u8; 5]>(), 0..5), any::<[u8; 4]>(), 0..12u8, any::<bool>());
    (when, links, what).prop_map(|(when, (links, replaces), (changes, marks, file, has_id))| {
        let (slot, form, reach, until, known) = when;
        Drawn { slot, form, reach, until, known, links, replaces, changes, marks, file, has_id }
    })
}

/// Chronicles of at most so many events.
pub fn chronicle(most: usize) -> impl Strategy<Value = Chronicle> {
    let manifest = weighted(0.75, (any::<bool>(), any::<bool>(), weighted(0.8, any::<[u8; 3]>())));
    (vec(drawn(), 1..=most), manifest).prop_map(|(mut drawn, manifest)| {
        drawn.sort_by_key(|event| event.slot);
        let mut events: Vec<Event> = Vec::new();
        for (place, draw) in drawn.iter().enumerate() {
            events.push(event(place, draw, &events));
        }
        Chronicle { manifest: manifest.map(self::manifest), events, files: files(&drawn) }
    })
}

fn manifest((kyiv, wide_circa, parts): (bool, bool, Option<[u8; 3]>)) -> Manifest {
    let part_of = |parts: [u8; 3]| {
        let above = |(place, part): (usize, u8)| {
            let above = VOICES.get(usize::from(part) % 5).filter(|_| usize::from(part) % 5 <= place)?;
            Some((VOICES[place + 1].to_owned(), above.to_string()))
        };
        parts.into_iter().enumerate().filter_map(above).collect()
    };
    Manifest { kyiv, wide_circa, voices: parts.is_some(), part_of: parts.map(part_of).unwrap_or_default() }
}

/// Which events stand in which file: the order of files is not that of the events.
fn files(drawn: &[Drawn]) -> Vec<(String, Vec<usize>)> {
    let mut files: Vec<(String, Vec<usize>)> = Vec::new();
    for (place, draw) in drawn.iter().enumerate() {
        let folder = ["", "events/", "z/deep/"][usize::from(draw.file) % 3];
        let name = format!("{folder}f{:02}.yaml", draw.file);
        match files.iter_mut().find(|(other, _)| *other == name) {
            Some((_, events)) if draw.reach % 2 == 0 => events.insert(0, place),
            Some((_, events)) => events.push(place),
            None => files.push((name, vec![place])),
        }
    }
    files
}

fn event(place: usize, draw: &Drawn, earlier: &[Event]) -> Event {
    let day = dates::day(draw.slot, 0);
    let date = dates::written(day, draw.form, draw.reach);
    let later = |(days, form): (u8, u8)| dates::written(dates::day(draw.slot, days + 1), form, days / 4);
    let ends = |date: &String| !dates::is_interval(date);
    let until = draw.until.map(later).filter(|until| ends(&date) && ends(until));
    let lasts = until.is_some() || dates::is_interval(&date);
    let mut links = [Vec::new(), Vec::new()];
    for (cause, link) in &draw.links {
        if place > 0 && !dates::has_no_start(&date) {
            let link = usize::from(*link) % place;
            if !links.concat().contains(&link) {
                links[usize::from(*cause)].push(link);
            }
        }
    }
    let [after, because] = links;
    let some = |words: &[&'static str; 3], bits: u8| -> Vec<&'static str> {
        (0..3).filter(|bit| bits & (5 << bit) == 5 << bit).map(|bit| words[bit]).collect()
    };
    Event {
        id: draw.has_id.then(|| format!("e{place}")),
        title: format!("Event {place} {}", TITLES[usize::from(draw.marks[0]) % 4]),
        date,
        until,
        known: draw.known.map(later).filter(ends),
        kind: ["talks", "battle"].get(usize::from(draw.marks[1]) % 3).copied(),
        actors: some(&["ann", "bob", "cyd"], draw.marks[2]),
        tags: some(&["red", "green", "blue"], draw.marks[3]),
        sources: some(&["s1", "s2", "s3"], draw.marks[0].reverse_bits()),
        confidence: ["low", "medium", "high"].get(usize::from(draw.marks[1] / 3) % 6).copied(),
        because,
        after,
        replaces: draw
            .replaces
            .filter(|_| !earlier.is_empty())
            .map(|link| usize::from(link) % place)
            .into_iter()
            .collect(),
        changes: changes(&draw.changes, lasts),
    }
}

/// The changes of one event: none twice, and of `set`, `during: set` and `unset` one a path.
fn changes(drawn: &[[u8; 5]], lasts: bool) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for draw in drawn {
        let change = change(*draw, lasts);
        let gives = |does: &str| matches!(does, "set" | "unset");
        let clashes = changes.iter().any(|other| {
            (other.voice, other.path) == (change.voice, change.path)
                && ((other.does, other.during) == (change.does, change.during)
                    || gives(other.does) && gives(change.does))
        });
        if !clashes {
            changes.push(change);
        }
    }
    changes
}

fn change([who, what, kind, which, value]: [u8; 5], lasts: bool) -> Change {
    let voice = VOICES.get(usize::from(who) % 10).copied();
    let during = lasts && what >= 128;
    let pick = |words: &[&'static str]| words[usize::from(value) % words.len()];
    // Two draws in one: the first paths come up more often.
    let path = |paths: [&'static str; 3]| paths[usize::from((which % 3).min(which / 3 % 3))];
    let (path, value, deltas) = match kind % 5 {
        0 | 1 => (path(TEXTS), pick(&WORDS), None),
        2 => (path(NUMBERS), pick(&AMOUNTS), Some(["increase", "decrease"])),
        3 => (path(ESTIMATES), pick(&ROUGH), Some(["increase", "decrease"])),
        _ => (path(SETS), pick(&MEMBERS), Some(["add", "remove"])),
    };
    let does = match (what % 8, deltas, voice) {
        (0, _, _) => "unset",
        (1, _, _) => return Change { voice, during, does: "unset", path: GLOBS[usize::from(which) % 6], value: "" },
        (2 | 3, Some([up, _]), None) => up,
        (4, Some([_, down]), None) => down,
        _ => "set",
    };
    let value = match (does, value) {
        ("unset", _) => "",
        ("add" | "remove", "[p]" | "[]") => "p",
        _ => value,
    };
    Change { voice, during, does, path, value }
}
