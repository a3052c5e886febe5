//! Texts that nobody writes in good faith: they cost no more than they hold, and nothing panics.

use proptest::prelude::*;

use super::*;

#[track_caller]
fn codes(name: &str, text: &str) -> Vec<&'static str> {
    read(name, text).faults.iter().map(|fault| fault.code.name()).collect()
}

#[test]
fn alias_bombs_are_refused() {
    let mut bomb = "title: a\ndate: 2022\nmeta:\n  - &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let inside = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb += &format!("  - &a{level} [{inside}]\n");
    }
    assert_eq!(codes("x.yaml", &bomb), ["too-many-aliases"]);
    let long = format!("title: a\ndate: 2022\nmeta: [&a {}, {}]\n", "x".repeat(100_000), "*a, ".repeat(100_000));
    assert_eq!(codes("x.yaml", &long), ["too-many-aliases"]);
    let shared = format!("- &a {{title: a, date: 2022}}\n{}", "- *a\n".repeat(2_000));
    assert_eq!(read("x.yaml", &shared).events.len(), 2_001);
    assert_eq!(codes("x.yaml", "title: a\ndate: 2022\nmeta: &a [*a]\n"), ["syntax"]);
}

#[test]
fn depth_is_limited() {
    let nested = |depth: usize| format!("title: a\ndate: 2022\nmeta: {}{}\n", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(codes("x.yaml", &nested(63)), [""; 0]);
    assert_eq!(codes("x.yaml", &nested(64)), ["too-deep"]);
    assert_eq!(codes("x.yaml", &nested(200)), ["too-deep"]);
    assert_eq!(codes("x.yaml", &nested(100_000)), ["too-deep"]);
    let json = |depth: usize| {
        format!("{{\"title\":\"a\",\"date\":\"2022\",\"meta\":{}{}}}", "[".repeat(depth), "]".repeat(depth))
    };
    assert_eq!(codes("x.json", &json(63)), [""; 0]);
    assert_eq!(codes("x.json", &json(64)), ["too-deep"]);
    assert_eq!(codes("x.jsonl", &json(100_000)), ["too-deep"]);
    assert_eq!(codes("x.yaml", &"- ".repeat(100_000)), ["too-deep"]);
    // Aliases are no way around it.
    let by_alias = format!(
        "title: a\ndate: 2022\nmeta:\n- &a {}{}\n- {}*a{}\n",
        "[".repeat(40),
        "]".repeat(40),
        "[".repeat(40),
        "]".repeat(40)
    );
    assert_eq!(codes("x.yaml", &by_alias), ["too-deep"]);
    let after = format!("{}---\ntitle: b\ndate: 2022\n", nested(64));
    assert_eq!(read("x.yaml", &after).events.len(), 1);
}

#[test]
fn nothing_is_cut_off_in_silence() {
    let places = [
        "title: a\0b",
        "title: 'a\0b'",
        "title: \"a\0b\"",
        "title: |\n  a\0b",
        "title: a # \0",
        "title: a\n\0",
        "\0",
        "title: [a\0]",
        "? \0",
        "&a\0 b: c",
    ];
    for place in places {
        let text = format!("{place}\ndate: 2022-13\n---\ntitle: 1\n");
        let loose = read("x.yaml", &text);
        assert!(
            loose.faults.iter().any(|fault| fault.code == Code::Syntax),
            "{place:?}: {:?}",
            shown(&text, &loose.faults)
        );
    }
}

#[test]
fn many_keys_are_no_trap() {
    let keys: String = (0..50_000).map(|number| format!("  a.k{number}: 1\n")).collect();
    let text = format!("title: a\ndate: 2022\nset:\n{keys}  a.k1: 2\n");
    assert_eq!(codes("x.yaml", &text), ["duplicate-key"]);
}

/// Pieces that mean something to either syntax.
const PIECES: [&str; 24] = [
    "\n",
    "---\n",
    "...\n",
    "- ",
    ": ",
    "? ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\"",
    "'",
    "|\n",
    ">-\n",
    "&a ",
    "*a",
    "!!str ",
    "#",
    "\0",
    "\u{feff}",
    "é",
    "\t",
    "%YAML 1.2\n",
];

fn check(name: &str, text: &str) {
    let manifest = Manifest::default();
    let loose = read_with(name, text, &manifest);
    let faults = loose.faults.iter();
    let places = faults.flat_map(|fault| fault.notes.iter().filter_map(|note| note.place).chain([fault.place]));
    for place in places.chain(loose.events.iter().map(|event| event.place)) {
        let within = text.get(place.start as usize..place.end as usize).is_some();
        assert!(within, "{place:?} in {text:?}");
    }
    if loose.left_out > 0 {
        assert!(!loose.faults.is_empty());
    }
    let (_, faults) = super::super::manifest(&texts(&[("chronicle.yaml", text)]), &Default::default());
    for fault in faults {
        assert!(text.get(fault.place.start as usize..fault.place.end as usize).is_some());
    }
}

proptest! {
    #[test]
    fn mutations_never_panic(edits in prop::collection::vec((0..WHOLE.len(), 0usize..12, 0..PIECES.len()), 1..6)) {
        let mut text = WHOLE.to_owned();
        for (at, cut, piece) in edits {
            let mut start = at.min(text.len());
            while !text.is_char_boundary(start) { start -= 1; }
            let mut end = (start + cut).min(text.len());
            while !text.is_char_boundary(end) { end -= 1; }
            text.replace_range(start..end.max(start), PIECES[piece]);
        }
        check("x.yaml", &text);
    }

    #[test]
    fn pieces_never_panic(pieces in prop::collection::vec((0..PIECES.len(), "[a-z0-9.é]{0,3}"), 0..30)) {
        let text: String = pieces.into_iter().map(|(piece, word)| format!("{}{word}", PIECES[piece])).collect();
        for name in ["x.yaml", "x.json", "x.jsonl"] {
            check(name, &text);
        }
    }

    #[test]
    fn json_mutations_never_panic(at in 0usize..120, cut in 0usize..5, piece in 0..PIECES.len()) {
        let mut text = "{\"title\":\"\\ud83d\\ude00é\",\"date\":\"2022\",\"set\":{\"a.b\":-1.5e+3,\"a.c\":[true,null,{\"low\":1}]},\"meta\":[[],{}]}".to_owned();
        let mut start = at.min(text.len());
        while !text.is_char_boundary(start) { start -= 1; }
        let mut end = (start + cut).min(text.len());
        while !text.is_char_boundary(end) { end -= 1; }
        text.replace_range(start..end.max(start), PIECES[piece]);
        check("x.json", &text);
        check("x.jsonl", &text);
    }
}
