//! A large text is read in parts, side by side: what comes of it is what comes of the whole.

use super::*;

/// A text read in parts that end where they may after so many bytes, and as a whole.
#[track_caller]
fn check(name: &str, content: &str) {
    let text = Text::new(name, content);
    let manifest = Manifest::default();
    let format = Format::of(name);
    let shown = |parts| {
        let all: All<Vec<(usize, Event)>> = read_parts(FileId(0), &text, format, &manifest, parts);
        format!("{:#?}\n{:#?}\n{:?}", all.loose, all.reading.faults, all.count)
    };
    let whole = shown(Vec::new());
    for size in [1, 100, 1000] {
        let parts = match format {
            Format::Lines => json::parts(content, size),
            _ => scan::parts(content, size),
        };
        assert_eq!(parts.first().map(|part| part.start), Some(0));
        assert_eq!(parts.last().map(|part| part.end), Some(content.len()));
        assert!(parts.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert!(size > content.len() / 4 || parts.len() > 2, "{} parts", parts.len());
        assert!(shown(parts) == whole, "in parts of {size} bytes");
    }
}

/// A stream with events, some named by their place, expectations, and all kinds of faults.
fn stream(count: usize) -> String {
    let document = |number: usize| match number % 9 {
        0 => {
            format!("date: 2022-01-{:02}\ntitle: t{number}\nset: {{a.b: {number}, a.c{number}: x}}\n", number % 28 + 1)
        }
        1 => format!("id: e{number}\ndate: 2022\ntitle: 'it''s'\nsummary: >-\n  two\n  lines\nactors: [a, b]\n"),
        2 => "as_of: 2022\nexpect: {a.b: 1}\n".to_owned(),
        3 => format!("date: 2022-13\ntitle: t{number}\n"),
        4 => format!("date: 2022\ntitle: [\ntags: {number}\n"),
        5 => {
            format!("- {{date: 2022, title: t{number}}}\n- date: 2022\n  titel: x\n- date: 2021\n  title: 'a\n    b'\n")
        }
        6 => format!("date: 2022\ntitle: t{number}\nmeta: &m [{number}, x]\nactors: *m\n"),
        7 => "# nothing\n".to_owned(),
        _ => format!("date: 2022\ntitle: t{number}\ndate: 2023\n...\n"),
    };
    (0..count).map(|number| format!("---\n{}", document(number))).collect()
}

#[test]
fn parts_are_the_whole() {
    check("import.yaml", &stream(100));
    check("import.yaml", &stream(100).replace('\n', "\r\n"));
    // A file that gives no id, and directives, which speak of what follows them.
    check("2022.yaml", &stream(40));
    check("no slug.yaml", &stream(40));
    check("import.yaml", &stream(60).replace("...\n", "...\n%TAG !e! tag:x,2022:\n"));
}

#[test]
fn lines_are_the_whole() {
    let line = |number: usize| match number % 5 {
        0 => format!("{{\"date\": \"2022\", \"title\": \"t{number}\"}}\n"),
        1 => format!(
            "{{\"id\": \"e{number}\", \"date\": 2022, \"title\": \"\\u00e9\", \"set\": {{\"a.b\": {number}}}}}\r\n"
        ),
        2 => "\n".to_owned(),
        3 => "{\"date\": }\n".to_owned(),
        _ => "{\"as_of\": \"2022\", \"expect\": {\"a.b\": 1}}\n".to_owned(),
    };
    let lines: String = (0..100).map(line).collect();
    check("import.jsonl", &lines);
    check("import.jsonl", lines.trim_end());
    check("import.jsonl", &format!("\u{feff}{lines}"));
}

#[test]
fn limits_are_those_of_the_whole() {
    // More keys that are no keys than anybody reads guesses for.
    let guesses: String = (0..500).map(|number| format!("---\ndate: 2022\ntitle: t{number}\ntgas: [a]\n")).collect();
    check("import.yaml", &guesses);
    // Aliases that are too many only together.
    let bomb = format!("---\ndate: 2022\ntitle: a\nmeta: [&a {}, {}]\n", "x".repeat(20_000), "*a, ".repeat(40));
    check("import.yaml", &bomb.repeat(6));
}

#[test]
fn a_large_text_is_read_in_parts() {
    let large = stream(40_000);
    assert!(scan::parts(&large, 256 << 10).len() > 4);
    assert_eq!(scan::parts(&stream(20), 256 << 10).len(), 1);
    let text = Text::new("import.yaml", large);
    let manifest = Manifest::default();
    let whole: All<Vec<(usize, Event)>> = read_parts(FileId(0), &text, Format::Yaml, &manifest, Vec::new());
    let ids = |loose: &Loose<Vec<(usize, Event)>>| -> Vec<String> {
        loose.events.iter().map(|(_, event)| event.id.clone()).collect()
    };
    let loose = documents(FileId(0), &text, &manifest);
    assert!(ids(&loose) == ids(&whole.loose));
    assert_eq!(loose.left_out, whole.loose.left_out);
    assert_eq!(loose.faults.len(), whole.reading.faults.len());
}
