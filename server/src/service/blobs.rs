//! Upload capabilities, and giving photos out.

use http::{HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};
use spotcheck_domain::BlobHash;
use spotcheck_domain::op::BlobRef;
use spotcheck_protocol::api::{Request, Response, path};
use spotcheck_protocol::messages::{GrantReply, GrantRequest};

use super::auth::{self, Caller};
use super::{Failure, Service};
use crate::blobs::Blobs;
use crate::ledger::{Ledger, Upload};

/// The largest photo or document.
pub(super) const MAX_BLOB_BYTES: u64 = 64 * 1024 * 1024;
/// The most a download reply carries.
const MAX_PART: u64 = 1024 * 1024;
/// A long background upload outlives a signature, but not a day.
const CAPABILITY_MS: i64 = 24 * 3_600_000;

impl<L: Ledger, B: Blobs> Service<L, B> {
    pub(super) async fn grant(&self, caller: &Caller, bytes: &[u8]) -> Result<GrantReply, Failure> {
        let request: GrantRequest = auth::body(bytes)?;
        caller.unless_revoked()?;
        caller.unless_reader()?;
        if request.bytes > MAX_BLOB_BYTES {
            let detail = format!("bytes: at most {MAX_BLOB_BYTES}; make the photo smaller");
            return Err(Failure::problem(413, "blob_too_large", detail));
        }
        let (ws, log, sha256) = (caller.device.ws, caller.device.log, request.sha256);
        if !self.ledger.held(ws, log, &caller.user.reads, &[sha256]).await?.is_empty() {
            return Ok(GrantReply {
                held: true,
                capability: String::new(),
                location: String::new(),
                expires_ms: 0,
            });
        }
        let secret = data_encoding::BASE64URL_NOPAD.encode(&self.fresh::<32>());
        let upload = Upload {
            id: data_encoding::HEXLOWER.encode(&self.fresh::<16>()),
            ws,
            log,
            sha256,
            bytes: request.bytes,
            capability: Sha256::digest(secret.as_bytes()).into(),
            expires_ms: self.host.now_ms() + CAPABILITY_MS,
            created: false,
            done: false,
            metadata: None,
        };
        self.ledger.add_upload(&upload).await?;
        let location = format!("{}/{}", path::UPLOADS, upload.id);
        Ok(GrantReply { held: false, capability: secret, location, expires_ms: upload.expires_ms })
    }

    /// Gives bytes of a blob to a device that may read it: `GET`, with `Range: bytes=A-B` or whole
    /// up to 1 MiB. The device checks the hash; the bytes need not be signed.
    pub(super) async fn download(
        &self,
        caller: &Caller,
        request: &Request,
    ) -> Result<Response, Failure> {
        caller.unless_revoked()?;
        let name = request.uri().path().rsplit('/').next().unwrap_or_default();
        let not_found = || Failure::problem(404, "no_such_blob", "no such photo that you may read");
        let blob: BlobHash = name.parse().map_err(|_| not_found())?;
        let ws = caller.device.ws;
        let held = self.ledger.readable_blob(ws, blob, &caller.user.reads).await?;
        let BlobRef { bytes, .. } = held.ok_or_else(not_found)?;
        let (first, last) = range(request, bytes)?;
        let part = self.blobs.read(ws, blob, first, (last - first) as usize).await?;
        let mut response = Response::new(part);
        *response.status_mut() =
            if last - first == bytes { StatusCode::OK } else { StatusCode::PARTIAL_CONTENT };
        let headers = response.headers_mut();
        let known = [
            (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            (header::CONTENT_DISPOSITION, "attachment".to_owned()),
            (header::CONTENT_RANGE, format!("bytes {first}-{}/{bytes}", last.max(1) - 1)),
        ];
        for (name, value) in known {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        Ok(response)
    }
}

/// The half-open range a request asks for, at most 1 MiB of it.
fn range(request: &Request, bytes: u64) -> Result<(u64, u64), Failure> {
    let Some(asked) = request.headers().get(header::RANGE) else {
        return Ok((0, bytes.min(MAX_PART)));
    };
    let parsed = asked.to_str().ok().and_then(|text| {
        let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
        let last =
            if last.is_empty() { bytes } else { last.parse::<u64>().ok()?.checked_add(1)? };
        Some((first.parse::<u64>().ok()?, last))
    });
    match parsed {
        Some((first, last)) if first < bytes && first < last => {
            Ok((first, last.min(bytes).min(first + MAX_PART)))
        }
        _ => Err(Failure::problem(416, "bad_range", "Range: use bytes=FIRST-LAST within the blob")),
    }
}
