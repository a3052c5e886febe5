//! Texts as HTML and back: the little that a timeline's texts need. Knows nothing of timelines.

use crate::render::escape;

/// A text of some lines as paragraphs.
pub fn markup(text: &str) -> String {
    let lines = |paragraph: &str| paragraph.split('\n').map(escape::html).collect::<Vec<_>>().join("<br>");
    text.split("\n\n").map(|paragraph| format!("<p>{}</p>", lines(paragraph))).collect()
}

/// The words of HTML: elements are gone but for the line ends that they make, references are what they stand for.
pub fn plain(html: &str) -> String {
    let mut plain = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let ended = if rest.starts_with('<') { element(rest) } else { reference(rest) };
        let (words, length) = ended.unwrap_or((rest[..1].to_owned(), 1));
        if words == "\n\n" && plain.is_empty() {
            // Nothing stands before the first paragraph.
        } else {
            plain.push_str(&words);
        }
        rest = &rest[length..];
    }
    plain.push_str(rest);
    plain
}

/// The address of the page that HTML embeds: the `src` of its first `iframe`.
pub fn embedded(html: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let tag = lower.match_indices("<iframe").map(|(at, name)| at + name.len()).next()?;
    let mut rest = &html[tag..];
    // An attribute is a name, and a value in quotes or up to a blank (HTML, 13.1.2.3).
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let ends = rest.find(|c: char| c.is_whitespace() || "=>/".contains(c)).filter(|ends| *ends > 0)?;
        let (name, after) = rest.split_at(ends);
        let Some(value) = after.trim_start().strip_prefix('=') else {
            rest = after;
            continue;
        };
        let value = value.trim_start();
        let (value, after) = match value.chars().next()? {
            mark @ ('"' | '\'') => value[1..].split_once(mark)?,
            _ => value.split_at(value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len())),
        };
        if name.eq_ignore_ascii_case("src") {
            return Some(plain(value).trim().to_owned());
        }
        rest = after;
    }
}

/// What an element's tag makes, and how long it is. Only a letter, `/` or `!` begins one (HTML, 13.2.5.6).
fn element(html: &str) -> Option<(String, usize)> {
    html[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!').then_some(())?;
    let end = html.find('>')? + 1;
    let name: String = html[1..end].chars().take_while(char::is_ascii_alphanumeric).collect();
    let words = match name.to_ascii_lowercase().as_str() {
        "br" => "\n",
        "p" | "div" | "li" => "\n\n",
        _ => "",
    };
    Some((words.to_owned(), end))
}

/// What a reference stands for, and how long it is.
fn reference(html: &str) -> Option<(String, usize)> {
    let end = html.find(';').filter(|end| *end < 12)?;
    let name = &html[1..end];
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    };
    Some((c.to_string(), end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back() {
        for text in ["", "one", "one\ntwo\n\nthree", "</script><b>&amp; \"'", "a < b & c;", "&lt;"] {
            assert_eq!(plain(&markup(text)), text);
            assert!(!markup(text).contains("<b>"));
        }
    }

    #[test]
    fn the_address_of_an_embedded_page_is_found() {
        for html in [
            "<iframe src=\"https://a/b?c&amp;d\"></iframe>",
            "<p>x</p><IFRAME width=5 allowfullscreen data-src='no' SRC = 'https://a/b?c&d'/>",
            "<iframe title=\"src='no'\" src=https://a/b?c&d></iframe>",
        ] {
            assert_eq!(embedded(html).as_deref(), Some("https://a/b?c&d"), "{html}");
        }
        for html in ["", "<img src='x'>", "<iframe>", "<iframe", "<iframe src", "<iframe src='x", "<iframe ==>"] {
            assert_eq!(embedded(html), None, "{html}");
        }
    }

    #[test]
    fn html_of_others_becomes_words() {
        assert_eq!(plain("<h1>A</h1> <a href='x'>b&nbsp;c</a>&#39;&#x41;&unknown; <3"), "A b c'A&unknown; <3");
        assert_eq!(plain("<p>one</p><p>two<br/>three</p>"), "one\n\ntwo\nthree");
    }
}
