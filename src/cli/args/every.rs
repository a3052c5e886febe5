//! What every command takes, and what every question does: options, and from where one looks.

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::word;
use crate::ask::Selectors;
use crate::render::Format;

/// Options of every command, before it or after it.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Everywhere")]
pub struct Every {
    /// The chronicle's folder [default: ASOF_CHRONICLE, else the nearest one upwards]
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub chronicle: Option<PathBuf>,
    /// How the answer is written: text, json, jsonl, csv, yaml or md; a trace also dot or mermaid [default: text]
    #[arg(short = 'O', value_name = "FORMAT", global = true, hide_possible_values = true)]
    pub format: Option<Format>,
    /// Write the answer to a file; its ending (.txt, .json …) is the format
    #[arg(short = 'o', value_name = "FILE", global = true)]
    pub output: Option<PathBuf>,
    /// Colours: auto, always or never
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto", hide_possible_values = true)]
    pub color: Color,
    /// Replay what holds even if some documents cannot be read
    #[arg(long, global = true)]
    pub keep_going: bool,
    /// Read the files afresh, and keep nothing of them
    #[arg(long, global = true)]
    pub no_cache: bool,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Format] {
        &Format::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// When there are colours.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// From where one looks.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Viewpoint")]
pub struct View {
    /// As of the end of DATE, just after EVENT, or just before EVENT^ [default: the last event]
    #[arg(long, value_name = "DATE", value_parser = word)]
    pub at: Option<String>,
    /// Only what was publicly known by the end of DATE
    #[arg(long, value_name = "DATE", value_parser = word)]
    pub known_by: Option<String>,
    /// As VOICE has it: its claims go before the record
    #[arg(long, value_name = "VOICE", value_parser = word)]
    pub according_to: Option<String>,
    /// Only events that match, such as actor:putin,actor:trump; can be repeated
    #[arg(long, value_name = "FILTER", value_parser = word)]
    pub only: Vec<String>,
    /// What if events that match had not happened; can be repeated
    #[arg(long, value_name = "FILTER", value_parser = word)]
    pub without: Vec<String>,
    /// What if the events in FILE (`-`: standard input) had happened, too; can be repeated
    #[arg(long, value_name = "FILE")]
    pub with: Vec<PathBuf>,
}

impl View {
    /// The selectors of a question.
    pub fn selectors(&self) -> Selectors {
        Selectors {
            at: self.at.clone(),
            known_by: self.known_by.clone(),
            according_to: self.according_to.clone(),
            only: self.only.clone(),
            without: self.without.clone(),
        }
    }
}
