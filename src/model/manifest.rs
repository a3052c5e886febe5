//! The manifest: what a chronicle says about itself, its entities, voices, sources and paths (1-format, The manifest).
//! Knows nothing of events.

use std::collections::BTreeMap;

use super::date::{Calendar, Date};
use super::diagnostic::{Code, Severity};
use super::path::{Path, Pattern};
use super::text::{Located, Place};

/// What a chronicle says about itself. A table that is `None` was not given, and then nothing is held against it.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// Its title.
    pub title: Option<String>,
    /// Time zone, seasons and the width of *circa*.
    pub calendar: Calendar,
    /// People, places and things that events name.
    pub entities: Option<BTreeMap<String, Entity>>,
    /// Those who assert.
    pub voices: Option<BTreeMap<String, Voice>>,
    /// Where it is from.
    pub sources: Option<BTreeMap<String, Source>>,
    /// House rules that are set to error, warning or off (`None`).
    pub check: BTreeMap<Code, Option<Severity>>,
    /// The patterns of paths, the one that rules first.
    pub paths: Option<Vec<PathRule>>,
}

impl Manifest {
    /// What this chronicle makes of a fault of this code; `None`: it is off. A rule that was asked for by name is never
    /// off, and a thought stays one.
    pub fn severity(&self, code: Code, is_named: bool) -> Option<Severity> {
        match self.check.get(&code) {
            Some(Some(_)) if code.severity() == Severity::Hint => Some(Severity::Hint),
            Some(Some(severity)) => Some(*severity),
            _ if is_named => Some(code.severity()),
            Some(None) => None,
            None => (!code.is_of_taste()).then(|| code.severity()),
        }
    }

    /// The pattern that rules a path: the most specific of those that match (1-format, The manifest).
    pub fn rule(&self, path: &Path) -> Option<&PathRule> {
        self.paths.as_ref()?.iter().find(|rule| rule.pattern.matches(path))
    }
}

/// A person, place or thing.
#[derive(Clone, PartialEq, Debug)]
pub struct Entity {
    /// The name that is shown.
    pub name: Option<String>,
    /// What sort of thing it is.
    pub kind: Option<String>,
    /// Other names.
    pub also: Vec<String>,
    /// Latitude and longitude in degrees, as written.
    pub at: Option<(f64, f64)>,
    /// Where it is defined.
    pub place: Place,
}

/// Somebody who asserts.
#[derive(Clone, PartialEq, Debug)]
pub struct Voice {
    /// The name that is shown.
    pub name: Option<String>,
    /// The voice of which it is a part.
    pub part_of: Option<Located<String>>,
    /// Where it is defined.
    pub place: Place,
}

/// A source: bibliographic data, every part optional.
#[derive(Clone, PartialEq, Debug)]
pub struct Source {
    /// Its slug, if it has one.
    pub id: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Publisher.
    pub publisher: Option<String>,
    /// When it appeared.
    pub date: Option<Located<Date>>,
    /// Address.
    pub url: Option<String>,
    /// Address of an archived copy.
    pub archived: Option<String>,
    /// Language tag.
    pub language: Option<String>,
    /// The Admiralty grade, `A` to `F`.
    pub reliability: Option<char>,
    /// The source of which it is a reprint: both count as one origin.
    pub from: Option<Located<String>>,
    /// Where it is described.
    pub place: Place,
}

/// What a pattern says of the paths that it matches.
#[derive(Clone, PartialEq, Debug)]
pub struct PathRule {
    /// The pattern.
    pub pattern: Pattern,
    /// How the path is shown.
    pub label: Option<String>,
    /// What it may hold; `None`: anything.
    pub holds: Option<Holds>,
    /// The unit of a number or estimate.
    pub unit: Option<String>,
    /// The transitions that the record may make, from value to values.
    pub from: Option<BTreeMap<String, Vec<String>>>,
    /// Where it is defined.
    pub place: Place,
}

/// What a path may hold.
#[derive(Clone, PartialEq, Debug)]
pub enum Holds {
    /// One value of a type.
    One(Type),
    /// One of these words.
    OneOf(Vec<String>),
    /// A set of values of a type.
    SetOf(Type),
    /// A set of these words.
    SetOfWords(Vec<String>),
}

/// The types of values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Type {
    /// Any text, read as written.
    Text,
    /// A number.
    Number,
    /// An estimate, or a number.
    Estimate,
    /// A date, read as written.
    Date,
    /// The slug of an entity.
    Entity,
    /// `true` or `false`.
    Bool,
}

impl Type {
    /// Every type.
    pub const ALL: [Type; 6] = [Type::Text, Type::Number, Type::Estimate, Type::Date, Type::Entity, Type::Bool];

    /// The word for it in the manifest.
    pub fn name(self) -> &'static str {
        match self {
            Type::Text => "text",
            Type::Number => "number",
            Type::Estimate => "estimate",
            Type::Date => "date",
            Type::Entity => "entity",
            Type::Bool => "bool",
        }
    }
}
