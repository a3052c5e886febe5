//! The manifest and its tables, and what they hold against events.

use super::*;
use crate::model::manifest::Holds;

const WHOLE: &str = r#"
asof: 1
title: Negotiations
timezone: Europe/Kyiv
seasons: southern
circa: {day: 3, month: 1, year: 2}
entities:
  putin: {name: Vladimir Putin, kind: person, also: [Путин]}
  istanbul: {name: Istanbul, kind: place, at: [41.01, 28.98], meta: {x: 1}}
  rose:
voices:
  russia: {name: Russian government}
  kremlin: {name: Kremlin press service, part_of: russia}
sources:
  article: {title: T, publisher: P, date: 2025-05-15, url: U, reliability: C}
  reprint: {title: R, from: article}
check: {order-not-settled: off, cause-may-be-later: error}
paths:
  talks.**: {label: Talks}
  talks.*.status:
    label: Status
    one_of: [proposed, agreed, held]
    from: {proposed: [agreed, held], agreed: held, held: }
  talks.*.members: {set_of: entity}
  talks.*.side: {set_of: [east, west]}
  prisoners.exchanged: {type: number, unit: people}
  prisoners.known: {type: estimate}
  talks.*.day: {type: date}
  talks.*.open: {type: bool}
  talks.*.chair: {type: entity}
"#;

#[test]
fn every_key_of_the_manifest_is_read() {
    let manifest = manifest_of(WHOLE);
    assert_eq!(manifest.title.as_deref(), Some("Negotiations"));
    assert_eq!(manifest.calendar.zone.name(), "Europe/Kyiv");
    assert_eq!((manifest.calendar.circa.day, manifest.calendar.circa.year), (3, 2));
    let entities = manifest.entities.unwrap();
    assert_eq!(entities["istanbul"].at, Some((41.01, 28.98)));
    assert_eq!((entities["putin"].also.len(), entities["rose"].name.as_deref()), (1, None));
    assert_eq!(manifest.voices.unwrap()["kremlin"].part_of.as_ref().unwrap().value, "russia");
    let sources = manifest.sources.unwrap();
    assert_eq!((sources["article"].reliability, sources["article"].id.as_deref()), (Some('C'), Some("article")));
    assert_eq!(sources["reprint"].from.as_ref().unwrap().value, "article");
    assert_eq!(manifest.check[&Code::OrderNotSettled], None);
    let paths = manifest.paths.unwrap();
    assert_eq!((paths[0].pattern.as_str(), paths[0].unit.as_deref()), ("prisoners.exchanged", Some("people")));
    assert_eq!(paths.last().unwrap().pattern.as_str(), "talks.**");
    let status = paths.iter().find(|rule| rule.pattern.as_str() == "talks.*.status").unwrap();
    assert!(matches!(&status.holds, Some(Holds::OneOf(words)) if words.len() == 3));
    assert_eq!(status.from.as_ref().unwrap()["agreed"], ["held"]);
    assert_eq!(status.from.as_ref().unwrap()["held"], [""; 0]);
}

#[test]
fn tables_may_stand_in_files_of_their_own() {
    let files = [
        ("chronicle.yml", "title: x"),
        ("entities.yaml", "putin: {name: P}"),
        ("events/voices.yaml", "no: table"),
        ("paths.yml", "\"a.*\": {type: number}"),
    ];
    let (manifest, faults) = super::super::manifest(&texts(&files), &Default::default());
    assert_eq!(faults, []);
    assert!(manifest.entities.unwrap().contains_key("putin"));
    assert!(manifest.voices.is_none() && manifest.paths.unwrap().len() == 1);
    let (manifest, _) = super::super::manifest(&texts(&files), &[FileId(1)].into());
    assert!(manifest.entities.is_none());
    assert!(is_manifest("paths.yml") && is_manifest("chronicle.yaml"));
    assert!(!is_manifest("events/paths.yml") && !is_manifest("paths.json") && !is_manifest("x.yaml"));
}

#[test]
fn a_table_is_given_once() {
    let files = [
        ("chronicle.yaml", "entities: {a: {}}"),
        ("chronicle.yml", "title: x"),
        ("entities.yaml", "b: {}"),
        ("voices.yaml", "b: {}\n---\nc: {}"),
    ];
    let (manifest, faults) = super::super::manifest(&texts(&files), &Default::default());
    let told: Vec<(u32, &str, Option<FileId>)> = faults
        .iter()
        .map(|fault| {
            let note = fault.notes.first().and_then(|note| note.place);
            (fault.place.file.0, fault.message.as_str(), note.map(|place| place.file))
        })
        .collect();
    let expected = [
        (1, "`chronicle` is given twice", Some(FileId(0))),
        (2, "`entities` is given twice", Some(FileId(0))),
        (3, "a second document", None),
    ];
    assert_eq!(told, expected);
    assert!(manifest.entities.unwrap().contains_key("a"));
}

#[track_caller]
fn faults(text: &str, expected: &[&str]) -> Manifest {
    let (manifest, faults) = super::super::manifest(&texts(&[("chronicle.yaml", text)]), &Default::default());
    assert_eq!(shown(text, &faults), expected);
    manifest
}

#[test]
fn faults_of_the_manifest() {
    faults(
        "asof: 2\ntitel: x\ntimezone: europe/kyiv\nseasons: norther\ncirca: {day: 0, week: 1}\ncheck: {order-not-setled: off, cause-may-be-later: no}\n",
        &[
            "1:7 format-version «2» format version `2` is not known | write `asof: 1`, or use a later release of the program",
            "2:1 unknown-key «titel» `titel` is not a key of the manifest | did you mean `title`?",
            "3:11 bad-word «europe/kyiv» there is no time zone `europe/kyiv` | did you mean `Europe/Kyiv`?",
            "4:10 bad-word «norther» `seasons` cannot be `norther` | did you mean `northern`?",
            "5:14 bad-number «0» `day` takes a whole number, not `0` | write a number from 1 to 10000",
            "5:17 unknown-key «week» `week` is not a key of `circa` | its keys are `day`, `month` and `year`",
            "6:9 bad-word «order-not-setled» there is no rule `order-not-setled` | did you mean `order-not-settled`?",
            "6:52 bad-word «no» `cause-may-be-later` cannot be `no` | write one of `error`, `warning`, `hint` and `off`",
        ],
    );
    faults(
        "entities: {a: {nam: x}, b: {at: [91, 0]}, \"c d\": , e\u{301}: , é: }\nvoices: {a: {part_of: b}, b: {part_of: c}, c: {part_of: a}, d: {part_of: rusia}, russia: }\nsources: {a: {from: b, reliability: G}}\n",
        &[
            "1:16 unknown-key «nam» `nam` is not a key of an entity | did you mean `name`?",
            "1:33 wrong-type «[91, 0]» `at` takes latitude and longitude in degrees | write `[latitude, longitude]`, such as `[41.01, 28.98]`",
            "1:43 bad-slug «\"c d\"» `c d` is not a slug | a slug is letters, digits, `-`, `_` and, not first, `.`",
            "1:58 duplicate-key «é» `é` stands twice | keep one of the two",
            "2:23 cycle «b» `a` is part of itself: `a` → `b` → `c` → `a` | leave one of these links out",
            "2:74 unknown-voice «rusia» the manifest has no voice `rusia` | did you mean `russia`?",
            "3:21 unknown-source «b» the manifest has no source `b` | did you mean `a`?",
            "3:37 bad-word «G» `reliability` cannot be `G` | write an Admiralty grade, `A` (reliable) to `E`, or `F` (cannot be judged)",
        ],
    );
}

#[test]
fn faults_of_the_table_of_paths() {
    faults(
        "paths:\n  a.b: number\n  a.c: {type: numbr, one_of: [x]}\n  a.d: {unit: x}\n  a.e: {one_of: [x, y], from: {x: [z], w: y}}\n  \"a.\\\"b\\\"\": {}\n  a: {}\n  a.b*: {}\n  a.f: {one_of: []}\n",
        &[
            "2:8 wrong-type «number» `a.b` takes a mapping, not a text | write `{type: number}`",
            "3:15 bad-word «numbr» `type` cannot be `numbr` | did you mean `number`?",
            "3:22 wrong-type «one_of» both `type` and `one_of` say what the path holds | keep one of `type`, `one_of` and `set_of`",
            "4:9 wrong-type «unit» `unit` is for numbers and estimates | add `type: number` or `type: estimate`, or leave `unit` out",
            "5:36 bad-word «z» `z` is not a word of `one_of` | did you mean `x`?",
            "5:40 bad-word «w» `w` is not a word of `one_of` | did you mean `x`?",
            "6:3 duplicate-key «\"a.\\\"b\\\"\"» `a.\"b\"` stands twice | keep one of the two",
            "7:3 bad-path «a» `a` matches no path: a path has two or more segments | join segments by `.`",
            "8:6 bad-path «*» `*` stands for a whole segment, and only in a pattern | a path is written `talks.minsk.status`, a segment with other characters `\"in quotes\"`",
            "9:17 wrong-type «[]» `one_of` lists no word | write the words that the path may hold",
        ],
    );
}

#[track_caller]
fn held_against(lines: &str, expected: &[&str]) -> Vec<Diagnostic> {
    let manifest = manifest_of(&WHOLE.replace("  talks.**: {label: Talks}\n", ""));
    let text = format!("title: a\ndate: 2022\n{lines}\n");
    let loose = read_with("stem.yaml", &text, &manifest);
    assert_eq!(shown(&text, &loose.faults), expected);
    loose.faults
}

#[test]
fn unknown_names_have_a_nearest() {
    held_against(
        "place: istambul\nactors: [putin, xyz]\nclaims: {rusia: {set: {talks.x.status: held}}}",
        &[
            "3:8 unknown-entity «istambul» the manifest has no entity `istambul` | did you mean `istanbul`?",
            "4:17 unknown-entity «xyz» the manifest has no entity `xyz` | add it to `entities` in the manifest",
            "5:10 unknown-voice «rusia» the manifest has no voice `rusia` | did you mean `russia`?",
        ],
    );
    held_against(
        "set:\n  talks.istanbul-2025.statsu: proposed\n  talks.minsk.x.y.z: 1\n  foo.bar: 1\nunset: [prisoners.exchangd]",
        &[
            "4:3 unknown-path «talks.istanbul-2025.statsu» no path pattern matches `talks.istanbul-2025.statsu` | did you mean `talks.istanbul-2025.status`?",
            "5:3 unknown-path «talks.minsk.x.y.z» no path pattern matches `talks.minsk.x.y.z` | the patterns below `talks` are `talks.*.chair`, `talks.*.day`, `talks.*.members` and `talks.*.open`",
            "6:3 unknown-path «foo.bar» no path pattern matches `foo.bar` | add a pattern for it to `paths` in the manifest",
            "7:9 unknown-path «prisoners.exchangd» no path pattern matches `prisoners.exchangd` | did you mean `prisoners.exchanged`?",
        ],
    );
}

#[test]
fn values_are_held_against_the_pattern() {
    let faults = held_against(
        "set: {talks.x.status: helt, talks.x.members: putin, talks.x.side: [north], prisoners.exchanged: \"12\", prisoners.known: many, talks.x.day: 2022-13, talks.x.open: 1, talks.x.chair: poutin, talks.y.status: [held], talks.y.day: {2022}}",
        &[
            "3:23 value-not-allowed «helt» `talks.x.status` cannot be `helt` | did you mean `held`?",
            "3:46 value-not-allowed «putin» `talks.x.members` holds a set of entities, not a text | write a list: `[putin]`",
            "3:68 value-not-allowed «north» `talks.x.side` cannot be `north` | write one of `east` and `west`",
            "3:97 value-not-allowed «\"12\"» `prisoners.exchanged` holds a number, not a text",
            "3:120 value-not-allowed «many» `prisoners.known` holds an estimate, not a text",
            "3:144 bad-date «13» there is no month 13 | months are 01 to 12, seasons and parts of a year 21 to 41",
            "3:162 value-not-allowed «1» `talks.x.open` holds `true` or `false`, not a number | write `true` or `false`",
            "3:180 unknown-entity «poutin» the manifest has no entity `poutin` | did you mean `putin`?",
            "3:204 value-not-allowed «[held]» `talks.y.status` holds one of a list of words, not a list",
            "3:225 bad-date «{2022}» `{2022}` is all of a set, not one date | write `[…]` for one of them",
        ],
    );
    assert_eq!(faults[0].notes[0].message, "the pattern `talks.*.status` says so");
    held_against(
        "add: {talks.x.status: held, talks.x.side: [east, wst]}\nincrease: {talks.x.status: 1, prisoners.exchanged: {low: 1}}",
        &[
            "3:23 value-not-allowed «held» `talks.x.status` holds one of a list of words, and `add` is for sets | say `set`, or give its pattern a `set_of`",
            "3:50 value-not-allowed «wst» `talks.x.side` cannot be `wst` | did you mean `west`?",
            "4:28 value-not-allowed «1» `talks.x.status` holds one of a list of words, and `increase` is for numbers | say `set`, or give its pattern `type: number`",
            "4:52 value-not-allowed «{low: 1}» `prisoners.exchanged` holds a number, not a mapping",
        ],
    );
}
