//! `replay`: the state of affairs at a moment.

use std::collections::BTreeMap;

use super::viewpoint::{is_moment, look, paths_of};
use super::{Answer, Counts, Found, Refusal, Selectors, State, answered, row};
use crate::history::{PathNumber, Suppose, View};
use crate::timeline::Timeline;

/// Answers `replay [DATE] [GLOB…]`, with the reasons or with the definite values alone.
pub(super) fn answer<'t>(
    timeline: &'t Timeline,
    select: &Selectors,
    words: &[String],
    reasons: bool,
) -> Result<Answer<'t>, Refusal> {
    let (at, globs) = at_and_globs(timeline, words);
    let looked = look(timeline, &select.at(at)?, true)?;
    let view = &looked.view;
    let possible = if reasons { possible_by_path(view) } else { BTreeMap::new() };
    let held = |path: PathNumber| match reasons {
        true => view.held(path, possible.get(&path).map_or(&[], Vec::as_slice)),
        false => view.held_now(path, &[]),
    };
    let facts = paths_of(timeline, globs)?
        .into_iter()
        .map(|path| (path, held(path)))
        .filter(|(_, held)| held.is_something())
        .map(|(path, held)| row::fact(timeline, path, held))
        .collect();
    let (certain, possible) = view.count();
    let counts = Counts { certain, possible, total: timeline.history().len() };
    Ok(answered(timeline, looked.seen, Found::State(State { counts, facts })))
}

/// The words of `replay`: a moment first, if there is one; then globs.
pub(super) fn at_and_globs<'w>(timeline: &Timeline, words: &'w [String]) -> (Option<String>, &'w [String]) {
    match words.split_first() {
        Some((first, rest)) if is_moment(timeline, first) => (Some(first.clone()), rest),
        _ => (None, words),
    }
}

/// What may have happened, by the paths that it touches.
pub(super) fn possible_by_path(view: &View<'_>) -> BTreeMap<PathNumber, Vec<Suppose>> {
    let mut by_path: BTreeMap<PathNumber, Vec<Suppose>> = BTreeMap::new();
    for suppose in view.possible() {
        let (Suppose::Happened(event) | Suppose::Ended(event)) = suppose else { continue };
        for path in view.history().touched(event) {
            by_path.entry(*path).or_default().push(suppose);
        }
    }
    by_path
}

impl Selectors {
    /// The same selectors with the moment that a word of the question gives; two moments are refused.
    pub(super) fn at(&self, word: Option<String>) -> Result<Selectors, Refusal> {
        match (&self.at, word) {
            (Some(at), Some(word)) => Err(Refusal::bad(format!("two moments are asked for: `{word}` and `--at {at}`"))
                .help("leave one of them out")),
            (_, None) => Ok(self.clone()),
            (None, word) => Ok(Selectors { at: word, ..self.clone() }),
        }
    }
}
