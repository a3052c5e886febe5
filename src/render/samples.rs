//! Answers made by hand, for the tests of every format. They live as long as the tests: what they borrow is leaked.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::ask::*;
use crate::model::date::{Calendar, Date};
use crate::model::decimal::Decimal;
use crate::model::event::{Change, Citation, Cited, Does, Event, Expected, Free, Target, When};
use crate::model::manifest::Source;
use crate::model::path::Path;
use crate::model::text::{FileId, Located, Place};
use crate::model::value::{Estimate, Scalar, Value};

/// What a sample borrows.
pub fn kept<T>(owned: T) -> &'static T {
    Box::leak(Box::new(owned))
}

pub fn at<T>(value: T) -> Located<T> {
    Located::new(value, Place::of_file(FileId(0)))
}

pub fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub fn path(text: &str) -> &'static Path {
    kept(Path::parse(text).unwrap())
}

pub fn number(text: &str) -> Value {
    Value::number(Decimal::parse(text).unwrap())
}

pub fn set(members: &[&str]) -> Value {
    Value::Set(members.iter().map(|member| Scalar::Text((*member).into())).collect::<BTreeSet<_>>())
}

pub fn event(id: &str, when: &str, title: &str) -> Event {
    let date = date(when);
    let reckoned = date.reckon(&Calendar::default()).unwrap();
    let place = Place::of_file(FileId(0));
    Event {
        id: id.into(),
        id_by_place: false,
        place,
        name_place: place,
        date: at(date),
        title: at(title.into()),
        summary: None,
        until: None,
        known: None,
        when: When { written: reckoned.written, start: reckoned.start, ending: None, known: reckoned.start.end },
        kind: None,
        at: None,
        actors: vec![],
        tags: vec![],
        sources: vec![],
        confidence: None,
        because: vec![],
        after: vec![],
        replaces: vec![],
        changes: vec![],
        claim_sources: vec![],
        allow: vec![],
        meta: None,
    }
}

pub fn change(does: Does, target: &str, voice: Option<&str>) -> Change {
    let target = at(Target::Path(Path::parse(target).unwrap()));
    Change { target, does, voice: voice.map(Into::into), during: false }
}

/// The event of 1-format, with hostile words in its summary.
pub fn proposal() -> &'static Event {
    let mut event = event("2025-05-11-putin-proposes", "2025-05-11T01:30+03:00", "Putin proposes direct talks");
    event.summary = Some(at("He names place\u{1b}[2J and day.".into()));
    event.kind = Some(at("proposal".into()));
    event.at = Some(at("moscow".into()));
    event.actors = vec![at("putin".into()), at("russia".into())];
    event.tags = vec![at("istanbul-2025".into())];
    event.because = vec![at("2025-05-10-kyiv-ultimatum".into())];
    let source = Source {
        id: None,
        title: Some("Putin offers talks".into()),
        publisher: Some("Reuters".into()),
        date: Some(at(date("2025-05-11"))),
        url: Some("https://example.org/1".into()),
        archived: None,
        language: Some("en".into()),
        reliability: Some('B'),
        from: None,
        place: Place::of_file(FileId(0)),
    };
    event.sources = vec![
        Citation {
            source: Cited::ById(at("article".into())),
            quote: Some("Putin first proposed the talks".into()),
            page: None,
            place: event.place,
        },
        Citation { source: Cited::InPlace(Box::new(source)), quote: None, page: Some("4".into()), place: event.place },
    ];
    event.changes = vec![
        change(Does::Set(Value::text("proposed")), "talks.istanbul-2025.status", None),
        change(Does::Set(Value::text("root causes")), "talks.istanbul-2025.purpose", Some("russia")),
    ];
    event.meta = Some(Free::Map(vec![("n".into(), Free::Number("012".into()))]));
    kept(event)
}

pub fn row(event: &'static Event) -> EventRow<'static> {
    let sources = event.sources.iter().map(|citation| SourceRow { citation, source: None }).collect();
    EventRow { event, certain: true, possible: false, sources, claim_sources: vec![], file: "2025/x.yaml", line: 1 }
}

pub fn seen(day: &str) -> Seen {
    let date = date(day);
    let moment = date.reckon(&Calendar::default()).unwrap().written.end;
    Seen {
        at: At::EndOf(date),
        moment,
        known_by: None,
        according_to: None,
        only: vec![],
        without: vec![],
        with: vec![],
    }
}

pub fn answer(found: Found<'static>) -> Answer<'static> {
    Answer { chronicle: "Russia–Ukraine negotiations", view: seen("2025-05-14"), left_out: 0, found }
}

pub fn fact(name: &str, value: Option<Value>, since: &'static str, event: &'static str) -> Fact<'static> {
    Fact {
        path: path(name),
        standing: if value.is_some() { Standing::Record } else { Standing::None },
        value: value.map(Cow::Owned),
        since: Some(since).filter(|since| !since.is_empty()),
        event: Some(event).filter(|event| !event.is_empty()),
        claimed_by: vec![],
        record_moved_on: false,
        alternatives: vec![],
        label: None,
        unit: None,
    }
}

pub fn claim(value: &str, voice: &'static str) -> Alternative<'static> {
    Alternative {
        value: Some(Cow::Owned(Value::text(value))),
        standing: Standing::Claimed,
        possible: false,
        claimed_by: vec![voice],
        since: Some("2025-05-11"),
        event: Some("2025-05-11-putin-proposes"),
    }
}

pub fn possible(value: Value) -> Alternative<'static> {
    Alternative {
        value: Some(Cow::Owned(value)),
        standing: Standing::Record,
        possible: true,
        claimed_by: vec![],
        since: Some("2025-05"),
        event: Some("2025-05-maybe"),
    }
}

/// A state with everything that a fact can be.
pub fn state() -> Answer<'static> {
    let in_person = "2025-05-11-zelensky-in-person";
    let delegation = "2025-05-14-russian-delegation";
    let mut disputed = fact("talks.istanbul-2025.purpose", None, "", "");
    disputed.standing = Standing::Disputed;
    disputed.alternatives = vec![claim("root causes", "russia"), claim("a ceasefire first", "ukraine")];
    let mut status = fact("talks.istanbul-2025.status", Some(Value::text("agreed")), "2025-05-11", in_person);
    status.alternatives = vec![claim("refused", "russia"), possible(Value::text("held"))];
    let mut soldiers = fact("prisoners.exchanged", Some(number("1000.50")), "2025-05", in_person);
    soldiers.unit = Some("people");
    let members = set(&["fomin", "galuzin", "kostyukov", "medinsky"]);
    let mut members = fact("talks.istanbul-2025.delegation.russia.members", Some(members), "2025-05-14", delegation);
    members.standing = Standing::Claimed;
    members.claimed_by = vec!["russia"];
    let estimate = Value::Estimate(Box::new(Estimate {
        low: Decimal::parse("73"),
        best: Decimal::parse("403"),
        high: Decimal::parse("458"),
    }));
    answer(Found::State(State {
        counts: Counts { certain: 67, possible: 0, total: 95 },
        facts: vec![
            fact("bucha.killed", Some(estimate), "2022-04-01", "2022-04-bucha"),
            soldiers,
            members,
            fact("talks.istanbul-2025.delegation.ukraine.head", Some(Value::text("umerov")), "2025-05-14", delegation),
            fact("talks.istanbul-2025.open", Some(Value::Scalar(Scalar::Truth(true))), "2025-05-14", delegation),
            disputed,
            status,
            fact("talks.minsk.status", None, "2022-02-22", "2022-02-22-minsk-over"),
        ],
    }))
}

pub fn difference(before: Fact<'static>, after: Fact<'static>, caused_by: Vec<Cause<'static>>) -> Difference<'static> {
    let kind = match (&before.value, &after.value) {
        (None, Some(_)) => DifferenceKind::Added,
        (Some(_), None) => DifferenceKind::Removed,
        _ => DifferenceKind::Changed,
    };
    let members = |one: &Fact, other: &Fact| match (one.value.as_deref(), other.value.as_deref()) {
        (Some(Value::Set(one)), Some(Value::Set(other))) => one.difference(other).cloned().collect(),
        (Some(Value::Set(one)), _) => one.iter().cloned().collect(),
        _ => vec![],
    };
    let (members_added, members_removed) = (members(&after, &before), members(&before, &after));
    Difference { path: after.path, kind, before, after, members_added, members_removed, caused_by }
}

/// A value that changed, a set, something new, and a claim that came beside a value.
pub fn differences() -> Answer<'static> {
    let status = |value: &str| fact("talks.istanbul.status", Some(Value::text(value)), "2022", "e");
    let members = |members: &[&str]| fact("talks.istanbul.members", Some(set(members)), "2022", "e");
    let old = kept(event("2022-03-29-agreed", "2022-03-29", "They agree"));
    let mut claimed = status("held");
    claimed.path = path("attendance.istanbul.zelensky");
    let mut otherwise = claimed.clone();
    otherwise.alternatives = vec![claim("absent", "russia")];
    let absent = || fact("prisoners.exchanged", None, "", "");
    let added = Cause { event: Named::Whole(proposal()), side: Side::After };
    let causes = vec![Cause { event: Named::Whole(old), side: Side::Before }, added];
    answer(Found::Differences(Differences {
        left_out: Box::default(),
        from: seen("2022-03-29"),
        changes: vec![
            difference(claimed, otherwise, vec![]),
            difference(absent(), fact("prisoners.exchanged", Some(number("12")), "2025", "e"), vec![added]),
            difference(members(&["fomin"]), members(&["medinsky", "zorin"]), vec![]),
            difference(status("agreed"), status("proposed"), causes),
        ],
        steps: None,
    }))
}

pub fn reasons() -> Answer<'static> {
    let mut fact = fact("talks.istanbul-2025.status", Some(Value::text("proposed")), "2025-05-11", "x");
    fact.label = Some("Status");
    fact.alternatives = vec![claim("refused", "ukraine"), possible(Value::text("agreed"))];
    let ultimatum =
        kept(event("2025-05-10-kyiv-ultimatum", "2025-05-10", "Four leaders and Zelensky ask for a ceasefire"));
    let visit = kept(event("2025-05-09-visit", "2025-05-09", "They set out"));
    let because = Because { event: row(visit), because: vec![], cut: true };
    answer(Found::Reasons(Box::new(Reasons {
        fact,
        given_by: Some(row(proposal())),
        contributions: vec![],
        because: vec![Because { event: row(ultimatum), because: vec![because], cut: false }],
        overruled: vec![Overruled {
            value: Some(Cow::Owned(Value::text("suspended"))),
            from: "2022-05-17",
            to: Some("2025-05-11"),
            event: ultimatum,
        }],
        otherwise: vec![Some(row(visit)), None],
    })))
}

pub fn course() -> Answer<'static> {
    let row = |value: Option<&str>, from, to, voice, certain| CourseRow {
        value: value.map(|value| Cow::Owned(Value::text(value))),
        from,
        to,
        voice,
        certain,
        event: proposal(),
    };
    answer(Found::Course(Course {
        path: path("talks.istanbul.status"),
        member: None,
        rows: vec![
            row(Some("agreed"), "2022-03-29", Some("2022-05-17"), None, true),
            row(None, "2022-05-17", None, None, false),
            row(Some("held"), "2022-04", None, Some("russia"), true),
        ],
    }))
}

/// The proposal with a cause and a consequence that may not have happened, of hostile titles.
pub fn trace() -> Answer<'static> {
    let cause = kept(event("2025-05-10-ultimatum", "2025-05-10", "An \u{1b}[2J\u{202e} ultimatum"));
    let effect = kept(event("2025-05~", "2025-05~", "An \"answer\"] --> end"));
    let below = vec![Branch { event: row(cause), below: vec![], cut: Some(Cut::Deep) }];
    let consequence = Branch { event: EventRow { possible: true, ..row(effect) }, below: vec![], cut: None };
    answer(Found::Trace(Box::new(Trace {
        event: row(proposal()),
        counts: true,
        void_by: vec![],
        because: below,
        consequences: vec![consequence],
        not_counting: vec!["x\u{1b}"],
        not_yet: vec!["y"],
    })))
}

/// The proposal with what held before and after it.
pub fn context() -> Answer<'static> {
    let event = Box::new(Shown { event: row(proposal()), void_by: vec![], counts: true, changed: vec![] });
    let before = vec![fact("talks.istanbul.status", None, "", "")];
    let after = vec![fact("talks.istanbul.status", Some(Value::text("proposed\u{9b}")), "2025-05-11", "e")];
    let around = Around::Event { event, before, after };
    answer(Found::Context(Box::new(Context { file: "2025/\u{1b}x.yaml", line: 3, around })))
}

/// A chronicle of the proposal alone.
pub fn stats() -> Answer<'static> {
    let source = row(proposal()).sources[1];
    answer(Found::Stats(Box::new(Stats {
        counts: Counts { certain: 1, possible: 0, total: 1 },
        events: 1,
        span: Some((row(proposal()), row(proposal()))),
        years: vec![(-43, 1), (2025, 1)],
        precision: vec![(date("2025-05-11T01:30+03:00").precision(), 1)],
        approximate: 1,
        uncertain: 0,
        silence: Some(Silence { after: row(proposal()), before: row(proposal()), days: 7 }),
        values: ValueCounts { record: 1, ..ValueCounts::default() },
        sources: vec![SourceCount { source, events: 1, values: 1, alone: 1 }],
        voices: vec![VoiceCount { voice: "russia\u{202e}", claims: 2, beside_record: 1, differ: 1 }],
    })))
}

/// Expectations of each shape.
pub fn expect() -> Answer<'static> {
    let operators = vec![Expected::Equals(set(&["a, b", "no"])), Expected::Disputed(true)];
    let paths = vec![
        (path("a.one"), vec![Expected::Equals(Value::text("x\u{1b}\u{202e}: y"))]),
        (path("a.two"), operators),
        (path("a.three"), vec![Expected::Absent(true), Expected::Possible(number("12"))]),
    ];
    answer(Found::Expect(Expect { as_of: Some("2025-05-14".into()), paths }))
}
