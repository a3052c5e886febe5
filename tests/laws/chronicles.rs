//! Random chronicles as their texts: small alphabets, so that everything collides with everything. They are made so
//! that they load whole: a path keeps its kind, estimates share a part, links lead only to what came no later.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use asof::model::date::{Calendar, Circa};
use asof::model::text::{Text, Texts};

/// A chronicle, in parts that can be renamed, split and deleted.
#[derive(Clone)]
pub struct Chronicle {
    pub manifest: Option<Manifest>,
    pub events: Vec<Event>,
    /// Names and the events in them, by their place in `events`.
    pub files: Vec<(String, Vec<usize>)>,
}

#[derive(Clone)]
pub struct Manifest {
    pub kyiv: bool,
    pub wide_circa: bool,
    pub voices: bool,
    pub part_of: BTreeMap<String, String>,
}

#[derive(Clone)]
pub struct Event {
    pub id: Option<String>,
    pub title: String,
    pub date: String,
    pub until: Option<String>,
    pub known: Option<String>,
    pub kind: Option<&'static str>,
    pub actors: Vec<&'static str>,
    pub tags: Vec<&'static str>,
    pub sources: Vec<&'static str>,
    pub confidence: Option<&'static str>,
    pub because: Vec<usize>,
    pub after: Vec<usize>,
    pub replaces: Vec<usize>,
    pub changes: Vec<Change>,
}

#[derive(Clone)]
pub struct Change {
    pub voice: Option<&'static str>,
    pub during: bool,
    pub does: &'static str,
    /// A path, or in quotes a pattern.
    pub path: &'static str,
    /// As it is written; of an `unset` nothing.
    pub value: &'static str,
}

pub const VOICES: [&str; 4] = ["east", "west", "north", "south"];

impl Chronicle {
    pub fn part_of(&self) -> BTreeMap<String, String> {
        self.manifest.as_ref().map(|manifest| manifest.part_of.clone()).unwrap_or_default()
    }

    pub fn calendar(&self) -> Calendar {
        let mut calendar = Calendar::default();
        if let Some(manifest) = &self.manifest {
            if manifest.kyiv {
                calendar.zone = chrono_tz::Europe::Kyiv;
            }
            if manifest.wide_circa {
                calendar.circa = Circa { day: 3, month: 2, year: 1 };
            }
        }
        calendar
    }

    /// The id of an event, written or made of its file's name and its place there.
    pub fn id(&self, event: usize) -> String {
        if let Some(id) = &self.events[event].id {
            return id.clone();
        }
        let (name, events) = self.files.iter().find(|(_, events)| events.contains(&event)).expect("a file");
        let stem = name.rsplit('/').next().and_then(|base| base.rsplit_once('.')).expect("an ending").0;
        let place = events.iter().position(|other| *other == event).expect("a place") + 1;
        if events.len() == 1 { stem.to_owned() } else { format!("{stem}#{place}") }
    }

    /// The same with the id of every event written, so that it can be renamed, split and cut.
    pub fn with_ids(&self) -> Chronicle {
        let mut same = self.clone();
        for (place, event) in same.events.iter_mut().enumerate() {
            event.id = Some(format!("e{place}"));
        }
        same
    }

    /// The same without one event, and without what refers to it.
    pub fn without(&self, gone: usize) -> Chronicle {
        let mut rest = self.clone();
        for event in &mut rest.events {
            for links in [&mut event.because, &mut event.after, &mut event.replaces] {
                links.retain(|link| *link != gone);
            }
        }
        for (_, events) in &mut rest.files {
            events.retain(|event| *event != gone);
        }
        rest.files.retain(|(_, events)| !events.is_empty());
        rest
    }

    /// The events that stand in a file.
    pub fn listed(&self) -> Vec<usize> {
        let mut listed: Vec<usize> = self.files.iter().flat_map(|(_, events)| events.clone()).collect();
        listed.sort_unstable();
        listed
    }

    /// The voices that a question can name.
    pub fn voices(&self) -> Vec<&'static str> {
        let listed = self.listed();
        let speaks = |voice: &&str| {
            let changes = listed.iter().flat_map(|event| &self.events[*event].changes);
            changes.map(|change| change.voice).any(|spoken| spoken == Some(*voice))
        };
        let known = self.manifest.as_ref().is_some_and(|manifest| manifest.voices);
        VOICES.into_iter().filter(|voice| known || speaks(voice)).collect()
    }

    /// The texts as a door hands them over: in order of their names.
    pub fn texts(&self) -> Texts {
        let mut files: Vec<Text> =
            self.files.iter().map(|(name, events)| Text::new(name.clone(), self.file(events))).collect();
        if let Some(manifest) = &self.manifest {
            files.push(Text::new("chronicle.yaml", manifest.text()));
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let own = files.len();
        Texts { files, folder: "random".into(), own }
    }

    /// One file: a list where it has three events, else documents one after the other.
    fn file(&self, events: &[usize]) -> String {
        let documents: Vec<String> = events.iter().map(|event| self.document(*event)).collect();
        if documents.len() == 3 {
            let item = |document: &String| format!("- {}\n", document.trim_end().replace('\n', "\n  "));
            documents.iter().map(item).collect()
        } else {
            documents.join("---\n")
        }
    }

    fn document(&self, place: usize) -> String {
        let event = &self.events[place];
        let mut lines = vec![format!("date: {}", event.date), format!("title: {}", event.title)];
        let mut line = |key: &str, value: Option<String>| lines.extend(value.map(|value| format!("{key}: {value}")));
        let list = |words: &[&str]| (!words.is_empty()).then(|| format!("[{}]", words.join(", ")));
        let links = |links: &[usize]| {
            let ids: Vec<String> = links.iter().map(|link| format!("\"{}\"", self.id(*link))).collect();
            (!ids.is_empty()).then(|| format!("[{}]", ids.join(", ")))
        };
        line("id", event.id.clone());
        line("until", event.until.clone());
        line("known", event.known.clone());
        line("kind", event.kind.map(str::to_owned));
        line("actors", list(&event.actors));
        line("tags", list(&event.tags));
        line("sources", list(&event.sources));
        line("confidence", event.confidence.map(str::to_owned));
        line("because", links(&event.because));
        line("after", links(&event.after));
        line("replaces", links(&event.replaces));
        lines.extend(written_changes(event, None));
        let claims: Vec<String> = VOICES
            .iter()
            .map(|voice| (voice, written_changes(event, Some(voice))))
            .filter(|(_, changes)| !changes.is_empty())
            .map(|(voice, changes)| format!("{voice}: {{{}}}", changes.join(", ")))
            .collect();
        if !claims.is_empty() {
            lines.push(format!("claims: {{{}}}", claims.join(", ")));
        }
        lines.join("\n") + "\n"
    }
}

/// What the record, or a voice, changes: one entry for each kind of change, then one for `during`.
fn written_changes(event: &Event, voice: Option<&str>) -> Vec<String> {
    let written = |during: bool| -> Vec<(&str, String)> {
        let kinds: BTreeSet<&str> = event.changes.iter().map(|change| change.does).collect();
        let of = |does: &str| -> Vec<String> {
            let same = |c: &&Change| c.voice == voice && c.during == during && c.does == does;
            let one = |c: &Change| if does == "unset" { c.path.to_owned() } else { format!("{}: {}", c.path, c.value) };
            event.changes.iter().filter(same).map(one).collect()
        };
        let all = kinds.into_iter().map(|does| (does, of(does))).filter(|(_, changes)| !changes.is_empty());
        all.map(|(does, changes)| {
            let (open, close) = if does == "unset" { ('[', ']') } else { ('{', '}') };
            (does, format!("{open}{}{close}", changes.join(", ")))
        })
        .collect()
    };
    let entry = |(does, changes): &(&str, String)| format!("{does}: {changes}");
    let mut entries: Vec<String> = written(false).iter().map(entry).collect();
    match &written(true)[..] {
        [] => {}
        // The short form.
        [("set", changes)] if event.title.len().is_multiple_of(2) => entries.push(format!("during: {changes}")),
        held => entries.push(format!("during: {{{}}}", held.iter().map(entry).collect::<Vec<_>>().join(", "))),
    }
    entries
}

impl Manifest {
    fn text(&self) -> String {
        let mut text = String::from("asof: 1\ntitle: Random\n");
        if self.kyiv {
            text += "timezone: Europe/Kyiv\n";
        }
        if self.wide_circa {
            text += "circa: {day: 3, month: 2, year: 1}\n";
        }
        if self.voices {
            text += "voices:\n";
            for voice in VOICES {
                let part = self.part_of.get(voice).map(|above| format!(", part_of: {above}")).unwrap_or_default();
                text += &format!("  {voice}: {{name: The {voice}{part}}}\n");
            }
        }
        text
    }
}

impl fmt::Debug for Chronicle {
    /// The texts, so that a failure can be read and tried by hand.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for text in self.texts().files {
            write!(f, "\n# {}\n{}", text.name, text.content())?;
        }
        Ok(())
    }
}
