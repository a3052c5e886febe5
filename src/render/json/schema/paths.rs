//! The definitions of paths: each path under the one pattern that rules it. Where several match, the patterns of the
//! others say that they do not. Knows nothing of the other keys of an event.

use std::borrow::Cow;

use super::{Keys, any_of, entry, list, object, some_of, spellings, to, to_names};
use crate::ask::{Schema, SchemaRule};
use crate::model::manifest::{Holds, Type};
use crate::render::shape::Shape;

/// A path: two segments or more.
const PATH: &str =
    r#"^(?:[^\s!-,.\/:-@\[-\^`{-~]+|"(?:[^"\\]|\\.)*")(?:\.(?:[^\s!-,.\/:-@\[-\^`{-~]+|"(?:[^"\\]|\\.)*"))+$"#;

/// Whether a rule lets its paths be so changed, and what by.
type Takes = fn(Option<&Holds>) -> bool;

/// The definitions of what stands under paths: values, members, amounts, and what is expected.
pub(super) fn paths<'a>(schema: &'a Schema<'a>) -> Keys<'a> {
    let mut defs: Keys = Vec::new();
    for (number, rule) in schema.rules.iter().flatten().enumerate() {
        let holds = rule.rule.holds.as_ref();
        defs.push(named(format!("value-{number}"), value(holds)));
        if takes_members(holds) {
            defs.push(named(format!("member-{number}"), member(holds)));
        }
    }
    let known = schema
        .paths
        .keys()
        .map(|path| (path.as_str(), schema.paths[path]))
        .map(|(path, rule)| (path, rule.and_then(|rule| schema.rules.as_ref()?.get(rule)?.rule.label.as_deref())));
    let glob = Shape::map([("type", Shape::list(["string", "number"]))]);
    let unset = match schema.paths.is_empty() {
        true => glob,
        false => any_of([to_names(known), glob]),
    };
    defs.extend([
        entry("value", value(None)),
        entry("member", member(None)),
        entry("amount", amount()),
        entry("set", table(schema, |_| true, "value")),
        entry("members", table(schema, takes_members, "member")),
        entry("amounts", table(schema, takes_amounts, "amount")),
        entry("unset", unset),
        entry("during", during(schema, &["set", "unset", "add", "remove", "increase", "decrease"])),
        entry("claimed-during", during(schema, &["set", "unset"])),
        entry("operators", operators()),
        entry("expected", expected(schema)),
    ]);
    defs
}

/// A mapping of the paths that take something to what they take.
fn table<'a>(schema: &'a Schema<'a>, takes: Takes, what: &'static str) -> Shape<'a> {
    let Some(rules) = &schema.rules else {
        let known =
            schema.paths.keys().flat_map(|path| spellings(path.as_str())).map(|path| (Cow::Owned(path), to(what)));
        return Shape::map([
            ("type", "object".into()),
            ("properties", Shape::Map(known.collect())),
            ("patternProperties", Shape::map([(PATH, to(what))])),
            ("additionalProperties", false.into()),
        ]);
    };
    let definition = |number: usize| match what {
        "amount" => "amount".to_owned(),
        what => format!("{what}-{number}"),
    };
    let is_taken = |number: &usize| takes(rules[*number].rule.holds.as_ref());
    let known = schema.paths.iter().filter_map(|(path, rule)| Some((path, rule.filter(is_taken)?)));
    let known =
        known.map(|(path, number)| (Cow::Borrowed(path.as_str()), labelled(&rules[number], &definition(number))));
    let patterns =
        (0..rules.len()).filter(is_taken).map(|number| named(pattern(rules, number), to(&definition(number))));
    Shape::map([
        ("type", "object".into()),
        ("properties", Shape::Map(known.collect())),
        ("patternProperties", Shape::Map(patterns.collect())),
        ("propertyNames", Shape::map([("pattern", PATH.into())])),
        ("additionalProperties", false.into()),
    ])
}

/// What holds while an event lasts: changes, or paths with their values, or both.
fn during<'a>(schema: &'a Schema<'a>, changes: &[&'static str]) -> Shape<'a> {
    let mut during = table(schema, |_| true, "value");
    let Shape::Map(keys) = &mut during else { return during };
    // The names of changes are no paths.
    keys.retain(|(name, _)| name != "propertyNames");
    if let Some((_, Shape::Map(properties))) = keys.iter_mut().find(|(name, _)| name == "properties") {
        let own = changes.iter().map(|change| match *change {
            "unset" => entry("unset", some_of("unset", "What has no value meanwhile")),
            "set" => entry("set", to("set")),
            "add" | "remove" => entry(change, to("members")),
            change => entry(change, to("amounts")),
        });
        properties.splice(0..0, own);
    }
    during
}

fn named(name: String, shape: Shape<'_>) -> (Cow<'_, str>, Shape<'_>) {
    (Cow::Owned(name), shape)
}

fn labelled<'a>(rule: &SchemaRule<'a>, definition: &str) -> Shape<'a> {
    let unit = rule.rule.unit.as_deref().map(|unit| format!(" ({unit})")).unwrap_or_default();
    match &rule.rule.label {
        None => to(definition),
        Some(label) => Shape::map([
            ("$ref", format!("#/$defs/{definition}").into()),
            ("description", format!("{label}{unit}").into()),
        ]),
    }
}

/// Which paths a rule rules.
fn pattern(rules: &[SchemaRule], number: usize) -> String {
    let rule = &rules[number];
    let others: Vec<String> = rule.outdone_by.iter().map(|other| matches(&rules[*other].segments)).collect();
    let not = if others.is_empty() { String::new() } else { format!("(?!(?:{})$)", others.join("|")) };
    // No path has one segment alone, though `a.**` without any more would.
    let is_short = rule.segments.iter().filter(|segment| *segment != "**").count() < 2;
    let two = if is_short { r"(?=.*\.)" } else { "" };
    format!("^{two}{not}{}$", matches(&rule.segments))
}

/// What the paths look like that segments of a pattern match.
fn matches(segments: &[String]) -> String {
    let any = r#"(?:[^."\s]+|"(?:[^"\\]|\\.)*")"#;
    let (mut pattern, mut is_first) = (String::new(), true);
    for (at, segment) in segments.iter().enumerate() {
        let is_last = at + 1 == segments.len();
        let one = match segment.as_str() {
            "**" if !is_first => format!(r"(?:\.{any})*"),
            "**" if is_last => format!(r"{any}(?:\.{any})*"),
            "**" => {
                // The dots stand behind what it takes, so that what follows is still the first.
                pattern.push_str(&format!(r"(?:{any}\.)*"));
                continue;
            }
            "*" => any.to_owned(),
            word => written(word),
        };
        if !is_first && segment != "**" {
            pattern.push_str(r"\.");
        }
        pattern.push_str(&one);
        is_first = false;
    }
    pattern
}

/// The ways in which a word may be written: composed or not, and in quotes that it does not need.
fn written(word: &str) -> String {
    let quote = if word.starts_with('"') { "" } else { "\"?" };
    let ways: Vec<String> = spellings(word).iter().map(|way| format!("{quote}{}{quote}", escaped(way))).collect();
    if ways.len() == 1 { ways.concat() } else { format!("(?:{})", ways.join("|")) }
}

/// A text as itself: only what means something in a pattern may be escaped in one.
fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if r"^$\.*+?()[]{}|/".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// What a path may be set to.
fn value<'a>(holds: Option<&'a Holds>) -> Shape<'a> {
    match holds {
        None => any_of([to("text"), list(to("text")), to("estimate")]),
        Some(Holds::One(Type::Estimate)) => amount(),
        Some(Holds::One(of)) => one(*of),
        Some(Holds::OneOf(words)) => to_names(words.iter().map(|word| (word.as_str(), None))),
        Some(Holds::SetOf(_) | Holds::SetOfWords(_)) => list(element(holds)),
    }
}

/// What can be put into a set.
fn member<'a>(holds: Option<&'a Holds>) -> Shape<'a> {
    any_of([list(element(holds)), element(holds)])
}

fn element<'a>(holds: Option<&'a Holds>) -> Shape<'a> {
    match holds {
        Some(Holds::SetOf(of)) => one(*of),
        Some(Holds::SetOfWords(words)) => to_names(words.iter().map(|word| (word.as_str(), None))),
        _ => to("text"),
    }
}

/// One value of a type.
fn one<'a>(of: Type) -> Shape<'a> {
    match of {
        Type::Text => to("text"),
        Type::Number | Type::Estimate => Shape::map([("type", "number".into())]),
        Type::Date => to("date"),
        Type::Entity => to("entity"),
        Type::Bool => Shape::map([("type", "boolean".into())]),
    }
}

fn amount<'a>() -> Shape<'a> {
    any_of([one(Type::Number), to("estimate")])
}

fn takes_members(holds: Option<&Holds>) -> bool {
    matches!(holds, None | Some(Holds::SetOf(_) | Holds::SetOfWords(_)))
}

fn takes_amounts(holds: Option<&Holds>) -> bool {
    matches!(holds, None | Some(Holds::One(Type::Number | Type::Estimate)))
}

/// What is expected of paths: a value as it is set, or operators.
fn expected<'a>(schema: &'a Schema<'a>) -> Shape<'a> {
    let Shape::Map(keys) = table(schema, |_| true, "value") else { return to("set") };
    let or_operators = |shape: Shape<'a>| any_of([shape, to("operators")]);
    let keys = keys.into_iter().map(|(name, shape)| match shape {
        Shape::Map(entries) if matches!(&*name, "properties" | "patternProperties") => {
            (name, Shape::Map(entries.into_iter().map(|(path, shape)| (path, or_operators(shape))).collect()))
        }
        shape => (name, shape),
    });
    Shape::Map(keys.collect())
}

fn operators<'a>() -> Shape<'a> {
    let any = || Shape::map([]);
    let of = |of: &'static str| Shape::map([("type", of.into())]);
    let mut operators = object(
        vec![
            entry("equals", any()),
            entry("includes", any()),
            entry("excludes", any()),
            entry("absent", of("boolean")),
            entry("at_least", of("number")),
            entry("at_most", of("number")),
            entry("size", of("number")),
            entry("one_of", any()),
            entry("disputed", of("boolean")),
            entry("possible", any()),
        ],
        &[],
    );
    if let Shape::Map(keys) = &mut operators {
        keys.push(entry("minProperties", 1usize.into()));
    }
    operators
}
