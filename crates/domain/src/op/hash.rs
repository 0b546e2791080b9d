//! The hashes of version 1. Each begins with a label, so that no hash can stand for another.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::id::{LogId, OpHash};

/// Hashes the exact bytes of a header.
pub fn op_hash(header_text: &str) -> OpHash {
    OpHash(labelled("spotcheck op 1", &[header_text.as_bytes()]))
}

/// Hashes salt and data: what a header says of its data.
pub fn data_sha256(salt: &Salt, data_text: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(salt.0);
    hash.update(data_text.as_bytes());
    hash.finalize().into()
}

/// What a device signs to vouch for its log up to `seq`.
pub fn head_message(log: LogId, seq: u64, link: &Link) -> Vec<u8> {
    [b"spotcheck head 1\0", &log.0[..], &seq.to_be_bytes(), &link.0].concat()
}

/// What the old key signs to name the log that continues its own.
pub fn successor_message(old: LogId, new_alg: &str, new_key: &[u8]) -> Vec<u8> {
    let new = LogId::of_key(new_alg, new_key);
    [b"spotcheck successor 1\0", &old.0[..], &new.0, new_alg.as_bytes(), b"\0", new_key].concat()
}

/// The state of a log after an op: the hash of all ops up to it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Link(pub [u8; 32]);

impl Link {
    /// Before the first op.
    pub const START: Self = Self([0; 32]);

    /// The link after one more op, of which only the hash need be known.
    #[must_use]
    pub fn then(&self, op: &OpHash) -> Self {
        Self(labelled("spotcheck link 1", &[&self.0, &op.0]))
    }

    /// Lowercase hex.
    pub fn to_hex(self) -> String {
        HEXLOWER.encode(&self.0)
    }
}

/// The secret of one segment, from which the salts of its ops derive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seed(pub [u8; 16]);

/// What is hashed before an op's data, so that a purged yes or no cannot be guessed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Salt(pub [u8; 16]);

impl Seed {
    /// The salt of the op at `seq`.
    pub fn salt(&self, seq: u64) -> Salt {
        let full = labelled("spotcheck salt 1", &[&self.0, &seq.to_be_bytes()]);
        let mut salt = [0; 16];
        salt.copy_from_slice(&full[..16]);
        Salt(salt)
    }
}

fn labelled(label: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(label.as_bytes());
    hash.update([0]);
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}
