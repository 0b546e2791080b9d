//! Alarm triggers: the elapsed time of a run, never the exposure.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{CalcError, OutInput, OutOfRange, Segment, Series, minutes};
use crate::calc::input::{Number, Stamp};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// When an alarm goes off: after so many minutes, of one run or of one day.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AlarmInput {
    operator: String,
    value: Option<Number>,
    min: Option<Number>,
    max: Option<Number>,
    minutes: u32,
    mode: Option<String>,
}

/// Samples out of range one after another, with no known one in range and no gap between.
pub(super) struct Run {
    pub(super) from: Stamp,
    pub(super) to: Stamp,
    pub(super) samples: u64,
    pub(super) lowest: Decimal,
    pub(super) highest: Decimal,
}

impl Run {
    fn start(at: Stamp, value: Decimal) -> Self {
        Self { from: at, to: at, samples: 1, lowest: value, highest: value }
    }

    /// From the first sample to the last. One sample has no length.
    fn ms(&self) -> i64 {
        self.to.ms.saturating_sub(self.from.ms)
    }

    pub(super) fn describe(&self, series: &Series) -> Value {
        json!({
            "from": series.label(self.from),
            "to": series.label(self.to),
            "samples": self.samples,
            "run_minutes": minutes(Decimal::from(self.ms())),
            "lowest": self.lowest.to_string(),
            "highest": self.highest.to_string(),
        })
    }
}

/// Every run, in time order.
pub(super) fn runs(series: &Series, out: &OutOfRange, interval_ms: Option<i64>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut is_open = false;
    let mut known_at: Option<Stamp> = None;
    for (at, value) in series.known() {
        let since = known_at.map_or(0, |known| at.ms.saturating_sub(known.ms));
        is_open &= interval_ms.is_none_or(|interval| since <= 2 * interval);
        known_at = Some(at);
        if !out.contains(value) {
            is_open = false;
            continue;
        }
        match runs.last_mut().filter(|_| is_open) {
            Some(run) => {
                run.to = at;
                run.samples += 1;
                run.lowest = run.lowest.min(value);
                run.highest = run.highest.max(value);
            }
            None => runs.push(Run::start(at, value)),
        }
        is_open = true;
    }
    runs
}

/// Whether the alarm goes off, and how an answer says so.
pub(super) fn check(
    path: &str,
    input: &AlarmInput,
    series: &Series,
    segments: &[Segment],
    interval_ms: Option<i64>,
) -> Result<(bool, Value), CalcError> {
    let AlarmInput { operator, value, min, max, .. } = input.clone();
    let out = OutOfRange::read(path, &OutInput { operator, value, min, max }, series.unit)?;
    let limit_ms = i64::from(input.minutes) * MINUTE_MS;
    let mode = input.mode.as_deref().unwrap_or("consecutive");
    let (longest, at) = match mode {
        "consecutive" => {
            let runs = runs(series, &out, interval_ms);
            let longest = runs.iter().map(Run::ms).max();
            let first = runs.iter().find(|run| run.ms() >= limit_ms);
            (longest.unwrap_or(0), first.map(|run| series.label(run.from)))
        }
        "cumulative_day" => {
            let days = per_day(segments, &out);
            let longest = days.values().copied().max();
            let first = days.iter().find(|(_, ms)| **ms >= limit_ms);
            (longest.unwrap_or(0), first.map(|(day, _)| day_text(*day)))
        }
        other => {
            let known = ["consecutive", "cumulative_day"];
            return Err(CalcError::unknown_word(&format!("{path}.mode"), other, &known));
        }
    };
    // A limit of 0 minutes goes off with the first sample, and not without one.
    let triggered = at.is_some();
    let answer = json!({
        "when": out.describe(),
        "mode": mode,
        "limit_minutes": input.minutes,
        "longest_minutes": minutes(Decimal::from(longest)),
        "triggered": triggered,
        "first": at,
    });
    Ok((triggered, answer))
}

/// Minutes out of range of each local day by `hold`, split at midnight.
fn per_day(segments: &[Segment], out: &OutOfRange) -> BTreeMap<i64, i64> {
    let mut days = BTreeMap::new();
    for segment in segments.iter().filter(|segment| out.contains(segment.first)) {
        let offset_ms = i64::from(segment.from.offset_s) * 1_000;
        let (mut from, to) = (segment.from.ms + offset_ms, segment.to.ms + offset_ms);
        // A stretch is at most two intervals of at most a day, so this ends soon.
        while from < to {
            let day = from.div_euclid(DAY_MS);
            let end = to.min((day + 1) * DAY_MS);
            *days.entry(day).or_insert(0) += end - from;
            from = end;
        }
    }
    days
}

/// The local day as `YYYY-MM-DD`; for readings by the minute it is the first day of 1970.
fn day_text(day: i64) -> Value {
    let at = chrono::DateTime::from_timestamp_millis(day.saturating_mul(DAY_MS));
    at.map_or(Value::Null, |at| Value::from(at.date_naive().to_string()))
}
