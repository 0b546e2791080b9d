//! Resumable upload: tus 1.0 core, creation, checksum and expiration.
//!
//! A capability stands in for a signature, so that any tus client and a long background upload
//! work. `docs/TUS.md` maps each MUST of the specification to its test.

mod expiry;
mod metadata;

use data_encoding::BASE64;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use sha2::{Digest, Sha256};
use spotcheck_domain::op::BlobRef;
use spotcheck_protocol::api::{CAPABILITY_HEADER, Request, Response, path};

use super::auth::only_reads;
use super::blobs::MAX_BLOB_BYTES;
use super::{Failure, Service, empty};
use crate::blobs::Blobs;
use crate::ledger::{Ledger, Upload};

const VERSION: &str = "1.0.0";
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");

impl<L: Ledger, B: Blobs> Service<L, B> {
    pub(super) async fn tus(&self, request: &Request) -> Result<Response, Failure> {
        let done = self.tus_request(request).await;
        // Every reply names the version, errors too.
        let mut response = done.unwrap_or_else(Failure::into_response);
        put(&mut response, RESUMABLE, VERSION);
        if response.status() == StatusCode::PRECONDITION_FAILED {
            put(&mut response, HeaderName::from_static("tus-version"), VERSION);
        }
        Ok(response)
    }

    async fn tus_request(&self, request: &Request) -> Result<Response, Failure> {
        if request.method() == Method::OPTIONS {
            return Ok(options());
        }
        if text(request, &RESUMABLE) != Some(VERSION) {
            let detail = "Tus-Resumable: this server speaks 1.0.0";
            return Err(Failure::problem(412, "tus_version", detail));
        }
        let upload = self.upload_of(request).await?;
        let created = format!("{}/{}", path::UPLOADS, upload.id);
        match (request.method(), request.uri().path()) {
            (&Method::POST, path::UPLOADS) => self.create(request, &upload).await,
            (&Method::HEAD, at) if at == created => {
                self.offset_reply(&upload, StatusCode::OK).await
            }
            (&Method::PATCH, at) if at == created => self.patch(request, &upload).await,
            (_, path::UPLOADS) => Err(Failure::problem(405, "method_not_allowed", "use POST here")),
            (_, at) if at == created => {
                Err(Failure::problem(405, "method_not_allowed", "use HEAD or PATCH here"))
            }
            _ => {
                Err(Failure::problem(404, "no_such_upload", "no such upload under this capability"))
            }
        }
    }

    /// The upload whose capability a request carries; it dies with expiry, with revocation, and when
    /// its device's user becomes one who only reads.
    async fn upload_of(&self, request: &Request) -> Result<Upload, Failure> {
        let denied = || {
            let detail = "Spotcheck-Upload: unknown or expired; ask for a new capability";
            Failure::problem(403, "capability_invalid", detail)
        };
        let name = HeaderName::from_static(CAPABILITY_HEADER);
        let secret = text(request, &name).ok_or_else(denied)?;
        let hash = Sha256::digest(secret.as_bytes()).into();
        let upload = self.ledger.find_upload(hash).await?.ok_or_else(denied)?;
        let device = self.ledger.find_device(upload.log).await?.ok_or_else(denied)?;
        if upload.expires_ms <= self.host.now_ms() || device.revoked.is_some() {
            return Err(denied());
        }
        let user = self.ledger.find_user(device.ws, device.user).await?.ok_or_else(denied)?;
        if only_reads(&user) {
            return Err(denied());
        }
        Ok(upload)
    }

    async fn create(&self, request: &Request, upload: &Upload) -> Result<Response, Failure> {
        let length = number(request, &LENGTH)?;
        if length > MAX_BLOB_BYTES {
            let detail = format!("Upload-Length: at most {MAX_BLOB_BYTES}");
            return Err(Failure::problem(413, "blob_too_large", detail));
        }
        if length != upload.bytes {
            let detail = format!("Upload-Length: the capability is for {} bytes", upload.bytes);
            return Err(Failure::problem(400, "upload_length", detail));
        }
        let metadata = metadata::given(request)?;
        self.ledger.create_upload(&upload.id, metadata).await?;
        if upload.bytes == 0 && !self.complete(upload).await? {
            let detail = "no bytes at all are not those that were declared";
            return Err(Failure::problem(422, "upload_hash", detail));
        }
        let mut response = empty(StatusCode::CREATED);
        put(&mut response, header::LOCATION, &format!("{}/{}", path::UPLOADS, upload.id));
        put(&mut response, expiry::EXPIRES, &expiry::date(upload.expires_ms));
        Ok(response)
    }

    async fn patch(&self, request: &Request, upload: &Upload) -> Result<Response, Failure> {
        if text(request, &header::CONTENT_TYPE) != Some("application/offset+octet-stream") {
            let detail = "Content-Type: use application/offset+octet-stream";
            return Err(Failure::problem(415, "content_type", detail));
        }
        let offset = number(request, &OFFSET)?;
        check_sum(request)?;
        let body = request.body();
        let held = self.held_offset(upload).await?;
        if offset != held {
            let detail = format!("Upload-Offset: the server has {held} bytes; ask with HEAD");
            return Err(Failure::problem(409, "upload_offset", detail));
        }
        if offset.saturating_add(body.len() as u64) > upload.bytes {
            let detail = format!("body: beyond the {} bytes of this upload", upload.bytes);
            return Err(Failure::problem(413, "upload_overrun", detail));
        }
        if !body.is_empty() && !upload.done {
            let reached = match self.blobs.append(&upload.id, offset, body).await {
                Err(error) if error.kind() == std::io::ErrorKind::InvalidInput => {
                    let detail = "another request is writing this upload; ask with HEAD";
                    return Err(Failure::problem(409, "upload_offset", detail));
                }
                other => other?,
            };
            if reached == upload.bytes && !self.complete(upload).await? {
                let detail = "the bytes are not those that were declared; begin again at 0";
                return Err(Failure::problem(422, "upload_hash", detail));
            }
        }
        let mut response = empty(StatusCode::NO_CONTENT);
        put(&mut response, OFFSET, &(offset + body.len() as u64).to_string());
        put(&mut response, expiry::EXPIRES, &expiry::date(upload.expires_ms));
        Ok(response)
    }

    /// Re-hashes a whole upload before the server says it has it.
    async fn complete(&self, upload: &Upload) -> Result<bool, Failure> {
        let blob = BlobRef { sha256: upload.sha256, bytes: upload.bytes };
        if !self.blobs.finish(&upload.id, upload.ws, blob).await? {
            return Ok(false);
        }
        self.ledger.put_blob(upload.ws, blob, upload.log).await?;
        self.ledger.finish_upload(&upload.id).await?;
        Ok(true)
    }

    async fn held_offset(&self, upload: &Upload) -> Result<u64, Failure> {
        if upload.done {
            return Ok(upload.bytes);
        }
        let held = self.blobs.offset(&upload.id).await?;
        // Stopped between the last byte and the note that it is done: finish now.
        if held < upload.bytes {
            return Ok(held);
        }
        Ok(if self.complete(upload).await? { upload.bytes } else { 0 })
    }

    async fn offset_reply(&self, upload: &Upload, status: StatusCode) -> Result<Response, Failure> {
        let held = self.held_offset(upload).await?;
        let mut response = empty(status);
        put(&mut response, OFFSET, &held.to_string());
        put(&mut response, LENGTH, &upload.bytes.to_string());
        put(&mut response, header::CACHE_CONTROL, "no-store");
        put(&mut response, expiry::EXPIRES, &expiry::date(upload.expires_ms));
        if let Some(metadata) = &upload.metadata {
            put(&mut response, metadata::METADATA, metadata);
        }
        Ok(response)
    }
}

fn options() -> Response {
    let mut response = empty(StatusCode::NO_CONTENT);
    put(&mut response, HeaderName::from_static("tus-version"), VERSION);
    put(&mut response, HeaderName::from_static("tus-extension"), "creation,checksum,expiration");
    put(&mut response, HeaderName::from_static("tus-checksum-algorithm"), "sha1,sha256");
    put(&mut response, HeaderName::from_static("tus-max-size"), &MAX_BLOB_BYTES.to_string());
    response
}

fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn text<'a>(request: &'a Request, name: &HeaderName) -> Option<&'a str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

fn number(request: &Request, name: &HeaderName) -> Result<u64, Failure> {
    let digits = text(request, name).filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
    digits.and_then(|text| text.parse().ok()).ok_or_else(|| {
        Failure::problem(400, "bad_header", format!("{name}: a non-negative whole number"))
    })
}

/// Checks a request's `Upload-Checksum` against its body.
fn check_sum(request: &Request) -> Result<(), Failure> {
    let Some(sum) = text(request, &CHECKSUM) else { return Ok(()) };
    let (algorithm, wanted) = sum.split_once(' ').unwrap_or((sum, ""));
    let got = match algorithm {
        "sha1" => sha1::Sha1::digest(request.body()).to_vec(),
        "sha256" => Sha256::digest(request.body()).to_vec(),
        _ => {
            let detail = "Upload-Checksum: use sha1 or sha256";
            return Err(Failure::problem(400, "checksum_algorithm", detail));
        }
    };
    if BASE64.encode(&got) == wanted {
        return Ok(());
    }
    Err(Failure::problem(
        460,
        "checksum_mismatch",
        "the body is not what its checksum says; send it again",
    ))
}
