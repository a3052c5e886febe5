//! Citations and sources: on whose word. Shared by events and the manifest; knows nothing of which sources exist.

use super::reading::Reading;
use super::tree::{Entries, Key, Node, Shape};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::{Citation, Cited};
use crate::model::manifest::Source;
use crate::model::text::{Located, Place};

/// The keys of a source in the manifest; its id is the key it stands under.
pub const SOURCE: [&str; 9] =
    ["title", "publisher", "date", "url", "archived", "language", "reliability", "from", "meta"];

/// The keys of a source that is described where it is cited, in the order in which they are written.
pub const IN_PLACE: [&str; 12] = [
    "source",
    "id",
    "title",
    "publisher",
    "date",
    "url",
    "archived",
    "language",
    "reliability",
    "from",
    "quote",
    "page",
];

impl<'a> Reading<'a> {
    /// What an event or a claim cites: a list, or one alone.
    pub fn citations(&mut self, node: Node<'a>) -> Vec<Citation> {
        let items = self.items("sources", "a list of sources", node);
        items.into_iter().filter_map(|item| self.citation(item)).collect()
    }

    fn citation(&mut self, node: Node<'a>) -> Option<Citation> {
        let place = node.place;
        match node.shape {
            Shape::Scalar(..) if !node.is_null() => {
                let text = self.as_written("sources", node)?;
                let id = self.source_id(&text.value, place)?;
                Some(Citation { source: Cited::ById(id), quote: None, page: None, place })
            }
            Shape::Map(mut entries) => match entries.pop() {
                Some((key, node)) if entries.is_empty() && !IN_PLACE.contains(&&*key.text) => {
                    let id = self.source_id(&key.text, key.place);
                    let quote = self.text(&key.text, node)?;
                    Some(Citation { source: Cited::ById(id?), quote: Some(quote.value), page: None, place })
                }
                last => {
                    entries.extend(last);
                    let by_id = entries.iter().any(|(key, _)| key.text == "source");
                    if by_id { self.by_id(entries, place) } else { self.in_place(entries, place) }
                }
            },
            _ => {
                self.wrong("sources", "the id of a source, or a source in place", &node);
                None
            }
        }
    }

    fn source_id(&mut self, text: &str, place: Place) -> Option<Located<String>> {
        let id = self.as_slug(text, place);
        if id.is_none()
            && let Some(fault) = self.faults.last_mut()
        {
            fault.help = Some("write the id of a source, or describe it in place: `{title: …, url: …}`".to_owned());
        }
        id
    }

    /// `{source: id, quote, page}`.
    fn by_id(&mut self, entries: Entries<'a>, place: Place) -> Option<Citation> {
        let (mut id, mut quote, mut page) = (None, None, None);
        for (key, node) in entries {
            match &*key.text {
                "source" => id = self.slug("source", node),
                "quote" => quote = self.text("quote", node),
                "page" => page = self.text("page", node),
                _ => self.unknown_key(&key, "a citation by `source`", &["source", "quote", "page"]),
            }
        }
        let (quote, page) = (quote.map(|quote| quote.value), page.map(|page| page.value));
        Some(Citation { source: Cited::ById(id?), quote, page, place })
    }

    /// A whole source where it is cited.
    fn in_place(&mut self, entries: Entries<'a>, place: Place) -> Option<Citation> {
        let mut source = nameless(place);
        let (mut quote, mut page) = (None, None);
        let before = self.faults.len();
        for (key, node) in entries {
            match &*key.text {
                "id" => source.id = self.slug("id", node).map(|id| id.value),
                "quote" => quote = self.text("quote", node).map(|quote| quote.value),
                "page" => page = self.text("page", node).map(|page| page.value),
                _ => self.source_key(&mut source, key, node, "a source", &IN_PLACE),
            }
        }
        if source.id.is_none() && source.title.is_none() && source.url.is_none() && self.faults.len() == before {
            let fault = Diagnostic::new(Code::MissingKey, place, "a source without `id`, `url` or `title`");
            self.say(fault.help("write at least one of them, by which it is known again"));
        }
        Some(Citation { source: Cited::InPlace(Box::new(source)), quote, page, place })
    }

    /// A source of the manifest.
    pub fn source(&mut self, entries: Entries<'a>, id: String, place: Place) -> Source {
        let mut source = nameless(place);
        source.id = Some(id);
        for (key, node) in entries {
            self.source_key(&mut source, key, node, "a source", &SOURCE);
        }
        source
    }

    fn source_key(&mut self, source: &mut Source, key: Key<'a>, node: Node<'a>, of: &str, known: &[&'static str]) {
        let text = match &*key.text {
            "title" => &mut source.title,
            "publisher" => &mut source.publisher,
            "url" => &mut source.url,
            "archived" => &mut source.archived,
            "language" => &mut source.language,
            "date" => return source.date = self.date("date", node),
            "from" => return source.from = self.slug("from", node),
            "reliability" => return source.reliability = self.grade(node),
            "meta" if known.contains(&"meta") => {
                self.free(node);
                return;
            }
            _ => return self.unknown_key(&key, of, known),
        };
        *text = self.text(&key.text, node).map(|text| text.value);
    }

    fn grade(&mut self, node: Node<'a>) -> Option<char> {
        let text = self.text("reliability", node)?;
        let grades = ["A", "B", "C", "D", "E", "F"];
        if !grades.contains(&text.value.as_str()) {
            let upper = text.value.to_uppercase();
            let message = format!("`reliability` cannot be `{}`", text.value);
            let fault = Diagnostic::new(Code::BadWord, text.place, message);
            self.say(match grades.contains(&upper.as_str()) {
                true => fault.help(format!("did you mean `{upper}`?")),
                false => fault.help("write an Admiralty grade, `A` (reliable) to `E`, or `F` (cannot be judged)"),
            });
            return None;
        }
        text.value.chars().next()
    }
}

fn nameless(place: Place) -> Source {
    Source {
        id: None,
        title: None,
        publisher: None,
        date: None,
        url: None,
        archived: None,
        language: None,
        reliability: None,
        from: None,
        place,
    }
}
