//! The formula. Floats live here and nowhere else; what leaves is rounded half to even to four
//! decimals, which the error of `exp` and `ln` (below 1e-9 °C) does not reach.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::{Log, Segment};
use crate::calc::CalcError;

const KELVIN: f64 = 273.15;
const GAS_J: f64 = 8.3144;

pub(super) struct Mean {
    /// ΔH / R in kelvin: 10,000 with the energy of the formula.
    per_kelvin: f64,
}

impl Mean {
    pub(super) fn new(energy_kj_mol: Decimal) -> Result<Self, CalcError> {
        let energy = energy_kj_mol.to_f64().unwrap_or_default();
        if !(1.0..=1000.0).contains(&energy) {
            let en = "the activation energy must be 1 to 1000 kJ/mol, usually 83.144";
            return Err(CalcError::field(
                "energy_kj_mol",
                en,
                "活化能应为 1–1000 kJ/mol，一般 83.144",
            ));
        }
        Ok(Self { per_kelvin: energy * 1000.0 / GAS_J })
    }

    /// Over the whole log: the plain mean where the spacing is even, else by trapezoid on the
    /// exponential (Tong & Lock 2015). `None` when no time is known at all.
    pub(super) fn of(&self, log: &Log) -> Result<Option<Decimal>, CalcError> {
        let mean = if log.even || log.segments.is_empty() {
            let sum: f64 = log.values.iter().map(|value| self.rate(*value)).sum();
            Some(sum / log.values.len() as f64)
        } else {
            let known: f64 = log.segments.iter().map(|segment| segment.ms() as f64).sum();
            let sum: f64 = log.segments.iter().map(|segment| self.area(segment)).sum();
            (known > 0.0).then_some(sum / known)
        };
        mean.map(|mean| self.back(mean)).transpose()
    }

    /// The highest mean over any window of so many hours that ends at a reading; `None` when the
    /// log is not longer than one window. One pass with two hands.
    pub(super) fn worst_window(&self, log: &Log, hours: i64) -> Result<Option<Decimal>, CalcError> {
        let width = hours.saturating_mul(3_600_000);
        let (Some(first), Some(last)) = (log.segments.first(), log.segments.last()) else {
            return Ok(None);
        };
        if last.to.ms.saturating_sub(first.from.ms) <= width {
            return Ok(None);
        }
        let (mut worst, mut area, mut known) = (None, 0.0_f64, 0.0_f64);
        let mut oldest = log.segments.iter().peekable();
        for newest in &log.segments {
            area += self.area(newest);
            known += newest.ms() as f64;
            let start = newest.to.ms.saturating_sub(width);
            while let Some(gone) = oldest.next_if(|segment| segment.to.ms <= start) {
                area -= self.area(gone);
                known -= gone.ms() as f64;
            }
            // The oldest stretch may begin before the window: its early part is taken off.
            let early = oldest.peek().map_or((0.0, 0.0), |segment| self.early(segment, start));
            if start >= first.from.ms && known - early.1 > 0.0 {
                let mean = (area - early.0) / (known - early.1);
                worst = Some(worst.map_or(mean, |worst: f64| worst.max(mean)));
            }
        }
        worst.map(|mean| self.back(mean)).transpose()
    }

    fn early(&self, segment: &Segment, start: i64) -> (f64, f64) {
        let part = start.saturating_sub(segment.from.ms).max(0) as f64;
        let (from, to) = (self.rate(segment.first), self.rate(segment.last));
        let at_start = from + (to - from) * part / segment.ms() as f64;
        ((from + at_start) / 2.0 * part, part)
    }

    fn area(&self, segment: &Segment) -> f64 {
        (self.rate(segment.first) + self.rate(segment.last)) / 2.0 * segment.ms() as f64
    }

    fn rate(&self, celsius: Decimal) -> f64 {
        (-self.per_kelvin / (celsius.to_f64().unwrap_or_default() + KELVIN)).exp()
    }

    fn back(&self, mean: f64) -> Result<Decimal, CalcError> {
        let celsius = self.per_kelvin / -mean.ln() - KELVIN;
        let decimal = Decimal::from_f64(celsius).map(|value| value.round_dp(4));
        decimal.ok_or_else(super::too_large)
    }
}
