//! Diagrams of Mermaid: what stands on a time line as a `timeline` (<https://mermaid.js.org/syntax/timeline.html>), a
//! section for each year; a trace as a graph, which `render/graph.rs` draws.

use std::fmt::Write;

use super::entry::entries;
use super::export::{Exported, Subject};
use crate::render::escape::visible;
use crate::render::graph::mermaid_text;
use crate::render::shape::Shape;
use crate::render::words;

/// Writes a time line; nothing, if the answer is none of events or of a path's values.
pub fn write(subject: &Subject) -> Option<Exported> {
    let mut exported = Exported::default();
    let answer = subject.answer;
    let heading = format!("{} \u{2013} {}", answer.chronicle, words::viewpoint(&answer.view));
    // The title stands in YAML, where JSON's quotes hold anything.
    let title = Shape::from(visible(&heading).into_owned()).to_json();
    let to = &mut exported.text;
    let _ = writeln!(to, "---\ntitle: {title}\n---\ntimeline");
    let mut section = None;
    for entry in entries(answer, subject.manifest)? {
        let year = entry.stretch.map(|stretch| stretch.first.year);
        if year.is_some() && year != section {
            section = year;
            let shown = year
                .map_or(String::new(), |year| if year > 0 { year.to_string() } else { format!("{} BCE", 1 - year) });
            let _ = writeln!(to, "  section {shown}");
        }
        let _ = writeln!(to, "    {} : {}", mermaid_text(&entry.words), mermaid_text(&entry.title));
    }
    Some(exported)
}
