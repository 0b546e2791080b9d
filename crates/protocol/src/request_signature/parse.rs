//! Reading the headers: one byte form each, so reading is matching fixed text around six values.

use data_encoding::{BASE64, BASE64URL_NOPAD, Encoding, HEXLOWER};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use super::{
    ALGORITHM, CONTENT_DIGEST, COVERED, LABEL, Params, SIGNATURE, SIGNATURE_INPUT, SignatureError,
    SignedRequest, base, content_digest, signature_params,
};

/// No valid value is half as long. The slack lets what was added be named, not just its length.
const VALUE_MAX_BYTES: usize = 512;
/// `created` as RFC 9421 can carry it.
const CREATED_MAX_DIGITS: usize = 15;

/// What the three headers claim. Nothing of it is proven before [`verify`](Self::verify), or
/// [`verify_head`](Self::verify_head) and [`verify_body`](Self::verify_body), succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedSignature {
    params: Params,
    content_sha256: [u8; 32],
    signature: [u8; 64],
}

impl ParsedSignature {
    /// Who claims to have signed, and when: enough to find the key and to refuse a wrong clock or a
    /// replay before the body is read.
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// The SHA-256 that the body must have, for a body that is hashed as it streams by.
    pub fn content_sha256(&self) -> &[u8; 32] {
        &self.content_sha256
    }

    /// Verifies the whole request, the digest of the body first. The caller looked `key` up by
    /// `params().key_id`, and judges time, replay and revocation.
    ///
    /// # Errors
    /// [`SignatureError::DigestMismatch`], [`SignatureError::Request`] or
    /// [`SignatureError::BadSignature`].
    pub fn verify(
        &self,
        request: &SignedRequest<'_>,
        key: &VerifyingKey,
    ) -> Result<(), SignatureError> {
        self.verify_body(request.body)?;
        self.verify_head(request.method, request.target, key)
    }

    /// Verifies all but the body, so that a stranger cannot make the server read one. Proves
    /// nothing about a body until [`verify_body`](Self::verify_body) succeeded too.
    ///
    /// # Errors
    /// [`SignatureError::Request`] or [`SignatureError::BadSignature`].
    pub fn verify_head(
        &self,
        method: &str,
        target: &str,
        key: &VerifyingKey,
    ) -> Result<(), SignatureError> {
        // The headers had the one byte form, so making them again gives the bytes that were sent.
        let digest = content_digest(&self.content_sha256);
        let input = signature_params(&self.params);
        let base = base::of_request(method, target, &self.params, &digest, &input)?;
        // Strict: under a weak key one signature would fit every request.
        key.verify_strict(&base, &Signature::from_bytes(&self.signature))
            .map_err(|_| SignatureError::BadSignature)
    }

    /// Compares the body, whole and as sent, with the signed digest.
    ///
    /// # Errors
    /// [`SignatureError::DigestMismatch`].
    pub fn verify_body(&self, body: &[u8]) -> Result<(), SignatureError> {
        if self.content_sha256 == <[u8; 32]>::from(Sha256::digest(body)) {
            Ok(())
        } else {
            Err(SignatureError::DigestMismatch)
        }
    }
}

/// Takes the value of a header that must be there exactly once, from all its lines: HTTP libraries
/// otherwise pick one of several in silence.
///
/// # Errors
/// [`SignatureError::Missing`], [`SignatureError::Repeated`], or [`SignatureError::Malformed`] if
/// it is not ASCII.
pub fn only_value<'a>(
    header: &'static str,
    lines: impl IntoIterator<Item = &'a [u8]>,
) -> Result<&'a str, SignatureError> {
    let mut lines = lines.into_iter();
    let value = lines.next().ok_or(SignatureError::Missing { header })?;
    if lines.next().is_some() {
        return Err(SignatureError::Repeated { header });
    }
    let text = str::from_utf8(value).ok().filter(|text| text.is_ascii());
    text.ok_or(SignatureError::Malformed { header, part: "bytes", remedy: "send ASCII only" })
}

/// Reads the values of the three headers. No cryptography happens here.
///
/// # Errors
/// [`SignatureError::TooLong`] or [`SignatureError::Malformed`], for the first thing that is not in
/// the one form [`sign`](super::sign) gives it.
pub fn parse(
    content_digest: &str,
    signature_input: &str,
    signature: &str,
) -> Result<ParsedSignature, SignatureError> {
    Ok(ParsedSignature {
        content_sha256: parse_content_digest(content_digest)?,
        params: parse_signature_input(signature_input)?,
        signature: parse_signature(signature)?,
    })
}

fn parse_content_digest(value: &str) -> Result<[u8; 32], SignatureError> {
    let mut reader = Reader::new(CONTENT_DIGEST, value)?;
    reader.text("sha-256=:", "algorithm", "begin with `sha-256=:`, the only digest")?;
    let sha256 = reader.bytes(':', &BASE64, "digest", "send 44 base64 characters, padded")?;
    reader.text(":", "end of the digest", "end with `:`")?;
    reader.end("end with one digest, without parameters")?;
    Ok(sha256)
}

fn parse_signature_input(value: &str) -> Result<Params, SignatureError> {
    let mut reader = Reader::new(SIGNATURE_INPUT, value)?;
    reader.text(LABEL, "label", "begin with `spotcheck=`")?;
    reader.text(
        COVERED,
        "covered components",
        r#"send `("@method" "@request-target" "content-digest")` in this order"#,
    )?;
    reader.text(";created=", "parameter", "send `;created=` first")?;
    let created_s = reader.seconds(';')?;
    reader.text(r#";nonce=""#, "parameter", r#"send `;nonce="` second"#)?;
    let nonce = reader.bytes('"', &BASE64URL_NOPAD, "nonce", "send 22 base64url characters")?;
    reader.text(r#"";keyid=""#, "parameter", r#"send `;keyid="` third"#)?;
    let key_id = reader.bytes('"', &HEXLOWER, "keyid", "send 32 lowercase hex digits")?;
    reader.text(r#"";alg=""#, "parameter", r#"send `;alg="` fourth"#)?;
    reader.text(ALGORITHM, "alg", "send `ed25519`, the only algorithm")?;
    reader.text(r#"""#, "alg", "send `ed25519`, the only algorithm")?;
    reader.end("end after alg, with one label and four parameters")?;
    Ok(Params { created_s, nonce, key_id })
}

fn parse_signature(value: &str) -> Result<[u8; 64], SignatureError> {
    let mut reader = Reader::new(SIGNATURE, value)?;
    reader.text(LABEL, "label", "begin with `spotcheck=`")?;
    reader.text(":", "start of the signature", "begin it with `:`")?;
    let signature = reader.bytes(':', &BASE64, "signature", "send 88 base64 characters, padded")?;
    reader.text(":", "end of the signature", "end with `:`")?;
    reader.end("end with one label, without parameters")?;
    Ok(signature)
}

/// The rest of one header's value.
struct Reader<'a> {
    header: &'static str,
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn new(header: &'static str, value: &'a str) -> Result<Self, SignatureError> {
        if value.len() > VALUE_MAX_BYTES {
            return Err(SignatureError::TooLong { header, max_bytes: VALUE_MAX_BYTES });
        }
        Ok(Self { header, rest: value })
    }

    fn text(
        &mut self,
        text: &str,
        part: &'static str,
        remedy: &'static str,
    ) -> Result<(), SignatureError> {
        self.rest = self.rest.strip_prefix(text).ok_or(self.wrong(part, remedy))?;
        Ok(())
    }

    fn bytes<const N: usize>(
        &mut self,
        delimiter: char,
        encoding: &Encoding,
        part: &'static str,
        remedy: &'static str,
    ) -> Result<[u8; N], SignatureError> {
        let text = self.until(delimiter);
        let bytes: Option<Vec<u8>> = encoding.decode(text.as_bytes()).ok();
        // Encoding again is what makes the form unique: decoders accept padding in the middle.
        let bytes = bytes.filter(|bytes| encoding.encode(bytes) == text);
        bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(self.wrong(part, remedy))
    }

    fn seconds(&mut self, delimiter: char) -> Result<i64, SignatureError> {
        let text = self.until(delimiter);
        let canonical = (1..=CREATED_MAX_DIGITS).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && (text == "0" || !text.starts_with('0'));
        let seconds = if canonical { text.parse().ok() } else { None };
        seconds
            .ok_or(self.wrong("created", "send seconds in 1 to 15 digits, no sign or zeros first"))
    }

    fn until(&mut self, delimiter: char) -> &'a str {
        let end = self.rest.find(delimiter).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        text
    }

    fn end(&self, remedy: &'static str) -> Result<(), SignatureError> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.wrong("text after the end", remedy)) }
    }

    fn wrong(&self, part: &'static str, remedy: &'static str) -> SignatureError {
        SignatureError::Malformed { header: self.header, part, remedy }
    }
}
