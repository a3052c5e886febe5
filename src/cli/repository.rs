//! The door to git, which reads repositories: what it prints of one. Whatever the user or the repository has set up changes
//! nothing of it, and nothing that a repository names is run. Knows nothing of what the log says.
#![allow(clippy::disallowed_methods)]

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

use anyhow::{Context, Result, bail};

use crate::ask::Refusal;
use crate::exchange;
use crate::exchange::git::Holds;

const NO_GIT: &str = "cannot run git, which reads the repository";
/// What says in the environment which repository git reads, and how (`git rev-parse --local-env-vars`).
const GIT_SETTINGS: [&str; 17] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR",
    "GIT_EXTERNAL_DIFF",
    "GIT_ATTR_SOURCE",
];

/// What git prints of a repository, and the name of its folder.
///
/// # Errors
/// The folder is none, or not a repository's own; git is not there.
pub fn log(folder: &Path, holds: Holds) -> Result<(String, Box<dyn Read>)> {
    let shown = folder.display().to_string();
    let whole = folder.canonicalize().with_context(|| format!("cannot read {shown}"))?;
    let name = whole.file_name().map_or(shown.clone(), |name| name.to_string_lossy().into_owned());
    is_its_own(folder, &shown)?;
    let mut git = git(folder);
    git.args(exchange::git::words(holds)).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = git.spawn().context(NO_GIT)?;
    let printed = child.stdout.take().context("git prints nowhere")?;
    let mut errors = child.stderr.take().context("git complains nowhere")?;
    // Read beside, so that git never waits for somebody to hear its complaints.
    let said = std::thread::spawn(move || {
        let mut said = String::new();
        errors.read_to_string(&mut said).map(|_| said)
    });
    Ok((name, Box::new(Log { printed, child, said: Some(said), shown })))
}

/// Refuses a folder that is within a repository and none of its own: git would read the one around it.
fn is_its_own(folder: &Path, shown: &str) -> Result<()> {
    let asked = git(folder).args(["rev-parse", "--show-cdup", "--git-dir"]).output().context(NO_GIT)?;
    if !asked.status.success() {
        bail!("git cannot read {shown}: {}", String::from_utf8_lossy(&asked.stderr).trim());
    }
    // From the top of a work tree there is no way up; else what git keeps is the folder itself, or in it.
    let said = asked.stdout;
    let kept_in = said.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty());
    if said.starts_with(b"\n") || kept_in.is_some_and(|folder| [&b"."[..], b".git"].contains(&folder)) {
        return Ok(());
    }
    let refusal = Refusal::bad(format!("{shown} is no repository of its own, but a folder in one"));
    Err(refusal.help("name the folder of the repository itself").into())
}

/// Git in a folder, ready for its words.
fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    // Nothing that the user or the repository set up may change what is printed, or be run for it.
    for name in GIT_SETTINGS {
        git.env_remove(name);
    }
    // A repository of others may name a program that fetches what is missing in it.
    git.env("GIT_NO_LAZY_FETCH", "1").env("GIT_TERMINAL_PROMPT", "0").env("GIT_ATTR_NOSYSTEM", "1");
    git.arg("-C").arg(folder).args(["--no-pager", "--no-replace-objects"]);
    for setting in ["core.fsmonitor=false", "log.showSignature=false", "core.attributesFile=/dev/null"] {
        git.args(["-c", setting]);
    }
    git.stdin(Stdio::null());
    git
}

/// What git prints; if it fails in the end, so does the reading.
struct Log {
    printed: ChildStdout,
    child: Child,
    said: Option<JoinHandle<io::Result<String>>>,
    shown: String,
}

impl Read for Log {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.printed.read(buffer)?;
        if read == 0
            && !buffer.is_empty()
            && let Some(said) = self.said.take()
            && !self.child.wait()?.success()
        {
            let said = said.join().map_err(|_| io::Error::other("git was not heard"))??;
            return Err(io::Error::other(format!("git cannot read {}: {}", self.shown, said.trim())));
        }
        Ok(read)
    }
}
