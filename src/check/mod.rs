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

use std::rc::Rc;

use crate::history::{Chosen, Counting, EventNumber, Gathered, History, Ids, LooseNumber};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::{Event, Expectation};
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
    pub read: &'a dyn Fn(LooseNumber) -> Rc<Event>,
}

impl<'a> Loose<'a> {
    /// Whether an event has not been taken out.
    fn is_kept(&self, row: LooseNumber) -> bool {
        self.kept[row as usize]
    }

    /// An event, whole.
    fn read(&self, row: LooseNumber) -> Rc<Event> {
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
    Rule { code: Code::KnownBeforeItHappened, find: known_before_it_happened::find },
    Rule { code: Code::SourceOlderThanEvent, find: source_older_than_event::find },
    Rule { code: Code::KnownBeforeItsSources, find: known_before_its_sources::find },
    Rule { code: Code::Hindsight, find: hindsight::find },
    Rule { code: Code::FalsePrecision, find: false_precision::find },
    Rule { code: Code::DuplicateEvent, find: duplicate_event::find },
    Rule { code: Code::IdIsNotFileName, find: id_is_not_file_name::find },
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
        let allows = |event: EventNumber| house.allows(event, rule.code);
        let kept = (rule.find)(house).into_iter().filter(|(event, _)| !event.is_some_and(allows));
        found.extend(kept.map(|(_, diagnostic)| Diagnostic { severity, ..diagnostic }));
    }
    found
}

impl House<'_> {
    /// Whether an event may break a rule.
    fn allows(self, event: EventNumber, rule: Code) -> bool {
        self.history.event(event).allow.iter().any(|(code, _)| *code == rule)
    }

    /// The events that count as best known: all but what a correction has made void.
    fn counting(self) -> Counting {
        self.history.counting(Chosen::default())
    }
}
