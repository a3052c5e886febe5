//! # removes-what-is-not-there
//!
//! An event takes a member out of a set that does not have it, or unsets a path that has no value.
//!
//! The replay passes over it: nothing changes. Looked at is the course as best known, without what a correction made
//! void, in the order of the replay; so an imprecise date that puts the coming after the going is found as well. A voice
//! unsets only what it claims itself. An `unset` of the record also ends what voices have claimed, so it needs a value of
//! anybody. A pattern (`unset: [units.**]`) may well meet nothing.
//!
//! One wants this because it is the trace of a misspelled name, of an event that is missing, or of a date that is wrong.
//!
//! A file that breaks it:
//!
//! ```yaml
//! # 1949-04-04-treaty.yaml
//! date: 1949-04-04
//! title: Two states sign
//! set: {alliance.members: [belgium, norway]}
//! ```
//! ```yaml
//! # 1966-03-07-withdrawal.yaml
//! date: 1966-03-07
//! title: A member leaves
//! remove: {alliance.members: norge}
//! ```
//!
//! Mended:
//!
//! ```yaml
//! # 1949-04-04-treaty.yaml
//! date: 1949-04-04
//! title: Two states sign
//! set: {alliance.members: [belgium, norway]}
//! ```
//! ```yaml
//! # 1966-03-07-withdrawal.yaml
//! date: 1966-03-07
//! title: A member leaves
//! remove: {alliance.members: norway}
//! ```

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::history::{Assertion, EventNumber, History, PathNumber};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::{Does, Target};
use crate::model::value::{Scalar, Value};

use super::turns::{Turn, by_speaker, turns};
use super::{Finding, House};

/// Finds every member that is taken out of a set without it, and every path that is unset without a value.
pub(super) fn find(house: House<'_>) -> Vec<Finding> {
    let history = house.history;
    let counting = house.counting();
    let mut found = Vec::new();
    if !house.is_whole {
        return found;
    }
    for path in (0..).take(history.paths().len()) {
        if !history.assertions(path).iter().any(|assertion| takes_out(history, *assertion)) {
            continue;
        }
        let speakers = by_speaker(history, &counting, path);
        let claims = speakers.iter().flatten().filter(|one| one.voice().is_some() && one.is_set());
        let claimed = claims.map(|claim| claim.event).min();
        for own in &speakers {
            let claimed = claimed.filter(|_| own[0].voice().is_none());
            walk(history, path, own, claimed, &mut found);
        }
    }
    found.sort_by_key(|(event, _)| *event);
    found
}

fn takes_out(history: &History, assertion: Assertion) -> bool {
    let names_it = || matches!(history.change(assertion).target.value, Target::Path(_));
    assertion.is_remove() || (assertion.is_unset() && names_it())
}

/// What is in force on a path, by places among one speaker's assertions, which stand in replay order.
#[derive(Default)]
struct InForce<'h> {
    all: BTreeSet<usize>,
    /// Those that say the whole value.
    wholes: BTreeSet<usize>,
    /// For every member those that put it in or take it out.
    members: FxHashMap<&'h Scalar, BTreeSet<usize>>,
}

/// Walks what one speaker says of a path; `claimed` is the first event from which any voice has claimed a value that the
/// speaker's `unset` ends as well.
fn walk(
    history: &History,
    path: PathNumber,
    own: &[Assertion],
    claimed: Option<EventNumber>,
    found: &mut Vec<Finding>,
) {
    let mut in_force = InForce::default();
    for (_, turn) in turns(history, own) {
        let range = match turn {
            Turn::Begin(range) => range,
            Turn::End(at) => {
                in_force.mark(at, &history.change(own[at]).does, false);
                continue;
            }
        };
        for at in range {
            let (assertion, does) = (own[at], &history.change(own[at]).does);
            let fault = match does {
                Does::Remove(members) => in_force.missing(history, own, members).map(|(member, why)| {
                    let by = why.map(|why| own[why]);
                    fault(
                        history,
                        assertion,
                        by,
                        format!("takes `{member}` out of `{}`, which does not have it", history.path(path)),
                    )
                }),
                Does::Unset
                    if takes_out(history, assertion) && claimed.is_none_or(|first| first >= assertion.event) =>
                {
                    let last = in_force.all.last().map(|last| own[*last]);
                    let is_empty = last.is_none_or(|last| matches!(&history.change(last).does, Does::Unset));
                    is_empty.then(|| {
                        fault(history, assertion, last, format!("unsets `{}`, which has no value", history.path(path)))
                    })
                }
                _ => None,
            };
            found.extend(fault.map(|fault| (Some(assertion.event), fault)));
            in_force.mark(at, does, true);
        }
    }
}

impl<'h> InForce<'h> {
    /// Notes that an assertion comes into force, or is no longer in force.
    fn mark(&mut self, at: usize, does: &'h Does, begins: bool) {
        let note = |places: &mut BTreeSet<usize>| if begins { places.insert(at) } else { places.remove(&at) };
        note(&mut self.all);
        match does {
            Does::Set(_) | Does::Unset => {
                note(&mut self.wholes);
            }
            Does::Add(Value::Set(members)) | Does::Remove(Value::Set(members)) => {
                for member in members {
                    note(self.members.entry(member).or_default());
                }
            }
            _ => {}
        }
    }

    /// The first of these members that the set does not have, and which assertion says so.
    fn missing(
        &self,
        history: &'h History,
        own: &[Assertion],
        members: &'h Value,
    ) -> Option<(&'h Scalar, Option<usize>)> {
        let Value::Set(members) = members else { return None };
        let whole = self.wholes.last().copied();
        let base = whole.and_then(|at| history.change(own[at]).does.value());
        members.iter().find_map(|member| {
            let last = self.members.get(member).and_then(|places| places.last().copied());
            let (has, why) = match last.filter(|last| Some(*last) > whole) {
                Some(at) => (matches!(&history.change(own[at]).does, Does::Add(_)), Some(at)),
                None => (matches!(base, Some(Value::Set(set)) if set.contains(member)), whole),
            };
            (!has).then_some((member, why))
        })
    }
}

/// `why` is the assertion after which there is nothing to take out.
fn fault(history: &History, assertion: Assertion, why: Option<Assertion>, what: String) -> Diagnostic {
    let event = history.event(assertion.event);
    let message = format!("`{}` {what}", event.id);
    let change = history.change(assertion);
    let fault = Diagnostic::new(Code::RemovesWhatIsNotThere, change.target.place, message);
    let fault = match why {
        Some(why) => {
            let by = &history.event(why.event).id;
            let said = match &history.change(why).does {
                Does::Set(_) => format!("`{by}` gave the set without it"),
                Does::Unset => format!("`{by}` has unset it already"),
                _ => format!("`{by}` has taken it out already"),
            };
            fault.note(said, Some(history.change(why).target.place))
        }
        None => fault,
    };
    fault.help("take it out, mend the name or the date, or add the event that brought it in")
}
