//! What is proposed as an answer, until a person gives one.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Named;
use crate::expression::{Filled, NodeId};
use crate::{Item, Kind, check_answer};

/// Whether an item of this kind can have an answer proposed: one that a single text says whole.
pub fn can_be_proposed(item: &Item) -> bool {
    let kinds =
        [Kind::PassFail, Kind::Measured, Kind::Choice, Kind::Text, Kind::Date, Kind::People];
    kinds.contains(&item.kind) && item.counts.is_empty()
}

impl Named {
    /// The answer that is proposed; none where nothing came of it, where it is no answer of its kind, or where
    /// it is a choice that is not offered.
    pub(super) fn proposal(
        &self,
        filled: &Filled,
        node: NodeId,
        offered: Option<&BTreeSet<String>>,
    ) -> Option<Value> {
        let (program, item) = self.default.as_ref()?;
        let text = self.shown(&program.evaluate_text(filled, node).ok()?);
        let is_offered = offered.is_none_or(|codes| codes.contains(&text));
        let answer = answer(item, &text).filter(|answer| check_answer(item, answer).is_ok());
        answer.filter(|_| is_offered)
    }
}

fn answer(item: &Item, text: &str) -> Option<Value> {
    Some(match item.kind {
        Kind::PassFail => json!({ "result": text }),
        Kind::Measured => json!({ "value": text, "unit": item.unit.as_deref()? }),
        Kind::Choice => json!({ "choice": text }),
        Kind::Text => json!({ "text": text }),
        Kind::Date => json!({ "date": text }),
        Kind::People => json!({ "count": text.parse::<u64>().ok()? }),
        _ => return None,
    })
}
