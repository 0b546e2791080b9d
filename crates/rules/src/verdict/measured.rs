//! A measured value in the form in which it compares exactly.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::{LimitValue, Operator, Quantity};

pub(super) enum Measured {
    Exact(Decimal),
    /// Kept as a fraction, because 2/3 has no decimal. A denominator of 0 means nothing observed.
    Fraction {
        numerator: i128,
        denominator: i128,
    },
}

impl Measured {
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Self::Fraction { denominator: 0, .. })
    }

    /// How the value compares with a bound; `None` when the numbers are too large to tell exactly.
    pub(super) fn compare(&self, bound: Quantity) -> Option<Ordering> {
        let bound = bound.decimal();
        match self {
            Self::Exact(value) => Some(value.cmp(&bound)),
            Self::Fraction { numerator, denominator } => {
                // n/d against m/10^s: cross-multiplied, so that no division can round.
                let left = numerator.checked_mul(10_i128.checked_pow(bound.scale())?)?;
                Some(left.cmp(&bound.mantissa().checked_mul(*denominator)?))
            }
        }
    }

    pub(super) fn is_within(&self, min: Quantity, max: Quantity) -> Option<bool> {
        Some(self.compare(min)?.is_ge() && self.compare(max)?.is_le())
    }

    /// The signed distance beyond the limit, for ordering only: a fraction is divided here.
    pub(super) fn beyond(&self, operator: Operator, limit: &LimitValue) -> Option<Decimal> {
        let value = match self {
            Self::Exact(value) => *value,
            Self::Fraction { numerator, denominator } => {
                Decimal::try_from_i128_with_scale(*numerator, 0)
                    .ok()?
                    .checked_div(Decimal::try_from_i128_with_scale(*denominator, 0).ok()?)?
            }
        };
        let above = |bound: Quantity| value.checked_sub(bound.decimal());
        let below = |bound: Quantity| bound.decimal().checked_sub(value);
        match operator {
            Operator::Above | Operator::AtLeast => below(limit.value?),
            Operator::Below | Operator::AtMost => above(limit.value?),
            Operator::Equal => above(limit.value?).map(|distance| distance.abs()),
            Operator::Between => Some(below(limit.min?)?.max(above(limit.max?)?)),
        }
    }
}
