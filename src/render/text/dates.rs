//! How dates are read: each with its words, and below it what EDTF says of it and the moments between which it lies.

use std::io::{self, Write};

use crate::ask::{DateReading, ReadDate};
use crate::model::moment::Moment;
use crate::render::How;
use crate::render::layout::{Label, Line, Sheet, width};

/// How wide the column of expressions may be before the words are no longer aligned.
const EXPRESSIONS: usize = 32;

/// Writes how dates are read.
pub(in crate::render) fn dates(dates: &[DateReading], how: &How, to: &mut dyn Write) -> io::Result<()> {
    let sheet = &mut Sheet::new(to, how.color);
    let column = dates.iter().map(|date| width(&date.text)).max().unwrap_or(0).min(EXPRESSIONS) + 2;
    for date in dates {
        let mut line = Line::default();
        line.put(Label::Heading, &date.text).to_column(column, 2);
        match &date.read {
            Ok(read) => {
                sheet.line(line.put(Label::Value, &read.words))?;
                sheet.piece(column, Label::Plain, &kind(read))?;
                sheet.piece(column, Label::Since, &format!("{} to {}", side(read.earliest), side(read.latest)))?;
            }
            Err(fault) => {
                sheet.line(line.put(Label::Error, "no date: ").put(Label::Plain, &fault.message))?;
                if let Some(help) = &fault.help {
                    sheet.piece(column, Label::Hint, help)?;
                }
            }
        }
    }
    Ok(())
}

fn kind(read: &ReadDate) -> String {
    let approximate = if read.approximate { ", approximate" } else { "" };
    let uncertain = if read.uncertain { ", uncertain" } else { "" };
    format!("EDTF level {}, {}{approximate}{uncertain}", read.level, read.precision)
}

fn side(moment: Moment) -> String {
    if moment.is_finite() { moment.to_string() } else { "open".to_owned() }
}
