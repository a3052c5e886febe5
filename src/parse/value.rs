//! Values: what stands behind a path, read as the pattern of the path says, else as YAML's core schema does.
//! Knows nothing of the change that carries it.

use std::collections::BTreeSet;

use super::path::Known;
use super::reading::{Reading, listed};
use super::tree::{self, Entries, Node, Shape, Style};
use crate::model::date::Date;
use crate::model::decimal::{Decimal, is_number};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::manifest::{Holds, PathRule, Type};
use crate::model::path::normal;
use crate::model::text::Place;
use crate::model::value::{Estimate, Scalar, Value};

/// What one scalar may be.
#[derive(Clone, Copy)]
enum Wants<'a> {
    Anything,
    Type(Type),
    Words(&'a [String]),
}

impl<'a> Wants<'a> {
    /// What a single value, or a member of a set, is on a path.
    fn of(rule: Option<&'a PathRule>) -> Wants<'a> {
        match rule.and_then(|rule| rule.holds.as_ref()) {
            None => Wants::Anything,
            Some(Holds::One(of) | Holds::SetOf(of)) => Wants::Type(*of),
            Some(Holds::OneOf(words) | Holds::SetOfWords(words)) => Wants::Words(words),
        }
    }
}

impl<'a> Reading<'a> {
    /// The value of a `set`.
    pub fn value(&mut self, known: &Known<'a>, node: Node<'a>) -> Option<Value> {
        if self.is_nothing(known, &node) {
            return None;
        }
        match (known.rule.and_then(|rule| rule.holds.as_ref()), node.shape) {
            (None, Shape::List(nodes)) => self.set(known, nodes),
            (None | Some(Holds::One(Type::Estimate)), Shape::Map(entries)) => {
                self.estimate(node.place, entries).map(|estimate| Value::Estimate(Box::new(estimate)))
            }
            (Some(Holds::SetOf(_) | Holds::SetOfWords(_)), Shape::List(nodes)) => self.set(known, nodes),
            (Some(Holds::SetOf(_) | Holds::SetOfWords(_)), shape) => {
                let node = Node { shape, place: node.place };
                let help = matches!(node.shape, Shape::Scalar(..)).then(|| {
                    format!(
                        "write a list: `[{}]`",
                        Some(self.words(node.place)).filter(|words| !words.is_empty()).unwrap_or("…")
                    )
                });
                self.not_allowed(known, &node, help)
            }
            (_, shape) => self.scalar(known, Node { shape, place: node.place }).map(Value::Scalar),
        }
    }

    /// The members of an `add` or `remove`: a list, or one alone.
    pub fn members(&mut self, change: &str, known: &Known<'a>, node: Node<'a>) -> Option<Value> {
        if self.is_nothing(known, &node) {
            return None;
        }
        if let Some(holds @ (Holds::One(_) | Holds::OneOf(_))) = known.rule.and_then(|rule| rule.holds.as_ref()) {
            let message = format!("`{}` holds {}, and `{change}` is for sets", known.path, noun(holds));
            let fault = Diagnostic::new(Code::ValueNotAllowed, node.place, message);
            self.say(ruled(fault, known).help("say `set`, or give its pattern a `set_of`"));
            return None;
        }
        match node.shape {
            Shape::List(nodes) => self.set(known, nodes),
            Shape::Map(_) => {
                let message = format!("`{change}` takes a member or a list of members, not a mapping");
                self.say(Diagnostic::new(Code::BadValue, node.place, message));
                None
            }
            shape => {
                let member = self.scalar(known, Node { shape, place: node.place })?;
                Some(Value::Set(BTreeSet::from([member])))
            }
        }
    }

    /// The number or estimate of an `increase` or `decrease`.
    pub fn amount(&mut self, change: &str, known: &Known<'a>, node: Node<'a>) -> Option<Value> {
        if self.is_nothing(known, &node) {
            return None;
        }
        match known.rule.and_then(|rule| rule.holds.as_ref()) {
            None | Some(Holds::One(Type::Number | Type::Estimate)) => {}
            Some(holds) => {
                let message = format!("`{}` holds {}, and `{change}` is for numbers", known.path, noun(holds));
                let fault = Diagnostic::new(Code::ValueNotAllowed, node.place, message);
                self.say(ruled(fault, known).help("say `set`, or give its pattern `type: number`"));
                return None;
            }
        }
        let is_amount = match &node.shape {
            Shape::Map(_) => true,
            Shape::Scalar(text, Style::Plain) => is_number(text) || tree::is_no_number(text),
            _ => false,
        };
        if !is_amount {
            let message = format!("`{change}` takes a number or an estimate, not {}", node.shape_name());
            self.say(Diagnostic::new(Code::BadValue, node.place, message));
            return None;
        }
        self.value(known, node)
    }

    /// One scalar, as the path wants it.
    pub fn scalar(&mut self, known: &Known<'a>, node: Node<'a>) -> Option<Scalar> {
        if self.is_nothing(known, &node) {
            return None;
        }
        match Wants::of(known.rule) {
            Wants::Anything => self.core_scalar(node),
            Wants::Words(words) => self.word(known, words, node),
            Wants::Type(Type::Date) => self.date_value(known, node),
            Wants::Type(Type::Bool) => match node.shape {
                Shape::Scalar(ref text, Style::Plain) if tree::truth(text).is_some() => {
                    tree::truth(text).map(Scalar::Truth)
                }
                _ => self.not_allowed(known, &node, Some("write `true` or `false`".to_owned())),
            },
            Wants::Type(Type::Number | Type::Estimate) => match node.shape {
                Shape::Scalar(ref text, Style::Plain) if is_number(text) || tree::is_no_number(text) => {
                    self.number(text, node.place).map(Scalar::Number)
                }
                _ => self.not_allowed(known, &node, None),
            },
            Wants::Type(Type::Text) => match node.shape {
                Shape::Scalar(text, _) => Some(Scalar::Text(text.into())),
                _ => self.not_allowed(known, &node, None),
            },
            Wants::Type(Type::Entity) => match node.shape {
                Shape::Scalar(text, _) => {
                    let slug = self.as_slug(&text, node.place)?;
                    self.known_entity(&slug.value, slug.place)?;
                    Some(Scalar::Text(slug.value.into()))
                }
                _ => self.not_allowed(known, &node, None),
            },
        }
    }

    /// Reports an entity that the manifest does not have, if it has any table of them.
    pub fn known_entity(&mut self, slug: &str, place: Place) -> Option<()> {
        let Some(entities) = &self.manifest.entities else { return Some(()) };
        if entities.contains_key(slug) {
            return Some(());
        }
        self.unknown_name(Code::UnknownEntity, slug, place, entities.keys().map(String::as_str));
        None
    }

    fn set(&mut self, known: &Known<'a>, nodes: Vec<Node<'a>>) -> Option<Value> {
        let length = nodes.len();
        let members: Vec<Scalar> = nodes.into_iter().filter_map(|node| self.scalar(known, node)).collect();
        (members.len() == length).then(|| Value::Set(members.into_iter().collect()))
    }

    fn core_scalar(&mut self, node: Node<'a>) -> Option<Scalar> {
        match node.shape {
            Shape::Scalar(text, Style::Quoted) => Some(Scalar::Text(text.into())),
            Shape::Scalar(text, Style::Plain) => {
                if let Some(count) = count(&text) {
                    return Some(Scalar::Number(count));
                }
                if let Some(truth) = tree::truth(&text) {
                    return Some(Scalar::Truth(truth));
                }
                if is_number(&text) || tree::is_no_number(&text) {
                    return self.number(&text, node.place).map(Scalar::Number);
                }
                Some(Scalar::Text(text.into()))
            }
            _ => {
                let message = format!("{} where a text, a number or a truth is wanted", node.shape_name());
                let fault = Diagnostic::new(Code::BadValue, node.place, message);
                self.say(fault.help("a set holds no lists and no mappings: use a path for each"));
                None
            }
        }
    }

    /// An exact number; infinities and what is too long are refused.
    pub fn number(&mut self, text: &str, place: Place) -> Option<Decimal> {
        let number = count(text).or_else(|| Decimal::parse(text));
        if number.is_none() {
            let wrong =
                if is_number(text) { "is too long to be exact" } else { "is no number that can be counted with" };
            let fault = Diagnostic::new(Code::BadNumber, place, format!("`{text}` {wrong}"));
            self.say(fault.help("write at most 38 digits, or put it in quotes to make it a text"));
        }
        number
    }

    /// A mapping as an estimate.
    pub fn estimate(&mut self, place: Place, entries: Entries<'a>) -> Option<Estimate> {
        let mut estimate = Estimate::default();
        let before = self.faults.len();
        for (key, node) in entries {
            let part = match &*key.text {
                "low" => &mut estimate.low,
                "best" => &mut estimate.best,
                "high" => &mut estimate.high,
                _ => {
                    self.unknown_key(&key, "an estimate", &["low", "best", "high"]);
                    continue;
                }
            };
            *part = self.part(&key.text, &node);
        }
        if self.faults.len() > before || self.is_broken {
            return None;
        }
        let wrong = match (estimate.parts().next(), estimate.is_ordered()) {
            (None, _) => "an estimate without a part",
            (_, false) => "the parts of an estimate stand in the wrong order",
            _ => return Some(estimate),
        };
        let fault = Diagnostic::new(Code::BadEstimate, place, wrong);
        self.say(fault.help("write one or more of `{low: …, best: …, high: …}`, the lowest first"));
        None
    }

    fn part(&mut self, name: &str, node: &Node<'a>) -> Option<Decimal> {
        match &node.shape {
            Shape::Scalar(text, Style::Plain) if is_number(text) || tree::is_no_number(text) => {
                self.number(text, node.place)
            }
            Shape::Broken => {
                self.is_broken = true;
                None
            }
            _ => {
                let message = format!("`{name}` takes a number, not {}", node.shape_name());
                self.say(Diagnostic::new(Code::BadNumber, node.place, message));
                None
            }
        }
    }

    fn word(&mut self, known: &Known<'a>, words: &[String], node: Node<'a>) -> Option<Scalar> {
        let Shape::Scalar(text, _) = node.shape else { return self.not_allowed(known, &node, None) };
        let word = normal(&text);
        if words.iter().any(|allowed| *allowed == word) {
            return Some(Scalar::Text(word.into()));
        }
        let fault = Diagnostic::new(Code::ValueNotAllowed, node.place, format!("`{}` cannot be `{word}`", known.path));
        let known_words = words.iter().map(String::as_str);
        let help = self.meant(&word, known_words.clone(), &format!("write one of {}", listed(known_words)));
        self.say(ruled(fault, known).help(help));
        None
    }

    fn date_value(&mut self, known: &Known<'a>, node: Node<'a>) -> Option<Scalar> {
        let words = match self.date_words(node) {
            Ok(words) => words,
            Err(node) => return self.not_allowed(known, &node, None),
        };
        let fault = match Date::parse(&words.value) {
            Ok(date) if date.is_all_of() => {
                Diagnostic::new(Code::BadDate, words.place, format!("`{}` is all of a set, not one date", words.value))
                    .help("write `[…]` for one of them")
            }
            Ok(date) => match date.reckon(&self.manifest.calendar) {
                Ok(_) => return Some(Scalar::Text(date.text().into())),
                Err(error) => self.bad_date(&words.value, words.place, error),
            },
            Err(error) => self.bad_date(&words.value, words.place, error),
        };
        self.say(ruled(fault, known));
        None
    }

    /// Reports what is no value at all.
    fn is_nothing(&mut self, known: &Known<'a>, node: &Node<'a>) -> bool {
        if matches!(node.shape, Shape::Broken) {
            self.is_broken = true;
            return true;
        }
        if !node.is_null() {
            return false;
        }
        let fault = Diagnostic::new(Code::BadValue, node.place, "`null` is not a value");
        self.say(fault.help(format!("to end a value, say `unset: [{}]`", known.path)));
        true
    }

    /// Reports a value of another shape than the path holds. Gives nothing, as whatever is wanted.
    fn not_allowed<T>(&mut self, known: &Known<'a>, node: &Node<'a>, help: Option<String>) -> Option<T> {
        if matches!(node.shape, Shape::Broken) {
            self.is_broken = true;
            return None;
        }
        let holds = known.rule.and_then(|rule| rule.holds.as_ref()).map_or("a value", noun);
        let found = match &node.shape {
            Shape::Scalar(text, Style::Plain) if is_number(text) => "a number",
            Shape::Scalar(text, Style::Plain) if tree::truth(text).is_some() => "a truth",
            _ => node.shape_name(),
        };
        let message = format!("`{}` holds {holds}, not {found}", known.path);
        let fault = ruled(Diagnostic::new(Code::ValueNotAllowed, node.place, message), known);
        self.say(match help {
            Some(help) => fault.help(help),
            None => fault,
        });
        None
    }
}

/// A number that is a short count, as most are; the general way is long.
fn count(text: &str) -> Option<Decimal> {
    let is_count = text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_count { text.parse::<i64>().ok().map(Decimal::from) } else { None }
}

/// The same fault with a note at the pattern that rules the path.
fn ruled(fault: Diagnostic, known: &Known) -> Diagnostic {
    match known.rule {
        Some(rule) => fault.note(format!("the pattern `{}` says so", rule.pattern.as_str()), Some(rule.place)),
        None => fault,
    }
}

/// How a message names what a path holds.
fn noun(holds: &Holds) -> &'static str {
    match holds {
        Holds::One(Type::Text) => "a text",
        Holds::One(Type::Number) => "a number",
        Holds::One(Type::Estimate) => "an estimate",
        Holds::One(Type::Date) => "a date",
        Holds::One(Type::Entity) => "an entity",
        Holds::One(Type::Bool) => "`true` or `false`",
        Holds::OneOf(_) => "one of a list of words",
        Holds::SetOf(Type::Text) => "a set of texts",
        Holds::SetOf(Type::Number) => "a set of numbers",
        Holds::SetOf(Type::Estimate) => "a set of numbers",
        Holds::SetOf(Type::Date) => "a set of dates",
        Holds::SetOf(Type::Entity) => "a set of entities",
        Holds::SetOf(Type::Bool) => "a set of truths",
        Holds::SetOfWords(_) => "a set of words",
    }
}
