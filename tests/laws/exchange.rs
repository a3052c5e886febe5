//! Laws of what goes out and comes back: an event is the same after a calendar, a timeline, a text of Markwhen or a
//! CloudEvent, whatever its texts want to be there; and what is exported is the same every time.

use std::collections::BTreeMap;
use std::io::Cursor;

use asof::ask::{Answer, whole as chronicle_of};
use asof::exchange::git::Holds;
use asof::exchange::import::{Maker, Outcome, Source};
use asof::exchange::{Form, Format, Subject, Told, export};
use asof::model::text::Text;
use asof::render::How;
use asof::timeline::Timeline;
use proptest::prelude::*;
use serde_json::Value;

use super::asking::{Case, Verdict, cases_with_ids, law, whole};

/// What a text is made of, so that every format has something that it could take for its own.
#[rustfmt::skip]
const PIECES: [&str; 44] = [
    "x", " ", "; ", ", ", "\\", "\\n", "\\,", "</script>", "<b>", "</p><p>", "<br>", "&amp;", "&", "%0d%0a", "\u{202e}",
    "\u{200f}", "\u{2066}", " #tag", "#", " [x](y)", " // ", "//", ": ", ":", "2023-01-01: y", "5 days: ", "now:", "\"", "'",
    "`", "%%", "\u{1b}[2J", "\u{85}", "\u{7f}", "😀", "Ж", "\t", "|", "{}", "---", "Date: ", "END:VEVENT", ". ", "section s",
];

const FORMS: [(&str, Form); 4] = [
    ("ics", Form::Ics),
    ("timelinejs", Form::Timelinejs),
    ("markwhen", Form::Markwhen),
    ("cloudevents", Form::Cloudevents),
];

#[test]
fn what_goes_out_comes_back() {
    for (name, form) in FORMS {
        law(name, 120, cases_with_ids(8, 1).prop_map(hostile), |case| comes_back(case, name, form));
    }
}

/// The same chronicle with titles and summaries of pieces, and with parts of seconds.
fn hostile(mut case: Case) -> Case {
    let dice = case.dice;
    for (place, event) in case.chronicle.events.iter_mut().enumerate() {
        let die = |at: usize| usize::from(dice[(place * 11 + at) % 32]) + place * 7 + at;
        let piece = |at: usize| PIECES[die(at) * 31 % PIECES.len()];
        let title: String = std::iter::once("t").chain((0..die(0) % 7).map(piece)).collect();
        let mut lines = vec![piece(8).to_owned()];
        lines.extend((9..9 + die(1) % 5).map(|at| format!("{}{}", ["\n", "\n\n", " "][die(at) % 3], piece(at + 3))));
        if die(3) % 2 == 0 && ["T12:00Z", "T12:00:00Z"].iter().any(|end| event.date.ends_with(end)) {
            let day = event.date.rsplit_once('T').expect("a time").0;
            event.date = format!("{day}T12:00:00.25Z");
        }
        let quoted = |text: &str| serde_json::to_string(text).expect("a text");
        event.title = quoted(title.trim());
        let summary = lines.concat();
        if die(2) % 3 > 0 && !summary.trim().is_empty() {
            event.title += &format!("\nsummary: {}", quoted(summary.trim()));
        }
    }
    case
}

fn comes_back(case: &Case, name: &str, form: Form) -> Verdict {
    let Some(timeline) = whole(case.chronicle.texts()) else { return Ok(()) };
    let answer = chronicle_of(&timeline, true).map_err(|refusal| refusal.message)?;
    let (text, left_out) = exported(&timeline, &answer, form)?;
    if exported(&timeline, &answer, form)?.0 != text {
        return Err("it is not the same twice".into());
    }
    let mut sent = documents(&exported(&timeline, &answer, Form::Cloudevents)?.0)?;
    sent.retain(|id, _| !left_out.contains(id));
    let mut back = BTreeMap::new();
    let mut maker = Maker::new("test", None, timeline.manifest().calendar.clone());
    let format = Format::named(name).ok_or("no such importer")?;
    let told =
        Told { language: "en".to_owned(), is_claimed: false, holds: Holds::Blob, rules: Text::new("no.rules", "") };
    let mut importer = format.importer(&told).map_err(|faults| format!("{faults:?}"))?;
    let mut refused = None;
    let source = Source { name: "back", bytes: &mut Cursor::new(text.as_bytes()) };
    let read = importer.read(source, &mut |stretch, outcome| {
        let made = match outcome {
            Outcome::Event(event) => maker.make("back", &stretch, event),
            Outcome::Refused(fault) => Err(fault),
            Outcome::Skipped | Outcome::Part => return Ok(()),
        };
        match made {
            Ok(made) => _ = back.insert(made.id, without_origin(&made.json)),
            Err(fault) => refused = Some(format!("{fault:?} of {:?}", stretch.text)),
        }
        Ok(())
    });
    read.map_err(|error| error.to_string())?;
    if let Some(refused) = refused {
        return Err(format!("{refused}\n\n{text}"));
    }
    match sent.iter().find(|(id, event)| back.get(*id) != Some(*event)) {
        Some((id, event)) => Err(format!("went out: {event}\ncame back: {:?}\n\n{text}", back.get(id))),
        None if back.len() != sent.len() => Err(format!("{} went out, {} came back\n\n{text}", sent.len(), back.len())),
        None => Ok(()),
    }
}

fn exported(timeline: &Timeline, answer: &Answer, form: Form) -> Result<(String, Vec<String>), String> {
    let subject = Subject { answer, manifest: timeline.manifest(), is_whole: true };
    let exported = export(form, &subject, &How::default()).map_err(|refusal| refusal.message)?;
    Ok((exported.text, exported.left_out))
}

/// The events of CloudEvents, whole, by their ids.
fn documents(lines: &str) -> Result<BTreeMap<String, Value>, String> {
    let event = |line: &str| -> Result<(String, Value), serde_json::Error> {
        let event: Value = serde_json::from_str(line)?;
        Ok((event["id"].as_str().unwrap_or_default().to_owned(), event["data"].clone()))
    };
    lines.lines().map(|line| event(line).map_err(|error| error.to_string())).collect()
}

/// An event without what importing notes in it.
fn without_origin(json: &str) -> Value {
    let mut event: Value = serde_json::from_str(json).expect("the maker writes JSON");
    let keys = event.as_object_mut().expect("an event is a mapping");
    if let Some(meta) = keys.get_mut("meta").and_then(Value::as_object_mut) {
        meta.remove("import");
        if meta.is_empty() {
            keys.remove("meta");
        }
    }
    event
}
