//! Values, times and sizes as people read them.

use chrono::{DateTime, FixedOffset, Local};
use spotcheck_domain::Value;

/// Enough of an id to type: commands take the first digits.
pub(crate) fn short(id: impl ToString) -> String {
    id.to_string().chars().take(12).collect()
}

/// A value on one line.
pub(crate) fn brief(value: &Value) -> String {
    match value {
        Value::Text(text) if is_hash(text) => short(text),
        Value::Text(text) => text.clone(),
        Value::List(list) => list.iter().map(brief).collect::<Vec<_>>().join(", "),
        Value::Map(map) => {
            let member = |(key, value): (&String, &Value)| match value {
                Value::Map(_) => format!("{key} ({})", brief(value)),
                Value::List(list) if list.is_empty() => format!("{key} -"),
                _ => format!("{key} {}", brief(value)),
            };
            map.iter().map(member).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A time as its author's device showed it.
pub(crate) fn day_and_time((ms, offset_min): (i64, i32)) -> String {
    let zone = FixedOffset::east_opt(offset_min.saturating_mul(60));
    let at =
        zone.zip(DateTime::from_timestamp_millis(ms)).map(|(zone, at)| at.with_timezone(&zone));
    at.map_or_else(|| format!("{ms} ms"), |at| at.format("%Y-%m-%d %H:%M %:z").to_string())
}

/// A time in this computer's zone.
pub(crate) fn local_time(ms: i64) -> String {
    let at = DateTime::from_timestamp_millis(ms).map(|at| at.with_timezone(&Local));
    at.map_or_else(|| format!("{ms} ms"), |at| at.format("%Y-%m-%d %H:%M").to_string())
}

/// A number of bytes.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} B"),
        10_000..10_000_000 => format!("{} kB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
