use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use proptest::prelude::*;

use super::*;

mod mutations;

const REQUEST: SignedRequest =
    SignedRequest { method: "POST", target: "/v1/sync?scope=a&after=7", body: b"{\"n\":1}" };
const PARAMS: Params = Params {
    created_s: 1_767_225_600,
    nonce: *b"sixteen bytes ..",
    key_id: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xa, 0xb, 0xc, 0xd, 0xe, 0xff],
};

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn sign_with(key: &SigningKey, request: &SignedRequest, params: &Params) -> SignatureHeaders {
    sign(request, params, |bytes| key.sign(bytes).to_bytes()).unwrap()
}

fn signed() -> SignatureHeaders {
    sign_with(&key(), &REQUEST, &PARAMS)
}

fn parse_all(headers: &SignatureHeaders) -> Result<ParsedSignature, SignatureError> {
    parse(&headers.content_digest, &headers.signature_input, &headers.signature)
}

fn verify(headers: &SignatureHeaders, request: &SignedRequest) -> Result<(), SignatureError> {
    parse_all(headers)?.verify(request, &key().verifying_key())
}

fn signed_by_hand(input: &str, covered: &[(&str, &str)]) -> SignatureHeaders {
    let signature = key().sign(&base::lines(covered, input)).to_bytes();
    SignatureHeaders {
        content_digest: signed().content_digest,
        signature_input: format!("spotcheck={input}"),
        signature: format!("spotcheck=:{}:", BASE64.encode(&signature)),
    }
}

/// The bytes are a contract with every client in the field. The signature was checked with OpenSSL
/// over the base spelled out below.
#[test]
fn the_header_bytes_never_change() {
    let headers = signed();
    assert_eq!(headers.content_digest, "sha-256=:K/0U9D0X/HzqJOCReoh5tLL4gLi67sG52Q+6rWVecb0=:");
    assert_eq!(
        headers.signature_input,
        concat!(
            r#"spotcheck=("@method" "@request-target" "content-digest");created=1767225600"#,
            r#";nonce="c2l4dGVlbiBieXRlcyAuLg";keyid="000102030405060708090a0b0c0d0eff""#,
            r#";alg="ed25519""#,
        )
    );
    assert_eq!(
        headers.signature,
        "spotcheck=:ePAqFpq8ji2fNrT3QvnWlz8erEfa5gvdhcBV7udxhCqip9ioILeQRfkqQMSMndmttGVlYDkG4WCKHvuwgTmeDw==:"
    );
    let prepared = prepare(&REQUEST, &PARAMS).unwrap();
    assert_eq!(
        str::from_utf8(prepared.bytes_to_sign()).unwrap(),
        concat!(
            "\"@method\": POST\n",
            "\"@request-target\": /v1/sync?scope=a&after=7\n",
            "\"content-digest\": sha-256=:K/0U9D0X/HzqJOCReoh5tLL4gLi67sG52Q+6rWVecb0=:\n",
            r#""@signature-params": ("@method" "@request-target" "content-digest")"#,
            r#";created=1767225600;nonce="c2l4dGVlbiBieXRlcyAuLg""#,
            r#";keyid="000102030405060708090a0b0c0d0eff";alg="ed25519""#,
        )
    );
    let signature = key().sign(prepared.bytes_to_sign()).to_bytes();
    assert_eq!(prepared.attach(&signature), headers);
}

#[test]
fn a_signed_request_verifies_whole_or_head_first() {
    let parsed = parse_all(&signed()).unwrap();
    assert_eq!(parsed.params(), &PARAMS);
    assert_eq!(parsed.content_sha256()[..], Sha256::digest(REQUEST.body)[..]);
    assert_eq!(parsed.verify(&REQUEST, &key().verifying_key()), Ok(()));
    let head = parsed.verify_head(REQUEST.method, REQUEST.target, &key().verifying_key());
    assert_eq!(head, Ok(()));
    assert_eq!(parsed.verify_body(REQUEST.body), Ok(()));
    assert_eq!(parsed.verify_body(b""), Err(SignatureError::DigestMismatch));
}

/// RFC 9530 appendix B gives this digest for empty content.
#[test]
fn an_empty_body_has_a_digest_too() {
    let request = SignedRequest { method: "GET", target: "/", body: b"" };
    let headers = sign_with(&key(), &request, &PARAMS);
    assert_eq!(headers.content_digest, "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
    assert_eq!(verify(&headers, &request), Ok(()));
}

/// RFC 9421 appendix B.2.6, with the key of B.1.4: our builder makes the base that others make.
#[test]
fn the_base_is_that_of_the_rfc() {
    let base = base::lines(
        &[
            ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("@method", "POST"),
            ("@path", "/foo"),
            ("@authority", "example.com"),
            ("content-type", "application/json"),
            ("content-length", "18"),
        ],
        concat!(
            r#"("date" "@method" "@path" "@authority" "content-type" "content-length")"#,
            r#";created=1618884473;keyid="test-key-ed25519""#
        ),
    );
    let bytes = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
    let public = bytes("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs");
    let secret = bytes("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU");
    let expected = bytes(concat!(
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9",
        "EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw"
    ));
    let expected = Signature::from_slice(&expected).unwrap();
    let key = VerifyingKey::try_from(&public[..]).unwrap();
    assert!(key.verify_strict(&base, &expected).is_ok());
    assert_eq!(SigningKey::try_from(&secret[..]).unwrap().sign(&base), expected);
}

#[test]
fn a_signature_fits_one_request_only() {
    let other = |change: fn(&mut SignedRequest)| {
        let mut request = REQUEST;
        change(&mut request);
        verify(&signed(), &request)
    };
    use SignatureError::{BadSignature, DigestMismatch};
    assert_eq!(other(|r| r.body = b"{\"n\":2}"), Err(DigestMismatch));
    assert_eq!(other(|r| r.body = b""), Err(DigestMismatch));
    assert_eq!(other(|r| r.body = b"{\"n\":1}\n"), Err(DigestMismatch));
    assert_eq!(other(|r| r.method = "PUT"), Err(BadSignature));
    assert_eq!(other(|r| r.target = "/v1/sync?after=7&scope=a"), Err(BadSignature)); // query order
    assert_eq!(other(|r| r.target = "/v1/sync?scope=%61&after=7"), Err(BadSignature));
    assert_eq!(other(|r| r.target = "/v1/sync"), Err(BadSignature));
    assert_eq!(other(|r| r.target = "/v1/sync?scope=a&after=7&"), Err(BadSignature));
    assert_eq!(other(|r| r.target = "/v1//sync?scope=a&after=7"), Err(BadSignature));
}

#[test]
fn a_signature_fits_one_key_only() {
    let parsed = parse_all(&signed()).unwrap();
    let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
    assert_eq!(parsed.verify(&REQUEST, &other), Err(SignatureError::BadSignature));
}

/// With the identity point as key and R, and 0 as S, plain Ed25519 accepts any message.
#[test]
fn a_weak_key_verifies_nothing() {
    let mut identity = [0; 32];
    identity[0] = 1;
    let weak = VerifyingKey::from_bytes(&identity).unwrap();
    let mut signature = [0; 64];
    signature[0] = 1;
    assert!(weak.verify(b"any message", &Signature::from_bytes(&signature)).is_ok());
    let headers = prepare(&REQUEST, &PARAMS).unwrap().attach(&signature);
    let verified = parse_all(&headers).unwrap().verify(&REQUEST, &weak);
    assert_eq!(verified, Err(SignatureError::BadSignature));
}

/// An attacker who holds a valid device key can sign any base; the profile still refuses it.
#[test]
fn a_valid_signature_over_less_is_refused() {
    let digest = signed().content_digest;
    let rest = signature_params(&PARAMS).replace(COVERED, "");
    let (method, target) = (("@method", "POST"), ("@request-target", REQUEST.target));
    let digest = ("content-digest", digest.as_str());
    let names = |covered: &[(&str, &str)]| {
        let names: Vec<_> = covered.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        format!("({}){rest}", names.join(" "))
    };
    let all = [method, target, digest];
    assert_eq!(verify(&signed_by_hand(&names(&all), &all), &REQUEST), Ok(()));
    let selections: [&[_]; 6] = [
        &[],
        &[method, target],
        &[method, digest],
        &[target, digest],
        &[target, method, digest],
        &[method, target, digest, ("date", "Tue, 20 Apr 2021 02:07:55 GMT")],
    ];
    for covered in selections {
        let refused = verify(&signed_by_hand(&names(covered), covered), &REQUEST).unwrap_err();
        let text = refused.to_string();
        assert!(text.starts_with("signature-input: wrong covered components; send `(\"@method\""));
    }
}

#[test]
fn what_cannot_be_sent_is_not_signed() {
    let long = format!("/{}", "a".repeat(TARGET_MAX_BYTES));
    let refused = |method: &str, target: &str, created_s: i64| {
        let request = SignedRequest { method, target, body: b"" };
        let params = Params { created_s, ..PARAMS };
        let error = sign(&request, &params, |_| panic!("signed")).unwrap_err();
        assert!(matches!(error, SignatureError::Request { .. }), "{error}");
    };
    for method in ["", "post", "POST ", "GET\n", "G\u{c9}T", "ABCDEFGHIJKLMNOPQ", "M-SEARCH"] {
        refused(method, "/", 0);
    }
    for target in ["", "*", "a/b", "https://a.example/", "/a b", "/a\n", "/\u{e9}", "/a#b", &long] {
        refused("GET", target, 0);
    }
    for created_s in [-1, i64::MIN, CREATED_MAX_S + 1, i64::MAX] {
        refused("GET", "/", created_s);
    }
    let longest = SignedRequest { method: "ABCDEFGHIJKLMNOP", target: &long[1..], body: b"" };
    assert!(prepare(&longest, &PARAMS).is_err()); // the right length, but no slash
    let longest = SignedRequest { target: &long[..TARGET_MAX_BYTES], ..longest };
    assert!(prepare(&longest, &PARAMS).is_ok());
}

/// Verifying checks the request too, so a host that passes something else on is told so.
#[test]
fn a_request_line_break_is_refused_before_the_signature() {
    let request = SignedRequest { target: "/a\n\"content-digest\": x", ..REQUEST };
    let refused = verify(&signed(), &request);
    assert!(matches!(refused, Err(SignatureError::Request { part: "target", .. })));
}

#[test]
fn a_header_counts_only_if_it_is_there_once() {
    let one: [&[u8]; 1] = [b"a"];
    assert_eq!(only_value(SIGNATURE, one), Ok("a"));
    let missing = only_value(SIGNATURE, []).unwrap_err();
    assert_eq!(missing.to_string(), "signature: missing; send it exactly once");
    let twice = only_value(SIGNATURE_INPUT, [one[0], one[0]]).unwrap_err();
    assert_eq!(twice.to_string(), "signature-input: sent more than once; send it exactly once");
    for bytes in [&b"\xff"[..], "\u{e9}".as_bytes()] {
        let refused = only_value(CONTENT_DIGEST, [bytes]).unwrap_err();
        assert_eq!(refused.to_string(), "content-digest: wrong bytes; send ASCII only");
    }
}
