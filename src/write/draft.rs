//! An event while it is written: its keys one by one, and as the correction of another. Knows nothing of what the keys may
//! hold: an event is checked as if its file were there.

use crate::model::event::Free;

/// The keys whose changes a correction may leave out path by path.
const CHANGES: [&str; 7] = ["set", "unset", "add", "remove", "increase", "decrease", "during"];

/// The keys of an event, in the order in which they came.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Draft(Vec<(String, Free)>);

impl Draft {
    /// What corrects an event: all that it says, of its own date, known on a day.
    pub fn correction(original: &Free, id: &str, known: &str) -> Draft {
        let Free::Map(keys) = original else { return Draft::default() };
        let stays = |(key, _): &&(String, Free)| !matches!(key.as_str(), "id" | "known" | "replaces" | "allow");
        let mut draft = Draft(keys.iter().filter(stays).cloned().collect());
        draft.put("known", Free::Text(known.to_owned()));
        draft.put("replaces", Free::List(vec![Free::Text(id.to_owned())]));
        draft
    }

    /// What takes an event back: its date, and nothing that it changed.
    pub fn retraction(original: &Free, id: &str, known: &str) -> Draft {
        let mut draft = Draft::correction(original, id, known);
        draft.0.retain(|(key, _)| matches!(key.as_str(), "date" | "title" | "known" | "replaces"));
        if let Some((_, Free::Text(title))) = draft.0.iter_mut().find(|(key, _)| key == "title") {
            title.insert_str(0, "Retracted: ");
        }
        draft
    }

    /// Gives a key its value, whatever it had.
    pub fn put(&mut self, key: &str, value: Free) {
        match self.0.iter_mut().find(|(known, _)| known == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key.to_owned(), value)),
        }
    }

    /// Gives a path its value under a key of changes. Says no where the path has another there.
    pub fn change(&mut self, key: &str, path: &str, value: Free) -> bool {
        put_new(self.map(key), path, value)
    }

    /// Puts members under a path, beside those that are there.
    pub fn members(&mut self, key: &str, path: &str, value: Free) {
        let paths = self.map(key);
        match paths.iter_mut().find(|(known, _)| known == path) {
            Some((_, old)) => {
                let both = [std::mem::replace(old, Free::Null), value].into_iter();
                *old = Free::List(
                    both.flat_map(|one| if let Free::List(items) = one { items } else { vec![one] }).collect(),
                );
            }
            None => paths.push((path.to_owned(), value)),
        }
    }

    /// Puts a text into the list of a key.
    pub fn push(&mut self, key: &str, item: Free) {
        list(&mut self.0, key).push(item);
    }

    /// Gives a path the value that a voice claims. Says no where it claims another.
    pub fn claim(&mut self, voice: &str, path: &str, value: Free) -> bool {
        put_new(map(map(self.map("claims"), voice), "set"), path, value)
    }

    /// Puts an item into a list of what a voice claims.
    pub fn push_claim(&mut self, voice: &str, key: &str, item: Free) {
        list(map(self.map("claims"), voice), key).push(item);
    }

    /// Leaves out what is changed of a path, claims aside. Says whether anything was.
    pub fn drop_change(&mut self, path: &str) -> bool {
        let mut dropped = false;
        for (_, value) in self.0.iter_mut().filter(|(key, _)| CHANGES.contains(&key.as_str())) {
            dropped |= drop_path(value, path);
        }
        self.0.retain(|(_, value)| !is_empty(value));
        dropped
    }

    /// Leaves out what a voice claims of a path.
    pub fn drop_claim(&mut self, voice: &str, path: &str) {
        let claims = self.0.iter_mut().filter(|(key, _)| key == "claims");
        for (_, value) in claims {
            if let Free::Map(voices) = value {
                voices
                    .iter_mut()
                    .filter(|(speaker, _)| speaker == voice)
                    .for_each(|(_, said)| _ = drop_path(said, path));
            }
        }
    }

    /// The event.
    pub fn into_free(self) -> Free {
        Free::Map(self.0)
    }

    fn map(&mut self, key: &str) -> &mut Vec<(String, Free)> {
        map(&mut self.0, key)
    }
}

/// The text of a key of an event.
pub fn text<'f>(event: &'f Free, key: &str) -> Option<&'f str> {
    if let Free::Map(keys) = event { text_of(keys, key) } else { None }
}

/// Whether an event has a key.
pub fn has(event: &Free, key: &str) -> bool {
    matches!(event, Free::Map(keys) if keys.iter().any(|(known, _)| known == key))
}

fn text_of<'f>(keys: &'f [(String, Free)], key: &str) -> Option<&'f str> {
    keys.iter().find(|(known, _)| known == key).and_then(|(_, value)| match value {
        Free::Text(text) | Free::Number(text) => Some(text.as_str()),
        _ => None,
    })
}

/// The mapping under a key, made where there is none.
fn map<'f>(keys: &'f mut Vec<(String, Free)>, key: &str) -> &'f mut Vec<(String, Free)> {
    let value = under(keys, key);
    if !matches!(value, Free::Map(_)) {
        *value = Free::Map(Vec::new());
    }
    let Free::Map(entries) = value else { unreachable!("it was just made one") };
    entries
}

/// The list under a key, made where there is none; what stands there alone is its first item.
fn list<'f>(keys: &'f mut Vec<(String, Free)>, key: &str) -> &'f mut Vec<Free> {
    let value = under(keys, key);
    if !matches!(value, Free::List(_)) {
        let alone = std::mem::replace(value, Free::Null);
        *value = Free::List(if alone == Free::Null { Vec::new() } else { vec![alone] });
    }
    let Free::List(items) = value else { unreachable!("it was just made one") };
    items
}

fn under<'f>(keys: &'f mut Vec<(String, Free)>, key: &str) -> &'f mut Free {
    let at = keys.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
        keys.push((key.to_owned(), Free::Null));
        keys.len() - 1
    });
    &mut keys[at].1
}

fn put_new(paths: &mut Vec<(String, Free)>, path: &str, value: Free) -> bool {
    let is_new = paths.iter().all(|(known, _)| known != path);
    if is_new {
        paths.push((path.to_owned(), value));
    }
    is_new
}

/// Takes a path out of changes: of a mapping of paths, of a list of them, or, of what is held during, of such below.
fn drop_path(value: &mut Free, path: &str) -> bool {
    match value {
        Free::Map(entries) => {
            let before = entries.len();
            entries.retain(|(key, _)| key != path);
            let mut dropped = entries.len() < before;
            for (_, below) in entries.iter_mut().filter(|(key, _)| CHANGES.contains(&key.as_str())) {
                dropped |= drop_path(below, path);
            }
            entries.retain(|(key, below)| !(CHANGES.contains(&key.as_str()) && is_empty(below)));
            dropped
        }
        Free::List(items) => {
            let before = items.len();
            items.retain(|item| !matches!(item, Free::Text(text) if text == path));
            items.len() < before
        }
        Free::Text(text) if text == path => {
            *value = Free::List(Vec::new());
            true
        }
        _ => false,
    }
}

fn is_empty(value: &Free) -> bool {
    matches!(value, Free::Map(entries) if entries.is_empty()) || matches!(value, Free::List(items) if items.is_empty())
}
