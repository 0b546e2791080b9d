//! What a host puts a device together from, so that it needs no crate below this one.

pub use spotcheck_protocol::keys::Signer;
pub use spotcheck_sqlite::{Location, OpenError, Profile};
pub use spotcheck_store::{BlobError, BlobStore, ChunkBlobs, KeptKey, KeyTable, Store, StoreError};
