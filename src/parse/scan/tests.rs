//! Tests of the scan: whatever it takes it reads as the library does, and it takes what event files hold. The library
//! alone is the judge, over the chronicle that ships, `tests/yaml/corpus.txt`, and seeded mutations of both.

#![allow(clippy::disallowed_methods)]

use std::path::{Path, PathBuf};

use proptest::test_runner::{RngAlgorithm, TestRng};

use super::judge::{FILE, difference};
use super::*;

#[track_caller]
fn check(text: &str) {
    if let Some(difference) = difference(text) {
        panic!("{difference}");
    }
}

/// How many stretches of a text between `---` the scan takes, and how many there are.
fn taken(text: &str) -> (usize, usize) {
    let (mut at, mut taken, mut all) = (0, 0, 0);
    while at < text.len() {
        let is_taken = Scan::new(FILE, text, at).document(&mut 0, &mut |_| {}).is_some();
        taken += usize::from(is_taken);
        all += 1;
        at = next_marker(text, at);
    }
    (taken, all)
}

/// Every file below a folder with one of these endings.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, endings));
        } else if path.extension().is_some_and(|end| endings.iter().any(|ending| end == *ending)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The chronicle that ships.
fn shipped() -> Vec<String> {
    let files = files(&root().join("events"), &["yaml", "yml"]);
    files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// The texts of the corpus, each with whether all of it is to be taken.
fn corpus() -> Vec<(bool, String)> {
    let marks = [('⇥', "\t"), ('␍', "\r"), ('␀', "\0"), ('⌫', "\x7f"), ('␣', " "), ('◊', "\u{feff}")];
    let texts = include_str!("../../../tests/yaml/corpus.txt").split("==== ").skip(1);
    let text = |text: &str| {
        let (kind, body) = text.split_once('\n').unwrap();
        let mut body = body.to_owned();
        for (mark, meaning) in marks {
            body = body.replace(mark, meaning);
        }
        if body.ends_with("∎\n") {
            body.truncate(body.len() - "∎\n".len());
        }
        (kind == "taken", body.replace('∎', ""))
    };
    texts.map(text).collect()
}

#[test]
fn the_chronicle_that_ships_is_taken() {
    let texts = shipped();
    assert!(texts.len() > 100);
    let (mut all_taken, mut all) = (0, 0);
    for text in &texts {
        check(text);
        check(&text.replace('\n', "\r\n"));
        let (taken, documents) = taken(text);
        all_taken += taken;
        all += documents;
    }
    assert!(all_taken * 100 >= all * 95, "only {all_taken} of {all} documents are taken");
}

#[test]
fn cases_are_read_alike() {
    for path in files(&root().join("tests"), &["md"]).into_iter().chain([root().join("README.md")]) {
        let text = std::fs::read_to_string(path).unwrap();
        let fenced = text.split("\n```").skip(1).step_by(2);
        fenced.filter_map(|block| block.split_once('\n')).for_each(|(_, block)| check(&format!("{block}\n")));
    }
}

#[test]
fn the_corpus_is_read_alike() {
    let corpus = corpus();
    assert!(corpus.len() >= 150);
    let wrong: Vec<String> = corpus.iter().filter_map(|(_, text)| difference(text)).collect();
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n\n"));
    // Each among others, too: what a document leaves behind is met by the next.
    for (_, text) in &corpus {
        check(&format!("title: a\n---\n{text}\n---\ntitle: b\n- c\n---\n{text}\n---\ntitle: d\n"));
        check(&format!("- a: b\n- {text}\n- c\n"));
        check(&format!("a:\n  {}\nb: c\n", text.replace('\n', "\n  ")));
    }
}

#[test]
fn the_corpus_is_taken_as_it_says() {
    let is_taken = |text: &str| {
        let (taken, all) = taken(text);
        taken == all
    };
    let wrong: Vec<_> = corpus().into_iter().filter(|(wanted, text)| is_taken(text) != *wanted).collect();
    assert!(wrong.is_empty(), "{} texts: {wrong:#?}", wrong.len());
}

/// How often a test is to be repeated; `ASOF_LAWS=10` takes ten times as many.
fn times(times: u32) -> u32 {
    times * std::env::var("ASOF_LAWS").ok().and_then(|times| times.parse().ok()).unwrap_or(1)
}

/// What means something to YAML.
const PIECES: [&str; 52] = [
    " ",
    "  ",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\t",
    ":",
    ": ",
    ":\n",
    "-",
    "- ",
    "-\n",
    "---\n",
    "\n---\n",
    "\n--- ",
    "...\n",
    "\n...\n",
    "#",
    " #",
    "# ",
    "'",
    "''",
    "\"",
    "\\",
    "\\n",
    "\\u00e9",
    "\\x41",
    "[",
    "]",
    "{",
    "}",
    ",",
    ", ",
    "|",
    ">",
    "|\n  ",
    ">-\n  ",
    "|+\n",
    ">\n",
    "? ",
    "&a ",
    "*a",
    "!!str ",
    "%",
    "\n%YAML 1.2\n",
    "@",
    "`",
    "\u{feff}",
    "\u{a0}",
    "é",
    "\0",
];

struct Dice(TestRng);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        use proptest::prelude::Rng;
        (self.0.next_u64() % most.max(1) as u64) as usize
    }
}

/// A place in a text where a character begins.
fn somewhere(dice: &mut Dice, text: &str) -> usize {
    let at = dice.below(text.len() + 1);
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn mutate(dice: &mut Dice, text: &mut String) {
    match dice.below(6) {
        0 => {
            let start = somewhere(dice, text);
            let end =
                text[start..].char_indices().map(|(at, _)| start + at).nth(1 + dice.below(3)).unwrap_or(text.len());
            text.replace_range(start..end, "");
        }
        1 | 2 => {
            let at = somewhere(dice, text);
            text.insert_str(at, PIECES[dice.below(PIECES.len())]);
        }
        3 => {
            // Beside what already means something is where it matters.
            let marks: Vec<usize> =
                text.match_indices([':', '-', '#', '\n', '[', '"', '\'', '>']).map(|(at, _)| at).collect();
            if let Some(at) = marks.get(dice.below(marks.len())) {
                text.insert_str(at + dice.below(2), PIECES[dice.below(PIECES.len())]);
            }
        }
        kind => {
            let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
            if lines.is_empty() {
                return;
            }
            let (one, other) = (dice.below(lines.len()), dice.below(lines.len()));
            match (kind, dice.below(4)) {
                (4, 0 | 1) => lines[one].insert_str(0, [" ", "  ", "    "][dice.below(3)]),
                (4, _) => lines[one] = lines[one].strip_prefix([' ', '-']).unwrap_or(&lines[one]).to_owned(),
                (_, 0 | 1) => lines.swap(one, other),
                (_, 2) => lines.insert(one, lines[other].clone()),
                (_, _) => drop(lines.remove(one)),
            }
            *text = lines.concat();
        }
    }
}

#[test]
fn mutations_are_read_alike() {
    let mut texts = shipped();
    texts.extend(corpus().into_iter().map(|(_, text)| text));
    let mut dice = Dice(TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]));
    for _ in 0..times(6_000) {
        let from = dice.below(texts.len());
        let mut text = texts[from].clone();
        if dice.below(4) == 0 {
            let other = dice.below(texts.len());
            text = format!("{text}\n---\n{}", texts[other]);
        }
        for _ in 0..=dice.below(4) {
            mutate(&mut dice, &mut text);
        }
        check(&text);
    }
}

#[test]
fn pieces_are_read_alike() {
    let words = ["a", "b: c", "- d", "key:", "  ", "\n", "\n  ", "\n    ", ": ", "\n- "];
    let mut dice = Dice(TestRng::from_seed(RngAlgorithm::ChaCha, &[13; 32]));
    for _ in 0..times(6_000) {
        let mut text = String::new();
        for _ in 0..dice.below(14) {
            text.push_str(match dice.below(3) {
                0 => PIECES[dice.below(PIECES.len())],
                _ => words[dice.below(words.len())],
            });
        }
        check(&text);
    }
}
