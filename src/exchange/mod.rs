//! OTHER FORMATS, in and out: one file a format. What comes in becomes event files, what goes out is the chronicle or an
//! answer in the form that others read. A format that must write files itself (Parquet, SQLite) is a door.

pub mod import;
mod lines;
mod apart;
mod export;
mod document;
mod carried;
mod entry;
mod references;
mod csv;
mod gdelt;
mod timelinejs;
mod ics;
mod markwhen;
mod wikidata;
pub mod git;
mod mermaid;
mod cloudevents;
mod prov;
mod csl;
mod bibtex;
mod fault;
#[cfg(any(feature = "parquet", feature = "sqlite"))]
mod tables;
#[cfg(feature = "sqlite")]
mod citations;
#[cfg(any(feature = "parquet", feature = "sqlite"))]
mod answers;
#[cfg(any(feature = "parquet", feature = "sqlite"))]
mod beside;
#[cfg(feature = "parquet")]
mod aside;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "sqlite")]
mod sqlite;

use apart::Apart;
pub use export::{Exported, Form, Of, Subject, export};
pub use fault::Fault;
#[cfg(not(feature = "parquet"))]
pub use fault::to_parquet;
#[cfg(not(feature = "sqlite"))]
pub use fault::to_sqlite;
use git::Holds;
use import::Importer;
#[cfg(feature = "parquet")]
pub use parquet::write as to_parquet;
#[cfg(feature = "sqlite")]
pub use sqlite::write as to_sqlite;

use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::text::{FileId, Place, Text};

/// What makes the importer of a format.
#[derive(Clone, Copy)]
enum Make {
    /// The format says all.
    Plain(fn() -> Box<dyn Importer>),
    /// With what the command line says beside.
    Told(fn(&Told) -> Box<dyn Importer>),
    /// A table: rules say what its columns mean, these or the user's.
    Rules(Option<&'static str>, fn(csv::Table) -> Box<dyn Importer>),
}

/// What the command line says beside the files.
#[derive(Clone, Debug)]
pub struct Told {
    /// The language of labels, by its code.
    pub language: String,
    /// Whether a voice is to claim what the events set.
    pub is_claimed: bool,
    /// What the files of a repository hold.
    pub holds: Holds,
    /// The rules of a table.
    pub rules: Text,
}

/// The formats that `asof import` reads, by name.
const IMPORTERS: &[(&str, Make)] = &[
    ("csv", Make::Rules(None, |table| Box::new(table))),
    ("acled", Make::Rules(Some(include_str!("rules/acled.rules")), |table| Box::new(table))),
    ("ucdp", Make::Rules(Some(include_str!("rules/ucdp.rules")), |table| Box::new(table))),
    ("gdelt", Make::Rules(Some(include_str!("rules/gdelt.rules")), |table| Box::new(gdelt::Gdelt::new(table)))),
    ("timelinejs", Make::Plain(|| Box::new(timelinejs::TimelineJs))),
    ("markwhen", Make::Plain(|| Box::new(markwhen::Markwhen))),
    ("ics", Make::Plain(|| Box::new(ics::Ics))),
    ("wikidata", Make::Told(|told| Box::new(wikidata::Wikidata::in_language(&told.language)))),
    (GIT, Make::Told(|told| Box::new(git::Git::new(told.holds)))),
    ("cloudevents", Make::Plain(|| Box::new(cloudevents::CloudEvents))),
];

/// The format whose files are repositories: what is read of one is what `git` prints for [`git::words`].
pub const GIT: &str = "git";

/// The names of the formats that are read.
pub fn importers() -> impl Iterator<Item = &'static str> + Clone {
    IMPORTERS.iter().map(|(name, _)| *name)
}

/// A format that can be read.
#[derive(Clone, Copy)]
pub struct Format {
    /// Its name.
    pub name: &'static str,
    make: Make,
}

impl Format {
    /// The format of a name.
    pub fn named(name: &str) -> Option<Format> {
        IMPORTERS.iter().find(|(known, _)| *known == name).map(|(name, make)| Format { name, make: *make })
    }

    /// Whether a rules file says how it is read.
    pub fn takes_rules(self) -> bool {
        matches!(self.make, Make::Rules(..))
    }

    /// The rules that are built in.
    pub fn rules(self) -> Option<&'static str> {
        match self.make {
            Make::Rules(rules, _) => rules,
            Make::Plain(_) | Make::Told(_) => None,
        }
    }

    /// Its importer. Errors: what is wrong with the rules, if it takes some.
    pub fn importer(self, told: &Told) -> Result<Box<dyn Importer>, Vec<Diagnostic>> {
        let importer = match self.make {
            Make::Plain(make) => make(),
            Make::Told(make) => make(told),
            Make::Rules(_, make) => {
                let rules = csv::Rules::parse(&told.rules)?;
                match rules.counts().filter(|_| told.is_claimed) {
                    // Said once, and not of every row.
                    Some(key) => {
                        let file = Place::of_file(FileId(0));
                        let fault = Diagnostic::new(Code::UnknownKey, file, import::no_claim(key));
                        return Err(vec![fault.help(import::NO_CLAIM)]);
                    }
                    None => make(csv::Table::new(rules)),
                }
            }
        };
        Ok(Box::new(Apart::new(importer)))
    }
}
