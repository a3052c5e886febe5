//! The shapes of `stats`: the counts by their names, and as rows, one a count.

use super::{Keys, key};
use crate::ask::{EventRow, Stats};
use crate::render::shape::Shape;
use crate::render::words;

/// The keys of the counts.
pub(super) fn keys<'a>(stats: &'a Stats<'a>) -> Keys<'a> {
    let end = |row: &'a EventRow<'a>| {
        Shape::map([("date", row.event.date.value.text().into()), ("event", (&row.event.id).into())])
    };
    let span = stats.span.as_ref().map(|(first, last)| Shape::map([("first", end(first)), ("last", end(last))]));
    let silence = stats.silence.as_ref().map(|silence| {
        let days = Shape::Number(silence.days.to_string());
        Shape::map([("days", days), ("after", end(&silence.after)), ("before", end(&silence.before))])
    });
    let mut keys = key("counts", super::counts(&stats.counts));
    keys.extend(key("counted", stats.events));
    keys.extend(key("span", span));
    let years = stats
        .years
        .iter()
        .map(|(year, events)| Shape::map([("year", Shape::Number(year.to_string())), ("events", (*events).into())]));
    keys.extend(key("years", Shape::List(years.collect())));
    let precision = stats.precision.iter().map(|(precision, events)| {
        Shape::map([("precision", precision.as_str().into()), ("events", (*events).into())])
    });
    keys.extend(key("precision", Shape::List(precision.collect())));
    keys.extend(key("approximate", stats.approximate));
    keys.extend(key("uncertain", stats.uncertain));
    keys.extend(key("longest_silence", silence));
    let values = words::value_counts(&stats.values).map(|(name, _, count)| (name, count.into()));
    keys.extend(key("values", Shape::map(values)));
    let sources = stats.sources.iter().map(|one| {
        let source = one.source.described();
        Shape::map([
            ("source", one.source.id().into()),
            ("title", source.and_then(|source| source.title.as_deref()).into()),
            ("publisher", source.and_then(|source| source.publisher.as_deref()).into()),
            ("date", source.and_then(|source| source.date.as_ref()).map(|date| date.value.text()).into()),
            ("url", source.and_then(|source| source.url.as_deref()).into()),
            ("events", one.events.into()),
            ("values", one.values.into()),
            ("alone", one.alone.into()),
        ])
    });
    keys.extend(key("sources", Shape::List(sources.collect())));
    let voices = stats.voices.iter().map(|one| {
        Shape::map([
            ("voice", one.voice.into()),
            ("claims", one.claims.into()),
            ("beside_record", one.beside_record.into()),
            ("differ", one.differ.into()),
        ])
    });
    keys.extend(key("voices", Shape::List(voices.collect())));
    keys
}

/// One row a count: of what (`year`, `precision`, `source` …), which one, what is counted, and how many.
pub(super) fn rows<'a>(stats: &'a Stats<'a>) -> Vec<Shape<'a>> {
    let row = |of: &'a str, name: String, counts: &'a str, number: usize| {
        Shape::map([("of", of.into()), ("name", name.into()), ("counts", counts.into()), ("number", number.into())])
    };
    let mut rows = vec![row("chronicle", String::new(), "events", stats.events)];
    rows.extend(stats.years.iter().map(|(year, events)| row("year", year.to_string(), "events", *events)));
    rows.extend(stats.precision.iter().map(|(name, events)| row("precision", name.to_string(), "events", *events)));
    rows.push(row("dates", "approximate".to_owned(), "events", stats.approximate));
    rows.push(row("dates", "uncertain".to_owned(), "events", stats.uncertain));
    if let Some(silence) = &stats.silence {
        let days = usize::try_from(silence.days).unwrap_or(usize::MAX);
        rows.push(row("silence", silence.after.event.id.clone(), "days", days));
    }
    let values = words::value_counts(&stats.values);
    rows.extend(values.map(|(name, _, number)| row("values", name.to_owned(), "values", number)));
    for one in &stats.sources {
        let name = words::source_name(&one.source);
        rows.push(row("source", name.clone(), "events", one.events));
        rows.push(row("source", name.clone(), "values", one.values));
        rows.push(row("source", name, "alone", one.alone));
    }
    for one in &stats.voices {
        rows.push(row("voice", one.voice.to_owned(), "claims", one.claims));
        rows.push(row("voice", one.voice.to_owned(), "beside_record", one.beside_record));
        rows.push(row("voice", one.voice.to_owned(), "differ", one.differ));
    }
    rows
}
