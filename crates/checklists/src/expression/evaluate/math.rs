//! Numbers. Where a function is no exact arithmetic it comes from `libm`, so that every host gives
//! the same digits; the last of them may differ from other engines by one unit.

use super::args::Args;
use crate::expression::Function;
use crate::expression::number::round_to;

impl Args<'_> {
    pub(super) fn of_numbers(&self) -> f64 {
        use Function as F;
        let x = self.number(0);
        match self.function {
            F::Number if !self.has(0) => self.run.node_number(self.scope.node),
            F::Number => x,
            F::Int => x.trunc(),
            F::Round if self.has(1) => round_to(x, self.number(1)),
            F::Round => round_to(x, 0.0),
            F::Floor => x.floor(),
            F::Ceiling => x.ceil(),
            F::Abs => x.abs(),
            F::Pow => power(x, self.number(1)),
            F::Log => libm::log(x),
            F::Log10 => libm::log10(x),
            F::Exp => libm::exp(x),
            F::Exp10 => libm::pow(10.0, x),
            F::Sqrt => libm::sqrt(x),
            F::Sin => libm::sin(x),
            F::Cos => libm::cos(x),
            F::Tan => libm::tan(x),
            F::Asin => libm::asin(x),
            F::Acos => libm::acos(x),
            F::Atan => libm::atan(x),
            F::Atan2 => libm::atan2(x, self.number(1)),
            F::Pi => std::f64::consts::PI,
            F::Random => self.run.context.random(),
            // NaN in, NaN out: a sum without a reading that was not taken would look complete.
            F::Sum => self.numbers_from(0).into_iter().sum::<f64>() + 0.0,
            F::Min => self.extreme(f64::min),
            F::Max => self.extreme(f64::max),
            _ => f64::NAN,
        }
    }

    /// NaN for no numbers, and if one of them is NaN.
    fn extreme(&self, choose: fn(f64, f64) -> f64) -> f64 {
        let numbers = self.numbers_from(0);
        if numbers.iter().any(|number| number.is_nan()) {
            return f64::NAN;
        }
        numbers.into_iter().reduce(choose).unwrap_or(f64::NAN)
    }
}

/// NaN if either is: the C library makes 1 of anything to the power of 0, missing or not.
fn power(base: f64, exponent: f64) -> f64 {
    if base.is_nan() || exponent.is_nan() { f64::NAN } else { libm::pow(base, exponent) }
}
