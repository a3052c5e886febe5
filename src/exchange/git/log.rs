//! What `git log` is asked to print, and commit by commit what it has printed. Knows nothing of events and paths.

use std::io::{self, BufRead};

use super::Holds;

/// The words after `git` that print what [`Log`] reads.
pub fn words(holds: Holds) -> Vec<&'static str> {
    // Fields end with what neither dates nor names of references can hold; the message comes last and may hold anything.
    let mut words = vec!["log", "-z", "--first-parent", "--reverse", "--root", "--raw", "--no-renames", "--no-abbrev"];
    // What the user or the repository set up changes nothing of it.
    words.extend([
        "--diff-merges=first-parent",
        "--no-relative",
        "--ignore-submodules=none",
        "--no-ext-diff",
        "--no-textconv",
        "--no-color",
        "--no-show-signature",
        "--encoding=UTF-8",
        "--decorate=full",
        "--decorate-refs=refs/tags/*",
    ]);
    words.push("--format=%x01%H%x02%P%x02%cI%x02%aI%x02%D%x02%an%x02%B");
    if holds == Holds::Lines {
        words.push("--numstat");
    }
    words
}

/// What a commit did to a file.
pub struct Change {
    /// Its name.
    pub file: Vec<u8>,
    /// Its content from now on; nothing where it is gone.
    pub blob: Option<String>,
    /// What became of its lines.
    pub lines: Lines,
}

/// What git says of a file's lines.
pub enum Lines {
    /// So many were added and deleted.
    Changed { added: u64, deleted: u64 },
    /// It takes the file for binary, or was not asked.
    Binary,
}

/// The commits of a log, as they are read.
pub struct Log<'a> {
    bytes: &'a mut dyn BufRead,
    /// The next field, read ahead.
    ahead: Option<Vec<u8>>,
}

impl<'a> Log<'a> {
    /// Reads what git printed for [`words`].
    pub fn new(bytes: &'a mut dyn BufRead) -> Log<'a> {
        Log { bytes, ahead: None }
    }

    /// The next commit: its fields, with `\x02` between them, and what it did to files. Errors: the log cannot be read, or is
    /// not what [`words`] ask for.
    pub fn next(&mut self) -> io::Result<Option<(String, Vec<Change>)>> {
        let Some(head) = self.field()? else { return Ok(None) };
        let Some(head) = head.strip_prefix(b"\x01") else { return Err(strange("something before its first commit")) };
        let head = String::from_utf8_lossy(head).into_owned();
        Ok(Some((head, self.changes()?)))
    }

    /// The files that a commit changed, up to the next commit: first what became of them, then how many lines.
    fn changes(&mut self) -> io::Result<Vec<Change>> {
        let mut changed: Vec<Change> = Vec::new();
        let mut counted = 0;
        while let Some(field) = self.field()? {
            // Between a commit and its files there is an empty line.
            let field = field.strip_prefix(b"\n").map(<[u8]>::to_vec).unwrap_or(field);
            match field.first() {
                None => {}
                Some(b'\x01') => {
                    self.ahead = Some(field);
                    break;
                }
                Some(b':') => {
                    let file = self.field()?.ok_or_else(|| strange("a change without a file"))?;
                    // `:100644 100644 b77b4eb… 04ec35a… M`: modes, contents before and after, and what was done.
                    let words = String::from_utf8_lossy(&field).into_owned();
                    let blob = words.split(' ').nth(3).ok_or_else(|| strange("a change without its contents"))?;
                    let is_there = blob.bytes().any(|byte| byte != b'0');
                    changed.push(Change { file, blob: is_there.then(|| blob.to_owned()), lines: Lines::Binary });
                }
                Some(_) => {
                    let mut parts = field.splitn(3, |byte| *byte == b'\t');
                    let (Some(added), Some(deleted), Some(file)) = (parts.next(), parts.next(), parts.next()) else {
                        return Err(strange("a count of lines without a file"));
                    };
                    let number = |digits: &[u8]| std::str::from_utf8(digits).ok()?.parse().ok();
                    // Counts stand in the order of the changes.
                    let of_file = changed.get_mut(counted).filter(|change| change.file == file);
                    let change = of_file.ok_or_else(|| strange("a count of lines of a file that has not changed"))?;
                    counted += 1;
                    if let (Some(added), Some(deleted)) = (number(added), number(deleted)) {
                        change.lines = Lines::Changed { added, deleted };
                    }
                }
            }
        }
        Ok(changed)
    }

    /// The next field of the log: fields end with a zero byte.
    fn field(&mut self) -> io::Result<Option<Vec<u8>>> {
        if let Some(ahead) = self.ahead.take() {
            return Ok(Some(ahead));
        }
        let mut field = Vec::new();
        let read = self.bytes.read_until(0, &mut field)?;
        if field.last() == Some(&0) {
            field.pop();
        }
        Ok((read > 0).then_some(field))
    }
}

/// A log that is not what was asked for.
pub fn strange(what: &str) -> io::Error {
    io::Error::other(format!("the log of git has {what}"))
}
