//! What of one path is in force, event upon event in replay order, what they come to, and the way back: the event that
//! was heard last is taken back at the cost of what it changed. Knows nothing of when events happened or were known.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use super::record::EXACT;
use super::said::{Before, Holding, Latest, Said, step};
use super::{Assertion, EventNumber, History, PathNumber, Standing, VoiceNumber};
use crate::model::decimal::Decimal;
use crate::model::event::Does;
use crate::model::value::Value;

/// Who speaks: a voice, or nobody but the record.
pub(super) type Speaker = Option<VoiceNumber>;

/// The events in force on a path, and what everyone says after them.
pub(super) struct Heard<'h> {
    history: &'h History,
    /// The assertions of the record on the path, and those of voices.
    sides: (&'h [Assertion], &'h [Assertion]),
    words: VecDeque<Word>,
    said: BTreeMap<Speaker, Said>,
    /// What the voices come to together, and since which event.
    agreed: Agreed,
    /// So many words hold something that can end.
    lasting: usize,
}

/// What one event says.
struct Word {
    event: EventNumber,
    /// Whether what it held during its time is over.
    ended: bool,
    /// Whether something of it can end.
    lasts: bool,
    /// What was said before it by those who speak in it, and what that came to.
    before: Vec<(Speaker, Before)>,
    agreed: Agreed,
}

/// How what the voices say stands, the value on which they agree, and since which event it is so.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Agreed {
    standing: Standing,
    value: Option<Rc<Value>>,
    since: Option<EventNumber>,
}

impl<'h> Heard<'h> {
    /// Of a path nothing yet.
    pub(super) fn new(history: &'h History, path: PathNumber) -> Heard<'h> {
        Heard {
            history,
            sides: history.sides(path),
            words: VecDeque::new(),
            said: BTreeMap::new(),
            agreed: Agreed { standing: Standing::None, value: None, since: None },
            lasting: 0,
        }
    }

    /// Lets an event be in force, with what it holds during its time or without that, or not at all.
    pub(super) fn put(&mut self, event: EventNumber, ended: Option<bool>) {
        let at = self.words.partition_point(|word| word.event < event);
        let now = self.words.get(at).filter(|word| word.event == event).map(|word| word.ended);
        if now == ended || self.shift(at, event, ended) || self.weave(at, event, ended) {
            return;
        }
        let above: Vec<(EventNumber, bool)> = (at..self.words.len()).filter_map(|_| self.take_back()).collect();
        if let Some(ended) = ended {
            self.hear(event, ended);
        }
        for (event, ended) in above.into_iter().rev().filter(|(one, _)| *one != event) {
            self.hear(event, ended);
        }
    }

    /// The same where all words from a place on are steps of a sum: they change by nothing but what comes in or goes out
    /// below them. Says whether it is so.
    fn shift(&mut self, at: usize, event: EventNumber, ended: Option<bool>) -> bool {
        let is_step = |word: &Word| matches!(word.before[..], [(None, Before::Step { .. })]);
        let Some(Before::Step { by: gone, latest, run }) = self.words.get(at).and_then(Word::alone) else {
            return false;
        };
        let (gone, mut latest, mut run) = (*gone, *latest, *run);
        // Where the record falls silent the voices are asked again.
        if latest.is_none() && !self.sides.1.is_empty() {
            return false;
        }
        let own = ended.map(|ended| self.own(event, ended)).unwrap_or_default();
        let by = if own.is_empty() { Some(Decimal::ZERO) } else { step(&self.does(&own)) };
        let (Some(by), true) = (by, self.words.range(at..).all(is_step)) else { return false };
        let (mut change, mut from) = (by, at);
        if self.words[at].event == event {
            change = change.plus(gone.negated()).expect(EXACT);
            self.lasting -= usize::from(self.words.remove(at).is_some_and(|word| word.lasts));
        }
        if let (Some(ended), false) = (ended, own.is_empty()) {
            let before = vec![(None, Before::Step { by, latest, run })];
            self.insert(at, Word { before, ..self.word(event, ended, &own) });
            (from, latest, run) = (at + 1, Some(event), Some(event));
        }
        // The next word was the first to say who spoke below it; all others say that of each other.
        match self.words.get_mut(from).map(|word| &mut word.before[..]) {
            Some([(_, Before::Step { latest: below, run: since, .. })]) => (*below, *since) = (latest, run),
            _ => self.said.entry(None).or_default().came_from(latest, run),
        }
        self.said.entry(None).or_default().step(change);
        true
    }

    /// The same where the record alone speaks: the words from a place on are heard again until they come to what they came
    /// to before. Says whether it is so.
    fn weave(&mut self, at: usize, event: EventNumber, ended: Option<bool>) -> bool {
        let Some(Before::All(below)) = self.words.get(at).and_then(Word::alone) else { return false };
        if !self.sides.1.is_empty() {
            return false;
        }
        let mut said = Said::from(below.clone());
        let own = ended.map(|ended| self.own(event, ended)).unwrap_or_default();
        let word = (!own.is_empty()).then(|| {
            let before = vec![(None, said.hear(event, self.does(&own)))];
            Word { before, ..self.word(event, ended == Some(true), &own) }
        });
        let from = at + usize::from(self.words[at].event == event);
        let (mut again, mut meets) = (Vec::new(), false);
        for word in self.words.range(from..) {
            let Some(Before::All(before)) = word.alone() else { return false };
            if *before == said.latest {
                meets = true;
                break;
            }
            again.push(said.hear(word.event, self.does(&self.own(word.event, word.ended))));
        }
        for (word, before) in self.words.range_mut(from..).zip(again) {
            word.before = vec![(None, before)];
        }
        if from > at {
            self.lasting -= usize::from(self.words.remove(at).is_some_and(|word| word.lasts));
        }
        if let Some(word) = word {
            self.insert(at, word);
        }
        if !meets {
            self.said.insert(None, said);
        }
        true
    }

    fn insert(&mut self, at: usize, word: Word) {
        self.lasting += usize::from(word.lasts);
        self.words.insert(at, word);
    }

    /// An event's word without what was before it.
    fn word(&self, event: EventNumber, ended: bool, own: &[Assertion]) -> Word {
        let lasts = own.iter().any(|assertion| assertion.is_during());
        Word { event, ended, lasts, before: Vec::new(), agreed: self.agreed.clone() }
    }

    /// What of an event is in force.
    fn own(&self, event: EventNumber, ended: bool) -> Vec<Assertion> {
        self.of(event).filter(|assertion| !(ended && assertion.is_during())).copied().collect()
    }

    fn does<'a>(&self, assertions: impl IntoIterator<Item = &'a Assertion>) -> Vec<Does> {
        assertions.into_iter().map(|assertion| self.history.does(*assertion)).collect()
    }

    /// Hears an event that comes after all that are in force.
    fn hear(&mut self, event: EventNumber, ended: bool) {
        let own = self.own(event, ended);
        let mut word = self.word(event, ended, &own);
        for assertion in &own {
            let speaker = assertion.voice();
            if word.before.iter().all(|(one, _)| *one != speaker) {
                let does = self.does(own.iter().filter(|one| one.voice() == speaker));
                word.before.push((speaker, self.said.entry(speaker).or_default().hear(event, does)));
            }
        }
        if word.before.is_empty() {
            return;
        }
        if !self.sides.1.is_empty() {
            self.agree(event);
        }
        self.insert(self.words.len(), word);
    }

    /// Takes the last event back that was heard.
    fn take_back(&mut self) -> Option<(EventNumber, bool)> {
        let Word { event, ended, lasts, before, agreed } = self.words.pop_back()?;
        for (speaker, before) in before {
            self.said.entry(speaker).or_default().take_back(before);
        }
        self.agreed = agreed;
        self.lasting -= usize::from(lasts);
        Some((event, ended))
    }

    /// Forgets how to take back the first events, as far as they are never asked for again.
    pub(super) fn forget(&mut self, is_over: impl Fn(EventNumber) -> bool) {
        while let Some(word) = self.words.front().filter(|word| is_over(word.event)) {
            self.lasting -= usize::from(word.lasts);
            self.words.pop_front();
        }
    }

    /// Whether two have come to the same, and will whatever comes later in both.
    pub(super) fn is_like(&self, other: &Heard<'_>) -> bool {
        // What lies below shows again when something ends.
        let is_settled = self.lasting == 0 && other.lasting == 0;
        is_settled && self.agreed == other.agreed && self.spoken().eq(other.spoken())
    }

    /// What everyone says who has spoken.
    fn spoken(&self) -> impl Iterator<Item = (Speaker, &Latest)> {
        let said = self.said.iter().filter(|(_, said)| said.latest.running.is_some());
        said.map(|(speaker, said)| (*speaker, &said.latest))
    }

    /// What holds in the plain viewpoint (2-replay, The value of a path, 2 to 4).
    fn plain(&self) -> Option<Holding> {
        if let Some(said) = self.said.get(&None).filter(|said| said.latest.running.is_some()) {
            return said.holding(Standing::Record);
        }
        let Agreed { standing, ref value, since } = self.agreed;
        let claimed = standing == Standing::Claimed;
        let events = self.said.values().filter(|said| said.kept().is_some()).filter_map(Said::event);
        let event = events.max().filter(|_| claimed);
        (standing != Standing::None).then(|| Holding { value: value.clone(), standing, event, since })
    }

    /// What the voices claim, each for itself.
    fn claims(&self) -> impl Iterator<Item = (Speaker, Holding)> + '_ {
        let voices = self.said.iter().filter(|(speaker, _)| speaker.is_some());
        voices.filter_map(|(speaker, said)| Some((*speaker, said.holding(Standing::Claimed)?)))
    }

    /// What everyone says who says anything.
    pub(super) fn all(&self) -> BTreeMap<Speaker, Holding> {
        self.plain().map(|plain| (None, plain)).into_iter().chain(self.claims()).collect()
    }

    /// What one speaker says: a voice what it claims, nobody what holds in the plain viewpoint.
    pub(super) fn holding(&self, speaker: Speaker) -> Option<Holding> {
        match speaker {
            None => self.plain(),
            some => self.said.get(&some)?.holding(Standing::Claimed),
        }
    }

    /// The voices that speak in an event.
    pub(super) fn voices_in(&self, event: EventNumber) -> BTreeSet<Speaker> {
        self.of(event).filter_map(|assertion| assertion.voice()).map(Some).collect()
    }

    /// What an event says of the path.
    fn of(&self, event: EventNumber) -> impl Iterator<Item = &'h Assertion> + use<'h> {
        let of_event = |side: &'h [Assertion]| {
            let from = side.partition_point(|assertion| assertion.event < event);
            side[from..].iter().take_while(move |assertion| assertion.event == event)
        };
        of_event(self.sides.0).chain(of_event(self.sides.1))
    }

    /// Asks what the voices come to after an event.
    fn agree(&mut self, event: EventNumber) {
        let record = self.said.get(&None).is_some_and(|said| said.latest.running.is_some());
        let claims = || self.said.iter().filter(|(speaker, _)| speaker.is_some()).filter_map(|(_, said)| said.kept());
        // Where the record has spoken, nobody asks.
        let standing = if record { Standing::Record } else { Standing::of_claims(claims().map(|value| &**value)) };
        let value = claims().next().filter(|_| standing == Standing::Claimed).cloned();
        let goes_on = (standing, &value) == (self.agreed.standing, &self.agreed.value);
        let since = if goes_on { self.agreed.since } else { Some(event) };
        self.agreed = Agreed { standing, value, since: since.filter(|_| standing == Standing::Claimed) };
    }
}

impl Word {
    /// What was said before it, if the record alone speaks in it.
    fn alone(&self) -> Option<&Before> {
        match &self.before[..] {
            [(None, before)] => Some(before),
            _ => None,
        }
    }
}
