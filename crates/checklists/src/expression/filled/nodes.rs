//! The nodes of a filled form: making, removing, and where they stand.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Filled, Is, Node};
use crate::expression::host::Host;
use crate::expression::{NameId, NodeId, Outline, Shape};

impl Filled {
    /// An unanswered form: every question once, no instance of any repeat.
    #[must_use]
    pub fn new(outline: Arc<Outline>, host: Host) -> Self {
        let mut filled = Self {
            outline,
            nodes: Vec::new(),
            tables: BTreeMap::new(),
            labels: BTreeMap::new(),
            states: BTreeMap::new(),
            host,
            work_left: Cell::new(u64::MAX),
        };
        filled.make(Outline::DOCUMENT, None, 1);
        filled
    }

    /// The declared form.
    #[must_use]
    pub fn outline(&self) -> &Arc<Outline> {
        &self.outline
    }

    /// Makes a node and all it holds, but no instances of repeats. Recursion is as deep as the
    /// outline, which bounds it.
    fn make(&mut self, name: NameId, parent: Option<NodeId>, place: usize) -> NodeId {
        let outline = Arc::clone(&self.outline);
        let children = outline.children(name);
        let slots = vec![Vec::new(); children.len()];
        let node = Node {
            is: Is::Declared(name),
            parent,
            place,
            slots,
            text: String::new(),
            relevant: true,
        };
        let id = self.push(node);
        for (slot, child) in children.iter().enumerate() {
            if outline.shape(*child) != Shape::Repeat {
                let child = self.make(*child, Some(id), 1);
                self.put(id, slot, child);
            }
        }
        id
    }

    pub(super) fn push(&mut self, node: Node) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
        id
    }

    pub(super) fn put(&mut self, parent: NodeId, slot: usize, child: NodeId) {
        let holder = self.nodes.get_mut(parent.0 as usize);
        if let Some(slot) = holder.and_then(|holder| holder.slots.get_mut(slot)) {
            slot.push(child);
        }
    }

    /// Adds an instance of a repeat behind its others; `None` if `parent` does not hold it.
    pub(in crate::expression) fn add(&mut self, parent: NodeId, repeat: NameId) -> Option<NodeId> {
        let holder = self.outline.parent(repeat)?;
        let is_repeat = self.outline.shape(repeat) == Shape::Repeat;
        if !is_repeat || self.declared(parent) != Some(holder) {
            return None;
        }
        let slot = self.outline.slot(repeat);
        let place = self.node(parent)?.slots.get(slot)?.len() + 1;
        let instance = self.make(repeat, Some(parent), place);
        self.put(parent, slot, instance);
        Some(instance)
    }

    /// Adds an instance of a repeat of the form itself; no rule runs.
    pub(crate) fn add_to_top(&mut self, repeat: NameId) -> Option<NodeId> {
        self.add(Self::TOP, repeat)
    }

    /// Which instance of its repeat a node is in, from 1; 0 outside of all.
    pub(in crate::expression) fn instance_of(&self, node: NodeId) -> usize {
        let is_repeat = |id: &NodeId| {
            self.declared(*id).is_some_and(|name| self.outline.shape(name) == Shape::Repeat)
        };
        let instance = self.up(node).find(is_repeat).and_then(|id| self.node(id));
        instance.map_or(0, |node| node.place)
    }

    /// Takes an instance of a repeat out; what held it, `None` if it is no such instance.
    pub(in crate::expression) fn remove(&mut self, instance: NodeId) -> Option<NodeId> {
        let name = self.declared(instance)?;
        let parent = self.node(instance)?.parent?;
        if self.outline.shape(name) != Shape::Repeat || self.node(instance)?.place == 0 {
            return None;
        }
        let slot = self.outline.slot(name);
        let siblings = self.nodes.get_mut(parent.0 as usize)?.slots.get_mut(slot)?;
        siblings.retain(|node| *node != instance);
        let left = siblings.clone();
        for (index, node) in left.into_iter().enumerate() {
            if let Some(node) = self.nodes.get_mut(node.0 as usize) {
                node.place = index + 1;
            }
        }
        if let Some(node) = self.nodes.get_mut(instance.0 as usize) {
            node.place = 0;
        }
        Some(parent)
    }

    pub(super) fn holds_text(&self, node: &Node) -> bool {
        match &node.is {
            Is::Declared(name) => self.outline.shape(*name) == Shape::Question,
            Is::Part(_) => node.slots.iter().all(Vec::is_empty),
        }
    }

    /// Sorts as the form does: the way down to the node, child by child.
    pub(super) fn place_in_form(&self, node: NodeId) -> Vec<(usize, usize)> {
        let key = |id: NodeId| {
            let node = self.node(id)?;
            let slot = match &node.is {
                Is::Declared(name) => self.outline.slot(*name),
                // Tables stand behind the form, each part as it was read.
                Is::Part(_) => usize::MAX,
            };
            let place = if slot == usize::MAX { id.0 as usize } else { node.place };
            Some((slot, place))
        };
        let mut way: Vec<_> = self.up(node).filter_map(key).collect();
        way.reverse();
        way
    }
}
