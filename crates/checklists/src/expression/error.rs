//! What is wrong with an expression, where, and what to do about it.

use std::fmt;

use spotcheck_rules::Bilingual;

use super::span::line_and_column;
use super::{Limits, Span};

/// Which kind of fault, for a screen or a test to tell apart; never renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorCode {
    /// The text is no expression.
    Syntax,
    /// Too long, too deep, or too much work: see [`Limits`].
    Limit,
    /// No function has this name.
    UnknownFunction,
    /// A function or construct of XPath or XForms that is deliberately not done here.
    Unsupported,
    /// Too few or too many arguments.
    Arguments,
    /// No question has this name.
    UnknownName,
    /// Several questions have this name.
    AmbiguousName,
    /// An argument is of a kind the function cannot use.
    Type,
    /// Named expressions need each other in a circle.
    Circular,
}

/// A located fault of an expression, for the author of a checklist to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionError {
    /// The kind of fault.
    pub code: ErrorCode,
    /// The part of the text that is wrong.
    pub span: Span,
    /// Line of the span's start, from 1.
    pub line: usize,
    /// Column of the span's start in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: Box<Bilingual>,
    /// What to do about it.
    pub remedy: Box<Bilingual>,
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, message, remedy, .. } = self;
        write!(f, "line {line}, column {column}: {}; {}", message.en, remedy.en)
    }
}

impl std::error::Error for ExpressionError {}

/// A fault before it is located in its text. Boxed where it travels, for it is rare and large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: ErrorCode,
    pub(super) span: Span,
    pub(super) message: Bilingual,
    pub(super) remedy: Bilingual,
}

impl Fault {
    /// Message and remedy are (Chinese, English).
    pub(super) fn new(
        code: ErrorCode,
        span: Span,
        message: (impl Into<String>, impl Into<String>),
        remedy: (impl Into<String>, impl Into<String>),
    ) -> Box<Self> {
        let both = |(zh, en): (String, String)| Bilingual { zh, en };
        Box::new(Self {
            code,
            span,
            message: both((message.0.into(), message.1.into())),
            remedy: both((remedy.0.into(), remedy.1.into())),
        })
    }

    pub(super) fn too_long(span: Span) -> Box<Self> {
        let most = Limits::BYTES;
        Self::new(
            ErrorCode::Limit,
            span,
            (
                format!("表达式超过 {most} 字节"),
                format!("the expression is longer than {most} bytes"),
            ),
            ("把它拆成几个计算项", "split it into several calculations"),
        )
    }

    pub(super) fn too_deep(span: Span) -> Box<Self> {
        let most = Limits::DEPTH;
        Self::new(
            ErrorCode::Limit,
            span,
            (format!("嵌套超过 {most} 层"), format!("it is nested deeper than {most} levels")),
            ("把内层移到单独的计算项", "move the inner part into a calculation of its own"),
        )
    }

    pub(super) fn too_much_work(span: Span) -> Box<Self> {
        Self::new(
            ErrorCode::Limit,
            span,
            ("计算量过大，已停止", "it takes too much work and was stopped"),
            (
                "减少嵌套的筛选条件，或减少重复组的数量",
                "nest fewer predicates, or count over fewer repeats",
            ),
        )
    }

    pub(super) fn reads_too_much(span: Span) -> Box<Self> {
        let most = Limits::READS;
        Self::new(
            ErrorCode::Limit,
            span,
            (
                format!("整份表单的表达式引用超过 {most} 个名称"),
                format!("the expressions of the form read more than {most} names together"),
            ),
            ("用名称代替 *", "name what is meant instead of *"),
        )
    }

    pub(super) fn in_text(self, text: &str) -> ExpressionError {
        let (line, column) = line_and_column(text, self.span.start);
        let Self { code, span, message, remedy } = self;
        let (message, remedy) = (Box::new(message), Box::new(remedy));
        ExpressionError { code, span, line, column, message, remedy }
    }
}

/// The result of a step that may find a fault.
pub(super) type Faulty<T> = Result<T, Box<Fault>>;
