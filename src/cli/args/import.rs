//! The words of `asof import`. Knows nothing of formats but their names.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};

use crate::exchange;
use crate::exchange::git::Holds;

/// What is imported, and where to.
#[derive(Args, Debug)]
pub struct Import {
    /// The format of the files
    #[arg(value_name = "FORMAT", value_parser = PossibleValuesParser::new(exchange::importers()))]
    pub from: String,
    /// The files, one after another; `-` is standard input; of git the folders of repositories
    #[arg(value_name = "FILE", required_unless_present = "print_rules")]
    pub files: Vec<PathBuf>,
    /// What the columns of a table mean [default: the format's own; of csv FILE.rules beside the first file]
    #[arg(long, value_name = "RULES")]
    pub rules: Option<PathBuf>,
    /// Print the rules of a format, to be changed and given as `--rules`
    #[arg(long, conflicts_with_all = ["files", "rules"])]
    pub print_rules: bool,
    /// One file with all events, one a line, instead of a file for each; `-` is standard output
    #[arg(long, value_name = "OUT", conflicts_with = "into")]
    pub jsonl: Option<PathBuf>,
    /// Where event files go, below it by year [default: the chronicle's folder]
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
    /// What the events set is what this voice claims, and not on record
    #[arg(long, value_name = "VOICE", value_parser = super::slug)]
    pub voice: Option<String>,
    /// In which language Wikidata's entities are named, by its code
    #[arg(long, value_name = "CODE", default_value = "en")]
    pub language: String,
    /// What each file of a git repository is: the name of its content, or its count of lines
    #[arg(long, value_name = "WHAT", default_value = "blob")]
    pub holds: Holds,
    /// Write anew what is there from an earlier import and has changed
    #[arg(long)]
    pub update: bool,
    /// Show the first events and how many there are, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl ValueEnum for Holds {
    fn value_variants<'a>() -> &'a [Holds] {
        &[Holds::Blob, Holds::Lines]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Holds::Blob => PossibleValue::new("blob").help("The name of its content"),
            Holds::Lines => PossibleValue::new("lines").help("So many lines"),
        })
    }
}
