//! The grammar of addresses: the name of a question and the parameters behind it, each a name and a text, become a
//! [`Question`], as the words of a command do (3-commands, Addresses). Knows nothing of servers, nor how a text is
//! spelled in an address.

use std::collections::BTreeSet;

use super::viewpoint::{is_moment, look};
use super::{Asks, Question, Refusal, Selectors};
use crate::model::diagnostic::nearest;
use crate::timeline::Timeline;

/// A question as an address asks it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Addressed {
    /// The question.
    pub question: Question,
    /// Whether every particular is asked for, as by `-l`.
    pub long: bool,
}

/// How the parameters of a question are read.
type Read = fn(&mut Given) -> Question;

/// Every question that has an address, by its name.
const TABLE: &[(&str, Read)] = &[
    ("replay", |given| {
        given.long();
        given.seen(|given| Asks::Replay { words: given.words(&["at"], "path") })
    }),
    ("list", |given| {
        given.long();
        given.seen(|given| Asks::List {
            filters: given.all("filter"),
            since: given.one("since"),
            until: given.one("until"),
            reverse: given.flag("reverse"),
            limit: given.number("limit"),
        })
    }),
    ("diff", |given| {
        given.seen(|given| Asks::Diff {
            words: given.words(&["from", "to"], "path"),
            versus: given.one("versus"),
            steps: given.flag("steps"),
        })
    }),
    ("why", |given| given.seen(|given| Asks::Why { path: given.must("path") })),
    ("history", |given| given.seen(|given| Asks::History { path: given.must("path"), member: given.one("member") })),
    ("show", |given| given.seen(|given| Asks::Show { events: given.some("event") })),
    ("trace", |given| {
        given.long();
        given.seen(|given| Asks::Trace { event: given.must("event"), depth: given.number("depth") })
    }),
    ("stats", |given| {
        given.long();
        given.seen(|_| Asks::Stats)
    }),
    ("hinges", |given| {
        given.long();
        given.seen(|given| Asks::Hinges { paths: given.all("path"), source: given.one("source") })
    }),
    ("check", |given| {
        let asks = Asks::Check { rules: given.all("rule"), strict: given.flag("strict") };
        Question { select: Selectors::default(), asks }
    }),
];

/// The names of all questions that have an address.
pub fn addresses() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(name, _)| *name)
}

/// Reads the name of a question and its parameters. Refuses what the question does not take, what stands twice and may
/// stand once, and what is no value of its parameter; what a value names is looked up when the question is asked.
pub fn addressed(timeline: &Timeline, name: &str, parameters: Vec<(String, String)>) -> Result<Addressed, Refusal> {
    let known = TABLE.iter().find(|(known, _)| *known == name);
    let (name, read) = known
        .ok_or_else(|| Refusal::not_found(format!("no question is called `{name}`"), nearest(name, addresses())))?;
    let mut given = Given { timeline, name, left: parameters, takes: BTreeSet::new(), long: false, fault: None };
    let question = read(&mut given);
    if let Some((unknown, _)) = given.left.first() {
        let refusal = Refusal::bad(format!("`{name}` takes no `{unknown}`"));
        let takes: Vec<&str> = given.takes.into_iter().collect();
        return Err(match nearest(unknown, takes.iter().copied()) {
            Some(near) => refusal.help(format!("did you mean `{near}`?")),
            None => refusal.help(format!("it takes `{}`", takes.join("`, `"))),
        });
    }
    match given.fault {
        Some(fault) => Err(fault),
        None => Ok(Addressed { question, long: given.long }),
    }
}

/// The parameters of an address while they are read: what nobody took in the end is unknown.
struct Given<'t> {
    timeline: &'t Timeline,
    name: &'static str,
    left: Vec<(String, String)>,
    takes: BTreeSet<&'static str>,
    long: bool,
    /// The first that is wrong; said only if every parameter is known.
    fault: Option<Refusal>,
}

impl Given<'_> {
    /// The question from a viewpoint: what it asks is read first, so that it can have a moment of its own.
    fn seen(&mut self, asks: impl FnOnce(&mut Self) -> Asks) -> Question {
        let asks = asks(self);
        let select = Selectors {
            at: self.one("at"),
            known_by: self.one("known_by"),
            according_to: self.one("according_to"),
            only: self.all("only"),
            without: self.all("without"),
        };
        Question { select, asks }
    }

    /// Moments, then globs, as a command has them. What is given as a moment must be one, and what is given as a glob is
    /// not taken for one.
    fn words(&mut self, moments: &[&'static str], globs: &'static str) -> Vec<String> {
        let mut words = Vec::new();
        let mut before = None;
        for name in moments {
            match (self.one(name), before) {
                (Some(_), Some(missing)) => self.wrong(Refusal::bad(format!("`{name}` wants `{missing}`, too"))),
                (Some(moment), None) => {
                    let select = Selectors { at: Some(moment.clone()), ..Selectors::default() };
                    if !is_moment(self.timeline, &moment)
                        && let Err(fault) = look(self.timeline, &select, true)
                    {
                        self.wrong(fault);
                    }
                    words.push(moment);
                }
                (None, _) => before = before.or(Some(name)),
            }
        }
        let globs_given = self.all(globs);
        if let Some(glob) = globs_given.first().filter(|glob| before.is_some() && is_moment(self.timeline, glob)) {
            let refusal = Refusal::bad(format!("`{globs}` takes a path, and `{glob}` is a date or an event"));
            self.wrong(refusal.help(format!("a moment is given by `{}`", moments.join("` and `"))));
        }
        words.extend(globs_given);
        words
    }

    /// Whether every particular is asked for.
    fn long(&mut self) {
        self.long = self.flag("long");
    }

    /// What a parameter says that may stand any number of times.
    fn all(&mut self, name: &'static str) -> Vec<String> {
        self.takes.insert(name);
        self.left.extract_if(.., |(given, _)| given == name).map(|(_, text)| text).collect()
    }

    /// The same of one that must stand.
    fn some(&mut self, name: &'static str) -> Vec<String> {
        let all = self.all(name);
        if all.is_empty() {
            self.wrong(Refusal::bad(format!("`{}` wants `{name}`", self.name)));
        }
        all
    }

    /// What a parameter says that may stand once.
    fn one(&mut self, name: &'static str) -> Option<String> {
        let mut all = self.all(name);
        if all.len() > 1 {
            self.wrong(Refusal::bad(format!("`{name}` stands {} times, and may stand once", all.len())));
        }
        all.pop()
    }

    /// What a parameter says that must stand once.
    fn must(&mut self, name: &'static str) -> String {
        let one = self.one(name);
        if one.is_none() {
            self.wrong(Refusal::bad(format!("`{}` wants `{name}`", self.name)));
        }
        one.unwrap_or_default()
    }

    /// `true` or `false`; a name alone is true.
    fn flag(&mut self, name: &'static str) -> bool {
        match self.one(name).as_deref() {
            Some("" | "true" | "1") => true,
            None | Some("false" | "0") => false,
            Some(other) => {
                self.wrong(Refusal::bad(format!("`{name}` is `true` or `false`, not `{other}`")));
                false
            }
        }
    }

    /// A whole number.
    fn number(&mut self, name: &'static str) -> Option<usize> {
        let text = self.one(name)?;
        let number = text.parse().ok();
        if number.is_none() {
            self.wrong(Refusal::bad(format!("`{name}` is a whole number, not `{text}`")));
        }
        number
    }

    fn wrong(&mut self, fault: Refusal) {
        self.fault.get_or_insert(fault);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::{Text, Texts};

    fn read(name: &str, parameters: &[(&str, &str)]) -> Result<Addressed, Refusal> {
        let text = "id: one\ndate: 2022\ntitle: One\nset: {a.b: c}\n";
        let files = vec![Text::new("one.yaml", text)];
        let timeline = Timeline::load(Texts { files, own: 1, ..Texts::default() }, Vec::new());
        assert!(timeline.is_whole(), "{:?}", timeline.faults());
        let owned = parameters.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        addressed(&timeline, name, owned)
    }

    fn refused(name: &str, parameters: &[(&str, &str)]) -> String {
        let refusal = read(name, parameters).unwrap_err();
        format!("{}; {}", refusal.message, refusal.help.unwrap_or_default())
    }

    fn texts(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn parameters_are_what_the_words_of_a_command_are() {
        let asked = read("replay", &[("at", "2022"), ("path", "a.*"), ("only", "one"), ("long", ""), ("only", "one")]);
        let asked = asked.unwrap();
        assert_eq!(asked.question.asks, Asks::Replay { words: texts(&["2022", "a.*"]) });
        assert_eq!((asked.question.select.only, asked.long), (texts(&["one", "one"]), true));
        let asked = read("diff", &[("path", "a"), ("to", "one"), ("from", "one^"), ("versus", "x")]).unwrap();
        let words = texts(&["one^", "one", "a"]);
        assert_eq!(asked.question.asks, Asks::Diff { words, versus: Some("x".into()), steps: false });
        assert_eq!(read("diff", &[("at", "2022")]).unwrap().question.select.at.as_deref(), Some("2022"));
        // Where a moment is given, a path may look like one.
        assert_eq!(
            read("replay", &[("at", "2022"), ("path", "one")]).unwrap().question.asks,
            Asks::Replay { words: texts(&["2022", "one"]) }
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_what_is_right() {
        assert_eq!(refused("rplay", &[]), "no question is called `rplay`; did you mean `replay`?");
        assert_eq!(refused("why", &[("pth", "a.b")]), "`why` takes no `pth`; did you mean `path`?");
        assert_eq!(refused("check", &[("at", "2022")]), "`check` takes no `at`; it takes `rule`, `strict`");
        assert_eq!(refused("why", &[]), "`why` wants `path`; ");
        assert_eq!(refused("show", &[]), "`show` wants `event`; ");
        assert_eq!(refused("why", &[("path", "a.b"), ("path", "a.c")]), "`path` stands 2 times, and may stand once; ");
        assert_eq!(refused("replay", &[("at", "2022"), ("at", "2022")]), "`at` stands 2 times, and may stand once; ");
        assert_eq!(refused("replay", &[("long", "yes")]), "`long` is `true` or `false`, not `yes`; ");
        assert_eq!(refused("list", &[("limit", "-1")]), "`limit` is a whole number, not `-1`; ");
        assert_eq!(refused("diff", &[("to", "2022")]), "`to` wants `from`, too; ");
        assert_eq!(refused("diff", &[("from", "2022"), ("to", "a.b")]), "`a.b` is no date and no event; ");
        assert_eq!(
            refused("replay", &[("path", "2022")]),
            "`path` takes a path, and `2022` is a date or an event; a moment is given by `at`"
        );
    }
}
