//! Completion in real shells: bash, which every build machine has, and zsh and fish where they are installed.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A chronicle whose names are as hostile as the format allows, removed in the end.
struct Chronicle(PathBuf);

impl Chronicle {
    fn new(name: &str) -> Chronicle {
        let path = std::env::temp_dir().join(format!("asof-completions-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        let events = "date: 2025\ntitle: One\nid: first-one\ntags: [a-tag]\nsources: [the-paper]\nset:\n  \
                      support.ubuntu.\"20.04\": yes\n  hostile.\"$(touch pwned)`touch pwned`;touch pwned\": 1\n  \
                      hostile.\"two words & 'quotes' *\": 1\n  'hostile.\"\\u202e[2J\"': 1\n  plain.status: open\n\
                      claims: {the-voice: {set: {plain.why: x}}}\n";
        fs::write(path.join("first-one.yaml"), events).unwrap();
        Chronicle(path)
    }

    fn shell(&self, shell: &str, script: &str) -> String {
        let asof = Path::new(env!("CARGO_BIN_EXE_asof")).parent().unwrap().display();
        let mut command = Command::new(shell);
        command.args(["-c", script]).current_dir(&self.0).stdin(Stdio::null()).env("HOME", &self.0);
        command.env("PATH", format!("{asof}:{}", std::env::var("PATH").unwrap())).env("ASOF_CHRONICLE", ".");
        command.env_remove("XDG_CACHE_HOME").env_remove("ZDOTDIR").env_remove("XDG_CONFIG_HOME");
        let done = command.output().unwrap();
        assert_eq!(String::from_utf8_lossy(&done.stderr), "", "{script}");
        assert!(!self.0.join("pwned").exists(), "what was completed was run");
        String::from_utf8(done.stdout).unwrap()
    }

    /// What bash would insert for a line, `word` being what it takes for the word.
    fn bash(&self, line: &str, word: &str) -> Vec<String> {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
        let said = self.shell(
            "bash",
            &format!(
                "eval \"$(asof completions bash)\"; COMP_LINE={}; COMP_POINT=${{#COMP_LINE}}; _asof asof {} x; \
                 printf '%s\\n' \"${{COMPREPLY[@]}}\"",
                quoted(line),
                quoted(word)
            ),
        );
        said.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }
}

impl Drop for Chronicle {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn is_installed(shell: &str) -> bool {
    let found = Command::new(shell).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let is_there = found.is_ok_and(|status| status.success());
    if !is_there {
        eprintln!("no {shell} here, so nothing is completed in it");
    }
    is_there
}

#[test]
fn bash_completes_what_the_chronicle_names() {
    let chronicle = Chronicle::new("bash");
    for (line, word, expected) in [
        ("asof show fi", "fi", &["first-one "][..]),
        ("asof why plain.s", "plain.s", &["plain.status "]),
        ("asof why plain.why --according-to ", "", &["the-voice "]),
        ("asof list source:", "", &["the-paper "]),
        ("asof list not:tag:a", "a", &["a-tag "]),
        ("asof hinges --source the", "the", &["the-paper "]),
        ("asof add --set plain.st", "plain.st", &["plain.status="]),
        ("asof add --set=plain.st", "plain.st", &["plain.status="]),
        ("asof why --known", "--known", &["--known-by "]),
        ("asof sta", "sta", &["stats "]),
        ("asof -O js", "js", &["json ", "jsonl "]),
        ("asof completions z", "z", &["zsh "]),
        ("asof help form", "form", &["format "]),
        ("asof export ics list tag:a", "tag:a", &["tag:a-tag "]),
        ("asof export csv why plain.s", "plain.s", &["plain.status "]),
        ("asof export sqlite a.sqlite why plain.s", "plain.s", &["plain.status "]),
        ("asof export parquet -o a histo", "histo", &["history "]),
        ("asof watch replay 2025-05-14 plain.s", "plain.s", &["plain.status "]),
        ("asof -O json watch rep", "rep", &["replay "]),
        ("asof why support.ubuntu.", "support.ubuntu.", &["support.ubuntu.\\\"20.04\\\" "]),
        ("asof show nothing-of-this", "nothing-of-this", &[]),
        ("asof why 'plain.s", "plain.s", &["plain.status"]),
        ("asof why 'support", "support", &[]),
    ] {
        assert_eq!(chronicle.bash(line, word), expected, "{line}");
    }
}

#[test]
fn what_is_completed_is_one_word_and_runs_nothing() {
    let chronicle = Chronicle::new("hostile");
    let offered = chronicle.bash("asof why hostile", "hostile");
    assert_eq!(offered.len(), 2, "what turns the direction of text is not offered: {offered:?}");
    for candidate in offered {
        let said = chronicle
            .shell("bash", &format!("printf '<%s>' {candidate}; asof why {candidate} > /dev/null && echo yes"));
        assert!(
            said.starts_with("<hostile.\"") && said.ends_with(">yes\n") && said.matches('<').count() == 1,
            "{said}"
        );
    }
}

#[test]
fn zsh_is_given_what_it_quotes_itself() {
    if !is_installed("zsh") {
        return;
    }
    let chronicle = Chronicle::new("zsh");
    let completed = |words: &str, prefix: &str| {
        chronicle.shell(
            "zsh",
            &format!(
                "compdef() {{}}; compadd() {{ print -rl -- \"${{(@P)@[-1]}}\" }}; eval \"$(asof completions zsh)\"; \
                 words=({words} '{prefix}'); CURRENT=${{#words}}; PREFIX='{prefix}'; _asof"
            ),
        )
    };
    assert_eq!(completed("asof show", "fi").trim(), "first-one");
    assert_eq!(completed("asof add --set", "plain.st").trim(), "plain.status=");
    assert_eq!(completed("asof why", "support").trim(), "support.ubuntu.\"20.04\"");
    assert!(completed("asof why", "hostile").contains("hostile.\"$(touch pwned)`touch pwned`;touch pwned\""));
}

#[test]
fn fish_completes_what_the_chronicle_names() {
    if !is_installed("fish") {
        return;
    }
    let chronicle = Chronicle::new("fish");
    let completed = |line: &str| {
        let said = chronicle.shell("fish", &format!("asof completions fish | source; complete -C'{line}'"));
        said.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(completed("asof show fi"), ["first-one"]);
    assert_eq!(completed("asof why plain.s"), ["plain.status"]);
    assert_eq!(completed("asof list source:"), ["source:the-paper"]);
    assert_eq!(completed("asof why hostile").len(), 2);
}

#[test]
fn it_is_silent_whatever_is_wrong() {
    let chronicle = Chronicle::new("broken");
    fs::write(chronicle.0.join("broken.yaml"), "date: [\n").unwrap();
    assert_eq!(chronicle.bash("asof show fi", "fi"), ["first-one "], "what holds is offered");
    assert_eq!(chronicle.bash("asof -C nowhere show fi", "fi"), Vec::<String>::new());
    // Nothing but options is left to offer.
    for line in ["asof -C nowhere show ", "asof show \"a\\"] {
        assert!(chronicle.bash(line, "").iter().all(|word| word.starts_with('-')), "{line}");
    }
    assert_eq!(chronicle.shell("bash", "asof complete bash; asof complete fish --; asof complete zsh -- asof"), "");
}
