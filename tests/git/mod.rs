//! Where git is. `ASOF_GIT` names its program, as `.ci/run` does, and then it has to be there; else it is the one of the
//! path. `cargo test` needs nothing but Rust: without git, what needs it is left out, and that is said past the capture of outputs.

use std::ffi::OsString;
use std::io::Write;
use std::process::Command;

/// The program; nothing where it is not there, which is told with what is left out for it.
pub fn program(left_out: &str) -> Option<OsString> {
    let named = std::env::var_os("ASOF_GIT");
    let is_told = named.is_some();
    let git = named.unwrap_or_else(|| "git".into());
    let runs = Command::new(&git).arg("--version").output().is_ok_and(|done| done.status.success());
    assert!(runs || !is_told, "ASOF_GIT is no git: {}", git.display());
    if !runs {
        let _ = writeln!(std::io::stderr(), "left out, because git is not there: {left_out}");
    }
    runs.then_some(git)
}
