//! Columns: flat tables of one sort of row, built in memory or read in place from an image of them. Whatever an image
//! says is held against its checksums, block by block, when it is first looked at, and every number that leads out of
//! it ends the answer ([`Stale`]): a damaged image costs time, never a wrong answer. Knows nothing of what rows mean.

use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use xxhash_rust::xxh3::xxh3_64;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use crate::model::text::Stale;

/// What a column can hold: plain rows of fixed size in which every pattern of bytes means something.
pub trait Row: FromBytes + IntoBytes + Immutable + KnownLayout + Copy + Send + Sync + 'static {}

impl<T: FromBytes + IntoBytes + Immutable + KnownLayout + Copy + Send + Sync + 'static> Row for T {}

/// Bytes from elsewhere, such as a file in memory.
pub type Bytes = Box<dyn AsRef<[u8]> + Send + Sync>;

/// So many bytes are checked at once.
const BLOCK: usize = 16 << 10;
/// Sections begin at multiples of this, so that rows are aligned.
const ALIGNMENT: usize = 16;
/// What an image begins with; it reads otherwise on a machine of the other byte order.
const MAGIC: u64 = u64::from_ne_bytes(*b"asof\x01img");
/// Magic, number of sections, length of the sections, checksum of the rest of the head.
const FIXED: usize = 32;

/// The bytes of several columns with their checksums.
pub struct Image {
    bytes: Bytes,
    sections: Vec<Range<usize>>,
    /// Where the blocks begin.
    start: usize,
    hashes: Vec<u64>,
    checked: Box<[AtomicBool]>,
}

impl Image {
    /// Lays sections out as an image.
    pub fn of(sections: &[&[u8]]) -> Vec<u8> {
        let mut body = Vec::with_capacity(sections.iter().map(|section| section.len() + ALIGNMENT).sum());
        let mut places = Vec::with_capacity(sections.len());
        for section in sections {
            places.push([body.len() as u64, section.len() as u64]);
            body.extend_from_slice(section);
            body.resize(body.len().next_multiple_of(ALIGNMENT), 0);
        }
        let hashes: Vec<u64> = body.chunks(BLOCK).map(xxh3_64).collect();
        let mut rest = places.as_bytes().to_vec();
        rest.extend_from_slice(hashes.as_bytes());
        rest.resize(rest.len().next_multiple_of(ALIGNMENT), 0);
        let fixed = [MAGIC, sections.len() as u64, body.len() as u64, xxh3_64(&rest)];
        [fixed.as_bytes(), &rest, &body].concat()
    }

    /// Takes bytes for an image: nothing where their head is not that of a whole one.
    pub fn open(bytes: Bytes) -> Option<Image> {
        let all = (*bytes).as_ref();
        let fixed = <[u64; 4]>::read_from_bytes(all.get(..FIXED)?).ok()?;
        let [magic, count, length, hash] = fixed;
        let (count, length) = (usize::try_from(count).ok()?, usize::try_from(length).ok()?);
        let tables = count.checked_mul(16)?;
        let blocks = length.div_ceil(BLOCK);
        let head = tables.checked_add(blocks.checked_mul(8)?)?.checked_next_multiple_of(ALIGNMENT)?;
        let start = FIXED.checked_add(head)?;
        let rest = all.get(FIXED..start)?;
        if magic != MAGIC || xxh3_64(rest) != hash || start.checked_add(length)? != all.len() {
            return None;
        }
        let word = |at: usize| u64::read_from_bytes(&rest[at..at + 8]).ok();
        let mut sections = Vec::with_capacity(count);
        for at in (0..tables).step_by(16) {
            let (from, size) = (usize::try_from(word(at)?).ok()?, usize::try_from(word(at + 8)?).ok()?);
            let end = from.checked_add(size).filter(|end| *end <= length && from % ALIGNMENT == 0)?;
            sections.push(from..end);
        }
        let hashes = (0..blocks).map(|block| word(tables + block * 8)).collect::<Option<Vec<u64>>>()?;
        let checked = (0..blocks).map(|_| AtomicBool::new(false)).collect();
        Some(Image { bytes, sections, start, hashes, checked })
    }

    /// Whether every block is what it was; asks all of the bytes.
    pub fn is_whole(&self) -> bool {
        (0..self.hashes.len()).all(|block| self.is_sound(block))
    }

    fn body(&self) -> &[u8] {
        &(*self.bytes).as_ref()[self.start..]
    }

    fn is_sound(&self, block: usize) -> bool {
        let body = self.body();
        let end = body.len().min((block + 1) * BLOCK);
        xxh3_64(&body[block * BLOCK..end]) == self.hashes[block]
    }

    /// Some bytes, checked.
    fn read(&self, range: Range<usize>) -> &[u8] {
        for block in range.start / BLOCK..range.end.div_ceil(BLOCK) {
            if !self.checked[block].load(Ordering::Relaxed) {
                if !self.is_sound(block) {
                    Stale::end("a block of the index does not have its checksum");
                }
                self.checked[block].store(true, Ordering::Relaxed);
            }
        }
        &self.body()[range]
    }
}

/// Rows of one sort, found by their number.
pub struct Column<T>(Rows<T>);

enum Rows<T> {
    Built(Vec<T>),
    Mapped { image: Arc<Image>, start: usize, length: usize, of: PhantomData<T> },
}

impl<T: Row> Column<T> {
    /// A section of an image as a column; nothing where the image has no such section or it is not made of such rows.
    pub fn mapped(image: &Arc<Image>, section: usize) -> Option<Column<T>> {
        let range = image.sections.get(section)?.clone();
        let whole = range.len().is_multiple_of(size_of::<T>());
        let length = range.len() / size_of::<T>();
        whole.then(|| Column(Rows::Mapped { image: image.clone(), start: range.start, length, of: PhantomData }))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Rows::Built(rows) => rows.len(),
            Rows::Mapped { length, .. } => *length,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row of a number.
    pub fn at(&self, number: usize) -> T {
        match &self.0 {
            Rows::Built(rows) => rows[number],
            Rows::Mapped { .. } => self.range(number..number.saturating_add(1))[0],
        }
    }

    /// Some rows that follow each other.
    pub fn range(&self, range: Range<usize>) -> &[T] {
        match &self.0 {
            Rows::Built(rows) => &rows[range],
            Rows::Mapped { image, start, length, .. } => {
                if range.start > range.end || range.end > *length {
                    Stale::end("a number of the index leads out of it");
                }
                let size = size_of::<T>();
                let bytes = image.read(start + range.start * size..start + range.end * size);
                match <[T]>::ref_from_bytes(bytes) {
                    Ok(rows) => rows,
                    Err(_) => Stale::end("the rows of the index are not aligned"),
                }
            }
        }
    }

    /// All rows.
    pub fn all(&self) -> &[T] {
        self.range(0..self.len())
    }

    /// How many rows, from the first on, have what all before a point have and none after it.
    pub fn partition_point(&self, has: impl Fn(T) -> bool) -> usize {
        self.partition_in(0..self.len(), has)
    }

    /// The same among some rows that follow each other; gives the number of the first that has it not.
    pub fn partition_in(&self, range: Range<usize>, has: impl Fn(T) -> bool) -> usize {
        search(range, |number| has(self.at(number)))
    }

    /// All rows as bytes.
    pub fn bytes(&self) -> &[u8] {
        self.all().as_bytes()
    }
}

/// The first number of a range that has not what all before it have.
pub(super) fn search(range: Range<usize>, has: impl Fn(usize) -> bool) -> usize {
    let Range { mut start, mut end } = range;
    while start < end {
        let middle = start + (end - start) / 2;
        if has(middle) { start = middle + 1 } else { end = middle }
    }
    start
}

impl<T> From<Vec<T>> for Column<T> {
    fn from(rows: Vec<T>) -> Column<T> {
        Column(Rows::Built(rows))
    }
}

impl<T> Default for Column<T> {
    fn default() -> Column<T> {
        Column(Rows::Built(Vec::new()))
    }
}

impl<T: Row> std::fmt::Debug for Column<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} rows", self.len())
    }
}
