//! The value of a path in a viewpoint, exactly as 2-replay, *The value of a path*, says. Knows nothing of how it is
//! asked for or shown.

use std::borrow::Cow;

use super::record::{Record, Running, apply};
use super::{Assertion, EventNumber, History, PathNumber, Suppose, View, VoiceNumber};
use crate::model::event::Does;
use crate::model::value::Value;

/// How a value stands in a viewpoint (2-replay, The value of a path).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Standing {
    /// The record says so.
    Record,
    /// Only claimed, and by nobody otherwise; or claimed by the voice asked for.
    Claimed,
    /// The record does not say, and the voices disagree.
    Disputed,
    /// No definite value.
    None,
}

impl Standing {
    /// `record`, `claimed`, `disputed`, `none`.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Record => "record",
            Standing::Claimed => "claimed",
            Standing::Disputed => "disputed",
            Standing::None => "none",
        }
    }

    /// How stands what voices claim where the record is silent (2-replay, The value of a path, 3 and 4).
    pub(super) fn of_claims<'v>(mut values: impl Iterator<Item = &'v Value>) -> Standing {
        match values.next() {
            None => Standing::None,
            Some(first) if values.all(|value| value == first) => Standing::Claimed,
            Some(_) => Standing::Disputed,
        }
    }
}

/// What holds of a path.
#[derive(Clone, PartialEq, Debug)]
pub struct Held<'h> {
    /// The definite value.
    pub value: Option<Cow<'h, Value>>,
    /// How it stands.
    pub standing: Standing,
    /// The first event of the unbroken run with this value and standing.
    pub since: Option<EventNumber>,
    /// The event that last gave or changed it.
    pub event: Option<EventNumber>,
    /// The voices that claim it, where it is only claimed, in order of names.
    pub claimed_by: Vec<VoiceNumber>,
    /// Whether the record has spoken later than the voice that comes first.
    pub record_moved_on: bool,
    /// The other values: the certain ones in replay order, then the possible ones.
    pub others: Vec<Other<'h>>,
}

impl Held<'_> {
    /// Whether there is anything to say of the path.
    pub fn is_something(&self) -> bool {
        self.value.is_some() || !self.others.is_empty()
    }

    /// Whether value, standing and alternatives are the same: what `diff` compares.
    pub fn is_same(&self, other: &Held<'_>) -> bool {
        self.value == other.value
            && self.standing == other.standing
            && self.others.len() == other.others.len()
            && self.others.iter().all(|one| one.times_in(self) == one.times_in(other))
    }
}

/// Another value of a path.
#[derive(Clone, PartialEq, Debug)]
pub struct Other<'h> {
    /// The value; nothing where the path would have none.
    pub value: Option<Cow<'h, Value>>,
    /// How it stands, or would.
    pub standing: Standing,
    /// What would have to have happened; [`Suppose::Nothing`]: it stands for certain.
    pub suppose: Suppose,
    /// The voices that claim it, in order of names.
    pub claimed_by: Vec<VoiceNumber>,
    /// Since when; of a possible one its own event.
    pub since: Option<EventNumber>,
    /// By which event.
    pub event: Option<EventNumber>,
}

impl Other<'_> {
    /// How often the same stands among a path's alternatives: two possible events may lead to one value.
    fn times_in(&self, held: &Held<'_>) -> usize {
        held.others.iter().filter(|other| other.is_same(self)).count()
    }

    /// Whether value, standing and who claims it are the same.
    pub fn is_same(&self, other: &Other<'_>) -> bool {
        self.value == other.value
            && self.standing == other.standing
            && (self.suppose == Suppose::Nothing) == (other.suppose == Suppose::Nothing)
            && self.claimed_by == other.claimed_by
    }
}

/// The latest claim in force of one voice.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub(super) voice: VoiceNumber,
    pub(super) value: Value,
    pub(super) event: EventNumber,
}

impl<'h> View<'h> {
    /// What holds of a path; `possible` are what of [`View::possible`] touches it.
    pub fn held(&self, path: PathNumber, possible: &[Suppose]) -> Held<'h> {
        self.with_possible(self.judged(path, Suppose::Nothing, true), path, possible)
    }

    /// The same, without since when and by which event the definite value holds, which is half of the work.
    pub fn held_now(&self, path: PathNumber, possible: &[Suppose]) -> Held<'h> {
        // What the record says beside a voice that comes first is an alternative, which has a date.
        let dated = self.voice.is_some();
        let held = self.with_possible(self.judged(path, Suppose::Nothing, dated), path, possible);
        Held { since: None, event: None, ..held }
    }

    fn with_possible(&self, mut held: Held<'h>, path: PathNumber, possible: &[Suppose]) -> Held<'h> {
        let mut others: Vec<Other<'h>> = Vec::new();
        for suppose in possible {
            self.add_possible(&held, path, *suppose, &mut others);
        }
        held.others.extend(others);
        held
    }

    /// The value that the record certainly gives a path, and what each voice claims of it, in order of names.
    pub fn record_and_claims(&self, path: PathNumber) -> (Option<Value>, Vec<(VoiceNumber, Value)>) {
        let record = self.record(path, Suppose::Nothing, false).and_then(|record| record.value);
        let claims = self.claims(path, Suppose::Nothing);
        (record, claims.into_iter().map(|claim| (claim.voice, claim.value)).collect())
    }

    /// Adds what one possible event or end would change, taken alone.
    fn add_possible(&self, held: &Held<'h>, path: PathNumber, suppose: Suppose, others: &mut Vec<Other<'h>>) {
        let would = self.judged(path, suppose, false);
        let by = match suppose {
            Suppose::Happened(event) | Suppose::Ended(event) => Some(event),
            Suppose::Nothing => None,
        };
        if would.value != held.value || would.standing != held.standing {
            let Held { value, standing, claimed_by, .. } = would;
            others.push(Other { value, standing, suppose, claimed_by, since: by, event: by });
            return;
        }
        let stands = |other: &Other<'h>, voice: Option<&VoiceNumber>| {
            let same = |one: &&Other<'h>| one.value == other.value && one.standing == other.standing;
            let mut alike = held.others.iter().filter(same);
            alike.any(|one| voice.is_none_or(|voice| one.claimed_by.contains(voice)))
        };
        for other in would.others {
            let stands = match other.standing {
                Standing::Record => stands(&other, None),
                _ => other.claimed_by.iter().all(|voice| stands(&other, Some(voice))),
            };
            if !stands {
                others.push(Other { suppose, since: by, event: by, ..other });
            }
        }
    }

    /// What holds of a path with one supposition and nothing else that is only possible; the definite value with since
    /// when it holds only if it is `dated`.
    pub(super) fn judged(&self, path: PathNumber, suppose: Suppose, dated: bool) -> Held<'h> {
        let record = self.record(path, suppose, dated);
        let claims = self.claims(path, suppose);
        let mut held = self.judge(record.as_ref(), &claims);
        if dated && held.standing == Standing::Claimed {
            held.since = self.claimed_since(path, suppose, &held);
        }
        for other in held.others.iter_mut().filter(|other| other.standing == Standing::Claimed) {
            let runs = other.claimed_by.iter().filter_map(|voice| self.claim_run(path, suppose, *voice));
            other.since = runs.min();
        }
        held
    }

    /// The four rules, on what the record and each voice say. `since` of a claimed value is left to be found.
    pub(super) fn judge(&self, record: Option<&Record>, claims: &[Claim]) -> Held<'h> {
        let nothing = || Held {
            value: None,
            standing: Standing::None,
            since: None,
            event: None,
            claimed_by: Vec::new(),
            record_moved_on: false,
            others: Vec::new(),
        };
        if let Some(claim) = self.first_voice(claims) {
            let mut others = others_than(Some(&claim.value), claims);
            if let Some(said) = record.filter(|said| said.value.as_ref().is_some_and(|value| *value != claim.value)) {
                others.push(Other {
                    value: said.value.clone().map(Cow::Owned),
                    standing: Standing::Record,
                    suppose: Suppose::Nothing,
                    claimed_by: Vec::new(),
                    since: Some(said.since),
                    event: Some(said.event),
                });
                others.sort_by_key(|other| other.event);
            }
            return Held {
                value: Some(Cow::Owned(claim.value)),
                standing: Standing::Claimed,
                event: Some(claim.event),
                claimed_by: vec![claim.voice],
                record_moved_on: record.is_some_and(|said| said.latest > claim.event),
                others,
                ..nothing()
            };
        }
        if let Some(said) = record {
            return Held {
                value: said.value.clone().map(Cow::Owned),
                standing: if said.value.is_some() { Standing::Record } else { Standing::None },
                since: Some(said.since),
                event: Some(said.event),
                others: others_than(said.value.as_ref(), claims),
                ..nothing()
            };
        }
        match Standing::of_claims(claims.iter().map(|claim| &claim.value)) {
            standing @ Standing::Claimed => Held {
                value: claims.first().map(|first| Cow::Owned(first.value.clone())),
                standing,
                event: claims.iter().map(|claim| claim.event).max(),
                claimed_by: claims.iter().map(|claim| claim.voice).collect(),
                ..nothing()
            },
            standing => Held { standing, others: others_than(None, claims), ..nothing() },
        }
    }

    /// The claim that comes first: the latest of the voice asked for and of its parts, else that of the voice it is
    /// part of alone, and so on upwards.
    fn first_voice(&self, claims: &[Claim]) -> Option<Claim> {
        let asked = self.voice?;
        let in_family = |voice: VoiceNumber| self.history.is_part(voice, asked);
        let family = claims.iter().filter(|claim| in_family(claim.voice));
        // Of one event the voice itself speaks first, then its parts by name; `claims` stand in order of names.
        let latest = family.max_by_key(|claim| (claim.event, claim.voice == asked, std::cmp::Reverse(claim.voice)));
        latest.cloned().or_else(|| {
            let mut above = self.history.above(asked).skip(1);
            above.find_map(|voice| claims.iter().find(|claim| claim.voice == voice).cloned())
        })
    }

    /// The latest claims in force, one a voice, in order of names; a voice whose latest is an `unset` claims nothing.
    pub(super) fn claims(&self, path: PathNumber, suppose: Suppose) -> Vec<Claim> {
        let list = self.history.claims_of(path);
        let mut heard: Vec<VoiceNumber> = Vec::new();
        let mut claims = Vec::new();
        for assertion in list[..self.reach(list, suppose)].iter().rev() {
            let Some(voice) = assertion.voice().filter(|voice| !heard.contains(voice)) else { continue };
            if !self.in_force(*assertion, suppose) {
                continue;
            }
            heard.push(voice);
            if let Does::Set(value) = self.history.does(*assertion) {
                claims.push(Claim { voice, value, event: assertion.event });
            }
        }
        claims.sort_by_key(|claim| claim.voice);
        claims
    }

    /// The first event of the run of a voice's claims with its present value.
    pub(super) fn claim_run(&self, path: PathNumber, suppose: Suppose, voice: VoiceNumber) -> Option<EventNumber> {
        let list = self.history.claims_of(path);
        let mut since = None;
        let mut running = None;
        let spoken = list[..self.reach(list, suppose)].iter().filter(|assertion| assertion.voice() == Some(voice));
        for assertion in spoken.filter(|assertion| self.in_force(**assertion, suppose)) {
            if apply(&mut running, assertion.event, self.history.does(*assertion)) || since.is_none() {
                since = Some(assertion.event);
            }
        }
        since
    }

    /// The first event of the unbroken run with a claimed value and its standing: all assertions in force are heard
    /// again in order, and after each event the rules are asked.
    fn claimed_since(&self, path: PathNumber, suppose: Suppose, held: &Held<'h>) -> Option<EventNumber> {
        let mut heard: Vec<Assertion> =
            self.history.assertions(path).iter().copied().filter(|a| self.in_force(*a, suppose)).collect();
        heard.sort_by_key(|assertion| (assertion.event, assertion.rank()));
        let mut record: Option<Running> = None;
        let mut claims: Vec<Claim> = Vec::new();
        let mut since = None;
        for group in heard.chunk_by(|a, b| a.event == b.event) {
            for assertion in group {
                let does = self.history.does(*assertion);
                let Some(voice) = assertion.voice() else {
                    apply(&mut record, assertion.event, does);
                    continue;
                };
                claims.retain(|claim| claim.voice != voice);
                if let Does::Set(value) = does {
                    claims.push(Claim { voice, value, event: assertion.event });
                    claims.sort_by_key(|claim| claim.voice);
                }
            }
            let said = record.clone().map(Record::of);
            let then = self.judge(said.as_ref(), &claims);
            let same = then.value == held.value && then.standing == held.standing;
            since = if same { since.or(Some(group[0].event)) } else { None };
        }
        since
    }

    /// The assertions that the value of a path is made of, in replay order: of a text or truth the one that gave it, of
    /// a sum or set every one since the last whole value; of a claimed value the claims; of a dispute every side.
    pub fn contributions(&self, path: PathNumber, held: &Held<'h>) -> Vec<Assertion> {
        if held.standing == Standing::Claimed || held.standing == Standing::Disputed {
            let list = self.history.claims_of(path);
            let claims = self.claims(path, Suppose::Nothing);
            let speaks = |a: &Assertion| {
                claims.iter().any(|claim| Some(claim.voice) == a.voice() && claim.event == a.event)
                    && (held.standing == Standing::Disputed || a.voice().is_some_and(|v| held.claimed_by.contains(&v)))
                    && self.in_force(*a, Suppose::Nothing)
                    && matches!(self.history.does(*a), Does::Set(_))
            };
            return list.iter().copied().filter(speaks).collect();
        }
        let list = self.history.record_of(path);
        let end = self.reach(list, Suppose::Nothing);
        let in_force = |at: &usize| self.in_force(list[*at], Suppose::Nothing);
        let whole = (0..end).rev().filter(in_force).find(|at| list[*at].is_whole());
        (whole.unwrap_or(0)..end).filter(in_force).map(|at| list[at]).collect()
    }
}

impl History {
    /// A voice, the voice it is part of, and so on upwards; a cycle, which is a fault of its own, is walked once.
    pub fn above(&self, voice: VoiceNumber) -> impl Iterator<Item = VoiceNumber> {
        std::iter::successors(Some(voice), |voice| self.part_of(*voice)).take(self.voices.len())
    }

    /// Whether a voice is another or a part of it.
    pub fn is_part(&self, voice: VoiceNumber, whole: VoiceNumber) -> bool {
        self.above(voice).any(|above| above == whole)
    }
}

/// The claims that differ from a value, one alternative a value, in replay order.
fn others_than<'h>(value: Option<&Value>, claims: &[Claim]) -> Vec<Other<'h>> {
    let mut others: Vec<Other<'h>> = Vec::new();
    for claim in claims.iter().filter(|claim| Some(&claim.value) != value) {
        match others.iter_mut().find(|other| other.value.as_deref() == Some(&claim.value)) {
            Some(other) => {
                other.claimed_by.push(claim.voice);
                other.event = other.event.max(Some(claim.event));
            }
            None => others.push(Other {
                value: Some(Cow::Owned(claim.value.clone())),
                standing: Standing::Claimed,
                suppose: Suppose::Nothing,
                claimed_by: vec![claim.voice],
                since: None,
                event: Some(claim.event),
            }),
        }
    }
    others.sort_by_key(|other| other.event);
    others
}
