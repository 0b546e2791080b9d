//! The expressions of XLSForm: a subset of XPath 1.0 with the functions of ODK XForms.
//!
//! [`parse`] reads a text, [`compile`](fn@compile) resolves it for one form, [`Program::evaluate`] runs it
//! against a [`Context`], a filled form. [`Outline`] declares a form, [`Filled`] is one that is
//! being filled, and [`Logic`] recomputes after each answer what depends on it and nothing else.
//! `docs/EXPRESSIONS.md` lists the functions and where engines differ.
//!
//! Nothing here reads a clock, a file or the network: time, chance and ids come from the context.

mod ast;
mod compile;
mod context;
mod date;
mod error;
mod evaluate;
mod filled;
mod function;
mod graph;
mod host;
mod lexer;
mod limits;
mod logic;
mod number;
mod outline;
mod parser;
mod pattern;
mod print;
mod program;
mod reads;
mod span;
mod token;
mod value;

pub use ast::{Axis, Expr, Kind, Operator, Path, Start, Step, Test};
pub use compile::compile;
pub use context::{Context, Moment, NameId, Names, NodeId, Unresolved};
pub use date::DateTime;
pub use error::{ErrorCode, ExpressionError};
pub use filled::Filled;
pub use function::Function;
pub use graph::Graph;
pub use host::Host;
pub(crate) use lexer::is_name;
pub use limits::Limits;
pub use logic::{Change, Logic, Role, Rule, RuleFault};
pub use outline::{Outline, OutlineError, Shape};
pub use parser::parse;
pub use program::Program;
pub use reads::Read;
pub use span::Span;
pub use value::Value;
