//! Headers that are almost right.

use super::*;

/// What replaces what, in which header, and how the refusal begins.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    // Content-Digest
    (CONTENT_DIGEST, "sha-256=", "sha-512=", "content-digest: wrong algorithm; begin with"),
    (CONTENT_DIGEST, "sha-256=", "SHA-256=", "content-digest: wrong algorithm"),
    (CONTENT_DIGEST, "sha-256=", " sha-256=", "content-digest: wrong algorithm"),
    (CONTENT_DIGEST, "sha-256=:", "sha-256=", "content-digest: wrong algorithm"),
    (CONTENT_DIGEST, "=:", "=: ", "content-digest: wrong digest; send 44 base64"),
    (CONTENT_DIGEST, "/", "_", "content-digest: wrong digest; send 44 base64"),
    // Signature-Input: label
    (SIGNATURE_INPUT, "spotcheck=", "sig1=", "signature-input: wrong label; begin with"),
    (SIGNATURE_INPUT, "spotcheck=", "Spotcheck=", "signature-input: wrong label"),
    (SIGNATURE_INPUT, "spotcheck=", "spotcheck =", "signature-input: wrong label"),
    (SIGNATURE_INPUT, "spotcheck=", " spotcheck=", "signature-input: wrong label"),
    (SIGNATURE_INPUT, "spotcheck=", "a=1, spotcheck=", "signature-input: wrong label"),
    // Signature-Input: components
    (SIGNATURE_INPUT, "\"@method\" ", "", "signature-input: wrong covered components"),
    (SIGNATURE_INPUT, "\"@request-target\" ", "", "signature-input: wrong covered components"),
    (SIGNATURE_INPUT, " \"content-digest\"", "", "signature-input: wrong covered components"),
    (SIGNATURE_INPUT, "\"@method\" ", "\"@method\"  ", "signature-input: wrong covered components"),
    (SIGNATURE_INPUT, "(\"", "( \"", "signature-input: wrong covered components"),
    (SIGNATURE_INPUT, "-digest\"", "-digest\";req", "signature-input: wrong covered components"),
    (SIGNATURE_INPUT, "@method", "@METHOD", "signature-input: wrong covered components"),
    (SIGNATURE_INPUT, "@request-target", "@path", "signature-input: wrong covered components"),
    // Signature-Input: parameters
    (
        SIGNATURE_INPUT,
        ";created=1767225600",
        "",
        "signature-input: wrong parameter; send `;created",
    ),
    (SIGNATURE_INPUT, ";created", "; created", "signature-input: wrong parameter; send `;created"),
    (SIGNATURE_INPUT, "=1767225600", "=", "signature-input: wrong created; send seconds in 1"),
    (SIGNATURE_INPUT, "=1767225600", "=-1", "signature-input: wrong created"),
    (SIGNATURE_INPUT, "=1767225600", "=+1", "signature-input: wrong created"),
    (SIGNATURE_INPUT, "=1767225600", "=01767225600", "signature-input: wrong created"),
    (SIGNATURE_INPUT, "=1767225600", "=1767225600.0", "signature-input: wrong created"),
    (SIGNATURE_INPUT, "=1767225600", "=\"1767225600\"", "signature-input: wrong created"),
    (SIGNATURE_INPUT, "=1767225600", "=1234567890123456", "signature-input: wrong created"),
    (SIGNATURE_INPUT, ";nonce", ";expires=1767225900;nonce", "signature-input: wrong parameter"),
    (SIGNATURE_INPUT, "AuLg\"", "AuL\"", "signature-input: wrong nonce; send 22 base64url"),
    (SIGNATURE_INPUT, "AuLg\"", "AuLh\"", "signature-input: wrong nonce"), // loose last bits
    (SIGNATURE_INPUT, "AuLg\"", "AuLg==\"", "signature-input: wrong nonce"),
    (SIGNATURE_INPUT, "0eff", "0eFF", "signature-input: wrong keyid; send 32 lowercase hex"),
    (SIGNATURE_INPUT, "0eff", "0e", "signature-input: wrong keyid"),
    (SIGNATURE_INPUT, "0eff", "0eff00", "signature-input: wrong keyid"),
    (SIGNATURE_INPUT, ";keyid", ";tag=\"a\";keyid", "signature-input: wrong parameter"),
    (SIGNATURE_INPUT, ";alg=\"ed25519\"", "", "signature-input: wrong parameter; send `;alg="),
    (SIGNATURE_INPUT, "\"ed25519", "\"hmac-sha256", "signature-input: wrong alg; send `ed25519`"),
    (SIGNATURE_INPUT, "\"ed25519", "\"rsa-pss-sha512", "signature-input: wrong alg"),
    (SIGNATURE_INPUT, "\"ed25519", "\"Ed25519", "signature-input: wrong alg"),
    (SIGNATURE_INPUT, "\"ed25519\"", "\"ed25519ph\"", "signature-input: wrong alg"),
    (SIGNATURE_INPUT, "\"ed25519\"", "\"ed25519\" ", "signature-input: wrong text after the end"),
    (SIGNATURE_INPUT, "\"ed25519\"", "\"ed25519\";tag=\"a\"", "signature-input: wrong text after"),
    (SIGNATURE_INPUT, "\"ed25519\"", "\"ed25519\", a=()", "signature-input: wrong text after"),
    // Signature
    (SIGNATURE, "spotcheck=:", "sig1=:", "signature: wrong label; begin with `spotcheck=`"),
    (SIGNATURE, "spotcheck=:", "spotcheck=", "signature: wrong start of the signature"),
    (SIGNATURE, "spotcheck=:", "spotcheck=: ", "signature: wrong signature; send 88 base64"),
    (SIGNATURE, "==:", ":", "signature: wrong signature; send 88 base64"),
    (SIGNATURE, "==:", "==", "signature: wrong end of the signature"),
    (SIGNATURE, "==:", "==:;a", "signature: wrong text after the end"),
    (
        SIGNATURE,
        "==:",
        "==:, spotcheck=:AAAA:",
        "signature: wrong text after the end; end with one",
    ),
];

fn value<'a>(headers: &'a mut SignatureHeaders, header: &str) -> &'a mut String {
    match header {
        CONTENT_DIGEST => &mut headers.content_digest,
        SIGNATURE_INPUT => &mut headers.signature_input,
        _ => &mut headers.signature,
    }
}

#[test]
fn every_other_form_is_refused_by_name() {
    for (header, from, to, refusal) in REFUSED {
        let mut headers = signed();
        let text = value(&mut headers, header);
        assert!(text.contains(from), "{header} has no {from}");
        *text = text.replacen(from, to, 1);
        let refused = parse_all(&headers).unwrap_err().to_string();
        assert!(refused.starts_with(refusal), "{from} as {to}: {refused}");
    }
}

#[test]
fn a_repeated_label_is_refused() {
    for header in [CONTENT_DIGEST, SIGNATURE_INPUT, SIGNATURE] {
        let mut headers = signed();
        let text = value(&mut headers, header);
        *text = format!("{text}, {text}");
        let refused = parse_all(&headers).unwrap_err().to_string();
        assert!(refused.starts_with(&format!("{header}: wrong text after the end")), "{refused}");
    }
}

#[test]
fn parameters_in_another_order_are_refused() {
    let [created, nonce, keyid, alg] = [
        ";created=1767225600",
        ";nonce=\"c2l4dGVlbiBieXRlcyAuLg\"",
        ";keyid=\"000102030405060708090a0b0c0d0eff\"",
        ";alg=\"ed25519\"",
    ];
    let mut headers = signed();
    for order in
        [[nonce, created, keyid, alg], [created, keyid, nonce, alg], [created, nonce, alg, keyid]]
    {
        headers.signature_input = format!("{LABEL}{COVERED}{}", order.concat());
        let refused = parse_all(&headers).unwrap_err().to_string();
        assert!(refused.starts_with("signature-input: wrong parameter; send"), "{refused}");
    }
}

#[test]
fn long_values_are_not_looked_at() {
    for header in [CONTENT_DIGEST, SIGNATURE_INPUT, SIGNATURE] {
        let mut headers = signed();
        value(&mut headers, header).push_str(&" ".repeat(512));
        let refused = parse_all(&headers);
        assert_eq!(refused, Err(SignatureError::TooLong { header, max_bytes: 512 }));
    }
}

/// Base64 decoders accept padded blocks one after the other; that would be a second form.
#[test]
fn padding_in_the_middle_is_refused() {
    let padded = format!("AAA={}", "AAAA".repeat(10));
    assert_eq!(BASE64.decode(padded.as_bytes()).unwrap().len(), 32);
    let mut headers = signed();
    headers.content_digest = format!("sha-256=:{padded}:");
    let refused = parse_all(&headers).unwrap_err().to_string();
    assert!(refused.starts_with("content-digest: wrong digest"), "{refused}");
}

/// Adding the group order to S gives a second signature that careless verifiers accept.
#[test]
fn a_signature_has_no_second_form() {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut signature = key().sign(prepare(&REQUEST, &PARAMS).unwrap().bytes_to_sign()).to_bytes();
    let mut carry = 0;
    for (byte, order) in signature[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        *byte = sum as u8;
        carry = sum >> 8;
    }
    let headers = prepare(&REQUEST, &PARAMS).unwrap().attach(&signature);
    assert_eq!(verify(&headers, &REQUEST), Err(SignatureError::BadSignature));
}

/// One edit of a text: replace, insert, remove, swap, cut off or repeat.
fn mutate(text: &str, edit: u8, at: usize, with: char) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let at = at % chars.len();
    let next = (at + 1) % chars.len();
    match edit % 7 {
        0 => chars[at] = with,
        1 => chars.insert(at, with),
        2 => drop(chars.remove(at)),
        3 => chars.swap(at, next),
        4 => chars.truncate(at),
        5 if chars[at].is_ascii_uppercase() => chars[at].make_ascii_lowercase(),
        5 => chars[at].make_ascii_uppercase(),
        _ => chars.extend_from_within(at..),
    }
    chars.into_iter().collect()
}

fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        prop::sample::select("=:;,\"() \t+-/_.@AZaz09".chars().collect::<Vec<_>>()),
        prop::char::range(' ', '~'),
        any::<char>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_mutated_header_never_verifies(
        header in prop::sample::select(vec![CONTENT_DIGEST, SIGNATURE_INPUT, SIGNATURE]),
        edits in prop::collection::vec((any::<u8>(), any::<usize>(), character()), 1..4),
    ) {
        let mut headers = signed();
        let text = value(&mut headers, header);
        for (edit, at, with) in edits {
            if !text.is_empty() {
                *text = mutate(text, edit, at, with);
            }
        }
        if headers != signed() {
            prop_assert!(verify(&headers, &REQUEST).is_err(), "{headers:?}");
        }
    }

    #[test]
    fn a_header_that_parses_has_the_one_form(
        edits in prop::collection::vec((any::<u8>(), any::<usize>(), character()), 0..3),
    ) {
        let mut headers = signed();
        for (edit, at, with) in edits {
            let header = [CONTENT_DIGEST, SIGNATURE_INPUT, SIGNATURE][at % 3];
            let text = value(&mut headers, header);
            if !text.is_empty() {
                *text = mutate(text, edit, at / 3, with);
            }
        }
        if let Ok(parsed) = parse_all(&headers) {
            let input = format!("{LABEL}{}", signature_params(parsed.params()));
            prop_assert_eq!(input, headers.signature_input);
            prop_assert_eq!(content_digest(parsed.content_sha256()), headers.content_digest);
        }
    }

    #[test]
    fn arbitrary_text_never_panics(digest: String, input: String, signature: String, cut: usize) {
        prop_assert!(parse(&digest, &input, &signature).is_err());
        for (header, rest) in
            [(CONTENT_DIGEST, digest), (SIGNATURE_INPUT, input), (SIGNATURE, signature)]
        {
            let mut headers = signed();
            let text = value(&mut headers, header);
            *text = format!("{}{rest}", &text[..cut % (text.len() + 1)]);
            prop_assert!(parse_all(&headers).is_err() || headers == signed());
        }
    }

    #[test]
    fn whatever_is_signed_verifies_for_that_request_alone(
        method in "[A-Z]{1,16}",
        target in "/[!\"$-~]{0,60}",
        body in prop::collection::vec(any::<u8>(), 0..100),
        created_s in 0..=CREATED_MAX_S,
        nonce: [u8; 16],
        key_id: [u8; 16],
        (edit, at, with) in (any::<u8>(), any::<usize>(), character()),
    ) {
        let request = SignedRequest { method: &method, target: &target, body: &body };
        let params = Params { created_s, nonce, key_id };
        let headers = sign_with(&key(), &request, &params);
        prop_assert_eq!(*parse_all(&headers).unwrap().params(), params);
        prop_assert_eq!(verify(&headers, &request), Ok(()));

        let (method, target) = (mutate(&method, edit, at, with), mutate(&target, edit, at, with));
        for other in [
            SignedRequest { method: &method, ..request },
            SignedRequest { target: &target, ..request },
        ] {
            let same = other.method == request.method && other.target == request.target;
            prop_assert_eq!(verify(&headers, &other).is_ok(), same, "{:?}", other);
        }
    }
}
