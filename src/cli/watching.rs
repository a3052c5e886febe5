//! `asof watch`: asks a question again whenever the chronicle's files have changed, until ctrl-C.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::args::{Arguments, Command, Every, read_question};
use super::surroundings::{find, here};
use super::{Verdict, ask_chronicle, complain_of, output_of, question};
use crate::disk::{Listing, Stat, stat};
use crate::follow::Follow;
use crate::render::Format;

/// Empties a terminal and what was scrolled out of it, and goes to its first line (ECMA-48, ED and CUP; xterm).
const CLEAR: &str = "\x1b[2J\x1b[3J\x1b[H";

/// Asks until ctrl-C, or until nobody reads the answers any more.
pub fn watch(words: &[OsString], every: &Every) -> Result<Verdict> {
    let asked = read_question(words, every)?;
    let is_written = matches!(asked.command, Command::Export { .. } | Command::Schema { .. });
    let is_question = asked.command.asks().is_some() || is_written;
    ensure!(is_question, "`watch` asks questions about a chronicle, such as `asof watch replay 2025-05-14`");
    let with = asked.command.asks().map_or(&[][..], question::with);
    ensure!(!with.iter().any(|file| file.as_os_str() == "-"), "standard input can be read but once: name a file");
    let folder = find(&asked.every, &here()?)?;
    // What changes while the first answer is made is not missed.
    let mut follow = Follow::start(&folder, with).context("cannot follow the chronicle's files")?;
    let mut before = None;
    loop {
        let now = look(&folder, with);
        let is_read = now.is_some();
        if before.as_ref() != Some(&now) {
            if !answer(&asked, before.is_some())? {
                return Ok(Verdict::Yes);
            }
            before = Some(now);
        }
        follow.wait(is_read);
    }
}

/// Every file that is read, and what the system says of it; nothing where there is no chronicle to read.
fn look(folder: &Path, with: &[PathBuf]) -> Option<Vec<(String, Option<Stat>)>> {
    let listing = Listing::of(folder).ok()?;
    let own = listing.names().enumerate().map(|(at, name)| (name.to_owned(), listing.file(at).map(|(_, stat)| stat)));
    let with = with.iter().map(|file| (file.display().to_string(), stat(file)));
    Some(own.chain(with).collect())
}

/// Asks once and prints the answer, or why there is none; whether anybody reads it.
fn answer(asked: &Arguments, follows: bool) -> Result<bool> {
    let mut output = output_of(asked)?;
    output.again = true;
    if output.is_shown() {
        let between = match output.format {
            _ if output.how.terminal => CLEAR,
            _ if !follows => "",
            Format::Json | Format::Jsonl | Format::Csv => "\n",
            _ => "---\n",
        };
        let mut stream = io::stdout().lock();
        if stream.write_all(between.as_bytes()).and_then(|()| stream.flush()).is_err() {
            return Ok(false);
        }
    }
    if let Err(error) = ask_chronicle(&asked.command, &asked.every, &mut output) {
        // An answer to come may be a better one, but not to a wrong question.
        if !follows && error.downcast_ref::<crate::ask::Refusal>().is_some() {
            return Err(error);
        }
        complain_of(&error);
    }
    Ok(true)
}
