//! The facts as a table: asked with one condition for any date and any knowledge, it says what `replay` says.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use asof::ask::{FactRow, Rows, Selectors};
use asof::model::moment::Moment;
use asof::model::value::Value;
use asof::timeline::Timeline;

use super::asking::{Case, Verdict, cases, facts, law, same, whole};
use super::fold::Fact;
use super::viewpoints::is_within;

#[test]
fn the_table_of_facts_answers_as_replay_does() {
    answers_as_replay("tables", 120, 12);
}

/// Many things hold at once, end and are known late on one path.
#[test]
fn the_table_of_facts_of_crowded_paths_answers_as_replay_does() {
    answers_as_replay("crowded tables", 100, 60);
}

fn answers_as_replay(name: &str, times: u32, events: usize) {
    law(name, times, cases(events, 1), |case| {
        let Some(timeline) = whole(case.chronicle.texts()) else { return Ok(()) };
        let mut rows: Vec<FactRow> = Vec::new();
        let Ok(()) = Rows::of(&timeline).each_fact(|row| -> Result<(), Infallible> {
            rows.push(row.clone());
            Ok(())
        });
        let dates = seconds(rows.iter().flat_map(|row| [Some(row.valid_from), row.valid_to]));
        let known = seconds(rows.iter().flat_map(|row| [Some(row.known_from), row.known_to]));
        for (turn, dice) in case.dice.chunks(2).enumerate() {
            let Some(at) = pick(&dates, dice[0], turn) else { return Ok(()) };
            let by = pick(&known, dice[1], turn).filter(|_| turn % 4 != 0);
            asked_at(case, &timeline, &rows, at, by)?;
        }
        Ok(())
    });
}

/// The whole seconds just before, at and just after some moments, as far as a date to the second can name them.
fn seconds(moments: impl Iterator<Item = Option<Moment>>) -> Vec<i64> {
    let named = -62_000_000_000..=250_000_000_000;
    let around = moments.flatten().map(Moment::seconds).filter(|second| named.contains(second));
    around.flat_map(|second| [second - 1, second, second + 1]).collect::<BTreeSet<i64>>().into_iter().collect()
}

fn pick(seconds: &[i64], dice: u8, turn: usize) -> Option<i64> {
    seconds.get((usize::from(dice) * 31 + turn * 7) % seconds.len().max(1)).copied()
}

/// The date whose end is the moment.
fn ending_at(second: i64) -> String {
    Moment::new(second - 1, 0).to_string()
}

fn asked_at(case: &Case, timeline: &Timeline, rows: &[FactRow], at: i64, by: Option<i64>) -> Verdict {
    let select = Selectors { at: Some(ending_at(at)), known_by: by.map(ending_at), ..Selectors::default() };
    let (valid, known) = (Moment::new(at, 0), by.map_or(Moment::FUTURE, |by| Moment::new(by, 0)));
    // The one condition.
    let holds = |row: &&FactRow| {
        row.valid_from <= valid
            && row.valid_to.is_none_or(|to| valid < to)
            && row.known_from <= known
            && row.known_to.is_none_or(|to| known < to)
    };
    let slice: Vec<&FactRow> = rows.iter().filter(holds).collect();
    let what = format!("{select:?}");
    let found = facts(timeline, select.clone())?;
    let definite = |facts: &BTreeMap<String, Fact>| -> BTreeMap<String, Row> {
        let some = facts.iter().filter(|(_, fact)| fact.standing != "none");
        some.map(|(path, fact)| (path.clone(), row_of(fact))).collect()
    };
    same(&what, &definite(&found), &table(slice.iter().filter(|row| row.certain && row.voice.is_none()))?)?;
    possible(&what, &found, &slice)?;
    for voice in case.chronicle.voices() {
        let select = Selectors { according_to: Some(voice.to_owned()), ..select.clone() };
        let by_voice = according_to(voice, &slice, &case.chronicle.part_of());
        // Since when a voice says it is told of that voice alone; `replay` follows the run through its parts, too.
        let spoken = |rows: BTreeMap<String, Row>| -> BTreeMap<String, Row> {
            rows.into_iter().map(|(path, (value, standing, event, _))| (path, (value, standing, event, None))).collect()
        };
        let found = spoken(definite(&facts(timeline, select.clone())?));
        same(&format!("{select:?}"), &found, &spoken(table(by_voice.iter())?))?;
    }
    Ok(())
}

/// Value, standing, event and since when.
type Row = (Option<Value>, &'static str, Option<String>, Option<String>);

fn row_of(fact: &Fact) -> Row {
    (fact.value.clone(), fact.standing, fact.event.clone(), fact.since.clone())
}

/// Rows by path, one a path.
fn table<'r>(rows: impl Iterator<Item = &'r &'r FactRow<'r>>) -> Result<BTreeMap<String, Row>, String> {
    let mut table = BTreeMap::new();
    for row in rows {
        let event = row.event.map(|(event, _)| event.to_owned());
        let one = (row.value.as_deref().cloned(), row.standing.name(), event, row.since.map(str::to_owned));
        if let Some(other) = table.insert(row.path.as_str().to_owned(), one) {
            return Err(format!("two rows for one moment: {other:?}\n{row:?}"));
        }
    }
    Ok(table)
}

/// The row of the voice that speaks for another: the latest of it and its parts, else that of the voice it is part of
/// alone, and so on upwards; else the plain one.
fn according_to<'r>(voice: &str, slice: &[&'r FactRow], part_of: &BTreeMap<String, String>) -> Vec<&'r FactRow<'r>> {
    let above: Vec<&str> = std::iter::successors(Some(voice), |voice| Some(part_of.get(*voice)?.as_str())).collect();
    let rank = |row: &FactRow| match row.voice {
        None => Some(usize::MAX),
        Some(by) if is_within(by, voice, part_of) => Some(0),
        Some(by) => above.iter().position(|above| *above == by),
    };
    let mut best: BTreeMap<&str, &FactRow> = BTreeMap::new();
    let order = |row: &FactRow| {
        let place = row.event.map(|(_, place)| place);
        (rank(row), Reverse(place), row.voice != Some(voice), row.voice.map(str::to_owned))
    };
    for row in slice.iter().filter(|row| row.certain && rank(row).is_some()) {
        let chosen = best.entry(row.path.as_str()).or_insert(row);
        if order(row) < order(chosen) {
            *chosen = row;
        }
    }
    best.into_values().collect()
}

/// What is only possible stands in the table as what the path, or what a voice says of it, would be.
fn possible(what: &str, found: &BTreeMap<String, Fact>, slice: &[&FactRow]) -> Verdict {
    let event = |row: &FactRow| row.event.map(|(event, _)| event.to_owned());
    for (path, fact) in found {
        for other in fact.alternatives.iter().filter(|other| other.possible) {
            let is_it = |row: &&FactRow| {
                !row.certain
                    && row.path.as_str() == path
                    && (row.value.as_deref(), event(row)) == (other.value.as_ref(), other.event.clone())
                    && match row.voice {
                        None => row.standing.name() == other.standing,
                        Some(voice) => other.claimed_by.iter().any(|by| by == voice),
                    }
            };
            if !slice.iter().copied().any(|row| is_it(&row)) {
                return Err(format!("{what}: {path}: no row says that possibly {other:?}"));
            }
        }
    }
    for row in slice.iter().filter(|row| !row.certain && row.voice.is_none()) {
        let fact = found.get(row.path.as_str());
        let is_it = |other: &super::fold::Alternative| {
            (other.possible, other.value.as_ref(), other.standing, &other.event)
                == (true, row.value.as_deref(), row.standing.name(), &event(row))
        };
        if !fact.is_some_and(|fact| fact.alternatives.iter().any(is_it)) {
            return Err(format!("{what}: replay does not say {row:?}, but {fact:#?}"));
        }
    }
    Ok(())
}
