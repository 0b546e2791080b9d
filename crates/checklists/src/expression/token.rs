//! The words of an expression.

use super::Operator;

/// One word, without its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Text(String),
    /// `${name}`.
    Reference(String),
    /// A name in a path or of a function, with its prefix: `jr:choice-name`.
    Name(String),
    Operator(Operator),
    /// `*` where a step of a path is expected.
    Star,
    Slash,
    DoubleSlash,
    Dot,
    DotDot,
    At,
    /// `::`
    Axis,
    Open,
    Close,
    OpenBracket,
    CloseBracket,
    Comma,
    End,
}

impl Token {
    /// Whether an operator may follow: XPath 1.0 §3.7 tells `*`, `and`, `or`, `div` and `mod`
    /// from names by what stands before them.
    pub(super) fn ends_operand(&self) -> bool {
        matches!(
            self,
            Self::Number(_)
                | Self::Text(_)
                | Self::Reference(_)
                | Self::Name(_)
                | Self::Star
                | Self::Dot
                | Self::DotDot
                | Self::Close
                | Self::CloseBracket
        )
    }
}
