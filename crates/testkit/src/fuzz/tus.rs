//! tus requests under a real capability, whatever is in their headers.

use http::{HeaderName, HeaderValue, Method, Uri};
use spotcheck_domain::BlobHash;
use spotcheck_protocol::api::{Request, path};
use spotcheck_protocol::frame;
use spotcheck_protocol::keys::Signer as _;
use spotcheck_protocol::messages::Reply;
use spotcheck_protocol::reply;

use super::requests::{assert_is_problem, with_site};

/// What the capability is for.
const PHOTO: &[u8] = b"photo bytes";

/// Requests between lines of `==`: `METHOD TARGET`, headers, an empty line, the body. `$cap` and
/// `$id` stand for the capability and the upload's id.
pub(super) fn tus(bytes: &[u8]) {
    with_site(|site| {
        let asks =
            format!(r#"{{"p":1,"sha256":"{}","bytes":{}}}"#, BlobHash::of(PHOTO), PHOTO.len());
        let (nonce, granted) = site.post(path::GRANTS, frame::compress(asks.as_bytes()));
        let server = site.world.server.service().public_key();
        let granted = reply::open(granted.body(), &nonce, &server).expect("a signed page");
        let Reply::Grant(grant) = granted.reply else { panic!("{granted:?}") };
        let id = grant.location.rsplit('/').next().unwrap_or_default();
        let filled =
            replace(&replace(bytes, b"$cap", grant.capability.as_bytes()), b"$id", id.as_bytes());
        for text in split(&filled, b"==\n") {
            let Some(request) = parse(&text) else { continue };
            let response = site.handle(&request);
            assert_eq!(
                response.headers().get("tus-resumable"),
                Some(&HeaderValue::from_static("1.0.0"))
            );
            if !response.status().is_success() {
                assert_is_problem(&response);
            }
            if let Some(offset) = response.headers().get("upload-offset") {
                let offset: usize = offset.to_str().expect("digits").parse().expect("a number");
                assert!(offset <= PHOTO.len(), "no upload is longer than was declared");
            }
        }
        let service = site.world.server.service();
        let ws = site.world.server.ws;
        let held = pollster::block_on(spotcheck_server::ledger::Ledger::held(
            service.ledger(),
            ws,
            site.world.key_of(0).log(),
            &[],
            &[BlobHash::of(PHOTO)],
        ));
        let held = held.expect("the ledger reads");
        for blob in &held {
            let read = spotcheck_server::blobs::Blobs::read(service.blobs(), ws, *blob, 0, 100);
            let bytes = pollster::block_on(read).expect("what is held is there");
            assert_eq!(BlobHash::of(&bytes), *blob, "what is held is what was declared");
        }
        // Each input has an upload of its own; only a photo that is held would change the next.
        held.is_empty()
    });
}

fn split(bytes: &[u8], by: &[u8]) -> Vec<Vec<u8>> {
    let mut parts = vec![vec![]];
    let mut rest = bytes;
    while let Some((first, more)) = rest.split_first() {
        if rest.starts_with(by) && parts.len() < 8 {
            parts.push(vec![]);
            rest = &rest[by.len()..];
            continue;
        }
        if let Some(last) = parts.last_mut() {
            last.push(*first);
        }
        rest = more;
    }
    parts
}

fn replace(bytes: &[u8], what: &[u8], with: &[u8]) -> Vec<u8> {
    let mut out = vec![];
    let mut rest = bytes;
    while let Some((first, more)) = rest.split_first() {
        if rest.starts_with(what) {
            out.extend_from_slice(with);
            rest = &rest[what.len()..];
        } else {
            out.push(*first);
            rest = more;
        }
    }
    out
}

fn parse(bytes: &[u8]) -> Option<Request> {
    let end = bytes.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = match end {
        Some(end) => (&bytes[..end], bytes[end + 2..].to_vec()),
        None => (bytes, vec![]),
    };
    let mut lines = head.split(|byte| *byte == b'\n');
    let mut first = lines.next()?.split(|byte| *byte == b' ');
    let mut request = Request::new(body);
    *request.method_mut() = Method::from_bytes(first.next()?).ok()?;
    *request.uri_mut() = Uri::try_from(first.next()?).ok()?;
    let at = request.uri().path();
    if at != path::UPLOADS && !at.starts_with(&format!("{}/", path::UPLOADS)) {
        return None;
    }
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(&line[..colon]).ok()?;
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
        request.headers_mut().append(name, value);
    }
    Some(request)
}

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let head = |method: &str, at: &str, more: &str| {
        format!("{method} {at}\nspotcheck-upload: $cap\ntus-resumable: 1.0.0\n{more}\n")
    };
    let (all, one) = (path::UPLOADS, format!("{}/$id", path::UPLOADS));
    let create = head("POST", all, "upload-length: 11\n");
    let ask = head("HEAD", &one, "");
    let patch = |offset: usize, more: &str, body: &str| {
        let kind = "content-type: application/offset+octet-stream";
        head("PATCH", &one, &format!("{kind}\nupload-offset: {offset}\n{more}")) + body
    };
    let sum = "upload-checksum: sha1 /Lwzbp3VXC6bOl5EqsNEHDRdXvs=\n";
    let lists = [
        vec![head("OPTIONS", all, "")],
        vec![
            create.clone(),
            ask.clone(),
            patch(0, "", "photo "),
            patch(6, "", "bytes"),
            ask.clone(),
        ],
        vec![create.clone(), patch(0, sum, "photo bytes")],
        vec![create, patch(0, "", "other bytes"), ask],
        vec![patch(3, "upload-metadata: name cGhvdG8=\nupload-defer-length: 1\n", "x")],
        vec![head("DELETE", &one, "")],
    ];
    lists.iter().map(|list| list.join("==\n").into_bytes()).collect()
}
