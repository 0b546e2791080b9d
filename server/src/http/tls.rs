//! TLS: the files it needs, and the handshake before a connection speaks HTTP.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use http::{HeaderValue, Method, header};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{Error, InconsistentKeys, ServerConfig};
use spotcheck_protocol::api::Response;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::app::App;
use crate::config::TlsFiles;

/// A TLS record that begins a handshake. No HTTP request begins with it.
const HANDSHAKE: u8 = 0x16;
/// Where the authority's certificate is given out.
const AUTHORITY: &str = "/ca.crt";

/// What a server needs to speak TLS.
pub struct Tls {
    acceptor: TlsAcceptor,
    authority: Option<Vec<u8>>,
    /// Where plain HTTP is sent, if that was said; else to where it asked.
    pub(super) public_url: Option<String>,
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tls")
    }
}

/// What a client turned out to speak.
pub(super) enum Met {
    Tls(Box<TlsStream<TcpStream>>),
    Plain(TcpStream),
    /// Nothing that we know, nothing in time, or nothing at all.
    Nothing,
}

impl Tls {
    /// Reads the files, once.
    ///
    /// # Errors
    /// When one of them is not what it has to be; it names the setting and what to do.
    pub fn read(files: &TlsFiles, public_url: Option<&str>) -> anyhow::Result<Self> {
        let chain = certificates("tls-cert", &files.cert, &bytes("tls-cert", &files.cert)?)?;
        let key = private_key(&files.key)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .context("tls: no version can be spoken")?
            .with_no_client_auth()
            .with_single_cert(chain, key);
        let mut config = config.map_err(|error| unusable(files, error))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let authority = files.ca.as_deref().map(authority).transpose()?;
        let public_url = public_url.filter(|url| url.starts_with("https://"));
        let public_url = public_url.map(|url| url.trim_end_matches('/').to_owned());
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), authority, public_url })
    }

    /// Learns what a client speaks and shakes hands. All of it together has as long as the headers
    /// of a request.
    pub(super) async fn meet(&self, app: &App, stream: TcpStream) -> Met {
        let mut stopping = app.stopping.subscribe();
        let met = tokio::time::timeout(app.limits.headers, self.shake_hands(app, stream));
        tokio::select! {
            met = met => met.unwrap_or_else(|_| {
                app.metrics.handshake_failed();
                tracing::debug!("a handshake took too long");
                Met::Nothing
            }),
            _ = stopping.wait_for(|stopping| *stopping) => Met::Nothing,
        }
    }

    async fn shake_hands(&self, app: &App, stream: TcpStream) -> Met {
        let mut first = [0];
        match stream.peek(&mut first).await {
            Ok(1..) if first[0] == HANDSHAKE => {}
            Ok(1..) => return Met::Plain(stream),
            // Opened ahead of need, and closed again.
            Ok(0) | Err(_) => return Met::Nothing,
        }
        match self.acceptor.accept(stream).await {
            Ok(stream) => Met::Tls(Box::new(stream)),
            Err(error) => {
                app.metrics.handshake_failed();
                tracing::debug!(%error, "a handshake failed");
                Met::Nothing
            }
        }
    }

    /// The authority's certificate, if this is where it is given out.
    pub(super) fn authority(&self, method: &Method, path: &str) -> Option<Response> {
        let reads = *method == Method::GET || *method == Method::HEAD;
        let pem = self.authority.as_ref().filter(|_| reads && path == AUTHORITY)?;
        let mut response = Response::new(pem.clone());
        let headers = response.headers_mut();
        let fixed = HeaderValue::from_static;
        headers.insert(header::CONTENT_TYPE, fixed("application/x-x509-ca-cert"));
        // Phones install it from the settings, so it has to be a file that can be found there.
        let name = fixed("attachment; filename=\"spotcheck-ca.crt\"");
        headers.insert(header::CONTENT_DISPOSITION, name);
        Some(response)
    }
}

fn bytes(setting: &str, path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| {
        format!("{setting}: cannot read {}; name a file that this user may read", path.display())
    })
}

fn certificates(
    setting: &str,
    path: &Path,
    pem: &[u8],
) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => bail!(
            "{setting}: {}: no certificate in it; give a PEM file, with -----BEGIN CERTIFICATE-----",
            path.display()
        ),
    }
}

fn private_key(path: &Path) -> anyhow::Result<PrivateKeyDer<'static>> {
    let pem = bytes("tls-key", path)?;
    if contains(&pem, b"ENCRYPTED") {
        bail!(
            "tls-key: {}: it has a password; take it off with `openssl pkey -in OLD -out NEW` and \
             keep the new file for this user alone",
            path.display()
        );
    }
    PrivateKeyDer::from_pem_slice(&pem).ok().with_context(|| {
        format!(
            "tls-key: {}: no private key in it; give a PEM file, with -----BEGIN PRIVATE KEY-----",
            path.display()
        )
    })
}

/// A file that is given to everybody must not hold what nobody may have.
fn authority(path: &Path) -> anyhow::Result<Vec<u8>> {
    let pem = bytes("tls-ca", path)?;
    if contains(&pem, b"PRIVATE KEY") {
        bail!(
            "tls-ca: {}: there is a private key in it, and everybody may fetch this file; give one \
             with the authority's certificate alone",
            path.display()
        );
    }
    certificates("tls-ca", path, &pem)?;
    Ok(pem)
}

fn contains(pem: &[u8], words: &[u8]) -> bool {
    pem.windows(words.len()).any(|window| window == words)
}

fn unusable(files: &TlsFiles, error: Error) -> anyhow::Error {
    let (cert, key) = (files.cert.display(), files.key.display());
    match error {
        Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => anyhow::anyhow!(
            "tls-key: {key} does not belong to tls-cert {cert}, whose first certificate has to be \
             the server's own; give the two that were made together"
        ),
        error => anyhow::Error::new(error)
            .context(format!("tls-cert {cert} and tls-key {key} cannot be used together")),
    }
}
