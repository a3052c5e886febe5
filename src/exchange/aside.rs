//! Rows put aside until their turn comes: in memory, and on disk where that gets too much. They come back as they were, in
//! their order. A door: the file is this module's own, and goes with it. Knows nothing of what the rows are for.
#![allow(clippy::disallowed_methods)]

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::PathBuf;

use super::tables::Cell;

/// What each kind of cell begins with.
const NOTHING: u8 = 0;
const TEXT: u8 = 1;
const TEXTS: u8 = 2;
const WHOLE: u8 = 3;
const NUMBER: u8 = 4;
const FALSE: u8 = 5;
const TRUE: u8 = 6;

/// Rows of one table.
#[derive(Debug)]
pub struct Aside {
    /// Where they go on disk.
    file: PathBuf,
    on_disk: bool,
    /// Those that came after what is on disk.
    bytes: Vec<u8>,
    rows: usize,
}

impl Aside {
    /// No rows yet. The file is made when it is needed.
    pub fn new(file: PathBuf) -> Aside {
        Aside { file, on_disk: false, bytes: Vec::new(), rows: 0 }
    }

    /// Puts a row aside.
    pub fn put(&mut self, row: &[Cell<'_>]) {
        let to = &mut self.bytes;
        for cell in row {
            match cell {
                Cell::Nothing => to.push(NOTHING),
                Cell::Text(text) => {
                    to.push(TEXT);
                    put_text(text, to);
                }
                Cell::Texts(list) => {
                    to.push(TEXTS);
                    to.extend((list.len() as u64).to_le_bytes());
                    list.iter().for_each(|text| put_text(text, to));
                }
                Cell::Whole(number) => {
                    to.push(WHOLE);
                    to.extend(number.to_le_bytes());
                }
                Cell::Number(number) => {
                    to.push(NUMBER);
                    to.extend(number.to_le_bytes());
                }
                Cell::Truth(truth) => to.push(if *truth { TRUE } else { FALSE }),
            }
        }
        self.rows += 1;
    }

    /// How many bytes of memory the rows take.
    pub fn in_memory(&self) -> usize {
        self.bytes.len()
    }

    /// Puts the rows on disk. Errors: those of the disk.
    pub fn spill(&mut self) -> io::Result<()> {
        // Opened for this alone: there may be more of these than files can be open.
        File::options().append(true).create(!self.on_disk).open(&self.file)?.write_all(&self.bytes)?;
        self.on_disk = true;
        self.bytes = Vec::new();
        Ok(())
    }

    /// Hands the rows back, each of so many cells. Errors: those of the disk, and those of `take`.
    pub fn each<E: From<io::Error>>(
        &self,
        width: usize,
        mut take: impl FnMut(Vec<Cell<'static>>) -> Result<(), E>,
    ) -> Result<(), E> {
        let disk: Box<dyn Read> = match self.on_disk {
            true => Box::new(BufReader::with_capacity(1 << 16, File::open(&self.file)?)),
            false => Box::new(io::empty()),
        };
        let mut from = disk.chain(&self.bytes[..]);
        for _ in 0..self.rows {
            take((0..width).map(|_| cell(&mut from)).collect::<io::Result<_>>()?)?;
        }
        Ok(())
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if self.on_disk {
            let _ = fs::remove_file(&self.file);
        }
    }
}

fn put_text(text: &str, to: &mut Vec<u8>) {
    to.extend((text.len() as u64).to_le_bytes());
    to.extend(text.as_bytes());
}

fn cell(from: &mut dyn Read) -> io::Result<Cell<'static>> {
    Ok(match u8::from_le_bytes(bytes(from)?) {
        NOTHING => Cell::Nothing,
        TEXT => Cell::Text(text(from)?.into()),
        TEXTS => {
            let length = u64::from_le_bytes(bytes(from)?);
            Cell::Texts((0..length).map(|_| Ok(text(from)?.into())).collect::<io::Result<_>>()?)
        }
        WHOLE => Cell::Whole(i64::from_le_bytes(bytes(from)?)),
        NUMBER => Cell::Number(f64::from_le_bytes(bytes(from)?)),
        FALSE => Cell::Truth(false),
        TRUE => Cell::Truth(true),
        _ => return Err(io::ErrorKind::InvalidData.into()),
    })
}

fn bytes<const N: usize>(from: &mut dyn Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn text(from: &mut dyn Read) -> io::Result<String> {
    let length = u64::from_le_bytes(bytes(from)?);
    let mut text = String::new();
    match from.take(length).read_to_string(&mut text)? as u64 == length {
        true => Ok(text),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_were_from_memory_and_from_disk() {
        let file = std::env::temp_dir().join(format!("asof-aside-{}", std::process::id()));
        let rows = |number: i64| {
            let texts = vec!["".into(), "Київ".into(), "\u{0}\n".into()];
            vec![
                vec![Cell::Nothing, Cell::Text(format!("{number}").into()), Cell::Texts(texts)],
                vec![Cell::Whole(i64::MIN + number), Cell::Number(-0.1), Cell::Truth(number > 1)],
                vec![Cell::Texts(Vec::new()), Cell::Text("".into()), Cell::Number(f64::MAX)],
            ]
        };
        for on_disk in [0, 1, 2, 3] {
            let mut aside = Aside::new(file.clone());
            for number in 0..3 {
                rows(number).iter().for_each(|row| aside.put(row));
                if number < on_disk {
                    aside.spill().unwrap();
                    assert_eq!(aside.in_memory(), 0);
                }
            }
            let mut back = Vec::new();
            let take = |row| -> io::Result<()> {
                back.push(row);
                Ok(())
            };
            aside.each(3, take).unwrap();
            assert_eq!(back, (0..3).flat_map(rows).collect::<Vec<_>>());
            drop(aside);
            assert!(!file.exists());
        }
    }
}
