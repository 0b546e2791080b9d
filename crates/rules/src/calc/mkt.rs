//! Mean kinetic temperature (USP <1079.2>): one constant temperature that would do the same harm.

mod check;
mod log;
mod mean;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};

use super::CalcError;
use super::answer::{Cited, cite, number};
use super::data::{Head, load};
use super::input::{Number, read};
use super::series::{Reading, Segment};
use crate::{Bilingual, Quantity};
use check::{check, worst};
use log::Log;
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

fn choose<'a>(profiles: &'a [Profile], kind: Option<&str>, mean: Decimal) -> Option<&'a Profile> {
    let bounded = |profile: &&Profile| {
        profile.assumed_up_to_mean_c.is_some_and(|most| mean <= most.decimal())
    };
    match kind {
        Some(kind) => profiles.iter().find(|profile| profile.kind == kind),
        None => profiles.iter().find(bounded).or_else(|| profiles.first()),
    }
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

fn too_large() -> CalcError {
    CalcError::field("readings", "the numbers are too large; shorten them", "数字过大，请缩短")
}
