//! Cases that a user can read: Markdown files with prose, event files, commands and their exact output. Every file under
//! `tests/cases/` is run, and so are README.md, the pages of `docs/`, and the page of every fault. Set `ASOF_REWRITE=1` to write what the
//! program says now into the files, and read the difference before committing it.
//!
//! A fenced block after a line such as `` `2022/a.yaml`: `` is that file; of `hex` blocks the bytes, of `link` blocks a
//! symbolic link to the path that the block names; `crlf` and `bom` after the language give the file Windows' line ends
//! and a byte order mark. In a `console` block every line `$ asof …` is run in a folder that holds the files so far, and
//! what follows is its output: first stdout, then stderr, then `[exit N]` unless it is 0. A command is run twice, from the files
//! and from the cache, and must say the same; one that writes is run once, in a block of `console once`. Blocks of `console git`
//! are run once, too, and may have lines `$ git …`, with `NAME=VALUE` before it; where git is not there, they are left as
//! they are, and that is said (`tests/git/`). Four backticks fence an output that has fences of its own.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs};

use asof::model::diagnostic::Code;

mod git;

/// The repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

static NEXT: AtomicUsize = AtomicUsize::new(0);

/// A folder of one's own, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = env::temp_dir().join(format!("asof-case-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Where a document's commands run.
enum Place {
    /// In a folder that the document's files make up.
    Own(Folder),
    /// In the repository, on the chronicle that ships.
    Repository,
    /// In a folder of a page of `docs/`, which has the chronicle that ships beside the page's files.
    Page(Folder),
}

impl Place {
    /// The folder for the document's own files.
    fn folder(&self) -> Option<&Path> {
        match self {
            Place::Own(folder) | Place::Page(folder) => Some(&folder.0),
            Place::Repository => None,
        }
    }
}

/// Runs a Markdown document; gives it back with the outputs as they are now.
fn run(document: &str, place: &Place) -> String {
    let mut now = String::new();
    let mut file: Option<String> = None;
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        let _ = writeln!(now, "{line}");
        let language = line.trim_start_matches('`');
        let fence = &line[..line.len() - language.len()];
        if fence.len() < 3 || language.is_empty() {
            let named = line.strip_prefix('`').and_then(|rest| rest.strip_suffix("`:"));
            if !line.trim().is_empty() {
                file = named.map(str::to_owned);
            }
            continue;
        }
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != fence).collect();
        let needs_git = language == "console git";
        if language.starts_with("console") && (!needs_git || git::program(body[0]).is_some()) {
            for (command, _) in commands(&body) {
                let is_once = needs_git || language == "console once";
                let said = if is_once { output_once(&command, place) } else { output(&command, place) };
                let _ = write!(now, "$ {command}\n{said}");
            }
        } else {
            if let (Some(folder), Some(file)) = (place.folder(), file.take()) {
                write_file(&folder.join(file), language, &body);
            }
            body.iter().for_each(|line| {
                let _ = writeln!(now, "{line}");
            });
        }
        let _ = writeln!(now, "{fence}");
    }
    now
}

/// The commands of a console block, each with its output.
fn commands(body: &[&str]) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in body {
        match (line.strip_prefix("$ "), found.last_mut()) {
            (Some(command), _) => found.push((command.to_owned(), String::new())),
            (None, Some((_, output))) => {
                let _ = writeln!(output, "{line}");
            }
            (None, None) => panic!("a console block begins with `$ asof …`, not with {line:?}"),
        }
    }
    found
}

fn write_file(path: &Path, language: &str, body: &[&str]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    if language.starts_with("link") {
        std::os::unix::fs::symlink(body[0], path).unwrap();
        return;
    }
    let mut content = Vec::new();
    if language.starts_with("hex") {
        let digits: String = body.concat().split_whitespace().collect();
        content = (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect();
    } else {
        let end = if language.contains("crlf") { "\r\n" } else { "\n" };
        if language.contains("bom") {
            content.extend("\u{feff}".bytes());
        }
        body.iter().for_each(|line| content.extend(line.bytes().chain(end.bytes())));
    }
    fs::write(path, content).unwrap();
}

/// What a command prints: the same from the files as from the cache that the first run leaves.
fn output(command: &str, place: &Place) -> String {
    let cache = Folder::new(&format!("cache-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
    let [first, again] = [(); 2].map(|()| output_with(&cache, command, place));
    assert_eq!(first, again, "{command}: from the cache it is not the same");
    first
}

/// What a command prints that writes, and would say something else if it were run again.
fn output_once(command: &str, place: &Place) -> String {
    output_with(&Folder::new(&format!("cache-{}", NEXT.fetch_add(1, Ordering::Relaxed))), command, place)
}

fn output_with(cache: &Folder, command: &str, place: &Place) -> String {
    let words = words(command);
    let is_setting = |word: &&String| word.split_once('=').is_some_and(|(name, _)| name.starts_with("GIT_"));
    let settings: Vec<(&str, &str)> =
        words.iter().take_while(is_setting).filter_map(|word| word.split_once('=')).collect();
    let (program, words) = words[settings.len()..].split_first().expect("a command has a program");
    let mut process = match program.as_str() {
        "asof" => Command::new(env!("CARGO_BIN_EXE_asof")),
        "git" => Command::new(git::program(command).expect("git is there, or its blocks are left out")),
        _ => panic!("only asof and git are run: {command}"),
    };
    process.args(words).env_remove("ASOF_CHRONICLE").env("NO_COLOR", "1").stdin(std::process::Stdio::null());
    // Nothing that the user has set up for git changes what it does here.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GIT_")) {
        process.env_remove(name);
    }
    process.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_DEFAULT_HASH", "sha1");
    process.envs(settings);
    process.env("XDG_CACHE_HOME", &cache.0).env_remove("VISUAL").env_remove("EDITOR");
    match place {
        Place::Own(folder) => process.current_dir(&folder.0).env("ASOF_CHRONICLE", "."),
        Place::Page(folder) => process.current_dir(&folder.0),
        Place::Repository => process.current_dir(root()),
    };
    let done = process.output().unwrap();
    let mut shown = String::from_utf8(done.stdout).expect("output is UTF-8");
    shown.push_str(&String::from_utf8(done.stderr).expect("errors are UTF-8"));
    if !shown.is_empty() && !shown.ends_with('\n') {
        shown.push('\n');
    }
    match done.status.code() {
        Some(0) => {}
        Some(code) => shown.push_str(&format!("[exit {code}]\n")),
        None => shown.push_str("[killed]\n"),
    }
    shown
}

/// Splits a command as a shell would: blanks, single and double quotes.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in command.chars() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Compares a document with what the program says now, or rewrites it.
fn check(path: &Path, place: &Place) -> Option<String> {
    let written = fs::read_to_string(path).unwrap();
    let now = run(&written, place);
    if written == now {
        return None;
    }
    if env::var_os("ASOF_REWRITE").is_some() {
        fs::write(path, now).unwrap();
        return None;
    }
    let lines = written.lines().zip(now.lines()).enumerate().find(|(_, (a, b))| a != b);
    let (line, (wanted, found)) =
        lines.unwrap_or((written.lines().count().min(now.lines().count()), ("(end)", "(end)")));
    Some(format!("{}:{}\n  wanted: {wanted}\n  found:  {found}", path.display(), line + 1))
}

/// Every file under `tests/cases/`.
fn case_files() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(root().join("tests/cases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

#[test]
fn every_case_says_what_the_program_says() {
    let files = case_files();
    assert!(files.iter().all(|path| path.extension().is_some_and(|end| end == "md")), "a case is a Markdown file");
    let check_one =
        |path: &PathBuf| check(path, &Place::Own(Folder::new(&path.file_stem().unwrap().to_string_lossy())));
    let failed: Vec<String> = files.iter().filter_map(check_one).collect();
    assert!(failed.is_empty(), "{} of {} cases differ:\n{}", failed.len(), files.len(), failed.join("\n"));
}

#[test]
fn every_example_of_the_readme_is_exact() {
    if let Some(failed) = check(&root().join("README.md"), &Place::Repository) {
        panic!("{failed}");
    }
}

#[test]
fn every_example_of_the_pages_is_exact() {
    let mut pages: Vec<PathBuf> =
        fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    let check_one = |page: &PathBuf| {
        let folder = Folder::new(&format!("page-{}", page.file_stem().unwrap().to_string_lossy()));
        std::os::unix::fs::symlink(root().join("events"), folder.0.join("events")).unwrap();
        check(page, &Place::Page(folder))
    };
    let failed: Vec<String> = pages.iter().filter_map(check_one).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn every_code_is_reached_by_a_case() {
    let said: String = case_files().iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let unreached: Vec<&str> =
        Code::ALL.iter().map(|code| code.name()).filter(|name| !said.contains(&format!("[{name}]: "))).collect();
    assert!(unreached.is_empty(), "no case shows {unreached:?}");
    let broken = case_files().iter().filter(|path| fs::read_to_string(path).unwrap().contains("error[")).count();
    assert!(broken >= 40, "{broken} cases show an error");
}

/// The files of a page: each fenced YAML block that begins with a comment naming its file, up to the heading `Mended:`
/// the broken ones, after it the mended ones.
fn page_files(page: &str) -> [Vec<(String, String)>; 2] {
    let mut found = [Vec::new(), Vec::new()];
    let mut mended = 0;
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if line == "Mended:" {
            mended = 1;
        }
        if !line.starts_with("```yaml") {
            continue;
        }
        let body: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
        let name = body.first().and_then(|line| line.strip_prefix("# ")).expect("the first line names the file");
        found[mended].push((name.to_owned(), format!("{}\n", body[1..].join("\n"))));
    }
    found
}

#[test]
fn every_page_breaks_its_rule_and_mends_it() {
    for code in Code::ALL {
        let page = asof::check::page(*code);
        assert!(page.starts_with(&format!("# {}\n", code.name())), "{} has no page", code.name());
        let [broken, mended] = page_files(&page);
        // What is wrong with bytes and links cannot be shown as a text.
        if [Code::UnreadableFile, Code::NotUtf8, Code::LinkLeavesFolder].contains(code) {
            continue;
        }
        assert!(
            !broken.is_empty() && !mended.is_empty(),
            "{}: a page shows a broken file and a mended one",
            code.name()
        );
        for (files, breaks) in [(broken, true), (mended, false)] {
            let folder = Folder::new(&format!("page-{}-{breaks}", code.name()));
            for (name, content) in files {
                write_file(&folder.0.join(name), "yaml", &content.lines().collect::<Vec<_>>());
            }
            let said = output("asof check -O json", &Place::Own(folder));
            let found = said.contains(&format!("\"code\":\"{}\"", code.name()));
            assert_eq!(found, breaks, "{} in\n{page}\n{said}", code.name());
            assert!(
                breaks || !said.contains("\"severity\":\"error\""),
                "{}: mended is not whole:\n{said}",
                code.name()
            );
        }
    }
}

#[test]
fn no_code_has_two_pages() {
    let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(names.len(), Code::ALL.len());
}
