//! What the types of a pack cannot say: a limit must be able to judge, and only one at a time.

mod periods;
mod words;

use std::collections::BTreeSet;

use super::notice::Notice;
use super::{Pack, Status};
use crate::{Limit, LimitValue, Operator};
use periods::Periods;
pub(super) use words::both;
use words::fault;

/// Every contradiction, in the order of the document.
pub(super) fn faults(pack: &Pack) -> Vec<Notice> {
    let mut found = Vec::new();
    filled(&mut found, "code", &pack.code);
    filled(&mut found, "jurisdiction", &pack.jurisdiction);
    filled(&mut found, "version", &pack.version);
    titled(&mut found, "title", &pack.title);
    let reviewer = pack.reviewed_by.as_deref().unwrap_or_default().trim();
    if pack.status == Status::Reviewed && reviewer.is_empty() {
        let problem = both("规则包标为已审核，却没有审核人", "a reviewed pack names no reviewer");
        found.push(fault("reviewed_by", problem, words::NAME_REVIEWER));
    }
    if pack.limits.is_empty() {
        let problem = both("规则包没有任何限值", "the pack holds no limit");
        found.push(fault("limits", problem, words::ADD_LIMIT));
    }
    let mut periods = Periods::default();
    for (index, limit) in pack.limits.iter().enumerate() {
        let path = limit_path(index, limit);
        check_limit(&mut found, &path, limit);
        found.extend(periods.add(&path, limit));
    }
    found
}

/// Where a limit stands: `limits[3] (cold.frozen_room)`.
pub(super) fn limit_path(index: usize, limit: &Limit) -> String {
    format!("limits[{index}] ({})", limit.key)
}

fn check_limit(found: &mut Vec<Notice>, path: &str, limit: &Limit) {
    filled(found, &format!("{path}.key"), &limit.key);
    filled(found, &format!("{path}.source"), &limit.source);
    titled(found, &format!("{path}.title"), &limit.title);
    if limit.effective_to.is_some_and(|last| last < limit.effective_from) {
        let problem = both("失效日期早于生效日期", "the last day in force lies before the first");
        found.push(fault(&format!("{path}.effective_to"), problem, words::CORRECT_DATES));
    }
    if limit.values.is_empty() {
        let problem = both("没有数值", "there is no value");
        found.push(fault(&format!("{path}.values"), problem, words::GIVE_VALUE));
    }
    let mut units = BTreeSet::new();
    for (index, value) in limit.values.iter().enumerate() {
        let at = format!("{path}.values[{index}]");
        check_value(found, &at, limit.operator, value);
        if !units.insert(value.unit.as_str()) {
            let unit = &value.unit;
            let problem =
                both(format!("单位 {unit} 出现两次"), format!("the unit {unit} appears twice"));
            found.push(fault(&format!("{at}.unit"), problem, words::ONE_PER_UNIT));
        }
    }
    check_escalation(found, path, limit, &units);
    for (index, cite) in limit.cites.iter().enumerate() {
        filled(found, &format!("{path}.cites[{index}].source"), &cite.source);
        filled(found, &format!("{path}.cites[{index}].document"), &cite.document);
    }
}

fn check_value(found: &mut Vec<Notice>, path: &str, operator: Operator, value: &LimitValue) {
    filled(found, &format!("{path}.unit"), &value.unit);
    match (operator, value.value, value.min, value.max) {
        (Operator::Between, None, Some(min), Some(max)) if min <= max => {}
        (Operator::Between, ..) => {
            let problem = both(
                "`between` 需要 `min` 和 `max`（由小到大），且不能有 `value`",
                "`between` needs `min` and `max` in this order and no `value`",
            );
            found.push(fault(path, problem, words::GIVE_BOTH_ENDS));
        }
        (_, Some(_), None, None) => {}
        _ => {
            let problem = both(
                format!("`{operator}` 需要 `value`，且不能有 `min`、`max`"),
                format!("`{operator}` needs `value` and neither `min` nor `max`"),
            );
            found.push(fault(path, problem, words::GIVE_ONE_VALUE));
        }
    }
    if value.plausible.as_ref().is_some_and(|range| range.min > range.max) {
        let problem = both(
            "`min` 大于 `max`，所有读数都会无效",
            "`min` lies above `max`, so every reading would be invalid",
        );
        found.push(fault(&format!("{path}.plausible"), problem, words::SWAP_ENDS));
    }
}

fn check_escalation(found: &mut Vec<Notice>, path: &str, limit: &Limit, units: &BTreeSet<&str>) {
    let mut escalating = BTreeSet::new();
    for (index, step) in limit.escalation.iter().enumerate() {
        let at = format!("{path}.escalation[{index}]");
        escalating.insert(step.unit.as_str());
        if step.operator == Operator::Between {
            let problem = both("升级条件只能有一个起点", "an escalation starts at one value");
            found.push(fault(&at, problem, words::ONE_SIDED));
        }
        if !units.contains(step.unit.as_str()) {
            let unit = &step.unit;
            let problem = both(
                format!("该限值没有以 {unit} 为单位的数值"),
                format!("the limit has no value in {unit}"),
            );
            found.push(fault(&format!("{at}.unit"), problem, words::USE_UNIT));
        }
        if step.severity <= limit.severity {
            let problem = both("并不比限值本身更严重", "it is no graver than the limit itself");
            found.push(fault(&format!("{at}.severity"), problem, words::RAISE_OR_DROP));
        }
    }
    // A limit that escalates in °C only would judge the same freezer milder when read in °F.
    let silent = limit.values.iter().find(|value| !escalating.contains(value.unit.as_str()));
    if let (Some(value), false) = (silent, limit.escalation.is_empty()) {
        let unit = &value.unit;
        let problem = both(
            format!("以 {unit} 读数时永远不会升级"),
            format!("readings in {unit} would never escalate"),
        );
        found.push(fault(&format!("{path}.escalation"), problem, words::EVERY_UNIT));
    }
}

fn titled(found: &mut Vec<Notice>, path: &str, title: &crate::Bilingual) {
    if let Some(language) = title.find_empty() {
        filled(found, &format!("{path}.{language}"), "");
    }
}

fn filled(found: &mut Vec<Notice>, path: &str, text: &str) {
    if text.trim().is_empty() {
        found.push(fault(path, both("内容为空", "the text is empty"), words::FILL_IN));
    }
}
