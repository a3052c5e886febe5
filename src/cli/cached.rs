//! Loading through the cache, and `asof cache`, which says what there is of it.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};

use super::args::{Asking, CacheCommand, Command, Every};
use super::output::Output;
use super::progress::Progress;
use super::surroundings::{cache_folder, find, here, names_in};
use super::{Verdict, about_chronicle, hint, question};
use crate::ask;
use crate::cache::{self, Cache, State, unless_stale};
use crate::disk::Listing;
use crate::render::escape::visible;
use crate::render::shape::Shape;
use crate::render::{Format, render_shape};
use crate::timeline::Timeline;

/// The rules look at every event whole, which for many costs more than the answer: nobody is told then how many faults
/// there are beyond so many events.
const COUNTED: usize = 100_000;
/// The same where no cache remembers how many there are.
const COUNTED_EACH_TIME: usize = 1_000;

/// Loads the chronicle of a folder, asks it and prints the answer: from the cache where that is fresh, else from the
/// files, of which the cache then gets an index.
pub fn answer(folder: &Path, here: &Path, command: &Command, every: &Every, output: &Output) -> Result<Verdict> {
    let with = command.asks().map_or(&[][..], question::with);
    let named = |file: &str| names_in(folder, file, here);
    let about = |timeline: &Timeline| about_chronicle(timeline, command, &named, every, output);
    let is_told =
        |verdict: Verdict| verdict != Verdict::Unanswered && !matches!(command.asks(), Some(Asking::Check { .. }));
    let mut listing = Arc::new(Listing::of(folder)?);
    // What is supposed to have happened, too, is no part of the chronicle, and is seldom asked twice.
    let wanted = !every.no_cache && with.is_empty();
    let kept = cache_folder().filter(|_| wanted);
    if let Some(cache) = kept.as_deref().map(|kept| Cache::new(kept, &listing))
        && let Some(opened) = cache.open()
    {
        // Nothing is taken apart at the end: that would cost a tenth of a cold answer, and more of a warm one.
        let opened = Box::leak(Box::new(opened));
        match unless_stale(|| about(&opened.timeline)) {
            Ok(verdict) => {
                cache.renew(opened);
                if let (Ok(answered), Some(counts)) = (&verdict, opened.timeline.counts())
                    && is_told(*answered)
                {
                    hint(counts);
                }
                return verdict;
            }
            // Nothing was printed yet. The files may have changed, so they are looked for again.
            Err(_) => {
                let _ = cache.clear();
                listing = Arc::new(Listing::of(folder)?);
            }
        }
    }
    let progress = Progress::new("reading", 2 * listing.len());
    let (texts, faults) = listing.read(with, &|| progress.step())?;
    let timeline: &Timeline = Box::leak(Box::new(Timeline::load_and_tell(texts, faults, &|| progress.step())));
    drop(progress);
    let verdict = about(timeline)?;
    let most = if kept.is_some() { COUNTED } else { COUNTED_EACH_TIME };
    let is_wanted = is_told(verdict) || kept.is_some();
    let counts = (is_wanted && timeline.history().len() <= most).then(|| ask::house_faults(timeline));
    if let Some(counts) = counts.filter(|_| is_told(verdict)) {
        hint(counts);
    }
    if let Some(kept) = kept {
        Cache::new(&kept, &listing).write(timeline, counts);
    }
    Ok(verdict)
}

/// `asof cache`: where it is, how large, for which chronicle and whether it is fresh; or removes it.
pub fn about(command: Option<&CacheCommand>, every: &Every, output: &Output) -> Result<Verdict> {
    let kept = cache_folder().context("no folder for a cache: neither XDG_CACHE_HOME nor HOME names one")?;
    if let Some(CacheCommand::Clear { all: true }) = command {
        let removed = cache::clear_all(&kept).with_context(|| format!("cannot clear {}", kept.display()))?;
        return removed_many(removed, output);
    }
    let folder = find(every, &here()?)?;
    let listing = Arc::new(Listing::of(&folder)?);
    let cache = Cache::new(&kept, &listing);
    if command.is_some() {
        let removed = cache.clear().with_context(|| format!("cannot remove {}", cache.file().display()))?;
        return removed_many(usize::from(removed), output);
    }
    let state = match cache.state() {
        State::Absent => "none",
        State::Changed => "changed since",
        State::Fresh => "fresh",
    };
    let (number, bytes) = cache::kept_in(&kept);
    let path = |path: &Path| Shape::Text(path.display().to_string().into());
    let row = Shape::map([
        ("chronicle", path(listing.root())),
        ("state", Shape::Text(state.into())),
        ("file", path(&cache.file())),
        ("bytes", cache.size().map_or(Shape::Null, |size| Shape::Number(size.to_string()))),
        ("all_files", number.into()),
        ("all_bytes", Shape::Number(bytes.to_string())),
    ]);
    print(row, output)
}

fn removed_many(removed: usize, output: &Output) -> Result<Verdict> {
    print(Shape::map([("removed", removed.into())]), output)
}

/// Prints one row: in text a line for each of its keys.
fn print(row: Shape<'_>, output: &Output) -> Result<Verdict> {
    let lines = || {
        let Shape::Map(keys) = &row else { return Vec::new() };
        let line = |value: &Shape<'_>| match value {
            Shape::Text(text) => visible(text).into_owned(),
            Shape::Number(digits) => digits.clone(),
            _ => "-".to_owned(),
        };
        keys.iter().map(|(key, value)| format!("{:11}{}", key.replace('_', " "), line(value))).collect::<Vec<_>>()
    };
    output.put(|to| match output.format {
        Format::Text | Format::Md => lines().iter().try_for_each(|line| writeln!(to, "{line}")),
        format => {
            let whole = Shape::map([("asof", 1usize.into()), ("cache", row.clone())]);
            let columns: Vec<&str> = match &row {
                Shape::Map(keys) => keys.iter().map(|(key, _)| key.as_ref()).collect(),
                _ => Vec::new(),
            };
            render_shape(&whole, std::slice::from_ref(&row), &columns, format, &output.how, to)
        }
    })?;
    Ok(Verdict::Yes)
}
