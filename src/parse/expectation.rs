//! One document → one expectation: what a test on history says. Knows nothing of how it is answered.

use super::path::Known;
use super::reading::{Reading, listed};
use super::tree::{self, Entries, Key, Node, Shape, Style};
use crate::model::decimal::Decimal;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::{Expectation, Expected};
use crate::model::manifest::Holds;
use crate::model::path::Path;
use crate::model::text::{Located, Place};
use crate::model::value::{Scalar, Value};

/// The keys of an expectation.
pub const KEYS: [&str; 6] = ["as_of", "known_by", "according_to", "only", "without", "expect"];

/// What can be expected of a path.
pub const OPERATORS: [&str; 10] =
    ["equals", "includes", "excludes", "absent", "at_least", "at_most", "size", "one_of", "disputed", "possible"];

impl<'a> Reading<'a> {
    /// The expectation that a document is, with every fault of it reported.
    pub fn expectation(&mut self, node: Node<'a>) -> Option<Expectation> {
        let mut expectation = Expectation {
            place: node.place,
            as_of: None,
            known_by: None,
            according_to: None,
            only: Vec::new(),
            without: Vec::new(),
            expect: Vec::new(),
        };
        for (key, node) in self.map("an expectation", "a mapping", node)? {
            let what = &*key.text;
            match what {
                "as_of" => expectation.as_of = self.moment(what, node),
                "known_by" => expectation.known_by = self.moment(what, node),
                "according_to" => {
                    expectation.according_to = self.slug(what, node);
                    if let Some(voice) = &expectation.according_to {
                        self.known_voice(voice);
                    }
                }
                "only" => expectation.only = self.texts(what, node),
                "without" => expectation.without = self.texts(what, node),
                "expect" => expectation.expect = self.expect(node),
                _ => self.unknown_key(&key, "an expectation", &KEYS),
            }
        }
        Some(expectation)
    }

    /// A date or event, as written.
    fn moment(&mut self, what: &str, node: Node<'a>) -> Option<Located<String>> {
        match self.date_words(node) {
            Ok(words) => Some(Located::new(words.value.into_owned(), words.place)),
            Err(node) => {
                self.wrong(what, "a date or the id of an event", &node);
                None
            }
        }
    }

    fn expect(&mut self, node: Node<'a>) -> Vec<(Located<Path>, Vec<Located<Expected>>)> {
        let entries = self.map("expect", "a mapping of paths to what is expected", node).unwrap_or_default();
        let mut expect = Vec::with_capacity(entries.len());
        for (key, node) in entries {
            let Some(known) = self.path(&key.text, key.place) else { continue };
            let expected = self.expected(&known, node);
            expect.push((Reading::located(&known, key.place), expected));
        }
        expect
    }

    /// What is expected of one path: operators, or a plain value.
    fn expected(&mut self, known: &Known<'a>, node: Node<'a>) -> Vec<Located<Expected>> {
        let place = node.place;
        if node.is_null() {
            let fault = Diagnostic::new(Code::BadValue, place, "`null` is not a value");
            self.say(fault.help("to expect no value, say `{absent: true}`"));
            return Vec::new();
        }
        let is_part = |(key, _): &(Key, Node)| matches!(&*key.text, "low" | "best" | "high");
        match node.shape {
            Shape::Map(entries) if !entries.iter().all(is_part) || entries.is_empty() => {
                self.operators(known, entries, place)
            }
            shape => {
                let value = self.value(known, Node { shape, place });
                value.map(|value| Located::new(Expected::Equals(value), place)).into_iter().collect()
            }
        }
    }

    fn operators(&mut self, known: &Known<'a>, entries: Entries<'a>, place: Place) -> Vec<Located<Expected>> {
        if entries.is_empty() {
            let fault = Diagnostic::new(Code::WrongType, place, format!("nothing is expected of `{}`", known.path));
            self.say(fault.help(format!("write a value, or one of {}", listed(OPERATORS.into_iter()))));
        }
        let mut expected = Vec::with_capacity(entries.len());
        for (key, node) in entries {
            let place = node.place;
            let operator = &*key.text;
            let read = match operator {
                "equals" => self.value(known, node).map(Expected::Equals),
                "includes" => self.several(known, node).map(Expected::Includes),
                "excludes" => self.several(known, node).map(Expected::Excludes),
                "absent" => self.truth(operator, &node).map(Expected::Absent),
                "at_least" => self.bound(operator, &node).map(Value::number).map(Expected::AtLeast),
                "at_most" => self.bound(operator, &node).map(Value::number).map(Expected::AtMost),
                "size" => self.size(&node).map(Value::number).map(Expected::Size),
                "one_of" => self.several(known, node).map(Expected::OneOf),
                "disputed" => self.truth(operator, &node).map(Expected::Disputed),
                "possible" => self.possible(known, node).map(Expected::Possible),
                _ => {
                    self.unknown_operator(&key);
                    None
                }
            };
            expected.extend(read.map(|read| Located::new(read, place)));
        }
        expected
    }

    fn unknown_operator(&mut self, key: &Key) {
        let fault = Diagnostic::new(Code::UnknownKey, key.place, format!("`{}` is not an operator", key.text));
        let operators = format!("the operators are {}", listed(OPERATORS.into_iter()));
        let help = self.meant(&key.text, OPERATORS, &operators);
        self.say(fault.help(help));
    }

    /// One value or a list of them, each as the path holds it, as a set.
    fn several(&mut self, known: &Known<'a>, node: Node<'a>) -> Option<Value> {
        let nodes = match node.shape {
            Shape::List(nodes) => nodes,
            shape => vec![Node { shape, place: node.place }],
        };
        let length = nodes.len();
        let members: Vec<Scalar> = nodes.into_iter().filter_map(|node| self.scalar(known, node)).collect();
        (members.len() == length).then(|| Value::Set(members.into_iter().collect()))
    }

    fn bound(&mut self, operator: &str, node: &Node<'a>) -> Option<Decimal> {
        match &node.shape {
            Shape::Scalar(text, Style::Plain) if crate::model::decimal::is_number(text) || tree::is_no_number(text) => {
                self.number(text, node.place)
            }
            _ => {
                self.wrong(operator, "a number", node);
                None
            }
        }
    }

    fn size(&mut self, node: &Node<'a>) -> Option<Decimal> {
        let size = self.bound("size", node)?;
        if size.scale() > 0 || size < Decimal::ZERO {
            let fault = Diagnostic::new(Code::BadNumber, node.place, format!("`{size}` is not the size of a set"));
            self.say(fault.help("write 0 or a whole number above it"));
            return None;
        }
        Some(size)
    }

    /// `true` for any possible alternative, else the value that is one; a list where the path holds no set: each is one.
    fn possible(&mut self, known: &Known<'a>, node: Node<'a>) -> Option<Value> {
        let holds = known.rule.and_then(|rule| rule.holds.as_ref());
        match &node.shape {
            Shape::List(_) if !matches!(holds, Some(Holds::SetOf(_) | Holds::SetOfWords(_))) => {
                self.several(known, node)
            }
            Shape::Scalar(text, Style::Plain) if tree::truth(text).is_some() => {
                tree::truth(text).map(|truth| Value::Scalar(Scalar::Truth(truth)))
            }
            _ => self.value(known, node),
        }
    }
}
