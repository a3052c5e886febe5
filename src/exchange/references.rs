//! The sources that an answer, or a chronicle, rests on, each once and with a key of its own. Knows nothing of the forms
//! of bibliographies.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::{Stretch, events};
use super::export::Subject;
use crate::ask::{EventRow, SourceRow};
use crate::model::date::{Calendar, Date};
use crate::model::manifest::Source;

/// A source with its key.
#[derive(Clone, Debug)]
pub struct Reference<'t> {
    /// Unique, and the same every time: its id, else made of publisher, year and title.
    pub key: String,
    /// What is said of it; of an id that nothing describes, nothing.
    pub source: Option<&'t Source>,
}

/// The sources, in the order of their keys, and how each is found.
#[derive(Debug, Default)]
pub struct References<'t> {
    /// The sources.
    pub all: Vec<Reference<'t>>,
    keys: BTreeMap<Identity, String>,
}

/// What makes two descriptions one source (1-format): the id, else the url, else title with publisher and date.
type Identity = (u8, String);

impl<'t> References<'t> {
    /// Those of the events of an answer; of a chronicle every one that it has. Nothing for an answer without events.
    pub fn of(subject: &Subject<'t>) -> Option<References<'t>> {
        let mut found: BTreeMap<Identity, Option<&'t Source>> = BTreeMap::new();
        if subject.is_whole {
            let listed = subject.manifest.sources.iter().flatten();
            found.extend(listed.map(|(id, source)| ((0, id.clone()), Some(source))));
        }
        let of_row =
            |row: &'t EventRow<'t>| row.sources.iter().chain(row.claim_sources.iter().flat_map(|(_, list)| list));
        for row in events(subject.answer)?.into_iter().flat_map(of_row) {
            let described = found.entry(identity(row)?).or_default();
            *described = described.or(row.described());
        }
        let mut taken = BTreeSet::new();
        let mut references = References::default();
        for (identity, source) in found {
            let wanted = if identity.0 == 0 { identity.1.clone() } else { name(source) };
            let mut key = wanted.clone();
            for number in 2.. {
                if taken.insert(key.to_lowercase()) {
                    break;
                }
                key = format!("{wanted}-{number}");
            }
            references.keys.insert(identity, key.clone());
            references.all.push(Reference { key, source });
        }
        references.all.sort_by(|a, b| a.key.cmp(&b.key));
        Some(references)
    }

    /// The key of what a citation cites.
    pub fn key(&self, row: &SourceRow) -> Option<&str> {
        self.keys.get(&identity(row)?).map(String::as_str)
    }
}

fn identity(row: &SourceRow) -> Option<Identity> {
    if let Some(id) = row.id() {
        return Some((0, id.to_owned()));
    }
    let source = row.described()?;
    Some(match &source.url {
        Some(url) => (1, url.clone()),
        None => {
            let date = source.date.as_ref().map(|date| date.value.text());
            let parts = [source.title.as_deref(), source.publisher.as_deref(), date];
            (2, parts.map(Option::unwrap_or_default).join("\u{0}"))
        }
    })
}

/// A key of publisher, year and the first words of the title.
fn name(source: Option<&Source>) -> String {
    let year = source.and_then(|source| source.date.as_ref()).map(|date| date.value.text());
    let year = year.map(|date| date.chars().take_while(char::is_ascii_digit).collect::<String>());
    let publisher = source.and_then(|source| source.publisher.as_deref()).unwrap_or_default();
    let title = source.and_then(|source| source.title.as_deref()).unwrap_or_default();
    let title: Vec<&str> = title.split_whitespace().take(4).collect();
    let words = format!("{publisher} {} {}", year.unwrap_or_default(), title.join(" "));
    let plain: String = words.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let key = plain.split_whitespace().collect::<Vec<_>>().join("-").to_lowercase();
    if key.is_empty() { "source".to_owned() } else { key }
}

/// The days, months or years nearest to the date of a source.
pub fn dated(date: &Date, calendar: &Calendar) -> Option<Stretch> {
    Stretch::of(date.reckon(calendar).ok()?.written, true, calendar)
}
