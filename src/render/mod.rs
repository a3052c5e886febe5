//! ANSWER → TEXT: labels first, colours last. A format is a file; the only JSON shapes are in `json/`.
//! Knows nothing of disks, terminals or arguments: what it must know of them is handed in as [`How`].

pub mod escape;
pub mod layout;
pub mod shape;
pub mod json;
pub mod columns;
mod yaml;
mod csv;
pub mod words;
mod lines;
mod expectation;
pub mod graph;
mod text;
mod md;
pub mod html;
pub mod diagnostic;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use crate::ask::{Answer, DateReading, Found};
pub use graph::ONLY_TRACE;

/// The formats of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One object.
    Json,
    /// The rows alone, one object a line.
    Jsonl,
    /// The rows alone, with a header.
    Csv,
    /// The same as JSON, in YAML.
    Yaml,
    /// Markdown, to be pasted into a report.
    Md,
    /// A graph for Graphviz; of a `trace` alone.
    Dot,
    /// A graph for Mermaid; of a `trace` alone.
    Mermaid,
}

/// What a rendering must know of where it goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct How {
    /// Whether text is coloured.
    pub color: bool,
    /// How many columns a line of text has.
    pub width: usize,
    /// Whether it goes to a terminal: JSON is indented, and CSV shows control characters escaped.
    pub terminal: bool,
    /// Everything: the alternatives of a fact, the particulars of an event.
    pub long: bool,
    /// What is put before the names of the chronicle's own files where a diagnostic points at them: empty, or a folder
    /// without a `/` at its end.
    pub folder: String,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 8] = [
        Format::Text,
        Format::Json,
        Format::Jsonl,
        Format::Csv,
        Format::Yaml,
        Format::Md,
        Format::Dot,
        Format::Mermaid,
    ];

    /// As `-O` names it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::Csv => "csv",
            Format::Yaml => "yaml",
            Format::Md => "md",
            Format::Dot => "dot",
            Format::Mermaid => "mermaid",
        }
    }

    /// Whether it is a graph, which only a `trace` is.
    pub fn is_graph(self) -> bool {
        matches!(self, Format::Dot | Format::Mermaid)
    }
}

impl Default for How {
    /// Eighty columns of plain text.
    fn default() -> How {
        How { color: false, width: 80, terminal: false, long: false, folder: String::new() }
    }
}

/// Writes an answer. Errors are those of the stream, and of kind `Unsupported` where the format is a graph and the answer
/// is none.
pub fn render(answer: &Answer, format: Format, how: &How, to: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text::answer(answer, how, to),
        Format::Json => json::answer(answer, how.long).write_json(to, how.terminal),
        Format::Jsonl => json::rows(answer).try_for_each(|row| row.write_json(to, false)),
        Format::Csv => {
            let names: Vec<&str> = columns::columns(answer).iter().map(|column| column.name).collect();
            csv::rows(&names, json::rows(answer), how, to)
        }
        Format::Yaml => yaml::write(json::answer(answer, how.long), to),
        Format::Md => md::answer(answer, how, to),
        Format::Dot | Format::Mermaid if !matches!(answer.found, Found::Trace(_)) => Err(graph::refused()),
        Format::Dot => graph::dot(answer, to),
        Format::Mermaid => graph::mermaid(answer, to),
    }
}

/// Writes how dates are read. Errors are those of the stream alone.
pub fn render_dates(dates: &[DateReading], format: Format, how: &How, to: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text::dates(dates, how, to),
        Format::Json => json::dates(dates).write_json(to, how.terminal),
        Format::Jsonl => dates.iter().try_for_each(|date| json::date(date).write_json(to, false)),
        Format::Csv => csv::rows(csv::DATE_COLUMNS, dates.iter().map(json::date), how, to),
        Format::Yaml => yaml::write(json::dates(dates), to),
        Format::Md => md::dates(dates, to),
        Format::Dot | Format::Mermaid => Err(graph::refused()),
    }
}

/// Writes any shape in a format that has no text of its own for it; text and Markdown are JSON.
pub fn render_shape(
    whole: &shape::Shape,
    rows: &[shape::Shape],
    columns: &[&str],
    format: Format,
    how: &How,
    to: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text | Format::Json | Format::Md => whole.write_json(to, how.terminal),
        Format::Jsonl => rows.iter().try_for_each(|row| row.write_json(to, false)),
        Format::Csv => csv::rows(columns, rows.iter().cloned(), how, to),
        Format::Yaml => yaml::write(whole.clone(), to),
        Format::Dot | Format::Mermaid => Err(graph::refused()),
    }
}
