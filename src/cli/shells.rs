//! The three shells whose completion asof has: their scripts, and what each wants candidates to look like. A chronicle may
//! hold anything, and what is completed is run: whatever could end a word, run a command or steer a terminal is quoted, or
//! not offered.

use clap::ValueEnum;

use crate::render::escape::is_hostile;

/// A shell.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shell {
    /// GNU bash
    Bash,
    /// zsh
    Zsh,
    /// fish
    Fish,
}

/// The words of a command line up to the cursor.
#[derive(PartialEq, Eq, Debug)]
pub struct Typed {
    /// The words as the shell would pass them on; the last is the one that is typed, perhaps empty.
    pub words: Vec<String>,
    /// So many bytes of the last word stand there and are not replaced.
    kept: usize,
    /// Whether the last word stands in a quote that is still open.
    is_quoted: bool,
}

impl Shell {
    /// What the shell reads once to complete asof from then on.
    pub fn script(self) -> &'static str {
        match self {
            Shell::Bash => include_str!("completions/asof.bash"),
            Shell::Zsh => include_str!("completions/asof.zsh"),
            Shell::Fish => include_str!("completions/asof.fish"),
        }
    }

    /// What the script hands over: of bash the line up to the cursor and what bash takes for the word; of the others the
    /// words.
    pub fn typed(self, words: &[String]) -> Typed {
        match (self, words) {
            (Shell::Bash, [line, word]) => of_line(line, word),
            _ => Typed { words: words.to_vec(), kept: 0, is_quoted: false },
        }
    }

    /// A candidate as the script wants it, and nothing for what cannot be typed; a blank at the end says that the word is
    /// whole.
    pub fn offered(self, candidate: &str, typed: &Typed) -> Option<String> {
        if candidate.chars().any(is_hostile) {
            return None;
        }
        let end = if candidate.ends_with(['=', ':', '/', ',']) { "" } else { " " };
        match self {
            Shell::Bash => {
                let rest = candidate.get(typed.kept..)?;
                match typed.is_quoted {
                    true => rest.chars().all(is_plain).then(|| rest.to_owned()),
                    false => Some(format!("{}{end}", quoted(rest, typed.kept == 0))),
                }
            }
            Shell::Zsh => Some(format!("{candidate}{end}")),
            // Fish decides by itself whether a blank follows.
            Shell::Fish => Some(candidate.to_owned()),
        }
    }
}

/// The words of a line of bash; `word` is the part of the last that bash replaces, since it takes `:` and `=` for ends of
/// words.
fn of_line(line: &str, word: &str) -> Typed {
    let (mut words, mut current, mut is_word) = (Vec::new(), String::new(), false);
    let (mut quote, mut escaped) = (None, false);
    // So many bytes of the current word had been read at each byte of the line.
    let mut length_at = Vec::with_capacity(line.len());
    for c in line.chars() {
        length_at.extend(std::iter::repeat_n(current.len(), c.len_utf8()));
        match (c, quote) {
            _ if escaped => {
                // In double quotes a backslash is itself before most characters.
                if quote == Some('"') && !matches!(c, '"' | '\\' | '$' | '`') {
                    current.push('\\');
                }
                current.push(c);
                escaped = false;
            }
            ('\\', None | Some('"')) => (escaped, is_word) = (true, true),
            (c, Some(open)) if c == open => quote = None,
            ('\'' | '"', None) => (quote, is_word) = (Some(c), true),
            (c, None) if c.is_whitespace() => {
                if is_word {
                    words.push(std::mem::take(&mut current));
                }
                is_word = false;
            }
            (c, _) => {
                current.push(c);
                is_word = true;
            }
        }
    }
    let start = line.strip_suffix(word).map(str::len).unwrap_or(line.len());
    let kept = length_at.get(start).copied().unwrap_or(current.len()).min(current.len());
    words.push(current);
    Typed { words, kept, is_quoted: quote.is_some() }
}

/// A text with a backslash before whatever a shell would read as more than a letter.
fn quoted(text: &str, is_start: bool) -> String {
    let mut quoted = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        // At the start of a word `~` and `-` mean something.
        if !is_plain(c) || (c == '~' && at == 0 && is_start) {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted
}

/// Whether a character is a letter to every shell, wherever it stands.
fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || "-_./:=@%+,~^".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &str, word: &str) -> (Vec<String>, usize, bool) {
        let Typed { words, kept, is_quoted } = of_line(line, word);
        (words, kept, is_quoted)
    }

    fn texts(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_line_is_cut_as_bash_cuts_it() {
        assert_eq!(typed("asof sh", "sh"), (texts(&["asof", "sh"]), 0, false));
        assert_eq!(typed("asof show ", ""), (texts(&["asof", "show", ""]), 0, false));
        assert_eq!(typed("asof list tag:ist", "ist"), (texts(&["asof", "list", "tag:ist"]), 4, false));
        assert_eq!(typed("asof list tag:", ""), (texts(&["asof", "list", "tag:"]), 4, false));
        assert_eq!(typed("asof -C 'a b' --set=x.y", "x.y"), (texts(&["asof", "-C", "a b", "--set=x.y"]), 6, false));
        assert_eq!(typed("asof why a.\\\"20", "\\\"20"), (texts(&["asof", "why", "a.\"20"]), 2, false));
        assert_eq!(typed("asof why 'a.b", "a.b"), (texts(&["asof", "why", "a.b"]), 0, true));
        assert_eq!(typed("asof why \"", ""), (texts(&["asof", "why", ""]), 0, true));
    }

    #[test]
    fn what_is_offered_stays_one_word() {
        let plain = of_line("asof why ", "");
        let offered = |candidate: &str| Shell::Bash.offered(candidate, &plain);
        assert_eq!(offered("a.b").as_deref(), Some("a.b "));
        assert_eq!(offered("--set=").as_deref(), Some("--set="));
        assert_eq!(offered("a.\"$(reboot)`x`;& |\"").as_deref(), Some(r#"a.\"\$\(reboot\)\`x\`\;\&\ \|\" "#));
        assert_eq!(offered("~root").as_deref(), Some("\\~root "));
        assert_eq!(offered("a\u{1b}[2J"), None);
        assert_eq!(offered("a\u{202e}b"), None);
        let open = of_line("asof why 'a", "a");
        assert_eq!(Shell::Bash.offered("a.b", &open).as_deref(), Some("a.b"));
        assert_eq!(Shell::Bash.offered("a.'; reboot '", &open), None);
    }
}
