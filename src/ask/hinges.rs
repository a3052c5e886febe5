//! `hinges`: what each value hangs on, the smallest things that, left out or dated otherwise within the span of their
//! own date, give it another value or standing; and what falls with one source. The index is asked again without them,
//! and nothing is loaded again.
//!
//! - *Events* and *sources* are tried one by one, on the paths that they bear on. Sources of one origin fall together,
//!   and an event falls with its sources when all that it has are left out (2-replay, What counts in a viewpoint).
//! - *Two sources* are sought only where no single one does it, at most [`PAIRS`] for a path in [`TRIALS`] trials. What
//!   survives any two is not asked further.
//! - *Dates*: an event that is moved alone to another place among the others on the path, at most [`PLACES`] of them, as
//!   the span of its date allows; what links, or the order in one file where dates are equal, put before or after it
//!   stays there. One that is only possible may have happened, and so may the end of what one holds.
//!
//! The moment stays, also where what is left out was the last event.

mod answer;
mod origins;

use std::collections::{BTreeMap, BTreeSet};

pub use answer::*;
pub(super) use origins::origin_of;
use origins::{OriginNumber, Origins};

use super::replay::possible_by_path;
use super::viewpoint::{Looked, choose, look, paths_of, sources_left_out};
use super::{Answer, Found, Refusal, Selectors, answered, diff, row};
use crate::history::{Bounds, EventNumber, Outcome, PathNumber, Suppose, View, WhatIf};
use crate::timeline::Timeline;

/// So many pairs of sources are named for a path at most.
const PAIRS: usize = 16;
/// So often at most two sources are left out together to find them.
const TRIALS: usize = 256;
/// So many places are tried at most for the date of an event on a path: the nearest ones, and the earliest.
const PLACES: usize = 32;

/// Answers `hinges [PATH…]`, or with a source what falls with it.
pub(super) fn answer<'t>(
    timeline: &'t Timeline,
    select: &Selectors,
    globs: &[String],
    source: Option<&str>,
) -> Result<Answer<'t>, Refusal> {
    let Looked { view, seen } = look(timeline, select, true)?;
    let origins = Origins::of(timeline, &sources_left_out(timeline, select)?);
    let what_if = WhatIf::new(&view, &choose(timeline, select, true)?);
    let paths = paths_of(timeline, globs)?;
    let effects = effects(timeline);
    let mut asking = Asking { timeline, view, what_if, origins, effects, bounds: BTreeMap::new() };
    let found = match source {
        Some(name) => {
            let origin = asking.origins.find(name)?;
            Found::Fall(Box::new(asking.fall(origin, &paths)))
        }
        None => Found::Hinges(asking.all(&paths)),
    };
    Ok(answered(timeline, seen, found))
}

/// A viewpoint that is asked again and again.
struct Asking<'t> {
    timeline: &'t Timeline,
    view: View<'t>,
    what_if: WhatIf<'t>,
    origins: Origins,
    /// For every event those that links put just after it.
    effects: Vec<Vec<EventNumber>>,
    bounds: BTreeMap<EventNumber, Bounds>,
}

/// What can bear on one path: the events that touch it and the corrections of these, by their origins where there are
/// at most two.
struct Ground {
    by_origins: BTreeMap<Vec<OriginNumber>, Vec<EventNumber>>,
    /// The corrections that stand.
    corrections: Vec<EventNumber>,
}

impl Ground {
    /// The events that fall with one or two origins, in order.
    fn fall(&self, with: &[OriginNumber]) -> Vec<EventNumber> {
        let alone = with.iter().map(std::slice::from_ref);
        let together = (with.len() > 1).then_some(with);
        let lists = alone.chain(together).filter_map(|origins| self.by_origins.get(origins));
        let mut events: Vec<EventNumber> = lists.flatten().copied().collect();
        events.sort_unstable();
        events
    }
}

impl<'t> Asking<'t> {
    /// What every definite value hangs on.
    fn all(&mut self, paths: &[PathNumber]) -> Hinges<'t> {
        let possible = possible_by_path(&self.view);
        let mut weights: BTreeMap<OriginNumber, Weight> = BTreeMap::new();
        let mut values = Vec::new();
        for path in paths {
            let possible = possible.get(path).map_or(&[][..], Vec::as_slice);
            let held = self.view.held(*path, possible);
            if held.value.is_none() {
                continue;
            }
            let cited = self.origins.of_events(&self.view.speak_for(*path, &held));
            let base = Outcome { value: held.value.clone(), standing: held.standing };
            let ground = self.ground(*path);
            let mut hinges = self.events(*path, &base, &ground);
            let sources = self.sources(*path, &base, &ground, &cited, &mut weights);
            hinges.extend(sources);
            hinges.extend(self.dates(*path, &base, possible));
            let fact = row::fact(self.timeline, *path, held);
            values.push(HungValue { fact, hinges, unsourced: cited.is_empty() });
        }
        let mut sources: Vec<SourceWeight> = weights
            .into_iter()
            .filter(|(_, weight)| weight.falls + weight.changes > 0)
            .map(|(origin, weight)| SourceWeight { origin: self.origins.origin(origin), weight })
            .collect();
        sources.sort_by(|a, b| b.weight.order().cmp(&a.weight.order()).then(a.origin.name.cmp(&b.origin.name)));
        Hinges { sources, values }
    }

    /// The single events without which a path has another value or standing.
    fn events(&mut self, path: PathNumber, base: &Outcome<'t>, ground: &Ground) -> Vec<Hinge<'t>> {
        let mut tried: BTreeSet<EventNumber> = self.view.supports(path).into_iter().collect();
        tried.extend(&ground.corrections);
        let mut hinges = Vec::new();
        for event in tried {
            let outcome = self.without(path, &[event]);
            if outcome != *base {
                hinges.push(hinge(On::Event(row::event(self.timeline, event)), outcome));
            }
        }
        hinges
    }

    /// The single sources without which a path has another value or standing, else pairs of them.
    fn sources(
        &mut self,
        path: PathNumber,
        base: &Outcome<'t>,
        ground: &Ground,
        cited: &BTreeSet<OriginNumber>,
        weights: &mut BTreeMap<OriginNumber, Weight>,
    ) -> Vec<Hinge<'t>> {
        let mut hinges = Vec::new();
        let alone: BTreeSet<OriginNumber> =
            self.bearing(path, &[], ground).into_iter().filter(|more| more.len() == 1).flatten().collect();
        for origin in alone {
            let outcome = self.without(path, &ground.fall(&[origin]));
            if outcome != *base {
                let weight = weights.entry(origin).or_default();
                if outcome.value.is_none() {
                    weight.falls += 1
                } else {
                    weight.changes += 1
                }
                hinges.push(hinge(On::Source(self.origins.origin(origin)), outcome));
            }
        }
        let does_it = |origin: &OriginNumber| {
            let name = &self.origins.origin(*origin).name;
            hinges.iter().any(|hinge| matches!(&hinge.on, On::Source(other) if other.name == *name))
        };
        for origin in cited.iter().filter(|origin| !does_it(origin)) {
            weights.entry(*origin).or_default().survives += 1;
        }
        if hinges.is_empty() { self.pairs(path, base, ground) } else { hinges }
    }

    /// The pairs of sources without which a path has another value or standing, where no single one does it: what its
    /// value rests on must fall, first with one of them, then with both.
    fn pairs(&mut self, path: PathNumber, base: &Outcome<'t>, ground: &Ground) -> Vec<Hinge<'t>> {
        let mut tried: BTreeSet<Vec<OriginNumber>> = BTreeSet::new();
        let mut hinges = Vec::new();
        let mut open: Vec<Vec<OriginNumber>> = vec![Vec::new()];
        while let Some(with) = open.pop() {
            for more in self.bearing(path, &with, ground) {
                let mut together = [&with[..], &more[..]].concat();
                together.sort_unstable();
                if tried.len() == TRIALS || hinges.len() == PAIRS || !tried.insert(together.clone()) {
                    continue;
                }
                match &together[..] {
                    [a, b] => {
                        let outcome = self.without(path, &ground.fall(&together));
                        if outcome != *base {
                            let both = On::Sources(self.origins.origin(*a), self.origins.origin(*b));
                            hinges.push(hinge(both, outcome));
                        }
                    }
                    _ => open.push(together),
                }
            }
        }
        hinges
    }

    /// The origins, one or two with those given, with which more falls of what a path's value rests on, or of what
    /// makes void another that it could rest on.
    fn bearing(&mut self, path: PathNumber, given: &[OriginNumber], ground: &Ground) -> BTreeSet<Vec<OriginNumber>> {
        let rests_on = self.what_if.without(&ground.fall(given), |view, _| view.supports(path));
        let events = rests_on.iter().chain(&ground.corrections);
        let more = events.map(|event| -> Vec<OriginNumber> {
            self.origins.cited(*event).iter().copied().filter(|origin| !given.contains(origin)).collect()
        });
        more.filter(|more| !more.is_empty() && more.len() + given.len() <= 2).collect()
    }

    fn without(&mut self, path: PathNumber, gone: &[EventNumber]) -> Outcome<'t> {
        self.what_if.without(gone, |view, _| view.outcome(path, Suppose::Nothing))
    }

    /// What can bear on a path.
    fn ground(&self, path: PathNumber) -> Ground {
        let history = self.timeline.history();
        let mut events: BTreeSet<EventNumber> = history.assertions(path).iter().map(|one| one.event).collect();
        let mut open: Vec<EventNumber> = events.iter().copied().collect();
        let mut corrections = BTreeSet::new();
        while let Some(event) = open.pop() {
            open.extend(history.replaced_by(event).filter(|by| corrections.insert(*by)));
        }
        events.extend(&corrections);
        let mut by_origins: BTreeMap<Vec<OriginNumber>, Vec<EventNumber>> = BTreeMap::new();
        for event in events {
            let cited = self.origins.cited(event);
            if matches!(cited.len(), 1 | 2) {
                by_origins.entry(cited.to_vec()).or_default().push(event);
            }
        }
        corrections.retain(|correction| self.view.stands(*correction));
        Ground { by_origins, corrections: corrections.into_iter().collect() }
    }

    /// The imprecise dates that give a path another value or standing: each outcome once for an event.
    fn dates(&mut self, path: PathNumber, base: &Outcome<'t>, possible: &[Suppose]) -> Vec<Hinge<'t>> {
        let view = self.view.clone();
        let mut tried = view.supports(path);
        tried.extend(possible.iter().filter_map(|suppose| match suppose {
            Suppose::Happened(event) => Some(*event),
            Suppose::Nothing | Suppose::Ended(_) => None,
        }));
        let mut hinges = Vec::new();
        for event in tried {
            let bounds = self.bounds(event);
            let mut seen = vec![base.clone()];
            for moved in view.moved(path, event, bounds, PLACES) {
                if !seen.contains(&moved.outcome) {
                    seen.push(moved.outcome.clone());
                    let before = moved.before.map(|other| row::event(self.timeline, other));
                    hinges.push(hinge(On::Date { event: row::event(self.timeline, event), before }, moved.outcome));
                }
            }
        }
        for suppose in possible {
            let Suppose::Ended(event) = *suppose else { continue };
            let outcome = view.outcome(path, *suppose);
            if outcome != *base {
                hinges.push(hinge(On::End(row::event(self.timeline, event)), outcome));
            }
        }
        hinges
    }

    /// The earliest moment of an event and its causes. The events that reach beyond the beginning of its span and all
    /// the same come before it, by links, or of one latest moment by their order in one file; and the first of those that
    /// come after it by links, though they are dated earlier.
    fn bounds(&mut self, event: EventNumber) -> &Bounds {
        let (history, effects) = (self.timeline.history(), &self.effects);
        self.bounds.entry(event).or_insert_with(|| {
            let (span, file) = (history.start(event), history.file(event));
            let latest = |event: EventNumber| history.start(event).end;
            let causes = linked(event, |at| history.before(at).filter(|cause| latest(*cause) > span.start));
            let begin = |event: EventNumber| history.start(event).start;
            let follow =
                linked(event, |at| effects[at as usize].iter().copied().filter(|next| begin(*next) < span.end));
            let ties = (0..event).rev().take_while(|other| latest(*other) == span.end);
            Bounds {
                start: causes.iter().map(|cause| begin(*cause)).fold(span.start, Ord::max),
                before: follow.first().copied().filter(|next| *next < event),
                after: ties.filter(|other| history.file(*other) == file).chain(causes).collect(),
            }
        })
    }

    /// What falls, changes, comes and stays without a source.
    fn fall(&mut self, origin: OriginNumber, paths: &[PathNumber]) -> Fall<'t> {
        let gone = self.origins.events(&[origin]);
        let Asking { timeline, view, what_if, origins, .. } = self;
        let here = possible_by_path(view);
        what_if.without(&gone, |then, counted| {
            let there = possible_by_path(then);
            let touched: BTreeSet<PathNumber> =
                counted.iter().flat_map(|event| timeline.history().touched(*event)).copied().collect();
            let happened = |event: &EventNumber| view.is_certain(*event) || view.is_possible(*event);
            let left_out = gone.iter().filter(|event| view.counts(**event) && happened(event));
            let mut fall = Fall {
                origin: origins.origin(origin),
                left_out: left_out.map(|event| row::event(timeline, *event)).collect(),
                falls: Vec::new(),
                changes: Vec::new(),
                gains: Vec::new(),
                survives: Vec::new(),
            };
            for path in paths {
                let before = view.held(*path, here.get(path).map_or(&[], Vec::as_slice));
                let after = match touched.contains(path) {
                    true => then.held(*path, there.get(path).map_or(&[], Vec::as_slice)),
                    false => before.clone(),
                };
                let differs = before.value != after.value || before.standing != after.standing;
                match (&before.value, &after.value) {
                    (Some(_), None) => &mut fall.falls,
                    (None, Some(_)) => &mut fall.gains,
                    (Some(_), Some(_)) if differs => &mut fall.changes,
                    (Some(_), _) => {
                        let rests_on = |view: &View<'t>, held| origins.of_events(&view.speak_for(*path, held));
                        if rests_on(view, &before).contains(&origin) {
                            let left = rests_on(then, &after);
                            let others = left.into_iter().filter(|other| *other != origin);
                            let on = others.map(|other| origins.origin(other).name).collect();
                            fall.survives.push(Survivor { fact: row::fact(timeline, *path, after), on });
                        }
                        continue;
                    }
                    (None, None) => continue,
                }
                .push(diff::difference(timeline, *path, (view, before), (then, after)));
            }
            fall
        })
    }
}

fn hinge<'t>(on: On<'t>, outcome: Outcome<'t>) -> Hinge<'t> {
    Hinge { on, value: outcome.value, standing: outcome.standing }
}

/// The events that are reached from one, step by step.
fn linked<I: Iterator<Item = EventNumber>>(
    event: EventNumber,
    next: impl Fn(EventNumber) -> I,
) -> BTreeSet<EventNumber> {
    let mut reached = BTreeSet::new();
    let mut open = vec![event];
    while let Some(at) = open.pop() {
        open.extend(next(at).filter(|event| reached.insert(*event)));
    }
    reached
}

/// For every event those that links put just after it.
fn effects(timeline: &Timeline) -> Vec<Vec<EventNumber>> {
    let mut effects = vec![Vec::new(); timeline.history().len()];
    for event in 0..effects.len() as u32 {
        timeline.history().before(event).for_each(|cause| effects[cause as usize].push(event));
    }
    effects
}
