//! Asking the engine: its answers in the shape of the plain fold's, and the runner of the laws.

use std::collections::BTreeMap;
use std::fmt;

use asof::ask::{self, Answer, Asks, Found, Question, Selectors};
use asof::model::diagnostic::Code;
use asof::model::text::Texts;
use asof::model::value::Value;
use asof::timeline::Timeline;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use super::chance;
use super::chronicles::Chronicle;
use super::fold::{Alternative, Fact};
use super::viewpoints::{self, Viewpoint, viewpoint};

/// A chronicle, viewpoints that fit it, and some dice for the law itself.
#[derive(Clone)]
pub struct Case {
    pub chronicle: Chronicle,
    pub viewpoints: Vec<Viewpoint>,
    pub dice: [u8; 32],
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}", self.chronicle)?;
        for viewpoint in &self.viewpoints {
            writeln!(f, "{:?}", viewpoint.selectors())?;
        }
        write!(f, "dice: {:?}", self.dice)
    }
}

/// Cases of chronicles with at most so many events, and so many viewpoints.
pub fn cases(events: usize, viewpoints: usize) -> impl Strategy<Value = Case> {
    cases_of(chance::chronicle(events), viewpoints)
}

/// The same where every event carries an `id`.
pub fn cases_with_ids(events: usize, viewpoints: usize) -> impl Strategy<Value = Case> {
    cases_of(chance::chronicle(events).prop_map(|chronicle| chronicle.with_ids()), viewpoints)
}

fn cases_of(chronicles: impl Strategy<Value = Chronicle>, viewpoints: usize) -> impl Strategy<Value = Case> {
    (chronicles, vec(viewpoints::drawn(), viewpoints), any::<[u8; 32]>()).prop_map(|(chronicle, drawn, dice)| {
        let viewpoints = drawn.iter().map(|drawn| viewpoint(drawn, &chronicle)).collect();
        Case { chronicle, viewpoints, dice }
    })
}

/// Why a law does not hold.
pub type Verdict = Result<(), String>;

/// Holds a law over so many cases, always the same ones; `ASOF_LAWS=10` takes ten times as many.
pub fn law(name: &str, cases: u32, strategy: impl Strategy<Value = Case>, holds: impl Fn(&Case) -> Verdict) {
    #[allow(clippy::disallowed_methods, reason = "how long to search is not a question of the engine")]
    let times = std::env::var("ASOF_LAWS").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    let config = Config {
        cases: cases.saturating_mul(times),
        failure_persistence: None,
        max_shrink_iters: 1_000,
        ..Config::default()
    };
    let mut seed = [7; 32];
    for (place, byte) in name.bytes().enumerate() {
        seed[place % 32] ^= byte;
    }
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let held = runner.run(&strategy, |case| holds(&case).map_err(TestCaseError::fail));
    match held {
        Ok(()) => {}
        Err(TestError::Fail(why, case)) => panic!("the law does not hold: {why}\n\nin this chronicle:\n{case:?}"),
        Err(other) => panic!("{other}"),
    }
}

/// The chronicle loaded, if it loads whole.
pub fn whole(texts: Texts) -> Option<Timeline> {
    let timeline = Timeline::load(texts, Vec::new());
    timeline.is_whole().then_some(timeline)
}

/// Whether nothing hangs on an order that neither dates nor links settle.
pub fn is_settled(timeline: &Timeline) -> bool {
    timeline.house_faults(&[Code::OrderNotSettled]).is_empty()
}

pub fn question(select: Selectors, asks: Asks) -> Question {
    Question { select, asks }
}

/// The question for the whole state.
pub fn replay_of(select: Selectors) -> Question {
    question(select, Asks::Replay { words: Vec::new() })
}

/// The answer, or why there is none, with the question.
pub fn answer<'t>(timeline: &'t Timeline, question: &Question) -> Result<Answer<'t>, String> {
    ask::ask(timeline, question).map_err(|refusal| format!("refused: {refusal}\nthe question: {question:?}"))
}

/// The state by path.
pub fn facts(timeline: &Timeline, select: Selectors) -> Result<BTreeMap<String, Fact>, String> {
    match answer(timeline, &replay_of(select))?.found {
        Found::State(state) => {
            Ok(state.facts.iter().map(|found| (found.path.as_str().to_owned(), fact(found))).collect())
        }
        other => Err(format!("no state: {other:?}")),
    }
}

/// A fact of the engine in the shape of the plain fold's.
pub fn fact(found: &ask::Fact) -> Fact {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let voices = |voices: &[&str]| voices.iter().map(|voice| voice.to_string()).collect();
    let alternative = |other: &ask::Alternative| Alternative {
        value: other.value.as_deref().cloned(),
        standing: other.standing.name(),
        possible: other.possible,
        claimed_by: voices(&other.claimed_by),
        event: owned(other.event),
    };
    let mut alternatives: Vec<Alternative> = found.alternatives.iter().map(alternative).collect();
    alternatives.sort();
    Fact {
        value: found.value.as_deref().cloned(),
        standing: found.standing.name(),
        since: owned(found.since),
        event: owned(found.event),
        claimed_by: voices(&found.claimed_by),
        record_moved_on: found.record_moved_on,
        alternatives,
    }
}

/// Value, standing and alternatives, whatever event they are by.
pub type Core = (Option<Value>, &'static str, Vec<(Option<Value>, &'static str, bool, Vec<String>)>);

/// What a difference is about: value, standing, and the alternatives by value, standing and who claims them.
pub fn core(fact: &Fact) -> Core {
    let beside = fact.alternatives.iter();
    let mut beside: Vec<_> =
        beside.map(|other| (other.value.clone(), other.standing, other.possible, other.claimed_by.clone())).collect();
    beside.sort();
    (fact.value.clone(), fact.standing, beside)
}

pub fn cores(facts: &BTreeMap<String, Fact>) -> BTreeMap<String, Core> {
    facts.iter().map(|(path, fact)| (path.clone(), core(fact))).collect()
}

/// That two are the same; else what differs, path by path.
pub fn same<T: PartialEq + fmt::Debug>(
    what: &str,
    expected: &BTreeMap<String, T>,
    found: &BTreeMap<String, T>,
) -> Verdict {
    let differs = |path: &&String| expected.get(*path) != found.get(*path);
    match expected.keys().chain(found.keys()).find(differs) {
        None => Ok(()),
        Some(path) => {
            Err(format!("{what}: {path}\nexpected: {:#?}\nfound: {:#?}", expected.get(path), found.get(path)))
        }
    }
}
