//! The log of a git repository: every commit of its first-parent line is an event, and every file of it a path that holds
//! the name of the file's content or its count of lines. What `git log` prints is read in `git/log.rs`; knows nothing of
//! processes and disks.

mod log;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead};

pub use log::words;
use log::{Change, Lines, Log, strange};

use super::import::{Importer, Outcome, Refused, Source, Stretch, Take, base, map, one_line, slug, text};
use crate::model::date::{Calendar, Date};
use crate::model::diagnostic::Code;
use crate::model::event::Free;
use crate::model::moment::Moment;
use crate::model::path::{normal, segment};

/// What a path holds for a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holds {
    /// The name of its content: of a submodule, of its commit.
    Blob,
    /// So many lines; of what git takes for binary, nothing.
    Lines,
}

/// The importer of what `git` prints for [`words`]. The source's name is that of the repository.
pub struct Git {
    holds: Holds,
}

impl Git {
    /// An importer of logs whose paths hold this.
    pub fn new(holds: Holds) -> Git {
        Git { holds }
    }
}

impl Importer for Git {
    fn read(&mut self, source: Source, take: &mut Take) -> io::Result<()> {
        let mut commits = Commits::new(source.bytes, self.holds, base(source.name));
        for row in 1.. {
            let Some(commit) = commits.next()? else { break };
            for (file, why) in &commits.refused {
                let shown = format!("{}: {file}", commits.commit);
                let fault = Refused::whole(Code::BadPath, *why);
                take(Stretch { text: &shown, line: row, row, rows: 0 }, Outcome::Refused(fault))?;
            }
            commits.refused.clear();
            take(Stretch { text: &commits.commit, line: row, row, rows: 1 }, Outcome::Event(commit))?;
        }
        Ok(())
    }
}

/// A commit, and when it counts as made.
struct Before {
    commit: String,
    at: Moment,
    date: String,
}

/// A file that is there.
struct Known {
    file: Vec<u8>,
    /// So many lines; after it was once binary, nobody says how many.
    lines: Option<u64>,
    has_value: bool,
}

/// The commits of a log, one event each, as they are read.
struct Commits<'a> {
    log: Log<'a>,
    holds: Holds,
    /// The name of the repository, and the first segment of all paths.
    name: String,
    repository: String,
    /// The files that are there now, by their paths.
    files: BTreeMap<String, Known>,
    /// The paths that files ever had.
    leaves: BTreeSet<String>,
    /// The paths that folders ever had.
    branches: BTreeSet<String>,
    /// The commit before, with its date: the line goes on even where a clock was set back.
    before: Option<Before>,
    /// The commit that was read last.
    commit: String,
    /// Its files that have no path, and why.
    refused: Vec<(String, &'static str)>,
}

impl<'a> Commits<'a> {
    /// Reads a log; `name` is that of the repository.
    fn new(log: &'a mut dyn BufRead, holds: Holds, name: &str) -> Commits<'a> {
        let (files, commit, refused) = (BTreeMap::new(), String::new(), Vec::new());
        Commits {
            log: Log::new(log),
            holds,
            name: name.to_owned(),
            repository: segment(name),
            files,
            leaves: BTreeSet::new(),
            branches: BTreeSet::new(),
            before: None,
            commit,
            refused,
        }
    }

    /// The next commit as an event. Errors: the log cannot be read, or is not what [`words`] ask for.
    fn next(&mut self) -> io::Result<Option<Free>> {
        let Some((head, changed)) = self.log.next()? else { return Ok(None) };
        let fields: Vec<&str> = head.splitn(7, '\x02').collect();
        let [commit, parents, committed, authored, references, author, message] = fields[..] else {
            return Err(strange("a commit without all its fields"));
        };
        self.commit = commit.to_owned();
        let changed = self.changes(changed);
        let parent = self.before.as_ref().map(|before| before.commit.clone());
        let date = self.dated(commit, committed)?;
        let (subject, body) = message.trim().split_once("\n\n").unwrap_or((message.trim(), ""));
        let subject = one_line(subject);
        let mut keys = vec![
            ("date", text(&date)),
            ("title", text(if subject.is_empty() { commit } else { &subject })),
            ("id", text(commit)),
        ];
        let body = body.trim();
        keys.extend((!body.is_empty()).then(|| ("summary", text(body))));
        keys.push(("kind", text(if parents.contains(' ') { "merge" } else { "commit" })));
        keys.extend(
            Some(slug(author))
                .filter(|slug| !slug.is_empty())
                .map(|author| ("actors", Free::List(vec![text(&author)]))),
        );
        let tags: Vec<Free> = references
            .split(", ")
            .filter_map(|name| tag(name.strip_prefix("tag: refs/tags/")?))
            .map(|tag| text(&tag))
            .collect();
        keys.extend((!tags.is_empty()).then_some(("tags", Free::List(tags))));
        keys.extend(parent.map(|parent| ("after", Free::List(vec![text(&parent)]))));
        let mut set = Vec::new();
        let mut unset = Vec::new();
        for (path, value) in changed {
            match value {
                Some(value) => set.push((path, value)),
                None => unset.push(text(&path)),
            }
        }
        keys.extend((!set.is_empty()).then(|| ("set", map(set))));
        keys.extend((!unset.is_empty()).then_some(("unset", Free::List(unset))));
        let source = [("title", text(&self.name)), ("page", text(commit))];
        keys.push(("sources", Free::List(vec![map(source)])));
        let mut meta = vec![("author", text(author)), ("authored", text(authored))];
        meta.extend((date != committed).then(|| ("committed", text(committed))));
        keys.push(("meta", map([("git", map(meta))])));
        Ok(Some(map(keys)))
    }

    /// The date of a commit; of one that says that it was made before its parent, the parent's.
    fn dated(&mut self, commit: &str, committed: &str) -> io::Result<String> {
        let date = Date::parse(committed).map_err(|error| io::Error::other(error.message))?;
        let at = date.reckon(&Calendar::default()).map_err(|error| io::Error::other(error.message))?.written.start;
        let (at, date) = match self.before.take() {
            Some(before) if before.at > at => (before.at, before.date),
            _ => (at, committed.to_owned()),
        };
        self.before = Some(Before { commit: commit.to_owned(), at, date: date.clone() });
        Ok(date)
    }

    /// What a commit changed: each path with its new value, or without one where there is none any more.
    fn changes(&mut self, files: Vec<Change>) -> BTreeMap<String, Option<Free>> {
        let mut changed = BTreeMap::new();
        for Change { file, blob, lines } in files {
            let path = match self.path(&file) {
                Ok(path) => path,
                Err(why) => {
                    self.refused.push((String::from_utf8_lossy(&file).into_owned(), why));
                    continue;
                }
            };
            let Some(blob) = blob else {
                let had_value = self.files.remove(&path).is_some_and(|known| known.has_value);
                had_value.then(|| changed.insert(path, None));
                continue;
            };
            let known =
                self.files.entry(path.clone()).or_insert_with(|| Known { file, lines: Some(0), has_value: false });
            let value = match (self.holds, lines) {
                (Holds::Blob, _) => Some(text(&blob)),
                (Holds::Lines, Lines::Changed { added, deleted }) => {
                    known.lines = known.lines.and_then(|lines| (lines + added).checked_sub(deleted));
                    known.lines.map(|lines| Free::Number(lines.to_string()))
                }
                (Holds::Lines, Lines::Binary) => {
                    known.lines = None;
                    None
                }
            };
            let had_value = std::mem::replace(&mut known.has_value, value.is_some());
            if value.is_some() || had_value {
                changed.insert(path, value);
            }
        }
        changed
    }

    /// The path of a file: no two files have one, though letters can be spelled in more than one way. No path has both a
    /// value and paths below it (1-format, Paths), so a folder where a file was, and a file where a folder was, have names of
    /// their own.
    fn path(&mut self, file: &[u8]) -> Result<String, &'static str> {
        let name = normal(std::str::from_utf8(file).map_err(|_| "its name is not UTF-8")?);
        let (folders, last) = name.rsplit_once('/').map_or((None, &*name), |(all, last)| (Some(all), last));
        let mut path = self.repository.clone();
        for folder in folders.into_iter().flat_map(|all| all.split('/')) {
            let below = format!("{path}.{}", segment(folder));
            path =
                if self.leaves.contains(&below) { format!("{path}.{}", segment(&format!("{folder}/"))) } else { below };
            self.branches.insert(path.clone());
        }
        let below = format!("{path}.{}", segment(last));
        path = if self.branches.contains(&below) {
            format!("{path}.{}", segment(&format!("{last} (file)")))
        } else {
            below
        };
        self.leaves.insert(path.clone());
        match self.files.get(&path) {
            Some(known) if known.file != file => Err("another file's name differs only in how its letters are spelled"),
            _ => Ok(path),
        }
    }
}

/// The name of a tag as a slug, dots kept: `v1.2.0`.
fn tag(name: &str) -> Option<String> {
    let parts: Vec<String> = name.split('.').map(slug).filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: &str = "0000000000000000000000000000000000000000";

    /// A commit as git prints it.
    fn commit(id: &str, date: &str, message: &str, changes: &str) -> String {
        let changes = if changes.is_empty() { String::new() } else { format!("\n{changes}") };
        format!("\u{1}{id}\u{2}\u{2}{date}\u{2}{date}\u{2}tag: refs/tags/v1.0\u{2}Ann Ü.\u{2}{message}\0{changes}")
    }

    fn read(log: &[u8], holds: Holds) -> (Vec<String>, Vec<(String, &'static str)>) {
        let mut log = log;
        let mut commits = Commits::new(&mut log, holds, "app");
        let (mut events, mut refused) = (Vec::new(), Vec::new());
        while let Some(event) = commits.next().unwrap() {
            events.push(crate::write::json(&event));
            refused.append(&mut commits.refused);
        }
        (events, refused)
    }

    #[test]
    fn a_commit_is_an_event_and_a_file_a_path() {
        let added = format!(":000000 100644 {NONE} aaaa A\0src/a.rs\0:000000 100644 {NONE} bbbb A\0odd \".txt\0");
        let gone = format!(":100644 000000 aaaa {NONE} D\0src/a.rs\0");
        let log = commit("c1", "2026-01-02T00:00:00Z", "First\n\nWhy it is so.\n", &added)
            + &commit("c2", "2026-01-01T00:00:00Z", "A clock set back", &gone)
            + &commit("c3", "2026-01-03T00:00:00Z", "Nothing", "");
        let (events, refused) = read(log.as_bytes(), Holds::Blob);
        assert!(refused.is_empty());
        assert!(events[0].contains(r#""title":"First","id":"c1","summary":"Why it is so.""#), "{}", events[0]);
        assert!(events[0].contains(r#""actors":["ann-ü"],"tags":["v1.0"]"#), "{}", events[0]);
        assert!(
            events[0].contains(r#""set":{"app.\"odd \\\".txt\"":"bbbb","app.src.\"a.rs\"":"aaaa"}"#),
            "{}",
            events[0]
        );
        assert!(events[1].contains(r#""date":"2026-01-02T00:00:00Z""#), "{}", events[1]);
        assert!(events[1].contains(r#""after":["c1"],"unset":["app.src.\"a.rs\""]"#), "{}", events[1]);
        assert!(events[1].contains(r#""committed":"2026-01-01T00:00:00Z""#), "{}", events[1]);
        assert_eq!(events.len(), 3);
    }

    #[test]
    fn lines_are_counted_until_nobody_knows() {
        let changes = |status: &str, counts: &str| format!(":100644 100644 a b {status}\0f\0{counts}\tf\0");
        let log: String = [("A", "10\t0"), ("M", "3\t1"), ("M", "-\t-"), ("M", "1\t0")]
            .iter()
            .enumerate()
            .map(|(at, (status, counts))| {
                commit(&format!("c{at}"), "2026-01-01T00:00:00Z", "x", &changes(status, counts))
            })
            .collect();
        let (events, _) = read(log.as_bytes(), Holds::Lines);
        assert!(events[0].contains(r#""set":{"app.f":10}"#), "{}", events[0]);
        assert!(events[1].contains(r#""set":{"app.f":12}"#), "{}", events[1]);
        assert!(events[2].contains(r#""unset":["app.f"]"#), "{}", events[2]);
        assert!(!events[3].contains("app.f"), "{}", events[3]);
    }

    #[test]
    fn a_file_that_becomes_a_folder_and_a_folder_that_becomes_a_file_have_names_of_their_own() {
        let one = |id: &str, changes: &str| commit(id, "2026-01-01T00:00:00Z", "x", changes);
        let log = one("c1", ":000000 100644 0 aa A\0docs\0:000000 100644 0 bb A\0src/b\0")
            + &one("c2", ":100644 000000 aa 0 D\0docs\0:000000 100644 0 cc A\0docs/a\0")
            + &one("c3", ":100644 000000 bb 0 D\0src/b\0:000000 100644 0 dd A\0src\0")
            + &one("c4", ":100644 000000 cc 0 D\0docs/a\0:100644 000000 dd 0 D\0src\0");
        let (events, refused) = read(log.as_bytes(), Holds::Blob);
        assert!(refused.is_empty());
        let says = [
            r#""set":{"app.docs":"aa","app.src.b":"bb"}"#,
            r#""set":{"app.\"docs/\".a":"cc"},"unset":["app.docs"]"#,
            r#""set":{"app.\"src (file)\"":"dd"},"unset":["app.src.b"]"#,
            r#""unset":["app.\"docs/\".a","app.\"src (file)\""]"#,
        ];
        for (event, says) in events.iter().zip(says) {
            assert!(event.contains(says), "{event}");
        }
    }

    #[test]
    fn a_name_that_makes_no_path_of_its_own_is_refused() {
        let mut log =
            commit("c1", "2026-01-01T00:00:00Z", "x", ":000000 100644 0 aa A\0e\u{301}\0:000000 100644 0 bb A\0é\0")
                .into_bytes();
        log.extend(b":000000 100644 0 cc A\0\xff\0");
        let (events, refused) = read(&log, Holds::Blob);
        assert!(events[0].contains(r#""set":{"app.é":"aa"}"#), "{}", events[0]);
        assert_eq!(refused.len(), 2);
    }

    #[test]
    fn what_git_does_not_print_is_an_error() {
        for log in ["hello", "\u{1}c1\u{2}x\0", "\u{1}c\u{2}\u{2}2026\u{2}2026\u{2}\u{2}A\u{2}x\0\n:1 2\0f\0"] {
            let mut bytes = log.as_bytes();
            assert!(Commits::new(&mut bytes, Holds::Blob, "app").next().is_err(), "{log:?}");
        }
    }
}
