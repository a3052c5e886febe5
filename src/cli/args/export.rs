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
        /// Where to; `-` is standard output
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
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
}

/// Of what: an answer, else the chronicle.
#[derive(Args, Debug)]
#[command(subcommand_help_heading = "Questions", subcommand_value_name = "QUESTION")]
pub struct Of {
    /// The question that is asked.
    #[command(subcommand)]
    pub question: Option<Asking>,
}

impl Export {
    /// The form, and the question whose answer is exported; without a question the chronicle.
    pub fn of(&self) -> Option<(Form, Option<&Asking>)> {
        let (form, of) = match self {
            Export::Html { .. } => return None,
            Export::Mermaid(of) => (Form::Mermaid, of),
            Export::Dot(of) => (Form::Dot, of),
            Export::Csv(of) => (Form::Csv, of),
            Export::Jsonl(of) => (Form::Jsonl, of),
        };
        Some((form, of.question.as_ref()))
    }
}
