//! The page as one file that opens from disk: its frame, style, script and data in one text. The script and the style
//! are built from `web/src/` and embedded; the frame allows them by their hashes, and nothing else.

use super::escape::html;
use super::json;
use crate::ask::Page;

/// What the page is made of: the frame of an exported one, the style and the script.
const FRAME: &str = include_str!("../../web/dist/export.html");
const STYLE: &str = include_str!("../../web/dist/asof.css");
const SCRIPT: &str = include_str!("../../web/dist/asof.js");

/// The whole page with its data.
pub fn page(page: &Page) -> String {
    // In data of HTML nothing but `<` could end it or begin anything.
    let data = json::chronicle(page).to_json().replace('<', "\\u003c");
    let parts = [("title", html(page.chronicle)), ("style", STYLE.into()), ("script", SCRIPT.into()), ("data", data)];
    let mut text = String::with_capacity(FRAME.len() + parts.iter().map(|(_, part)| part.len()).sum::<usize>());
    let mut rest = FRAME;
    for (name, part) in parts {
        // Each part stands once and in this order; what is put in is not looked through again.
        if let Some((before, after)) = rest.split_once(&format!("{{{{{name}}}}}")) {
            text.push_str(before);
            text.push_str(&part);
            rest = after;
        }
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_has_every_part_once_and_in_order() {
        let places: Vec<usize> = ["title", "style", "script", "data"]
            .map(|name| format!("{{{{{name}}}}}"))
            .iter()
            .map(|mark| {
                assert_eq!(FRAME.matches(mark.as_str()).count(), 1, "{mark}");
                FRAME.find(mark.as_str()).unwrap()
            })
            .collect();
        assert!(places.is_sorted());
    }

    #[test]
    fn nothing_in_script_or_style_ends_its_element() {
        assert!(!SCRIPT.to_lowercase().contains("</script") && !SCRIPT.contains("<!--"));
        assert!(!STYLE.to_lowercase().contains("</style"));
    }
}
