//! Exact decimal numbers: a scaled 128-bit integer that never rounds. What does not fit is refused.
//! Knows nothing of where a number comes from.

use std::cmp::Ordering;
use std::fmt;

/// An exact decimal of at most 38 digits: `units / 10^scale`, always in its shortest form.
// Packed to words, not to the 16 bytes of the integer: there are many of them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[repr(Rust, packed(8))]
pub struct Decimal {
    units: i128,
    scale: u8,
}

/// The most digits that a number may have, before and after the point together.
pub const DIGITS: u32 = 38;
/// The first number that has more.
const BEYOND: u128 = 10u128.pow(DIGITS);

impl Decimal {
    /// Nothing.
    pub const ZERO: Decimal = Decimal { units: 0, scale: 0 };

    /// `units / 10^scale` in its shortest form; `None` beyond [`DIGITS`] digits.
    pub fn new(mut units: i128, mut scale: u8) -> Option<Decimal> {
        while scale > 0 && units % 10 == 0 {
            units /= 10;
            scale -= 1;
        }
        (units.unsigned_abs() < BEYOND && u32::from(scale) <= DIGITS).then_some(Decimal { units, scale })
    }

    /// Reads a number as YAML 1.2's core schema writes them (§10.3.2: decimal, `0o` octal and `0x` hexadecimal
    /// integers; decimals with an exponent). `None` for any other text and for what is longer than [`DIGITS`]
    /// digits; [`is_number`] tells the two apart.
    pub fn parse(text: &str) -> Option<Decimal> {
        // Most are whole and short.
        if text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse::<i64>().ok().map(Decimal::from);
        }
        if !is_number(text) {
            return None;
        }
        if let Some(digits) = text.strip_prefix("0o") {
            return Decimal::new(i128::from_str_radix(digits, 8).ok()?, 0);
        }
        if let Some(digits) = text.strip_prefix("0x") {
            return Decimal::new(i128::from_str_radix(digits, 16).ok()?, 0);
        }
        let (body, exponent) = match text.split_once(['e', 'E']) {
            Some((body, exponent)) => {
                (body, exponent.parse::<i64>().unwrap_or(if exponent.starts_with('-') { i64::MIN } else { i64::MAX }))
            }
            None => (text, 0),
        };
        let negative = body.starts_with('-');
        let body = body.trim_start_matches(['+', '-']);
        let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
        let fraction = fraction.trim_end_matches('0');
        let digits: String = [whole, fraction].concat();
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() {
            return Some(Decimal::ZERO);
        }
        let shift = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        let trimmed = digits.trim_end_matches('0');
        let shift = shift.checked_add(i64::try_from(digits.len() - trimmed.len()).ok()?)?;
        let mut units: i128 = trimmed.parse().ok()?;
        if negative {
            units = -units;
        }
        if shift >= 0 {
            let power = 10i128.checked_pow(u32::try_from(shift).ok()?)?;
            Decimal::new(units.checked_mul(power)?, 0)
        } else {
            Decimal::new(units, u8::try_from(-shift).ok()?)
        }
    }

    /// The number times `10^scale()`.
    pub fn units(self) -> i128 {
        self.units
    }

    /// How many digits stand after the point, 0 to 38.
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// The number times `10^scale`, if that is an integer of at most [`DIGITS`] digits.
    pub fn units_at(self, scale: u8) -> Option<i128> {
        let power = 10i128.checked_pow(u32::from(scale.checked_sub(self.scale)?))?;
        self.units.checked_mul(power).filter(|units| units.unsigned_abs() < BEYOND)
    }

    /// The exact sum, or `None` where it has more than [`DIGITS`] digits.
    pub fn plus(self, other: Decimal) -> Option<Decimal> {
        let scale = self.scale.max(other.scale);
        Decimal::new(self.units_at(scale)?.checked_add(other.units_at(scale)?)?, scale)
    }

    /// The number with the other sign.
    pub fn negated(self) -> Decimal {
        Decimal { units: -self.units, scale: self.scale }
    }

    /// The number without its sign.
    pub fn absolute(self) -> Decimal {
        Decimal { units: self.units.abs(), scale: self.scale }
    }
}

/// Whether YAML 1.2's core schema reads a plain scalar as a number (§10.3.2), infinities and not-a-number left out.
pub fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if let Some(rest) = text.strip_prefix("0o") {
        return !rest.is_empty() && rest.bytes().all(|b| (b'0'..=b'7').contains(&b));
    }
    if let Some(rest) = text.strip_prefix("0x") {
        return !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_hexdigit());
    }
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (body, None),
    };
    let mantissa_reads = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    };
    mantissa_reads && exponent.is_none_or(digits)
}

/// Whether a number is spelled as JSON has it (RFC 8259 §6).
pub fn is_json_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let whole = unsigned.split(['.', 'e', 'E']).next().unwrap_or("");
    let fraction = unsigned.split_once('.').map(|(_, fraction)| fraction);
    is_number(text)
        && unsigned.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'))
        && whole.bytes().next().is_some_and(|b| b.is_ascii_digit())
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(|fraction| fraction.starts_with(|c: char| c.is_ascii_digit()))
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        let parts = |number: &Decimal| {
            let power = 10i128.pow(u32::from(number.scale));
            (
                number.units.div_euclid(power),
                number.units.rem_euclid(power) * 10i128.pow(DIGITS - u32::from(number.scale)),
            )
        };
        parts(self).cmp(&parts(other))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Decimal {
        Decimal { units: i128::from(number), scale: 0 }
    }
}

impl fmt::Display for Decimal {
    /// The shortest exact form, without an exponent: `1`, `1.5`, `-0.05`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (0, Ok(units)) = (self.scale, i64::try_from(self.units)) {
            return write!(f, "{units}");
        }
        let digits = self.units.unsigned_abs().to_string();
        let scale = usize::from(self.scale);
        let sign = if self.units < 0 { "-" } else { "" };
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        Decimal::parse(text).map(|number| number.to_string())
    }

    #[test]
    fn reads_what_the_core_schema_calls_a_number() {
        for (text, expected) in [
            ("0", "0"),
            ("012", "12"),
            ("-0", "0"),
            ("+1.50", "1.5"),
            (".5", "0.5"),
            ("1.", "1"),
            ("1e3", "1000"),
            ("1.5e-3", "0.0015"),
            ("0x1F", "31"),
            ("0o17", "15"),
            ("-12.340", "-12.34"),
            ("1200e-2", "12"),
            ("0e999999999999999999999", "0"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", ".", "-", "1_000", "0b1", "1e", "e1", ".inf", ".nan", "1.2.3", "٣", "0x", "0o8"] {
            assert!(!is_number(text), "{text}");
        }
    }

    #[test]
    fn refuses_instead_of_rounding() {
        assert_eq!(shown(&"9".repeat(38)), Some("9".repeat(38)));
        assert_eq!(shown(&"9".repeat(39)), None);
        assert_eq!(shown("1e38"), None);
        assert_eq!(shown("1e-38").map(|text| text.len()), Some(40));
        assert_eq!(shown("1e-39"), None);
        let most = Decimal::parse(&"9".repeat(38)).unwrap();
        assert_eq!(most.plus(Decimal::from(1)), None);
        assert_eq!(Decimal::parse("1e37").unwrap().plus(Decimal::parse("0.01").unwrap()), None);
    }

    #[test]
    fn is_ordered_by_size() {
        let mut numbers: Vec<Decimal> =
            ["-1.5", "1e37", "0.1", "-2", "0", "0.09", "1e-38"].iter().map(|t| Decimal::parse(t).unwrap()).collect();
        numbers.sort();
        let shown: Vec<String> = numbers.iter().map(Decimal::to_string).collect();
        assert_eq!(shown[..4], ["-2", "-1.5", "0", "0.00000000000000000000000000000000000001"]);
        assert_eq!(shown[4..6], ["0.09", "0.1"]);
    }

    #[test]
    fn numbers_are_those_of_json() {
        for text in ["0", "-0", "12", "1.50", "1e5", "-1.5E-3"] {
            assert!(is_json_number(text) && serde_json::from_str::<serde_json::Number>(text).is_ok(), "{text}");
        }
        for text in ["", "012", "+1", ".5", "1.", "0x1F", ".inf", "1e", "--1", "1 ", " 1", "1 2", "1,2", "1\n"] {
            assert!(!is_json_number(text), "{text}");
        }
    }
}
