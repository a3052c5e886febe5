//! `asof export`: the chronicle, or an answer, in a form for others, whole into a file or not at all.

use anyhow::{Result, bail};

use super::args::{Every, Export};
use super::complain;
use super::output::Output;
use crate::ask::{Answer, Question, Rows, behind, page, whole};
use crate::exchange::{Of, Subject, export, to_parquet, to_sqlite};
use crate::render::escape::visible;
use crate::render::html;
use crate::timeline::Timeline;

/// Where an export goes: a file of any ending, for its form is named.
pub fn output(every: &Every) -> Result<Output> {
    if every.format.is_some() {
        bail!("an export has its form, so -O has nothing to say: `asof export csv list`, or `asof list -O csv`");
    }
    Output::of_any_ending(every)
}

/// Writes a chronicle, or the answer to a question, in a form; where that holds events alone, those behind the answer.
pub fn write(
    timeline: &Timeline,
    format: &Export,
    answered: Option<(Answer, Question)>,
    output: &Output,
) -> Result<()> {
    let Some(form) = format.form() else {
        return write_by_name(timeline, format, answered.map(|(answer, _)| answer), output);
    };
    let written = |answer: &Answer, is_whole: bool| {
        export(form, &Subject { answer, manifest: timeline.manifest(), is_whole }, &output.how)
    };
    let exported = match &answered {
        None => written(&whole(timeline, form.is_of_all())?, true)?,
        Some((answer, question)) => match written(answer, false) {
            Ok(exported) => exported,
            Err(refusal) => match behind(timeline, question)? {
                Some(events) => written(&events, false)?,
                None => return Err(refusal.into()),
            },
        },
    };
    if !exported.left_out.is_empty() {
        let ids = visible(&exported.left_out.join(", ")).into_owned();
        complain(&format!("asof: left out, because this form has no place for such a date: {ids}"));
    }
    output.put(|to| match output.how.terminal {
        // What could steer a terminal is spelled out there; a file or a pipe gets what the form has.
        true => exported.text.lines().try_for_each(|line| writeln!(to, "{}", visible(line))),
        false => to.write_all(exported.text.as_bytes()),
    })
}

/// Writes a chronicle, or an answer, in a form that takes a file or a folder by its name.
fn write_by_name(timeline: &Timeline, format: &Export, answer: Option<Answer>, output: &Output) -> Result<()> {
    let of = answer.as_ref().map_or_else(|| Of::Chronicle(Rows::of(timeline)), Of::Answer);
    match format {
        Export::Html { file } => {
            let text = html::page(&page(timeline));
            output.into(file.as_deref())?.put(|to| to.write_all(text.as_bytes()))
        }
        Export::Sqlite { file, .. } => output.into(file.as_deref())?.by_name(|file| to_sqlite(of, file)),
        Export::Parquet { folder, .. } => output.into(folder.as_deref())?.by_name(|folder| to_parquet(of, folder)),
        _ => bail!("this form has no name on disk"),
    }
}
