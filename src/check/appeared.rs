//! When the sources that events cite appeared. Knows nothing of what a rule makes of it.

use rustc_hash::FxHashMap;

use super::House;
use crate::model::date::{Calendar, Date};
use crate::model::event::{Citation, Cited, Event};
use crate::model::manifest::Source;
use crate::model::moment::{Moment, Span};
use crate::model::text::Located;

/// So many reprints of reprints are followed to an origin: sources that are described in place may go in a circle.
const REPRINTS: usize = 16;

/// The sources of a chronicle that have an id, to be asked for their dates.
pub(super) struct Appeared<'t> {
    by_id: FxHashMap<&'t str, &'t Source>,
    calendar: &'t Calendar,
}

impl<'t> Appeared<'t> {
    pub(super) fn new(house: House<'t>) -> Appeared<'t> {
        let mut by_id: FxHashMap<&str, &Source> = FxHashMap::default();
        by_id.extend(house.manifest.sources.iter().flatten().map(|(id, source)| (id.as_str(), source)));
        for citation in house.history.events().flat_map(Event::citations) {
            if let Cited::InPlace(source) = &citation.source
                && let Some(id) = &source.id
            {
                by_id.entry(id).or_insert(source);
            }
        }
        Appeared { by_id, calendar: &house.manifest.calendar }
    }

    /// The date of what is cited, as it is written here or else where the source is described.
    pub(super) fn date(&self, citation: &'t Citation) -> Option<&'t Located<Date>> {
        self.cited(citation).find_map(|source| source.date.as_ref())
    }

    /// The same on the time line.
    pub(super) fn span(&self, citation: &'t Citation) -> Option<Span> {
        self.date(citation).and_then(|date| whole(&date.value, self.calendar))
    }

    /// The earliest moment at which what is cited, or what it reprints, may have appeared; nothing where any has no date.
    pub(super) fn first(&self, citation: &'t Citation) -> Option<Moment> {
        let mut first = self.span(citation)?.start;
        let mut origin = self.origin(self.cited(citation));
        for _ in 0..REPRINTS {
            let Some(source) = origin else { break };
            first = first.min(whole(&source.date.as_ref()?.value, self.calendar)?.start);
            origin = self.origin(std::iter::once(source));
        }
        Some(first)
    }

    /// The descriptions of what is cited: the one in place, then the one under its id.
    fn cited(&self, citation: &'t Citation) -> impl Iterator<Item = &'t Source> {
        let in_place = match &citation.source {
            Cited::InPlace(source) => Some(&**source),
            Cited::ById(_) => None,
        };
        in_place.into_iter().chain(citation.source_id().and_then(|id| self.by_id.get(id).copied()))
    }

    /// What these descriptions say that it reprints.
    fn origin(&self, mut described: impl Iterator<Item = &'t Source>) -> Option<&'t Source> {
        let from = described.find_map(|source| source.from.as_ref())?;
        self.by_id.get(from.value.as_str()).copied()
    }
}

/// From the earliest to the latest moment of a date, widened; of one that has none in this calendar, which is a fault
/// of loading, nothing.
pub(super) fn whole(date: &Date, calendar: &Calendar) -> Option<Span> {
    date.reckon(calendar).ok().map(|reckoned| reckoned.whole())
}
