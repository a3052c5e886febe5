//! A timeline as an image and back: beside the tables of the index, what else loading found. An image is made of a whole
//! chronicle alone, and says nothing of where it is kept or of the files that it was made of.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use super::{Before, Home, Load, Timeline};
use crate::history::{Again, Column, History, Image};
use crate::model::diagnostic::{Code, Diagnostic, Note, Severity};
use crate::model::text::{FileId, Place, Stale, Texts};
use crate::parse;

/// Some words among those of the image.
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
struct Words {
    at: u32,
    /// The largest number: there are none.
    length: u32,
}

/// Where something stands; the largest file: nowhere.
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
struct PlaceRow {
    file: u32,
    start: u32,
    end: u32,
}

/// A warning of loading.
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
struct FaultRow {
    /// The code's place among all codes.
    code: u32,
    severity: u32,
    place: PlaceRow,
    message: Words,
    help: Words,
}

/// A note of a warning.
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
struct NoteRow {
    /// The warning's number.
    fault: u32,
    place: PlaceRow,
    message: Words,
}

const NONE: u32 = u32::MAX;
const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Hint];
/// The sections before the index: warnings, notes, files with expectations, counts, words.
const OWN: usize = 5;

impl Timeline {
    /// The timeline as an image behind some sections of whoever keeps it; nothing where it is not whole, or has texts
    /// that are not the chronicle's own. `counts` are how many errors and warnings `check` finds, which every answer
    /// says, if that is known.
    pub fn image(&self, first: &[&[u8]], counts: Option<(usize, usize)>) -> Option<Vec<u8>> {
        if !self.is_whole() || self.left_out > 0 || self.texts().files.len() != self.texts().own {
            return None;
        }
        let mut kept = Kept::default();
        self.faults.iter().for_each(|fault| kept.fault(fault));
        let mut files: Vec<u32> = self.expectations().iter().map(|expectation| expectation.place.file.0).collect();
        files.dedup();
        let counts = counts.map_or(Vec::new(), |(errors, warnings)| vec![errors as u64, warnings as u64]);
        let own: [&[u8]; OWN] =
            [kept.faults.as_bytes(), kept.notes.as_bytes(), files.as_bytes(), counts.as_bytes(), &kept.words];
        Some(Image::of(&[first, &own, &self.history.sections()].concat()))
    }

    /// The timeline of an image that was made of the same texts, `first` sections into it; nothing where it is no image
    /// of a timeline. Whatever of it is looked into later may end the answer: [`Stale`].
    pub fn mapped(texts: Texts, image: &Arc<Image>, first: usize) -> Option<Timeline> {
        let (manifest, faults) = parse::manifest(&texts, &Default::default());
        if faults.iter().any(|fault| fault.severity == Severity::Error) {
            return None;
        }
        let home = Home::new(texts, manifest);
        let (history, _) = History::mapped(image, first + OWN, home.clone())?;
        let rows: (Column<FaultRow>, Column<NoteRow>) =
            (Column::mapped(image, first)?, Column::mapped(image, first + 1)?);
        let files: Column<u32> = Column::mapped(image, first + 2)?;
        let counts: Column<u64> = Column::mapped(image, first + 3)?;
        let words: Column<u8> = Column::mapped(image, first + 4)?;
        let faults = read_faults(rows.0.all(), rows.1.all(), &words)?;
        Some(Timeline {
            faults,
            counts: match counts.all() {
                [errors, warnings] => Some((usize::try_from(*errors).ok()?, usize::try_from(*warnings).ok()?)),
                _ => None,
            },
            is_mapped: true,
            expectations: OnceLock::new(),
            expected_in: files.all().iter().copied().map(FileId).collect(),
            ..Timeline::with(home, history)
        })
    }
}

impl Timeline {
    /// The timeline of texts of which some are as they were when an image was made: `known` gives for each of them its
    /// number among the texts of the image. Their events are taken from there; all others are parsed, with a word for
    /// each, and so is every file of which the image has more to say than events: a warning, or an expectation. Manifests
    /// must all be known, and none may be gone. Nothing where it is no image of a timeline; what is looked into now or
    /// later may end the answer: [`Stale`].
    pub fn renewed(
        texts: Texts,
        image: &Arc<Image>,
        first: usize,
        known: &[Option<u32>],
        tell: &(dyn Fn() + Sync),
    ) -> Option<Timeline> {
        let (manifest, faults) = parse::manifest(&texts, &Default::default());
        let home = Home::new(texts, manifest);
        let (history, _) = History::mapped(image, first + OWN, home.clone())?;
        let faulty: Column<FaultRow> = Column::mapped(image, first)?;
        let expecting: Column<u32> = Column::mapped(image, first + 2)?;
        let also: BTreeSet<u32> =
            faulty.all().iter().map(|row| row.place.file).chain(expecting.all().to_vec()).collect();
        let files = known.iter().map(|known| known.filter(|file| !also.contains(file)).map(FileId)).collect();
        let mut load = Load { faults, ..Load::of(&home) };
        load.read(&BTreeSet::new(), Some(Before { events: Again::of(&history), files }), tell);
        Some(Timeline { is_mapped: true, ..Timeline::of(load) })
    }
}

/// What is kept of warnings.
#[derive(Default)]
struct Kept {
    faults: Vec<FaultRow>,
    notes: Vec<NoteRow>,
    words: Vec<u8>,
}

impl Kept {
    fn words(&mut self, words: Option<&str>) -> Words {
        let at = self.words.len() as u32;
        self.words.extend_from_slice(words.unwrap_or_default().as_bytes());
        Words { at, length: words.map_or(NONE, |words| words.len() as u32) }
    }

    fn fault(&mut self, fault: &Diagnostic) {
        for note in &fault.notes {
            let (place, message) = (row_of(note.place), self.words(Some(&note.message)));
            self.notes.push(NoteRow { fault: self.faults.len() as u32, place, message });
        }
        let code = Code::ALL.iter().position(|code| *code == fault.code).unwrap_or(Code::ALL.len());
        let severity = SEVERITIES.iter().position(|severity| *severity == fault.severity).unwrap_or_default();
        let (message, help) = (self.words(Some(&fault.message)), self.words(fault.help.as_deref()));
        let place = row_of(Some(fault.place));
        self.faults.push(FaultRow { code: code as u32, severity: severity as u32, place, message, help });
    }
}

fn row_of(place: Option<Place>) -> PlaceRow {
    let nowhere = PlaceRow { file: NONE, start: 0, end: 0 };
    place.map_or(nowhere, |place| PlaceRow { file: place.file.0, start: place.start, end: place.end })
}

fn place_of(row: PlaceRow) -> Option<Place> {
    (row.file != NONE).then_some(Place { file: FileId(row.file), start: row.start, end: row.end })
}

/// The warnings again; nothing where they are none.
fn read_faults(faults: &[FaultRow], notes: &[NoteRow], words: &Column<u8>) -> Option<Vec<Diagnostic>> {
    let read = |some: Words| -> Option<String> {
        let start = some.at as usize;
        let bytes = (some.length != NONE).then(|| words.range(start..start.saturating_add(some.length as usize)))?;
        Some(std::str::from_utf8(bytes).unwrap_or_else(|_| Stale::end("a warning cannot be read")).to_owned())
    };
    let fault = |(number, row): (u32, &FaultRow)| {
        let own = notes[notes.partition_point(|note| note.fault < number)..].iter();
        let own = own.take_while(|note| note.fault == number);
        Some(Diagnostic {
            code: *Code::ALL.get(row.code as usize)?,
            severity: *SEVERITIES.get(row.severity as usize)?,
            message: read(row.message)?,
            place: place_of(row.place)?,
            notes: own
                .map(|note| Some(Note { message: read(note.message)?, place: place_of(note.place) }))
                .collect::<Option<_>>()?,
            help: read(row.help),
        })
    };
    (0..).zip(faults).map(fault).collect()
}
