//! The evaluated arguments of a function, asked for in the kind it needs.

use super::{Run, Scope};
use crate::expression::error::{ErrorCode, Fault, Faulty};
use crate::expression::{Function, NodeId, Span, Value};

/// All arguments of one call.
pub(super) struct Args<'a> {
    pub(super) run: &'a Run<'a>,
    pub(super) function: Function,
    pub(super) values: Vec<Value>,
    pub(super) scope: Scope,
    pub(super) span: Span,
}

impl Args<'_> {
    pub(super) fn has(&self, index: usize) -> bool {
        index < self.values.len()
    }

    /// Empty where there is no such argument.
    pub(super) fn text(&self, index: usize) -> String {
        self.values.get(index).map_or_else(String::new, |value| self.run.text(value))
    }

    /// The first argument, or the answer of the question itself where none is given.
    pub(super) fn text_or_own(&self) -> String {
        if self.has(0) { self.text(0) } else { self.run.node_text(self.scope.node) }
    }

    /// NaN where there is no such argument.
    pub(super) fn number(&self, index: usize) -> f64 {
        self.values.get(index).map_or(f64::NAN, |value| self.run.number(value))
    }

    pub(super) fn truth(&self, index: usize) -> bool {
        self.values.get(index).is_some_and(|value| self.run.truth(value))
    }

    pub(super) fn nodes(&self, index: usize) -> &[NodeId] {
        match self.values.get(index) {
            Some(Value::Nodes(nodes)) => nodes,
            _ => &[],
        }
    }

    /// The texts of all arguments from one on, nodes each by itself.
    pub(super) fn texts_from(&self, index: usize) -> Vec<String> {
        self.values.iter().skip(index).flat_map(|value| self.run.texts(value)).collect()
    }

    /// The numbers of all arguments from one on, nodes each by itself.
    pub(super) fn numbers_from(&self, index: usize) -> Vec<f64> {
        self.values.iter().skip(index).flat_map(|value| self.run.numbers(value)).collect()
    }

    /// A text as the result; its length is work.
    pub(super) fn give(&self, text: String) -> Faulty<Value> {
        self.run.spend(text.len(), self.span)?;
        Ok(Value::Text(text))
    }

    /// A fault of the value given to this function.
    pub(super) fn fault(
        &self,
        message: (impl Into<String>, impl Into<String>),
        remedy: (impl Into<String>, impl Into<String>),
    ) -> Box<Fault> {
        let name = self.function.name();
        let (zh, en): (String, String) = (message.0.into(), message.1.into());
        let message = (format!("{name}()：{zh}"), format!("{name}(): {en}"));
        Fault::new(ErrorCode::Type, self.span, message, remedy)
    }
}
