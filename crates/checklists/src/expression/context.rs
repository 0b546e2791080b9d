//! What an expression is evaluated against: nodes of a filled form, and the host.

use std::borrow::Cow;
use std::cmp::Ordering;

/// A node of a filled form, as its [`Context`] numbers them: a question's answer, a group, one
/// instance of a repeat, or a part of a secondary instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// A declared question, group or repeat, as [`Names`] numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub u32);

/// The host's moment: milliseconds since 1970 UTC and the local offset in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// Milliseconds since 1970-01-01T00:00Z.
    pub millis: i64,
    /// Minutes that local time is ahead of UTC; 480 in China. Clamped to ±18 hours.
    pub offset_minutes: i32,
}

/// Why a `${name}` is not resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unresolved {
    /// No question has this name; perhaps this other one was meant.
    Unknown(Option<String>),
    /// Several have it.
    Ambiguous,
}

/// The declared names of a form, asked once while an expression is compiled.
pub trait Names {
    /// The question, group or repeat of this name.
    ///
    /// # Errors
    /// [`Unresolved`] when there is none, or more than one.
    fn find(&self, name: &str) -> Result<NameId, Unresolved>;
}

/// Answers the questions an evaluation asks about a filled form. All of it is read only.
pub trait Context {
    /// The node above all others of the form, so that `/` has one child, the form itself.
    fn root(&self) -> NodeId;

    /// The node that holds this one; `None` for a root.
    fn parent(&self, node: NodeId) -> Option<NodeId>;

    /// Appends the children of a node in the order of the form, all or those of one name.
    fn children(&self, node: NodeId, name: Option<&str>, into: &mut Vec<NodeId>);

    /// Whether the node has this name.
    fn is_named(&self, node: NodeId, name: &str) -> bool;

    /// The answer as text, empty when there is none; `None` for what only holds other nodes.
    fn text(&self, node: NodeId) -> Option<Cow<'_, str>>;

    /// Which of its equally named neighbours the node is, from 1.
    fn position(&self, node: NodeId) -> usize;

    /// Which of two nodes stands first in the form.
    fn order(&self, a: NodeId, b: NodeId) -> Ordering;

    /// Appends the nodes a `${name}` means, seen from `from`: within the repeats that both are in,
    /// only of the same instance; of other repeats, of all instances. `everywhere`: of all
    /// instances of every repeat.
    fn referenced(&self, name: NameId, from: NodeId, everywhere: bool, into: &mut Vec<NodeId>);

    /// The top of a choice list or other table, so that `instance('id')/root/item` are its rows.
    fn secondary(&self, id: &str) -> Option<NodeId>;

    /// The label, in the language shown, of a choice of the question at `question`.
    fn choice_label(&self, question: NodeId, choice: &str) -> Option<String>;

    /// The host's time. The same for all that is evaluated in one go.
    fn now(&self) -> Moment;

    /// A number from 0 up to, not including, 1.
    fn random(&self) -> f64;

    /// A fresh RFC 9562 version 4 UUID as lower-case text.
    fn uuid(&self) -> String;

    /// Work that all evaluations together may still do; each by itself at most [`super::Limits::WORK`].
    fn work_left(&self) -> u64 {
        u64::MAX
    }

    /// Notes that an evaluation did so much work.
    fn worked(&self, _work: u64) {}
}
