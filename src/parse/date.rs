//! Dates as they stand in a document, and when an event was by them. Knows nothing of EDTF itself.

use std::borrow::Cow;

use super::reading::Reading;
use super::tree::{self, Node, Shape, Style};
use crate::model::date::{Date, DateError, Reckoned};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::{Ending, When};
use crate::model::moment::Moment;
use crate::model::text::{Located, Place};

impl<'a> Reading<'a> {
    /// The words of a date: a scalar as written, or what YAML takes for a list and is a date (1-format, Dates).
    /// Where it is neither, it gives the node back.
    pub fn date_words(&self, node: Node<'a>) -> Result<Located<Cow<'a, str>>, Node<'a>> {
        let source = self.words(node.place);
        match node.shape {
            Shape::Scalar(text, style) if style == Style::Quoted || !tree::is_null(&text) => {
                Ok(Located::new(text, node.place))
            }
            Shape::List(_) | Shape::Map(_) if source.starts_with(['[', '{']) => {
                Ok(Located::new(closed_up(source), node.place))
            }
            shape => Err(Node { shape, place: node.place }),
        }
    }

    /// A date of any kind.
    pub fn date(&mut self, what: &str, node: Node<'a>) -> Option<Located<Date>> {
        match self.date_words(node) {
            Ok(words) => match Date::parse(&words.value) {
                Ok(date) => Some(Located::new(date, words.place)),
                Err(error) => {
                    let fault = self.bad_date(&words.value, words.place, error);
                    self.say(fault);
                    None
                }
            },
            Err(node) => {
                self.wrong(what, "a date", &node);
                None
            }
        }
    }

    /// A date at which something happened once, so that `{…}` is refused.
    pub fn one_date(&mut self, what: &str, node: Node<'a>) -> Option<Located<Date>> {
        let date = self.date(what, node)?;
        if date.value.is_all_of() {
            let message = format!("`{}` is all of a set, and an event happens once", date.value.text());
            let fault = Diagnostic::new(Code::BadDate, date.place, message);
            self.say(fault.help("write `[…]` for one of them, or an event for each"));
            return None;
        }
        Some(date)
    }

    /// The moments of a date in the chronicle's calendar.
    pub fn reckon(&mut self, date: &Located<Date>) -> Option<Reckoned> {
        match date.value.reckon(&self.manifest.calendar) {
            Ok(reckoned) => Some(reckoned),
            Err(error) => {
                let fault = self.bad_date(date.value.text(), date.place, error);
                self.say(fault);
                None
            }
        }
    }

    /// The fault of a date, at the characters that are wrong.
    pub fn bad_date(&self, text: &str, place: Place, error: DateError) -> Diagnostic {
        let place = self.narrowed(place, text, error.at);
        let fault = Diagnostic::new(Code::BadDate, place, error.message);
        match error.help {
            Some(help) => fault.help(help),
            None => fault,
        }
    }

    /// When an event was, by its `date`, `until` and `known`.
    pub fn when(
        &mut self,
        date: &Located<Date>,
        until: Option<&Located<Date>>,
        known: Option<&Located<Date>>,
    ) -> Option<When> {
        let reckoned = self.reckon(date);
        let until = until.map(|until| self.end(date, reckoned.as_ref(), until));
        let known = known.map(|known| self.reckon(known));
        let reckoned = reckoned?;
        let ending = match (until, reckoned.end) {
            (Some(until), _) => Some(Ending::of_until(&until?)),
            (None, end) => end.map(Ending::of_interval),
        };
        let known = match known {
            Some(known) => known?.start.end,
            None => reckoned.start.end,
        };
        Some(When { written: reckoned.written, start: reckoned.start, ending, known })
    }

    /// Checks `until` against `date`: an event has one end, and that is not before its start.
    fn end(&mut self, date: &Located<Date>, reckoned: Option<&Reckoned>, until: &Located<Date>) -> Option<Reckoned> {
        let text = until.value.text();
        if date.value.is_interval() {
            let fault = Diagnostic::new(Code::BadEnd, until.place, "the event has two ends");
            self.say(
                fault
                    .note(format!("`{}` has an end of its own", date.value.text()), Some(date.place))
                    .help(format!("write `date: {}`, or leave `until` out", date.value.start_text())),
            );
            return None;
        }
        if until.value.is_interval() {
            let fault = Diagnostic::new(
                Code::BadEnd,
                until.place,
                format!("`{text}` is an interval, and an end is one moment"),
            );
            let end = until.value.end_text().unwrap_or("");
            let within = format!("[{}..{end}]", until.value.start_text().trim_matches('.'));
            self.say(fault.help(format!("write `{within}` for a moment somewhere in it")));
            return None;
        }
        let end = self.reckon(until)?;
        let earliest = reckoned.map_or(Moment::PAST, |reckoned| reckoned.start.start);
        if end.start.end <= earliest && earliest != Moment::PAST {
            let message = format!("the end `{text}` is not after the date `{}`", date.value.text());
            let fault = Diagnostic::new(Code::BadEnd, until.place, message);
            self.say(fault.note("the event begins here", Some(date.place)).help("write an `until` after the `date`"));
            return None;
        }
        Some(end)
    }
}

/// A flow collection as the one word it looks like: line breaks are blanks, and none stand beside the brackets.
pub(super) fn closed_up(source: &str) -> Cow<'_, str> {
    if !source.contains(char::is_whitespace) {
        return Cow::Borrowed(source);
    }
    let mut words = source.split_whitespace().collect::<Vec<_>>().join(" ");
    for (loose, tight) in [("[ ", "["), ("{ ", "{"), (" ]", "]"), (" }", "}"), (" ,", ",")] {
        words = words.replace(loose, tight);
    }
    Cow::Owned(words)
}
