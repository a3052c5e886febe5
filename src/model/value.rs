//! The values that a path can hold (1-format, Changes). Knows nothing of paths or events.

use std::collections::BTreeSet;
use std::fmt;

use super::decimal::Decimal;

/// What a set can hold, and what a single value is; ordered by kind, then by size or by characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scalar {
    /// `true` or `false`.
    Truth(bool),
    /// An exact number.
    Number(Decimal),
    /// Any text; dates and entities are texts, too.
    Text(Box<str>),
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Truth(truth) => write!(f, "{truth}"),
            Scalar::Number(number) => write!(f, "{number}"),
            Scalar::Text(text) => write!(f, "{text}"),
        }
    }
}

/// A number that is known only roughly; at least one part is there and `low ≤ best ≤ high`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Estimate {
    /// The least it may be.
    pub low: Option<Decimal>,
    /// The likeliest.
    pub best: Option<Decimal>,
    /// The most it may be.
    pub high: Option<Decimal>,
}

impl Estimate {
    /// A number as an estimate: it is all three parts.
    pub fn exactly(number: Decimal) -> Estimate {
        Estimate { low: Some(number), best: Some(number), high: Some(number) }
    }

    /// What a decrease by this is as an increase: high is taken from low and low from high (2-replay).
    pub fn negated(self) -> Estimate {
        let negated = |part: Option<Decimal>| part.map(Decimal::negated);
        Estimate { low: negated(self.high), best: negated(self.best), high: negated(self.low) }
    }

    /// The sum, part by part; a part that is missing on either side is missing in the result. `None` where a part
    /// would not be exact.
    pub fn plus(self, other: Estimate) -> Option<Estimate> {
        let sum = |a: Option<Decimal>, b: Option<Decimal>| match (a, b) {
            (Some(a), Some(b)) => a.plus(b).map(Some),
            _ => Some(None),
        };
        Some(Estimate {
            low: sum(self.low, other.low)?,
            best: sum(self.best, other.best)?,
            high: sum(self.high, other.high)?,
        })
    }

    /// The parts that are there, named, from low to high.
    pub fn parts(self) -> impl Iterator<Item = (&'static str, Decimal)> {
        [("low", self.low), ("best", self.best), ("high", self.high)]
            .into_iter()
            .filter_map(|(name, part)| part.map(|part| (name, part)))
    }

    /// Whether the parts that are there stand in order.
    pub fn is_ordered(self) -> bool {
        let parts: Vec<Decimal> = self.parts().map(|(_, part)| part).collect();
        parts.is_sorted()
    }
}

/// What a path holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Value {
    /// One text, number or truth.
    Scalar(Scalar),
    /// A rough number; boxed, because it is large and rare.
    Estimate(Box<Estimate>),
    /// A set: no order, no duplicates; it may be empty.
    Set(BTreeSet<Scalar>),
}

/// The kinds that a path keeps to between two unsets (2-replay, The value of a path).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A text.
    Text,
    /// `true` or `false`.
    Truth,
    /// A number or an estimate.
    Amount,
    /// A set.
    Set,
}

impl Kind {
    /// How a message names it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "a text",
            Kind::Truth => "true or false",
            Kind::Amount => "a number or an estimate",
            Kind::Set => "a set",
        }
    }
}

impl Value {
    /// A text as a value.
    pub fn text(text: impl Into<Box<str>>) -> Value {
        Value::Scalar(Scalar::Text(text.into()))
    }

    /// A number as a value.
    pub fn number(number: Decimal) -> Value {
        Value::Scalar(Scalar::Number(number))
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Value::Scalar(Scalar::Text(_)) => Kind::Text,
            Value::Scalar(Scalar::Truth(_)) => Kind::Truth,
            Value::Scalar(Scalar::Number(_)) | Value::Estimate(_) => Kind::Amount,
            Value::Set(_) => Kind::Set,
        }
    }

    /// A number or an estimate as an estimate.
    pub fn amount(&self) -> Option<Estimate> {
        match self {
            Value::Scalar(Scalar::Number(number)) => Some(Estimate::exactly(*number)),
            Value::Estimate(estimate) => Some(**estimate),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    /// As a person reads it: `agreed`, `1.5`, `a, b`, `73 to 458, best 403`; an empty set is `(none)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Scalar(scalar) => write!(f, "{scalar}"),
            Value::Set(members) if members.is_empty() => write!(f, "(none)"),
            Value::Set(members) => {
                let members: Vec<String> = members.iter().map(Scalar::to_string).collect();
                write!(f, "{}", members.join(", "))
            }
            Value::Estimate(estimate) => {
                let Estimate { low, best, high } = **estimate;
                let range = match (low, high) {
                    (Some(low), Some(high)) => Some(format!("{low} to {high}")),
                    (Some(low), None) => Some(format!("at least {low}")),
                    (None, Some(high)) => Some(format!("at most {high}")),
                    (None, None) => None,
                };
                let best = best.map(|best| format!("best {best}"));
                write!(f, "{}", [range, best].into_iter().flatten().collect::<Vec<_>>().join(", "))
            }
        }
    }
}
