//! Mean kinetic temperature (USP <1079.2>): one constant temperature that would do the same harm.

mod mean;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::CalcError;
use super::answer::{Cited, cite, number};
use super::crossing::OutOfRange;
use super::data::{Head, load};
use super::input::{Number, read};
use super::series::{Reading, Segment, Series, interval_ms};
use crate::{Bilingual, Quantity, Verdict};
use mean::Mean;

const DATA: &str = include_str!("../../data/mkt-usp.json");
const HOUR_MS: i64 = 3_600_000;
const FORMULA: &str = "U1: T = 10000 / -ln(mean(exp(-10000/T))), 83.144 kJ/mol";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    temperatures_c: Option<Vec<Number>>,
    readings: Option<Vec<Reading>>,
    interval_min: Option<i64>,
    #[serde(default)]
    frozen: bool,
    kind: Option<String>,
    energy_kj_mol: Option<Number>,
    device_mkt_c: Option<Number>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    head: Head,
    profiles: Vec<Profile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Profile {
    kind: String,
    #[allow(dead_code, reason = "for the hosts that list the kinds")]
    title: Bilingual,
    window_hours: i64,
    mkt_max_c: Quantity,
    min_c: Quantity,
    steady_max_c: Quantity,
    spike_max_c: Quantity,
    spike_max_hours: i64,
    /// The warmest mean at which goods of no stated kind are taken to be of this one.
    assumed_up_to_mean_c: Option<Quantity>,
    source: String,
}

#[derive(Debug, Serialize)]
struct Check {
    check: &'static str,
    limit: String,
    value: Value,
    verdict: Verdict,
}

/// See `docs/CALC.md`, mkt.
pub(super) fn answer(json_text: &str) -> Result<Value, CalcError> {
    let question: Question = read(json_text)?;
    let data: Data = load("mkt-usp.json", DATA)?;
    let log = Log::read(&question)?;
    let energy = question.energy_kj_mol.map_or(Decimal::new(83_144, 3), |given| given.0.decimal());
    let mean = Mean::new(energy)?;
    let plain = log.plain_mean_c()?;
    if let Some(kind) = &question.kind
        && kind != "frozen"
        && !data.profiles.iter().any(|profile| &profile.kind == kind)
    {
        return Err(CalcError::unknown_word("kind", kind, &["crt", "cct", "frozen"]));
    }
    let frozen = question.frozen || question.kind.as_deref() == Some("frozen");
    if frozen || (question.kind.is_none() && plain < Decimal::ZERO) {
        let result = json!({
            "mkt_c": null, "verdict": "n/a", "kind": "frozen", "kind_assumed": !frozen,
            "reason": "a mean kinetic temperature is not for frozen goods and never excuses freezing",
            "reason_zh": "平均动力学温度不适用于冷冻品，也不能为冻结开脱",
        });
        let source = "U1 U2: not for frozen goods".to_owned();
        return cite(
            &result,
            Cited { rule: "mkt.frozen".to_owned(), pack: Some(data.head.code), source },
        );
    }
    let profile = choose(&data.profiles, question.kind.as_deref(), plain)
        .ok_or(CalcError::Data { name: "mkt-usp.json", problem: "no profile".to_owned() })?;
    let overall = mean.of(&log)?;
    let window = mean.worst_window(&log, profile.window_hours)?;
    let judged = window.or(overall);
    let checks = check(profile, &log, judged)?;
    let device = question.device_mkt_c.map(|given| compare(given.0, overall));
    let result = json!({
        "mkt_c": overall.map(|value| number(value, 4)),
        "mean_c": number(plain, 4),
        "verdict": worst(&checks),
        "kind": profile.kind,
        "kind_assumed": question.kind.is_none(),
        "window": window.map(|value| json!({"hours": profile.window_hours, "worst_mkt_c": number(value, 4)})),
        "unknown_minutes": super::answer::minutes(Decimal::from(log.unknown_ms)),
        "checks": checks,
        "device": device,
    });
    let source = format!("{}; formula {FORMULA}", profile.source);
    let rule = format!("mkt.{}", profile.kind);
    cite(&result, Cited { rule, pack: Some(data.head.code), source })
}

/// Temperatures in °C, evenly spaced or joined over time.
struct Log {
    values: Vec<Decimal>,
    /// Empty when no time is known, or the spacing is even and nothing is missing.
    segments: Vec<Segment>,
    timed: bool,
    even: bool,
    unknown_ms: i64,
    /// Of a plain list, if given.
    step_ms: Option<i64>,
}

impl Log {
    fn read(question: &Question) -> Result<Self, CalcError> {
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
    fn longest_listed(&self, profile: &Profile) -> Decimal {
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

    fn plain_mean_c(&self) -> Result<Decimal, CalcError> {
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

fn choose<'a>(profiles: &'a [Profile], kind: Option<&str>, mean: Decimal) -> Option<&'a Profile> {
    let bounded = |profile: &&Profile| {
        profile.assumed_up_to_mean_c.is_some_and(|most| mean <= most.decimal())
    };
    match kind {
        Some(kind) => profiles.iter().find(|profile| profile.kind == kind),
        None => profiles.iter().find(bounded).or_else(|| profiles.first()),
    }
}

fn check(profile: &Profile, log: &Log, judged: Option<Decimal>) -> Result<Vec<Check>, CalcError> {
    let verdict = |passes: bool| if passes { Verdict::Pass } else { Verdict::Fail };
    let (low, high) = (log.values.iter().min(), log.values.iter().max());
    let steady = profile.steady_max_c.decimal();
    let mut checks = vec![Check {
        check: "mkt",
        limit: format!("<= {} °C", profile.mkt_max_c),
        value: judged.map_or(Value::Null, |value| number(value, 4)),
        verdict: judged
            .map_or(Verdict::NotObserved, |value| verdict(value <= profile.mkt_max_c.decimal())),
    }];
    let mut push = |check, limit: String, value: Value, verdict: Verdict| {
        checks.push(Check { check, limit, value, verdict });
    };
    if let (Some(low), Some(high)) = (low, high) {
        let value = Value::from(Quantity::from(*low).to_string());
        push(
            "lowest",
            format!(">= {} °C", profile.min_c),
            value,
            verdict(*low >= profile.min_c.decimal()),
        );
        let value = Value::from(Quantity::from(*high).to_string());
        let passes = *high <= profile.spike_max_c.decimal();
        push("highest", format!("<= {} °C", profile.spike_max_c), value, verdict(passes));
        let limit = format!("<= {} h above {} °C", profile.spike_max_hours, profile.steady_max_c);
        let spike = if log.timed { longest_ms(log, steady)? } else { log.longest_listed(profile) };
        let most = Decimal::from(profile.spike_max_hours.saturating_mul(HOUR_MS));
        let hours = spike.checked_div(Decimal::from(HOUR_MS)).unwrap_or_default();
        push("spike", limit, number(hours, 3), verdict(spike <= most));
    }
    Ok(checks)
}

/// The longest unbroken stretch above a temperature, crossings interpolated.
fn longest_ms(log: &Log, above: Decimal) -> Result<Decimal, CalcError> {
    let out = OutOfRange::above(above, "°C");
    let (mut longest, mut run, mut end) = (Decimal::ZERO, Decimal::ZERO, None);
    for segment in &log.segments {
        let ms = out.linear_ms(segment).ok_or_else(too_large)?;
        let joined = end == Some(segment.from.ms) && out.contains(segment.first);
        run = if joined { run.checked_add(ms).ok_or_else(too_large)? } else { ms };
        longest = longest.max(run);
        if !out.contains(segment.last) {
            run = Decimal::ZERO;
        }
        end = Some(segment.to.ms);
    }
    Ok(longest)
}

fn worst(checks: &[Check]) -> Verdict {
    let has = |verdict| checks.iter().any(|check| check.verdict == verdict);
    [Verdict::Fail, Verdict::NotObserved]
        .into_iter()
        .find(|verdict| has(*verdict))
        .unwrap_or(Verdict::Pass)
}

/// Devices truncate and use finer samples, so their figure is shown beside ours (rules §2.4).
fn compare(device: Quantity, ours: Option<Decimal>) -> Value {
    let difference = ours.and_then(|ours| device.decimal().checked_sub(ours));
    let agrees = difference.map(|difference| difference.abs() <= Decimal::new(1, 1));
    json!({
        "mkt_c": device.to_string(),
        "difference_c": difference.map(|difference| number(difference, 4)),
        "tolerance_c": "0.1",
        "agrees": agrees,
    })
}

fn to_celsius(segment: Segment) -> Segment {
    Segment { first: celsius(segment.first), last: celsius(segment.last), ..segment }
}

fn celsius(fahrenheit: Decimal) -> Decimal {
    // Within ±1000 nothing overflows.
    (fahrenheit - Decimal::from(32)) * Decimal::from(5) / Decimal::from(9)
}

fn too_large() -> CalcError {
    CalcError::field("readings", "the numbers are too large; shorten them", "数字过大，请缩短")
}
