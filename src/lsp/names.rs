//! Which name a word is, and where else it stands: where it is given, and where it is used. Works on texts as they are,
//! broken or not; knows nothing of the protocol.

use std::ops::Range;

use super::keys;
use super::meaning::{File, Keys, Meaning, Sort, meanings};
use super::outline::{Document, Outline, Role, Word, Writing};
use crate::model::date::Date;
use crate::model::manifest::{Holds, Manifest, Type};
use crate::model::path::{Path, normal};

/// A text of a chronicle by its name.
#[derive(Clone, Copy)]
pub struct Named<'t> {
    /// Relative to the chronicle.
    pub name: &'t str,
    /// As it is now.
    pub text: &'t str,
}

/// A name with what it is a name of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    /// What it is a name of.
    pub sort: Sort,
    /// The name.
    pub text: String,
}

/// What a word means, of all that it may mean there: a key only if there is such a key, a date only if it is one.
pub fn meant<'o>(file: File<'_>, outline: &'o Outline, word: &Word) -> Option<Meaning<'o>> {
    let all = meanings(file, &outline.steps(word), word.role);
    let is_key = |whose: &Keys| word.role == Role::Key && keys::all(*whose).contains(&&*word.text);
    let key = all.iter().find(|meaning| matches!(meaning, Meaning::Key(whose) if is_key(whose)));
    let fits = |meaning: &&Meaning| match meaning {
        Meaning::Key(_) => false,
        Meaning::Date => all.len() == 1 || Date::parse(&word.text).is_ok(),
        Meaning::OneOf(words) => words.contains(&&*word.text),
        Meaning::Refers(_) | Meaning::Defines(_) | Meaning::Value(_) => true,
    };
    key.or_else(|| all.iter().find(fits)).copied()
}

/// The name that a word is, if it is one.
pub fn name(meaning: Meaning, word: &str, manifest: Option<&Manifest>) -> Option<Name> {
    let sort = match meaning {
        Meaning::Refers(sort) | Meaning::Defines(sort) => sort,
        Meaning::Value(path) => {
            let path = Path::parse(path).ok()?;
            let holds = manifest?.rule(&path)?.holds.as_ref()?;
            matches!(holds, Holds::One(Type::Entity) | Holds::SetOf(Type::Entity)).then_some(Sort::Entity)?
        }
        Meaning::Key(_) | Meaning::Date | Meaning::OneOf(_) => return None,
    };
    let text = match sort {
        Sort::Path => Path::parse(word).map_or_else(|_| word.to_owned(), |path| path.as_str().to_owned()),
        _ => normal(word).into_owned(),
    };
    Some(Name { sort, text })
}

/// The documents of a text, each with the id of the event that it is: its own, else the stem of the file, with `#` and
/// its number where there are several (1-format, An event).
pub fn identified<'o, 't>(file: Named, outline: &'o Outline<'t>) -> Vec<(Document<'o, 't>, Option<String>)> {
    let base = file.name.rsplit('/').next().unwrap_or(file.name);
    let stem = normal(base.rsplit_once('.').map_or(base, |(stem, _)| stem));
    let documents = outline.documents();
    let is_event = |document: &Document| !document.has("expect") || document.has("title");
    let several = documents.iter().filter(|document| is_event(document)).count() > 1;
    let mut number = 0;
    let id = |document: &Document| {
        if !is_event(document) {
            return None;
        }
        number += 1;
        let by_place = || if several { format!("{stem}#{number}") } else { stem.clone().into_owned() };
        Some(document.value("id").map_or_else(by_place, |id| normal(&id.text).into_owned()))
    };
    let ids: Vec<Option<String>> = documents.iter().map(id).collect();
    documents.into_iter().zip(ids).collect()
}

/// Where a name is given in a text.
pub fn definitions(file: Named, name: &Name, manifest: Option<&Manifest>) -> Vec<Range<usize>> {
    let sort = File::of(file.name);
    let outline = || Outline::of(file.text, Writing::of(file.name));
    if name.sort == Sort::Event {
        if sort != File::Events {
            return Vec::new();
        }
        let outline = outline();
        let of_event = identified(file, &outline).into_iter().filter(|(_, id)| id.as_deref() == Some(&name.text));
        let place = |document: Document| {
            let word = document.value("id").or_else(|| document.value("title"));
            word.map_or_else(|| document.place(), |word| word.place.clone())
        };
        return of_event.map(|(document, _)| place(document)).collect();
    }
    // A path is given by its pattern.
    let rule = || manifest?.rule(&Path::parse(&name.text).ok()?);
    let text = match name.sort {
        Sort::Path => rule().map_or(name.text.as_str(), |rule| rule.pattern.as_str()),
        _ => name.text.as_str(),
    };
    places(file, text, |meaning, word| {
        matches!(meaning, Meaning::Defines(sort) if sort == name.sort) && normal(word) == text
    })
}

/// Where a name is used in a text.
pub fn references(file: Named, wanted: &Name, manifest: Option<&Manifest>) -> Vec<Range<usize>> {
    places(file, &wanted.text, |meaning, word| {
        !matches!(meaning, Meaning::Defines(_)) && name(meaning, word, manifest).as_ref() == Some(wanted)
    })
}

/// The words of a text that hold some words and are as wanted.
fn places(file: Named, holding: &str, wanted: impl Fn(Meaning, &str) -> bool) -> Vec<Range<usize>> {
    // Most texts do not name it at all; what is spelled in another way is found where the text has any such spelling.
    if !file.text.contains(holding) && file.text.is_ascii() && !file.text.contains('\\') {
        return Vec::new();
    }
    let outline = Outline::of(file.text, Writing::of(file.name));
    let is_wanted =
        |word: &&Word| meant(File::of(file.name), &outline, word).is_some_and(|meaning| wanted(meaning, &word.text));
    outline.words.iter().filter(is_wanted).map(|word| word.place.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: Named = Named {
        name: "2022/day.yaml",
        text: "title: One\nactors: [ada]\nsources: [{id: s, title: T}]\n---\ntitle: Two\nid: two\nbecause: [day#1]\nsources: [s, {s: quote}]\n\
               set: {a.b: ada}\n---\nexpect: {a.b: ada}\nas_of: two\n---\ntitle: Three\nafter: two\n",
    };

    fn told(places: Vec<Range<usize>>) -> Vec<(usize, &'static str)> {
        let line = |place: &Range<usize>| EVENTS.text[..place.start].matches('\n').count() + 1;
        places.iter().map(|place| (line(place), &EVENTS.text[place.clone()])).collect()
    }

    fn of(sort: Sort, text: &str) -> Name {
        Name { sort, text: text.to_owned() }
    }

    #[test]
    fn an_event_has_the_id_that_loading_gives_it() {
        let outline = Outline::of(EVENTS.text, Writing::Yaml);
        let ids: Vec<Option<String>> = identified(EVENTS, &outline).into_iter().map(|(_, id)| id).collect();
        let expected = [Some("day#1"), Some("two"), None, Some("day#3")];
        assert_eq!(ids.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
        let alone = Named { name: "one.yaml", text: "title: T\n" };
        let outline = Outline::of(alone.text, Writing::Yaml);
        assert_eq!(identified(alone, &outline)[0].1.as_deref(), Some("one"));
    }

    #[test]
    fn names_are_found_where_they_are_given_and_used() {
        let defined = |sort, text| told(definitions(EVENTS, &of(sort, text), None));
        assert_eq!(defined(Sort::Event, "two"), [(6, "two")]);
        assert_eq!(defined(Sort::Event, "day#1"), [(1, "One")]);
        assert_eq!(defined(Sort::Source, "s"), [(3, "s")]);
        assert_eq!(defined(Sort::Entity, "ada"), []);
        let used = |sort, text| told(references(EVENTS, &of(sort, text), None));
        assert_eq!(used(Sort::Event, "two"), [(12, "two"), (15, "two")]);
        assert_eq!(used(Sort::Source, "s"), [(8, "s"), (8, "s")]);
        assert_eq!(used(Sort::Entity, "ada"), [(2, "ada")], "of the values only those that are entities");
        assert_eq!(used(Sort::Path, "a.b"), [(9, "a.b"), (11, "a.b")]);
    }
}
