//! Proofs between leaves and roots: RFC 6962 §2.1.1 and §2.1.2 to make them, RFC 9162 §2.1.3.2 and
//! §2.1.4.2 to verify them (the same proofs, there with the algorithm written out).

use std::ops::Range;

use super::{Hash, empty_root, node_hash, root_of};

/// Why a proof proves nothing. None of these passes with time: whoever sent it is wrong, or lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf's index lies beyond the tree.
    #[error("proof: leaf {index} is not in a tree of {size} leaves")]
    OutsideTree {
        /// The claimed index, from 0.
        index: u64,
        /// The number of leaves.
        size: u64,
    },
    /// The newer tree is smaller than the older one: the log was cut.
    #[error("proof: a log of {old_size} leaves cannot become one of {new_size}")]
    Shrunk {
        /// Leaves in the older tree.
        old_size: u64,
        /// Leaves in the newer tree.
        new_size: u64,
    },
    /// The sizes call for another number of hashes.
    #[error("proof: it has more or fewer hashes than the sizes call for")]
    Length,
    /// The hashes do not lead to the given root.
    #[error("proof: it leads to another root")]
    Root,
}

/// Verifies that `leaf_hash` is the leaf at `index` (from 0) of the tree with this `size` and
/// `root`.
///
/// Size and root must come together from one signed checkpoint: a proof binds the leaf and its
/// index to the root, but several sizes can share a path.
///
/// # Errors
/// [`ProofError`] if it is not, or the proof is not exactly the one for this index and size.
pub fn verify_inclusion(
    index: u64,
    size: u64,
    leaf_hash: &Hash,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::OutsideTree { index, size });
    }
    let mut climb = Climb { node: index, last: size - 1 };
    let mut hash = *leaf_hash;
    for sibling in proof {
        hash = match climb.step()? {
            Side::Left => node_hash(sibling, &hash),
            Side::Right => node_hash(&hash, sibling),
        };
    }
    climb.finish()?;
    same_root(&hash, root)
}

/// Verifies that the tree (`new_size`, `new_root`) begins with every leaf of (`old_size`,
/// `old_root`), unchanged and in the same order.
///
/// Every log extends the empty one, by an empty proof; equal sizes need an empty proof too.
///
/// # Errors
/// [`ProofError`] if it does not, or the proof is not exactly the one for these sizes.
pub fn verify_consistency(
    old_size: u64,
    old_root: &Hash,
    new_size: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old_size > new_size {
        return Err(ProofError::Shrunk { old_size, new_size });
    }
    if old_size == 0 {
        same_root(old_root, &empty_root())?;
    }
    if old_size == new_size {
        same_root(old_root, new_root)?;
    }
    if old_size == 0 || old_size == new_size {
        return if proof.is_empty() { Ok(()) } else { Err(ProofError::Length) };
    }

    let mut climb = Climb { node: old_size - 1, last: new_size - 1 };
    climb.skip(climb.node.trailing_ones());
    // A perfect old tree is itself a node of the new one, so the proof need not repeat its root.
    let (start, rest) = if old_size.is_power_of_two() {
        (old_root, proof)
    } else {
        proof.split_first().ok_or(ProofError::Length)?
    };
    let (mut old, mut new) = (*start, *start);
    for sibling in rest {
        match climb.step()? {
            Side::Left => {
                old = node_hash(sibling, &old);
                new = node_hash(sibling, &new);
            }
            Side::Right => new = node_hash(&new, sibling),
        }
    }
    climb.finish()?;
    same_root(&old, old_root)?;
    same_root(&new, new_root)
}

/// The proof that the leaf at `index` is in the tree over `leaf_hashes`; `None` if it is not.
/// Linear work: for tests and small logs.
pub fn inclusion_proof(index: u64, leaf_hashes: &[Hash]) -> Option<Vec<Hash>> {
    let index = usize::try_from(index).ok().filter(|index| *index < leaf_hashes.len())?;
    let mut proof = Vec::new();
    let mut tree = 0..leaf_hashes.len();
    while tree.len() > 1 {
        let (left, right) = split(&tree);
        let (inside, sibling) = if index < left.end { (left, right) } else { (right, left) };
        proof.push(root_of(&leaf_hashes[sibling]));
        tree = inside;
    }
    proof.reverse();
    Some(proof)
}

/// The proof that the tree over `leaf_hashes` extends the one over its first `old_size` leaves;
/// `None` if it has fewer. Linear work: for tests and small logs.
pub fn consistency_proof(old_size: u64, leaf_hashes: &[Hash]) -> Option<Vec<Hash>> {
    let old_size = usize::try_from(old_size).ok().filter(|size| *size <= leaf_hashes.len())?;
    if old_size == 0 {
        return Some(Vec::new());
    }
    let mut proof = Vec::new();
    let mut tree = 0..leaf_hashes.len();
    while tree.end != old_size {
        let (left, right) = split(&tree);
        let (inside, sibling) = if old_size <= left.end { (left, right) } else { (right, left) };
        proof.push(root_of(&leaf_hashes[sibling]));
        tree = inside;
    }
    // The verifier has this hash already if it is the old root.
    if tree.start > 0 {
        proof.push(root_of(&leaf_hashes[tree]));
    }
    proof.reverse();
    Some(proof)
}

/// Cuts a tree of at least two leaves as RFC 6962 does: left, the largest power of two below it.
fn split(tree: &Range<usize>) -> (Range<usize>, Range<usize>) {
    let middle = tree.start + (1 << (tree.len() - 1).ilog2());
    (tree.start..middle, middle..tree.end)
}

fn same_root(actual: &Hash, expected: &Hash) -> Result<(), ProofError> {
    if actual == expected { Ok(()) } else { Err(ProofError::Root) }
}

/// On which side of the path the next hash of a proof stands.
enum Side {
    Left,
    Right,
}

/// The way from a node to the root, one hash of the proof a step. `node` and `last` are the
/// positions, in the current level, of the path and of the rightmost node.
struct Climb {
    node: u64,
    last: u64,
}

impl Climb {
    fn step(&mut self) -> Result<Side, ProofError> {
        if self.last == 0 {
            return Err(ProofError::Length);
        }
        if self.node.is_multiple_of(2) && self.node != self.last {
            self.skip(1);
            return Ok(Side::Right);
        }
        // The rightmost node of a ragged level has no sibling and rises unchanged until it has one.
        // (`node` is not 0 here, so the shift stays below 64.)
        self.skip(self.node.trailing_zeros());
        self.skip(1);
        Ok(Side::Left)
    }

    fn skip(&mut self, levels: u32) {
        self.node >>= levels;
        self.last >>= levels;
    }

    fn finish(self) -> Result<(), ProofError> {
        if self.last == 0 { Ok(()) } else { Err(ProofError::Length) }
    }
}
