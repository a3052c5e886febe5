//! The one grammar of filters, for words, addresses and test cases (3-commands, FILTER). Knows nothing of viewpoints.

use std::collections::BTreeSet;

use super::Refusal;
use super::viewpoint::read_glob;
use crate::model::diagnostic::nearest;
use crate::model::event::{Confidence, Event};
use crate::model::path::normal;
use crate::timeline::Timeline;

/// A filter: every term must match (a space is *and*), and of a term any of its tests (a comma is *or*).
#[derive(Clone, Debug)]
pub(super) struct Filter {
    terms: Vec<Vec<Test>>,
}

/// One test of an event, perhaps negated.
#[derive(Clone, Debug)]
struct Test {
    negated: bool,
    wants: Wants,
}

/// What a test wants of an event.
#[derive(Clone, Debug)]
enum Wants {
    Id(String),
    Tag(String),
    Actor(String),
    Place(String),
    Kind(String),
    Source(String),
    /// A voice and its parts.
    Voice(BTreeSet<String>),
    /// The numbers of the paths that match.
    Path(BTreeSet<u32>),
    Confidence(Confidence),
    Words(String),
}

impl Filter {
    /// Reads a filter. Refuses one that names what neither the manifest nor any event has.
    pub(super) fn parse(text: &str, timeline: &Timeline) -> Result<Filter, Refusal> {
        let mut terms = Vec::new();
        for term in cut(text)? {
            let tests: Result<Vec<Test>, Refusal> = term.iter().map(|word| Test::parse(word, timeline)).collect();
            terms.push(tests?);
        }
        if terms.is_empty() {
            return Err(
                Refusal::bad("a filter is empty").help("write an event id, `tag:SLUG`, `actor:ID`, `/words/` …")
            );
        }
        Ok(Filter { terms })
    }

    /// Whether an event, which touches these paths, matches, as of `--only` and of what `list` is asked for.
    pub(super) fn matches(&self, event: &Event, touched: &[u32]) -> bool {
        self.terms.iter().all(|tests| tests.iter().any(|test| test.matches(event, touched, None)))
    }

    /// Whether a `--without` leaves an event out; `gone` are the sources of all of them together. An event falls with
    /// its sources only when all that it has are gone.
    pub(super) fn leaves_out(&self, event: &Event, touched: &[u32], gone: &BTreeSet<&str>) -> bool {
        self.terms.iter().all(|tests| tests.iter().any(|test| test.matches(event, touched, Some(gone))))
    }

    /// Whether it speaks of voices alone: then a `--without` leaves out what they claimed, not the events that tell it.
    pub(super) fn is_of_voices(&self) -> bool {
        self.terms.iter().flatten().all(|test| !test.negated && matches!(test.wants, Wants::Voice(_)))
    }

    /// The voices that it names, with their parts.
    pub(super) fn voices(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().flatten().flat_map(|test| match &test.wants {
            Wants::Voice(voices) => voices.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        })
    }

    /// The sources that it names.
    pub(super) fn sources(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().flatten().filter_map(|test| match &test.wants {
            Wants::Source(source) if !test.negated => Some(source.as_str()),
            _ => None,
        })
    }
}

/// Cuts a filter into terms and these into words; between slashes blanks and commas are plain characters.
fn cut(text: &str) -> Result<Vec<Vec<String>>, Refusal> {
    let mut terms: Vec<Vec<String>> = vec![vec![String::new()]];
    let mut in_words = false;
    for c in text.chars() {
        let term = terms.last_mut().and_then(|term| term.last_mut());
        let begins = term.as_ref().is_some_and(|word| word.is_empty() || *word == "not:");
        match c {
            '/' if in_words || begins => {
                in_words = !in_words;
                term.into_iter().for_each(|word| word.push(c));
            }
            c if c.is_whitespace() && !in_words => terms.push(vec![String::new()]),
            ',' if !in_words => terms.last_mut().into_iter().for_each(|term| term.push(String::new())),
            c => term.into_iter().for_each(|word| word.push(c)),
        }
    }
    if in_words {
        return Err(Refusal::bad(format!("`{text}`: a `/` is opened and not closed")));
    }
    terms.retain(|term| term.iter().any(|word| !word.is_empty()));
    match terms.iter().flatten().any(String::is_empty) {
        true => Err(Refusal::bad(format!("`{text}`: a term beside a comma is empty"))),
        false => Ok(terms),
    }
}

impl Test {
    fn parse(word: &str, timeline: &Timeline) -> Result<Test, Refusal> {
        let (negated, word) = match word.strip_prefix("not:") {
            Some(rest) => (true, rest),
            None => (false, word),
        };
        if word.len() >= 2 && word.starts_with('/') && word.ends_with('/') {
            let words = folded(&word[1..word.len() - 1]);
            return Ok(Test { negated, wants: Wants::Words(words) });
        }
        let manifest = timeline.manifest();
        let Some((key, name)) = word.split_once(':') else {
            let ids: BTreeSet<&str> = timeline.events().map(|event| event.id.as_str()).collect();
            return Ok(Test { negated, wants: Wants::Id(known(word, "event", ids)?) });
        };
        let entities = || manifest.entities.iter().flatten().map(|(id, _)| id.as_str());
        let wants = match key {
            "tag" => {
                let tags = timeline.events().flat_map(|event| &event.tags).map(|tag| tag.value.as_str());
                Wants::Tag(known(name, "tag", tags.collect())?)
            }
            "actor" => {
                let actors = timeline.events().flat_map(|event| &event.actors).map(|actor| actor.value.as_str());
                Wants::Actor(known(name, "actor", actors.chain(entities()).collect())?)
            }
            "place" => {
                let places = timeline.events().filter_map(|event| event.at.as_ref()).map(|place| place.value.as_str());
                Wants::Place(known(name, "place", places.chain(entities()).collect())?)
            }
            "kind" => {
                let kinds = timeline.events().filter_map(|event| event.kind.as_ref()).map(|kind| kind.value.as_str());
                Wants::Kind(known(name, "kind", kinds.collect())?)
            }
            "source" => Wants::Source(known(name, "source", timeline.source_ids())?),
            "voice" => {
                let voices = timeline.history().voices().iter().map(String::as_str);
                let voice = known(name, "voice", voices.collect())?;
                Wants::Voice(family(&voice, timeline))
            }
            "path" => {
                let pattern = read_glob(name, timeline)?;
                let paths = (0..).zip(timeline.history().paths()).filter(|(_, path)| pattern.matches(path));
                Wants::Path(paths.map(|(number, _)| number).collect())
            }
            "confidence" => Wants::Confidence(match name {
                "low" => Confidence::Low,
                "medium" => Confidence::Medium,
                "high" => Confidence::High,
                other => {
                    let message = format!("`{other}` is no confidence: it is `high`, `medium` or `low`");
                    return Err(Refusal::bad(message));
                }
            }),
            other => return Err(unknown_key(other)),
        };
        Ok(Test { negated, wants })
    }

    fn matches(&self, event: &Event, touched: &[u32], gone: Option<&BTreeSet<&str>>) -> bool {
        let is = |field: &Option<crate::model::text::Located<String>>, name: &str| {
            field.as_ref().is_some_and(|field| field.value == name)
        };
        let matches = match &self.wants {
            Wants::Id(id) => event.id == *id,
            Wants::Tag(tag) => event.tags.iter().any(|own| own.value == *tag),
            Wants::Actor(actor) => event.actors.iter().any(|own| own.value == *actor),
            Wants::Place(place) => is(&event.at, place),
            Wants::Kind(kind) => is(&event.kind, kind),
            Wants::Source(source) => {
                let mut cited = event.citations().map(|citation| citation.source_id());
                match gone {
                    Some(gone) if !self.negated => {
                        let mut ids = event.citations().map(|citation| citation.source_id());
                        cited.any(|id| id == Some(source.as_str()))
                            && ids.all(|id| id.is_some_and(|id| gone.contains(id)))
                    }
                    _ => cited.any(|id| id == Some(source.as_str())),
                }
            }
            Wants::Voice(voices) => {
                event.changes.iter().any(|change| change.voice.as_ref().is_some_and(|voice| voices.contains(voice)))
            }
            Wants::Path(paths) => touched.iter().any(|path| paths.contains(path)),
            Wants::Confidence(confidence) => event.confidence.as_ref().is_some_and(|own| own.value == *confidence),
            Wants::Words(words) => {
                let holds = |text: &str| folded(text).contains(words.as_str());
                holds(&event.title.value) || event.summary.as_ref().is_some_and(|summary| holds(&summary.value))
            }
        };
        matches != self.negated
    }
}

/// The names of a voice and of its parts.
fn family(voice: &str, timeline: &Timeline) -> BTreeSet<String> {
    let history = timeline.history();
    let Some(whole) = history.voice(voice) else { return BTreeSet::new() };
    let parts = (0..).zip(history.voices()).filter(|(number, _)| history.is_part(*number, whole));
    parts.map(|(_, name)| name.clone()).collect()
}

/// A text for comparing without regard to case: up and down again, so that `ß` is `ss` and both sigmas are one.
fn folded(text: &str) -> String {
    normal(text).to_uppercase().to_lowercase()
}

/// A name that the chronicle has.
fn known(name: &str, what: &str, names: BTreeSet<&str>) -> Result<String, Refusal> {
    let name = &*normal(name);
    if names.contains(name) {
        return Ok(name.to_owned());
    }
    Err(Refusal::not_found(format!("this chronicle has no {what} `{name}`"), nearest(name, names)))
}

fn unknown_key(key: &str) -> Refusal {
    const KEYS: [&str; 8] = ["tag", "actor", "place", "kind", "source", "voice", "path", "confidence"];
    let refusal = Refusal::bad(format!("a filter knows no `{key}:`"));
    match nearest(key, KEYS) {
        Some(near) => refusal.help(format!("did you mean `{near}:`?")),
        None => refusal.help(format!("it knows `{}:`, ids of events and `/words/`", KEYS.join(":`, `"))),
    }
}
