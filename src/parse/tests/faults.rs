//! What is wrong with a document, where, and what to write instead.

use super::*;

/// Every fault of an event with these lines after `title: a`, on line 1.
#[track_caller]
fn faults(lines: &str, expected: &[&str]) {
    let dated = !lines.contains("date:") && !lines.contains("until:");
    let text = format!("title: a{}\n{lines}", if dated { "\ndate: 2022" } else { "" });
    let loose = read("stem.yaml", &text);
    assert_eq!(shown(&text, &loose.faults), expected);
    assert_eq!((loose.events.len(), loose.left_out), (0, 1));
}

#[track_caller]
fn of_text(name: &str, text: &str, expected: &[&str]) -> Read {
    let loose = read(name, text);
    assert_eq!(shown(text, &loose.faults), expected);
    loose
}

#[test]
fn all_faults_of_a_document_are_told() {
    let text = "date: 2022-13\ntitle:\nactor: x\nconfidence: hihg\ntags: [a b, c]\nset: {a: 1, x.y: ~}\n";
    let loose = of_text(
        "stem.yaml",
        text,
        &[
            "1:12 bad-date «13» there is no month 13 | months are 01 to 12, seasons and parts of a year 21 to 41",
            "2:1 wrong-type «title» `title` has no value | write a text, or leave the key out",
            "3:1 unknown-key «actor» `actor` is not a key of an event | did you mean `actors`?",
            "4:13 bad-word «hihg» `confidence` cannot be `hihg` | did you mean `high`?",
            "5:8 bad-slug «a b» `a b` is not a slug | a slug is letters, digits, `-`, `_` and, not first, `.`",
            "6:7 bad-path «a» `a` is no path: a path has two or more segments joined by `.` | a path is written `talks.minsk.status`, a segment with other characters `\"in quotes\"`",
            "6:18 bad-value «~» `null` is not a value | to end a value, say `unset: [x.y]`",
        ],
    );
    assert_eq!((loose.events.len(), loose.left_out), (0, 1));
}

#[test]
fn places_count_characters_and_survive_marks_and_line_ends() {
    let text = "\u{feff}title: Путин é\r\nkind: по вод\r\ndate: 2022\r\n";
    of_text(
        "stem.yaml",
        text,
        &["2:7 bad-slug «по вод» `по вод` is not a slug | a slug is letters, digits, `-`, `_` and, not first, `.`"],
    );
    let text = "\u{feff}kind: a b\ntitle: x\ndate: 2022";
    let expected = "1:7 bad-slug «a b» `a b` is not a slug | a slug is letters, digits, `-`, `_` and, not first, `.`";
    of_text("stem.yaml", text, &[expected]);
    let text = "\u{feff}{\"title\":\"é\",\r\n \"kind\":\"ж ж\",\"date\":\"2022-13\"}";
    of_text(
        "stem.json",
        text,
        &[
            "2:9 bad-slug «\"ж ж\"» `ж ж` is not a slug | a slug is letters, digits, `-`, `_` and, not first, `.`",
            "2:28 bad-date «13» there is no month 13 | months are 01 to 12, seasons and parts of a year 21 to 41",
        ],
    );
}

#[test]
fn dates_and_ends() {
    faults(
        "until: 2022",
        &[
            "1:8 missing-key «a» an event without a `date` | write when it happened, such as `date: 2022-04-12`, or `2022-04~` for about then",
        ],
    );
    faults(
        "date: \"{2022,2023}\"",
        &[
            "2:7 bad-date «\"{2022,2023}\"» `{2022,2023}` is all of a set, and an event happens once | write `[…]` for one of them, or an event for each",
        ],
    );
    faults(
        "date: {2022, 2023}",
        &[
            "2:7 bad-date «{2022, 2023}» `{2022, 2023}` is all of a set, and an event happens once | write `[…]` for one of them, or an event for each",
        ],
    );
    faults(
        "date: 2022/2023\nuntil: 2024",
        &["3:8 bad-end «2024» the event has two ends | write `date: 2022`, or leave `until` out"],
    );
    faults(
        "date: 2022\nuntil: 2023/2024",
        &[
            "3:8 bad-end «2023/2024» `2023/2024` is an interval, and an end is one moment | write `[2023..2024]` for a moment somewhere in it",
        ],
    );
    faults(
        "date: 2022\nuntil: 2021-12",
        &["3:8 bad-end «2021-12» the end `2021-12` is not after the date `2022` | write an `until` after the `date`"],
    );
    faults("date: [a, [b]]", &[date_fault("[a, [b]]")]);
    faults(
        "date: 2022\nduring: {a.b: c}",
        &[
            "3:1 does-not-last «during» `during` in an event that does not last | give it an `until`, or an interval as `date`, such as `2022-02-24/2022-03-30`",
        ],
    );
}

/// What the fault of a date is, in the words of the reader of dates.
fn date_fault(text: &str) -> &'static str {
    let error = crate::model::date::Date::parse(text).unwrap_err();
    let help = error.help.map_or(String::new(), |help| format!(" | {help}"));
    let shown = format!("2:{} bad-date «{}» {}{help}", 7 + error.at.start, &text[error.at.clone()], error.message);
    Box::leak(shown.into_boxed_str())
}

#[test]
fn ids_and_references() {
    faults(
        "id: 2022-04",
        &["3:5 id-is-date «2022-04» the id `2022-04` is itself a date | add a word to it, such as `2022-04-signing`"],
    );
    faults(
        "because: [a#x, a#1]",
        &[
            "3:11 bad-slug «a#x» `a#x` is not the id of an event | an id is letters, digits, `-`, `_` and, not first, `.`",
        ],
    );
    let loose = of_text(
        "2022-04.yaml",
        "title: a\ndate: 2022",
        &["1:8 id-is-date «a» the id `2022-04` is itself a date | add a word to it, such as `2022-04-signing`"],
    );
    assert_eq!(loose.left_out, 1);
    let text = "- {title: a, date: 2022}\n- {title: b, date: 2022}\n- {title: c, date: 2022, id: c}\n";
    let loose = of_text(
        "my file.yaml",
        text,
        &[
            "1:11 bad-slug «a» the name of the file gives no id: `my file` is not a slug | write an `id`, or rename the file",
        ],
    );
    assert_eq!((loose.events.len(), loose.left_out), (1, 2));
}

#[test]
fn values_without_a_pattern() {
    faults(
        "set: {a.b: .inf, a.c: 123456789012345678901234567890123456789, a.d: [[1]], a.e: {low: 2, high: 1}, a.f: {}, a.g: {lwo: 1, low: x}}",
        &[
            "3:12 bad-number «.inf» `.inf` is no number that can be counted with | write at most 38 digits, or put it in quotes to make it a text",
            "3:23 bad-number «123456789012345678901234567890123456789» `123456789012345678901234567890123456789` is too long to be exact | write at most 38 digits, or put it in quotes to make it a text",
            "3:70 bad-value «[1]» a list where a text, a number or a truth is wanted | a set holds no lists and no mappings: use a path for each",
            "3:81 bad-estimate «{low: 2, high: 1}» the parts of an estimate stand in the wrong order | write one or more of `{low: …, best: …, high: …}`, the lowest first",
            "3:105 bad-estimate «{}» an estimate without a part | write one or more of `{low: …, best: …, high: …}`, the lowest first",
            "3:115 unknown-key «lwo» `lwo` is not a key of an estimate | did you mean `low`?",
            "3:128 bad-number «x» `low` takes a number, not a text",
        ],
    );
    faults(
        "add: {a.b: {low: 1}}\nincrease: {a.c: x, a.d: [1]}\nset: {a.e: }\nunset: {a.f: 1}\ndecrease: 1",
        &[
            "3:12 bad-value «{low: 1}» `add` takes a member or a list of members, not a mapping",
            "4:17 bad-value «x» `increase` takes a number or an estimate, not a text",
            "4:25 bad-value «[1]» `increase` takes a number or an estimate, not a list",
            "5:7 bad-value «a.e» `null` is not a value | to end a value, say `unset: [a.e]`",
            "6:8 wrong-type «{a.f: 1}» `unset` takes a list of paths, not a mapping | write `unset: [path, …]`",
            "7:11 wrong-type «1» `decrease` takes a mapping of paths to values, not a text",
        ],
    );
}

#[test]
fn paths_that_are_none() {
    faults(
        "set: {a.é ö: 1, a.*: 1}\nunset: [\"a.b*\", a..b]",
        &[
            "3:10 bad-path « » ` ` in a segment: put the segment in double quotes | a path is written `talks.minsk.status`, a segment with other characters `\"in quotes\"`",
            "3:19 bad-path «*» `*` stands for a whole segment, and only in a pattern | a path is written `talks.minsk.status`, a segment with other characters `\"in quotes\"`",
            "4:13 bad-path «*» `*` stands for a whole segment, and only in a pattern | a path is written `talks.minsk.status`, a segment with other characters `\"in quotes\"`",
            "4:19 bad-path «» a segment of the path is empty | a path is written `talks.minsk.status`, a segment with other characters `\"in quotes\"`",
        ],
    );
}

#[test]
fn conflicting_changes() {
    faults(
        "until: 2023\ndate: 2022\nset: {a.b: 1, \"a.\\\"b\\\"\": 2, a.c: 1, a.d: 1}\nunset: [a.c, a.c, \"a.**\"]\nduring: {a.d: 1, unset: [a.b]}\nclaims: {x: {set: {a.b: 1}}, y: {set: {a.b: 1}, unset: [a.b]}}",
        &[
            "4:15 conflicting-changes «\"a.\\\"b\\\"\"» `a.b` is set and set in one event | keep one of the two, or write two events",
            "5:9 conflicting-changes «a.c» `a.c` is set and unset in one event | keep one of the two, or write two events",
            "6:10 conflicting-changes «a.d» `a.d` is set and set while it lasts in one event | keep one of the two, or write two events",
            "7:57 conflicting-changes «a.b» `a.b` is set and unset in one event | keep one of the two, or write two events",
        ],
    );
}

#[test]
fn claims_and_during() {
    faults(
        "claims: {russia: {add: {a.b: 1}, sett: {}}, \"a b\": {set: {a.b: 1}}}",
        &[
            "3:19 unknown-key «add» `add` is not a key of a claim | a claim states a whole value: say `set`",
            "3:34 unknown-key «sett» `sett` is not a key of a claim | did you mean `set`?",
            "3:45 bad-slug «\"a b\"» `a b` is not a slug | a slug is letters, digits, `-`, `_` and, not first, `.`",
        ],
    );
    faults(
        "until: 2023\ndate: 2022\nduring: {sets: {a.b: 1}}\nclaims: {x: {during: {add: {a.b: 1}}}}",
        &[
            "4:10 unknown-key «sets» `sets` is neither a change nor a path | did you mean `set`?",
            "5:23 unknown-key «add» `add` is not a key of a claim | a claim states a whole value: say `set`",
        ],
    );
}

#[test]
fn sources_and_words() {
    faults(
        "sources:\n  - not a slug\n  - {source: x, title: y}\n  - {quote: x}\n  - {title: x, reliability: c}\n  -\nallow: {ordr-not-settled: x}\nsummary: [x]\nkind: ~\ntags: [[a]]",
        &[
            "4:5 bad-slug «not a slug» `not a slug` is not a slug | write the id of a source, or describe it in place: `{title: …, url: …}`",
            "5:17 unknown-key «title» `title` is not a key of a citation by `source` | its keys are `source`, `quote` and `page`",
            "6:5 missing-key «{quote: x}» a source without `id`, `url` or `title` | write at least one of them, by which it is known again",
            "7:29 bad-word «c» `reliability` cannot be `c` | did you mean `C`?",
            "8:4 wrong-type «» `sources` has no value | write the id of a source, or a source in place, or leave the key out",
            "9:9 bad-word «ordr-not-settled» there is no rule `ordr-not-settled` | did you mean `order-not-settled`?",
            "10:10 wrong-type «[x]» `summary` takes a text, not a list",
            "11:7 wrong-type «~» `kind` has no value | write a text, or leave the key out",
            "12:8 wrong-type «[a]» `tags` takes a text, not a list",
        ],
    );
    let text = "title: \"a\\nb\"\ndate: 2022\n---\ntitle: ''\ndate: 2022";
    of_text(
        "x.yaml",
        text,
        &[
            "1:8 wrong-type «\"a\\nb\"» `title` is longer than one line | write one line of text",
            "4:8 wrong-type «''» `title` is empty | write one line of text",
        ],
    );
}

#[test]
fn documents_that_are_none() {
    let text = "titel: a\n---\n- 1\n- {title: a, expect: {}}\n- [{}]\n- {}\n- {foo: 1}\n";
    let loose = of_text(
        "x.yaml",
        text,
        &[
            "1:1 unknown-document «titel» a document with neither `title` nor `expect` | did you mean `title`?",
            "3:3 unknown-document «1» a text where an event or an expectation is wanted | an event is a mapping with `date` and `title`",
            "4:14 unknown-document «expect» a document with both `title` and `expect` | write two documents: an event has `title`, an expectation `expect`",
            "5:3 unknown-document «[{}]» a list where an event or an expectation is wanted | an event is a mapping with `date` and `title`",
            "6:3 unknown-document «{}» a document with neither `title` nor `expect` | an event has a `title`, an expectation has `expect`",
            "7:4 unknown-document «foo» a document with neither `title` nor `expect` | an event has a `title`, an expectation has `expect`",
        ],
    );
    assert_eq!(loose.left_out, 6);
}

#[test]
fn yaml_that_is_none_costs_one_document() {
    let text = "title: a\ndate: 2022\nid: a\n---\ntitle: b: c\n---\ntitle: c\ndate: 2022\nid: c\n";
    let loose = of_text(
        "x.yaml",
        text,
        &["5:9 syntax «:» a `:` where none can be | put the text in quotes, or see that the lines are indented alike"],
    );
    assert_eq!((loose.events.len(), loose.left_out), (2, 1));
    let text = "- {title: a, date: 2022}\n- {title: \"b\n";
    let loose = of_text("x.yaml", text, &["2:11 syntax «\"» a quote is opened and not closed | close it"]);
    assert_eq!((loose.events[0].id.as_str(), loose.left_out), ("x#1", 1));
    let text = "title: a\ndate: *when\ntags: !mine [a]\n<<: 1\n? [a]\n: b\ndate: 2022\n";
    of_text(
        "x.yaml",
        text,
        &[
            "2:7 syntax «*when» the alias `*when` names no anchor | name a value with `&when` before it, or put the text in quotes",
            "3:7 syntax «!mine» the tag `!mine` does not fit here | leave the tag out: only the tags of the core schema are read, such as `!!str`",
            "4:1 unknown-key «<<» `<<` is not a key of an event | its keys are `date`, `title`, `id`, `summary`, `until`, `known`, `kind`, `place`, `actors`, `tags`, `sources`, `confidence`, `because`, `after`, `replaces`, `set`, `unset`, `add`, `remove`, `increase`, `decrease`, `during`, `claims`, `allow` and `meta`",
            "5:3 wrong-type «[a]» a key is a text, not a list | put the key in quotes",
            "7:1 duplicate-key «date» `date` stands twice | keep one of the two",
        ],
    );
}

#[test]
fn json_is_strict() {
    for (text, expected) in [
        ("{\"title\":\"a\",}", "1:14 syntax «}» `}` where a key in double quotes is wanted"),
        ("{\"title\":'a'}", "1:10 syntax «'» `'` where a value is wanted"),
        (
            "{\"title\":012}",
            "1:10 syntax «01» a number cannot begin with `0` | leave the `0` out, or put it in quotes to make it a text",
        ),
        (
            "{\"title\":\"\\ud800x\"}",
            "1:11 syntax «\\ud800» `\\ud800` is half a character | write both surrogates, or the character itself",
        ),
        ("{\"title\":\"a\tb\"}", "1:12 syntax «\t» `\\t` where an escape such as `\\n` is wanted"),
        ("{\"title\":\"a\"} x", "1:15 syntax «x» `x` where the end is wanted"),
        ("{\"title\":nul}", "1:10 syntax «n» `n` where a value is wanted"),
        ("{\"title\":\"a\"", "1:13 syntax «» the text ends where `,` or `}` is wanted"),
        (
            "{\"title\":\"a\",\"date\":\"2022\",\"title\":\"b\"}",
            "1:28 duplicate-key «\"title\"» `title` stands twice | keep one of the two",
        ),
    ] {
        assert_eq!(of_text("x.json", text, &[expected]).left_out, 1);
        assert_eq!(of_text("x.jsonl", text, &[expected]).left_out, 1);
    }
    let text = "{\"title\":\"a\",\"date\":\"2022\"}\n{\n{\"title\":\"c\",\"date\":\"2022\"}\n";
    let loose = of_text("x.jsonl", text, &["2:2 syntax «» the text ends where a key in double quotes is wanted"]);
    assert_eq!(loose.events.iter().map(|event| &*event.id).collect::<Vec<_>>(), ["x#1", "x#3"]);
}

#[test]
fn expectations() {
    let text = "expect:\n  a.b: {inclues: x, size: -1, at_least: a}\n  a.c: ~\n  a.d: {}\n  a.e: {absent: no, at_most: .nan}\n  a: 1\nas_off: 2022\nonly: {}\nas_of: {a: b}\nknown_by:\n  - x\n";
    of_text(
        "x.yaml",
        text,
        &[
            "2:9 unknown-key «inclues» `inclues` is not an operator | did you mean `includes`?",
            "2:27 bad-number «-1» `-1` is not the size of a set | write 0 or a whole number above it",
            "2:41 wrong-type «a» `at_least` takes a number, not a text",
            "3:8 bad-value «~» `null` is not a value | to expect no value, say `{absent: true}`",
            "4:8 wrong-type «{}» nothing is expected of `a.d` | write a value, or one of `equals`, `includes`, `excludes`, `absent`, `at_least`, `at_most`, `size`, `one_of`, `disputed` and `possible`",
            "5:17 wrong-type «no» `absent` takes `true` or `false`, not a text",
            "5:30 bad-number «.nan» `.nan` is no number that can be counted with | write at most 38 digits, or put it in quotes to make it a text",
            "6:3 bad-path «a» `a` is no path: a path has two or more segments joined by `.` | a path is written `talks.minsk.status`, a segment with other characters `\"in quotes\"`",
            "7:1 unknown-key «as_off» `as_off` is not a key of an expectation | did you mean `as_of`?",
            "8:7 wrong-type «{}» `only` takes a text, not a mapping",
            "11:3 wrong-type «- x» `known_by` takes a date or the id of an event, not a list",
        ],
    );
}
