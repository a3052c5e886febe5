//! A rules file → [`Rules`]: an event file with columns in it (`form.rs`), and how the table is written. Every fault of it
//! is told with its place before a row is read. Knows nothing of rows.

use regex::RegexBuilder;

use super::encoding::Encoding;
use super::rows::Layout;
use super::rules::{Case, Columns, Match, Rules, Test};
use super::template::Names;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::manifest::Manifest;
use crate::model::text::{FileId, Place, Text};
use crate::parse::{Decoder, Key, Node, Shape, Style};

/// What the keys of a rules file are beside those of an event.
pub(super) const KEYS: [&str; 11] = [
    "columns",
    "separator",
    "quote",
    "encoding",
    "skip",
    "decimal",
    "thousands",
    "map",
    "required",
    "snapshot",
    "cases",
];
impl Rules {
    /// Reads a rules file. Errors: all that is wrong with it.
    pub fn parse(text: &Text) -> Result<Rules, Vec<Diagnostic>> {
        let nothing = Manifest::default();
        let (reading, root) = Decoder::new(text.content(), &nothing);
        let mut draft = Draft {
            reading,
            rules: Rules {
                layout: Layout::default(),
                columns: Columns::Header,
                names: Names::default(),
                required: Vec::new(),
                is_snapshot: false,
                event: Vec::new(),
                cases: Vec::new(),
            },
        };
        match root {
            Some(root) => draft.root(root),
            None if draft.reading.is_whole() => {
                draft.reading.say(Diagnostic::new(
                    Code::MissingKey,
                    Place::of_file(FileId(0)),
                    "no rules in this file",
                ));
            }
            None => {}
        }
        if draft.reading.is_whole() { Ok(draft.rules) } else { Err(draft.faults()) }
    }
}

/// A rules file while it is read.
pub(super) struct Draft<'a> {
    pub(super) reading: Decoder<'a>,
    pub(super) rules: Rules,
}

impl<'a> Draft<'a> {
    /// What is wrong; whoever writes `{from: ${day}}` is told of the quotes.
    fn faults(self) -> Vec<Diagnostic> {
        let mut faults = self.reading.faults();
        for fault in faults.iter_mut().filter(|fault| fault.code == Code::Syntax && fault.help.is_none()) {
            fault.help = Some(
                "a text with `${…}` stands in quotes inside of `{…}` and `[…]`, and where it has `: ` in it".to_owned(),
            );
        }
        faults
    }

    fn root(&mut self, root: Node<'a>) {
        let place = root.place;
        let Some(mut entries) = self.reading.map("rules", "a mapping", root) else { return };
        // Templates name tables, wherever those stand.
        if let Some(at) = entries.iter().position(|(key, _)| key.text == "map") {
            let (_, node) = entries.remove(at);
            self.maps(node);
        }
        let mut given: Vec<String> = Vec::new();
        for (key, node) in entries {
            given.push(key.text.to_string());
            if KEYS.contains(&&*key.text) {
                self.table_key(&key.text, node);
            } else if let Some(form) = self.event_key(&key, node) {
                self.rules.event.push((key.text.into_owned(), form));
            }
        }
        for name in ["date", "title"] {
            let in_case = self.rules.cases.iter().any(|case| case.event.iter().any(|(key, _)| key == name));
            if !in_case && !given.iter().any(|key| key == name) {
                let place = Place { end: place.start, ..place };
                let fault = Diagnostic::new(Code::MissingKey, place, format!("rules without a `{name}`"));
                self.reading.say(fault.help(format!("say what it is made of: `{name}: ${{COLUMN}}`")));
            }
        }
    }

    /// How the table is written.
    fn table_key(&mut self, what: &str, node: Node<'a>) {
        match what {
            "columns" => match &node.shape {
                Shape::Scalar(word, Style::Plain) if word == "none" => self.rules.columns = Columns::Numbered,
                _ => {
                    let names = self.reading.texts(what, node);
                    self.rules.columns = Columns::Named(names.into_iter().map(|name| name.value).collect());
                }
            },
            "separator" => {
                let named = [("tab", b'\t'), ("comma", b','), ("semicolon", b';'), ("bar", b'|')];
                self.rules.layout.separator = self.sign(what, node, &named).unwrap_or(b',');
            }
            "quote" => {
                self.rules.layout.quote = self.sign(what, node, &[("none", 0)]).filter(|quote| *quote != 0);
            }
            "decimal" => self.rules.names.decimal = self.sign(what, node, &[]).map(char::from),
            "thousands" => self.rules.names.thousands = self.sign(what, node, &[("blank", b' ')]).map(char::from),
            "encoding" => {
                let known =
                    [("utf-8", Encoding::Utf8), ("latin-1", Encoding::Latin1), ("windows-1252", Encoding::Windows1252)];
                let Some(word) = self.reading.text(what, node) else { return };
                match known.iter().find(|(name, _)| word.value.eq_ignore_ascii_case(name)) {
                    Some((_, encoding)) => self.rules.layout.encoding = *encoding,
                    None => self.reading.bad_word(what, &word, &known.map(|(name, _)| name)),
                }
            }
            "skip" => {
                let Some(lines) = self.reading.text(what, node) else { return };
                match lines.value.parse() {
                    Ok(lines) => self.rules.layout.skip = lines,
                    Err(_) => {
                        let message = format!("`skip` takes a number of lines, not `{}`", lines.value);
                        self.reading.say(Diagnostic::new(Code::BadNumber, lines.place, message));
                    }
                }
            }
            "required" => {
                for name in self.reading.texts(what, node) {
                    let column = self.rules.names.column(&name.value, name.place);
                    self.rules.required.push(column);
                }
            }
            "snapshot" => self.rules.is_snapshot = self.reading.truth(what, &node).unwrap_or_default(),
            _ => {
                for node in self.reading.items(what, "a list of mappings with an `if` each", node) {
                    self.case(node);
                }
            }
        }
    }

    /// One sign, or the name of one.
    fn sign(&mut self, what: &str, node: Node<'a>, named: &[(&'static str, u8)]) -> Option<u8> {
        let word = self.reading.text(what, node)?;
        if let Some((_, sign)) = named.iter().find(|(name, _)| *name == word.value) {
            return Some(*sign);
        }
        if let [sign @ (b'\t' | b' '..=b'~')] = word.value.as_bytes() {
            return Some(*sign);
        }
        let message = format!("`{what}` takes one sign, not `{}`", word.value);
        let names: Vec<String> = named.iter().map(|(name, _)| format!("`{name}`")).collect();
        let fault = Diagnostic::new(Code::BadWord, word.place, message);
        self.reading.say(if names.is_empty() { fault } else { fault.help(format!("or {}", names.join(", "))) });
        None
    }

    fn maps(&mut self, node: Node<'a>) {
        for (name, node) in self.reading.map("map", "a mapping from names to tables", node).unwrap_or_default() {
            let Some(lines) = self.reading.map(&name.text, "a mapping", node) else { continue };
            let mut table = Vec::new();
            for (from, to) in lines {
                if matches!(to.shape, Shape::List(_) | Shape::Map(_)) {
                    self.reading.wrong(&from.text, "one value", &to);
                }
                table.push((from.text.into_owned(), self.reading.free(to)));
            }
            self.rules.names.maps.insert(name.text.into_owned(), table);
        }
    }

    fn case(&mut self, node: Node<'a>) {
        let place = node.place;
        let Some(entries) = self.reading.map("cases", "a mapping with an `if`", node) else { return };
        let mut case = Case { tests: Vec::new(), skip: false, event: Vec::new() };
        let mut has_if = false;
        for (key, node) in entries {
            match &*key.text {
                "if" => {
                    has_if = true;
                    for (column, node) in
                        self.reading.map("if", "a mapping from columns to values", node).unwrap_or_default()
                    {
                        case.tests.extend(self.test(&column, node));
                    }
                }
                "skip" => case.skip = self.reading.truth("skip", &node).unwrap_or_default(),
                _ => {
                    if let Some(form) = self.event_key(&key, node) {
                        case.event.push((key.text.into_owned(), form));
                    }
                }
            }
        }
        if !has_if {
            let fault =
                Diagnostic::new(Code::MissingKey, Place { end: place.start, ..place }, "a case without an `if`");
            self.reading.say(fault.help("say for which rows: `if: {COLUMN: VALUE}`, or move it out of `cases`"));
        }
        self.rules.cases.push(case);
    }

    fn test(&mut self, column: &Key<'a>, node: Node<'a>) -> Option<Test> {
        let number = self.rules.names.column(&column.text, column.place);
        let (node, not) = match node.shape {
            Shape::Map(mut entries) if entries.len() == 1 && entries[0].0.text == "not" => (entries.remove(0).1, true),
            shape => (Node { shape, place: node.place }, false),
        };
        let mut any = Vec::new();
        for item in
            if node.is_null() { vec![node] } else { self.reading.items(&column.text, "a value or a list", node) }
        {
            // An empty column is written as nothing.
            if item.is_null() {
                any.push(Match::Equals(String::new()));
                continue;
            }
            let text = self.reading.text(&column.text, item)?;
            let (pattern, any_case) = match text.value.strip_suffix('i') {
                Some(cut) if cut.ends_with('/') && cut.len() > 1 => (cut, true),
                _ => (text.value.as_str(), false),
            };
            let Some(pattern) = pattern.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) else {
                any.push(Match::Equals(text.value));
                continue;
            };
            match RegexBuilder::new(pattern).case_insensitive(any_case).build() {
                Ok(regex) => any.push(Match::Matches(Box::new(regex))),
                Err(error) => {
                    let said = error.to_string();
                    let reason = said.lines().last().unwrap_or("").trim_start_matches("error: ").to_owned();
                    let message = format!("`/{pattern}/` is no regular expression: {reason}");
                    let fault = Diagnostic::new(Code::Syntax, text.place, message);
                    self.reading
                        .say(fault.help(r"expressions are those of the Rust crate `regex`; `\(` is the sign itself"));
                }
            }
        }
        Some(Test { column: number, any, not })
    }
}
