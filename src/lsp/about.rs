//! What a name or a value means in the chronicle, in a few lines for whoever points at it. Asks the questions of `ask/`;
//! knows nothing of the protocol.

use super::meaning::Sort;
use crate::ask::{Asks, Difference, Fact, Found, Question, Selectors, Shown, ask, read_dates};
use crate::model::date::Calendar;
use crate::model::manifest::{Holds, PathRule, Source};
use crate::model::path::{Path, Pattern};
use crate::render::escape::{markdown, markdown_code, visible};
use crate::render::words;
use crate::timeline::Timeline;

/// Lines to be shown beside a text, in Markdown or plain.
pub struct Sheet {
    is_markdown: bool,
    text: String,
}

impl Sheet {
    /// An empty one.
    pub fn new(is_markdown: bool) -> Sheet {
        Sheet { is_markdown, text: String::new() }
    }

    /// What is on it, if anything.
    pub fn text(self) -> Option<String> {
        (!self.text.is_empty()).then_some(self.text)
    }

    fn words(&self, text: &str) -> String {
        if self.is_markdown { markdown(text) } else { visible(text).into_owned() }
    }

    fn code(&self, text: &str) -> String {
        if self.is_markdown { markdown_code(text) } else { visible(text).into_owned() }
    }

    fn paragraph(&mut self, ready: &str) {
        let between = match (self.text.is_empty(), self.is_markdown) {
            (true, _) => "",
            (false, true) => "\n\n",
            (false, false) => "\n",
        };
        self.text.push_str(between);
        self.text.push_str(ready);
    }

    /// A key of the format and what it means.
    pub fn key(&mut self, name: &str, about: Option<&str>) {
        self.head(None, name);
        about.into_iter().for_each(|about| self.line(about));
    }

    /// What it is about, in bold where that can be, with its name.
    fn head(&mut self, title: Option<&str>, name: &str) {
        let name = self.code(name);
        let head = match title.map(|title| self.words(title)) {
            Some(title) if self.is_markdown => format!("**{title}** {name}"),
            Some(title) => format!("{title} ({name})"),
            None => name,
        };
        self.paragraph(&head);
    }

    fn line(&mut self, text: &str) {
        let words = self.words(text);
        self.paragraph(&words);
    }

    /// An item of a list, whose first words are a name.
    fn item(&mut self, name: Option<&str>, text: &str) {
        let name = name.map(|name| format!("{} ", self.code(name))).unwrap_or_default();
        let item = format!("- {name}{}", self.words(text));
        // Items stand close to each other, and apart from a paragraph.
        let follows = self.text.rsplit('\n').next().is_some_and(|last| last.starts_with("- "));
        if follows || (!self.is_markdown && !self.text.is_empty()) {
            self.text.push('\n');
            self.text.push_str(&item);
        } else {
            self.paragraph(&item);
        }
    }
}

/// From where a value is looked at: around an event, else at the end of a date, else in the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Around<'t> {
    /// Before and after this event.
    Event(&'t str),
    /// At the end of this date.
    Date(&'t str),
    /// Just after the last event.
    Last,
}

/// Tells of a name; nothing is written where the chronicle does not have it.
pub fn name(timeline: &Timeline, sort: Sort, name: &str, around: Around, sheet: &mut Sheet) {
    match sort {
        Sort::Event => event(timeline, name, sheet),
        Sort::Path => path(timeline, name, around, sheet),
        Sort::Entity => entity(timeline, name, sheet),
        Sort::Voice => voice(timeline, name, sheet),
        Sort::Source => {
            if let Some(described) = timeline.source_called(name) {
                source(timeline, name, described, sheet);
            }
        }
        Sort::Tag | Sort::Kind => {}
        Sort::Rule => {
            if let Some(code) = crate::model::diagnostic::Code::named(name) {
                let page = crate::check::page(code).to_string();
                sheet.head(None, name);
                let body = page.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'));
                sheet.line(body.unwrap_or_default());
            }
        }
    }
}

/// The answer to a question, if there is one.
fn found<'t>(timeline: &'t Timeline, at: Option<String>, asks: Asks) -> Option<Found<'t>> {
    let select = Selectors { at, ..Selectors::default() };
    Some(ask(timeline, &Question { select, asks }).ok()?.found)
}

fn event(timeline: &Timeline, id: &str, sheet: &mut Sheet) {
    let Some(shown) = shown(timeline, id) else { return };
    let event = shown.event.event;
    sheet.head(Some(&event.title.value), id);
    sheet.line(&words::date(event.date.value.text()));
    if let Some((_, trouble)) = words::trouble(&shown.event, shown.counts, &shown.void_by) {
        sheet.line(&trouble);
    }
    if let Some(summary) = &event.summary {
        sheet.line(&summary.value);
    }
    for change in &shown.changed {
        sheet.item(Some(change.path.as_str()), &became(change));
    }
}

fn shown<'t>(timeline: &'t Timeline, id: &str) -> Option<Shown<'t>> {
    match found(timeline, None, Asks::Show { events: vec![id.to_owned()] })? {
        Found::Shown(shown) => shown.into_iter().next(),
        _ => None,
    }
}

fn became(change: &Difference) -> String {
    words::difference(change).into_iter().map(|(_, said)| said).collect()
}

fn path(timeline: &Timeline, text: &str, around: Around, sheet: &mut Sheet) {
    let Ok(path) = Path::parse(text) else { return pattern(timeline, text, sheet) };
    let rule = timeline.manifest().rule(&path);
    let is_used = timeline.history().find(&path).is_some();
    if rule.is_none() && !is_used {
        return;
    }
    sheet.head(rule.and_then(|rule| rule.label.as_deref()), path.as_str());
    if let Some(holds) = rule.and_then(holding) {
        sheet.line(&holds);
    }
    let mut tell = |when: &str, at: Option<String>| -> bool {
        let words = vec![path.as_str().to_owned()];
        let Some(Found::State(state)) = found(timeline, at, Asks::Replay { words }) else { return false };
        match state.facts.iter().find(|fact| fact.path == &path) {
            Some(fact) => told(sheet, when, fact),
            None => sheet.item(None, &format!("{when}: (no value)")),
        }
        true
    };
    if !is_used {
        return;
    }
    let is_told = match around {
        Around::Event(id) => tell("before", Some(format!("{id}^"))) && tell("after", Some(id.to_owned())),
        Around::Date(date) => tell(&format!("at the end of {}", words::date(date)), Some(date.to_owned())),
        Around::Last => false,
    };
    if !is_told {
        tell("now", None);
    }
}

/// A value with who says so, and what else is said.
fn told(sheet: &mut Sheet, when: &str, fact: &Fact) {
    let marks: Vec<String> = words::marks(fact).into_iter().map(|(_, mark)| mark).collect();
    let since = fact.since.map(|since| format!(", since {}", words::date(since))).unwrap_or_default();
    let event = fact.event.map(|event| format!(", {event}")).unwrap_or_default();
    let said = [vec![words::said(fact).1], marks].concat().join("  ");
    sheet.item(None, &format!("{when}: {said}{since}{event}"));
    for other in &fact.alternatives {
        let value = words::alternative_value(other.value.as_deref(), other.standing, fact.unit);
        let mark = if other.possible { "?" } else { "≠" };
        sheet.item(None, &format!("{when}, otherwise: {mark} {value} ({})", words::alternative_standing(other)));
    }
}

/// What a path may hold.
fn holding(rule: &PathRule) -> Option<String> {
    let holds = match rule.holds.as_ref()? {
        Holds::One(one) => one.name().to_owned(),
        Holds::OneOf(words) => format!("one of {}", words.join(", ")),
        Holds::SetOf(one) => format!("a set of {}", one.name()),
        Holds::SetOfWords(words) => format!("a set of {}", words.join(", ")),
    };
    Some(rule.unit.as_ref().map_or(holds.clone(), |unit| format!("{holds}, in {unit}")))
}

fn pattern(timeline: &Timeline, text: &str, sheet: &mut Sheet) {
    let Ok(pattern) = Pattern::parse(text) else { return };
    let matched: Vec<&str> =
        timeline.history().matching(&pattern).map(|path| timeline.history().path(path).as_str()).collect();
    sheet.head(None, text);
    sheet.line(&format!("matches {}", words::count(matched.len(), "path")));
    matched.iter().take(8).for_each(|path| sheet.item(Some(path), ""));
}

fn entity(timeline: &Timeline, id: &str, sheet: &mut Sheet) {
    let Some(entity) = timeline.manifest().entities.as_ref().and_then(|table| table.get(id)) else { return };
    sheet.head(entity.name.as_deref(), id);
    let also = (!entity.also.is_empty()).then(|| format!("also {}", entity.also.join(", ")));
    let at = entity.at.map(|(latitude, longitude)| format!("at {latitude}, {longitude}"));
    let said: Vec<String> = entity.kind.clone().into_iter().chain(also).chain(at).collect();
    if !said.is_empty() {
        sheet.line(&said.join("; "));
    }
}

fn voice(timeline: &Timeline, id: &str, sheet: &mut Sheet) {
    let Some(voices) = &timeline.manifest().voices else { return };
    let Some(voice) = voices.get(id) else { return };
    sheet.head(voice.name.as_deref(), id);
    if let Some(whole) = &voice.part_of {
        sheet.line(&format!("part of {}", whole.value));
    }
    let is_part = |(name, part): (&String, &crate::model::manifest::Voice)| {
        part.part_of.as_ref().is_some_and(|whole| whole.value == id).then(|| name.clone())
    };
    let parts: Vec<String> = voices.iter().filter_map(is_part).collect();
    if !parts.is_empty() {
        sheet.line(&format!("its parts: {}", parts.join(", ")));
    }
}

fn source(timeline: &Timeline, id: &str, source: &Source, sheet: &mut Sheet) {
    sheet.head(source.title.as_deref(), id);
    let date = source.date.as_ref().map(|date| date.value.words());
    let language = source.language.as_ref().map(|language| format!("in {language}"));
    let grade = source.reliability.map(|grade| format!("reliability {grade}"));
    let said: Vec<String> = source.publisher.clone().into_iter().chain(date).chain(language).chain(grade).collect();
    if !said.is_empty() {
        sheet.line(&said.join(", "));
    }
    for url in source.url.iter().chain(&source.archived) {
        sheet.line(url);
    }
    if let Some(from) = &source.from {
        sheet.line(&format!("from {}", from.value));
    }
    let history = timeline.history();
    if let Some(label) = history.label(crate::history::Sort::Source, id) {
        let citing = (0..history.len() as u32).filter(|event| history.labels(*event).contains(&label)).count();
        sheet.line(&format!("cited by {}", words::count(citing, "event")));
    }
}

/// Tells how a date is read, or why it is none.
pub fn date(text: &str, calendar: &Calendar, sheet: &mut Sheet) {
    let Some(reading) = read_dates(&[text.to_owned()], calendar).pop() else { return };
    match reading.read {
        Ok(read) => {
            sheet.head(Some(&read.words), text);
            sheet.line(&format!("{} to {}", read.earliest, read.latest));
            let shades = [(read.approximate, "approximate"), (read.uncertain, "uncertain")];
            let shades = shades.iter().filter(|(is_so, _)| *is_so).map(|(_, word)| format!(", {word}"));
            sheet.line(&format!(
                "EDTF level {}, {}{}",
                read.level,
                read.precision.as_str(),
                shades.collect::<String>()
            ));
        }
        Err(fault) => {
            sheet.head(None, text);
            sheet.line(&format!("no date: {}", fault.message));
            fault.help.iter().for_each(|help| sheet.line(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::{Text, Texts};

    fn timeline() -> Timeline {
        let files = vec![
            Text::new(
                "chronicle.yaml",
                "entities: {ada: {name: Ada, kind: person, also: [A.], at: [1, 2.5]}}\nvoices: {v: {name: Vee}, w: {part_of: v}}\n\
             sources: {s: {title: 'T*', publisher: P, date: 2022, url: 'https://x/y_z', reliability: B, from: o}, o: {title: O}}\n\
             paths: {a.b: {label: The B, type: number, unit: m}, a.c: {one_of: [x, y]}}\n",
            ),
            Text::new(
                "one.yaml",
                "date: 2022\ntitle: One\nsources: [s]\nset: {a.b: 1, a.c: x}\nclaims: {v: {set: {a.b: 9}}}\n",
            ),
            Text::new("two.yaml", "date: 2023~\ntitle: Two\nsummary: Said.\nset: {a.b: 2}\n"),
        ];
        let own = files.len();
        Timeline::load(Texts { files, folder: "c".into(), own }, Vec::new())
    }

    fn said(sort: Sort, word: &str, around: Around) -> String {
        let mut sheet = Sheet::new(false);
        name(&timeline(), sort, word, around, &mut sheet);
        sheet.text().unwrap_or_default()
    }

    #[test]
    fn a_path_is_told_before_and_after_an_event() {
        let expected = "The B (a.b)\nnumber, in m\n- before: 1 m  ≠ v, since 2022, one\n- before, otherwise: ≠ 9 m (claimed by v)\n\
                        - after: 2 m  ≠ v, since about 2023, two\n- after, otherwise: ≠ 9 m (claimed by v)";
        assert_eq!(said(Sort::Path, "a.b", Around::Event("two")), expected);
        assert_eq!(
            said(Sort::Path, "a.c", Around::Date("2022")),
            "a.c\none of x, y\n- at the end of 2022: x, since 2022, one"
        );
        assert!(said(Sort::Path, "a.b", Around::Event("gone")).contains("- now: 2 m"));
        assert_eq!(said(Sort::Path, "no.such", Around::Last), "");
        assert_eq!(said(Sort::Path, "a.*", Around::Last), "a.*\nmatches 2 paths\n- a.b \n- a.c ");
    }

    #[test]
    fn names_are_told_with_what_the_manifest_says() {
        assert_eq!(said(Sort::Entity, "ada", Around::Last), "Ada (ada)\nperson; also A.; at 1, 2.5");
        assert_eq!(said(Sort::Voice, "v", Around::Last), "Vee (v)\nits parts: w");
        assert_eq!(said(Sort::Voice, "w", Around::Last), "w\npart of v");
        assert_eq!(
            said(Sort::Source, "s", Around::Last),
            "T* (s)\nP, 2022, reliability B\nhttps://x/y_z\nfrom o\ncited by 1 event"
        );
        assert_eq!(said(Sort::Event, "two", Around::Last), "Two (two)\nabout 2023\nSaid.\n- a.b 1 m → 2 m");
        assert!(said(Sort::Rule, "hindsight", Around::Last).starts_with("hindsight\n"));
    }

    #[test]
    fn markdown_is_only_words() {
        let mut sheet = Sheet::new(true);
        name(&timeline(), Sort::Source, "s", Around::Last, &mut sheet);
        let expected = "**T\\*** `s`\n\nP, 2022, reliability B\n\nhttps://x/y\\_z\n\nfrom o\n\ncited by 1 event";
        assert_eq!(sheet.text().unwrap(), expected);
    }

    #[test]
    fn a_date_is_read() {
        let said = |text| {
            let mut sheet = Sheet::new(false);
            date(text, &Calendar::default(), &mut sheet);
            sheet.text().unwrap()
        };
        let expected = "about April 2022 (2022-04~)\n2022-04-01T00:00:00Z to 2022-05-01T00:00:00Z\nEDTF level 1, month, approximate";
        assert_eq!(said("2022-04~"), expected);
        assert!(said("2022-13").starts_with("2022-13\nno date: there is no month 13"));
    }
}
