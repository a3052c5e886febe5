//! `asof doctor`: whether all is as it should be, one line a question, with a help where it is not. Exit 1 where a no
//! keeps the chronicle from being replayed.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Result;

use super::args::Every;
use super::output::Output;
use super::surroundings::{cache_folder, editor, find, here, shown_folder};
use super::{Verdict, help};
use crate::ask;
use crate::disk::{self, Listing};
use crate::model::diagnostic::Severity;
use crate::parse;
use crate::render::escape::visible;
use crate::render::shape::Shape;
use crate::render::{Format, diagnostic, render_shape};
use crate::timeline::Timeline;

/// One question and its answer.
struct Finding {
    asks: &'static str,
    is_yes: bool,
    /// Whether a no keeps the chronicle from being replayed.
    matters: bool,
    says: String,
    help: Option<String>,
}

impl Finding {
    fn new(asks: &'static str, is_yes: bool, says: impl Into<String>, help: &str) -> Finding {
        let help = Some(help.to_owned()).filter(|help| !help.is_empty());
        Finding { asks, is_yes, matters: false, says: says.into(), help }
    }

    fn that_matters(self) -> Finding {
        Finding { matters: true, ..self }
    }
}

/// Looks at everything and says what it found.
pub fn doctor(every: &Every, output: &Output) -> Result<Verdict> {
    let here = here()?;
    let mut findings = Vec::new();
    match find(every, &here) {
        Ok(folder) => {
            let shown = shown_folder(&folder, &here);
            let shown = if shown.is_empty() { ".".to_owned() } else { shown };
            findings.push(Finding::new("chronicle found", true, shown, "").that_matters());
            chronicle(&folder, &mut findings);
        }
        Err(error) => {
            let advice = "`asof init DIR` writes one to begin from";
            let advice = help(&error).map_or(advice.to_owned(), |help| format!("{help}; {advice}"));
            findings.push(Finding::new("chronicle found", false, format!("{error:#}"), &advice).that_matters());
        }
    }
    if !every.no_cache {
        findings.push(cache());
    }
    findings.push(match editor() {
        Some(editor) => Finding::new("editor set", true, editor.to_string_lossy(), ""),
        None => Finding::new(
            "editor set",
            false,
            "neither VISUAL nor EDITOR",
            "`export EDITOR=nano`, or the like, for `asof add` and `asof correct` without options",
        ),
    });
    output.put(|to| print(&findings, output, to))?;
    let is_no = findings.iter().any(|finding| finding.matters && !finding.is_yes);
    Ok(if is_no { Verdict::No } else { Verdict::Yes })
}

/// What there is to say of a chronicle that was found.
fn chronicle(folder: &Path, findings: &mut Vec<Finding>) {
    let read = Listing::of(folder).and_then(|listing| listing.read(&[], &|| {}));
    let (texts, faults) = match read {
        Ok(read) => read,
        Err(error) => {
            let advice = error.help.clone().unwrap_or_default();
            return findings.push(Finding::new("files read", false, error.message, &advice).that_matters());
        }
    };
    let timeline = Timeline::load(texts, faults);
    let texts = timeline.texts();
    let of_manifest: Vec<_> = timeline
        .faults()
        .iter()
        .filter(|fault| fault.severity == Severity::Error && parse::is_manifest(&texts.file(fault.place.file).name))
        .cloned()
        .collect();
    let manifests = texts.files.iter().filter(|text| parse::is_manifest(&text.name)).count();
    let (says, advice) = match (of_manifest.is_empty(), manifests) {
        (true, 0) => ("none, and none is needed".to_owned(), ""),
        (true, _) => (format!("“{}”", timeline.title()), ""),
        (false, _) => (diagnostic::tally(&of_manifest), "`asof check` says what and where"),
    };
    findings.push(Finding::new("manifest readable", of_manifest.is_empty(), says, advice).that_matters());
    let (events, expectations) = (timeline.history().len(), timeline.expectations().len());
    let left_out = timeline.left_out();
    let files = many(texts.files.len(), "file");
    let says = format!("{files}, {}, {}", many(events, "event"), many(expectations, "expectation"));
    let (says, advice) = match left_out {
        0 => (says, ""),
        some => (format!("{says}, {some} documents or files left out"), "`asof check` says why"),
    };
    findings.push(Finding::new("files read", left_out == 0, says, advice).that_matters());
    let (errors, warnings) = ask::house_faults(&timeline);
    let says = format!("{}, {}", many(errors, "error"), many(warnings, "warning"));
    let advice = if errors + warnings > 0 { "`asof check` says what and where" } else { "" };
    findings.push(Finding::new("free of errors", errors == 0, says, advice).that_matters());
    let may = disk::may_write(folder);
    let advice = if may { "" } else { "the folder is not yours to write: `asof add` will not work" };
    findings.push(Finding::new(
        "open to additions",
        may,
        if may { "the folder can be written" } else { "it cannot" },
        advice,
    ));
}

/// So many of a thing: `1 file`, `2 files`.
fn many(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

fn cache() -> Finding {
    let asks = "cache writable";
    let advice = "answers are the same without, and slower: set XDG_CACHE_HOME to a folder of yours";
    match cache_folder() {
        Some(folder) if disk::may_write(&folder) => Finding::new(asks, true, folder.display().to_string(), ""),
        Some(folder) => Finding::new(asks, false, folder.display().to_string(), advice),
        None => Finding::new(asks, false, "neither XDG_CACHE_HOME nor HOME names a folder", advice),
    }
}

fn print(findings: &[Finding], output: &Output, to: &mut dyn Write) -> io::Result<()> {
    let yes_or_no = |finding: &Finding| if finding.is_yes { "yes" } else { "no" };
    if matches!(output.format, Format::Text | Format::Md) {
        return findings.iter().try_for_each(|finding| {
            writeln!(to, "{:3}  {:18}  {}", yes_or_no(finding), finding.asks, visible(&finding.says))?;
            finding.help.as_ref().map_or(Ok(()), |help| writeln!(to, "       help: {}", visible(help)))
        });
    }
    let text = |text: &str| Shape::Text(text.to_owned().into());
    let row = |finding: &Finding| {
        Shape::map([
            ("question", text(finding.asks)),
            ("answer", text(yes_or_no(finding))),
            ("matters", Shape::Truth(finding.matters)),
            ("message", text(&finding.says)),
            ("help", finding.help.as_deref().map_or(Shape::Null, text)),
        ])
    };
    let rows: Vec<Shape> = findings.iter().map(row).collect();
    let whole = Shape::map([("asof", 1usize.into()), ("findings", Shape::List(rows.clone()))]);
    let columns = ["question", "answer", "matters", "message", "help"];
    render_shape(&whole, &rows, &columns, output.format, &output.how, to)
}
