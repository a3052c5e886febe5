//! A file of events as it is written → the same in the canonical style. Each stretch between two `---` lines by itself: one
//! that could not be written anew without losing something stays as it is. Knows nothing of what other files hold, nor
//! of disks.

use super::layout::{self, Node, Part};
use super::{notes, order};
use crate::parse::written::written;

/// A file in the canonical style.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Formatted {
    /// Its text.
    pub text: String,
    /// The documents that stay as they are: the line on which each begins, from 1, and why.
    pub kept: Vec<(usize, &'static str)>,
}

/// Writes a YAML file of events or expectations in the canonical style: UTF-8 without a byte order mark, lines end with
/// a line feed. What it means stays the same, and so does every comment at what it speaks of.
pub fn format(text: &str) -> Formatted {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let mut formatted = Formatted { text: String::with_capacity(text.len()), kept: Vec::new() };
    for stretch in stretches(&text) {
        match rewritten(stretch) {
            Ok(written) => formatted.text.push_str(&written),
            Err("it is empty") => formatted.text.push_str(stretch),
            Err(reason) => {
                let line = formatted.text.matches('\n').count() + 1;
                formatted.kept.push((line, reason));
                formatted.text.push_str(stretch);
            }
        }
    }
    formatted
}

/// The stretches of a text, each from its `---` on; a line of these three ends whatever stands before it.
fn stretches(text: &str) -> Vec<&str> {
    let mut starts = vec![0];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if at > 0 && is_marker(line, "---") {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| &text[*start..end]).collect()
}

fn is_marker(line: &str, mark: &str) -> bool {
    line.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n']))
}

/// One stretch anew, or why it stays as it is.
fn rewritten(stretch: &str) -> Result<String, &'static str> {
    let (marker, body) = match is_marker(stretch, "---") {
        true => stretch.split_once('\n').unwrap_or((stretch, "")),
        false => ("", stretch),
    };
    let behind = marker.trim_start_matches("---").trim();
    if !(behind.is_empty() || behind.starts_with('#')) {
        return Err("it begins on the line of its `---`");
    }
    if stretch.contains('\r') {
        return Err("it has carriage returns in it");
    }
    if stretch.lines().any(|line| line.starts_with('%') || is_marker(line, "...")) {
        return Err("it has a directive or `...` in it");
    }
    let before = tree(body)?;
    let text = layout::document(&before);
    // Better left than lost: what was written is read again and held against what it was.
    let after = tree(&text)?;
    if bare(before.node.clone()) != bare(after.node.clone()) || comments(&before) != comments(&after) {
        return Err("it could not be written anew and stay the same");
    }
    if layout::document(&after) != text {
        return Err("it has no settled form");
    }
    let marker = match (marker.is_empty(), behind.is_empty()) {
        (true, _) => String::new(),
        (false, true) => "---\n".to_owned(),
        (false, false) => format!("--- {behind}\n"),
    };
    Ok(marker + &text)
}

fn tree(body: &str) -> Result<Part, &'static str> {
    let mut root = notes::tree(body, &written(body)?);
    order::document(&mut root.node);
    Ok(root)
}

/// A tree without its comments.
fn bare(node: Node) -> Node {
    let quiet = |part: Part| Part::new(bare(part.node));
    match node {
        Node::List(mut list) => {
            list.items = list.items.into_iter().map(quiet).collect();
            list.foot.clear();
            Node::List(list)
        }
        Node::Map(mut map) => {
            map.entries = map.entries.into_iter().map(|(key, part)| (key, quiet(part))).collect();
            map.foot.clear();
            Node::Map(map)
        }
        node => node,
    }
}

/// All comments of a part, in the order in which they are written.
fn comments(part: &Part) -> Vec<&str> {
    let mut all: Vec<&str> = part.before.iter().chain(&part.behind).map(String::as_str).collect();
    match &part.node {
        Node::List(list) => {
            all.extend(list.items.iter().flat_map(comments));
            all.extend(list.foot.iter().map(String::as_str));
        }
        Node::Map(map) => {
            all.extend(map.entries.iter().flat_map(|(_, part)| comments(part)));
            all.extend(map.foot.iter().map(String::as_str));
        }
        _ => {}
    }
    all.retain(|comment| !comment.is_empty());
    all
}
