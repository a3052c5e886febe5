//! What is exported, and as what: every form with the answers that it can hold. Knows nothing of what the forms look like.

use crate::ask::{Answer, Refusal};
use crate::model::manifest::Manifest;
use crate::render::{Format, How, graph, render};

/// The forms of what goes out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// A diagram of Mermaid.
    Mermaid,
    /// A graph for Graphviz.
    Dot,
    /// Rows as a table.
    Csv,
    /// Rows as JSON, one a line.
    Jsonl,
}

/// What is exported.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'t> {
    /// The answer; of a chronicle its events.
    pub answer: &'t Answer<'t>,
    /// What the chronicle says of its names.
    pub manifest: &'t Manifest,
}

/// What was exported.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Exported {
    /// The whole text.
    pub text: String,
    /// The ids of the events that the form has no place for, because of their dates.
    pub left_out: Vec<String>,
}

impl Form {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Form::Mermaid => "mermaid",
            Form::Dot => "dot",
            Form::Csv => "csv",
            Form::Jsonl => "jsonl",
        }
    }

    /// Whether a chronicle goes out with all its events, also those that are void: in forms for data. Forms to look at
    /// have the events that count.
    pub fn is_of_all(self) -> bool {
        false
    }

    /// The answers that it takes, in words.
    fn takes(self) -> &'static str {
        match self {
            Form::Mermaid | Form::Dot => "events: `list`, `show` or `trace`",
            Form::Csv | Form::Jsonl => "any answer",
        }
    }

    fn refusal(self) -> Refusal {
        Refusal::bad(format!("{} cannot hold this answer: it takes {}", self.name(), self.takes()))
    }
}

/// Writes an answer in a form. Errors: an answer that the form cannot hold.
pub fn export(form: Form, subject: &Subject, how: &How) -> Result<Exported, Refusal> {
    let written = |write: &dyn Fn(&mut Vec<u8>) -> std::io::Result<()>| {
        let mut bytes = Vec::new();
        // Memory takes everything: what is not written was refused.
        write(&mut bytes).map_err(|_| form.refusal())?;
        Ok(Exported { text: String::from_utf8_lossy(&bytes).into_owned(), left_out: Vec::new() })
    };
    let answer = subject.answer;
    match form {
        Form::Csv => written(&|to| render(answer, Format::Csv, how, to)),
        Form::Jsonl => written(&|to| render(answer, Format::Jsonl, how, to)),
        Form::Dot => written(&|to| graph::dot(answer, to)),
        Form::Mermaid => written(&|to| graph::mermaid(answer, to)),
    }
}
