//! The door to the cache: keeps the index of a chronicle in a file of the user's cache folder, and gives it back while
//! the chronicle's files are what they were. It is a help and nothing else: whatever goes wrong with it goes unsaid,
//! and the answer comes from the files. Knows nothing of questions, and of an index only that it is made of sections.
#![allow(clippy::disallowed_methods)]

mod keep;
mod map;
mod shelf;

use std::fs;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_128;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

pub use keep::{clear_all, kept_in};
use shelf::Files;

use crate::disk::{Listing, Stat};
use crate::history::{Column, Image};
use crate::model::text::{Shelf, Stale, Text, Texts};
use crate::parse;
use crate::timeline::Timeline;

/// Of the sections below. What the tables of the index look like goes by the program that wrote them.
const FORMAT: u64 = 1;
/// Our own sections: the key, when the walk began, a row for every file, their names.
const OWN: usize = 4;
/// A file written so many nanoseconds before a walk or later may be written again in the same tick of its clock, so that
/// its content is asked: where times have parts of milliseconds, the kernel's tick and some more; else two seconds, the
/// tick of FAT, which is the coarsest in use.
const TICK: i128 = 50_000_000;
const COARSE_TICK: i128 = 2_000_000_000;

/// A file of a chronicle when its index was made.
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
struct FileRow {
    stat: Stat,
    hash: [u64; 2],
    /// Where its name ends among the names.
    name_end: u64,
}

/// The place of one chronicle in a cache.
pub struct Cache {
    folder: PathBuf,
    listing: Arc<Listing>,
}

/// What a cache has of a chronicle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Nothing, or nothing that this program could have written for this chronicle.
    Absent,
    /// The index of files that are not these any more.
    Changed,
    /// The index of these files.
    Fresh,
}

/// What was found in a cache, and what to do with it after the answer.
pub struct Opened {
    /// The chronicle. Whatever of it is looked into may give the answer up: ask it within [`unless_stale`].
    pub timeline: Timeline,
    image: Arc<Image>,
    /// Whether the rows of the files are to be written anew, so that fewer contents are asked next time.
    renews: bool,
}

/// What comparing rows with files gave.
enum Compared {
    Changed,
    /// The contents that had to be asked, each with its file's number.
    Same(Vec<(usize, String)>),
}

/// Gives what a look into a chronicle gave, unless that was given up since something is no longer what it was.
pub fn unless_stale<T>(look: impl FnOnce() -> T) -> Result<T, Stale> {
    catch_unwind(AssertUnwindSafe(look)).map_err(|thrown| match thrown.downcast::<Stale>() {
        Ok(stale) => *stale,
        // Any other unwinding is a fault of the program, which nobody may hide.
        Err(other) => resume_unwind(other),
    })
}

impl Cache {
    /// The place of a chronicle in the cache that `folder` is or will be.
    pub fn new(folder: &Path, listing: &Arc<Listing>) -> Cache {
        Cache { folder: folder.to_owned(), listing: listing.clone() }
    }

    /// The file, whether it is there or not: one for each chronicle, so that what another version of the program wrote
    /// makes way.
    pub fn file(&self) -> PathBuf {
        self.folder.join(keep::name_for(self.listing.root()))
    }

    /// How large the file is, if it is there.
    pub fn size(&self) -> Option<u64> {
        fs::symlink_metadata(self.file()).ok().map(|about| about.len())
    }

    /// What there is of the chronicle.
    pub fn state(&self) -> State {
        let compare = || self.image().and_then(|image| self.compare(&image));
        match unless_stale(compare) {
            Ok(Some(Compared::Same(_))) => State::Fresh,
            Ok(Some(Compared::Changed)) => State::Changed,
            Ok(None) | Err(_) => State::Absent,
        }
    }

    /// The chronicle, if it is there and fresh. Of its files only manifests are read, and those that were written too
    /// late to tell by their times whether they changed.
    pub fn open(&self) -> Option<Opened> {
        unless_stale(|| {
            let image = self.image()?;
            let Compared::Same(asked) = self.compare(&image)? else { return None };
            let began = self.listing.began();
            let settled = |(number, _): &(usize, String)| {
                self.listing.file(*number).is_some_and(|(_, stat)| is_settled(&stat, began))
            };
            let renews = asked.iter().any(settled);
            let timeline = Timeline::mapped(self.texts(asked), &image, OWN)?;
            Some(Opened { timeline, image, renews })
        })
        .ok()
        .flatten()
    }

    /// Keeps the index of a chronicle that was loaded from the files of the listing, with how many errors and warnings
    /// `check` finds in it. One that is not whole is not kept.
    pub fn write(&self, timeline: &Timeline, counts: Option<(usize, usize)>) {
        if !timeline.is_whole() {
            return;
        }
        let hashes = timeline.texts().files.par_iter().map(|text| hash(text.content().as_bytes()));
        let Some(own) = self.own_sections(&hashes.collect::<Vec<_>>()) else { return };
        let own: Vec<&[u8]> = own.iter().map(Vec::as_slice).collect();
        if let Some(image) = timeline.image(&own, counts) {
            keep::write(&self.folder, &self.file(), &image);
        }
    }

    /// Writes the rows of the files anew if that spares work.
    pub fn renew(&self, opened: &Opened) {
        if !opened.renews {
            return;
        }
        let renewed = unless_stale(|| {
            let rows: Column<FileRow> = Column::mapped(&opened.image, 2)?;
            let own = self.own_sections(&rows.all().iter().map(|row| row.hash).collect::<Vec<_>>())?;
            let rest: Vec<Column<u8>> = (OWN..).map_while(|section| Column::mapped(&opened.image, section)).collect();
            let sections: Vec<&[u8]> = own.iter().map(Vec::as_slice).chain(rest.iter().map(Column::all)).collect();
            Some(Image::of(&sections))
        });
        match renewed {
            Ok(Some(image)) => keep::write(&self.folder, &self.file(), &image),
            Ok(None) => {}
            Err(_) => _ = self.clear(),
        }
    }

    /// Removes the file; says whether there was one.
    pub fn clear(&self) -> std::io::Result<bool> {
        keep::remove(&self.file())
    }

    fn image(&self) -> Option<Arc<Image>> {
        let image = Arc::new(Image::open(map::map(&self.file())?)?);
        let key: Column<u8> = Column::mapped(&image, 0)?;
        (key.all() == self.key()).then_some(image)
    }

    /// What must be the same for an index to be of this program and chronicle. Of the program, beside its version, what
    /// the system says of its file, so that no build reads what another one means differently.
    fn key(&self) -> Vec<u8> {
        let program = std::env::current_exe().and_then(fs::metadata).map(|about| Stat::of(&about)).unwrap_or_default();
        let version = env!("CARGO_PKG_VERSION").as_bytes();
        let numbers = [FORMAT, version.len() as u64];
        let folder = self.listing.root().as_os_str().as_encoded_bytes();
        [numbers.as_bytes(), version, program.as_bytes(), folder].concat()
    }

    /// Our own sections, given the hashes of all contents; nothing where some file is not there to be read.
    fn own_sections(&self, hashes: &[[u64; 2]]) -> Option<[Vec<u8>; OWN]> {
        let (mut rows, mut names) = (Vec::with_capacity(self.listing.len()), Vec::new());
        for number in 0..self.listing.len() {
            let (name, stat) = self.listing.file(number)?;
            names.extend_from_slice(name.as_bytes());
            rows.push(FileRow { stat, hash: *hashes.get(number)?, name_end: names.len() as u64 });
        }
        Some([self.key(), self.listing.began().as_bytes().to_vec(), rows.as_bytes().to_vec(), names])
    }

    /// Holds the rows of an image against the files; nothing where it has none, or some file cannot be read.
    fn compare(&self, image: &Arc<Image>) -> Option<Compared> {
        let began: Column<[i64; 2]> = Column::mapped(image, 1)?;
        let [began] = began.all() else { return None };
        let (rows, names): (Column<FileRow>, Column<u8>) = (Column::mapped(image, 2)?, Column::mapped(image, 3)?);
        let (rows, names) = (rows.all(), names.all());
        if rows.len() != self.listing.len() {
            return Some(Compared::Changed);
        }
        let mut asked = Vec::new();
        let mut start = 0;
        for (number, row) in rows.iter().enumerate() {
            let (name, stat) = self.listing.file(number)?;
            let end = usize::try_from(row.name_end).ok()?;
            if names.get(start..end)? != name.as_bytes() {
                return Some(Compared::Changed);
            }
            start = end;
            if stat != row.stat || !is_settled(&row.stat, *began) {
                asked.push(number);
            }
        }
        let same = asked.into_par_iter().map(|number| {
            let mut content = Vec::new();
            self.listing.open(number).and_then(|mut file| file.read_to_end(&mut content)).ok()?;
            let content = String::from_utf8(content).ok()?;
            (hash(content.as_bytes()) == rows[number].hash).then_some((number, content))
        });
        Some(same.collect::<Option<_>>().map_or(Compared::Changed, Compared::Same))
    }

    /// The texts of the chronicle: what was read already, and manifests, as they are, all others where they lie.
    fn texts(&self, asked: Vec<(usize, String)>) -> Texts {
        let shelf = Arc::new(Files::new(self.listing.clone()));
        let mut asked = asked.into_iter().peekable();
        let text = |(number, name): (usize, &str)| match asked.next_if(|(next, _)| *next == number) {
            Some((_, content)) => Text::new(name, content),
            None if parse::is_manifest(name) => Text::new(name, shelf.read(name, 0..shelf.length(name))),
            None => Text::on_shelf(name, shelf.clone()),
        };
        let files: Vec<Text> = self.listing.names().enumerate().map(text).collect();
        Texts { own: files.len(), files, folder: self.listing.folder() }
    }
}

/// Whether a file cannot be written again, after a walk that began then, without its times telling of it.
fn is_settled(stat: &Stat, began: [i64; 2]) -> bool {
    let nanos = |[seconds, nanos]: [i64; 2]| i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
    let last = stat.modified.max(stat.changed);
    let told = if stat.changed == [0; 2] { stat.modified } else { stat.changed };
    let tick = if told[1] % 1_000_000 == 0 { COARSE_TICK } else { TICK };
    nanos(last) < nanos(began) - tick
}

fn hash(content: &[u8]) -> [u64; 2] {
    let hash = xxh3_128(content);
    [hash as u64, (hash >> 64) as u64]
}

#[cfg(test)]
mod tests;
