//! Questions as they are asked: words of a person, an address or a test case, not yet looked up in any chronicle.
//! The waist of the program: every door makes one of these, and knows nothing else of the engine.

/// From where one looks (2-replay, The moment asked for; 3-commands, Selectors). Every part as it was written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selectors {
    /// A date, an event (just after it), or an event with `^` (just before it).
    pub at: Option<String>,
    /// Only what was publicly known by the end of this date.
    pub known_by: Option<String>,
    /// The voice whose claims come before the record.
    pub according_to: Option<String>,
    /// Filters that every event must match.
    pub only: Vec<String>,
    /// Filters that no event may match.
    pub without: Vec<String>,
}

/// A question with its viewpoint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// From where one looks.
    pub select: Selectors,
    /// What is asked.
    pub asks: Asks,
}

impl Question {
    /// The same question, to be answered as far as JSON says it that is not long: of a replay the values alone.
    pub fn of_values(self) -> Question {
        match self.asks {
            Asks::Replay { words } => Question { asks: Asks::State { words }, ..self },
            asks => Question { asks, ..self },
        }
    }
}

/// What can be asked (3-commands).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Asks {
    /// The state of the paths that match.
    Replay {
        /// A date or event first, if any; then globs.
        words: Vec<String>,
    },
    /// The definite values of these alone: facts have neither since when, nor by which event, nor what is possible.
    State {
        /// As of [`Asks::Replay`].
        words: Vec<String>,
    },
    /// The events that count, in listing order.
    List {
        /// Filters that every listed event matches.
        filters: Vec<String>,
        /// Only events whose written span reaches into or beyond this date.
        since: Option<String>,
        /// Only events whose written span begins by the end of this date.
        until: Option<String>,
        /// Latest first.
        reverse: bool,
        /// At most so many, counted from the first that would be listed.
        limit: Option<usize>,
    },
    /// What differs between two viewpoints.
    Diff {
        /// One or two dates or events, then globs.
        words: Vec<String>,
        /// The left side's voice, or `known-by:DATE`.
        versus: Option<String>,
        /// One block for each event between the two.
        steps: bool,
    },
    /// The value of a path and its reasons.
    Why {
        /// The path.
        path: String,
    },
    /// The values of a path through time.
    History {
        /// The path.
        path: String,
        /// Of a set: when this member was in it.
        member: Option<String>,
    },
    /// Events whole, with what they changed.
    Show {
        /// Ids of events.
        events: Vec<String>,
    },
    /// The causes and consequences of an event, as a tree.
    Trace {
        /// The id of the event.
        event: String,
        /// At most so many levels each way; left out: [`TRACE_DEPTH`].
        depth: Option<usize>,
    },
    /// The state before the event at a line, the event, and the state after it.
    Context {
        /// The line.
        line: FileLine,
        /// The whole state, and not only of the paths that the event touches.
        all: bool,
    },
    /// Counts: of events, years, dates, values, sources and voices.
    Stats,
    /// Expectations that hold now.
    Expect {
        /// Globs of the paths.
        paths: Vec<String>,
    },
    /// What each value hangs on, or what falls with one source.
    Hinges {
        /// Globs; none: all.
        paths: Vec<String>,
        /// The source without which is asked.
        source: Option<String>,
    },
    /// Every fault of the chronicle.
    Check {
        /// Names of rules; none: all.
        rules: Vec<String>,
        /// Warnings count as errors.
        strict: bool,
    },
}

/// The most levels that a `trace` tells, and how many it tells where none are given.
pub const TRACE_DEPTH: usize = 100;

/// A line of a file, as an editor and a diagnostic name it: `FILE:LINE` or `FILE:LINE:COLUMN`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileLine {
    /// The file; of a question that is asked, by its name in the chronicle.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: Option<usize>,
}

impl FileLine {
    /// Reads `FILE:LINE` or `FILE:LINE:COLUMN`. Errors: what is wrong, in a sentence.
    pub fn parse(text: &str) -> Result<FileLine, String> {
        let number = |digits: &str| digits.parse::<usize>().ok().filter(|number| *number > 0);
        let split = |text: &str| text.rsplit_once(':').and_then(|(file, last)| Some((file.to_owned(), number(last)?)));
        let (file, last) = split(text).ok_or("it takes a file and a line from 1, such as `2025/talks.yaml:12`")?;
        let (file, line, column) = match split(&file) {
            Some((file, line)) => (file, line, Some(last)),
            None => (file, last, None),
        };
        if file.is_empty() { Err("the file is missing".to_owned()) } else { Ok(FileLine { file, line, column }) }
    }
}

/// Why a question is not answered: exit status 2, or 400 or 404.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// What kind of refusal.
    pub code: RefusalCode,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to ask instead.
    pub help: Option<String>,
}

/// The kinds of refusals; the names are those of the API.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RefusalCode {
    /// The question is not well-formed: `bad-question`.
    BadQuestion,
    /// It names what the chronicle does not have: `not-found`.
    NotFound,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    /// The question is not well-formed.
    pub fn bad(message: impl Into<String>) -> Refusal {
        Refusal { code: RefusalCode::BadQuestion, message: message.into(), help: None }
    }

    /// The chronicle does not have what the question names.
    pub fn not_found(message: impl Into<String>, nearest: Option<&str>) -> Refusal {
        let help = nearest.map(|name| format!("did you mean `{name}`?"));
        Refusal { code: RefusalCode::NotFound, message: message.into(), help }
    }

    /// The same with a help.
    pub fn help(mut self, help: impl Into<String>) -> Refusal {
        self.help = Some(help.into());
        self
    }
}
