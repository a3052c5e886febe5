//! The shape of `asof schema`: JSON Schema 2020-12 of what a reader of YAML 1.2 makes of a chronicle's files. A word that
//! such a reader takes for a number or a truth is allowed as that, too, since the format reads it as written. Patterns are
//! those of ECMA 262, and say the same with its flag `u` as without.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::Keys;
use crate::ask::Schema;
use crate::model::decimal::{Decimal, is_number};
use crate::model::diagnostic::Code;
use crate::model::manifest::{Entity, Source, Voice};
use crate::render::shape::Shape;

mod manifest;
mod paths;

pub use manifest::{Table, manifest};
use paths::paths;

/// What a slug and a segment of a path may hold: letters of any script are whatever is no blank and no mark of ASCII.
const WORD: &str = r"[^\s!-,.\/:-@\[-\^`{-~]";

/// A schema of files of events and expectations: one document, several, or a list.
pub fn schema<'a>(schema: &'a Schema<'a>) -> Shape<'a> {
    let document = Shape::map([
        ("if", Shape::map([("required", Shape::list(["expect"]))])),
        ("then", to("expectation")),
        ("else", to("event")),
    ]);
    let mut defs: Keys = vec![
        entry("document", document),
        entry("event", event(schema)),
        entry("expectation", expectation(schema)),
        entry("claim", claim()),
        entry("citation", citation(schema)),
    ];
    defs.extend(names(schema));
    defs.extend(scalars());
    defs.extend(paths(schema));
    whole(
        format!("Event files of {}", schema.chronicle),
        [
            entry("if", Shape::map([("type", "array".into())])),
            entry("then", list(to("document"))),
            entry("else", to("document")),
        ],
        defs,
    )
}

/// A schema with its title and definitions.
fn whole<'a>(title: String, root: impl IntoIterator<Item = (Cow<'a, str>, Shape<'a>)>, defs: Keys<'a>) -> Shape<'a> {
    let mut keys: Keys =
        vec![entry("$schema", "https://json-schema.org/draft/2020-12/schema".into()), entry("title", title.into())];
    keys.extend(root);
    keys.push(entry("$defs", Shape::Map(defs)));
    Shape::Map(keys)
}

fn entry<'a>(name: &'a str, shape: Shape<'a>) -> (Cow<'a, str>, Shape<'a>) {
    (Cow::Borrowed(name), shape)
}

fn any_of<'a>(shapes: impl IntoIterator<Item = Shape<'a>>) -> Shape<'a> {
    Shape::map([("anyOf", Shape::List(shapes.into_iter().collect()))])
}

fn list(items: Shape<'_>) -> Shape<'_> {
    Shape::map([("type", "array".into()), ("items", items)])
}

/// A reference to a definition.
fn to<'a>(definition: &str) -> Shape<'a> {
    Shape::map([("$ref", format!("#/$defs/{definition}").into())])
}

/// The same with what an editor shows of it.
fn told<'a>(definition: &str, description: &'a str) -> Shape<'a> {
    Shape::map([("$ref", format!("#/$defs/{definition}").into()), ("description", description.into())])
}

/// A list of what a definition says, or one alone.
fn some_of<'a>(definition: &str, description: &'a str) -> Shape<'a> {
    Shape::map([
        ("anyOf", Shape::List(vec![list(to(definition)), to(definition)])),
        ("description", description.into()),
    ])
}

/// A mapping with these keys and no others.
fn object<'a>(properties: Keys<'a>, required: &[&'static str]) -> Shape<'a> {
    let mut keys: Keys = vec![entry("type", "object".into()), entry("properties", Shape::Map(properties))];
    if !required.is_empty() {
        keys.push(entry("required", Shape::list(required.iter().copied())));
    }
    keys.push(entry("additionalProperties", false.into()));
    Shape::Map(keys)
}

fn event<'a>(schema: &'a Schema<'a>) -> Shape<'a> {
    let voices = "What voices assert and the record does not";
    let rules = Code::ALL.iter().filter(|code| code.is_rule()).map(|code| entry(code.name(), to("line")));
    let mut allow = object(rules.collect(), &[]);
    describe(&mut allow, "House rules that this event may break, and why");
    let keys = vec![
        entry("date", told("date", "When it happened: EDTF, such as 2022-04~, or an instant with its offset")),
        entry("title", told("line", "What happened, in one line")),
        entry("id", told("slug", "Unique in the chronicle; left out, the name of the file")),
        entry("summary", told("text", "A few sentences")),
        entry("until", told("date", "From when on it no longer was so")),
        entry("known", told("date", "When it became publicly known, if not at once")),
        entry("kind", told("kind", "What sort of event it is")),
        entry("place", told("entity", "Where")),
        entry("actors", some_of("entity", "Who took part")),
        entry("tags", some_of("tag", "For filters")),
        entry("sources", some_of("citation", "Where this is from")),
        entry("confidence", Shape::map([("enum", Shape::list(["high", "medium", "low"]))])),
        entry("because", some_of("event-id", "What it answers to or grows out of")),
        entry("after", some_of("event-id", "What it comes after, without cause")),
        entry("replaces", some_of("event-id", "What is void once this is known")),
        entry("set", told("set", "From this event on these paths have these values")),
        entry("unset", some_of("unset", "From this event on these paths have none")),
        entry("add", told("members", "Puts members into sets")),
        entry("remove", told("members", "Takes members out of sets")),
        entry("increase", told("amounts", "Adds to numbers")),
        entry("decrease", told("amounts", "Takes from numbers")),
        entry("during", told("during", "What holds while the event lasts")),
        entry("claims", by_voice(schema, voices)),
        entry("allow", allow),
        entry("meta", Shape::map([("description", "Anything; carried through, never interpreted".into())])),
    ];
    object(keys, &["date", "title"])
}

fn expectation<'a>(schema: &'a Schema<'a>) -> Shape<'a> {
    let voice = match &schema.manifest.voices {
        Some(voices) => to_names(voices.iter().map(|(id, voice)| (id.as_str(), voice_name(voice)))),
        None => hinted(schema.voices.iter().map(|voice| (*voice, None))),
    };
    let keys = vec![
        entry("as_of", told("moment", "As of the end of this date, or just after this event")),
        entry("known_by", told("moment", "Only what was publicly known by then")),
        entry("according_to", voice),
        entry("only", some_of("text", "Only events that match")),
        entry("without", some_of("text", "As if events that match had not happened")),
        entry("expect", told("expected", "What is expected of which path")),
    ];
    object(keys, &["expect"])
}

fn claim<'a>() -> Shape<'a> {
    let held = vec![
        entry("set", to("set")),
        entry("unset", some_of("unset", "What the voice no longer claims")),
        entry("during", to("claimed-during")),
        entry("sources", some_of("citation", "On whose word this claim is")),
    ];
    object(held, &[])
}

fn by_voice<'a>(schema: &'a Schema<'a>, description: &'a str) -> Shape<'a> {
    let known = schema.manifest.voices.as_ref();
    let name = |voice: &str| known.and_then(|voices| voices.get(voice)).and_then(voice_name);
    let ids: Vec<&str> = match known {
        Some(voices) => voices.keys().map(String::as_str).collect(),
        None => schema.voices.clone(),
    };
    let claims =
        ids.iter().flat_map(|id| spellings(id).into_iter().map(|spelled| (spelled, name(id)))).map(|(id, name)| {
            let claim = name.map_or_else(|| to("claim"), |name| told("claim", name));
            (Cow::Owned(id), claim)
        });
    Shape::map([
        ("type", "object".into()),
        ("description", description.into()),
        ("properties", Shape::Map(claims.collect())),
        ("additionalProperties", if known.is_some() { false.into() } else { to("claim") }),
    ])
}

fn voice_name(voice: &Voice) -> Option<&str> {
    voice.name.as_deref()
}

/// What an event or a claim cites.
fn citation<'a>(schema: &'a Schema<'a>) -> Shape<'a> {
    let text = || to("text");
    let mut in_place = object(source_keys(), &[]);
    if let Shape::Map(keys) = &mut in_place {
        let named = ["id", "url", "title"].map(|name| Shape::map([("required", Shape::list([name]))]));
        keys.push(entry("anyOf", Shape::List(named.into())));
        if let Some((_, Shape::Map(properties))) = keys.iter_mut().find(|(name, _)| name == "properties") {
            let own = [entry("id", to("slug")), entry("quote", text()), entry("page", text())];
            properties.extend(own);
        }
    }
    let by_id =
        object(vec![entry("source", to("source-id")), entry("quote", text()), entry("page", text())], &["source"]);
    let quotes = described(schema).map(|(id, _)| id).flat_map(spellings).map(|id| (Cow::Owned(id), to("text")));
    let quoted = Shape::map([
        ("type", "object".into()),
        ("minProperties", 1usize.into()),
        ("maxProperties", 1usize.into()),
        ("properties", Shape::Map(quotes.collect())),
        ("additionalProperties", if schema.manifest.sources.is_some() { false.into() } else { text() }),
    ]);
    any_of([to("source-id"), quoted, by_id, in_place])
}

/// The keys by which a source is described, in the manifest or in place.
fn source_keys<'a>() -> Keys<'a> {
    let mut keys: Keys =
        ["title", "publisher", "url", "archived", "language"].map(|name| entry(name, to("text"))).into();
    keys.push(entry("date", to("any-date")));
    keys.push(entry("reliability", Shape::map([("enum", Shape::list(["A", "B", "C", "D", "E", "F"]))])));
    keys.push(entry("from", to("source-id")));
    keys
}

/// The sources that are described somewhere.
fn described<'a>(schema: &'a Schema<'a>) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
    let sources = schema.sources.iter().filter_map(|(id, source)| Some((*id, (*source)?)));
    sources.map(|(id, source): (&str, &Source)| (id, source.title.as_deref()))
}

/// The definitions of names: those of the manifest alone where it lists them, else any, with those in use as hints.
fn names<'a>(schema: &'a Schema<'a>) -> Keys<'a> {
    let entity_name = |entity: &'a Entity| entity.name.as_deref();
    let entity = match &schema.manifest.entities {
        Some(entities) => to_names(entities.iter().map(|(id, entity)| (id.as_str(), entity_name(entity)))),
        None => hinted(schema.entities.iter().map(|id| (*id, None))),
    };
    let source = match &schema.manifest.sources {
        Some(_) => to_names(described(schema)),
        None => hinted(described(schema)),
    };
    let events = schema.events.iter().map(|(id, title)| (*id, Some(*title)));
    vec![
        entry("entity", entity),
        entry("source-id", source),
        entry("event-id", if schema.is_whole { to_names(events) } else { any_of([to_names(events), to("text")]) }),
        entry("kind", hinted(schema.kinds.iter().map(|kind| (*kind, None)))),
        entry("tag", hinted(schema.tags.iter().map(|tag| (*tag, None)))),
    ]
}

/// One of these words, and no other; with what an editor shows of each.
fn to_names<'a>(names: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> Shape<'a> {
    let (mut words, mut descriptions) = (Vec::new(), Vec::new());
    for (name, description) in names {
        for word in readings(name) {
            words.push(word);
            descriptions.push(Shape::from(description.unwrap_or("")));
        }
    }
    let is_told = descriptions.iter().any(|description| *description != Shape::from(""));
    let mut keys: Keys = vec![entry("enum", Shape::List(words))];
    if is_told {
        keys.push(entry("enumDescriptions", Shape::List(descriptions)));
    }
    // An empty list of words is none in JSON Schema.
    if matches!(&keys[0].1, Shape::List(words) if words.is_empty()) {
        Shape::map([("not", Shape::map([]))])
    } else {
        Shape::Map(keys)
    }
}

/// Any slug; an editor offers these.
fn hinted<'a>(names: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> Shape<'a> {
    let mut names = names.peekable();
    if names.peek().is_none() {
        return to("slug");
    }
    any_of([to_names(names), to("slug")])
}

/// The definitions of scalars as they stand in YAML.
fn scalars<'a>() -> Keys<'a> {
    let of = |types: &[&'static str], pattern: Option<String>| {
        let mut keys: Keys = vec![entry("type", Shape::list(types.iter().copied()))];
        keys.extend(pattern.map(|pattern| entry("pattern", pattern.into())));
        Shape::Map(keys)
    };
    let scalar = ["string", "number", "boolean"];
    // What no date is written without, and nothing that stands in none.
    let date = r"^[0-9A-Za-z?~%.,:+\/\[\]{} -]*[0-9.][0-9A-Za-z?~%.,:+\/\[\]{} -]*$".to_owned();
    let part = || Shape::map([("type", "number".into())]);
    let mut estimate = object(vec![entry("low", part()), entry("best", part()), entry("high", part())], &[]);
    if let Shape::Map(keys) = &mut estimate {
        keys.push(entry("minProperties", 1usize.into()));
    }
    vec![
        entry("text", of(&scalar, None)),
        entry("line", of(&scalar, Some(r"^\s*\S[^\n\r]*\s*$".to_owned()))),
        entry("slug", of(&scalar, Some(format!("^{WORD}(?:{WORD}|\\.)*$")))),
        entry("moment", of(&["string", "number", "array"], None)),
        entry("date", of(&["string", "number", "array"], Some(date.clone()))),
        entry("any-date", of(&["string", "number", "array", "object"], Some(date))),
        entry("estimate", estimate),
    ]
}

fn describe<'a>(shape: &mut Shape<'a>, description: &'a str) {
    if let Shape::Map(keys) = shape {
        keys.insert(0, entry("description", description.into()));
    }
}

/// A word in its spellings: composed and decomposed are the same to the format (1-format, Changes).
fn spellings(word: &str) -> Vec<String> {
    let decomposed: String = word.nfd().collect();
    if decomposed == word { vec![word.to_owned()] } else { vec![word.to_owned(), decomposed] }
}

/// What a reader of YAML may take a word for.
fn readings<'a>(word: &str) -> Vec<Shape<'a>> {
    let mut readings: Vec<Shape> = spellings(word).into_iter().map(Shape::from).collect();
    match word {
        "true" | "True" | "TRUE" => readings.push(true.into()),
        "false" | "False" | "FALSE" => readings.push(false.into()),
        _ if is_number(word) => readings.extend(Decimal::parse(word).map(|number| Shape::Number(number.to_string()))),
        _ => {}
    }
    readings
}
