//! # no-source
//!
//! An event names no source, neither for itself nor for what its voices claim.
//!
//! So nobody can look it up.
//!
//! Many a chronicle is of things that its author saw, so the rule is off until it is asked for: `asof check no-source`
//! runs it once, `check: {no-source: warning}` in the manifest always. An event that needs no source can say why under
//! `allow`.
//!
//! A file that breaks it:
//!
//! ```yaml
//! # chronicle.yaml
//! asof: 1
//! check: {no-source: warning}
//! ```
//! ```yaml
//! # 1869-05-10-golden-spike.yaml
//! date: 1869-05-10
//! title: The last spike joins the railways from both oceans
//! ```
//!
//! Mended:
//!
//! ```yaml
//! # chronicle.yaml
//! asof: 1
//! check: {no-source: warning}
//! ```
//! ```yaml
//! # 1869-05-10-golden-spike.yaml
//! date: 1869-05-10
//! title: The last spike joins the railways from both oceans
//! sources: [{title: The Pacific Railroad, publisher: The New York Times, date: 1869-05-12}]
//! ```

use crate::model::diagnostic::{Code, Diagnostic};

use super::{Finding, House};

/// Finds every event that cites nothing.
pub(super) fn find(house: House<'_>) -> Vec<Finding> {
    let silent = (0..).zip(house.history.events()).filter(|(_, event)| event.citations().next().is_none());
    silent
        .map(|(number, event)| {
            let fault = Diagnostic::new(Code::NoSource, event.name_place, format!("`{}` names no source", event.id));
            (Some(number), fault.help("add `sources`, or `allow: {no-source: …}` with the reason"))
        })
        .collect()
}
