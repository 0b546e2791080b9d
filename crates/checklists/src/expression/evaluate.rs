//! Running a compiled expression against a filled form.

mod args;
mod call;
mod choices;
mod compare;
mod convert;
mod dates;
mod digest;
mod geo;
mod math;
mod nodes;
mod path;
mod strings;

use std::cell::Cell;

use super::error::{Fault, Faulty};
use super::program::{Code, Op, Program};
use super::{Context, DateTime, ExpressionError, Limits, Moment, NodeId, Operator, Span, Value};

impl Program {
    /// The value of the expression for the node `at`: the question it belongs to.
    ///
    /// # Errors
    /// [`ExpressionError`] when a value is of no use to a function (an unknown digest, a pattern
    /// that is none), or the work passes [`Limits::WORK`].
    pub fn evaluate(&self, context: &dyn Context, at: NodeId) -> Result<Value, ExpressionError> {
        self.located(Run::new(context, at).value(&self.code, Scope::alone(at)))
    }

    /// As [`Program::evaluate`], as text: the first node's for nodes, empty for nothing.
    ///
    /// # Errors
    /// As [`Program::evaluate`].
    pub fn evaluate_text(
        &self,
        context: &dyn Context,
        at: NodeId,
    ) -> Result<String, ExpressionError> {
        let run = Run::new(context, at);
        let value = run.value(&self.code, Scope::alone(at));
        let value = value.map(|value| run.text(&value));
        run.end();
        self.located(value)
    }

    /// As [`Program::evaluate`], as true or false: a text or a single answer is true unless empty.
    ///
    /// # Errors
    /// As [`Program::evaluate`].
    pub fn evaluate_bool(
        &self,
        context: &dyn Context,
        at: NodeId,
    ) -> Result<bool, ExpressionError> {
        let run = Run::new(context, at);
        let value = run.value(&self.code, Scope::alone(at));
        let value = value.map(|value| run.truth(&value));
        run.end();
        self.located(value)
    }

    /// Whether a choice filter of the question `at` keeps the row `item` of its list.
    ///
    /// # Errors
    /// As [`Program::evaluate`].
    pub fn keeps_choice(
        &self,
        context: &dyn Context,
        at: NodeId,
        item: NodeId,
    ) -> Result<bool, ExpressionError> {
        let run = Run::new(context, at);
        let value = run.value(&self.code, Scope::alone(item));
        let value = value.map(|value| run.truth(&value));
        run.end();
        self.located(value)
    }

    fn located<T>(&self, result: Faulty<T>) -> Result<T, ExpressionError> {
        result.map_err(|fault| fault.in_text(&self.text))
    }
}

/// One evaluation: the form, the time, and the work still allowed.
struct Run<'a> {
    context: &'a dyn Context,
    /// The question the expression belongs to: `current()`.
    at: NodeId,
    moment: Moment,
    work: Cell<u64>,
    allowed: u64,
}

/// The node a part is evaluated for, and its place among those a predicate is asked of.
#[derive(Clone, Copy)]
struct Scope {
    node: NodeId,
    position: usize,
    size: usize,
}

impl Scope {
    fn alone(node: NodeId) -> Self {
        Self { node, position: 1, size: 1 }
    }
}

impl<'a> Run<'a> {
    fn new(context: &'a dyn Context, at: NodeId) -> Self {
        let allowed = Limits::WORK.min(context.work_left());
        Self { context, at, moment: context.now(), work: Cell::new(allowed), allowed }
    }

    /// Tells the form what it cost.
    fn end(&self) {
        self.context.worked(self.allowed.saturating_sub(self.work.get()));
    }

    /// Spends work, so that nested predicates over long repeats end.
    fn spend(&self, work: usize, span: Span) -> Faulty<()> {
        let work = u64::try_from(work).unwrap_or(u64::MAX).saturating_add(1);
        let left = self.work.get().checked_sub(work);
        self.work.set(left.unwrap_or(0));
        if left.is_some() { Ok(()) } else { Err(Fault::too_much_work(span)) }
    }

    fn value(&self, code: &Code, scope: Scope) -> Faulty<Value> {
        self.spend(0, code.span)?;
        match &code.op {
            Op::Number(number) => Ok(Value::Number(*number)),
            Op::Text(text) => Ok(Value::Text(text.to_string())),
            Op::Negate(inner) => Ok(Value::Number(-self.number(&self.value(inner, scope)?))),
            Op::Chain { first, rest } => self.chain(first, rest, scope),
            Op::Reference { .. } | Op::Path { .. } => self.nodes(code, scope).map(Value::Nodes),
            Op::Call { function, args } => self.call(*function, args, scope, code.span),
            Op::Matches { text, pattern } => {
                let text = self.text(&self.value(text, scope)?);
                self.spend(text.len(), code.span)?;
                Ok(Value::Bool(pattern.matches(&text)))
            }
        }
    }

    fn chain(&self, first: &Code, rest: &[(Operator, Code)], scope: Scope) -> Faulty<Value> {
        let mut left = self.value(first, scope)?;
        for (operator, right) in rest {
            left = match operator {
                Operator::Or | Operator::And => {
                    let is_left = self.truth(&left);
                    // What is decided needs no right side.
                    let decided = is_left == (*operator == Operator::Or);
                    Value::Bool(if decided {
                        is_left
                    } else {
                        self.truth(&self.value(right, scope)?)
                    })
                }
                _ => self.operate(*operator, &left, &self.value(right, scope)?, right.span)?,
            };
        }
        Ok(left)
    }

    fn operate(
        &self,
        operator: Operator,
        left: &Value,
        right: &Value,
        span: Span,
    ) -> Faulty<Value> {
        let numbers = || (self.number(left), self.number(right));
        let arithmetic = |compute: fn(f64, f64) -> f64| {
            let (a, b) = numbers();
            Ok(Value::Number(compute(a, b)))
        };
        match operator {
            Operator::Add => arithmetic(|a, b| a + b),
            Operator::Subtract => arithmetic(|a, b| a - b),
            Operator::Multiply => arithmetic(|a, b| a * b),
            Operator::Divide => arithmetic(|a, b| a / b),
            // Of the sign of the dividend, as XPath 1.0 §3.5 says.
            Operator::Modulo => arithmetic(|a, b| a % b),
            Operator::Union => self.union(left, right, span),
            Operator::And | Operator::Or => Ok(Value::Bool(false)),
            _ => self.compare(operator, left, right, span).map(Value::Bool),
        }
    }

    fn host_time(&self) -> Option<DateTime> {
        DateTime::of(self.moment)
    }
}
