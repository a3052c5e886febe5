//! The schema of the manifest and of the tables beside it, which is the same for every chronicle but for the names of
//! sources and voices. Knows nothing of events.

use super::{Keys, any_of, entry, list, names, object, scalars, some_of, source_keys, to, told, whole};
use crate::ask::Schema;
use crate::model::diagnostic::Code;
use crate::model::manifest::Type;
use crate::render::shape::Shape;

/// The manifest, or one of its tables in a file of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Table {
    /// `chronicle.yaml`
    Manifest,
    /// `entities.yaml`
    Entities,
    /// `voices.yaml`
    Voices,
    /// `sources.yaml`
    Sources,
    /// `paths.yaml`
    Paths,
}

impl Table {
    fn name(self) -> &'static str {
        match self {
            Table::Manifest => "manifest",
            Table::Entities => "entities",
            Table::Voices => "voices",
            Table::Sources => "sources",
            Table::Paths => "paths",
        }
    }
}

/// A schema of the manifest, or of one of its tables.
pub fn manifest<'a>(schema: &'a Schema<'a>, of: Table) -> Shape<'a> {
    let entity = vec![
        entry("name", to("line")),
        entry("kind", to("line")),
        entry("also", some_of("text", "Other names")),
        entry("at", degrees()),
        entry("meta", Shape::map([])),
    ];
    let voice = vec![entry("name", to("line")), entry("part_of", to("slug")), entry("meta", Shape::map([]))];
    let mut source = source_keys();
    source.push(entry("meta", Shape::map([])));
    let words = |shape: &[&'static str]| Shape::map([("enum", Shape::list(shape.iter().copied()))]);
    let types: Vec<&str> = Type::ALL.iter().map(|of| of.name()).collect();
    let rule = vec![
        entry("label", told("line", "How the path is shown")),
        entry("type", words(&types)),
        entry("unit", told("line", "The unit of a number")),
        entry("one_of", some_of("text", "The words that it may be")),
        entry("set_of", any_of([words(&types), list(to("text"))])),
        entry("from", told("transitions", "From which value to which others the record may go")),
    ];
    let transitions = Shape::map([
        ("type", "object".into()),
        ("additionalProperties", any_of([some_of("text", "To these"), nothing()])),
    ]);
    let mut defs: Keys = vec![
        entry("manifest", root()),
        entry("entities", table(entity)),
        entry("voices", table(voice)),
        entry("sources", table(source)),
        entry("paths", table(rule)),
        entry("transitions", transitions),
    ];
    defs.extend(names(schema).into_iter().filter(|(name, _)| name == "source-id"));
    defs.extend(scalars());
    let title = format!("The {} of {}", of.name(), schema.chronicle);
    whole(title, [entry("$ref", format!("#/$defs/{}", of.name()).into())], defs)
}

fn root<'a>() -> Shape<'a> {
    let words = |words: &[&'static str]| Shape::map([("enum", Shape::list(words.iter().copied()))]);
    let severity = words(&["error", "warning", "hint", "off"]);
    let rules = Code::ALL.iter().filter(|code| code.is_rule()).map(|code| entry(code.name(), severity.clone()));
    let width =
        || Shape::map([("type", "integer".into()), ("minimum", 1usize.into()), ("maximum", 10_000usize.into())]);
    let circa = vec![entry("day", width()), entry("month", width()), entry("year", width())];
    let keys = vec![
        entry("asof", Shape::map([("enum", Shape::List(vec![1usize.into(), "1".into()]))])),
        entry("title", to("line")),
        entry("timezone", told("text", "A name of the IANA database, such as Europe/Kyiv")),
        entry("seasons", words(&["northern", "southern"])),
        entry("circa", object(circa, &[])),
        entry("entities", told("entities", "People, places and things that events name")),
        entry("voices", told("voices", "Those who assert what the record does not")),
        entry("sources", told("sources", "Where things are from")),
        entry("check", object(rules.collect(), &[])),
        entry("paths", told("paths", "What has a value over time, and which values it can have")),
        entry("meta", Shape::map([])),
    ];
    object(keys, &[])
}

/// Names, each with keys or with nothing behind it.
fn table(keys: Keys<'_>) -> Shape<'_> {
    let row = any_of([object(keys, &[]), nothing()]);
    any_of([Shape::map([("type", "object".into()), ("additionalProperties", row)]), nothing()])
}

/// Latitude and longitude.
fn degrees<'a>() -> Shape<'a> {
    let degrees = |most: usize| {
        let (least, most) = (Shape::Number(format!("-{most}")), most.into());
        Shape::map([("type", "number".into()), ("minimum", least), ("maximum", most)])
    };
    Shape::map([
        ("type", "array".into()),
        ("prefixItems", Shape::List(vec![degrees(90), degrees(180)])),
        ("minItems", 2usize.into()),
        ("maxItems", 2usize.into()),
    ])
}

fn nothing<'a>() -> Shape<'a> {
    Shape::map([("type", "null".into())])
}
