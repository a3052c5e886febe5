//! EVENTS → FILES: documents in the one canonical style of event files. Knows nothing of disks, nor of what other
//! documents hold.

pub mod draft;
pub mod filed;
pub mod name;
pub mod template;
pub mod worked;

use serde_yaml::{Mapping, Value};

use crate::model::event::Free;

/// The keys of an event in the order of 1-format.
const KEYS: [&str; 24] = [
    "date",
    "title",
    "id",
    "summary",
    "until",
    "known",
    "kind",
    "place",
    "actors",
    "tags",
    "sources",
    "confidence",
    "because",
    "after",
    "replaces",
    "set",
    "unset",
    "add",
    "remove",
    "increase",
    "decrease",
    "during",
    "claims",
    "meta",
];

/// An event, given as a mapping with the keys of 1-format in any order, as one YAML document without `---`.
pub fn event(event: &Free) -> String {
    let mut event = event.clone();
    if let Free::Map(keys) = &mut event {
        keys.sort_by_key(|(key, _)| KEYS.iter().position(|known| known == key).unwrap_or(KEYS.len()));
    }
    serde_yaml::to_string(&yaml(&event)).unwrap_or_default()
}

fn yaml(data: &Free) -> Value {
    match data {
        Free::Null => Value::Null,
        Free::Truth(truth) => Value::Bool(*truth),
        Free::Number(digits) => serde_yaml::from_str(digits).unwrap_or(Value::Null),
        Free::Text(text) => Value::String(text.clone()),
        Free::List(items) => items.iter().map(yaml).collect(),
        Free::Map(keys) => Value::Mapping(
            keys.iter().map(|(key, value)| (Value::String(key.clone()), yaml(value))).collect::<Mapping>(),
        ),
    }
}
