//! Hostile text made harmless: what comes out of a chronicle may hold anything, and must neither steer a terminal nor
//! turn the direction of the text around it, nor become markup. Knows nothing of answers.

use std::borrow::Cow;
use std::fmt::Write;

pub use crate::model::text::is_hostile;

/// The text on one line with every hostile character spelled out: `\n`, `\t`, `\r`, else `\u{1b}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\t' => shown.push_str("\\t"),
            '\r' => shown.push_str("\\r"),
            c if is_hostile(c) => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// The text as words of Markdown: visible, and with a backslash before whatever could be markup (CommonMark 0.31, 2.4),
/// so that it can stand in a table, a heading or a list.
pub fn markdown(text: &str) -> String {
    let text = visible(text);
    let mut escaped = String::with_capacity(text.len() + 8);
    // `12. x` begins a list, `12.5` does not.
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let blank_behind = text.as_bytes().get(digits + 1).is_none_or(|byte| *byte == b' ');
    for (at, c) in text.chars().enumerate() {
        let begins_list = match c {
            '-' | '+' | '=' => at == 0,
            '.' | ')' => digits > 0 && at == digits && blank_behind,
            _ => false,
        };
        if begins_list || "\\`*_{}[]<>#|~&!$".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// The text as words of HTML, in an element or an attribute: visible, and with its markup as references.
pub fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in visible(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The text as code of Markdown, between as many backticks as it needs; a `|` is escaped, as tables want it.
pub fn markdown_code(text: &str) -> String {
    let text = visible(text).replace('|', "\\|");
    if !text.contains('`') {
        return format!("`{text}`");
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    format!("{fence} {text} {fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_and_directions_are_not_steered() {
        assert_eq!(visible("plain – Київ"), "plain – Київ");
        assert_eq!(visible("a\u{1b}[2Jb\nc\t\u{9b}\u{7f}"), "a\\u{1b}[2Jb\\nc\\t\\u{9b}\\u{7f}");
        assert_eq!(visible("\u{202e}x\u{2066}\u{200f}\u{61c}"), "\\u{202e}x\\u{2066}\\u{200f}\\u{61c}");
        for c in ('\0'..='\u{2fff}').filter(|c| is_hostile(*c)) {
            assert!(!visible(&c.to_string()).chars().any(is_hostile), "{c:?}");
        }
    }

    #[test]
    fn markup_is_only_words() {
        assert_eq!(markdown("a|b <script> [x](y) *z*"), "a\\|b \\<script\\> \\[x\\](y) \\*z\\*");
        assert_eq!(html("</title><b a='\"'>&\u{202e}"), "&lt;/title&gt;&lt;b a=&#39;&quot;&#39;&gt;&amp;\\u{202e}");
        assert_eq!(markdown("- x"), "\\- x");
        assert_eq!(markdown("12. x. y-z"), "12\\. x. y-z");
        assert_eq!(markdown("12.5 x"), "12.5 x");
        assert_eq!(markdown_code("a-b"), "`a-b`");
        assert_eq!(markdown_code("a``b|"), "``` a``b\\| ```");
    }
}
