//! The plain fold: what 2-replay says, written down once more as simply as it can be, to judge the engine by.
//! It takes loose events in any order and shares nothing with the engine but the types of the model.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::iter::successors;

use asof::model::event::{Change, Does, Ending, Event, Target};
use asof::model::moment::Moment;
use asof::model::path::Path;
use asof::model::value::{Scalar, Value};

use super::viewpoints::{At, View, is_within};

/// What holds in a viewpoint: the ids of the events that count by how they stand, and every path that has a value or
/// an alternative.
#[derive(Debug)]
pub struct Replayed {
    pub moment: Moment,
    pub counting: Vec<String>,
    pub certain: Vec<String>,
    pub possible: Vec<String>,
    pub facts: BTreeMap<String, Fact>,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Fact {
    pub value: Option<Value>,
    pub standing: &'static str,
    pub since: Option<String>,
    pub event: Option<String>,
    pub claimed_by: Vec<String>,
    pub record_moved_on: bool,
    /// Sorted.
    pub alternatives: Vec<Alternative>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Alternative {
    pub value: Option<Value>,
    pub standing: &'static str,
    pub possible: bool,
    pub claimed_by: Vec<String>,
    pub event: Option<String>,
}

/// The state in a viewpoint; nothing where the moment asked for is an event that does not count.
pub fn replay(loose: &[&Event], view: &View) -> Option<Replayed> {
    let events = in_replay_order(loose);
    let counting: Vec<&Event> = events.iter().copied().filter(|event| counts(event, &events, view)).collect();
    let place = |id: &str| counting.iter().position(|event| event.id == id);
    let (t, happened_at_most) = match &view.at {
        At::Last => (last_moment(&counting), counting.len()),
        At::EndOf(moment) => (*moment, counting.len()),
        At::After(id) => (counting[place(id)?].when.start.end, place(id)? + 1),
        At::Before(id) => (counting[place(id)?].when.start.end, place(id)?),
    };
    let certain: Vec<&Event> =
        counting[..happened_at_most].iter().copied().filter(|event| event.when.start.end <= t).collect();
    let possible: Vec<&Event> =
        counting.iter().copied().filter(|event| event.when.start.start < t && t < event.when.start.end).collect();

    let mut facts = BTreeMap::new();
    for path in named_paths(&events) {
        let assertions: Vec<Assertion> =
            counting.iter().enumerate().flat_map(|(place, event)| assertions(event, place, &path, view)).collect();
        // What would hold if these events, and these ends of what they hold, had happened.
        let suppose = |starts: &[&Event], ended: &dyn Fn(&Event) -> bool| {
            let holds = |a: &Assertion| {
                starts.iter().any(|event| event.id == a.event.id) && !(a.change.during && ended(a.event))
            };
            fact(&assertions.iter().copied().filter(holds).collect::<Vec<_>>(), view)
        };
        let mut base = suppose(&certain, &|event| has_ended(event, t));
        let mut others = Vec::new();
        for event in &possible {
            let starts = [&certain[..], &[*event]].concat();
            others.push((*event, suppose(&starts, &|event| has_ended(event, t))));
        }
        for event in certain.iter().filter(|event| may_have_ended(event, t)) {
            others.push((*event, suppose(&certain, &|other| has_ended(other, t) || other.id == event.id)));
        }
        let beside: Vec<Alternative> =
            others.iter().flat_map(|(event, other)| what_it_adds(&base, other, event)).collect();
        base.alternatives.extend(beside);
        base.alternatives.sort();
        if base.value.is_some() || !base.alternatives.is_empty() {
            facts.insert(path, base);
        }
    }
    let ids = |events: &[&Event]| events.iter().map(|event| event.id.clone()).collect();
    Some(Replayed { moment: t, counting: ids(&counting), certain: ids(&certain), possible: ids(&possible), facts })
}

/// By latest moment; among equals again and again the first by file and place whose causes among them have all come.
pub fn in_replay_order<'e>(loose: &[&'e Event]) -> Vec<&'e Event> {
    let mut waiting = loose.to_vec();
    waiting.sort_by_key(|event| (event.when.start.end, event.place.file, event.place.start));
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let waits_for = |event: &Event, other: &Event| {
            other.when.start.end == event.when.start.end
                && event.because.iter().chain(&event.after).any(|id| id.value == other.id)
        };
        let next = waiting.iter().position(|event| !waiting.iter().any(|other| waits_for(event, other)));
        ordered.push(waiting.remove(next.expect("causes do not go in a circle")));
    }
    ordered
}

/// What counts: what is wanted (or added by `--with`), is known, and is not void.
fn counts(event: &Event, events: &[&Event], view: &View) -> bool {
    (view.is_added(event) || (view.wanted)(event)) && is_known(event, view) && !is_void(event, events, view)
}

fn is_known(event: &Event, view: &View) -> bool {
    view.known_by.is_none_or(|by| event.when.known <= by)
}

/// Whether one that is known, is not left out and is not void itself replaces it, wanted by `only` or not.
fn is_void(event: &Event, events: &[&Event], view: &View) -> bool {
    let replaces = |other: &Event| other.replaces.iter().any(|id| id.value == event.id);
    let stays = |other: &Event| view.is_added(other) || !(view.left_out)(other);
    events.iter().any(|r| replaces(r) && is_known(r, view) && stays(r) && !is_void(r, events, view))
}

/// Just after the last event: the latest finite moment of their (starting) dates.
fn last_moment(counting: &[&Event]) -> Moment {
    let ends = |event: &&Event| [event.when.start.end, event.when.start.start].into_iter().find(|m| m.is_finite());
    counting.iter().filter_map(ends).max().unwrap_or(Moment::PAST)
}

/// Whether what an event holds `during` has ended for certain. The end of an interval is itself part of it.
fn has_ended(event: &Event, t: Moment) -> bool {
    event.when.ending.is_some_and(|Ending { by, just_after, .. }| by < t || (by == t && !just_after && by.is_finite()))
}

fn may_have_ended(event: &Event, t: Moment) -> bool {
    event.when.ending.is_some_and(|Ending { from, by, .. }| from < t && from < by) && !has_ended(event, t)
}

/// Every path that any event names exactly, whether it counts or not.
fn named_paths(events: &[&Event]) -> BTreeSet<String> {
    let name = |change: &Change| match &change.target.value {
        Target::Path(path) => Some(path.as_str().to_owned()),
        Target::Pattern(_) => None,
    };
    events.iter().flat_map(|event| &event.changes).filter_map(name).collect()
}

/// One change that an event makes to the path in question.
#[derive(Clone, Copy)]
struct Assertion<'e> {
    event: &'e Event,
    /// The event's place in replay order.
    place: usize,
    change: &'e Change,
}

/// What an event asserts of a path, in the order within one event.
fn assertions<'e>(event: &'e Event, place: usize, path: &str, view: &View) -> Vec<Assertion<'e>> {
    let speaks_of = |change: &Change| match &change.target.value {
        Target::Path(named) => named.as_str() == path,
        Target::Pattern(pattern) => pattern.matches(&Path::parse(path).expect("a path")),
    };
    let heard = |change: &Change| !change.voice.as_ref().is_some_and(|voice| view.silent.contains(voice));
    let mut changes: Vec<&Change> = event.changes.iter().filter(|change| speaks_of(change) && heard(change)).collect();
    let order = ["unset", "set", "remove", "add", "decrease", "increase"];
    changes.sort_by_key(|change| (order.iter().position(|name| *name == change.does.name()), change.during));
    changes.into_iter().map(|change| Assertion { event, place, change }).collect()
}

/// The value of a path by what is in force, with its standing and since when it has both. The run of what the record
/// says is one of the record's own assertions: no claim that comes and goes breaks it.
fn fact(in_force: &[Assertion], view: &View) -> Fact {
    let whole = run(in_force, view);
    if whole.standing == "claimed" {
        return whole;
    }
    let record: Vec<Assertion> = in_force.iter().filter(|a| a.change.voice.is_none()).copied().collect();
    Fact { since: run(&record, view).since, ..whole }
}

/// What stands after each event in turn, and since when the last of it has stood unbroken.
fn run(in_force: &[Assertion], view: &View) -> Fact {
    let mut now = stand(&[], view);
    for so_far in 1..=in_force.len() {
        let event = in_force[so_far - 1].event;
        if in_force.get(so_far).is_some_and(|next| next.event.id == event.id) {
            continue;
        }
        let next = stand(&in_force[..so_far], view);
        let runs_on = now.since.is_some() && (&next.value, next.standing) == (&now.value, now.standing);
        let since = if runs_on { now.since } else { Some(start_of(event)) };
        // Of what is disputed, and of what nobody says anything any more, no event is the one that gave it.
        now = Fact { since: since.filter(|_| next.event.is_some()), ..next };
    }
    now
}

/// The date as written, of an interval its start; the whole of one whose start is not known.
fn start_of(event: &Event) -> String {
    let date = &event.date.value;
    if date.start_text().is_empty() { date.text().to_owned() } else { date.start_text().to_owned() }
}

/// What the record, or one voice, says of a path.
struct Said<'e> {
    value: Option<Value>,
    /// The latest assertion that gave or changed the value, and the latest of all.
    given: Assertion<'e>,
    last: Assertion<'e>,
}

fn said<'e>(in_force: &[Assertion<'e>], voice: Option<&str>) -> Option<Said<'e>> {
    let mut said: Option<Said> = None;
    for &assertion in in_force.iter().filter(|a| a.change.voice.as_deref() == voice) {
        let before = said.as_ref().and_then(|said| said.value.clone());
        let value = apply(before.clone(), &assertion.change.does);
        let gives = matches!(assertion.change.does, Does::Set(_) | Does::Unset) || value != before;
        let given = said.filter(|_| !gives).map_or(assertion, |said| said.given);
        said = Some(Said { value, given, last: assertion });
    }
    said
}

/// A value after one more change. A change of another kind than the value starts afresh.
fn apply(before: Option<Value>, does: &Does) -> Option<Value> {
    match does {
        Does::Unset => None,
        Does::Set(value) => Some(value.clone()),
        Does::Add(Value::Set(members)) => Some(Value::Set(members_of(before).union(members).cloned().collect())),
        Does::Remove(Value::Set(members)) => {
            Some(Value::Set(members_of(before).difference(members).cloned().collect()))
        }
        Does::Increase(value) => Some(sum(before, value, false)),
        Does::Decrease(value) => Some(sum(before, value, true)),
        Does::Add(_) | Does::Remove(_) => unreachable!("what is put into a set is a set"),
    }
}

fn members_of(value: Option<Value>) -> BTreeSet<Scalar> {
    if let Some(Value::Set(members)) = value { members } else { BTreeSet::new() }
}

/// A number plus a number is a number; where either is an estimate, so is the sum, part by part.
fn sum(before: Option<Value>, by: &Value, down: bool) -> Value {
    let before = before.filter(|value| value.amount().is_some()).unwrap_or(Value::number(0.into()));
    let (a, b) = (before.amount().expect("an amount"), by.amount().expect("an amount"));
    let b = if down { b.negated() } else { b };
    let total = a.plus(b).expect("a sum that is exact");
    match (&before, by) {
        (Value::Scalar(_), Value::Scalar(_)) => Value::number(total.best.expect("a number")),
        _ => Value::Estimate(Box::new(total)),
    }
}

/// The rules 1 to 4 of *The value of a path*, over what is in force.
fn stand(in_force: &[Assertion], view: &View) -> Fact {
    let record = said(in_force, None);
    let voices: BTreeSet<&str> = in_force.iter().filter_map(|a| a.change.voice.as_deref()).collect();
    let claims: BTreeMap<&str, Said> = voices
        .into_iter()
        .filter_map(|voice| Some((voice, said(in_force, Some(voice)).filter(|said| said.value.is_some())?)))
        .collect();
    let fact = |value: &Option<Value>, standing, given: Option<&Assertion>| Fact {
        value: value.clone(),
        standing,
        since: None,
        event: given.map(|given| given.event.id.clone()),
        claimed_by: Vec::new(),
        record_moved_on: false,
        alternatives: claimed_otherwise(value, &claims),
    };
    if let Some((voice, claim)) = speaker(&claims, view) {
        let mut spoken = fact(&claim.value, "claimed", Some(&claim.given));
        spoken.claimed_by = vec![voice.to_string()];
        if let Some(record) = &record {
            spoken.record_moved_on = record.last.place > claim.given.place;
            if record.value.is_some() && record.value != claim.value {
                spoken.alternatives.push(alternative(record, "record", Vec::new()));
            }
        }
        return spoken;
    }
    if let Some(record) = &record {
        return fact(&record.value, if record.value.is_some() { "record" } else { "none" }, Some(&record.given));
    }
    let latest = claims.values().max_by_key(|claim| claim.given.place);
    match latest {
        None => fact(&None, "none", None),
        Some(latest) if claims.values().all(|claim| claim.value == latest.value) => {
            let mut agreed = fact(&latest.value, "claimed", Some(&latest.given));
            agreed.claimed_by = claims.keys().map(|voice| voice.to_string()).collect();
            agreed
        }
        Some(_) => fact(&None, "disputed", None),
    }
}

/// The claim that `--according-to` puts first: the latest of the voice and its parts (of one event the voice itself,
/// then its parts by name), else that of the voice it is part of alone, and so on upwards.
fn speaker<'c, 'e>(claims: &'c BTreeMap<&'e str, Said<'e>>, view: &View) -> Option<(&'c &'e str, &'c Said<'e>)> {
    let asked = view.according_to.as_deref()?;
    let family = claims.iter().filter(|(voice, _)| is_within(voice, asked, &view.part_of));
    let latest = family.max_by_key(|(voice, claim)| (claim.given.place, **voice == asked, Reverse(**voice)));
    let mut above = successors(view.part_of.get(asked), |voice| view.part_of.get(*voice));
    latest.or_else(|| above.find_map(|voice| claims.get_key_value(voice.as_str())))
}

/// The claims that differ from a value, one alternative for each value.
fn claimed_otherwise(chosen: &Option<Value>, claims: &BTreeMap<&str, Said>) -> Vec<Alternative> {
    let mut sides: BTreeMap<&Option<Value>, Vec<(&str, &Said)>> = BTreeMap::new();
    for (voice, claim) in claims.iter().filter(|(_, claim)| claim.value != *chosen) {
        sides.entry(&claim.value).or_default().push((voice, claim));
    }
    let side = |claims: Vec<(&str, &Said)>| {
        let (_, latest) = claims.iter().max_by_key(|(_, claim)| claim.given.place)?;
        Some(alternative(latest, "claimed", claims.iter().map(|(voice, _)| voice.to_string()).collect()))
    };
    sides.into_values().filter_map(side).collect()
}

fn alternative(said: &Said, standing: &'static str, claimed_by: Vec<String>) -> Alternative {
    let event = Some(said.given.event.id.clone());
    Alternative { value: said.value.clone(), standing, possible: false, claimed_by, event }
}

/// What an event or an end that may have happened adds to what is certain: the other value, else each claim (or value
/// of the record) that would stand beside it and does not yet.
fn what_it_adds(base: &Fact, other: &Fact, event: &Event) -> Vec<Alternative> {
    let event = Some(event.id.clone());
    if (&other.value, other.standing) != (&base.value, base.standing) {
        let Fact { value, standing, claimed_by, .. } = other.clone();
        return vec![Alternative { value, standing, possible: true, claimed_by, event }];
    }
    let stands = |value: &Option<Value>, standing: &str, voice: Option<&String>| {
        let mut same = base.alternatives.iter().filter(|a| (&a.value, a.standing) == (value, standing));
        same.any(|a| voice.is_none_or(|voice| a.claimed_by.contains(voice)))
    };
    let is_new = |a: &&Alternative| {
        !stands(&a.value, a.standing, None)
            || a.claimed_by.iter().any(|voice| !stands(&a.value, a.standing, Some(voice)))
    };
    let new = other.alternatives.iter().filter(is_new).cloned();
    new.map(|alternative| Alternative { possible: true, event: event.clone(), ..alternative }).collect()
}
