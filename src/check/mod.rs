//! HOUSE RULES: what can be wrong between events, and the pages that `explain` prints. What loading itself needs stands
//! in [`links`], [`sources`] and [`paths`]; every rule that only `check` runs has a file of its own, and [`RULES`] lists
//! them. Knows nothing of questions: expectations are asked where questions are.

pub mod links;
pub mod sources;
pub mod paths;
mod order_not_settled;
mod cause_may_be_later;
mod appeared;
mod known_before_it_happened;
mod source_older_than_event;
mod known_before_its_sources;
mod mentions;
mod hindsight;
mod false_precision;
mod duplicate_event;
mod id_is_not_file_name;
mod pages;

pub use pages::page;

use crate::history::{EventNumber, Gathered, History, Ids, LooseNumber};
use crate::model::diagnostic::{Code, Diagnostic, Severity};
use crate::model::event::Event;
use crate::model::manifest::Manifest;
use crate::model::text::Texts;

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
    /// The texts that all places point into.
    pub texts: &'t Texts,
}

impl House<'_> {
    /// Whether an event may break a rule.
    fn allows(&self, event: EventNumber, rule: Code) -> bool {
        self.history.event(event).allow.iter().any(|(code, _)| *code == rule)
    }
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
    Rule { code: Code::KnownBeforeItHappened, find: known_before_it_happened::find },
    Rule { code: Code::SourceOlderThanEvent, find: source_older_than_event::find },
    Rule { code: Code::KnownBeforeItsSources, find: known_before_its_sources::find },
    Rule { code: Code::Hindsight, find: hindsight::find },
    Rule { code: Code::FalsePrecision, find: false_precision::find },
    Rule { code: Code::DuplicateEvent, find: duplicate_event::find },
    Rule { code: Code::IdIsNotFileName, find: id_is_not_file_name::find },
];

/// The rules that would find something in nearly every chronicle: they run where the manifest sets them, or where
/// `check` names them.
const WHERE_ASKED_FOR: &[Code] = &[Code::KnownBeforeItsSources, Code::Hindsight];

/// What the named house rules find, or where none is named those that this chronicle keeps, with the severities that
/// the manifest asks for, less what events allow. A thought stays one, whatever the manifest asks for.
pub fn findings(house: House<'_>, named: &[Code]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rule in RULES.iter().filter(|rule| named.is_empty() || named.contains(&rule.code)) {
        let severity = match house.manifest.check.get(&rule.code) {
            Some(None) => continue,
            None if named.is_empty() && WHERE_ASKED_FOR.contains(&rule.code) => continue,
            Some(Some(severity)) if rule.code.severity() != Severity::Hint => *severity,
            _ => rule.code.severity(),
        };
        let allows = |event: EventNumber| house.allows(event, rule.code);
        let kept = (rule.find)(house).into_iter().filter(|(event, _)| !event.is_some_and(allows));
        found.extend(kept.map(|(_, diagnostic)| Diagnostic { severity, ..diagnostic }));
    }
    found
}
