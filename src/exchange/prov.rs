//! Provenance (W3C PROV-O, <https://www.w3.org/TR/prov-o/>) as JSON-LD 1.1: events are activities, every change is an entity
//! that its event generated, attributed to whoever asserts it and drawn from its sources; a correction invalidates what
//! it replaces. What PROV has no term for has one of ours, below `urn:asof:`.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{target, value};
use super::entry::events;
use super::export::{Exported, Subject, percent_encoded, shape, slug};
use super::references::References;
use crate::ask::EventRow;
use crate::model::date::Precision;
use crate::model::event::{Change, Event};
use crate::model::manifest::Source;
use crate::model::moment::Moment;
use crate::render::shape::Shape;

/// Writes the provenance of events; nothing, if the answer is none of events.
pub fn write(subject: &Subject) -> Option<Exported> {
    let rows = events(subject.answer)?;
    let references = References::of(subject)?;
    let mut graph = Graph { subject, references, events: BTreeMap::new(), nodes: Vec::new() };
    graph.events = rows.iter().map(|row| (row.event.id.as_str(), row.event)).collect();
    graph.agents(&rows);
    graph.sources();
    for row in &rows {
        graph.event(row);
    }
    graph.replaced(&rows);
    let base = format!("urn:asof:{}:", percent_encoded(&slug(subject.answer.chronicle)));
    let whole = Shape::map([("@context", context(&base)), ("@graph", Shape::List(graph.nodes))]);
    let mut json = Vec::new();
    // Memory takes everything, and every number comes from here.
    whole.write_json(&mut json, true).ok()?;
    Some(Exported { text: String::from_utf8_lossy(&json).into_owned(), left_out: Vec::new() })
}

/// The terms: those that name something are references, the moments are of XML Schema, a date is of the Library of Congress.
fn context<'a>(base: &str) -> Shape<'a> {
    const NAMING: [&str; 13] = [
        "prov:wasAssociatedWith",
        "prov:atLocation",
        "prov:wasInformedBy",
        "prov:used",
        "prov:wasGeneratedBy",
        "prov:wasAttributedTo",
        "prov:hadPrimarySource",
        "prov:wasDerivedFrom",
        "prov:wasInvalidatedBy",
        "prov:wasRevisionOf",
        "prov:specializationOf",
        "prov:actedOnBehalfOf",
        "asof:after",
    ];
    let prefixes = [
        ("prov", "http://www.w3.org/ns/prov#"),
        ("xsd", "http://www.w3.org/2001/XMLSchema#"),
        ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
        ("dcterms", "http://purl.org/dc/terms/"),
        ("asof", "urn:asof:terms:"),
    ];
    let mut keys: Vec<(&str, Shape)> = prefixes.map(|(prefix, name)| (prefix, name.into())).to_vec();
    for part in ["event", "source", "path", "agent", "place"] {
        // A name that ends with `:` is no prefix by itself (JSON-LD 1.1, 9.15).
        let name = Shape::map([("@id", format!("{base}{part}:").into()), ("@prefix", true.into())]);
        keys.push((part, name));
    }
    let typed = |name: &'static str, kind: &'static str| (name, Shape::map([("@type", kind.into())]));
    keys.extend(NAMING.map(|name| typed(name, "@id")));
    keys.extend(
        ["prov:startedAtTime", "asof:earliest", "asof:latest", "asof:known"].map(|name| typed(name, "xsd:dateTime")),
    );
    keys.push(typed("dcterms:date", "http://id.loc.gov/datatypes/edtf/EDTF"));
    keys.push(typed("prov:value", "@json"));
    Shape::map(keys)
}

/// The chronicle as who asserts what is on record: a name that no voice can have (1-format, slugs).
const RECORD: &str = "agent:~record";

struct Graph<'s, 't> {
    subject: &'s Subject<'t>,
    references: References<'t>,
    events: BTreeMap<&'t str, &'t Event>,
    nodes: Vec<Shape<'t>>,
}

/// The name of something, as a reference: `event:2025-05-11-putin-proposal`.
fn name(part: &str, id: &str) -> String {
    format!("{part}:{}", percent_encoded(id))
}

/// A list of names; one alone by itself, none as nothing.
fn names<'a>(names: impl IntoIterator<Item = String>) -> Shape<'a> {
    let names: Vec<String> = names.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    match names.len() {
        0 => Shape::Null,
        1 => names.into_iter().next().into(),
        _ => names.into(),
    }
}

/// A moment of XML Schema, which has years beyond four digits, but no infinite ones.
fn moment<'a>(moment: Moment) -> Shape<'a> {
    moment.is_finite().then(|| moment.to_string().trim_start_matches('+').to_owned()).into()
}

impl<'t> Graph<'_, 't> {
    fn node<const N: usize>(&mut self, keys: [(&'t str, Shape<'t>); N]) {
        self.nodes.push(Shape::map(keys.into_iter().filter(|(_, value)| *value != Shape::Null)));
    }

    /// Who asserts, and who took part: the chronicle itself, its voices and its actors.
    fn agents(&mut self, rows: &[&'t EventRow<'t>]) {
        let manifest = self.subject.manifest;
        self.node([
            ("@id", RECORD.into()),
            ("@type", "prov:Agent".into()),
            ("rdfs:label", self.subject.answer.chronicle.into()),
        ]);
        let mut voices: BTreeSet<&str> = BTreeSet::new();
        let mut actors: BTreeSet<&str> = BTreeSet::new();
        let mut places: BTreeSet<&str> = BTreeSet::new();
        for row in rows {
            voices.extend(row.event.changes.iter().filter_map(|change| change.voice.as_deref()));
            actors.extend(row.event.actors.iter().map(|actor| actor.value.as_str()));
            places.extend(row.event.at.as_ref().map(|place| place.value.as_str()));
        }
        let described = |voice: &str| manifest.voices.as_ref().and_then(|all| all.get(voice));
        // A voice is part of one, which is part of another.
        let mut open: Vec<&str> = voices.iter().copied().collect();
        while let Some(voice) = open.pop() {
            let whole = described(voice).and_then(|voice| voice.part_of.as_ref()).map(|whole| whole.value.as_str());
            open.extend(whole.filter(|whole| voices.insert(whole)));
        }
        let named = |id: &str| manifest.entities.as_ref().and_then(|all| all.get(id)?.name.as_deref());
        for agent in voices.union(&actors).copied().collect::<Vec<_>>() {
            let voice = described(agent).filter(|_| voices.contains(agent));
            let label = voice.and_then(|voice| voice.name.as_deref()).or(named(agent)).unwrap_or(agent);
            let whole = voice.and_then(|voice| voice.part_of.as_ref()).map(|whole| name("agent", &whole.value));
            self.node([
                ("@id", name("agent", agent).into()),
                ("@type", "prov:Agent".into()),
                ("rdfs:label", label.into()),
                ("prov:actedOnBehalfOf", whole.into()),
            ]);
        }
        for place in places {
            let label = named(place).unwrap_or(place);
            self.node([
                ("@id", name("place", place).into()),
                ("@type", "prov:Location".into()),
                ("rdfs:label", label.into()),
            ]);
        }
    }

    fn sources(&mut self) {
        for reference in self.references.all.clone() {
            let source = reference.source;
            let part = |part: fn(&Source) -> Option<&str>| source.and_then(part);
            let from = source.and_then(|source| source.from.as_ref()).map(|from| name("source", &from.value));
            self.node([
                ("@id", name("source", &reference.key).into()),
                ("@type", "prov:Entity".into()),
                ("dcterms:title", part(|source| source.title.as_deref()).into()),
                ("dcterms:publisher", part(|source| source.publisher.as_deref()).into()),
                ("dcterms:date", part(|source| Some(source.date.as_ref()?.value.text())).into()),
                ("dcterms:identifier", part(|source| source.url.as_deref()).into()),
                ("dcterms:language", part(|source| source.language.as_deref()).into()),
                ("asof:archived", part(|source| source.archived.as_deref()).into()),
                ("asof:reliability", source.and_then(|source| source.reliability).map(String::from).into()),
                ("prov:wasDerivedFrom", from.into()),
            ]);
        }
    }

    /// The names of what is cited.
    fn cited(&self, row: &EventRow, voice: Option<&str>) -> Shape<'t> {
        let own = row.claim_sources.iter().find(|(speaker, _)| Some(*speaker) == voice);
        let list = own.map_or(&row.sources, |(_, list)| list);
        names(list.iter().filter_map(|row| Some(name("source", self.references.key(row)?))))
    }

    /// An event, and the entities that it generated.
    fn event(&mut self, row: &'t EventRow<'t>) {
        let event = row.event;
        let date = &event.date.value;
        let is_instant = matches!(date.precision(), Precision::Minute | Precision::Second | Precision::Fraction);
        let written = event.when.written;
        let because = event.because.iter().map(|cause| name("event", &cause.value));
        self.node([
            ("@id", name("event", &event.id).into()),
            ("@type", "prov:Activity".into()),
            ("rdfs:label", (&event.title.value).into()),
            ("rdfs:comment", event.summary.as_ref().map(|summary| &summary.value).into()),
            ("dcterms:date", date.text().into()),
            ("prov:startedAtTime", if is_instant { moment(written.start) } else { Shape::Null }),
            ("asof:earliest", moment(written.start)),
            ("asof:latest", moment(written.end)),
            ("asof:known", moment(event.when.known)),
            ("asof:kind", event.kind.as_ref().map(|kind| &kind.value).into()),
            ("prov:atLocation", event.at.as_ref().map(|place| name("place", &place.value)).into()),
            ("prov:wasAssociatedWith", names(event.actors.iter().map(|actor| name("agent", &actor.value)))),
            ("prov:wasInformedBy", names(because)),
            ("asof:after", names(event.after.iter().map(|before| name("event", &before.value)))),
            ("prov:used", self.cited(row, None)),
        ]);
        for (number, change) in event.changes.iter().enumerate() {
            self.change(row, number, change);
        }
    }

    fn change(&mut self, row: &'t EventRow<'t>, number: usize, change: &'t Change) {
        let path = target(change);
        let said = change.does.value().map(|one| one.to_string()).unwrap_or_default();
        let cited = self.cited(row, change.voice.as_deref());
        self.node([
            ("@id", changed(row.event, number).into()),
            ("@type", "prov:Entity".into()),
            ("rdfs:label", format!("{} {path} {said}", change.does.name()).trim_end().to_owned().into()),
            ("prov:specializationOf", name("path", path).into()),
            ("asof:change", change.does.name().into()),
            ("asof:during", change.during.then_some(true).into()),
            ("prov:value", change.does.value().map(|one| shape(value(one))).into()),
            ("prov:wasGeneratedBy", name("event", &row.event.id).into()),
            (
                "prov:wasAttributedTo",
                change.voice.as_deref().map_or(RECORD.to_owned(), |voice| name("agent", voice)).into(),
            ),
            ("prov:hadPrimarySource", cited),
        ]);
    }

    /// What a correction makes of the changes that it replaces: they end with it, and its own are revisions of those.
    fn replaced(&mut self, rows: &[&'t EventRow<'t>]) {
        for row in rows {
            let old: Vec<&Event> =
                row.event.replaces.iter().filter_map(|id| self.events.get(id.value.as_str()).copied()).collect();
            for event in &old {
                for number in 0..event.changes.len() {
                    let by = name("event", &row.event.id);
                    self.node([("@id", changed(event, number).into()), ("prov:wasInvalidatedBy", by.into())]);
                }
            }
            for (number, change) in row.event.changes.iter().enumerate() {
                let same = |event: &&Event| {
                    let numbered = event.changes.iter().enumerate();
                    let same = numbered.filter(|(_, old)| target(old) == target(change) && old.voice == change.voice);
                    same.map(|(number, _)| changed(event, number)).collect::<Vec<_>>()
                };
                let revised = names(old.iter().flat_map(same));
                if revised != Shape::Null {
                    self.node([("@id", changed(row.event, number).into()), ("prov:wasRevisionOf", revised)]);
                }
            }
        }
    }
}

/// The name of what a change of an event, counted from 1, asserts.
fn changed(event: &Event, number: usize) -> String {
    format!("{}/{}", name("event", &event.id), number + 1)
}
