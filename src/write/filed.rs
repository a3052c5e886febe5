//! Events → the file that they go into: its name, its text, and the ids that they have there. Pure.

use super::draft::text;
use super::name;
use crate::model::event::Free;
use crate::model::path::{is_slug, normal};

/// A file that is to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filed {
    /// Relative to the chronicle, with `/`.
    pub name: String,
    /// What it says.
    pub text: String,
    /// The ids of its events, in order.
    pub ids: Vec<String>,
}

/// What a file is made of.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// The events.
    pub events: &'a [Free],
    /// What they were read from, where that is kept to the letter: YAML, with all comments.
    pub kept: Option<&'a str>,
    /// The id of an event that has none; of several, the name of their file.
    pub called: Option<&'a str>,
}

/// The file of some events, beside those of a chronicle. One event gives the file its id for a name, where a file can
/// have that. Several stay together, so that all of them come or none.
pub fn file<'a>(written: Written<'_>, files: impl IntoIterator<Item = &'a str>) -> Filed {
    let Written { events, kept, called } = written;
    let first = events.first().unwrap_or(&Free::Null);
    let (date, title) = (text(first, "date").unwrap_or(""), text(first, "title").unwrap_or(""));
    let own = text(first, "id").filter(|id| is_slug(id));
    let by_title = name::id(date, title);
    let id = if events.len() == 1 { own.or(called) } else { called }.unwrap_or(&by_title);
    let stem = if name::is_stem(id) { id } else { &by_title };
    let folder = name::folder(files, date);
    let ids = match events {
        [_] => vec![normal(id).into_owned()],
        events => (1..).zip(events).map(|(number, event)| id_of(event, number, stem)).collect(),
    };
    let mut text = match (kept, events) {
        (Some(kept), _) => kept.to_owned(),
        (None, [event]) => alone(event, id, stem),
        (None, events) => events.iter().map(super::event).collect::<Vec<String>>().join("---\n"),
    };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let slash = if folder.is_empty() { "" } else { "/" };
    Filed { name: format!("{folder}{slash}{stem}.yaml"), text, ids }
}

/// The id of one of several events in a file.
fn id_of(event: &Free, number: usize, stem: &str) -> String {
    text(event, "id").map_or_else(|| format!("{stem}#{number}"), |id| normal(id).into_owned())
}

/// One event, with its `id` only where the name of the file does not say it.
fn alone(event: &Free, id: &str, stem: &str) -> String {
    let Free::Map(keys) = event else { return super::event(event) };
    let mut keys: Vec<(String, Free)> = keys.iter().filter(|(key, _)| key != "id").cloned().collect();
    if id != stem {
        keys.push(("id".to_owned(), Free::Text(id.to_owned())));
    }
    super::event(&Free::Map(keys))
}

/// Whether two events say the same, whatever the order of their keys and whether their ids are written.
pub fn is_same(one: &Free, other: &Free) -> bool {
    let plain = |event: &Free| match event {
        Free::Map(keys) => super::event(&Free::Map(keys.iter().filter(|(key, _)| key != "id").cloned().collect())),
        other => super::event(other),
    };
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(keys: &[(&str, &str)]) -> Free {
        Free::Map(keys.iter().map(|(key, value)| ((*key).to_owned(), Free::Text((*value).to_owned()))).collect())
    }

    fn filed(events: &[Free], called: Option<&str>) -> (String, Vec<String>, String) {
        let Filed { name, text, ids } = file(Written { events, kept: None, called }, ["2024/a.yaml"]);
        (name, ids, text)
    }

    #[test]
    fn an_event_is_found_by_its_id() {
        let plain = event(&[("title", "One"), ("date", "2025-06-02")]);
        let (name, ids, text) = filed(std::slice::from_ref(&plain), None);
        assert_eq!((name.as_str(), ids), ("2025/2025-06-02-one.yaml", vec!["2025-06-02-one".to_owned()]));
        assert!(!text.contains("id:"), "{text}");
        let named = event(&[("title", "One"), ("date", "2025-06-02"), ("id", "one")]);
        assert_eq!(filed(std::slice::from_ref(&named), None).0, "2025/one.yaml");
        assert!(is_same(&plain, &named));
        let (name, ids, text) = filed(std::slice::from_ref(&plain), Some("_one"));
        assert_eq!((name.as_str(), ids), ("2025/2025-06-02-one.yaml", vec!["_one".to_owned()]));
        assert!(text.contains("id: _one"), "{text}");
    }

    #[test]
    fn several_events_stay_together() {
        let events = [event(&[("title", "One"), ("date", "2025")]), event(&[("title", "Two"), ("id", "two")])];
        let (name, ids, text) = filed(&events, None);
        assert_eq!((name.as_str(), ids), ("2025/2025-one.yaml", vec!["2025-one#1".to_owned(), "two".to_owned()]));
        assert_eq!(text.matches("---\n").count(), 1);
    }
}
