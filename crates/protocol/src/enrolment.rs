//! The link that an administrator hands to a colleague.

use spotcheck_domain::BlobHash;

/// Where a server is, the key it signs with, and a one-time code.
///
/// Written `URL/#enrol=KEY.CODE`: it can be a QR code or a link, and the part after `#` never
/// reaches a server's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentLink {
    /// `http(s)://host[:port]`, without a slash at the end.
    pub server_url: String,
    /// The server's Ed25519 public key.
    pub server_key: [u8; 32],
    /// The one-time code.
    pub code: String,
}

impl EnrolmentLink {
    /// Reads a pasted or scanned link; `None` when it is not one.
    pub fn parse(link: &str) -> Option<Self> {
        let (url, secret) = link.trim().split_once("/#enrol=")?;
        let (key, code) = secret.split_once('.')?;
        let key: BlobHash = key.parse().ok()?;
        let web = url.starts_with("http://") || url.starts_with("https://");
        (web && !code.is_empty()).then(|| Self {
            server_url: url.to_owned(),
            server_key: key.0,
            code: code.to_owned(),
        })
    }
}

impl std::fmt::Display for EnrolmentLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/#enrol={}.{}", self.server_url, BlobHash(self.server_key), self.code)
    }
}
