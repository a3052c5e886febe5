//! The house itself: the walls between the rooms, the opening comment of every file, and the map.

#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Which rooms a room may use: the table of the design (4-house). `lib.rs` and `main.rs` stand above all.
const WALLS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("parse", &["model"]),
    ("write", &["model", "parse"]),
    ("history", &["model"]),
    ("disk", &["model"]),
    ("check", &["model", "history"]),
    ("timeline", &["model", "parse", "check", "history"]),
    ("ask", &["model", "history", "timeline"]),
    ("render", &["model", "ask"]),
    ("exchange", &["model", "parse", "write", "ask", "render"]),
    ("cache", &["model", "parse", "history", "disk", "timeline"]),
    ("follow", &[]),
    ("serve", &["model", "parse", "history", "disk", "follow", "check", "timeline", "ask", "render"]),
    ("lsp", &["model", "parse", "write", "history", "disk", "follow", "check", "timeline", "ask", "render"]),
    (
        "cli",
        &[
            "model", "parse", "write", "history", "disk", "cache", "follow", "check", "timeline", "ask", "render",
            "exchange", "serve", "lsp",
        ],
    ),
];

/// The room of a file under `src/`.
fn room(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn every_wall_stands() {
    for path in rust_files(&root().join("src")) {
        let room = room(&path);
        if room == "lib" || room == "main" {
            continue;
        }
        let (_, allowed) =
            WALLS.iter().find(|(name, _)| *name == room).unwrap_or_else(|| panic!("no such room: {room}"));
        let text = fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for used in line.split("crate::").skip(1) {
                let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let known = WALLS.iter().any(|(name, _)| *name == used);
                let through = known && used != room && !allowed.contains(&used.as_str());
                assert!(!through, "{}:{}: {room} may not use {used}", path.display(), number + 1);
            }
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for folder in ["src", "tests", "examples", "benches"] {
        for path in rust_files(&root().join(folder)) {
            assert!(fs::read_to_string(&path).unwrap().starts_with("//! "), "{} opens without `//!`", path.display());
        }
    }
}

#[test]
fn one_file_alone_names_the_yaml_library() {
    let names = |path: &PathBuf| fs::read_to_string(path).unwrap().contains("granit_parser");
    let found: Vec<PathBuf> = rust_files(&root().join("src")).into_iter().filter(names).collect();
    assert_eq!(found, [root().join("src/parse/yaml.rs")]);
}

#[test]
fn one_file_alone_is_not_held_by_the_compiler() {
    let says = |path: &PathBuf| fs::read_to_string(path).unwrap().contains("allow(unsafe_code");
    let found: Vec<PathBuf> = rust_files(&root().join("src")).into_iter().filter(says).collect();
    assert_eq!(found, [root().join("src/cache/map.rs")]);
    assert_eq!(fs::read_to_string(&found[0]).unwrap().matches("unsafe {").count(), 1);
    assert!(fs::read_to_string(root().join("Cargo.toml")).unwrap().contains("unsafe_code = \"deny\""));
}

#[test]
fn one_room_alone_has_the_json_shapes() {
    let is_word = |word: &str| word == "Serialize";
    let names = |path: &PathBuf| fs::read_to_string(path).unwrap().split(|c: char| !c.is_alphanumeric()).any(is_word);
    let found: Vec<PathBuf> = rust_files(&root().join("src")).into_iter().filter(names).collect();
    assert!(found.iter().all(|path| room(path) == "render"), "{found:?}");
}

#[test]
fn the_map_names_no_file_that_is_gone() {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let is_path = |word: &&str| {
        let ends = [".rs", ".md", ".yaml", ".toml", ".tsv", "/"].iter().any(|end| word.ends_with(end));
        ends && word.contains(['/', '.']) && !word.contains([' ', '<', '*', '…'])
    };
    let named: Vec<&str> = map.split('`').skip(1).step_by(2).filter(is_path).collect();
    assert!(named.len() > 20, "the map names {} files", named.len());
    for name in named {
        let stands = [root().join(name), root().join("src").join(name)].iter().any(|path| path.exists());
        assert!(stands, "ARCHITECTURE.md names `{name}`, which is gone");
    }
}

#[test]
fn the_map_names_every_room_and_every_law() {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for (name, _) in WALLS {
        assert!(map.contains(&format!("`{name}")), "ARCHITECTURE.md does not name the room {name}");
    }
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let dependencies = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    for line in dependencies.lines().filter_map(|line| line.split_once(" = ")) {
        assert!(map.contains(&format!("`{}`", line.0)), "ARCHITECTURE.md does not say why `{}` is used", line.0);
    }
}

#[test]
fn the_root_is_small() {
    let entries = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name());
    let shown: Vec<_> = entries.filter(|name| !name.to_string_lossy().starts_with('.') && *name != *"target").collect();
    assert!(shown.len() <= 16, "{shown:?}");
}
