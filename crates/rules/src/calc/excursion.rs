//! How long a log was out of range, by two methods, beside what the device counted itself.

mod alarm;
mod episodes;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};

use super::CalcError;
use super::answer::{Cited, cite, minutes};
use super::crossing::{OutInput, OutOfRange};
use super::data::{Head, load};
use super::input::{Number, read};
use super::series::{Reading, Segment, Series, interval_ms};
use super::verdict::{PackInput, find_pack};
use crate::{Bilingual, Quantity, RuleError, Verdict};
use alarm::AlarmInput;
pub use episodes::{Excursion, excursions};

const DATA: &str = include_str!("../../data/excursion.json");
const METHODS: &str = "rules section 4.B: hold, linear; alarm triggers by elapsed time of a run";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    readings: Vec<Reading>,
    interval_min: Option<i64>,
    method: Option<String>,
    out_of_range: Option<OutInput>,
    alarms: Option<Vec<AlarmInput>>,
    profile: Option<String>,
    key: Option<String>,
    on: Option<String>,
    pack: Option<PackInput>,
    device: Option<Device>,
}

/// What the device's own counter says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Device {
    minutes: Number,
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
    profile: String,
    #[allow(dead_code, reason = "for the hosts that list the profiles")]
    title: Bilingual,
    unit: String,
    out_of_range: OutInput,
    alarms: Vec<AlarmInput>,
    source: String,
}

/// What to measure by, wherever it came from.
struct Basis {
    out: OutOfRange,
    alarms: Vec<AlarmInput>,
    cited: Cited,
}

/// See `docs/CALC.md`, excursion.
pub(super) fn answer(json_text: &str) -> Result<Value, CalcError> {
    let mut question: Question = read(json_text)?;
    let series = Series::read(&question.readings)?;
    question.readings = Vec::new();
    let given = interval_ms(question.interval_min)?;
    let interval = given.or_else(|| series.usual_interval_ms());
    let basis = find_basis(&mut question, series.unit)?;
    let (segments, gaps) = series.split(interval);
    let (hold, linear) = out_ms(&segments, &basis.out)?;
    let method = question.method.as_deref().unwrap_or("linear");
    let out = match method {
        "linear" => linear,
        "hold" => hold,
        other => return Err(CalcError::unknown_word("method", other, &["linear", "hold"])),
    };
    let covered: i64 = segments.iter().map(Segment::ms).sum();
    let elapsed = series.elapsed_ms();
    let unknown = elapsed.saturating_sub(covered);
    let runs = alarm::runs(&series, &basis.out, interval);
    let mut alarms = Vec::with_capacity(basis.alarms.len());
    for (index, input) in basis.alarms.iter().enumerate() {
        alarms.push(alarm::check(
            &format!("alarms[{index}]"),
            input,
            &series,
            &segments,
            interval,
        )?);
    }
    let triggered = alarms.iter().any(|(triggered, _)| *triggered);
    // A point out of range between two crossings of no length is still out of range.
    let beyond = !runs.is_empty();
    let verdict = match (triggered, alarms.is_empty(), beyond) {
        (true, ..) | (false, true, true) => Verdict::Fail,
        _ if unknown > 0 => Verdict::ConditionalPass,
        _ => Verdict::Pass,
    };
    let episodes = i64::try_from(runs.len()).unwrap_or(i64::MAX);
    let tolerance = interval.unwrap_or(0).saturating_mul(episodes.max(1));
    let device = question.device.map(|device| compare(device.minutes.0, hold, tolerance));
    let result = json!({
        "verdict": verdict,
        "out_of_range": basis.out.describe(),
        "method": method,
        "minutes": minutes(out),
        "hold_minutes": minutes(hold),
        "linear_minutes": minutes(linear),
        "in_range_minutes": minutes(Decimal::from(covered).checked_sub(out).unwrap_or_default()),
        "unknown_minutes": minutes(Decimal::from(unknown)),
        "elapsed_minutes": minutes(Decimal::from(elapsed)),
        "interval_min": interval.map(|ms| minutes(Decimal::from(ms))),
        "interval_assumed": given.is_none(),
        "gaps": series.describe_gaps(&gaps),
        "runs": runs.iter().map(|run| run.describe(&series)).collect::<Vec<_>>(),
        "alarms": alarms.into_iter().map(|(_, alarm)| alarm).collect::<Vec<_>>(),
        "device": device,
    });
    cite(&result, basis.cited)
}

fn find_basis(question: &mut Question, unit: &str) -> Result<Basis, CalcError> {
    let alarms = question.alarms.take();
    let given = Cited { rule: "excursion".to_owned(), pack: None, source: METHODS.to_owned() };
    if let Some(input) = &question.out_of_range {
        let out = OutOfRange::read("out_of_range", input, unit)?;
        return Ok(Basis { out, alarms: alarms.unwrap_or_default(), cited: given });
    }
    if let Some(name) = &question.profile {
        return profile_basis(name, unit, alarms);
    }
    let Some(key) = &question.key else {
        let en = "say what is out: `out_of_range`, or `profile`, or `key` with `on`";
        return Err(CalcError::field(
            "out_of_range",
            en,
            "请给 out_of_range、profile，或 key 与 on",
        ));
    };
    let on = question.on.as_deref().ok_or_else(|| CalcError::missing("on"))?;
    let on: NaiveDate = super::verdict::day("on", on)?;
    let (pack, _) = find_pack(question.pack.as_ref(), key, on)?;
    let unknown = |error: RuleError| CalcError::rule("key", &error);
    let limit = pack.find_limit(key, on).ok_or_else(|| {
        unknown(RuleError::UnknownKey { pack: pack.code.clone(), key: key.clone() })
    })?;
    let bound = limit.find_value(unit).ok_or_else(|| {
        let accepted = limit.list_units().join(", ");
        unknown(RuleError::UnknownUnit { key: key.clone(), unit: unit.to_owned(), accepted })
    })?;
    let out = OutOfRange::of_limit(limit, bound).ok_or_else(|| {
        CalcError::field(
            "key",
            "this limit has no side to be beyond; use another",
            "此限值无法计超限",
        )
    })?;
    let cited =
        Cited { rule: key.clone(), pack: Some(pack.code.clone()), source: limit.source.clone() };
    Ok(Basis { out, alarms: alarms.unwrap_or_default(), cited })
}

fn profile_basis(
    name: &str,
    unit: &str,
    alarms: Option<Vec<AlarmInput>>,
) -> Result<Basis, CalcError> {
    let data: Data = load("excursion.json", DATA)?;
    let names: Vec<_> = data.profiles.iter().map(|profile| profile.profile.clone()).collect();
    let Some(profile) = data.profiles.into_iter().find(|profile| profile.profile == name) else {
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        return Err(CalcError::unknown_word("profile", name, &names));
    };
    if profile.unit != unit {
        let en = format!("this profile is in {}; export the log in it", profile.unit);
        return Err(CalcError::field("readings", en, format!("此规则以 {} 计", profile.unit)));
    }
    Ok(Basis {
        out: OutOfRange::read("out_of_range", &profile.out_of_range, unit)?,
        alarms: alarms.unwrap_or(profile.alarms),
        cited: Cited {
            rule: format!("excursion.{name}"),
            pack: Some(data.head.code),
            source: profile.source,
        },
    })
}

/// By `hold` (each sample lasts to the next) and `linear` (interpolated crossings), in ms.
fn out_ms(segments: &[Segment], out: &OutOfRange) -> Result<(Decimal, Decimal), CalcError> {
    let (mut hold, mut linear) = (0_i64, Decimal::ZERO);
    for segment in segments {
        if out.contains(segment.first) {
            hold = hold.saturating_add(segment.ms());
        }
        let ms = out.linear_ms(segment);
        linear = ms.and_then(|ms| linear.checked_add(ms)).ok_or_else(|| {
            CalcError::field(
                "readings",
                "the numbers are too large; shorten them",
                "数字过大，请缩短",
            )
        })?;
    }
    Ok((Decimal::from(hold), linear))
}

/// A device counts its own samples, so it may differ by one interval for each episode.
fn compare(device: Quantity, hold_ms: Decimal, tolerance_ms: i64) -> Value {
    let ms = device.decimal().checked_mul(Decimal::from(60_000));
    let difference = ms.and_then(|ms| ms.checked_sub(hold_ms));
    let agrees = difference.map(|difference| difference.abs() <= Decimal::from(tolerance_ms));
    json!({
        "minutes": device.to_string(),
        "difference_minutes": difference.map(minutes),
        "tolerance_minutes": minutes(Decimal::from(tolerance_ms)),
        "agrees": agrees,
    })
}
