//! `asof export` as it is typed: the formats and what each takes, with their help.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Asking;
use crate::exchange::Form;

/// What is exported, and as what.
#[derive(Subcommand, Debug)]
#[command(defer = true)]
pub enum Export {
    /// One page to look at: opens from disk, needs no network, and can be mailed
    #[command(after_help = "Example:\n  asof export html talks.html")]
    Html {
        /// Where to, as `-o`; `-` is standard output
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// A timeline of TimelineJS3, as JSON: events, or the values of a `history`
    #[command(after_help = "Examples:\n  asof export timelinejs -o talks.json\n  \
                            asof export timelinejs list tag:istanbul-2025\n  \
                            asof export timelinejs history talks.istanbul-2025.status")]
    Timelinejs(Of),
    /// A calendar (RFC 5545): events, or the values of a `history`
    #[command(after_help = "Examples:\n  asof export ics -o talks.ics\n  \
                            asof export ics list tag:istanbul-2025 --since 2025-05\n  \
                            asof export ics history talks.istanbul-2025.status")]
    Ics(Of),
    /// A text of Markwhen: events, or the values of a `history`
    #[command(after_help = "Examples:\n  asof export markwhen -o talks.mw\n  \
                            asof export markwhen list actor:putin,actor:trump --since 2025")]
    Markwhen(Of),
    /// A diagram of Mermaid: a `trace` as a graph, events or the values of a `history` as a timeline
    #[command(after_help = "Examples:\n  asof export mermaid trace 2025-05-11-putin-proposal\n  \
                            asof export mermaid list tag:istanbul-2025 --since 2025-05")]
    Mermaid(Of),
    /// A graph for Graphviz: a `trace`, or events with what they are because of
    #[command(after_help = "Examples:\n  asof export dot trace 2025-05-11-putin-proposal\n  \
                            asof export dot list tag:istanbul-2025      into Graphviz: `| dot -Tsvg`")]
    Dot(Of),
    /// The rows of any answer as a table, as `-O csv`; of the chronicle its events
    #[command(after_help = "Examples:\n  asof export csv -o events.csv\n  asof export csv replay 2025-05-14")]
    Csv(Of),
    /// The rows of any answer, one object a line, as `-O jsonl`; of the chronicle its events
    #[command(after_help = "Examples:\n  asof export jsonl -o events.jsonl\n  asof export jsonl replay 2025-05-14")]
    Jsonl(Of),
    /// CloudEvents 1.0, one a line, each with its event whole
    #[command(after_help = "Examples:\n  asof export cloudevents -o events.jsonl\n  \
                            asof export cloudevents list --since 2025-05-14")]
    Cloudevents(Of),
    /// Provenance (W3C PROV) as JSON-LD: events, what they changed, their sources, and who asserts it
    #[command(after_help = "Examples:\n  asof export prov -o talks.jsonld\n  \
                            asof export prov why talks.istanbul-2025.status")]
    Prov(Of),
    /// The sources as CSL-JSON, for Zotero, Pandoc and the like
    #[command(after_help = "Examples:\n  asof export csl -o sources.json\n  asof export csl replay 2025-05-14")]
    Csl(Of),
    /// The sources as BibLaTeX
    #[command(after_help = "Examples:\n  asof export bibtex -o sources.bib\n  \
                            asof export bibtex why talks.istanbul-2025.status")]
    Bibtex(Of),
    /// A database of SQLite: facts, changes, events and sources, and views that answer as of a date; or the rows of an answer
    #[command(after_help = "Examples:\n  asof export sqlite talks.sqlite\n  \
                            asof export sqlite day.sqlite replay 2025-05-14\n  \
                            asof export sqlite -o talks.sqlite list tag:istanbul-2025\n\n\
                            Then, to ask a chronicle as of the end of a day:\n  \
                            sqlite3 talks.sqlite \"update asof set at = '2025-05-14 21:00:00'\" 'select * from state'")]
    Sqlite {
        /// Where to, as `-o`; an earlier export is replaced, no other file
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// Of what.
        #[command(flatten)]
        of: Of,
    },
    /// Tables of facts, changes and events for DuckDB, Polars, Spark …, parted by years; or the rows of an answer
    #[command(after_help = "Examples:\n  asof export parquet talks\n  \
                            asof export parquet day replay 2025-05-14\n  \
                            asof export parquet -o talks list tag:istanbul-2025\n\n\
                            A folder that an earlier export wrote is replaced; no other is touched.")]
    Parquet {
        /// Where to, as `-o`: a new folder, or one of an earlier export
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
        /// Of what.
        #[command(flatten)]
        of: Of,
    },
}

// Of what: an answer, else the chronicle. No comment that clap reads: it would take it for what the command is about.
#[derive(Args, Debug)]
#[command(subcommand_help_heading = "Questions", subcommand_value_name = "QUESTION")]
pub struct Of {
    /// The question that is asked.
    #[command(subcommand)]
    pub question: Option<Asking>,
}

impl Export {
    /// The form; of what goes to a place by its name, none.
    pub fn form(&self) -> Option<Form> {
        Some(match self {
            Export::Html { .. } | Export::Sqlite { .. } | Export::Parquet { .. } => return None,
            Export::Timelinejs(_) => Form::Timelinejs,
            Export::Ics(_) => Form::Ics,
            Export::Markwhen(_) => Form::Markwhen,
            Export::Mermaid(_) => Form::Mermaid,
            Export::Dot(_) => Form::Dot,
            Export::Csv(_) => Form::Csv,
            Export::Jsonl(_) => Form::Jsonl,
            Export::Cloudevents(_) => Form::Cloudevents,
            Export::Prov(_) => Form::Prov,
            Export::Csl(_) => Form::Csl,
            Export::Bibtex(_) => Form::Bibtex,
        })
    }

    /// The question whose answer is exported; without one the chronicle.
    pub fn asks(&self) -> Option<&Asking> {
        match self {
            Export::Html { .. } => None,
            Export::Timelinejs(of)
            | Export::Ics(of)
            | Export::Markwhen(of)
            | Export::Mermaid(of)
            | Export::Dot(of)
            | Export::Csv(of)
            | Export::Jsonl(of)
            | Export::Cloudevents(of)
            | Export::Prov(of)
            | Export::Csl(of)
            | Export::Bibtex(of)
            | Export::Sqlite { of, .. }
            | Export::Parquet { of, .. } => of.question.as_ref(),
        }
    }
}
