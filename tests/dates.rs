//! Dates against a table (`dates.tsv`), and laws that hold for any text.

use std::collections::BTreeSet;

use asof::model::{
    date::{Calendar, Circa, Date, DateError, End, Reckoned, Seasons},
    moment::{Moment, Span},
};
use proptest::prelude::*;

const TABLE: &str = include_str!("dates.tsv");
const COLUMNS: [&str; 13] = [
    "date",
    "calendar",
    "status",
    "level",
    "precision",
    "earliest",
    "latest",
    "from",
    "to",
    "end",
    "words",
    "at",
    "help",
];

/// One line of the table; missing cells at its end are empty.
struct Row<'a>(Vec<&'a str>);

impl Row<'_> {
    fn get(&self, column: &str) -> &str {
        let place = COLUMNS.iter().position(|name| *name == column).expect("a column of the table");
        self.0.get(place).copied().unwrap_or_default()
    }
}

fn rows() -> Vec<Row<'static>> {
    let mut lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    assert_eq!(lines.next().map(|header| header.split('\t').collect()), Some(COLUMNS.to_vec()));
    lines.map(|line| Row(line.split('\t').collect())).collect()
}

/// `Europe/Kyiv southern circa=3/1/2`
fn calendar(text: &str) -> Calendar {
    let mut calendar = Calendar::default();
    for (place, word) in text.split(' ').enumerate() {
        if place == 0 {
            calendar.zone = word.parse().expect("a time zone");
        } else if word == "southern" {
            calendar.seasons = Seasons::Southern;
        } else {
            let numbers = word.strip_prefix("circa=").expect("`circa=`").split('/');
            let [day, month, year] = numbers.map(|n| n.parse().expect("a number")).collect::<Vec<_>>()[..] else {
                panic!("three numbers in {word}")
            };
            calendar.circa = Circa { day, month, year };
        }
    }
    calendar
}

/// What a row has against the code, as `column: wanted, got`.
fn faults(row: &Row) -> Vec<String> {
    let got: Vec<(&str, String)> = match (row.get("status"), Date::parse(row.get("date"))) {
        ("valid", Ok(date)) => match date.reckon(&calendar(row.get("calendar"))) {
            Ok(reckoned) => valid_cells(&date, &reckoned),
            Err(error) => error_cells("unreckonable", &error),
        },
        ("unreckonable", Ok(date)) => match date.reckon(&calendar(row.get("calendar"))) {
            Ok(reckoned) => valid_cells(&date, &reckoned),
            Err(error) => error_cells("unreckonable", &error),
        },
        (_, Ok(_)) => vec![("status", "valid".into())],
        (_, Err(error)) => error_cells("invalid", &error),
    };
    let wrong = got.into_iter().filter(|(column, got)| !row.get(column).is_empty() && row.get(column) != got);
    wrong
        .map(|(column, got)| format!("{:?} {column}: wanted {:?}, got {got:?}", row.get("date"), row.get(column)))
        .collect()
}

fn valid_cells(date: &Date, reckoned: &Reckoned) -> Vec<(&'static str, String)> {
    let show = |moment: Moment| if moment.is_finite() { moment.to_string() } else { "-".to_string() };
    let end = match reckoned.end {
        None => String::new(),
        Some(End::Never) => "never".into(),
        Some(End::Unknown) => "unknown".into(),
        Some(End::At { span, exact }) => {
            format!("{}..{} {}", show(span.start), show(span.end), if exact { "exact" } else { "wide" })
        }
    };
    let to = if reckoned.start.end == Moment::PAST { "past".to_string() } else { show(reckoned.start.end) };
    vec![
        ("status", "valid".into()),
        ("level", date.level().to_string()),
        ("precision", date.precision().to_string()),
        ("earliest", show(reckoned.written.start)),
        ("latest", show(reckoned.written.end)),
        ("from", show(reckoned.start.start)),
        ("to", to),
        ("end", end),
        ("words", date.words()),
    ]
}

fn error_cells(status: &str, error: &DateError) -> Vec<(&'static str, String)> {
    vec![
        ("status", status.into()),
        ("words", error.message.clone()),
        ("at", format!("{}..{}", error.at.start, error.at.end)),
        ("help", error.help.clone().unwrap_or_default()),
    ]
}

#[test]
fn the_table_holds() {
    let rows = rows();
    assert!(rows.len() >= 300, "only {} rows", rows.len());
    let faults: Vec<String> = rows.iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn the_table_has_no_row_twice() {
    let mut seen = BTreeSet::new();
    for row in rows() {
        // The Library itself lists this one at two levels.
        let twice = !seen.insert((row.get("date").to_string(), row.get("calendar").to_string()));
        assert!(!twice || row.get("date") == "2004-06-11%", "{} is there twice", row.get("date"));
    }
}

#[test]
fn what_help_says_to_write_can_be_read() {
    for row in rows() {
        let Some(guess) = row.get("help").strip_prefix("write ") else { continue };
        if !guess.contains([' ', '`', ',']) {
            assert!(Date::parse(guess).is_ok(), "{} is told to write {guess}", row.get("date"));
        }
    }
}

#[test]
fn marks_and_sides_are_told() {
    let date = |text: &str| Date::parse(text).expect("a date");
    let marks = |text: &str| (date(text).is_approximate(), date(text).is_uncertain());
    assert_eq!(marks("2022"), (false, false));
    assert_eq!(marks("2022?"), (false, true));
    assert_eq!(marks("?2022-06-~11"), (true, true));
    assert_eq!(marks("2022/2023%"), (true, true));
    assert_eq!(marks("[1667,1668..1669~]"), (true, false));
    assert_eq!((date("2022-02-24/..").start_text(), date("2022-02-24/..").end_text()), ("2022-02-24", Some("..")));
    assert_eq!((date("/2022").start_text(), date("/2022").end_text()), ("", Some("2022")));
    assert_eq!((date("2022").start_text(), date("2022").end_text()), ("2022", None));
    assert!(date("2022/2023").is_interval() && !date("[2022,2023]").is_interval());
    assert!(date("{2022,2023}").is_all_of() && !date("[2022,2023]").is_all_of());
    assert_eq!(date("[1667, 1668]").to_string(), "[1667, 1668]");
}

#[test]
fn dates_are_small() {
    assert!(size_of::<Date>() <= 32, "{} bytes", size_of::<Date>());
}

#[test]
fn moments_print_for_any_second() {
    let print = |seconds, nanos| Moment::new(seconds, nanos).to_string();
    assert_eq!(print(0, 0), "1970-01-01T00:00:00Z");
    assert_eq!(print(-1, 500_000_000), "1969-12-31T23:59:59.5Z");
    assert_eq!(print(1_747_256_400, 0), "2025-05-14T21:00:00Z");
    assert_eq!(print(-62_167_219_200, 0), "0000-01-01T00:00:00Z");
    assert_eq!(print(-62_167_219_201, 0), "-0001-12-31T23:59:59Z");
    assert_eq!(print(253_402_300_800, 0), "+10000-01-01T00:00:00Z");
    assert_eq!(print(0, 2_000_000_001), "1970-01-01T00:00:02.000000001Z");
    // Reckoned apart: 2^63 seconds are 106,751,991,167,300 days, 15 hours, 30 minutes and 8 seconds.
    assert_eq!(print(i64::MAX, 0), "+292277026596-12-04T15:30:07Z");
    assert_eq!(print(i64::MIN + 1, 0), "-292277022657-01-27T08:29:53Z");
    assert_eq!(Moment::PAST.to_string(), "-infinity");
    assert_eq!(Moment::FUTURE.to_string(), "infinity");
    assert!(Moment::PAST < Moment::new(i64::MIN + 1, 0) && Moment::new(i64::MAX, 0) < Moment::FUTURE);
}

#[test]
fn spans_overlap_where_a_moment_is_in_both() {
    let span = |start, end| Span { start: Moment::new(start, 0), end: Moment::new(end, 0) };
    assert!(span(0, 2).overlaps(span(1, 3)) && span(0, 9).overlaps(span(1, 3)));
    assert!(!span(0, 1).overlaps(span(1, 2)) && !span(1, 1).overlaps(span(0, 2)));
}

#[test]
fn an_error_points_into_its_text() {
    let error = Date::parse("2022-13").expect_err("no month 13");
    assert_eq!("2022-13".get(error.at.clone()), Some("13"));
    assert_eq!(error.to_string(), "there is no month 13");
}

/// Calendars with midnights that do not exist, happen twice, or are odd.
fn calendars() -> Vec<Calendar> {
    let words = ["UTC", "Europe/Kyiv", "America/Sao_Paulo southern", "Pacific/Apia circa=3/1/2", "America/Havana"];
    words.map(calendar).to_vec()
}

/// Everything that is asked of a date, of any text.
fn survive(text: &str) {
    match Date::parse(text) {
        Ok(date) => {
            assert_eq!(Date::parse(date.text()).map(|again| again.text().to_string()), Ok(text.to_string()));
            assert!(!date.words().is_empty() && date.level() <= 2);
            assert_eq!(date.end_text().is_some(), date.is_interval());
            calendars().iter().for_each(|calendar| check_spans(&date, calendar));
        }
        Err(error) => assert!(text.get(error.at.clone()).is_some(), "{text:?} has no {:?}", error.at),
    }
}

fn check_spans(date: &Date, calendar: &Calendar) {
    match date.reckon(calendar) {
        Ok(Reckoned { written, start, end }) => {
            assert!(written.start < written.end, "{date}: {written:?}");
            let open = start.start == Moment::PAST && start.end == Moment::PAST && date.start_text() == "..";
            assert!(start.start < start.end || open, "{date}: {start:?}");
            if let Some(End::At { span, .. }) = end {
                assert!(span.start < span.end && start.start < span.end && start.end <= span.end, "{date}: {span:?}");
            }
        }
        Err(error) => assert!(date.text().get(error.at.clone()).is_some(), "{date} has no {:?}", error.at),
    }
}

fn some_date() -> impl Strategy<Value = String> {
    let texts: Vec<String> = rows().iter().map(|row| row.get("date").to_string()).collect();
    prop::sample::select(texts)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        survive(&text);
    }

    #[test]
    fn any_text_of_the_alphabet_is_survived(text in "[-0-9XYES?~%/.,:TZ+ {}\\[\\]]{0,24}") {
        survive(&text);
    }

    #[test]
    fn a_mutated_date_is_survived(text in some_date(), at in 0..40_usize, what in any::<char>(), kind in 0..4_u8) {
        let mut characters: Vec<char> = text.chars().collect();
        let at = at % (characters.len() + 1);
        match kind {
            0 => characters.insert(at, what),
            1 => characters.insert(at, char::from(b"0129XYES?~%/.,:TZ+- {}[]"[what as usize % 24])),
            2 if at < characters.len() => characters[at] = char::from(b'0' + what as u8 % 10),
            _ => characters.truncate(at),
        }
        survive(&characters.into_iter().collect::<String>());
    }

    #[test]
    fn two_dates_joined_are_survived(one in some_date(), other in some_date(), kind in 0..4_u8) {
        survive(&match kind {
            0 => format!("{one}/{other}"),
            1 => format!("[{one},{other}]"),
            2 => format!("{{{one}..{other}}}"),
            _ => format!("{one}-{other}"),
        });
    }

    #[test]
    fn every_day_is_one_after_another(days in -800_000..=2_932_896_i64) {
        // Printing is the inverse of reading: the earliest moment of a day is the day.
        let text = Moment::new(days * 86_400, 0).to_string();
        let day = text.trim_end_matches("T00:00:00Z");
        let span = Date::parse(day).expect("a day").reckon(&Calendar::default()).expect("its span").written;
        prop_assert_eq!((span.start.seconds(), span.end.seconds()), (days * 86_400, (days + 1) * 86_400));
    }
}

#[test]
fn nothing_enumerates() {
    // Each would take for ever if its members, years or digits were walked through.
    for text in
        ["[-1740-02-12..-1200-01-29]", "{Y1E11..Y2E11}", "{Y1E19..Y1E19}", "Y1E18446744073709551616", "XXX1-02-29"]
    {
        survive(text);
    }
    survive(&"9".repeat(1_000_000));
    survive(&format!("Y{}", "9".repeat(1_000_000)));
    survive(&format!("[{}2022]", "2022,".repeat(2_000)));
    survive(&"[".repeat(1_000_000));
    survive(&"/".repeat(1_000_000));
}
