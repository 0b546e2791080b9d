//! The compact state of an append-only tree.

use super::{Hash, empty_root, node_hash};

/// The largest tree [`Frontier::from_bytes`] accepts, in leaves: the largest integer that survives
/// every JSON reader. It bounds what is read; no workspace comes near it.
pub const MAX_TREE_SIZE: u64 = (1 << 53) - 1;

/// The longest form of [`Frontier::to_bytes`], in bytes: the size and one peak per bit of it.
pub const MAX_FRONTIER_BYTES: usize = SIZE_BYTES + HASH_BYTES * MAX_TREE_SIZE.count_ones() as usize;

const SIZE_BYTES: usize = size_of::<u64>();
const HASH_BYTES: usize = size_of::<Hash>();

/// What a log must remember to append and to state its root: its size and the roots of the perfect
/// subtrees it consists of, O(log n) hashes in all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// One root per set bit of `size`, the largest subtree (the oldest leaves) first.
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The frontier of the tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of leaves. The next one appended gets this as its index.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf: the result of [`leaf_hash`](super::leaf_hash), never the entry itself.
    pub fn append(&mut self, leaf_hash: Hash) {
        // Adding one to `size` carries through its trailing ones; each carry merges two subtrees.
        let kept = self.peaks.len() - self.size.trailing_ones() as usize;
        let merged =
            self.peaks.drain(kept..).rev().fold(leaf_hash, |right, left| node_hash(&left, &right));
        self.peaks.push(merged);
        self.size += 1;
    }

    /// The RFC 6962 root over every leaf appended so far.
    pub fn root(&self) -> Hash {
        let smallest_first = self.peaks.iter().rev().copied();
        smallest_first.reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(empty_root)
    }

    /// The stored form: the size as 8 bytes, big-endian, then the peaks, the largest subtree first.
    /// At most [`MAX_FRONTIER_BYTES`] long; equal frontiers have equal bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(SIZE_BYTES + HASH_BYTES * self.peaks.len());
        bytes.extend_from_slice(&self.size.to_be_bytes());
        bytes.extend_from_slice(self.peaks.as_flattened());
        bytes
    }

    /// Reads exactly what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// The peaks themselves cannot be checked here: compare [`root`](Self::root) with the last
    /// signed checkpoint of that size before appending to a frontier read from storage.
    ///
    /// # Errors
    /// If the size is missing or above [`MAX_TREE_SIZE`], or the number of peaks does not follow
    /// from it. Nothing is allocated before both hold.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let (size, rest) = bytes.split_first_chunk().ok_or(FrontierError::NoSize)?;
        let size = u64::from_be_bytes(*size);
        if size > MAX_TREE_SIZE {
            return Err(FrontierError::TooLarge { size });
        }
        let expected_bytes = SIZE_BYTES + HASH_BYTES * size.count_ones() as usize;
        if bytes.len() != expected_bytes {
            return Err(FrontierError::Length { size, expected_bytes, actual_bytes: bytes.len() });
        }
        // The length is right, so `rest` splits into whole hashes with nothing left over.
        let (peaks, _) = rest.as_chunks();
        Ok(Self { size, peaks: peaks.to_vec() })
    }
}

/// Why stored bytes are not a [`Frontier`]. Each means damaged storage: rebuild the frontier from
/// the leaves.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    /// There are not even the 8 bytes of the size.
    #[error("frontier: shorter than its 8-byte size; rebuild it from the leaves")]
    NoSize,
    /// The size is one that no log reaches.
    #[error(
        "frontier: a size of {size} leaves is above {MAX_TREE_SIZE}; rebuild it from the leaves"
    )]
    TooLarge {
        /// The claimed number of leaves.
        size: u64,
    },
    /// The number of bytes does not follow from the size.
    #[error(
        "frontier: {size} leaves take {expected_bytes} bytes, not {actual_bytes}; \
         rebuild it from the leaves"
    )]
    Length {
        /// The claimed number of leaves.
        size: u64,
        /// How long the whole form is for that size.
        expected_bytes: usize,
        /// How long it is here.
        actual_bytes: usize,
    },
}
