//! Corroboration: which source a citation goes back to. A reprint (`from`) and what it reprints are one origin, so both
//! together are no more than one source. Knows nothing of what rests on them.

use std::collections::BTreeMap;
use std::fmt;

use crate::model::event::{Citation, Cited};
use crate::model::manifest::Source;

use super::House;

/// The one thing that a source and all its reprints go back to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Origin<'t> {
    /// A source with an id.
    Id(&'t str),
    /// A source without an id, by its address.
    Url(&'t str),
    /// A source without either, by its title, publisher and date.
    Title(&'t str, Option<&'t str>, Option<&'t str>),
}

impl fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Id(name) | Origin::Url(name) | Origin::Title(name, ..) => f.write_str(name),
        }
    }
}

/// The origin of what is cited.
pub(super) fn origin<'t>(citation: &'t Citation, house: House<'t>) -> Origin<'t> {
    let source = match &citation.source {
        Cited::InPlace(source) => Some(&**source),
        Cited::ById(_) => None,
    };
    let reprinted = |source: &'t Source| source.from.as_ref().map(|from| from.value.as_str());
    let listed = house.manifest.sources.as_ref();
    let above = |id: &&'t str| {
        let sources = [listed.and_then(|sources| sources.get(*id)), house.history.described(id)];
        sources.into_iter().flatten().find_map(reprinted)
    };
    let first = source.and_then(reprinted).or(citation.source_id());
    // Sources that are described in place could lead back to themselves.
    let most = house.history.described_count() + listed.map_or(0, BTreeMap::len) + 1;
    match (std::iter::successors(first, above).take(most).last(), source) {
        (Some(id), _) => Origin::Id(id),
        (None, Some(source)) => itself(source),
        (None, None) => unreachable!("a citation by id has an id"),
    }
}

/// What a citation is shown as: its id, else its address or title.
pub(super) fn name(citation: &Citation) -> String {
    match &citation.source {
        Cited::ById(id) => id.value.clone(),
        Cited::InPlace(source) => source.id.clone().unwrap_or_else(|| itself(source).to_string()),
    }
}

/// A source without an id, by what it is known again.
fn itself(source: &Source) -> Origin<'_> {
    let date = source.date.as_ref().map(|date| date.value.text());
    match &source.url {
        Some(url) => Origin::Url(url),
        None => Origin::Title(source.title.as_deref().unwrap_or_default(), source.publisher.as_deref(), date),
    }
}
