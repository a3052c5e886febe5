//! Wikidata's entities (Wikibase/DataModel/JSON): every statement with a date becomes an event. Its qualifiers say when,
//! its references on whose word and when that was known, its rank whether the record says so or somebody claims it.
//!
//! Items are sets, since an entity may have several at once; all else is one value. Ids stand for what has no label among
//! the entities given. Knows nothing of files.

mod statement;
mod time;

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read as _};

use serde_json::Value;

use super::import::{Importer, Outcome, Refused, Source, Stretch, Take, slug};
use crate::model::diagnostic::Code;
use statement::statements;

/// The longest entity, or file that is no list of one entity a line, that is read.
const LONGEST: u64 = 1 << 28;

/// The longest line that a message shows.
const SHOWN: usize = 200;

/// The importer.
pub struct Wikidata {
    labels: Labels,
}

impl Wikidata {
    /// An importer that takes labels in a language, by its code; those of earlier files serve later ones.
    pub fn in_language(language: &str) -> Wikidata {
        Wikidata { labels: Labels { language: language.to_owned(), called: BTreeMap::new() } }
    }

    /// Hands on the statements of the entities of a stretch of a source, of which there were `row` before; gives how many
    /// there are then.
    fn entities(
        &mut self,
        read: &Value,
        words: &str,
        line: usize,
        mut row: usize,
        take: &mut Take,
    ) -> io::Result<usize> {
        let entities: Vec<&Value> = match (&read["entities"], read) {
            (Value::Object(entities), _) => entities.values().collect(),
            (_, Value::Array(entities)) => entities.iter().collect(),
            _ => vec![read],
        };
        entities.iter().for_each(|entity| self.labels.learn(entity));
        let lines = if words.contains('\n') { lines(words, line) } else { BTreeMap::new() };
        for entity in entities {
            if !entity["id"].is_string() {
                let stretch = Stretch { text: "", line, row: 0, rows: 0 };
                let fault = Refused::whole(Code::MissingKey, "an entity without an `id`");
                take(
                    stretch,
                    Outcome::Refused(fault.help("Wikidata's entity data has `entities`, or one entity a line")),
                )?;
            }
            for (id, outcome) in statements(entity, &self.labels) {
                row += 1;
                let line = lines.get(id).copied().unwrap_or(line);
                take(Stretch { text: id, line, row, rows: 1 }, outcome)?;
            }
        }
        Ok(row)
    }
}

impl Importer for Wikidata {
    /// A file is one JSON text, or, as the dumps are, a list with one entity a line, which is read line by line.
    fn read(&mut self, source: Source, take: &mut Take) -> io::Result<()> {
        let (mut read, mut row) = (Vec::new(), 0);
        let mut bytes = source.bytes.take(LONGEST);
        for line in 1.. {
            read.clear();
            bytes.set_limit(LONGEST);
            if bytes.read_until(b'\n', &mut read)? == 0 && line > 1 {
                break;
            }
            let Ok(words) = std::str::from_utf8(&read) else {
                let fault = Refused::whole(Code::NotUtf8, "this line is not UTF-8, in which JSON is written");
                take(Stretch { text: "", line, row: 0, rows: 0 }, Outcome::Refused(fault))?;
                continue;
            };
            let words = words.trim_start_matches('\u{feff}').trim().trim_end_matches(',');
            if line > 1 && words.is_empty() || matches!(words, "[" | "]") {
                continue;
            }
            match serde_json::from_str(words) {
                Ok(value) => row = self.entities(&value, words, line, row, take)?,
                // What begins on the first line may end on a later one.
                Err(_) if line == 1 => {
                    bytes.read_to_end(&mut read)?;
                    return self.text(&read, bytes.limit() == 0, take);
                }
                Err(error) => refuse(words, line, &error, take)?,
            }
        }
        Ok(())
    }
}

impl Wikidata {
    /// Reads a source that is one JSON text.
    fn text(&mut self, read: &[u8], is_cut: bool, take: &mut Take) -> io::Result<()> {
        let refused = if is_cut {
            let longest = LONGEST >> 20;
            Refused::whole(Code::Syntax, format!("this is longer than {longest} MiB, and no list of one entity a line"))
        } else if let Ok(words) = std::str::from_utf8(read) {
            let words = words.trim_start_matches('\u{feff}');
            return match serde_json::from_str(words) {
                Ok(value) => self.entities(&value, words, 1, 0, take).map(drop),
                Err(error) => refuse(words, 1, &error, take),
            };
        } else {
            Refused::whole(Code::NotUtf8, "this is not UTF-8, in which JSON is written")
        };
        take(Stretch { text: "", line: 1, row: 0, rows: 0 }, Outcome::Refused(refused))
    }
}

/// The lines of some words, of which the first is `line`, on which ids stand first: entities and statements are not read
/// in the order of the words.
fn lines(words: &str, mut line: usize) -> BTreeMap<&str, usize> {
    let (mut lines, mut from) = (BTreeMap::new(), 0);
    for (at, key) in words.match_indices("\"id\"") {
        line += words[from..at].matches('\n').count();
        from = at;
        let value = words[at + key.len()..].trim_start().strip_prefix(':');
        if let Some((id, _)) = value.and_then(|value| value.trim_start().strip_prefix('"')?.split_once('"')) {
            lines.entry(id).or_insert(line);
        }
    }
    lines
}

/// Refuses what is no JSON, at the place where that shows.
fn refuse(words: &str, line: usize, error: &serde_json::Error, take: &mut Take) -> io::Result<()> {
    let shown = words.lines().nth(error.line().saturating_sub(1)).filter(|line| line.len() <= SHOWN);
    let at = error.column().saturating_sub(1);
    let line = line + error.line().saturating_sub(1);
    let mut fault = Refused::whole(Code::Syntax, format!("this is no JSON: {error}"));
    fault.at = shown.filter(|shown| shown.is_char_boundary(at) && at < shown.len()).map(|_| at..at + 1);
    take(Stretch { text: shown.unwrap_or_default(), line, row: 0, rows: 0 }, Outcome::Refused(fault))
}

/// What items and properties are called in one language, by their ids.
struct Labels {
    /// The language, such as `en`.
    language: String,
    called: BTreeMap<String, String>,
}

impl Labels {
    /// Takes the label of an entity; one without a label in the language, or for many (`mul`), has none.
    fn learn(&mut self, entity: &Value) {
        let labels = &entity["labels"];
        let label = labels[&self.language]["value"].as_str().or_else(|| labels["mul"]["value"].as_str());
        if let (Some(id), Some(label)) = (entity["id"].as_str(), label) {
            self.called.insert(id.to_owned(), label.to_owned());
        }
    }

    /// The label, else the id.
    fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.called.get(id).map_or(id, String::as_str)
    }

    /// A slug that nothing else has: labels of items are not unique, their ids are.
    fn slug(&self, id: &str) -> String {
        let Some(label) = self.called.get(id) else { return id.to_owned() };
        format!("{}-{id}", slug(label)).trim_start_matches('-').to_owned()
    }
}
