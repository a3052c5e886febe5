//! What the page carries: the whole chronicle as plain data, so that a fold in the browser can replay it from every
//! viewpoint. It must not know how the page looks, nor how data is written.

use std::collections::BTreeMap;

use super::EventRow;
use super::row;
use crate::history::{Counting, EventNumber};
use crate::model::diagnostic::Diagnostic;
use crate::model::manifest::{Manifest, Source};
use crate::model::moment::Moment;
use crate::model::path::Path;
use crate::model::text::{Located, Texts};
use crate::timeline::Timeline;

/// A chronicle whole: its names, and its events in replay order.
#[derive(Clone, Debug)]
pub struct Page<'t> {
    /// The chronicle's title, else its folder's name.
    pub chronicle: &'t str,
    /// What it says of itself.
    pub manifest: &'t Manifest,
    /// Every voice, in order of names, with the one it is part of.
    pub voices: Vec<(&'t str, Option<&'t str>)>,
    /// Every source that has an id, in order; of one that nothing describes, nothing.
    pub sources: BTreeMap<&'t str, Option<&'t Source>>,
    /// Every path that any event names, in order.
    pub paths: Vec<PagePath<'t>>,
    /// The events in replay order.
    pub events: Vec<PageEvent<'t>>,
    /// How many documents had to be left out.
    pub left_out: usize,
    /// Load faults, errors and warnings.
    pub faults: &'t [Diagnostic],
    /// The texts that the faults point into.
    pub texts: &'t Texts,
}

/// A path with what the manifest says of it.
#[derive(Clone, Copy, Debug)]
pub struct PagePath<'t> {
    /// The path.
    pub path: &'t Path,
    /// What it is called.
    pub label: Option<&'t str>,
    /// The unit of its number.
    pub unit: Option<&'t str>,
}

/// An event with its links as numbers of the replay order.
#[derive(Clone, Debug)]
pub struct PageEvent<'t> {
    /// The event with its sources and its place.
    pub row: EventRow<'t>,
    /// Its causes.
    pub because: Vec<EventNumber>,
    /// What it comes after, without cause.
    pub after: Vec<EventNumber>,
    /// What it makes void.
    pub replaces: Vec<EventNumber>,
    /// Of one that holds something `during`: the date from which it no longer does.
    pub end: Option<&'t str>,
}

/// The data of the page.
pub fn page(timeline: &Timeline) -> Page<'_> {
    let history = timeline.history();
    let nobody = history.view(Moment::PAST, Counting::default(), None);
    let numbers = |ids: &[Located<String>]| -> Vec<EventNumber> {
        ids.iter().filter_map(|id| timeline.event_number(&id.value)).collect()
    };
    let mut ends: BTreeMap<EventNumber, &str> =
        history.lasting().map(|event| (event, timeline.end_text(event))).collect();
    let events = (0..).zip(timeline.events()).map(|(number, event)| PageEvent {
        row: row::event_row(timeline, &nobody, number),
        because: numbers(&event.because),
        after: numbers(&event.after),
        replaces: numbers(&event.replaces),
        end: ends.remove(&number),
    });
    let named = |path| {
        let rule = timeline.manifest().rule(path);
        let label = rule.and_then(|rule| rule.label.as_deref());
        PagePath { path, label, unit: rule.and_then(|rule| rule.unit.as_deref()) }
    };
    let voices = (0..).zip(history.voices()).map(|(number, name)| {
        let whole = history.part_of(number).map(|whole| history.voices()[whole as usize].as_str());
        (name.as_str(), whole)
    });
    Page {
        chronicle: timeline.title(),
        manifest: timeline.manifest(),
        voices: voices.collect(),
        sources: sources(timeline),
        paths: history.paths().map(named).collect(),
        events: events.collect(),
        left_out: timeline.left_out(),
        faults: timeline.faults(),
        texts: timeline.texts(),
    }
}

/// Every source by its id, described where it is.
pub(super) fn sources(timeline: &Timeline) -> BTreeMap<&str, Option<&Source>> {
    let listed = timeline.manifest().sources.iter().flatten();
    let mut sources: BTreeMap<&str, Option<&Source>> = listed.map(|(id, source)| (id.as_str(), Some(source))).collect();
    for citation in timeline.events().flat_map(|event| event.citations()) {
        if let Some(id) = citation.source_id() {
            sources.entry(id).or_insert_with(|| timeline.source(citation));
        }
    }
    sources
}
