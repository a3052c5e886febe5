//! `asof help`, `asof man` and `asof completions`: what is told of the program itself, without a chronicle.

use anyhow::Result;
use clap_mangen::Man;

use super::Verdict;
use super::args;
use super::output::Output;
use super::shells::Shell;
use crate::ask::Refusal;
use crate::model::diagnostic::nearest;

/// The topics of `asof help`: name, what it tells, text.
pub const TOPICS: [(&str, &str, &str); 5] = [
    ("format", "the files of a chronicle, and every key of an event", include_str!("help/format.txt")),
    ("dates", "how dates are written, precise and not", include_str!("help/dates.txt")),
    ("filters", "which events: in list, --only and --without", include_str!("help/filters.txt")),
    ("selectors", "from where one looks: --at, --known-by, --according-to …", include_str!("help/selectors.txt")),
    ("rules", "what the columns of a table mean that is imported", include_str!("help/rules.txt")),
];

/// What a page is of.
const SOURCE: &str = concat!("asof ", env!("CARGO_PKG_VERSION"));

/// Prints a topic, or the help of a command; without words all there is.
pub fn help(words: &[String], output: &Output) -> Result<Verdict> {
    if let [word] = words
        && let Some((.., text)) = TOPICS.iter().find(|(topic, ..)| topic == word)
    {
        output.put(|to| to.write_all(text.as_bytes()))?;
        return Ok(Verdict::Yes);
    }
    let mut root = args::definition();
    root.build();
    let help = found(&mut root, words)?.render_help();
    let help = if output.how.color { help.ansi().to_string() } else { help.to_string() };
    output.put(|to| {
        to.write_all(help.as_bytes())?;
        if !words.is_empty() {
            return Ok(());
        }
        writeln!(to, "\nTopics, as `asof help TOPIC`:")?;
        TOPICS.iter().try_for_each(|(topic, says, _)| writeln!(to, "  {topic:10}  {says}"))
    })?;
    Ok(Verdict::Yes)
}

/// Prints a page for `man`: of a command, or of all in one.
pub fn man(words: &[String], output: &Output) -> Result<Verdict> {
    let mut page = Vec::new();
    let mut root = args::definition();
    if words.is_empty() {
        whole(root, &mut page)?;
    } else {
        root.build();
        let command = found(&mut root, words)?.clone();
        let name = format!("asof-{}", words.join("-"));
        Man::new(with_usage(command.display_name(&name)))
            .title(name.to_uppercase())
            .source(SOURCE)
            .manual("asof")
            .render(&mut page)?;
    }
    let page = portable(&String::from_utf8(page)?);
    output.put(|to| to.write_all(page.as_bytes()))?;
    Ok(Verdict::Yes)
}

/// Prints what a shell reads to complete asof.
pub fn completions(shell: Shell, output: &Output) -> Result<Verdict> {
    output.put(|to| to.write_all(shell.script().as_bytes()))?;
    Ok(Verdict::Yes)
}

/// One page: the program, then a section for every command.
fn whole(root: clap::Command, page: &mut Vec<u8>) -> Result<()> {
    let commands: Vec<clap::Command> = root.get_subcommands().filter(|sub| !sub.is_hide_set()).cloned().collect();
    let man = Man::new(with_usage(root)).title("ASOF").source(SOURCE).manual("asof");
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_options_section(page)?;
    man.render_extra_section(page)?;
    for command in commands {
        let called = format!("asof {}", command.get_name());
        page.extend(format!(".SH \"{}\"\n", called.to_uppercase()).bytes());
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        page.extend(roff_text(&about).bytes());
        let has_more = command.get_after_help().is_some();
        let has_parts = command.get_subcommands().next().is_some();
        let man = Man::new(with_usage(command.bin_name(called)));
        let mut parts = Vec::new();
        man.render_synopsis_section(&mut parts)?;
        man.render_options_section(&mut parts)?;
        if has_parts {
            man.render_subcommands_section(&mut parts)?;
        }
        if has_more {
            man.render_extra_section(&mut parts)?;
        }
        // What are sections of a page of its own are parts of one here.
        let parts = String::from_utf8(parts)?;
        page.extend(parts.lines().flat_map(|line| [&*line.replacen(".SH ", ".SS ", 1), "\n"].concat().into_bytes()));
    }
    let topics = TOPICS.map(|(topic, says, _)| format!(".TP\nasof help {topic}\n{}", roff_text(says))).concat();
    page.extend(format!(".SH \"SEE ALSO\"\n{topics}").bytes());
    Ok(())
}

/// A command whose synopsis is the line that its help has: a page of its own making forgets what options take.
fn with_usage(mut command: clap::Command) -> clap::Command {
    let usage = command.render_usage().to_string();
    command.override_usage(usage.trim_start_matches("Usage:").trim_start().to_owned())
}

/// A page in ASCII, which every `man` reads alike, with lines that are not stretched and sections that say what they are.
fn portable(page: &str) -> String {
    let mut portable = String::with_capacity(page.len());
    for line in page.lines() {
        for c in line.replace(" EXTRA", " DETAILS").chars() {
            match c {
                c if c.is_ascii() => portable.push(c),
                c => portable.push_str(&format!("\\[u{:04X}]", u32::from(c))),
            }
        }
        portable.push('\n');
        if line.starts_with(".TH ") {
            portable.push_str(".ad l\n.nh\n");
        }
    }
    portable
}

/// A line of text that no request can be read into.
fn roff_text(text: &str) -> String {
    format!("\\&{}\n", text.replace('\\', "\\e").replace('-', "\\-"))
}

/// The command that words name.
fn found<'c>(root: &'c mut clap::Command, words: &[String]) -> Result<&'c mut clap::Command, Refusal> {
    let mut command = root;
    for word in words {
        let names = command.get_subcommands().filter(|sub| !sub.is_hide_set()).map(|sub| sub.get_name().to_owned());
        let mut names: Vec<String> = names.collect();
        if !names.contains(word) {
            names.extend(TOPICS.iter().map(|(topic, ..)| (*topic).to_owned()));
            let near = nearest(word, names.iter().map(String::as_str));
            let refusal = Refusal::not_found(format!("there is no command or topic `{word}`"), near);
            return Err(if near.is_some() { refusal } else { refusal.help("`asof help` lists them all") });
        }
        command = command.find_subcommand_mut(word).ok_or_else(|| Refusal::bad(format!("no `{word}`")))?;
    }
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::git::Holds;
    use crate::exchange::{Format, Told};
    use crate::model::date::Date;
    use crate::model::text::{FileId, Text};

    fn topic(name: &str) -> &'static str {
        TOPICS.iter().find(|(topic, ..)| *topic == name).unwrap().2
    }

    #[test]
    fn every_topic_fits_eighty_columns() {
        for (name, _, text) in TOPICS {
            let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 80).collect();
            assert!(wide.is_empty() && text.ends_with('\n'), "{name}: {wide:?}");
        }
    }

    #[test]
    fn a_page_for_man_is_ascii_and_has_every_command() {
        let mut page = Vec::new();
        whole(args::definition(), &mut page).unwrap();
        let page = portable(std::str::from_utf8(&page).unwrap());
        assert!(page.is_ascii());
        for command in args::definition().get_subcommands() {
            let heading = format!(".SH \"ASOF {}\"", command.get_name().to_uppercase());
            assert_eq!(page.contains(&heading), !command.is_hide_set(), "{heading}");
        }
        for synopsis in ["\\fBasof\\fR [OPTIONS] <COMMAND>\n", "\\fBasof why\\fR [OPTIONS] <PATH>\n"] {
            assert!(page.contains(synopsis), "{synopsis}");
        }
    }

    #[test]
    fn every_date_of_the_topic_is_one() {
        let rows =
            topic("dates").lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with("asof"));
        let dates: Vec<&str> = rows.filter_map(|line| line.split_whitespace().next()).collect();
        assert!(dates.len() > 15, "{dates:?}");
        for date in dates {
            assert!(Date::parse(date).is_ok(), "{date}");
        }
    }

    #[test]
    fn the_event_of_the_topic_has_every_key_and_no_fault() {
        let lines = topic("format").lines().filter_map(|line| line.strip_prefix("    "));
        let text: String = lines.flat_map(|line| [line, "\n"]).collect();
        let text = text.replace("date: 2025-05-11    ", "date: 2025-05-11/.. ").replace("until: 2025-05-16", "");
        let read =
            crate::parse::documents::<Vec<_>>(FileId(0), &Text::new("x.yaml", text.as_str()), &Default::default());
        assert_eq!(read.faults, [], "{text}");
        assert_eq!(read.events.len(), 1);
    }

    /// What is told of rules is told twice, for the terminal and with tables in `docs/exchange.md`.
    #[test]
    fn the_rules_of_the_topic_have_every_key_and_no_fault() {
        let page = include_str!("../../docs/exchange.md");
        let table = page.split("| key | how the table is written |").nth(1).unwrap().split("\n\n").next().unwrap();
        let rows = table.lines().filter_map(|row| row.strip_prefix("| `")?.split_once(" | "));
        let keys: Vec<&str> =
            rows.flat_map(|(keys, _)| keys.split(['`', ',', ' ']).filter(|key| !key.is_empty())).collect();
        assert!(keys.len() > 8, "{keys:?}");
        let told = |line: &str| line.strip_prefix("  ").and_then(|row| row.split("   ").next().map(str::to_owned));
        let told: Vec<String> =
            topic("rules").lines().filter(|line| !line.starts_with("    ")).filter_map(told).collect();
        for key in keys {
            assert!(told.iter().any(|told| told.split(", ").any(|told| told == key)), "{key}");
        }
        let lines = topic("rules").lines().filter_map(|line| line.strip_prefix("    "));
        let rules = Text::new("x.rules", lines.flat_map(|line| [line, "\n"]).collect::<String>());
        let beside = Told { language: "en".to_owned(), is_claimed: false, holds: Holds::Blob, rules };
        let faults = Format::named("csv").unwrap().importer(&beside).err();
        assert!(faults.is_none(), "{faults:?}");
    }
}
