//! `asof add` and `asof correct` as processes: many at once, killed, on a full disk, with an editor.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A chronicle of one's own, removed in the end.
struct Chronicle(PathBuf);

impl Chronicle {
    fn new(name: &str) -> Chronicle {
        let path = std::env::temp_dir().join(format!("asof-adding-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("2024")).unwrap();
        fs::write(path.join("chronicle.yaml"), "asof: 1\ntitle: Adding\npaths: {a.*: {type: number}}\n").unwrap();
        fs::write(path.join("2024/first.yaml"), "date: 2024-01-01\ntitle: First\nset: {a.n: 0}\n").unwrap();
        Chronicle(path)
    }

    fn asof(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_asof"));
        command.arg("-C").arg(&self.0).args(words).stdin(Stdio::null()).current_dir(&self.0);
        for name in ["XDG_CACHE_HOME", "HOME", "ASOF_CHRONICLE", "VISUAL", "EDITOR"] {
            command.env_remove(name);
        }
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.asof(words).output().unwrap()
    }

    /// Runs with something on standard input.
    fn fed(&self, words: &[&str], text: &str) -> Output {
        let mut child =
            self.asof(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Runs with an editor, a line for the shell that has the file as `$1`.
    fn edited(&self, words: &[&str], editor: &str) -> Output {
        let script = self.0.join(".editor");
        fs::write(&script, format!("#!/bin/sh\n{editor}\n")).unwrap();
        self.asof(words).env("EDITOR", format!("sh '{}'", script.display())).output().unwrap()
    }

    /// The ids, and that nothing is wrong.
    fn ids(&self) -> Vec<String> {
        let checked = self.run(&["check"]);
        assert_eq!((text(&checked.stdout), checked.status.code()), ("", Some(0)));
        let listed = self.run(&["list", "-O", "json"]);
        let read: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
        read["events"].as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect()
    }

    fn hidden(&self) -> Vec<String> {
        let folders = [self.0.clone(), self.0.join("2024"), self.0.join("2025")];
        let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).into_iter().flatten().flatten());
        let names = entries.map(|entry| entry.file_name().into_string().unwrap());
        names.filter(|name| name.starts_with(".asof")).collect()
    }
}

impl Drop for Chronicle {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("killed: {}", text(&output.stderr)))
}

#[test]
fn twenty_at_once_lose_nothing() {
    let chronicle = Chronicle::new("twenty");
    let add = |number: usize| {
        let (title, set) = (format!("Event {number}"), format!("--set=a.n{number}={number}"));
        let words = ["add", "--date", "2025-06-02", "--title", &title, &set];
        chronicle.asof(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<_> = (0..20).map(add).collect();
    for child in children {
        let ended = child.wait_with_output().unwrap();
        assert_eq!(code(&ended), 0, "{}", text(&ended.stderr));
    }
    assert_eq!(chronicle.ids().len(), 21);
    assert_eq!(chronicle.hidden(), Vec::<String>::new());
}

#[test]
fn of_twenty_that_expect_the_same_one_is_written() {
    for words in [["--expect-last", "first"], ["--expect-count", "1"]] {
        let chronicle = Chronicle::new("expected");
        let add = |number: usize| {
            let title = format!("Event {number}");
            let words = ["add", "--date", "2025", "--title", &title, words[0], words[1]];
            chronicle.asof(&words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        };
        let children: Vec<_> = (0..20).map(add).collect();
        let codes: Vec<Option<i32>> = children.into_iter().map(|mut child| child.wait().unwrap().code()).collect();
        assert_eq!(codes.iter().filter(|code| **code == Some(0)).count(), 1, "{codes:?}");
        assert_eq!(codes.iter().filter(|code| **code == Some(1)).count(), 19, "{codes:?}");
        assert_eq!(chronicle.ids().len(), 2);
    }
}

#[test]
fn what_only_together_is_wrong_is_written_once() {
    let chronicle = Chronicle::new("together");
    // Each is right by itself; two of them make one path a value and a branch.
    let children: Vec<_> = ["a.x=1", "a.y=1"]
        .iter()
        .zip(["b", "c"])
        .map(|(set, because)| {
            let text = format!("date: 2025\ntitle: {because}\nid: same\nset: {{{}}}\n", set.replace('=', ": "));
            let file = chronicle.0.join(format!(".{because}.yaml"));
            fs::write(&file, text).unwrap();
            chronicle
                .asof(&["add", file.to_str().unwrap()])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut codes: Vec<_> = children.into_iter().map(|mut child| child.wait().unwrap().code()).collect();
    codes.sort();
    assert_eq!(codes, [Some(0), Some(1)]);
    assert_eq!(chronicle.ids().len(), 2);
}

#[test]
fn a_kill_at_any_time_leaves_what_loads() {
    let chronicle = Chronicle::new("killed");
    let mut added = 0;
    for round in 0..40u64 {
        let title = format!("Event {round}");
        let mut child = chronicle
            .asof(&["add", "--date", "2025", "--title", &title, "--summary", &"x".repeat(100_000)])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_micros(round * 500));
        let _ = child.kill();
        added += usize::from(child.wait().unwrap().success());
        let number = chronicle.ids().len();
        assert!(number > added, "{number} events, and {added} were said to be added");
    }
    assert_eq!(code(&chronicle.run(&["add", "--date", "2025", "--title", "The last"])), 0);
    assert_eq!(chronicle.hidden(), Vec::<String>::new(), "what killed writers left is swept up");
}

#[test]
fn a_limit_that_is_hit_on_the_way_leaves_nothing() {
    let chronicle = Chronicle::new("limit");
    let words = format!(
        "ulimit -f 8; exec '{}' -C '{}' add --date 2025 --title Long --summary {}",
        env!("CARGO_BIN_EXE_asof"),
        chronicle.0.display(),
        "x".repeat(50_000)
    );
    let ended = Command::new("sh").arg("-c").arg(words).output().unwrap();
    assert!(!ended.status.success(), "the system ends whoever writes beyond its limit");
    assert_eq!(chronicle.ids(), ["first"]);
    assert_eq!(code(&chronicle.run(&["add", "--date", "2025", "--title", "Short"])), 0);
    assert_eq!(chronicle.ids().len(), 2);
    assert_eq!(chronicle.hidden(), Vec::<String>::new());
}

/// A small file system that is really full. It is mounted in a namespace of its own; where the system allows none, as in
/// most containers, the injected faults of `src/disk/append/tests.rs` are all there is, and this says so.
#[test]
fn a_full_disk_leaves_nothing() {
    let chronicle = Chronicle::new("full");
    let small = chronicle.0.join("small");
    fs::create_dir(&small).unwrap();
    let script = format!(
        "mount -t tmpfs -o size=64k tmpfs '{small}' || exit 99\n\
         cd '{small}' && mkdir 2025 && printf 'asof: 1\\ntitle: Small\\n' > chronicle.yaml || exit 98\n\
         '{asof}' -C . add --date 2025 --title Long --summary {long}; echo \"added $?\"\n\
         find . -name '*.yaml' -o -name '.asof*' | sort\n\
         '{asof}' -C . add --date 2025 --title Short; echo \"added $?\"\n",
        small = small.display(),
        asof = env!("CARGO_BIN_EXE_asof"),
        long = "x".repeat(100_000),
    );
    let mut shell = Command::new("unshare");
    shell
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
        .env_remove("HOME")
        .env_remove("XDG_CACHE_HOME");
    let ended = shell.output();
    let Some(ended) = ended.ok().filter(|ended| ended.status.success()) else {
        eprintln!("no file system can be mounted here, so none is filled up");
        return;
    };
    let (said, error) = (text(&ended.stdout), text(&ended.stderr));
    assert!(said.starts_with("added 2\n./chronicle.yaml\n2025-short"), "{said}{error}");
    assert!(said.ends_with("added 0\n"), "{said}{error}");
    assert!(error.contains("cannot write") && error.contains("no space left"), "{error}");
}

#[test]
fn a_folder_that_takes_nothing_is_told_and_loses_nothing() {
    let chronicle = Chronicle::new("no-folder");
    fs::write(chronicle.0.join("2025"), "a file in the place of the folder, which stops even root").unwrap();
    let said = chronicle.run(&["add", "--date", "2025-06-02", "--title", "One"]);
    assert_eq!(code(&said), 2);
    assert!(text(&said.stderr).contains("cannot write"), "{}", text(&said.stderr));
    assert_eq!(chronicle.ids(), ["first"]);
}

#[test]
fn it_is_added_once_and_another_of_its_name_never() {
    let chronicle = Chronicle::new("once");
    let add = |value: &str| chronicle.run(&["add", "--date", "2025", "--title", "One", "--set", value]);
    assert_eq!(code(&add("a.n=1")), 0);
    let file = chronicle.0.join("2025/2025-one.yaml");
    let before = fs::read(&file).unwrap();
    let again = add("a.n=1");
    assert_eq!((code(&again), text(&again.stdout).contains("there already")), (0, true));
    let other = add("a.n=2");
    assert_eq!(code(&other), 1);
    assert!(text(&other.stderr).contains("another event `2025-one`"), "{}", text(&other.stderr));
    assert_eq!(fs::read(&file).unwrap(), before);
    // The same words in another order, with the id written, from JSON: the same event.
    let json = r#"{"set": {"a.n": 1}, "id": "2025-one", "title": "One", "date": "2025"}"#;
    let said = chronicle.fed(&["add", "-"], json);
    assert_eq!((code(&said), text(&said.stdout).contains("there already")), (0, true), "{}", text(&said.stderr));
}

#[test]
fn a_file_is_kept_to_the_letter_and_several_events_come_together() {
    let chronicle = Chronicle::new("file");
    let yaml = "# why this matters\ndate: 2025-06-02   # a Monday\ntitle: \"One\"\nset: {a.n: 1}\n";
    let said = chronicle.fed(&["add", "-"], yaml);
    assert_eq!(code(&said), 0, "{}", text(&said.stderr));
    assert_eq!(fs::read_to_string(chronicle.0.join("2025/2025-06-02-one.yaml")).unwrap(), yaml);
    let two =
        "id: two\ndate: 2025-06-03\ntitle: Two\nbecause: [three]\n---\nid: three\ndate: 2025-06-01\ntitle: Three\n";
    let said = chronicle.fed(&["add", "-", "-O", "json"], two);
    assert_eq!(code(&said), 0, "{}", text(&said.stderr));
    let read: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
    assert_eq!((&read["events"][0]["id"], &read["events"][1]["id"]), (&"two".into(), &"three".into()));
    assert_eq!(read["events"][0]["file"], read["events"][1]["file"]);
    let lines = "{\"id\": \"four\", \"date\": \"2025\", \"title\": \"Four\"}\n{\"id\": \"five\", \"date\": \"2025\", \"title\": \"Five\"}\n";
    assert_eq!(code(&chronicle.fed(&["add", "-"], lines)), 0);
    assert_eq!(chronicle.ids().len(), 6);
    let part = chronicle.fed(&["add", "-"], &format!("{two}---\nid: six\ndate: 2025\ntitle: Six\n"));
    assert_eq!(code(&part), 1);
    assert!(text(&part.stderr).contains("2 of 3 events are there already"), "{}", text(&part.stderr));
}

#[test]
fn what_is_refused_points_into_the_file_that_was_given() {
    let chronicle = Chronicle::new("refused");
    let file = chronicle.0.join(".new.yaml");
    for (content, at, said) in [
        ("date: 2025-13\ntitle: One\n", ":1:", "bad-date"),
        ("date: 2025\ntitle: One\nset:\n  a.n: one\n", ":4:", "value-not-allowed"),
        ("date: 2025\ntitle: One\nbecause: [frist]\n", ":3:", "unknown-event"),
        ("date: 2025\ntitle: [One\n", ":2:", "syntax"),
        ("date: 2025\ntitel: One\n", ":2:", "unknown-key"),
        ("date: 2025\n", ":1:", "missing-key"),
        ("- a\n- b\n", ":1:", "unknown-document"),
        ("date: 2025\ntitle: One\nset: {a.n.m: 1}\n", ":3:", "unknown-path"),
    ] {
        fs::write(&file, content).unwrap();
        let refused = chronicle.run(&["add", file.to_str().unwrap()]);
        assert_eq!(code(&refused), 1, "{content}");
        let error = text(&refused.stderr);
        assert!(error.contains(&format!("{}{at}", file.display())) && error.contains(&format!("[{said}]")), "{error}");
        assert!(error.contains("nothing is written"), "{error}");
        assert_eq!(chronicle.ids(), ["first"]);
    }
    for (content, said) in
        [("", "no event"), ("# nothing\n", "no event"), ("expect: {a.n: 0}\n", "expectation"), ("[1, 2", "")]
    {
        fs::write(&file, content).unwrap();
        let refused = chronicle.run(&["add", file.to_str().unwrap()]);
        assert_ne!(code(&refused), 0, "{content}");
        assert!(text(&refused.stderr).contains(said), "{}", text(&refused.stderr));
    }
    let json = chronicle.0.join(".new.json");
    fs::write(&json, "{\"date\": }").unwrap();
    let refused = chronicle.run(&["add", json.to_str().unwrap()]);
    assert!(code(&refused) == 1 && text(&refused.stderr).contains(".new.json:1:10"), "{}", text(&refused.stderr));
    let refused = chronicle.run(&["add", "--date", "2025-13", "--title", "One", "-O", "json"]);
    let read: serde_json::Value = serde_json::from_slice(&refused.stdout).unwrap();
    assert_eq!(read["diagnostics"][0]["code"], "bad-date");
}

#[test]
fn a_chronicle_with_faults_takes_events_that_cause_none() {
    let chronicle = Chronicle::new("faults");
    fs::write(chronicle.0.join("2024/broken.yaml"), "date: 2024-13\ntitle: Broken\n").unwrap();
    fs::write(chronicle.0.join("expected.yaml"), "expect: {a.n: 7}\n").unwrap();
    let said = chronicle.run(&["add", "--date", "2025", "--title", "One", "--set", "a.n=1"]);
    assert_eq!((code(&said), text(&said.stderr)), (0, ""));
    let broken = chronicle.run(&["add", "--date", "2025", "--title", "Two", "--set", "b.n=1"]);
    assert_eq!(code(&broken), 1);
    assert!(!text(&broken.stderr).contains("2024-13"), "only what is new is said: {}", text(&broken.stderr));
    fs::write(chronicle.0.join("chronicle.yaml"), "asof: 1\npaths: [\n").unwrap();
    let unreadable = chronicle.run(&["add", "--date", "2025", "--title", "Three"]);
    assert_eq!(code(&unreadable), 2);
    assert!(text(&unreadable.stderr).contains("nothing can be checked"), "{}", text(&unreadable.stderr));
}

#[test]
fn the_first_event_of_an_empty_folder() {
    let chronicle = Chronicle::new("empty");
    let empty = chronicle.0.join("empty");
    fs::create_dir(&empty).unwrap();
    let said = chronicle.run(&["-C", empty.to_str().unwrap(), "add", "--date", "2025", "--title", "One"]);
    assert_ne!(said.status.code(), Some(0), "one -C is enough");
    let mut command = Command::new(env!("CARGO_BIN_EXE_asof"));
    command.args(["-C", ".", "add", "--date", "2025", "--title", "One"]).current_dir(&empty).env_remove("HOME");
    let said = command.output().unwrap();
    assert_eq!(code(&said), 0, "{}", text(&said.stderr));
    assert!(fs::read_to_string(empty.join("2025-one.yaml")).unwrap().contains("title: One\n"));
}

#[test]
fn an_editor_is_asked_and_nothing_that_was_typed_is_lost() {
    let chronicle = Chronicle::new("editor");
    let none = chronicle.run(&["add"]);
    assert!(code(&none) == 2 && text(&none.stderr).contains("EDITOR"), "{}", text(&none.stderr));
    for nothing in ["true", ": > \"$1\"", "echo '# nothing' > \"$1\""] {
        let said = chronicle.edited(&["add"], nothing);
        assert_eq!(code(&said), 1, "{nothing}: {}", text(&said.stderr));
        assert!(text(&said.stderr).contains("nothing was typed"), "{}", text(&said.stderr));
        assert_eq!(chronicle.hidden(), Vec::<String>::new());
    }
    let failed = chronicle.edited(&["add"], "exit 3");
    assert_eq!(code(&failed), 2);
    assert_eq!(chronicle.hidden(), Vec::<String>::new(), "nothing was typed, so nothing is kept");
    let failed = chronicle.edited(&["add"], "echo '# mine' >> \"$1\"; exit 3");
    assert_eq!(code(&failed), 2);
    assert_eq!(chronicle.hidden(), [".asof-draft-1.yaml"], "{}", text(&failed.stderr));
    fs::remove_file(chronicle.0.join(".asof-draft-1.yaml")).unwrap();
    let typed =
        chronicle.edited(&["add"], "sed -i -e 's/^date:.*/date: 2025-06-02/' -e 's/^title:/title: Typed/' \"$1\"");
    assert_eq!(code(&typed), 0, "{}", text(&typed.stderr));
    let written = fs::read_to_string(chronicle.0.join("2025/2025-06-02-typed.yaml")).unwrap();
    assert_eq!(written, "date: 2025-06-02\ntitle: Typed\n");
    let refused = chronicle.edited(&["add"], "printf 'date: 2025-99\\ntitle: Wrong # mine\\n' > \"$1\"");
    assert_eq!(code(&refused), 1);
    let error = text(&refused.stderr);
    assert!(error.contains("[bad-date]") && error.contains("what you typed is kept"), "{error}");
    // The line that is told goes into this chronicle from wherever it is typed.
    let named = format!("`asof -C {} add ", chronicle.0.display());
    let draft = error.split(&named).nth(1).unwrap().split('`').next().unwrap();
    assert_eq!(fs::read_to_string(draft).unwrap(), "date: 2025-99\ntitle: Wrong # mine\n");
    assert!(error.contains(&format!("{draft}:1:12")), "{error}");
    fs::write(draft, "date: 2025-09\ntitle: Right\n").unwrap();
    assert_eq!(code(&chronicle.run(&["add", draft])), 0);
    assert!(!Path::new(draft).exists(), "what is written is kept no longer");
    assert_eq!(chronicle.ids().len(), 3);
}

#[test]
fn a_correction_starts_from_what_it_corrects() {
    let chronicle = Chronicle::new("correct");
    let unchanged = chronicle.edited(&["correct", "first"], "true");
    assert!(code(&unchanged) == 1 && text(&unchanged.stderr).contains("nothing was typed"));
    let typed =
        chronicle.edited(&["correct", "first"], "sed -i -e 's/a.n: 0/a.n: 5/' -e 's/^known:.*/known: 2024-02/' \"$1\"");
    assert_eq!(code(&typed), 0, "{}", text(&typed.stderr));
    let written = fs::read_to_string(chronicle.0.join("2024/first-corrected.yaml")).unwrap();
    for line in ["date: 2024-01-01\n", "known: 2024-02\n", "replaces: [first]\n", "set: {a.n: 5}\n"] {
        assert!(written.contains(line) && !written.contains('#'), "{written}");
    }
    let retracted = chronicle.run(&["correct", "first-corrected", "--retract", "--known", "2024-03"]);
    assert_eq!(code(&retracted), 0, "{}", text(&retracted.stderr));
    let twice = chronicle.run(&["correct", "first-corrected", "--retract", "--known", "2024-03"]);
    assert!(text(&twice.stdout).contains("there already"));
    let replayed = |known: &str| {
        let said = chronicle.run(&["replay", "--known-by", known, "-O", "json"]);
        serde_json::from_slice::<serde_json::Value>(&said.stdout).unwrap()["state"]["a.n"].clone()
    };
    assert_eq!((replayed("2024-01"), replayed("2024-02")), (0.into(), 5.into()));
    // What was retracted voids nothing any more.
    assert_eq!(replayed("2024-03"), 0);
    let refused = chronicle.edited(&["correct", "first"], "sed -i -e 's/a.n: 0/a.n: 2025-99-99/' \"$1\"");
    let again = format!(
        "`asof -C {} add {}/.asof-draft-2.yaml --id first-corrected`",
        chronicle.0.display(),
        chronicle.0.display()
    );
    assert!(text(&refused.stderr).contains(&again), "{}", text(&refused.stderr));
    let unknown = chronicle.run(&["correct", "frist", "--retract"]);
    assert!(code(&unknown) == 2 && text(&unknown.stderr).contains("did you mean `first`"));
}

#[test]
fn hostile_words_stay_words() {
    let chronicle = Chronicle::new("hostile");
    let title = "\u{1b}[2J\u{202e}: # - {x} 'y' \"z\" & *a !b | > % @ ` \\";
    let said =
        chronicle.run(&["add", "--date", "2025", "--title", title, "--summary=---\n...\na: b\n", "--meta", "k=- x"]);
    assert_eq!(code(&said), 0, "{}", text(&said.stderr));
    let listed = chronicle.run(&["list", "-O", "json"]);
    let read: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(read["events"][1]["title"], title);
    assert_eq!(read["events"][1]["summary"], "---\n...\na: b\n");
    assert_eq!(read["events"][1]["meta"]["k"], "- x");
    for id in ["../out", "a/b", ".hidden", "", "-x\n", "a b"] {
        let said = chronicle.run(&["add", "--date", "2025", "--title", "x", &format!("--id={id}")]);
        assert_eq!(code(&said), 2, "{id}: {}", text(&said.stderr));
    }
    let said = chronicle.run(&["add", "--date", "2025", "--title", "x", "--id", "_kept"]);
    assert_eq!(code(&said), 0, "{}", text(&said.stderr));
    let shown = chronicle.run(&["show", "_kept"]);
    assert_eq!(code(&shown), 0, "an id that is no name for a file is written: {}", text(&shown.stderr));
}

/// A folder with nothing in it, and a shell there.
fn shell(name: &str) -> impl Fn(&str) -> Output {
    let chronicle = Chronicle::new(name);
    let folder = chronicle.0.join("shell");
    fs::create_dir(&folder).unwrap();
    fs::remove_file(chronicle.0.join("chronicle.yaml")).unwrap();
    let asof = Path::new(env!("CARGO_BIN_EXE_asof")).parent().unwrap().display().to_string();
    move |line| {
        let _ = &chronicle;
        let mut shell = Command::new("sh");
        shell.args(["-c", line]).current_dir(&folder).stdin(Stdio::null()).env("HOME", &folder);
        for name in ["XDG_CACHE_HOME", "ASOF_CHRONICLE", "VISUAL", "EDITOR"] {
            shell.env_remove(name);
        }
        shell.env("PATH", format!("{asof}:{}", std::env::var("PATH").unwrap())).output().unwrap()
    }
}

#[test]
fn a_new_chronicle_is_whole_and_what_it_says_to_type_works() {
    for folder in ["bridge", ".", "a new one/it's"] {
        let shell = shell("init");
        let said = shell(&format!("asof init '{}'", folder.replace('\'', "'\\''")));
        assert_eq!(code(&said), 0, "{}", text(&said.stderr));
        let lines: Vec<&str> = text(&said.stdout).lines().filter(|line| line.starts_with("  asof")).collect();
        assert!(lines.len() >= 5, "{}", text(&said.stdout));
        for line in lines {
            let done = shell(line);
            let is_silent = line.contains(" check");
            assert!(done.status.success() && done.stderr.is_empty(), "{line}: {}", text(&done.stderr));
            assert_eq!(done.stdout.is_empty(), is_silent, "{line}: {}", text(&done.stdout));
        }
        let again = shell(&format!("asof init '{}'", folder.replace('\'', "'\\''")));
        assert!(code(&again) == 2 && text(&again.stderr).contains("is a chronicle"), "{}", text(&again.stderr));
    }
}

#[test]
fn the_line_after_a_refused_draft_is_typed_as_it_is_told() {
    let shell = shell("init-draft");
    assert_eq!(code(&shell("asof init \"it's mine\" && asof init other")), 0);
    let editor = "EDITOR=\"printf 'date: 1950\\ntitle: Late\\nkind: 1\\nplace: nowhere\\n' >\"";
    let refused = shell(&format!("{editor} asof -C \"it's mine\" add"));
    let error = text(&refused.stderr);
    assert!(code(&refused) == 1 && error.contains("what you typed is kept"), "{error}");
    let line = error.split("and `").nth(1).unwrap().split('`').next().unwrap();
    assert_eq!(line, "asof -C 'it'\\''s mine' add 'it'\\''s mine/.asof-draft-2.yaml'");
    let mended = shell(&format!("printf 'date: 1950\\ntitle: Late\\n' > \"it's mine/.asof-draft-2.yaml\"; {line}"));
    assert_eq!(code(&mended), 0, "{}", text(&mended.stderr));
    assert!(text(&shell("asof -C \"it's mine\" show 1950-late").stdout).contains("Late"));
}

#[test]
fn a_file_of_the_chronicle_is_there_already() {
    let chronicle = Chronicle::new("own");
    for file in ["2024/first.yaml", "./2024/../2024/first.yaml"] {
        let said = chronicle.run(&["add", file]);
        assert_eq!((code(&said), text(&said.stderr)), (0, ""));
        assert!(
            text(&said.stdout).starts_with("first  ")
                && text(&said.stdout).contains("2024/first.yaml  (there already)")
        );
    }
    let manifest = chronicle.run(&["add", "chronicle.yaml"]);
    assert!(code(&manifest) == 1 && text(&manifest.stderr).contains("is a file of the chronicle already"));
    assert_eq!(chronicle.ids(), ["first"]);
}

#[test]
fn years_before_0_have_names_of_their_own() {
    let chronicle = Chronicle::new("before");
    for (date, file) in
        [("-0043-03-15", "bce-0044/bce-0044-03-15-ides.yaml"), ("0043-03-15", "0043/0043-03-15-ides.yaml")]
    {
        let said = chronicle.run(&["add", &format!("--date={date}"), "--title", "Ides"]);
        assert_eq!(code(&said), 0, "{}", text(&said.stderr));
        assert!(chronicle.0.join(file).is_file(), "{}", text(&said.stdout));
    }
    assert_eq!(chronicle.ids(), ["bce-0044-03-15-ides", "0043-03-15-ides", "first"]);
}

#[test]
fn a_new_chronicle_takes_the_place_of_nothing() {
    let shell = shell("init-way");
    assert_eq!(code(&shell("mkdir -p a/events b && echo mine > a/notes.txt && asof init a")), 0, "other files stay");
    assert_eq!(text(&shell("cat a/notes.txt").stdout), "mine\n");
    for line in ["asof init a/events/sub", "asof init a"] {
        let said = shell(line);
        assert_eq!(code(&said), 2, "{line}");
        assert!(text(&said.stderr).contains("is a chronicle, or lies in one"), "{}", text(&said.stderr));
    }
    for line in ["echo 'title: x' > b/one.yaml && asof init b", "cd b && asof init", "cd b && asof init ./"] {
        let said = shell(line);
        let error = text(&said.stderr);
        assert_eq!(code(&said), 2, "{line}");
        let holds = "/b holds a file that would be read as an event file, such as one.yaml";
        assert!(error.contains(holds) && error.contains("a folder of its own: `asof init "), "{error}");
    }
    let before = text(&shell("find b | sort").stdout).to_owned();
    assert_eq!(before, "b\nb/one.yaml\n");
    let said = shell("mkdir c && mkdir c/expectations.yaml && asof init c; find c");
    assert!(text(&said.stderr).contains("in the way"), "{}", text(&said.stderr));
    assert_eq!(text(&said.stdout), "c\nc/expectations.yaml\n");
    let said = shell("echo > file; asof init file/below");
    assert!(code(&said) == 2 && text(&said.stderr).contains("cannot write"), "{}", text(&said.stderr));
}

#[test]
fn a_doctor_says_yes_and_no() {
    let shell = shell("doctor");
    let nothing = shell("asof doctor");
    assert_eq!(code(&nothing), 1);
    assert!(text(&nothing.stdout).starts_with("no   chronicle found"), "{}", text(&nothing.stdout));
    assert!(text(&nothing.stdout).contains("asof init"), "{}", text(&nothing.stdout));
    let all = shell("asof init . > /dev/null; EDITOR=vi asof doctor");
    assert_eq!(code(&all), 0);
    assert!(text(&all.stdout).lines().all(|line| line.starts_with("yes  ")), "{}", text(&all.stdout));
    let json = shell("echo 'date: 2025-13' > bad.yaml; echo > .cache; asof doctor -O json");
    assert_eq!(code(&json), 1);
    let read: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let noes: Vec<&str> = read["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["answer"] == "no")
        .inspect(|finding| assert!(finding["help"].is_string(), "{finding}"))
        .map(|finding| finding["question"].as_str().unwrap())
        .collect();
    assert_eq!(noes, ["files read", "free of errors", "cache writable", "editor set"]);
    let manifest = shell("rm bad.yaml; echo 'asof: 2' > chronicle.yaml; asof doctor");
    assert!(
        code(&manifest) == 1 && text(&manifest.stdout).contains("no   manifest readable"),
        "{}",
        text(&manifest.stdout)
    );
    let empty = shell("mkdir empty; asof -C empty doctor");
    assert!(code(&empty) == 1 && text(&empty.stdout).contains("no   files read"), "{}", text(&empty.stdout));
}
