//! Lines and columns of many places: each text is searched for its line ends once, not once for every place, as a
//! chronicle in one file may have as many faults as lines. Knows nothing of how a place is shown.

use std::collections::HashMap;

use crate::model::text::{FileId, Place, Text, Texts};

/// The lines of texts, found when they are first asked for.
pub struct Lines<'t> {
    /// The texts.
    pub texts: &'t Texts,
    starts: HashMap<FileId, Vec<usize>>,
}

impl<'t> Lines<'t> {
    /// Of some texts.
    pub fn of(texts: &'t Texts) -> Lines<'t> {
        Lines { texts, starts: HashMap::new() }
    }

    /// The text of a place.
    pub fn text(&self, place: Place) -> &'t Text {
        self.texts.file(place.file)
    }

    /// Line and column of a byte, as [`Text::line_column`] has them: from 1, in characters.
    pub fn line_column(&mut self, file: FileId, byte: u32) -> (usize, usize) {
        let text = self.texts.file(file);
        let content = text.content();
        let ends = || content.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let starts = self.starts.entry(file).or_insert_with(|| std::iter::once(0).chain(ends()).collect());
        let mut byte = (byte as usize).min(content.len());
        while !content.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = starts.partition_point(|start| *start <= byte);
        let column = content[starts[line - 1]..byte].chars().filter(|c| *c != '\u{feff}').count() + 1;
        (line + text.first_line - 1, column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_text() {
        let text = Text::new("x", "\u{feff}a\nдва\r\n\nend");
        let texts = Texts { files: vec![text.clone()], folder: String::new(), own: 1 };
        let mut lines = Lines::of(&texts);
        for byte in 0..20 {
            assert_eq!(lines.line_column(FileId(0), byte), text.line_column(byte), "{byte}");
        }
        let part = Text::lines_from(40, "x", "a\nb");
        assert_eq!(part.line_column(2), (41, 1));
        let texts = Texts { files: vec![part], folder: String::new(), own: 1 };
        assert_eq!(Lines::of(&texts).line_column(FileId(0), 2), (41, 1));
    }
}
