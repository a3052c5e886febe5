//! What is exported, and as what: every form with the answers that it can hold. Knows nothing of what the forms look like.

use std::fmt::Write;
use std::io;

use super::{bibtex, cloudevents, csl, ics, markwhen, mermaid, prov, timelinejs};
use crate::ask::{Answer, Found, Refusal, Rows};
use crate::model::event::Free;
use crate::model::manifest::Manifest;
use crate::render::json::free;
use crate::render::shape::Shape;
use crate::render::{Format, How, graph, render};

/// The forms of what goes out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// A timeline of TimelineJS3.
    Timelinejs,
    /// A calendar.
    Ics,
    /// A text of Markwhen.
    Markwhen,
    /// A diagram of Mermaid.
    Mermaid,
    /// A graph for Graphviz.
    Dot,
    /// Rows as a table.
    Csv,
    /// Rows as JSON, one a line.
    Jsonl,
    /// CloudEvents, one a line.
    Cloudevents,
    /// Provenance as JSON-LD.
    Prov,
    /// Sources as CSL-JSON.
    Csl,
    /// Sources as BibLaTeX.
    Bibtex,
}

/// What is exported.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'t> {
    /// The answer; of a chronicle its events.
    pub answer: &'t Answer<'t>,
    /// What the chronicle says of its names.
    pub manifest: &'t Manifest,
    /// Whether it is the chronicle itself, with sources that no event cites, and no answer to a question.
    pub is_whole: bool,
}

/// Of what a format with tables is.
#[derive(Clone, Copy, Debug)]
pub enum Of<'t> {
    /// A chronicle.
    Chronicle(Rows<'t>),
    /// An answer: its rows and its viewpoints.
    Answer(&'t Answer<'t>),
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
            Form::Timelinejs => "timelinejs",
            Form::Ics => "ics",
            Form::Markwhen => "markwhen",
            Form::Mermaid => "mermaid",
            Form::Dot => "dot",
            Form::Csv => "csv",
            Form::Jsonl => "jsonl",
            Form::Cloudevents => "cloudevents",
            Form::Prov => "prov",
            Form::Csl => "csl",
            Form::Bibtex => "bibtex",
        }
    }

    /// Whether a chronicle goes out with all its events, also those that are void: in forms for data. Forms to look at
    /// have the events that count.
    pub fn is_of_all(self) -> bool {
        matches!(self, Form::Cloudevents | Form::Prov | Form::Csl | Form::Bibtex)
    }

    /// The answers that it takes, in words.
    fn takes(self) -> &'static str {
        match self {
            Form::Csv | Form::Jsonl => "any answer",
            _ => "events (`list`, `show`, `trace`) or those behind values (`replay`, `diff`, `why`, `history`)",
        }
    }

    fn refusal(self) -> Refusal {
        Refusal::bad(format!("{} cannot hold this answer: it takes {}", self.name(), self.takes()))
    }
}

/// Writes an answer in a form. Errors: an answer that the form cannot hold.
pub fn export(form: Form, subject: &Subject, how: &How) -> Result<Exported, Refusal> {
    let answer = subject.answer;
    let written = |write: &dyn Fn(&mut Vec<u8>) -> io::Result<()>| {
        let mut bytes = Vec::new();
        // Memory takes everything: what is not written was refused.
        write(&mut bytes).ok()?;
        Some(Exported { text: String::from_utf8_lossy(&bytes).into_owned(), left_out: Vec::new() })
    };
    let exported = match form {
        Form::Timelinejs => timelinejs::write(subject),
        Form::Ics => ics::write(subject),
        Form::Markwhen => markwhen::write(subject),
        Form::Mermaid if matches!(answer.found, Found::Trace(_)) => written(&|to| graph::mermaid(answer, to)),
        Form::Mermaid => mermaid::write(subject),
        Form::Dot => written(&|to| graph::dot(answer, to)),
        Form::Csv => written(&|to| render(answer, Format::Csv, how, to)),
        Form::Jsonl => written(&|to| render(answer, Format::Jsonl, how, to)),
        Form::Cloudevents => cloudevents::write(subject),
        Form::Prov => prov::write(subject),
        Form::Csl => csl::write(subject),
        Form::Bibtex => bibtex::write(subject),
    };
    exported.ok_or_else(|| form.refusal())
}

/// A title as one word in small letters, by which a chronicle is named outside of itself.
pub fn slug(title: &str) -> String {
    let words: String = title.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let slug = words.split_whitespace().collect::<Vec<_>>().join("-").to_lowercase();
    if slug.is_empty() { "chronicle".to_owned() } else { slug }
}

/// A text as a part of an address: all but letters, digits and `-._~` of ASCII is percent-encoded (RFC 3986 §2.3).
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            byte => _ = write!(encoded, "%{byte:02X}"),
        }
    }
    encoded
}

/// Free data as a shape that holds it.
pub fn shape<'a>(data: Free) -> Shape<'a> {
    match data {
        Free::Text(words) => words.into(),
        Free::List(items) => Shape::List(items.into_iter().map(shape).collect()),
        Free::Map(keys) => Shape::Map(keys.into_iter().map(|(key, value)| (key.into(), shape(value))).collect()),
        Free::Null => Shape::Null,
        Free::Truth(truth) => truth.into(),
        number @ Free::Number(_) => match free(&number) {
            Shape::Number(digits) => Shape::Number(digits),
            other => other.to_json().into(),
        },
    }
}
