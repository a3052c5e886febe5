//! EVENTS → FILES: documents in the one canonical style of event files. Knows nothing of disks, nor of what other
//! documents hold.

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

/// Free data as JSON on one line, without a newline at its end.
pub fn json(data: &Free) -> String {
    let mut line = String::new();
    put(data, &mut line);
    line
}

fn put(data: &Free, line: &mut String) {
    match data {
        Free::Null => line.push_str("null"),
        Free::Truth(truth) => line.push_str(if *truth { "true" } else { "false" }),
        Free::Number(digits) => line.push_str(digits),
        Free::Text(text) => quote(text, line),
        Free::List(items) => {
            for (at, item) in items.iter().enumerate() {
                line.push(if at == 0 { '[' } else { ',' });
                put(item, line);
            }
            line.push_str(if items.is_empty() { "[]" } else { "]" });
        }
        Free::Map(keys) => {
            for (at, (key, value)) in keys.iter().enumerate() {
                line.push(if at == 0 { '{' } else { ',' });
                quote(key, line);
                line.push(':');
                put(value, line);
            }
            line.push_str(if keys.is_empty() { "{}" } else { "}" });
        }
    }
}

fn quote(text: &str, line: &mut String) {
    line.push_str(&serde_json::Value::from(text).to_string());
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
