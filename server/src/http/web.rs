//! The web app: the files of one build, read once, served from memory.
//!
//! A request names a file of the build or it gets the page itself, which finds its own way; no path
//! of a request ever reaches the file system.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use axum::body::{Body, Bytes};
use axum::response::Response as HttpResponse;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use sha2::{Digest as _, Sha256};

/// A build larger than this is no build of ours.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Scripts and the core come from here alone, nothing is written into the page, and nobody frames it.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; \
    manifest-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
    form-action 'none'";

/// What a page may ask a person for.
const PERMISSIONS: &str = "camera=(self), microphone=(self), geolocation=(self)";

/// The files of a build by path, such as `/index.html`.
#[derive(Debug)]
pub struct Web {
    files: BTreeMap<String, File>,
}

/// A file as it is sent.
#[derive(Debug)]
struct File {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    kind: &'static str,
    tag: HeaderValue,
    /// Named by what is in it: it never changes.
    forever: bool,
    /// A browser goes by its policy: a page, a worker, a picture that may be opened as a page.
    governs: bool,
}

impl Web {
    /// Reads a build.
    ///
    /// # Errors
    /// When the folder cannot be read, holds no page, or holds more than a build does.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let what = || format!("web: {}", folder.display());
        let mut bytes = BTreeMap::new();
        let mut left = MAX_BYTES;
        collect(folder, "", &mut bytes, &mut left).with_context(what)?;
        if !bytes.contains_key("/index.html") {
            bail!(
                "{}: no index.html in it; give the folder that the web app was built into",
                what()
            );
        }
        let packed = |name: &str, end: &str| bytes.get(&format!("{name}.{end}")).cloned();
        let files =
            bytes.iter().filter(|(name, _)| !name.ends_with(".br") && !name.ends_with(".gz"));
        let files = files.map(|(name, plain)| {
            let hash = Sha256::digest(plain);
            let tag = data_encoding::HEXLOWER.encode(&hash[..12]);
            let file = File {
                plain: plain.clone(),
                brotli: packed(name, "br"),
                gzip: packed(name, "gz"),
                kind: kind(name),
                tag: HeaderValue::from_str(&format!("\"{tag}\""))?,
                forever: name.starts_with("/_app/immutable/"),
                governs: governs(name),
            };
            Ok((name.clone(), file))
        });
        Ok(Self { files: files.collect::<anyhow::Result<_>>()? })
    }

    /// Answers a request for a file or for the page. `None` when it is neither.
    pub(super) fn answer(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Option<HttpResponse> {
        let reads = *method == Method::GET || *method == Method::HEAD;
        if !reads || path.starts_with("/api/") {
            return None;
        }
        let wants_page = path == "/" || (accepts(headers, header::ACCEPT, "text/html"));
        let page = || wants_page.then(|| self.files.get("/index.html")).flatten();
        let file = self.files.get(path).or_else(page)?;
        Some(file.response(method, headers))
    }
}

impl File {
    fn response(&self, method: &Method, asked: &HeaderMap) -> HttpResponse {
        let known = asked.get(header::IF_NONE_MATCH).is_some_and(|it| *it == self.tag);
        let packed = |name: &str, it: &Option<Bytes>| {
            accepts(asked, header::ACCEPT_ENCODING, name).then(|| it.clone()).flatten()
        };
        let (bytes, coding) = match (packed("br", &self.brotli), packed("gzip", &self.gzip)) {
            (Some(bytes), _) => (bytes, Some("br")),
            (None, Some(bytes)) => (bytes, Some("gzip")),
            (None, None) => (self.plain.clone(), None),
        };
        let length = bytes.len();
        let empty = known || *method == Method::HEAD;
        let mut response = HttpResponse::new(if empty { Body::empty() } else { Body::from(bytes) });
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        let fixed = HeaderValue::from_static;
        headers.insert(header::CONTENT_TYPE, fixed(self.kind));
        headers.insert(header::ETAG, self.tag.clone());
        headers.insert(header::VARY, fixed("accept-encoding"));
        if !known {
            headers.insert(header::CONTENT_LENGTH, length.into());
        }
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, fixed(coding));
        }
        let cache = if self.forever { "public, max-age=31536000, immutable" } else { "no-cache" };
        headers.insert(header::CACHE_CONTROL, fixed(cache));
        if self.governs {
            headers.insert(header::CONTENT_SECURITY_POLICY, fixed(POLICY));
            headers.insert(header::REFERRER_POLICY, fixed("no-referrer"));
            headers.insert(HeaderName::from_static("permissions-policy"), fixed(PERMISSIONS));
            let opener = HeaderName::from_static("cross-origin-opener-policy");
            headers.insert(opener, fixed("same-origin"));
        }
        response
    }
}

/// All but the parts of a page that never stand for themselves: a first visit loads eighty of those,
/// and the policy with each would be as much as the screens are.
fn governs(name: &str) -> bool {
    let part = [".js", ".css", ".wasm"].iter().any(|end| name.ends_with(end));
    !(name.starts_with("/_app/immutable/") && part) || name.contains("/workers/")
}

fn collect(
    folder: &Path,
    under: &str,
    into: &mut BTreeMap<String, Bytes>,
    left: &mut u64,
) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let (path, name) = (entry.path(), format!("{under}/{name}"));
        // Followed nowhere: a build holds folders and files.
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&path, &name, into, left)?;
        } else if kind.is_file() {
            let size = entry.metadata()?.len();
            *left = left.checked_sub(size).with_context(|| {
                format!("more than {MAX_BYTES} bytes; give the folder of the web app alone")
            })?;
            into.insert(name, std::fs::read(path)?.into());
        }
    }
    Ok(())
}

/// Whether a list header names something. Weights are not told apart: nobody sends what they refuse.
fn accepts(headers: &HeaderMap, name: HeaderName, wanted: &str) -> bool {
    let values = headers.get_all(name);
    values.iter().filter_map(|it| it.to_str().ok()).flat_map(|it| it.split(',')).any(|one| {
        one.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case(wanted))
    })
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built() -> (tempfile::TempDir, Web) {
        let dir = tempfile::tempdir().unwrap();
        let assets = dir.path().join("_app/immutable");
        std::fs::create_dir_all(&assets).unwrap();
        std::fs::write(dir.path().join("index.html"), "<!doctype html>").unwrap();
        std::fs::write(assets.join("core.1a2b.wasm"), "plain").unwrap();
        std::fs::write(assets.join("core.1a2b.wasm.br"), "packed").unwrap();
        let web = Web::read(dir.path()).unwrap();
        (dir, web)
    }

    fn headers(list: &[(HeaderName, &'static str)]) -> HeaderMap {
        list.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_file_goes_out_packed_and_for_ever() {
        let (_dir, web) = built();
        let asked = headers(&[(header::ACCEPT_ENCODING, "gzip, br")]);
        let it = web.answer(&Method::GET, "/_app/immutable/core.1a2b.wasm", &asked).unwrap();
        assert_eq!(it.headers()[header::CONTENT_ENCODING], "br");
        assert_eq!(it.headers()[header::CONTENT_TYPE], "application/wasm");
        assert_eq!(it.headers()[header::CONTENT_LENGTH], "6");
        assert!(it.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        let plain = web.answer(&Method::HEAD, "/_app/immutable/core.1a2b.wasm", &headers(&[]));
        assert_eq!(plain.unwrap().headers()[header::CONTENT_LENGTH], "5");
    }

    #[test]
    fn whatever_a_browser_goes_by_has_the_policy() {
        for name in ["/index.html", "/service-worker.js", "/_app/immutable/workers/core.1a.js"] {
            assert!(governs(name), "{name}");
        }
        assert!(governs("/icons/icon.svg") && governs("/_app/immutable/assets/mark.1a.svg"));
        for name in ["/_app/immutable/chunks/1a.js", "/_app/immutable/assets/1a.css"] {
            assert!(!governs(name), "{name}");
        }
    }

    #[test]
    fn the_page_answers_every_path_of_a_person_and_none_of_a_program() {
        let (_dir, web) = built();
        let person = headers(&[(header::ACCEPT, "text/html,application/xhtml+xml;q=0.9")]);
        let page = web.answer(&Method::GET, "/check/0123", &person).unwrap();
        assert_eq!(page.headers()[header::CACHE_CONTROL], "no-cache");
        assert!(
            page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("'none'")
        );
        let tag = page.headers()[header::ETAG].clone();
        let mut again = person.clone();
        again.insert(header::IF_NONE_MATCH, tag);
        let same = web.answer(&Method::GET, "/", &again).unwrap();
        assert_eq!(same.status(), StatusCode::NOT_MODIFIED);
        for (method, path) in [
            (Method::GET, "/api/v1/none"),
            (Method::POST, "/"),
            (Method::GET, "/../index.html.br"),
            (Method::GET, "/_app/immutable/core.1a2b.wasm.br"),
        ] {
            assert!(web.answer(&method, path, &headers(&[])).is_none(), "{method} {path}");
        }
    }

    #[test]
    fn a_folder_without_a_page_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let refused = format!("{:#}", Web::read(dir.path()).unwrap_err());
        assert!(refused.contains("web:") && refused.contains("index.html"), "{refused}");
    }
}
