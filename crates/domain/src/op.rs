//! One act of one person, kept for ever as the bytes its author wrote.
//!
//! `op/tests/format.rs` locks these bytes: they can never change once devices hold data.

mod data;
mod hash;
mod header;
pub mod kind;
#[cfg(test)]
mod tests;

pub use data::{BlobRef, Covers, MAX_DATA_BYTES, OpData};
pub use hash::{Link, Salt, Seed, data_sha256, head_message, op_hash, successor_message};
pub use header::Header;

use crate::id::{OpHash, RecordId};

/// Bytes that are not an op.
#[derive(Debug, thiserror::Error)]
pub enum OpError {
    /// The header is not written the one way headers are written.
    #[error("op header: {0}")]
    Header(String),
    /// The data is not strict JSON of the known shape.
    #[error("op data: {0}")]
    Data(String),
    /// Data and header belong to different ops, or the data was changed.
    #[error("op data: its SHA-256 is not the one the header names")]
    DataHash,
}

/// An op as stored and forwarded: the author's exact bytes, and the hash that names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Op {
    /// The header, decoded.
    pub header: Header,
    /// The header's bytes as written.
    pub header_text: String,
    /// SHA-256 over the header: the op's identity.
    pub hash: OpHash,
    /// What was done, unless it was purged under privacy law.
    pub body: Option<Body>,
}

/// The part of an op that a purge destroys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The data's bytes as written.
    pub text: String,
    /// Keeps a purged yes or no from being guessed from its hash.
    pub salt: Salt,
}

impl Op {
    /// Writes a new op: the header's `data_sha256` is filled in here.
    ///
    /// # Errors
    /// When the data is larger than [`MAX_DATA_BYTES`]: anything larger is a document.
    pub fn write(mut header: Header, data: &OpData, seed: &Seed) -> Result<Self, OpError> {
        let text = data.write();
        if text.len() > MAX_DATA_BYTES {
            return Err(OpError::Data(format!(
                "{} bytes, more than {MAX_DATA_BYTES}: store it as a document and name its hash",
                text.len()
            )));
        }
        let salt = seed.salt(header.seq);
        header.data_sha256 = data_sha256(&salt, &text);
        let header_text = header.write();
        let hash = op_hash(&header_text);
        Ok(Self { header, header_text, hash, body: Some(Body { text, salt }) })
    }

    /// Reads stored or received bytes and checks that data and header belong together.
    ///
    /// # Errors
    /// When the header is not canonical or the data's hash differs. Data that is *malformed* is no
    /// error here: its bytes are still what the author signed; see [`Op::data`].
    pub fn read(header_text: String, body: Option<Body>) -> Result<Self, OpError> {
        let header = Header::parse(&header_text)?;
        if let Some(body) = &body
            && data_sha256(&body.salt, &body.text) != header.data_sha256
        {
            return Err(OpError::DataHash);
        }
        let hash = op_hash(&header_text);
        Ok(Self { header, header_text, hash, body })
    }

    /// What was done. Empty for a purged op.
    ///
    /// # Errors
    /// When the bytes are not op data: such an op is kept and forwarded, and shown as unreadable.
    pub fn data(&self) -> Result<OpData, OpError> {
        self.body.as_ref().map_or_else(|| Ok(OpData::default()), |body| OpData::parse(&body.text))
    }

    /// The record this op is about: the one it names, or the one it creates.
    pub fn record(&self) -> RecordId {
        self.header.record.unwrap_or_else(|| self.hash.into())
    }
}
