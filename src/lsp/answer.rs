//! Requests of an editor and their answers, in the shapes of LSP 3.17. Each looks up what stands at a place of a text as
//! it is now, and asks the last good reading of its chronicle about it.

use std::collections::BTreeSet;
use std::ops::Range;

use lsp_server::ErrorCode;
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionList, CompletionOptions, CompletionTextEdit,
    DocumentFormattingParams, DocumentSymbol, DocumentSymbolParams, Hover, HoverContents, HoverProviderCapability,
    Location, MarkupContent, MarkupKind, OneOf, ReferenceParams, SaveOptions, ServerCapabilities, SymbolInformation,
    SymbolKind, TextDocumentPositionParams, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    TextDocumentSyncSaveOptions, TextEdit, Uri,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, to_value};

use super::about::{self, Around, Sheet};
use super::complete::{MOST, Offered, offers};
use super::meaning::{File, Meaning, Sort, meanings};
use super::names::{self, Named};
use super::outline::{Document, Outline, Word, Writing};
use super::position::{Encoding, Lines};
use super::{Open, Server, address, keys};
use crate::model::date::{Calendar, Date};
use crate::timeline::Timeline;

/// Stands where nothing is typed yet, so that it is seen what it would be; it is no letter of any script.
const MARK: char = '\u{e000}';

type Answered = Result<Value, (ErrorCode, String)>;

/// What the server does.
pub fn capabilities(encoding: Encoding) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions { include_text: Some(false) })),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([".", " "].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        document_formatting_provider: Some(OneOf::Left(true)),
        ..ServerCapabilities::default()
    }
}

/// Whether a request is better answered once the chronicle is read.
pub fn needs_chronicle(method: &str) -> bool {
    ["hover", "definition", "references", "completion"].iter().any(|name| method == format!("textDocument/{name}"))
}

/// Answers a request. Errors: there is no such request, or it is not well-formed.
pub fn answer(server: &Server, method: &str, params: Value) -> Answered {
    match method {
        "textDocument/hover" => hover(server, &read(params)?),
        "textDocument/definition" => definition(server, &read(params)?),
        "textDocument/references" => references(server, &read(params)?),
        "textDocument/completion" => completion(server, &read(params)?),
        "textDocument/documentSymbol" => symbols(server, &read(params)?),
        "textDocument/formatting" => formatting(server, &read(params)?),
        _ => Err((ErrorCode::MethodNotFound, format!("`{method}` is not answered here"))),
    }
}

fn read<P: DeserializeOwned>(params: Value) -> Result<P, (ErrorCode, String)> {
    serde_json::from_value(params).map_err(|error| (ErrorCode::InvalidParams, error.to_string()))
}

fn shaped(answer: serde_json::Result<Value>) -> Answered {
    answer.map_err(|error| (ErrorCode::InternalError, error.to_string()))
}

/// A text that is open, with what is known of its chronicle.
struct Here<'s> {
    server: &'s Server,
    open: &'s Open,
    timeline: Option<&'s Timeline>,
}

impl<'s> Here<'s> {
    fn of(server: &'s Server, uri: &Uri) -> Result<Here<'s>, (ErrorCode, String)> {
        let closed = || (ErrorCode::InvalidParams, format!("{} is not open", uri.as_str()));
        let open = server.open.get(uri.as_str()).ok_or_else(closed)?;
        let chronicle = open.home.as_ref().and_then(|(folder, _)| server.chronicles.get(folder));
        let timeline = chronicle.and_then(|chronicle| chronicle.good()).map(|loaded| &loaded.timeline);
        Ok(Here { server, open, timeline })
    }

    fn file(&self) -> Named<'s> {
        let name = match &self.open.home {
            Some((_, name)) => name.as_str(),
            None => self.open.uri.as_str().rsplit('/').next().unwrap_or(""),
        };
        Named { name, text: &self.open.text }
    }

    fn lines(&self) -> Lines<'s> {
        Lines::of(&self.open.text, self.server.client.encoding)
    }

    /// Every text of the chronicle with its address: those that are open as they are there, the others as they were read.
    fn texts(&self) -> Vec<(Uri, Named<'s>)> {
        let Some((folder, _)) = &self.open.home else { return vec![(self.open.uri.clone(), self.file())] };
        let of_home = |open: &'s Open| {
            let (home, name) = open.home.as_ref()?;
            (home == folder).then(|| (open.uri.clone(), Named { name, text: &open.text }))
        };
        let mut texts: Vec<(Uri, Named)> = self.server.open.values().filter_map(of_home).collect();
        let known: BTreeSet<&str> = texts.iter().map(|(_, file)| file.name).collect();
        let newest = self.server.chronicles.get(folder).and_then(|chronicle| chronicle.newest());
        let read = newest.iter().flat_map(|loaded| &loaded.timeline.texts().files);
        let root = folder.canonicalize().unwrap_or_else(|_| folder.clone());
        let on_disk = read.filter(|text| !known.contains(text.name.as_str())).filter_map(|text| {
            Some((address::uri(&root.join(&text.name))?, Named { name: &text.name, text: text.content() }))
        });
        let on_disk: Vec<(Uri, Named)> = on_disk.collect();
        texts.extend(on_disk);
        texts.sort_by(|(_, one), (_, other)| one.name.cmp(other.name));
        texts
    }

    /// The name at a place of this text, if a name stands there.
    fn name_at(&self, params: &TextDocumentPositionParams) -> Option<names::Name> {
        let file = self.file();
        let outline = Outline::of(file.text, Writing::of(file.name));
        let word = outline.at(self.lines().byte(params.position))?;
        let meaning = names::meant(File::of(file.name), &outline, word)?;
        names::name(meaning, &word.text, self.timeline.map(Timeline::manifest))
    }

    /// The places of all texts that `find` finds, with their addresses.
    fn locations(&self, find: impl Fn(Named) -> Vec<Range<usize>>) -> Vec<Location> {
        let mut found = Vec::new();
        for (uri, file) in self.texts() {
            let places = find(file);
            if !places.is_empty() {
                let lines = Lines::of(file.text, self.server.client.encoding);
                found.extend(places.into_iter().map(|place| Location { uri: uri.clone(), range: lines.range(place) }));
            }
        }
        found
    }
}

fn hover(server: &Server, params: &TextDocumentPositionParams) -> Answered {
    let here = Here::of(server, &params.text_document.uri)?;
    let file = here.file();
    let (lines, outline) = (here.lines(), Outline::of(file.text, Writing::of(file.name)));
    let Some(word) = outline.at(lines.byte(params.position)) else { return Ok(Value::Null) };
    let mut sheet = Sheet::new(server.client.markdown);
    match names::meant(File::of(file.name), &outline, word) {
        Some(Meaning::Key(whose)) => sheet.key(&word.text, keys::about(whose, &word.text)),
        Some(Meaning::Date) => {
            let calendar = here.timeline.map_or_else(Calendar::default, |known| known.manifest().calendar.clone());
            about::date(&date_text(file.text, word), &calendar, &mut sheet);
        }
        Some(meaning) => {
            if let Some(timeline) = here.timeline {
                let name = names::name(meaning, &word.text, Some(timeline.manifest()));
                let documents = names::identified(file, &outline);
                let around = around(timeline, &documents, outline.document(word));
                match (name, meaning) {
                    (Some(name), _) => about::name(timeline, name.sort, &name.text, around, &mut sheet),
                    (None, Meaning::Value(path)) => about::name(timeline, Sort::Path, path, around, &mut sheet),
                    (None, _) => {}
                }
            }
        }
        None => {}
    }
    let kind = if server.client.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    shaped(to_value(sheet.text().map(|value| Hover {
        contents: HoverContents::Markup(MarkupContent { kind, value }),
        range: Some(lines.range(word.place.clone())),
    })))
}

/// A date as it is written: `[a..b]`, which looks like a list, is one.
fn date_text(text: &str, word: &Word) -> String {
    let line_start = text[..word.place.start].rfind('\n').map_or(0, |newline| newline + 1);
    let opened = text[line_start..word.place.start].rfind('[').map(|at| line_start + at);
    let is_open = opened.filter(|at| !text[*at..word.place.start].contains(']'));
    let closed = text[word.place.end..].split('\n').next().and_then(|rest| rest.find(']'));
    match is_open.zip(closed) {
        Some((from, length)) => text[from..word.place.end + length + 1].to_owned(),
        None => word.text.clone().into_owned(),
    }
}

/// From where the values of a document are looked at: around its event, else at its date.
fn around<'d>(timeline: &Timeline, documents: &'d [(Document, Option<String>)], number: usize) -> Around<'d> {
    let Some((document, id)) = documents.iter().find(|(document, _)| document.number == number) else {
        return Around::Last;
    };
    if let Some(id) = id.as_deref().filter(|id| timeline.event_number(id).is_some()) {
        return Around::Event(id);
    }
    let date = document.value("as_of").or_else(|| document.value("date")).map(|word| &*word.text);
    match date {
        Some(date) if Date::parse(date).is_ok() => Around::Date(date),
        Some(id) if timeline.event_number(id).is_some() => Around::Event(id),
        _ => Around::Last,
    }
}

fn definition(server: &Server, params: &TextDocumentPositionParams) -> Answered {
    let here = Here::of(server, &params.text_document.uri)?;
    let Some(name) = here.name_at(params) else { return Ok(Value::Null) };
    shaped(to_value(here.locations(|file| names::definitions(file, &name, here.timeline.map(Timeline::manifest)))))
}

fn references(server: &Server, params: &ReferenceParams) -> Answered {
    let here = Here::of(server, &params.text_document_position.text_document.uri)?;
    let Some(name) = here.name_at(&params.text_document_position) else { return Ok(Value::Null) };
    let manifest = here.timeline.map(Timeline::manifest);
    shaped(to_value(here.locations(|file| {
        let mut found = names::references(file, &name, manifest);
        if params.context.include_declaration {
            found.extend(names::definitions(file, &name, manifest));
            found.sort_by_key(|place| (place.start, place.end));
            found.dedup();
        }
        found
    })))
}

fn completion(server: &Server, params: &TextDocumentPositionParams) -> Answered {
    let here = Here::of(server, &params.text_document.uri)?;
    let file = here.file();
    let lines = here.lines();
    let byte = lines.byte(params.position);
    let (sort, writing) = (File::of(file.name), Writing::of(file.name));
    let mut outline = Outline::of(file.text, writing);
    let marked = format!("{}{MARK}{}", &file.text[..byte], &file.text[byte..]);
    let is_typed = outline.at(byte).is_some();
    if !is_typed {
        outline = Outline::of(&marked, writing);
    }
    let Some(word) = outline.at(byte).filter(|word| is_typed || word.text.starts_with(MARK)) else {
        return Ok(Value::Null);
    };
    let start = word.place.start;
    let typed = if is_typed { &file.text[start..byte] } else { "" };
    // Of a path that goes on, what goes on stays.
    let rest = if is_typed { &file.text[byte..word.place.end] } else { "" };
    let end = byte + rest.find('.').unwrap_or(rest.len());
    let taken: BTreeSet<&str> = outline.siblings(word).filter(|key| *key != word.text).collect();
    let mut found = offers(here.timeline, &meanings(sort, &outline.steps(word), word.role), typed, &taken);
    let is_incomplete = found.len() > MOST;
    found.truncate(MOST);
    let range = lines.range(start..end);
    let item = |(number, offer): (usize, super::complete::Offer)| CompletionItem {
        label: offer.text.clone(),
        kind: Some(match offer.sort {
            Offered::Key => CompletionItemKind::KEYWORD,
            Offered::Branch => CompletionItemKind::MODULE,
            Offered::Path => CompletionItemKind::PROPERTY,
            Offered::Value => CompletionItemKind::ENUM_MEMBER,
            Offered::Name(Sort::Event) => CompletionItemKind::EVENT,
            Offered::Name(_) => CompletionItemKind::REFERENCE,
        }),
        detail: offer.detail,
        sort_text: Some(format!("{number:04}")),
        filter_text: Some(offer.text.clone()),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text: offer.text })),
        ..CompletionItem::default()
    };
    let items = found.into_iter().enumerate().map(item).collect();
    shaped(to_value(CompletionList { is_incomplete, items }))
}

fn symbols(server: &Server, params: &DocumentSymbolParams) -> Answered {
    let here = Here::of(server, &params.text_document.uri)?;
    let file = here.file();
    let (lines, outline) = (here.lines(), Outline::of(file.text, Writing::of(file.name)));
    let found: Vec<DocumentSymbol> = match File::of(file.name) {
        File::Events => outline.documents().iter().filter_map(|document| event_symbol(document, &lines)).collect(),
        sort => outline.words.iter().filter_map(|word| name_symbol(sort, &outline, word, &lines)).collect(),
    };
    if server.client.tree_of_symbols {
        return shaped(to_value(found));
    }
    #[allow(deprecated)]
    let flat = |symbol: DocumentSymbol| SymbolInformation {
        name: symbol.name,
        kind: symbol.kind,
        tags: None,
        deprecated: None,
        location: Location { uri: here.open.uri.clone(), range: symbol.range },
        container_name: symbol.detail,
    };
    shaped(to_value(found.into_iter().map(flat).collect::<Vec<SymbolInformation>>()))
}

fn symbol(
    name: String,
    detail: Option<String>,
    kind: SymbolKind,
    place: Range<usize>,
    own: Range<usize>,
    lines: &Lines,
) -> DocumentSymbol {
    #[allow(deprecated)]
    DocumentSymbol {
        // An empty name is refused by some.
        name: if name.trim().is_empty() { "(untitled)".to_owned() } else { name },
        detail,
        kind,
        tags: None,
        deprecated: None,
        range: lines.range(place),
        selection_range: lines.range(own),
        children: None,
    }
}

/// An event by its title and date, an expectation by its date.
fn event_symbol(document: &Document, lines: &Lines) -> Option<DocumentSymbol> {
    let text = |key: &str| document.value(key).map(|word| word.text.clone().into_owned());
    if let Some(title) = document.value("title") {
        let name = title.text.clone().into_owned();
        return Some(symbol(name, text("date"), SymbolKind::EVENT, document.place(), title.place.clone(), lines));
    }
    let is_known = document.has("expect") || document.has("date");
    let name = if document.has("expect") { "expectation" } else { "(untitled)" };
    let detail = text("as_of").or_else(|| text("date"));
    let own = document.words.first()?.place.clone();
    is_known.then(|| symbol(name.to_owned(), detail, SymbolKind::EVENT, document.place(), own, lines))
}

/// A name that a manifest gives.
fn name_symbol(file: File<'_>, outline: &Outline, word: &Word, lines: &Lines) -> Option<DocumentSymbol> {
    let kind = match names::meant(file, outline, word)? {
        Meaning::Defines(Sort::Path) => SymbolKind::PROPERTY,
        Meaning::Defines(_) => SymbolKind::CONSTANT,
        _ => return None,
    };
    Some(symbol(word.text.clone().into_owned(), None, kind, word.place.clone(), word.place.clone(), lines))
}

/// Writes a file of events in the canonical style; what of it cannot be read stays as it is. Of the editor's wishes for
/// tabs and the like none is heeded: there is but one style.
fn formatting(server: &Server, params: &DocumentFormattingParams) -> Answered {
    let here = Here::of(server, &params.text_document.uri)?;
    let file = here.file();
    if File::of(file.name) != File::Events || Writing::of(file.name) != Writing::Yaml {
        return Ok(Value::Null);
    }
    shaped(to_value(edits(file.text, &crate::write::format(file.text).text, &here.lines())))
}

/// The edit that makes a text another: of the lines between those with which both begin and end. None, if they are the same.
fn edits(from: &str, to: &str, lines: &Lines) -> Vec<TextEdit> {
    let same = |one: &mut dyn Iterator<Item = &str>, other: &mut dyn Iterator<Item = &str>| -> usize {
        one.zip(other).take_while(|(one, other)| one == other).map(|(line, _)| line.len()).sum()
    };
    let head = same(&mut from.split_inclusive('\n'), &mut to.split_inclusive('\n'));
    let (from, to) = (&from[head..], &to[head..]);
    if from.is_empty() && to.is_empty() {
        return Vec::new();
    }
    let tail = same(&mut from.split_inclusive('\n').rev(), &mut to.split_inclusive('\n').rev());
    let range = lines.range(head..head + from.len() - tail);
    vec![TextEdit { range, new_text: to[..to.len() - tail].to_owned() }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lsp::position::changed;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_edit_makes_of_a_text_the_other(from in "([abé𝄞]{0,2}\n){0,6}[ab]?", to in "([abé𝄞]{0,2}\n){0,6}[ab]?") {
            let made = edits(&from, &to, &Lines::of(&from, Encoding::Utf16));
            let applied = made.into_iter().fold(from.clone(), |text, edit| {
                let change = lsp_types::TextDocumentContentChangeEvent {
                    range: Some(edit.range),
                    range_length: None,
                    text: edit.new_text,
                };
                changed(text, change, Encoding::Utf16)
            });
            prop_assert_eq!(applied, to);
        }
    }
}
