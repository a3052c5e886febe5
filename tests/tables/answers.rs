//! The tables of answers: for every question both formats say what its JSON lines say, under the columns of its CSV; which
//! columns there are, and of what type, is the same where there is no row.

use super::*;

/// Every question of the chronicle that ships, with its selectors, and what the table of its answer is called.
const SHIPPED: &[(&str, &str)] = &[
    ("state", "replay 2025-05-14"),
    ("state", "replay 2022-04-05 bucha --according-to russia"),
    ("state", "replay 2025-05-14 --known-by 2025-05-13 --only actor:putin,actor:trump --without kind:statement"),
    ("events", "list"),
    ("events", "list tag:istanbul-2025 --since 2025-05-14 -n 3 --reverse"),
    ("differences", "diff 2022-03-29 2025-05-14"),
    ("differences", "diff 2022-04-05 --according-to russia --versus known-by:2022-04-04"),
    ("steps", "diff 2022-03-29 2025-05-14 --steps"),
    ("state", "why talks.istanbul-2025.status --at 2025-05-14"),
    ("history", "history talks.istanbul-2025.status"),
    ("history", "history talks.istanbul-2025.delegation.russia.members medinsky"),
    ("events", "show 2025-05-11-putin-proposal 2022-02-27-bucha-occupied"),
    ("trace", "trace 2025-05-11-putin-proposal"),
    ("context", "context 2025/2025-05-11-putin-proposal.yaml:1 -l"),
    ("stats", "stats -l"),
    ("expectations", "expect ** --at 2025-05-14"),
    ("hinges", "hinges --at 2025-05-14 -l"),
    ("fall", "hinges --source article --at 2025-05-14"),
    ("diagnostics", "check"),
];

/// The same of what that has no case of: numbers, truths, estimates, sets of several sorts, deep time, hostile texts.
const CORNERS: &[(&str, &str)] = &[
    ("state", "replay"),
    ("state", "replay --according-to east --with with.yaml"),
    ("events", "list"),
    ("differences", "diff 2022-01-01 2022-10-15"),
    ("steps", "diff 2022-01-01 2022-10-15 --steps"),
    ("state", "why a.sum --at 2022-04-06"),
    ("history", "history a.sum"),
    ("history", "history a.mixed"),
    ("events", "show hostile far deep e4"),
    ("trace", "trace hostile"),
    ("context", "context more.yaml:3 -l"),
    ("stats", "stats"),
    ("expectations", "expect **"),
    ("hinges", "hinges"),
    ("fall", "hinges --source s"),
    ("diagnostics", "check"),
];

#[test]
fn of_an_answer_they_say_what_its_lines_say() {
    let scratch = scratch("answers");
    let [shipped, corners] = chronicles(&scratch);
    let with = scratch.join("with.yaml");
    fs::write(
        &with,
        "id: more\ndate: 2022-11-01\ntitle: More\nset: {a.truth: true, a.long: 0.1000000000000000000001}\n",
    )
    .unwrap();
    let (file, folder) = (scratch.join("a.sqlite"), scratch.join("tables"));
    for (chronicle, (table, question)) in
        SHIPPED.iter().map(|one| (&shipped, one)).chain(CORNERS.iter().map(|one| (&corners, one)))
    {
        let question = question.replace("with.yaml", with.to_str().unwrap());
        let words: Vec<&str> = question.split(' ').collect();
        // The second time there is an earlier export of another answer, which is replaced.
        done(chronicle, &[&["export", "sqlite", file.to_str().unwrap()], &words[..]].concat());
        done(chronicle, &[&["export", "parquet", "-o", folder.to_str().unwrap()], &words[..]].concat());
        let database = Connection::open(&file).unwrap();
        let columns = columns_of(&database, table);
        let header = done(chronicle, &[&words[..], &["-O", "csv"]].concat());
        let header: Vec<&str> = header.lines().next().unwrap().split(',').collect();
        let plain: Vec<&String> = columns.iter().filter(|name| header.contains(&name.as_str())).collect();
        assert_eq!(plain, header, "{question}");
        let rows = sqlite_rows(&database, &format!("select * from {table}"));
        assert_eq!(rows, parquet_rows(&folder.join(table), None), "{question}");
        let lines = done(chronicle, &[&words[..], &["-O", "jsonl"]].concat());
        let lines: Vec<Json> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.len(), lines.len(), "{question}");
        assert!(!rows.is_empty() || question == "check", "{question} has rows");
        for (row, line) in rows.iter().zip(&lines) {
            header.iter().for_each(|name| assert_says(row, name, &line[*name], &question));
        }
        let viewpoints = sqlite_rows(&database, "select * from viewpoint");
        assert_eq!(viewpoints, parquet_rows(&folder.join("viewpoint"), None), "{question}");
        let whole: Json = serde_json::from_str(&done(chronicle, &[&words[..], &["-O", "json"]].concat())).unwrap();
        let sides: Vec<&Json> = whole.get("from").into_iter().chain([&whole["viewpoint"]]).collect();
        assert_eq!(viewpoints.len(), sides.len(), "{question}");
        for (row, side) in viewpoints.iter().zip(sides) {
            for (name, said) in side.as_object().unwrap() {
                assert_says(row, name, said, &question);
            }
            assert_says(row, "chronicle", &whole["chronicle"], &question);
        }
    }
    fs::remove_dir_all(scratch).unwrap();
}

/// Holds a cell, and those that stand beside it, against what JSON says.
fn assert_says(row: &BTreeMap<String, String>, name: &str, said: &Json, question: &str) {
    let cell = row[name].as_str();
    let beside = |part: &str| if name == "value" { row.get(part) } else { row.get(&format!("{name}_{part}")) };
    let number = |part: &str| beside(part).filter(|cell| *cell != "null").map(|cell| cell.parse::<f64>().unwrap());
    let is_moment = ["earliest", "latest", "certain_from", "moment"].contains(&name);
    let (sort, says) = match said {
        // A value alone, or operators: all of it is JSON.
        _ if name == "expect" => ("", serde_json::from_str::<Json>(cell).unwrap() == *said),
        Json::Null => ("null", ["null", "[]"].contains(&cell)),
        Json::Bool(truth) if beside("type").is_some() => ("truth", cell == truth.to_string()),
        Json::Bool(truth) => ("", cell == u8::from(*truth).to_string()),
        Json::Number(digits) => ("number", cell.parse::<f64>().ok() == digits.as_f64()),
        Json::String(text) if is_moment => ("", cell == cut(text)),
        Json::String(text) => ("text", cell == text),
        Json::Array(_) => ("set", serde_json::from_str::<Json>(cell).unwrap() == *said),
        Json::Object(_) => ("estimate", serde_json::from_str::<Json>(cell).unwrap() == *said),
    };
    assert!(says, "{question}: {name} is {cell:?} and not {said}");
    if let Some(found) = beside("type") {
        assert_eq!(found, sort, "{question}: {name}");
        assert_eq!(number("number"), said.as_f64(), "{question}: {name}");
        for part in ["low", "best", "high"] {
            assert_eq!(number(part), said[part].as_f64(), "{question}: {name}");
        }
    }
}

/// A moment of JSON as a table has it: to the microsecond, within the years 1 to 9999.
fn cut(text: &str) -> String {
    match text.as_bytes()[0] {
        b'+' => "9999-12-31 23:59:59.999999".to_owned(),
        b'-' => "0001-01-01 00:00:00".to_owned(),
        _ => text.replace('T', " ").trim_end_matches('Z').to_owned(),
    }
}

fn columns_of(database: &Connection, table: &str) -> Vec<String> {
    let statement = database.prepare(&format!("select * from {table}")).unwrap();
    statement.column_names().map(str::to_owned).collect()
}

#[test]
fn an_answer_without_a_row_has_the_same_columns() {
    let scratch = scratch("columns");
    let [chronicle, _] = chronicles(&scratch);
    let (file, folder) = (scratch.join("a.sqlite"), scratch.join("tables"));
    for (table, full, empty) in [
        ("events", "list", "list -n 0"),
        ("state", "replay", "replay -0500"),
        ("differences", "diff 2022-03-29 2025-05-14", "diff 2025-05-14 2025-05-14"),
        ("steps", "diff 2022-03-29 2025-05-14 --steps", "diff 2025-05-14 2025-05-14 --steps"),
        ("hinges", "hinges --at 2025-05-14", "hinges --at -0500"),
    ] {
        let columns = |question: &str| {
            let words: Vec<&str> = question.split(' ').collect();
            done(&chronicle, &[&["export", "sqlite", "-o", file.to_str().unwrap()], &words[..]].concat());
            done(&chronicle, &[&["export", "parquet", folder.to_str().unwrap()], &words[..]].concat());
            let database = Connection::open(&file).unwrap();
            let sql = sqlite_rows(&database, "select sql from sqlite_master order by name");
            let part = fs::File::open(folder.join(table).join("part-0.parquet")).unwrap();
            let reader = SerializedFileReader::new(part).unwrap();
            let metadata = reader.metadata().file_metadata();
            (sql, metadata.schema().clone(), metadata.num_rows() > 0)
        };
        let ((sql, schema, has_rows), (sql_without, schema_without, has_still)) = (columns(full), columns(empty));
        assert!(has_rows && !has_still, "{full}, {empty}");
        assert_eq!((sql, schema), (sql_without, schema_without), "{table}");
    }
    fs::remove_dir_all(scratch).unwrap();
}

#[test]
fn an_answer_needs_a_place_and_one_alone() {
    let scratch = scratch("place");
    let [_, chronicle] = chronicles(&scratch);
    let (one, other) = (scratch.join("one"), scratch.join("other"));
    let [one, other] = [&one, &other].map(|place| place.to_str().unwrap());
    for form in ["sqlite", "parquet"] {
        for (words, says) in [
            (&["export", form, "replay"][..], "name it first, or behind -o"),
            (&["export", form, "-o", one, other, "replay"], "are two places"),
            (&["export", form, one, "rplay"], "a similar subcommand exists: 'replay'"),
            (&["export", form, one, "why", "no.such"], "no.such"),
            (
                &["export", form, chronicle.join("a.yaml").to_str().unwrap(), "list"],
                "would be read as one of its files",
            ),
        ] {
            let output = asof(&chronicle, words);
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(output.status.code() == Some(2) && said.contains(says), "{words:?}: {said}");
            assert!(!Path::new(one).exists() && !Path::new(other).exists(), "{words:?}");
        }
    }
    fs::remove_dir_all(scratch).unwrap();
}
