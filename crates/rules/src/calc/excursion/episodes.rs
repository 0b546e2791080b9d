//! Each time a log went out of range, one by one: what a person has to answer for.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::alarm::runs;
use super::{OutOfRange, Segment, Series};
use crate::calc::input::Stamp;
use crate::calc::series::Point;
use crate::{LogReading, Operator, Quantity};

/// More sides than any limit has.
const MOST_SIDES: usize = 8;

/// One stay out of range: neighbouring samples out of it, with no known one in range and no gap between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excursion {
    /// The first sample out of range, in epoch milliseconds.
    pub from: i64,
    /// The last one.
    pub to: i64,
    /// How many samples.
    pub samples: u64,
    /// The lowest of them.
    pub lowest: Quantity,
    /// The highest.
    pub highest: Quantity,
    /// Minutes out of range with the line between samples taken as straight (rules §4.B, `linear`), with
    /// two decimals. Gaps count for nothing: they are unknown.
    pub minutes: Quantity,
}

/// Every excursion of a log, in time order. `beyond`: what is out of range, such as `> 8.0`, each side once.
/// `None` when the numbers are too large.
#[must_use]
pub fn excursions(
    readings: &[LogReading],
    interval_min: u32,
    beyond: &[(Operator, Quantity)],
) -> Option<Vec<Excursion>> {
    let sides =
        beyond.iter().take(MOST_SIDES).map(|(operator, value)| (*operator, value.decimal()));
    let out = OutOfRange::of_sides(sides)?;
    let mut points = Vec::with_capacity(readings.len());
    for reading in readings {
        let value = reading.value.as_deref().map(Quantity::parse).transpose().ok()?;
        let at = Stamp { ms: reading.at, offset_s: 0 };
        points.push(Point { at, value: value.map(Quantity::decimal) });
    }
    let series = Series::of(points);
    let interval = i64::from(interval_min.max(1)) * 60_000;
    let (segments, _) = series.split(Some(interval));
    let runs = runs(&series, &out, Some(interval));
    let mut rest = segments.as_slice();
    let mut found = Vec::with_capacity(runs.len());
    for run in runs {
        // Stretches are in time order: those before it belong to no later one.
        let before = rest.iter().take_while(|it| it.to.ms < run.from.ms).count();
        rest = rest.get(before..).unwrap_or_default();
        let own: Vec<&Segment> = rest.iter().take_while(|it| it.from.ms <= run.to.ms).collect();
        let mut ms = Decimal::ZERO;
        for segment in own {
            ms = ms.checked_add(out.linear_ms(segment)?)?;
        }
        let minutes = ms.checked_div(Decimal::from(60_000))?.round_dp(2).normalize();
        found.push(Excursion {
            from: run.from.ms,
            to: run.to.ms,
            samples: run.samples,
            lowest: run.lowest.into(),
            highest: run.highest.into(),
            minutes: minutes.into(),
        });
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(step_min: i64, values: &[&str]) -> Vec<LogReading> {
        let reading = |(n, text): (usize, &&str)| LogReading {
            at: i64::try_from(n).unwrap() * step_min * 60_000,
            value: (*text != "--.-").then(|| (*text).to_owned()),
        };
        values.iter().enumerate().map(reading).collect()
    }

    fn found(
        log: &[LogReading],
        step: u32,
        beyond: &[(Operator, &str)],
    ) -> Vec<(i64, i64, String)> {
        let beyond: Vec<_> =
            beyond.iter().map(|(it, value)| (*it, Quantity::parse(value).unwrap())).collect();
        let all = excursions(log, step, &beyond).unwrap();
        let minute = |ms: i64| ms / 60_000;
        all.iter().map(|it| (minute(it.from), minute(it.to), it.minutes.to_string())).collect()
    }

    #[test]
    fn section_4b_one_stay_has_the_minutes_of_the_whole() {
        let log = log(10, &["6", "7", "9", "10", "9", "7", "6"]);
        assert_eq!(found(&log, 10, &[(Operator::Above, "8.0")]), [(20, 40, "30".to_owned())]);
        assert_eq!(found(&log, 10, &[(Operator::Above, "10")]), []);
        assert_eq!(found(&log, 10, &[(Operator::AtLeast, "10")]).len(), 1);
    }

    #[test]
    fn two_stays_are_two_and_a_gap_ends_one() {
        let twice = log(30, &["-20", "-15", "-20", "-20", "-16", "-16", "-20"]);
        let hot = [(Operator::Above, "-18")];
        let all = found(&twice, 30, &hot);
        assert_eq!(all.iter().map(|it| (it.0, it.1)).collect::<Vec<_>>(), [(30, 30), (120, 150)]);
        let gap = log(30, &["-15", "--.-", "--.-", "--.-", "-15"]);
        let all = found(&gap, 30, &hot);
        assert_eq!(all, [(0, 0, "0".to_owned()), (120, 120, "0".to_owned())]);
    }

    #[test]
    fn both_sides_of_a_band_are_watched() {
        let log = log(10, &["5", "1", "5", "9", "5"]);
        let band = [(Operator::Below, "2"), (Operator::Above, "8")];
        let all = found(&log, 10, &band);
        assert_eq!(all, [(10, 10, "5".to_owned()), (30, 30, "5".to_owned())]);
    }
}
