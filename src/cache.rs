//! The door to the cache: keeps the index of a chronicle in a file of the user's cache folder, and gives it back while
//! the chronicle's files are what they were. It is a help and nothing else: whatever goes wrong with it goes unsaid,
//! and the answer comes from the files. Knows nothing of questions, and of an index only that it is made of sections.
#![allow(clippy::disallowed_methods)]

mod keep;
mod map;
mod shelf;

use std::cmp::Ordering;
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

/// An index that was found in a cache, held against the files.
pub struct Found {
    image: Arc<Image>,
    /// For every file the number of its row, if it is as it was.
    known: Vec<Option<u32>>,
    /// The hashes of the contents of all files.
    hashes: Vec<[u64; 2]>,
    /// The contents that had to be asked, each with its file's number.
    asked: Vec<(usize, String)>,
    /// Whether all files are as they were, and none is gone.
    is_fresh: bool,
    /// Whether manifests are: else nothing can be said of any event.
    has_manifests: bool,
}

/// What came of a cache, and what to do with that after the answer.
pub struct Opened {
    /// The chronicle. Whatever of it is looked into may give the answer up: ask it within [`unless_stale`].
    pub timeline: Timeline,
    found: Found,
    /// Whether the rows of the files are to be written anew, so that fewer contents are asked next time.
    renews: bool,
}

/// Gives what a look into a chronicle gave, unless that was given up since something is no longer what it was.
pub fn unless_stale<T>(look: impl FnOnce() -> T) -> Result<T, Stale> {
    catch_unwind(AssertUnwindSafe(look)).map_err(|thrown| match thrown.downcast::<Stale>() {
        Ok(stale) => *stale,
        // Any other unwinding is a fault of the program, which nobody may hide.
        Err(other) => resume_unwind(other),
    })
}

impl Found {
    /// How many files are to be parsed, if manifests are as they were.
    pub fn changed(&self) -> usize {
        self.known.iter().filter(|known| known.is_none()).count()
    }
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
        match self.find() {
            Some(found) if found.is_fresh => State::Fresh,
            Some(_) => State::Changed,
            None => State::Absent,
        }
    }

    /// The index that there is, held against the files.
    pub fn find(&self) -> Option<Found> {
        unless_stale(|| self.compare(self.image()?)).ok().flatten()
    }

    /// The chronicle, from what was found. Where all files are as they were only manifests are read, and those files
    /// that were written too late to tell by their times whether they changed; else those that changed are parsed, with a
    /// word for each. Nothing where a manifest changed.
    pub fn open(&self, mut found: Found, tell: &(dyn Fn() + Sync)) -> Option<Opened> {
        unless_stale(|| {
            let began = self.listing.began();
            let settled = |(number, _): &(usize, String)| {
                self.listing.file(*number).is_some_and(|(_, stat)| is_settled(&stat, began))
            };
            let renews = !found.is_fresh || found.asked.iter().any(settled);
            let texts = self.texts(std::mem::take(&mut found.asked));
            let timeline = match found.is_fresh {
                true => Timeline::mapped(texts, &found.image, OWN)?,
                false if found.has_manifests => Timeline::renewed(texts, &found.image, OWN, &found.known, tell)?,
                false => return None,
            };
            Some(Opened { timeline, found, renews })
        })
        .ok()
        .flatten()
    }

    /// Keeps the index of a chronicle that was loaded from the files of the listing, with how many errors and warnings
    /// `check` finds in it. One that is not whole is not kept.
    pub fn write(&self, timeline: &Timeline, counts: Option<(usize, usize)>) {
        if timeline.is_whole() {
            let hashes = timeline.texts().files.par_iter().map(|text| hash(text.content().as_bytes()));
            self.write_hashed(timeline, &hashes.collect::<Vec<_>>(), counts);
        }
    }

    fn write_hashed(&self, timeline: &Timeline, hashes: &[[u64; 2]], counts: Option<(usize, usize)>) {
        let Some(own) = self.own_sections(hashes) else { return };
        let own: Vec<&[u8]> = own.iter().map(Vec::as_slice).collect();
        if let Some(image) = timeline.image(&own, counts) {
            keep::write(&self.folder, &self.file(), &image);
        }
    }

    /// Writes anew what came of a cache, if the files changed, or else the rows of the files, if that spares work.
    /// Where they changed, `counts` are how many errors and warnings `check` finds.
    pub fn renew(&self, opened: &Opened, counts: Option<(usize, usize)>) {
        if !opened.renews {
            return;
        }
        let Found { image, hashes, is_fresh, .. } = &opened.found;
        let renewed = unless_stale(|| {
            if !is_fresh {
                return self.write_hashed(&opened.timeline, hashes, counts);
            }
            let Some(own) = self.own_sections(hashes) else { return };
            let rest: Vec<Column<u8>> = (OWN..).map_while(|section| Column::mapped(image, section)).collect();
            let sections: Vec<&[u8]> = own.iter().map(Vec::as_slice).chain(rest.iter().map(Column::all)).collect();
            keep::write(&self.folder, &self.file(), &Image::of(&sections));
        });
        if renewed.is_err() {
            let _ = self.clear();
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
    fn compare(&self, image: Arc<Image>) -> Option<Found> {
        let began: Column<[i64; 2]> = Column::mapped(&image, 1)?;
        let [began] = began.all() else { return None };
        let (rows, names): (Column<FileRow>, Column<u8>) = (Column::mapped(&image, 2)?, Column::mapped(&image, 3)?);
        let mut rows = Rows { rows: rows.all(), names: names.all(), next: 0, has_manifests: true };
        let mut known = Vec::with_capacity(self.listing.len());
        let mut asked = Vec::new();
        for number in 0..self.listing.len() {
            let (name, stat) = self.listing.file(number)?;
            let row = rows.find(name)?;
            if row.is_none_or(|(_, row)| stat != row.stat || !is_settled(&row.stat, *began)) {
                asked.push((number, row.map(|(_, row)| row.hash)));
            }
            known.push(row);
        }
        rows.pass(rows.rows.len())?;
        let read = asked.into_par_iter().map(|(number, before)| {
            let mut content = Vec::new();
            self.listing.open(number).and_then(|mut file| file.read_to_end(&mut content)).ok()?;
            let content = String::from_utf8(content).ok()?;
            let hash = hash(content.as_bytes());
            Some((number, content, hash, before == Some(hash)))
        });
        let read = read.collect::<Option<Vec<_>>>()?;
        let mut hashes: Vec<[u64; 2]> = known.iter().map(|row| row.map_or([0; 2], |(_, row)| row.hash)).collect();
        let mut known: Vec<Option<u32>> = known.into_iter().map(|row| row.map(|(number, _)| number)).collect();
        for (number, _, hash, is_same) in &read {
            hashes[*number] = *hash;
            if !is_same {
                known[*number] = None;
                rows.has_manifests &= !self.listing.file(*number).is_some_and(|(name, _)| parse::is_manifest(name));
            }
        }
        let is_fresh = known.len() == rows.rows.len() && known.iter().all(Option::is_some);
        let asked = read.into_iter().map(|(number, content, ..)| (number, content)).collect();
        Some(Found { known, hashes, asked, is_fresh, has_manifests: rows.has_manifests, image: image.clone() })
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

/// The rows of an image, which are passed in the order of names.
struct Rows<'i> {
    rows: &'i [FileRow],
    names: &'i [u8],
    next: usize,
    /// Whether no manifest was passed over.
    has_manifests: bool,
}

impl Rows<'_> {
    /// The name in a row; nothing where the rows are none.
    fn name(&self, row: usize) -> Option<&[u8]> {
        let end = |row: usize| usize::try_from(self.rows[row].name_end).ok();
        let start = if row == 0 { 0 } else { end(row - 1)? };
        self.names.get(start..end(row)?)
    }

    /// Passes all rows before the one of a name; gives that, if there is one, with its number.
    fn find(&mut self, name: &str) -> Option<Option<(u32, FileRow)>> {
        while self.next < self.rows.len() {
            match self.name(self.next)?.cmp(name.as_bytes()) {
                Ordering::Less => self.pass(self.next + 1)?,
                Ordering::Equal => {
                    self.next += 1;
                    return Some(Some(((self.next - 1) as u32, self.rows[self.next - 1])));
                }
                Ordering::Greater => break,
            }
        }
        Some(None)
    }

    /// Passes over rows whose files are gone.
    fn pass(&mut self, to: usize) -> Option<()> {
        while self.next < to {
            self.has_manifests &= !std::str::from_utf8(self.name(self.next)?).is_ok_and(parse::is_manifest);
            self.next += 1;
        }
        Some(())
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
