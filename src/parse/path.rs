//! Paths as keys and as members of `unset`: looked up once a text, held against the patterns of the manifest.
//! Knows nothing of the values that they hold.

use std::borrow::Borrow;
use std::hash::{Hash, Hasher};

use super::reading::{Reading, listed};
use crate::model::diagnostic::{Code, Diagnostic, nearest};
use crate::model::event::Target;
use crate::model::manifest::PathRule;
use crate::model::path::{Path, PathError, Pattern};
use crate::model::text::{Located, Place};

/// A path that was met, and what the manifest says of it.
#[derive(Clone)]
pub(super) struct Known<'a> {
    pub path: Path,
    /// The pattern that rules it.
    pub rule: Option<&'a PathRule>,
    /// Where no pattern matches though patterns are given: what to write instead.
    unknown: Option<Option<String>>,
}

/// A path as it was met, found again by its text; almost always that is the text of the path itself.
#[derive(Clone)]
pub(super) enum Spelled {
    As(Path),
    Else(Box<str>),
}

impl Borrow<str> for Spelled {
    fn borrow(&self) -> &str {
        match self {
            Spelled::As(path) => path.as_str(),
            Spelled::Else(text) => text,
        }
    }
}

impl Hash for Spelled {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Borrow::<str>::borrow(self).hash(state);
    }
}

impl PartialEq for Spelled {
    fn eq(&self, other: &Spelled) -> bool {
        Borrow::<str>::borrow(self) == Borrow::<str>::borrow(other)
    }
}

impl Eq for Spelled {}

impl<'a> Reading<'a> {
    /// The path that a text is, with its rule. One that no pattern matches is reported and given all the same, so
    /// that its value is looked at, too.
    pub fn path(&mut self, text: &str, place: Place) -> Option<Known<'a>> {
        if let Some(known) = self.paths.get(text) {
            let known = known.clone();
            self.report_unknown(&known, place);
            return Some(known);
        }
        let path = match Path::parse(text) {
            Ok(path) => path,
            Err(error) => {
                self.bad_path(text, error, place);
                return None;
            }
        };
        let rule = self.manifest.rule(&path);
        let unknown = match &self.manifest.paths {
            Some(rules) if rule.is_none() => Some(if self.may_guess() { instead(&path, rules) } else { None }),
            _ => None,
        };
        let known = Known { path, rule, unknown };
        let spelled =
            if known.path.as_str() == text { Spelled::As(known.path.clone()) } else { Spelled::Else(text.into()) };
        self.paths.insert(spelled, known.clone());
        self.report_unknown(&known, place);
        Some(known)
    }

    /// What an `unset` speaks of: a path, or a pattern.
    pub fn target(&mut self, text: &str, place: Place) -> Option<Target> {
        if text.contains('*') {
            match Pattern::parse(text) {
                Ok(pattern) if pattern.is_glob() => return Some(Target::Pattern(Box::new(pattern))),
                Ok(_) => {}
                Err(error) => {
                    self.bad_path(text, error, place);
                    return None;
                }
            }
        }
        self.path(text, place).map(|known| Target::Path(known.path))
    }

    /// Reports a text that is no path, at the characters that are wrong.
    pub fn bad_path(&mut self, text: &str, error: PathError, place: Place) {
        let place = self.narrowed(place, text, error.at);
        let fault = Diagnostic::new(Code::BadPath, place, error.message);
        self.say(fault.help("a path is written `talks.minsk.status`, a segment with other characters `\"in quotes\"`"));
    }

    fn report_unknown(&mut self, known: &Known, place: Place) {
        let Some(help) = &known.unknown else { return };
        let fault = Diagnostic::new(Code::UnknownPath, place, format!("no path pattern matches `{}`", known.path));
        self.say(match help {
            Some(help) => fault.help(help),
            None => fault.help("add a pattern for it to `paths` in the manifest"),
        });
    }

    /// The bytes `at` of a text inside the place it was read from; the whole place where it is not written plainly.
    pub fn narrowed(&self, place: Place, text: &str, at: std::ops::Range<usize>) -> Place {
        let source = self.words(place);
        let inner = source.get(1..source.len().saturating_sub(1));
        let offset = match (source == text, inner == Some(text)) {
            (true, _) => 0,
            (_, true) => 1,
            _ => return place,
        };
        if at.start > at.end || text.get(at.clone()).is_none() {
            return place;
        }
        let start = place.start as usize + offset;
        Place::new(self.file, start + at.start, start + at.end)
    }

    /// A key as a path with its place.
    pub fn located(known: &Known, place: Place) -> Located<Path> {
        Located::new(known.path.clone(), place)
    }
}

/// What to write instead of a path that no pattern matches.
fn instead(path: &Path, rules: &[PathRule]) -> Option<String> {
    let candidates: Vec<String> = rules.iter().filter_map(|rule| aligned(path, &rule.pattern)).collect();
    if let Some(near) = nearest_path(path, &candidates) {
        return Some(format!("did you mean `{near}`?"));
    }
    let first = path.segments().next()?;
    let same = |rule: &&PathRule| rule.pattern.segments().next() == Some(first);
    let siblings: Vec<&str> = rules.iter().filter(same).map(|rule| rule.pattern.as_str()).take(4).collect();
    (!siblings.is_empty()).then(|| format!("the patterns below `{first}` are {}", listed(siblings.into_iter())))
}

fn nearest_path<'c>(path: &Path, candidates: &'c [String]) -> Option<&'c str> {
    let distance = |candidate: &&String| strsim::damerau_levenshtein(path.as_str(), candidate);
    candidates.iter().min_by_key(distance).map(String::as_str)
}

/// A pattern with the segments of a path where it has stars, if every other segment is near enough to be meant.
fn aligned(path: &Path, pattern: &Pattern) -> Option<String> {
    let written: Vec<&str> = path.segments().collect();
    let parts: Vec<&str> = pattern.segments().collect();
    let many = parts.iter().filter(|part| **part == "**").count();
    let filled = match many {
        0 => 0,
        1 => (written.len() + 1).checked_sub(parts.len())?,
        _ => return None,
    };
    let mut segments = Vec::with_capacity(written.len());
    let mut rest = written.iter().copied();
    for part in parts {
        match part {
            "**" => segments.extend(rest.by_ref().take(filled)),
            "*" => segments.push(rest.next()?),
            word => segments.push(nearest(rest.next()?, [word])?),
        }
    }
    rest.next().is_none().then(|| segments.join("."))
}
