//! What one speaker says of a path, event after event, and the way back, at the cost of what each changed. Knows nothing
//! of who else speaks.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use super::record::{EXACT, Running, apply};
use super::{EventNumber, Standing};
use crate::model::decimal::Decimal;
use crate::model::event::Does;
use crate::model::value::{Scalar, Value};

/// A value in force: how it stands, which event gave or last changed it, and since which it holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Holding {
    /// The definite value; nothing where it is disputed, or where what is supposed would take it away.
    pub value: Option<Rc<Value>>,
    /// How it stands.
    pub standing: Standing,
    /// The event that last gave or changed it.
    pub event: Option<EventNumber>,
    /// The first event of the unbroken run with this value and standing.
    pub since: Option<EventNumber>,
}

/// What one speaker says.
#[derive(Default)]
pub(super) struct Said {
    pub(super) latest: Latest,
    /// Its value for whoever keeps it: the other one changes in place.
    kept: OnceCell<Rc<Value>>,
}

/// What somebody's assertions in force come to, and the first event of the unbroken run of it.
#[derive(Clone, PartialEq, Default)]
pub(super) struct Latest {
    pub(super) running: Option<Running>,
    run: Option<EventNumber>,
}

/// What takes back what was heard.
pub(super) enum Before {
    All(Latest),
    /// Of members that came to a set or went from it: whether each was there.
    Members {
        were: Vec<(Scalar, bool)>,
        latest: EventNumber,
        run: Option<EventNumber>,
    },
    /// Of a number that became more or less, or of nothing that became a number: by how much.
    Step {
        by: Decimal,
        latest: Option<EventNumber>,
        run: Option<EventNumber>,
    },
}

impl From<Latest> for Said {
    fn from(latest: Latest) -> Said {
        Said { latest, kept: OnceCell::new() }
    }
}

impl Said {
    /// Hears what one event says; gives what takes it back.
    pub(super) fn hear(&mut self, event: EventNumber, does: Vec<Does>) -> Before {
        let before = self.before(&does);
        let Latest { running, run } = &mut self.latest;
        let is_one = does.len() == 1;
        let mut changed = false;
        for does in does {
            changed |= apply(running, event, does);
        }
        if !is_one {
            changed = before.differs(running.as_ref());
        }
        if changed || run.is_none() {
            *run = Some(event);
        }
        self.kept = OnceCell::new();
        before
    }

    /// What takes back what one event does, by as little as that needs.
    fn before(&self, does: &[Does]) -> Before {
        let Latest { ref running, run } = self.latest;
        match running {
            Some(Running { value: Some(Value::Set(set)), event: latest }) => {
                if let Some(members) = Self::members(does) {
                    let were = members.into_iter().map(|member| (member.clone(), set.contains(member))).collect();
                    return Before::Members { were, latest: *latest, run };
                }
            }
            None | Some(Running { value: Some(Value::Scalar(Scalar::Number(_))), .. }) => {
                if let Some(by) = step(does) {
                    return Before::Step { by, latest: self.event(), run };
                }
            }
            _ => {}
        }
        Before::All(self.latest.clone())
    }

    /// The members that come or go, if an event does nothing else.
    fn members(does: &[Does]) -> Option<BTreeSet<&Scalar>> {
        let mut members = BTreeSet::new();
        for one in does {
            match one {
                Does::Add(Value::Set(set)) | Does::Remove(Value::Set(set)) => members.extend(set),
                _ => return None,
            }
        }
        Some(members)
    }

    pub(super) fn take_back(&mut self, before: Before) {
        match before {
            Before::All(latest) => self.latest = latest,
            Before::Step { by, latest, run } => {
                self.step(by.negated());
                self.came_from(latest, run);
            }
            Before::Members { were, latest, run } => {
                if let Some(Running { value: Some(Value::Set(set)), .. }) = &mut self.latest.running {
                    for (member, was_there) in were {
                        match was_there {
                            true => set.insert(member),
                            false => set.remove(&member),
                        };
                    }
                }
                self.came_from(Some(latest), run);
            }
        }
        self.kept = OnceCell::new();
    }

    /// Changes a number.
    pub(super) fn step(&mut self, by: Decimal) {
        if let Some(Running { value: Some(Value::Scalar(Scalar::Number(sum))), .. }) = &mut self.latest.running {
            *sum = sum.plus(by).expect(EXACT);
        }
        self.kept = OnceCell::new();
    }

    /// Says which event spoke last, if any did, and since which it is so.
    pub(super) fn came_from(&mut self, latest: Option<EventNumber>, run: Option<EventNumber>) {
        let running = self.latest.running.take().zip(latest);
        self.latest = Latest { running: running.map(|(running, event)| Running { event, ..running }), run };
    }

    pub(super) fn event(&self) -> Option<EventNumber> {
        self.latest.running.as_ref().map(|running| running.event)
    }

    /// The value, if there is one.
    pub(super) fn kept(&self) -> Option<&Rc<Value>> {
        let value = self.latest.running.as_ref()?.value.as_ref()?;
        Some(self.kept.get_or_init(|| Rc::new(value.clone())))
    }

    pub(super) fn holding(&self, standing: Standing) -> Option<Holding> {
        Some(Holding { value: Some(Rc::clone(self.kept()?)), standing, event: self.event(), since: self.latest.run })
    }
}

impl Before {
    /// Whether the value has become another one.
    fn differs(&self, after: Option<&Running>) -> bool {
        let after = after.map(|running| &running.value);
        match self {
            Before::All(latest) => latest.running.as_ref().map(|running| &running.value) != after,
            Before::Step { by, .. } => *by != Decimal::ZERO,
            Before::Members { were, .. } => match after {
                Some(Some(Value::Set(set))) => were.iter().any(|(member, was)| set.contains(member) != *was),
                _ => true,
            },
        }
    }
}

/// How much an event adds to a number, or takes from it, if it does nothing else; nothing would be no step.
pub(super) fn step(does: &[Does]) -> Option<Decimal> {
    match does {
        [Does::Increase(Value::Scalar(Scalar::Number(by)))] => Some(*by),
        [Does::Decrease(Value::Scalar(Scalar::Number(by)))] => Some(by.negated()),
        _ => None,
    }
    .filter(|by| *by != Decimal::ZERO)
}
