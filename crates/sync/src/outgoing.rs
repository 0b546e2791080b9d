//! A request that the host is to sign and send.

use http::Method;
use serde::Serialize;
use spotcheck_domain::BlobHash;
use spotcheck_protocol::api::path;
use spotcheck_protocol::frame;

/// How a request shows where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// Signed by the device key over a fresh nonce.
    Signed,
    /// Carries an upload capability.
    Capability(String),
}

/// A request to send.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The method.
    pub method: Method,
    /// The path below the server's address.
    pub target: String,
    /// The body, as sent.
    pub body: Vec<u8>,
    /// Header names and values besides the signature's.
    pub headers: Vec<(&'static str, String)>,
    /// How it shows where it comes from.
    pub auth: Auth,
}

impl Outgoing {
    /// A signed request whose body is one frame of JSON.
    pub(crate) fn post(target: &str, body: &impl Serialize) -> Self {
        // Messages are ids, integers and text: nothing in them can fail to serialise.
        let plain = serde_json::to_vec(body).unwrap_or_default();
        Self {
            method: Method::POST,
            target: target.to_owned(),
            body: frame::compress(&plain),
            headers: vec![("content-type", spotcheck_protocol::MEDIA_TYPE.to_owned())],
            auth: Auth::Signed,
        }
    }

    /// A signed request for a part of a photo or document, such as `bytes=0-99` or `bytes=100-`.
    pub(crate) fn part_of(blob: BlobHash, range: String) -> Self {
        Self {
            method: Method::GET,
            target: format!("{}/{blob}", path::BLOBS),
            body: vec![],
            headers: vec![("range", range)],
            auth: Auth::Signed,
        }
    }
}
