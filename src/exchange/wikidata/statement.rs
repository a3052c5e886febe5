//! A statement of Wikidata as an event: its qualifiers say when, its references on whose word, its rank whether it is on
//! record or claimed. Knows nothing of files.

use serde_json::Value;

use super::Labels;
use super::time::{Point, point};
use crate::exchange::import::{Outcome, Refused, map, one_line, text};
use crate::model::date::{Calendar, Date};
use crate::model::diagnostic::Code;
use crate::model::event::Free;
use crate::model::moment::Moment;
use crate::model::path::segment;

/// Reads the statements of an entity, each with its id.
pub(super) fn statements<'a>(entity: &'a Value, labels: &'a Labels) -> impl Iterator<Item = (&'a str, Outcome)> {
    let properties = entity["claims"].as_object().into_iter().flatten();
    let all = properties.flat_map(|(_, list)| list.as_array().into_iter().flatten());
    all.map(move |statement| {
        let id = statement["id"].as_str().unwrap_or_default();
        let of = Of { entity: entity["id"].as_str().unwrap_or_default(), id, statement, labels };
        let refused = |why: String| Outcome::Refused(Refused::whole(Code::BadValue, why));
        (id, of.read().map_or_else(refused, |event| event.map_or(Outcome::Skipped, Outcome::Event)))
    })
}

/// A statement of an entity while it is read.
struct Of<'a> {
    entity: &'a str,
    id: &'a str,
    statement: &'a Value,
    labels: &'a Labels,
}

/// When a statement held, as the keys of an event.
struct When {
    date: String,
    until: Option<String>,
    lasts: bool,
}

impl Of<'_> {
    /// The event; nothing where there is no date, or no value that could hold from then on.
    fn read(&self) -> Result<Option<Free>, String> {
        let snak = &self.statement["mainsnak"];
        let Some(held) = self.value(snak)? else {
            return Ok(None);
        };
        let Some(when) = self.when(snak)? else { return Ok(None) };
        let property = snak["property"].as_str().ok_or("a statement without a property")?;
        let references = self.statement["references"].as_array().map_or(&[][..], Vec::as_slice);
        let sources: Vec<Free> = references.iter().filter_map(|reference| self.source(reference)).collect();
        let title = format!("{}: {} – {}", self.labels.name(self.entity), self.labels.name(property), held.shown);
        let mut keys = vec![
            ("date", text(&when.date)),
            ("title", text(&one_line(&title))),
            ("id", text(&self.id.replace('$', "-"))),
        ];
        keys.extend(when.until.as_deref().map(|until| ("until", text(until))));
        keys.extend(self.known(references, &when)?.map(|known| ("known", text(&known))));
        keys.push(("sources", Free::List(sources)));
        let path = format!("{}.{}", segment(&self.labels.slug(self.entity)), segment(&self.labels.slug(property)));
        keys.extend(self.changes(path, held, when.lasts, references));
        keys.push(("meta", self.meta()));
        keys.retain(|(_, value)| !matches!(value, Free::List(list) if list.is_empty()));
        Ok(Some(map(keys)))
    }

    /// What the record says, or whoever stated what has been deprecated since.
    fn changes(&self, path: String, held: Held, lasts: bool, references: &[Value]) -> Vec<(&'static str, Free)> {
        let during = |change: Free| if lasts { vec![("during", change)] } else { Vec::new() };
        if self.statement["rank"] == "deprecated" {
            let value = if held.is_item { Free::List(vec![held.value]) } else { held.value };
            let set = map([("set", map([(path, value)]))]);
            let claim = if lasts { map([("during", set)]) } else { set };
            return vec![("claims", map([(self.voice(references), claim)]))];
        }
        let does = if held.is_item { "add" } else { "set" };
        let change = map([(path, held.value)]);
        match lasts {
            true => during(map([(does, change)])),
            false => vec![(does, change)],
        }
    }

    /// Who states it: what the first reference was stated in, else Wikidata.
    fn voice(&self, references: &[Value]) -> String {
        let stated_in = references.iter().find_map(|reference| item(first(reference, "snaks", "P248")?));
        stated_in.map_or_else(|| "wikidata".to_owned(), |id| self.labels.slug(id))
    }

    /// When it held: from P580 to P582, or at P585, or, of a point in time, then; bounded by P1319 and P1326.
    fn when(&self, snak: &Value) -> Result<Option<When>, String> {
        let is_about = item_of(self.qualifier("P1480")) == Some("Q5727902");
        let about = |read: Point| if is_about { read.about() } else { read };
        let at = |property| -> Result<Option<Point>, String> {
            let several = self.statement["qualifiers"][property].as_array().map_or(0, Vec::len);
            if several > 1 {
                return Err(format!("{property}: there are {several}, and nothing says which dates belong together"));
            }
            let Some(snak) = self.qualifier(property).filter(|snak| snak["snaktype"] == "value") else {
                return Ok(None);
            };
            let read = point(&snak["datavalue"]["value"]).map_err(|why| format!("{property}: {why}"))?;
            Ok(Some(about(read)))
        };
        let (start, end) = (at("P580")?, at("P582")?);
        let has_end = self.qualifier("P582").is_some_and(|end| end["snaktype"] != "novalue");
        if start.is_some() || has_end {
            return lasting(start, end, has_end).map(Some);
        }
        let single = |date: String| Ok(Some(When { date, until: None, lasts: false }));
        if let Some(moment) = at("P585")? {
            return single(moment.edtf);
        }
        if let (Some(from), Some(to)) = (at("P1319")?, at("P1326")?) {
            return single(format!("[{}..{}]", from.bounds.0, to.bounds.1));
        }
        match snak["datavalue"]["type"] == "time" {
            true => single(about(point(&snak["datavalue"]["value"])?).edtf),
            false => Ok(None),
        }
    }

    /// When it became known: when the first of its references was published, if that was after it had happened.
    fn known(&self, references: &[Value], when: &When) -> Result<Option<String>, String> {
        let published = references.iter().filter_map(|reference| first(reference, "snaks", "P577"));
        let mut earliest: Option<(Moment, String)> = None;
        for snak in published.filter(|snak| snak["snaktype"] == "value") {
            let edtf = point(&snak["datavalue"]["value"]).map_err(|why| format!("P577: {why}"))?.edtf;
            let by = latest(&edtf)?;
            if earliest.as_ref().is_none_or(|(before, _)| by < *before) {
                earliest = Some((by, edtf));
            }
        }
        let start = when.date.split_once('/').map_or(when.date.as_str(), |(start, _)| start);
        let happened = if start.is_empty() { Moment::PAST } else { latest(start)? };
        Ok(earliest.filter(|(by, _)| *by > happened).map(|(_, edtf)| edtf))
    }

    fn qualifier(&self, property: &str) -> Option<&Value> {
        self.statement["qualifiers"][property].get(0)
    }

    /// A reference as a source in place: what says nothing but when it was looked up is none.
    fn source(&self, reference: &Value) -> Option<Free> {
        let word = |property| first(reference, "snaks", property).and_then(plain);
        let named = |property| first(reference, "snaks", property).and_then(item).map(|id| self.labels.name(id));
        let date = first(reference, "snaks", "P577").and_then(|snak| point(&snak["datavalue"]["value"]).ok());
        let url = word("P854");
        let title = word("P1476").or_else(|| named("P248")).or(url)?;
        let mut keys = vec![("title", text(&one_line(title)))];
        keys.extend(named("P123").map(|publisher| ("publisher", text(publisher))));
        keys.extend(date.map(|date| ("date", text(&date.edtf))));
        keys.extend(url.map(|url| ("url", text(url))));
        keys.extend(word("P1065").map(|archived| ("archived", text(archived))));
        keys.extend(word("P1683").map(|quote| ("quote", text(quote))));
        keys.extend(word("P304").map(|page| ("page", text(page))));
        Some(map(keys))
    }

    /// Where it is from, and the qualifiers that have no key of their own.
    fn meta(&self) -> Free {
        const OF_ITS_OWN: [&str; 3] = ["P580", "P582", "P585"];
        let mut keys = vec![
            ("entity".to_owned(), text(self.entity)),
            ("statement".to_owned(), text(self.id)),
            ("rank".to_owned(), text(self.statement["rank"].as_str().unwrap_or("normal"))),
        ];
        let qualifiers = self.statement["qualifiers"].as_object().into_iter().flatten();
        for (property, snaks) in qualifiers.filter(|(property, _)| !OF_ITS_OWN.contains(&property.as_str())) {
            let snaks = snaks.as_array().into_iter().flatten();
            let values: Vec<Free> =
                snaks.filter_map(|snak| self.value(snak).ok().flatten()).map(|held| text(&held.shown)).collect();
            keys.push((self.labels.slug(property), Free::List(values)));
        }
        map([("wikidata", Free::Map(keys))])
    }

    /// The value of a snak; nothing where it is unknown, or known to be none.
    fn value(&self, snak: &Value) -> Result<Option<Held>, String> {
        if snak["snaktype"] != "value" {
            return Ok(None);
        }
        let value = &snak["datavalue"]["value"];
        let single = |value: Free, shown: String| Ok(Some(Held { value, shown, is_item: false }));
        match snak["datavalue"]["type"].as_str() {
            Some("wikibase-entityid") => {
                let id = item(snak).ok_or("an item without an id")?;
                let (slug, name) = (self.labels.slug(id), self.labels.name(id));
                Ok(Some(Held { value: text(&slug), shown: name.to_owned(), is_item: true }))
            }
            Some("string") => {
                let word = value.as_str().ok_or("a string that is none")?;
                single(text(word), word.to_owned())
            }
            Some("monolingualtext") => {
                let word = value["text"].as_str().ok_or("a text without `text`")?;
                single(text(word), word.to_owned())
            }
            Some("time") => {
                let edtf = point(value)?.edtf;
                single(text(&edtf), edtf)
            }
            Some("globecoordinate") => {
                let (north, east) = (&value["latitude"], &value["longitude"]);
                let shown = format!("{north}, {east}");
                single(text(&shown), shown)
            }
            Some("quantity") => quantity(value).map(Some),
            Some(kind) => Err(format!("values of type `{kind}` are not read")),
            None => Err("a value without a type".to_owned()),
        }
    }
}

/// A value, how a title names it, and whether it is an item.
struct Held {
    value: Free,
    shown: String,
    is_item: bool,
}

/// A number, or with bounds an estimate.
fn quantity(value: &Value) -> Result<Held, String> {
    let digits = |key: &str| value[key].as_str().map(|amount| amount.trim_start_matches('+').to_owned());
    let best = digits("amount").ok_or("a quantity without `amount`")?;
    let held = match (digits("lowerBound"), digits("upperBound")) {
        (Some(low), Some(high)) if low != high => {
            map([("low", Free::Number(low)), ("best", Free::Number(best.clone())), ("high", Free::Number(high))])
        }
        _ => Free::Number(best.clone()),
    };
    Ok(Held { value: held, shown: best, is_item: false })
}

/// A span of time: its start and its end, one of them perhaps unknown; without an end it goes on.
fn lasting(start: Option<Point>, end: Option<Point>, has_end: bool) -> Result<When, String> {
    // One of a set is no side of an interval (EDTF, Level 1): then the end is written apart.
    let is_side = |point: &Option<Point>| point.as_ref().is_none_or(|point| point.is_side);
    let whole = is_side(&start) && is_side(&end);
    let words = |point: Option<Point>| point.map_or_else(String::new, |point| point.edtf);
    match (start, end) {
        (Some(start), None) if !has_end => Ok(When { date: start.edtf, until: None, lasts: false }),
        (start, end) if whole => {
            Ok(When { date: format!("{}/{}", words(start), words(end)), until: None, lasts: true })
        }
        // An end that is unknown lies somewhere after the start.
        (Some(start), end) => Ok(When {
            until: Some(end.map_or_else(|| "../".to_owned(), |end| end.edtf)),
            date: start.edtf,
            lasts: true,
        }),
        (None, _) => {
            Err("its start is unknown and its end no single date, for which there is no form in EDTF".to_owned())
        }
    }
}

/// The latest moment of a date, in UTC.
fn latest(edtf: &str) -> Result<Moment, String> {
    let reckoned = Date::parse(edtf).and_then(|date| date.reckon(&Calendar::default()));
    reckoned.map(|reckoned| reckoned.written.end).map_err(|error| error.message)
}

/// The first snak of a property.
fn first<'a>(of: &'a Value, snaks: &str, property: &str) -> Option<&'a Value> {
    of[snaks][property].get(0)
}

fn item(snak: &Value) -> Option<&str> {
    snak["datavalue"]["value"]["id"].as_str()
}

fn item_of(snak: Option<&Value>) -> Option<&str> {
    snak.and_then(item)
}

/// The words of a snak of text, of one language or none.
fn plain(snak: &Value) -> Option<&str> {
    let value = &snak["datavalue"]["value"];
    value.as_str().or_else(|| value["text"].as_str())
}
