//! Whom a device believes when a server shows its certificate. Natively only: a browser decides
//! for itself.
//!
//! What counts is the server's key, pinned at enrolment; TLS keeps readers out. The public
//! authorities are compiled in rather than asked of the system, whose stores differ from platform
//! to platform; one's own are named.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

/// The public authorities, and those that were named.
#[derive(Debug, Clone)]
pub struct Trust(RootCertStore);

/// Why a file names no authority. Sentences that go after the file's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// Whoever made it gave too much away.
    #[error("there is a private key in it; ask for a file with the authority's certificate alone")]
    PrivateKey,
    /// Another file, or another format.
    #[error("no certificate in it; give a PEM file, with -----BEGIN CERTIFICATE-----")]
    NoCertificate,
    /// It says it is a certificate.
    #[error("its certificate cannot be read ({0}); get the file anew")]
    Unreadable(String),
}

impl Trust {
    /// The public authorities alone.
    pub fn public() -> Self {
        Self(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })
    }

    /// Those of a PEM file too.
    ///
    /// # Errors
    /// When it is not a list of certificates.
    pub fn and(mut self, pem: &[u8]) -> Result<Self, TrustError> {
        const KEY: &[u8] = b"PRIVATE KEY";
        if pem.windows(KEY.len()).any(|window| window == KEY) {
            return Err(TrustError::PrivateKey);
        }
        let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let found = found.map_err(|_| TrustError::NoCertificate)?;
        if found.is_empty() {
            return Err(TrustError::NoCertificate);
        }
        for certificate in found {
            let added = self.0.add(certificate);
            added.map_err(|error| TrustError::Unreadable(error.to_string()))?;
        }
        Ok(self)
    }

    /// How TLS is spoken with it. The provider is named, so that no other crate's choice decides.
    pub(crate) fn config(self) -> Result<ClientConfig, rustls::Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(self.0)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_names_no_authority_says_why() {
        let refused = |pem: &str| Trust::public().and(pem.as_bytes()).unwrap_err();
        assert_eq!(refused(""), TrustError::NoCertificate);
        assert_eq!(refused("a letter"), TrustError::NoCertificate);
        let begun = "-----BEGIN CERTIFICATE-----\nAAAA\n";
        assert_eq!(refused(begun), TrustError::NoCertificate);
        let broken = format!("{begun}-----END CERTIFICATE-----\n");
        assert!(matches!(refused(&broken), TrustError::Unreadable(_)));
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        assert_eq!(refused(&format!("{broken}{key}")), TrustError::PrivateKey);
    }

    #[test]
    fn public_authorities_are_compiled_in() {
        let trust = Trust::public();
        assert!(trust.0.len() > 100, "{}", trust.0.len());
        assert!(trust.config().is_ok());
    }
}
