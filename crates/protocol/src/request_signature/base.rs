//! The bytes that are signed (RFC 9421 §2.5).

use super::{
    CONTENT_DIGEST, CREATED_MAX_S, METHOD_MAX_BYTES, Params, SignatureError, TARGET_MAX_BYTES,
};

/// The base of one request under our profile.
pub(super) fn of_request(
    method: &str,
    target: &str,
    params: &Params,
    content_digest: &str,
    signature_params: &str,
) -> Result<Vec<u8>, SignatureError> {
    check(method, target, params)?;
    let covered =
        [("@method", method), ("@request-target", target), (CONTENT_DIGEST, content_digest)];
    Ok(lines(&covered, signature_params))
}

/// One line a covered component, then the parameters. No value may contain a line break: two
/// different requests could share a base.
pub(super) fn lines(covered: &[(&str, &str)], signature_params: &str) -> Vec<u8> {
    let mut base = String::new();
    for (name, value) in covered {
        base.extend(["\"", name, "\": ", value, "\n"]);
    }
    base.extend(["\"@signature-params\": ", signature_params]);
    base.into_bytes()
}

fn check(method: &str, target: &str, params: &Params) -> Result<(), SignatureError> {
    let wrong = |part, remedy| Err(SignatureError::Request { part, remedy });
    if !(1..=METHOD_MAX_BYTES).contains(&method.len())
        || !method.bytes().all(|byte| byte.is_ascii_uppercase())
    {
        return wrong("method", "use 1 to 16 uppercase letters, such as `POST`");
    }
    if target.len() > TARGET_MAX_BYTES {
        return wrong("target", "keep path and query within 4096 bytes");
    }
    if !target.starts_with('/')
        || !target.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#')
    {
        return wrong(
            "target",
            "use path and query as sent: from the first `/`, percent-encoded, without fragment",
        );
    }
    if !(0..=CREATED_MAX_S).contains(&params.created_s) {
        return wrong("created time", "use seconds since 1970, 0 to 999999999999999");
    }
    Ok(())
}
