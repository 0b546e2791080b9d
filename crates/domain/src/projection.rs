//! What a record's ops add up to: the same from any order and any duplication of the same ops.
//!
//! [`project`] computes a record from all its ops and is the definition. The device store keeps
//! the same document up to date op by op, and a property test holds the two together.

mod doc;
mod fold;
#[cfg(test)]
mod tests;

pub use doc::{Cited, Current, RecordDoc};
pub use fold::{SlotOp, active_ops, fold_slot, project};
