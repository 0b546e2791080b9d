//! A cold-chain log in a few figures: extremes, what is missing, and what lies beyond the limit.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Limit, Quantity, QuantityError, verdict};

/// One line of a logger's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogReading {
    /// When, in milliseconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// Decimal text as logged; `None` for a line without a value, such as `--.-`.
    pub value: Option<String>,
}

/// A stretch longer than twice the logging interval without a value: unknown, not in range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The last known time before it, in epoch milliseconds.
    pub from: i64,
    /// The first known time after it, in epoch milliseconds.
    pub to: i64,
}

/// What a log says as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogSummary {
    /// The unit of `min` and `max`, as given.
    pub unit: String,
    /// The lowest value; `None` when no line has one.
    pub min: Option<Quantity>,
    /// The highest value; `None` when no line has one.
    pub max: Option<Quantity>,
    /// Lines with a value.
    pub count: u64,
    /// Values that should be there and are not: lines without one, and lines never written.
    pub missing: u64,
    /// Every [`Gap`], in time order.
    pub gaps: Vec<Gap>,
    /// The length of all gaps together, in milliseconds.
    pub unknown_ms: u64,
    /// `count / (count + missing)` in percent, two decimals, rounded down so that it never shows
    /// a limit that was not reached. Judge by the two counts, not by this text.
    pub completeness_percent: String,
    /// Values beyond the limit; `None` when no limit was given.
    pub out_of_limit: Option<u64>,
}

/// Why a log cannot be summarised. Positions count from 1, as a person would count the lines.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// The interval is 0 minutes.
    #[error("the logging interval is 0 min; give the interval the logger was set to")]
    NoInterval,
    /// A line is not later than the one before it.
    #[error("reading {position} is not later than the one before; sort by time, drop repetitions")]
    NotAscending {
        /// Which line.
        position: usize,
    },
    /// A line's value is no decimal number.
    #[error("reading {position}: {source}")]
    Value {
        /// Which line.
        position: usize,
        /// What is wrong with it.
        #[source]
        source: QuantityError,
    },
    /// The limit has no value in the unit of the log.
    #[error("the limit has no value in \"{unit}\"; export the log in one of: {accepted}")]
    UnknownUnit {
        /// The unit of the log.
        unit: String,
        /// The accepted units, comma-separated.
        accepted: String,
    },
}

/// Summarises a log in one pass. `interval_min` is the set logging interval in minutes; `limit`,
/// if any, is what `out_of_limit` counts by.
///
/// A gap is longer than twice the interval (rules §1.5). A shorter irregularity is no gap, yet a
/// value skipped in it still counts as missing.
///
/// # Errors
/// [`LogError`] names the line.
pub fn summarise(
    readings: &[LogReading],
    unit: &str,
    interval_min: u32,
    limit: Option<&Limit>,
) -> Result<LogSummary, LogError> {
    if interval_min == 0 {
        return Err(LogError::NoInterval);
    }
    let bound = match limit {
        Some(limit) => Some((
            limit,
            limit.find_value(unit).ok_or_else(|| LogError::UnknownUnit {
                unit: unit.to_owned(),
                accepted: limit.list_units().join(", "),
            })?,
        )),
        None => None,
    };
    let mut tally = Tally::new(u64::from(interval_min) * 60_000);
    for (index, reading) in readings.iter().enumerate() {
        let position = index + 1;
        let value = reading.value.as_deref().map(Quantity::parse).transpose();
        let value = value.map_err(|source| LogError::Value { position, source })?;
        tally.step(reading.at, value).ok_or(LogError::NotAscending { position })?;
        if let (Some(value), Some((limit, bound))) = (value, bound) {
            tally.out_of_limit += u64::from(!verdict::passes(limit, bound, value));
        }
    }
    tally.close_gap();
    Ok(tally.finish(unit, limit.is_some()))
}

#[derive(Default)]
struct Tally {
    interval_ms: u64,
    /// The line before, with or without a value.
    last_at: Option<i64>,
    /// The end of what is known: the last line with a value, or the first line of all.
    known_at: Option<i64>,
    min: Option<Quantity>,
    max: Option<Quantity>,
    count: u64,
    missing: u64,
    gaps: Vec<Gap>,
    out_of_limit: u64,
}

impl Tally {
    fn new(interval_ms: u64) -> Self {
        Self { interval_ms, ..Self::default() }
    }

    /// `None` when the line is not later than the one before.
    fn step(&mut self, at: i64, value: Option<Quantity>) -> Option<()> {
        if let Some(last_at) = self.last_at {
            if at <= last_at {
                return None;
            }
            // Rounded to whole intervals, because a logger's clock drifts by seconds.
            let intervals = at.abs_diff(last_at).saturating_add(self.interval_ms / 2);
            let skipped = (intervals / self.interval_ms).saturating_sub(1);
            self.missing = self.missing.saturating_add(skipped);
        }
        self.last_at = Some(at);
        match value {
            Some(value) => {
                self.close_gap();
                self.known_at = Some(at);
                self.count += 1;
                self.min = Some(self.min.map_or(value, |min| min.min(value)));
                self.max = Some(self.max.map_or(value, |max| max.max(value)));
            }
            None => {
                self.known_at = self.known_at.or(Some(at));
                self.missing = self.missing.saturating_add(1);
            }
        }
        Some(())
    }

    /// Lists what lies between the end of the known and the latest line, if it is long enough.
    fn close_gap(&mut self) {
        if let (Some(from), Some(to)) = (self.known_at, self.last_at)
            && to.abs_diff(from) > 2 * self.interval_ms
        {
            self.gaps.push(Gap { from, to });
        }
    }

    fn finish(self, unit: &str, judged: bool) -> LogSummary {
        LogSummary {
            unit: unit.to_owned(),
            min: self.min,
            max: self.max,
            count: self.count,
            missing: self.missing,
            unknown_ms: self.gaps.iter().map(|gap| gap.to.abs_diff(gap.from)).sum(),
            gaps: self.gaps,
            completeness_percent: percent(self.count, self.missing),
            out_of_limit: judged.then_some(self.out_of_limit),
        }
    }
}

fn percent(count: u64, missing: u64) -> String {
    let expected = u128::from(count) + u128::from(missing);
    let hundredths = (u128::from(count) * 10_000).checked_div(expected).unwrap_or(0);
    // At most 10,000, so neither conversion can fail.
    Decimal::new(i64::try_from(hundredths).unwrap_or(0), 2).to_string()
}
