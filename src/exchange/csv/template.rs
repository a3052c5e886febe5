//! Words with columns in them, `${place}: ${holder|sides}`, and what a row makes of them. Knows nothing of where in an
//! event they stand.

use std::collections::{BTreeMap, BTreeSet};

use super::date::Pattern;
use super::rows::Row;
use crate::exchange::import::{Refused, slug};
use crate::model::decimal::Decimal;
use crate::model::diagnostic::{Code, nearest};
use crate::model::event::Free;
use crate::model::text::{Located, Place};

/// What stands for whatever a table has no line for.
const OTHERS: &str = "*";
/// What to do about years of two digits.
pub const YEARS: &str =
    "`|date %Y` is a year of four digits, `%y` of two, from 1970 to 2069, `%-Y` the year as it stands";

/// The columns and tables that templates name, and how numbers are written.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The columns that are used, each once, where they are first named.
    pub columns: Vec<Located<String>>,
    /// Those of them that every table must have.
    pub needed: Vec<bool>,
    /// From values of columns to what they stand for.
    pub maps: BTreeMap<String, Vec<(String, Free)>>,
    /// What stands before the parts of one.
    pub decimal: Option<char>,
    /// What stands between groups of digits.
    pub thousands: Option<char>,
}

impl Names {
    /// The number of a column among those that are used; with a `?` behind its name a table may be without it.
    pub fn column(&mut self, name: &str, place: Place) -> usize {
        let (name, is_needed) = name.strip_suffix('?').map_or((name, true), |name| (name, false));
        let known = self.columns.iter().position(|column| column.value == name);
        let number = known.unwrap_or_else(|| {
            self.columns.push(Located::new(name.to_owned(), place));
            self.needed.push(false);
            self.columns.len() - 1
        });
        self.needed[number] |= is_needed;
        number
    }
}

/// A row, and which of its fields the columns are.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The row.
    pub row: &'a Row,
    /// Of each column that is used the number of its field.
    pub fields: &'a [usize],
    /// What templates name.
    pub names: &'a Names,
    /// Which values of a column that is split.
    pub split: Split,
}

/// Which values of a column that is split are asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Split {
    /// All.
    All,
    /// The one with this number.
    One(usize),
    /// The words as they stand, without a split; nothing where more is done with each value.
    Whole,
}

impl View<'_> {
    /// What a column holds, without blanks around it.
    pub fn words(&self, column: usize) -> String {
        self.row.field(self.fields[column]).trim().to_owned()
    }

    /// A fault at a column.
    pub fn refused(&self, column: usize, code: Code, message: impl Into<String>) -> Refused {
        let at = self.row.fields.get(self.fields[column]).cloned().unwrap_or_default();
        Refused::new(code, at, message)
    }
}

/// Words with columns in them.
#[derive(Clone, Debug)]
pub struct Template {
    pub(super) parts: Vec<Part>,
}

/// A part of a template.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Words(String),
    Column(Column),
}

/// A column, and what is done with what it holds.
#[derive(Clone, Debug)]
pub(super) struct Column {
    number: usize,
    filters: Vec<Filter>,
}

/// What is done with the values of a column, each in turn.
#[derive(Clone, Debug)]
enum Filter {
    Slug,
    Lower,
    Number,
    /// Whether what is no such date is left out.
    Date(Vec<Pattern>, bool),
    Split(String),
    Or(String),
    Map(String),
}

const FILTERS: [&str; 6] = ["slug", "lower", "number", "date", "split", "or"];

impl Template {
    /// Reads a template. Errors: what is wrong with it, in words, and what to write instead.
    pub fn parse(text: &str, place: Place, names: &mut Names) -> Result<Template, (String, String)> {
        let mut parts = Vec::new();
        let mut words = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            if let Some(before) = rest[..at].strip_suffix('$') {
                words.push_str(before);
                words.push_str("${");
                rest = &rest[at + 2..];
                continue;
            }
            words.push_str(&rest[..at]);
            let (inside, behind) = rest[at + 2..].split_once('}').ok_or_else(|| {
                (
                    "`${` is opened and not closed".to_owned(),
                    "write `${COLUMN}`; `$${` stands for the signs themselves".to_owned(),
                )
            })?;
            if !words.is_empty() {
                parts.push(Part::Words(std::mem::take(&mut words)));
            }
            parts.push(Part::Column(column(inside, place, names)?));
            rest = behind;
        }
        words.push_str(rest);
        if !words.is_empty() {
            parts.push(Part::Words(words));
        }
        Ok(Template { parts })
    }

    /// Whether it names a column.
    pub fn has_columns(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Column(_)))
    }

    /// What a row makes of it: nothing where all its columns are empty, the values of its column where that is all there
    /// is, else one text.
    pub fn values(&self, view: View) -> Result<Vec<Free>, Refused> {
        if let [Part::Column(column)] = self.parts.as_slice() {
            return column.values(view);
        }
        let mut text = String::new();
        let mut is_empty = self.has_columns();
        for part in &self.parts {
            match part {
                Part::Words(words) => text.push_str(words),
                Part::Column(column) => {
                    let values = column.values(view)?;
                    is_empty &= values.is_empty();
                    text.push_str(&joined(&values, ", "));
                }
            }
        }
        Ok(if is_empty { Vec::new() } else { vec![Free::Text(text)] })
    }

    /// The same as one text.
    pub fn text(&self, view: View) -> Result<Option<String>, Refused> {
        let values = self.values(view)?;
        Ok((!values.is_empty()).then(|| joined(&values, ", ")))
    }

    /// Notes of each column that is split how many values it has, unless it has none.
    pub fn count_split(&self, view: View, lengths: &mut BTreeSet<usize>) -> Result<(), Refused> {
        for part in &self.parts {
            match part {
                Part::Column(column) => {
                    lengths.extend(Some(column.count_split(view)?).filter(|length| *length > 0));
                }
                Part::Words(_) => {}
            }
        }
        Ok(())
    }

    /// The column that a fault of its value is said of.
    pub fn first_column(&self) -> Option<usize> {
        self.parts.iter().find_map(|part| match part {
            Part::Column(column) => Some(column.number),
            Part::Words(_) => None,
        })
    }
}

/// Several values as one text.
pub fn joined(values: &[Free], between: &str) -> String {
    let words: Vec<&str> = values
        .iter()
        .map(|value| match value {
            Free::Text(text) | Free::Number(text) => text.as_str(),
            Free::Truth(true) => "true",
            Free::Truth(false) => "false",
            Free::Null | Free::List(_) | Free::Map(_) => "",
        })
        .collect();
    words.join(between)
}

/// What stands between `${` and `}`.
fn column(inside: &str, place: Place, names: &mut Names) -> Result<Column, (String, String)> {
    let mut words = inside.split('|');
    let name = words.next().unwrap_or("").trim();
    if name.is_empty() {
        return Err(("`${}` names no column".to_owned(), "write `${COLUMN}`".to_owned()));
    }
    let filters = words.map(|words| filter(words, names)).collect::<Result<_, _>>()?;
    Ok(Column { number: names.column(name, place), filters })
}

fn filter(words: &str, names: &Names) -> Result<Filter, (String, String)> {
    let trimmed = words.trim();
    let (name, argument) = trimmed.split_once(' ').unwrap_or((trimmed, ""));
    let argument = argument.trim();
    let needs = |what: &str| (format!("`{name}` needs {what}"), format!("write `|{name} …`"));
    Ok(match name {
        "slug" => Filter::Slug,
        "lower" => Filter::Lower,
        "number" => Filter::Number,
        "date" | "date?" if argument.is_empty() => return Err(needs("a pattern, such as `%d.%m.%Y`")),
        "date" | "date?" => {
            let patterns: Result<_, String> = argument.split(" or ").map(|text| Pattern::parse(text.trim())).collect();
            Filter::Date(
                patterns.map_err(|message| (message, "patterns are those of strftime: `%d.%m.%Y %H:%M`".to_owned()))?,
                name == "date?",
            )
        }
        "split" if argument.is_empty() => return Err(needs("what stands between the values")),
        "split" => Filter::Split(argument.to_owned()),
        "or" if argument.is_empty() => return Err(needs("what stands for an empty column")),
        "or" => Filter::Or(argument.to_owned()),
        _ if names.maps.contains_key(trimmed) => Filter::Map(trimmed.to_owned()),
        _ => {
            let known = FILTERS.into_iter().chain(names.maps.keys().map(String::as_str));
            let help = match nearest(name, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it is one of {}, or a table of `map`", FILTERS.join(", ")),
            };
            return Err((format!("nothing is called `{trimmed}` that could be done with a column"), help));
        }
    })
}

impl Column {
    /// The last filter that splits it.
    fn last_split(&self) -> Option<usize> {
        self.filters.iter().rposition(|filter| matches!(filter, Filter::Split(_)))
    }

    /// How many values it is split into: none where it is empty or not split.
    fn count_split(&self, view: View) -> Result<usize, Refused> {
        let Some(last) = self.last_split() else { return Ok(0) };
        Ok(self.after(&self.filters[..=last], View { split: Split::All, ..view })?.len())
    }

    /// What it holds after all filters.
    pub(super) fn values(&self, view: View) -> Result<Vec<Free>, Refused> {
        self.after(&self.filters, view)
    }

    fn after(&self, filters: &[Filter], view: View) -> Result<Vec<Free>, Refused> {
        let words = view.words(self.number);
        let mut values = if words.is_empty() { Vec::new() } else { vec![Free::Text(words)] };
        for (at, filter) in filters.iter().enumerate() {
            values = match filter {
                Filter::Split(_) if view.split == Split::Whole => {
                    match filters[at + 1..].iter().all(|filter| matches!(filter, Filter::Or(_) | Filter::Split(_))) {
                        true => values,
                        false => return Ok(Vec::new()),
                    }
                }
                Filter::Or(other) if values.is_empty() => vec![Free::Text(other.clone())],
                Filter::Or(_) => values,
                Filter::Map(map) if values.is_empty() => {
                    let empty = view.names.maps[map].iter().find(|(from, _)| from.is_empty());
                    empty.map(|(_, to)| to.clone()).into_iter().collect()
                }
                Filter::Split(separator) => {
                    let texts = values.iter().map(|value| joined(std::slice::from_ref(value), ""));
                    let parts: Vec<String> = texts
                        .flat_map(|text| {
                            text.split(separator.as_str()).map(|part| part.trim().to_owned()).collect::<Vec<_>>()
                        })
                        .collect();
                    let parts = parts.into_iter().filter(|part| !part.is_empty()).map(Free::Text);
                    match view.split {
                        Split::One(number) if self.last_split() == Some(at) => parts.skip(number).take(1).collect(),
                        _ => parts.collect(),
                    }
                }
                filter => {
                    let each = values.into_iter().map(|value| self.filtered(filter, value, view));
                    each.collect::<Result<Vec<Option<Free>>, Refused>>()?.into_iter().flatten().collect()
                }
            };
        }
        Ok(values)
    }

    /// One value after one filter.
    fn filtered(&self, filter: &Filter, value: Free, view: View) -> Result<Option<Free>, Refused> {
        let text = joined(std::slice::from_ref(&value), "");
        Ok(match filter {
            Filter::Slug => Some(slug(&text)).filter(|slug| !slug.is_empty()).map(Free::Text),
            Filter::Lower => Some(Free::Text(text.to_lowercase())),
            Filter::Number => Some(number(&text, view, Some(self.number))?),
            Filter::Date(patterns, may_be_none) => match patterns.iter().find_map(|pattern| pattern.read(&text)) {
                Some(date) => Some(Free::Text(date)),
                None if *may_be_none => None,
                None => return Err(self.no_date(&text, patterns, view)),
            },
            Filter::Map(name) => {
                let map = &view.names.maps[name];
                let to = |from: &str| map.iter().find(|(known, _)| known == from).map(|(_, to)| to);
                match (to(&text), to(OTHERS)) {
                    (Some(to), _) => Some(to.clone()),
                    (None, Some(Free::Text(stays))) if stays == OTHERS => Some(value),
                    (None, Some(others)) => Some(others.clone()),
                    (None, None) => {
                        let fault =
                            view.refused(self.number, Code::BadWord, format!("`{name}` has no line for `{text}`"));
                        let known = map.iter().map(|(from, _)| from.as_str());
                        let near = nearest(&text, known).filter(|_| text.chars().count() > 2);
                        let near = near.map_or(String::new(), |near| format!("did you mean `{near}`? "));
                        return Err(fault.help(format!("{near}Add it to `map: {name}`, or `\"*\"` for all others")));
                    }
                }
                .filter(|to| *to != Free::Null)
            }
            Filter::Split(_) | Filter::Or(_) => Some(value),
        })
    }

    fn no_date(&self, text: &str, patterns: &[Pattern], view: View) -> Refused {
        let forms: Vec<String> = patterns.iter().map(|pattern| format!("`{}`", pattern.text)).collect();
        let message = format!("`{text}` is no date of the form {}", forms.join(" or "));
        let fault = view.refused(self.number, Code::BadDate, message);
        let mut fitting = patterns.iter().filter_map(|pattern| pattern.has_all_digits(text)).peekable();
        let is_short = fitting.peek().is_some() && fitting.all(|has_all_digits| !has_all_digits);
        if is_short { fault.help(YEARS) } else { fault }
    }
}

/// A number, as the rules say that numbers are written.
pub fn number(text: &str, view: View, column: Option<usize>) -> Result<Free, Refused> {
    let names = view.names;
    let decimal = names.decimal.unwrap_or('.');
    let (whole, parts) = text.split_once(decimal).map_or((text, None), |(whole, parts)| (whole, Some(parts)));
    let groups: Vec<&str> = names.thousands.map_or(vec![whole], |between| whole.split(between).collect());
    let is_grouped = groups.iter().skip(1).all(|group| matches!(group.len(), 2 | 3))
        && groups.last().is_some_and(|last| groups.len() == 1 || last.len() == 3);
    let plain = groups.concat() + &parts.map_or(String::new(), |parts| format!(".{parts}"));
    let is_plain = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    match Decimal::parse(&plain).filter(|_| is_grouped && is_plain) {
        Some(number) => Ok(Free::Number(number.to_string())),
        None => {
            let message = format!("`{text}` is no number");
            let fault = match column {
                Some(column) => view.refused(column, Code::BadNumber, message),
                None => Refused::whole(Code::BadNumber, message),
            };
            Err(fault.help("say how numbers are written: `decimal: \",\"` and `thousands: \".\"` in the rules"))
        }
    }
}
