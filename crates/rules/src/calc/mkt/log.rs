//! The temperatures of a question in °C, listed or joined over time.

use rust_decimal::Decimal;

use super::{HOUR_MS, Profile, Question};
use crate::calc::CalcError;
use crate::calc::series::{Segment, Series, interval_ms};

/// Temperatures in °C, evenly spaced or joined over time.
pub(super) struct Log {
    pub(super) values: Vec<Decimal>,
    /// Empty when no time is known, or the spacing is even and nothing is missing.
    pub(super) segments: Vec<Segment>,
    pub(super) timed: bool,
    pub(super) even: bool,
    pub(super) unknown_ms: i64,
    /// Of a plain list, if given.
    step_ms: Option<i64>,
}

impl Log {
    pub(super) fn read(question: &Question) -> Result<Self, CalcError> {
        match (&question.temperatures_c, &question.readings) {
            (Some(values), None) => {
                let values: Vec<_> = values.iter().map(|value| value.0.decimal()).collect();
                let step_ms = interval_ms(question.interval_min)?;
                Ok(Self {
                    values,
                    segments: vec![],
                    timed: false,
                    even: true,
                    unknown_ms: 0,
                    step_ms,
                })
            }
            (None, Some(readings)) => {
                let series = Series::read(readings)?;
                let interval = interval_ms(question.interval_min)?;
                let (segments, _) = series.split(interval);
                let is_f = series.unit == "°F";
                let segments: Vec<_> = segments
                    .into_iter()
                    .map(|segment| if is_f { to_celsius(segment) } else { segment })
                    .collect();
                let known: i64 = segments.iter().map(Segment::ms).sum();
                let first = segments.first().map(Segment::ms);
                let unknown_ms = series.elapsed_ms().saturating_sub(known);
                let even = unknown_ms == 0 && segments.iter().all(|s| Some(s.ms()) == first);
                let values = series.known().map(|(_, v)| if is_f { celsius(v) } else { v });
                Ok(Self {
                    values: values.collect(),
                    segments,
                    timed: true,
                    even,
                    unknown_ms,
                    step_ms: None,
                })
            }
            _ => {
                let en = "give either `temperatures_c` or `readings`";
                Err(CalcError::field("document", en, "请只给 temperatures_c 或 readings 其一"))
            }
        }
    }

    /// The longest run of listed values above the steady limit. A list without an interval is taken
    /// as one window, evenly spaced.
    pub(super) fn longest_listed(&self, profile: &Profile) -> Decimal {
        let window = Decimal::from(profile.window_hours.saturating_mul(HOUR_MS));
        let evenly = window.checked_div(Decimal::from(self.values.len())).unwrap_or_default();
        let step = self.step_ms.map_or(evenly, Decimal::from);
        let (mut longest, mut run) = (0_u64, 0_u64);
        for value in &self.values {
            run = if *value > profile.steady_max_c.decimal() { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        Decimal::from(longest).checked_mul(step).unwrap_or(Decimal::MAX)
    }

    pub(super) fn plain_mean_c(&self) -> Result<Decimal, CalcError> {
        let path = if self.timed { "readings" } else { "temperatures_c" };
        if self.values.is_empty() {
            let en = "there is no value; give at least one temperature";
            return Err(CalcError::field(path, en, "没有温度值，请至少给一个"));
        }
        // Beyond this no store is kept, and the formula says nothing.
        let range = Decimal::from(-90)..=Decimal::from(150);
        if let Some(at) = self.values.iter().position(|value| !range.contains(value)) {
            let en = "it is no storage temperature; give -90 to 150 °C";
            return Err(CalcError::field(
                format!("{path}[{at}]"),
                en,
                "不是贮存温度，应为 -90–150 °C",
            ));
        }
        let sum: Decimal = self.values.iter().map(|value| value.round_dp(6)).sum();
        let count = Decimal::from(self.values.len());
        Ok(sum.checked_div(count).unwrap_or_default())
    }
}

fn to_celsius(segment: Segment) -> Segment {
    Segment { first: celsius(segment.first), last: celsius(segment.last), ..segment }
}

fn celsius(fahrenheit: Decimal) -> Decimal {
    // Within ±1000 nothing overflows.
    (fahrenheit - Decimal::from(32)) * Decimal::from(5) / Decimal::from(9)
}
