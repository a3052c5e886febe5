//! Events as free data: what a document says by its keys, for whoever writes it anew, and one value as it is typed on a
//! command line. What the format reads as written (dates, ids, texts) stays a text; what it reads by the core schema is
//! what that says. Knows nothing of what is wrong between the keys: [`super::documents`] does.

use super::change::CHANGES;
use super::reading::{Reading, plain_free};
use super::tree::{self, Document, Node, Shape, Style};
use super::{Format, json, scan, yaml};
use crate::model::diagnostic::Diagnostic;
use crate::model::event::Free;
use crate::model::manifest::{Holds, Manifest, PathRule, Type};
use crate::model::path::Path;
use crate::model::text::{FileId, Place, Text};

/// The documents of a text, each with its place and whether it stands in a list, and what is wrong with the text as such.
pub fn drafts(file: FileId, text: &Text, manifest: &Manifest) -> (Vec<(Place, Free)>, Vec<Diagnostic>) {
    let content = text.content();
    let mut documents: Vec<Document> = Vec::new();
    let mut take = |document| documents.push(document);
    match Format::of(&text.name) {
        Format::Json => json::read(file, content, &mut take),
        Format::Lines => json::read_lines(file, content, 0..content.len(), &mut take),
        Format::Yaml => {
            scan::read_part(file, content, 0..content.len(), &mut yaml::allowance(content), &mut take);
        }
    }
    let mut reading = Reading::new(file, content, manifest);
    let mut drafts = Vec::new();
    for document in documents {
        reading.faults.extend(document.faults);
        drafts.extend(document.root.map(|root| (root.place, reading.draft(root))));
    }
    (drafts, reading.faults)
}

/// A value as it is typed: `[…]`, `{…}` and what stands in quotes as YAML reads it in a flow, else a scalar by the core
/// schema, or as the rule of its path says. Nothing where brackets or quotes are not closed.
pub fn value(words: &str, rule: Option<&PathRule>) -> Option<Free> {
    if !words.starts_with(['[', '{', '"', '\'']) {
        return Some(scalar(words, rule));
    }
    let (content, manifest) = (format!("v: {words}\n"), Manifest::default());
    let mut documents: Vec<Document> = Vec::new();
    scan::read(FileId(0), &content, &mut |document| documents.push(document));
    let [document] = <[Document; 1]>::try_from(documents).ok()?;
    let Shape::Map(entries) = document.root.filter(|_| document.faults.is_empty())?.shape else { return None };
    let [(_, node)] = <[_; 1]>::try_from(entries).ok()?;
    let mut reading = Reading::new(FileId(0), &content, &manifest);
    let value = reading.held(node, rule);
    (!reading.is_broken).then_some(value)
}

impl<'a> Reading<'a> {
    /// A document by its keys.
    fn draft(&mut self, node: Node<'a>) -> Free {
        let Shape::Map(entries) = node.shape else { return self.written(node) };
        let mut draft = Vec::with_capacity(entries.len());
        for (key, node) in entries {
            let value = match &*key.text {
                "meta" => self.free(node),
                "claims" => match node.shape {
                    Shape::Map(voices) => {
                        let each = voices.into_iter().map(|(voice, said)| (voice.text.into_owned(), self.draft(said)));
                        Free::Map(each.collect())
                    }
                    shape => self.written(Node { shape, place: node.place }),
                },
                "during" => self.during_draft(node),
                what if CHANGES.contains(&what) => self.changes(node),
                what => self.key(what, node),
            };
            draft.push((key.text.into_owned(), value));
        }
        Free::Map(draft)
    }

    /// What is held during an event: changes by their keys, or paths with their values.
    fn during_draft(&mut self, node: Node<'a>) -> Free {
        let is_by_key = matches!(&node.shape, Shape::Map(entries)
            if entries.iter().all(|(key, _)| CHANGES.contains(&&*key.text)));
        if is_by_key { self.draft(node) } else { self.changes(node) }
    }

    /// Paths with their values, or a list of paths.
    fn changes(&mut self, node: Node<'a>) -> Free {
        let manifest = self.manifest;
        match node.shape {
            Shape::Map(entries) => {
                let each = entries.into_iter().map(|(key, node)| {
                    let path = Path::parse(&key.text).ok();
                    let rule = path.and_then(|path| manifest.rule(&path));
                    (key.text.into_owned(), self.held(node, rule))
                });
                Free::Map(each.collect())
            }
            shape => self.written(Node { shape, place: node.place }),
        }
    }

    /// The value of a path, by the rule of the path.
    fn held(&mut self, node: Node<'a>, rule: Option<&PathRule>) -> Free {
        if matches!(rule.and_then(|rule| rule.holds.as_ref()), Some(Holds::One(Type::Date))) {
            return self.key("date", node);
        }
        match node.shape {
            Shape::Scalar(text, Style::Plain) => scalar(&text, rule),
            Shape::List(nodes) => Free::List(nodes.into_iter().map(|node| self.held(node, rule)).collect()),
            _ => self.free(node),
        }
    }

    /// The value of a key that is read as written.
    fn key(&mut self, key: &str, node: Node<'a>) -> Free {
        if !matches!(key, "date" | "until" | "known") || node.is_null() {
            return self.written(node);
        }
        match self.date_words(node) {
            Ok(words) => Free::Text(words.value.into_owned()),
            Err(node) => self.written(node),
        }
    }

    /// Texts as written, whatever the core schema would make of them.
    fn written(&mut self, node: Node<'a>) -> Free {
        if node.is_null() {
            return Free::Null;
        }
        match node.shape {
            Shape::Scalar(text, _) => Free::Text(text.into_owned()),
            Shape::List(nodes) => Free::List(nodes.into_iter().map(|node| self.written(node)).collect()),
            Shape::Map(entries) => {
                let each = entries.into_iter().map(|(key, node)| {
                    let value = self.key(&key.text, node);
                    (key.text.into_owned(), value)
                });
                Free::Map(each.collect())
            }
            Shape::Broken => {
                self.is_broken = true;
                Free::Null
            }
        }
    }
}

/// A plain scalar: as written where the rule of its path says so, else by the core schema.
fn scalar(text: &str, rule: Option<&PathRule>) -> Free {
    let is_as_written = match rule.and_then(|rule| rule.holds.as_ref()) {
        Some(Holds::One(of) | Holds::SetOf(of)) => matches!(of, Type::Text | Type::Date | Type::Entity),
        Some(Holds::OneOf(_) | Holds::SetOfWords(_)) => true,
        None => false,
    };
    if is_as_written && !tree::is_null(text) { Free::Text(text.to_owned()) } else { plain_free(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::Texts;

    fn manifest() -> Manifest {
        let paths = "asof: 1\npaths:\n  a.text: {type: text}\n  a.date: {type: date}\n  a.any: {label: Any}\n";
        let texts = Texts { files: vec![Text::new("chronicle.yaml", paths)], folder: "x".into(), own: 1 };
        let (manifest, faults) = super::super::manifest(&texts, &Default::default());
        assert_eq!(faults, []);
        manifest
    }

    fn text(text: &str) -> Free {
        Free::Text(text.into())
    }

    #[test]
    fn a_typed_value_is_what_a_file_would_say() {
        let manifest = manifest();
        let typed = |path: &str, words: &str| value(words, manifest.rule(&Path::parse(path).unwrap()));
        let number = |digits: &str| Free::Number(digits.into());
        for (path, words, expected) in [
            ("a.any", "2", number("2")),
            ("a.any", "012", number("12")),
            ("a.any", "true", Free::Truth(true)),
            ("a.any", "yes: no # so", text("yes: no # so")),
            ("a.any", "\"2\"", text("2")),
            ("a.any", "[a, 2]", Free::List(vec![text("a"), number("2")])),
            ("a.any", "{low: 1, high: 3}", Free::Map(vec![("low".into(), number("1")), ("high".into(), number("3"))])),
            ("a.any", "", Free::Null),
            ("a.text", "012", text("012")),
            ("a.text", "true", text("true")),
            ("a.date", "2022", text("2022")),
            ("a.date", "[2022-04-01..2022-04-04]", text("[2022-04-01..2022-04-04]")),
        ] {
            assert_eq!(typed(path, words), Some(expected), "{path}={words}");
        }
        for words in ["[a", "{low: 1", "\"a", "'tis", "[a] b", "{a: 1}\nb: 2"] {
            assert_eq!(typed("a.any", words), None, "{words}");
        }
    }

    #[test]
    fn a_draft_has_what_the_format_reads_as_written() {
        let manifest = manifest();
        let content = "date: 0012\nuntil: [1667, 1668]\ntitle: 2022\nset: {a.text: 012, a.any: 012}\n\
                       claims: {un: {set: {a.date: 0012}, sources: [{title: x, date: 1999}]}}\nmeta: {n: 012}\n";
        let (drafts, faults) = drafts(FileId(0), &Text::new("a.yaml", content), &manifest);
        assert_eq!(faults, []);
        let map = |keys: Vec<(&str, Free)>| Free::Map(keys.into_iter().map(|(k, v)| (k.to_owned(), v)).collect());
        let twelve = || Free::Number("12".into());
        let source = map(vec![("title", text("x")), ("date", text("1999"))]);
        let un = map(vec![("set", map(vec![("a.date", text("0012"))])), ("sources", Free::List(vec![source]))]);
        let expected = map(vec![
            ("date", text("0012")),
            ("until", text("[1667, 1668]")),
            ("title", text("2022")),
            ("set", map(vec![("a.text", text("012")), ("a.any", twelve())])),
            ("claims", map(vec![("un", un)])),
            ("meta", map(vec![("n", twelve())])),
        ]);
        assert_eq!(drafts[0].1, expected);
    }
}
