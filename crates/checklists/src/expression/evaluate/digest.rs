//! Digests and Base64.

use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::args::Args;
use crate::expression::error::Faulty;
use crate::expression::{Function, Value};

impl Args<'_> {
    pub(super) fn of_bytes(&self) -> Faulty<Value> {
        let data = self.text(0);
        self.run.spend(data.len(), self.span)?;
        if self.function == Function::Base64Decode {
            let data = data.trim();
            let bytes = BASE64.decode(data.as_bytes());
            let bytes = bytes.or_else(|_| BASE64_NOPAD.decode(data.as_bytes()));
            // What is no Base64, or no text, is nothing.
            let text = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
            return self.give(text.unwrap_or_default());
        }
        let name = self.text(1);
        let Some(digest) = digest(&name, data.as_bytes()) else {
            return Err(self.fault(
                (format!("没有摘要算法 {name}"), format!("there is no digest {name}")),
                (
                    "用 MD5、SHA-1、SHA-256、SHA-384 或 SHA-512",
                    "use MD5, SHA-1, SHA-256, SHA-384 or SHA-512",
                ),
            ));
        };
        let encoding = if self.has(2) { self.text(2) } else { "base64".to_owned() };
        match encoding.to_ascii_lowercase().as_str() {
            "base64" => self.give(BASE64.encode(&digest)),
            "hex" => self.give(HEXLOWER.encode(&digest)),
            _ => Err(self.fault(
                (format!("没有编码 {encoding}"), format!("there is no encoding {encoding}")),
                ("用 base64 或 hex", "use base64 or hex"),
            )),
        }
    }
}

fn digest(name: &str, data: &[u8]) -> Option<Vec<u8>> {
    match name.to_ascii_uppercase().as_str() {
        "MD5" => Some(Md5::digest(data).to_vec()),
        "SHA-1" => Some(Sha1::digest(data).to_vec()),
        "SHA-256" => Some(Sha256::digest(data).to_vec()),
        "SHA-384" => Some(Sha384::digest(data).to_vec()),
        "SHA-512" => Some(Sha512::digest(data).to_vec()),
        _ => None,
    }
}
