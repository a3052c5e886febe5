//! The tables that `asof export sqlite` and `asof export parquet` write, read back by the libraries of these formats: both
//! say the same, cell by cell; asked as of a date they say what `asof replay` says, those of an answer what its JSON says; and
//! no folder of others is touched.

#![cfg(all(feature = "parquet", feature = "sqlite"))]
#![allow(clippy::disallowed_methods)]

#[path = "tables/answers.rs"]
mod answers;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use asof::model::moment::Moment;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::{Value as Json, json};

fn asof(chronicle: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asof"));
    command.arg("--no-cache").arg("-C").arg(chronicle).args(words).output().unwrap()
}

fn done(chronicle: &Path, words: &[&str]) -> String {
    let output = asof(chronicle, words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A folder of one's own, empty.
fn scratch(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("asof-tables-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The chronicle that ships, and one of what it has no case of.
fn chronicles(scratch: &Path) -> [PathBuf; 2] {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corners = scratch.join("corners");
    fs::create_dir(&corners).unwrap();
    fs::copy(root.join("distributed/corners.yaml"), corners.join("corners.yaml")).unwrap();
    fs::write(corners.join("voices.yaml"), "east: {}\nwest: {}\neast-press: {part_of: east}\n").unwrap();
    let more = "- {id: far, date: Y12000, title: Far, set: {deep.time: far}}\n\
                - {id: deep, date: -0043, title: Deep, set: {deep.time: deep}}\n\
                - {id: hostile, date: 2022, title: \"\\e[31m' \\\" \\u202e\", set: {deep.words: \"a'b\\\"c\\u202e\"},\n   \
                   sources: [{title: T, publisher: P}, {title: T, publisher: P, quote: q}, {id: s, title: S, url: \"https://a.b\"}]}\n";
    fs::write(corners.join("more.yaml"), more).unwrap();
    [root.join("events"), corners]
}

/// The rows of a table, each by the names of its columns.
type Rows = Vec<BTreeMap<String, String>>;

fn sqlite_rows(database: &Connection, query: &str) -> Rows {
    let mut statement = database.prepare(query).unwrap();
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut found = statement.query([]).unwrap();
    let mut rows = Rows::new();
    while let Some(row) = found.next().unwrap() {
        let cell = |at: usize| match row.get_ref(at).unwrap() {
            ValueRef::Null => "null".to_owned(),
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Real(number) => format!("{number:?}"),
            ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
            ValueRef::Blob(_) => panic!("no column is a blob"),
        };
        rows.push(names.iter().enumerate().map(|(at, name)| (name.clone(), cell(at))).collect());
    }
    rows
}

/// The same of all files of a table, in the words of SQLite; every file holds the year that its folder names.
fn parquet_rows(folder: &Path, parted_by: Option<&str>) -> Rows {
    let mut rows = Rows::new();
    let mut folders: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    if parted_by.is_none() {
        folders = vec![folder.to_owned()];
    }
    for part in folders {
        let reader = SerializedFileReader::new(fs::File::open(part.join("part-0.parquet")).unwrap()).unwrap();
        for row in reader.get_row_iter(None).unwrap() {
            let row = row.unwrap();
            let row: BTreeMap<String, String> =
                row.get_column_iter().map(|(name, field)| (name.clone(), cell(field))).collect();
            if let Some(column) = parted_by {
                let year = part.file_name().unwrap().to_str().unwrap().strip_prefix("year=").unwrap();
                assert!(row[column].starts_with(&format!("{year:0>4}-")), "{year}: {}", row[column]);
            }
            rows.push(row);
        }
    }
    rows
}

fn cell(field: &Field) -> String {
    match field {
        Field::Null => "null".to_owned(),
        Field::Bool(truth) => u8::from(*truth).to_string(),
        Field::Long(number) => number.to_string(),
        Field::Double(number) => format!("{number:?}"),
        Field::Str(text) => text.clone(),
        Field::TimestampMicros(micros) => {
            let nanos = u32::try_from(micros.rem_euclid(1_000_000) * 1000).unwrap();
            let moment = Moment::new(micros.div_euclid(1_000_000), nanos).to_string();
            moment.replace('T', " ").trim_end_matches('Z').to_owned()
        }
        Field::ListInternal(list) => {
            let texts: Vec<String> = list.elements().iter().map(cell).collect();
            serde_json::to_string(&texts).unwrap()
        }
        other => panic!("{other}"),
    }
}

#[test]
fn both_formats_say_the_same() {
    let scratch = scratch("same");
    for (number, chronicle) in chronicles(&scratch).iter().enumerate() {
        let (file, folder) = (scratch.join(format!("{number}.sqlite")), scratch.join(format!("{number}.tables")));
        done(chronicle, &["export", "sqlite", file.to_str().unwrap()]);
        done(chronicle, &["export", "parquet", folder.to_str().unwrap()]);
        let database = Connection::open(&file).unwrap();
        for (table, parted_by) in [
            ("facts", Some("valid_from")),
            ("changes", Some("valid_from")),
            ("events", Some("certain_from")),
            ("voices", None),
        ] {
            let mut expected = sqlite_rows(&database, &format!("select * from {table}"));
            let mut found = parquet_rows(&folder.join(table), parted_by);
            expected.sort();
            found.sort();
            assert!(!expected.is_empty(), "{table}");
            assert_eq!(expected, found, "{table} of {}", chronicle.display());
        }
        let listed = done(chronicle, &["list", "-O", "jsonl"]).lines().count();
        let voided = sqlite_rows(&database, "select id from events").len() - listed;
        assert_eq!(voided, [0, 1][number], "events that are void are in the table, too");
    }
    fs::remove_dir_all(scratch).unwrap();
}

#[test]
fn the_view_answers_as_replay_does() {
    let scratch = scratch("view");
    for (number, chronicle) in chronicles(&scratch).iter().enumerate() {
        let file = scratch.join(format!("{number}.sqlite"));
        done(chronicle, &["export", "sqlite", file.to_str().unwrap()]);
        let database = Connection::open(&file).unwrap();
        let asked = |words: &[&str]| -> BTreeMap<String, Json> {
            let words = [&["replay"], words, &["-l", "-O", "json"]].concat();
            let answer: Json = serde_json::from_str(&done(chronicle, &words)).unwrap();
            let facts = answer["facts"].as_array().unwrap().iter().filter(|fact| fact["standing"] != "none");
            let said = |fact: &Json| json!([fact["value"], fact["standing"], fact["event"], fact["since"]]);
            facts.map(|fact| (fact["path"].as_str().unwrap().to_owned(), said(fact))).collect()
        };
        let viewed = || -> BTreeMap<String, Json> {
            let text = |text: &String| if text == "null" { Json::Null } else { text.as_str().into() };
            let said = |row: &BTreeMap<String, String>| {
                let value = match row["type"].as_str() {
                    "text" => text(&row["value"]),
                    _ => serde_json::from_str(&row["value"]).unwrap(),
                };
                json!([value, row["standing"], text(&row["event"]), text(&row["since"])])
            };
            let rows = sqlite_rows(&database, "select * from state");
            rows.iter().map(|row| (row["path"].clone(), said(row))).collect()
        };
        // As it comes, the view is as of the last event.
        assert_eq!(asked(&[]).len(), viewed().len());
        for (at, known_by) in [("2022-04-07", None), ("2022-07-17", Some("2022-07-01")), ("2025-05-14", None)] {
            let moment = |date: &str| {
                let read = done(chronicle, &["date", date, "-O", "json"]);
                let read: Json = serde_json::from_str(&read).unwrap();
                read["dates"][0]["latest"].as_str().unwrap().replace('T', " ").trim_end_matches('Z').to_owned()
            };
            let known = known_by.map(moment);
            database.execute("update asof set at = ?, known_by = ?", (moment(at), known)).unwrap();
            let words: Vec<&str> =
                [at].into_iter().chain(known_by.into_iter().flat_map(|by| ["--known-by", by])).collect();
            assert_eq!(asked(&words), viewed(), "{at} known by {known_by:?}");
        }
        let distant = sqlite_rows(
            &database,
            "select value, valid_from, valid_to from facts where path = 'deep.time' and certain and known_to is null",
        );
        assert_eq!(distant.len(), [0, 1][number], "{distant:?}");
        if let [row] = &distant[..] {
            // What began before the year 1 is there from its first moment on; what begins after 9999 is not there.
            assert_eq!([&row["value"], &row["valid_from"], &row["valid_to"]], ["deep", "0001-01-01 00:00:00", "null"]);
        }
        let sources = sqlite_rows(&database, "select source from event_sources where event = 'hostile'");
        assert_eq!(sources.len(), [0, 3][number]);
        let orphans =
            "select count(*) as n from event_sources left join sources using (source) where sources.source is null";
        assert_eq!(sqlite_rows(&database, orphans)[0]["n"], "0");
        assert_eq!(sqlite_rows(&database, "pragma integrity_check")[0]["integrity_check"], "ok");
    }
    fs::remove_dir_all(scratch).unwrap();
}

#[test]
fn the_same_chronicle_gives_the_same_bytes() {
    let scratch = scratch("bytes");
    let [_, chronicle] = chronicles(&scratch);
    let (file, folder) = (scratch.join("a.sqlite"), scratch.join("tables"));
    let written = || {
        done(&chronicle, &["export", "sqlite", file.to_str().unwrap()]);
        done(&chronicle, &["export", "parquet", folder.to_str().unwrap()]);
        [fs::read(&file).unwrap(), fs::read(folder.join("facts/year=2022/part-0.parquet")).unwrap()]
    };
    // The second time both are there already, and are replaced.
    assert!(written() == written());
    fs::remove_dir_all(scratch).unwrap();
}

#[test]
fn nothing_of_others_is_replaced() {
    let scratch = scratch("spared");
    let [_, chronicle] = chronicles(&scratch);
    let folder = scratch.join("mine");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("thesis.txt"), "work").unwrap();
    let refused = |words: &[&str]| {
        let output = asof(&chronicle, words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let said = refused(&["export", "parquet", folder.to_str().unwrap()]);
    assert!(said.contains("such as `thesis.txt`") && said.contains("help: name a folder"), "{said}");
    // Nor one that has the names of tables and was not written here, nor one to which something was added.
    fs::rename(folder.join("thesis.txt"), folder.join("facts")).unwrap();
    refused(&["export", "parquet", folder.to_str().unwrap()]);
    assert_eq!(fs::read(folder.join("facts")).unwrap(), b"work");
    let tables = scratch.join("tables");
    done(&chronicle, &["export", "parquet", tables.to_str().unwrap()]);
    fs::write(tables.join("notes.md"), "mine").unwrap();
    refused(&["export", "parquet", tables.to_str().unwrap()]);
    fs::remove_file(tables.join("notes.md")).unwrap();
    let below = tables.join("facts/year=2022/notes.md");
    fs::write(&below, "mine").unwrap();
    assert!(refused(&["export", "parquet", tables.to_str().unwrap()]).contains("such as `notes.md`"));
    assert_eq!(fs::read(&below).unwrap(), b"mine");
    fs::remove_file(below).unwrap();
    done(&chronicle, &["export", "parquet", tables.to_str().unwrap()]);
    assert!(refused(&["export", "sqlite", folder.to_str().unwrap()]).contains("this is a folder"));
    assert!(refused(&["export", "sqlite", "-"]).contains("standard output"));
    refused(&["export", "parquet", scratch.join("nowhere/tables").to_str().unwrap()]);
    let left: Vec<_> = fs::read_dir(&scratch).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with('.')), "{left:?}");
    fs::remove_dir_all(scratch).unwrap();
}

#[test]
fn sources_that_look_alike_stay_apart() {
    let scratch = scratch("sources");
    let cited = [
        "{title: 'B, C', publisher: A}",
        "{title: C, publisher: 'A, B'}",
        "{title: 'X, 2022'}",
        "{title: X, date: 2022}",
        "{title: X, publisher: Y}",
        "{title: 2022, publisher: X}",
        "{id: reuters, title: One}",
        "{url: reuters, title: Two}",
        "{url: 'Y, X', title: Three}",
        "{url: 'https://a.b', title: Four}",
        "{url: '{\"url\":\"reuters\"}', title: Five}",
    ];
    let event = format!("date: 2022\ntitle: One\nsources: [{}]\n", cited.join(", "));
    fs::write(scratch.join("one.yaml"), event).unwrap();
    let database = scratch.join("a.sqlite");
    done(&scratch, &["export", "sqlite", database.to_str().unwrap()]);
    let keys = sqlite_rows(&Connection::open(database).unwrap(), "select source, title from sources");
    assert_eq!(keys.len(), cited.len(), "{keys:?}");
    fs::remove_dir_all(scratch).unwrap();
}
