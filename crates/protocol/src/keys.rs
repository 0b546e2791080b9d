//! Ed25519 keys as the protocol uses them.

use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use spotcheck_domain::LogId;

/// The only algorithm of version 1, as keys name it.
pub const ALG: &str = "ed25519";

/// Signs with a key that may live in hardware: only signatures come out.
pub trait Signer {
    /// The public half.
    fn public_key(&self) -> [u8; 32];
    /// Signs bytes.
    fn sign(&self, message: &[u8]) -> [u8; 64];
    /// The log this key owns.
    fn log(&self) -> LogId {
        LogId::of_key(ALG, &self.public_key())
    }
}

impl Signer for SigningKey {
    fn public_key(&self) -> [u8; 32] {
        self.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        ed25519_dalek::Signer::sign(self, message).to_bytes()
    }
}

/// Whether a signature over a message is by this key. A malformed key verifies nothing.
pub fn verify(public_key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(public_key)
        .is_ok_and(|key| key.verify_strict(message, &Signature::from_bytes(signature)).is_ok())
}

/// Signs labelled text; see [`verify_text`].
pub fn sign_text(signer: &dyn Signer, label: &str, text: &str) -> [u8; 64] {
    signer.sign(&labelled(label, text))
}

/// Whether a signature over labelled text is by this key. The label keeps one kind of statement
/// from passing as another.
pub fn verify_text(public_key: &[u8; 32], label: &str, text: &str, signature: &[u8; 64]) -> bool {
    verify(public_key, &labelled(label, text), signature)
}

fn labelled(label: &str, text: &str) -> Vec<u8> {
    [label.as_bytes(), b"\0", text.as_bytes()].concat()
}

/// Reads and writes a signature as base64 in JSON.
pub mod base64_sig {
    use data_encoding::BASE64;
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes 64 bytes as base64.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(sig: &[u8; 64], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&BASE64.encode(sig))
    }

    /// Reads 64 bytes from base64.
    ///
    /// # Errors
    /// When the text is not base64 of 64 bytes.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 64], D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        BASE64
            .decode(text.as_bytes())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| serde::de::Error::custom("a signature is 64 bytes in base64"))
    }
}
