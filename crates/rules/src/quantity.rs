//! Decimal numbers exactly as a person typed them or an instrument showed them.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An exact decimal number. Binary floats mis-round 8.05 and -17.95, so they never carry a reading.
///
/// Written as text: an optional `-` or `+`, digits, and optionally `.` with digits. No exponent, no
/// grouping, no decimal comma. Trailing zeros are kept on display; `-18.0` and `-18` are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(Decimal);

/// Why a text is no [`Quantity`], and what to type instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Nothing was typed.
    #[error("the value is empty; type a number such as -18.5")]
    Empty,
    /// A typographic minus or dash stands in place of `-`.
    #[error("\"{0}\" has a typographic minus sign; use '-' (hyphen-minus)")]
    MinusSign(String),
    /// A decimal comma, or grouped thousands.
    #[error("\"{0}\" has a comma; use '.' before the decimals and no grouping")]
    Comma(String),
    /// Scientific notation.
    #[error("\"{0}\" has an exponent; write the number out in digits")]
    Exponent(String),
    /// Anything else outside the grammar.
    #[error("\"{0}\" is not a decimal number; write digits with an optional '.', such as -18.5")]
    Malformed(String),
    /// More digits than can be kept exactly. Rounding them away would change what was read.
    #[error("\"{0}\" has too many digits to be kept exactly; write at most 28 digits")]
    TooLong(String),
}

impl Quantity {
    /// Reads a decimal text. Nothing is rounded: what does not fit exactly is refused.
    ///
    /// # Errors
    /// [`QuantityError`] says which part of the grammar was missed and what to write.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !plain(whole) || !plain(decimals) {
            return Err(explain(text));
        }
        Decimal::from_str_exact(text).map(Self).map_err(|_| QuantityError::TooLong(text.to_owned()))
    }

    /// The number as it is shown with so many decimals: half to even, rounded once (GB/T 8170).
    /// Only for display: 8.05 is shown as 8.0 and still fails `<= 8.0`.
    #[must_use]
    pub fn rounded_for_display(self, decimals: u32) -> Self {
        let mut shown = self.0.round_dp(decimals);
        if shown.is_zero() {
            shown.set_sign_positive(true);
        }
        shown.rescale(decimals.max(shown.scale()));
        Self(shown)
    }

    pub(crate) fn decimal(self) -> Decimal {
        self.0
    }
}

impl From<Decimal> for Quantity {
    fn from(value: Decimal) -> Self {
        Self(value)
    }
}

fn explain(text: &str) -> QuantityError {
    let owned = text.to_owned();
    if text.is_empty() {
        QuantityError::Empty
    } else if text.starts_with(['\u{2212}', '\u{2013}', '\u{2014}', '\u{ff0d}']) {
        QuantityError::MinusSign(owned)
    } else if text.contains([',', '，']) {
        QuantityError::Comma(owned)
    } else if text.starts_with(|first: char| first.is_ascii_digit() || "+-".contains(first))
        && text.contains(['e', 'E'])
    {
        QuantityError::Exponent(owned)
    } else {
        QuantityError::Malformed(owned)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(to)
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_kept_and_equal_numbers_are_equal() {
        assert_eq!(Quantity::parse("-18.50").unwrap().to_string(), "-18.50");
        assert_eq!(Quantity::parse("+37.3"), Quantity::parse("37.30"));
    }

    #[test]
    fn numbers_compare_exactly_at_the_ends_of_the_range() {
        let at = |text: &str| Quantity::parse(text).unwrap();
        let (largest, next) = ("79228162514264337593543950335", "79228162514264337593543950334");
        let least = "0.0000000000000000000000000001";
        assert!(at(largest) > at(next) && at(largest) > at(least));
        assert!(at(least) > at("0") && at("8.000000000000000000000000001") > at("8"));
    }

    #[test]
    fn every_refusal_says_what_to_type() {
        let error = |text: &str| Quantity::parse(text).unwrap_err();
        assert_eq!(error(""), QuantityError::Empty);
        assert!(error("\u{2212}18").to_string().contains("use '-'"));
        assert!(matches!(error("8,05"), QuantityError::Comma(_)));
        assert!(matches!(error("1e3"), QuantityError::Exponent(_)));
        assert!(matches!(error("0.00000000000000000000000000000001"), QuantityError::TooLong(_)));
        for text in ["--.-", ".5", "5.", "1_000", " 5", "５", "+-1", "1.2.3", "NaN", "+"] {
            assert!(matches!(error(text), QuantityError::Malformed(_)), "{text}");
        }
    }
}
