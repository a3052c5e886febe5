//! A tree with its comments → lines: what is short stands in brackets, all else in blocks. Knows nothing of events: which
//! order the keys have, and which texts are dates, is settled before.

use unicode_width::UnicodeWidthStr;

use super::scalar::{self, Stands, WIDTH};

/// A longer key is written with `?` before it: readers look no further for its colon (YAML 1.2 §7.4.2).
const KEY: usize = 1000;

/// What stands in a list, behind a key, or is the whole document.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Part {
    /// The comments on the lines before it, each with its `#`; an empty one is an empty line.
    pub before: Vec<String>,
    /// The comment behind it on its line, or behind the key where it begins on the next.
    pub behind: Option<String>,
    pub node: Node,
}

/// What a part is.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Node {
    /// What is no text: a number, a truth, nothing; or the words of a date.
    Plain(String),
    /// A date by its words.
    Date(String),
    /// A text.
    Text(String),
    /// A text that is folded, however short it is.
    Folded(String),
    List(List),
    Map(Map),
}

/// Elements, and the comments behind the last.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct List {
    pub items: Vec<Part>,
    pub foot: Vec<String>,
}

/// Keys with what stands behind them, and the comments behind the last.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Map {
    pub entries: Vec<(String, Part)>,
    pub foot: Vec<String>,
    /// Whether it stands in braces where it fits, though it has several keys.
    pub is_short: bool,
}

impl Part {
    pub fn new(node: Node) -> Part {
        Part { before: Vec::new(), behind: None, node }
    }

    fn is_silent(&self) -> bool {
        self.before.is_empty() && self.behind.is_none()
    }
}

/// A whole document, each line with its end.
pub(super) fn document(root: &Part) -> String {
    let mut lines = Lines::default();
    lines.comments(0, &root.before);
    match &root.node {
        Node::Map(map) if !map.entries.is_empty() => lines.map(0, map),
        Node::List(list) if !list.items.is_empty() => lines.list(0, list),
        node => {
            lines.value(0, node, root.behind.as_deref());
            lines.text = lines.text.trim_start().to_owned();
        }
    }
    lines.text
}

/// A part on one line, if it is short by nature.
fn in_line(node: &Node, stands: Stands) -> Option<String> {
    match node {
        Node::Plain(words) if words.is_empty() && stands == Stands::InBrackets => Some("null".to_owned()),
        Node::Plain(words) => Some(words.clone()),
        Node::Date(words) => Some(scalar::date(words, stands)),
        Node::Text(text) if stands == Stands::InBrackets && text.contains('\n') => None,
        Node::Text(text) => Some(scalar::on_one_line(text, stands)),
        Node::Folded(_) => None,
        Node::List(list) => {
            let is_bare = |part: &Part| part.is_silent() && !matches!(part.node, Node::List(_) | Node::Map(_));
            if !list.foot.is_empty() || !list.items.iter().all(is_bare) {
                return None;
            }
            let items: Option<Vec<String>> =
                list.items.iter().map(|part| in_line(&part.node, Stands::InBrackets)).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Node::Map(map) => {
            let is_bare = |(key, part): &(String, Part)| {
                part.is_silent() && key.len() < KEY && !matches!(part.node, Node::Map(_))
            };
            let is_short = map.is_short || map.entries.len() < 2;
            if !is_short || !map.foot.is_empty() || !map.entries.iter().all(is_bare) {
                return None;
            }
            let entry = |(key, part): &(String, Part)| {
                let key = scalar::on_one_line(key, Stands::InBrackets);
                Some(format!("{key}: {}", in_line(&part.node, Stands::InBrackets)?))
            };
            let entries: Option<Vec<String>> = map.entries.iter().map(entry).collect();
            Some(format!("{{{}}}", entries?.join(", ")))
        }
    }
}

#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn map(&mut self, indent: usize, map: &Map) {
        for (at, (key, part)) in map.entries.iter().enumerate() {
            if at > 0 {
                self.comments(indent, &part.before);
                self.indent(indent);
            } else if !self.is_in_line() {
                self.comments(indent, without_blank(&part.before));
                self.indent(indent);
            }
            let key = scalar::on_one_line(key, Stands::InBlock);
            if key.len() < KEY {
                self.text.push_str(&key);
            } else {
                self.text.push_str("? ");
                self.text.push_str(&key);
                self.text.push('\n');
                self.indent(indent);
            }
            self.text.push(':');
            self.value(indent, &part.node, part.behind.as_deref());
        }
        self.comments(indent, &map.foot);
    }

    fn list(&mut self, indent: usize, list: &List) {
        for (at, part) in list.items.iter().enumerate() {
            // What stands before the first key of an element stands before its dash.
            let first = match &part.node {
                Node::Map(map) => map.entries.first().map_or(&[][..], |(_, first)| &first.before),
                _ => &[],
            };
            self.comments(indent, if at > 0 { &part.before } else { without_blank(&part.before) });
            self.comments(indent, without_blank(first));
            self.indent(indent);
            self.text.push('-');
            match &part.node {
                Node::Map(map) if !map.entries.is_empty() => {
                    self.text.push(' ');
                    self.map(indent + 2, map);
                }
                node => self.value(indent, node, part.behind.as_deref()),
            }
        }
        self.comments(indent, &list.foot);
    }

    /// What stands behind a dash, or behind the colon of a key, that stands at `indent`.
    fn value(&mut self, indent: usize, node: &Node, behind: Option<&str>) {
        let column = self.text.len() - self.text.rfind('\n').map_or(0, |end| end + 1);
        let column = self.text[self.text.len() - column..].width();
        let line = in_line(node, Stands::InBlock);
        let fits = line.as_ref().is_some_and(|line| column + 1 + line.width() <= WIDTH);
        let block = match node {
            Node::Text(text) if text.contains('\n') || (!fits && scalar::can_be_wrapped(text)) => {
                scalar::block(text, indent + 2)
            }
            Node::Folded(text) => scalar::block(text, indent + 2),
            _ => None,
        };
        match (node, block, line) {
            (_, Some(block), _) => {
                let (header, lines) = block.split_once('\n').unwrap_or((&block, ""));
                self.word(header, behind);
                self.text.push_str(lines);
                self.text.push('\n');
            }
            (Node::List(list), None, _) if !fits && !list.items.is_empty() => {
                self.word("", behind);
                self.list(indent + 2, list);
            }
            (Node::Map(map), None, _) if !fits && !map.entries.is_empty() => {
                self.word("", behind);
                self.map(indent + 2, map);
            }
            (Node::Folded(text), None, _) => self.word(&scalar::on_one_line(text, Stands::InBlock), behind),
            (_, None, line) => self.word(&line.unwrap_or_default(), behind),
        }
    }

    /// The last word of a line and the comment behind it.
    fn word(&mut self, word: &str, behind: Option<&str>) {
        for word in [Some(word), behind].into_iter().flatten().filter(|word| !word.is_empty()) {
            self.text.push(' ');
            self.text.push_str(word);
        }
        self.text.push('\n');
    }

    fn comments(&mut self, indent: usize, comments: &[String]) {
        for comment in comments {
            if !comment.is_empty() {
                self.indent(indent);
                self.text.push_str(comment);
            }
            self.text.push('\n');
        }
    }

    fn indent(&mut self, indent: usize) {
        self.text.extend(std::iter::repeat_n(' ', indent));
    }

    /// Whether a line is begun, by a dash.
    fn is_in_line(&self) -> bool {
        self.text.ends_with("- ")
    }
}

/// Comments without the empty lines before the first.
fn without_blank(comments: &[String]) -> &[String] {
    let blank = comments.iter().take_while(|comment| comment.is_empty()).count();
    &comments[blank..]
}
