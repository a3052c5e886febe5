//! Parquet: a folder of tables, those of a chronicle parted by years. Rows come path by path, so those of a year are put
//! aside until all are there, and then written in large row groups. A door: it makes the folder beside its place first and
//! then puts it there, whole or not at all, and over no folder that it did not write.
#![allow(clippy::disallowed_methods)]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::Result;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::TypePtr;

use super::answers;
use super::aside::Aside;
use super::beside::{Beside, beside};
use super::export::Of;
use super::fault::Fault;
use super::tables::{self, CHANGES, Cell, Column, EVENTS, FACTS, Sort, Table, VOICES};
use crate::model::moment::Moment;

/// The tables of a chronicle.
const TABLES: [&Table; 4] = [&FACTS, &CHANGES, &EVENTS, &VOICES];

/// The file that says that a folder was written here, which every engine passes over because of its name.
const MARK: &str = "_asof";
/// The file of a year, or of a table that is not parted.
const PART: &str = "part-0.parquet";
/// So many rows of one year are a row group, or those of so many bytes of texts.
const GROUP: usize = 1 << 16;
const GROUP_BYTES: usize = 1 << 25;
/// So many bytes of rows wait in memory, then the year with the most goes to disk.
const WAITING: usize = 1 << 25;

/// Writes a chronicle or an answer into a folder, which is replaced if it was written here before. Errors: any other folder
/// that has files, and what the disk says.
pub fn write(of: Of<'_>, folder: &Path) -> std::result::Result<(), Fault> {
    let folder = folder.components().as_path();
    let is_own = is_own(folder)?;
    let own = Beside::folder(folder)?;
    fill(of, own.path())?;
    fs::write(own.path().join(MARK), format!("asof {}\n", env!("CARGO_PKG_VERSION")))?;
    if is_own {
        let old = beside(folder, "old")?;
        fs::rename(folder, &old)?;
        if let Err(error) = fs::rename(own.path(), folder) {
            // What was there before is kept in any case.
            fs::rename(&old, folder)?;
            return Err(error.into());
        }
        return Ok(fs::remove_dir_all(&old)?);
    }
    Ok(fs::rename(own.path(), folder)?)
}

/// Writes the tables into a folder.
fn fill(of: Of<'_>, folder: &Path) -> std::result::Result<(), Fault> {
    match of {
        Of::Chronicle(rows) => {
            let mut parts = Parts::new(TABLES.to_vec(), folder);
            tables::each_row(rows, |table, row| parts.take(table, &row))?;
            parts.write()
        }
        Of::Answer(answer) => {
            let tables = answers::tables(answer);
            let mut parts = Parts::new(tables.iter().collect(), folder);
            answers::each_row(answer, &tables, |table, row| parts.take(table, &row))?;
            parts.write()
        }
    }
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
        if !TABLES.map(|table| table.name).iter().chain(&answers::NAMES).any(|known| name == known) {
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

/// The rows of all tables, by table and year.
struct Parts<'t> {
    tables: Vec<&'t Table>,
    folder: PathBuf,
    parts: BTreeMap<(usize, Option<i64>), Aside>,
    /// How many bytes they take in memory.
    waiting: usize,
}

/// The values of one column of a row group, with their levels (Parquet, Nested Encoding): what is missing has level 0.
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

impl<'t> Parts<'t> {
    fn new(tables: Vec<&'t Table>, folder: &Path) -> Parts<'t> {
        Parts { tables, folder: folder.to_owned(), parts: BTreeMap::new(), waiting: 0 }
    }

    fn take(&mut self, table: &Table, row: &[Cell<'_>]) -> io::Result<()> {
        let Some(number) = self.tables.iter().position(|one| one.name == table.name) else { return Ok(()) };
        let year = table.parted_by.map(|at| year(&row[at]));
        let aside = || {
            let year = year.map_or(String::new(), |year| format!(".{year}"));
            Aside::new(self.folder.join(format!("{}{year}.rows", table.name)))
        };
        let part = self.parts.entry((number, year)).or_insert_with(aside);
        let before = part.in_memory();
        part.put(row);
        self.waiting += part.in_memory() - before;
        if self.waiting >= WAITING
            && let Some(most) = self.parts.values_mut().max_by_key(|part| part.in_memory())
        {
            self.waiting -= most.in_memory();
            most.spill()?;
        }
        Ok(())
    }

    /// Writes the files of all years, one after another.
    fn write(self) -> std::result::Result<(), Fault> {
        let by = format!("asof {}", env!("CARGO_PKG_VERSION"));
        let properties = WriterProperties::builder().set_created_by(by).set_compression(Compression::SNAPPY);
        let properties = Arc::new(properties.build());
        for table in &self.tables {
            fs::create_dir(self.folder.join(table.name))?;
        }
        for ((number, year), part) in self.parts {
            let mut folder = self.folder.join(self.tables[number].name);
            if let Some(year) = year {
                folder.push(format!("year={year}"));
                fs::create_dir(&folder)?;
            }
            write_part(self.tables[number], &part, &folder.join(PART), properties.clone())?;
        }
        // A table that is not parted has its columns even where it has no row.
        for table in self.tables.iter().filter(|table| table.parted_by.is_none()) {
            let (file, nothing) = (self.folder.join(table.name).join(PART), Aside::new(PathBuf::new()));
            if !file.exists() {
                write_part(table, &nothing, &file, properties.clone())?;
            }
        }
        Ok(())
    }
}

/// Writes one file in row groups.
fn write_part(
    table: &Table,
    rows: &Aside,
    file: &Path,
    properties: WriterPropertiesPtr,
) -> std::result::Result<(), Fault> {
    let to = BufWriter::new(fs::File::create_new(file)?);
    let mut file = SerializedFileWriter::new(to, schema(table)?, properties)?;
    let mut columns: Vec<Waiting> = table.columns.iter().map(|column| Waiting::of(column.sort)).collect();
    let (mut waiting, mut bytes) = (0, 0);
    rows.each(columns.len(), |row| -> std::result::Result<(), Fault> {
        bytes += row.iter().map(text_bytes).sum::<usize>();
        for ((column, waiting), cell) in table.columns.iter().zip(&mut columns).zip(row) {
            waiting.take(*column, cell);
        }
        waiting += 1;
        if waiting == GROUP || bytes >= GROUP_BYTES {
            (waiting, bytes) = (0, 0);
            write_group(&mut columns, &mut file)?;
        }
        Ok(())
    })?;
    if waiting > 0 {
        write_group(&mut columns, &mut file)?;
    }
    file.into_inner()?.flush()?;
    Ok(())
}

fn text_bytes(cell: &Cell<'_>) -> usize {
    match cell {
        Cell::Text(text) => text.len(),
        Cell::Texts(list) => list.iter().map(|text| text.len()).sum(),
        _ => 0,
    }
}

/// Writes the values that wait as a row group.
fn write_group(columns: &mut [Waiting], file: &mut SerializedFileWriter<BufWriter<fs::File>>) -> Result<()> {
    let mut group = file.next_row_group()?;
    for waiting in columns {
        let Some(mut column) = group.next_column()? else { break };
        waiting.write(&mut column)?;
        column.close()?;
    }
    group.close().map(|_| ())
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

    fn take(&mut self, column: Column, cell: Cell<'_>) {
        let bytes = |text: Cow<'_, str>| ByteArray::from(text.into_owned().into_bytes());
        let is_there = cell != Cell::Nothing;
        match (&mut self.values, cell) {
            (Values::Texts(values), Cell::Text(text)) => values.push(bytes(text)),
            (Values::Texts(values), Cell::Texts(list)) => {
                self.levels.extend(vec![1; list.len()]);
                self.repeats.extend((0..list.len().max(1)).map(|at| i16::from(at > 0)));
                if list.is_empty() {
                    self.levels.push(0);
                }
                values.extend(list.into_iter().map(bytes));
                return;
            }
            (Values::Whole(values), Cell::Whole(number)) => values.push(number),
            (Values::Numbers(values), Cell::Number(number)) => values.push(number),
            (Values::Truths(values), Cell::Truth(truth)) => values.push(truth),
            _ => {}
        }
        if column.optional {
            self.levels.push(i16::from(is_there));
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
