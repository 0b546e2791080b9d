//! Reply pages that only our server can have written, for this request only.
//!
//! A captive portal's 200, a cached reply, a truncated or forged one: none of them verifies, so
//! none of them changes anything.

use sha2::{Digest, Sha256};
use spotcheck_domain::{LogId, ScopeId};

use crate::checkpoint::Epoch;
use crate::frame;
use crate::keys::{Signer, verify};
use crate::messages::Reply;

#[cfg(test)]
mod tests;

/// `SPC1`, flags, epoch, key id, page index, signature; the frame follows.
const HEAD_BYTES: usize = 4 + 1 + 16 + 16 + 4 + 64;
const MAGIC: &[u8; 4] = b"SPC1";
/// The largest reply: a page and its head, with room for one op that does not compress.
pub const MAX_REPLY_BYTES: usize = 1024 * 1024;

/// Why a reply is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// Not one of ours at all: a portal, a proxy, a truncated body.
    #[error("the answer is not from our server (a sign-in page, a proxy, or a cut connection)")]
    Foreign,
    /// The signature is not by the pinned key over this request's nonce.
    #[error("the answer was not signed by the server this device trusts, for this request")]
    Forged,
    /// Signed, but not readable: a newer server.
    #[error("the answer is of a form this program does not know: install the newer program ({0})")]
    Unknown(String),
}

/// A verified reply.
#[derive(Debug)]
pub struct Verified {
    /// What it says.
    pub reply: Reply,
    /// The history it belongs to.
    pub epoch: Epoch,
}

fn message(
    key: &LogId,
    epoch: Epoch,
    nonce: &[u8; 16],
    page: u32,
    flags: u8,
    frame: &[u8],
) -> Vec<u8> {
    let digest = Sha256::digest(frame);
    [
        b"spotcheck page 1\0",
        &key.0[..],
        &epoch.0.0,
        nonce,
        &page.to_be_bytes(),
        &[flags],
        digest.as_slice(),
    ]
    .concat()
}

/// Writes and signs the one page of a reply.
pub fn seal(reply: &Reply, epoch: Epoch, nonce: &[u8; 16], signer: &dyn Signer) -> Vec<u8> {
    let (flags, page) = (1_u8, 0_u32); // bit 0: the last page of this reply
    let plain = serde_json::to_vec(reply).unwrap_or_default();
    let frame = frame::compress(&plain);
    let key = signer.log();
    let sig = signer.sign(&message(&key, epoch, nonce, page, flags, &frame));
    [&MAGIC[..], &[flags], &epoch.0.0, &key.0, &page.to_be_bytes(), &sig, &frame].concat()
}

/// Reads a reply, believing it only under the pinned key and this request's nonce.
///
/// # Errors
/// When it is anything else. Nothing may then change but the moment of the next try.
pub fn open(bytes: &[u8], nonce: &[u8; 16], server_key: &[u8; 32]) -> Result<Verified, ReplyError> {
    if bytes.len() < HEAD_BYTES || bytes.len() > MAX_REPLY_BYTES || &bytes[..4] != MAGIC {
        return Err(ReplyError::Foreign);
    }
    let (head, frame) = bytes.split_at(HEAD_BYTES);
    let flags = head[4];
    let epoch = Epoch(ScopeId::from_slice(&head[5..21]).ok_or(ReplyError::Foreign)?);
    let key = LogId::from_slice(&head[21..37]).ok_or(ReplyError::Foreign)?;
    let page = u32::from_be_bytes([head[37], head[38], head[39], head[40]]);
    let sig: [u8; 64] = head[41..105].try_into().map_err(|_| ReplyError::Foreign)?;
    if spotcheck_domain::planted!("reply-of-another-request") {
        // Believes any page with our magic: a cached or stale one too.
        let plain = frame::decompress(frame).map_err(|e| ReplyError::Unknown(e.to_string()))?;
        let reply =
            serde_json::from_slice(&plain).map_err(|e| ReplyError::Unknown(e.to_string()))?;
        return Ok(Verified { reply, epoch });
    }
    if !verify(server_key, &message(&key, epoch, nonce, page, flags, frame), &sig) {
        return Err(ReplyError::Forged);
    }
    if (flags, page) != (1, 0) {
        return Err(ReplyError::Unknown("more than one page".to_owned()));
    }
    let plain = frame::decompress(frame).map_err(|e| ReplyError::Unknown(e.to_string()))?;
    let reply = serde_json::from_slice(&plain).map_err(|e| ReplyError::Unknown(e.to_string()))?;
    Ok(Verified { reply, epoch })
}
