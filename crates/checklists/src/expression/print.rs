//! An expression back to text: one spelling for each, which reads as the same expression.

use std::fmt::{self, Display, Formatter};

use super::ast::NEGATE;
use super::{Axis, Expr, Kind, Path, Start, Step, Test};

/// Binds tighter than every operator.
const OPERAND: u8 = 9;

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Number(number) => write!(f, "{number}"),
            Kind::Text(text) if text.contains('\'') => write!(f, "\"{text}\""),
            Kind::Text(text) => write!(f, "'{text}'"),
            Kind::Reference(name) => write!(f, "${{{name}}}"),
            Kind::Call { name, args, .. } => {
                write!(f, "{name}(")?;
                for (index, arg) in args.iter().enumerate() {
                    write!(f, "{}{arg}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str(")")
            }
            Kind::Negate(inner) => {
                f.write_str("-")?;
                operand(f, inner, NEGATE + 1)
            }
            Kind::Chain { first, rest } => {
                let precedence = rest.first().map_or(0, |(operator, _)| operator.precedence());
                operand(f, first, precedence + 1)?;
                for (operator, right) in rest {
                    write!(f, " {} ", operator.sign())?;
                    operand(f, right, precedence + 1)?;
                }
                Ok(())
            }
            Kind::Path(path) => write!(f, "{path}"),
        }
    }
}

/// Writes it in parentheses if it binds less tightly than needed.
fn operand(f: &mut Formatter<'_>, expr: &Expr, least: u8) -> fmt::Result {
    let binds = match &expr.kind {
        Kind::Chain { rest, .. } => rest.first().map_or(0, |(operator, _)| operator.precedence()),
        Kind::Negate(_) => NEGATE,
        _ => OPERAND,
    };
    if binds < least { write!(f, "({expr})") } else { write!(f, "{expr}") }
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut separator = match &self.start {
            // Alone it needs parentheses, or a following `*` would read as its step.
            Start::Root if self.steps.is_empty() => return f.write_str("(/)"),
            Start::Root => {
                f.write_str("/")?;
                ""
            }
            Start::Here => "",
            Start::Filter(expr, predicates) => {
                let plain = matches!(
                    expr.kind,
                    Kind::Call { .. } | Kind::Reference(_) | Kind::Text(_) | Kind::Number(_)
                );
                if plain {
                    write!(f, "{expr}")?
                } else {
                    write!(f, "({expr})")?
                }
                for predicate in predicates {
                    write!(f, "[{predicate}]")?;
                }
                "/"
            }
        };
        for step in &self.steps {
            write!(f, "{separator}{step}")?;
            separator = "/";
        }
        Ok(())
    }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (self.axis, &self.test) {
            (Axis::Itself, Test::Any) => f.write_str(".")?,
            (Axis::Parent, Test::Any) => f.write_str("..")?,
            (Axis::Itself, Test::Name(name)) => write!(f, "self::{name}")?,
            (Axis::Parent, Test::Name(name)) => write!(f, "parent::{name}")?,
            (Axis::Child, Test::Name(name)) => f.write_str(name)?,
            (Axis::Child, Test::Any) => f.write_str("*")?,
        }
        for predicate in &self.predicates {
            write!(f, "[{predicate}]")?;
        }
        Ok(())
    }
}
