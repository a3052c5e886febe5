//! The laws of formatting: twice is once, what is loaded stays the same, and every comment is at what it speaks of.

use super::*;
use crate::parse::written::written;

fn formatted(text: &str) -> String {
    let formatted = format(text);
    assert_eq!(formatted.kept, [], "{text}");
    formatted.text
}

#[test]
fn comments_stay_at_what_they_speak_of() {
    let text = "\
# The file.

# Before the title.
title: \"x\" # behind the title

# Before the date, after an empty line.
date: '2022' # behind the date
summary: > # behind the header
  Some
  words.
tags: # behind the key
- b # behind b
# before a
- a
  # at the end of the tags
set: {a.b: 1, # behind a.b
  # before a.c
  a.c: [ # behind the bracket
    z, a ]} # behind the brace
claims:
# before un, further left
  un:
    set:
      a.b: 2
      # at the end of the changes of un
    # at the end of un
  # at the end of the claims
sources:
  - # behind the dash
    url: https://a.b
    # before the title
    title: T
# At the end.
";
    let written = "\
# The file.

# Before the date, after an empty line.
date: 2022 # behind the date
# Before the title.
title: x # behind the title
summary: > # behind the header
  Some words.
tags: # behind the key
  - b # behind b
  # before a
  - a
  # at the end of the tags
sources:
  # behind the dash
  # before the title
  - title: T
    url: https://a.b
set: # behind the brace
  a.b: 1 # behind a.b
  # before a.c
  a.c:
    # behind the bracket
    - z
    - a
claims:
  # before un, further left
  un:
    set:
      a.b: 2
      # at the end of the changes of un
    # at the end of un
  # at the end of the claims
# At the end.
";
    assert_eq!(formatted(text), written);
    assert_eq!(formatted(written), written);
    assert_eq!(formatted(&format!("\u{feff}{}", text.replace('\n', "\r\n"))), written);
}

#[test]
fn documents_keep_their_order_and_their_marks() {
    let text = "# Head.\n---   # first\ntitle: x\ndate: 2022\n# foot\n\n--- \n\n\nexpect: {a.b: {size: 1, includes: x}}\nas_of: '2022'\n";
    let written = "# Head.\n--- # first\ndate: 2022\ntitle: x\n# foot\n---\nas_of: 2022\nexpect:\n  a.b: {size: 1, includes: x}\n";
    assert_eq!(formatted(text), written);
    let list = "# Head.\n\n# first\n- title: x\n  date: 2022\n\n# second\n-   {title: z, date: 2023}\n# foot\n";
    let written = "# Head.\n\n# first\n- date: 2022\n  title: x\n\n# second\n- date: 2023\n  title: z\n# foot\n";
    assert_eq!(formatted(list), written);
}

#[test]
fn what_a_tree_does_not_tell_stays_as_it_is() {
    let odd = [
        ("title: &a x\ndate: 2022\nmeta: *a\n", "it has anchors"),
        ("title: !!str x\ndate:   2022\n", "it has tags"),
        ("%YAML 1.2\n", "it has a directive or `...` in it"),
        ("title:  x\ndate: 2022\n...\n", "it has a directive or `...` in it"),
        ("title: \"x\n", "it cannot be read"),
        ("title: x\ntitle: y\n", "it cannot be read"),
        ("just words\n", "it is no mapping and no list"),
        ("title:  x\rdate: 2022\n", "it has carriage returns in it"),
    ];
    for (text, reason) in odd {
        let all = format!("title:   a\n---\n{text}---\ntitle:   b\n");
        let formatted = format(&all);
        assert_eq!(formatted.kept, [(2, reason)], "{text}");
        assert_eq!(formatted.text, format!("title: a\n---\n{text}---\ntitle: b\n"));
    }
}

#[test]
fn dates_that_look_like_lists_keep_their_words() {
    for date in ["[1667,1668]", "[1667, 1668]", "[2022-04-01..2022-04-04]", "[..2026]"] {
        let text = format!("date: {date}\ntitle: x\nset:\n  a.b: {date}\n  c.d: x\n");
        assert_eq!(formatted(&text), text);
    }
}

/// Lines of an event with comments put between and behind them, and empty lines.
fn commented() -> impl Strategy<Value = String> {
    let noise = vec((0..6usize, 0..9usize, any::<bool>()), 0..60);
    (event(), noise, any::<bool>()).prop_map(|(event, noise, crlf)| {
        let mut text = String::new();
        let mut noise = noise.into_iter();
        for (number, line) in super::super::event(&event).lines().enumerate() {
            let (what, indent, behind) = noise.next().unwrap_or((5, 0, false));
            match what {
                0 => text.push_str(&format!("{:indent$}# own {number}\n", "")),
                1 => text.push_str(&format!("\n{:indent$}#own {number}\n", "")),
                2 => text.push('\n'),
                _ => {}
            }
            text.push_str(line);
            if behind && what % 2 == 0 {
                text.push_str(&format!("  # behind {number} "));
            }
            text.push('\n');
        }
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

fn comments_of(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    let Ok(written) = written(&text) else { return Vec::new() };
    let mut comments: Vec<String> = written.comments.into_iter().map(|at| text[at].trim_end().to_owned()).collect();
    comments.sort();
    comments
}

proptest! {
    /// Whatever stands where: nothing is lost and nothing means anything else.
    #[test]
    fn formatting_changes_no_meaning_and_loses_no_comment(text in commented()) {
        let once = format(&text);
        prop_assert_eq!(told(&read("x.yaml", &once.text)), told(&read("x.yaml", &text)), "{}\n{}", text, once.text);
        prop_assert_eq!(comments_of(&once.text), comments_of(&text), "{}\n{}", text, once.text);
        prop_assert_eq!(&format(&once.text), &once, "{}", text);
        // A document is left as it is for what its tree does not tell, and for nothing else.
        let given_up = |(_, reason): &(usize, &str)| reason.starts_with("it could not") || reason.starts_with("it has no");
        prop_assert!(!once.kept.iter().any(given_up), "{:?}\n{}", once.kept, text);
    }

    /// Keys in any order: each comment before or behind a key stays there.
    #[test]
    fn comments_move_with_their_keys(event in event(), turn in 0..20usize) {
        let Free::Map(keys) = &event else { unreachable!() };
        let mut blocks: Vec<String> = keys
            .iter()
            .map(|entry| {
                let lines = super::super::event(&Free::Map(vec![entry.clone()]));
                format!("# before {}\n{lines}", entry.0)
            })
            .collect();
        let many = blocks.len();
        blocks.rotate_left(turn % many);
        let text = formatted(&blocks.concat());
        for (key, _) in keys {
            let at = text.find(&format!("# before {key}\n")).unwrap();
            let next = text[at..].lines().nth(1).unwrap();
            prop_assert!(next.starts_with(&format!("{key}:")), "{}", text);
        }
    }

    /// What the writer writes is canonical already.
    #[test]
    fn what_is_written_is_formatted(event in event()) {
        let text = super::super::event(&event);
        prop_assert_eq!(formatted(&text), text);
    }
}
