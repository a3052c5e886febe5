//! From the options of `add` and `correct` to the keys of an event. What a file would be refused for is left to the check;
//! here is refused only what could not be written down.

use super::args::Keys;
use super::clock::dated;
use crate::ask::Refusal;
use crate::model::event::Free;
use crate::model::manifest::Manifest;
use crate::model::path::{Path, is_slug};
use crate::parse;
use crate::write::draft::Draft;

/// Puts the options into an event, each in the place of what that says. Errors: an option without its `=` or `:`, a
/// bracket or quote that is not closed, or two values for one path.
pub fn put(keys: &Keys, draft: &mut Draft, manifest: &Manifest, today: &str) -> Result<(), Refusal> {
    let date = |text: &Option<String>| text.as_deref().map(|text| dated(text, today));
    let one = [
        ("date", date(&keys.date)),
        ("title", keys.title.clone()),
        ("summary", keys.summary.clone()),
        ("until", date(&keys.until)),
        ("known", date(&keys.known)),
        ("kind", keys.kind.clone()),
        ("place", keys.place.clone()),
        ("confidence", keys.confidence.clone()),
    ];
    for (key, text) in one {
        if let Some(text) = text {
            draft.put(key, Free::Text(text));
        }
    }
    let many = [
        ("actors", &keys.actor),
        ("tags", &keys.tag),
        ("because", &keys.because),
        ("after", &keys.after),
        ("replaces", &keys.replaces),
    ];
    for (key, texts) in many.into_iter().filter(|(_, texts)| !texts.is_empty()) {
        draft.put(key, Free::List(texts.iter().cloned().map(Free::Text).collect()));
    }
    if !keys.source.is_empty() {
        let sources: Result<Vec<Free>, Refusal> = keys.source.iter().map(|words| source("--source", words)).collect();
        draft.put("sources", Free::List(sources?));
    }
    changes(keys, draft, manifest)?;
    claims(keys, draft, manifest)?;
    for words in &keys.allow {
        let (rule, reason) = cut("--allow", words, '=', "RULE=REASON")?;
        put_once(draft.change("allow", rule, Free::Text(reason.to_owned())), "--allow", rule)?;
    }
    for words in &keys.meta {
        let (key, value) = cut("--meta", words, '=', "KEY=VALUE")?;
        let value = parse::value(value, None).ok_or_else(|| unclosed("--meta", value))?;
        put_once(draft.change("meta", key, value), "--meta", key)?;
    }
    Ok(())
}

fn changes(keys: &Keys, draft: &mut Draft, manifest: &Manifest) -> Result<(), Refusal> {
    let all = [
        ("set", &keys.set),
        ("add", &keys.add),
        ("remove", &keys.remove),
        ("increase", &keys.increase),
        ("decrease", &keys.decrease),
        ("during", &keys.during),
    ];
    let mut read = Vec::new();
    for (key, options) in all {
        for words in options {
            let (path, value) = path_and_value(&format!("--{key}"), words, manifest)?;
            read.push((key, path, value));
        }
    }
    let unset: Vec<String> = keys.unset.iter().map(|path| spelled(path)).collect();
    // What an event said of these paths makes way.
    for path in read.iter().map(|(_, path, _)| path).chain(&unset) {
        draft.drop_change(path);
    }
    for (key, path, value) in read {
        if matches!(key, "add" | "remove") {
            draft.members(key, &path, value);
        } else {
            put_once(draft.change(key, &path, value), &format!("--{key}"), &path)?;
        }
    }
    for path in unset {
        draft.push("unset", Free::Text(path));
    }
    Ok(())
}

fn claims(keys: &Keys, draft: &mut Draft, manifest: &Manifest) -> Result<(), Refusal> {
    for words in &keys.claim {
        let (voice, change) = cut("--claim", words, ':', "VOICE:PATH=VALUE")?;
        let (path, value) = path_and_value("--claim", change, manifest)?;
        draft.drop_claim(voice, &path);
        draft.claim(voice, &path, value);
    }
    for words in &keys.claim_unset {
        let (voice, path) = cut("--claim-unset", words, ':', "VOICE:PATH")?;
        draft.drop_claim(voice, &spelled(path));
        draft.push_claim(voice, "unset", Free::Text(spelled(path)));
    }
    for words in &keys.claim_source {
        let (voice, source) = cut("--claim-source", words, ':', "VOICE:SOURCE")?;
        draft.push_claim(voice, "sources", self::source("--claim-source", source)?);
    }
    Ok(())
}

/// A source: an id, an id and a quote, an address, or a whole source in braces.
fn source(option: &str, words: &str) -> Result<Free, Refusal> {
    let text = |text: &str| Free::Text(text.to_owned());
    if words.starts_with('{') {
        return parse::value(words, None).ok_or_else(|| unclosed(option, words));
    }
    if words.starts_with("https://") || words.starts_with("http://") {
        return Ok(Free::Map(vec![("url".to_owned(), text(words))]));
    }
    Ok(match words.split_once(':') {
        Some((id, quote)) if is_slug(id) => Free::Map(vec![(id.to_owned(), text(quote.trim_start()))]),
        _ => text(words),
    })
}

/// The path in its one spelling, and the value by the rule of the path.
fn path_and_value(option: &str, words: &str, manifest: &Manifest) -> Result<(String, Free), Refusal> {
    let (path, value) = cut(option, words, '=', "PATH=VALUE")?;
    let rule = Path::parse(path).ok().and_then(|path| manifest.rule(&path));
    let value = parse::value(value, rule).ok_or_else(|| unclosed(option, value))?;
    Ok((spelled(path), value))
}

/// A path in its one spelling; what is none stays as it is, and the check says so.
fn spelled(path: &str) -> String {
    Path::parse(path).map_or_else(|_| path.to_owned(), |path| path.as_str().to_owned())
}

/// The words before and after the first `mark` that stands in no quotes.
fn cut<'w>(option: &str, words: &'w str, mark: char, form: &str) -> Result<(&'w str, &'w str), Refusal> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in words.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            c if c == mark && !quoted => return Ok((&words[..at], &words[at + c.len_utf8()..])),
            _ => {}
        }
    }
    let refusal = Refusal::bad(format!("`{option} {words}` has no `{mark}`"));
    Err(refusal.help(format!("it takes {form}")))
}

fn put_once(is_new: bool, option: &str, name: &str) -> Result<(), Refusal> {
    if is_new { Ok(()) } else { Err(Refusal::bad(format!("`{option}` gives `{name}` two values"))) }
}

fn unclosed(option: &str, words: &str) -> Refusal {
    let refusal = Refusal::bad(format!("`{words}` of {option} is no YAML: a bracket or quote is not closed"));
    refusal.help("to write a text that begins with `[`, `{` or a quote, put it in quotes of its own: `'\"[sic] so\"'`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write;

    fn written(keys: Keys) -> Result<String, Refusal> {
        let mut draft = Draft::default();
        put(&keys, &mut draft, &Manifest::default(), "2025-05-14")?;
        Ok(write::event(&draft.into_free()))
    }

    fn texts(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn every_option_is_a_key_that_the_format_knows() {
        let some = |word: &str| Some(word.to_owned());
        let keys = Keys {
            date: some("today"),
            title: some("One: two"),
            summary: some("So."),
            known: some("2025-05/today"),
            actor: texts(&["ada", "bo"]),
            source: texts(&["article:It is so: yes", "https://x.org/a:b", "{title: A, date: 2022}", "other"]),
            set: texts(&["a.b=2", "a.\"x=y\"=[p, 2]"]),
            unset: texts(&["c.**"]),
            add: texts(&["a.s=one", "a.s=two"]),
            increase: texts(&["a.n=-1.50"]),
            claim: texts(&["un:a.b=3", "un:a.c={low: 1, high: 2}"]),
            claim_source: texts(&["un:article"]),
            allow: texts(&["no-source=why not"]),
            meta: texts(&["k={a: [1]}"]),
            ..Keys::default()
        };
        let text = written(keys).unwrap();
        let read = crate::model::text::Text::new("x.yaml", text.as_str());
        let loose = parse::documents::<Vec<_>>(crate::model::text::FileId(0), &read, &Manifest::default());
        assert_eq!(loose.faults, [], "{text}");
        let event = &loose.events[0].1;
        assert_eq!(
            (event.date.value.text(), event.known.as_ref().unwrap().value.text()),
            ("2025-05-14", "2025-05/2025-05-14")
        );
        assert_eq!((event.sources.len(), event.changes.len(), event.claim_sources.len()), (4, 7, 1), "{text}");
        assert_eq!(event.sources[0].quote.as_deref(), Some("It is so: yes"));
    }

    #[test]
    fn what_cannot_be_written_down_is_refused() {
        let set = |words: &[&str]| written(Keys { set: texts(words), ..Keys::default() });
        assert!(set(&["a.b"]).is_err());
        assert!(set(&["a.b=[1"]).is_err());
        assert!(set(&["a.b=1", "a.b=2"]).is_err());
        assert!(written(Keys { claim: texts(&["a.b=1"]), ..Keys::default() }).is_err());
    }
}
