//! Texts and places: where every word of a chronicle stands, so that any fault can point at it.
//! Knows nothing of disks: a text is handed in with the name it is known by, or the shelf that it is to be had from.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// The number of a text among the [`Texts`] of one load.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FileId(pub u32);

/// A half-open range of bytes in one text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// The text.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// First byte after it.
    pub end: u32,
}

impl Place {
    /// The bytes `start..end` of a text. Texts of 4 GiB and more are refused when they are read.
    pub fn new(file: FileId, start: usize, end: usize) -> Place {
        let small = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Place { file, start: small(start), end: small(end) }
    }

    /// The start of a text, for what is true of it as a whole.
    pub fn of_file(file: FileId) -> Place {
        Place { file, start: 0, end: 0 }
    }
}

/// A value and the place it was read from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Located<T> {
    /// What was read.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

impl<T> Located<T> {
    /// A value at its place.
    pub fn new(value: T, place: Place) -> Located<T> {
        Located { value, place }
    }
}

/// Whether a character is never printed as itself: C0, DEL, C1, line and paragraph separators, the byte order mark, and
/// the controls of writing direction (Unicode TR 9, 2).
pub fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Where texts are read from that were not handed in whole.
pub trait Shelf: Send + Sync {
    /// The bytes `range` of the text of a name. What is no longer there as it was ends the answer: [`Stale::end`].
    fn read(&self, name: &str, range: Range<usize>) -> String;
    /// How many bytes the text of a name has.
    fn length(&self, name: &str) -> usize;
}

/// What was kept of a chronicle no longer is what it was, so that the answer is given up, and asked again of its files.
/// It travels as the payload of an unwinding, from wherever a text or a table is looked into to the door that asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stale {
    /// What is not as it was.
    pub what: String,
}

impl Stale {
    /// Gives the answer up.
    pub fn end(what: impl Into<String>) -> ! {
        std::panic::resume_unwind(Box::new(Stale { what: what.into() }))
    }
}

/// One text with the name it is shown by.
#[derive(Clone)]
pub struct Text {
    /// Relative to the chronicle, with `/`; for texts from elsewhere, the name they were given by.
    pub name: String,
    /// The number of the line that it begins with: 1, unless it is a part of something longer.
    pub first_line: usize,
    content: OnceLock<String>,
    shelf: Option<Arc<dyn Shelf>>,
}

impl Text {
    /// A text that is there whole, byte for byte as it was read.
    pub fn new(name: impl Into<String>, content: impl Into<String>) -> Text {
        Text { name: name.into(), first_line: 1, content: OnceLock::from(content.into()), shelf: None }
    }

    /// Some lines of a longer text, the first of which has this number there.
    pub fn lines_from(line: usize, name: impl Into<String>, content: impl Into<String>) -> Text {
        Text { first_line: line, ..Text::new(name, content) }
    }

    /// A text that is read when it is first asked for.
    pub fn on_shelf(name: impl Into<String>, shelf: Arc<dyn Shelf>) -> Text {
        Text { name: name.into(), first_line: 1, content: OnceLock::new(), shelf: Some(shelf) }
    }

    /// The whole text.
    pub fn content(&self) -> &str {
        self.content.get_or_init(|| match &self.shelf {
            Some(shelf) => shelf.read(&self.name, 0..shelf.length(&self.name)),
            None => String::new(),
        })
    }

    /// The bytes `range` of the text, which begin and end with a character.
    pub fn part(&self, range: Range<usize>) -> Cow<'_, str> {
        match (self.content.get(), &self.shelf) {
            (None, Some(shelf)) => Cow::Owned(shelf.read(&self.name, range)),
            _ => Cow::Borrowed(self.content().get(range).unwrap_or("")),
        }
    }

    /// The file's name without folder and ending, from which an event without an `id` gets one (1-format, An event).
    pub fn stem(&self) -> &str {
        let base = self.name.rsplit('/').next().unwrap_or(&self.name);
        base.rsplit_once('.').map_or(base, |(stem, _)| stem)
    }

    /// Line and column of a byte, both from 1; the column counts characters.
    pub fn line_column(&self, byte: u32) -> (usize, usize) {
        let content = self.content();
        let mut at = (byte as usize).min(content.len());
        while !content.is_char_boundary(at) {
            at -= 1;
        }
        let before = &content[..at];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before[start..].chars().filter(|c| *c != '\u{feff}').count() + 1;
        (before.bytes().filter(|b| *b == b'\n').count() + self.first_line, column)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Text").field("name", &self.name).field("content", &self.content).finish_non_exhaustive()
    }
}

/// All texts of one load; a [`FileId`] is the index into it.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    /// The chronicle's files in order of their names as bytes, then the texts of `--with`, in the order given.
    pub files: Vec<Text>,
    /// The name of the folder, which stands in for a title that the manifest does not give.
    pub folder: String,
    /// How many of `files` are the chronicle's own; the rest came by `--with`.
    pub own: usize,
}

impl Texts {
    /// The text of a place.
    ///
    /// # Panics
    /// Only for a `FileId` that was not made by the load that holds these texts.
    pub fn file(&self, id: FileId) -> &Text {
        &self.files[id.0 as usize]
    }

    /// The words at a place.
    pub fn words(&self, place: Place) -> &str {
        self.file(place.file).content().get(place.start as usize..place.end as usize).unwrap_or("")
    }
}
