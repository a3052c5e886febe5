//! The shapes of `json/` as YAML 1.2, written by a library: `no` and `2025-05-14` are texts there and stand plain, though
//! readers of YAML 1.1 take them for something else. A number that no double holds to the digit becomes a text, since a
//! reader would round it. Knows nothing of answers.

use std::io::{self, Write};

use super::escape::is_hostile;
use super::shape::{Shape, is_common_number};

/// Writes a shape as one document. The library lets some characters pass that turn the direction of writing; a document
/// with any of them is written as JSON, which is YAML and escapes them.
pub fn write(mut shape: Shape, to: &mut dyn Write) -> io::Result<()> {
    keep_digits(&mut shape);
    let text = serde_yaml::to_string(&shape).map_err(io::Error::other)?;
    if text.contains(|c| c != '\n' && is_hostile(c)) {
        return shape.write_json(to, true);
    }
    to.write_all(text.as_bytes())
}

fn keep_digits(shape: &mut Shape) {
    match shape {
        Shape::Number(digits) if !is_common_number(digits) => *shape = std::mem::take(digits).into(),
        Shape::List(items) => items.iter_mut().for_each(keep_digits),
        Shape::Map(keys) => keys.iter_mut().for_each(|(_, value)| keep_digits(value)),
        Shape::Rows(rows) => {
            *shape = Shape::List(rows.items().collect());
            keep_digits(shape);
        }
        Shape::Entries(keys) => {
            *shape = Shape::Map(keys.items().collect());
            keep_digits(shape);
        }
        Shape::Null | Shape::Truth(_) | Shape::Number(_) | Shape::Text(_) | Shape::Moment(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(shape: Shape) -> String {
        let mut bytes = Vec::new();
        write(shape, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn reads_back_as_the_same() {
        let odd = ["a: b #c\n\u{1b}\u{9b}", "x\u{202e}\u{2028}\u{feff}", " x ", "- y", "{}", "&a", "!t", "a\n\tb\n"];
        let shape = Shape::map([
            ("plain", Shape::from("agreed – по-київськи")),
            ("date", "2025-05-14".into()),
            ("odd", Shape::list(odd)),
            ("number", Shape::Number("1.5".into())),
            (
                "list",
                Shape::List(vec![Shape::map([("a", 1usize.into()), ("b", Shape::list(["x", "- y"]))]), Shape::Null]),
            ),
            ("lists", Shape::List(vec![Shape::list(["x"]), Shape::List(vec![])])),
            ("empty", Shape::Map(vec![])),
        ]);
        let text = written(shape.clone());
        let yaml: serde_json::Value = serde_yaml::from_str(&text).unwrap();
        let json: serde_json::Value = serde_json::from_str(&shape.to_json()).unwrap();
        assert_eq!(yaml, json, "{text}");
        assert!(!text.contains(|c| c != '\n' && is_hostile(c)), "{text}");
    }

    #[test]
    fn numbers_keep_their_digits() {
        let most = "9".repeat(38);
        for digits in ["12", "-0.25", "1000.5", &most] {
            assert_eq!(written(Shape::Number(digits.into())), format!("{digits}\n"));
        }
        for digits in ["0.10000000000000000000000000000000000001", "1.50", "1e5", "-0"] {
            assert_eq!(written(Shape::Number(digits.into())), format!("'{digits}'\n"));
        }
    }

    #[test]
    fn a_text_is_no_number_and_no_truth() {
        for text in
            ["1", "-1.5", "1e5", "0x1F", "0o17", "012", "+1", ".5", ".inf", ".nan", "true", "False", "null", "~", ""]
        {
            assert_eq!(written(text.into()), format!("'{text}'\n"));
        }
    }
}
