//! The keys of an event in a rules file → what a row puts there. Knows nothing of how the table is written.

use super::decode::{Draft, KEYS};
use super::path::PathTemplate;
use super::rules::{DateForm, Form, Sort};
use super::template::Template;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::text::Place;
use crate::parse::{self, Entries, Key, Node, Shape};

/// The changes of 1-format that name paths.
const CHANGES: [&str; 5] = ["set", "add", "remove", "increase", "decrease"];
const DATE_KEYS: [&str; 6] = ["from", "to", "precision", "year", "month", "day"];

impl<'a> Draft<'a> {
    /// What a row puts at a key of an event.
    pub(super) fn event_key(&mut self, key: &Key<'a>, node: Node<'a>) -> Option<Form> {
        let what = &*key.text;
        match what {
            "date" | "until" | "known" => self.date(what, node),
            "title" => self.form(node, Sort::Line),
            "id" | "kind" | "place" | "actors" | "tags" | "confidence" => self.form(node, Sort::Slug),
            "during" => self.during(node),
            "claims" => {
                let mut claims = Vec::new();
                for (voice, node) in self.reading.map(what, "a mapping from voices to changes", node)? {
                    let form = self.claim(&voice, node)?;
                    claims.push((self.template(&voice.text, voice.place)?, form));
                }
                Some(Form::Map(claims))
            }
            _ if what == "unset" || CHANGES.contains(&what) => self.change(what, node),
            _ if parse::is_event_key(what) => self.form(node, Sort::Words),
            _ => {
                let mut known: Vec<&'static str> = KEYS.to_vec();
                known.extend(parse::EVENT_KEYS);
                self.reading.unknown_key(key, "a rules file", &known);
                None
            }
        }
    }

    fn claim(&mut self, voice: &Key<'a>, node: Node<'a>) -> Option<Form> {
        let mut claim = Vec::new();
        for (key, node) in self.reading.map(&voice.text, "a mapping", node)? {
            let form = match &*key.text {
                "set" | "unset" => self.change(&key.text, node),
                "during" => self.during(node),
                "sources" => self.form(node, Sort::Words),
                _ => {
                    self.reading.unknown_key(&key, "a claim", &["set", "unset", "during", "sources"]);
                    None
                }
            };
            claim.push((self.template(&key.text, key.place)?, form?));
        }
        Some(Form::Map(claim))
    }

    fn during(&mut self, node: Node<'a>) -> Option<Form> {
        let is_change =
            |entries: &Entries| entries.iter().all(|(key, _)| key.text == "unset" || CHANGES.contains(&&*key.text));
        match node.shape {
            Shape::Map(entries) if is_change(&entries) => {
                let mut changes = Vec::new();
                for (key, node) in entries {
                    let form = self.change(&key.text, node)?;
                    changes.push((self.template(&key.text, key.place)?, form));
                }
                Some(Form::Map(changes))
            }
            shape => self.change("during", Node { shape, place: node.place }),
        }
    }

    /// What a change takes: paths, with values but for `unset`.
    fn change(&mut self, what: &str, node: Node<'a>) -> Option<Form> {
        if what == "unset" {
            let texts = self.reading.texts(what, node);
            let paths: Option<Vec<Form>> =
                texts.into_iter().map(|text| self.path(&text.value, text.place).map(Form::Path)).collect();
            return paths.map(Form::List);
        }
        let sort = if matches!(what, "increase" | "decrease") { Sort::Number } else { Sort::Words };
        let mut paths = Vec::new();
        for (key, node) in self.reading.map(what, "a mapping from paths to values", node)? {
            let path = self.path(&key.text, key.place);
            let is_estimate = matches!(&node.shape, Shape::Map(_));
            let value = self.form(node, if is_estimate { Sort::Number } else { sort });
            paths.push((path?, value?));
        }
        Some(Form::Paths(paths))
    }

    fn form(&mut self, node: Node<'a>, sort: Sort) -> Option<Form> {
        match node.shape {
            Shape::Scalar(text, style) => {
                if !text.contains("${") {
                    return Some(Form::Fixed(
                        self.reading.free(Node { shape: Shape::Scalar(text, style), place: node.place }),
                    ));
                }
                Some(Form::Text(self.template(&text, node.place)?, sort))
            }
            Shape::List(nodes) => {
                nodes.into_iter().map(|node| self.form(node, sort)).collect::<Option<_>>().map(Form::List)
            }
            Shape::Map(entries) => {
                let mut keys = Vec::new();
                for (key, node) in entries {
                    let form = self.form(node, sort);
                    keys.push((self.template(&key.text, key.place)?, form?));
                }
                Some(Form::Map(keys))
            }
            Shape::Broken => None,
        }
    }

    fn date(&mut self, what: &str, node: Node<'a>) -> Option<Form> {
        let Shape::Map(entries) = node.shape else { return self.form(node, Sort::Words) };
        let mut date = DateForm::default();
        let mut given = [false; DATE_KEYS.len()];
        for (key, node) in entries {
            let Some(at) = DATE_KEYS.iter().position(|known| key.text == *known) else {
                self.reading.unknown_key(&key, "a date of columns", &DATE_KEYS);
                continue;
            };
            given[at] = true;
            let Some(text) = self.reading.text(&key.text, node) else { continue };
            let template = self.template(&text.value, text.place);
            match at {
                0 => date.from = template,
                1 => date.to = template,
                2 => date.precision = template,
                part => date.parts[part - 3] = template,
            }
        }
        let (whole, parts) = given.split_at(3);
        let is_one = if whole[0] { !parts.contains(&true) } else { parts[0] && !whole.contains(&true) };
        if !is_one {
            let message = format!("`{what}` is made of `from`, or else of `year`, each with what belongs to it");
            let fault = Diagnostic::new(Code::MissingKey, node.place, message);
            self.reading.say(fault.help("write `{from: …, to: …, precision: …}` or `{year: …, month: …, day: …}`"));
        }
        Some(Form::Date(Box::new(date)))
    }

    fn template(&mut self, text: &str, place: Place) -> Option<Template> {
        let read = Template::parse(text, place, &mut self.rules.names);
        self.read(read, Code::Syntax, place)
    }

    fn path(&mut self, text: &str, place: Place) -> Option<PathTemplate> {
        let read = PathTemplate::parse(text, place, &mut self.rules.names);
        self.read(read, Code::BadPath, place)
    }

    fn read<T>(&mut self, read: Result<T, (String, String)>, code: Code, place: Place) -> Option<T> {
        read.map_err(|(message, help)| self.reading.say(Diagnostic::new(code, place, message).help(help))).ok()
    }
}
