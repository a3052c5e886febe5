//! TABLES → EVENTS by a rules file: rows of CSV, each an event, or of snapshots all of a date together. Streams.
//!
//! ```text
//! bytes ─ rows ─┐
//! rules (decode) ┴ event (template, date) ─ snapshot
//! ```

mod encoding;
mod rows;
mod date;
mod template;
mod path;
mod rules;
mod decode;
mod form;
mod event;
mod snapshot;

use std::io;

pub use rows::{Layout, Row, Rows};
pub use rules::Rules;

use super::import::{Importer, Outcome, Refused, Source, Stretch, Take};
use crate::model::diagnostic::{Code, nearest};
use rules::Columns;
use snapshot::Snapshot;
use template::{Split, View};

/// Reads tables by rules.
pub struct Table {
    rules: Rules,
    /// What the files before said last, where the rows of a date are the whole state.
    snapshot: Option<Snapshot>,
}

impl Table {
    /// A reader by these rules.
    pub fn new(rules: Rules) -> Table {
        let snapshot = rules.is_snapshot.then(Snapshot::default);
        Table { rules, snapshot }
    }
}

impl Importer for Table {
    fn read(&mut self, source: Source, take: &mut Take) -> io::Result<()> {
        let Table { rules, snapshot } = self;
        let mut rows = Rows::new(source.bytes, rules.layout.clone());
        let (fields, width) = match &rules.columns {
            Columns::Named(names) => (bind(rules, names, None), Some(names.len())),
            Columns::Numbered => (bind(rules, &[], None), None),
            Columns::Header => match rows.next()? {
                Some(Ok(())) => {
                    let row = &rows.row;
                    let names: Vec<String> = (0..row.fields.len()).map(|at| row.field(at).trim().to_owned()).collect();
                    (bind(rules, &names, Some(row)), Some(names.len()))
                }
                Some(Err(refused)) => (Err(refused), None),
                None => {
                    let fault = Refused::whole(Code::MissingKey, "this file is empty: it has no header");
                    (
                        Err(fault.help("the first row names the columns; or name them in the rules, as `columns: […]`")),
                        None,
                    )
                }
            },
        };
        let fields = match fields {
            Ok(fields) => fields,
            Err(refused) => {
                let stretch = Stretch { text: &rows.row.text, line: rows.row.line, row: 0, rows: 0 };
                return match snapshot {
                    Some(snapshot) => snapshot.add(&stretch, Err(refused), take),
                    None => take(stretch, Outcome::Refused(refused)),
                };
            }
        };
        let mut number = 0;
        while let Some(read) = rows.next()? {
            number += 1;
            let row = &rows.row;
            let stretch = Stretch { text: &row.text, line: row.line, row: number, rows: 1 };
            let view = View { row, fields: &fields, names: &rules.names, split: Split::All };
            let read = read
                .and_then(|()| is_as_wide(row, width, rules.layout.quote.is_some()))
                .and_then(|()| event::of(rules, view));
            match (snapshot.as_mut(), read) {
                (Some(snapshot), read) => snapshot.add(&stretch, read, take)?,
                (None, Ok(Some(event))) => take(stretch, Outcome::Event(event))?,
                (None, Ok(None)) => take(stretch, Outcome::Skipped)?,
                (None, Err(refused)) => take(stretch, Outcome::Refused(refused))?,
            }
        }
        match snapshot {
            Some(snapshot) => snapshot.end(take),
            None => Ok(()),
        }
    }
}

/// Of each column that the rules use the number of its field.
fn bind(rules: &Rules, names: &[String], header: Option<&Row>) -> Result<Vec<usize>, Refused> {
    let mut fields = Vec::new();
    for (column, is_needed) in rules.names.columns.iter().zip(&rules.names.needed) {
        let wanted = &column.value;
        let mut found = names.iter().enumerate().filter(|(_, name)| *name == wanted).map(|(at, _)| at);
        let numbered = || wanted.parse::<usize>().ok().filter(|number| *number > 0).map(|number| number - 1);
        match (found.next(), found.next()) {
            (Some(_), Some(second)) => {
                let at = header.and_then(|row| row.fields.get(second)).cloned().unwrap_or_default();
                let fault = Refused::new(
                    Code::DuplicateKey,
                    at,
                    format!("two columns are called `{wanted}`, and the rules use it"),
                );
                return Err(fault.help("rename one, or name the columns in the rules, as `columns: […]`"));
            }
            (Some(at), None) => fields.push(at),
            (None, _) => match numbered().filter(|at| names.is_empty() || *at < names.len()) {
                Some(at) => fields.push(at),
                // No row has so many fields: whatever stands there is empty.
                None if !is_needed => fields.push(usize::MAX),
                None => {
                    let fault =
                        Refused::whole(Code::MissingKey, format!("there is no column `{wanted}`, which the rules use"));
                    let other = |names: &str| [';', '\t', '|', ','].into_iter().find(|other| names.contains(*other));
                    let help = match (names, names.first().and_then(|name| other(name))) {
                        ([only], Some(other)) => {
                            format!(
                                "the only column is `{only}`: if {other:?} is between columns, say `separator: {:?}`",
                                other.to_string()
                            )
                        }
                        _ => match nearest(wanted, names.iter().map(String::as_str)) {
                            Some(near) => format!("did you mean `{near}`?"),
                            None => format!("the columns are {}", names.join(", ")),
                        },
                    };
                    return Err(fault.help(help));
                }
            },
        }
    }
    Ok(fields)
}

/// Whether a row has as many fields as there are columns, if there is a number of them; it has quotes around fields, or has none.
pub fn is_as_wide(row: &Row, width: Option<usize>, has_quotes: bool) -> Result<(), Refused> {
    let (has, wanted) = (row.fields.len(), width.unwrap_or(row.fields.len()));
    if has == wanted {
        return Ok(());
    }
    let end = row.text.len();
    let at = if has < wanted { end..end } else { row.fields[wanted].start..end };
    let count = |number: usize| format!("{number} field{}", if number == 1 { "" } else { "s" });
    let fault = Refused::new(Code::Syntax, at, format!("{} where there are {wanted} columns", count(has)));
    Err(match has_quotes {
        true => fault.help("a field with a separator or a line end in it stands in quotes"),
        false => fault,
    })
}
