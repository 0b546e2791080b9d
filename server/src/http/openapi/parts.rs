//! What operations share: schemas, parameters, security.

use serde_json::{Value, json};
use spotcheck_protocol::api::CAPABILITY_HEADER;
use spotcheck_protocol::problem::MEDIA_TYPE;

/// How to read the document.
pub(super) const DESCRIPTION: &str = "Devices push and pull signed ops; docs/PROTOCOL.md says what \
is inside the pages. Every request of a device is signed (RFC 9421, one rigid profile) and every reply \
that changes a device's state is signed by the server over the request's nonce; no bearer token exists \
but the upload capability. Errors are RFC 9457 problem documents with a stable `code`.";

/// Everything under `components`.
pub(super) fn components() -> Value {
    json!({
        "schemas": schemas(),
        "responses": { "Problem": {
            "description": "Why it was not done, and what to do",
            "content": { MEDIA_TYPE: { "schema": { "$ref": "#/components/schemas/Problem" } } },
        } },
        "parameters": parameters(),
        "securitySchemes": {
            "deviceSignature": {
                "type": "apiKey", "in": "header", "name": "Signature",
                "description": "spotcheck=:<base64 of 64 bytes>: — Ed25519 by the device's key over the RFC 9421 signature base of @method, @request-target and content-digest, with Content-Digest and Signature-Input beside it",
            },
            "uploadCapability": {
                "type": "apiKey", "in": "header", "name": CAPABILITY_HEADER,
                "description": "The capability from grant_upload: for one upload, for at most 24 hours",
            },
        },
    })
}

fn schemas() -> Value {
    json!({
        "Problem": {
            "type": "object",
            "required": ["type", "status", "code", "detail"],
            "properties": {
                "type": { "type": "string", "pattern": "^urn:spotcheck:[a-z_]+$" },
                "status": { "type": "integer", "minimum": 400, "maximum": 599 },
                "code": { "type": "string", "pattern": "^[a-z_]+$", "description": "Stable: decide by it" },
                "detail": { "type": "string", "description": "One sentence with the field and the remedy" },
            },
        },
        "Version": {
            "type": "object",
            "required": ["name", "version", "protocol"],
            "properties": {
                "name": { "const": "spotcheck-server" },
                "version": { "type": "string" },
                "protocol": { "type": "integer", "minimum": 1 },
            },
        },
        "Frame": { "type": "string", "format": "binary", "description": "JSON in one zstd frame with the dictionary of protocol version 1; at most 4 MiB once decompressed" },
        "Page": { "type": "string", "format": "binary", "description": "Head with the server's signature over key, epoch, nonce, page and frame; then a frame" },
        "Bytes": { "type": "string", "format": "binary" },
    })
}

/// Pairs of a key and, after a space, a value in base64; joined by commas.
const METADATA: &str = "^[!-+.-~-]+( ([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)?(, ?[!-+.-~-]+( ([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)?)*$";

fn parameters() -> Value {
    let header = |name: &str, required: bool, schema: Value, description: &str| json!({ "name": name, "in": "header", "required": required, "schema": schema, "description": description });
    let text = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    let count = json!({ "type": "integer", "minimum": 0 });
    json!({
        "ContentDigest": header("Content-Digest", true, text("^sha-256=:[A-Za-z0-9+/]{43}=:$"), "SHA-256 of the body, also of an empty one (RFC 9530)"),
        "SignatureInput": header("Signature-Input", true, text("^spotcheck=\\(\"@method\" \"@request-target\" \"content-digest\"\\);created=[0-9]{1,15};nonce=\"[A-Za-z0-9_-]{22}\";keyid=\"[0-9a-f]{32}\";alg=\"ed25519\"$"), "What is signed, when, with a fresh nonce, by which log"),
        "TusResumable": header("Tus-Resumable", true, json!({ "const": "1.0.0" }), "The tus version"),
        "UploadLength": header("Upload-Length", true, count.clone(), "As many bytes as the capability is for"),
        "UploadMetadata": header("Upload-Metadata", false, text(METADATA), "Unique keys with values in base64; at most 4096 bytes, given back by HEAD"),
        "UploadOffset": header("Upload-Offset", true, count, "Where the body begins"),
        "UploadChecksum": header("Upload-Checksum", false, text("^(sha1|sha256) [A-Za-z0-9+/]+=*$"), "Checksum of this body"),
        "Range": header("Range", false, text("^bytes=[0-9]+-[0-9]*$"), "Which part; at most 1 MiB of it is given"),
        "Id": { "name": "id", "in": "path", "required": true, "schema": text("^[0-9a-f]{32}$") },
        "Sha256": { "name": "sha256", "in": "path", "required": true, "schema": text("^[0-9a-f]{64}$") },
    })
}
