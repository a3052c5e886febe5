//! Parquet: a folder of tables, each parted by years, written in row groups as the rows come. A door: it makes the folder
//! beside its place first and then puts it there, whole or not at all, and over no folder that it did not write.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::Result;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::TypePtr;

use super::fault::Fault;
use super::tables::{self, CHANGES, Cell, Column, EVENTS, FACTS, Sort, Table, VOICES};
use crate::ask::Rows;
use crate::model::moment::Moment;

const TABLES: [&Table; 4] = [&FACTS, &CHANGES, &EVENTS, &VOICES];

/// The file that says that a folder was written here, which every engine passes over because of its name.
const MARK: &str = "_asof";
/// The file of a year, or of a table that is not parted.
const PART: &str = "part-0.parquet";
/// So many rows of one year are a row group.
const GROUP: usize = 1 << 16;
/// So many rows of all years wait to be written, then the year with the most goes out.
const WAITING: usize = 1 << 17;

/// Writes a chronicle into a folder, which is replaced if it was written here before. Errors: any other folder that has
/// files, and what the disk says.
pub fn write(rows: Rows<'_>, folder: &Path) -> std::result::Result<(), Fault> {
    let folder = folder.components().as_path();
    let name = folder.file_name().ok_or_else(|| Fault::new("this names no folder"))?.to_string_lossy();
    let is_own = is_own(folder)?;
    let beside = Beside(folder.with_file_name(format!(".{name}.{}.tmp", std::process::id())));
    fs::create_dir(&beside.0)?;
    let mut parts = Parts::new(&beside.0)?;
    tables::each_row(rows, |table, row| parts.take(table, &row))?;
    parts.close()?;
    fs::write(beside.0.join(MARK), format!("asof {}\n", env!("CARGO_PKG_VERSION")))?;
    if is_own {
        let old = folder.with_file_name(format!(".{name}.{}.old", std::process::id()));
        fs::rename(folder, &old)?;
        if let Err(error) = fs::rename(&beside.0, folder) {
            // What was there before is kept in any case.
            fs::rename(&old, folder)?;
            return Err(error.into());
        }
        drop(Beside(old));
        return Ok(());
    }
    Ok(fs::rename(&beside.0, folder)?)
}

/// Whether a folder may be replaced: it was written here, and there is nothing else in it; one that is not there or empty
/// need not be. Errors: one that has anything else.
fn is_own(folder: &Path) -> std::result::Result<bool, Fault> {
    let names = match names(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        names => names?,
    };
    if names.is_empty() {
        return Ok(false);
    }
    match foreign(folder, &names)? {
        None if names.iter().any(|name| name == MARK) => Ok(true),
        other => {
            let other = other.map_or(String::new(), |name| format!(", such as `{}`", name.to_string_lossy()));
            Err(Fault::new(format!("this folder has files that are no export of asof{other}"))
                .help("name a folder that is new or empty"))
        }
    }
}

/// Something in a folder of tables, or in one of the tables, that is never written here.
fn foreign(folder: &Path, all: &[OsString]) -> io::Result<Option<OsString>> {
    for name in all.iter().filter(|name| *name != MARK) {
        if !TABLES.iter().any(|table| name == table.name) {
            return Ok(Some(name.clone()));
        }
        for part in names(&folder.join(name))? {
            let is_year = part.as_encoded_bytes().starts_with(b"year=");
            let below = if is_year { names(&folder.join(name).join(&part))? } else { vec![part] };
            if let Some(other) = below.into_iter().find(|file| file != PART) {
                return Ok(Some(other));
            }
        }
    }
    Ok(None)
}

fn names(folder: &Path) -> io::Result<Vec<OsString>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect()
}

/// A folder that goes where it did not come into its place.
struct Beside(PathBuf);

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The years of all tables, each a file.
struct Parts {
    folder: PathBuf,
    properties: WriterPropertiesPtr,
    parts: BTreeMap<(&'static str, Option<i64>), Part>,
    waiting: usize,
}

/// The file of one year with the rows that wait for it.
struct Part {
    file: SerializedFileWriter<Appended>,
    columns: Vec<Waiting>,
    rows: usize,
}

/// The values of one column that wait, with their levels (Parquet, Nested Encoding): what is missing has level 0.
struct Waiting {
    values: Values,
    levels: Vec<i16>,
    /// Of lists: 0 begins a row.
    repeats: Vec<i16>,
}

enum Values {
    Texts(Vec<ByteArray>),
    Whole(Vec<i64>),
    Numbers(Vec<f64>),
    Truths(Vec<bool>),
}

impl Parts {
    fn new(folder: &Path) -> std::result::Result<Parts, Fault> {
        for table in TABLES {
            fs::create_dir(folder.join(table.name))?;
        }
        let by = format!("asof {}", env!("CARGO_PKG_VERSION"));
        let properties = WriterProperties::builder().set_created_by(by).set_compression(Compression::SNAPPY);
        let properties = Arc::new(properties.build());
        let mut parts = Parts { folder: folder.to_owned(), properties, parts: BTreeMap::new(), waiting: 0 };
        // A table that is not parted has its columns even where it has no row.
        TABLES.iter().filter(|table| table.parted_by.is_none()).try_for_each(|table| parts.open(table, None))?;
        Ok(parts)
    }

    fn take(&mut self, table: &'static Table, row: &[Cell<'_>]) -> std::result::Result<(), Fault> {
        let key = (table.name, table.parted_by.map(|at| year(&row[at])));
        if !self.parts.contains_key(&key) {
            self.open(table, key.1)?;
        }
        if let Some(part) = self.parts.get_mut(&key) {
            for ((column, waiting), cell) in table.columns.iter().zip(&mut part.columns).zip(row) {
                waiting.take(*column, cell);
            }
            part.rows += 1;
            self.waiting += 1;
            if part.rows >= GROUP {
                self.waiting -= part.flush()?;
            }
        }
        if self.waiting >= WAITING
            && let Some(most) = self.parts.values_mut().max_by_key(|part| part.rows)
        {
            self.waiting -= most.flush()?;
        }
        Ok(())
    }

    /// Begins the file of a year, or of a table that is not parted.
    fn open(&mut self, table: &'static Table, year: Option<i64>) -> std::result::Result<(), Fault> {
        let mut folder = self.folder.join(table.name);
        if let Some(year) = year {
            folder.push(format!("year={year}"));
            fs::create_dir(&folder)?;
        }
        let file = Appended(folder.join(PART));
        let file = SerializedFileWriter::new(file, schema(table)?, self.properties.clone())?;
        let columns = table.columns.iter().map(|column| Waiting::of(column.sort)).collect();
        self.parts.insert((table.name, year), Part { file, columns, rows: 0 });
        Ok(())
    }

    fn close(self) -> Result<()> {
        self.parts.into_values().try_for_each(|mut part| {
            part.flush()?;
            part.file.close().map(|_| ())
        })
    }
}

impl Part {
    /// Writes the rows that wait as a row group; says how many they were.
    fn flush(&mut self) -> Result<usize> {
        if self.rows == 0 {
            return Ok(0);
        }
        let mut group = self.file.next_row_group()?;
        for waiting in &mut self.columns {
            let Some(mut column) = group.next_column()? else { break };
            waiting.write(&mut column)?;
            column.close()?;
        }
        group.close()?;
        Ok(std::mem::take(&mut self.rows))
    }
}

impl Waiting {
    fn of(sort: Sort) -> Waiting {
        let values = match sort {
            Sort::Text | Sort::Texts => Values::Texts(Vec::new()),
            Sort::Whole | Sort::Moment => Values::Whole(Vec::new()),
            Sort::Number => Values::Numbers(Vec::new()),
            Sort::Truth => Values::Truths(Vec::new()),
        };
        Waiting { values, levels: Vec::new(), repeats: Vec::new() }
    }

    fn take(&mut self, column: Column, cell: &Cell<'_>) {
        let bytes = |text: &str| ByteArray::from(text.as_bytes().to_vec());
        match (&mut self.values, cell) {
            (Values::Texts(values), Cell::Text(text)) => values.push(bytes(text)),
            (Values::Texts(values), Cell::Texts(list)) => {
                values.extend(list.iter().map(|text| bytes(text)));
                self.levels.extend(vec![1; list.len()]);
                self.repeats.extend((0..list.len().max(1)).map(|at| i16::from(at > 0)));
                if list.is_empty() {
                    self.levels.push(0);
                }
                return;
            }
            (Values::Whole(values), Cell::Whole(number)) => values.push(*number),
            (Values::Numbers(values), Cell::Number(number)) => values.push(*number),
            (Values::Truths(values), Cell::Truth(truth)) => values.push(*truth),
            _ => {}
        }
        if column.optional {
            self.levels.push(i16::from(*cell != Cell::Nothing));
        }
    }

    fn write(&mut self, to: &mut SerializedColumnWriter<'_>) -> Result<()> {
        fn put<T: DataType>(
            to: &mut SerializedColumnWriter<'_>,
            values: &mut Vec<T::T>,
            [levels, repeats]: [&[i16]; 2],
        ) -> Result<()> {
            let some = |levels: &[i16]| if levels.is_empty() { None } else { Some(levels.to_vec()) };
            to.typed::<T>().write_batch(values, some(levels).as_deref(), some(repeats).as_deref())?;
            values.clear();
            Ok(())
        }
        let levels = [&self.levels[..], &self.repeats[..]];
        match &mut self.values {
            Values::Texts(values) => put::<ByteArrayType>(to, values, levels)?,
            Values::Whole(values) => put::<Int64Type>(to, values, levels)?,
            Values::Numbers(values) => put::<DoubleType>(to, values, levels)?,
            Values::Truths(values) => put::<BoolType>(to, values, levels)?,
        }
        self.levels.clear();
        self.repeats.clear();
        Ok(())
    }
}

/// The columns as Parquet has them.
fn schema(table: &Table) -> Result<TypePtr> {
    let column = |column: &Column| {
        let (sort, name) = match column.sort {
            Sort::Texts => {
                let name = column.name;
                return format!(
                    "required group {name} (LIST) {{ repeated group list {{ required binary element (UTF8); }} }}"
                );
            }
            Sort::Text => ("binary", " (UTF8)"),
            Sort::Whole => ("int64", ""),
            Sort::Moment => ("int64", " (TIMESTAMP(MICROS,true))"),
            Sort::Number => ("double", ""),
            Sort::Truth => ("boolean", ""),
        };
        format!("{} {sort} {}{name};", if column.optional { "optional" } else { "required" }, column.name)
    };
    let columns: Vec<String> = table.columns.iter().map(column).collect();
    parse_message_type(&format!("message {} {{ {} }}", table.name, columns.join(" "))).map(Arc::new)
}

/// The year of a moment, in UTC.
fn year(cell: &Cell<'_>) -> i64 {
    let Cell::Whole(micros) = cell else { return 0 };
    Moment::new(micros.div_euclid(1_000_000), 0).year()
}

/// A file that is opened only while something is put at its end: there may be more years than files can be open.
struct Appended(PathBuf);

impl Write for Appended {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        fs::File::options().append(true).create(true).open(&self.0)?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
