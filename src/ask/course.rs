//! `history`: the values of a path through time.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::replay::possible_by_path;
use super::viewpoint::{find_path, look};
use super::{Answer, Course, CourseRow, Found, Refusal, Selectors, answered, row};
use crate::history::Stretch;
use crate::model::diagnostic::nearest;
use crate::model::value::{Scalar, Value};
use crate::timeline::Timeline;

/// Answers `history PATH [MEMBER]`.
pub(super) fn answer<'t>(
    timeline: &'t Timeline,
    select: &Selectors,
    path: &str,
    member: Option<&str>,
) -> Result<Answer<'t>, Refusal> {
    let mut looked = look(timeline, select, true)?;
    if select.at.is_none() {
        // What has a last event may go on beyond it: a course is told to its last end.
        let view = looked.view.after_last_end();
        (looked.seen.moment, looked.view) = (view.moment(), view);
    }
    let number = find_path(timeline, path)?;
    let possible = possible_by_path(&looked.view).remove(&number).unwrap_or_default();
    let mut stretches = looked.view.course(number, &possible);
    if let Some(member) = member {
        stretches = of_member(timeline, number, stretches, member)?;
    }
    let rows = stretches
        .into_iter()
        .map(|stretch| CourseRow {
            from: row::turn_text(timeline, stretch.from),
            to: stretch.to.map(|turn| row::turn_text(timeline, turn)),
            voice: stretch.voice.map(|voice| timeline.history().voices()[voice as usize].as_str()),
            certain: stretch.certain,
            event: row::event(timeline, stretch.event),
            value: stretch.value,
        })
        .collect();
    let course = Course { path: timeline.history().path(number), member: member.map(str::to_owned), rows };
    Ok(answered(timeline, looked.seen, Found::Course(course)))
}

/// When one member was in a set: neighbouring stretches that both have it are one.
fn of_member<'t>(
    timeline: &Timeline,
    path: u32,
    stretches: Vec<Stretch<'t>>,
    member: &str,
) -> Result<Vec<Stretch<'t>>, Refusal> {
    let members: BTreeSet<String> = stretches
        .iter()
        .filter_map(|stretch| match stretch.value.as_deref() {
            Some(Value::Set(members)) => Some(members.iter().map(Scalar::to_string)),
            _ => None,
        })
        .flatten()
        .collect();
    let is_set = |stretch: &Stretch<'_>| matches!(stretch.value.as_deref(), Some(Value::Set(_)) | None);
    if !stretches.iter().all(is_set) {
        let message = format!("`{}` is no set, so `{member}` is no member of it", timeline.history().path(path));
        return Err(Refusal::bad(message).help("ask for the path alone"));
    }
    if !members.contains(member) {
        let message = format!("`{member}` was never in `{}`", timeline.history().path(path));
        return Err(Refusal::not_found(message, nearest(member, members.iter().map(String::as_str))));
    }
    let mut kept: Vec<Stretch<'t>> = Vec::new();
    for stretch in stretches {
        let Some(Value::Set(members)) = stretch.value.as_deref() else { continue };
        let Some(found) = members.iter().find(|one| one.to_string() == member).cloned() else { continue };
        let value = Some(Cow::Owned(Value::Scalar(found)));
        match kept.last_mut() {
            Some(last) if last.to == Some(stretch.from) && last.voice == stretch.voice && stretch.certain => {
                last.to = stretch.to;
            }
            _ => kept.push(Stretch { value, ..stretch }),
        }
    }
    Ok(kept)
}
