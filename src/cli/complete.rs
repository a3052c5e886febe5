//! What can stand at the cursor: commands and options by the definition of the command line, and what the chronicle at hand
//! names, by what an argument is called in it. Silent whatever is wrong: nobody asked for an answer.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::Result;
use clap::Command;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, complete};

use super::Verdict;
use super::args::{self, Every};
use super::manual::TOPICS;
use super::output::Output;
use super::shells::Shell;
use super::surroundings::{cache_folder, find, here};
use crate::cache::{Cache, unless_stale};
use crate::disk::Listing;
use crate::history::Sort;
use crate::model::diagnostic::Code;
use crate::model::manifest::{Holds, Manifest, Type};
use crate::model::path::Path as Dotted;
use crate::timeline::Timeline;

/// The sorts of names that a filter takes, `path:` and `confidence:` aside.
const FILTERS: [&str; 6] = ["tag", "actor", "place", "kind", "source", "voice"];

/// Prints what can stand at the cursor, one a line, as a shell wants it.
pub fn print(shell: Shell, words: &[String], output: &Output) -> Result<Verdict> {
    let typed = shell.typed(words);
    let mut command = args::definition();
    // Else the questions of an export are defined only after this.
    command.build();
    let mut command = completed(command, Arc::new(Chronicle::of(&typed.words)));
    let given: Vec<OsString> = line(&typed.words).map(Into::into).collect();
    let last = given.len().saturating_sub(1);
    let found = complete(&mut command, given, last, here().ok().as_deref()).unwrap_or_default();
    let mut found: Vec<&str> = found.iter().filter_map(|candidate| candidate.get_value().to_str()).collect();
    // Options are offered once one begins with `-`, or where nothing else could stand.
    let is_option = |word: &&str| word.starts_with('-');
    if typed.words.last().is_none_or(|word| !word.starts_with('-')) && !found.iter().all(is_option) {
        found.retain(|word| !is_option(word));
    }
    let lines: Vec<String> = found.into_iter().filter_map(|candidate| shell.offered(candidate, &typed)).collect();
    output.put(|to| lines.iter().try_for_each(|line| writeln!(to, "{line}")))?;
    Ok(Verdict::Yes)
}

/// The words of the command line that the cursor is in: behind `watch` a question stands as one types it behind `asof`.
fn line(words: &[String]) -> impl Iterator<Item = &String> {
    let mut at = 1;
    while let Some(word) = words.get(at).filter(|word| word.starts_with('-')) {
        at += if matches!(word.as_str(), "-C" | "-O" | "-o" | "--color") { 2 } else { 1 };
    }
    let is_watched = words.get(at).is_some_and(|word| word == "watch") && words.len() > at + 1;
    words.iter().take(1).chain(words.iter().skip(if is_watched { at + 1 } else { 1 }))
}

/// The definition with what completes each argument.
fn completed(command: Command, chronicle: Arc<Chronicle>) -> Command {
    let command = command.mut_args(|arg| {
        let Some(kind) = Completes::of(arg.get_id().as_str(), arg.get_value_names().and_then(|names| names.first()))
        else {
            return arg;
        };
        let chronicle = chronicle.clone();
        arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
            let typed = typed.to_str().unwrap_or("");
            let names = chronicle.names();
            let found = kind.candidates(typed, names).into_iter().filter(|name| name.starts_with(typed));
            found.map(CompletionCandidate::new).collect()
        }))
    });
    command.mut_subcommands(|sub| completed(sub, chronicle.clone()))
}

/// What an argument names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Completes {
    Event,
    Moment,
    MomentOrPath,
    Path,
    Change,
    Claim,
    Voice,
    Versus,
    Filter,
    Entity,
    Source,
    ClaimSource,
    Kind,
    Tag,
    Confidence,
    Rule,
    Topic,
}

impl Completes {
    /// By the id of an argument and what its value is called.
    fn of(id: &str, value: Option<&clap::builder::Str>) -> Option<Completes> {
        Some(match (id, value.map(|name| name.as_str())?) {
            ("id", _) | ("since" | "until" | "date" | "known" | "known_by", _) => return None,
            ("source", _) => Completes::Source,
            ("kind", _) => Completes::Kind,
            ("tag", _) => Completes::Tag,
            (_, "EVENT" | "ID") => Completes::Event,
            (_, "DATE") => Completes::Moment,
            (_, "DATE|GLOB") => Completes::MomentOrPath,
            (_, "PATH" | "GLOB") => Completes::Path,
            (_, "PATH=VALUE" | "PATH=MEMBER" | "PATH=N") => Completes::Change,
            (_, "VOICE:PATH=VALUE" | "VOICE:PATH") => Completes::Claim,
            (_, "VOICE") => Completes::Voice,
            (_, "VOICE|known-by:DATE") => Completes::Versus,
            (_, "FILTER") => Completes::Filter,
            (_, "ENTITY") => Completes::Entity,
            (_, "VOICE:SOURCE") => Completes::ClaimSource,
            (_, "WORD") => Completes::Confidence,
            (_, "RULE" | "CODE" | "RULE=REASON") => Completes::Rule,
            (_, "TOPIC") => Completes::Topic,
            _ => return None,
        })
    }

    /// All that could stand there; what does not begin with the word typed is left out later.
    fn candidates(self, typed: &str, names: &Names) -> Vec<String> {
        let ids = || names.ids.iter();
        let codes = Code::ALL.iter().map(|code| code.name().to_owned());
        match self {
            Completes::Event | Completes::Moment => ids().cloned().collect(),
            Completes::MomentOrPath => ids().chain(&names.paths).cloned().collect(),
            Completes::Path => names.paths.clone(),
            Completes::Change => names.change(typed, ""),
            Completes::Claim => match typed.split_once(':') {
                Some((voice, change)) => names.change(change, &format!("{voice}:")),
                None => names.voices.iter().map(|voice| format!("{voice}:")).collect(),
            },
            Completes::Voice => names.voices.clone(),
            Completes::Versus => names.voices.iter().cloned().chain(["known-by:".to_owned()]).collect(),
            Completes::Filter => names.filter(typed),
            Completes::Entity => names.entities.clone(),
            Completes::Source => names.of_sort("source").to_vec(),
            Completes::ClaimSource => match typed.split_once(':') {
                Some((voice, _)) => names.of_sort("source").iter().map(|source| format!("{voice}:{source}")).collect(),
                None => names.voices.iter().map(|voice| format!("{voice}:")).collect(),
            },
            Completes::Kind => names.of_sort("kind").to_vec(),
            Completes::Tag => names.of_sort("tag").to_vec(),
            Completes::Confidence => ["high", "medium", "low"].map(str::to_owned).to_vec(),
            Completes::Rule => codes.collect(),
            Completes::Topic => {
                let commands = args::definition();
                let commands = commands.get_subcommands().filter(|command| !command.is_hide_set());
                let topics = TOPICS.iter().map(|(topic, ..)| (*topic).to_owned());
                // `format` is both.
                let all: BTreeSet<String> =
                    topics.chain(commands.map(|command| command.get_name().to_owned())).collect();
                all.into_iter().collect()
            }
        }
    }
}

/// The names of a chronicle.
#[derive(Default)]
struct Names {
    ids: Vec<String>,
    paths: Vec<String>,
    voices: Vec<String>,
    entities: Vec<String>,
    /// The names that filters take, by sort.
    sorts: Vec<(&'static str, Vec<String>)>,
    manifest: Manifest,
}

impl Names {
    fn of(timeline: &Timeline) -> Names {
        let (history, manifest) = (timeline.history(), timeline.manifest());
        let sorted = |names: &mut dyn Iterator<Item = String>| {
            let mut names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
            names.sort();
            names.dedup();
            names
        };
        let labels = |sort| history.label_names(sort).map(str::to_owned);
        let voices = manifest.voices.iter().flatten().map(|(name, _)| name.clone());
        let voices = sorted(&mut voices.chain(history.voices().iter().cloned()));
        let entities = manifest.entities.iter().flatten().map(|(name, _)| name.clone());
        let sources = &mut timeline.source_ids().into_iter().map(str::to_owned);
        let sorts = vec![
            ("tag", sorted(&mut labels(Sort::Tag))),
            ("actor", sorted(&mut labels(Sort::Actor))),
            ("place", sorted(&mut labels(Sort::Place))),
            ("kind", sorted(&mut labels(Sort::Kind))),
            ("source", sorted(sources)),
            ("voice", voices.clone()),
        ];
        Names {
            ids: sorted(&mut timeline.ids().map(str::to_owned)),
            paths: history.paths().map(|path| path.as_str().to_owned()).collect(),
            voices,
            entities: sorted(&mut entities.chain(labels(Sort::Actor)).chain(labels(Sort::Place))),
            sorts,
            manifest: manifest.clone(),
        }
    }

    fn of_sort(&self, sort: &str) -> &[String] {
        self.sorts.iter().find(|(known, _)| *known == sort).map_or(&[], |(_, names)| names)
    }

    /// A path and `=`, or behind that the words that the manifest allows.
    fn change(&self, typed: &str, before: &str) -> Vec<String> {
        let Some((path, _)) = typed.split_once('=') else {
            return self.paths.iter().map(|path| format!("{before}{path}=")).collect();
        };
        let rule = Dotted::parse(path).ok().and_then(|path| self.manifest.rule(&path));
        let values: &[String] = match rule.and_then(|rule| rule.holds.as_ref()) {
            Some(Holds::OneOf(words) | Holds::SetOfWords(words)) => words,
            Some(Holds::One(Type::Entity) | Holds::SetOf(Type::Entity)) => &self.entities,
            _ => &[],
        };
        values.iter().map(|value| format!("{before}{path}={value}")).collect()
    }

    /// The last term of a filter, behind `not:` and whatever commas there are.
    fn filter(&self, typed: &str) -> Vec<String> {
        let start = typed.rfind(',').map_or(0, |comma| comma + 1);
        let start = start + if typed[start..].starts_with("not:") { "not:".len() } else { 0 };
        let (before, term) = typed.split_at(start);
        let names: Vec<String> = match term.split_once(':') {
            Some(("path", _)) => self.paths.iter().map(|path| format!("path:{path}")).collect(),
            Some(("confidence", _)) => {
                ["high", "medium", "low"].iter().map(|word| format!("confidence:{word}")).collect()
            }
            Some((sort, _)) => self.of_sort(sort).iter().map(|name| format!("{sort}:{name}")).collect(),
            None => {
                let sorts = FILTERS.iter().chain(&["path", "confidence", "not"]).map(|sort| format!("{sort}:"));
                sorts.chain(self.ids.iter().cloned()).collect()
            }
        };
        names.into_iter().map(|name| format!("{before}{name}")).collect()
    }
}

/// The chronicle at hand, looked into once a name of it is wanted.
struct Chronicle {
    named: Option<PathBuf>,
    names: OnceLock<Names>,
}

impl Chronicle {
    /// The one that the words typed so far name, with `-C`, or else the one that is found.
    fn of(words: &[String]) -> Chronicle {
        let given = words.iter().zip(words.iter().skip(1)).find(|(word, _)| *word == "-C").map(|(_, folder)| folder);
        Chronicle { named: given.map(PathBuf::from), names: OnceLock::new() }
    }

    fn names(&self) -> &Names {
        self.names.get_or_init(|| self.read().unwrap_or_default())
    }

    fn read(&self) -> Option<Names> {
        let every = Every { chronicle: self.named.clone(), ..Every::default() };
        let folder = find(&every, &here().ok()?).ok()?;
        from_cache(&folder).or_else(|| {
            let (texts, faults) = Listing::of(&folder).ok()?.read(&[], &|| {}).ok()?;
            Some(Names::of(&Timeline::load(texts, faults)))
        })
    }
}

/// The names of a chronicle that did not change since it was read last.
fn from_cache(folder: &Path) -> Option<Names> {
    let listing = Arc::new(Listing::of(folder).ok()?);
    let cache = Cache::new(&cache_folder()?, &listing);
    let opened = cache.open(cache.find()?, &|| {})?;
    unless_stale(|| Names::of(&opened.timeline)).ok()
}
