//! `asof watch` with real processes and real edits: what is printed when files change, break, move and go.

#![allow(clippy::disallowed_methods)]

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

const ONE: &str = "date: 2022\ntitle: One\nset: {a.b: first}\n";

/// A folder of one's own with a chronicle, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("asof-watch-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("c")).unwrap();
        let folder = Folder(path);
        folder.write("chronicle.yaml", "asof: 1\ntitle: Watched\n");
        folder.write("one.yaml", ONE);
        folder
    }

    fn chronicle(&self) -> PathBuf {
        self.0.join("c")
    }

    fn write(&self, name: &str, content: &str) {
        let file = self.chronicle().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// `asof watch` while it runs, and what it has printed on both streams so far.
struct Watch {
    process: Child,
    printed: Arc<Mutex<String>>,
    seen: usize,
}

impl Watch {
    fn start(words: &[&str]) -> Watch {
        let mut process = Command::new(env!("CARGO_BIN_EXE_asof"))
            .args(words)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env_remove("ASOF_CHRONICLE")
            .env_remove("HOME")
            .env_remove("XDG_CACHE_HOME")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let printed = Arc::new(Mutex::new(String::new()));
        let streams: [Box<dyn Read + Send>; 2] =
            [Box::new(process.stdout.take().unwrap()), Box::new(process.stderr.take().unwrap())];
        for mut stream in streams {
            let printed = printed.clone();
            thread::spawn(move || {
                let mut bytes = [0; 4096];
                while let Ok(length @ 1..) = stream.read(&mut bytes) {
                    printed.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..length]));
                }
            });
        }
        Watch { process, printed, seen: 0 }
    }

    fn of(folder: &Folder, words: &[&str]) -> Watch {
        let chronicle = folder.chronicle();
        let all = [&["-C", chronicle.to_str().unwrap(), "watch"], words].concat();
        Watch::start(&all)
    }

    fn printed(&self) -> String {
        self.printed.lock().unwrap().clone()
    }

    /// Waits until some words are printed after those that were waited for before; what was printed until then.
    fn until(&mut self, words: &str) -> String {
        for _ in 0..600 {
            let printed = self.printed();
            if let Some(at) = printed[self.seen..].find(words) {
                let end = self.seen + at + words.len();
                return printed[std::mem::replace(&mut self.seen, end)..end].to_owned();
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("`{words}` is not printed after {:?}", &self.printed()[self.seen..]);
    }

    fn ended(&mut self) -> ExitStatus {
        for _ in 0..600 {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("it goes on");
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_question_is_asked_again_after_every_kind_of_change() {
    let folder = Folder::new("changes");
    let mut watch = Watch::of(&folder, &["replay", "a"]);
    assert!(watch.until("a.b  first   since 2022   one\n").starts_with("Watched\nas of the last event"));
    folder.write("one.yaml", &ONE.replace("first", "edited"));
    assert!(watch.until("a.b  edited").starts_with("---\nWatched\n"), "a line stands between two answers");
    // As editors save: beside it first, then in its place.
    folder.write(".one.yaml.swp", &ONE.replace("first", "renamed"));
    fs::rename(folder.chronicle().join(".one.yaml.swp"), folder.chronicle().join("one.yaml")).unwrap();
    watch.until("a.b  renamed");
    // A file in a folder that was not there.
    folder.write("new/deep/two.yaml", "date: 2023\ntitle: Two\nset: {a.b: second}\n");
    watch.until("a.b  second");
    folder.write("new/deep/two.yaml", "date: 2023\ntitle: Two\nset: {a.b: edited in there}\n");
    watch.until("a.b  edited in there");
    fs::remove_file(folder.chronicle().join("new/deep/two.yaml")).unwrap();
    watch.until("a.b  renamed");
}

#[test]
fn faults_are_shown_while_they_last() {
    let folder = Folder::new("faults");
    let mut watch = Watch::of(&folder, &["replay"]);
    watch.until("a.b  first");
    folder.write("two.yaml", "date: 2023-13\ntitle: Two\n");
    watch.until("error[bad-date]: there is no month 13");
    watch.until("asof: 1 error, so this chronicle is not replayed");
    folder.write("two.yaml", "date: 2023-12\ntitle: Two\nset: {a.b: mended}\n");
    watch.until("a.b  mended");
    // What cannot be asked just now may be asked after the next change.
    let mut asked = Watch::of(&folder, &["show", "two"]);
    asked.until("set a.b: mended");
    fs::rename(folder.chronicle().join("two.yaml"), folder.chronicle().join("three.yaml")).unwrap();
    asked.until("asof: no event has the id `two`");
    fs::rename(folder.chronicle().join("three.yaml"), folder.chronicle().join("two.yaml")).unwrap();
    asked.until("set a.b: mended");
}

#[test]
fn without_a_question_it_says_that_there_are_no_faults() {
    let folder = Folder::new("check");
    let mut watch = Watch::of(&folder, &[]);
    assert_eq!(watch.until("no faults\n"), "no faults\n");
    folder.write("one.yaml", &ONE.replace("2022", "2022-13"));
    watch.until("1 error\n");
    folder.write("one.yaml", ONE);
    assert_eq!(watch.until("no faults\n"), "---\nno faults\n");
}

#[test]
fn a_burst_is_one_change_and_nothing_is_missed() {
    let folder = Folder::new("burst");
    let mut watch = Watch::of(&folder, &["list", "-O", "json"]);
    watch.until("\n");
    for number in 0..100 {
        folder.write(&format!("burst/{number:03}.yaml"), "date: 2024\ntitle: Burst\n");
    }
    watch.until("burst/099.yaml");
    let (mut answers, mut last) = (0, 0);
    // Standard error, which is mixed in here, tells how many faults `check` would find.
    for line in watch.printed().lines().filter(|line| !line.is_empty() && !line.starts_with("asof: ")) {
        let answer: serde_json::Value = serde_json::from_str(line).expect("data stays data in a pipe");
        last = answer["events"].as_array().unwrap().len();
        answers += 1;
    }
    assert_eq!(last, 101);
    assert!(answers < 10, "{answers} answers to a hundred files");
}

#[test]
fn a_folder_that_goes_and_comes_back_is_found_again() {
    let folder = Folder::new("gone");
    let mut watch = Watch::of(&folder, &["replay"]);
    watch.until("a.b  first");
    let aside = folder.0.join("aside");
    fs::rename(folder.chronicle(), &aside).unwrap();
    watch.until("asof: no folder");
    thread::sleep(Duration::from_millis(2500));
    assert_eq!(watch.printed().matches("asof: no folder").count(), 1, "that is said once");
    fs::rename(&aside, folder.chronicle()).unwrap();
    watch.until("a.b  first");
    folder.write("one.yaml", &ONE.replace("first", "followed again"));
    watch.until("a.b  followed again");
}

#[test]
fn what_is_supposed_is_followed_too() {
    let folder = Folder::new("with");
    let draft = folder.0.join("draft.yaml");
    fs::write(&draft, "date: 2024\ntitle: Draft\nset: {a.b: drafted}\n").unwrap();
    let mut watch = Watch::of(&folder, &["replay", "--with", draft.to_str().unwrap()]);
    watch.until("a.b  drafted");
    fs::write(&draft, "date: 2024\ntitle: Draft\nset: {a.b: redrafted}\n").unwrap();
    watch.until("a.b  redrafted");
}

#[test]
fn reports_are_written_anew() {
    let folder = Folder::new("report");
    let report = folder.0.join("report.json");
    let mut watch = Watch::of(&folder, &["replay", "-o", report.to_str().unwrap()]);
    let written = |watch: &mut Watch, words: &str| {
        for _ in 0..600 {
            if fs::read_to_string(&report).is_ok_and(|text| text.contains(words)) {
                return;
            }
            assert!(watch.process.try_wait().unwrap().is_none());
            thread::sleep(Duration::from_millis(50));
        }
        panic!("`{words}` is not written");
    };
    written(&mut watch, "first");
    folder.write("one.yaml", &ONE.replace("first", "anew"));
    written(&mut watch, "anew");
    assert_eq!(watch.printed(), "", "nothing but the report is written");
}

#[test]
fn a_wrong_question_is_refused_at_once() {
    let folder = Folder::new("refused");
    for (words, said) in [
        (&["serve"][..], "asof: `watch` asks questions about a chronicle"),
        (&["watch"], "asof: `watch` asks questions about a chronicle"),
        (&["rplay"], "error: unrecognized subcommand 'rplay'"),
        (&["replay", "--att", "2022"], "error: unexpected argument '--att' found"),
        (&["why", "a.c"], "asof: no event names the path `a.c`"),
        (&["replay", "-O", "dot"], "asof: only `trace` can be written as dot or mermaid"),
        (&["replay", "--with", "-"], "asof: standard input can be read but once"),
    ] {
        let mut watch = Watch::of(&folder, words);
        assert_eq!(watch.ended().code(), Some(2), "{words:?}");
        watch.until(said);
    }
}

#[test]
fn it_ends_when_one_says_so_or_nobody_reads() {
    let folder = Folder::new("ends");
    let mut watch = Watch::of(&folder, &[]);
    watch.until("no faults\n");
    let interrupted = Command::new("kill").args(["-INT", &watch.process.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    assert!(!watch.ended().success(), "as any program that ctrl-C ends");
    assert_eq!(watch.printed(), "no faults\n", "and quietly");
    let mut unread = Command::new(env!("CARGO_BIN_EXE_asof"))
        .args(["-C", folder.chronicle().to_str().unwrap(), "--no-cache", "watch"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 10];
    unread.stdout.take().unwrap().read_exact(&mut first).unwrap();
    for turn in 0..600 {
        if let Some(status) = unread.try_wait().unwrap() {
            assert_eq!(status.code(), Some(0));
            return;
        }
        folder.write("one.yaml", &ONE.replace("first", &format!("turn {turn}")));
        thread::sleep(Duration::from_millis(50));
    }
    let _ = unread.kill();
    panic!("it goes on though nobody reads");
}

#[test]
fn every_example_of_the_help_is_answered_as_without_watch() {
    let run = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_asof"));
        command.args(words).current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("ASOF_CHRONICLE");
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let help = run(&["watch", "--help"]);
    let examples: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("  asof ")).collect();
    assert!(examples.len() >= 3, "{help}");
    for example in examples {
        let words: Vec<&str> = example.split_whitespace().collect();
        let mut watch = Watch::start(&words);
        let expected = if words.len() == 1 { "no faults\n".to_owned() } else { run(&words[1..]) };
        assert_eq!(watch.until(&expected), expected, "{example}");
    }
}
