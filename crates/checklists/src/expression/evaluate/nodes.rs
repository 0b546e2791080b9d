//! Functions of nodes: repeats, lists and tables.

mod shuffle;

use super::args::Args;
use crate::expression::error::Faulty;
use crate::expression::{Function, NodeId, Value};

impl Args<'_> {
    pub(super) fn of_nodes(&self) -> Faulty<Value> {
        self.run.spend(self.nodes(0).len(), self.span)?;
        match self.function {
            // Numbers of nodes are far below 2^53.
            Function::Count => Ok(Value::Number(self.nodes(0).len() as f64)),
            Function::CountNonEmpty => {
                let texts = self.nodes(0).iter().map(|node| self.run.context.text(*node));
                let filled = texts.filter(|text| text.as_ref().is_none_or(|text| !text.is_empty()));
                Ok(Value::Number(filled.count() as f64))
            }
            Function::Position if !self.has(0) => Ok(Value::Number(self.scope.position as f64)),
            Function::Position => self.position(),
            Function::Last => Ok(Value::Number(self.scope.size as f64)),
            Function::Current => Ok(Value::Nodes(vec![self.run.at])),
            Function::Instance => Ok(Value::Nodes(vec![self.table(&self.text(0))?])),
            Function::PullData => self.pull(),
            Function::IndexedRepeat => self.indexed_repeat(),
            _ => self.randomize(),
        }
    }

    fn position(&self) -> Faulty<Value> {
        match self.nodes(0) {
            [] => Ok(Value::Number(f64::NAN)),
            [node] => Ok(Value::Number(self.run.context.position(*node) as f64)),
            _ => Err(self.fault(
                ("引用了多个节点", "several nodes are given"),
                ("引用一个节点，例如 position(..)", "give one node, such as position(..)"),
            )),
        }
    }

    fn table(&self, id: &str) -> Faulty<NodeId> {
        self.run.context.secondary(id).ok_or_else(|| {
            self.fault(
                (format!("没有列表或附表 {id}"), format!("there is no list or table {id}")),
                ("检查名称，或附上该文件", "check its name, or attach the file"),
            )
        })
    }

    /// The cell of one column in the first row in which another column has a value.
    fn pull(&self) -> Faulty<Value> {
        let context = self.run.context;
        let table = self.table(&self.text(0))?;
        let (wanted, key, value) = (self.text(1), self.text(2), self.text(3));
        let children = |node: NodeId, name: &str| {
            let mut found = Vec::new();
            context.children(node, Some(name), &mut found);
            found
        };
        for root in children(table, "root") {
            for row in children(root, "item") {
                self.run.spend(1, self.span)?;
                let is_row = |cell: &NodeId| self.run.node_text(*cell) == value;
                if children(row, &key).iter().any(is_row) {
                    let cell = children(row, &wanted).into_iter().next();
                    return self.give(cell.map_or_else(String::new, |c| self.run.node_text(c)));
                }
            }
        }
        Ok(Value::empty())
    }

    /// The nodes of the first argument that lie in the instances named by pairs of repeat and
    /// place. Outer repeats come first whatever the order of the pairs.
    fn indexed_repeat(&self) -> Faulty<Value> {
        let mut pairs = Vec::new();
        for index in (1..self.values.len()).step_by(2) {
            let repeats = self.nodes(index);
            self.run.spend(repeats.len(), self.span)?;
            let Some(first) = repeats.first() else { return Ok(Value::Nodes(Vec::new())) };
            pairs.push((self.depth(*first), repeats, self.number(index + 1)));
        }
        pairs.sort_by_key(|(depth, ..)| *depth);
        let mut within = None;
        for (_, repeats, place) in pairs {
            let inside = repeats.iter().filter(|node| within.is_none_or(|w| self.lies(**node, w)));
            // Places count from 1; none is below or between.
            let at = (place >= 1.0 && place.fract() == 0.0).then(|| place as usize - 1);
            let Some(chosen) = at.and_then(|at| inside.copied().nth(at)) else {
                return Ok(Value::Nodes(Vec::new()));
            };
            within = Some(chosen);
        }
        let found = self.nodes(0).iter().copied();
        let found = found.filter(|node| within.is_none_or(|within| self.lies(*node, within)));
        Ok(Value::Nodes(found.collect()))
    }

    fn depth(&self, node: NodeId) -> usize {
        std::iter::successors(Some(node), |node| self.run.context.parent(*node)).count()
    }

    fn lies(&self, node: NodeId, within: NodeId) -> bool {
        let mut up = std::iter::successors(Some(node), |node| self.run.context.parent(*node));
        up.any(|node| node == within)
    }
}
