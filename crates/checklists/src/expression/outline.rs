//! The declared form: which groups, repeats and questions there are, and their names.

use std::collections::BTreeMap;

use super::function::nearest;
use super::lexer::is_name;
use super::{NameId, Names, Unresolved};

/// What a declared name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Holds others, once.
    Group,
    /// Holds others, any number of times.
    Repeat,
    /// Holds an answer.
    Question,
}

/// Why a name cannot be declared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutlineError {
    /// Not a name that an expression can hold.
    #[error("\"{0}\" is no name; begin with a letter or _, then letters, digits, _ - .")]
    Name(String),
    /// The group has it already.
    #[error("\"{0}\" is already declared in this group; give it a name of its own")]
    Taken(String),
    /// Questions hold no others, and an unknown parent holds nothing.
    #[error("\"{0}\" is declared in something that is no group or repeat")]
    Parent(String),
    /// Nested too deeply.
    #[error("\"{0}\" is nested deeper than {MOST_DEPTH} groups; use fewer groups")]
    Depth(String),
}

/// Deepest nesting of groups: every look-up walks it.
const MOST_DEPTH: usize = 32;

/// The names of a form as a tree.
#[derive(Debug, Clone)]
pub struct Outline {
    nodes: Vec<Declared>,
    by_name: BTreeMap<String, Vec<NameId>>,
}

#[derive(Debug, Clone)]
struct Declared {
    name: String,
    shape: Shape,
    /// From the document down to itself.
    chain: Vec<NameId>,
    /// Which child of its parent it is.
    slot: usize,
    children: Vec<NameId>,
    slots: BTreeMap<String, usize>,
}

impl Outline {
    /// The node above the form itself: `/`.
    pub const DOCUMENT: NameId = NameId(0);
    /// The form itself, in which its questions are declared.
    pub const TOP: NameId = NameId(1);

    /// A form without questions. `form` is the first step of absolute paths, by custom `data`.
    ///
    /// # Errors
    /// [`OutlineError::Name`].
    pub fn new(form: &str) -> Result<Self, OutlineError> {
        let document = Declared {
            name: String::new(),
            shape: Shape::Group,
            chain: vec![Self::DOCUMENT],
            slot: 0,
            children: Vec::new(),
            slots: BTreeMap::new(),
        };
        let mut outline = Self { nodes: vec![document], by_name: BTreeMap::new() };
        outline.declare(Self::DOCUMENT, form, Shape::Group)?;
        // The form itself is no question: `${data}` may be one.
        outline.by_name.clear();
        Ok(outline)
    }

    /// Declares a name as the next child of a group or repeat.
    ///
    /// # Errors
    /// [`OutlineError`].
    pub fn declare(
        &mut self,
        parent: NameId,
        name: &str,
        shape: Shape,
    ) -> Result<NameId, OutlineError> {
        if !is_name(name) {
            return Err(OutlineError::Name(name.to_owned()));
        }
        let id = NameId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let holder = self.nodes.get_mut(parent.0 as usize);
        let Some(holder) = holder.filter(|holder| holder.shape != Shape::Question) else {
            return Err(OutlineError::Parent(name.to_owned()));
        };
        if holder.chain.len() > MOST_DEPTH {
            return Err(OutlineError::Depth(name.to_owned()));
        }
        let slot = holder.children.len();
        if holder.slots.contains_key(name) {
            return Err(OutlineError::Taken(name.to_owned()));
        }
        holder.slots.insert(name.to_owned(), slot);
        holder.children.push(id);
        let chain = holder.chain.iter().copied().chain([id]).collect();
        let (children, slots) = (Vec::new(), BTreeMap::new());
        self.nodes.push(Declared { name: name.to_owned(), shape, chain, slot, children, slots });
        self.by_name.entry(name.to_owned()).or_default().push(id);
        Ok(id)
    }

    fn get(&self, id: NameId) -> Option<&Declared> {
        self.nodes.get(id.0 as usize)
    }

    /// Its name; empty for the document.
    #[must_use]
    pub fn name(&self, id: NameId) -> &str {
        self.get(id).map_or("", |declared| &declared.name)
    }

    /// What it is; a question where it is not declared.
    #[must_use]
    pub fn shape(&self, id: NameId) -> Shape {
        self.get(id).map_or(Shape::Question, |declared| declared.shape)
    }

    /// Everything from the document down to it.
    #[must_use]
    pub fn chain(&self, id: NameId) -> &[NameId] {
        self.get(id).map_or(&[], |declared| &declared.chain)
    }

    /// What it directly holds, in order.
    #[must_use]
    pub fn children(&self, id: NameId) -> &[NameId] {
        self.get(id).map_or(&[], |declared| &declared.children)
    }

    pub(super) fn slot(&self, id: NameId) -> usize {
        self.get(id).map_or(0, |declared| declared.slot)
    }

    pub(super) fn child(&self, id: NameId, name: &str) -> Option<NameId> {
        let declared = self.get(id)?;
        declared.children.get(*declared.slots.get(name)?).copied()
    }

    pub(super) fn parent(&self, id: NameId) -> Option<NameId> {
        self.chain(id).iter().rev().nth(1).copied()
    }

    /// The innermost repeat that is this node or holds it.
    pub(super) fn repeat_of(&self, id: NameId) -> Option<NameId> {
        self.chain(id).iter().rev().copied().find(|id| self.shape(*id) == Shape::Repeat)
    }
}

impl Names for Outline {
    fn find(&self, name: &str) -> Result<NameId, Unresolved> {
        match self.by_name.get(name).map(Vec::as_slice) {
            Some([id]) => Ok(*id),
            Some(_) => Err(Unresolved::Ambiguous),
            None => {
                let known = self.by_name.keys().map(String::as_str);
                Err(Unresolved::Unknown(nearest(name, known).map(str::to_owned)))
            }
        }
    }
}
