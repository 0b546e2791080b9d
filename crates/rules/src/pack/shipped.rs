//! The packs that come with the product, so that a phone can judge before it ever met a server.

/// One pack as published.
#[derive(Debug, Clone, Copy)]
pub struct ShippedPack {
    /// The code inside the bytes, for finding it without parsing all of them.
    pub code: &'static str,
    /// The published bytes; their SHA-256 names the pack.
    pub bytes: &'static [u8],
}

const SHIPPED: [ShippedPack; 1] = [ShippedPack {
    code: "cn-shenzhen-2021",
    bytes: include_bytes!("../../packs/cn-shenzhen-2021.json"),
}];

/// Every shipped pack, each parseable by [`crate::Pack::parse`] (a test holds us to it).
#[must_use]
pub fn shipped() -> &'static [ShippedPack] {
    &SHIPPED
}
