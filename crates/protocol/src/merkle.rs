//! The workspace log as an RFC 6962 SHA-256 Merkle tree.
//!
//! Leaves and nodes are hashed under different prefixes, so that a node can never be passed off as
//! a leaf. The server appends to a [`Frontier`] of O(log n) hashes and never rereads old leaves;
//! a device needs only [`verify_inclusion`] and [`verify_consistency`].
//!
//! A root or a proof says nothing about *who* vouches for it: the pair (size, root) is worth
//! something only when it comes from a signed checkpoint.

mod frontier;
mod proof;
#[cfg(test)]
mod tests;

pub use frontier::{Frontier, FrontierError, MAX_FRONTIER_BYTES, MAX_TREE_SIZE};
pub use proof::{
    ProofError, consistency_proof, inclusion_proof, verify_consistency, verify_inclusion,
};

use sha2::{Digest, Sha256};

/// A SHA-256 hash: of a leaf, of an inner node, or of the whole tree (its root).
pub type Hash = [u8; 32];

const LEAF_PREFIX: [u8; 1] = [0x00];
const NODE_PREFIX: [u8; 1] = [0x01];

/// The root of the tree without leaves: SHA-256 of the empty string.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// Hashes one entry of the log: SHA-256(0x00 ‖ entry).
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update(LEAF_PREFIX).chain_update(entry).finalize().into()
}

/// Hashes an inner node over its two subtrees: SHA-256(0x01 ‖ left ‖ right).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update(NODE_PREFIX).chain_update(left).chain_update(right).finalize().into()
}

/// The root over all leaf hashes, in the order they were appended. Linear work: a log that grows
/// keeps a [`Frontier`] instead.
pub fn root_of(leaf_hashes: &[Hash]) -> Hash {
    let mut frontier = Frontier::new();
    for leaf_hash in leaf_hashes {
        frontier.append(*leaf_hash);
    }
    frontier.root()
}
