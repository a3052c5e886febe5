//! One document → one event: its keys, each to the decoder that reads it. Knows nothing of other documents, so an id
//! that is left out stays empty here.

use super::change::{CHANGES, Changes, Scope};
use super::reading::Reading;
use super::tree::{Key, Node, Shape};
use crate::model::date::Date;
use crate::model::diagnostic::{Code, Diagnostic, nearest};
use crate::model::event::{Citation, Confidence, Event, Free};
use crate::model::path::{is_slug, normal};
use crate::model::text::{Located, Place};

/// The keys of an event (1-format, An event).
pub const KEYS: [&str; 25] = [
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
    "allow",
    "meta",
];

/// What of an event has been read so far.
#[derive(Default)]
struct Draft {
    date: Option<Located<Date>>,
    has_date: bool,
    title: Option<Located<String>>,
    title_place: Option<Place>,
    id: Option<Located<String>>,
    summary: Option<Located<String>>,
    until: Option<Located<Date>>,
    has_end: bool,
    known: Option<Located<Date>>,
    kind: Option<Located<String>>,
    at: Option<Located<String>>,
    actors: Vec<Located<String>>,
    tags: Vec<Located<String>>,
    sources: Vec<Citation>,
    confidence: Option<Located<Confidence>>,
    because: Vec<Located<String>>,
    after: Vec<Located<String>>,
    replaces: Vec<Located<String>>,
    changes: Changes,
    allow: Vec<(Code, Located<String>)>,
    meta: Option<Free>,
    /// The keys that unknown ones were likely meant to be.
    meant: Vec<&'static str>,
}

impl<'a> Reading<'a> {
    /// The event that a document is, with every fault of it reported.
    pub fn event(&mut self, node: Node<'a>) -> Option<Event> {
        let place = node.place;
        let mut draft = Draft::default();
        for (key, node) in self.map("an event", "a mapping", node)? {
            if CHANGES.contains(&&*key.text) {
                let scope = Scope { voice: None, during: false };
                self.change(&key.text, node, scope, &mut draft.changes);
            } else {
                self.event_key(&key, node, &mut draft);
            }
        }
        self.conflicts(&draft.changes.all);
        self.finish(draft, place)
    }

    fn event_key(&mut self, key: &Key<'a>, node: Node<'a>, draft: &mut Draft) {
        let what = &*key.text;
        match what {
            "date" => {
                draft.has_date = true;
                draft.date = self.one_date(what, node);
            }
            "title" => {
                draft.title_place = Some(node.place);
                draft.title = self.line(what, node);
            }
            "id" => draft.id = self.id(node),
            "summary" => draft.summary = self.text(what, node),
            "until" => {
                draft.has_end = true;
                draft.until = self.one_date(what, node);
            }
            "known" => draft.known = self.one_date(what, node),
            "kind" => draft.kind = self.slug(what, node),
            "place" => {
                draft.at = self.slug(what, node);
                self.known_entities(draft.at.as_slice());
            }
            "actors" => {
                draft.actors = self.slugs(what, node);
                self.known_entities(&draft.actors);
            }
            "tags" => draft.tags = self.slugs(what, node),
            "sources" => draft.sources = self.citations(node),
            "confidence" => draft.confidence = self.confidence(node),
            "because" => draft.because = self.references(what, node),
            "after" => draft.after = self.references(what, node),
            "replaces" => draft.replaces = self.references(what, node),
            "during" => self.during(key, node, None, &mut draft.changes),
            "claims" => self.claims(node, &mut draft.changes),
            "allow" => draft.allow = self.allow(node),
            "meta" => draft.meta = Some(self.free(node)),
            _ => {
                draft.meant.extend(nearest(what, KEYS));
                self.unknown_key(key, "an event", &KEYS);
            }
        }
    }

    fn finish(&mut self, draft: Draft, place: Place) -> Option<Event> {
        let name_place = draft.id.as_ref().map(|id| id.place).or(draft.title_place).unwrap_or(place);
        if draft.title_place.is_none() && !draft.meant.contains(&"title") {
            let fault = Diagnostic::new(Code::MissingKey, name_place, "an event without a `title`");
            self.say(fault.help("write in one line what happened"));
        }
        if !draft.has_date && !draft.meant.contains(&"date") {
            let fault = Diagnostic::new(Code::MissingKey, name_place, "an event without a `date`");
            self.say(fault.help("write when it happened, such as `date: 2022-04-12`, or `2022-04~` for about then"));
        }
        let when = match &draft.date {
            Some(date) => self.when(date, draft.until.as_ref(), draft.known.as_ref()),
            None => None,
        };
        // Whether it lasts is known only of a date that could be read.
        let is_instant = when.is_some_and(|when| when.ending.is_none()) && !draft.has_end;
        for during in draft.changes.during.iter().filter(|_| is_instant) {
            let fault = Diagnostic::new(Code::DoesNotLast, *during, "`during` in an event that does not last");
            self.say(fault.help("give it an `until`, or an interval as `date`, such as `2022-02-24/2022-03-30`"));
        }
        let Draft { date, title, id, .. } = draft;
        Some(Event {
            id: id.map(|id| id.value).unwrap_or_default(),
            id_by_place: false,
            place,
            name_place,
            date: date?,
            title: title?,
            summary: draft.summary,
            until: draft.until,
            known: draft.known,
            when: when?,
            kind: draft.kind,
            at: draft.at,
            actors: draft.actors,
            tags: draft.tags,
            sources: draft.sources,
            confidence: draft.confidence,
            because: draft.because,
            after: draft.after,
            replaces: draft.replaces,
            changes: draft.changes.all,
            claim_sources: draft.changes.sources,
            allow: draft.allow,
            meta: draft.meta,
        })
    }

    fn id(&mut self, node: Node<'a>) -> Option<Located<String>> {
        let id = self.slug("id", node)?;
        if is_date(&id.value) {
            self.say(id_is_date(&id.value, id.place));
            return None;
        }
        Some(id)
    }

    fn known_entities(&mut self, slugs: &[Located<String>]) {
        for slug in slugs {
            let _ = self.known_entity(&slug.value, slug.place);
        }
    }

    /// Ids of events, which may be made of a place in a file: `import#12`.
    fn references(&mut self, what: &str, node: Node<'a>) -> Vec<Located<String>> {
        let items = self.items(what, "a list of event ids", node);
        let mut references = Vec::with_capacity(items.len());
        for item in items {
            let Some(text) = self.as_written(what, item) else { continue };
            let by_place = |(stem, number): (&str, &str)| {
                is_slug(stem) && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
            };
            if is_slug(&text.value) || text.value.split_once('#').is_some_and(by_place) {
                references.push(Located::new(normal(&text.value).into_owned(), text.place));
            } else {
                let fault =
                    Diagnostic::new(Code::BadSlug, text.place, format!("`{}` is not the id of an event", text.value));
                self.say(fault.help("an id is letters, digits, `-`, `_` and, not first, `.`"));
            }
        }
        references
    }

    fn confidence(&mut self, node: Node<'a>) -> Option<Located<Confidence>> {
        let text = self.text("confidence", node)?;
        let all = [Confidence::High, Confidence::Medium, Confidence::Low];
        let found = all.into_iter().find(|confidence| confidence.name() == text.value);
        if found.is_none() {
            self.bad_word("confidence", &text.value, text.place, all.iter().map(|confidence| confidence.name()));
        }
        found.map(|confidence| Located::new(confidence, text.place))
    }

    fn allow(&mut self, node: Node<'a>) -> Vec<(Code, Located<String>)> {
        let entries = self.map("allow", "a mapping of rules to reasons", node).unwrap_or_default();
        let mut allowed = Vec::with_capacity(entries.len());
        for (key, node) in entries {
            let code = self.rule_named(&key);
            let reason = self.line(&key.text, node);
            allowed.extend(code.zip(reason));
        }
        allowed
    }

    /// The rule that a key names.
    pub fn rule_named(&mut self, key: &Key<'a>) -> Option<Code> {
        let code = Code::named(&key.text);
        if code.is_some_and(Code::is_rule) {
            return code;
        }
        let (message, names): (String, Vec<&str>) = match code {
            Some(_) => (format!("`{}` is a fault of loading, and no house rule", key.text), Vec::new()),
            None => {
                let rules = Code::ALL.iter().filter(|code| code.is_rule()).map(|code| code.name());
                (format!("there is no rule `{}`", key.text), rules.collect())
            }
        };
        let help =
            self.meant(&key.text, names, "rules are those that `asof explain` lists from `reference-by-place` on");
        self.say(Diagnostic::new(Code::BadWord, key.place, message).help(help));
        None
    }

    /// Reports a document that is neither event nor expectation, or both.
    pub fn unknown_document(&mut self, node: &Node) {
        let Shape::Map(entries) = &node.shape else {
            if matches!(node.shape, Shape::Broken) {
                self.is_broken = true;
                return;
            }
            let message = format!("{} where an event or an expectation is wanted", node.shape_name());
            let fault = Diagnostic::new(Code::UnknownDocument, node.place, message);
            self.say(fault.help("an event is a mapping with `date` and `title`"));
            return;
        };
        let place_of = |name: &str| entries.iter().find(|(key, _)| key.text == name).map(|(key, _)| key.place);
        if let (Some(title), Some(expect)) = (place_of("title"), place_of("expect")) {
            let (first, second) = (title.min(expect), title.max(expect));
            let fault = Diagnostic::new(Code::UnknownDocument, second, "a document with both `title` and `expect`");
            self.say(
                fault
                    .note("the other is here", Some(first))
                    .help("write two documents: an event has `title`, an expectation `expect`"),
            );
            return;
        }
        let near = |(key, _): &(Key, Node)| nearest(&key.text, ["title", "expect"]).map(|near| (near, key.place));
        let place = entries.first().map_or(node.place, |(key, _)| key.place);
        let (help, place) = match entries.iter().find_map(near) {
            Some((near, place)) => (format!("did you mean `{near}`?"), place),
            None => ("an event has a `title`, an expectation has `expect`".to_owned(), place),
        };
        let message = "a document with neither `title` nor `expect`";
        self.say(Diagnostic::new(Code::UnknownDocument, place, message).help(help));
    }
}

/// Whether an id could be taken for a date. Every date has a digit, a bracket or a dot in front, or `Y`.
pub(super) fn is_date(id: &str) -> bool {
    id.starts_with(|c: char| !c.is_alphabetic() || c == 'Y') && Date::parse(id).is_ok()
}

pub(super) fn id_is_date(id: &str, place: Place) -> Diagnostic {
    Diagnostic::new(Code::IdIsDate, place, format!("the id `{id}` is itself a date"))
        .help(format!("add a word to it, such as `{id}-signing`"))
}
