//! What is canonical about an event beyond its lines: the order of its keys, sets in order and without duplicates, dates
//! without quotes, summaries folded, estimates in braces. Knows nothing of lines and comments.

use std::cmp::Ordering;

use super::layout::{List, Map, Node, Part, Shape};
use crate::model::date::Date;
use crate::model::decimal::Decimal;
use crate::parse::keys::{EVENT, EXPECTATION, IN_PLACE};

/// The changes and the keys of a claim.
const CHANGES: [&str; 8] = ["set", "unset", "add", "remove", "increase", "decrease", "during", "sources"];

/// The parts of an estimate.
const ESTIMATE: [&str; 3] = ["low", "best", "high"];

/// The place of a key among those of an event.
pub(super) fn of_event(key: &str) -> usize {
    EVENT.iter().position(|known| *known == key).unwrap_or(EVENT.len())
}

/// Puts a document, or every element of a list of them, into its canonical form.
pub(super) fn document(node: &mut Node) {
    match node {
        Node::List(list) => list.items.iter_mut().for_each(|item| document(&mut item.node)),
        Node::Map(map) if map.entries.iter().any(|(key, _)| key == "expect") => expectation(map),
        Node::Map(map) => event(map),
        _ => {}
    }
}

fn event(map: &mut Map) {
    sort(map, &EVENT);
    for (key, part) in &mut map.entries {
        match key.as_str() {
            "date" | "until" | "known" => date(&mut part.node),
            "summary" => fold(&mut part.node),
            "sources" => citations(&mut part.node),
            "claims" => {
                for (_, claim) in entries(&mut part.node) {
                    if let Node::Map(claim) = &mut claim.node {
                        claim.shape = Shape::Tall;
                        sort(claim, &CHANGES);
                        changes(claim);
                    }
                }
            }
            _ => {}
        }
    }
    changes(map);
}

fn expectation(map: &mut Map) {
    sort(map, &EXPECTATION);
    for (key, part) in &mut map.entries {
        match key.as_str() {
            "as_of" | "known_by" => date(&mut part.node),
            "expect" => {
                if let Node::Map(paths) = &mut part.node {
                    paths.shape = Shape::Tall;
                }
                for (_, part) in entries(&mut part.node) {
                    if let Node::Map(operators) = &mut part.node {
                        operators.shape = Shape::Short;
                    }
                }
            }
            _ => {}
        }
    }
}

/// The changes among the keys of an event, a claim or what is held `during`.
fn changes(map: &mut Map) {
    for (key, part) in &mut map.entries {
        match key.as_str() {
            "set" | "add" | "remove" => entries(&mut part.node).for_each(|(_, part)| value(&mut part.node)),
            "increase" | "decrease" => entries(&mut part.node).for_each(|(_, part)| estimate(&mut part.node)),
            "sources" => citations(&mut part.node),
            "during" => {
                if let Node::Map(held) = &mut part.node {
                    changes(held);
                    let plain = |(key, _): &&mut (String, Part)| !CHANGES.contains(&key.as_str());
                    held.entries.iter_mut().filter(plain).for_each(|(_, part)| value(&mut part.node));
                }
            }
            _ => {}
        }
    }
}

/// What a path is set to: a set in order, an estimate in braces.
fn value(node: &mut Node) {
    if let Node::List(list) = node {
        set(list);
    }
    estimate(node);
}

fn estimate(node: &mut Node) {
    if let Node::Map(map) = node {
        let is_part = |(key, _): &(String, Part)| ESTIMATE.contains(&key.as_str());
        if map.entries.iter().all(is_part) {
            map.shape = Shape::Short;
            sort(map, &ESTIMATE);
        }
    }
}

/// Members in the order of values, each once. Where somebody has commented them, they stay as they are: a comment may
/// speak of those below it.
fn set(list: &mut List) {
    let is_member = |part: &Part| matches!(part.node, Node::Plain(_) | Node::Text(_)) && is_silent(part);
    if list.foot.is_empty() && list.items.iter().all(is_member) {
        list.items.sort_by(|a, b| by_value(&a.node, &b.node));
        list.items.dedup_by(|a, b| a.node == b.node);
    }
}

fn is_silent(part: &Part) -> bool {
    part.before.is_empty() && part.behind.is_none()
}

/// Truths before numbers before texts, as values are ordered; what is alike, by its words.
fn by_value(a: &Node, b: &Node) -> Ordering {
    let key = |node: &Node| match node {
        Node::Plain(words) => match Decimal::parse(words) {
            Some(number) => (1, Some(number), words.clone()),
            None => (0, None, words.clone()),
        },
        Node::Text(text) => (2, None, text.clone()),
        _ => (3, None, String::new()),
    };
    key(a).cmp(&key(b))
}

fn citations(node: &mut Node) {
    let items = match node {
        Node::List(list) => list.items.iter_mut().map(|item| &mut item.node).collect(),
        node => vec![node],
    };
    for item in items {
        let Node::Map(map) = item else { continue };
        sort(map, &IN_PLACE);
        // `id: quote`, where the only key is the name of a source, has no key of a citation.
        let dates = map.entries.iter_mut().filter(|(key, _)| key == "date");
        dates.for_each(|(_, part)| date(&mut part.node));
    }
}

/// Sorts keys into a given order; those that it does not have keep theirs behind all others.
fn sort(map: &mut Map, keys: &[&str]) {
    map.entries.sort_by_key(|(key, _)| keys.iter().position(|known| known == key).unwrap_or(keys.len()));
}

/// A date stands without quotes, also one in brackets, which the format reads as the date that it looks like.
fn date(node: &mut Node) {
    let text = match node {
        Node::Text(text) | Node::Date(text) => text,
        // The words of a number are the words of a date.
        Node::Plain(words)
            if !words.starts_with(['[', '{']) && !matches!(&**words, "" | "~" | "null" | "Null" | "NULL") =>
        {
            words
        }
        _ => return,
    };
    let has_words = |words: &str| {
        words.split(',').all(|word| word.trim().starts_with(|c: char| c.is_ascii_alphanumeric() || ".-~".contains(c)))
    };
    let inside = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let is_bracketed = inside.is_some_and(|words| !words.contains([' ', '[', ']', '{', '}']) && has_words(words));
    *node = match is_bracketed && Date::parse(text).is_ok() {
        true => Node::Plain(std::mem::take(text)),
        false => Node::Date(std::mem::take(text)),
    };
}

fn fold(node: &mut Node) {
    if let Node::Text(text) = node {
        *node = Node::Folded(std::mem::take(text));
    }
}

fn entries(node: &mut Node) -> impl Iterator<Item = &mut (String, Part)> {
    match node {
        Node::Map(map) => map.entries.iter_mut(),
        _ => [].iter_mut(),
    }
}
