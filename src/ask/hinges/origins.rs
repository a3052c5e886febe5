//! Where events are from: sources that are `from` one origin count as one (1-format, The manifest), and one that has no
//! id goes by its url, else by its title with publisher and date. Knows nothing of viewpoints.

use std::collections::{BTreeMap, BTreeSet};

use super::Origin;
use crate::ask::Refusal;
use crate::history::EventNumber;
use crate::model::diagnostic::nearest;
use crate::model::event::{Citation, Cited};
use crate::model::manifest::Source;
use crate::model::path::normal;
use crate::timeline::Timeline;

/// The number of an origin in the order of names.
pub(super) type OriginNumber = u32;

/// Every origin that an event cites, itself or what is from it.
pub(super) struct Origins {
    names: Vec<String>,
    /// For every origin the cited sources that count as it.
    members: Vec<BTreeSet<String>>,
    /// For every event its origins, in order; none: it cites nothing.
    cited: Vec<Vec<OriginNumber>>,
}

impl Origins {
    /// Of all events; citations of the sources `gone` are as if they were not there.
    pub(super) fn of(timeline: &Timeline, gone: &BTreeSet<String>) -> Origins {
        let mut members: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut named: Vec<Vec<String>> = Vec::new();
        for event in timeline.events() {
            let stays = |citation: &&Citation| citation.source_id().is_none_or(|id| !gone.contains(id));
            let mut own = Vec::new();
            for citation in event.citations().filter(stays) {
                let (name, origin) = names(timeline, citation);
                members.entry(origin.clone()).or_default().insert(name);
                own.push(origin);
            }
            named.push(own);
        }
        let (names, members): (Vec<String>, Vec<_>) = members.into_iter().unzip();
        let number = |name: &String| names.binary_search(name).ok().map(|number| number as u32);
        let numbers = |own: Vec<String>| {
            let numbers: BTreeSet<OriginNumber> = own.iter().filter_map(number).collect();
            numbers.into_iter().collect()
        };
        let cited = named.into_iter().map(numbers).collect();
        Origins { names, members, cited }
    }

    /// The origins of an event, in order.
    pub(super) fn cited(&self, event: EventNumber) -> &[OriginNumber] {
        &self.cited[event as usize]
    }

    /// Whether an event falls with these origins, given in order: it has one, and no other.
    pub(super) fn fall(&self, event: EventNumber, with: &[OriginNumber]) -> bool {
        let cited = self.cited(event);
        !cited.is_empty() && cited.iter().all(|origin| with.contains(origin))
    }

    /// An origin in words.
    pub(super) fn origin(&self, number: OriginNumber) -> Origin {
        let name = self.names[number as usize].clone();
        let same_origin = self.members[number as usize].iter().filter(|member| **member != name).cloned().collect();
        Origin { name, same_origin }
    }

    /// The origin of a source that an event names, or that such a source is from.
    pub(super) fn find(&self, name: &str) -> Result<OriginNumber, Refusal> {
        let wanted = &*normal(name);
        let is_it = |at: &usize| self.names[*at] == wanted || self.members[*at].contains(wanted);
        let found = (0..self.names.len()).find(is_it);
        found.map(|at| at as u32).ok_or_else(|| {
            let names = self.names.iter().chain(self.members.iter().flatten()).map(String::as_str);
            Refusal::not_found(format!("no event names the source `{name}`"), nearest(name, names))
        })
    }

    /// The events that fall with some origins, in order.
    pub(super) fn events(&self, with: &[OriginNumber]) -> Vec<EventNumber> {
        (0..self.cited.len() as u32).filter(|event| self.fall(*event, with)).collect()
    }

    /// The origins of some events.
    pub(super) fn of_events(&self, events: &BTreeSet<EventNumber>) -> BTreeSet<OriginNumber> {
        events.iter().flat_map(|event| self.cited(*event)).copied().collect()
    }
}

/// The origin of what is cited: reprints are one with what they are from (1-format, The manifest).
pub(in crate::ask) fn origin_of(timeline: &Timeline, citation: &Citation) -> String {
    names(timeline, citation).1
}

/// What a citation's source is called, and what its origin.
fn names(timeline: &Timeline, citation: &Citation) -> (String, String) {
    let written = match &citation.source {
        Cited::InPlace(source) => Some(&**source),
        Cited::ById(_) => None,
    };
    let name = citation.source_id().map(str::to_owned).or_else(|| written.map(called)).unwrap_or_default();
    let listed = || citation.source_id().and_then(|id| timeline.source_called(id));
    // What a citation itself says of where its source is from goes before what is said of it elsewhere.
    let described = written.filter(|source| source.from.is_some()).or_else(listed).or(written);
    let mut origin = name.clone();
    let mut above = BTreeSet::new();
    let mut source = described;
    // Of sources that are from each other in a circle, the first by name stands for all.
    while let Some(from) = source.and_then(|source| source.from.as_ref()) {
        if !above.insert(from.value.clone()) {
            return (name, circle(timeline, &from.value));
        }
        origin = from.value.clone();
        source = timeline.source_called(&from.value);
    }
    (name, origin)
}

/// The first by name of a circle of sources.
fn circle(timeline: &Timeline, on_it: &str) -> String {
    let mut around = BTreeSet::from([on_it.to_owned()]);
    let next = |id: &str| timeline.source_called(id)?.from.as_ref().map(|from| from.value.clone());
    let mut at = on_it.to_owned();
    while let Some(from) = next(&at) {
        at = from;
        if !around.insert(at.clone()) {
            break;
        }
    }
    around.pop_first().unwrap_or(at)
}

/// What a source without an id is called.
fn called(source: &Source) -> String {
    if let Some(url) = &source.url {
        return url.clone();
    }
    let date = source.date.as_ref().map(|date| date.value.text().to_owned());
    let parts = [source.title.clone(), source.publisher.clone(), date];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
