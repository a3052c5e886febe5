//! The table of paths → rules, the one that rules first in front. Knows nothing of the paths that events name.

use std::collections::BTreeMap;

use super::reading::{Reading, listed};
use super::tree::{self, Entries, Key, Node, Shape};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::manifest::{Holds, PathRule, Type};
use crate::model::path::{Pattern, normal};
use crate::model::text::{Located, Place};

/// What a pattern may say of its paths.
pub const KEYS: [&str; 6] = ["label", "type", "unit", "one_of", "set_of", "from"];

/// What of a rule has been read so far; the keys by which it could be said twice what the path holds.
#[derive(Default)]
struct Draft<'a> {
    holds: Option<Holds>,
    held_by: Option<Key<'a>>,
    label: Option<String>,
    unit: Option<(Key<'a>, String)>,
    from: Option<Entries<'a>>,
}

impl<'a> Reading<'a> {
    /// The rules of a table of paths, in order of precedence.
    pub fn rules(&mut self, entries: Entries<'a>) -> Vec<PathRule> {
        let mut rules: Vec<PathRule> = Vec::with_capacity(entries.len());
        for (key, node) in entries {
            let pattern = match Pattern::parse(&key.text) {
                Ok(pattern) => pattern,
                Err(error) => {
                    self.bad_path(&key.text, error, key.place);
                    continue;
                }
            };
            if pattern.segments().count() < 2 && pattern.as_str() != "**" {
                let message = format!("`{}` matches no path: a path has two or more segments", key.text);
                self.say(Diagnostic::new(Code::BadPath, key.place, message).help("join segments by `.`"));
            }
            let entries = match node.is_null() {
                true => Vec::new(),
                false => self.rule_entries(&key, node),
            };
            rules.push(self.rule(pattern, key.place, entries));
        }
        // Stable, so that of two equal patterns the one written first is kept.
        rules.sort_by(
            |a, b| if a.pattern.is_same(&b.pattern) { a.place.cmp(&b.place) } else { a.pattern.cmp(&b.pattern) },
        );
        let mut kept: Vec<PathRule> = Vec::with_capacity(rules.len());
        for rule in rules {
            match kept.last() {
                Some(last) if last.pattern.is_same(&rule.pattern) => {
                    self.say(tree::duplicate(rule.pattern.as_str(), rule.place, last.place));
                }
                _ => kept.push(rule),
            }
        }
        kept
    }

    fn rule_entries(&mut self, key: &Key<'a>, node: Node<'a>) -> Entries<'a> {
        if let Shape::Scalar(text, _) = &node.shape {
            let message = format!("`{}` takes a mapping, not a text", key.text);
            let fault = Diagnostic::new(Code::WrongType, node.place, message);
            let help = match Type::ALL.iter().find(|of| of.name() == text) {
                Some(of) => format!("write `{{type: {}}}`", of.name()),
                None => format!("write `{{label: {text}}}`"),
            };
            self.say(fault.help(help));
            return Vec::new();
        }
        self.map(&key.text, "a mapping", node).unwrap_or_default()
    }

    fn rule(&mut self, pattern: Pattern, place: Place, entries: Entries<'a>) -> PathRule {
        let mut draft = Draft::default();
        for (key, node) in entries {
            match &*key.text {
                "label" => draft.label = self.line("label", node).map(|label| label.value),
                "unit" => draft.unit = self.line("unit", node).map(|unit| (key, unit.value)),
                "from" => draft.from = self.map("from", "a mapping of values to lists of values", node),
                "type" | "one_of" | "set_of" => self.holds(key, node, &mut draft),
                _ => self.unknown_key(&key, "a pattern", &KEYS),
            }
        }
        let is_amount = matches!(&draft.holds, Some(Holds::One(Type::Number | Type::Estimate)));
        if let Some((key, _)) = draft.unit.as_ref().filter(|_| !is_amount) {
            let fault = Diagnostic::new(Code::WrongType, key.place, "`unit` is for numbers and estimates");
            self.say(fault.help("add `type: number` or `type: estimate`, or leave `unit` out"));
        }
        let from = draft.from.map(|from| self.transitions(from, draft.holds.as_ref()));
        let Draft { holds, label, unit, .. } = draft;
        PathRule { pattern, label, holds, unit: unit.map(|(_, unit)| unit), from, place }
    }

    /// What the path holds, said once.
    fn holds(&mut self, key: Key<'a>, node: Node<'a>, draft: &mut Draft<'a>) {
        let holds = match &*key.text {
            "type" => self.kind(&key, node).map(Holds::One),
            "one_of" => self.word_list("one_of", node).map(Holds::OneOf),
            _ if matches!(node.shape, Shape::List(_)) => self.word_list("set_of", node).map(Holds::SetOfWords),
            _ => self.kind(&key, node).map(Holds::SetOf),
        };
        if let Some(first) = &draft.held_by {
            let message = format!("both `{}` and `{}` say what the path holds", first.text, key.text);
            let fault = Diagnostic::new(Code::WrongType, key.place, message);
            let both = format!("keep one of {}", listed(["type", "one_of", "set_of"].into_iter()));
            self.say(fault.note("the other is here", Some(first.place)).help(both));
            return;
        }
        draft.holds = holds;
        draft.held_by = Some(key);
    }

    fn kind(&mut self, key: &Key<'a>, node: Node<'a>) -> Option<Type> {
        let text = self.text(&key.text, node)?;
        let kind = Type::ALL.into_iter().find(|of| of.name() == text.value);
        if kind.is_none() {
            self.bad_word(&key.text, &text.value, text.place, Type::ALL.iter().map(|of| of.name()));
        }
        kind
    }

    fn word_list(&mut self, what: &str, node: Node<'a>) -> Option<Vec<String>> {
        let place = node.place;
        let is_empty = matches!(&node.shape, Shape::List(nodes) if nodes.is_empty());
        let words: Vec<String> =
            self.texts(what, node).into_iter().map(|word| normal(&word.value).into_owned()).collect();
        if is_empty {
            let fault = Diagnostic::new(Code::WrongType, place, format!("`{what}` lists no word"));
            self.say(fault.help("write the words that the path may hold"));
        }
        (!words.is_empty()).then_some(words)
    }

    /// The transitions that are allowed, between the words of `one_of` where that is given.
    fn transitions(&mut self, from: Entries<'a>, holds: Option<&Holds>) -> BTreeMap<String, Vec<String>> {
        let words = match holds {
            Some(Holds::OneOf(words)) => Some(words),
            _ => None,
        };
        let mut transitions: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (key, node) in from {
            let start = Located::new(normal(&key.text).into_owned(), key.place);
            self.is_word(&start, words);
            // A word from which nothing follows may be left empty.
            let ends = if node.is_null() { Vec::new() } else { self.texts(&key.text, node) };
            for end in &ends {
                self.is_word(end, words);
            }
            let ends = ends.into_iter().map(|end| normal(&end.value).into_owned());
            transitions.entry(start.value).or_default().extend(ends);
        }
        transitions
    }

    fn is_word(&mut self, word: &Located<String>, words: Option<&Vec<String>>) {
        let Some(words) = words else { return };
        if words.iter().any(|known| *known == normal(&word.value)) {
            return;
        }
        let fault = Diagnostic::new(Code::BadWord, word.place, format!("`{}` is not a word of `one_of`", word.value));
        let known = words.iter().map(String::as_str);
        let help = self.meant(&word.value, known.clone(), &format!("its words are {}", listed(known)));
        self.say(fault.help(help));
    }
}
