//! # unused
//!
//! The manifest describes an entity, a source, a voice or a pattern of paths, and nothing in the chronicle uses it.
//!
//! An entity is used as a place, an actor, a segment of a path (`attendance.putin`), or a value of a path of
//! `type: entity` or `set_of: entity`; a source where it is cited, or as what another is `from`; a voice where it claims
//! something, or as what another is `part_of`; a pattern where it rules a path, so one that more specific patterns always
//! outdo is unused, too. What an expectation names is used as well.
//!
//! One wants this because what is left over is mostly a slip: another name was written where this one was meant, or the
//! events it was made for are missing. While a chronicle has a fault of loading nothing is said of it: what had to be
//! left out may be what uses the rest.
//!
//! A file that breaks it:
//!
//! ```yaml
//! # chronicle.yaml
//! asof: 1
//! entities:
//!   lisbon: {name: Lisbon, kind: place}
//!   sintra: {name: Sintra, kind: place}
//! ```
//! ```yaml
//! # 1755-11-01-earthquake.yaml
//! date: 1755-11-01
//! title: An earthquake destroys the city
//! place: lisbon
//! ```
//!
//! Mended:
//!
//! ```yaml
//! # chronicle.yaml
//! asof: 1
//! entities:
//!   lisbon: {name: Lisbon, kind: place}
//! ```
//! ```yaml
//! # 1755-11-01-earthquake.yaml
//! date: 1755-11-01
//! title: An earthquake destroys the city
//! place: lisbon
//! ```

use rustc_hash::FxHashSet;

use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::{Citation, Cited, Event, Expectation};
use crate::model::manifest::{Holds, Manifest, Type};
use crate::model::path::Path;
use crate::model::text::Place;
use crate::model::value::{Scalar, Value};

use super::{Finding, House};

/// Finds what of the manifest nothing uses, table by table.
pub(super) fn find(house: House<'_>) -> Vec<Finding> {
    let manifest = house.manifest;
    let is_bare = manifest.entities.is_none() && manifest.voices.is_none() && manifest.sources.is_none();
    if !house.is_whole || (is_bare && manifest.paths.is_none()) {
        return Vec::new();
    }
    let mut used = Used::default();
    used.by_manifest(manifest);
    house.history.events().for_each(|event| used.by_event(event));
    used.by_paths(house);
    house.expectations.iter().for_each(|expectation| used.by_expectation(expectation, manifest));
    let mut found = Vec::new();
    let mut say = |place: Place, message: String| {
        let fault = Diagnostic::new(Code::Unused, place, message);
        found.push((None, fault.help("take it out, or see where it was meant and another was written")));
    };
    for (name, entity) in manifest.entities.iter().flatten().filter(|(name, _)| !used.entities.contains(name.as_str()))
    {
        say(entity.place, format!("nothing names the entity `{name}`"));
    }
    for (name, voice) in manifest.voices.iter().flatten().filter(|(name, _)| !used.voices.contains(name.as_str())) {
        say(voice.place, format!("the voice `{name}` claims nothing"));
    }
    for (name, source) in manifest.sources.iter().flatten().filter(|(name, _)| !used.sources.contains(name.as_str())) {
        say(source.place, format!("nothing cites the source `{name}`"));
    }
    for rule in manifest.paths.iter().flatten().filter(|rule| !used.rules.contains(&rule.place)) {
        say(rule.place, format!("the pattern `{}` rules no path", rule.pattern.as_str()));
    }
    found
}

/// What of each table is used; patterns by their places.
#[derive(Default)]
struct Used<'t> {
    entities: FxHashSet<&'t str>,
    voices: FxHashSet<&'t str>,
    sources: FxHashSet<&'t str>,
    rules: FxHashSet<Place>,
}

impl<'t> Used<'t> {
    fn by_manifest(&mut self, manifest: &'t Manifest) {
        let wholes = manifest.voices.iter().flatten().filter_map(|(_, voice)| voice.part_of.as_ref());
        self.voices.extend(wholes.map(|whole| whole.value.as_str()));
        let origins = manifest.sources.iter().flatten().filter_map(|(_, source)| source.from.as_ref());
        self.sources.extend(origins.map(|origin| origin.value.as_str()));
    }

    fn by_event(&mut self, event: &'t Event) {
        self.entities.extend(event.at.iter().chain(&event.actors).map(|slug| slug.value.as_str()));
        self.voices.extend(event.changes.iter().filter_map(|change| change.voice.as_deref()));
        for citation in event.citations() {
            self.sources.extend(citation.source_id());
            self.sources.extend(reprinted(citation));
        }
    }

    fn by_paths(&mut self, house: House<'t>) {
        let history = house.history;
        for (number, path) in (0..).zip(history.paths()) {
            self.entities.extend(path.segments());
            if self.rules(house.manifest, path) {
                let values = history.assertions(number).iter().filter_map(|one| history.change(*one).does.value());
                values.for_each(|value| self.by_value(value));
            }
        }
    }

    fn by_expectation(&mut self, expectation: &'t Expectation, manifest: &'t Manifest) {
        self.voices.extend(expectation.according_to.iter().map(|voice| voice.value.as_str()));
        for (path, expected) in &expectation.expect {
            if self.rules(manifest, &path.value) {
                expected.iter().filter_map(|expected| expected.value.value()).for_each(|value| self.by_value(value));
            }
        }
    }

    /// Notes the pattern that rules a path; says whether the path holds entities.
    fn rules(&mut self, manifest: &Manifest, path: &Path) -> bool {
        let Some(rule) = manifest.rule(path) else { return false };
        self.rules.insert(rule.place);
        matches!(rule.holds, Some(Holds::One(Type::Entity) | Holds::SetOf(Type::Entity)))
    }

    /// Notes the entities of a value.
    fn by_value(&mut self, value: &'t Value) {
        let text = |scalar: &'t Scalar| if let Scalar::Text(text) = scalar { Some(&**text) } else { None };
        match value {
            Value::Scalar(scalar) => self.entities.extend(text(scalar)),
            Value::Set(members) => self.entities.extend(members.iter().filter_map(text)),
            Value::Estimate(_) => {}
        }
    }
}

/// What a source that is described in place is a reprint of.
fn reprinted(citation: &Citation) -> Option<&str> {
    match &citation.source {
        Cited::InPlace(source) => source.from.as_ref().map(|from| from.value.as_str()),
        Cited::ById(_) => None,
    }
}
