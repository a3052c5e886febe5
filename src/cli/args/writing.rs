//! The words of `add` and `correct`: one option for every key of an event, and what must hold for it to be written.

use std::path::PathBuf;

use clap::Args;

use super::word;

/// The keys of an event (1-format, An event). Each takes what a file would say; a VALUE is read as YAML reads it.
#[derive(Args, Clone, PartialEq, Eq, Debug, Default)]
#[command(next_help_heading = "The event")]
pub struct Keys {
    /// When it happened: EDTF, RFC 3339 or `today`
    #[arg(long, value_name = "DATE", value_parser = word)]
    pub date: Option<String>,
    /// What happened, in one line
    #[arg(long, value_name = "TEXT", value_parser = word)]
    pub title: Option<String>,
    /// Its id, also the name of its file [default: its day and its title]
    #[arg(long, value_name = "ID", value_parser = word)]
    pub id: Option<String>,
    /// A few sentences
    #[arg(long, value_name = "TEXT", value_parser = word)]
    pub summary: Option<String>,
    /// From when on it no longer was so
    #[arg(long, value_name = "DATE", value_parser = word)]
    pub until: Option<String>,
    /// When it became publicly known, if not at once
    #[arg(long, value_name = "DATE", value_parser = word)]
    pub known: Option<String>,
    /// What sort of event it is
    #[arg(long, value_name = "SLUG", value_parser = word)]
    pub kind: Option<String>,
    /// Where
    #[arg(long, value_name = "ENTITY", value_parser = word)]
    pub place: Option<String>,
    /// Who took part; this option and those below can be repeated
    #[arg(long, value_name = "ENTITY", value_parser = word)]
    pub actor: Vec<String>,
    /// For filters
    #[arg(long, value_name = "SLUG", value_parser = word)]
    pub tag: Vec<String>,
    /// Where this is from: a source's id, with a quote `ID:words`; an address; or `{title: …, url: …}`
    #[arg(long, value_name = "SOURCE", value_parser = word)]
    pub source: Vec<String>,
    /// high, medium or low
    #[arg(long, value_name = "WORD", value_parser = word)]
    pub confidence: Option<String>,
    /// The event that it answers to or grows out of
    #[arg(long, value_name = "ID", value_parser = word)]
    pub because: Vec<String>,
    /// An event that it comes after, without cause
    #[arg(long, value_name = "ID", value_parser = word)]
    pub after: Vec<String>,
    /// The event that it corrects or retracts
    #[arg(long, value_name = "ID", value_parser = word)]
    pub replaces: Vec<String>,
    /// From now on PATH has this value: a text, number, true, `[a, b]` or `{low: 1, high: 3}`
    #[arg(long, value_name = "PATH=VALUE", value_parser = word)]
    pub set: Vec<String>,
    /// From now on PATH has none
    #[arg(long, value_name = "PATH", value_parser = word)]
    pub unset: Vec<String>,
    /// Put a member, or `[a, b]`, into a set
    #[arg(long, value_name = "PATH=MEMBER", value_parser = word)]
    pub add: Vec<String>,
    /// Take a member, or `[a, b]`, out of a set
    #[arg(long, value_name = "PATH=MEMBER", value_parser = word)]
    pub remove: Vec<String>,
    /// Add to a number
    #[arg(long, value_name = "PATH=N", value_parser = word)]
    pub increase: Vec<String>,
    /// Take from a number
    #[arg(long, value_name = "PATH=N", value_parser = word)]
    pub decrease: Vec<String>,
    /// PATH has this value while the event lasts
    #[arg(long, value_name = "PATH=VALUE", value_parser = word)]
    pub during: Vec<String>,
    /// What VOICE claims
    #[arg(long, value_name = "VOICE:PATH=VALUE", value_parser = word)]
    pub claim: Vec<String>,
    /// VOICE takes back what it claimed
    #[arg(long, value_name = "VOICE:PATH", value_parser = word)]
    pub claim_unset: Vec<String>,
    /// Where VOICE's claims are from, if from elsewhere
    #[arg(long, value_name = "VOICE:SOURCE", value_parser = word)]
    pub claim_source: Vec<String>,
    /// A house rule that it may break, and why
    #[arg(long, value_name = "RULE=REASON", value_parser = word)]
    pub allow: Vec<String>,
    /// Anything else, carried through
    #[arg(long, value_name = "KEY=VALUE", value_parser = word)]
    pub meta: Vec<String>,
}

impl Keys {
    /// Whether none is given.
    pub fn is_empty(&self) -> bool {
        *self == Keys::default()
    }
}

/// What must hold for an event to be written.
#[derive(Args, Clone, PartialEq, Eq, Debug, Default)]
#[command(next_help_heading = "Writing")]
pub struct Expected {
    /// Print what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Only if ID is still the last event of `asof list`
    #[arg(long, value_name = "ID", value_parser = word)]
    pub expect_last: Option<String>,
    /// Only if the chronicle still has N events in all, as `asof stats` counts them
    #[arg(long, value_name = "N")]
    pub expect_count: Option<usize>,
}

/// `asof add`.
#[derive(Args, Debug, Default)]
pub struct Add {
    /// A file of one event or several, in YAML or JSON; `-` is standard input
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The keys of the event.
    #[command(flatten)]
    pub keys: Keys,
    /// What must hold.
    #[command(flatten)]
    pub expected: Expected,
}

/// `asof correct`.
#[derive(Args, Debug, Default)]
pub struct Correct {
    /// The event that is wrong
    #[arg(value_name = "EVENT", value_parser = word)]
    pub event: String,
    /// It did not happen at all: take back what it changed, and put nothing in its place
    #[arg(long)]
    pub retract: bool,
    /// Leave out what it changed of PATH
    #[arg(long, value_name = "PATH", value_parser = word)]
    pub drop: Vec<String>,
    /// What is different.
    #[command(flatten)]
    pub keys: Keys,
    /// What must hold.
    #[command(flatten)]
    pub expected: Expected,
}

/// Below the help of `add`.
pub const ABOUT_ADD: &str = "\
The event is checked with the whole chronicle first. Refused, it is shown what is wrong, nothing is written, and the exit \
is 1. It goes into a file of its own, whole or not at all, and never over another. What is there already \
is not written twice. Without options and FILE your editor opens ($VISUAL, else $EDITOR).

Examples:
  asof add --date 2026-06-02 --title 'A third round' --kind talks --source https://example.org/1
  asof add --date 2026-06~ --title Offer --claim 'press:demands.russia.nato=none' --source article
  asof add offer.yaml
  asof add";

/// Below the help of `correct`.
pub const ABOUT_CORRECT: &str = "\
The correction replaces the event from the day on which it is known, today if not given, and says what the event said \
but for the options given: it starts with all of its keys. Without any your editor opens.

Examples:
  asof correct 2025-05-11-putin-proposal --place istanbul --known 2025-05-20
  asof correct 2025-02-12-calls --retract --source https://example.org/2
  asof correct 2025-03-25-black-sea";
