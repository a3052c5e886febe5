//! YAML 1.2 → trees, document by document, for what `scan` leaves to it. The only file that names the YAML library;
//! after an error of syntax it goes on at the next `---`. Knows nothing of what a document means.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, Tag};
use rustc_hash::FxHashMap;

use super::tree::{self, DEPTH, Document, Entries, Key, Node, Shape, Style};
use crate::model::decimal::is_number;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::text::{FileId, Place};

/// What the aliases of a text may cost: far beyond what a person shares by them, and still in proportion to the text.
pub(super) fn allowance(content: &str) -> usize {
    content.len().saturating_mul(16).saturating_add(1 << 20)
}

/// Hands on every document of a part of a text, and of a list each element as one; what is left empty is passed over.
/// The part begins with the text or with a `---`, and ends likewise; what its aliases cost is taken off `allowance`.
pub(super) fn read_part<'a>(
    file: FileId,
    content: &'a str,
    part: Range<usize>,
    allowance: &mut usize,
    take: &mut dyn FnMut(Document<'a>),
) {
    let mut options = granit_parser::options! { emit_unresolved_aliases: true };
    options.set_emit_comments(false);
    // What follows the part is not cut off: a quote that is not closed is told of by what it runs into.
    let mut parser = Parser::new_from_str_with_options(&content[part.start..], options);
    let mut builder = Builder::new(file, content, part.start, allowance, take);
    loop {
        match parser.next_event() {
            None | Some(Ok((Event::StreamEnd, _))) => return,
            // Without a marker the place is that of the first word, which is behind an empty block text.
            Some(Ok((Event::DocumentStart(true, _), span))) if builder.place(&span).start as usize >= part.end => {
                return;
            }
            Some(Ok((event, span))) => builder.event(event, span),
            Some(Err(error)) => {
                builder.fail(&error);
                if !matches!(parser.proceed_next_document(), Ok(true)) {
                    return;
                }
            }
        }
    }
}

/// Where the comments of a text of one document stand; in words why its tree does not tell all that is written.
pub(super) fn comments(content: &str) -> Result<Vec<Range<usize>>, &'static str> {
    let mut options = granit_parser::options! { emit_unresolved_aliases: true };
    options.set_emit_comments(true);
    let mut comments = Vec::new();
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(content, options) {
        match event.map_err(|_| "it cannot be read")? {
            (Event::Comment(..), span) => comments.push(span.byte_range().ok_or("it cannot be read")?),
            (Event::DocumentStart(..), _) => documents += 1,
            (Event::Scalar(_, _, anchor, tag), _) => refuse_properties(anchor, tag.is_some())?,
            (Event::SequenceStart(_, anchor, tag) | Event::MappingStart(_, anchor, tag), _) => {
                refuse_properties(anchor, tag.is_some())?;
            }
            (Event::Alias(_) | Event::UnresolvedAlias(_), _) => return Err("it has aliases"),
            _ => {}
        }
    }
    if documents > 1 { Err("it has `...` in it") } else { Ok(comments) }
}

fn refuse_properties(anchor: usize, has_tag: bool) -> Result<(), &'static str> {
    match (anchor, has_tag) {
        (0, false) => Ok(()),
        (0, true) => Err("it has tags"),
        _ => Err("it has anchors"),
    }
}

/// A collection that is not closed yet.
struct Frame<'a> {
    open: Open<'a>,
    start: usize,
    anchor: usize,
}

enum Open<'a> {
    List(Vec<Node<'a>>),
    Map(Entries<'a>, Next<'a>),
}

/// What the next node of a mapping is; the value of a key that is no text is dropped with it.
enum Next<'a> {
    Key,
    Value(Option<Key<'a>>),
}

/// What an anchor names: the node, how deep it is, and what a copy of it costs.
struct Anchored<'a> {
    node: Node<'a>,
    depth: usize,
    cost: usize,
}

struct Builder<'a, 't> {
    file: FileId,
    content: &'a str,
    /// Where in the text the library began to read.
    base: usize,
    stack: Vec<Frame<'a>>,
    anchors: FxHashMap<usize, Anchored<'a>>,
    /// How many collections are open that are too deep to be kept.
    skipped: usize,
    /// What aliases may still cost.
    allowance: &'t mut usize,
    faults: Vec<Diagnostic>,
    /// The codes that a document is told of only once, and has been.
    told: BTreeSet<Code>,
    take: &'t mut dyn FnMut(Document<'a>),
}

impl<'a, 't> Builder<'a, 't> {
    fn new(
        file: FileId,
        content: &'a str,
        base: usize,
        allowance: &'t mut usize,
        take: &'t mut dyn FnMut(Document<'a>),
    ) -> Self {
        Builder {
            file,
            content,
            base,
            stack: Vec::new(),
            anchors: FxHashMap::default(),
            skipped: 0,
            allowance,
            faults: Vec::new(),
            told: BTreeSet::new(),
            take,
        }
    }

    fn event(&mut self, event: Event<'a>, span: Span) {
        if self.skipped > 0 {
            return self.skip(&event, &span);
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => self.scalar(text, style, anchor, tag, span),
            Event::SequenceStart(_, anchor, tag) => self.open(Open::List(Vec::new()), anchor, tag, span),
            Event::MappingStart(_, anchor, tag) => self.open(Open::Map(Vec::new(), Next::Key), anchor, tag, span),
            Event::SequenceEnd | Event::MappingEnd => self.close(&span),
            Event::Alias(id) => self.alias(id, &span),
            Event::UnresolvedAlias(name) => {
                let place = self.place(&span);
                let fault = Diagnostic::new(Code::Syntax, place, format!("the alias `*{name}` names no anchor"))
                    .help(format!("name a value with `&{name}` before it, or put the text in quotes"));
                self.broken(fault, place);
            }
            Event::DocumentEnd => self.anchors.clear(),
            _ => {}
        }
    }

    /// Passes over what stands inside a collection that is too deep.
    fn skip(&mut self, event: &Event, span: &Span) {
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => self.skipped += 1,
            Event::SequenceEnd | Event::MappingEnd => self.skipped -= 1,
            _ => {}
        }
        if self.skipped == 0 {
            let place = self.place(span);
            self.put(Node { shape: Shape::Broken, place });
        }
    }

    fn scalar(&mut self, text: Cow<'a, str>, style: ScalarStyle, anchor: usize, tag: Option<Cow<Tag>>, span: Span) {
        let mut place = self.place(&span);
        let (text, style) = match style {
            // A value that is left out comes as `~` without a place of its own.
            ScalarStyle::Plain if place.start == place.end => (Cow::Borrowed(""), Style::Plain),
            ScalarStyle::Plain => (text, Style::Plain),
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let words = self.content.get(place.start as usize..place.end as usize).unwrap_or("");
                place = Place::new(self.file, place.start as usize, place.start as usize + words.trim_end().len());
                (text, Style::Quoted)
            }
            _ => (text, Style::Quoted),
        };
        if let (true, Some(Frame { open: Open::Map(_, Next::Value(Some(key))), .. })) =
            (place.start == place.end, self.stack.last())
        {
            place = key.place;
        }
        let style = match tag {
            None => style,
            Some(tag) => match self.tagged(&tag, &text, style, &span) {
                Ok(style) => style,
                Err(fault) => return self.broken(fault, place),
            },
        };
        let node = Node { shape: Shape::Scalar(text, style), place };
        if anchor != 0 {
            self.name(anchor, &node);
        }
        self.put(node);
    }

    /// How a scalar with a tag is read: the core schema's tags say it, others are refused.
    fn tagged(&self, tag: &Tag, text: &str, style: Style, span: &Span) -> Result<Style, Diagnostic> {
        let reads = match tag.core_suffix() {
            Some("str") => return Ok(Style::Quoted),
            None if tag.original() == "!" => return Ok(Style::Quoted),
            Some("int") => is_number(text) && !text.contains(['.', 'e', 'E']) || text.starts_with("0x"),
            Some("float") => is_number(text) || tree::is_no_number(text),
            Some("bool") => tree::truth(text).is_some(),
            Some("null") => tree::is_null(text),
            _ => return Err(self.untagged(tag, span)),
        };
        if reads { Ok(if text.is_empty() { style } else { Style::Plain }) } else { Err(self.untagged(tag, span)) }
    }

    fn untagged(&self, tag: &Tag, span: &Span) -> Diagnostic {
        let place = span.tag_span().map_or_else(|| self.place(span), |span| self.place(&span));
        Diagnostic::new(Code::Syntax, place, format!("the tag `{}` does not fit here", tag.original()))
            .help("leave the tag out: only the tags of the core schema are read, such as `!!str`")
    }

    fn open(&mut self, open: Open<'a>, anchor: usize, tag: Option<Cow<Tag>>, span: Span) {
        if let Some(tag) = tag {
            let fits = match &open {
                Open::List(_) => tag.core_suffix() == Some("seq"),
                Open::Map(..) => tag.core_suffix() == Some("map"),
            };
            if !fits && tag.original() != "!" {
                let fault = self.untagged(&tag, &span);
                self.faults.push(fault);
            }
        }
        if self.stack.len() >= DEPTH {
            let place = self.place(&span);
            self.once(too_deep(place));
            self.skipped = 1;
            return;
        }
        self.stack.push(Frame { open, start: self.place(&span).start as usize, anchor });
    }

    fn close(&mut self, span: &Span) {
        let Some(frame) = self.stack.pop() else { return };
        let end = self.place(span);
        let (shape, last) = match frame.open {
            Open::List(nodes) => {
                let last = nodes.last().map(|node| node.place.end);
                (Shape::List(nodes), last)
            }
            Open::Map(mut entries, _) => {
                tree::without_duplicates(&mut entries, &mut self.faults);
                let last = entries.last().map(|(_, node)| node.place.end);
                (Shape::Map(entries), last)
            }
        };
        // The end of a flow collection has a bracket; that of a block is wherever the next thing begins.
        let last = last.map_or(frame.start, |last| last as usize);
        let end = if end.end > end.start { end.end as usize } else { last };
        let node = Node { shape, place: Place::new(self.file, frame.start, end.max(frame.start)) };
        if frame.anchor != 0 {
            self.name(frame.anchor, &node);
        }
        self.put(node);
    }

    fn name(&mut self, anchor: usize, node: &Node<'a>) {
        let (depth, cost) = measure(node);
        self.anchors.insert(anchor, Anchored { node: node.clone(), depth, cost });
    }

    fn alias(&mut self, id: usize, span: &Span) {
        let place = self.place(span);
        let Some(anchored) = self.anchors.get(&id) else {
            let fault = Diagnostic::new(Code::Syntax, place, "an alias inside what it stands for");
            return self.broken(fault.help("write the value out"), place);
        };
        if self.stack.len() + anchored.depth > DEPTH {
            self.once(too_deep(place));
            return self.put(Node { shape: Shape::Broken, place });
        }
        match self.allowance.checked_sub(anchored.cost) {
            Some(rest) => {
                *self.allowance = rest;
                let node = anchored.node.clone();
                self.put(node);
            }
            None => {
                *self.allowance = 0;
                let message = "the aliases of this text expand to more than the text could hold";
                let fault = Diagnostic::new(Code::TooManyAliases, place, message).help("write the values out");
                self.once(fault);
                self.put(Node { shape: Shape::Broken, place });
            }
        }
    }

    fn once(&mut self, fault: Diagnostic) {
        if self.told.insert(fault.code) {
            self.faults.push(fault);
        }
    }

    fn broken(&mut self, fault: Diagnostic, place: Place) {
        self.faults.push(fault);
        self.put(Node { shape: Shape::Broken, place });
    }

    /// Gives a finished node to the collection it stands in, or hands it on as a document.
    fn put(&mut self, node: Node<'a>) {
        let depth = self.stack.len();
        match self.stack.last_mut().map(|frame| &mut frame.open) {
            None => {
                let is_empty = matches!(&node.shape, Shape::Scalar(text, Style::Plain) if text.is_empty());
                // The elements of a list have been handed on one by one.
                if !is_empty && !matches!(node.shape, Shape::List(_)) || !self.faults.is_empty() {
                    self.hand_on(Some(node), false);
                }
            }
            Some(Open::List(_)) if depth == 1 => self.hand_on(Some(node), true),
            Some(Open::List(nodes)) => nodes.push(node),
            Some(Open::Map(entries, next)) => match std::mem::replace(next, Next::Key) {
                Next::Value(Some(key)) => entries.push((key, node)),
                Next::Value(None) => {}
                Next::Key => {
                    let (key, fault) = key(node);
                    *next = Next::Value(key);
                    self.faults.extend(fault);
                }
            },
        }
    }

    fn hand_on(&mut self, root: Option<Node<'a>>, listed: bool) {
        self.told.clear();
        (self.take)(Document { root, extent: None, listed, faults: std::mem::take(&mut self.faults) });
    }

    /// Gives up the document that is being read.
    fn fail(&mut self, error: &ScanError) {
        let at = error.marker().byte_offset().map_or(self.content.len(), |at| self.base + at).min(self.content.len());
        let fault = self.syntax(error, at);
        match fault.code {
            // The library has a limit of its own, which is met after ours.
            Code::TooDeep => self.once(fault),
            _ => self.faults.push(fault),
        }
        self.stack.clear();
        self.anchors.clear();
        self.skipped = 0;
        self.hand_on(None, false);
    }

    fn syntax(&self, error: &ScanError, at: usize) -> Diagnostic {
        let length = self.content[at..].chars().next().filter(|c| !c.is_whitespace()).map_or(0, char::len_utf8);
        let place = Place::new(self.file, at, at + length);
        let (message, help) = match error.kind() {
            ErrorKind::RecursionLimitExceeded => return too_deep(place),
            ErrorKind::MappingValueNotAllowed => {
                ("a `:` where none can be", "put the text in quotes, or see that the lines are indented alike")
            }
            ErrorKind::UnclosedQuotedScalar => ("a quote is opened and not closed", "close it"),
            ErrorKind::UnclosedFlowCollection { .. } => ("a bracket is opened and not closed", "close it"),
            ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation | ErrorKind::TabNotAllowed => {
                ("a tab cannot indent", "indent with spaces")
            }
            ErrorKind::SimpleKeyExpected => ("a key without `:`", "write `key: value`, or indent the text further"),
            ErrorKind::InvalidColonPlacement => ("a `:` where none can be", "is a bracket before it not closed?"),
            ErrorKind::UnknownQuotedScalarEscape => {
                ("an unknown escape in a double-quoted text", "write `\\\\` for a backslash")
            }
            ErrorKind::UnexpectedCharacter { character } => {
                let message = format!("`{}` cannot stand here", tree::shown(*character));
                return Diagnostic::new(Code::Syntax, place, message).help("put the text in quotes");
            }
            _ => return Diagnostic::new(Code::Syntax, place, error.info()),
        };
        Diagnostic::new(Code::Syntax, place, message).help(help)
    }

    fn place(&self, span: &Span) -> Place {
        let range = span.byte_range().unwrap_or(0..0);
        Place::new(self.file, self.base + range.start, self.base + range.end)
    }
}

/// A node as a key; what is no scalar cannot be one.
fn key(node: Node) -> (Option<Key>, Option<Diagnostic>) {
    let place = node.place;
    match node.shape {
        Shape::Scalar(text, _) => (Some(Key { text, place }), None),
        Shape::Broken => (None, None),
        Shape::List(_) | Shape::Map(_) => {
            let fault = Diagnostic::new(Code::WrongType, place, format!("a key is a text, not {}", node.shape_name()));
            (None, Some(fault.help("put the key in quotes")))
        }
    }
}

fn too_deep(place: Place) -> Diagnostic {
    Diagnostic::new(Code::TooDeep, place, format!("nested deeper than {DEPTH}"))
        .help("split the document, or flatten it")
}

/// How many collections stand in each other in a node, and what a copy of it costs, about its size in bytes.
fn measure(node: &Node) -> (usize, usize) {
    const NODE: usize = 32;
    let inside = |(depth, cost): (usize, usize), part: &Node, extra: usize| {
        let (inner, more) = measure(part);
        (depth.max(inner), cost + more + extra)
    };
    match &node.shape {
        Shape::Broken => (0, NODE),
        Shape::Scalar(text, _) => (0, NODE + text.len()),
        Shape::List(nodes) => {
            let (depth, cost) = nodes.iter().fold((0, NODE), |sum, part| inside(sum, part, 0));
            (depth + 1, cost)
        }
        Shape::Map(entries) => {
            let (depth, cost) =
                entries.iter().fold((0, NODE), |sum, (key, part)| inside(sum, part, NODE + key.text.len()));
            (depth + 1, cost)
        }
    }
}
