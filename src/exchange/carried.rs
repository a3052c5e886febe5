//! How an event travels in a form that has no place for all of it: what the form shows is read from there, so that it
//! can be edited, and everything else goes along as JSON and comes back as it was. Knows nothing of the forms.

use super::document::{Keys, document};
use crate::ask::EventRow;
use crate::model::event::Free;
use crate::render::json::free;

/// What goes along with an event: every key that the form's own fields, read back, would not give.
pub fn luggage(row: &EventRow, shown: &Keys) -> Keys {
    document(row).into_iter().filter(|key| !shown.contains(key)).collect()
}

/// Keys as JSON on one line, with nothing in it that could steer a terminal.
pub fn json(keys: &Keys) -> String {
    free(&Free::Map(keys.clone())).to_json()
}

/// An event from what a form shows and what went along. Of a key that both have, what went along is taken as long as the
/// form shows just what it made of it (`shows` tells that); else somebody edited it.
pub fn unpacked(shown: Keys, luggage: Keys, shows: impl Fn(&str, &Free) -> Option<Free>) -> Keys {
    let mut keys = shown;
    for (name, value) in luggage {
        match keys.iter_mut().find(|(key, _)| *key == name) {
            None => keys.push((name, value)),
            Some((_, seen)) if shows(&name, &value).as_ref() == Some(seen) => *seen = value,
            Some(_) => {}
        }
    }
    keys
}

/// Drops the dates that went along with an event: somebody edited what the form shows, which stands for the whole of it.
pub fn drop_dates(luggage: &mut Keys) {
    luggage.retain(|(key, _)| key != "date" && key != "until");
}

/// Whether keys have more of an event's dates than a form shows, which must go along with what it shows.
pub fn has_dates(luggage: &Keys) -> bool {
    luggage.iter().any(|(key, _)| key == "date" || key == "until")
}
