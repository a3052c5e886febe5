//! What values hang on by their imprecise dates, against the brute force: every date is really written otherwise in the
//! texts, and the chronicle is loaded anew.

use std::collections::{BTreeMap, BTreeSet};

use asof::ask::{On, Selectors};
use asof::model::event::Event;
use asof::model::moment::Moment;
use asof::timeline::Timeline;

use super::asking::{Case, Verdict, answer, cases_with_ids, law, whole};
use super::chronicles::Chronicle;
use super::hinges::{Asked, Hung, agree, becomes, said, selectors, values};

/// A moment as a date of a span of one nanosecond.
fn instant(moment: Moment) -> String {
    let text = moment.to_string();
    match text.strip_suffix('Z').filter(|text| !text.contains('.')) {
        Some(whole) => format!("{whole}.000000000Z"),
        None => text,
    }
}

/// The nanosecond that ends with a moment.
fn last_before(moment: Moment) -> Moment {
    match moment.nanos() {
        0 => Moment::new(moment.seconds() - 1, 999_999_999),
        nanos => Moment::new(moment.seconds(), nanos - 1),
    }
}

/// The events that links put after one, step by step.
fn follow(chronicle: &Chronicle, event: usize) -> BTreeSet<String> {
    let mut reached = BTreeSet::from([event]);
    loop {
        let links = |one: &usize| chronicle.events[*one].because.iter().chain(&chronicle.events[*one].after);
        let mut next = chronicle.listed();
        next.retain(|one| !reached.contains(one) && links(one).any(|cause| reached.contains(cause)));
        if next.is_empty() {
            reached.remove(&event);
            return reached.into_iter().map(|one| chronicle.id(one)).collect();
        }
        reached.extend(next);
    }
}

/// An event of a chronicle, at its place in the replay order, as its date is to be written otherwise.
struct Rewritten<'t> {
    chronicle: &'t Chronicle,
    events: &'t [&'t Event],
    at: usize,
    number: usize,
}

impl Rewritten<'_> {
    /// The chronicle with the event at the other moments of its span that count by then: the first, just after each of
    /// the others, and the last one before what links put after it. What links put after it stays there. Nothing where
    /// no date says that it came just before that, or all others do not stay in their order.
    fn all(&self, by: Moment) -> Option<Vec<Timeline>> {
        let Rewritten { chronicle, events, at, number } = *self;
        let span = events[at].when.start;
        let follow = follow(chronicle, number);
        let next = events[..at].iter().position(|other| follow.contains(&other.id));
        let counts = |end: &Moment| *end > span.start && *end <= span.end;
        let ends = events[..at].iter().map(|other| other.when.start.end).filter(counts);
        let last = next.map(|next| last_before(events[next].when.start.end)).filter(|last| *last >= span.start);
        let mut loaded = Vec::new();
        let moments: BTreeSet<Moment> = [span.start].into_iter().chain(ends).chain(last).collect();
        for then in moments.into_iter().filter(|then| *then < span.end && *then < by) {
            let mut moved = chronicle.clone();
            moved.events[number].date = instant(then);
            let Some(moved) = whole(moved.texts()) else { continue };
            let order: Vec<&str> = moved.events().map(|event| event.id.as_str()).collect();
            let place = order.iter().position(|id| *id == events[at].id)?;
            let others = events.iter().map(|event| event.id.as_str()).filter(|id| *id != events[at].id);
            let stay = others.eq(order.iter().copied().filter(|id| *id != events[at].id));
            if !stay || Some(then) == last && Some(place) != next {
                return None;
            }
            if next.is_none_or(|next| place <= next) {
                loaded.push(moved);
            }
        }
        Some(loaded)
    }
}

/// One event: what hangs on its date.
fn date_agrees(case: &Case, asked: &Asked, moment: Moment, at: usize, hung: &Hung) -> Verdict {
    let Asked { timeline, select, before, hinges, .. } = asked;
    let events: Vec<&Event> = timeline.events().collect();
    let (event, span) = (events[at], events[at].when.start);
    let number = case.chronicle.listed().into_iter().find(|one| case.chronicle.id(*one) == event.id);
    let number = number.ok_or("no such event")?;
    let written = &case.chronicle.events[number];
    let ties = |other: &&Event| other.id != event.id && other.when.start.end == span.end;
    // What may have happened by then comes after what happened at that very moment: no date says so.
    let at_once = span.end > moment && events.iter().any(|other| other.when.start.end == moment);
    // What links, and the order in one file, hold in place is not moved.
    let held = !written.because.is_empty() || !written.after.is_empty() || !written.replaces.is_empty();
    let lasts = super::dates::is_interval(&written.date) || written.until.is_some();
    let in_file = |other: &&Event| ties(other) && other.place.file == event.place.file;
    if held || at_once || lasts || !span.start.is_finite() || events.iter().any(in_file) {
        return Ok(());
    }
    let rewritten = Rewritten { chronicle: &case.chronicle, events: &events, at, number };
    let Some(rewritten) = rewritten.all(moment) else { return Ok(()) };
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for moved in rewritten {
        let becomes = becomes(before, &values(&moved, select)?);
        hung.count(&becomes);
        for (path, outcome) in becomes {
            found.entry(path).or_default().insert(format!("{outcome:?}"));
        }
    }
    let on_date = |on: &On| matches!(on, On::Date { event: moved, .. } if moved.id == event.id);
    let said = said(hinges, on_date)
        .into_iter()
        .map(|(path, outcomes)| (path, outcomes.into_iter().map(|outcome| format!("{:?}", vec![outcome])).collect()));
    agree(&format!("{} moved, {select:?}", event.id), &found, &said.collect())
}

#[test]
fn values_hang_on_dates_as_if_each_were_written_otherwise() {
    let hung = Hung::default();
    law("hinges: dates", 800, cases_with_ids(16, 2), |case| {
        let Some(all) = whole(case.chronicle.texts()) else { return Ok(()) };
        for select in selectors(case, &all) {
            let select = Selectors { known_by: None, ..select };
            let asked = Asked::of(&all, &select)?;
            let moment = answer(&all, &super::replay_of(select))?.view.moment;
            for at in 0..all.events().count() {
                date_agrees(case, &asked, moment, at, &hung)?;
            }
        }
        Ok(())
    });
    hung.at_least(100);
}
