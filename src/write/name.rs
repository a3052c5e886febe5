//! What an event is called, and which file it goes into, so that it stands where a reader would look for it: by its day
//! and its title, in the folder where the chronicle keeps that year. Pure: which files there are is handed in.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::model::path::is_slug;

/// A name gets no longer than so many bytes by a title; a file's name has at most 255.
const TITLE: usize = 60;

/// What a year before 0 begins with in a name.
const BEFORE: &str = "bce-";

/// The id of an event that has none: its day, and its title as a slug.
pub fn id(date: &str, title: &str) -> String {
    let (day, words) = (day(date), slug(title));
    let words = if words.is_empty() { "event".to_owned() } else { words };
    if day.is_empty() { words } else { format!("{day}-{words}") }
}

/// Whether a name begins with the day of a date.
pub fn begins_with_day(name: &str, date: &str) -> bool {
    let day = day(date);
    !day.is_empty() && name.strip_prefix(&day).is_some_and(|rest| rest.starts_with('-'))
}

/// Whether a file of this name, without its ending, is read and gives its event this id.
pub fn is_stem(id: &str) -> bool {
    is_slug(id) && !id.starts_with('_') && id.len() <= 200
}

/// The folder that an event of a date goes into, as the files that are there have it: their own, or one a year beside
/// theirs. Empty: the chronicle's own.
pub fn folder<'a>(files: impl IntoIterator<Item = &'a str>, date: &str) -> String {
    let mut found: BTreeMap<(&str, bool), usize> = BTreeMap::new();
    for file in files {
        let parent = file.rsplit_once('/').map_or("", |(parent, _)| parent);
        let (above, last) = parent.rsplit_once('/').unwrap_or(("", parent));
        let by_year = is_year(last);
        *found.entry((if by_year { above } else { parent }, by_year)).or_default() += 1;
    }
    // Of equals the one by years, then the first.
    let most =
        found.into_iter().max_by_key(|((folder, by_year), number)| (*number, *by_year, std::cmp::Reverse(*folder)));
    let Some(((folder, by_year), _)) = most else { return String::new() };
    let day = day(date);
    let before = if day.starts_with(BEFORE) { BEFORE.len() } else { 0 };
    let end = day[before..].find('-').map_or(day.len(), |end| before + end);
    match Some(&day[..end]).filter(|year| by_year && is_year(year)) {
        Some(year) if folder.is_empty() => year.to_owned(),
        Some(year) => format!("{folder}/{year}"),
        None => folder.to_owned(),
    }
}

/// The first day, month or year that a date names, without marks: `2022-04` of `2022-04~`, `2025-05-11` of an instant.
/// A year before 0 is counted as people do, who have no year 0: `bce-0044` of `-0043`; one of which not all digits are
/// known is not: `minus-004X`.
fn day(date: &str) -> String {
    let plain: String = date.chars().filter(|c| !matches!(c, '~' | '?' | '%' | '[' | '{')).collect();
    let start = plain.trim_start_matches(['.', '/']);
    let end = start.bytes().position(|byte| !(byte.is_ascii_digit() || b"-XY".contains(&byte))).unwrap_or(start.len());
    let day = start[..end].trim_end_matches('-');
    let Some(before) = day.strip_prefix('-') else { return day.to_owned() };
    let before = before.trim_start_matches('-');
    let (year, rest) = before.split_at(before.find('-').unwrap_or(before.len()));
    match year.parse::<u16>() {
        Ok(number) => format!("{BEFORE}{:04}{rest}", u32::from(number) + 1),
        Err(_) if before.is_empty() => String::new(),
        Err(_) => format!("minus-{before}"),
    }
}

/// Whether a folder of this name is that of a year: 0 to 9999, or -1 to -9999.
fn is_year(word: &str) -> bool {
    let (digits, most) = word.strip_prefix(BEFORE).map_or((word, 4), |digits| (digits, 5));
    (4..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The words of a title joined by `-`: small letters, without marks where what is left is ASCII; letters of other
/// scripts stay as they are. Cut between words.
fn slug(title: &str) -> String {
    let mut words = String::new();
    for word in
        title.split(|c: char| c.is_whitespace() || (!c.is_alphanumeric() && !is_combining_mark(c) && !is_apostrophe(c)))
    {
        let word: String = word.chars().filter(|c| !is_apostrophe(*c)).flat_map(letters).collect();
        let (length, gap) = (word.len(), usize::from(!words.is_empty()));
        if word.is_empty() {
            continue;
        }
        if words.len() + gap + length > TITLE {
            if words.is_empty() {
                words = word
                    .chars()
                    .scan(0, |size, c| {
                        *size += c.len_utf8();
                        (*size <= TITLE).then_some(c)
                    })
                    .collect();
            }
            break;
        }
        if gap > 0 {
            words.push('-');
        }
        words.push_str(&word);
    }
    words.nfc().collect()
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2bc}')
}

/// A letter in small, without marks where its base is ASCII.
fn letters(letter: char) -> Vec<char> {
    let apart: Vec<char> = letter.to_lowercase().nfkd().collect();
    let bare: Vec<char> = apart.iter().copied().filter(|c| !is_combining_mark(*c)).collect();
    if !bare.is_empty() && bare.iter().all(char::is_ascii_alphanumeric) {
        return bare;
    }
    letter.to_lowercase().filter(|c| c.is_alphanumeric() || is_combining_mark(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_id_is_the_day_and_the_title() {
        for (date, title, expected) in [
            ("2025-05-11T01:30+03:00", "Putin proposes talks", "2025-05-11-putin-proposes-talks"),
            ("2022-04~", "São Paulo’s café — œuvre ⅠⅤ", "2022-04-sao-paulos-cafe-œuvre-iv"),
            ("[2022-04-01..2022-04-04]", "Łódź", "2022-04-01-łodz"),
            ("?2022-04-~12", "x", "2022-04-12-x"),
            ("2022-02-24/2022-03-30", "x", "2022-02-24-x"),
            ("../2022", "x", "2022-x"),
            ("202X", "x", "202X-x"),
            ("-0043-03-15", "x", "bce-0044-03-15-x"),
            ("[-0043..-0041]~", "x", "bce-0044-x"),
            ("-9999", "x", "bce-10000-x"),
            ("-004X", "x", "minus-004X-x"),
            ("0043-03-15", "x", "0043-03-15-x"),
            ("Y-17E7", "x", "Y-17-x"),
            ("2022", "Київ – пресконференція", "2022-київ-пресконференція"),
            ("2022", "!!!", "2022-event"),
            ("", "日本", "日本"),
        ] {
            assert_eq!(id(date, title), expected, "{date} {title}");
        }
        let long = id("2022", "One sentence that goes on and on, as titles of articles do when nobody stops them");
        assert_eq!(long, "2022-one-sentence-that-goes-on-and-on-as-titles-of-articles-do");
    }

    #[test]
    fn a_file_goes_where_the_others_are() {
        for (files, date, expected) in [
            (&["a.yaml", "b.yaml"][..], "2025-06-02", ""),
            (&[], "2025", ""),
            (&["2024/a.yaml", "2025/b.yaml", "expectations.yaml"], "2026-01", "2026"),
            (&["events/1931/a.yaml"], "1947~", "events/1947"),
            (&["events/1931/a.yaml"], "Y-17E7", "events"),
            (&["events/1931/a.yaml"], "-0043-03-15", "events/bce-0044"),
            (&["bce-0044/a.yaml"], "-9999", "bce-10000"),
            (&["bce-0044/a.yaml"], "-004X", ""),
            (&["events/a.yaml", "events/b.yaml", "2025/c.yaml"], "2025", "events"),
        ] {
            assert_eq!(folder(files.iter().copied(), date), expected, "{files:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_the_title_the_id_names_a_file(date in "\\PC{0,12}", title in any::<String>()) {
            let id = id(&date, &title);
            prop_assert!(is_stem(&id), "{id:?}");
            prop_assert!(id.len() <= 200);
        }
    }
}
