//! What an evaluation yields.

use super::{DateTime, NodeId};

/// A value of an expression. XPath 1.0 knows text, numbers, truth and nodes; XForms adds dates.
///
/// Numbers are `f64` because XPath's own number is: this is the one place where a floating value
/// is computed with and compared. Limits of rule packs never pass through here.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A number, perhaps not a number at all (NaN), which is how a missing answer counts.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// A day or a moment of a day.
    Date(DateTime),
    /// Nodes of the form, in its order. Their texts are asked of the context.
    Nodes(Vec<NodeId>),
}

impl Value {
    /// Nothing, as an unanswered question is.
    #[must_use]
    pub fn empty() -> Self {
        Self::Text(String::new())
    }
}
