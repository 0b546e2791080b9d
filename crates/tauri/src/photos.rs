//! `photo:` — the bytes of photos and voice notes by their SHA-256, for `<img>` and `<audio>`.

use spotcheck_app::AppError;
use spotcheck_domain::BlobHash;
use tauri::http::{Request, Response, StatusCode, header};

use crate::failure::Failure;
use crate::held::Held;
use crate::pages;

/// Read at a time: other calls get their turn in between.
const PIECE_BYTES: usize = 1024 * 1024;

/// Answers a request for a blob.
pub(crate) fn answer(held: &Held, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let hash = request.uri().path().trim_start_matches('/').parse::<BlobHash>();
    let found = hash.map_err(|_| Failure::usage("not a SHA-256 in hex"));
    let Ok(bytes) = found.and_then(|hash| bytes(held, hash)) else {
        return respond(StatusCode::NOT_FOUND, "text/plain", request, vec![]);
    };
    let kind = kind_of(&bytes);
    respond(StatusCode::OK, kind, request, bytes)
}

fn bytes(held: &Held, blob: BlobHash) -> Result<Vec<u8>, Failure> {
    let mut bytes = vec![];
    loop {
        let read = |device: &mut spotcheck_native::NativeDevice| -> Result<Vec<u8>, AppError> {
            device.read_photo(blob, bytes.len() as u64, PIECE_BYTES)
        };
        let piece = held.with(|device| Ok(read(device)?))?;
        bytes.extend_from_slice(&piece);
        if piece.len() < PIECE_BYTES {
            return Ok(bytes);
        }
    }
}

/// By what the bytes begin with: never a kind that a page could run.
fn kind_of(bytes: &[u8]) -> &'static str {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        [0x1a, 0x45, 0xdf, 0xa3, ..] => "audio/webm",
        [b'O', b'g', b'g', b'S', ..] => "audio/ogg",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "audio/mp4",
        _ => "application/octet-stream",
    }
}

fn respond(
    status: StatusCode,
    kind: &str,
    request: &Request<Vec<u8>>,
    body: Vec<u8>,
) -> Response<Vec<u8>> {
    let mut response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, kind)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CACHE_CONTROL, "private, max-age=31536000, immutable");
    let origin = request.headers().get(header::ORIGIN).and_then(|it| it.to_str().ok());
    // Our screens alone may read the pixels of a photo.
    if let Some(origin) = origin.filter(|it| pages::is_our_origin(it)) {
        response = response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    // Only fixed names and values above: building it cannot fail.
    response.body(body).unwrap_or_default()
}
