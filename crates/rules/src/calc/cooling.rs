//! Cooling against the clock: from hot to cold within so many minutes.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};

use super::CalcError;
use super::answer::{Cited, cite, minutes};
use super::crossing::crossing_ms;
use super::data::{Head, load};
use super::input::{Stamp, read};
use super::series::{Reading, Segment, Series};
use crate::{Bilingual, Quantity};

const DATA: &str = include_str!("../../data/cooling.json");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    scheme: String,
    readings: Vec<Reading>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    head: Head,
    schemes: Vec<Scheme>,
}

/// Values per unit, never converted into each other.
type PerUnit = BTreeMap<String, Quantity>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scheme {
    scheme: String,
    #[allow(dead_code, reason = "for the hosts that list the schemes")]
    title: Bilingual,
    /// The clock starts at the last reading at or above; null: at the first reading.
    start: Option<PerUnit>,
    stages: Vec<Stage>,
    source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stage {
    to: PerUnit,
    within_min: i64,
    from: From,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum From {
    Start,
    Previous,
}

/// Where the clock stands for one stage.
struct Reached {
    /// Since the start, in ms.
    ms: Decimal,
    interpolated: bool,
}

/// See `docs/CALC.md`, cooling.
pub(super) fn answer(json_text: &str) -> Result<Value, CalcError> {
    let question: Question = read(json_text)?;
    let data: Data = load("cooling.json", DATA)?;
    let names: Vec<_> = data.schemes.iter().map(|scheme| scheme.scheme.as_str()).collect();
    let scheme = data.schemes.iter().find(|scheme| scheme.scheme == question.scheme);
    let scheme =
        scheme.ok_or_else(|| CalcError::unknown_word("scheme", &question.scheme, &names))?;
    let series = Series::read(&question.readings)?;
    let (segments, _) = series.split(None);
    let Some((start, observed)) = find_start(scheme, &series)? else {
        let en = "no reading has a value; measure the food";
        return Err(CalcError::field("readings", en, "没有任何温度值，请测量食品"));
    };
    let cooling: Vec<_> = segments.iter().filter(|s| s.from.ms >= start.ms).collect();
    let last = series.known().last().map_or(start, |(at, _)| at);
    let so_far = Decimal::from(last.ms.saturating_sub(start.ms));
    let (mut stages, mut verdict, mut interpolated) = (Vec::new(), "pass", false);
    let mut previous = Some(Decimal::ZERO);
    for stage in &scheme.stages {
        let target = bound(&stage.to, series.unit)?;
        let reached = reach(&series, &cooling, start, target);
        let base = if stage.from == From::Start { Some(Decimal::ZERO) } else { previous };
        let since = |end: Decimal| base.and_then(|base| end.checked_sub(base));
        let limit = Decimal::from(stage.within_min.saturating_mul(60_000));
        let took = reached.as_ref().and_then(|reached| since(reached.ms));
        let outcome = match (took, since(so_far)) {
            (Some(took), _) if took <= limit => "pass",
            (Some(_), _) => "fail",
            // Not there yet: too late already, or still to come.
            (None, Some(waited)) if waited > limit => "fail",
            (None, _) => "in_progress",
        };
        verdict = graver(verdict, outcome);
        interpolated |= reached.as_ref().is_some_and(|reached| reached.interpolated);
        previous = reached.as_ref().map(|reached| reached.ms);
        stages.push(json!({
            "to": format!("<= {target} {}", series.unit),
            "within_min": stage.within_min,
            "from": if stage.from == From::Start { "start" } else { "previous" },
            "minutes": took.map(minutes),
            "interpolated": reached.is_some_and(|reached| reached.interpolated),
            "verdict": outcome,
        }));
    }
    // The clock ran before we looked: what is late now was late, but nothing is proven in time.
    if !observed && verdict != "fail" {
        verdict = "not_observed";
    }
    let result = json!({
        "verdict": verdict,
        "scheme": scheme.scheme,
        "start": series.label(start),
        "start_observed": observed,
        "elapsed_minutes": minutes(so_far),
        "interpolated": interpolated,
        "stages": stages,
    });
    let rule = format!("cooling.{}", scheme.scheme);
    cite(&result, Cited { rule, pack: Some(data.head.code), source: scheme.source.clone() })
}

/// The start of the clock, and whether it was seen.
fn find_start(scheme: &Scheme, series: &Series) -> Result<Option<(Stamp, bool)>, CalcError> {
    let first = series.known().next().map(|(at, _)| at);
    let Some(start) = &scheme.start else { return Ok(first.map(|at| (at, true))) };
    let hot = bound(start, series.unit)?;
    let last_hot = series.known().filter(|(_, value)| *value >= hot).last();
    Ok(last_hot.map(|(at, _)| (at, true)).or(first.map(|at| (at, false))))
}

/// When the food first was at or below `target`. Between two readings the line is straight.
fn reach(series: &Series, cooling: &[&Segment], start: Stamp, target: Decimal) -> Option<Reached> {
    let at_start = series.known().find(|(at, _)| at.ms == start.ms);
    if at_start.is_some_and(|(_, value)| value <= target) {
        return Some(Reached { ms: Decimal::ZERO, interpolated: false });
    }
    let segment = cooling.iter().find(|segment| segment.last <= target)?;
    let offset = Decimal::from(segment.from.ms.saturating_sub(start.ms));
    let part = crossing_ms(segment, target)?;
    Some(Reached { ms: offset.checked_add(part)?, interpolated: segment.last != target })
}

fn bound(values: &PerUnit, unit: &str) -> Result<Decimal, CalcError> {
    values.get(unit).map(|value| value.decimal()).ok_or_else(|| {
        let known = values.keys().cloned().collect::<Vec<_>>().join(", ");
        let en = format!("this scheme has no value in {unit}; read in one of: {known}");
        CalcError::field("readings", en, format!("此方案没有 {unit} 的限值，请用：{known}"))
    })
}

fn graver(a: &'static str, b: &'static str) -> &'static str {
    let has = |word| a == word || b == word;
    if has("fail") {
        "fail"
    } else if has("in_progress") {
        "in_progress"
    } else {
        "pass"
    }
}
