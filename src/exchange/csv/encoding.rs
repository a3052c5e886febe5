//! How the letters of a table are written as bytes. Knows nothing of rows.

/// How letters are written as bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// With or without a byte order mark.
    Utf8,
    /// ISO 8859-1: each byte is the character of its number.
    Latin1,
    /// What Windows of western Europe writes: Latin-1 with letters where that has controls.
    Windows1252,
}

/// What 0x80 to 0x9F are in Windows-1252 (WHATWG Encoding, index windows-1252).
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

impl Encoding {
    /// The letter that a byte is, where each byte is one: in UTF-8 only those of ASCII are.
    pub fn letter(self, byte: u8) -> char {
        match (self, byte) {
            (Encoding::Windows1252, 0x80..=0x9f) => WINDOWS_1252[usize::from(byte - 0x80)],
            _ => char::from(byte),
        }
    }
}
