//! Which choices of an item are offered, by the answers given so far.

use std::collections::BTreeSet;

use crate::Choice;
use crate::expression::{Filled, NodeId, Program, is_name};

/// The filter of an item's choices, compiled, and what it is asked of.
#[derive(Debug, Clone)]
pub(super) struct Offers {
    program: Program,
    choices: Vec<Choice>,
}

/// The column in which a filter finds a choice's code.
const CODE: &str = "name";

/// Whether a filter can name a column so.
pub(crate) fn is_column(name: &str) -> bool {
    name != CODE && is_name(name)
}

impl Offers {
    pub(super) fn new(program: Program, choices: Vec<Choice>) -> Self {
        Self { program, choices }
    }

    /// Puts the choices beside the form, as the table of the item's code: one node for each.
    pub(super) fn lay_out(&self, item: &str, filled: &mut Filled) -> Vec<NodeId> {
        // A cell that is not filled reads as empty, as in JavaRosa: no cell at all would be unlike any text.
        let columns: BTreeSet<&String> =
            self.choices.iter().flat_map(|choice| choice.columns.keys()).collect();
        let rows = self.choices.iter().map(|choice| {
            let cell = |name: &&String| choice.columns.get(*name).map_or("", String::as_str);
            let cells = columns.iter().map(move |name| (name.as_str(), cell(name)));
            std::iter::once((CODE, choice.code.as_str())).chain(cells)
        });
        filled.add_table(item, rows)
    }

    /// Codes of those that are offered. One whose filter cannot be computed is.
    pub(super) fn at(&self, filled: &Filled, node: NodeId, rows: &[NodeId]) -> BTreeSet<String> {
        let asked = self.choices.iter().zip(rows);
        let kept =
            asked.filter(|(_, row)| self.program.keeps_choice(filled, node, **row).unwrap_or(true));
        kept.map(|(choice, _)| choice.code.clone()).collect()
    }
}
