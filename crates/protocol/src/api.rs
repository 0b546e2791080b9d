//! The one seam between a device and a server.

use std::future::Future;

/// A request as it goes over the wire.
pub type Request = http::Request<Vec<u8>>;
/// A reply as it came, believed by nobody until its signature is checked.
pub type Response = http::Response<Vec<u8>>;

/// No reply came: whether the request arrived is unknown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no answer from the server: {0}")]
pub struct Unreachable(pub String);

/// Carries requests to a server. Over HTTP, straight into the server in one process, or through a
/// wrapper that loses, repeats, cuts and forges.
pub trait SyncApi {
    /// Sends one request and waits for its reply.
    fn send(&self, request: Request) -> impl Future<Output = Result<Response, Unreachable>>;
}

impl<T: SyncApi> SyncApi for &T {
    fn send(&self, request: Request) -> impl Future<Output = Result<Response, Unreachable>> {
        (**self).send(request)
    }
}

/// One request beside the rounds, before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// One of [`path`].
    pub target: &'static str,
    /// The body, as it goes over the wire.
    pub body: Vec<u8>,
    /// Whose signature the answer must bear.
    pub server_key: [u8; 32],
}

impl Question {
    /// A question with a body of ours: text, integers and ids, so that writing it cannot fail.
    pub fn new(target: &'static str, body: &impl serde::Serialize, server_key: [u8; 32]) -> Self {
        let plain = serde_json::to_vec(body).unwrap_or_default();
        Self { target, body: crate::frame::compress(&plain), server_key }
    }
}

/// Paths of version 1, below the server's address.
pub mod path {
    /// Binds a device to a user with a one-time code.
    pub const ENROL: &str = "/api/v1/enrol";
    /// Takes a device's new ops.
    pub const PUSH: &str = "/api/v1/sync/push";
    /// Gives what is new in the device's scopes.
    pub const PULL: &str = "/api/v1/sync/pull";
    /// Finds the last checkpoint that device and server share, after a restore.
    pub const REWIND: &str = "/api/v1/sync/rewind";
    /// Compares what a scope delivered, range by range.
    pub const COMPARE: &str = "/api/v1/sync/compare";
    /// Grants upload capabilities.
    pub const GRANTS: &str = "/api/v1/uploads/grants";
    /// tus 1.0 creation; an upload is at this path and its id.
    pub const UPLOADS: &str = "/api/v1/uploads";
    /// How the devices of those the caller looks after stand.
    pub const DEVICES: &str = "/api/v1/team/devices";
    /// A one-time enrolment link for a colleague.
    pub const INVITE: &str = "/api/v1/team/invite";
    /// Revokes a device.
    pub const REVOKE: &str = "/api/v1/team/revoke";
    /// A photo or document by hash.
    pub const BLOBS: &str = "/api/v1/blobs";
}

/// The header that carries an upload capability.
pub const CAPABILITY_HEADER: &str = "spotcheck-upload";
