//! `Upload-Metadata`: a client's own words about its upload, kept and given back as they came.
//!
//! Nothing here acts on them: what a photo is, its op says.

use std::collections::BTreeSet;

use data_encoding::BASE64;
use http::HeaderName;
use spotcheck_protocol::api::Request;

use crate::service::Failure;

pub(super) const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
/// Strangers to the ledger must not fill it.
const MAX_BYTES: usize = 4096;

/// The metadata of a creation request: pairs of a key and, after a space, a value in base64,
/// joined by commas. Keys are unique.
pub(super) fn given(request: &Request) -> Result<Option<&str>, Failure> {
    let mut all = request.headers().get_all(METADATA).iter();
    let Some(value) = all.next() else { return Ok(None) };
    let text = value.to_str().ok().filter(|text| all.next().is_none() && is_well_formed(text));
    let said = || {
        let detail = format!(
            "Upload-Metadata: unique keys, each with a value in base64, at most {MAX_BYTES} bytes"
        );
        Failure::problem(400, "bad_header", detail)
    };
    text.map(Some).ok_or_else(said)
}

fn is_well_formed(text: &str) -> bool {
    let mut keys = BTreeSet::new();
    let mut is_pair = |pair: &str| {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        !key.is_empty() && BASE64.decode(value.as_bytes()).is_ok() && keys.insert(key.to_owned())
    };
    // Clients differ in whether a space follows the comma.
    text.len() <= MAX_BYTES && text.split(',').all(|pair| is_pair(pair.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_pairs_with_unique_keys_and_base64_values() {
        for good in ["filename d29ybGQucGRm", "a YQ==,b,c Yg==", "a YQ==, b YQ==", "a "] {
            assert!(is_well_formed(good), "{good}");
        }
        let long = format!("a {}", "A".repeat(MAX_BYTES));
        for bad in ["", ",", "a YQ", "a YQ==,a Yg==", "a b c", &long] {
            assert!(!is_well_formed(bad), "{bad}");
        }
    }
}
