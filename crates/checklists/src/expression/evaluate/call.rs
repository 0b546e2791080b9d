//! Calls: the few functions that choose what to evaluate, and the way to all others.

use super::args::Args;
use super::{Run, Scope};
use crate::expression::error::Faulty;
use crate::expression::program::Code;
use crate::expression::{Function, Span, Value};

impl Run<'_> {
    pub(super) fn call(
        &self,
        function: Function,
        args: &[Code],
        scope: Scope,
        span: Span,
    ) -> Faulty<Value> {
        match (function, args) {
            (Function::If, [condition, then, otherwise]) => {
                let is_met = self.truth(&self.value(condition, scope)?);
                self.value(if is_met { then } else { otherwise }, scope)
            }
            (Function::Once, [expr]) => {
                let own = self.node_text(self.at);
                if own.is_empty() { self.value(expr, scope) } else { Ok(Value::Text(own)) }
            }
            (Function::Coalesce, args) => {
                for arg in args {
                    let text = self.text(&self.value(arg, scope)?);
                    if !text.is_empty() {
                        return Ok(Value::Text(text));
                    }
                }
                Ok(Value::empty())
            }
            _ => {
                let values =
                    args.iter().map(|arg| self.value(arg, scope)).collect::<Faulty<_>>()?;
                strict(&Args { run: self, function, values, scope, span })
            }
        }
    }
}

/// Functions that need all their arguments.
fn strict(args: &Args<'_>) -> Faulty<Value> {
    use Function as F;
    match args.function {
        F::Position
        | F::Last
        | F::Current
        | F::Instance
        | F::PullData
        | F::IndexedRepeat
        | F::Count
        | F::CountNonEmpty
        | F::Randomize => args.of_nodes(),
        F::Selected
        | F::SelectedAt
        | F::CountSelected
        | F::ChoiceName
        | F::Checklist
        | F::WeightedChecklist => args.of_choices(),
        F::Regex
        | F::Contains
        | F::StartsWith
        | F::EndsWith
        | F::Substr
        | F::Substring
        | F::SubstringBefore
        | F::SubstringAfter
        | F::Translate
        | F::StringLength
        | F::NormalizeSpace
        | F::Concat
        | F::Join
        | F::String
        | F::Uuid => args.of_text(),
        F::Digest | F::Base64Decode => args.of_bytes(),
        F::Today
        | F::Now
        | F::Date
        | F::DateTime
        | F::DecimalDateTime
        | F::DecimalTime
        | F::FormatDate
        | F::FormatDateTime => args.of_dates(),
        F::Area | F::Distance | F::Geofence => Ok(args.of_places()),
        F::Boolean => Ok(Value::Bool(args.truth(0))),
        F::Not => Ok(Value::Bool(!args.truth(0))),
        F::True => Ok(Value::Bool(true)),
        F::False => Ok(Value::Bool(false)),
        F::BooleanFromString => Ok(Value::Bool(matches!(args.text(0).as_str(), "1" | "true"))),
        _ => Ok(Value::Number(args.of_numbers())),
    }
}
