//! `asof explain`: the page of a fault, or the list of them. Asks nothing of a chronicle.

use anyhow::Result;

use super::Verdict;
use super::output::Output;
use crate::ask::Refusal;
use crate::check;
use crate::model::diagnostic::{Code, nearest};
use crate::render::shape::Shape;
use crate::render::{Format, json, render_shape};

/// Prints the page of a code, or one line for each.
pub fn explain(code: Option<&str>, output: &Output) -> Result<Verdict> {
    let codes: Vec<Code> = match code {
        None => Code::ALL.to_vec(),
        Some(name) => vec![Code::named(name).ok_or_else(|| unknown(name))?],
    };
    let pages: Vec<(Code, String)> = codes.into_iter().map(|code| (code, check::page(code).to_string())).collect();
    let is_text = matches!(output.format, Format::Text | Format::Md);
    output.put(|to| match (is_text, code) {
        (true, Some(_)) => pages.iter().try_for_each(|(_, page)| writeln!(to, "{}", page.trim_end())),
        (true, None) => {
            let column = pages.iter().map(|(code, _)| code.name().len()).max().unwrap_or(0);
            let line = |(code, page): &(Code, String)| format!("{:column$}  {}", code.name(), first_sentence(page));
            pages.iter().try_for_each(|page| writeln!(to, "{}", line(page)))
        }
        (false, _) => {
            let rows: Vec<Shape> = pages.iter().map(|(code, page)| json::page(*code, page)).collect();
            let whole = Shape::map([("asof", 1usize.into()), ("codes", Shape::List(rows.clone()))]);
            render_shape(&whole, &rows, &["code", "severity", "page"], output.format, &output.how, to)
        }
    })?;
    Ok(Verdict::Yes)
}

fn unknown(name: &str) -> Refusal {
    let near = nearest(name, Code::ALL.iter().map(|code| code.name()));
    let refusal = Refusal::not_found(format!("no fault is called `{name}`"), near);
    if near.is_some() { refusal } else { refusal.help("`asof explain` lists them all") }
}

/// The first sentence of a page, without headings.
fn first_sentence(page: &str) -> String {
    let words: Vec<&str> = page
        .lines()
        .map(str::trim)
        .skip_while(|line| line.is_empty() || line.starts_with('#'))
        .take_while(|line| !line.is_empty())
        .flat_map(str::split_whitespace)
        .collect();
    let paragraph = words.join(" ");
    paragraph.find(". ").map_or(paragraph.clone(), |end| paragraph[..=end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sentence_is_that_of_the_first_paragraph() {
        assert_eq!(first_sentence("# A page\n\nOne thing\nis so. Another is not.\n\nMore."), "One thing is so.");
        assert_eq!(first_sentence("# A page\n\nOne thing\n\nMore."), "One thing");
        assert_eq!(first_sentence(""), "");
    }

    #[test]
    fn an_unknown_code_has_a_nearest() {
        assert_eq!(unknown("unkown-path").help.as_deref(), Some("did you mean `unknown-path`?"));
    }
}
