//! One rigid profile of HTTP Message Signatures (RFC 9421) with Ed25519 and Content-Digest
//! (RFC 9530). Every request of a device is signed by it; there is no token that could be stolen.
//!
//! ```text
//! content-digest: sha-256=:<base64 of SHA-256 of the body, also of an empty one>:
//! signature-input: spotcheck=("@method" "@request-target" "content-digest")
//!     ;created=<seconds>;nonce="<base64url of 16 bytes>";keyid="<hex of 16 bytes>";alg="ed25519"
//! signature: spotcheck=:<base64 of 64 bytes>:
//! ```
//! (The second value is one line, broken here for the page.)
//!
//! RFC 9421 leaves the choice of components, parameters, order and spelling to the signer, and
//! verifiers have been talked into covering less than they thought. Here each header has exactly
//! one byte form and everything else is refused: rigidity is the point. Any RFC 9421 library can
//! still produce and verify it.
//!
//! What is absent: no clock, no memory. Whether `created` is recent, whether `nonce` is new for the
//! key, and whether the key is enrolled and not revoked is the server's to check.

mod base;
mod error;
mod parse;
#[cfg(test)]
mod tests;

pub use error::SignatureError;
pub use parse::{ParsedSignature, only_value, parse};

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};

/// Name of the header with the digest of the body (RFC 9530), as HTTP/2 spells it.
pub const CONTENT_DIGEST: &str = "content-digest";
/// Name of the header that says what is signed and how (RFC 9421).
pub const SIGNATURE_INPUT: &str = "signature-input";
/// Name of the header with the signature itself (RFC 9421).
pub const SIGNATURE: &str = "signature";

/// The latest `created` that RFC 9421 can carry, in seconds: an integer has at most 15 digits.
pub const CREATED_MAX_S: i64 = 999_999_999_999_999;
/// The longest method, in bytes.
pub const METHOD_MAX_BYTES: usize = 16;
/// The longest request target, in bytes.
pub const TARGET_MAX_BYTES: usize = 4096;

const LABEL: &str = "spotcheck=";
const COVERED: &str = r#"("@method" "@request-target" "content-digest")"#;
const ALGORITHM: &str = "ed25519";

/// What a signature vouches for: the request as it goes over the wire.
#[derive(Debug, Clone, Copy)]
pub struct SignedRequest<'a> {
    /// `GET`, `POST` …: 1 to [`METHOD_MAX_BYTES`] uppercase ASCII letters.
    pub method: &'a str,
    /// Path and query exactly as sent (`:path` in HTTP/2), at most [`TARGET_MAX_BYTES`] long:
    /// begins with `/`, is percent-encoded, has no fragment. Nothing between device and server may
    /// rewrite it, not even the order of the query.
    pub target: &'a str,
    /// The body exactly as sent; empty if there is none.
    pub body: &'a [u8],
}

/// Who signs, when, and for which single use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Params {
    /// Seconds since 1970 in server time as last learnt from a signed reply: 0 to
    /// [`CREATED_MAX_S`].
    pub created_s: i64,
    /// Fresh random bytes, never used twice under one key.
    pub nonce: [u8; 16],
    /// The id of the device's log, whose key signs.
    pub key_id: [u8; 16],
}

/// The values of the three headers to send, each on one line, exactly once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureHeaders {
    /// Value of [`CONTENT_DIGEST`].
    pub content_digest: String,
    /// Value of [`SIGNATURE_INPUT`].
    pub signature_input: String,
    /// Value of [`SIGNATURE`].
    pub signature: String,
}

/// Signs a request. `signer` gets the bytes to sign and answers with a plain Ed25519 signature
/// (RFC 8032, neither prehashed nor with a context). Where signing can wait or fail, use
/// [`prepare`].
///
/// # Errors
/// [`SignatureError::Request`] if method, target or `created_s` are outside what the profile
/// carries: what is signed here always parses there. `signer` is not called then.
pub fn sign(
    request: &SignedRequest<'_>,
    params: &Params,
    signer: impl FnOnce(&[u8]) -> [u8; 64],
) -> Result<SignatureHeaders, SignatureError> {
    let prepared = prepare(request, params)?;
    let signature = signer(prepared.bytes_to_sign());
    Ok(prepared.attach(&signature))
}

/// The first half of [`sign`], for keys in hardware or in a browser: sign
/// [`bytes_to_sign`](Prepared::bytes_to_sign) there, then [`attach`](Prepared::attach) the result.
///
/// # Errors
/// As [`sign`].
pub fn prepare(request: &SignedRequest<'_>, params: &Params) -> Result<Prepared, SignatureError> {
    let content_digest = content_digest(&Sha256::digest(request.body).into());
    let input = signature_params(params);
    let bytes = base::of_request(request.method, request.target, params, &content_digest, &input)?;
    Ok(Prepared { bytes, content_digest, signature_input: format!("{LABEL}{input}") })
}

/// A request ready to be signed.
#[derive(Debug, Clone)]
pub struct Prepared {
    bytes: Vec<u8>,
    content_digest: String,
    signature_input: String,
}

impl Prepared {
    /// The RFC 9421 signature base: the message for Ed25519.
    pub fn bytes_to_sign(&self) -> &[u8] {
        &self.bytes
    }

    /// Completes the headers. The signature is not verified here: a wrong one is refused there.
    pub fn attach(self, signature: &[u8; 64]) -> SignatureHeaders {
        SignatureHeaders {
            content_digest: self.content_digest,
            signature_input: self.signature_input,
            signature: format!("{LABEL}:{}:", BASE64.encode(signature)),
        }
    }
}

fn content_digest(sha256: &[u8; 32]) -> String {
    format!("sha-256=:{}:", BASE64.encode(sha256))
}

/// What stands after the label, and again in the last line of the signature base.
fn signature_params(params: &Params) -> String {
    format!(
        r#"{COVERED};created={};nonce="{}";keyid="{}";alg="{ALGORITHM}""#,
        params.created_s,
        BASE64URL_NOPAD.encode(&params.nonce),
        HEXLOWER.encode(&params.key_id),
    )
}
