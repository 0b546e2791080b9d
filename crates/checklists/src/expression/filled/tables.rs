//! Secondary instances: choice lists and attached tables, as `instance('id')/root/item`.

use super::{Filled, Is, Node};
use crate::expression::NodeId;

impl Filled {
    /// Adds a table: each row is its cells by column. A second of the same id replaces the first
    /// for what is evaluated from then on. Returns the rows.
    pub fn add_table<'a, Row>(
        &mut self,
        id: &str,
        rows: impl IntoIterator<Item = Row>,
    ) -> Vec<NodeId>
    where
        Row: IntoIterator<Item = (&'a str, &'a str)>,
    {
        let table = self.part(None, "", "");
        let root = self.part(Some(table), "root", "");
        let mut items = vec![];
        for row in rows {
            let item = self.part(Some(root), "item", "");
            items.push(item);
            for (column, cell) in row {
                self.part(Some(item), column, cell);
            }
        }
        self.tables.insert(id.to_owned(), table);
        items
    }

    fn part(&mut self, parent: Option<NodeId>, name: &str, text: &str) -> NodeId {
        let place = parent.and_then(|parent| self.node(parent)?.slots.first().map(Vec::len));
        let node = Node {
            is: Is::Part(name.into()),
            parent,
            place: place.unwrap_or(0) + 1,
            slots: vec![Vec::new()],
            text: text.to_owned(),
            relevant: true,
        };
        let id = self.push(node);
        if let Some(parent) = parent {
            self.put(parent, 0, id);
        }
        id
    }
}
