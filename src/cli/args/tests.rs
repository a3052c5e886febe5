//! What the command line takes.

use super::*;
use crate::render::Format;

fn parsed(line: &str) -> Arguments {
    read(line.split(' ').map(OsString::from)).unwrap_or_else(|error| panic!("{line}: {error}"))
}

#[test]
fn the_definition_holds() {
    Arguments::command().debug_assert();
}

#[test]
fn options_stand_before_or_after_the_command() {
    for line in ["asof -C x -O json --keep-going replay 2025", "asof replay 2025 -O json -C x --keep-going"] {
        let read = parsed(line);
        assert_eq!((read.every.chronicle, read.every.format), (Some("x".into()), Some(Format::Json)));
        assert!(read.every.keep_going);
    }
}

#[test]
fn the_question_of_watch_is_a_command_line_of_its_own() {
    let question = |line: &str| {
        let Arguments { every, command: Command::Watch { question } } = parsed(line) else { panic!("{line}") };
        read_question(&question, &every)
    };
    for line in [
        "asof -C x -O json watch replay -0043 a.b --at 2025 -l",
        "asof watch -C x replay -0043 a.b -O json --at 2025 -l",
        "asof -C y watch replay -C x -O json -0043 a.b --at 2025 -l",
    ] {
        let read = question(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!((read.every.chronicle, read.every.format), (Some("x".into()), Some(Format::Json)), "{line}");
        let Command::Ask(Asking::Replay { words, long: true, view }) = read.command else { panic!("{line}") };
        assert_eq!((words, view.at.as_deref()), (vec!["-0043".into(), "a.b".into()], Some("2025")), "{line}");
    }
    let bare = question("asof watch -C x").unwrap();
    assert!(matches!(bare.command, Command::Ask(Asking::Check { .. })) && bare.every.chronicle == Some("x".into()));
    assert!(question("asof watch rplay").is_err());
}

#[test]
fn a_year_before_the_first_is_no_option() {
    let Command::Ask(Asking::Diff { words, view, .. }) = parsed("asof diff -0043-03-15 -0042 a.b --at -0050").command
    else {
        panic!()
    };
    assert_eq!((words, view.at.as_deref()), (vec!["-0043-03-15".into(), "-0042".into(), "a.b".into()], Some("-0050")));
}

#[test]
fn every_form_of_an_export_says_what_it_is() {
    let mut root = definition();
    root.build();
    let forms = root.find_subcommand("export").unwrap().get_subcommands();
    let said: Vec<String> = forms.map(|form| form.get_about().unwrap().to_string()).collect();
    let different: std::collections::BTreeSet<&String> = said.iter().collect();
    assert!(said.len() > 10 && different.len() == said.len(), "{said:#?}");
}

#[test]
fn a_place_by_its_name_comes_before_the_question() {
    for (line, place, word) in [
        ("asof export sqlite a.sqlite replay -0043 a.b", Some("a.sqlite"), Some("-0043")),
        ("asof export sqlite -o a.sqlite replay 2025", None, Some("2025")),
        ("asof export sqlite replay 2025", None, Some("2025")),
        ("asof export sqlite ./replay", Some("./replay"), None),
    ] {
        let Command::Export { format } = parsed(line).command else { panic!("{line}") };
        let words = format.asks().map(|asking| match asking {
            Asking::Replay { words, .. } => words.clone(),
            other => panic!("{line}: {other:?}"),
        });
        assert_eq!(words.as_ref().map(|words| words[0].as_str()), word, "{line}");
        let Export::Sqlite { file, .. } = format else { panic!("{line}") };
        assert_eq!(file.as_deref(), place.map(std::path::Path::new), "{line}");
    }
}
