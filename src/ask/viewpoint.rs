//! Looks a viewpoint's words up in a timeline: dates, events, voices and filters become moments and tables.
//! Knows nothing of what is asked from there.

use std::collections::BTreeSet;

use super::filter::Filter;
use super::{At, Refusal, Seen, Selectors};
use crate::history::{Chosen, EventNumber, View};
use crate::model::date::{Date, End};
use crate::model::diagnostic::nearest;
use crate::model::moment::Moment;
use crate::model::path::{Path, PathError, Pattern, normal};
use crate::timeline::Timeline;

/// A viewpoint that was looked up, with the words for it.
#[derive(Clone, Debug)]
pub(super) struct Looked<'t> {
    pub(super) view: View<'t>,
    pub(super) seen: Seen,
}

/// Looks selectors up. `with` is whether the events that `--with` added take part.
pub(super) fn look<'t>(timeline: &'t Timeline, select: &Selectors, with: bool) -> Result<Looked<'t>, Refusal> {
    let history = timeline.history();
    let counting = history.counting(choose(timeline, select, with)?);
    let voice = match &select.according_to {
        None => None,
        Some(name) => Some(history.voice(&normal(name)).ok_or_else(|| {
            Refusal::not_found(
                format!("no voice is called `{name}`"),
                nearest(name, history.voices().iter().map(String::as_str)),
            )
        })?),
    };
    // Without a finite moment nothing has ever happened for certain, but what always was so.
    let last = history.last_moment(&counting).unwrap_or(Moment::PAST);
    let view = history.view(last, counting, voice);
    let (at, view) = match &select.at {
        None => (At::Last, view),
        Some(text) => stand(timeline, view, text)?,
    };
    let seen = Seen {
        at,
        moment: view.moment(),
        known_by: select.known_by.as_deref().map(read_date).transpose()?,
        according_to: select.according_to.clone(),
        only: select.only.clone(),
        without: select.without.clone(),
        with: if with { with_names(timeline) } else { Vec::new() },
    };
    Ok(Looked { view, seen })
}

/// The names of the texts that came by `--with`.
pub(super) fn with_names(timeline: &Timeline) -> Vec<String> {
    let texts = timeline.texts();
    texts.files[texts.own..].iter().map(|text| text.name.clone()).collect()
}

/// Whether a word names a moment: a date, an event, or an event with `^`.
pub(super) fn is_moment(timeline: &Timeline, word: &str) -> bool {
    Date::parse(word).is_ok() || event_of(timeline, word).is_some()
}

/// The event that a word names, and whether the moment is just after it.
fn event_of(timeline: &Timeline, word: &str) -> Option<(EventNumber, bool)> {
    let exact = timeline.event_number(word).map(|event| (event, true));
    exact.or_else(|| Some((timeline.event_number(word.strip_suffix('^')?)?, false)))
}

/// What the selectors choose (2-replay, What counts in a viewpoint). What came by `--with` takes part whatever the filters
/// say, or not at all.
pub(super) fn choose(timeline: &Timeline, select: &Selectors, with: bool) -> Result<Chosen, Refusal> {
    let read = |texts: &[String]| -> Result<Vec<Filter>, Refusal> {
        texts.iter().map(|text| Filter::parse(text, timeline)).collect()
    };
    let only = read(&select.only)?;
    let (silencing, without): (Vec<Filter>, Vec<Filter>) =
        read(&select.without)?.into_iter().partition(Filter::is_of_voices);
    let (history, own) = (timeline.history(), timeline.texts().own);
    let added = timeline.texts().files.len() > own;
    let is_added = |event: EventNumber| history.file(event).0 as usize >= own;
    let table = |passes: &dyn Fn(EventNumber) -> bool| -> Vec<bool> {
        let numbers = 0..history.len() as u32;
        numbers.map(|number| if is_added(number) { with } else { passes(number) }).collect()
    };
    let gone: BTreeSet<&str> = without.iter().flat_map(Filter::sources).collect();
    let leaves_out = |event| without.iter().any(|filter| filter.leaves_out(history, event, &gone));
    let silenced: BTreeSet<u32> = silencing.iter().flat_map(Filter::voices).collect();
    let silent = || (0..history.voices().len() as u32).map(|voice| silenced.contains(&voice)).collect();
    let is_wanted = |event| only.iter().all(|filter| filter.matches(history, event));
    Ok(Chosen {
        wanted: (!only.is_empty()).then(|| table(&is_wanted)),
        kept: (!without.is_empty() || (added && !with)).then(|| table(&|event| !leaves_out(event))),
        silent: (!silencing.is_empty()).then(silent),
        known_by: select.known_by.as_deref().map(|text| end_of(timeline, text)).transpose()?.flatten(),
    })
}

/// The sources that `--without` leaves out: what is from them alone falls, and what has another stands on that.
pub(super) fn sources_left_out(timeline: &Timeline, select: &Selectors) -> Result<BTreeSet<String>, Refusal> {
    let mut gone = BTreeSet::new();
    for text in &select.without {
        gone.extend(Filter::parse(text, timeline)?.sources().map(str::to_owned));
    }
    Ok(gone)
}

/// Moves a viewpoint to the moment that a text names.
fn stand<'t>(timeline: &'t Timeline, view: View<'t>, text: &str) -> Result<(At, View<'t>), Refusal> {
    let unread = match Date::parse(text) {
        Ok(date) => {
            // An open end is as if left out.
            return Ok(match end_of_date(timeline, &date)? {
                Some(moment) => (At::EndOf(date), view.at_moment(moment)),
                None => (At::Last, view),
            });
        }
        Err(unread) => unread,
    };
    let Some((event, after)) = event_of(timeline, text) else {
        let refusal = Refusal::not_found(format!("`{text}` is no date and no event"), nearest(text, timeline.ids()));
        return Err(match refusal.help {
            None if looks_like_date(text) => refusal.help(said(&unread)),
            _ => refusal,
        });
    };
    let id = timeline.history().id(event).to_owned();
    if !view.counts(event) {
        let mut corrections = timeline.history().replaced_by(event).filter(|by| view.stands(*by));
        let refusal = Refusal::bad(format!("`{id}` does not count in this viewpoint, so it is no moment in it"));
        return Err(match corrections.next().map(|by| timeline.history().id(by)) {
            Some(by) => refusal.help(format!("it is replaced by `{by}`")),
            None => refusal,
        });
    }
    Ok((if after { At::After(id) } else { At::Before(id) }, view.at_event(event, after)))
}

/// Whether a word that names nothing was likely meant as a date.
fn looks_like_date(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit() || "-[{YX.".contains(c))
}

/// A fault of a date with its help, in one line.
fn said(fault: &crate::model::date::DateError) -> String {
    match &fault.help {
        Some(help) => format!("as a date: {}; {help}", fault.message),
        None => format!("as a date: {}", fault.message),
    }
}

/// The end of the span of a date of a question; nothing where it is open.
fn end_of(timeline: &Timeline, text: &str) -> Result<Option<Moment>, Refusal> {
    end_of_date(timeline, &read_date(text)?)
}

/// Reads a date of a question.
pub(super) fn read_date(text: &str) -> Result<Date, Refusal> {
    Date::parse(text).map_err(|fault| {
        let refusal = Refusal::bad(format!("`{text}` is no date: {}", fault.message));
        Refusal { help: fault.help, ..refusal }
    })
}

/// The end of a date's span, of an interval its end's (2-replay, The moment asked for).
fn end_of_date(timeline: &Timeline, date: &Date) -> Result<Option<Moment>, Refusal> {
    if date.is_all_of() {
        return Err(Refusal::bad(format!("`{date}` is several dates, and a moment is one")));
    }
    let reckoned = date
        .reckon(&timeline.manifest().calendar)
        .map_err(|fault| Refusal::bad(format!("`{date}` cannot be reckoned: {}", fault.message)))?;
    let end = match reckoned.end {
        None => reckoned.start.end,
        Some(End::At { span, .. }) => span.end,
        Some(End::Never | End::Unknown) => Moment::FUTURE,
    };
    Ok(end.is_finite().then_some(end))
}

/// The span of a date of a question as written.
pub(super) fn written_span(timeline: &Timeline, text: &str) -> Result<crate::model::moment::Span, Refusal> {
    let date = read_date(text)?;
    let reckoned = date.reckon(&timeline.manifest().calendar);
    reckoned.map(|reckoned| reckoned.written).map_err(|fault| Refusal::bad(fault.message))
}

/// The paths that any of the globs matches, in order; no globs: all.
pub(super) fn paths_of(timeline: &Timeline, globs: &[String]) -> Result<Vec<u32>, Refusal> {
    let history = timeline.history();
    if globs.is_empty() {
        return Ok((0..history.paths().len() as u32).collect());
    }
    let mut chosen = Vec::new();
    for glob in globs {
        let pattern = read_glob(glob, timeline).map_err(|refusal| or_event(timeline, glob, refusal))?;
        chosen.extend(history.matching(&pattern));
    }
    chosen.sort_unstable();
    chosen.dedup();
    Ok(chosen)
}

/// Where no path is near to a word, an event may be.
fn or_event(timeline: &Timeline, word: &str, refusal: Refusal) -> Refusal {
    let near = nearest(word, timeline.ids());
    match near.filter(|_| refusal.help.is_none()) {
        Some(event) => refusal.help(format!("did you mean the event `{event}`?")),
        None => refusal,
    }
}

/// Reads a GLOB that must match some path of the chronicle.
pub(super) fn read_glob(glob: &str, timeline: &Timeline) -> Result<Pattern, Refusal> {
    let pattern = Pattern::parse_glob(glob).map_err(|fault| match Date::parse(glob) {
        Err(unread) if looks_like_date(glob) => {
            Refusal::bad(format!("`{glob}` is no path and no date")).help(said(&unread))
        }
        _ => Refusal::bad(format!("`{glob}` is no glob: {}", fault.message)),
    })?;
    let history = timeline.history();
    if history.matching(&pattern).next().is_some() {
        return Ok(pattern);
    }
    let refusal = Refusal::not_found(format!("no path matches `{glob}`"), nearest_path(glob, history.paths()));
    Err(match (refusal.help.is_some(), Date::parse(glob)) {
        (false, Err(unread)) if looks_like_date(glob) => refusal.help(said(&unread)),
        _ => match glob.strip_suffix(".*").map(|above| format!("{above}.**")) {
            Some(all) if Pattern::parse(&all).is_ok_and(|all| history.matching(&all).next().is_some()) => {
                refusal.help(format!("`*` is one segment: `{all}` matches any number"))
            }
            _ => refusal,
        },
    })
}

/// The path, or the beginning of one, that is nearest to a mistaken one.
fn nearest_path<'t>(glob: &str, paths: impl Iterator<Item = &'t Path>) -> Option<&'t str> {
    let beginnings = paths.flat_map(|path| {
        let ends = path.segments().scan(0usize, |at, segment| {
            *at += segment.len() + 1;
            Some(*at - 1)
        });
        ends.map(|end| &path.as_str()[..end])
    });
    nearest(glob, beginnings)
}

/// The number of a path that some event names.
pub(super) fn find_path(timeline: &Timeline, text: &str) -> Result<u32, Refusal> {
    let history = timeline.history();
    let unread = |fault: PathError| with_path_below(timeline, text, Refusal::bad(fault.message));
    let path = Path::parse(text).map_err(unread)?;
    history.find(&path).ok_or_else(|| {
        let near = nearest_path(path.as_str(), history.paths());
        with_path_below(timeline, text, Refusal::not_found(format!("no event names the path `{path}`"), near))
    })
}

/// A refusal of a path with a path below it as help, if there is one.
fn with_path_below(timeline: &Timeline, text: &str, refusal: Refusal) -> Refusal {
    let pattern = Pattern::parse_glob(text).ok();
    let history = timeline.history();
    match pattern.and_then(|pattern| history.matching(&pattern).next().map(|path| history.path(path))) {
        Some(below) => refusal.help(format!("it has paths below it, such as `{below}`")),
        None => refusal,
    }
}
