//! What an editor can do, as it says at the beginning. Knows nothing of what is done with it.

use std::path::PathBuf;

use lsp_types::InitializeParams;

use super::address;
use super::position::Encoding;

/// What the editor can do, as far as it matters.
#[derive(Default)]
pub struct Client {
    /// What a column counts.
    pub encoding: Encoding,
    /// Whether it shows Markdown.
    pub markdown: bool,
    /// Whether it shows places that belong to a fault.
    pub related: bool,
    /// Whether it shows symbols as a tree.
    pub tree_of_symbols: bool,
    /// Whether it tells when files change, if it is asked to.
    pub watches: bool,
    /// The folders that it has open.
    pub roots: Vec<PathBuf>,
}

impl Client {
    /// What of an editor's abilities matters.
    pub fn of(params: &InitializeParams) -> Client {
        let able = &params.capabilities;
        let text = able.text_document.as_ref();
        let encodings = able.general.as_ref().and_then(|general| general.position_encodings.as_ref());
        let hover = text.and_then(|text| text.hover.as_ref()?.content_format.as_ref());
        let faults = text.and_then(|text| text.publish_diagnostics.as_ref());
        let symbols = text.and_then(|text| text.document_symbol.as_ref());
        let files = able.workspace.as_ref().and_then(|workspace| workspace.did_change_watched_files.as_ref());
        let folders = params.workspace_folders.iter().flatten().filter_map(|folder| address::path(&folder.uri));
        let mut roots: Vec<PathBuf> = folders.collect();
        if roots.is_empty() {
            #[allow(deprecated)]
            roots.extend(params.root_uri.as_ref().and_then(address::path));
        }
        Client {
            encoding: encodings.map_or(Encoding::Utf16, |offered| Encoding::of(offered)),
            markdown: hover.is_some_and(|formats| formats.contains(&lsp_types::MarkupKind::Markdown)),
            related: faults.and_then(|faults| faults.related_information).unwrap_or_default(),
            tree_of_symbols: symbols
                .and_then(|symbols| symbols.hierarchical_document_symbol_support)
                .unwrap_or_default(),
            watches: files.and_then(|files| files.dynamic_registration).unwrap_or_default(),
            roots,
        }
    }
}
