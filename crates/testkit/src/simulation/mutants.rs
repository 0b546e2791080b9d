//! Planted faults: small changes in the product's real code path, each re-enacting a failure that
//! other field tools had, each of which the invariants must notice.

/// A planted fault.
#[derive(Debug, Clone, Copy)]
pub struct Mutant {
    /// The name at its place in the code: `planted!("…")`.
    pub name: &'static str,
    /// The failure it re-enacts.
    pub after: &'static str,
}

/// All of them.
pub const MUTANTS: &[Mutant] = &[
    Mutant { name: "any-200-is-ok", after: "a captive portal's 200 taken for the server's word" },
];
