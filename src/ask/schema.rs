//! What an editor wants to know of a chronicle: its names, its paths, and what each may hold. It must not know how a
//! schema looks.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::manifest::{Manifest, PathRule, Source};
use crate::model::path::{Path, normal};
use crate::timeline::Timeline;

/// The names and paths of a chronicle, as far as it can be read.
#[derive(Clone, Debug)]
pub struct Schema<'t> {
    /// The chronicle's title, else its folder's name.
    pub chronicle: &'t str,
    /// What it says of itself.
    pub manifest: &'t Manifest,
    /// Whether these are all events: one that is left out for a fault may be referred to, too.
    pub is_whole: bool,
    /// Every event: its id and title, in replay order.
    pub events: Vec<(&'t str, &'t str)>,
    /// Every voice that claims anything or is in the manifest, in order.
    pub voices: Vec<&'t str>,
    /// Every entity that an event names, in order.
    pub entities: BTreeSet<&'t str>,
    /// Every source that has an id, and of those that are described the description.
    pub sources: BTreeMap<&'t str, Option<&'t Source>>,
    /// The kinds of events, in order.
    pub kinds: BTreeSet<&'t str>,
    /// The tags, in order.
    pub tags: BTreeSet<&'t str>,
    /// The patterns of paths, the one that rules first; none where the manifest has none.
    pub rules: Option<Vec<SchemaRule<'t>>>,
    /// Every path that an event names, or a pattern without a star, with the number of the rule that it is under.
    pub paths: BTreeMap<Path, Option<usize>>,
}

/// A pattern of paths.
#[derive(Clone, Debug)]
pub struct SchemaRule<'t> {
    /// What the manifest says.
    pub rule: &'t PathRule,
    /// Its segments in their one spelling; `*` and `**` are those of the pattern.
    pub segments: Vec<String>,
    /// The numbers of the rules that go before it on some path that both match.
    pub outdone_by: Vec<usize>,
}

/// What there is to know for an editor.
pub fn schema(timeline: &Timeline) -> Schema<'_> {
    let (history, manifest) = (timeline.history(), timeline.manifest());
    let rules = manifest.paths.as_ref().map(|rules| outdone(rules));
    let exact = manifest.paths.iter().flatten().filter_map(|rule| Path::parse(rule.pattern.as_str()).ok());
    let ruling = |path: &Path| manifest.paths.iter().flatten().position(|rule| rule.pattern.matches(path));
    let paths = history.paths().cloned().chain(exact).map(|path| (ruling(&path), path));
    let mut schema = Schema {
        chronicle: timeline.title(),
        manifest,
        is_whole: timeline.left_out() == 0,
        events: timeline.events().map(|event| (event.id.as_str(), event.title.value.as_str())).collect(),
        voices: history.voices().iter().map(String::as_str).collect(),
        entities: BTreeSet::new(),
        sources: super::page::sources(timeline),
        kinds: BTreeSet::new(),
        tags: BTreeSet::new(),
        rules,
        paths: paths.map(|(rule, path)| (path, rule)).collect(),
    };
    for event in timeline.events() {
        schema.kinds.extend(event.kind.as_ref().map(|kind| kind.value.as_str()));
        schema.tags.extend(event.tags.iter().map(|tag| tag.value.as_str()));
        schema.entities.extend(event.actors.iter().chain(&event.at).map(|entity| entity.value.as_str()));
    }
    schema
}

/// The patterns, each with those that rule before it.
fn outdone(rules: &[PathRule]) -> Vec<SchemaRule<'_>> {
    let segments = |rule: &PathRule| rule.pattern.segments().map(one_spelling).collect();
    let mut schemas: Vec<SchemaRule> =
        rules.iter().map(|rule| SchemaRule { rule, segments: segments(rule), outdone_by: Vec::new() }).collect();
    for number in 1..schemas.len() {
        let (before, rest) = schemas.split_at_mut(number);
        let own = &mut rest[0];
        let outdo = (0..).zip(before).filter(|(_, other)| may_both_match(&other.segments, &own.segments));
        own.outdone_by = outdo.map(|(number, _)| number).collect();
    }
    schemas
}

/// A segment in its one spelling; in quotes a star is a word.
fn one_spelling(segment: &str) -> String {
    let whole = format!("x.{segment}");
    let path = Path::parse(&whole).ok();
    let spelled = path.as_ref().and_then(|path| path.segments().nth(1));
    spelled.map_or_else(|| normal(segment).into_owned(), str::to_owned)
}

/// Whether there is a path that two patterns both match.
fn may_both_match(a: &[String], b: &[String]) -> bool {
    let is_many = |segment: Option<&String>| segment.is_some_and(|segment| segment == "**");
    // From the ends on: whether what is left of the two may be the same. A `**` takes nothing, or one more segment.
    let mut below = vec![false; b.len() + 2];
    let mut may = false;
    for at in (0..=a.len()).rev() {
        let mut row = vec![false; b.len() + 2];
        for other in (0..=b.len()).rev() {
            let (one, two) = (a.get(at), b.get(other));
            row[other] = match (one, two) {
                (None, None) => true,
                _ if is_many(one) => below[other] || (two.is_some() && row[other + 1]),
                _ if is_many(two) => row[other + 1] || (one.is_some() && below[other]),
                (Some(one), Some(two)) => (one == two || one == "*" || two == "*") && below[other + 1],
                _ => false,
            };
        }
        may = row[0];
        below = row;
    }
    may
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_may_both_match() {
        let may = |a: &str, b: &str| {
            let split = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<String>>();
            let (a, b) = (split(a), split(b));
            assert_eq!(may_both_match(&a, &b), may_both_match(&b, &a));
            may_both_match(&a, &b)
        };
        for (a, b) in
            [("a.b", "a.*"), ("a.*", "*.b"), ("a.**", "a.b.c"), ("**.c", "a.**"), ("a.**.b", "a.b"), ("**", "x")]
        {
            assert!(may(a, b), "{a} {b}");
        }
        for (a, b) in [("a.b", "a.c"), ("a.*", "a.b.c"), ("a.**.b", "a.c"), ("a.*.c", "a.b"), ("a", "a.*")] {
            assert!(!may(a, b), "{a} {b}");
        }
    }
}
