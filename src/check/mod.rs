//! HOUSE RULES: what can be wrong between events, and the pages that `explain` prints. What loading itself needs stands
//! in [`links`], [`sources`] and [`paths`]; every rule that only `check` runs has a file of its own, and [`RULES`] lists
//! them. Knows nothing of questions: expectations are asked where questions are.

pub mod links;
pub mod sources;
pub mod paths;
mod order_not_settled;
mod cause_may_be_later;
mod pages;

pub use pages::page;

use crate::history::{EventNumber, Gathered, History, Ids, LooseNumber};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::Event;
use crate::model::manifest::Manifest;

/// What the rules of loading look at: events in their short form, before they are in order.
#[derive(Clone, Copy)]
pub struct Loose<'a> {
    /// The events.
    pub gathered: &'a Gathered,
    /// Which of them has which id.
    pub ids: &'a Ids,
    /// For every event whether it has not been taken out.
    pub kept: &'a [bool],
    /// Reads an event again.
    pub read: &'a dyn Fn(LooseNumber) -> Event,
}

impl<'a> Loose<'a> {
    /// Whether an event has not been taken out.
    fn is_kept(&self, row: LooseNumber) -> bool {
        self.kept[row as usize]
    }

    /// An event, whole.
    fn read(&self, row: LooseNumber) -> Event {
        (self.read)(row)
    }

    /// The events that have not been taken out, in the order of files.
    pub fn rows(&self) -> impl Iterator<Item = LooseNumber> + 'a {
        let kept = self.kept;
        (0..kept.len() as u32).filter(|row| kept[*row as usize])
    }
}

/// What a house rule looks at.
#[derive(Clone, Copy)]
pub struct House<'t> {
    /// The index with the events.
    pub history: &'t History,
    /// What the chronicle says of itself.
    pub manifest: &'t Manifest,
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
];

/// What the chosen house rules find, with the severities that the manifest asks for, less what events allow.
pub fn findings(house: House<'_>, chosen: impl Fn(Code) -> bool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rule in RULES.iter().filter(|rule| chosen(rule.code)) {
        let severity = match house.manifest.check.get(&rule.code) {
            Some(None) => continue,
            Some(Some(severity)) => *severity,
            None => rule.code.severity(),
        };
        let allows = |event: EventNumber| house.history.event(event).allow.iter().any(|(code, _)| *code == rule.code);
        let kept = (rule.find)(house).into_iter().filter(|(event, _)| !event.is_some_and(allows));
        found.extend(kept.map(|(_, diagnostic)| Diagnostic { severity, ..diagnostic }));
    }
    found
}
