//! FILES OF OTHERS → EVENTS: what every importer is, and what makes an event of whatever it finds: an id, where it came
//! from, and the proof that it will load. Pure: bytes in, events out. Knows nothing of any format, nor of disks.

use std::io::{self, BufRead};
use std::ops::Range;

use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_64;

use crate::model::date::Calendar;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::{Event, Free};
use crate::model::manifest::Manifest;
use crate::model::path::is_slug;
use crate::model::text::{FileId, Place, Text, Texts};
use crate::{parse, write};

/// What names a file on every system has at most 255 bytes, with its ending and what is put around it meanwhile.
const LONGEST_ID: usize = 200;

/// The keys of an event that change a value by something (1-format): a claim states a whole value.
pub const COUNTED: [&str; 4] = ["add", "remove", "increase", "decrease"];
/// What to do where a voice would claim that.
pub const NO_CLAIM: &str = "say `set` in the rules, or import without `--voice`";

/// Why a voice cannot claim what stands under a key.
pub fn no_claim(key: &str) -> String {
    format!("a voice cannot claim to `{key}`: a claim states a whole value")
}

/// A file that is read: its bytes, in turn.
pub struct Source<'a> {
    /// As it was named on the command line, `stdin` for standard input.
    pub name: &'a str,
    /// What it holds.
    pub bytes: &'a mut dyn BufRead,
}

/// The part of a source that an event comes from: a row, a line, a component.
#[derive(Clone, Copy, Debug)]
pub struct Stretch<'a> {
    /// Its words, as far as a message may point into them; it begins with a line.
    pub text: &'a str,
    /// The number of its first line in the source, from 1.
    pub line: usize,
    /// The number of its (first) row, record or component, from 1; the header is none.
    pub row: usize,
    /// How many of those it is: 0 for what is said of a source as a whole.
    pub rows: usize,
}

/// What comes of a stretch.
#[derive(Debug)]
pub enum Outcome {
    /// An event: a mapping with the keys of 1-format. Where it has no `id`, it gets one of file and row; where it cites
    /// nothing, it cites the file, unless `sources` is an empty list; `meta.import` says where it is from.
    Event(Free),
    /// Nothing of its own: it belongs to what other stretches give.
    Part,
    /// Nothing, as was asked for.
    Skipped,
    /// Nothing, because something in it cannot be read.
    Refused(Refused),
}

/// Why a stretch gives no event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// Which kind of fault, as `asof explain` tells it.
    pub code: Code,
    /// A short phrase.
    pub message: String,
    /// The bytes of the stretch that are wrong; none for all of it.
    pub at: Option<Range<usize>>,
    /// What to do instead.
    pub help: Option<String>,
}

impl Refused {
    /// A fault at some bytes of the stretch.
    pub fn new(code: Code, at: Range<usize>, message: impl Into<String>) -> Refused {
        Refused { code, message: message.into(), at: Some(at), help: None }
    }

    /// A fault of the stretch as a whole.
    pub fn whole(code: Code, message: impl Into<String>) -> Refused {
        Refused { code, message: message.into(), at: None, help: None }
    }

    /// The same with a help.
    pub fn help(mut self, help: impl Into<String>) -> Refused {
        self.help = Some(help.into());
        self
    }

    /// The fault as every other is shown, with the text that it stands in.
    pub fn diagnostic(&self, source: &str, stretch: &Stretch) -> (Diagnostic, Texts) {
        let end = stretch.text.trim_end().len();
        // Nothing at the very beginning would be the file as a whole.
        let first = stretch.text.chars().next().map_or(0, char::len_utf8);
        let at = self.at.clone().map_or(0..end, |at| at.start..at.end.max(first));
        let place = Place::new(FileId(0), at.start, at.end.max(at.start));
        let mut fault = Diagnostic::new(self.code, place, self.message.clone());
        fault.help = self.help.clone();
        let text = Text::lines_from(stretch.line, source, stretch.text);
        (fault, Texts { files: vec![text], folder: String::new(), own: 0 })
    }
}

/// Takes what comes of each stretch, in the order of the source. Its errors are those of writing, and end the reading.
pub type Take<'t> = dyn FnMut(Stretch, Outcome) -> io::Result<()> + 't;

/// Reads files of one format. One importer reads all files of one command, one after another.
pub trait Importer {
    /// Reads a source to its end, in memory that does not grow with it, and hands on whatever is found. A stretch that
    /// cannot be read is refused, and the rest goes on. Errors: those of reading, and those of `take`.
    fn read(&mut self, source: Source, take: &mut Take) -> io::Result<()>;
}

/// Makes what importers find into events that will load.
pub struct Maker {
    format: &'static str,
    voice: Option<String>,
    /// The chronicle's calendar and nothing else of it: names that it does not know are for `check`.
    manifest: Manifest,
    /// The ids given so far, hashed, but for those made of a row, which are never given twice.
    ids: FxHashSet<u64>,
}

/// An event that will load.
#[derive(Debug)]
pub struct Made {
    /// Its id.
    pub id: String,
    /// The year in which it began, if that is one of four digits.
    pub year: Option<String>,
    /// All of it.
    pub event: Free,
    /// The same as JSON on one line.
    pub json: String,
}

impl Maker {
    /// A maker for a format; with a `voice`, what the events set is what that voice claims.
    pub fn new(format: &'static str, voice: Option<String>, calendar: Calendar) -> Maker {
        Maker { format, voice, manifest: Manifest { calendar, ..Manifest::default() }, ids: FxHashSet::default() }
    }

    /// The event that a stretch of a source gave, whole.
    pub fn make(&mut self, source: &str, stretch: &Stretch, event: Free) -> Result<Made, Refused> {
        let Free::Map(mut keys) = event else {
            return Err(Refused::whole(Code::WrongType, "this gives no mapping, so no event"));
        };
        let id = match get(&keys, "id") {
            Some(Free::Text(id)) => {
                let id = id.clone();
                if id.starts_with('_') || id.len() > LONGEST_ID {
                    let fault = Refused::whole(Code::BadSlug, format!("`{id}` can be no name of an event file"));
                    return Err(
                        fault.help(format!("let it begin with a letter or digit, and have at most {LONGEST_ID} bytes"))
                    );
                }
                if !self.ids.insert(xxh3_64(id.as_bytes())) {
                    let fault = Refused::whole(Code::DuplicateId, format!("an earlier row has the id `{id}`, too"));
                    return Err(fault.help("make the id of what tells the rows apart"));
                }
                id
            }
            _ => {
                let id = format!("{}-row-{}", stem(source), stretch.row);
                keys.insert(0, ("id".to_owned(), Free::Text(id.clone())));
                id
            }
        };
        if let Some(voice) = &self.voice {
            claimed_by(voice, &mut keys)?;
        }
        if matches!(get(&keys, "sources"), Some(Free::List(sources)) if sources.is_empty()) {
            keys.retain(|(key, _)| key != "sources");
        } else if get(&keys, "sources").is_none() {
            let page = format!("row {}", stretch.row);
            let cited = vec![("title".to_owned(), text(base(source))), ("page".to_owned(), text(&page))];
            keys.push(("sources".to_owned(), Free::List(vec![Free::Map(cited)])));
        }
        self.note_origin(source, stretch, &mut keys);
        keys.sort_by_key(|(key, _)| parse::EVENT_KEYS.iter().position(|known| known == key));
        let event = Free::Map(keys);
        let json = write::json(&event);
        let year = self.prove(&json, stretch.text)?;
        Ok(Made { id, year, event, json })
    }

    /// Writes into `meta.import` where an event is from.
    fn note_origin(&self, source: &str, stretch: &Stretch, keys: &mut Vec<(String, Free)>) {
        let number = |number: usize| Free::Number(number.to_string());
        let mut import = vec![
            ("format".to_owned(), text(self.format)),
            ("file".to_owned(), text(base(source))),
            ("row".to_owned(), number(stretch.row)),
            ("line".to_owned(), number(stretch.line)),
        ];
        if stretch.rows > 1 {
            import.push(("rows".to_owned(), number(stretch.rows)));
        }
        let import = ("import".to_owned(), Free::Map(import));
        match keys.iter_mut().find(|(key, _)| key == "meta") {
            Some((_, Free::Map(meta))) => {
                meta.retain(|(key, _)| key != "import");
                meta.push(import);
            }
            Some((_, meta)) => *meta = Free::Map(vec![("value".to_owned(), meta.clone()), import]),
            None => keys.push(("meta".to_owned(), Free::Map(vec![import]))),
        }
    }

    /// Reads the event as loading will, so that nothing is written that would not load; gives the year it began in. A
    /// fault stands where its words stand in the stretch, if they do once.
    fn prove(&self, json: &str, stretch: &str) -> Result<Option<String>, Refused> {
        const NAME: &str = "import.jsonl";
        if let Some(event) = parse::event(FileId(0), NAME, json, 0, &self.manifest) {
            return Ok(self.year(&event));
        }
        let text = Text::new(NAME, json);
        let loose: parse::Loose<Vec<(usize, Event)>> = parse::documents(FileId(0), &text, &self.manifest);
        let fault = loose.faults.into_iter().next();
        let fault =
            fault.unwrap_or_else(|| Diagnostic::new(Code::Syntax, Place::of_file(FileId(0)), "it cannot be read"));
        let words =
            text.content().get(fault.place.start as usize..fault.place.end as usize).unwrap_or("").trim_matches('"');
        let mut found = stretch.match_indices(words).filter(|(_, words)| !words.is_empty());
        let at = found.next().filter(|_| found.next().is_none()).map(|(at, words)| at..at + words.len());
        Err(Refused { code: fault.code, message: fault.message, at, help: fault.help })
    }

    fn year(&self, event: &Event) -> Option<String> {
        use chrono::Datelike;
        let year = self.manifest.calendar.local(event.when.written.start)?.year();
        (0..=9999).contains(&year).then(|| format!("{year:04}"))
    }
}

/// Whether a file says of an event what is said of it now, wherever both are from: the same row may come again in another
/// file, or further down.
pub fn is_said(file: &str, event: &Free) -> bool {
    let nothing = Manifest::default();
    let without_origin = |text: &str| {
        let (mut decoder, root) = parse::Decoder::new(text, &nothing);
        let event = root.map(|root| decoder.free(root)).filter(|_| decoder.is_whole());
        let Some(Free::Map(mut keys)) = event else { return None };
        if cites_its_row(&keys) {
            keys.retain(|(key, _)| key != "sources");
        }
        if let Some((_, Free::Map(meta))) = keys.iter_mut().find(|(key, _)| key == "meta") {
            meta.retain(|(key, _)| key != "import");
        }
        keys.sort_by(|(one, _), (other, _)| one.cmp(other));
        Some(keys)
    };
    // Both are read as what they are written as: `2022` is a number there, and `[2022..2023]` a list.
    without_origin(file).is_some_and(|before| without_origin(&write::event(event)) == Some(before))
}

/// Whether the source of an event is the one that [`Maker::make`] gives where there is none: its file and row.
fn cites_its_row(keys: &[(String, Free)]) -> bool {
    let below = |map: &Free, key: &str| match map {
        Free::Map(keys) => get(keys, key).cloned(),
        _ => None,
    };
    let Some(import) = get(keys, "meta").and_then(|meta| below(meta, "import")) else { return false };
    let (file, row) = (below(&import, "file"), below(&import, "row"));
    match (get(keys, "sources"), row) {
        (Some(Free::List(sources)), Some(Free::Number(row))) => match &sources[..] {
            [Free::Map(source)] => {
                let page = text(&format!("row {row}"));
                source.len() == 2 && get(source, "title") == file.as_ref() && get(source, "page") == Some(&page)
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether a file is one event that an import made, by its `meta.import`; whatever else says `import` is no proof of it.
pub fn is_imported(file: &str) -> bool {
    let nothing = Manifest::default();
    let (mut decoder, root) = parse::Decoder::new(file, &nothing);
    let below = |event: Option<Free>, key: &str| match event? {
        Free::Map(keys) => get(&keys, key).cloned(),
        _ => None,
    };
    let event = root.map(|root| decoder.free(root));
    let origin = ["meta", "import", "format"].into_iter().fold(event, below);
    decoder.is_whole() && matches!(origin, Some(Free::Text(_)))
}

/// What a mapping has under a key.
pub fn get<'a>(keys: &'a [(String, Free)], name: &str) -> Option<&'a Free> {
    keys.iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// A mapping with these keys.
pub fn map<K: Into<String>>(keys: impl IntoIterator<Item = (K, Free)>) -> Free {
    Free::Map(keys.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

/// A text as free data.
pub fn text(words: &str) -> Free {
    Free::Text(words.to_owned())
}

/// A text on one line, with single blanks between its words.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text as a slug: in lower case, whatever no slug may hold replaced by single `-`. Two texts may give one slug; a text
/// without a letter or digit gives none, and is empty.
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        if !matches!(c, '.' | '-') && is_slug(c.encode_utf8(&mut [0; 4])) {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// The file's name without its folder.
pub fn base(source: &str) -> &str {
    source.rsplit(['/', '\\']).next().unwrap_or(source)
}

/// The file's name without folder and ending, as a slug.
pub fn stem(source: &str) -> String {
    let base = base(source);
    let stem = slug(base.rsplit_once('.').map_or(base, |(stem, _)| stem));
    if stem.is_empty() { "import".to_owned() } else { stem }
}

/// Makes what an event says on record what a voice claims.
fn claimed_by(voice: &str, keys: &mut Vec<(String, Free)>) -> Result<(), Refused> {
    if let Some((key, _)) = keys.iter().find(|(key, _)| COUNTED.contains(&key.as_str())) {
        return Err(Refused::whole(Code::UnknownKey, no_claim(key)).help(NO_CLAIM));
    }
    let (claimed, kept): (Vec<_>, Vec<_>) =
        std::mem::take(keys).into_iter().partition(|(key, _)| ["set", "unset", "during"].contains(&key.as_str()));
    *keys = kept;
    if claimed.is_empty() {
        return Ok(());
    }
    if get(keys, "claims").is_some() {
        return Err(Refused::whole(
            Code::ConflictingChanges,
            "it has both claims of its own and what a voice would claim",
        ));
    }
    keys.push(("claims".to_owned(), Free::Map(vec![(voice.to_owned(), Free::Map(claimed))])));
    Ok(())
}
/// What a reading takes, told for tests: of an event its line, of a refusal its line and the words it is about.
#[cfg(test)]
pub(super) fn told(read: impl FnOnce(&mut Take) -> io::Result<()>) -> Vec<String> {
    let mut told = Vec::new();
    let done = read(&mut |stretch, outcome| {
        told.push(match outcome {
            Outcome::Event(_) => format!("{} is an event", stretch.line),
            Outcome::Refused(fault) => format!("{}: {}", stretch.line, &stretch.text[fault.at.unwrap()]),
            other => format!("{other:?}"),
        });
        Ok(())
    });
    assert!(done.is_ok());
    told
}
