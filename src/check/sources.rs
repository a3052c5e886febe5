//! Sources: which citation means which source. One id that is described in two ways, and an id that nothing describes
//! once the manifest has sources, are load faults.

use std::collections::BTreeMap;

use crate::model::diagnostic::{Code, Diagnostic, nearest};
use crate::model::event::{Cited, Event};
use crate::model::manifest::{Manifest, Source};

/// The sources that are described in place and have an id, by id; the first description of each.
pub fn described<'a>(events: impl Iterator<Item = &'a Event>) -> BTreeMap<String, Source> {
    let mut found = BTreeMap::new();
    for citation in events.flat_map(Event::citations) {
        if let Cited::InPlace(source) = &citation.source
            && let Some(id) = &source.id
        {
            found.entry(id.clone()).or_insert_with(|| (**source).clone());
        }
    }
    found
}

/// Finds ids that are described in two ways, and ids that nothing describes.
pub fn find<'a>(
    events: impl Iterator<Item = &'a Event>,
    manifest: &Manifest,
    described: &BTreeMap<String, Source>,
    faults: &mut Vec<Diagnostic>,
) {
    let listed = |id: &str| manifest.sources.as_ref().and_then(|sources| sources.get(id));
    for citation in events.flat_map(Event::citations) {
        match &citation.source {
            Cited::InPlace(source) => {
                let first = source.id.as_deref().and_then(|id| listed(id).or_else(|| described.get(id)));
                if let Some(first) = first
                    && let Some(key) = conflict(first, source)
                {
                    let id = source.id.as_deref().unwrap_or_default();
                    let message = format!("the source `{id}` is described in two ways: its `{key}` differs");
                    let fault = Diagnostic::new(Code::SourceConflict, citation.place, message)
                        .note("the first description is here", Some(first.place))
                        .help(format!("cite it as `{id}` alone, or give this source another id"));
                    faults.push(fault);
                }
            }
            Cited::ById(id) => {
                let Some(sources) = &manifest.sources else { continue };
                if !sources.contains_key(&id.value) && !described.contains_key(&id.value) {
                    let known = sources.keys().chain(described.keys()).map(String::as_str);
                    let fault =
                        Diagnostic::new(Code::UnknownSource, id.place, format!("no source has the id `{}`", id.value));
                    faults.push(match nearest(&id.value, known) {
                        Some(name) => fault.help(format!("did you mean `{name}`?")),
                        None => fault.help("describe it under `sources` in the manifest, or in place"),
                    });
                }
            }
        }
    }
}

/// Gives every source that is described in place without an id the id of the one that it is the same as, by its url,
/// else by title with publisher and date (1-format, An event), so that one source has one name.
pub fn identify(events: &mut [Event], manifest: &Manifest, described: &BTreeMap<String, Source>) {
    let listed = manifest.sources.iter().flatten().chain(described);
    let (mut by_url, mut by_title) = (BTreeMap::new(), BTreeMap::new());
    for (id, source) in listed {
        if let Some(url) = &source.url {
            by_url.entry(url.clone()).or_insert_with(|| id.clone());
        }
        if source.title.is_some() {
            by_title.entry(title_of(source)).or_insert_with(|| id.clone());
        }
    }
    for citation in events.iter_mut().flat_map(Event::citations_mut) {
        let Cited::InPlace(source) = &mut citation.source else { continue };
        if source.id.is_none() {
            source.id = match &source.url {
                Some(url) => by_url.get(url).cloned(),
                None => source.title.as_ref().and_then(|_| by_title.get(&title_of(source)).cloned()),
            };
        }
    }
}

/// Title, publisher and date, by which a source without id and url is known.
fn title_of(source: &Source) -> [Option<String>; 3] {
    let date = source.date.as_ref().map(|date| date.value.text().to_owned());
    [source.title.clone(), source.publisher.clone(), date]
}

/// The first key that two descriptions both give and give differently.
fn conflict(a: &Source, b: &Source) -> Option<&'static str> {
    let differ = |a: Option<&str>, b: Option<&str>| matches!((a, b), (Some(a), Some(b)) if a != b);
    let text = |source: &Source| source.date.as_ref().map(|date| date.value.text().to_owned());
    [
        ("title", differ(a.title.as_deref(), b.title.as_deref())),
        ("publisher", differ(a.publisher.as_deref(), b.publisher.as_deref())),
        ("date", differ(text(a).as_deref(), text(b).as_deref())),
        ("url", differ(a.url.as_deref(), b.url.as_deref())),
        ("archived", differ(a.archived.as_deref(), b.archived.as_deref())),
        ("language", differ(a.language.as_deref(), b.language.as_deref())),
    ]
    .into_iter()
    .find_map(|(key, differs)| differs.then_some(key))
}
