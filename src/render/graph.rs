//! Events as a graph, for Graphviz and Mermaid: every event once, an arrow from each cause to what grew out of it. Every
//! text of a chronicle is escaped for where it goes, so that no title becomes anything but words.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write};

use super::escape::visible;
use super::layout::width;
use super::shape::Shape;
use super::words;
use crate::ask::{Answer, Branch, Cut, EventRow, Found, Trace};

/// How wide a line of a label may be.
const LABEL: usize = 36;

/// Why an answer is not drawn.
pub const ONLY_TRACE: &str = "only `trace` can be written as dot or mermaid";

/// The error of what cannot be drawn.
pub(super) fn refused() -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, ONLY_TRACE)
}

/// Writes a trace, or events, in the language of Graphviz (<https://graphviz.org/doc/info/lang.html>); any other answer
/// is refused.
pub fn dot(answer: &Answer, to: &mut dyn Write) -> io::Result<()> {
    let (graph, heading) = drawn(answer)?;
    let label = |lines: &[String]| lines.iter().map(|line| dot_text(line)).collect::<Vec<_>>().join("\\n");
    writeln!(to, "digraph trace {{")?;
    writeln!(to, "  graph [label=\"{}\", labelloc=t, rankdir=TB]", label(&heading))?;
    writeln!(to, "  node [shape=box, fontname=\"sans-serif\"]")?;
    for (number, node) in graph.nodes.iter().enumerate() {
        let own = if node.is_own { ", penwidth=3" } else { "" };
        let possible = if node.row.possible { ", style=dashed" } else { "" };
        let id = dot_text(&node.row.event.id);
        writeln!(to, "  e{number} [label=\"{}\", tooltip=\"{id}\"{own}{possible}]", label(&node.label()))?;
    }
    graph.arrows.iter().try_for_each(|(cause, effect)| writeln!(to, "  e{cause} -> e{effect}"))?;
    writeln!(to, "}}")
}

/// Writes a trace, or events, in the language of Mermaid's flowcharts (<https://mermaid.js.org/syntax/flowchart.html>); any other
/// answer is refused.
pub fn mermaid(answer: &Answer, to: &mut dyn Write) -> io::Result<()> {
    let (graph, heading) = drawn(answer)?;
    // The title stands in YAML, where JSON's quotes hold anything.
    let title = Shape::from(visible(&heading.join(" – ")).into_owned()).to_json();
    writeln!(to, "---\ntitle: {title}\n---\nflowchart TB")?;
    for (number, node) in graph.nodes.iter().enumerate() {
        let label: Vec<String> = node.label().iter().map(|line| mermaid_text(line)).collect();
        writeln!(to, "  e{number}[\"{}\"]", label.join("<br/>"))?;
    }
    graph.arrows.iter().try_for_each(|(cause, effect)| writeln!(to, "  e{cause} --> e{effect}"))?;
    for (number, node) in graph.nodes.iter().enumerate() {
        let own = node.is_own.then_some("stroke-width:3px");
        let possible = node.row.possible.then_some("stroke-dasharray:4");
        let style: Vec<&str> = own.into_iter().chain(possible).collect();
        if !style.is_empty() {
            writeln!(to, "  style e{number} {}", style.join(","))?;
        }
    }
    Ok(())
}

/// The graph of an answer, and the lines above it.
fn drawn<'t>(answer: &'t Answer<'t>) -> io::Result<(Graph<'t>, Vec<String>)> {
    let mut heading = vec![answer.chronicle.to_owned(), words::viewpoint(&answer.view)];
    heading.extend(words::left_out(answer.left_out));
    let graph = match &answer.found {
        Found::Trace(trace) => {
            heading.extend(words::not_told(trace));
            Graph::of(trace)
        }
        Found::Events(rows) => Graph::among(rows.iter()),
        Found::Shown(shown) => Graph::among(shown.iter().map(|shown| &shown.event)),
        _ => return Err(refused()),
    };
    Ok((graph, heading))
}

/// An event as a node.
struct Node<'t> {
    row: &'t EventRow<'t>,
    /// Whether it is the event that is traced.
    is_own: bool,
    /// Whether it is cut where the tree is as deep as it may be, and whether it is told elsewhere all the same.
    is_cut: bool,
    is_told: bool,
}

impl Node<'_> {
    /// The lines of its label.
    fn label(&self) -> Vec<String> {
        let mark = if self.row.possible { "? " } else { "" };
        let mut lines = vec![format!("{mark}{}", words::day(self.row.event.date.value.text()))];
        lines.extend(wrapped(&self.row.event.title.value));
        lines.extend((self.is_cut && !self.is_told).then(|| "…".to_owned()));
        lines
    }
}

/// The events of a trace, its own first, and the arrows between their numbers.
#[derive(Default)]
struct Graph<'t> {
    nodes: Vec<Node<'t>>,
    numbers: BTreeMap<&'t str, usize>,
    arrows: BTreeSet<(usize, usize)>,
}

impl<'t> Graph<'t> {
    fn of(trace: &'t Trace<'t>) -> Graph<'t> {
        let mut graph = Graph::default();
        let own = graph.node(&trace.event);
        graph.nodes[own].is_own = true;
        graph.add(own, &trace.because, true);
        graph.add(own, &trace.consequences, false);
        graph
    }

    /// Events with those of their causes that are among them.
    fn among(rows: impl Iterator<Item = &'t EventRow<'t>>) -> Graph<'t> {
        let mut graph = Graph::default();
        let effects: Vec<usize> = rows.map(|row| graph.node(row)).collect();
        for effect in effects {
            let causes = &graph.nodes[effect].row.event.because;
            let causes = causes.iter().filter_map(|cause| graph.numbers.get(cause.value.as_str()));
            graph.arrows.extend(causes.map(|cause| (*cause, effect)));
        }
        graph
    }

    fn node(&mut self, row: &'t EventRow<'t>) -> usize {
        let next = self.nodes.len();
        let number = *self.numbers.entry(&row.event.id).or_insert(next);
        if number == next {
            self.nodes.push(Node { row, is_own: false, is_cut: false, is_told: false });
        }
        number
    }

    fn add(&mut self, of: usize, branches: &'t [Branch<'t>], are_causes: bool) {
        for branch in branches {
            let number = self.node(&branch.event);
            self.nodes[number].is_cut |= branch.cut == Some(Cut::Deep);
            self.nodes[number].is_told |= !branch.below.is_empty();
            self.arrows.insert(if are_causes { (number, of) } else { (of, number) });
            self.add(number, &branch.below, are_causes);
        }
    }
}

/// The text in lines that are not wider than a label.
fn wrapped(text: &str) -> Vec<String> {
    let text = visible(text);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= LABEL => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A text between double quotes of dot: a `"` would end it, a `\` begins an escape, and a `&` an entity of HTML.
fn dot_text(text: &str) -> String {
    visible(text).replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;")
}

/// A text between double quotes of Mermaid. Whatever is neither letter, digit, blank nor one of a few harmless signs
/// becomes an entity (`#34;`): quotes end a label, backticks begin Markdown, `%%` comments and directives, `<` HTML, and
/// `:` before `#` is read as a style.
pub fn mermaid_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in visible(text).chars() {
        match c {
            c if c.is_alphanumeric() || " ,.'()-–—’“”…".contains(c) => escaped.push(c),
            c => {
                let _ = write!(escaped, "#{};", u32::from(c));
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_title_ends_a_label_of_dot() {
        assert_eq!(dot_text("say \"no\"\\"), "say \\\"no\\\"\\\\");
        assert_eq!(dot_text("a\nb \\N <b>&lt;"), "a\\\\nb \\\\N <b>&amp;lt;");
    }

    #[test]
    fn no_title_ends_a_label_of_mermaid() {
        assert_eq!(mermaid_text("a \"b\"] --> end #35;"), "a #34;b#34;#93; --#62; end #35;35#59;");
        assert_eq!(mermaid_text("%%{init: 1}%% `x` <b>"), "#37;#37;#123;init#58; 1#125;#37;#37; #96;x#96; #60;b#62;");
        assert_eq!(mermaid_text("Київ – 1-й день, “так”"), "Київ – 1-й день, “так”");
    }

    #[test]
    fn labels_are_wrapped_between_words() {
        assert_eq!(wrapped("one two"), ["one two"]);
        assert_eq!(wrapped(&format!("{} b\nc", "a".repeat(36))), ["a".repeat(36), "b\\nc".to_owned()]);
    }
}
