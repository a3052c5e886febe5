//! A date in English, short and unambiguous (page 3-commands of the design, "Text"): intervals and sets.
//!
//! Single points are in `name`. It must not know zones or spans: the words say what is written, not what it means.

use super::{
    Precision, Seasons,
    complete::extent,
    expr::{Expr, Interval, Member, Parts, Point, Set, Side},
    name::{is_bare, name, span},
};

/// The date in words.
pub(super) fn words(expr: &Expr) -> String {
    match expr {
        Expr::Day { year, month, day } => name(&Point::Parts(Parts::day(0..0, *year, *month, *day))),
        Expr::Point(point) => name(point),
        Expr::Interval(sides) => interval(sides),
        Expr::Set(members) => set(members),
    }
}

fn interval(Interval { start, end }: &Interval) -> String {
    match (start, end) {
        (Side::At(start), Side::At(end)) if is_bare(start) && is_bare(end) => pair(start, end, "to"),
        (Side::At(start), Side::At(end)) => format!("from {} to {}", name(start), name(end)),
        (Side::At(start), Side::Open) => format!("from {}", name(start)),
        (Side::At(start), Side::Unknown) => format!("from {}, end unknown", name(start)),
        (Side::Open, Side::At(end)) => format!("until {}", name(end)),
        (Side::Unknown, Side::At(end)) => format!("until {}, start unknown", name(end)),
        (Side::Open, Side::Open) => "without start or end".to_string(),
        (Side::Open, Side::Unknown) => "without start, end unknown".to_string(),
        (Side::Unknown, _) => "start unknown, without end".to_string(),
    }
}

fn set(Set { all, members }: &Set) -> String {
    match (members.as_slice(), all) {
        ([Member::Range(start, end)], _) if name(start) == name(end) => name(start),
        ([Member::Range(start, end)], false) if is_bare(start) && is_bare(end) => {
            format!("between {}", pair(start, end, "and"))
        }
        ([Member::Range(start, end)], false) => format!("between {} and {}", name(start), name(end)),
        ([Member::One(point)], _) => name(point),
        ([Member::UpTo(point)], false) if is_whole(point) => format!("in or before {}", name(point)),
        ([Member::From(point)], false) if is_whole(point) => format!("in or after {}", name(point)),
        ([open @ (Member::UpTo(_) | Member::From(_))], false) => member(open, false),
        ([Member::One(one), Member::One(other)], _) if is_bare(one) && is_bare(other) => {
            format!("{} {} {}", name(one), if *all { "and" } else { "or" }, name(other))
        }
        (members, all) => {
            let names: Vec<String> = members.iter().map(|one| member(one, *all)).collect();
            format!("{} {}", if *all { "all of" } else { "one of" }, names.join(", "))
        }
    }
}

fn member(member: &Member, all: bool) -> String {
    let link = if all { "and" } else { "or" };
    match member {
        Member::One(point) => name(point),
        Member::Range(start, end) if is_bare(start) && is_bare(end) => pair(start, end, "to"),
        Member::Range(start, end) => format!("{} to {}", name(start), name(end)),
        Member::UpTo(point) => format!("{} {link} earlier", name(point)),
        Member::From(point) => format!("{} {link} later", name(point)),
    }
}

/// Two bare dates around a word, what they share said once: `1 to 4 April 2022`.
fn pair(start: &Point, end: &Point, word: &str) -> String {
    if let (Point::Parts(one), Point::Parts(other)) = (start, end)
        && one.precision() == other.precision()
        && matches!(one.precision(), Precision::Day | Precision::Month | Precision::Year)
        && let (Some((first, _)), Some((last, _))) = (extent(one, Seasons::Northern), extent(other, Seasons::Northern))
        && first != last
    {
        return span(first, last, one.precision(), word);
    }
    format!("{} {word} {}", name(start), name(end))
}

/// A year, month or season: what something can be *in*.
fn is_whole(point: &Point) -> bool {
    matches!(point, Point::Parts(parts) if parts.precision() < Precision::Day)
}
