//! Paths: from nodes to nodes, step by step.

use std::collections::BTreeSet;

use super::{Run, Scope};
use crate::expression::error::Faulty;
use crate::expression::program::{Code, CodeStep, From, Op};
use crate::expression::{Axis, NodeId, Span, Test, Value};

impl Run<'_> {
    /// The nodes a part means; none if it is a value, which compiling has ruled out.
    pub(super) fn nodes(&self, code: &Code, scope: Scope) -> Faulty<Vec<NodeId>> {
        match &code.op {
            Op::Reference { name, everywhere } => {
                let mut found = Vec::new();
                // Seen from the question, also inside a predicate: that is what authors mean.
                self.context.referenced(*name, self.at, *everywhere, &mut found);
                self.spend(found.len(), code.span)?;
                Ok(found)
            }
            Op::Path { start, steps } => {
                let mut nodes = match start {
                    From::Root => vec![self.context.root()],
                    From::Here => vec![scope.node],
                    From::Nodes { of, predicates } => {
                        let nodes = self.nodes(of, scope)?;
                        self.filter(nodes, predicates, code.span)?
                    }
                };
                for step in steps {
                    nodes = self.step(&nodes, step, code.span)?;
                }
                Ok(nodes)
            }
            _ => match self.value(code, scope)? {
                Value::Nodes(nodes) => Ok(nodes),
                _ => Ok(Vec::new()),
            },
        }
    }

    fn step(&self, from: &[NodeId], step: &CodeStep, span: Span) -> Faulty<Vec<NodeId>> {
        let mut reached = Vec::new();
        let mut seen = BTreeSet::new();
        for node in from {
            let mut found = Vec::new();
            let name = match &step.test {
                Test::Name(name) => Some(name.as_str()),
                Test::Any => None,
            };
            let fits = |node: &NodeId| name.is_none_or(|name| self.context.is_named(*node, name));
            match step.axis {
                Axis::Child => self.context.children(*node, name, &mut found),
                Axis::Parent => found.extend(self.context.parent(*node).filter(fits)),
                Axis::Itself => found.extend(Some(*node).filter(fits)),
            }
            self.spend(found.len(), span)?;
            let kept = self.filter(found, &step.predicates, span)?;
            // Only the way up meets itself.
            reached.extend(
                kept.into_iter().filter(|node| step.axis != Axis::Parent || seen.insert(*node)),
            );
        }
        Ok(reached)
    }

    fn filter(&self, nodes: Vec<NodeId>, predicates: &[Code], span: Span) -> Faulty<Vec<NodeId>> {
        let mut nodes = nodes;
        for predicate in predicates {
            let size = nodes.len();
            self.spend(size, span)?;
            let mut kept = Vec::new();
            for (index, node) in nodes.into_iter().enumerate() {
                let position = index + 1;
                let keeps = match self.value(predicate, Scope { node, position, size })? {
                    // A number asks for the place; a place is far below 2^53.
                    Value::Number(wanted) => wanted == position as f64,
                    other => self.truth(&other),
                };
                if keeps {
                    kept.push(node);
                }
            }
            nodes = kept;
        }
        Ok(nodes)
    }

    pub(super) fn union(&self, left: &Value, right: &Value, span: Span) -> Faulty<Value> {
        let mut nodes = Vec::new();
        for side in [left, right] {
            if let Value::Nodes(side) = side {
                nodes.extend_from_slice(side);
            }
        }
        self.spend(nodes.len(), span)?;
        nodes.sort_by(|a, b| self.context.order(*a, *b));
        nodes.dedup();
        Ok(Value::Nodes(nodes))
    }
}
