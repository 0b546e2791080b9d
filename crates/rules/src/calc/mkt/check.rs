//! What a storage condition asks for beside the mean: nothing frozen, no long or high spike.

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;

use super::{HOUR_MS, Log, Profile, too_large};
use crate::calc::CalcError;
use crate::calc::answer::number;
use crate::calc::crossing::OutOfRange;
use crate::{Quantity, Verdict};

#[derive(Debug, Serialize)]
pub(super) struct Check {
    check: &'static str,
    limit: String,
    value: Value,
    verdict: Verdict,
}

/// Every check of a profile; `judged` is the mean that counts.
pub(super) fn check(
    profile: &Profile,
    log: &Log,
    judged: Option<Decimal>,
) -> Result<Vec<Check>, CalcError> {
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

/// The verdict of all checks together.
pub(super) fn worst(checks: &[Check]) -> Verdict {
    let has = |verdict| checks.iter().any(|check| check.verdict == verdict);
    [Verdict::Fail, Verdict::NotObserved]
        .into_iter()
        .find(|verdict| has(*verdict))
        .unwrap_or(Verdict::Pass)
}
