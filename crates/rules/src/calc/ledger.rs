//! Whether a ledger has the fields its keeper must keep. Who must keep what depends on the type of
//! vendor (rules §1.10). Values are looked at only for being there, and never answered back.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::CalcError;
use super::answer::{Cited, cite};
use super::data::{Head, load};
use super::input::read;
use crate::Verdict;

const DATA: &str = include_str!("../../data/ledger-cn.json");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    vendor_type: String,
    record: Option<String>,
    entries: Vec<BTreeMap<String, Value>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    head: Head,
    rules: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    vendor_type: String,
    record: String,
    duty: Duty,
    slots: Vec<Slot>,
    source: String,
}

/// What a gap in the ledger means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Duty {
    /// A finding.
    Required,
    /// Advice, no finding.
    Advice,
}

/// One piece of information; any one of its fields fills it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Slot {
    slot: String,
    any_of: Vec<String>,
}

/// See `docs/CALC.md`, ledger.
pub(super) fn answer(json_text: &str) -> Result<Value, CalcError> {
    let question: Question = read(json_text)?;
    let data: Data = load("ledger-cn.json", DATA)?;
    let record = question.record.as_deref().unwrap_or("purchase");
    if !matches!(record, "purchase" | "sales") {
        return Err(CalcError::unknown_word("record", record, &["purchase", "sales"]));
    }
    let of_type = |rule: &&Rule| rule.vendor_type == question.vendor_type;
    let rule = data.rules.iter().filter(of_type).find(|rule| rule.record == record);
    let Some(rule) = rule else {
        let mut known: Vec<_> = data.rules.iter().map(|rule| rule.vendor_type.as_str()).collect();
        known.dedup();
        return Err(CalcError::unknown_word("vendor_type", &question.vendor_type, &known));
    };
    let required = rule.slots.len();
    let mut entries = Vec::with_capacity(question.entries.len());
    let mut complete = 0_usize;
    for entry in &question.entries {
        let missing: Vec<_> =
            rule.slots.iter().filter(|slot| !fills(entry, slot)).map(|slot| &slot.slot).collect();
        complete += usize::from(missing.is_empty());
        entries.push(json!({"filled": required - missing.len(), "missing": missing}));
    }
    let verdict = match (entries.len(), rule.duty) {
        (0, _) => Verdict::NotObserved,
        (all, _) if complete == all => Verdict::Pass,
        (_, Duty::Advice) => Verdict::ConditionalPass,
        (_, Duty::Required) => Verdict::Fail,
    };
    let result = json!({
        "verdict": verdict,
        "vendor_type": rule.vendor_type,
        "record": record,
        "duty": if rule.duty == Duty::Required { "required" } else { "advice" },
        "required_fields": required,
        "complete": complete,
        "checked": entries.len(),
        "entries": entries,
    });
    let name = format!("ledger.{}.{record}", rule.vendor_type);
    cite(&result, Cited { rule: name, pack: Some(data.head.code), source: rule.source.clone() })
}

fn fills(entry: &BTreeMap<String, Value>, slot: &Slot) -> bool {
    slot.any_of.iter().any(|field| match entry.get(field) {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !is_blank(text),
        // A box that was ticked, or a number, says that something is there.
        Some(_) => true,
    })
}

/// Strokes and "none" stand for an empty cell.
fn is_blank(text: &str) -> bool {
    matches!(text.trim(), "" | "-" | "--" | "/" | "\\" | "—" | "——" | "无" | "n/a" | "N/A")
}
