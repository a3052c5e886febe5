//! The tables of a chronicle, defined once for every format that has tables: which columns there are, and what stands
//! in each for a row. One row after another is handed over and kept nowhere. Knows nothing of files.

use std::borrow::Cow;

use crate::ask::{ChangeRow, EventRow, FactRow, Rows, SourceRow};
use crate::model::moment::Moment;
use crate::model::path::is_slug;
use crate::model::text::Located;
use crate::model::value::Value;
use crate::render::json;
use crate::render::shape::Shape;

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    /// A text.
    Text,
    /// A list of texts; never missing.
    Texts,
    /// A whole number.
    Whole,
    /// The double that is nearest to a number.
    Number,
    /// `true` or `false`.
    Truth,
    /// A moment in UTC, in microseconds since 1970.
    Moment,
}

/// A column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub sort: Sort,
    /// Whether it may be missing in a row.
    pub optional: bool,
}

/// A table.
#[derive(PartialEq, Eq, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns in order.
    pub columns: Cow<'static, [Column]>,
    /// The column by whose year a table is parted, where a format parts it.
    pub parted_by: Option<usize>,
}

/// What stands in one column of one row.
#[derive(Clone, PartialEq, Debug)]
pub enum Cell<'a> {
    /// It is missing.
    Nothing,
    /// Of [`Sort::Text`].
    Text(Cow<'a, str>),
    /// Of [`Sort::Texts`].
    Texts(Vec<Cow<'a, str>>),
    /// Of [`Sort::Whole`], and of [`Sort::Moment`] the microseconds.
    Whole(i64),
    /// Of [`Sort::Number`].
    Number(f64),
    /// Of [`Sort::Truth`].
    Truth(bool),
}

pub(super) const fn must(name: &'static str, sort: Sort) -> Column {
    Column { name, sort, optional: false }
}

pub(super) const fn may(name: &'static str, sort: Sort) -> Column {
    Column { name, sort, optional: true }
}

/// What held, from when to when, as known from when to when.
pub static FACTS: Table = Table {
    name: "facts",
    parted_by: Some(9),
    columns: Cow::Borrowed(&[
        must("path", Sort::Text),
        may("value", Sort::Text),
        may("type", Sort::Text),
        may("number", Sort::Number),
        may("low", Sort::Number),
        may("best", Sort::Number),
        may("high", Sort::Number),
        must("standing", Sort::Text),
        may("voice", Sort::Text),
        must("valid_from", Sort::Moment),
        may("valid_to", Sort::Moment),
        must("known_from", Sort::Moment),
        may("known_to", Sort::Moment),
        must("certain", Sort::Truth),
        may("event", Sort::Text),
        may("seq", Sort::Whole),
        may("since", Sort::Text),
    ]),
};

/// What events do to paths.
pub static CHANGES: Table = Table {
    name: "changes",
    parted_by: Some(8),
    columns: Cow::Borrowed(&[
        must("path", Sort::Text),
        must("change", Sort::Text),
        may("value", Sort::Text),
        may("type", Sort::Text),
        may("voice", Sort::Text),
        must("during", Sort::Truth),
        must("by_pattern", Sort::Truth),
        must("event", Sort::Text),
        must("valid_from", Sort::Moment),
        may("valid_to", Sort::Moment),
        must("known_from", Sort::Moment),
        must("seq", Sort::Whole),
    ]),
};

/// The events in replay order.
pub static EVENTS: Table = Table {
    name: "events",
    parted_by: Some(5),
    columns: Cow::Borrowed(&[
        must("id", Sort::Text),
        must("seq", Sort::Whole),
        must("date", Sort::Text),
        may("earliest", Sort::Moment),
        may("latest", Sort::Moment),
        must("certain_from", Sort::Moment),
        may("until", Sort::Text),
        may("known", Sort::Text),
        must("known_from", Sort::Moment),
        must("title", Sort::Text),
        may("summary", Sort::Text),
        may("kind", Sort::Text),
        may("place", Sort::Text),
        must("actors", Sort::Texts),
        must("tags", Sort::Texts),
        must("sources", Sort::Texts),
        must("because", Sort::Texts),
        must("after", Sort::Texts),
        must("replaces", Sort::Texts),
        may("confidence", Sort::Text),
        must("file", Sort::Text),
        must("line", Sort::Whole),
    ]),
};

/// Who is heard according to a voice, and how soon: the voice and all parts of it first, then what it is part of.
pub static VOICES: Table = Table {
    name: "voices",
    parted_by: None,
    columns: Cow::Borrowed(&[must("voice", Sort::Text), must("heard", Sort::Text), must("rank", Sort::Whole)]),
};

/// The microseconds of 0001-01-01T00:00:00Z and of the last moment of 9999: what every engine's timestamps reach.
pub const FIRST: i64 = -62_135_596_800_000_000;
/// See [`FIRST`].
pub const LAST: i64 = 253_402_300_799_999_999;

/// A row, in the order of its table's columns.
pub type Row<'a> = Vec<Cell<'a>>;

/// Hands over every fact, change, event and voice, table by table. Errors: those of `take`.
pub fn each_row<E>(rows: Rows<'_>, mut take: impl FnMut(&'static Table, Row<'_>) -> Result<(), E>) -> Result<(), E> {
    rows.each_fact(|row| fact(row).map_or(Ok(()), |row| take(&FACTS, row)))?;
    rows.changes().try_for_each(|row| take(&CHANGES, change(&row)))?;
    rows.each_event(|seq, row| take(&EVENTS, event(seq.into(), row)))?;
    rows.heard().try_for_each(|(voice, heard, rank)| take(&VOICES, vec![text(voice), text(heard), Cell::Whole(rank)]))
}

/// A fact as a row; nothing where it never holds in the years that timestamps reach.
fn fact<'a>(row: &'a FactRow<'_>) -> Option<Row<'a>> {
    let from = micros(row.valid_from);
    let to = row.valid_to.map(micros).filter(|to| *to <= LAST);
    let (known_from, known_to) = (micros(row.known_from).min(LAST), row.known_to.map(|to| micros(to).min(LAST)));
    if from > LAST || to.is_some_and(|to| to <= from) || known_to.is_some_and(|to| to <= known_from) {
        return None;
    }
    let [value, sort, number, low, best, high] = values(row.value.as_deref());
    Some(vec![
        text(row.path.as_str()),
        value,
        sort,
        number,
        low,
        best,
        high,
        Cell::Text(row.standing.name().into()),
        maybe(row.voice),
        Cell::Whole(from),
        to.map_or(Cell::Nothing, Cell::Whole),
        Cell::Whole(known_from),
        known_to.map_or(Cell::Nothing, Cell::Whole),
        Cell::Truth(row.certain),
        maybe(row.event.map(|(event, _)| event)),
        row.event.map_or(Cell::Nothing, |(_, seq)| Cell::Whole(seq.into())),
        maybe(row.since),
    ])
}

fn change<'a>(row: &'a ChangeRow<'_>) -> Row<'a> {
    let [value, sort, ..] = values(row.value.as_ref());
    vec![
        text(row.path.as_str()),
        text(row.change),
        value,
        sort,
        maybe(row.voice),
        Cell::Truth(row.is_during),
        Cell::Truth(row.by_pattern),
        text(row.event.0),
        Cell::Whole(micros(row.valid_from).min(LAST)),
        row.valid_to.map_or(Cell::Nothing, |to| Cell::Whole(micros(to).min(LAST))),
        Cell::Whole(micros(row.known_from).min(LAST)),
        Cell::Whole(row.event.1.into()),
    ]
}

fn event<'a>(seq: i64, row: &'a EventRow<'_>) -> Row<'a> {
    let event = row.event;
    let word = |word: &'a Option<Located<String>>| maybe(word.as_ref().map(|word| word.value.as_str()));
    let words = |words: &'a [Located<String>]| Cell::Texts(words.iter().map(|word| (&word.value).into()).collect());
    let moment =
        |moment: Moment| if moment.is_finite() { Cell::Whole(micros(moment).min(LAST)) } else { Cell::Nothing };
    vec![
        text(&event.id),
        Cell::Whole(seq),
        text(event.date.value.text()),
        moment(event.when.written.start),
        moment(event.when.written.end),
        Cell::Whole(micros(event.when.start.end).min(LAST)),
        maybe(event.until.as_ref().map(|date| date.value.text())),
        maybe(event.known.as_ref().map(|date| date.value.text())),
        Cell::Whole(micros(event.when.known).min(LAST)),
        text(&event.title.value),
        word(&event.summary),
        word(&event.kind),
        word(&event.at),
        words(&event.actors),
        words(&event.tags),
        Cell::Texts(row.sources.iter().map(key).collect()),
        words(&event.because),
        words(&event.after),
        words(&event.replaces),
        maybe(event.confidence.as_ref().map(|confidence| confidence.value.name())),
        text(row.file),
        Cell::Whole(row.line as i64),
    ]
}

/// What is the same for the same source (1-format, An event), and for no other: its id, else its url, else publisher, title
/// and date. An id is a slug, a url has no blank and is none, the rest has `, ` in it; whatever is not so, or would look like
/// JSON, is JSON.
pub(super) fn key<'a>(cited: &SourceRow<'a>) -> Cow<'a, str> {
    let source = cited.described();
    let is_json = |word: &str| word.starts_with(['{', '[']);
    match (cited.id(), source.and_then(|source| source.url.as_deref())) {
        (Some(id), _) => return id.into(),
        (None, Some(url)) if is_slug(url) || is_json(url) || url.contains(char::is_whitespace) => {
            return Shape::map([("url", url.into())]).to_json().into();
        }
        (None, Some(url)) => return url.into(),
        (None, None) => {}
    }
    let date = source.and_then(|source| source.date.as_ref()).map(|date| date.value.text());
    let publisher = source.and_then(|source| source.publisher.as_deref());
    let title = source.and_then(|source| source.title.as_deref());
    let parts = [publisher, title, date];
    let is_apart = |part: &str| !part.contains(", ") && !part.ends_with(',');
    let is_plain = publisher.is_some_and(|word| is_apart(word) && !is_json(word)) && title.is_some_and(is_apart);
    match is_plain {
        true => parts.into_iter().flatten().collect::<Vec<_>>().join(", ").into(),
        false => Shape::list(parts).to_json().into(),
    }
}

fn values(value: Option<&Value>) -> [Cell<'static>; 6] {
    shaped(&value.map_or(Shape::Null, json::value))
}

/// A value as text, exact: of a set or an estimate as JSON; its sort; and what of it is a number, as doubles.
pub(super) fn shaped(value: &Shape) -> [Cell<'static>; 6] {
    let number = |shape: Option<&Shape>| match shape {
        Some(Shape::Number(digits)) => digits.parse().map_or(Cell::Nothing, Cell::Number),
        _ => Cell::Nothing,
    };
    let (sort, written) = match value {
        Shape::Null => return [const { Cell::Nothing }; 6],
        Shape::Truth(truth) => ("truth", truth.to_string()),
        Shape::Number(digits) => ("number", digits.clone()),
        Shape::Text(text) => ("text", text.to_string()),
        Shape::Map(_) => ("estimate", value.to_json()),
        // It is nothing else.
        set => ("set", set.to_json()),
    };
    let part = |name: &str| number(value.get(name));
    [Cell::Text(written.into()), text(sort), number(Some(value)), part("low"), part("best"), part("high")]
}

pub(super) fn text(text: &str) -> Cell<'_> {
    Cell::Text(text.into())
}

pub(super) fn maybe(some: Option<&str>) -> Cell<'_> {
    some.map_or(Cell::Nothing, text)
}

/// The first whole microsecond since 1970 that is not before a moment: of all whole microseconds the same ones come at
/// or after it. What is before the year 1 counts as its first moment; what is after 9999 is more than [`LAST`].
pub fn micros(moment: Moment) -> i64 {
    let whole = i128::from(moment.seconds()) * 1_000_000 + i128::from(moment.nanos().div_ceil(1000));
    whole.clamp(FIRST.into(), i128::from(LAST) + 1).try_into().unwrap_or(LAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_rounded_up_and_kept_within_the_years_1_to_9999() {
        assert_eq!(micros(Moment::new(0, 0)), 0);
        assert_eq!(micros(Moment::new(0, 1)), 1);
        assert_eq!(micros(Moment::new(0, 1000)), 1);
        assert_eq!(micros(Moment::new(-1, 999_999_001)), 0);
        assert_eq!(micros(Moment::PAST), FIRST);
        assert_eq!(micros(Moment::FUTURE), LAST + 1);
        assert_eq!(micros(Moment::new(253_402_300_799, 999_999_000)), LAST);
    }
}
