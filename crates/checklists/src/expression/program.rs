//! A compiled expression: names and functions resolved, patterns compiled, ready to run often.

use std::sync::Arc;

use super::pattern::Pattern;
use super::{Axis, Function, NameId, Operator, Span, Test};

/// An expression compiled once for a form. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Program {
    pub(super) text: Arc<str>,
    pub(super) code: Arc<Code>,
}

impl Program {
    /// The text it was compiled from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// One resolved part.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) op: Op,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) enum Op {
    Number(f64),
    Text(Arc<str>),
    Reference {
        name: NameId,
        everywhere: bool,
    },
    Negate(Box<Code>),
    Chain {
        first: Box<Code>,
        rest: Vec<(Operator, Code)>,
    },
    Path {
        start: From,
        steps: Vec<CodeStep>,
    },
    Call {
        function: Function,
        args: Vec<Code>,
    },
    /// `regex` with a literal pattern.
    Matches {
        text: Box<Code>,
        pattern: Box<Pattern>,
    },
}

#[derive(Debug)]
pub(super) enum From {
    Root,
    Here,
    Nodes { of: Box<Code>, predicates: Vec<Code> },
}

#[derive(Debug)]
pub(super) struct CodeStep {
    pub(super) axis: Axis,
    pub(super) test: Test,
    pub(super) predicates: Vec<Code>,
}

impl Code {
    /// Whether it yields nodes rather than one value.
    pub(super) fn yields_nodes(&self) -> bool {
        match &self.op {
            Op::Reference { .. } | Op::Path { .. } => true,
            Op::Call { function: Function::If, args } => {
                args.iter().skip(1).all(Self::yields_nodes)
            }
            Op::Call { function, .. } => function.yields_nodes(),
            Op::Chain { rest, .. } => {
                rest.first().is_some_and(|(operator, _)| *operator == Operator::Union)
            }
            Op::Number(_) | Op::Text(_) | Op::Negate(_) | Op::Matches { .. } => false,
        }
    }
}
