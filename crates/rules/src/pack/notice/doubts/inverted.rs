//! Operators that look the wrong way round: they say what passes, and many write what fails.

use super::{Notice, warning};
use crate::pack::check::both;
use crate::{Limit, Operator};

/// Words of a key for something of which less is better.
const LESS: [&str; 15] = [
    "age",
    "breaches",
    "breaks",
    "delay",
    "difference",
    "error",
    "expired",
    "gap",
    "gaps",
    "growth",
    "interval",
    "missing",
    "overdue",
    "signs",
    "unknown",
];
/// Words of a key for something of which more is better.
const MORE: [&str; 4] = ["completeness", "coverage", "ratio", "throughput"];
/// Words of a key for food that must be cold, and for food that must be hot.
const COLD: [&str; 4] = ["chilled", "cold", "freezer", "frozen"];
const HOT: [&str; 4] = ["cooking", "hot", "reheated", "reheating"];

pub(super) fn doubts(path: &str, limit: &Limit) -> Vec<Notice> {
    let mut found = Vec::new();
    let operator = limit.operator;
    if looks_inverted(limit) {
        found.push(warning(
            format!("{path}.operator"),
            both(
                format!("按键名看，`{operator}` 像是写反了"),
                format!("for this key `{operator}` looks inverted"),
            ),
            both(
                "运算符写的是“合格”的条件，不是“不合格”的条件；请核对",
                "the operator states what passes, not what fails; check it",
            ),
        ));
    }
    for (index, step) in limit.escalation.iter().enumerate() {
        let value = limit.find_value(&step.unit).and_then(|value| value.value);
        let never = match (operator, step.operator, value) {
            (Operator::Below | Operator::AtMost, Operator::Above | Operator::AtLeast, Some(at)) => {
                step.value < at
            }
            (Operator::Above | Operator::AtLeast, Operator::Below | Operator::AtMost, Some(at)) => {
                step.value > at
            }
            (Operator::Equal | Operator::Between, ..) | (.., None) => false,
            _ => true,
        };
        if never {
            found.push(warning(
                format!("{path}.escalation[{index}]"),
                both("升级条件落在合格一侧", "the escalation reaches into the passing side"),
                both(
                    "请核对运算符和数值：升级只对不合格的读数起作用",
                    "check operator and value: an escalation only makes a failing reading graver",
                ),
            ));
        }
    }
    found
}

fn looks_inverted(limit: &Limit) -> bool {
    let upward = match limit.operator {
        Operator::Above | Operator::AtLeast => true,
        Operator::Below | Operator::AtMost => false,
        Operator::Equal | Operator::Between => return false,
    };
    let words: Vec<&str> = limit.key.split(['.', '_']).collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let last = |list: &[&str]| words.last().is_some_and(|word| list.contains(word));
    // "Hot" and "cold" say how warm it must be only where warmth is measured.
    let warmth = limit.values.iter().any(|value| ["°C", "°F", "℃", "℉"].contains(&&*value.unit));
    if upward {
        last(&LESS) || (warmth && has(&COLD))
    } else {
        last(&MORE) || (warmth && has(&HOT))
    }
}
