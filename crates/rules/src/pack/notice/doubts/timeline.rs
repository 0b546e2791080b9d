//! How the periods of one key follow each other.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Notice, warning};
use crate::pack::Pack;
use crate::pack::check::{both, limit_path};
use crate::{Limit, Operator};

pub(super) fn doubts(pack: &Pack, today: NaiveDate) -> Vec<Notice> {
    let mut found = Vec::new();
    found.extend(asleep(pack, today));
    let mut keys: BTreeMap<&str, Vec<(usize, &Limit)>> = BTreeMap::new();
    for (index, limit) in pack.limits.iter().enumerate() {
        keys.entry(&limit.key).or_default().push((index, limit));
    }
    for periods in keys.values_mut() {
        periods.sort_by_key(|(_, limit)| limit.effective_from);
        for pair in periods.windows(2) {
            if let [(_, earlier), (index, later)] = pair {
                found.extend(follows(&limit_path(*index, later), earlier, later));
            }
        }
    }
    found
}

/// A pack of which nothing holds on the day judges nothing, silently.
fn asleep(pack: &Pack, today: NaiveDate) -> Option<Notice> {
    let awake = pack.limits.iter().any(|limit| limit.is_in_force(today));
    (!awake && !pack.limits.is_empty()).then(|| {
        warning(
            "limits",
            both(format!("{today} 没有任何限值生效"), format!("no limit is in force on {today}")),
            both(
                "请核对日期；过期的规则包不作判定",
                "check the dates; nothing is judged by such a pack",
            ),
        )
    })
}

fn follows(path: &str, earlier: &Limit, later: &Limit) -> Vec<Notice> {
    let mut found = Vec::new();
    let next = earlier.effective_to.and_then(|last| last.succ_opt());
    if let (Some(last), Some(next)) = (earlier.effective_to, next)
        && next < later.effective_from
    {
        let from = later.effective_from;
        found.push(warning(
            format!("{path}.effective_from"),
            both(
                format!("{last} 之后到 {from} 之前该键没有限值"),
                format!("between {last} and {from} this key has no limit"),
            ),
            both("若非有意，请补上这段时间", "close the hole, unless it is meant"),
        ));
    }
    if turned(earlier.operator, later.operator) {
        let (a, b) = (earlier.operator, later.operator);
        found.push(warning(
            format!("{path}.operator"),
            both(
                format!("比较方向由 `{a}` 变为 `{b}`"),
                format!("the operator turns from `{a}` to `{b}`"),
            ),
            both("请核对：写的是“合格”的条件", "check it: it states what passes"),
        ));
    }
    if earlier.list_units() != later.list_units() {
        found.push(changed(format!("{path}.values"), "单位", "units"));
    }
    if earlier.severity != later.severity {
        found.push(changed(format!("{path}.severity"), "严重程度", "severity"));
    }
    found
}

fn turned(a: Operator, b: Operator) -> bool {
    let upward = |operator| match operator {
        Operator::Above | Operator::AtLeast => Some(true),
        Operator::Below | Operator::AtMost => Some(false),
        Operator::Equal | Operator::Between => None,
    };
    upward(a).zip(upward(b)).is_some_and(|(a, b)| a != b)
}

fn changed(path: String, zh: &str, en: &str) -> Notice {
    warning(
        path,
        both(format!("与前一段时间的{zh}不同"), format!("other {en} than in the period before")),
        both(
            "检查表按一种单位和等级写成；请核对，或改用另一个键",
            "checklists name one unit and severity; check it, or use another key",
        ),
    )
}
