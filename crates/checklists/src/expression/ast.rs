//! What an expression says, with the place of every part.

use super::Span;

/// An expression or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it says.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A number: finite, never negative (a sign is [`Kind::Negate`]).
    Number(f64),
    /// A literal text. It never holds both kinds of quotes.
    Text(String),
    /// `${name}`: the question of this name.
    Reference(String),
    /// A function and its arguments.
    Call {
        /// As written, with its prefix.
        name: String,
        /// Where the name stands.
        name_span: Span,
        /// In order.
        args: Vec<Expr>,
    },
    /// An odd number of minus signs before the expression.
    Negate(Box<Expr>),
    /// Operators of one precedence, from left to right. Flat, so that a long sum is not deep.
    Chain {
        /// The leftmost operand.
        first: Box<Expr>,
        /// At least one operator with its right operand.
        rest: Vec<(Operator, Expr)>,
    },
    /// A path to nodes of the form.
    Path(Path),
}

/// Steps from a start to nodes of the form.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// Where it starts.
    pub start: Start,
    /// The steps, possibly none for [`Start::Root`] and [`Start::Filter`].
    pub steps: Vec<Step>,
}

/// Where a path starts.
#[derive(Debug, Clone, PartialEq)]
pub enum Start {
    /// At the top of the form: `/data/a`.
    Root,
    /// At the node the expression belongs to: `../a`, `.`.
    Here,
    /// At nodes another expression yields: `current()/../a`, `${stops}[1]/b`.
    Filter(Box<Expr>, Vec<Expr>),
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// In which direction.
    pub axis: Axis,
    /// To which nodes.
    pub test: Test,
    /// Which of those.
    pub predicates: Vec<Expr>,
    /// Where it stands.
    pub span: Span,
}

/// Directions of a step; XForms has no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// Down by one.
    Child,
    /// Up by one: `..`.
    Parent,
    /// Nowhere: `.`.
    Itself,
}

/// Which nodes a step takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// Those of this name, without a prefix.
    Name(String),
    /// All: `*`, `node()`.
    Any,
}

/// Operators between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is its own name")]
pub enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Union,
}

impl Operator {
    /// How it is written.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "div",
            Self::Modulo => "mod",
            Self::Union => "|",
        }
    }

    /// How tightly it binds; XPath 1.0 §3.5. The unary minus is 7, between `*` and `|`.
    pub(super) fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Equal | Self::NotEqual => 3,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => 4,
            Self::Add | Self::Subtract => 5,
            Self::Multiply | Self::Divide | Self::Modulo => 6,
            Self::Union => 8,
        }
    }
}

/// The precedence of the unary minus; see [`Operator::precedence`].
pub(super) const NEGATE: u8 = 7;
