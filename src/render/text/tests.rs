//! What people read, to the letter.

use super::*;
use crate::ask::{Answer, Found, Shown, Step};
use crate::model::value::Value;
use crate::render::samples;
use crate::render::{Format, render};

fn shown(answer: &Answer, how: &How) -> String {
    let mut bytes = Vec::new();
    render(answer, Format::Text, how, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn short(answer: &Answer) -> String {
    shown(answer, &How::default())
}

fn long(answer: &Answer) -> String {
    shown(answer, &How { long: true, ..How::default() })
}

fn events() -> Answer<'static> {
    let maybe = samples::kept(samples::event("e2", "2025-05~", "Maybe \u{1b}[31m something"));
    let mut rows = vec![samples::row(samples::proposal()), samples::row(maybe)];
    rows[1].certain = false;
    samples::answer(Found::Events(rows))
}

fn whole() -> Answer<'static> {
    let Found::Differences(found) = samples::differences().found else { panic!("differences") };
    let event = samples::row(samples::proposal());
    let shown = Shown { event, void_by: vec!["later"], counts: false, changed: found.changes };
    samples::answer(Found::Shown(vec![shown]))
}

fn steps() -> Answer<'static> {
    let mut answer = samples::differences();
    let Found::Differences(found) = &mut answer.found else { panic!("differences") };
    let event = samples::row(samples::proposal());
    found.steps = Some(vec![
        Step { event: event.clone(), ends: false, changes: vec![found.changes[3].clone()] },
        Step { event, ends: true, changes: vec![found.changes[1].clone()] },
    ]);
    answer
}

#[test]
fn a_state_is_a_tree_of_aligned_values() {
    let expected = "\
Russia–Ukraine negotiations
as of the end of 14 May 2025, as best known, on record: 67 of 95 events

bucha.killed          73 to 458, best 403          since 1 April 2022       2022-04-bucha
prisoners.exchanged   1000.5 people                since May 2025           2025-05-11-zelensky-in-person
talks
  istanbul-2025
    delegation
      russia.members  fomin,…  claimed by russia   since 14 May 2025        2025-05-14-russian-delegation
      ukraine.head    umerov                       since 14 May 2025        2025-05-14-russian-delegation
    open              true                         since 14 May 2025        2025-05-14-russian-delegation
    purpose           ≠ disputed: russia, ukraine
    status            agreed  ≠ russia  ?          since 11 May 2025        2025-05-11-zelensky-in-person
  minsk.status        (no value)                   since 22 February 2022   2022-02-22-minsk-over
";
    assert_eq!(short(&samples::state()), expected);
}

#[test]
fn a_long_state_has_its_alternatives_below() {
    let expected = "\
Russia–Ukraine negotiations
as of the end of 14 May 2025, as best known, on record: 67 of 95 events

bucha.killed          73 to 458, best 403                        since 1 April 2022       2022-04-bucha
prisoners.exchanged   1000.5 people                              since May 2025           2025-05-11-zelensky-in-person
talks
  istanbul-2025
    delegation
      russia.members  fomin, galuzin, kostyukov, medinsky        since 14 May 2025        2025-05-14-russian-delegation
                        claimed by russia
      ukraine.head    umerov                                     since 14 May 2025        2025-05-14-russian-delegation
    open              true                                       since 14 May 2025        2025-05-14-russian-delegation
    purpose           ≠ disputed: russia, ukraine
                      ≠ root causes  claimed by russia           since 11 May 2025        2025-05-11-putin-proposes
                      ≠ a ceasefire first  claimed by ukraine    since 11 May 2025        2025-05-11-putin-proposes
    status            agreed  ≠  ?                               since 11 May 2025        2025-05-11-zelensky-in-person
                      ≠ refused  claimed by russia               since 11 May 2025        2025-05-11-putin-proposes
                      ? held  possible                           since May 2025           2025-05-maybe
  minsk.status        (no value)                                 since 22 February 2022   2022-02-22-minsk-over
";
    assert_eq!(long(&samples::state()), expected);
}

#[test]
fn differences_are_told_by_entity() {
    let expected = "\
Russia–Ukraine negotiations
from the end of 29 March 2022, as best known, on record
to   the end of 14 May 2025, as best known, on record

attendance.istanbul
  zelensky  held: now claimed by russia: absent

prisoners
  exchanged  (nothing) → 12
    + 11 May 2025  2025-05-11-putin-proposes  Putin proposes direct talks

talks.istanbul
  members  +medinsky  +zorin  −fomin
  status   agreed → proposed
    - 29 March 2022  2022-03-29-agreed  They agree
    + 11 May 2025  2025-05-11-putin-proposes  Putin proposes direct talks
";
    assert_eq!(short(&samples::differences()), expected);
}

#[test]
fn steps_are_told_by_event() {
    let expected = "\
Russia–Ukraine negotiations
from the end of 29 March 2022, as best known, on record
to   the end of 14 May 2025, as best known, on record

11 May 2025, 01:30 (UTC+3)  2025-05-11-putin-proposes  Putin proposes direct talks
  talks.istanbul.status  agreed → proposed

end of 11 May 2025, 01:30 (UTC+3)  2025-05-11-putin-proposes  Putin proposes direct talks
  prisoners.exchanged  (nothing) → 12
";
    assert_eq!(short(&steps()), expected);
}

#[test]
fn reasons_read_like_a_footnote() {
    let expected = "\
Russia–Ukraine negotiations
as of the end of 14 May 2025, as best known, on record

talks.istanbul-2025.status  proposed
  Status
  on record, since 11 May 2025
  11 May 2025, 01:30 (UTC+3)  Putin proposes direct talks
      2025-05-11-putin-proposes
    “Putin first proposed the talks”
    — article
    — Reuters, “Putin offers talks”, 11 May 2025, p. 4, https://example.org/1

because
  10 May 2025  Four leaders and Zelensky ask for a ceasefire
      2025-05-10-kyiv-ultimatum
    9 May 2025  They set out  2025-05-09-visit
      … (its causes are not repeated here)

overruled
  suspended  17 May 2022 – 11 May 2025
    10 May 2025  Four leaders and Zelensky ask for a ceasefire
        2025-05-10-kyiv-ultimatum

claimed otherwise
  ≠ refused  claimed by ukraine, since 11 May 2025
    9 May 2025  They set out  2025-05-09-visit

possible
  ? agreed  possible, since May 2025
";
    assert_eq!(short(&samples::reasons()), expected);
}

#[test]
fn a_course_is_aligned() {
    let expected = "\
Russia–Ukraine negotiations
as of the end of 14 May 2025, as best known, on record

talks.istanbul.status
    29 March 2022 – 17 May 2022  agreed      record  2025-05-11-putin-proposes
  ? 17 May 2022 –                (no value)  record  2025-05-11-putin-proposes

    April 2022 –                 held        russia  2025-05-11-putin-proposes
";
    assert_eq!(short(&samples::course()), expected);
}

#[test]
fn a_list_is_one_line_an_event() {
    let expected = "\
Russia–Ukraine negotiations
as of the end of 14 May 2025, as best known, on record: 2 events, 1 only possible

2025-05-11T01:30+03:00    Putin proposes direct talks
2025-05~                ? Maybe \\u{1b}[31m something
";
    assert_eq!(short(&events()), expected);
}

#[test]
fn a_long_list_has_particulars() {
    let expected = "\
Russia–Ukraine negotiations
as of the end of 14 May 2025, as best known, on record: 2 events, 1 only possible

2025-05-11T01:30+03:00    Putin proposes direct talks
    id          2025-05-11-putin-proposes
    place       moscow
    actors      putin, russia
    “Putin first proposed the talks”
    — article
    — Reuters, “Putin offers talks”, 11 May 2025, p. 4, https://example.org/1
    set talks.istanbul-2025.status: proposed
    set talks.istanbul-2025.purpose: root causes  claimed by russia
2025-05~                ? Maybe \\u{1b}[31m something
    id          e2
";
    assert_eq!(long(&events()), expected);
}

#[test]
fn an_event_is_shown_whole() {
    let expected = "\
Russia–Ukraine negotiations
as of the end of 14 May 2025, as best known, on record

Putin proposes direct talks
  void: replaced by later
  He names place\\u{1b}[2J and day.
  id          2025-05-11-putin-proposes
  date        11 May 2025, 01:30 (UTC+3)
  kind        proposal
  place       moscow
  actors      putin, russia
  tags        istanbul-2025
  because     2025-05-10-kyiv-ultimatum
  meta        {\"n\":12}
  file        2025/x.yaml:1
  “Putin first proposed the talks”
  — article
  — Reuters, “Putin offers talks”, 11 May 2025, p. 4, https://example.org/1
  set talks.istanbul-2025.status: proposed
  set talks.istanbul-2025.purpose: root causes  claimed by russia

changed
  attendance.istanbul.zelensky  held: now claimed by russia: absent
  prisoners.exchanged           (nothing) → 12
  talks.istanbul.members        +medinsky  +zorin  −fomin
  talks.istanbul.status         agreed → proposed
";
    assert_eq!(short(&whole()), expected);
}

#[test]
fn a_value_is_cut_to_the_page_and_not_in_long() {
    let words = "a very long value that goes on and on and would not fit beside its date and its event";
    let state = |value: &str| {
        let fact = samples::fact("a.b", Some(Value::text(value)), "2022", "e");
        samples::answer(Found::State(crate::ask::State { counts: Default::default(), facts: vec![fact] }))
    };
    let last = short(&state(words)).lines().last().unwrap().to_owned();
    assert_eq!(last, "a.b  a very long value that goes on and on and would not fit b…   since 2022   e");
    let whole = "\
a.b  a very long value that goes on and on and would not fit      since 2022   e
       beside its date and its event
";
    assert!(long(&state(words)).ends_with(whole), "{}", long(&state(words)));
    assert!(short(&samples::answer(Found::Events(vec![]))).ends_with("0 events\n\n(no events)\n"));
}

#[test]
fn a_voice_before_the_record_says_where_that_moved_on() {
    let mut fact = samples::fact("a.b", Some(Value::text("held")), "2022", "e");
    fact.standing = crate::ask::Standing::Claimed;
    fact.claimed_by = vec!["russia"];
    fact.record_moved_on = true;
    fact.alternatives = vec![samples::claim("over", "x")];
    fact.alternatives[0].claimed_by = vec![];
    fact.alternatives[0].standing = crate::ask::Standing::Record;
    let mut answer = samples::answer(Found::State(crate::ask::State { counts: Default::default(), facts: vec![fact] }));
    answer.view.according_to = Some("russia".into());
    answer.view.without = vec!["tag:x".into()];
    answer.view.with = vec!["what-if.yaml".into()];
    answer.left_out = 1;
    let expected = "\
Russia–Ukraine negotiations
as of the end of 14 May 2025, as best known, according to russia, without tag:x, with what-if.yaml: 0 of 0 events
1 document has a fault and is left out

a.b  held  claimed by russia  ≠ record (moved on)   since 2022   e
";
    assert_eq!(short(&answer), expected);
    let below = "\
a.b  held  claimed by russia  ≠ record (moved   since 2022          e
       on)
     ≠ over  on record                          since 11 May 2025   2025-05-11-putin-proposes
";
    assert!(long(&answer).ends_with(below), "{}", long(&answer));
}

#[test]
fn what_is_only_possible_stands_where_a_value_would() {
    let mut fact = samples::fact("a.b", None, "", "");
    fact.alternatives = vec![samples::possible(Value::text("off the table"))];
    fact.alternatives[0].claimed_by = vec!["article"];
    let state =
        |fact| samples::answer(Found::State(crate::ask::State { counts: Default::default(), facts: vec![fact] }));
    assert!(short(&state(fact.clone())).ends_with("\na.b  ? off the table (article)\n"));
    fact.value = samples::fact("a.b", Some(Value::text("open")), "", "").value;
    fact.since = Some("2025-05-11T01:30+03:00");
    assert!(short(&state(fact)).ends_with("\na.b  open  ?   since 11 May 2025\n"));
}

#[test]
fn a_source_is_named_once_below_all_that_is_quoted_of_it() {
    let mut event = samples::proposal().clone();
    let mut again = event.sources[0].clone();
    again.quote = Some("They have not met".into());
    event.sources.push(again);
    let mut answer = samples::reasons();
    let Found::Reasons(found) = &mut answer.found else { panic!("reasons") };
    found.given_by = Some(samples::row(samples::kept(event)));
    let expected = "    “Putin first proposed the talks”\n    “They have not met”\n    — article\n    — Reuters";
    assert!(short(&answer).contains(expected), "{}", short(&answer));
}

#[test]
fn only_a_terminal_cuts() {
    let title = "A title that is much too long to be shown whole on a terminal of sixty columns";
    let event = samples::kept(samples::event("e", "2025-05-11T01:30+03:00", title));
    let mut diff = samples::differences();
    let Found::Differences(found) = &mut diff.found else { panic!("differences") };
    let value = |words: &str| Some(std::borrow::Cow::Owned(Value::text(words)));
    (found.changes[3].before.value, found.changes[3].after.value) = (value(title), value("short"));
    found.changes[3].caused_by =
        vec![crate::ask::Cause { event: crate::ask::Named::Whole(event), side: crate::ask::Side::After }];
    let list = samples::answer(Found::Events(vec![samples::row(event)]));
    let terminal = |answer: &Answer| {
        let text = shown(answer, &How { terminal: true, width: 60, ..How::default() });
        text.lines().skip(3).map(str::to_owned).collect::<Vec<_>>().join("\n")
    };
    assert!(short(&list).ends_with(&format!("  {title}\n")));
    assert_eq!(terminal(&list), "2025-05-11T01:30+03:00  A title that is much too long to be…");
    assert!(short(&diff).contains(&format!("  {title} → short\n    + 11 May 2025  e  {title}\n")));
    let cut = "  status   A title that is much too long to be show… → short\n    + 11 May 2025  e  A title that is much too long to be s…";
    assert!(terminal(&diff).ends_with(cut), "{}", terminal(&diff));
}

#[test]
fn a_course_says_the_time_where_two_share_a_day() {
    let mut answer = samples::course();
    let Found::Course(found) = &mut answer.found else { panic!("a course") };
    found.rows.truncate(2);
    (found.rows[0].from, found.rows[0].to) = ("2025-05-11T01:30+03:00", Some("2025-05-11T17:30Z"));
    (found.rows[1].from, found.rows[1].to) = ("2025-05-11T17:30Z", Some("2025-05-16T13:30+03:00"));
    let text = short(&answer);
    assert!(text.contains("  11 May 2025, 01:30 (UTC+3) – 11 May 2025, 17:30 UTC  agreed"), "{text}");
    assert!(text.contains("? 11 May 2025, 17:30 UTC – 16 May 2025 "), "{text}");
}

#[test]
fn a_large_state_is_written_in_one_go() {
    let one = |number: usize| {
        samples::fact(
            &format!("units.u{:05}.x{}.status", number / 8, number % 8),
            Some(Value::text("here")),
            "2022",
            "e",
        )
    };
    let facts = (0..40_000).map(one).collect();
    let answer = samples::answer(Found::State(crate::ask::State { counts: Default::default(), facts }));
    for format in [Format::Text, Format::Json, Format::Csv, Format::Yaml, Format::Md] {
        let mut bytes = Vec::new();
        render(&answer, format, &How::default(), &mut bytes).unwrap();
        assert!(bytes.iter().filter(|byte| **byte == b'\n').count() >= if format == Format::Json { 1 } else { 40_000 });
    }
}
