//! Event files where they lie: read by ranges, each time held against what the system said of the file when the cache
//! was compared with it. Knows nothing of the cache itself.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use crate::disk::{Listing, Stat};
use crate::model::text::{Shelf, Stale};

/// So much is read at once, since events that are asked for together often stand together.
const WINDOW: usize = 16 << 10;

/// The files of a listing.
pub(super) struct Files {
    listing: Arc<Listing>,
    last: Mutex<Option<Window>>,
}

/// What was read last.
struct Window {
    number: usize,
    file: File,
    start: usize,
    bytes: Vec<u8>,
}

impl Files {
    pub fn new(listing: Arc<Listing>) -> Files {
        Files { listing, last: Mutex::default() }
    }

    fn find(&self, name: &str) -> (usize, Stat) {
        let number = self.listing.number(name);
        let found = number.and_then(|number| Some((number, self.listing.file(number)?.1)));
        found.unwrap_or_else(|| Stale::end(format!("there is no {name}")))
    }
}

impl Shelf for Files {
    fn read(&self, name: &str, range: Range<usize>) -> String {
        let (number, stat) = self.find(name);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let window = last.take().filter(|window| window.number == number);
        let window = window.map_or_else(|| Window::open(number, &self.listing), Ok);
        let read = window.and_then(|mut window| {
            if !window.has(&range) {
                window.read(&range, &stat)?;
            }
            Ok(window)
        });
        let window = read.unwrap_or_else(|_| Stale::end(format!("{name} is not what it was")));
        let bytes = window.bytes.get(range.start - window.start..range.end - window.start);
        let text = bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).map(str::to_owned);
        *last = Some(window);
        text.unwrap_or_else(|| Stale::end(format!("{name} is not what it was")))
    }

    fn length(&self, name: &str) -> usize {
        usize::try_from(self.find(name).1.size).unwrap_or(usize::MAX)
    }
}

impl Window {
    fn open(number: usize, listing: &Listing) -> io::Result<Window> {
        Ok(Window { number, file: listing.open(number)?, start: 0, bytes: Vec::new() })
    }

    fn has(&self, range: &Range<usize>) -> bool {
        self.start <= range.start && range.start <= range.end && range.end <= self.start + self.bytes.len()
    }

    /// Reads some bytes, and what follows them.
    fn read(&mut self, range: &Range<usize>, stat: &Stat) -> io::Result<()> {
        let size = usize::try_from(stat.size).unwrap_or(usize::MAX);
        if range.start > range.end || range.end > size {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        let end = range.end.max(size.min(range.start.saturating_add(WINDOW)));
        self.bytes.clear();
        self.bytes.resize(end - range.start, 0);
        self.start = range.start;
        self.file.seek(SeekFrom::Start(range.start as u64))?;
        self.file.read_exact(&mut self.bytes)?;
        // Asked after reading: whoever wrote before that has left a trace by now.
        if Stat::of(&self.file.metadata()?) == *stat { Ok(()) } else { Err(io::Error::other("written since")) }
    }
}
