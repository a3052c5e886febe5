//! The command line as it is typed (3-commands): options, commands and their help. Knows nothing of what they do.

mod every;
mod export;
mod import;
mod writing;

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use super::shells::Shell;
use crate::ask::{FileLine, TRACE_DEPTH};
use crate::model::path::is_slug;
pub use every::{Color, Every, View};
pub use export::Export;
pub use import::Import;
pub use writing::{Add, Correct, Expected, Keys};

/// What stands before a word such as `-0043-03-15` while clap reads the words, so that it takes it for no option.
const NO_OPTION: char = '\u{1}';

const ABOUT_ASOF: &str = "\
A chronicle is a folder of event files: each has a date, its sources, and what it changes.
`asof COMMAND --help` explains a command, `asof explain CODE` a fault, and `asof help TOPIC` the format,
dates, filters, selectors or rules of an import.

Examples:
  asof replay 2025-05-14                how things stood at the end of that day
  asof diff 2022-03-29 2025-05-14       what changed between two dates, and by which events
  asof why talks.istanbul-2025.status   who says so, since when, and what came before

Exit status: 0 answered; 1 answered, and it is a no (check found errors, diff --exit-code found
differences); 2 not answered (the command line, the chronicle, or a name in it is wrong)";

const FILTERS: &str = "\
FILTER: an event's id, tag:, actor:, place:, kind:, source:, voice:, path:GLOB, confidence:low or
/words/ of title or summary; `not:` before it negates; a comma is or, a space is and.";

/// What stands below the options of a command that looks from a viewpoint.
fn below(words: &str) -> String {
    format!("{FILTERS}\n\n{words}")
}

/// Replay dated, sourced events: how things stood at a date, what changed, why, and who says otherwise
#[derive(Parser, Debug)]
#[command(name = "asof", version, after_help = ABOUT_ASOF, max_term_width = 100, disable_help_subcommand = true)]
#[command(arg_required_else_help = true, subcommand_required = true)]
pub struct Arguments {
    /// Options of every command.
    #[command(flatten)]
    pub every: Every,
    /// What is to be done.
    #[command(subcommand)]
    pub command: Command,
}

// What is asked of a chronicle: by itself, or to be exported. No comment that clap reads, as below (`export::Of`).
#[derive(Subcommand, Debug)]
pub enum Asking {
    /// The state of affairs at a date: every path with its value, since when, and by which event
    #[command(after_help = below(
        "MARKS: `?` something else is possible, `≠` it is disputed or claimed otherwise.\n\n\
         -O json has the definite values only, claims included and disputes left out; with -l every fact and its\n\
         standing.\n\n\
         Examples:\n  asof replay 2025-05-14                         everything, at the end of that day\n  \
         asof replay 2025-05-14 talks 'aid.**' -l       two parts of it, with all alternatives\n  \
         asof replay 2022-03-20 --known-by 2022-03-31   what the world knew of that day at the time"
    ))]
    Replay {
        /// A date or an event, then paths: `*` is one segment, `**` any number; a path alone takes all below it
        #[arg(value_name = "DATE|GLOB", value_parser = word)]
        words: Vec<String>,
        /// Every alternative on a line of its own; in JSON every fact with its reasons
        #[arg(short, long)]
        long: bool,
        /// From where one looks.
        #[command(flatten)]
        view: View,
    },
    /// The events, in the order of a chronology
    #[command(after_help = below(
        "Examples:\n  asof list tag:istanbul-2025\n  asof list --since 2025-05 --until 2025-06 -l\n  \
         asof list actor:putin,actor:trump not:kind:statement -n 5 --reverse"
    ))]
    List {
        /// What every listed event matches
        #[arg(value_name = "FILTER", value_parser = word)]
        filters: Vec<String>,
        /// Only events that reach into DATE or beyond
        #[arg(long, value_name = "DATE", value_parser = word)]
        since: Option<String>,
        /// Only events that begin by the end of DATE
        #[arg(long, value_name = "DATE", value_parser = word)]
        until: Option<String>,
        /// The latest first
        #[arg(long)]
        reverse: bool,
        /// At most so many
        #[arg(short = 'n', long, value_name = "N")]
        limit: Option<usize>,
        /// With id, places, actors, sources and changes
        #[arg(short, long)]
        long: bool,
        /// From where one looks.
        #[command(flatten)]
        view: View,
    },
    /// What differs between two dates or viewpoints, and by which events
    #[command(after_help = below(
        "Two dates are compared; with one date and a selector, that date without and with the selector.\n\n\
         Examples:\n  asof diff 2022-03-29 2025-05-14\n  asof diff 2025-05-14 --without source:article\n  \
         asof diff 2025-05-14 --according-to russia --versus ukraine"
    ))]
    Diff {
        /// One or two dates or events, then paths
        #[arg(value_name = "DATE|GLOB", value_parser = word, required = true)]
        words: Vec<String>,
        /// What the left side follows: a voice, or what was known by the end of a date
        #[arg(long, value_name = "VOICE|known-by:DATE", value_parser = word)]
        versus: Option<String>,
        /// One block for each event between the two
        #[arg(long)]
        steps: bool,
        /// Exit with 1 if anything differs
        #[arg(long)]
        exit_code: bool,
        /// From where one looks.
        #[command(flatten)]
        view: View,
    },
    /// The value of a path and its reasons: event, quote, source, causes, and who says otherwise
    #[command(after_help = "Example:\n  asof why talks.istanbul-2025.status --at 2025-05-14")]
    Why {
        /// The path
        #[arg(value_parser = word)]
        path: String,
        /// From where one looks.
        #[command(flatten)]
        view: View,
    },
    /// The values of a path through time
    #[command(after_help = "Examples:\n  asof history talks.istanbul-2025.status\n  \
                            asof history talks.istanbul-2025.delegation.russia.members medinsky")]
    History {
        /// The path
        #[arg(value_parser = word)]
        path: String,
        /// Of a set: when this member was in it
        #[arg(value_parser = word)]
        member: Option<String>,
        /// From where one looks.
        #[command(flatten)]
        view: View,
    },
    /// An event whole, and what it changed
    #[command(after_help = "Example:\n  asof show 2025-05-11-putin-proposal")]
    Show {
        /// Ids of events
        #[arg(value_name = "EVENT", value_parser = word, required = true)]
        events: Vec<String>,
        /// From where one looks.
        #[command(flatten)]
        view: View,
    },
    /// The causes and consequences of an event, as a tree
    #[command(after_help = below(
        "Causes stand above the event and grow upwards, consequences below it. `-O dot` and `-O mermaid`\n\
         draw the same.\n\n\
         Examples:\n  asof trace 2025-05-11-putin-proposal\n  \
         asof trace 2025-05-11-putin-proposal --depth 2 -l\n  \
         asof trace 2025-05-11-putin-proposal -O dot      into Graphviz: `| dot -Tsvg`"
    ))]
    Trace {
        /// The id of an event
        #[arg(value_name = "EVENT", value_parser = word)]
        event: String,
        /// At most so many levels each way
        #[arg(long, value_name = "N", default_value_t = TRACE_DEPTH)]
        depth: usize,
        /// With the ids of the events
        #[arg(short, long)]
        long: bool,
        /// From where one looks.
        #[command(flatten)]
        view: View,
    },
    /// The state before the event at a line of a file, the event, and the state after it
    #[command(after_help = below(
        "`!` stands before each line that the event changed. At a line of an expectation: the state that its\n\
         checks are asked of.\n\n\
         Examples:\n  asof context events/2025/2025-05-11-putin-proposal.yaml:1\n  \
         asof context 2025/2025-05-11-putin-proposal.yaml:1 --known-by 2025-05-12"
    ))]
    Context {
        /// As an editor names it: absolute, or relative to this folder or to the chronicle
        #[arg(value_name = "FILE:LINE", value_parser = FileLine::parse)]
        line: FileLine,
        /// Every path, and not only those that the event touches
        #[arg(short, long)]
        long: bool,
        /// From where one looks.
        #[command(flatten)]
        view: View,
    },
    /// Counts: events by year, precision of dates, what rests on which source, voices beside the record
    #[command(after_help = below("Examples:\n  asof stats\n  asof stats --only tag:istanbul-2025 -l"))]
    Stats {
        /// All sources, and not only those that most values rest on
        #[arg(short, long)]
        long: bool,
        /// From where one looks.
        #[command(flatten)]
        view: View,
    },
    /// Expectations that hold now, ready to be appended to a file of the chronicle
    #[command(after_help = below(
        "Read what is printed before it is appended: from then on `asof check` holds the chronicle to it.\n\n\
         Examples:\n  asof expect talks.istanbul-2025.status --at 2025-05-14\n  \
         asof expect bucha --at 2022-04-05 --according-to russia"
    ))]
    Expect {
        /// Paths: `*` is one segment, `**` any number; a path alone takes all below it
        #[arg(value_name = "GLOB", value_parser = word, required = true)]
        paths: Vec<String>,
        /// From where one looks.
        #[command(flatten)]
        view: View,
    },
    /// What each value hangs on: the events, sources and imprecise dates that alone would change it
    #[command(after_help = below(
        "A value hangs on an event or a source that, left out, changes it; on two sources where it survives either; and \
         on a date where the event, moved within its span, changes it. Sources `from` one origin fall together.\n\n\
         Examples:\n  asof hinges --at 2025-05-14                     every value, and first the sources that carry most\n  \
         asof hinges talks.istanbul-2025 bucha -l        of two parts of it, however much it hangs on\n  \
         asof hinges --source article --at 2025-05-14    what falls with one source, and what survives on others"
    ))]
    Hinges {
        /// Paths: `*` is one segment, `**` any number; a path alone takes all below it
        #[arg(value_name = "PATH", value_parser = word)]
        paths: Vec<String>,
        /// What falls, changes and survives without this source
        #[arg(long, value_name = "ID", value_parser = word)]
        source: Option<String>,
        /// Everything that a value hangs on, and every source
        #[arg(short, long)]
        long: bool,
        /// From where one looks.
        #[command(flatten)]
        view: View,
    },
    /// Every fault of the chronicle; silent when there is none
    #[command(after_help = "Examples:\n  asof check\n  asof check --strict order-not-settled\n  asof check -O json")]
    Check {
        /// Only the faults of these rules
        #[arg(value_name = "RULE")]
        rules: Vec<String>,
        /// Warnings are errors
        #[arg(long)]
        strict: bool,
    },
}

/// What the program does.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// A question.
    #[command(flatten)]
    Ask(Asking),
    /// A small chronicle to begin from, with comments that teach: a dispute, a correction, an imprecise date
    #[command(after_help = "Examples:\n  asof init bridge\n  asof init              in this folder")]
    Init {
        /// The folder, made if it is not there; it must hold no chronicle yet [default: this one]
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Whether all is as it should be: yes or no for the chronicle, its files, the cache and the editor
    #[command(
        after_help = "Exits with 1 if the chronicle cannot be replayed, or has errors.\n\nExample:\n  asof doctor"
    )]
    Doctor,
    /// Write an event: from options, from a file, or in your editor; checked first, and appended whole
    #[command(after_help = writing::ABOUT_ADD)]
    Add(Box<Add>),
    /// Write an event that corrects another, or with --retract takes it back
    #[command(after_help = writing::ABOUT_CORRECT)]
    Correct(Box<Correct>),
    /// Event files in the one canonical style: order of keys, quotes, folded texts; comments stay where they are
    #[command(
        after_help = "Prints the files that changed. Exits with 1 if a file has faults and is left alone, and with --check if any \
                            would change. The manifest, its tables and JSON stay as they are.\n\n\
                            Examples:\n  asof format\n  asof format --check\n  asof format events/2025"
    )]
    Format {
        /// Files or folders of the chronicle [default: all of it]
        #[arg(value_name = "FILE")]
        files: Vec<String>,
        /// Write nothing, and print the files that would change
        #[arg(long)]
        check: bool,
    },
    /// A JSON Schema of this chronicle's event files, with which editors complete and check
    #[command(after_help = "Editors with yaml-language-server take it from a line at the head of an event file:\n  \
                            # yaml-language-server: $schema=../.schema.json\n\n\
                            Examples:\n  asof schema\n  asof schema -o events/.schema.json\n  asof schema sources -o events/.sources.json")]
    Schema {
        /// Of which files: events (expectations, too), manifest, or a table in a file of its own: entities, voices,
        /// sources, paths
        #[arg(value_name = "FILES", default_value = "events", hide_possible_values = true)]
        of: SchemaOf,
    },
    /// The page of a fault that check or loading names; without CODE all of them
    #[command(after_help = "Example:\n  asof explain unknown-path")]
    Explain {
        /// What stands in brackets behind `error` or `warning`
        code: Option<String>,
    },
    /// Events out of the files of others, each with where it is from
    #[command(
        arg_required_else_help = true,
        after_help = "Every event becomes a file of its own below the chronicle's folder, or a line of one file (`--jsonl`).\n\
                            Nothing that is there is overwritten: the same import again changes nothing. What cannot be\n\
                            read is refused with its line and column, and the rest goes on; then the exit is 1.\n\
                            `asof help rules` says how the columns of a table are told.\n\n\
                            Examples:\n  asof import cloudevents examples/deploys.jsonl --into deploys --dry-run\n  \
                            asof import csv examples/bulletin.csv --into bulletin --dry-run    by the rules in bulletin.csv.rules\n  \
                            asof import acled --print-rules"
    )]
    Import(Import),
    /// The chronicle, or the answer to a question, in the form of other tools
    #[command(
        arg_required_else_help = true,
        after_help = "An answer that a format cannot hold is refused. `asof export FORMAT --help` says what it takes.\n\n\
                      Examples:\n  asof export html talks.html\n  \
                      asof export csv list tag:istanbul-2025 --since 2025-05 -o talks.csv\n  \
                      asof export mermaid trace 2025-05-11-putin-proposal"
    )]
    Export {
        /// As what.
        #[command(subcommand)]
        format: Export,
    },
    /// How dates are read: level, precision, earliest and latest moment, in words
    #[command(
        after_help = "Takes all of EDTF (ISO 8601-2) levels 0 to 2, and RFC 3339 instants. Exits with 1 if any cannot be read.\n\
                            The bounds are those written; in a replay `~` and `%` widen them by a unit on each side.\n\n\
                            Examples:\n  asof date '2022-04~' 2022-21 '[2022-04-01..2022-04-04]'\n  \
                            asof date -- -0043-03-15\n  cat dates.txt | asof date -"
    )]
    Date {
        /// Dates; `-` reads one a line from standard input
        #[arg(value_name = "EXPR", value_parser = word, required = true)]
        expressions: Vec<String>,
    },
    /// Look at the chronicle in a browser: a page that follows the files, and every answer at an address, as JSON
    #[command(
        after_help = "Ends with ctrl-C.\n\nExamples:\n  asof serve\n  asof serve --port 8000 --address 192.168.1.5\n  \
                            curl 'http://127.0.0.1:4280/api/replay?at=2025-05-14&path=talks'"
    )]
    Serve {
        /// The port; 0 is any that is free [default: 4280, or the next that is free]
        #[arg(long, value_name = "N")]
        port: Option<u16>,
        /// The address to listen on; any but the loopback lets others on its network read the chronicle
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1")]
        address: IpAddr,
    },
    /// Ask again whenever a file of the chronicle changes; without a question, what `check` finds
    #[command(
        after_help = "On a terminal each answer takes the place of the one before; in a pipe a line `---` stands between two, an empty\n\
                            one in data. Faults are shown while they last. Ends with ctrl-C.\n\n\
                            Examples:\n  asof watch\n  asof watch replay 2025-05-14 talks\n  \
                            asof watch diff 2022-03-29 2025-05-14 --steps"
    )]
    Watch {
        /// A question as one types it behind `asof`, with all its options
        #[arg(value_name = "QUESTION", trailing_var_arg = true, allow_hyphen_values = true)]
        question: Vec<OsString>,
    },
    /// Serve an editor on standard input and output, by the Language Server Protocol
    #[command(after_help = below(
        "An editor starts it; docs/editors.md says how. The chronicle of a file is the nearest one upwards from it,\n\
         or the one that -C names.\n\n\
         Example:\n  vim.lsp.start({ name = \"asof\", cmd = { \"asof\", \"lsp\" } })      in Neovim"
    ))]
    Lsp,
    /// A topic, or the help of a command: format, dates, filters, selectors, rules; without a word all there is
    #[command(after_help = "Examples:\n  asof help\n  asof help dates\n  asof help replay")]
    Help {
        /// A topic or a command
        #[arg(value_name = "TOPIC", value_parser = word)]
        words: Vec<String>,
    },
    /// The page for `man`: of all commands, or of one
    #[command(after_help = "Examples:\n  asof man > asof.1\n  asof man replay")]
    Man {
        /// A command
        #[arg(value_name = "TOPIC", value_parser = word)]
        words: Vec<String>,
    },
    /// What a shell reads to complete asof: commands and options, and the events, paths, voices and sources at hand
    #[command(after_help = "Examples:\n  eval \"$(asof completions bash)\"      in ~/.bashrc, and so for zsh\n  \
                            asof completions fish | source")]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// What can stand at the cursor; the scripts of `completions` ask it.
    #[command(hide = true)]
    Complete {
        /// The shell
        shell: Shell,
        /// What was typed
        #[arg(last = true, value_parser = word)]
        words: Vec<String>,
    },
    /// What is kept so that unchanged files need not be read again: where, how large, and whether it is fresh
    #[command(after_help = "Examples:\n  asof cache\n  asof cache clear\n  asof cache clear --all")]
    Cache {
        /// What is done with it.
        #[command(subcommand)]
        command: Option<CacheCommand>,
    },
}

impl Command {
    /// The question that is asked, if any.
    pub fn asks(&self) -> Option<&Asking> {
        match self {
            Command::Ask(asking) => Some(asking),
            Command::Export { format } => format.asks(),
            _ => None,
        }
    }
}

/// The files that a schema is of.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum SchemaOf {
    /// Files of events and expectations
    Events,
    /// `chronicle.yaml`
    Manifest,
    /// `entities.yaml`
    Entities,
    /// `voices.yaml`
    Voices,
    /// `sources.yaml`
    Sources,
    /// `paths.yaml`
    Paths,
}

/// What is done with the cache.
#[derive(Subcommand, Clone, Copy, PartialEq, Eq, Debug)]
pub enum CacheCommand {
    /// Remove what is kept of this chronicle
    Clear {
        /// What is kept of any chronicle
        #[arg(long)]
        all: bool,
    },
}

/// Reads a command line. A word that begins with `-` and a digit is a date before the year 0 and no option.
pub fn read(words: impl IntoIterator<Item = OsString>) -> Result<Arguments, clap::Error> {
    let mut after_other = false;
    Arguments::try_parse_from(words.into_iter().map(|word| {
        let is_date = matches!(word.as_encoded_bytes(), [b'-', digit, ..] if digit.is_ascii_digit());
        let takes_no_date = ["-C", "-O", "-o", "-n", "--limit", "--with"].iter().any(|option| word == *option);
        if !is_date || after_other {
            after_other = takes_no_date;
            return word;
        }
        let mut marked = OsString::from(NO_OPTION.to_string());
        marked.push(word);
        marked
    }))
}

/// Reads a question of `watch`, which is a command line of its own; what it leaves open of the options of every command is
/// as `watch` has it. Without words it is `check`.
pub fn read_question(words: &[OsString], every: &Every) -> Result<Arguments, clap::Error> {
    let default = [OsString::from("check")];
    let words = if words.is_empty() { &default } else { words };
    let program = OsString::from("asof");
    // The words were marked when the whole line was read.
    let mut read = Arguments::try_parse_from(std::iter::once(&program).chain(words))?;
    let (own, outer) = (&mut read.every, every.clone());
    own.chronicle = own.chronicle.take().or(outer.chronicle);
    own.format = own.format.or(outer.format);
    own.output = own.output.take().or(outer.output);
    own.color = if own.color == Color::Auto { outer.color } else { own.color };
    own.keep_going |= outer.keep_going;
    own.no_cache |= outer.no_cache;
    Ok(read)
}

/// The definition of the whole command line.
pub fn definition() -> clap::Command {
    Arguments::command()
}

/// What clap says of a wrong command line, without our mark.
pub fn unmarked(text: &str) -> String {
    text.replace(NO_OPTION, "")
}

fn word(text: &str) -> Result<String, std::convert::Infallible> {
    Ok(unmarked(text))
}

fn slug(text: &str) -> Result<String, String> {
    let help = "a slug is letters, digits, `-`, `_` and, not first, `.`";
    if is_slug(text) { Ok(text.to_owned()) } else { Err(help.to_owned()) }
}

#[cfg(test)]
mod tests;
