//! Snapshots: all rows of one date together are the whole state, so what they no longer name is unset, also from one file
//! of a command to the next. Keeps no more than two dates in memory.

use std::collections::BTreeSet;
use std::io;

use crate::exchange::import::{Outcome, Refused, Stretch, Take, get};
use crate::model::date::{Calendar, Date};
use crate::model::diagnostic::Code;
use crate::model::event::Free;
use crate::model::moment::Moment;

/// The snapshot that is being gathered, and what the one before it said.
#[derive(Default)]
pub struct Snapshot {
    gathered: Option<Gathered>,
    /// The paths that held before.
    before: BTreeSet<String>,
    /// When the latest snapshot was.
    latest: Option<Moment>,
    /// Whether a row was refused since the snapshot before: it may be one of the next.
    has_gap: bool,
}

/// The rows of one date.
struct Gathered {
    date: String,
    event: Vec<(String, Free)>,
    set: Vec<(String, Free)>,
    paths: BTreeSet<String>,
    /// The words of the first row, its line and number, and how many rows there are.
    text: String,
    line: usize,
    row: usize,
    rows: usize,
    /// Whether a row among these, or next to them, could not be read: what is missing may be there.
    has_gap: bool,
}

impl Snapshot {
    /// Takes the next row, or that it was refused or left out.
    pub fn add(&mut self, stretch: &Stretch, read: Result<Option<Free>, Refused>, take: &mut Take) -> io::Result<()> {
        let keys = match read {
            Ok(Some(Free::Map(keys))) => keys,
            Ok(_) => return take(*stretch, Outcome::Skipped),
            Err(refused) => return self.refuse(stretch, refused, take),
        };
        if let Some(key) = ["increase", "decrease"].into_iter().find(|key| get(&keys, key).is_some()) {
            let fault = Refused::whole(Code::UnknownKey, format!("a snapshot cannot `{key}`: it states whole values"));
            return self.refuse(stretch, fault.help("say `set` in the rules"), take);
        }
        let Some(Free::Text(date)) = get(&keys, "date").cloned() else {
            return self.refuse(stretch, Refused::whole(Code::BadDate, "a row of a snapshot without a date"), take);
        };
        if self.gathered.as_ref().is_none_or(|gathered| gathered.date != date) {
            self.end(take)?;
            let reckoned = Date::parse(&date).ok().and_then(|date| date.reckon(&Calendar::default()).ok());
            let moment = reckoned.map(|reckoned| reckoned.start.end);
            if moment.is_none() || moment <= self.latest {
                let fault = Refused::whole(Code::BadDate, format!("`{date}` is not after the snapshot before it"));
                let help = "sort the rows by their dates, and the files, the earliest first; a date stands in one file";
                return self.refuse(stretch, fault.help(help), take);
            }
            self.latest = moment;
            self.gathered = Some(Gathered {
                date,
                event: keys.iter().filter(|(key, _)| key != "set").cloned().collect(),
                set: Vec::new(),
                paths: BTreeSet::new(),
                text: stretch.text.to_owned(),
                line: stretch.line,
                row: stretch.row,
                rows: 0,
                has_gap: std::mem::take(&mut self.has_gap),
            });
        }
        let gathered = self.gathered.as_mut().expect("it was just made");
        let (set, rest): (Vec<_>, Vec<_>) = keys.into_iter().partition(|(key, _)| key == "set");
        let set = match set.into_iter().next() {
            Some((_, Free::Map(set))) => set,
            _ => Vec::new(),
        };
        if let Some((path, _)) = set.iter().find(|(path, value)| gathered.set_already(path, value)) {
            let message = format!("`{path}` has another value already on {}", gathered.date);
            return self.refuse(stretch, Refused::whole(Code::ConflictingChanges, message), take);
        }
        gathered.rows += 1;
        if gathered.rows > 1 {
            // Of what is said once of an event, such as its title, the first row's words stand.
            join(&mut gathered.event, rest, false);
        }
        for (path, value) in set {
            if gathered.paths.insert(path.clone()) {
                gathered.set.push((path, value));
            }
        }
        Ok(())
    }

    fn refuse(&mut self, stretch: &Stretch, refused: Refused, take: &mut Take) -> io::Result<()> {
        self.has_gap = true;
        if let Some(gathered) = &mut self.gathered {
            gathered.has_gap = true;
        }
        take(*stretch, Outcome::Refused(refused))
    }

    /// Hands on the snapshot that is gathered, as one event.
    pub fn end(&mut self, take: &mut Take) -> io::Result<()> {
        let Some(mut gathered) = self.gathered.take() else { return Ok(()) };
        let missing: Vec<Free> = self.before.difference(&gathered.paths).cloned().map(Free::Text).collect();
        if gathered.has_gap {
            // What is missing may be in the row that could not be read: it stays until the next snapshot that is whole.
            self.before.extend(gathered.paths);
        } else {
            self.before = gathered.paths;
            match gathered.event.iter_mut().find(|(key, _)| key == "unset") {
                Some((_, Free::List(unset))) => unset.extend(missing),
                _ if missing.is_empty() => {}
                _ => gathered.event.push(("unset".to_owned(), Free::List(missing))),
            }
        }
        if !gathered.set.is_empty() {
            gathered.event.push(("set".to_owned(), Free::Map(gathered.set)));
        }
        let stretch = Stretch { text: &gathered.text, line: gathered.line, row: gathered.row, rows: gathered.rows };
        take(stretch, Outcome::Event(Free::Map(gathered.event)))
    }
}

/// Adds to a mapping what another has beside: keys, and below a key that both have the members of lists and mappings. Where
/// values are members of sets (`are_members`), two become a list.
fn join(all: &mut Vec<(String, Free)>, more: Vec<(String, Free)>, are_members: bool) {
    for (key, value) in more {
        match (all.iter_mut().find(|(known, _)| *known == key), value) {
            (None, value) => all.push((key, value)),
            (Some((_, Free::List(all))), Free::List(more)) => {
                for item in more {
                    if !all.contains(&item) {
                        all.push(item);
                    }
                }
            }
            (Some((_, Free::Map(all))), Free::Map(more)) => {
                join(all, more, are_members || matches!(key.as_str(), "add" | "remove"))
            }
            (Some((_, Free::List(all))), item) if !all.contains(&item) => all.push(item),
            (Some((_, one)), other) if are_members && *one != other => {
                *one = Free::List(vec![std::mem::replace(one, Free::Null), other]);
            }
            _ => {}
        }
    }
}

impl Gathered {
    /// Whether a path has another value on this date.
    fn set_already(&self, path: &str, value: &Free) -> bool {
        self.paths.contains(path) && self.set.iter().any(|(known, before)| known == path && before != value)
    }
}
