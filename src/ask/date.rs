//! How dates are read: the one question that needs no chronicle, only a calendar. Knows nothing of events.

use crate::model::date::{Calendar, Date, DateError, Precision};
use crate::model::moment::Moment;

/// How one expression is read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DateReading {
    /// The expression as it was given.
    pub text: String,
    /// What it says, or why it is no date of this calendar.
    pub read: Result<ReadDate, DateError>,
}

/// What a date says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadDate {
    /// The EDTF level that it needs: 0, 1 or 2.
    pub level: u8,
    /// How fine it is written.
    pub precision: Precision,
    /// Whether `~` or `%` stands in it.
    pub approximate: bool,
    /// Whether `?` or `%` stands in it.
    pub uncertain: bool,
    /// The first moment that it may be, as written; infinite where it is open.
    pub earliest: Moment,
    /// The first moment after all that it may be, as written; infinite where it is open.
    pub latest: Moment,
    /// In English.
    pub words: String,
}

/// Reads each expression in a calendar; those that are no date keep their place.
pub fn read_dates(expressions: &[String], calendar: &Calendar) -> Vec<DateReading> {
    expressions.iter().map(|text| DateReading { text: text.clone(), read: read(text, calendar) }).collect()
}

fn read(text: &str, calendar: &Calendar) -> Result<ReadDate, DateError> {
    let date = Date::parse(text)?;
    let written = date.reckon(calendar)?.written;
    Ok(ReadDate {
        level: date.level(),
        precision: date.precision(),
        approximate: date.is_approximate(),
        uncertain: date.is_uncertain(),
        earliest: written.start,
        latest: written.end,
        words: date.words(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_written_and_faults_keep_their_place() {
        let texts = ["2022-04~", "2022-13", "../2022", "{2022, 2023}"].map(String::from);
        let read = read_dates(&texts, &Calendar::default());
        let first = read[0].read.as_ref().unwrap();
        assert_eq!((first.level, first.approximate, first.uncertain), (1, true, false));
        assert_eq!(first.earliest.to_string(), "2022-04-01T00:00:00Z");
        assert_eq!(first.latest.to_string(), "2022-05-01T00:00:00Z");
        assert!(read[1].read.is_err());
        assert_eq!(read[2].read.as_ref().unwrap().earliest, Moment::PAST);
        assert!(read[3].read.is_ok());
    }
}
