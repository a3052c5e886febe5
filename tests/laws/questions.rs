//! Random questions, sensible and nonsense, for the law that nothing panics.

use asof::ask::{Asks, FileLine, Question, Selectors};

use super::asking::Case;

/// Words that read as something else, as nothing, or as too much.
const NONSENSE: [&str; 40] = [
    "",
    " ",
    "^",
    "e0^^",
    "2022-13",
    "2022-02-30",
    "{2022,2023}",
    "9999-12-31",
    "-9999",
    "Y-17E7",
    "Y292277026597",
    "../..",
    "/",
    "..",
    "2023/2021",
    "2022-04~/",
    "**",
    "*",
    "a",
    "a.b.c.d",
    "a..b",
    "\"",
    "a.\"",
    "\u{0}",
    "é.ü",
    "tag:",
    ":",
    "not:",
    "not:not:red",
    "tag:red,,",
    ",",
    "//",
    "/(/",
    "voice:nobody",
    "confidence:sure",
    "path:[",
    "known-by:2022",
    "known-by:",
    "e0,e1 not:e2",
    "2022-06-15T12:00",
];

/// One question of each kind by the dice of a case.
pub fn questions(case: &Case) -> Vec<Question> {
    let mut words: Vec<String> = NONSENSE.iter().map(|word| word.to_string()).collect();
    for event in case.chronicle.listed() {
        words.extend([case.chronicle.id(event), case.chronicle.events[event].date.clone()]);
        words.extend(case.chronicle.events[event].changes.iter().map(|change| change.path.replace('"', "")));
    }
    let mut dice = case.dice.iter().cycle().zip(1..);
    let mut word = || {
        let (dice, turn) = dice.next().expect("endless");
        words[(usize::from(*dice) * turn) % words.len()].clone()
    };
    let mut asked = Vec::new();
    for viewpoint in &case.viewpoints {
        let mut select = viewpoint.selectors();
        asked.push((select.clone(), Asks::Replay { words: vec![word(), word()] }));
        asked.push((select.clone(), Asks::Diff { words: vec![word(), word(), word()], versus: None, steps: true }));
        asked.push((select.clone(), Asks::Diff { words: vec![word()], versus: Some(word()), steps: false }));
        asked.push((select.clone(), Asks::Why { path: word() }));
        asked.push((select.clone(), Asks::History { path: word(), member: Some(word()) }));
        asked.push((select.clone(), Asks::History { path: word(), member: None }));
        asked.push((select.clone(), Asks::Show { events: vec![word(), word()] }));
        asked.push((select.clone(), Asks::Trace { event: word(), depth: None }));
        asked.push((select.clone(), Asks::Stats));
        asked.push((select.clone(), Asks::Expect { paths: vec![word()] }));
        asked.push((select.clone(), Asks::Hinges { paths: vec![word()], source: None }));
        asked.push((select.clone(), Asks::Hinges { paths: Vec::new(), source: None }));
        asked.push((select.clone(), Asks::Hinges { paths: Vec::new(), source: Some("s1".into()) }));
        asked.push((select.clone(), Asks::Check { rules: vec![word()], strict: true }));
        let (since, until) = (Some(word()), Some(word()));
        let list = Asks::List { filters: vec![word(), word()], since, until, reverse: true, limit: Some(2) };
        asked.push((select.clone(), list));
        select.at = Some(word());
        select.known_by = Some(word());
        asked.push((select.clone(), Asks::Replay { words: Vec::new() }));
        select.according_to = Some(word());
        select.only.push(word());
        select.without.push(word());
        asked.push((select, Asks::Replay { words: Vec::new() }));
    }
    for event in case.chronicle.listed() {
        let select = case.viewpoints[0].selectors();
        asked.push((select.clone(), Asks::Show { events: vec![case.chronicle.id(event)] }));
        asked.push((select.clone(), Asks::Trace { event: case.chronicle.id(event), depth: Some(2) }));
        let (file, _) = &case.chronicle.files[event % case.chronicle.files.len()];
        let line = usize::from(case.dice[event % 32]) % 40 + 1;
        let at = FileLine { file: file.clone(), line, column: (line > 20).then_some(line) };
        asked.push((Selectors { at: None, ..select.clone() }, Asks::Context { line: at, all: line % 2 == 0 }));
        let paths = case.chronicle.events[event].changes.iter().map(|change| change.path.replace('"', ""));
        for path in paths.take(2) {
            asked.push((select.clone(), Asks::History { path: path.clone(), member: None }));
            asked.push((select.clone(), Asks::History { path, member: Some("p".into()) }));
        }
    }
    asked.into_iter().map(|(select, asks)| Question { select, asks }).collect()
}
