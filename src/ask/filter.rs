//! The one grammar of filters, for words, addresses and test cases (3-commands, FILTER). Knows nothing of viewpoints.

use std::collections::BTreeSet;

use super::Refusal;
use super::viewpoint::read_glob;
use crate::history::{EventNumber, History, LabelNumber, Sort, VoiceNumber};
use crate::model::diagnostic::nearest;
use crate::model::path::normal;
use crate::timeline::Timeline;

/// The grades of an author's confidence.
const CONFIDENCES: [&str; 3] = ["low", "medium", "high"];

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
    Id(EventNumber),
    /// A label; nothing where only the manifest knows the name, so that no event bears it.
    Label(Option<LabelNumber>),
    /// A source, which events may bear as a label.
    Source(String, Option<LabelNumber>),
    /// A voice and its parts.
    Voice(BTreeSet<VoiceNumber>),
    /// The numbers of the paths that match.
    Path(BTreeSet<u32>),
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

    /// Whether an event matches, as of `--only` and of what `list` is asked for.
    pub(super) fn matches(&self, history: &History, event: EventNumber) -> bool {
        self.terms.iter().all(|tests| tests.iter().any(|test| test.matches(history, event, None)))
    }

    /// Whether a `--without` leaves an event out; `gone` are the sources of all of them together. An event falls with
    /// its sources only when all that it has are gone.
    pub(super) fn leaves_out(&self, history: &History, event: EventNumber, gone: &BTreeSet<&str>) -> bool {
        self.terms.iter().all(|tests| tests.iter().any(|test| test.matches(history, event, Some(gone))))
    }

    /// Whether it speaks of voices alone: then a `--without` leaves out what they claimed, not the events that tell it.
    pub(super) fn is_of_voices(&self) -> bool {
        self.terms.iter().flatten().all(|test| !test.negated && matches!(test.wants, Wants::Voice(_)))
    }

    /// The voices that it names, with their parts.
    pub(super) fn voices(&self) -> impl Iterator<Item = VoiceNumber> {
        self.terms.iter().flatten().flat_map(|test| match &test.wants {
            Wants::Voice(voices) => voices.iter().copied().collect(),
            _ => Vec::new(),
        })
    }

    /// The sources that it names.
    pub(super) fn sources(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().flatten().filter_map(|test| match &test.wants {
            Wants::Source(source, _) if !test.negated => Some(source.as_str()),
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
        let (manifest, history) = (timeline.manifest(), timeline.history());
        let Some((key, name)) = word.split_once(':') else {
            let refused = || known(word, "event", timeline.ids().collect()).err();
            return match timeline.event_number(word) {
                Some(event) => Ok(Test { negated, wants: Wants::Id(event) }),
                None => Err(refused().unwrap_or_else(|| Refusal::bad(format!("`{word}` is no event")))),
            };
        };
        let entities = || manifest.entities.iter().flatten().map(|(id, _)| id.as_str());
        let label = |sort: Sort, what: &str, more: Vec<&str>| -> Result<Wants, Refusal> {
            let label = history.label(sort, &normal(name));
            if label.is_none() {
                known(name, what, history.label_names(sort).chain(more).collect())?;
            }
            Ok(Wants::Label(label))
        };
        let wants = match key {
            "tag" => label(Sort::Tag, "tag", Vec::new())?,
            "actor" => label(Sort::Actor, "actor", entities().collect())?,
            "place" => label(Sort::Place, "place", entities().collect())?,
            "kind" => label(Sort::Kind, "kind", Vec::new())?,
            "source" => {
                let source = known(name, "source", timeline.source_ids())?;
                let label = history.label(Sort::Source, &source);
                Wants::Source(source, label)
            }
            "voice" => {
                let voices = timeline.history().voices().iter().map(String::as_str);
                let voice = known(name, "voice", voices.collect())?;
                Wants::Voice(family(&voice, timeline))
            }
            "path" => {
                let pattern = read_glob(name, timeline)?;
                Wants::Path(history.matching(&pattern).collect())
            }
            "confidence" if CONFIDENCES.contains(&name) => Wants::Label(history.label(Sort::Confidence, name)),
            "confidence" => {
                let message = format!("`{name}` is no confidence: it is `high`, `medium` or `low`");
                return Err(Refusal::bad(message));
            }
            other => return Err(unknown_key(other)),
        };
        Ok(Test { negated, wants })
    }

    fn matches(&self, history: &History, event: EventNumber, gone: Option<&BTreeSet<&str>>) -> bool {
        let bears = |label: &Option<LabelNumber>| label.is_some_and(|label| history.labels(event).contains(&label));
        let mut cited = history.labels(event).iter().filter_map(|label| history.label_name(*label, Sort::Source));
        let matches = match &self.wants {
            Wants::Id(id) => event == *id,
            Wants::Label(label) => bears(label),
            Wants::Source(_, label) => match gone {
                Some(gone) if !self.negated => bears(label) && cited.all(|id| gone.contains(id)),
                _ => bears(label),
            },
            Wants::Voice(voices) => {
                let mut labels = history.labels(event).iter();
                labels.any(|label| {
                    let name = history.label_name(*label, Sort::Voice);
                    name.and_then(|name| history.voice(name)).is_some_and(|voice| voices.contains(&voice))
                })
            }
            Wants::Path(paths) => history.touched(event).iter().any(|path| paths.contains(path)),
            Wants::Words(words) => {
                let holds = |text: &str| folded(text).contains(words.as_str());
                let event = history.read_event(event);
                holds(&event.title.value) || event.summary.as_ref().is_some_and(|summary| holds(&summary.value))
            }
        };
        matches != self.negated
    }
}

/// A voice and its parts.
fn family(voice: &str, timeline: &Timeline) -> BTreeSet<VoiceNumber> {
    let history = timeline.history();
    let Some(whole) = history.voice(voice) else { return BTreeSet::new() };
    (0..history.voices().len() as u32).filter(|number| history.is_part(*number, whole)).collect()
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
