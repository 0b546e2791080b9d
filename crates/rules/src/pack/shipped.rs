//! The packs that come with the product, so that a phone can judge before it ever met a server.

/// One pack as published.
#[derive(Debug, Clone, Copy)]
pub struct ShippedPack {
    /// The code inside the bytes, for finding it without parsing all of them.
    pub code: &'static str,
    /// The published bytes; their SHA-256 names the pack.
    pub bytes: &'static [u8],
}

macro_rules! pack {
    ($code:literal) => {
        ShippedPack { code: $code, bytes: include_bytes!(concat!("../../packs/", $code, ".json")) }
    };
}

// The first is the one devices already judge by. Where two hold the same limit, the earlier answers
// a question that names none.
const SHIPPED: [ShippedPack; 9] = [
    pack!("cn-shenzhen-2021"),
    pack!("cn-shenzhen-epidemic"),
    pack!("cn-food-cold-chain"),
    pack!("cn-catering"),
    pack!("us-food-code"),
    pack!("uk-food"),
    pack!("eu-food"),
    pack!("vaccine-cold-chain"),
    pack!("cn-drug-gsp"),
];

/// Every shipped pack, each parseable by [`crate::Pack::parse`] (a test holds us to it).
#[must_use]
pub fn shipped() -> &'static [ShippedPack] {
    &SHIPPED
}
