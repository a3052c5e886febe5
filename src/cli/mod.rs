//! The command line: reads the words, finds and loads the chronicle, asks, prints, and gives the exit status:
//! 0 answered; 1 answered, and it is a no; 2 not answered. The only room that reads the environment (`surroundings.rs`)
//! and the clock (`clock.rs`).

mod args;
mod surroundings;
mod clock;
mod output;
mod question;
mod pages;
mod serving;
mod import;
mod repository;
mod joining;
mod store;
mod watching;
mod export;
mod typed;
mod incoming;
mod add;
mod fitting;
mod init;
mod doctor;
mod formatting;
mod shells;
mod manual;
mod complete;
mod progress;
mod cached;

use std::io::{self, BufRead, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Error, Result};
use args::{Arguments, Asking, Command, Every, SchemaOf};
use output::Output;
use surroundings::{find, here, shown_folder};

use crate::ask::{self, Answer, Asks, Found, Question, Refusal};
use crate::disk::{self, DiskError};
use crate::exchange::Fault;
use crate::model::date::Calendar;
use crate::model::diagnostic::Severity;
use crate::model::text::Texts;
use crate::render::escape::visible;
use crate::render::json::{self, Table};
use crate::render::{Format, ONLY_TRACE, diagnostic, render, render_dates, render_shape};
use crate::timeline::Timeline;

/// Whether an answer is a yes or a no.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Verdict {
    Yes,
    No,
    /// There is none, and that has been said already.
    Unanswered,
}

/// Runs the program with the words of its command line.
pub fn main() -> ExitCode {
    let arguments = match args::read(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    match answer(&arguments) {
        Ok(Verdict::Yes) => ExitCode::SUCCESS,
        Ok(Verdict::No) => ExitCode::from(1),
        Ok(Verdict::Unanswered) => ExitCode::from(2),
        Err(error) => match error.downcast_ref::<clap::Error>() {
            Some(error) => usage(error),
            None => {
                complain_of(&error);
                ExitCode::from(2)
            }
        },
    }
}

/// Says why there is no answer.
fn complain_of(error: &Error) {
    complain(&format!("asof: {}", visible(&format!("{error:#}"))));
    if let Some(help) = help(error) {
        complain(&format!("help: {}", visible(help)));
    }
}

/// What to do instead, where the rooms below say so.
fn help(error: &Error) -> Option<&str> {
    let of_question = error.downcast_ref::<Refusal>().and_then(|refusal| refusal.help.as_deref());
    let of_disk = || error.downcast_ref::<DiskError>().and_then(|error| error.help.as_deref());
    of_question.or_else(of_disk).or_else(|| error.downcast_ref::<Fault>().and_then(|fault| fault.help.as_deref()))
}

/// Prints help or the version, or what is wrong with the command line.
fn usage(error: &clap::Error) -> ExitCode {
    let rendered = error.render();
    if error.use_stderr() {
        let text = args::unmarked(&rendered.ansi().to_string());
        let _ = write!(anstream::stderr(), "{text}");
        return ExitCode::from(2);
    }
    let _ = write!(anstream::stdout(), "{}", rendered.ansi());
    ExitCode::SUCCESS
}

/// One line on standard error; that nobody reads it is no failure.
fn complain(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

fn answer(arguments: &Arguments) -> Result<Verdict> {
    let mut output = output_of(arguments)?;
    match &arguments.command {
        Command::Explain { code } => pages::explain(code.as_deref(), &output),
        Command::Date { expressions } => dates(expressions, &arguments.every, &output),
        Command::Serve { port, address } => serving::serve(&arguments.every, &mut output, *address, *port),
        Command::Import(import) => import::import(import, &arguments.every, &output),
        Command::Init { folder } => init::init(folder.as_deref().unwrap_or(Path::new(".")), &output),
        Command::Help { words } => manual::help(words, &output),
        Command::Man { words } => manual::man(words, &output),
        Command::Completions { shell } => manual::completions(*shell, &output),
        Command::Complete { shell, words } => complete::print(*shell, words, &output),
        Command::Doctor => doctor::doctor(&arguments.every, &output),
        Command::Cache { command } => cached::about(command.as_ref(), &arguments.every, &output),
        Command::Watch { question } => watching::watch(question, &arguments.every),
        Command::Lsp => serving::lsp(&arguments.every),
        command => ask_chronicle(command, &arguments.every, &mut output),
    }
}

/// Where the answer goes and how it is written; only a trace is a graph.
fn output_of(arguments: &Arguments) -> Result<Output> {
    let output = match &arguments.command {
        Command::Export { .. } => export::output(&arguments.every)?,
        _ => Output::new(&arguments.every)?,
    };
    let may_be_graph = matches!(arguments.command, Command::Ask(Asking::Trace { .. }) | Command::Watch { .. });
    if output.format.is_graph() && !may_be_graph { Err(Refusal::bad(ONLY_TRACE).into()) } else { Ok(output) }
}

/// Finds the chronicle, and asks it or writes into it.
fn ask_chronicle(command: &Command, every: &Every, output: &mut Output) -> Result<Verdict> {
    let here = here()?;
    let folder = find(every, &here)?;
    output.how.long = command.asks().is_some_and(question::is_long);
    output.how.folder = shown_folder(&folder, &here);
    output.spare(&folder);
    match command {
        Command::Add(words) => add::add(&folder, words, every, output),
        Command::Correct(words) => add::correct(&folder, words, every, output),
        Command::Format { files, check } => formatting::format(&folder, &here, files, *check, output),
        command => cached::answer(&folder, &here, command, every, output),
    }
}

/// Asks a loaded chronicle and prints the answer. All that a timeline from the cache may turn out not to have is read
/// before anything is printed: such an answer is laid out in memory first, which costs little beside what the cache
/// spares. Any other is written as it is laid out.
fn about_chronicle(
    timeline: &Timeline,
    command: &Command,
    named: &dyn Fn(&str) -> Vec<String>,
    every: &Every,
    output: &Output,
) -> Result<Verdict> {
    if let Command::Schema { of } = command {
        return schema(timeline, *of, output);
    }
    if !timeline.is_whole() && !every.keep_going && !matches!(command.asks(), Some(Asking::Check { .. })) {
        return refuse_to_replay(timeline, output);
    }
    // Data without `-l` has values alone; what is exported, and read by people, has when and by which event they hold, too.
    let is_data = matches!(command, Command::Ask(_)) && matches!(output.format, Format::Json | Format::Yaml);
    let with_reasons = !is_data || output.how.long;
    let answer = command.asks().map(|asking| asked(timeline, asking, named, with_reasons)).transpose()?;
    let verdict = answer.as_ref().zip(command.asks()).map_or(Verdict::Yes, |(answer, asking)| verdict(asking, answer));
    if let Command::Export { format } = command {
        let asked = command.asks().map(|asking| question_of(timeline, asking));
        export::write(timeline, format, answer.zip(asked), output)?;
        return Ok(verdict);
    }
    let answer = answer.context("this command asks nothing of a chronicle")?;
    let lay_out = |to: &mut dyn Write| match &answer.found {
        Found::Faults(found) if output.again && found.diagnostics.is_empty() && output.format == Format::Text => {
            writeln!(to, "no faults")
        }
        _ => render(&answer, output.format, &output.how, to),
    };
    if timeline.is_mapped() {
        let mut laid_out = Vec::new();
        lay_out(&mut laid_out)?;
        output.put(|to| to.write_all(&laid_out))?;
    } else {
        output.put(lay_out)?;
    }
    Ok(verdict)
}

fn question_of(timeline: &Timeline, asking: &Asking) -> Question {
    question::of(asking, &clock::today(timeline.manifest().calendar.zone))
}

/// The answer to what is asked, with its reasons or with values alone; `named` gives the names that a file may have in the
/// chronicle.
fn asked<'t>(
    timeline: &'t Timeline,
    asking: &Asking,
    named: &dyn Fn(&str) -> Vec<String>,
    with_reasons: bool,
) -> Result<Answer<'t>> {
    let mut question = question_of(timeline, asking);
    if let Asks::Context { line, .. } = &mut question.asks {
        let is_there = |name: &String| timeline.texts().files.iter().any(|text| text.name == *name);
        line.file = named(&line.file).into_iter().find(is_there).unwrap_or(std::mem::take(&mut line.file));
    }
    let question = if with_reasons { question } else { question.of_values() };
    Ok(ask::ask(timeline, &question)?)
}

/// The schema of a chronicle's files, as far as it can be loaded: one is wanted most while something is wrong.
fn schema(timeline: &Timeline, of: SchemaOf, output: &Output) -> Result<Verdict> {
    let known = ask::schema(timeline);
    let shape = match of {
        SchemaOf::Events => json::schema(&known),
        SchemaOf::Manifest => json::manifest(&known, Table::Manifest),
        SchemaOf::Entities => json::manifest(&known, Table::Entities),
        SchemaOf::Voices => json::manifest(&known, Table::Voices),
        SchemaOf::Sources => json::manifest(&known, Table::Sources),
        SchemaOf::Paths => json::manifest(&known, Table::Paths),
    };
    output.put(|to| render_shape(&shape, &[], &[], output.format, &output.how, to))?;
    Ok(Verdict::Yes)
}

/// Shows what cannot be loaded, and how much there is of it.
fn refuse_to_replay(timeline: &Timeline, output: &Output) -> Result<Verdict> {
    // Whole before its first byte is written, as an answer is.
    let mut laid_out = Vec::new();
    diagnostic::write(timeline.faults(), timeline.texts(), &output.how_on_stderr(), &mut laid_out)?;
    let tally = diagnostic::tally(timeline.faults());
    writeln!(laid_out, "asof: {tally}, so this chronicle is not replayed; --keep-going replays what holds")?;
    // Nothing is left to tell where standard error is closed.
    let _ = io::stderr().write_all(&laid_out);
    Ok(Verdict::Unanswered)
}

/// One line on standard error if there is anything that `asof check` would say: so many errors and warnings.
fn hint((errors, warnings): (usize, usize)) {
    let parts = [(errors, "error"), (warnings, "warning")];
    let said: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| format!("{number} {noun}{}", if *number == 1 { "" } else { "s" }))
        .collect();
    if !said.is_empty() {
        complain(&format!("asof: {} in this chronicle: see `asof check`", said.join(" and ")));
    }
}

fn verdict(asking: &Asking, answer: &Answer) -> Verdict {
    let is_no = match (&answer.found, asking) {
        (Found::Faults(found), _) => found.diagnostics.iter().any(|fault| fault.severity == Severity::Error),
        (Found::Differences(found), Asking::Diff { exit_code: true, .. }) => !found.changes.is_empty(),
        _ => false,
    };
    if is_no { Verdict::No } else { Verdict::Yes }
}

/// How dates are read, in the chronicle's calendar if there is one here, else in UTC.
fn dates(expressions: &[String], every: &Every, output: &Output) -> Result<Verdict> {
    let calendar = calendar(every)?;
    let today = clock::today(calendar.zone);
    let mut texts = Vec::new();
    for expression in expressions {
        if expression == "-" {
            let lines: io::Result<Vec<String>> = io::stdin().lock().lines().collect();
            let lines = lines.context("cannot read standard input")?;
            texts.extend(lines.into_iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()));
        } else {
            texts.push(clock::dated(expression, &today));
        }
    }
    let readings = ask::read_dates(&texts, &calendar);
    output.put(|to| render_dates(&readings, output.format, &output.how, to))?;
    Ok(if readings.iter().all(|reading| reading.read.is_ok()) { Verdict::Yes } else { Verdict::No })
}

/// The calendar of the chronicle that is named or found; a chronicle that is named must be there.
fn calendar(every: &Every) -> Result<Calendar> {
    let here = here()?;
    match find(every, &here) {
        Ok(folder) => {
            let texts: Texts = disk::read_manifest(&folder);
            let manifest = Timeline::load(texts, Vec::new());
            if !manifest.is_whole() {
                complain("asof: the manifest has faults, and its calendar may not be what it says: see `asof check`");
            }
            Ok(manifest.manifest().calendar.clone())
        }
        Err(error) if every.chronicle.is_some() => Err(error),
        Err(_) => Ok(Calendar::default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::{Faults, State};
    use crate::model::diagnostic::{Code, Diagnostic};
    use crate::model::text::{FileId, Place};
    use crate::render::{How, samples};

    #[test]
    fn a_no_is_an_error_found_or_a_difference_asked_for() {
        let command = |line: &str| match args::read(line.split(' ').map(Into::into)).ok().unwrap().command {
            Command::Ask(asking) => asking,
            other => panic!("{other:?} asks nothing"),
        };
        let differs = samples::differences();
        assert_eq!(verdict(&command("asof diff 2022 2025"), &differs), Verdict::Yes);
        assert_eq!(verdict(&command("asof diff 2022 2025 --exit-code"), &differs), Verdict::No);
        let state = samples::answer(Found::State(State { counts: Default::default(), facts: vec![] }));
        assert_eq!(verdict(&command("asof replay"), &state), Verdict::Yes);
        let texts = samples::kept(Texts::default());
        let place = Place::of_file(FileId(0));
        let fault = |code| Diagnostic::new(code, place, "m");
        let found = |code| samples::answer(Found::Faults(Faults { diagnostics: vec![fault(code)], texts }));
        assert_eq!(verdict(&command("asof check"), &found(Code::Cycle)), Verdict::No);
        assert_eq!(verdict(&command("asof check"), &found(Code::OrderNotSettled)), Verdict::Yes);
    }

    #[test]
    fn a_how_for_faults_keeps_the_folder() {
        let arguments = args::read(["asof", "--color", "always", "check"].map(Into::into)).ok().unwrap();
        let mut output = Output::new(&arguments.every).ok().unwrap();
        output.how.folder = "events".to_owned();
        assert_eq!(output.how_on_stderr(), How { color: true, folder: "events".into(), ..output.how.clone() });
    }
}
