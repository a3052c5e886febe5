//! What holds of a path on both axes of time: from when to when it held, as it was known from when to when. One path
//! after another is swept along what became known, and along the time of the events from the first that this changes;
//! what stays as it was is not split. Knows nothing of tables or of how dates are written.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Counting, EventNumber, History, PathNumber, Standing, Suppose, View, VoiceNumber};
use crate::model::moment::Moment;
use crate::model::value::Value;

/// What holds of a path, or what one voice claims of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Holding {
    /// Who asserts it; nobody: what holds in the plain viewpoint.
    pub voice: Option<VoiceNumber>,
    /// What would have to have happened; [`Suppose::Nothing`]: it holds for certain.
    pub suppose: Suppose,
    /// The definite value; nothing where it is disputed, or where what is supposed would take it away.
    pub value: Option<Value>,
    /// How it stands.
    pub standing: Standing,
    /// The event that last gave or changed it.
    pub event: Option<EventNumber>,
    /// The first event of the unbroken run with this value and standing.
    pub since: Option<EventNumber>,
}

/// What holds, from when to when, as known from when to when; each half-open, an end that is missing never comes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rectangle {
    /// What holds.
    pub holding: Holding,
    /// The first moment at which it holds.
    pub valid_from: Moment,
    /// The first moment at which it no longer holds.
    pub valid_to: Option<Moment>,
    /// The first moment of knowledge in which it holds; [`Moment::FUTURE`]: only where nothing is said of knowledge.
    pub known_from: Moment,
    /// The first moment of knowledge in which it no longer does.
    pub known_to: Option<Moment>,
}

/// A holding with the moment from which it holds.
type From = (Moment, Holding);

/// The stretches of a path as known at some moment, by the moment at which they end, each with the moment of knowledge
/// from which it is so.
type Stretches = BTreeMap<Moment, BTreeMap<From, Moment>>;

/// The events that change a path, in replay order.
struct Events {
    all: Vec<EventNumber>,
    /// Those that hold something `during`: few, and looked at again and again.
    during: Vec<EventNumber>,
}

impl Events {
    fn of(history: &History, path: PathNumber) -> Events {
        let in_order = |mut events: Vec<EventNumber>| {
            events.sort_unstable();
            events.dedup();
            events
        };
        let assertions = || history.assertions(path).iter();
        let during = assertions().filter(|assertion| assertion.is_during()).map(|assertion| assertion.event);
        Events {
            all: in_order(assertions().map(|assertion| assertion.event).collect()),
            during: in_order(during.collect()),
        }
    }
}

/// Goes through the paths of a history, one after another.
#[derive(Debug)]
pub struct Facts<'h> {
    /// In which nothing counts between two paths.
    view: View<'h>,
    lives: FxHashMap<EventNumber, Vec<Moment>>,
}

impl History {
    /// What holds of paths on both axes of time.
    pub fn facts(&self) -> Facts<'_> {
        let counts = Some(vec![false; self.len()]);
        let nothing = Counting { counts, is_chosen: true, ..Counting::default() };
        Facts { view: self.view(Moment::PAST, nothing, None), lives: self.lives() }
    }

    /// Of every event that another replaces its life: the moments of knowledge from which it counts, ceases to count,
    /// counts again and so on.
    fn lives(&self) -> FxHashMap<EventNumber, Vec<Moment>> {
        let mut lives: FxHashMap<EventNumber, Vec<Moment>> = FxHashMap::default();
        for event in self.corrections_first() {
            // That it is not known stands against it first, then every correction that counts.
            let mut steps = vec![(self.when(event).known, -1)];
            for by in self.replaced_by(event) {
                steps.extend(self.life(by, &lives).into_iter().zip([1, -1].into_iter().cycle()));
            }
            if steps.len() > 1 {
                lives.insert(event, free_of(1, steps));
            }
        }
        lives
    }

    fn life(&self, event: EventNumber, lives: &FxHashMap<EventNumber, Vec<Moment>>) -> Vec<Moment> {
        lives.get(&event).cloned().unwrap_or_else(|| vec![self.when(event).known])
    }

    /// The moments at which what an event holds of a path can change: it may have begun, it has, what it holds may have
    /// ended, it has.
    fn turns(&self, event: EventNumber, is_during: bool) -> impl Iterator<Item = Moment> {
        let when = self.when(event);
        let after = |moment: Moment| if moment == Moment::FUTURE { moment } else { moment.next() };
        let ending = when.ending.filter(|_| is_during);
        let end = ending.map(|end| if end.just_after { after(end.by) } else { end.by });
        let turns = [Some(after(when.start.start)), Some(when.start.end), ending.map(|end| after(end.from)), end];
        turns.into_iter().flatten().filter(|turn| *turn != Moment::FUTURE)
    }
}

/// The moments at which a sum that begins so high and takes these steps comes to nothing, and ceases to, in turn.
fn free_of(mut sum: i32, mut steps: Vec<(Moment, i32)>) -> Vec<Moment> {
    steps.sort_unstable();
    let mut moments = Vec::new();
    for step in steps.chunk_by(|a, b| a.0 == b.0) {
        let before = sum == 0;
        sum += step.iter().map(|(_, by)| by).sum::<i32>();
        if before != (sum == 0) {
            moments.push(step[0].0);
        }
    }
    moments
}

impl Facts<'_> {
    /// Everything that ever holds of a path, by when it holds and when it was known.
    pub fn of(&mut self, path: PathNumber) -> Vec<Rectangle> {
        let history = self.view.history;
        let events = Events::of(history, path);
        let mut steps: BTreeMap<Moment, Vec<EventNumber>> = BTreeMap::new();
        for event in &events.all {
            for moment in history.life(*event, &self.lives) {
                steps.entry(moment).or_default().push(*event);
            }
        }
        let mut turns: BTreeSet<(Moment, EventNumber)> = BTreeSet::new();
        let mut stretches = Stretches::new();
        let mut rectangles = Vec::new();
        for (known, toggled) in steps {
            let mut first = Moment::FUTURE;
            for event in toggled {
                let counts = self.toggle(event);
                for turn in history.turns(event, events.during.binary_search(&event).is_ok()) {
                    first = first.min(turn);
                    if counts {
                        turns.insert((turn, event))
                    } else {
                        turns.remove(&(turn, event))
                    };
                }
            }
            let before = stretches.split_off(&first);
            let after = self.sweep(path, &events, &turns, first, &before);
            for (to, (from, known_from)) in each(before) {
                match after.get(&to).is_some_and(|same| same.contains(&from)) {
                    true => _ = stretches.entry(to).or_default().insert(from, known_from),
                    false => rectangles.push(rectangle(to, from, known_from, Some(known))),
                }
            }
            for (to, from) in each(after) {
                stretches.entry(to).or_default().entry(from).or_insert(known);
            }
        }
        rectangles.extend(each(stretches).map(|(to, (from, known_from))| rectangle(to, from, known_from, None)));
        for event in events.all {
            if self.view.counts(event) {
                self.toggle(event);
            }
        }
        rectangles.sort_by_key(|one| (one.valid_from, one.known_from, one.holding.voice, one.holding.suppose));
        rectangles
    }

    /// Lets an event count that did not, or the other way round; says whether it counts now.
    fn toggle(&mut self, event: EventNumber) -> bool {
        let counts = Rc::make_mut(&mut self.view.counting).counts.as_mut().map(|counts| &mut counts[event as usize]);
        counts.is_some_and(|counts| {
            *counts = !*counts;
            *counts
        })
    }

    /// The stretches that end at a moment or later, by what counts now, where those before this were `before`.
    fn sweep(
        &mut self,
        path: PathNumber,
        events: &Events,
        turns: &BTreeSet<(Moment, EventNumber)>,
        first: Moment,
        before: &Stretches,
    ) -> BTreeMap<Moment, BTreeSet<From>> {
        let reaches = before.values().flat_map(BTreeMap::keys).filter(|(from, _)| *from < first);
        let mut open: BTreeMap<Holding, Moment> = reaches.map(|(from, holding)| (holding.clone(), *from)).collect();
        let mut after: BTreeMap<Moment, BTreeSet<From>> = BTreeMap::new();
        let mut moments: Vec<Moment> = turns.range((first, 0)..).map(|(turn, _)| *turn).collect();
        moments.insert(0, first);
        moments.dedup();
        for moment in moments.into_iter().filter(|moment| *moment != Moment::FUTURE) {
            let now = self.holdings(path, events, moment);
            let ended = after.entry(moment).or_default();
            open.retain(|holding, from| now.contains(holding) || !ended.insert((*from, holding.clone())));
            for holding in now {
                open.entry(holding).or_insert(moment);
            }
        }
        after.entry(Moment::FUTURE).or_default().extend(open.into_iter().map(|(holding, from)| (from, holding)));
        after
    }

    /// What holds at a moment, in the plain viewpoint and as each voice has it, and what would if one thing that is only
    /// possible had happened.
    fn holdings(&mut self, path: PathNumber, events: &Events, moment: Moment) -> BTreeSet<Holding> {
        self.view.moment = moment;
        self.view.certain = self.view.history.certain_at(moment);
        let view = &self.view;
        let certain = voiced(view, path, Suppose::Nothing);
        let mut holdings: BTreeSet<Holding> = BTreeSet::new();
        for suppose in view.possible_among(events) {
            let by = match suppose {
                Suppose::Happened(event) | Suppose::Ended(event) => Some(event),
                Suppose::Nothing => None,
            };
            let would = voiced(view, path, suppose);
            let core = |holding: &Holding| (holding.voice, holding.value.clone(), holding.standing);
            for holding in would.iter().filter(|would| !certain.iter().any(|one| core(one) == core(would))) {
                holdings.insert(Holding { event: by, since: by, ..holding.clone() });
            }
            for gone in certain.iter().filter(|one| !would.iter().any(|would| would.voice == one.voice)) {
                let (value, standing) = (None, Standing::None);
                holdings.insert(Holding { suppose, value, standing, event: by, since: by, voice: gone.voice });
            }
        }
        holdings.extend(certain);
        holdings
    }
}

/// What holds of a path if something is supposed, in the plain viewpoint and as each voice has it; whoever has nothing
/// to say is left out.
fn voiced(view: &View<'_>, path: PathNumber, suppose: Suppose) -> Vec<Holding> {
    let held = view.judged(path, suppose, true);
    let plain = Holding {
        voice: None,
        suppose,
        value: held.value.map(|value| value.into_owned()),
        standing: held.standing,
        event: held.event,
        since: held.since,
    };
    let claims = view.claims(path, suppose).into_iter().map(|claim| Holding {
        voice: Some(claim.voice),
        suppose,
        value: Some(claim.value),
        standing: Standing::Claimed,
        event: Some(claim.event),
        since: view.claim_run(path, suppose, claim.voice),
    });
    Some(plain).into_iter().filter(|plain| plain.standing != Standing::None).chain(claims).collect()
}

impl View<'_> {
    /// What of some events is possible: that they happened, or that what they hold has ended.
    fn possible_among(&self, events: &Events) -> Vec<Suppose> {
        let before = |events: &[EventNumber], number| events.partition_point(|event| *event < number);
        let (from, to) = (before(&events.all, self.certain), before(&events.all, self.reach_of_possible()));
        let begun = events.all[from..to.max(from)].iter().copied();
        let ends = events.during[..before(&events.during, self.certain)].iter().copied();
        let may_have_ended = |event: &EventNumber| {
            let ending = self.history.when(*event).ending;
            self.counts(*event) && ending.is_some_and(|end| end.is_possible(self.moment))
        };
        let begun = begun.filter(|event| self.is_possible(*event)).map(Suppose::Happened);
        begun.chain(ends.filter(may_have_ended).map(Suppose::Ended)).collect()
    }
}

/// All that some stretches hold, in order.
fn each<T: IntoIterator>(stretches: BTreeMap<Moment, T>) -> impl Iterator<Item = (Moment, T::Item)> {
    stretches.into_iter().flat_map(|(to, all)| all.into_iter().map(move |one| (to, one)))
}

fn rectangle(to: Moment, (valid_from, holding): From, known_from: Moment, known_to: Option<Moment>) -> Rectangle {
    let valid_to = Some(to).filter(|to| *to != Moment::FUTURE);
    Rectangle { holding, valid_from, valid_to, known_from, known_to }
}
