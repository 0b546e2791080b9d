/// Why a request was not signed, or is not believed. The text names the header (or the part of the
/// request) and the remedy, and never repeats what was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The header is not there.
    #[error("{header}: missing; send it exactly once")]
    Missing {
        /// Name of the header.
        header: &'static str,
    },
    /// The header is there more than once; nobody can say which one counts.
    #[error("{header}: sent more than once; send it exactly once")]
    Repeated {
        /// Name of the header.
        header: &'static str,
    },
    /// The value is far longer than this profile can make it, and was not looked at.
    #[error("{header}: longer than {max_bytes} bytes; send only what the profile has")]
    TooLong {
        /// Name of the header.
        header: &'static str,
        /// The longest value that is looked at, in bytes.
        max_bytes: usize,
    },
    /// The value is not in the one byte form of this profile, even if RFC 9421 allows it.
    #[error("{header}: wrong {part}; {remedy}")]
    Malformed {
        /// Name of the header.
        header: &'static str,
        /// The first part of it, from the left, that is not as it must be.
        part: &'static str,
        /// What to send there instead.
        remedy: &'static str,
    },
    /// The request itself is not one this profile can sign.
    #[error("request: wrong {part}; {remedy}")]
    Request {
        /// Method, target, or created time.
        part: &'static str,
        /// What to use instead.
        remedy: &'static str,
    },
    /// The body is not the one the digest was made from.
    #[error("content-digest: it is of another body; send the body that was signed, unchanged")]
    DigestMismatch,
    /// The signature is not by this key over this method, target, digest and parameters.
    #[error(
        "signature: not by this key over this request; \
         sign method and target as sent with the key of keyid"
    )]
    BadSignature,
}
