//! # hindsight
//!
//! The title, the summary or a quote of an event names an entity, or uses a value, that came up only later: no event
//! that was known by that day had brought it up. Whoever wrote it knew how the story went on; a reader who asks what
//! was known at the time is told what was not.
//!
//! An entity comes up by `place`, `actors`, `tags`, a path, a value or a claim of an event, or by being named in a text
//! of an earlier one; it is looked for by its `name` and each of `also` in the manifest, letter by letter, in whole
//! words. Values that are looked for are numbers of three digits that matter or more, years excepted, and texts of
//! three words or more. What no event ever brings up is no hindsight, a quote is read on the day of its source (of a
//! source without a date it is not read), and each thing is said once, where it is used first. A name is often only
//! mentioned early, so this is a thought and never an error, whatever the manifest or `--strict` says, and the rule
//! runs only where `check` names it, or where the manifest sets it (`check: {hindsight: hint}`).
//!
//! Say it in the event that brought it up; or, where it was known, say so by an earlier event.
//!
//! A file that breaks it:
//!
//! ```yaml
//! # chronicle.yaml
//! asof: 1
//! check: {hindsight: hint}
//! entities:
//!   carpathia: {name: Carpathia}
//!   titanic: {name: Titanic}
//! ```
//! ```yaml
//! # sailing.yaml
//! date: 1912-04-10
//! title: The Titanic leaves Southampton
//! summary: The Carpathia will bring back those who survive.
//! actors: [titanic]
//! ```
//! ```yaml
//! # rescue.yaml
//! date: 1912-04-15
//! title: The survivors are taken aboard
//! actors: [carpathia]
//! ```
//!
//! Mended:
//!
//! ```yaml
//! # chronicle.yaml
//! asof: 1
//! check: {hindsight: hint}
//! entities:
//!   carpathia: {name: Carpathia}
//!   titanic: {name: Titanic}
//! ```
//! ```yaml
//! # sailing.yaml
//! date: 1912-04-10
//! title: The Titanic leaves Southampton
//! actors: [titanic]
//! ```
//! ```yaml
//! # rescue.yaml
//! date: 1912-04-15
//! title: The survivors are taken aboard
//! actors: [carpathia]
//! ```

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::appeared::{Appeared, whole};
use super::mentions::{Names, words};
use super::{Finding, House};
use crate::history::EventNumber;
use crate::model::decimal::Decimal;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::{Change, Event, Target};
use crate::model::manifest::Entity;
use crate::model::moment::{Moment, Span};
use crate::model::path::normal;
use crate::model::text::Place;
use crate::model::value::{Scalar, Value};

/// Texts of fewer words and numbers of fewer digits are the stuff of any sentence.
const DISTINCT: usize = 3;

/// Finds every thing that is used before any event has brought it up: its first use.
pub(super) fn find(house: House<'_>) -> Vec<Finding> {
    let things = things(house);
    let mut names = Names::default();
    // Of each name the thing that came up first: where two share one, no more is known than that.
    let mut named: Vec<usize> = Vec::new();
    for (number, thing) in things.iter().enumerate() {
        for name in thing.names.iter().filter_map(|name| names.insert(name)) {
            match named.get_mut(name as usize) {
                None => named.push(number),
                Some(other) if thing.came_up < things[*other].came_up => *other = number,
                Some(_) => {}
            }
        }
    }
    let mut first: BTreeMap<usize, Use> = BTreeMap::new();
    first_uses(house, &names, named.len()).into_iter().zip(named).for_each(|(used, thing)| {
        if let Some(used) = used {
            first.entry(thing).and_modify(|first| *first = used.min(*first)).or_insert(used);
        }
    });
    let mut early: Vec<(Use, &Thing)> = first.into_iter().map(|(thing, used)| (used, &things[thing])).collect();
    early.retain(|(used, thing)| used.by <= thing.came_up.0);
    early.sort_by_key(|(used, _)| (used.event, used.place));
    early.into_iter().map(|(used, thing)| fault(house, used, thing)).collect()
}

/// Something that events bring up and texts can name.
struct Thing<'t> {
    /// Its slug, or the value.
    shown: Cow<'t, str>,
    /// What it is looked for by.
    names: Vec<Cow<'t, str>>,
    /// The earliest moment at which an event that brought it up may have been known, and that event.
    came_up: (Moment, EventNumber),
}

/// What a thing is to the events that bring it up.
#[derive(PartialEq, Eq, Hash)]
enum What<'t> {
    Entity(&'t str),
    Text(&'t str),
    Number(Decimal),
}

/// Everything that any event brings up.
fn things(house: House<'_>) -> Vec<Thing<'_>> {
    let entities: FxHashMap<&str, &Entity> =
        house.manifest.entities.iter().flatten().map(|(slug, entity)| (slug.as_str(), entity)).collect();
    let mut numbers: FxHashMap<What, usize> = FxHashMap::default();
    let mut things: Vec<Thing> = Vec::new();
    for (number, event) in (0..).zip(house.history.events()) {
        let came_up = (known(house, event).start, number);
        for what in brought_up(event) {
            if let Some(known) = numbers.get(&what) {
                let thing: &mut Thing = &mut things[*known];
                thing.came_up = thing.came_up.min(came_up);
            } else if let Some((shown, names)) = names_of(&what, &entities) {
                numbers.insert(what, things.len());
                things.push(Thing { shown, names, came_up });
            }
        }
    }
    things
}

/// When an event became known, earliest to latest; by its date, if nothing else is said.
fn known(house: House<'_>, event: &Event) -> Span {
    let date = event.known.as_ref().unwrap_or(&event.date);
    whole(&date.value, &house.manifest.calendar).unwrap_or(event.when.written)
}

/// What an event brings up, its texts aside; every slug as if it were an entity's.
fn brought_up(event: &Event) -> impl Iterator<Item = What<'_>> {
    let listed = event.at.iter().chain(&event.actors).chain(&event.tags).map(|slug| What::Entity(&slug.value));
    listed.chain(event.changes.iter().flat_map(in_change))
}

fn in_change<'e>(change: &'e Change) -> Vec<What<'e>> {
    let mut found: Vec<What> = change.voice.iter().map(|voice| What::Entity(voice)).collect();
    if let Target::Path(path) = &change.target.value {
        found.extend(path.segments().map(|segment| What::Entity(segment.trim_matches('"'))));
    }
    let mut scalar = |scalar: &'e Scalar| match scalar {
        Scalar::Text(text) => found.extend([What::Entity(text), What::Text(text)]),
        Scalar::Number(number) => found.push(What::Number(*number)),
        Scalar::Truth(_) => {}
    };
    match change.does.value() {
        Some(Value::Scalar(value)) => scalar(value),
        Some(Value::Set(members)) => members.iter().for_each(scalar),
        Some(Value::Estimate(estimate)) => found.extend(estimate.parts().map(|(_, part)| What::Number(part))),
        None => {}
    }
    found
}

/// How a thing is shown, and what it is looked for by; of one that nobody could tell from plain words, nothing.
fn names_of<'t>(what: &What<'t>, entities: &FxHashMap<&str, &'t Entity>) -> Option<(Cow<'t, str>, Vec<Cow<'t, str>>)> {
    match *what {
        What::Entity(slug) => {
            let entity = entities.get(slug)?;
            Some((slug.into(), entity.name.iter().chain(&entity.also).map(|name| normal(name)).collect()))
        }
        What::Text(text) => {
            let is_plain = words(text).take(DISTINCT).count() < DISTINCT || !text.contains(char::is_alphabetic);
            (!is_plain).then(|| (text.into(), vec![normal(text)]))
        }
        What::Number(number) => {
            let text = number.to_string();
            let digits = text.trim_start_matches(['-', '0', '.']).trim_end_matches(['0', '.']);
            let names = spellings(&text);
            let distinct = digits.bytes().filter(u8::is_ascii_digit).count() >= DISTINCT && !names.is_empty();
            distinct.then(|| (text.clone().into(), names))
        }
    }
}

/// How a number is written in a sentence: plainly, where it does not look like a year, and with commas.
fn spellings<'t>(number: &str) -> Vec<Cow<'t, str>> {
    let number = number.trim_start_matches('-');
    let (whole, rest) = number.split_at(number.find('.').unwrap_or(number.len()));
    let is_year = rest.is_empty() && whole.len() == 4 && whole.starts_with(['1', '2']);
    let mut found: Vec<Cow<str>> = if is_year { Vec::new() } else { vec![number.to_owned().into()] };
    if whole.len() > 3 {
        let mut grouped = String::new();
        for (at, digit) in whole.char_indices() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        found.push((grouped + rest).into());
    }
    found
}

/// A text that uses something; the earliest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Use {
    /// The earliest moment at which the text may have been known.
    from: Moment,
    event: EventNumber,
    /// The latest moment of which the text may speak.
    by: Moment,
    place: Place,
}

/// Of every name its first use in any title, summary or quote.
fn first_uses(house: House<'_>, names: &Names, count: usize) -> Vec<Option<Use>> {
    let appeared = Appeared::new(house);
    let mut first: Vec<Option<Use>> = vec![None; count];
    let mut read = |text: &str, used: Use| {
        for name in names.mentioned(&normal(text)) {
            let first = &mut first[name as usize];
            *first = Some(first.map_or(used, |first| first.min(used)));
        }
    };
    for (event, written) in (0..).zip(house.history.events()) {
        let known = known(house, written);
        let ended = whole(&written.date.value, &house.manifest.calendar).unwrap_or(written.when.written).end;
        let by = known.end.max(ended);
        for text in std::iter::once(&written.title).chain(&written.summary) {
            read(&text.value, Use { from: known.start, event, by, place: text.place });
        }
        for citation in written.citations() {
            if let Some((quote, span)) = citation.quote.as_ref().zip(appeared.span(citation)) {
                let (from, by) = (known.start.max(span.start), by.max(span.end));
                read(quote, Use { from, event, by, place: citation.place });
            }
        }
    }
    first
}

fn fault(house: House<'_>, used: Use, thing: &Thing) -> Finding {
    let (event, bringer) = (house.history.event(used.event), house.history.event(thing.came_up.1));
    let message = format!("`{}` speaks of `{}`, which no event had brought up by then", event.id, thing.shown);
    let fault = Diagnostic::new(Code::Hindsight, narrowed(house, used.place, &thing.names), message)
        .note(format!("`{}` is the first to bring it up", bringer.id), Some(bringer.name_place))
        .help("say it in the event that brought it up, or bring it up in an earlier one");
    (Some(used.event), fault)
}

/// The words of a text that name a thing, where they stand as they are looked for; else the whole text.
fn narrowed(house: House<'_>, place: Place, names: &[Cow<str>]) -> Place {
    let text = house.texts.words(place);
    let is_whole = |at: usize, name: &str| {
        !text[..at].ends_with(char::is_alphanumeric) && !text[at + name.len()..].starts_with(char::is_alphanumeric)
    };
    let found = names.iter().find_map(|name| {
        let at = text.match_indices(&**name).map(|(at, _)| at).find(|at| is_whole(*at, name))?;
        Some((place.start as usize + at, name.len()))
    });
    found.map_or(place, |(at, length)| Place::new(place.file, at, at + length))
}
