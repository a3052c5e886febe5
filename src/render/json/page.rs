//! The shape of the page's data (`GET /api/chronicle`, and inlined by `asof export html`): everything that a fold in
//! the browser needs. What is not there is left out, for there is much of it.
//!
//! Events name each other, and their paths, by number: of the list they stand in. A moment is the number of seconds
//! since 1970-01-01T00:00:00Z; with a fraction it is their decimal text, and `-` and `+` are the infinite ones. A number
//! of a path is its decimal text under `number`, and the parts of an estimate are such texts: no digit is lost.

use std::borrow::Cow;

use super::event::{free, source_keys};
use super::{Keys, diagnostics, key};
use crate::ask::{Page, PageEvent, PagePath, SourceRow};
use crate::model::date::Seasons;
use crate::model::event::{Change, Ending, Event, Target};
use crate::model::manifest::Entity;
use crate::model::moment::{Moment, Span};
use crate::model::text::Located;
use crate::model::value::{Scalar, Value};
use crate::render::shape::Shape;
use crate::render::words;

/// The data of the page.
pub fn chronicle<'a>(page: &'a Page<'a>) -> Shape<'a> {
    let calendar = &page.manifest.calendar;
    let number = |number: u32| Shape::Number(number.to_string());
    let circa = &calendar.circa;
    let circa = [("day", number(circa.day)), ("month", number(circa.month)), ("year", number(circa.year))];
    let seasons = if calendar.seasons == Seasons::Southern { "southern" } else { "northern" };
    let entities = page.manifest.entities.iter().flatten().map(|(id, one)| (id.as_str(), entity(one)));
    let shown = |name: &str| page.manifest.voices.as_ref()?.get(name)?.name.as_deref();
    let voices = page.voices.iter().map(|(name, whole)| {
        sparse([("voice", (*name).into()), ("name", shown(name).into()), ("part_of", (*whole).into())])
    });
    let sources = page.sources.iter().map(|(id, source)| (*id, sparse_keys(source_keys(*source))));
    Shape::map([
        ("asof", 1usize.into()),
        ("chronicle", page.chronicle.into()),
        ("timezone", calendar.zone.name().into()),
        ("seasons", seasons.into()),
        ("circa", Shape::map(circa)),
        ("left_out", page.left_out.into()),
        ("entities", Shape::map(entities)),
        ("voices", Shape::List(voices.collect())),
        ("sources", Shape::map(sources)),
        ("paths", Shape::List(page.paths.iter().map(path).collect())),
        ("events", Shape::List(page.events.iter().map(|one| event(one, &page.paths)).collect())),
        ("diagnostics", diagnostics(page.faults, page.texts)),
    ])
}

/// A mapping without what is nothing, `false`, or empty.
fn sparse<'a>(keys: impl IntoIterator<Item = (&'a str, Shape<'a>)>) -> Shape<'a> {
    sparse_keys(keys.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect())
}

fn sparse_keys(keys: Keys<'_>) -> Shape<'_> {
    let says = |shape: &Shape<'_>| match shape {
        Shape::Null | Shape::Truth(false) => false,
        Shape::List(items) => !items.is_empty(),
        Shape::Map(keys) => !keys.is_empty(),
        _ => true,
    };
    Shape::Map(keys.into_iter().filter(|(_, value)| says(value)).collect())
}

fn entity(entity: &Entity) -> Shape<'_> {
    let (name, kind) = (entity.name.as_deref().into(), entity.kind.as_deref().into());
    sparse([("name", name), ("kind", kind), ("also", Shape::list(&entity.also))])
}

fn path<'a>(path: &'a PagePath<'a>) -> Shape<'a> {
    sparse([("path", path.path.as_str().into()), ("label", path.label.into()), ("unit", path.unit.into())])
}

fn moment<'a>(moment: Moment) -> Shape<'a> {
    match (moment, moment.nanos()) {
        (Moment::PAST, _) => "-".into(),
        (Moment::FUTURE, _) => "+".into(),
        (_, 0) => Shape::Number(moment.seconds().to_string()),
        // The nanoseconds count forward from the second, also before 1970.
        (_, nanos) => format!("{}.{nanos:09}", moment.seconds()).into(),
    }
}

fn span<'a>(span: Span) -> Shape<'a> {
    Shape::List(vec![moment(span.start), moment(span.end)])
}

fn ending<'a>(ending: &Ending) -> Shape<'a> {
    let Ending { from, by, just_after } = *ending;
    sparse([("from", moment(from)), ("by", moment(by)), ("just_after", just_after.into())])
}

fn event<'a>(one: &'a PageEvent<'a>, paths: &[PagePath<'a>]) -> Shape<'a> {
    let event: &Event = one.row.event;
    let strings = |list: &'a [Located<String>]| Shape::list(list.iter().map(|word| &word.value));
    let string = |word: &'a Option<Located<String>>| word.as_ref().map(|word| &word.value).into();
    let numbers = |numbers: &[u32]| Shape::list(numbers.iter().map(|number| *number as usize));
    let (date, since) = (event.date.value.text(), event.start_text());
    let said = words::date(date);
    let day = words::day(since);
    let when = &event.when;
    let claim_sources = one.row.claim_sources.iter().map(|(voice, rows)| (*voice, sources(rows)));
    sparse([
        ("id", (&event.id).into()),
        ("date", date.into()),
        ("day", if day == said { Shape::Null } else { day.into() }),
        ("words", said.into()),
        ("since", if since == date { Shape::Null } else { since.into() }),
        ("end", one.end.into()),
        ("end_day", one.end.map(words::day).into()),
        ("written", if when.written == when.start { Shape::Null } else { span(when.written) }),
        ("span", span(when.start)),
        ("known_from", if when.known == when.start.end { Shape::Null } else { moment(when.known) }),
        ("ending", when.ending.as_ref().map(ending).into()),
        ("until", event.until.as_ref().map(|date| date.value.text()).into()),
        ("known", event.known.as_ref().map(|date| date.value.text()).into()),
        ("title", (&event.title.value).into()),
        ("summary", string(&event.summary)),
        ("kind", string(&event.kind)),
        ("place", string(&event.at)),
        ("actors", strings(&event.actors)),
        ("tags", strings(&event.tags)),
        ("because", numbers(&one.because)),
        ("after", numbers(&one.after)),
        ("replaces", numbers(&one.replaces)),
        ("sources", sources(&one.row.sources)),
        ("claim_sources", Shape::map(claim_sources)),
        ("confidence", event.confidence.as_ref().map(|confidence| confidence.value.name()).into()),
        ("changes", Shape::List(event.changes.iter().map(|one| change(one, paths)).collect())),
        ("meta", event.meta.as_ref().map(free).into()),
        ("file", one.row.file.into()),
        ("line", one.row.line.into()),
    ])
}

/// What is cited: by its id alone where it has one, else described.
fn sources<'a>(rows: &'a [SourceRow<'a>]) -> Shape<'a> {
    let one = |row: &'a SourceRow<'a>| {
        let mut keys = match row.id() {
            Some(id) => key("source", id),
            None => source_keys(row.source),
        };
        keys.extend(key("quote", row.citation.quote.as_deref()));
        keys.extend(key("page", row.citation.page.as_deref()));
        sparse_keys(keys)
    };
    Shape::List(rows.iter().map(one).collect())
}

fn change<'a>(change: &'a Change, paths: &[PagePath<'a>]) -> Shape<'a> {
    let target = match &change.target.value {
        Target::Path(path) => match paths.binary_search_by(|one| one.path.cmp(path)) {
            Ok(number) => ("path", number.into()),
            Err(_) => ("pattern", path.as_str().into()),
        },
        Target::Pattern(pattern) => ("pattern", pattern.as_str().into()),
    };
    let mut keys: Keys<'a> = vec![(Cow::Borrowed(target.0), target.1)];
    keys.extend(key("does", change.does.name()));
    // An empty set is something to say.
    keys.extend(change.does.value().map(|one| (Cow::Borrowed("value"), value(one))));
    keys.extend(change.voice.as_deref().map(|voice| (Cow::Borrowed("voice"), voice.into())));
    keys.extend(change.during.then(|| (Cow::Borrowed("during"), true.into())));
    Shape::Map(keys)
}

fn value(value: &Value) -> Shape<'_> {
    let scalar = |scalar: &'_ Scalar| -> Shape<'_> {
        match scalar {
            Scalar::Truth(truth) => (*truth).into(),
            Scalar::Number(number) => Shape::map([("number", number.to_string().into())]),
            Scalar::Text(text) => text.to_string().into(),
        }
    };
    match value {
        Value::Scalar(one) => scalar(one),
        Value::Set(members) => Shape::List(members.iter().map(scalar).collect()),
        Value::Estimate(estimate) => Shape::map(estimate.parts().map(|(name, part)| (name, part.to_string().into()))),
    }
}
