//! Values as bytes, so that the index holds them in one flat column. Knows nothing of paths or events.
//!
//! A byte says the sort; a text is its length and its bytes, a number its digits after the point and its units, an
//! estimate which parts it has and these, a set how many members it has and these, in order. Lengths and units are
//! LEB128, units with the sign in the lowest bit.

use std::collections::BTreeSet;

use crate::model::decimal::Decimal;
use crate::model::text::Stale;
use crate::model::value::{Estimate, Kind, Scalar, Value};

const TEXT: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const NUMBER: u8 = 3;
const ESTIMATE: u8 = 4;
const SET: u8 = 5;

/// Appends a value.
pub(super) fn put(value: &Value, to: &mut Vec<u8>) {
    match value {
        Value::Scalar(scalar) => put_scalar(scalar, to),
        Value::Estimate(estimate) => {
            let parts = [estimate.low, estimate.best, estimate.high];
            let has = |at: usize| u8::from(parts[at].is_some()) << at;
            to.extend([ESTIMATE, has(0) | has(1) | has(2)]);
            parts.into_iter().flatten().for_each(|part| put_number(part, to));
        }
        Value::Set(members) => {
            to.push(SET);
            put_size(members.len() as u128, to);
            members.iter().for_each(|member| put_scalar(member, to));
        }
    }
}

fn put_scalar(scalar: &Scalar, to: &mut Vec<u8>) {
    match scalar {
        Scalar::Text(text) => {
            to.push(TEXT);
            put_size(text.len() as u128, to);
            to.extend_from_slice(text.as_bytes());
        }
        Scalar::Truth(truth) => to.push(if *truth { TRUE } else { FALSE }),
        Scalar::Number(number) => {
            to.push(NUMBER);
            put_number(*number, to);
        }
    }
}

fn put_number(number: Decimal, to: &mut Vec<u8>) {
    to.push(number.scale());
    let units = number.units();
    put_size(units.unsigned_abs() << 1 | u128::from(units < 0), to);
}

fn put_size(mut size: u128, to: &mut Vec<u8>) {
    while size >= 0x80 {
        to.push(size as u8 | 0x80);
        size >>= 7;
    }
    to.push(size as u8);
}

/// The kind of the value that begins here.
pub(super) fn kind(bytes: &[u8]) -> Kind {
    match bytes.first() {
        Some(&TEXT) => Kind::Text,
        Some(&(FALSE | TRUE)) => Kind::Truth,
        Some(&SET) => Kind::Set,
        _ => Kind::Amount,
    }
}

/// Takes values from bytes, one after another; what is no value ends the answer.
pub(super) struct Coded<'b, R> {
    /// Gives so many bytes from a place on, as many of them as there are.
    read: R,
    at: usize,
    /// What was read already, from there on.
    ahead: &'b [u8],
}

/// So many bytes are read at once at least: most values are no longer.
const AHEAD: usize = 32;

impl<'b, R: Fn(usize, usize) -> &'b [u8]> Coded<'b, R> {
    /// Values from a place on.
    pub fn at(at: usize, read: R) -> Coded<'b, R> {
        Coded { read, at, ahead: &[] }
    }

    /// The next value.
    pub fn value(&mut self) -> Value {
        match self.byte() {
            ESTIMATE => {
                let has = self.byte();
                let mut part = |at: u8| (has >> at & 1 == 1).then(|| self.number());
                let (low, best, high) = (part(0), part(1), part(2));
                Value::Estimate(Box::new(Estimate { low, best, high }))
            }
            SET => {
                let count = self.size();
                let members: BTreeSet<Scalar> = (0..count).map(|_| self.scalar()).collect();
                Value::Set(members)
            }
            sort => Value::Scalar(self.scalar_of(sort)),
        }
    }

    fn scalar(&mut self) -> Scalar {
        let sort = self.byte();
        self.scalar_of(sort)
    }

    fn scalar_of(&mut self, sort: u8) -> Scalar {
        match sort {
            TEXT => {
                let length = self.size();
                match std::str::from_utf8(self.take(length)) {
                    Ok(text) => Scalar::Text(text.into()),
                    Err(_) => unreadable(),
                }
            }
            FALSE => Scalar::Truth(false),
            TRUE => Scalar::Truth(true),
            NUMBER => Scalar::Number(self.number()),
            _ => unreadable(),
        }
    }

    fn number(&mut self) -> Decimal {
        let scale = self.byte();
        let coded = self.leb();
        let units = (coded >> 1).cast_signed();
        let units = if coded & 1 == 1 { -units } else { units };
        Decimal::new(units, scale).unwrap_or_else(|| unreadable())
    }

    fn size(&mut self) -> usize {
        usize::try_from(self.leb()).unwrap_or_else(|_| unreadable())
    }

    fn leb(&mut self) -> u128 {
        let (mut size, mut shift) = (0u128, 0u32);
        loop {
            let byte = self.byte();
            if shift > 126 {
                unreadable();
            }
            size |= u128::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return size;
            }
            shift += 7;
        }
    }

    fn byte(&mut self) -> u8 {
        self.take(1)[0]
    }

    fn take(&mut self, length: usize) -> &'b [u8] {
        if self.ahead.len() < length {
            self.ahead = (self.read)(self.at, length.max(AHEAD));
        }
        let Some((bytes, rest)) = self.ahead.split_at_checked(length) else { unreadable() };
        (self.at, self.ahead) = (self.at + length, rest);
        bytes
    }
}

fn unreadable() -> ! {
    Stale::end("a value of the index cannot be read")
}
