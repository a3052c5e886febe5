//! EVENTS → FILES: documents in the one canonical style of event files. Knows nothing of disks, nor of what other
//! documents hold.
//!
//! ```text
//! data ──────────────┐
//! text with comments ┴ tree ─ order ─ layout (scalar) → text
//! ```

mod order;
mod layout;
mod scalar;
#[cfg(test)]
mod tests;

use crate::model::decimal::{Decimal, is_json_number, is_number};
use crate::model::event::Free;
use layout::{List, Map, Node, Part};

/// An event, given as a mapping with the keys of 1-format in any order, as one YAML document without `---`. What is a
/// text in it is read as a text again, a number as a number; a date needs no quotes.
pub fn event(event: &Free) -> String {
    let mut root = part(event);
    order::document(&mut root.node);
    layout::document(&root)
}

/// The same as one line of JSON, without its end: for `.jsonl`. The keys of the event stand in their order, those
/// within as they are given.
pub fn json(event: &Free) -> String {
    let mut line = String::new();
    match event {
        Free::Map(keys) => {
            let mut keys: Vec<&(String, Free)> = keys.iter().collect();
            keys.sort_by_key(|(key, _)| order::of_event(key));
            json_map(keys.into_iter(), &mut line);
        }
        _ => json_value(event, &mut line),
    }
    line
}

fn json_value(data: &Free, line: &mut String) {
    match data {
        Free::Null => line.push_str("null"),
        Free::Truth(truth) => line.push_str(if *truth { "true" } else { "false" }),
        Free::Number(digits) if is_json_number(digits) => line.push_str(digits),
        Free::Number(digits) => match Decimal::parse(digits) {
            Some(number) => line.push_str(&number.to_string()),
            None => line.push_str(&scalar::spelled(digits)),
        },
        Free::Text(text) => line.push_str(&scalar::spelled(text)),
        Free::List(items) => {
            line.push('[');
            for (at, item) in items.iter().enumerate() {
                line.push_str(if at > 0 { "," } else { "" });
                json_value(item, line);
            }
            line.push(']');
        }
        Free::Map(keys) => json_map(keys.iter(), line),
    }
}

fn json_map<'a>(keys: impl Iterator<Item = &'a (String, Free)>, line: &mut String) {
    line.push('{');
    for (at, (key, value)) in keys.enumerate() {
        line.push_str(if at > 0 { "," } else { "" });
        line.push_str(&scalar::spelled(key));
        line.push(':');
        json_value(value, line);
    }
    line.push('}');
}

fn part(data: &Free) -> Part {
    Part::new(match data {
        Free::Null => Node::Plain("null".to_owned()),
        Free::Truth(truth) => Node::Plain(truth.to_string()),
        Free::Number(digits) if is_number(digits) => Node::Plain(digits.clone()),
        Free::Number(text) | Free::Text(text) => Node::Text(text.clone()),
        Free::List(items) => Node::List(List { items: items.iter().map(part).collect(), ..List::default() }),
        Free::Map(keys) => Node::Map(Map {
            entries: keys.iter().map(|(key, value)| (key.clone(), part(value))).collect(),
            ..Map::default()
        }),
    })
}
