//! An event as the document that it is written as (1-format), so that what goes out can come back whole. A source is
//! described where it is cited, as the manifest stays behind. Knows nothing of the forms that carry it.

use std::collections::BTreeMap;

use super::import::text;
use crate::ask::{EventRow, SourceRow};
use crate::model::event::{Change, Event, Free, Target};
use crate::model::text::Located;
use crate::model::value::{Scalar, Value};

/// The keys of a mapping with their values.
pub type Keys = Vec<(String, Free)>;

/// An event as a document, in the order of 1-format; what it does not say has no key.
pub fn document(row: &EventRow) -> Keys {
    let event = row.event;
    let mut keys = Keys::new();
    let mut put = |name: &str, value: Free| {
        if !matches!(&value, Free::Null) && value != Free::List(vec![]) && value != Free::Map(vec![]) {
            keys.push((name.to_owned(), value));
        }
    };
    put("date", text(event.date.value.text()));
    put("title", text(&event.title.value));
    put("id", text(&id(event)));
    put("summary", word(&event.summary));
    put("until", event.until.as_ref().map_or(Free::Null, |date| text(date.value.text())));
    put("known", event.known.as_ref().map_or(Free::Null, |date| text(date.value.text())));
    put("kind", word(&event.kind));
    put("place", word(&event.at));
    put("actors", words(&event.actors));
    put("tags", words(&event.tags));
    put("sources", sources(&row.sources));
    put("confidence", event.confidence.as_ref().map_or(Free::Null, |confidence| text(confidence.value.name())));
    put("because", links(&event.because));
    put("after", links(&event.after));
    put("replaces", links(&event.replaces));
    for (name, value) in changes(event, None) {
        put(&name, value);
    }
    put("claims", claims(row));
    let reason = |(rule, reason): &(crate::model::diagnostic::Code, Located<String>)| {
        (rule.name().to_owned(), text(&reason.value))
    };
    put("allow", Free::Map(event.allow.iter().map(reason).collect()));
    put("meta", event.meta.clone().unwrap_or(Free::Null));
    keys
}

/// The id of an event as it can be written: one that is made of its place in a file has a sign that no id has.
pub fn id(event: &Event) -> String {
    link(&event.id)
}

fn link(id: &str) -> String {
    id.replace('#', "-")
}

fn word(word: &Option<Located<String>>) -> Free {
    word.as_ref().map_or(Free::Null, |word| text(&word.value))
}

fn words(words: &[Located<String>]) -> Free {
    Free::List(words.iter().map(|word| text(&word.value)).collect())
}

fn links(ids: &[Located<String>]) -> Free {
    Free::List(ids.iter().map(|id| Free::Text(link(&id.value))).collect())
}

fn sources(rows: &[SourceRow]) -> Free {
    let one = |row: &SourceRow| {
        let mut keys = Keys::new();
        let mut put = |name: &str, value: Option<&str>| keys.extend(value.map(|value| (name.to_owned(), text(value))));
        let source = row.described();
        put(if source.is_some() { "id" } else { "source" }, row.id());
        if let Some(source) = source {
            put("title", source.title.as_deref());
            put("publisher", source.publisher.as_deref());
            put("date", source.date.as_ref().map(|date| date.value.text()));
            put("url", source.url.as_deref());
            put("archived", source.archived.as_deref());
            put("language", source.language.as_deref());
            put("reliability", source.reliability.map(String::from).as_deref());
            put("from", source.from.as_ref().map(|from| from.value.as_str()));
        }
        put("quote", row.citation.quote.as_deref());
        put("page", row.citation.page.as_deref());
        Free::Map(keys)
    };
    Free::List(rows.iter().map(one).collect())
}

fn claims(row: &EventRow) -> Free {
    let event = row.event;
    let own = |voice: &str| row.claim_sources.iter().find(|(speaker, _)| *speaker == voice);
    let mut voices: Vec<&str> = Vec::new();
    for voice in event.changes.iter().filter_map(|change| change.voice.as_deref()) {
        if !voices.contains(&voice) {
            voices.push(voice);
        }
    }
    let claim = |voice: &str| {
        let mut keys = changes(event, Some(voice));
        keys.extend(own(voice).map(|(_, rows)| ("sources".to_owned(), sources(rows))));
        (voice.to_owned(), Free::Map(keys))
    };
    Free::Map(voices.into_iter().map(claim).collect())
}

/// What the record, or a voice, changes: by the key that writes it, what is held last under `during`.
fn changes(event: &Event, voice: Option<&str>) -> Keys {
    let written = |during: bool| -> Keys {
        let own = |change: &&Change| change.voice.as_deref() == voice && change.during == during;
        let mut by_key: BTreeMap<(u8, &str), Vec<&Change>> = BTreeMap::new();
        for change in event.changes.iter().filter(own) {
            by_key.entry((change.does.rank(false), change.does.name())).or_default().push(change);
        }
        by_key.into_iter().map(|((_, name), changes)| (name.to_owned(), of_one_key(&changes))).collect()
    };
    let mut keys = written(false);
    let during = written(true);
    if !during.is_empty() {
        keys.push(("during".to_owned(), Free::Map(during)));
    }
    keys
}

/// The changes under one key: of `unset` a list of paths, of any other a mapping.
fn of_one_key(changes: &[&Change]) -> Free {
    let is_unset = changes.iter().all(|change| change.does.value().is_none());
    if is_unset {
        return Free::List(changes.iter().map(|change| text(target(change))).collect());
    }
    let entry = |change: &&Change| Some((target(change).to_owned(), value(change.does.value()?)));
    Free::Map(changes.iter().filter_map(entry).collect())
}

/// What a change speaks of, as it is written.
pub fn target(change: &Change) -> &str {
    match &change.target.value {
        Target::Path(path) => path.as_str(),
        Target::Pattern(pattern) => pattern.as_str(),
    }
}

/// A value as free data.
pub fn value(value: &Value) -> Free {
    let scalar = |scalar: &Scalar| match scalar {
        Scalar::Truth(truth) => Free::Truth(*truth),
        Scalar::Number(number) => Free::Number(number.to_string()),
        Scalar::Text(words) => text(words),
    };
    match value {
        Value::Scalar(one) => scalar(one),
        Value::Set(members) => Free::List(members.iter().map(scalar).collect()),
        Value::Estimate(estimate) => {
            Free::Map(estimate.parts().map(|(name, part)| (name.to_owned(), Free::Number(part.to_string()))).collect())
        }
    }
}
