//! The program as a whole, where a case cannot show it: pipes, files, the environment, and the clock that nothing heeds.

#![allow(clippy::disallowed_methods)]

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

mod git;

/// The program in the repository, on the chronicle that ships, without what the surroundings say and without a cache.
fn asof(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asof"));
    command.args(words).current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    for name in
        ["XDG_CACHE_HOME", "HOME", "ASOF_CHRONICLE", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "LANG", "LC_ALL", "TZ"]
    {
        command.env_remove(name);
    }
    command
}

fn run(words: &[&str]) -> Output {
    asof(words).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A folder of one's own, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("asof-program-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let mut process = asof(&["list", "-O", "json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 16];
    process.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let done = process.wait_with_output().unwrap();
    assert_eq!(text(&done.stderr), "");
    assert!(done.status.code().is_some(), "it ends by itself");
}

#[test]
fn what_ships_is_in_the_one_style() {
    for folder in ["events", "examples/berlin", "examples/bridge"] {
        let done = run(&["-C", folder, "format", "--check"]);
        assert_eq!((text(&done.stdout), text(&done.stderr), done.status.code()), ("", "", Some(0)), "{folder}");
    }
}

#[test]
fn a_pipe_gets_no_colour_and_color_always_gives_it() {
    assert!(!text(&run(&["replay", "2025-05-14"]).stdout).contains('\u{1b}'));
    assert!(text(&run(&["--color", "always", "replay", "2025-05-14"]).stdout).contains('\u{1b}'));
    assert!(!text(&run(&["--color", "never", "replay", "2025-05-14"]).stdout).contains('\u{1b}'));
}

#[test]
fn neither_time_zone_nor_locale_changes_a_byte() {
    let words = ["replay", "2025-05-11", "-l", "-O", "json"];
    let plain = run(&words).stdout;
    for (name, value) in [("TZ", "Asia/Tokyo"), ("LC_ALL", "tr_TR.UTF-8"), ("LANG", "de_DE.UTF-8"), ("COLUMNS", "40")] {
        assert_eq!(asof(&words).env(name, value).output().unwrap().stdout, plain, "{name}={value}");
    }
}

#[test]
fn a_report_goes_whole_into_a_file_of_its_format() {
    let folder = Folder::new("report");
    let report = folder.path().join("report.json");
    let done = run(&["-o", report.to_str().unwrap(), "replay", "2025-05-14"]);
    assert_eq!((done.status.code(), text(&done.stdout)), (Some(0), ""));
    let written = fs::read_to_string(&report).unwrap();
    let read: serde_json::Value = serde_json::from_str(&written).unwrap();
    assert_eq!(read["state"]["talks.istanbul-2025.status"], "agreed");
    let refused = run(&["-o", report.to_str().unwrap(), "why", "no.such.path"]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(fs::read_to_string(&report).unwrap(), written, "what is not answered leaves the file as it was");
    assert_eq!(run(&["-o", "report.doc", "replay"]).status.code(), Some(2));
}

#[test]
fn the_chronicle_is_found_as_git_finds_a_repository() {
    let folder = Folder::new("found");
    fs::create_dir_all(folder.path().join("a/b")).unwrap();
    fs::write(folder.path().join("chronicle.yaml"), "asof: 1\ntitle: Found\n").unwrap();
    fs::write(folder.path().join("one.yaml"), "date: 2022\ntitle: One\nset: {a.b: c}\n").unwrap();
    let below = asof(&["replay"]).current_dir(folder.path().join("a/b")).output().unwrap();
    assert!(text(&below.stdout).starts_with("Found\n"), "{}", text(&below.stderr));
    let named = asof(&["replay"]).env("ASOF_CHRONICLE", folder.path()).output().unwrap();
    assert!(text(&named.stdout).starts_with("Found\n"));
    let given = asof(&["-C", folder.path().to_str().unwrap(), "replay"]).env("ASOF_CHRONICLE", "/nowhere").output();
    assert!(text(&given.unwrap().stdout).starts_with("Found\n"));
    let empty = Folder::new("empty");
    let nothing = asof(&["-C", empty.path().to_str().unwrap(), "replay"]).output().unwrap();
    assert_eq!(nothing.status.code(), Some(2));
    assert!(!text(&nothing.stderr).is_empty());
}

#[test]
fn today_is_a_word_of_the_command_line_alone() {
    let today = run(&["replay", "today", "-O", "json"]);
    assert_eq!(today.status.code(), Some(0), "{}", text(&today.stderr));
    let read: serde_json::Value = serde_json::from_slice(&today.stdout).unwrap();
    let at = read["viewpoint"]["at"].as_str().unwrap();
    assert!(at.len() == 10 && at.starts_with("20"), "{at}");
}

#[test]
fn json_of_a_pipe_is_one_line_and_the_same_each_time() {
    let first = run(&["list", "-O", "json"]).stdout;
    assert_eq!(text(&first).matches('\n').count(), 1);
    assert_eq!(run(&["list", "-O", "json"]).stdout, first);
}

#[test]
fn the_example_of_a_fold_counts_days() {
    // `cargo test` builds the examples beside the program; a run of this file alone does not.
    let built = Path::new(env!("CARGO_BIN_EXE_asof")).with_file_name("examples").join("days_between_rounds");
    let mut example = Command::new(&built);
    if !built.exists() {
        example = Command::new(env!("CARGO"));
        example.args(["run", "--quiet", "--locked", "--example", "days_between_rounds"]);
    }
    let done = example.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    let said = text(&done.stdout);
    assert!(said.contains(" days  ") && said.lines().count() > 5, "{said}{}", text(&done.stderr));
}

#[test]
fn a_line_is_named_as_an_editor_names_it() {
    let folder = Folder::new("editor");
    let chronicle = folder.path().join("events");
    fs::create_dir_all(chronicle.join("1984")).unwrap();
    fs::write(chronicle.join("1984/a.yaml"), "date: 1984\ntitle: One\nset: {a.b: c}\n").unwrap();
    std::os::unix::fs::symlink(&chronicle, folder.path().join("link")).unwrap();
    let absolute = chronicle.join("1984/a.yaml");
    let linked = folder.path().join("link/1984/a.yaml");
    let root = folder.path();
    for (here, file) in [
        (root, absolute.to_str().unwrap()),
        (root, linked.to_str().unwrap()),
        (root, "events/1984/a.yaml"),
        (root, "1984/a.yaml"),
        (&chronicle.join("1984"), "a.yaml"),
        (&chronicle.join("1984"), "../1984/./a.yaml"),
    ] {
        let done = asof(&["context", &format!("{file}:2")]).current_dir(here).output().unwrap();
        assert!(text(&done.stdout).contains("! a.b  c\n"), "{file}: {}{}", text(&done.stdout), text(&done.stderr));
    }
}

/// What is wrong in every row of a large table is not told of every row, and hides nothing else that is wrong.
#[test]
fn of_many_refusals_of_one_kind_the_first_are_shown() {
    let folder = Folder::new("refusals");
    let rows: String = (1..=1200).map(|row| format!("{row}.13.2022,x\n")).collect();
    fs::write(folder.path().join("t.csv"), format!("day,what\n{rows}2022-01-01,\"open\n2022-01-02,y\n")).unwrap();
    fs::write(folder.path().join("t.csv.rules"), "date: ${day}\ntitle: ${what}\n").unwrap();
    let done = asof(&["import", "csv", "t.csv", "--jsonl", "-"]).current_dir(folder.path()).output().unwrap();
    let said = text(&done.stderr);
    assert_eq!(said.matches("error[bad-date]").count(), 100, "{said}");
    assert_eq!(said.matches("error[syntax]").count(), 1, "{said}");
    assert!(said.ends_with("… and 1100 more of bad-date\nasof: 1202 read, 1 written, 1201 refused\n"), "{said}");
    assert_eq!(done.status.code(), Some(1));
}

/// A real repository, made and read by git; what it prints is also in tests that need nothing but Rust.
#[test]
fn a_repository_is_a_history() {
    let Some(git) = git::program("a_repository_is_a_history") else { return };
    let folder = Folder::new("git");
    let repository = folder.path().join("app");
    fs::create_dir(&repository).unwrap();
    let run_git = |words: &[&str]| {
        let by = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "init.defaultBranch=main"];
        let done = Command::new(&git).arg("-C").arg(&repository).args(by).args(words).output().unwrap();
        assert!(done.status.success(), "{words:?}: {}", text(&done.stderr));
    };
    run_git(&["init", "-q"]);
    fs::write(repository.join("a b.txt"), "1\n2\n").unwrap();
    fs::write(repository.join("\u{202e}x"), "1\n").unwrap();
    run_git(&["add", "-A"]);
    run_git(&["commit", "-qm", "First \u{1b}[31m\n\nBecause.\n"]);
    run_git(&["checkout", "-qb", "side"]);
    fs::write(repository.join("a b.txt"), "1\n").unwrap();
    run_git(&["commit", "-qam", "On the side"]);
    run_git(&["checkout", "-q", "main"]);
    run_git(&["merge", "-q", "--no-ff", "-m", "Merge", "side"]);
    run_git(&["rm", "-q", "\u{202e}x"]);
    run_git(&["commit", "-qm", "Removed"]);
    let out = folder.path().join("history");
    fs::create_dir(&out).unwrap();
    let (repository, kept) = (repository.to_str().unwrap(), out.join("log.jsonl"));
    let words = ["import", "git", repository, "--holds", "lines", "--jsonl", kept.to_str().unwrap()];
    assert_eq!(text(&run(&words).stdout), "3 read, 3 written, 0 refused\n");
    let out = out.to_str().unwrap();
    assert_eq!(text(&run(&["-C", out, "check"]).stdout), "");
    let answer = run(&["-C", out, "replay", "-O", "json"]);
    let state = text(&answer.stdout);
    assert!(state.contains(r#""state":{"app.\"a b.txt\"":1}"#), "{state}");
    let answer = run(&["-C", out, "list"]);
    let list = text(&answer.stdout);
    assert!(list.contains("Merge") && !list.contains("On the side") && !list.contains('\u{1b}'), "{list}");
    // What lies in a repository is none, also not below its own folder.
    for inside in ["empty", ".git/objects"] {
        let inside = Path::new(repository).join(inside);
        fs::create_dir_all(&inside).unwrap();
        let refused = run(&["import", "git", inside.to_str().unwrap(), "--dry-run"]);
        assert!(
            text(&refused.stderr).contains("is no repository of its own, but a folder in one"),
            "{}",
            text(&refused.stderr)
        );
        assert_eq!(refused.status.code(), Some(2));
    }
    run_git(&["clone", "-q", "--bare", ".", "bare.git"]);
    run_git(&["worktree", "add", "-q", "--detach", "beside"]);
    for own in ["bare.git", ".git", "beside"] {
        let own = Path::new(repository).join(own);
        let read = run(&["import", "git", own.to_str().unwrap(), "--jsonl", "-"]);
        assert_eq!(text(&read.stderr), "asof: 3 read, 3 written, 0 refused\n", "{}", own.display());
    }
    let none = asof(&["-C", out, "import", "git", out, "--dry-run"]).output().unwrap();
    assert!(text(&none.stderr).contains("git cannot read"), "{}", text(&none.stderr));
    assert_eq!(none.status.code(), Some(2));
}

/// Whatever titles say, Graphviz draws each event once. `ASOF_DOT` names its program, `dot`, which `.ci/run` has: plain
/// `cargo test` needs nothing but Rust.
#[test]
fn graphviz_draws_a_trace() {
    let Some(dot) = std::env::var_os("ASOF_DOT") else { return };
    let folder = Folder::new("graph");
    let titles = [
        r#"ends" ] } digraph { a -> b"#,
        r"\N \G \",
        "<b>bold</b> &lt; &#60;",
        "/* // # <!--",
        "end; ]",
        "日本語 – Київ",
    ];
    let event = |(number, title): (usize, &&str)| {
        let because = if number == 0 { "[]".to_owned() } else { format!("[\"e{}\"]", number - 1) };
        let title = serde_json::to_string(title).unwrap();
        format!(
            "{{\"id\": \"e{number}\", \"date\": \"{}\", \"title\": {title}, \"because\": {because}}}\n",
            2000 + number
        )
    };
    fs::write(folder.path().join("events.jsonl"), titles.iter().enumerate().map(event).collect::<String>()).unwrap();
    let hostile = folder.path().to_str().unwrap();
    for (words, nodes) in [
        (vec!["-C", hostile, "trace", "e2", "-O", "dot"], titles.len()),
        (vec!["trace", "2025-05-11-putin-proposal", "--depth", "1", "-O", "dot"], 8),
        (vec!["trace", "2025-05-11-putin-proposal", "-O", "dot"], 67),
    ] {
        let drawn = folder.path().join("trace.dot");
        fs::write(&drawn, run(&words).stdout).unwrap();
        let svg = Command::new(&dot).arg("-Tsvg").arg(&drawn).output().expect("`dot` of ASOF_DOT runs");
        assert!(svg.status.success(), "{words:?}: {}", text(&svg.stderr));
        let svg = text(&svg.stdout);
        assert_eq!(svg.matches("class=\"node\"").count(), nodes, "{words:?}");
        assert!(!svg.contains("<b>") && !svg.contains("<script"), "{words:?}");
    }
}

/// The examples of a command's help, each a line for a shell.
fn examples_of(command: &str) -> Vec<String> {
    let words: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
    let help = asof(&words).env("COLUMNS", "200").output().unwrap();
    let lines = text(&help.stdout).lines().filter(|line| line.starts_with("  asof "));
    lines.map(|line| line.trim().split("   ").next().unwrap().to_owned()).collect()
}

/// A command as one types it, through a shell, in a folder.
fn typed(line: &str, folder: &Path) -> Output {
    let asof = Path::new(env!("CARGO_BIN_EXE_asof")).parent().unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).current_dir(folder).stdin(Stdio::null());
    shell.env("PATH", format!("{}:{}", asof.display(), std::env::var("PATH").unwrap()));
    for name in ["HOME", "XDG_CACHE_HOME", "ASOF_CHRONICLE", "VISUAL"] {
        shell.env_remove(name);
    }
    let fill_in = "sed -i -e 's/^title: .*/title: Typed/' -e 's/^title:$/title: Typed\\nsources: [article]/'";
    shell.env("EDITOR", fill_in).output().unwrap()
}

#[test]
fn every_example_of_the_help_is_answered() {
    let mut examples = 0;
    for command in [
        "",
        "replay",
        "list",
        "diff",
        "why",
        "history",
        "show",
        "trace",
        "context",
        "stats",
        "expect",
        "check",
        "explain",
        "date",
        "import",
        "export timelinejs",
        "export ics",
        "export markwhen",
        "export mermaid",
        "export dot",
        "export csv",
        "export jsonl",
        "export cloudevents",
        "export prov",
        "export csl",
        "export bibtex",
        "format",
        "schema",
    ] {
        for example in examples_of(command) {
            // What is exported goes to no file here.
            let example = match example.split_once(" -o ") {
                Some((export, _)) if command.starts_with("export") => export.to_owned(),
                _ => example,
            };
            // No test writes into the chronicle that ships.
            let writes = command == "format" && !example.contains("--check");
            let example = if writes { format!("{example} --check") } else { example };
            if example.contains(" -C ") || example.contains(" -o ") {
                continue;
            }
            let done = typed(&example, Path::new(env!("CARGO_MANIFEST_DIR")));
            assert_ne!(done.status.code(), Some(2), "{example}: {}", text(&done.stderr));
            examples += 1;
        }
    }
    assert!(examples >= 15, "{examples} examples");
}

#[test]
fn every_example_of_a_topic_is_answered() {
    let mut examples = 0;
    for topic in ["format", "dates", "filters", "selectors", "rules"] {
        let said = run(&["help", topic]);
        for example in text(&said.stdout).lines().filter(|line| line.starts_with("  asof ")) {
            let done = typed(example, Path::new(env!("CARGO_MANIFEST_DIR")));
            assert!(done.status.success(), "{example}: {}", text(&done.stderr));
            examples += 1;
        }
    }
    assert!(examples >= 8, "{examples} examples");
    for (word, says) in [("replay", "Usage: asof replay"), ("dates", "EDTF"), ("cache", "Usage: asof cache")] {
        assert!(text(&run(&["help", word]).stdout).contains(says), "{word}");
    }
    assert!(text(&run(&["help"]).stdout).contains("  selectors "));
    let unknown = run(&["help", "date5"]);
    assert!(unknown.status.code() == Some(2) && text(&unknown.stderr).contains("did you mean"));
}

/// Whatever the help says, a formatter has nothing to say of it, where there is one.
#[test]
fn a_page_for_man_is_shown_without_a_warning() {
    for words in [&["man"][..], &["man", "replay"], &["man", "add"], &["man", "cache", "clear"], &["man", "export"]] {
        let page = run(words);
        assert!(page.status.success() && text(&page.stdout).contains(".SH NAME"), "{words:?}");
        let mut groff = Command::new("groff");
        groff
            .args(["-man", "-Tutf8", "-ww", "-rLL=80n"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let Ok(mut child) = groff.spawn() else { continue };
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), &page.stdout).unwrap();
        let shown = child.wait_with_output().unwrap();
        assert_eq!(text(&shown.stderr), "", "{words:?}");
    }
}

#[test]
fn every_example_of_writing_is_written() {
    let folder = Folder::new("examples");
    let mut copy = Command::new("cp");
    copy.args(["-r", "events"]).arg(folder.path()).current_dir(env!("CARGO_MANIFEST_DIR"));
    assert!(copy.status().unwrap().success());
    fs::write(folder.path().join("offer.yaml"), "date: 2026-06-02\ntitle: An offer\nsources: [article]\n").unwrap();
    let mut examples = 0;
    for command in ["add", "correct", "doctor"] {
        for example in examples_of(command) {
            let done = typed(&example, folder.path());
            let (said, error) = (text(&done.stdout), text(&done.stderr));
            assert!(done.status.success() && !said.is_empty(), "{example}: {said}{error}");
            examples += 1;
        }
    }
    assert!(examples >= 8, "{examples} examples");
}

#[test]
fn a_page_is_exported_whole_and_its_texts_stay_data() {
    let folder = Folder::new("page");
    let chronicle = folder.path().join("events");
    fs::create_dir_all(&chronicle).unwrap();
    fs::write(chronicle.join("chronicle.yaml"), "asof: 1\ntitle: </title><script>alert(1)</script>\n").unwrap();
    let events = "- {id: one, date: 2022-04~, title: </script><b>One</b>, set: {a.b: 1.50, a.c: [x, 2]}}\n\
                  - {date: 2022-07-01/.., title: Two, because: [one], during: {a.d: {best: 3}}, unset: [a.*]}\n";
    fs::write(chronicle.join("two.yaml"), events).unwrap();
    let (from, file) = (chronicle.to_str().unwrap(), folder.path().join("page.html"));
    let piped = run(&["-C", from, "export", "html", "-"]);
    assert_eq!(piped.status.code(), Some(0), "{}", text(&piped.stderr));
    let page = text(&piped.stdout);
    assert!(page.contains("<title>&lt;/title&gt;&lt;script&gt;"), "the title is text");
    assert!(page.contains("default-src 'none'; script-src 'sha256-") && !page.contains("{{"));
    let (_, rest) = page.split_once("<script id=\"data\" type=\"application/json\">").unwrap();
    let (data, end) = rest.split_once('<').unwrap();
    assert!(end.starts_with("/script>"), "nothing of the data opens an element");
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    let (one, two) = (&data["events"][0], &data["events"][1]);
    assert_eq!((&one["title"], &one["words"]), (&"</script><b>One</b>".into(), &"about April 2022".into()));
    assert_eq!(one["span"], serde_json::json!([1646092800, 1654041600]), "from March to May, for it is about April");
    assert_eq!(one["changes"][0]["value"]["number"], "1.5");
    assert_eq!((&two["because"][0], &two["changes"][1]["pattern"]), (&0.into(), &"a.*".into()));
    assert_eq!(two["ending"], serde_json::json!({"from": "+", "by": "+", "just_after": true}));
    let filed = run(&["-C", from, "export", "html", file.to_str().unwrap()]);
    assert_eq!((filed.status.code(), text(&filed.stdout)), (Some(0), ""));
    assert_eq!(fs::read(&file).unwrap(), piped.stdout);
    fs::write(chronicle.join("broken.yaml"), "date: 2022-13\ntitle: None\n").unwrap();
    assert_eq!(run(&["-C", from, "export", "html", file.to_str().unwrap()]).status.code(), Some(2));
    assert_eq!(fs::read(&file).unwrap(), piped.stdout, "what is not exported leaves the file as it was");
}

/// The program with a cache in a folder.
fn with_cache(folder: &Folder, words: &[&str]) -> Output {
    asof(words).env("XDG_CACHE_HOME", folder.path()).output().unwrap()
}

/// What `asof cache` says, as JSON.
fn cache(folder: &Folder) -> serde_json::Value {
    let said = with_cache(folder, &["cache", "-O", "json"]);
    let mut read: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
    read["cache"].take()
}

#[test]
fn the_cache_changes_no_answer_whatever_it_says() {
    let folder = Folder::new("cache");
    let words = ["list", "-l", "-O", "json"];
    let plain = run(&words);
    let same = |what: &str| {
        let found = with_cache(&folder, &words);
        assert_eq!((found.status.code(), text(&found.stderr)), (plain.status.code(), text(&plain.stderr)), "{what}");
        assert!(found.stdout == plain.stdout, "{what}");
    };
    assert_eq!((&cache(&folder)["state"], &cache(&folder)["bytes"]), (&"none".into(), &serde_json::Value::Null));
    same("cold");
    assert_eq!(cache(&folder)["state"], "fresh");
    same("warm");
    let file = PathBuf::from(cache(&folder)["file"].as_str().unwrap());
    let whole = fs::read(&file).unwrap();
    assert_eq!(cache(&folder)["bytes"], whole.len());
    for part in 1..8 {
        let at = whole.len() * part / 8;
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(&file, bytes).unwrap();
        same("garbled");
        fs::write(&file, &whole[..at]).unwrap();
        same("cut");
    }
    fs::write(&file, "").unwrap();
    same("empty");
    assert_eq!(cache(&folder)["state"], "fresh", "what is of no use is made anew");
}

#[test]
fn a_cache_is_kept_only_where_it_is_wanted_and_goes_when_it_is_told_to() {
    let folder = Folder::new("cache-clear");
    let asked = |words: &[&str]| assert_eq!(with_cache(&folder, words).status.code(), Some(0), "{words:?}");
    let kept = || cache(&folder)["all_files"].clone();
    let more = folder.path().join("more.yaml");
    fs::write(&more, "date: 2026\ntitle: More\n").unwrap();
    asked(&["replay", "2025", "--no-cache"]);
    asked(&["replay", "2025", "--with", more.to_str().unwrap()]);
    assert_eq!(kept(), 0);
    asked(&["replay", "2025"]);
    assert_eq!(kept(), 1);
    let other = folder.path().join("events");
    fs::create_dir(&other).unwrap();
    fs::copy(&more, other.join("more.yaml")).unwrap();
    asked(&["-C", other.to_str().unwrap(), "list"]);
    assert_eq!(kept(), 2);
    assert_eq!(text(&with_cache(&folder, &["cache", "clear"]).stdout), "removed    1\n");
    assert_eq!(text(&with_cache(&folder, &["cache", "clear"]).stdout), "removed    0\n");
    assert_eq!(kept(), 1);
    assert_eq!(text(&with_cache(&folder, &["cache", "clear", "--all"]).stdout), "removed    1\n");
    assert_eq!(kept(), 0);
    assert_eq!(run(&["cache"]).status.code(), Some(2), "no folder for it");
}

#[test]
fn a_folder_that_takes_no_cache_is_no_failure() {
    let folder = Folder::new("cache-none");
    fs::write(folder.path().join("asof"), "a file where a folder should be").unwrap();
    let found = with_cache(&folder, &["replay", "2025-05-14"]);
    let plain = run(&["replay", "2025-05-14"]);
    assert_eq!((found.status.code(), found.stdout, found.stderr), (Some(0), plain.stdout, plain.stderr));
}

#[cfg(all(feature = "parquet", feature = "sqlite"))]
#[test]
fn every_example_of_tables_is_written() {
    let folder = Folder::new("examples-of-tables");
    let events = Path::new(env!("CARGO_MANIFEST_DIR")).join("events");
    std::os::unix::fs::symlink(events, folder.path().join("events")).unwrap();
    for command in ["export sqlite", "export parquet"] {
        let examples = examples_of(command);
        assert_eq!(examples.len(), 3, "{examples:?}");
        for example in examples {
            let done = typed(&example, folder.path());
            assert!(done.status.success(), "{example}: {}", text(&done.stderr));
        }
    }
    let mut written: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    written.sort();
    assert_eq!(written, ["day", "day.sqlite", "events", "talks", "talks.sqlite"]);
}

#[cfg(feature = "sqlite")]
#[test]
fn a_database_takes_the_place_of_databases_alone() {
    let folder = Folder::new("sqlite-over");
    let file = folder.0.join("notes.txt");
    let export = || run(&["export", "sqlite", file.to_str().unwrap()]);
    fs::write(&file, "mine").unwrap();
    let refused = export();
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("no export of asof") && text(&refused.stderr).contains("help: "));
    assert_eq!(fs::read(&file).unwrap(), b"mine");
    // A database of somebody else's is no export either.
    let theirs = [b"SQLite format 3\0".as_slice(), &[0; 200]].concat();
    fs::write(&file, &theirs).unwrap();
    assert_eq!(export().status.code(), Some(2));
    assert_eq!(fs::read(&file).unwrap(), theirs);
    fs::write(&file, "").unwrap();
    for _ in 0..2 {
        assert!(export().status.success());
        assert!(fs::read(&file).unwrap().starts_with(b"SQLite format 3"));
    }
}

/// A chronicle with a manifest, and a table of so many rows of so many bytes with its rules beside it.
fn with_table(name: &str, rows: usize, bytes: usize) -> (Folder, PathBuf) {
    let folder = Folder::new(name);
    fs::create_dir(folder.path().join("events")).unwrap();
    fs::write(folder.path().join("events/chronicle.yaml"), "title: Rows\n").unwrap();
    let table = folder.path().join("rows.csv");
    let rules = "date: 2022\ntitle: ${title}\nid: row-${title}\nsummary: ${words}\n";
    fs::write(folder.path().join("rows.csv.rules"), rules).unwrap();
    let rows = (0..rows).map(|row| format!("{row},{}\n", "x".repeat(bytes)));
    fs::write(&table, std::iter::once("title,words\n".to_owned()).chain(rows).collect::<String>()).unwrap();
    (folder, table)
}

#[test]
fn an_import_too_large_to_be_tried_streams_and_says_so() {
    let (folder, table) = with_table("too-large", 400, 100_000);
    let chronicle = folder.path().join("events");
    let lines = chronicle.join("rows.jsonl");
    let import = |more: &[&str]| {
        let words = ["-C", chronicle.to_str().unwrap(), "import", "csv", table.to_str().unwrap()];
        run(&[&words, more].concat())
    };
    for more in [["--jsonl", lines.to_str().unwrap()].as_slice(), &["--dry-run"], &[]] {
        let done = import(more);
        assert!(done.status.success(), "{more:?}: {}", text(&done.stderr));
        assert!(text(&done.stdout).contains("400 read, 400 "), "{more:?}: {}", text(&done.stdout));
        assert!(text(&done.stderr).contains("too many to try"), "{more:?}: {}", text(&done.stderr));
        let _ = fs::remove_file(&lines);
    }
    assert_eq!(fs::read_dir(chronicle.join("2022")).unwrap().count(), 400);
}

#[test]
fn of_many_imports_at_once_one_writes_and_the_others_find_it_there() {
    let (folder, table) = with_table("imports", 50, 10);
    let chronicle = folder.path().join("events");
    let words = ["-C", chronicle.to_str().unwrap(), "import", "csv", table.to_str().unwrap()];
    let spawn = || asof(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let processes: Vec<_> = (0..6).map(|_| spawn()).collect();
    let mut said: Vec<String> = Vec::new();
    for process in processes {
        let done = process.wait_with_output().unwrap();
        assert!(done.status.success(), "{}", text(&done.stderr));
        said.push(text(&done.stdout).to_owned());
    }
    said.sort();
    let there = "50 read, 0 written, 50 already there, 0 refused\n";
    assert_eq!(said, [&[there; 5][..], &["50 read, 50 written, 0 refused\n"]].concat());
}

#[test]
fn no_answer_becomes_a_file_of_the_chronicle() {
    let folder = Folder::new("spared");
    let chronicle = folder.path().join("events");
    fs::create_dir_all(chronicle.join("_reports")).unwrap();
    let event = chronicle.join("one.yaml");
    fs::write(&event, "date: 2022\ntitle: One\nset: {a.b: c}\n").unwrap();
    let (from, over) = (chronicle.to_str().unwrap(), event.to_str().unwrap());
    for name in [over, chronicle.join("new.json").to_str().unwrap()] {
        for words in [["-o", name, "replay"].as_slice(), &["export", "html", name]] {
            let refused = run(&[&["-C", from], words].concat());
            assert_eq!(refused.status.code(), Some(2), "{words:?}");
            assert!(text(&refused.stderr).contains("would be read as one of its files"), "{}", text(&refused.stderr));
        }
    }
    assert_eq!(fs::read_to_string(&event).unwrap(), "date: 2022\ntitle: One\nset: {a.b: c}\n");
    for name in [chronicle.join("report.md"), chronicle.join("_reports/r.json"), folder.path().join("r.yaml")] {
        assert_eq!(run(&["-C", from, "-o", name.to_str().unwrap(), "replay"]).status.code(), Some(0), "{name:?}");
    }
}
