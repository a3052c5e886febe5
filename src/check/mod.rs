//! HOUSE RULES: what can be wrong between events, and the pages that `explain` prints. What loading itself needs stands
//! in [`links`], [`sources`] and [`paths`]; every rule that only `check` runs has a file of its own, and [`RULES`] lists
//! them. Knows nothing of questions: expectations are asked where questions are.

pub mod links;
pub mod sources;
pub mod paths;
mod order_not_settled;
mod cause_may_be_later;
mod transition_not_allowed;
mod contradiction;
mod no_source;
mod single_source;
mod unused;
mod removes_what_is_not_there;
mod correction_comes_later;
mod lineage;
mod origin;
mod turns;
mod pages;

pub use pages::page;

use std::collections::BTreeMap;

use crate::history::{Chosen, Counting, EventNumber, History};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::Expectation;
use crate::model::manifest::{Manifest, Source};
use links::Links;

/// What a house rule looks at.
#[derive(Clone, Copy)]
pub struct House<'t> {
    /// The index with the events.
    pub history: &'t History,
    /// What the events say of each other.
    pub links: &'t Links,
    /// What the chronicle says of itself.
    pub manifest: &'t Manifest,
    /// The sources that events describe in place, by id.
    pub described: &'t BTreeMap<String, Source>,
    /// What is expected of history.
    pub expectations: &'t [Expectation],
    /// Whether nothing had to be left out or passed over, so that what is not there is missing indeed.
    pub is_whole: bool,
}

/// What a rule finds: the event that may `allow` it, and the fault.
pub type Finding = (Option<EventNumber>, Diagnostic);

/// A house rule.
pub struct Rule {
    /// Its name and page.
    pub code: Code,
    /// Finds all that breaks it, in replay order.
    pub find: fn(House<'_>) -> Vec<Finding>,
}

/// Every house rule, in the order in which they run.
pub const RULES: &[Rule] = &[
    Rule { code: Code::OrderNotSettled, find: order_not_settled::find },
    Rule { code: Code::CauseMayBeLater, find: cause_may_be_later::find },
    Rule { code: Code::TransitionNotAllowed, find: transition_not_allowed::find },
    Rule { code: Code::Contradiction, find: contradiction::find },
    Rule { code: Code::NoSource, find: no_source::find },
    Rule { code: Code::SingleSource, find: single_source::find },
    Rule { code: Code::Unused, find: unused::find },
    Rule { code: Code::RemovesWhatIsNotThere, find: removes_what_is_not_there::find },
    Rule { code: Code::CorrectionComesLater, find: correction_comes_later::find },
];

/// What the house rules find, those that are named or else all that this chronicle has not off, with the severities that
/// the manifest asks for, less what events allow.
pub fn findings(house: House<'_>, named: &[Code]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rule in RULES.iter().filter(|rule| named.is_empty() || named.contains(&rule.code)) {
        let Some(severity) = house.manifest.severity(rule.code, !named.is_empty()) else { continue };
        let allows = |event: EventNumber| house.history.event(event).allow.iter().any(|(code, _)| *code == rule.code);
        let kept = (rule.find)(house).into_iter().filter(|(event, _)| !event.is_some_and(allows));
        found.extend(kept.map(|(_, diagnostic)| Diagnostic { severity, ..diagnostic }));
    }
    found
}

impl House<'_> {
    /// The events that count as best known: all but what a correction has made void.
    fn counting(self) -> Counting {
        self.history.counting(Chosen::default())
    }
}
