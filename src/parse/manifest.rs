//! The manifest and the tables beside it → one [`Manifest`]. A name with a fault is known all the same, so that one
//! fault here is not a hundred in the events. Knows nothing of events.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::{TZ_VARIANTS, Tz};

use super::link;
use super::reading::Reading;
use super::scan;
use super::tree::{self, Document, Entries, Node, Shape, Style};
use crate::model::date::{Circa, Seasons};
use crate::model::decimal::Decimal;
use crate::model::diagnostic::{Code, Diagnostic, Severity, nearest};
use crate::model::manifest::{Entity, Manifest, Voice};
use crate::model::text::{FileId, Place, Text, Texts};

/// The tables that may stand in a file of their own.
pub const TABLES: [&str; 4] = ["entities", "voices", "sources", "paths"];

/// The keys of an entity.
pub const ENTITY: [&str; 5] = ["name", "kind", "also", "at", "meta"];

/// The keys of a voice.
pub const VOICE: [&str; 3] = ["name", "part_of", "meta"];

/// The keys of the manifest.
pub const KEYS: [&str; 11] =
    ["asof", "title", "timezone", "seasons", "circa", "entities", "voices", "sources", "check", "paths", "meta"];

/// The widest *circa* that anybody means.
const MOST_CIRCA: u32 = 10_000;

/// Whether a file of this name is the manifest or one of its tables, and thus holds no events.
pub fn is_manifest(name: &str) -> bool {
    table(name).is_some()
}

/// `chronicle`, or the table that a file of this name holds.
fn table(name: &str) -> Option<&str> {
    let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"))?;
    (stem == "chronicle" || TABLES.contains(&stem)).then_some(stem)
}

/// Reads the manifest and its tables from a chronicle's own texts, those left out that could not be read.
pub fn manifest(texts: &Texts, skip: &BTreeSet<FileId>) -> (Manifest, Vec<Diagnostic>) {
    let mut draft = Draft::default();
    let own = &texts.files[..texts.own.min(texts.files.len())];
    let files: Vec<(&str, FileId, &Text)> = own
        .iter()
        .enumerate()
        .map(|(number, text)| (FileId(u32::try_from(number).unwrap_or(u32::MAX)), text))
        .filter(|(id, _)| !skip.contains(id))
        .filter_map(|(id, text)| Some((table(&text.name)?, id, text)))
        .collect();
    for is_chronicle in [true, false] {
        for (name, id, text) in files.iter().filter(|(name, ..)| (*name == "chronicle") == is_chronicle) {
            draft.file(name, *id, text);
        }
    }
    link::check(&mut draft.manifest, &mut draft.faults);
    draft.faults.sort_by_key(|fault| fault.place);
    (draft.manifest, draft.faults)
}

/// What of the manifest has been read so far.
#[derive(Default)]
struct Draft {
    manifest: Manifest,
    faults: Vec<Diagnostic>,
    /// Where each table and file was given, and under which name.
    given: BTreeMap<String, (Place, String)>,
}

impl Draft {
    fn file(&mut self, name: &str, file: FileId, text: &Text) {
        let nothing = Manifest::default();
        let mut reading = Reading::new(file, text.content(), &nothing);
        let mut documents: Vec<Document> = Vec::new();
        scan::read(file, text.content(), &mut |document| documents.push(document));
        let is_new = self.give(name, Place::of_file(file), &text.name);
        let mut documents = documents.into_iter();
        let first = documents.next();
        if let Some(second) = documents.next().and_then(|document| document.root) {
            let fault = Diagnostic::new(
                Code::WrongType,
                Place { end: second.place.start, ..second.place },
                "a second document",
            );
            reading.say(fault.help("the manifest and its tables are one document each"));
        }
        if let Some(document) = first {
            reading.faults.extend(document.faults);
            match document.root {
                Some(root) if document.listed => {
                    reading.wrong(name, "a mapping", &Node { shape: Shape::List(vec![]), place: root.place })
                }
                Some(root) if name == "chronicle" => self.chronicle(&mut reading, root, &text.name),
                Some(root) => self.table(&mut reading, name, root, is_new),
                None => {}
            }
        }
        self.faults.append(&mut reading.faults);
    }

    /// Notes where a table is given; a second time is a fault, and then the first counts.
    fn give(&mut self, table: &str, place: Place, name: &str) -> bool {
        if let Some((first, other)) = self.given.get(table) {
            let fault = Diagnostic::new(Code::DuplicateKey, place, format!("`{table}` is given twice"));
            self.faults.push(fault.note(format!("also in `{other}`"), Some(*first)).help("put the two into one"));
            return false;
        }
        self.given.insert(table.to_owned(), (place, name.to_owned()));
        true
    }

    fn chronicle<'a>(&mut self, reading: &mut Reading<'a>, root: Node<'a>, name: &str) {
        for (key, node) in reading.map("chronicle", "a mapping", root).unwrap_or_default() {
            let what = &*key.text;
            match what {
                "asof" => reading.version(&node),
                "title" => self.manifest.title = reading.line(what, node).map(|title| title.value),
                "timezone" => {
                    if let Some(zone) = reading.zone(node) {
                        self.manifest.calendar.zone = zone;
                    }
                }
                "seasons" => {
                    if let Some(seasons) = reading.seasons(node) {
                        self.manifest.calendar.seasons = seasons;
                    }
                }
                "circa" => reading.circa(node, &mut self.manifest.calendar.circa),
                "check" => self.manifest.check = reading.check(node),
                "meta" => {
                    reading.free(node);
                }
                table if TABLES.contains(&table) => {
                    let is_new = self.give(table, key.place, name);
                    self.table(reading, table, node, is_new);
                }
                _ => reading.unknown_key(&key, "the manifest", &KEYS),
            }
        }
    }

    fn table<'a>(&mut self, reading: &mut Reading<'a>, table: &str, node: Node<'a>, is_new: bool) {
        let manifest = &mut self.manifest;
        // What is left empty is a table of nothing.
        let entries = match node.is_null() {
            true => Vec::new(),
            false => match reading.map(table, "a mapping of names", node) {
                Some(entries) => entries,
                None => return,
            },
        };
        match table {
            "entities" => {
                let entities = reading.named(entries, Reading::entity);
                give(&mut manifest.entities, entities, is_new);
            }
            "voices" => {
                let voices = reading.named(entries, |reading, entries, _, place| reading.voice(entries, place));
                give(&mut manifest.voices, voices, is_new);
            }
            "sources" => {
                let sources = reading.named(entries, Reading::source);
                give(&mut manifest.sources, sources, is_new);
            }
            _ => {
                let rules = reading.rules(entries);
                give(&mut manifest.paths, rules, is_new);
            }
        }
    }
}

fn give<T>(slot: &mut Option<T>, table: T, is_new: bool) {
    if is_new || slot.is_none() {
        *slot = Some(table);
    }
}

impl<'a> Reading<'a> {
    /// A table from slugs to what stands under them; what is left empty has no keys.
    fn named<T>(
        &mut self,
        entries: Entries<'a>,
        mut read: impl FnMut(&mut Self, Entries<'a>, String, Place) -> T,
    ) -> BTreeMap<String, T> {
        let mut table = BTreeMap::new();
        let mut places: BTreeMap<String, Place> = BTreeMap::new();
        for (key, node) in entries {
            let Some(name) = self.as_slug(&key.text, key.place) else { continue };
            if let Some(first) = places.get(&name.value) {
                self.say(tree::duplicate(&name.value, name.place, *first));
                continue;
            }
            let inner = match node.is_null() {
                true => Vec::new(),
                false => self.map(&name.value, "a mapping", node).unwrap_or_default(),
            };
            places.insert(name.value.clone(), name.place);
            table.insert(name.value.clone(), read(self, inner, name.value, name.place));
        }
        table
    }

    fn entity(&mut self, entries: Entries<'a>, _: String, place: Place) -> Entity {
        let mut entity = Entity { name: None, kind: None, also: Vec::new(), at: None, place };
        for (key, node) in entries {
            match &*key.text {
                "name" => entity.name = self.line("name", node).map(|name| name.value),
                "kind" => entity.kind = self.line("kind", node).map(|kind| kind.value),
                "also" => entity.also = self.texts("also", node).into_iter().map(|name| name.value).collect(),
                "at" => entity.at = self.position(node),
                "meta" => {
                    self.free(node);
                }
                _ => self.unknown_key(&key, "an entity", &ENTITY),
            }
        }
        entity
    }

    fn voice(&mut self, entries: Entries<'a>, place: Place) -> Voice {
        let mut voice = Voice { name: None, part_of: None, place };
        for (key, node) in entries {
            match &*key.text {
                "name" => voice.name = self.line("name", node).map(|name| name.value),
                "part_of" => voice.part_of = self.slug("part_of", node),
                "meta" => {
                    self.free(node);
                }
                _ => self.unknown_key(&key, "a voice", &VOICE),
            }
        }
        voice
    }

    /// Latitude and longitude in degrees.
    fn position(&mut self, node: Node<'a>) -> Option<(f64, f64)> {
        let place = node.place;
        let degrees = |node: &Node, most: f64| match &node.shape {
            Shape::Scalar(text, Style::Plain) => {
                let number: f64 = Decimal::parse(text)?.to_string().parse().ok()?;
                (number.abs() <= most).then_some(number)
            }
            _ => None,
        };
        let position = match &node.shape {
            Shape::List(nodes) if nodes.len() == 2 => degrees(&nodes[0], 90.0).zip(degrees(&nodes[1], 180.0)),
            Shape::Broken => {
                self.is_broken = true;
                return None;
            }
            _ => None,
        };
        if position.is_none() {
            let fault = Diagnostic::new(Code::WrongType, place, "`at` takes latitude and longitude in degrees");
            self.say(fault.help("write `[latitude, longitude]`, such as `[41.01, 28.98]`"));
        }
        position
    }

    fn version(&mut self, node: &Node<'a>) {
        match &node.shape {
            Shape::Scalar(text, _) if Decimal::parse(text) == Some(Decimal::from(1)) => {}
            Shape::Scalar(text, _) if !node.is_null() => {
                let fault =
                    Diagnostic::new(Code::FormatVersion, node.place, format!("format version `{text}` is not known"));
                self.say(fault.help("write `asof: 1`, or use a later release of the program"));
            }
            _ => self.wrong("asof", "a format version", node),
        }
    }

    fn zone(&mut self, node: Node<'a>) -> Option<Tz> {
        let text = self.text("timezone", node)?;
        if let Ok(zone) = text.value.parse::<Tz>() {
            return Some(zone);
        }
        let folded = |zone: &&Tz| zone.name().eq_ignore_ascii_case(&text.value);
        let near = match TZ_VARIANTS.iter().find(folded) {
            Some(zone) => Some(zone.name()),
            None => nearest(&text.value, TZ_VARIANTS.iter().map(|zone| zone.name())),
        };
        let fault = Diagnostic::new(Code::BadWord, text.place, format!("there is no time zone `{}`", text.value));
        self.say(match near {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help("write a name of the IANA database, such as `Europe/Kyiv`"),
        });
        None
    }

    fn seasons(&mut self, node: Node<'a>) -> Option<Seasons> {
        let text = self.text("seasons", node)?;
        match text.value.as_str() {
            "northern" => Some(Seasons::Northern),
            "southern" => Some(Seasons::Southern),
            word => {
                self.bad_word("seasons", word, text.place, ["northern", "southern"].into_iter());
                None
            }
        }
    }

    fn circa(&mut self, node: Node<'a>, circa: &mut Circa) {
        for (key, node) in self.map("circa", "a mapping with `day`, `month`, `year`", node).unwrap_or_default() {
            let unit = match &*key.text {
                "day" => &mut circa.day,
                "month" => &mut circa.month,
                "year" => &mut circa.year,
                _ => {
                    self.unknown_key(&key, "`circa`", &["day", "month", "year"]);
                    continue;
                }
            };
            let Some(text) = self.text(&key.text, node) else { continue };
            let number = Decimal::parse(&text.value).and_then(|number| number.to_string().parse::<u32>().ok());
            match number.filter(|number| (1..=MOST_CIRCA).contains(number)) {
                Some(number) => *unit = number,
                None => {
                    let message = format!("`{}` takes a whole number, not `{}`", key.text, text.value);
                    let fault = Diagnostic::new(Code::BadNumber, text.place, message);
                    self.say(fault.help(format!("write a number from 1 to {MOST_CIRCA}")));
                }
            }
        }
    }

    fn check(&mut self, node: Node<'a>) -> BTreeMap<Code, Option<Severity>> {
        let mut check = BTreeMap::new();
        for (key, node) in
            self.map("check", "a mapping of rules to `error`, `warning`, `hint` or `off`", node).unwrap_or_default()
        {
            let code = self.rule_named(&key);
            let Some(word) = self.text(&key.text, node) else { continue };
            let severity = match word.value.as_str() {
                "error" => Some(Severity::Error),
                "warning" => Some(Severity::Warning),
                "hint" => Some(Severity::Hint),
                "off" => None,
                other => {
                    self.bad_word(&key.text, other, word.place, ["error", "warning", "hint", "off"].into_iter());
                    continue;
                }
            };
            check.extend(code.map(|code| (code, severity)));
        }
        check
    }
}
