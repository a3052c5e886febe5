//! SQLite: one file with the tables of a chronicle and with views that answer as of a date, or with those of an answer. A
//! door: SQLite writes its file itself, beside its place first and then into it, whole or not at all.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::io::Read;
use std::path::Path;

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, Result, Statement, ToSql, params_from_iter};

use super::answers;
use super::beside::Beside;
use super::citations::{self, EVENT_SOURCES, SOURCES};
use super::export::Of;
use super::fault::Fault;
use super::tables::{self, CHANGES, Cell, Column, EVENTS, FACTS, LAST, Sort, Table, VOICES};
use crate::ask::Rows;
use crate::model::moment::Moment;
use crate::render::json::texts;

/// The tables of a chronicle.
const TABLES: [&Table; 6] = [&EVENTS, &FACTS, &CHANGES, &VOICES, &SOURCES, &EVENT_SOURCES];

/// What stands beside the tables: how they are found by what is asked most, and what is asked most as views.
const VIEWS: &str = "
create unique index sources_by_source on sources (source);
create index event_sources_by_event on event_sources (event);
create index event_sources_by_source on event_sources (source);
create unique index events_by_id on events (id);
create index events_by_date on events (earliest);
create index facts_by_path on facts (path, valid_from);
create index facts_by_event on facts (event);
create index changes_by_event on changes (event);

-- One row: the moment that `state` is as of, and by when its events were known; null: no matter when.
create table asof (at text not null, known_by text) strict;

create view state as
select facts.path, value, type, number, low, best, high, standing, event, since
from facts, asof
where valid_from <= at and (valid_to is null or at < valid_to)
  and known_from <= coalesce(known_by, '9999-12-31 23:59:59.999999')
  and (known_to is null or coalesce(known_by, '9999-12-31 23:59:59.999999') < known_to)
  and voice is null and certain;

create view now as
select path, value, type, number, low, best, high, standing, event, since
from facts
where valid_to is null and known_to is null and voice is null and certain;
";

/// What SQLite keeps of its own in bytes 68 to 71 of a file, by which one of asof is known (SQLite file format, 1.3.15).
const APPLICATION: &[u8; 4] = b"asof";

/// Writes a chronicle or an answer into a file; an earlier export that is there is replaced. Errors: something else is
/// there; what SQLite or the disk says.
pub fn write(of: Of<'_>, file: &Path) -> std::result::Result<(), Fault> {
    let name = file.file_name().ok_or_else(|| Fault::new("this names no file"))?.to_string_lossy();
    if file.is_dir() {
        return Err(Fault::new("this is a folder").help("name a file, such as `talks.sqlite`"));
    }
    if !is_free(file)? {
        let fault = Fault::new("this is there, and no export of asof, so it is left alone");
        return Err(fault.help("name another file, or remove this one"));
    }
    // SQLite would take these for what is yet to be done in the new file.
    for end in ["wal", "journal"] {
        let left = file.with_file_name(format!("{name}-{end}"));
        if left.exists() {
            let fault = Fault::new(format!("somebody has it open, or left {} behind", left.display()));
            return Err(fault.help("close it there first, or open it once with sqlite3"));
        }
    }
    let beside = Beside::file(file)?;
    fill(of, &Connection::open(beside.path())?)?;
    // SQLite was told not to wait for the disk.
    fs::File::open(beside.path())?.sync_all()?;
    Ok(fs::rename(beside.path(), file)?)
}

/// Whether nothing is in a place, or nothing but an export.
fn is_free(file: &Path) -> std::io::Result<bool> {
    let mut header = [0; 72];
    match fs::metadata(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
        // A device or a pipe has no length either.
        Ok(there) if !there.is_file() => Ok(false),
        Ok(there) if there.len() < header.len() as u64 => Ok(there.len() == 0),
        Ok(_) => {
            fs::File::open(file)?.read_exact(&mut header)?;
            Ok(header.starts_with(b"SQLite format 3\0") && header.ends_with(APPLICATION))
        }
    }
}

fn fill(of: Of<'_>, into: &Connection) -> Result<()> {
    // Nobody else reads the file before it is whole, and nobody gets it before.
    into.execute_batch(&format!("pragma application_id = {}", i32::from_be_bytes(*APPLICATION)))?;
    into.execute_batch("pragma journal_mode = off; pragma synchronous = off; pragma locking_mode = exclusive; begin")?;
    match of {
        Of::Chronicle(rows) => chronicle(rows, into)?,
        Of::Answer(answer) => {
            let tables = answers::tables(answer);
            let mut inserts = Inserts::of(&tables.each_ref(), into)?;
            answers::each_row(answer, &tables, |table, row| inserts.take(table, &row))?;
        }
    }
    into.execute_batch("commit")
}

/// The tables of a chronicle, with what stands beside them.
fn chronicle(rows: Rows<'_>, into: &Connection) -> Result<()> {
    let mut inserts = Inserts::of(&TABLES, into)?;
    into.execute_batch(VIEWS)?;
    tables::each_row(rows, |table, row| inserts.take(table, &row))?;
    citations::each_citation(rows, |table, row| inserts.take(table, &row))?;
    let last = rows.last_moment().map_or(LAST, |last| tables::micros(last).min(LAST));
    into.execute("insert into asof values (?, null)", [written_moment(last)]).map(|_| ())
}

/// What puts rows into tables, each by the table's name.
struct Inserts<'c>(Vec<(&'static str, Statement<'c>)>);

impl<'c> Inserts<'c> {
    /// Makes the tables.
    fn of(tables: &[&Table], into: &'c Connection) -> Result<Inserts<'c>> {
        tables.iter().try_for_each(|table| into.execute_batch(&definition(table)))?;
        let inserts = tables.iter().map(|table| Ok((table.name, into.prepare(&insert(table))?)));
        inserts.collect::<Result<_>>().map(Inserts)
    }

    fn take(&mut self, table: &Table, row: &[Cell<'_>]) -> Result<()> {
        let Some((_, insert)) = self.0.iter_mut().find(|(name, _)| *name == table.name) else { return Ok(()) };
        let written = table.columns.iter().zip(row).map(|(column, cell)| Written(*column, cell));
        insert.execute(params_from_iter(written)).map(|_| ())
    }
}

fn definition(table: &Table) -> String {
    let column = |column: &Column| {
        let sort = match column.sort {
            Sort::Text | Sort::Texts | Sort::Moment => "text",
            Sort::Whole | Sort::Truth => "integer",
            Sort::Number => "real",
        };
        // Some are words of SQL.
        format!("  \"{}\" {sort}{}", column.name, if column.optional { "" } else { " not null" })
    };
    let columns: Vec<String> = table.columns.iter().map(column).collect();
    format!("create table {} (\n{}\n) strict", table.name, columns.join(",\n"))
}

/// A source that is cited again is there already; of any other table a row too many would be a fault.
fn insert(table: &Table) -> String {
    let places = vec!["?"; table.columns.len()].join(", ");
    let insert = if *table == SOURCES { "insert or ignore" } else { "insert" };
    format!("{insert} into {} values ({places})", table.name)
}

/// A cell as SQLite holds it: a list as an array of JSON, a moment as SQLite's own functions write it.
struct Written<'a>(Column, &'a Cell<'a>);

impl ToSql for Written<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        let owned = |value: Value| Ok(ToSqlOutput::Owned(value));
        match self.1 {
            Cell::Nothing => owned(Value::Null),
            Cell::Text(text) => Ok(ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes()))),
            Cell::Texts(list) => owned(Value::Text(texts(list.iter().map(AsRef::as_ref)))),
            Cell::Whole(micros) if self.0.sort == Sort::Moment => owned(Value::Text(written_moment(*micros))),
            Cell::Whole(number) => owned(Value::Integer(*number)),
            Cell::Number(number) => owned(Value::Real(*number)),
            Cell::Truth(truth) => owned(Value::Integer((*truth).into())),
        }
    }
}

/// `2025-05-14 21:00:00`, with a fraction only where there is one: in the order of such texts is the order of time.
fn written_moment(micros: i64) -> String {
    let nanos = u32::try_from(micros.rem_euclid(1_000_000) * 1000).unwrap_or_default();
    Moment::new(micros.div_euclid(1_000_000), nanos).to_string().replace('T', " ").trim_end_matches('Z').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_device_is_no_free_place() {
        assert!(!is_free(Path::new("/dev/null")).unwrap());
        assert!(is_free(Path::new("/dev/null-that-is-not-there")).unwrap());
    }

    #[test]
    fn moments_are_texts_in_the_order_of_time() {
        let moments = [tables::FIRST, -1, 0, 1, 490_000, 500_000, 500_001, 1_000_000, LAST];
        let written: Vec<String> = moments.iter().map(|micros| written_moment(*micros)).collect();
        assert_eq!(written[0], "0001-01-01 00:00:00");
        assert_eq!(written[8], "9999-12-31 23:59:59.999999");
        assert!(written.is_sorted(), "{written:?}");
    }
}
