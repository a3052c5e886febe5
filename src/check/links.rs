//! What events say of each other: ids, causes, order and corrections. Ids that are there twice, references to nothing,
//! cycles, and causes that cannot have come before their effects are load faults.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::diagnostic::{Code, Diagnostic, nearest};
use crate::model::event::Event;
use crate::model::text::{Located, Place};

/// What events say of each other, by their numbers.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// For every event the events that it answers to.
    pub because: Vec<Vec<u32>>,
    /// For every event the events that it comes after without cause.
    pub after: Vec<Vec<u32>>,
    /// For every event the events that it replaces.
    pub replaces: Vec<Vec<u32>>,
}

impl Links {
    /// The events that come before an event.
    pub fn before(&self, event: u32) -> impl Iterator<Item = u32> {
        self.because[event as usize].iter().chain(&self.after[event as usize]).copied()
    }

    /// The same links with other numbers: `order[new]` is the old number.
    pub fn renumbered(self, order: &[u32]) -> Links {
        let mut number = vec![0u32; order.len()];
        for (new, old) in order.iter().enumerate() {
            number[*old as usize] = new as u32;
        }
        let moved = |mut lists: Vec<Vec<u32>>| -> Vec<Vec<u32>> {
            let take = |old: &u32| {
                let list = std::mem::take(&mut lists[*old as usize]);
                list.into_iter().map(|event| number[event as usize]).collect()
            };
            order.iter().map(take).collect()
        };
        Links { because: moved(self.because), after: moved(self.after), replaces: moved(self.replaces) }
    }
}

/// Takes out every event whose id an earlier one has, and says so.
pub fn drop_duplicates(events: &mut Vec<Event>, faults: &mut Vec<Diagnostic>) {
    let mut first: FxHashMap<String, Place> = FxHashMap::default();
    events.retain(|event| match first.get(&event.id) {
        None => {
            first.insert(event.id.clone(), event.name_place);
            true
        }
        Some(other) => {
            let from_file = event.name_place == event.title.place;
            let given = if from_file { ", here from the name of the file" } else { "" };
            let message = format!("two events have the id `{}`{given}", event.id);
            let mend = if from_file { "rename the file or write an `id`" } else { "give one of them another `id`" };
            let fault = Diagnostic::new(Code::DuplicateId, event.name_place, message)
                .note("the first is here", Some(*other))
                .help(format!("{mend}; a correction says `replaces` instead"));
            faults.push(fault);
            false
        }
    });
}

/// What was left out of the events, so that what is said of it is no second fault.
#[derive(Clone, Copy)]
pub struct Left<'a> {
    /// Events with a fault, which may refer to others themselves.
    pub events: &'a [Event],
    /// The names of the files with an error, which may have hidden a document whole: it may have had that id.
    pub stems: &'a BTreeSet<String>,
}

/// The nearest names of so many unknown ones are looked for; a chronicle without its events would take forever.
const GUESSES: usize = 200;

/// Looks up what events say of each other. References that nothing answers to, and those that close a cycle, are left
/// out of the links and said in `faults`.
pub fn resolve(events: &[Event], left: Left<'_>, faults: &mut Vec<Diagnostic>) -> Links {
    let ids: FxHashMap<&str, u32> =
        events.iter().enumerate().map(|(at, event)| (event.id.as_str(), at as u32)).collect();
    let known: Vec<&str> = {
        let mut known: Vec<&str> = ids.keys().copied().collect();
        known.sort_unstable();
        known
    };
    let faulty: FxHashSet<&str> = left.events.iter().map(|event| event.id.as_str()).collect();
    let stem = |id: &str| id.split('#').next().unwrap_or(id).to_owned();
    let stands_elsewhere = |id: &str| faulty.contains(id) || left.stems.contains(&stem(id));
    let mut guesses = GUESSES;
    for event in left.events {
        for (key, list) in [("because", &event.because), ("after", &event.after), ("replaces", &event.replaces)] {
            let missing = list.iter().filter(|id| !ids.contains_key(id.value.as_str()) && !stands_elsewhere(&id.value));
            faults.extend(missing.map(|id| unknown(id, key, &known, &mut guesses)));
        }
    }
    let mut look_up = |list: &[Located<String>], key: &str| -> Vec<u32> {
        let mut found = Vec::new();
        for id in list {
            match ids.get(id.value.as_str()) {
                Some(event) => {
                    if events[*event as usize].id_by_place {
                        faults.push(by_place(id, &events[*event as usize]));
                    }
                    found.push(*event);
                }
                None if stands_elsewhere(&id.value) => {}
                None => faults.push(unknown(id, key, &known, &mut guesses)),
            }
        }
        found
    };
    let mut links = Links {
        because: events.iter().map(|event| look_up(&event.because, "because")).collect(),
        after: events.iter().map(|event| look_up(&event.after, "after")).collect(),
        replaces: events.iter().map(|event| look_up(&event.replaces, "replaces")).collect(),
    };
    cut_cycles(events, &mut links, faults);
    causes_after_effects(events, &links, faults);
    links
}

fn by_place(id: &Located<String>, event: &Event) -> Diagnostic {
    let message =
        format!("`{}` names an event by its place in a file, which moves when another is put before it", id.value);
    Diagnostic::new(Code::ReferenceByPlace, id.place, message)
        .note("this event has no `id`", Some(event.name_place))
        .help("give that event an `id`, and name it here")
}

fn unknown(id: &Located<String>, key: &str, known: &[&str], guesses: &mut usize) -> Diagnostic {
    let fault = Diagnostic::new(Code::UnknownEvent, id.place, format!("no event has the id `{}`", id.value));
    let near = if *guesses > 0 { nearest(&id.value, known.iter().copied()) } else { None };
    *guesses = guesses.saturating_sub(1);
    match near {
        Some(name) => fault.help(format!("did you mean `{name}`?")),
        None => fault.help(format!("`{key}` names events of this chronicle by their ids; `asof list -l` shows them")),
    }
}

/// Finds every cycle of `because` and `after`, and of `replaces`; says so, and cuts it at the reference that closes it.
fn cut_cycles(events: &[Event], links: &mut Links, faults: &mut Vec<Diagnostic>) {
    let causes: Vec<Vec<u32>> = (0..events.len() as u32).map(|event| links.before(event).collect()).collect();
    for (effect, cause, chain) in cycles(&causes) {
        let (event, name) = (&events[effect as usize], &events[cause as usize].id);
        let reference = event.because.iter().chain(&event.after).find(|id| id.value == *name);
        faults.push(cycle(events, &chain, "comes after", reference.map_or(event.name_place, |id| id.place)));
        links.because[effect as usize].retain(|other| *other != cause);
        links.after[effect as usize].retain(|other| *other != cause);
    }
    for (effect, cause, chain) in cycles(&links.replaces) {
        let (event, name) = (&events[effect as usize], &events[cause as usize].id);
        let reference = event.replaces.iter().find(|id| id.value == *name);
        faults.push(cycle(events, &chain, "replaces", reference.map_or(event.name_place, |id| id.place)));
        links.replaces[effect as usize].retain(|other| *other != cause);
    }
}

fn cycle(events: &[Event], chain: &[u32], verb: &str, place: Place) -> Diagnostic {
    let names: Vec<String> = chain.iter().map(|event| format!("`{}`", events[*event as usize].id)).collect();
    let (first, rest) = names.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
    let message = match rest {
        [] => format!("{first} {verb} itself"),
        rest => format!("{first} {verb} {}, which {verb} {first} again", rest.join(&format!(", which {verb} "))),
    };
    Diagnostic::new(Code::Cycle, place, message).help("take out the reference that is not so")
}

/// Every edge that closes a cycle, with the cycle from the event that it leads from; depth first, without recursion.
fn cycles(edges: &[Vec<u32>]) -> Vec<(u32, u32, Vec<u32>)> {
    const NEW: u8 = 0;
    const OPEN: u8 = 1;
    const DONE: u8 = 2;
    let mut state = vec![NEW; edges.len()];
    let mut found = Vec::new();
    for root in 0..edges.len() as u32 {
        let mut walk: Vec<(u32, usize)> = Vec::new();
        if state[root as usize] == NEW {
            state[root as usize] = OPEN;
            walk.push((root, 0));
        }
        while let Some((node, next)) = walk.last_mut() {
            let node = *node;
            let Some(to) = edges[node as usize].get(*next).copied() else {
                state[node as usize] = DONE;
                walk.pop();
                continue;
            };
            *next += 1;
            match state[to as usize] {
                NEW => {
                    state[to as usize] = OPEN;
                    walk.push((to, 0));
                }
                OPEN => {
                    let start = walk.iter().position(|(on, _)| *on == to).unwrap_or(0);
                    let mut chain: Vec<u32> = walk[start..].iter().map(|(on, _)| *on).collect();
                    chain.rotate_right(1);
                    found.push((node, to, chain));
                }
                _ => {}
            }
        }
    }
    found
}

/// A cause whose earliest moment is not before its effect's latest (2-replay, Order).
fn causes_after_effects(events: &[Event], links: &Links, faults: &mut Vec<Diagnostic>) {
    for (at, event) in events.iter().enumerate() {
        for cause in links.before(at as u32) {
            let cause = &events[cause as usize];
            if cause.when.start.start < event.when.start.end {
                continue;
            }
            let reference = event.because.iter().chain(&event.after).find(|id| id.value == cause.id);
            let message = format!("`{}` comes after `{}`, but is dated before it", event.id, cause.id);
            let fault =
                Diagnostic::new(Code::CauseAfterEffect, reference.map_or(event.name_place, |id| id.place), message)
                    .note(format!("`{}` is dated {}", event.id, event.date.value.words()), Some(event.date.place))
                    .note(format!("`{}` is dated {}", cause.id, cause.date.value.words()), Some(cause.date.place))
                    .help("mend a date, or take out the reference");
            faults.push(fault);
        }
    }
}
