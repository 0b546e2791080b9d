//! After a change: only what depends on it, each once, in order.

use std::collections::{BTreeMap, BTreeSet};

use super::{Compiled, Logic, Role};
use crate::expression::error::Fault;
use crate::expression::{ExpressionError, Filled, Limits, NameId, NodeId, Shape, Span};

/// Something about a node that is different now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whose.
    pub node: NodeId,
    /// What about it.
    pub role: Role,
    /// An answer was calculated anew, or a state is now true or false; or the rule failed, and
    /// what it decides was left as it was.
    pub outcome: Result<(), ExpressionError>,
}

/// Where a rule must be computed again.
enum Where {
    Everywhere,
    /// In these instances of repeats.
    Within(BTreeSet<NodeId>),
}

/// The rules still to compute, by their place in the order.
#[derive(Default)]
struct Pending(BTreeMap<usize, (usize, Where)>);

impl Pending {
    fn add(&mut self, rank: usize, rule: usize, instance: Option<NodeId>) {
        let entry = self.0.entry(rank).or_insert((rule, Where::Within(BTreeSet::new())));
        match (&mut entry.1, instance) {
            (Where::Within(instances), Some(instance)) => {
                instances.insert(instance);
            }
            (place, None) => *place = Where::Everywhere,
            (Where::Everywhere, Some(_)) => {}
        }
    }
}

impl Logic {
    /// Computes every rule once, as when a form is opened.
    pub fn start(&self, filled: &mut Filled) -> Vec<Change> {
        let mut pending = Pending::default();
        for (rank, rule) in self.graph.order().iter().enumerate() {
            pending.add(rank, *rule, None);
        }
        self.run(filled, pending)
    }

    /// Stores answers and computes every rule once, as when a form is opened again.
    pub fn open(
        &self,
        filled: &mut Filled,
        answers: impl IntoIterator<Item = (NodeId, String)>,
    ) -> Vec<Change> {
        for (node, text) in answers {
            filled.set_text(node, text);
        }
        self.start(filled)
    }

    /// Stores an answer and computes what depends on it.
    pub fn answer(&self, filled: &mut Filled, node: NodeId, text: String) -> Vec<Change> {
        let mut pending = Pending::default();
        if filled.set_text(node, text) {
            self.touched(filled, node, &mut pending);
        }
        self.run(filled, pending)
    }

    /// Adds an instance of a repeat and computes its rules and what depends on their number.
    /// `None` if `parent` does not hold such a repeat.
    pub fn add_instance(
        &self,
        filled: &mut Filled,
        parent: NodeId,
        repeat: NameId,
    ) -> Option<(NodeId, Vec<Change>)> {
        let instance = filled.add(parent, repeat)?;
        let mut pending = Pending::default();
        for (index, rule) in self.rules.iter().enumerate() {
            if self.outline.chain(rule.target).contains(&repeat) {
                pending.add(self.graph.rank(index), index, Some(instance));
            }
        }
        self.readers_of(filled, repeat, parent, &mut pending);
        Some((instance, self.run(filled, pending)))
    }

    /// Takes an instance of a repeat out and computes what depends on it. `None` if it is none.
    pub fn remove_instance(&self, filled: &mut Filled, instance: NodeId) -> Option<Vec<Change>> {
        let repeat = filled.declared(instance)?;
        let parent = filled.remove(instance)?;
        let mut pending = Pending::default();
        self.readers_of(filled, repeat, parent, &mut pending);
        Some(self.run(filled, pending))
    }

    fn run(&self, filled: &mut Filled, mut pending: Pending) -> Vec<Change> {
        let mut changes = Vec::new();
        while let Some((_, (index, place))) = pending.0.pop_first() {
            let Some(rule) = self.rules.get(index) else { continue };
            let mut nodes = Vec::new();
            match place {
                Where::Everywhere => nodes = filled.all(rule.target),
                Where::Within(instances) => {
                    instances.iter().for_each(|i| filled.below(*i, rule.target, &mut nodes));
                }
            }
            for node in nodes {
                filled.host().draw_for(index, filled.instance_of(node));
                let outcome = match compute(rule, filled, node) {
                    Ok(false) => continue,
                    Ok(true) => {
                        self.spread(filled, rule, node, &mut pending);
                        Ok(())
                    }
                    Err(error) => Err(error),
                };
                changes.push(Change { node, role: rule.role, outcome });
            }
        }
        changes
    }

    /// What a rule has changed may be read by others.
    fn spread(&self, filled: &Filled, rule: &Compiled, node: NodeId, pending: &mut Pending) {
        match rule.role {
            Role::Calculation => self.touched(filled, node, pending),
            Role::Relevant => self.hidden(filled, rule.target, node, pending),
            Role::Required | Role::Constraint | Role::ReadOnly => {}
        }
    }

    /// Everything in `name` is answered or unanswered at once. As deep as the outline.
    fn hidden(&self, filled: &Filled, name: NameId, node: NodeId, pending: &mut Pending) {
        if self.outline.shape(name) == Shape::Question {
            self.readers_of(filled, name, node, pending);
        }
        for child in self.outline.children(name) {
            self.hidden(filled, *child, node, pending);
        }
    }

    /// An answer of `node` is another one: whoever reads it.
    fn touched(&self, filled: &Filled, node: NodeId, pending: &mut Pending) {
        if let Some(name) = filled.declared(node) {
            self.readers_of(filled, name, node, pending);
        }
    }

    fn readers_of(&self, filled: &Filled, name: NameId, from: NodeId, pending: &mut Pending) {
        for (rule, near) in self.readers.get(&name).into_iter().flatten() {
            let is_near = |node: &NodeId| filled.declared(*node) == *near;
            let instance = near.and_then(|_| filled.up(from).find(is_near));
            pending.add(self.graph.rank(*rule), *rule, instance);
        }
    }
}

/// Computes a rule for one node; whether that changed anything.
fn compute(rule: &Compiled, filled: &mut Filled, node: NodeId) -> Result<bool, ExpressionError> {
    match rule.role {
        Role::Calculation => {
            let text = rule.program.evaluate_text(filled, node)?;
            if text.len() > Limits::COMPUTED_BYTES {
                let own = rule.program.text();
                return Err(Fault::too_much_work(Span::new(0, own.len())).in_text(own));
            }
            Ok(filled.set_text(node, text))
        }
        Role::Constraint if filled.answer(node).is_empty() => {
            Ok(filled.set_state(node, Role::Constraint, true))
        }
        role => {
            let is = rule.program.evaluate_bool(filled, node)?;
            Ok(filled.set_state(node, role, is))
        }
    }
}
