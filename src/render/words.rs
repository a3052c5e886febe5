//! What the answers for people say in words, whether on a terminal or in Markdown: viewpoints, values, standings, and
//! what became of them. Knows nothing of lines and columns.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::Label;
use crate::ask::{
    Alternative, At, Counts, Difference, EventRow, Fact, Hinge, Hinges, HungValue, On, Origin, Reasons, Seen,
    SourceRow, Standing, Survivor, Trace, ValueCounts,
};
use crate::model::date::Date;
use crate::model::event::{Change, Target};
use crate::model::value::Value;

/// Words with what they are.
pub type Said = (Label, String);

/// A date in English; what is no date by itself (the open side of an interval), as it is said.
pub fn date(text: &str) -> String {
    match text {
        ".." => "the beginning".to_owned(),
        "" => "an unknown date".to_owned(),
        text => Date::parse(text).map_or_else(|_| text.to_owned(), |date| date.words()),
    }
}

/// The same without the time of day: of an instant its date alone.
pub fn day(text: &str) -> String {
    let days: Vec<&str> = text.split('/').map(|side| side.split(['T', 't']).next().unwrap_or(side)).collect();
    Date::parse(&days.join("/")).map_or_else(|_| date(text), |date| date.words())
}

/// What to call each of some dates: by its day, and with its time where another one has the same day.
pub fn days<'a>(dates: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, String> {
    let mut named: BTreeMap<&str, String> = dates.map(|date| (date, day(date))).collect();
    let mut seen = BTreeSet::new();
    let shared: BTreeSet<String> = named.values().filter(|day| !seen.insert(*day)).cloned().collect();
    named.iter_mut().filter(|(_, day)| shared.contains(*day)).for_each(|(text, day)| *day = date(text));
    named
}

/// So many of something, in the plural where there is not one.
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// A viewpoint: `as of the end of 14 May 2025, as best known, on record`.
pub fn viewpoint(view: &Seen) -> String {
    let mut parts = vec![match &view.at {
        At::Last => "as of the last event".to_owned(),
        At::EndOf(date) => format!("as of the end of {}", date.words()),
        At::After(event) => format!("just after {event}"),
        At::Before(event) => format!("just before {event}"),
    }];
    parts.push(match &view.known_by {
        None => "as best known".to_owned(),
        Some(date) => format!("known by the end of {}", date.words()),
    });
    parts.push(match &view.according_to {
        None => "on record".to_owned(),
        Some(voice) => format!("according to {voice}"),
    });
    parts.extend(view.only.iter().map(|filter| format!("only {filter}")));
    parts.extend(view.without.iter().map(|filter| format!("without {filter}")));
    parts.extend(view.with.iter().map(|file| format!("with {file}")));
    parts.join(", ")
}

/// A viewpoint as one side of a comparison: `the end of 14 May 2025, as best known, on record`.
pub fn side_viewpoint(view: &Seen) -> String {
    let words = viewpoint(view);
    words.strip_prefix("as of ").map(str::to_owned).unwrap_or(words)
}

/// How many events an answer rests on: `67 of 95 events`.
pub fn counts(counts: &Counts) -> String {
    let possible = if counts.possible > 0 { format!(", {} more possible", counts.possible) } else { String::new() };
    format!("{} of {}{possible}", counts.certain, count(counts.total, "event"))
}

/// What had to be left out, if anything.
pub fn left_out(number: usize) -> Option<String> {
    let verb = if number == 1 { "has a fault and is" } else { "have a fault and are" };
    (number > 0).then(|| format!("{} {verb} left out", count(number, "document")))
}

/// A value with its unit; `None` for nothing.
pub fn value(value: Option<&Value>, unit: Option<&str>) -> Option<String> {
    let value = value?;
    Some(match unit {
        Some(unit) if value.amount().is_some() => format!("{value} {unit}"),
        _ => value.to_string(),
    })
}

/// The voices of a dispute, sorted.
fn sides(alternatives: &[Alternative]) -> String {
    let voices: BTreeSet<&str> =
        alternatives.iter().filter(|one| !one.possible).flat_map(|one| one.claimed_by.iter().copied()).collect();
    voices.into_iter().collect::<Vec<_>>().join(", ")
}

/// What stands where the value of a fact does: the value, `≠ disputed: russia, ukraine`, what is possible, or nothing.
pub fn said(fact: &Fact) -> Said {
    let no_value = || (Label::Faint, "(no value)".to_owned());
    stated(fact).or_else(|| possible(fact)).unwrap_or_else(no_value)
}

/// The value, or `≠ disputed: russia, ukraine`.
pub fn stated(fact: &Fact) -> Option<Said> {
    match value(fact.value.as_deref(), fact.unit) {
        Some(value) => Some((Label::Value, value)),
        None if fact.standing == Standing::Disputed => {
            Some((Label::Disputed, format!("≠ disputed: {}", sides(&fact.alternatives))))
        }
        None => None,
    }
}

/// How a fact stands: `on record`, `claimed by russia`, `disputed`, `without a value`.
pub fn standing(standing: Standing, claimed_by: &[&str]) -> String {
    match standing {
        Standing::Record => "on record".to_owned(),
        Standing::Claimed => format!("claimed by {}", claimed_by.join(", ")),
        Standing::Disputed => "disputed".to_owned(),
        Standing::None => "without a value".to_owned(),
    }
}

/// The marks behind a value: who claims it, `≠` who says otherwise, `?` where something else is possible.
pub fn marks(fact: &Fact) -> Vec<Said> {
    let mut marks = Vec::new();
    if fact.standing == Standing::Claimed {
        marks.push((Label::Voice, standing(fact.standing, &fact.claimed_by)));
    }
    let others: Vec<&Alternative> = fact.alternatives.iter().filter(|one| !one.possible).collect();
    if fact.standing != Standing::Disputed && !others.is_empty() {
        let on_record = others.iter().any(|one| one.claimed_by.is_empty());
        let record = if fact.record_moved_on { "record (moved on)" } else { "record" };
        let mut who = if on_record { vec![record] } else { Vec::new() };
        who.extend(others.iter().flat_map(|one| one.claimed_by.iter().copied()).collect::<BTreeSet<_>>());
        marks.push((Label::Disputed, format!("≠ {}", who.join(", "))));
    }
    if fact.record_moved_on && others.iter().all(|one| !one.claimed_by.is_empty()) {
        marks.push((Label::Disputed, "the record has moved on".to_owned()));
    }
    if stated(fact).is_some() && fact.alternatives.iter().any(|one| one.possible) {
        marks.push((Label::Possible, "?".to_owned()));
    }
    marks
}

/// What is possible: `? off the table (article)`.
fn possible(fact: &Fact) -> Option<Said> {
    let mut possible: Vec<String> = Vec::new();
    for one in fact.alternatives.iter().filter(|one| one.possible) {
        let mut words = alternative_value(one.value.as_deref(), one.standing, fact.unit);
        if !one.claimed_by.is_empty() {
            words = format!("{words} ({})", one.claimed_by.join(", "));
        }
        if !possible.contains(&words) {
            possible.push(words);
        }
    }
    (!possible.is_empty()).then(|| (Label::Possible, format!("? {}", possible.join(", "))))
}

/// The value of an alternative, or why it has none.
pub fn alternative_value(other: Option<&Value>, standing: Standing, unit: Option<&str>) -> String {
    value(other, unit)
        .unwrap_or_else(|| if standing == Standing::Disputed { "disputed" } else { "no value" }.to_owned())
}

/// How an alternative stands: `claimed by ukraine`, `on record`, `possible`, `possible, claimed by russia`.
pub fn alternative_standing(one: &Alternative) -> String {
    let stands = match one.standing {
        Standing::None | Standing::Disputed => None,
        Standing::Record if one.possible => None,
        other => Some(standing(other, &one.claimed_by)),
    };
    let possible = one.possible.then(|| "possible".to_owned());
    possible.into_iter().chain(stands).collect::<Vec<_>>().join(", ")
}

/// One side of a difference.
fn side(fact: &Fact) -> Said {
    match stated(fact) {
        Some((label, value)) if fact.standing == Standing::Claimed => {
            (label, format!("{value} ({})", standing(fact.standing, &fact.claimed_by)))
        }
        Some(said) => said,
        None => (Label::Faint, "(nothing)".to_owned()),
    }
}

/// What became of a path: `proposed → agreed`, `+medinsky −fomin`, or in words what changed beside the value.
pub fn difference(change: &Difference) -> Vec<Said> {
    let (before, after) = (&change.before, &change.after);
    if let (Some(Value::Set(_)), Some(Value::Set(_))) = (before.value.as_deref(), after.value.as_deref())
        && !(change.members_added.is_empty() && change.members_removed.is_empty())
    {
        let more = change.members_added.iter().map(|member| (Label::Added, format!("+{member}")));
        let fewer = change.members_removed.iter().map(|member| (Label::Removed, format!("−{member}")));
        let mut said: Vec<Said> = Vec::new();
        for (label, member) in more.chain(fewer) {
            if !said.is_empty() {
                said.push((Label::Plain, "  ".to_owned()));
            }
            said.push((label, member));
        }
        return said;
    }
    let (old, new) = (side(before), side(after));
    let stays = before.value == after.value && (before.value.is_some() || old == new);
    if !stays {
        return vec![old, (Label::Plain, " → ".to_owned()), new];
    }
    let mut said = vec![stated(after).unwrap_or((Label::Faint, "(no value)".to_owned()))];
    let told = beside(before, after);
    if !told.is_empty() {
        said.extend([(Label::Plain, ": ".to_owned()), (Label::Faint, told.join("; "))]);
    }
    said
}

/// What changed beside the value.
fn beside(before: &Fact, after: &Fact) -> Vec<String> {
    let mut told = Vec::new();
    let (was, is) = (standing(before.standing, &before.claimed_by), standing(after.standing, &after.claimed_by));
    if was != is {
        told.push(format!("{is}, was {was}"));
    }
    let same = |one: &Alternative, other: &Alternative| {
        (&one.value, one.standing, one.possible, &one.claimed_by)
            == (&other.value, other.standing, other.possible, &other.claimed_by)
    };
    let says = |one: &Alternative| {
        let value = alternative_value(one.value.as_deref(), one.standing, after.unit);
        match alternative_standing(one) {
            standing if standing.is_empty() => value,
            standing => format!("{standing}: {value}"),
        }
    };
    let only_in = |here: &Fact, there: &Fact, verb: &str| -> Vec<String> {
        let gone = here.alternatives.iter().filter(|one| !there.alternatives.iter().any(|other| same(one, other)));
        gone.map(|one| format!("{verb} {}", says(one))).collect()
    };
    told.extend(only_in(after, before, "now"));
    told.extend(only_in(before, after, "no longer"));
    if before.record_moved_on != after.record_moved_on {
        let verb = if after.record_moved_on { "has" } else { "has not" };
        told.push(format!("the record {verb} moved on"));
    }
    told
}

/// One change of an event: `set talks.istanbul-2025.status: proposed`, and who claims it, and whether it lasts.
pub fn change(change: &Change) -> String {
    let target = match &change.target.value {
        Target::Path(path) => path.as_str(),
        Target::Pattern(pattern) => pattern.as_str(),
    };
    let during = if change.during { " while it lasts" } else { "" };
    let value = change.does.value().map_or(String::new(), |value| format!(": {value}"));
    format!("{}{during} {target}{value}", change.does.name())
}

/// Sources in their order, each once, with all that is quoted of it.
pub fn sources<'t>(rows: &[SourceRow<'t>]) -> Vec<(String, Vec<&'t str>)> {
    let mut cited: Vec<(String, Vec<&str>)> = Vec::new();
    for row in rows {
        let (source, quote) = (source(row), row.citation.quote.as_deref());
        match cited.iter_mut().find(|(other, _)| !source.is_empty() && *other == source) {
            Some((_, quotes)) => quotes.extend(quote),
            None => cited.push((source, quote.into_iter().collect())),
        }
    }
    cited
}

/// Where something is from: publisher, title, date, page, address, id; whatever of these there is.
fn source(row: &SourceRow) -> String {
    let source = row.described();
    let mut parts: Vec<String> = Vec::new();
    if let Some(source) = source {
        parts.extend(source.publisher.clone());
        parts.extend(source.title.as_ref().map(|title| format!("“{title}”")));
        parts.extend(source.date.as_ref().map(|date| date.value.words()));
    }
    let page = |page: &String| if is_named(page) { page.clone() } else { format!("p. {page}") };
    parts.extend(row.citation.page.as_ref().map(page));
    parts.extend(source.and_then(|source| source.url.clone()));
    let id = row.id();
    match (parts.is_empty(), id) {
        (true, Some(id)) => id.to_owned(),
        (false, Some(id)) => format!("{} [{id}]", parts.join(", ")),
        (_, None) => parts.join(", "),
    }
}

/// Whether a place in a source says itself what it counts, as `row 3` and `sentence 1` do.
fn is_named(page: &str) -> bool {
    page.split_once(' ').is_some_and(|(what, number)| {
        what.chars().all(char::is_alphabetic) && number.starts_with(|c: char| c.is_ascii_digit())
    })
}

/// What to call a source: its id, else its publisher and title, else its address.
pub fn source_name(row: &SourceRow) -> String {
    let source = row.described();
    let parts = [source.and_then(|source| source.publisher.clone()), source.and_then(|source| source.title.clone())];
    let said: Vec<String> = parts.into_iter().flatten().collect();
    match (row.id(), source.and_then(|source| source.url.as_ref())) {
        (Some(id), _) => id.to_owned(),
        (None, Some(url)) if said.is_empty() => url.clone(),
        _ => said.join(", "),
    }
}

/// How the values of a state stand, each count with its name in data and in words.
pub fn value_counts(values: &ValueCounts) -> impl Iterator<Item = (&'static str, &'static str, usize)> {
    [
        ("record", "on record", values.record),
        ("claimed", "only claimed", values.claimed),
        ("disputed", "disputed, without a value", values.disputed),
        ("otherwise", "with a value that somebody claims otherwise", values.otherwise),
        ("without_source", "without a source", values.without_source),
        ("on_one_source", "on one source alone", values.on_one_source),
    ]
    .into_iter()
}

/// What of a trace is not told.
pub fn not_told(trace: &Trace) -> Vec<String> {
    let said = |ids: &[&str], why: &str| (!ids.is_empty()).then(|| format!("{why}: {}", ids.join(", ")));
    let not_counting = said(&trace.not_counting, "not shown, for they do not count in this viewpoint");
    not_counting.into_iter().chain(said(&trace.not_yet, "not shown, for they have not happened yet")).collect()
}

/// What is the matter with an event in a viewpoint, if anything.
pub fn trouble(row: &EventRow, counts: bool, void_by: &[&str]) -> Option<Said> {
    if !void_by.is_empty() {
        Some((Label::Warning, format!("void: replaced by {}", void_by.join(", "))))
    } else if !counts {
        Some((Label::Warning, "does not count in this viewpoint".to_owned()))
    } else if row.possible {
        Some((Label::Possible, "? may not have happened yet".to_owned()))
    } else if !row.certain {
        Some((Label::Warning, "has not happened yet".to_owned()))
    } else {
        None
    }
}

/// Whether a value is made of more than what the event that gave it says by itself.
pub fn is_made_of_many(reasons: &Reasons) -> bool {
    match (&reasons.contributions[..], &reasons.given_by) {
        ([], _) => false,
        ([one], Some(given_by)) => one.event.id != given_by.event.id,
        _ => true,
    }
}

/// From when to when, in words: `11 May 2025 – 14 May 2025`, `11 May 2025 –` where it has not ended.
pub fn period(from: &str, to: Option<&str>) -> String {
    to.map_or_else(|| format!("{from} –"), |to| format!("{from} – {to}"))
}

/// The sources of what an event is named for: of a claim those that are given for its voices, else the event's own.
pub fn sources_for<'r, 't>(row: &'r EventRow<'t>, voices: &[&str]) -> Vec<&'r [SourceRow<'t>]> {
    let own = row.claim_sources.iter().filter(|(voice, _)| voices.contains(voice));
    let own: Vec<&[SourceRow]> = own.map(|(_, rows)| rows.as_slice()).collect();
    if own.is_empty() { vec![row.sources.as_slice()] } else { own }
}

/// How many values there are, how many of them one source could bring down, and how many no one thing could.
pub fn hanging(found: &Hinges) -> String {
    let number = |is: &dyn Fn(&HungValue) -> bool| found.values.iter().filter(|value| is(value)).count();
    let on_one = number(&|value| value.hinges.iter().any(|hinge| matches!(hinge.on, On::Source(_))));
    let verb = if on_one == 1 { "hangs" } else { "hang" };
    let on_none = number(&|value| survives(value).is_some());
    let survive = if on_none == 1 { "survives" } else { "survive" };
    let values = count(found.values.len(), "value");
    format!("{values}, {on_one} {verb} on one source, {on_none} {survive} the loss of any one thing")
}

/// A source, and what counts as the same.
pub fn origin(origin: &Origin) -> String {
    match &origin.same_origin[..] {
        [] => origin.name.clone(),
        same => format!("{} (and what is from it: {})", origin.name, same.join(", ")),
    }
}

/// A source, and how many more count as the same.
fn in_short(origin: &Origin) -> String {
    match origin.same_origin.len() {
        0 => origin.name.clone(),
        same => format!("{} (+{same} from it)", origin.name),
    }
}

/// What a value hangs on.
pub fn hangs_on(on: &On) -> String {
    match on {
        On::Event(event) => event.id.clone(),
        On::Source(one) => in_short(one),
        On::Sources(one, other) => format!("{} and {}", in_short(one), in_short(other)),
        On::Date { event, before: Some(before) } => {
            format!("{}, {}, if before {}", event.id, event.date.value.words(), before.id)
        }
        On::Date { event, before: None } => format!("{}, {}, if by then", event.id, event.date.value.words()),
        On::End(event) => format!("{}, if over by then", event.id),
    }
}

/// What comes of it: `falls`, `disputed`, or another value or standing.
pub fn comes_of(hinge: &Hinge, fact: &Fact) -> Said {
    match (value(hinge.value.as_deref(), fact.unit), hinge.standing) {
        (None, Standing::Disputed) => (Label::Disputed, "falls: disputed".to_owned()),
        (None, _) => (Label::Removed, "falls".to_owned()),
        (Some(value), Standing::Claimed) if fact.standing != Standing::Claimed => {
            (Label::Value, format!("→ {value} (only claimed)"))
        }
        (Some(value), Standing::Record) if fact.standing != Standing::Record => {
            (Label::Value, format!("→ {value} (on record)"))
        }
        (Some(value), _) => (Label::Value, format!("→ {value}")),
    }
}

/// That no one thing brings a value down, where it is so.
pub fn survives(value: &HungValue) -> Option<&'static str> {
    let by_pair = |hinge: &Hinge| matches!(hinge.on, On::Sources(..));
    match &value.hinges[..] {
        [] => Some("survives any one event, date or source, and any two sources"),
        hinges if hinges.iter().all(by_pair) => Some("survives any one event, date or source, not these two together"),
        _ => None,
    }
}

/// On what a value stays: every source, or the first and how many more.
pub fn survives_on(one: &Survivor, all: bool) -> String {
    match &one.on[..] {
        [] => "on events without a source".to_owned(),
        [first, _, ..] if !all => format!("on {first} and {} more", one.on.len() - 1),
        sources => format!("on {}", sources.join(", ")),
    }
}
