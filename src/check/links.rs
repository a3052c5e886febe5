//! What events say of each other: ids, causes, order and corrections. Ids that are there twice, references to nothing,
//! cycles, and causes that cannot have come before their effects are load faults.

use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::Loose;
use crate::history::{Gathered, Ids, Link, LooseNumber, Reference};
use crate::model::diagnostic::{Code, Diagnostic, nearest};
use crate::model::event::Event;
use crate::model::text::{Located, Place};

/// Pairs of an event and another that it says something of.
pub type Pairs = Vec<(Link, [LooseNumber; 2])>;

/// Every event under its id. Those whose id an earlier one has are said in `faults` and given to be taken out.
pub fn identify(
    gathered: &Gathered,
    read: &dyn Fn(LooseNumber) -> Rc<Event>,
    faults: &mut Vec<Diagnostic>,
) -> (Ids, Vec<LooseNumber>) {
    let mut twice = Vec::new();
    let ids = Ids::of(gathered, |event, first| twice.push((event, first)));
    for (event, first) in &twice {
        let (id, event, first) = (gathered.id(*event), read(*event), read(*first));
        let from_file = event.name_place == event.title.place;
        let given = if from_file { ", here from the name of the file" } else { "" };
        let message = format!("two events have the id `{id}`{given}");
        let mend = if from_file { "rename the file or write an `id`" } else { "give one of them another `id`" };
        let fault = Diagnostic::new(Code::DuplicateId, event.name_place, message)
            .note("the first is here", Some(first.name_place))
            .help(format!("{mend}; a correction says `replaces` instead"));
        faults.push(fault);
    }
    (ids, twice.into_iter().map(|(event, _)| event).collect())
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
pub fn resolve(loose: Loose<'_>, left: Left<'_>, faults: &mut Vec<Diagnostic>) -> Pairs {
    let mut resolving = Resolving::new(loose, left);
    for event in left.events {
        for (key, list) in [("because", &event.because), ("after", &event.after), ("replaces", &event.replaces)] {
            for id in list {
                if resolving.find(&id.value).is_none() {
                    resolving.unknown(id, key, faults);
                }
            }
        }
    }
    let mut pairs = Pairs::new();
    for (link, key) in [(Link::Because, "because"), (Link::After, "after"), (Link::Replaces, "replaces")] {
        let kept = |reference: &&Reference| reference.link == link && loose.is_kept(reference.row);
        for reference in loose.gathered.references().iter().filter(kept) {
            match resolving.find(&reference.id) {
                Some(event) => {
                    if loose.gathered.is_by_place(event) {
                        faults.push(by_place(&written(loose, reference), &loose.read(event)));
                    }
                    pairs.push((link, [reference.row, event]));
                }
                None if resolving.stands_elsewhere(&reference.id) => {}
                None => resolving.unknown(&written(loose, reference), key, faults),
            }
        }
    }
    cut_cycles(loose, &mut pairs, faults);
    causes_after_effects(loose, &pairs, faults);
    pairs
}

/// A reference with its place.
fn written(loose: Loose<'_>, reference: &Reference) -> Located<String> {
    let event = loose.read(reference.row);
    let list = match reference.link {
        Link::Because => &event.because,
        Link::After => &event.after,
        Link::Replaces => &event.replaces,
    };
    let otherwise = || Located::new(reference.id.to_string(), event.name_place);
    list.get(reference.number as usize).cloned().unwrap_or_else(otherwise)
}

/// What references are looked up in.
struct Resolving<'a> {
    loose: Loose<'a>,
    faulty: FxHashSet<&'a str>,
    stems: &'a BTreeSet<String>,
    /// Every id in order, once it is needed.
    known: Option<Vec<&'a str>>,
    guesses: usize,
}

impl<'a> Resolving<'a> {
    fn new(loose: Loose<'a>, left: Left<'a>) -> Resolving<'a> {
        let faulty = left.events.iter().map(|event| event.id.as_str()).collect();
        Resolving { loose, faulty, stems: left.stems, known: None, guesses: GUESSES }
    }

    fn find(&self, id: &str) -> Option<LooseNumber> {
        self.loose.ids.find(self.loose.gathered, id).filter(|event| self.loose.is_kept(*event))
    }

    fn stands_elsewhere(&self, id: &str) -> bool {
        self.faulty.contains(id) || self.stems.contains(id.split('#').next().unwrap_or(id))
    }

    /// Says that no event has an id, if none can have it.
    fn unknown(&mut self, id: &Located<String>, key: &str, faults: &mut Vec<Diagnostic>) {
        if self.stands_elsewhere(&id.value) {
            return;
        }
        let fault = Diagnostic::new(Code::UnknownEvent, id.place, format!("no event has the id `{}`", id.value));
        let known = self.known.get_or_insert_with(|| {
            let mut known: Vec<&str> = self.loose.rows().map(|row| self.loose.gathered.id(row)).collect();
            known.sort_unstable();
            known
        });
        let near = if self.guesses > 0 { nearest(&id.value, known.iter().copied()) } else { None };
        self.guesses = self.guesses.saturating_sub(1);
        faults.push(match near {
            Some(name) => fault.help(format!("did you mean `{name}`?")),
            None => {
                fault.help(format!("`{key}` names events of this chronicle by their ids; `asof list -l` shows them"))
            }
        });
    }
}

fn by_place(id: &Located<String>, event: &Event) -> Diagnostic {
    let message =
        format!("`{}` names an event by its place in a file, which moves when another is put before it", id.value);
    Diagnostic::new(Code::ReferenceByPlace, id.place, message)
        .note("this event has no `id`", Some(event.name_place))
        .help("give that event an `id`, and name it here")
}

/// Finds every cycle of `because` and `after`, and of `replaces`; says so, and cuts it at the reference that closes it.
fn cut_cycles(loose: Loose<'_>, pairs: &mut Pairs, faults: &mut Vec<Diagnostic>) {
    for (is_order, verb) in [(true, "comes after"), (false, "replaces")] {
        if pairs.iter().all(|(link, _)| (*link == Link::Replaces) == is_order) {
            continue;
        }
        let mut edges: Vec<Vec<u32>> = vec![Vec::new(); loose.gathered.len()];
        for (_, [from, to]) in pairs.iter().filter(|(link, _)| (*link != Link::Replaces) == is_order) {
            edges[*from as usize].push(*to);
        }
        for (effect, cause, chain) in cycles(&edges) {
            let event = loose.read(effect);
            let mut references = match is_order {
                true => event.because.iter().chain(&event.after),
                false => event.replaces.iter().chain(&[]),
            };
            let reference = references.find(|id| id.value == loose.gathered.id(cause));
            faults.push(cycle(loose, &chain, verb, reference.map_or(event.name_place, |id| id.place)));
            pairs.retain(|(link, pair)| (*link != Link::Replaces) != is_order || *pair != [effect, cause]);
        }
    }
}

fn cycle(loose: Loose<'_>, chain: &[u32], verb: &str, place: Place) -> Diagnostic {
    let names: Vec<String> = chain.iter().map(|event| format!("`{}`", loose.gathered.id(*event))).collect();
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
fn causes_after_effects(loose: Loose<'_>, pairs: &Pairs, faults: &mut Vec<Diagnostic>) {
    let start = |event: LooseNumber| loose.gathered.start(event);
    let wrong = |(link, [effect, cause]): &&(Link, [LooseNumber; 2])| {
        *link != Link::Replaces && start(*cause).start >= start(*effect).end
    };
    for (_, [effect, cause]) in pairs.iter().filter(wrong) {
        let (event, cause) = (loose.read(*effect), loose.read(*cause));
        let reference = event.because.iter().chain(&event.after).find(|id| id.value == cause.id);
        let message = format!("`{}` comes after `{}`, but is dated before it", event.id, cause.id);
        let place = reference.map_or(event.name_place, |id| id.place);
        let fault = Diagnostic::new(Code::CauseAfterEffect, place, message)
            .note(format!("`{}` is dated {}", event.id, event.date.value.words()), Some(event.date.place))
            .note(format!("`{}` is dated {}", cause.id, cause.date.value.words()), Some(cause.date.place))
            .help("mend a date, or take out the reference");
        faults.push(fault);
    }
}
