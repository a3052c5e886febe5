//! # transition-not-allowed
//!
//! A value follows another that the manifest does not let it follow.
//!
//! In the pattern of the path `from` lists the words that may come after each word; after a word that it does not list
//! nothing may.
//!
//! Looked at is the record's course as best known: every value that held, one after the other as the replay has them,
//! without what a correction made void. The same value again is always allowed. A first value needs no transition, nor
//! does one after an `unset`, with which a thing starts anew. What an event holds `during` counts twice: when it begins,
//! and when it ends and the value before it comes back. An event with an imprecise date comes where the replay puts it,
//! at its latest moment; a finer date often mends the course.
//!
//! One wants this because a step that cannot be is the commonest trace of an event that is missing, doubled or dated
//! wrongly. Where the step did happen, the list in the manifest is too short.
//!
//! A file that breaks it:
//!
//! ```yaml
//! # chronicle.yaml
//! asof: 1
//! paths:
//!   treaty.*.status:
//!     one_of: [drafted, signed, ratified]
//!     from: {drafted: [signed], signed: [ratified]}
//! ```
//! ```yaml
//! # 1919-06-28-signing.yaml
//! date: 1919-06-28
//! title: The treaty is signed
//! set: {treaty.versailles.status: signed}
//! ```
//! ```yaml
//! # 1919-07-09-draft.yaml
//! date: 1919-07-09
//! title: The treaty is drafted
//! set: {treaty.versailles.status: drafted}
//! ```
//!
//! Mended:
//!
//! ```yaml
//! # chronicle.yaml
//! asof: 1
//! paths:
//!   treaty.*.status:
//!     one_of: [drafted, signed, ratified]
//!     from: {drafted: [signed], signed: [ratified]}
//! ```
//! ```yaml
//! # 1919-06-28-signing.yaml
//! date: 1919-06-28
//! title: The treaty is signed
//! set: {treaty.versailles.status: signed}
//! ```
//! ```yaml
//! # 1919-07-09-ratification.yaml
//! date: 1919-07-09
//! title: The treaty is ratified
//! set: {treaty.versailles.status: ratified}
//! ```

use std::collections::BTreeSet;

use crate::history::Assertion;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::Does;
use crate::model::manifest::PathRule;
use crate::model::path::{Path, normal};
use crate::model::value::{Scalar, Value};

use super::turns::{Turn, by_speaker, turns};
use super::{Finding, House};

/// Finds every step of the record that the pattern of its path does not list.
pub(super) fn find(house: House<'_>) -> Vec<Finding> {
    let rules = house.manifest.paths.iter().flatten();
    let ruled: Vec<&PathRule> = rules.filter(|rule| rule.from.is_some()).collect();
    let mut found = Vec::new();
    if ruled.is_empty() || !house.is_whole {
        return found;
    }
    let counting = house.counting();
    for (number, path) in (0..).zip(house.history.paths()) {
        // Most paths match none of the few patterns with transitions.
        let rule = ruled.iter().find(|rule| rule.pattern.matches(path)).and_then(|_| house.manifest.rule(path));
        let Some(rule) = rule.filter(|rule| rule.from.is_some()) else { continue };
        let own = by_speaker(house.history, &counting, number).into_iter().next().unwrap_or_default();
        if own.first().is_some_and(|first| first.voice().is_none()) {
            steps(house, path, rule, &own, &mut found);
        }
    }
    found.sort_by_key(|(event, _)| *event);
    found
}

/// A word that holds, and the assertion that gave it.
type Word<'h> = (&'h Scalar, Assertion);

/// Walks the values of one path.
fn steps(house: House<'_>, path: &Path, rule: &PathRule, own: &[Assertion], found: &mut Vec<Finding>) {
    let turns = turns(house.history, own);
    let mut in_force = BTreeSet::new();
    let mut before: Option<Word<'_>> = None;
    for (at, (moment, turn)) in turns.iter().enumerate() {
        match turn {
            Turn::Begin(range) => in_force.extend(range.clone()),
            Turn::End(ended) => {
                in_force.remove(ended);
                // What comes back for no time at all, because the next event follows at once, never held.
                if turns.get(at + 1).is_some_and(|(next, _)| next == moment) {
                    continue;
                }
            }
        }
        let now = in_force.last().and_then(|last| match &house.history.change(own[*last]).does {
            Does::Set(Value::Scalar(word)) => Some((word, own[*last])),
            _ => None,
        });
        if let (Some(was), Some(is)) = (before, now)
            && !is_allowed(rule, was.0, is.0)
        {
            let ended = if let Turn::End(ended) = turn { Some(own[*ended]) } else { None };
            found.push(fault(house, (path, rule), was, is, ended));
        }
        before = now;
    }
}

/// The words that may follow a word.
fn next<'r>(rule: &'r PathRule, was: &Scalar) -> &'r [String] {
    let listed = rule.from.as_ref().and_then(|from| from.get(&*normal(&was.to_string())));
    listed.map_or(&[], Vec::as_slice)
}

fn is_allowed(rule: &PathRule, was: &Scalar, is: &Scalar) -> bool {
    was == is || next(rule, was).iter().any(|word| *word == *normal(&is.to_string()))
}

/// `ended` is what was held `during` its event, if its end brought the value back.
fn fault(
    house: House<'_>,
    (path, rule): (&Path, &PathRule),
    was: Word<'_>,
    is: Word<'_>,
    ended: Option<Assertion>,
) -> Finding {
    let h = house.history;
    let by = ended.unwrap_or(is.1);
    let (event, giver) = (h.event(by.event), h.event(was.1.event));
    let how = match ended {
        Some(_) => format!("with the end of `{}` `{path}` goes back", event.id),
        None => format!("`{}` takes `{path}`", event.id),
    };
    let message = format!("{how} from `{}` to `{}`, which `from` does not allow", was.0, is.0);
    let mut fault = Diagnostic::new(Code::TransitionNotAllowed, h.change(by).target.place, message);
    if by != was.1 {
        fault = fault.note(format!("`{}` gave `{}`", giver.id, was.0), Some(h.change(was.1).target.place));
        let spans = [event.when.start, giver.when.start];
        if spans[0] != spans[1] && spans[0].overlaps(spans[1]) {
            let message = format!("their dates overlap, and the replay takes `{}` first", giver.id);
            fault = fault.note(message, Some(giver.date.place));
        }
    }
    let words: Vec<String> = next(rule, was.0).iter().map(|word| format!("`{word}`")).collect();
    let listed = match words.as_slice() {
        [] => format!("nothing follows `{}`", was.0),
        words => format!("only {} may follow `{}`", words.join(" or "), was.0),
    };
    let fault = fault.note(listed, Some(rule.place));
    (Some(by.event), fault.help("mend the date or the value, `unset` what starts anew, or add the step to `from`"))
}
