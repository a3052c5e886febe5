//! The links inside the manifest: `part_of` of voices and `from` of sources. Knows nothing of how they are written.

use std::collections::{BTreeMap, BTreeSet};

use super::reading::Reading;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::manifest::Manifest;
use crate::model::text::{FileId, Located};

/// Checks `part_of` of voices and `from` of sources: to a known name, and never back to itself. What fails is cut.
pub(super) fn check(manifest: &mut Manifest, faults: &mut Vec<Diagnostic>) {
    let nothing = Manifest::default();
    let mut reading = Reading::new(FileId(0), "", &nothing);
    if let Some(voices) = &mut manifest.voices {
        let links = voices.iter().map(|(name, voice)| (name.clone(), voice.part_of.clone())).collect();
        for name in reading.links(links, "part of", Code::UnknownVoice) {
            voices.entry(name).and_modify(|voice| voice.part_of = None);
        }
    }
    if let Some(sources) = &mut manifest.sources {
        let links = sources.iter().map(|(name, source)| (name.clone(), source.from.clone())).collect();
        for name in reading.links(links, "from", Code::UnknownSource) {
            sources.entry(name).and_modify(|source| source.from = None);
        }
    }
    faults.append(&mut reading.faults);
}

impl Reading<'_> {
    /// Checks the links from names to names and gives those that lead nowhere or back.
    fn links(&mut self, links: BTreeMap<String, Option<Located<String>>>, word: &str, unknown: Code) -> Vec<String> {
        let mut cut: BTreeSet<String> = BTreeSet::new();
        for (name, link) in &links {
            let Some(link) = link else { continue };
            if !links.contains_key(&link.value) {
                self.unknown_name(unknown, &link.value, link.place, links.keys().map(String::as_str));
                cut.insert(name.clone());
            }
        }
        let mut settled: BTreeSet<&str> = BTreeSet::new();
        for start in links.keys() {
            let mut trail: Vec<&str> = Vec::new();
            let mut on_trail: BTreeSet<&str> = BTreeSet::new();
            let mut at = Some(start.as_str());
            while let Some(name) = at.filter(|name| !settled.contains(name) && !cut.contains(*name)) {
                if !on_trail.insert(name) {
                    let around = trail.iter().position(|seen| *seen == name).map_or(&[][..], |first| &trail[first..]);
                    let Some(Some(link)) = links.get(name) else { break };
                    let names: Vec<String> = around.iter().chain([&name]).map(|name| format!("`{name}`")).collect();
                    let message = format!("`{name}` is {word} itself: {}", names.join(" → "));
                    self.say(Diagnostic::new(Code::Cycle, link.place, message).help("leave one of these links out"));
                    cut.insert(name.to_owned());
                    break;
                }
                trail.push(name);
                at = links.get(name).and_then(|link| link.as_ref()).map(|link| link.value.as_str());
            }
            settled.extend(trail);
        }
        cut.into_iter().collect()
    }
}
