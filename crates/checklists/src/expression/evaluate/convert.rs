//! One kind of value as another: XPath 1.0 §4, and what XForms adds for dates.

use super::Run;
use crate::expression::date::parse_date_time;
use crate::expression::number::{number_text, parse_number};
use crate::expression::{DateTime, NodeId, Value};

impl Run<'_> {
    /// As text: the first of several nodes.
    pub(super) fn text(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => text.clone(),
            Value::Number(number) => number_text(*number),
            Value::Bool(truth) => truth.to_string(),
            Value::Date(date) => date.to_string(),
            Value::Nodes(nodes) => nodes.first().map_or_else(String::new, |n| self.node_text(*n)),
        }
    }

    /// As a number: dates are days since 1970, also where they are written as text.
    pub(super) fn number(&self, value: &Value) -> f64 {
        match value {
            Value::Text(text) => self.text_number(text),
            Value::Number(number) => *number,
            Value::Bool(truth) => f64::from(u8::from(*truth)),
            Value::Date(date) => date.days(),
            Value::Nodes(nodes) => nodes.first().map_or(f64::NAN, |node| self.node_number(*node)),
        }
    }

    pub(super) fn text_number(&self, text: &str) -> f64 {
        let number = parse_number(text);
        if !number.is_nan() {
            return number;
        }
        self.parse_date(text).map_or(f64::NAN, DateTime::days)
    }

    pub(super) fn parse_date(&self, text: &str) -> Option<DateTime> {
        parse_date_time(text, self.moment.offset_minutes, false)
    }

    /// As true or false: numbers but 0 and NaN, texts but the empty, nodes if there are any; a
    /// single answer by its text, so that `if(${q}, …)` asks whether it is answered.
    pub(super) fn truth(&self, value: &Value) -> bool {
        match value {
            Value::Text(text) => !text.is_empty(),
            Value::Number(number) => *number != 0.0 && !number.is_nan(),
            Value::Bool(truth) => *truth,
            Value::Date(_) => true,
            Value::Nodes(nodes) => match nodes.as_slice() {
                [node] => self.context.text(*node).is_none_or(|text| !text.is_empty()),
                nodes => !nodes.is_empty(),
            },
        }
    }

    pub(super) fn node_text(&self, node: NodeId) -> String {
        self.context.text(node).map(|text| text.into_owned()).unwrap_or_default()
    }

    pub(super) fn node_number(&self, node: NodeId) -> f64 {
        self.context.text(node).map_or(f64::NAN, |text| self.text_number(&text))
    }

    /// The texts of all nodes, or of the one value.
    pub(super) fn texts(&self, value: &Value) -> Vec<String> {
        match value {
            Value::Nodes(nodes) => nodes.iter().map(|node| self.node_text(*node)).collect(),
            other => vec![self.text(other)],
        }
    }

    /// The numbers of all nodes, or of the one value.
    pub(super) fn numbers(&self, value: &Value) -> Vec<f64> {
        match value {
            Value::Nodes(nodes) => nodes.iter().map(|node| self.node_number(*node)).collect(),
            other => vec![self.number(other)],
        }
    }

    /// The truth of each node by itself, or of the one value.
    pub(super) fn truths(&self, value: &Value) -> Vec<bool> {
        match value {
            Value::Nodes(nodes) => {
                nodes.iter().map(|node| self.truth(&Value::Nodes(vec![*node]))).collect()
            }
            other => vec![self.truth(other)],
        }
    }
}
