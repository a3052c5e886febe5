//! A row and rules → an event. Knows nothing of other rows.

use std::collections::BTreeSet;

use super::date::{Precision, between, of_parts};
use super::rules::{Body, DateForm, Form, Rules, Sort};
use super::template::{Part, Split, Template, View, YEARS, number};
use crate::exchange::import::{Refused, one_line, slug};
use crate::model::date::{Date, DateError};
use crate::model::diagnostic::{Code, nearest};
use crate::model::event::Free;

/// The keys of an event that take a list: what a case says of them comes behind what the rules say of all rows.
const LISTS: [&str; 7] = ["actors", "tags", "sources", "because", "after", "replaces", "unset"];

/// The event of a row; nothing where a case leaves it out.
pub fn of(rules: &Rules, view: View) -> Result<Option<Free>, Refused> {
    for column in &rules.required {
        if view.words(*column).is_empty() {
            let name = &rules.names.columns[*column].value;
            return Err(view.refused(
                *column,
                Code::MissingKey,
                format!("`{name}` is empty, and the rules require it"),
            ));
        }
    }
    let holds = |case: &&super::rules::Case| {
        case.tests.iter().all(|test| {
            let words = view.words(test.column);
            test.any.iter().any(|wanted| wanted.is(&words)) != test.not
        })
    };
    let cases: Vec<_> = rules.cases.iter().filter(holds).collect();
    if cases.iter().any(|case| case.skip) {
        return Ok(None);
    }
    // What a case says instead is not asked of the row, so that it may also be empty or wrong there.
    let replaced = |key: &str| {
        let is_one = |form: &Form| !matches!(form, Form::List(_) | Form::Map(_) | Form::Paths(_));
        let by = |body: &Body| body.iter().any(|(known, form)| known == key && is_one(form));
        !LISTS.contains(&key) && cases.iter().any(|case| by(&case.event))
    };
    let mut keys = Vec::new();
    for (key, form) in rules.event.iter().filter(|(key, _)| !replaced(key)) {
        put(&mut keys, key, form, view)?;
    }
    for (key, form) in cases.iter().flat_map(|case| &case.event) {
        put(&mut keys, key, form, view)?;
    }
    for name in ["date", "title"] {
        if !keys.iter().any(|(key, _)| key == name) {
            let template = rules.event.iter().find(|(key, _)| key == name).and_then(|(_, form)| first_column(form));
            let message = format!("this row gives no `{name}`: its columns are empty");
            return Err(match template {
                Some(column) => view.refused(column, Code::MissingKey, message),
                None => Refused::whole(Code::MissingKey, message),
            });
        }
    }
    Ok(Some(Free::Map(keys)))
}

fn first_column(form: &Form) -> Option<usize> {
    match form {
        Form::Text(template, _) => template.first_column(),
        Form::Date(date) => date.from.as_ref().or(date.parts[0].as_ref()).and_then(Template::first_column),
        _ => None,
    }
}

fn put(keys: &mut Vec<(String, Free)>, key: &str, form: &Form, view: View) -> Result<(), Refused> {
    let Some(value) = free(form, view)? else { return Ok(()) };
    if matches!(key, "date" | "until" | "known") {
        is_date(&value, form, view)?;
    }
    if let ("sources", Free::List(sources), Form::List(forms)) = (key, &value, form) {
        sources.iter().try_for_each(|source| is_source(source, forms, view))?;
    }
    let value = match value {
        Free::List(_) => value,
        one if LISTS.contains(&key) => Free::List(vec![one]),
        value => value,
    };
    match keys.iter_mut().find(|(known, _)| known == key) {
        Some((_, before)) => merge(before, value),
        None => keys.push((key.to_owned(), value)),
    }
    Ok(())
}

/// Whether a date can be read, so that a fault is told at its column.
fn is_date(value: &Free, form: &Form, view: View) -> Result<(), Refused> {
    let (Free::Text(text), Some(column)) = (value, first_column(form)) else { return Ok(()) };
    let Err(DateError { message, help, .. }) = Date::parse(text) else { return Ok(()) };
    let fault = view.refused(column, Code::BadDate, message);
    Err(match help {
        Some(help) => fault.help(help),
        None => fault,
    })
}

/// Whether a source has what it is known by, and a date that can be read, so that a fault is told at its column.
fn is_source(source: &Free, forms: &[Form], view: View) -> Result<(), Refused> {
    const NAMES: [&str; 3] = ["id", "url", "title"];
    let Free::Map(keys) = source else { return Ok(()) };
    let given = |wanted: &'static [&'static str]| {
        let keys = forms.iter().filter_map(|form| if let Form::Map(keys) = form { Some(keys) } else { None });
        let named = |key: &Template| matches!(&key.parts[..], [Part::Words(key)] if wanted.contains(&key.as_str()));
        keys.flatten().filter(move |(key, _)| named(key)).map(|(_, form)| form)
    };
    if !keys.iter().any(|(key, _)| NAMES.contains(&key.as_str())) {
        let Some(empty) = given(&NAMES).filter_map(first_column).find(|at| view.words(*at).is_empty()) else {
            return Ok(());
        };
        let name = &view.names.columns[empty].value;
        let message = format!("`{name}` is empty: a source without `id`, `url` or `title`");
        let fault = view.refused(empty, Code::MissingKey, message);
        return Err(fault.help(format!("say in the rules what an empty one stands for, as `${{{name}|or a report}}`")));
    }
    match keys.iter().find(|(key, _)| key == "date") {
        Some((_, date)) => {
            let gives = |form: &&Form| values(form, view).is_ok_and(|values| values.contains(date));
            given(&["date"]).filter(gives).try_for_each(|form| is_date(date, form, view))
        }
        None => Ok(()),
    }
}

/// Puts a value over another: mappings key by key, lists one behind the other, all else instead.
fn merge(before: &mut Free, value: Free) {
    match (before, value) {
        (Free::Map(before), Free::Map(keys)) => {
            for (key, value) in keys {
                match before.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, before)) => merge(before, value),
                    None => before.push((key, value)),
                }
            }
        }
        (Free::List(before), Free::List(items)) => before.extend(items),
        (before, value) => *before = value,
    }
}

/// What a row makes of a form; nothing where there are columns in it and all of them are empty.
fn free(form: &Form, view: View) -> Result<Option<Free>, Refused> {
    let mut values = values(form, view)?;
    Ok(match values.len() {
        0 => None,
        1 => values.pop(),
        _ => Some(Free::List(values)),
    })
}

/// The same; of a column that holds several values all of them.
fn values(form: &Form, view: View) -> Result<Vec<Free>, Refused> {
    Ok(match form {
        Form::Fixed(data) => vec![data.clone()],
        Form::Text(template, sort) => {
            let values = template.values(view)?;
            let values = values.into_iter().map(|value| sorted(value, *sort, template, view));
            values.collect::<Result<Vec<Option<Free>>, Refused>>()?.into_iter().flatten().collect()
        }
        Form::Path(path) => path.path(view)?.map(Free::Text).into_iter().collect(),
        Form::Date(date) => of_columns(date, view)?.map(Free::Text).into_iter().collect(),
        Form::List(forms) => {
            let mut items = Vec::new();
            for form in forms {
                match form {
                    Form::Map(forms) => items.extend(each(forms, view)?),
                    form => items.extend(values(form, view)?),
                }
            }
            if items.is_empty() && !forms.is_empty() { Vec::new() } else { vec![Free::List(items)] }
        }
        Form::Map(forms) => mapping(forms, view)?.map(Free::Map).into_iter().collect(),
        Form::Paths(forms) => {
            let mut keys: Vec<(String, Free)> = Vec::new();
            for (path, form) in forms {
                let (Some(path), Some(value)) = (path.path(view)?, free(form, view)?) else { continue };
                keys.push((path, value));
            }
            if keys.is_empty() { Vec::new() } else { vec![Free::Map(keys)] }
        }
    })
}

/// A mapping; nothing where there are columns in it and all of them are empty.
fn mapping(forms: &[(Template, Form)], view: View) -> Result<Option<Vec<(String, Free)>>, Refused> {
    let mut keys = Vec::new();
    let mut is_said = !forms.iter().any(|(_, form)| has_columns(form));
    for (key, form) in forms {
        if let (Some(key), Some(value)) = (key.text(view)?, free(form, view)?) {
            is_said |= has_columns(form);
            keys.push((key, value));
        }
    }
    Ok(is_said.then_some(keys))
}

/// A mapping of a list in which columns are split: one for each of their values, if all that are not empty hold as many;
/// else one with the words as they stand, so that nothing is put beside what it does not belong to.
fn each(forms: &[(Template, Form)], view: View) -> Result<Vec<Free>, Refused> {
    let mut lengths = BTreeSet::new();
    for (key, form) in forms {
        key.count_split(view, &mut lengths)?;
        count_split(form, view, &mut lengths)?;
    }
    let views: Vec<View> = match (lengths.len(), lengths.last()) {
        (1, Some(number)) => (0..*number).map(|at| View { split: Split::One(at), ..view }).collect(),
        (0, _) => vec![view],
        _ => vec![View { split: Split::Whole, ..view }],
    };
    let mut mappings = Vec::new();
    for view in views {
        mappings.extend(mapping(forms, view)?.map(Free::Map));
    }
    Ok(mappings)
}

/// How many values the columns have that a form splits, but for those without any.
fn count_split(form: &Form, view: View, lengths: &mut BTreeSet<usize>) -> Result<(), Refused> {
    match form {
        Form::Text(template, _) => template.count_split(view, lengths),
        Form::List(forms) => forms.iter().try_for_each(|form| count_split(form, view, lengths)),
        Form::Map(forms) => forms.iter().try_for_each(|(_, form)| count_split(form, view, lengths)),
        Form::Fixed(_) | Form::Path(_) | Form::Date(_) | Form::Paths(_) => Ok(()),
    }
}

fn has_columns(form: &Form) -> bool {
    match form {
        Form::Fixed(_) => false,
        Form::Text(template, _) => template.has_columns(),
        Form::Path(_) | Form::Date(_) | Form::Paths(_) => true,
        Form::List(forms) => forms.iter().any(has_columns),
        Form::Map(forms) => forms.iter().any(|(_, form)| has_columns(form)),
    }
}

/// A value as its place in the event wants it.
fn sorted(value: Free, sort: Sort, template: &Template, view: View) -> Result<Option<Free>, Refused> {
    Ok(match (sort, value) {
        (Sort::Slug, Free::Text(text)) => Some(slug(&text)).filter(|slug| !slug.is_empty()).map(Free::Text),
        (Sort::Line, Free::Text(text)) => Some(Free::Text(one_line(&text))),
        (Sort::Number, Free::Text(text)) => Some(number(&text, view, template.first_column())?),
        (_, value) => Some(value),
    })
}

/// A date of several columns.
fn of_columns(date: &DateForm, view: View) -> Result<Option<String>, Refused> {
    let text = |template: &Option<Template>| template.as_ref().map_or(Ok(None), |template| template.text(view));
    let column = |template: &Option<Template>| template.as_ref().and_then(Template::first_column).unwrap_or_default();
    let Some(from) = &date.from else {
        let [Some(year), month, day] = [text(&date.parts[0])?, text(&date.parts[1])?, text(&date.parts[2])?] else {
            return Ok(None);
        };
        let read = of_parts(&year, &month.clone().unwrap_or_default(), &day.clone().unwrap_or_default());
        return read.map(Some).map_err(|part| {
            let (at, words) = match part {
                "year" => (0, Some(year.clone())),
                "month" => (1, month.clone()),
                _ => (2, day.clone()),
            };
            let words = words.unwrap_or_default();
            if words.is_empty() {
                let empty = date.parts[at].as_ref().and_then(Template::first_column);
                let name = empty.map_or(String::new(), |at| format!("`{}` is empty: ", view.names.columns[at].value));
                let at = empty.unwrap_or_else(|| column(&date.parts[2]));
                return view.refused(at, Code::BadDate, format!("{name}a day without a {part}"));
            }
            let fault = view.refused(column(&date.parts[at]), Code::BadDate, format!("`{words}` is no {part}"));
            let is_short = at == 0 && words.trim_start_matches(['-', '+']).bytes().all(|byte| byte.is_ascii_digit());
            if is_short { fault.help(YEARS) } else { fault }
        });
    };
    let Some(first) = from.text(view)? else { return Ok(None) };
    let mut edtf = first.clone();
    if date.precision.is_some() {
        let word = text(&date.precision)?.ok_or_else(|| {
            let column = column(&date.precision);
            let name = &view.names.columns[column].value;
            let message = format!("`{name}` is empty, and says how imprecise the date is");
            let fault = view.refused(column, Code::MissingKey, message);
            fault.help("end `precision` in the rules with `|or day`, if that is what an empty one stands for")
        })?;
        let known = Precision::ALL.iter().find(|(name, _)| *name == word);
        let Some((_, precision)) = known else {
            let fault =
                view.refused(column(&date.precision), Code::BadWord, format!("`{word}` is no precision of a date"));
            let names = Precision::ALL.map(|(name, _)| name);
            let near = nearest(&word, names).map_or(String::new(), |near| format!("did you mean `{near}`? "));
            return Err(fault.help(format!("{near}It is one of {}; give the table a `map` to them", names.join(", "))));
        };
        let known_date = Date::parse(&edtf).is_ok().then(|| precision.of(&edtf)).flatten();
        let wrong = || {
            view.refused(
                from.first_column().unwrap_or_default(),
                Code::BadDate,
                format!("`{edtf}` is no {word}, nor finer"),
            )
        };
        edtf = known_date.ok_or_else(wrong)?;
    }
    Ok(Some(match text(&date.to)? {
        Some(last) => between(&first, &last),
        None => edtf,
    }))
}
