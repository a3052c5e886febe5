//! What holds of a path on both axes of time: from when to when it held, as it was known from when to when. One path
//! after another is swept along what became known, and along the time of the events from the first that this changes:
//! what was known before and what is known now go side by side, and where they part a stretch of the former is over.
//! What nothing that becomes known later can change is handed over and forgotten, so that of a path no more is kept than
//! what is still in the making, and no value but those of one moment. Knows nothing of tables or of how dates are
//! written.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::cursor::{Cursor, Holdings, Line, Turns};
use super::said::Holding;
use super::{EventNumber, History, PathNumber};
use crate::model::moment::Moment;

/// What holds, from when to when, as known from when to when; each half-open, an end that is missing never comes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rectangle {
    /// In whose words, and on what supposition.
    pub line: Line,
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

/// What holds from some moment on.
#[derive(Clone, PartialEq)]
struct Stretch {
    from: Moment,
    holding: Holding,
}

/// Goes through the paths of a history, one after another.
#[derive(Debug)]
pub struct Facts<'h> {
    history: &'h History,
    lives: FxHashMap<EventNumber, Vec<Moment>>,
}

impl History {
    /// What holds of paths on both axes of time.
    pub fn facts(&self) -> Facts<'_> {
        Facts { history: self, lives: self.lives() }
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
    /// Hands over everything that ever holds of a path, as soon as nothing can change it. Errors: those of `take`.
    pub fn of<E>(&self, path: PathNumber, take: impl FnMut(Rectangle) -> Result<(), E>) -> Result<(), E> {
        let steps = self.steps(path);
        let mut sweep = Sweep::new(self.history, path, take);
        // From where on the steps that are left can change anything.
        let mut reaches = vec![Moment::FUTURE; steps.len() + 1];
        for (at, (_, event)) in steps.iter().enumerate().rev() {
            reaches[at] = reaches[at + 1].min(sweep.first_turn(*event));
        }
        let mut done = 0;
        for step in steps.chunk_by(|a, b| a.0 == b.0) {
            done += step.len();
            let toggled: Vec<EventNumber> = step.iter().map(|(_, event)| *event).collect();
            sweep.step(step[0].0, &toggled)?;
            sweep.settle(reaches[done])?;
        }
        sweep.end()
    }

    /// What becomes known of a path, or ceases to count, in the order in which that comes.
    fn steps(&self, path: PathNumber) -> Vec<(Moment, EventNumber)> {
        let mut events: Vec<EventNumber> = self.history.assertions(path).iter().map(|one| one.event).collect();
        events.sort_unstable();
        events.dedup();
        let life = |event| self.history.life(event, &self.lives).into_iter().map(move |moment| (moment, event));
        let mut steps: Vec<(Moment, EventNumber)> = events.into_iter().flat_map(life).collect();
        steps.sort_unstable();
        steps
    }
}

/// The sweep over one path.
struct Sweep<'h, T> {
    /// The turns of the events that count, or did before the step, as far as they are not settled.
    turns: Turns,
    /// As known before a step, and as known after it.
    before: Cursor<'h>,
    after: Cursor<'h>,
    /// Where nothing changes any more, and what holds there.
    settled: Cursor<'h>,
    open: BTreeMap<Line, Stretch>,
    /// From when on each stretch that is not settled is known, by its line and its beginning.
    known: BTreeMap<(Line, Moment), Moment>,
    take: T,
}

impl<'h, E, T: FnMut(Rectangle) -> Result<(), E>> Sweep<'h, T> {
    fn new(history: &'h History, path: PathNumber, take: T) -> Sweep<'h, T> {
        let assertions = history.assertions(path).iter();
        let during: BTreeSet<EventNumber> = assertions.filter(|one| one.is_during()).map(|one| one.event).collect();
        let during: Rc<[EventNumber]> = during.into_iter().collect();
        let cursor = || Cursor::new(history, path, Rc::clone(&during));
        Sweep {
            turns: Turns::new(),
            before: cursor(),
            after: cursor(),
            settled: cursor(),
            open: BTreeMap::new(),
            known: BTreeMap::new(),
            take,
        }
    }

    /// The first moment at which an event changes anything.
    fn first_turn(&self, event: EventNumber) -> Moment {
        self.after.turning(event).all().min().unwrap_or(Moment::FUTURE)
    }

    /// From one moment of knowledge on, some events are known or cease to count.
    fn step(&mut self, known: Moment, toggled: &[EventNumber]) -> Result<(), E> {
        let all = |event: &EventNumber| self.after.turning(*event).all().map(|turn| (turn, *event)).collect::<Vec<_>>();
        let turns: Turns = toggled.iter().flat_map(all).collect();
        let (Some((first, _)), Some((last, _))) = (turns.first(), turns.last()) else { return Ok(()) };
        self.before.seek(&self.turns, *first);
        self.after.seek(&self.turns, *first);
        let mut old = self.reaching(*first);
        let mut new = old.clone();
        let mut begun = Vec::new();
        toggled.iter().for_each(|event| self.after.toggle(*event));
        toggled.iter().for_each(|event| self.settled.toggle(*event));
        self.turns.extend(&turns);
        let mut from = *first;
        while let Some((turn, _)) = self.turns.range((from, 0)..).next() {
            let turn = *turn;
            from = turn.next();
            self.before.seek(&self.turns, from);
            self.after.seek(&self.turns, from);
            let now = [self.before.holdings(), self.after.holdings()];
            self.part([&mut old, &mut new], now, (turn, known), &mut begun)?;
            if turn >= *last && old == new && self.before.is_like(&self.after) {
                (old, new) = (BTreeMap::new(), BTreeMap::new());
                break;
            }
        }
        self.part([&mut old, &mut new], [Holdings::new(), Holdings::new()], (Moment::FUTURE, known), &mut begun)?;
        self.known.extend(begun.into_iter().map(|begun| (begun, known)));
        // Seen from before all of this, what is known now is what was known before.
        self.before.seek(&self.turns, *first);
        toggled.iter().for_each(|event| self.before.toggle(*event));
        for turn in turns.iter().filter(|(_, event)| !self.after.counting.contains(event)) {
            self.turns.remove(turn);
        }
        Ok(())
    }

    /// The stretches that reach over a moment, as known before a step.
    fn reaching(&mut self, moment: Moment) -> BTreeMap<Line, Stretch> {
        let begun = |line| self.known.range((line, Moment::PAST)..(line, moment)).next_back();
        let stretch = |(line, holding)| {
            let ((_, from), _) = begun(line).expect("a stretch is noted when it comes to be known");
            (line, Stretch { from: *from, holding })
        };
        self.before.holdings().into_iter().map(stretch).collect()
    }

    /// Ends the stretches that end at a moment, as known before a step and as known after it, and begins others. One that
    /// is only in the former is known no longer; one that is only in the latter is noted among those that have `begun`.
    fn part(
        &mut self,
        [old, new]: [&mut BTreeMap<Line, Stretch>; 2],
        [was, is]: [Holdings; 2],
        (moment, known): (Moment, Moment),
        begun: &mut Vec<(Line, Moment)>,
    ) -> Result<(), E> {
        let mut over = ended(new, &is);
        for (line, stretch) in ended(old, &was) {
            if over.get(&line) == Some(&stretch) {
                over.remove(&line);
            } else {
                self.hand_over(line, stretch, moment, Some(known))?;
            }
        }
        begun.extend(over.into_iter().map(|(line, stretch)| (line, stretch.from)));
        begin(old, was, moment);
        begin(new, is, moment);
        Ok(())
    }

    /// Hands over what is over before a moment, where nothing before that can change any more, and forgets it.
    fn settle(&mut self, limit: Moment) -> Result<(), E> {
        while let Some((turn, _)) = self.turns.range((self.settled.until, 0)..(limit, 0)).next() {
            let turn = *turn;
            self.settled.seek(&self.turns, turn.next());
            let now = self.settled.holdings();
            for (line, stretch) in ended(&mut self.open, &now) {
                self.hand_over(line, stretch, turn, None)?;
            }
            begin(&mut self.open, now, turn);
        }
        if self.turns.first().is_none_or(|(turn, _)| *turn >= limit) {
            return Ok(());
        }
        // What is over for one that is further on may come back to it.
        for cursor in [&mut self.before, &mut self.after, &mut self.settled] {
            cursor.seek(&self.turns, limit);
        }
        let later = self.turns.split_off(&(limit, 0));
        let over = std::mem::replace(&mut self.turns, later);
        for cursor in [&mut self.before, &mut self.after, &mut self.settled] {
            cursor.forget(&over, limit);
        }
        Ok(())
    }

    /// Hands over what never ends.
    fn end(&mut self) -> Result<(), E> {
        for (line, stretch) in std::mem::take(&mut self.open) {
            self.hand_over(line, stretch, Moment::FUTURE, None)?;
        }
        Ok(())
    }

    fn hand_over(&mut self, line: Line, stretch: Stretch, to: Moment, known_to: Option<Moment>) -> Result<(), E> {
        let Stretch { from: valid_from, holding } = stretch;
        let known_from = self.known.remove(&(line, valid_from)).expect("a stretch is noted when it comes to be known");
        let valid_to = Some(to).filter(|to| *to != Moment::FUTURE);
        (self.take)(Rectangle { line, holding, valid_from, valid_to, known_from, known_to })
    }
}

/// Takes out the stretches that what holds now does not go on with.
fn ended(open: &mut BTreeMap<Line, Stretch>, now: &Holdings) -> BTreeMap<Line, Stretch> {
    let goes_on = |line: &Line, stretch: &Stretch| now.get(line) == Some(&stretch.holding);
    let over: Vec<Line> =
        open.iter().filter(|(line, stretch)| !goes_on(line, stretch)).map(|(line, _)| *line).collect();
    over.into_iter().filter_map(|line| open.remove_entry(&line)).collect()
}

/// Begins what holds now and did not before.
fn begin(open: &mut BTreeMap<Line, Stretch>, now: Holdings, from: Moment) {
    for (line, holding) in now {
        open.entry(line).or_insert(Stretch { from, holding });
    }
}
