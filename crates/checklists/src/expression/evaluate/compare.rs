//! Comparisons: XPath 1.0 §3.4. With nodes, one that fits is enough. Never every pair is looked
//! at: what fits is found from sets and extremes.

use std::collections::BTreeSet;

use super::Run;
use crate::expression::error::Faulty;
use crate::expression::{Operator, Span, Value};

impl Run<'_> {
    pub(super) fn compare(
        &self,
        operator: Operator,
        left: &Value,
        right: &Value,
        span: Span,
    ) -> Faulty<bool> {
        for side in [left, right] {
            if let Value::Nodes(nodes) = side {
                self.spend(nodes.len(), span)?;
            }
        }
        Ok(match operator {
            Operator::Equal => self.equal(left, right, false),
            Operator::NotEqual => self.equal(left, right, true),
            _ => self.ordered(operator, left, right),
        })
    }

    /// Whether some pair is equal, or (`differ`) some pair is not.
    fn equal(&self, left: &Value, right: &Value, differ: bool) -> bool {
        match (left, right) {
            (Value::Bool(_), _) | (_, Value::Bool(_)) => {
                (self.truth(left) == self.truth(right)) != differ
            }
            (Value::Nodes(_), Value::Nodes(_)) => {
                some_pair(&self.texts(left), &self.texts(right), differ)
            }
            (Value::Nodes(_), Value::Text(text)) | (Value::Text(text), Value::Nodes(_)) => {
                let nodes = if matches!(left, Value::Nodes(_)) { left } else { right };
                self.texts(nodes).iter().any(|node| (node == text) != differ)
            }
            (Value::Text(a), Value::Text(b)) => (a == b) != differ,
            _ => {
                let right = self.numbers(right);
                let unequal = |a: f64| right.iter().any(|b| (a == *b) != differ);
                // One side is a single number here, so this is no product of two lists.
                self.numbers(left).into_iter().any(unequal)
            }
        }
    }

    /// Whether some pair is in order, which is so if their extremes are.
    fn ordered(&self, operator: Operator, left: &Value, right: &Value) -> bool {
        let extremes = |value: &Value| {
            let numbers = match value {
                Value::Nodes(_) => self.numbers(value),
                other => vec![self.number(other)],
            };
            let real = numbers.into_iter().filter(|number| !number.is_nan());
            real.fold(None, |found: Option<(f64, f64)>, number| {
                let (least, most) = found.unwrap_or((number, number));
                Some((least.min(number), most.max(number)))
            })
        };
        let (Some((least_left, most_left)), Some((least_right, most_right))) =
            (extremes(left), extremes(right))
        else {
            return false;
        };
        match operator {
            Operator::Less => least_left < most_right,
            Operator::LessOrEqual => least_left <= most_right,
            Operator::Greater => most_left > least_right,
            Operator::GreaterOrEqual => most_left >= least_right,
            _ => false,
        }
    }
}

fn some_pair(left: &[String], right: &[String], differ: bool) -> bool {
    let left: BTreeSet<&String> = left.iter().collect();
    let right: BTreeSet<&String> = right.iter().collect();
    if left.is_empty() || right.is_empty() {
        return false;
    }
    if differ {
        return left.len() > 1 || right.len() > 1 || left != right;
    }
    left.iter().any(|text| right.contains(text))
}
