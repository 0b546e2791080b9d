//! What each operation asks and answers.

use serde_json::{Value, json};
use spotcheck_protocol::{MAX_FRAME_BYTES, MEDIA_TYPE};

/// The operation of a route; `null` for one that nobody described, which a test notices.
pub(super) fn operation(id: &str) -> Value {
    match id {
        "enrol" => page("Bind a device to a user with a one-time code", 4096, &[403, 409, 429]),
        "push" => page("Take a device's new ops; say what is held", MAX_FRAME_BYTES, &[403, 422]),
        "pull" => page("Give what is new in the device's scopes", MAX_FRAME_BYTES, &[403]),
        "compare" => {
            page("Compare what a scope delivered, range by range", MAX_FRAME_BYTES, &[403])
        }
        "rewind" => page(
            "Find the last checkpoint that both share, after a restore",
            MAX_FRAME_BYTES,
            &[422, 429],
        ),
        "devices" => page(
            "Say how the devices of those the caller looks after stand",
            MAX_FRAME_BYTES,
            &[403],
        ),
        "invite" => page(
            "Make a one-time enrolment link for a colleague",
            MAX_FRAME_BYTES,
            &[403, 404, 429],
        ),
        "revoke" => page("Revoke a device of a colleague", MAX_FRAME_BYTES, &[403, 404]),
        "grant_upload" => page("Ask to upload a photo; gives a capability", MAX_FRAME_BYTES, &[]),
        "upload_options" => options(json!([])),
        "upload_options_of_one" => options(json!([parameter("Id")])),
        "create_upload" => create(),
        "upload_offset" => offset(),
        "append_to_upload" => append(),
        "download_blob" => download(),
        "openapi" => json!({
            "summary": "This document",
            "responses": { "200": content("The document", "application/json", json!({ "type": "object" })) },
        }),
        "livez" => text("Is the process there?", "ok", &[]),
        "readyz" => text("Can it store?", "ready", &[503]),
        "metrics" => {
            text("Figures for Prometheus, for this machine alone", "Text format 0.0.4", &[404])
        }
        "version" => json!({
            "summary": "What runs here",
            "responses": { "200": content("Name and versions", "application/json", reference("schemas", "Version")) },
        }),
        _ => Value::Null,
    }
}

fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

fn parameter(name: &str) -> Value {
    reference("parameters", name)
}

fn content(description: &str, media_type: &str, schema: Value) -> Value {
    json!({ "description": description, "content": { media_type: { "schema": schema } } })
}

/// Responses: one on success, and problems.
fn responses(status: u16, success: Value, problems: &[u16]) -> Value {
    let mut responses = json!({ status.to_string(): success });
    for problem in problems {
        responses[problem.to_string()] = reference("responses", "Problem");
    }
    responses
}

/// Problems of every signed request.
const SIGNED: [u16; 6] = [400, 401, 408, 413, 415, 503];

fn page(summary: &str, max_bytes: usize, also: &[u16]) -> Value {
    let problems: Vec<u16> = SIGNED.into_iter().chain([409]).chain(also.iter().copied()).collect();
    let reply =
        content("A signed page, also when it refuses", MEDIA_TYPE, reference("schemas", "Page"));
    json!({
        "summary": summary,
        "security": [{ "deviceSignature": [] }],
        "parameters": signature_parameters(),
        "requestBody": {
            "required": true,
            "description": format!("One zstd frame of at most {max_bytes} bytes, without Content-Encoding"),
            "content": { MEDIA_TYPE: { "schema": reference("schemas", "Frame") } },
        },
        "responses": responses(200, reply, &problems),
    })
}

fn signature_parameters() -> Value {
    json!([parameter("ContentDigest"), parameter("SignatureInput")])
}

fn text(summary: &str, says: &str, problems: &[u16]) -> Value {
    let success = content(says, "text/plain", json!({ "type": "string" }));
    json!({ "summary": summary, "responses": responses(200, success, problems) })
}

fn headers(names: &[&str]) -> Value {
    let named = names.iter().map(|name| {
        let schema = match *name {
            "Upload-Offset" | "Upload-Length" | "Tus-Max-Size" => {
                json!({ "type": "integer", "minimum": 0 })
            }
            _ => json!({ "type": "string" }),
        };
        ((*name).to_owned(), json!({ "required": true, "schema": schema }))
    });
    Value::Object(named.collect())
}

fn tus_reply(description: &str, names: &[&str]) -> Value {
    let names: Vec<&str> = names.iter().copied().chain(["Tus-Resumable"]).collect();
    json!({ "description": description, "headers": headers(&names) })
}

fn options(parameters: Value) -> Value {
    let said = ["Tus-Version", "Tus-Extension", "Tus-Checksum-Algorithm", "Tus-Max-Size"];
    json!({
        "summary": "What this tus server can do",
        "parameters": parameters,
        "responses": responses(204, tus_reply("Versions and extensions", &said), &[413]),
    })
}

/// Problems of every tus request.
const TUS: [u16; 6] = [400, 403, 408, 412, 413, 503];

fn create() -> Value {
    json!({
        "summary": "Begin the upload that a capability allows (tus creation)",
        "security": [{ "uploadCapability": [] }],
        "parameters": [parameter("TusResumable"), parameter("UploadLength"), parameter("UploadMetadata")],
        "responses": responses(201, tus_reply("Created", &["Location", "Upload-Expires"]), &TUS),
    })
}

fn offset() -> Value {
    json!({
        "summary": "How many bytes are stored (tus core)",
        "security": [{ "uploadCapability": [] }],
        "parameters": [parameter("Id"), parameter("TusResumable")],
        "responses": responses(200, tus_reply("How far it is", &["Upload-Offset", "Upload-Length", "Upload-Expires"]), &[400, 403, 404, 408, 412, 413, 503]),
    })
}

fn append() -> Value {
    json!({
        "summary": "Send bytes; what arrives is stored even if the connection is cut (tus core)",
        "description": "Bytes are durable before the offset that counts them is given out. With Upload-Checksum a body is at most 8 MiB and is stored whole or not at all.",
        "security": [{ "uploadCapability": [] }],
        "parameters": [parameter("Id"), parameter("TusResumable"), parameter("UploadOffset"), parameter("UploadChecksum")],
        "requestBody": {
            "required": true,
            "content": { "application/offset+octet-stream": { "schema": reference("schemas", "Bytes") } },
        },
        "responses": responses(204, tus_reply("Stored", &["Upload-Offset", "Upload-Expires"]), &[400, 403, 404, 408, 409, 412, 413, 415, 422, 460, 503]),
    })
}

fn download() -> Value {
    let bytes = reference("schemas", "Bytes");
    let mut responses = responses(
        200,
        content("The whole photo", "application/octet-stream", bytes.clone()),
        &[400, 401, 403, 404, 409, 413, 416, 503],
    );
    // What moves the device's state is signed here, too.
    responses["200"]["description"] = json!("The whole photo, or a signed page that refuses");
    responses["200"]["content"][MEDIA_TYPE] = json!({ "schema": reference("schemas", "Page") });
    responses["206"] = content("A part of at most 1 MiB", "application/octet-stream", bytes);
    json!({
        "summary": "Read a photo or document",
        "security": [{ "deviceSignature": [] }],
        "parameters": [parameter("Sha256"), parameter("Range"), parameter("ContentDigest"), parameter("SignatureInput")],
        "responses": responses,
    })
}
