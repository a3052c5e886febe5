//! The shapes of an event, its sources and its changes.

use std::borrow::Cow;

use super::{Keys, key, moment, value};
use crate::ask::{EventRow, SourceRow};
use crate::model::date::Date;
use crate::model::decimal::Decimal;
use crate::model::decimal::is_json_number;
use crate::model::event::{Change, Free, Target};
use crate::model::manifest::Source;
use crate::model::text::Located;
use crate::render::shape::Shape;

fn words(words: &[Located<String>]) -> Shape<'_> {
    Shape::list(words.iter().map(|word| &word.value))
}

fn word(word: &Option<Located<String>>) -> Shape<'_> {
    word.as_ref().map(|word| &word.value).into()
}

fn written(date: &Option<Located<Date>>) -> Shape<'_> {
    date.as_ref().map(|date| date.value.text()).into()
}

/// An event whole.
pub(super) fn event<'a>(row: &'a EventRow<'a>) -> Shape<'a> {
    Shape::Map(event_keys(row))
}

/// The keys of an event, for what adds some.
pub(super) fn event_keys<'a>(row: &'a EventRow<'a>) -> Keys<'a> {
    let event = row.event;
    let claim_sources = row.claim_sources.iter().map(|(voice, rows)| (*voice, sources(rows)));
    let allow = event.allow.iter().map(|(rule, reason)| (rule.name(), (&reason.value).into()));
    let keys: [(&str, Shape); 25] = [
        ("id", (&event.id).into()),
        ("date", event.date.value.text().into()),
        ("earliest", moment(event.when.written.start)),
        ("latest", moment(event.when.written.end)),
        ("certain_from", moment(event.when.start.end)),
        ("certain", row.certain.into()),
        ("until", written(&event.until)),
        ("known", written(&event.known)),
        ("title", (&event.title.value).into()),
        ("summary", word(&event.summary)),
        ("kind", word(&event.kind)),
        ("place", word(&event.at)),
        ("actors", words(&event.actors)),
        ("tags", words(&event.tags)),
        ("because", words(&event.because)),
        ("after", words(&event.after)),
        ("replaces", words(&event.replaces)),
        ("sources", sources(&row.sources)),
        ("claim_sources", Shape::map(claim_sources)),
        ("confidence", event.confidence.as_ref().map(|confidence| confidence.value.name()).into()),
        ("changes", Shape::List(event.changes.iter().map(change).collect())),
        ("allow", Shape::map(allow)),
        ("meta", event.meta.as_ref().map_or(Shape::Map(Vec::new()), free)),
        ("file", row.file.into()),
        ("line", row.line.into()),
    ];
    keys.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect()
}

fn sources<'a>(rows: &'a [SourceRow<'a>]) -> Shape<'a> {
    let one = |row: &'a SourceRow<'a>| {
        let mut keys = key("source", row.id());
        keys.extend(source_keys(row.described()));
        keys.extend(key("quote", row.citation.quote.as_deref()));
        keys.extend(key("page", row.citation.page.as_deref()));
        Shape::Map(keys)
    };
    Shape::List(rows.iter().map(one).collect())
}

/// What a source is, without its id.
pub(super) fn source_keys(source: Option<&Source>) -> Keys<'_> {
    let keys: [(&str, Shape); 7] = [
        ("title", source.and_then(|source| source.title.as_deref()).into()),
        ("publisher", source.and_then(|source| source.publisher.as_deref()).into()),
        ("date", source.and_then(|source| source.date.as_ref()).map(|date| date.value.text()).into()),
        ("url", source.and_then(|source| source.url.as_deref()).into()),
        ("archived", source.and_then(|source| source.archived.as_deref()).into()),
        ("language", source.and_then(|source| source.language.as_deref()).into()),
        ("reliability", source.and_then(|source| source.reliability).map(String::from).into()),
    ];
    keys.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect()
}

fn target(target: &Target) -> &str {
    match target {
        Target::Path(path) => path.as_str(),
        Target::Pattern(pattern) => pattern.as_str(),
    }
}

fn change(change: &Change) -> Shape<'_> {
    Shape::map([
        ("path", target(&change.target.value).into()),
        ("change", change.does.name().into()),
        ("value", change.does.value().map_or(Shape::Null, value)),
        ("voice", change.voice.as_deref().into()),
        ("during", change.during.into()),
    ])
}

/// Free-form data as it was written; a number that JSON does not write so (`012`, `0x1F`) by its value, and one that is
/// none in JSON (`.inf`) as text.
pub fn free(data: &Free) -> Shape<'_> {
    match data {
        Free::Null => Shape::Null,
        Free::Truth(truth) => (*truth).into(),
        Free::Number(text) if is_json_number(text) => Shape::Number(text.clone()),
        Free::Number(text) => match Decimal::parse(text) {
            Some(number) => Shape::Number(number.to_string()),
            None => text.into(),
        },
        Free::Text(text) => text.into(),
        Free::List(items) => Shape::List(items.iter().map(free).collect()),
        Free::Map(keys) => Shape::map(keys.iter().map(|(name, value)| (name.as_str(), free(value)))),
    }
}
