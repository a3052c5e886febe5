//! # single-source
//!
//! A value rests on one source alone.
//!
//! If that source is mistaken, so is the value, and nothing in the chronicle would show it.
//!
//! Looked at is every value that the record or a voice is given, whether it still holds or not: who says so is what the
//! event cites, or what it cites for that voice's claim. If the next event that speaks of the path says the same again,
//! its sources count, too. A reprint (`from`) and what it reprints are one source, and so are two reprints of one report.
//! Values without any source are for `no-source`.
//!
//! Most chronicles live with single sources, so the rule is off until it is asked for: `asof check single-source` runs it
//! once, `check: {single-source: warning}` in the manifest always. Where one source is enough, as a treaty's text is for
//! what the treaty says, `allow` says why.
//!
//! A file that breaks it:
//!
//! ```yaml
//! # chronicle.yaml
//! asof: 1
//! check: {single-source: warning}
//! sources:
//!   wire: {title: Storm sinks three ships}
//!   paper: {title: Three ships lost, from: wire}
//! ```
//! ```yaml
//! # 1881-10-14-storm.yaml
//! date: 1881-10-14
//! title: A storm sinks three ships
//! sources: [wire, paper]
//! set: {storm.ships-lost: 3}
//! ```
//!
//! Mended:
//!
//! ```yaml
//! # chronicle.yaml
//! asof: 1
//! check: {single-source: warning}
//! sources:
//!   wire: {title: Storm sinks three ships}
//!   register: {title: Register of the harbour master}
//! ```
//! ```yaml
//! # 1881-10-14-storm.yaml
//! date: 1881-10-14
//! title: A storm sinks three ships
//! sources: [wire, register]
//! set: {storm.ships-lost: 3}
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::history::{Assertion, EventNumber, PathNumber};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::Citation;

use super::origin::{Origin, name, origin};
use super::turns::by_speaker;
use super::{Finding, House};

/// Finds every value with one origin, those of one event and origin together.
pub(super) fn find(house: House<'_>) -> Vec<Finding> {
    let history = house.history;
    let counting = house.counting();
    let mut single: BTreeMap<(EventNumber, Origin<'_>), Vec<(Assertion, PathNumber)>> = BTreeMap::new();
    for path in (0..).take(history.paths().len()) {
        for own in by_speaker(history, &counting, path) {
            let is_again = |a: &Assertion, b: &Assertion| a.is_set() && history.does(*a) == history.does(*b);
            for run in own.chunk_by(is_again).filter(|run| !run[0].is_unset()) {
                let cited = run.iter().flat_map(|assertion| citations(house, *assertion));
                let mut origins = cited.map(|citation| origin(citation, house));
                if let Some(first) = origins.next()
                    && origins.all(|other| other == first)
                {
                    single.entry((run[0].event, first)).or_default().push((run[0], path));
                }
            }
        }
    }
    single.into_iter().map(|((event, origin), values)| (Some(event), fault(house, event, origin, values))).collect()
}

/// What is cited for an assertion.
fn citations<'t>(house: House<'t>, assertion: Assertion) -> &'t [Citation] {
    let voice = assertion.voice().map(|voice| house.history.voices()[voice as usize].as_str());
    house.history.event(assertion.event).citations_of(voice)
}

fn fault(
    house: House<'_>,
    event: EventNumber,
    origin: Origin<'_>,
    mut values: Vec<(Assertion, PathNumber)>,
) -> Diagnostic {
    values.sort_by_key(|(assertion, path)| (assertion.change, *path));
    let (first, path) = values[0];
    let path = house.history.path(path);
    let message = match values.len() {
        1 => format!("`{path}` rests on `{origin}` alone"),
        2 => format!("`{path}` and 1 other value of `{}` rest on `{origin}` alone", house.history.event(event).id),
        more => format!(
            "`{path}` and {} other values of `{}` rest on `{origin}` alone",
            more - 1,
            house.history.event(event).id
        ),
    };
    let fault = Diagnostic::new(Code::SingleSource, house.history.change(first).target.place, message);
    let root = origin.to_string();
    let names = citations(house, first).iter().map(|citation| (name(citation), citation.place));
    let mut said = BTreeSet::new();
    let reprints = names.filter(|(name, _)| *name != root && said.insert(name.clone()));
    let fault = reprints.fold(fault, |fault, (name, place)| {
        fault.note(format!("`{name}` goes back to it, too, and counts as one with it"), Some(place))
    });
    fault.help("cite another source beside it, or `allow: {single-source: …}` with the reason why one is enough")
}
