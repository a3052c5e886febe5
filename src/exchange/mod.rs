//! OTHER FORMATS, in and out: one file a format. What comes in becomes event files, what goes out is the chronicle or an
//! answer in the form that others read. A format that must write files itself (Parquet, SQLite, git) is a door.

pub mod import;
mod export;
mod document;
mod carried;
mod entry;
mod references;
mod timelinejs;
mod ics;
mod markwhen;
mod mermaid;
mod cloudevents;
mod prov;
mod csl;
mod bibtex;

pub use export::{Exported, Form, Subject, export};
use import::Importer;

/// What makes the importer of a format.
#[derive(Clone, Copy)]
enum Make {
    /// The format says all.
    Plain(fn() -> Box<dyn Importer>),
}

/// The formats that `asof import` reads, by name.
const IMPORTERS: &[(&str, Make)] = &[
    ("timelinejs", Make::Plain(|| Box::new(timelinejs::TimelineJs))),
    ("markwhen", Make::Plain(|| Box::new(markwhen::Markwhen))),
    ("ics", Make::Plain(|| Box::new(ics::Ics))),
    ("cloudevents", Make::Plain(|| Box::new(cloudevents::CloudEvents))),
];

/// The names of the formats that are read.
pub fn importers() -> impl Iterator<Item = &'static str> + Clone {
    IMPORTERS.iter().map(|(name, _)| *name)
}

/// The importer of a format, and the format's name; nothing where no format has this name.
pub fn importer(format: &str) -> Option<(&'static str, Box<dyn Importer>)> {
    let (name, make) = IMPORTERS.iter().find(|(name, _)| *name == format)?;
    match make {
        Make::Plain(make) => Some((name, make())),
    }
}
