//! OTHER FORMATS, in and out: one file a format. What comes in becomes event files, what goes out is the chronicle or an
//! answer in the form that others read. A format that must write files itself (Parquet, SQLite, git) is a door.

pub mod import;
mod cloudevents;
mod wikidata;
pub mod git;
mod export;

pub use export::{Exported, Form, Subject, export};

use git::Holds;
use import::Importer;

/// What makes the importer of a format.
#[derive(Clone, Copy)]
enum Make {
    /// The format says all.
    Plain(fn() -> Box<dyn Importer>),
    /// With what the command line says beside.
    Told(fn(&Told) -> Box<dyn Importer>),
}

/// What the command line says beside the files.
#[derive(Clone, Debug)]
pub struct Told {
    /// The language of labels, by its code.
    pub language: String,
    /// What the files of a repository hold.
    pub holds: Holds,
}

/// The formats that `asof import` reads, by name.
const IMPORTERS: &[(&str, Make)] = &[
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

/// The importer of a format, and the format's name; nothing where no format has this name.
pub fn importer(format: &str, told: &Told) -> Option<(&'static str, Box<dyn Importer>)> {
    let (name, make) = IMPORTERS.iter().find(|(name, _)| *name == format)?;
    match make {
        Make::Plain(make) => Some((name, make())),
        Make::Told(make) => Some((name, make(told))),
    }
}
