//! A form being filled: answers, instances of repeats, and the tables beside it.

mod nodes;
mod tables;

use std::borrow::Cow;
use std::cell::Cell;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::host::Host;
use super::{Context, Moment, NameId, NodeId, Outline, Role, Shape};

/// A filled form. Questions exist from the start, unanswered; instances of repeats are added.
#[derive(Debug, Clone)]
pub struct Filled {
    outline: Arc<Outline>,
    nodes: Vec<Node>,
    tables: BTreeMap<String, NodeId>,
    labels: BTreeMap<NameId, BTreeMap<String, String>>,
    states: BTreeMap<(NodeId, Role), bool>,
    host: Host,
    work_left: Cell<u64>,
}

#[derive(Debug, Clone)]
struct Node {
    is: Is,
    parent: Option<NodeId>,
    /// Which of its equally named neighbours, from 1; 0 once removed.
    place: usize,
    /// Its children by declared child; a part of a table has one slot for all.
    slots: Vec<Vec<NodeId>>,
    text: String,
    relevant: bool,
}

#[derive(Debug, Clone)]
enum Is {
    Declared(NameId),
    /// A part of a secondary instance.
    Part(Box<str>),
}

impl Filled {
    /// The node of `/`.
    pub const DOCUMENT: NodeId = NodeId(0);
    /// The node of the form itself.
    pub const TOP: NodeId = NodeId(1);

    /// The declared name of a node of the form.
    #[must_use]
    pub fn declared(&self, node: NodeId) -> Option<NameId> {
        match self.node(node)?.is {
            Is::Declared(name) => Some(name),
            Is::Part(_) => None,
        }
    }

    /// All nodes of a name in the order of the form.
    #[must_use]
    pub fn all(&self, name: NameId) -> Vec<NodeId> {
        let mut found = Vec::new();
        self.below(Self::DOCUMENT, name, &mut found);
        found
    }

    /// The node of a name in an instance of its repeat; without one, the first in the form.
    #[must_use]
    pub fn one(&self, name: NameId, within: Option<NodeId>) -> Option<NodeId> {
        let mut found = Vec::new();
        self.below(within.unwrap_or(Self::DOCUMENT), name, &mut found);
        found.first().copied()
    }

    /// What a rule has found of a node; `None` where no rule has.
    #[must_use]
    pub fn state(&self, node: NodeId, role: Role) -> Option<bool> {
        match role {
            Role::Relevant => self.node(node).map(|node| node.relevant),
            _ => self.states.get(&(node, role)).copied(),
        }
    }

    /// Whether the node and all that hold it are relevant.
    #[must_use]
    pub fn is_relevant(&self, node: NodeId) -> bool {
        self.up(node).all(|node| self.node(node).is_some_and(|node| node.relevant))
    }

    /// The stored answer, also of a question that is not relevant now.
    #[must_use]
    pub fn answer(&self, node: NodeId) -> &str {
        self.node(node).map_or("", |node| &node.text)
    }

    /// From here on all evaluations together do at most so much work. What is then not computed stays as
    /// it was: asked, fitting, without a value.
    pub fn allow(&mut self, work: u64) {
        self.work_left = Cell::new(work);
    }

    /// The host, so that chance is drawn anew for each rule.
    pub(super) fn host(&self) -> &Host {
        &self.host
    }

    /// Another time for what is evaluated from now on.
    pub fn set_host(&mut self, host: Host) {
        self.host = host;
    }

    /// The labels of a choice question in the language shown: choice to label.
    pub fn set_labels(&mut self, question: NameId, labels: BTreeMap<String, String>) {
        self.labels.insert(question, labels);
    }

    fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    /// The node, what holds it, and so on up.
    pub(super) fn up(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(Some(node), |node| self.node(*node)?.parent)
    }

    /// Stores an answer; whether that changed anything. Only questions of the form have one.
    pub(super) fn set_text(&mut self, node: NodeId, text: String) -> bool {
        let name = self.declared(node);
        if name.is_none_or(|name| self.outline.shape(name) != Shape::Question) {
            return false;
        }
        let Some(node) = self.nodes.get_mut(node.0 as usize) else { return false };
        let changed = node.text != text;
        node.text = text;
        changed
    }

    /// Stores what a rule found; whether that changed anything.
    pub(super) fn set_state(&mut self, node: NodeId, role: Role, is: bool) -> bool {
        if role == Role::Relevant {
            let Some(node) = self.nodes.get_mut(node.0 as usize) else { return false };
            return std::mem::replace(&mut node.relevant, is) != is;
        }
        self.states.insert((node, role), is) != Some(is)
    }

    /// Appends all nodes of a name that lie in, or are, `within`.
    pub(super) fn below(&self, within: NodeId, name: NameId, into: &mut Vec<NodeId>) {
        let Some(from) = self.declared(within) else { return };
        let chain = self.outline.chain(name);
        let Some(at) = chain.iter().position(|id| *id == from) else { return };
        let mut frontier = vec![within];
        for id in chain.iter().skip(at + 1) {
            let slot = self.outline.slot(*id);
            let children = |node: &NodeId| self.node(*node).and_then(|node| node.slots.get(slot));
            frontier = frontier.iter().filter_map(children).flatten().copied().collect();
        }
        into.append(&mut frontier);
    }
}

impl Context for Filled {
    fn root(&self) -> NodeId {
        Self::DOCUMENT
    }

    fn parent(&self, node: NodeId) -> Option<NodeId> {
        self.node(node)?.parent
    }

    fn children(&self, node: NodeId, name: Option<&str>, into: &mut Vec<NodeId>) {
        let Some(holder) = self.node(node) else { return };
        match (&holder.is, name) {
            (Is::Declared(id), Some(name)) => {
                let slot = self.outline.child(*id, name).map(|child| self.outline.slot(child));
                into.extend(slot.and_then(|slot| holder.slots.get(slot)).into_iter().flatten());
            }
            (_, name) => {
                let fits = |node: &&NodeId| name.is_none_or(|name| self.is_named(**node, name));
                into.extend(holder.slots.iter().flatten().filter(fits));
            }
        }
    }

    fn is_named(&self, node: NodeId, name: &str) -> bool {
        self.node(node).is_some_and(|node| match &node.is {
            Is::Declared(id) => self.outline.name(*id) == name,
            Is::Part(own) => **own == *name,
        })
    }

    fn text(&self, node: NodeId) -> Option<Cow<'_, str>> {
        let own = self.node(node)?;
        if !self.holds_text(own) {
            return None;
        }
        // What is not relevant counts as unanswered; its answer is kept, should it be again.
        Some(Cow::Borrowed(if self.is_relevant(node) { own.text.as_str() } else { "" }))
    }

    fn position(&self, node: NodeId) -> usize {
        self.node(node).map_or(0, |node| node.place)
    }

    fn order(&self, a: NodeId, b: NodeId) -> Ordering {
        self.place_in_form(a).cmp(&self.place_in_form(b))
    }

    fn referenced(&self, name: NameId, from: NodeId, everywhere: bool, into: &mut Vec<NodeId>) {
        let chain = self.outline.chain(name);
        let holders = chain.get(..chain.len().saturating_sub(1)).unwrap_or_default();
        let shared = |node: &NodeId| self.declared(*node).is_some_and(|id| holders.contains(&id));
        let nearest = if everywhere { None } else { self.up(from).find(shared) };
        self.below(nearest.unwrap_or(Self::DOCUMENT), name, into);
    }

    fn secondary(&self, id: &str) -> Option<NodeId> {
        self.tables.get(id).copied()
    }

    fn choice_label(&self, question: NodeId, choice: &str) -> Option<String> {
        self.labels.get(&self.declared(question)?)?.get(choice).cloned()
    }

    fn now(&self) -> Moment {
        self.host.now()
    }

    fn random(&self) -> f64 {
        self.host.random()
    }

    fn uuid(&self) -> String {
        self.host.uuid()
    }

    fn work_left(&self) -> u64 {
        self.work_left.get()
    }

    fn worked(&self, work: u64) {
        self.work_left.set(self.work_left.get().saturating_sub(work));
    }
}
