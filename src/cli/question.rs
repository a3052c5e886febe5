//! From a command to the question that it asks. The word `today` is resolved here; nothing else is looked up.

use std::path::PathBuf;

use super::args::{Asking, View};
use super::clock::dated;
use crate::ask::{Asks, Question, Selectors};

/// What is asked.
pub fn of(asking: &Asking, today: &str) -> Question {
    let date = |text: &Option<String>| text.as_deref().map(|text| dated(text, today));
    let words = |words: &[String], dates: usize| -> Vec<String> {
        let resolved = |(at, word): (usize, &String)| if at < dates { dated(word, today) } else { word.clone() };
        words.iter().enumerate().map(resolved).collect()
    };
    let asks = match asking {
        Asking::Replay { words: given, .. } => Asks::Replay { words: words(given, 1) },
        Asking::List { filters, since, until, reverse, limit, .. } => Asks::List {
            filters: filters.clone(),
            since: date(since),
            until: date(until),
            reverse: *reverse,
            limit: *limit,
        },
        Asking::Diff { words: given, versus, steps, .. } => {
            let versus = versus.as_ref().map(|versus| match versus.strip_prefix("known-by:") {
                Some(date) => format!("known-by:{}", dated(date, today)),
                None => versus.clone(),
            });
            Asks::Diff { words: words(given, 2), versus, steps: *steps }
        }
        Asking::Why { path, .. } => Asks::Why { path: path.clone() },
        Asking::History { path, member, .. } => Asks::History { path: path.clone(), member: member.clone() },
        Asking::Show { events, .. } => Asks::Show { events: events.clone() },
        Asking::Trace { event, depth, .. } => Asks::Trace { event: event.clone(), depth: Some(*depth) },
        Asking::Context { line, long, .. } => Asks::Context { line: line.clone(), all: *long },
        Asking::Stats { .. } => Asks::Stats,
        Asking::Expect { paths, .. } => Asks::Expect { paths: paths.clone() },
        Asking::Hinges { paths, source, .. } => Asks::Hinges { paths: paths.clone(), source: source.clone() },
        Asking::Check { rules, strict } => Asks::Check { rules: rules.clone(), strict: *strict },
    };
    let mut select = view(asking).map_or_else(Selectors::default, View::selectors);
    select.at = date(&select.at);
    select.known_by = date(&select.known_by);
    Question { select, asks }
}

/// The files of `--with`.
pub fn with(asking: &Asking) -> &[PathBuf] {
    view(asking).map_or(&[], |view| &view.with)
}

/// Whether `-l` is given.
pub fn is_long(asking: &Asking) -> bool {
    match asking {
        Asking::Replay { long, .. }
        | Asking::List { long, .. }
        | Asking::Trace { long, .. }
        | Asking::Context { long, .. }
        | Asking::Hinges { long, .. }
        | Asking::Stats { long, .. } => *long,
        Asking::Diff { .. }
        | Asking::Why { .. }
        | Asking::History { .. }
        | Asking::Show { .. }
        | Asking::Expect { .. }
        | Asking::Check { .. } => false,
    }
}

fn view(asking: &Asking) -> Option<&View> {
    match asking {
        Asking::Replay { view, .. }
        | Asking::List { view, .. }
        | Asking::Diff { view, .. }
        | Asking::Why { view, .. }
        | Asking::History { view, .. }
        | Asking::Show { view, .. }
        | Asking::Hinges { view, .. }
        | Asking::Trace { view, .. }
        | Asking::Context { view, .. }
        | Asking::Stats { view, .. }
        | Asking::Expect { view, .. } => Some(view),
        Asking::Check { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::args;
    use super::*;

    fn asked(line: &str) -> Question {
        let arguments = args::read(line.split(' ').map(Into::into)).ok().unwrap();
        of(arguments.command.asks().unwrap(), "2025-05-14")
    }

    fn texts(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn words_become_questions() {
        let question = asked("asof replay 2025 talks.* --known-by today --only tag:x --only kind:y --without a,b");
        assert_eq!(question.asks, Asks::Replay { words: texts(&["2025", "talks.*"]) });
        assert_eq!(question.select.known_by.as_deref(), Some("2025-05-14"));
        assert_eq!(question.select.only, texts(&["tag:x", "kind:y"]));
        assert_eq!(question.select.without, texts(&["a,b"]));
        let list = asked("asof list tag:x --since -0043 --until today -n 3 --reverse");
        let expected = Asks::List {
            filters: texts(&["tag:x"]),
            since: Some("-0043".into()),
            until: Some("2025-05-14".into()),
            reverse: true,
            limit: Some(3),
        };
        assert_eq!(list.asks, expected);
    }

    #[test]
    fn today_is_resolved_where_a_date_stands() {
        let diff = asked("asof diff 2022 today today.x --versus known-by:today --steps");
        let words = texts(&["2022", "2025-05-14", "today.x"]);
        assert_eq!(diff.asks, Asks::Diff { words, versus: Some("known-by:2025-05-14".into()), steps: true });
        assert_eq!(asked("asof why a.today --at today").select.at.as_deref(), Some("2025-05-14"));
    }
}
