//! Faults as a compiler shows them: what, where, the line with the place underlined, and what to do about it
//! (3-commands, Text). The layout is a library's; what it is given is made visible before.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::How;
use super::escape::visible;
use super::lines::Lines;
use super::words::count;
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::text::{Place, Text, Texts};

/// The least columns that a fault is shown in.
const COLUMNS: usize = 60;
/// How many bytes of a line on either side of a place are looked at, as a line may be as long as a file.
const AROUND: usize = 1 << 10;

/// Writes faults in their order, an empty line after each, and how many there are.
pub(super) fn all(faults: &[Diagnostic], texts: &Texts, how: &How, to: &mut dyn Write) -> io::Result<()> {
    write(faults, texts, how, to)?;
    if faults.is_empty() { Ok(()) } else { writeln!(to, "{}", tally(faults)) }
}

/// Writes faults in their order, an empty line after each.
pub fn write(faults: &[Diagnostic], texts: &Texts, how: &How, to: &mut dyn Write) -> io::Result<()> {
    let renderer = if how.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(how.width.max(COLUMNS));
    let mut lines = Lines::of(texts);
    faults.iter().try_for_each(|fault| writeln!(to, "{}\n", renderer.render(&report(fault, &mut lines, how))))
}

/// How many faults there are: `2 errors, 1 warning`.
pub fn tally(faults: &[Diagnostic]) -> String {
    let number = |severity| faults.iter().filter(|fault| fault.severity == severity).count();
    let counted = [Severity::Error, Severity::Warning, Severity::Hint]
        .map(|severity| (number(severity), severity))
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, severity)| count(number, severity.name()));
    counted.collect::<Vec<_>>().join(", ")
}

/// Title, place, and excerpt with notes are groups of their own: within the first group the library puts an empty line
/// before the notes, and it reckons columns itself, by the excerpt that it is given.
fn report<'a>(fault: &'a Diagnostic, lines: &mut Lines<'a>, how: &How) -> [Group<'a>; 3] {
    let level = match fault.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::INFO.with_name(fault.severity.name()),
    };
    let title = level.clone().secondary_title(visible(&fault.message)).id(fault.code.name());
    let origin = Origin::path(at(fault.place, lines, how));
    let mut rest = Group::with_level(level.clone()).elements(excerpt(fault.place, lines));
    for note in &fault.notes {
        let place = note.place.map(|place| format!(" ({})", at(place, lines, how))).unwrap_or_default();
        rest = rest.element(Level::NOTE.message(format!("{}{place}", visible(&note.message))));
    }
    let page = format!("`asof explain {}`", fault.code.name());
    let help = fault.help.as_ref().map_or(page.clone(), |help| format!("{} ({page})", visible(help)));
    [Group::with_title(title), Group::with_level(level).element(origin), rest.element(Level::HELP.message(help))]
}

/// `events/2025/x.yaml:14:3`; of a text as a whole its name alone.
fn at(place: Place, lines: &mut Lines, how: &How) -> String {
    let text = lines.text(place);
    let own = (place.file.0 as usize) < lines.texts.own && !how.folder.is_empty();
    let name = if own { format!("{}/{}", how.folder, text.name) } else { text.name.clone() };
    let name = visible(&name);
    if is_whole(place) {
        return name.into_owned();
    }
    let (line, column) = lines.line_column(place.file, place.start);
    format!("{name}:{line}:{column}")
}

fn is_whole(place: Place) -> bool {
    place.start == 0 && place.end == 0
}

/// The line that a place begins on, with the place underlined, and `…` behind it where it goes on beyond the line. The
/// byte order mark is left out, since no column counts it.
fn excerpt<'a>(place: Place, lines: &mut Lines) -> Option<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    if is_whole(place) {
        return None;
    }
    let (start, line) = line_around(lines.text(place), place.start as usize);
    let inside = |byte: usize| boundary(line, byte);
    let from = inside((place.start as usize).saturating_sub(start));
    let to = inside((place.end as usize).saturating_sub(start).min(from + AROUND)).max(from);
    let before = shown(&line[inside(from.saturating_sub(AROUND))..from]);
    let (marked, after) = (shown(&line[from..to]), shown(&line[to..inside(to + AROUND)]));
    let rest = lines.text(place).content().get(start + line.len()..place.end as usize);
    let goes_on = rest.is_some_and(|rest| !rest.trim_start().is_empty());
    let mark = AnnotationKind::Primary.span(before.len()..before.len() + marked.len()).label(goes_on.then_some("…"));
    let number = lines.line_column(place.file, place.start).0;
    Some(Snippet::source(before + &marked + &after).line_start(number).annotation(mark))
}

/// The words visible; tabs are left to the library.
fn shown(words: &str) -> String {
    words.trim_start_matches('\u{feff}').split('\t').map(visible).collect::<Vec<_>>().join("\t")
}

/// The first byte and the words of the line around a byte, without its end.
fn line_around(text: &Text, byte: usize) -> (usize, &str) {
    let content = text.content();
    let start = content[..boundary(content, byte)].rfind('\n').map_or(0, |newline| newline + 1);
    let line = content[start..].split('\n').next().unwrap_or("");
    (start, line.strip_suffix('\r').unwrap_or(line))
}

/// The start of the character at a byte.
fn boundary(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::diagnostic::Code;
    use crate::model::text::FileId;

    fn texts(content: &str) -> Texts {
        let name = "2025/2025-05-11-putin-proposes-istanbul.yaml".to_owned();
        Texts { files: vec![Text::new(name, content)], folder: "events".into(), own: 1 }
    }

    fn shown(fault: &Diagnostic, content: &str) -> String {
        let mut bytes = Vec::new();
        let how = How { folder: "events".into(), ..How::default() };
        write(std::slice::from_ref(fault), &texts(content), &how, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn place(content: &str, words: &str) -> Place {
        let start = content.find(words).unwrap();
        Place::new(FileId(0), start, start + words.len())
    }

    #[test]
    fn the_sample_of_the_design() {
        let content = format!("{}  talks.istanbul-2025.statsu: proposed\n", "x: y\n".repeat(13));
        let message = "no path pattern matches `talks.istanbul-2025.statsu`";
        let fault = Diagnostic::new(Code::UnknownPath, place(&content, "talks.istanbul-2025.statsu"), message)
            .help("did you mean `talks.istanbul-2025.status`?");
        assert_eq!(
            shown(&fault, &content),
            "\
error[unknown-path]: no path pattern matches `talks.istanbul-2025.statsu`
  --> events/2025/2025-05-11-putin-proposes-istanbul.yaml:14:3
   |
14 |   talks.istanbul-2025.statsu: proposed
   |   ^^^^^^^^^^^^^^^^^^^^^^^^^^
   = help: did you mean `talks.istanbul-2025.status`? (`asof explain unknown-path`)

"
        );
    }

    #[test]
    fn hostile_wide_and_tabbed_lines_are_underlined_where_they_stand() {
        let content = "\u{feff}\u{1b}日:\tbad\r\nrest";
        let fault = Diagnostic::new(Code::BadDate, place(content, "bad"), "no\u{1b}[2J date")
            .note("see here", Some(place(content, "rest")))
            .note("so", None);
        assert_eq!(
            shown(&fault, content),
            "\
error[bad-date]: no\\u{1b}[2J date
 --> events/2025/2025-05-11-putin-proposes-istanbul.yaml:1:5
  |
1 | \\u{1b}日:    bad
  |              ^^^
  = note: see here (events/2025/2025-05-11-putin-proposes-istanbul.yaml:2:1)
  = note: so
  = help: `asof explain bad-date`

"
        );
    }

    #[test]
    fn a_text_as_a_whole_has_no_excerpt_and_a_long_place_its_first_line() {
        let whole = Diagnostic::new(Code::UnreadableFile, Place::of_file(FileId(0)), "gone").help("look");
        let expected = "error[unreadable-file]: gone\n--> events/2025/2025-05-11-putin-proposes-istanbul.yaml\n = help: look (`asof explain unreadable-file`)\n\n";
        assert_eq!(shown(&whole, ""), expected);
        let content = "a: b\nc: d\n";
        let long = Diagnostic::new(Code::Syntax, Place::new(FileId(0), 3, 9), "long");
        assert!(shown(&long, content).contains("1 | a: b\n  |    ^ …\n"), "{}", shown(&long, content));
        let end = Diagnostic::new(Code::Syntax, Place::new(FileId(0), 4, 4), "end");
        assert!(shown(&end, content).contains("1 | a: b\n  |     ^\n"), "{}", shown(&end, content));
    }

    #[test]
    fn a_very_long_line_is_cut_around_the_place() {
        let content = format!("{} bad {}", "x".repeat(5000), "y".repeat(5000));
        let shown = shown(&Diagnostic::new(Code::Syntax, place(&content, "bad"), "m"), &content);
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{shown}");
        let column = lines[4].chars().position(|c| c == '^').unwrap();
        assert_eq!(lines[3].chars().skip(column).take(3).collect::<String>(), "bad");
        assert_eq!(lines[4].matches('^').count(), 3);
    }

    #[test]
    fn faults_are_counted() {
        let fault = |code| Diagnostic::new(code, Place::of_file(FileId(0)), "m");
        let faults = [fault(Code::Syntax), fault(Code::Cycle), fault(Code::OrderNotSettled)];
        assert_eq!(tally(&faults), "2 errors, 1 warning");
    }
}
