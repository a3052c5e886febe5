//! What stands where, in texts that are whole and in texts that are broken.

use super::*;
use proptest::prelude::*;

/// The words of a text, each with its steps: `set.a.b=value`, `=` before a value, `:` behind a key, `~` before either.
fn told(text: &str, writing: Writing) -> Vec<String> {
    let outline = Outline::of(text, writing);
    let told = |word: &Word| {
        assert!(text[word.place.clone()].len() <= text.len());
        let steps = outline.steps(word).into_iter().map(|step| match step {
            Step::Key(key) => format!("{key}/"),
            Step::Item => "-/".to_owned(),
        });
        let steps: String = steps.collect();
        match word.role {
            Role::Key => format!("{steps}{}:", word.text),
            Role::Value => format!("{steps}={}", word.text),
            Role::Either => format!("{steps}~{}", word.text),
        }
    };
    outline.words.iter().map(told).collect()
}

#[test]
fn words_stand_below_their_keys() {
    let text = "\
date: 2022-04~ # when
title: 'It''s: so'
summary: >-
  not: a key
  - nor an item

actors: [putin, \"trump\"]
because:
- one
-   two
sources:
  - article: A quote
  - {title: T, date: 2022}
  - title: U
    url: \"https://x/#y\"
set:
  talks.a.status: agreed
  a.\"x.y\".z: [p, q]
claims: {russia: {set: {a.b: c}}}
";
    let expected = [
        "date:",
        "date/=2022-04~",
        "title:",
        "title/=It's: so",
        "summary:",
        "actors:",
        "actors/-/=putin",
        "actors/-/=trump",
        "because:",
        "because/-/~one",
        "because/-/~two",
        "sources:",
        "sources/-/article:",
        "sources/-/article/=A quote",
        "sources/-/title:",
        "sources/-/title/=T",
        "sources/-/date:",
        "sources/-/date/=2022",
        "sources/-/title:",
        "sources/-/title/=U",
        "sources/-/url:",
        "sources/-/url/=https://x/#y",
        "set:",
        "set/talks.a.status:",
        "set/talks.a.status/=agreed",
        "set/a.\"x.y\".z:",
        "set/a.\"x.y\".z/-/=p",
        "set/a.\"x.y\".z/-/=q",
        "claims:",
        "claims/russia:",
        "claims/russia/set:",
        "claims/russia/set/a.b:",
        "claims/russia/set/a.b/=c",
    ];
    assert_eq!(told(text, Writing::Yaml), expected);
    assert_eq!(told(&text.replace('\n', "\r\n"), Writing::Yaml), expected);
}

#[test]
fn json_is_read_as_well() {
    let text = r#"[{"date": "2022", "set": {"a.\"x.y\"": ["p"]}}, {"title": "T"}]"#;
    let expected = ["date:", "date/=2022", "set:", "set/a.\"x.y\":", "set/a.\"x.y\"/-/=p", "title:", "title/=T"];
    assert_eq!(told(text, Writing::Json), expected);
    let outline = Outline::of(text, Writing::Json);
    assert_eq!(outline.documents().len(), 2);
    let lines = "{\"title\": \"A\"}\n{\"title\": \"B, \n{\"title\": \"C\"}\n";
    assert_eq!(told(lines, Writing::Lines), ["title:", "title/=A", "title:", "title/=B,", "title:", "title/=C"]);
    assert_eq!(Outline::of(lines, Writing::Lines).documents().len(), 3);
}

#[test]
fn what_is_being_typed_stands_where_it_will_stand() {
    let at = |text: &str| {
        let marked = told(&text.replace('|', "~~"), Writing::Yaml);
        marked.into_iter().find(|word| word.contains("~~")).unwrap_or_default()
    };
    assert_eq!(at("date: 2022\n|\nset:\n  a.b: c\n"), "~~~");
    assert_eq!(at("set:\n  |\n"), "set/~~~");
    assert_eq!(at("set:\n  a.b: c\n  |\ntitle: T\n"), "set/~~~");
    assert_eq!(at("set: {a.b: c, |}\n"), "set/~~~");
    assert_eq!(at("set: {a.b: |\ntitle: T\n"), "set/a.b/=~~");
    assert_eq!(at("set: {a.|\ntitle: T\n"), "set/~a.~~");
    assert_eq!(at("set:\n  a.b: |\n"), "set/a.b/=~~");
    assert_eq!(at("because: [one, |\ntitle: T\n"), "because/-/=~~");
    assert_eq!(at("because:\n  - |\n"), "because/-/~~~");
    assert_eq!(at("because:\n- one\n|\n"), "~~~");
    assert_eq!(at("sources:\n  - title: T\n    |\n"), "sources/-/~~~");
    assert_eq!(at("claims:\n  russia:\n    |\n"), "claims/russia/~~~");
    assert_eq!(at("claims:\n  russia:\n    set:\n      a.b: c\n  |\n"), "claims/~~~");
    assert_eq!(at("title: \"open\nset:\n  a.|\n"), "set/~a.~~");
    assert_eq!(at("title: T # |\n"), "");
    assert_eq!(at("summary: |\n  text |\n").replace("~~", ""), "summary/=", "a mark is no head of a block");
    assert_eq!(at("title: A\n---\nset: {|"), "set/~~~");
}

#[test]
fn a_line_that_is_broken_breaks_no_other() {
    let whole = "title: T\nset:\n  a.b: c\n---\ntitle: U\nset: {d.e: f}\n";
    for broken in ["tags: [x\n", "tags: {x: [y\n", "summary: \"x\n", "?? ]}:\n", "- x\n", "\t\n", "summary: 'x\n"] {
        let text = format!("date: 2022\n{broken}{whole}");
        let words = told(&text, Writing::Yaml);
        assert!(words.contains(&"set/a.b/=c".to_owned()), "{broken:?}: {words:?}");
        assert!(words.contains(&"set/d.e/=f".to_owned()), "{broken:?}: {words:?}");
        assert_eq!(Outline::of(&text, Writing::Yaml).documents().len(), 2, "{broken:?}");
    }
}

proptest! {
    #[test]
    fn no_text_is_too_broken(text in "([-:,#|>'\"\\[\\]{}&!. a\u{a0}é\u{feff}\n\r\t]|---\n|a: |set:\n  ){0,60}") {
        for writing in [Writing::Yaml, Writing::Json, Writing::Lines] {
            let outline = Outline::of(&text, writing);
            for word in &outline.words {
                prop_assert!(text.get(word.place.clone()).is_some());
                outline.steps(word);
            }
            prop_assert!(outline.words.is_sorted_by_key(|word| word.place.start));
            let known: usize = outline.documents().iter().map(|document| document.words.len()).sum();
            prop_assert_eq!(known, outline.words.len());
            (0..=text.len()).for_each(|at| _ = outline.at(at));
        }
    }
}

#[test]
fn depth_and_length_are_no_trouble() {
    let deep = "[".repeat(100_000) + &"{a: ".repeat(100_000);
    assert_eq!(Outline::of(&deep, Writing::Yaml).words.len(), 100_000);
    let dashes = "- ".repeat(20_000);
    assert!(Outline::of(&dashes, Writing::Yaml).words.is_empty());
}
