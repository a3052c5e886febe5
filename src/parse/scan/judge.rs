//! The judge of the scan, for its tests and for long runs in `fuzz/`: whether it reads a text as the library alone does.
//! Knows nothing of where texts come from.

use super::*;

/// A document as a reader hands it on.
type Seen<'a> = (Option<Node<'a>>, bool, Vec<Diagnostic>);

pub(super) const FILE: FileId = FileId(3);

fn seen<'a>(read: impl FnOnce(&mut dyn FnMut(Document<'a>))) -> Vec<Seen<'a>> {
    let mut all = Vec::new();
    read(&mut |document| all.push((document.root, document.listed, document.faults)));
    all
}

fn by_library(text: &str) -> Vec<Seen<'_>> {
    seen(|take| yaml::read_part(FILE, text, 0..text.len(), &mut yaml::allowance(text), take))
}

/// Why the scan does not read a text as the library does, as a whole or in parts.
pub(crate) fn difference(text: &str) -> Option<String> {
    let right = by_library(text);
    let whole = seen(|take| read(FILE, text, take));
    if whole != right {
        return Some(format!("{text:?}\nlibrary: {right:#?}\nscan: {whole:#?}"));
    }
    for size in [1, 40] {
        let parts = parts(text, size);
        let mut together = Vec::new();
        for part in &parts {
            let mut allowance = yaml::allowance(text);
            together.extend(seen(|take| read_part(FILE, text, part.clone(), &mut allowance, take)));
        }
        if together != right {
            return Some(format!("{text:?}\nin parts {parts:?}\nlibrary: {right:#?}\nscan: {together:#?}"));
        }
    }
    None
}
