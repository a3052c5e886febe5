//! Faults as an editor shows them: the diagnostics of `check`, by file. Knows nothing of how they are found.

use std::collections::BTreeMap;

use lsp_types::{Diagnostic as Shown, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Uri};

use super::chronicle::Loaded;
use super::client::Client;
use super::position::Lines;
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::text::Place;
use crate::render::escape::visible;

/// The faults of each file that has any, by its name; `address` is where a file of a name is.
pub fn by_file(
    loaded: &Loaded,
    client: &Client,
    address: &dyn Fn(&str) -> Option<Uri>,
) -> BTreeMap<String, Vec<Shown>> {
    let texts = loaded.timeline.texts();
    let mut lines: BTreeMap<u32, Lines> = BTreeMap::new();
    let mut at = |place: Place| {
        let of_file = || Lines::of(texts.file(place.file).content(), client.encoding);
        lines.entry(place.file.0).or_insert_with(of_file).range(place.start as usize..place.end as usize)
    };
    let mut found: BTreeMap<String, Vec<Shown>> = BTreeMap::new();
    for fault in &loaded.faults {
        let mut message = visible(&fault.message).into_owned();
        let mut related = Vec::new();
        for note in &fault.notes {
            let uri = note.place.and_then(|place| Some((place, address(&texts.file(place.file).name)?)));
            match uri.filter(|_| client.related) {
                Some((place, uri)) => related.push(DiagnosticRelatedInformation {
                    location: Location { uri, range: at(place) },
                    message: visible(&note.message).into_owned(),
                }),
                None => {
                    let file = note.place.map(|place| format!(" ({})", visible(&texts.file(place.file).name)));
                    message.push_str(&format!("\nnote: {}{}", visible(&note.message), file.unwrap_or_default()));
                }
            }
        }
        if let Some(help) = &fault.help {
            message.push_str(&format!("\nhelp: {}", visible(help)));
        }
        let shown = Shown {
            range: at(fault.place),
            severity: Some(severity(fault)),
            code: Some(NumberOrString::String(fault.code.name().to_owned())),
            source: Some("asof".to_owned()),
            message,
            related_information: (!related.is_empty()).then_some(related),
            ..Shown::default()
        };
        found.entry(texts.file(fault.place.file).name.clone()).or_default().push(shown);
    }
    found
}

/// A hint is shown in lists of what is wrong, where most editors leave out their own hints.
fn severity(fault: &Diagnostic) -> DiagnosticSeverity {
    match fault.severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Hint => DiagnosticSeverity::INFORMATION,
    }
}
