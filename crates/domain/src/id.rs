//! Identities: fixed-length bytes, written as lowercase hex.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// Text that is not the expected number of lowercase hex digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: expected {digits} lowercase hex digits")]
pub struct IdError {
    what: &'static str,
    digits: usize,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// The raw bytes.
            pub fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// Every op names a handful of ids: their text stays off the heap.
            fn with_hex<T>(&self, write: impl FnOnce(&str) -> T) -> T {
                let mut hex = [0; $len * 2];
                HEXLOWER.encode_mut(&self.0, &mut hex);
                write(std::str::from_utf8(&hex).unwrap_or_default())
            }

            /// Reads raw bytes; `None` when the length differs.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.with_hex(|hex| f.write_str(hex))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let error = IdError { what: stringify!($name), digits: $len * 2 };
                let mut bytes = [0; $len];
                if text.len() != $len * 2 {
                    return Err(error);
                }
                match HEXLOWER.decode_mut(text.as_bytes(), &mut bytes) {
                    Ok(_) => Ok(Self(bytes)),
                    Err(_) => Err(error),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                self.with_hex(|hex| to.serialize_str(hex))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct HexVisitor;
                impl serde::de::Visitor<'_> for HexVisitor {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        write!(f, "{} lowercase hex digits", $len * 2)
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                from.deserialize_str(HexVisitor)
            }
        }
    };
}

id!(
    /// The identity of an op: SHA-256 of its header, 32 bytes.
    OpHash, 32
);
id!(
    /// The first 16 bytes of an [`OpHash`]: enough to name an op in a reference.
    OpId, 16
);
id!(
    /// One device's append-only log: the hash of the key that signs it.
    LogId, 16
);
id!(
    /// A record: the first 16 bytes of the op that created it, or derived from what it stands for.
    RecordId, 16
);
id!(
    /// What decides who may see an op: an opaque id that owns an access list.
    ScopeId, 16
);
id!(
    /// One tenant of a server.
    WorkspaceId, 16
);
id!(
    /// A person: the id of their user record.
    UserId, 16
);
id!(
    /// The SHA-256 of a photo's or a document's bytes.
    BlobHash, 32
);

impl OpHash {
    /// The short form used in references.
    pub fn id(&self) -> OpId {
        let mut short = [0; 16];
        short.copy_from_slice(&self.0[..16]);
        OpId(short)
    }
}

impl From<OpHash> for RecordId {
    /// The record that an op creates.
    fn from(hash: OpHash) -> Self {
        Self(hash.id().0)
    }
}

impl LogId {
    /// The log a signing key owns. `alg` is the key's algorithm name, so that a later algorithm can
    /// never collide with Ed25519.
    pub fn of_key(alg: &str, public_key: &[u8]) -> Self {
        Self(derive("spotcheck log 1", &[alg.as_bytes(), public_key]))
    }
}

impl RecordId {
    /// A site of a published register: derived from its code, so that a register of 100,000 sites
    /// needs no op for each.
    pub fn of_site(ws: WorkspaceId, code: &str) -> Self {
        Self(derive("spotcheck site 1", &[&ws.0, code.as_bytes()]))
    }

    /// The day's merge of one site and checklist, so that two leads offline work on the same one.
    pub fn of_merge(
        ws: WorkspaceId,
        programme: &str,
        site: RecordId,
        day: &str,
        checklist: &str,
    ) -> Self {
        let parts =
            [&ws.0[..], programme.as_bytes(), &site.0, day.as_bytes(), checklist.as_bytes()];
        Self(derive("spotcheck merge 1", &parts))
    }
}

impl BlobHash {
    /// Hashes bytes held in memory. Photos are hashed as they arrive instead.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

/// The first 16 bytes of SHA-256 over a label and length-prefixed parts.
///
/// Lengths are hashed too: `("ab","c")` and `("a","bc")` must not meet.
pub fn derive(label: &str, parts: &[&[u8]]) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(label.as_bytes());
    hash.update([0]);
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut short = [0; 16];
    short.copy_from_slice(&digest[..16]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_survives_a_round_trip_and_nothing_else_is_read() {
        let id = RecordId([0xab; 16]);
        assert_eq!(id.to_string().parse::<RecordId>().unwrap(), id);
        for bad in ["", "ab", &"AB".repeat(16), &"ab".repeat(17)] {
            assert!(bad.parse::<RecordId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn derived_ids_keep_parts_apart() {
        assert_ne!(derive("x", &[b"ab", b"c"]), derive("x", &[b"a", b"bc"]));
    }
}
