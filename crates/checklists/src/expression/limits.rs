//! How much a stranger's expression may ask of a phone.

/// Limits that hold for every expression, whoever wrote it.
#[derive(Debug, Clone, Copy)]
pub struct Limits;

impl Limits {
    /// Longest text of one expression, in bytes. Excel holds 32,767 characters in a cell.
    pub const BYTES: usize = 65_536;
    /// Deepest nesting of parentheses, arguments, predicates and signs. Chains such as `a + b + …`
    /// are flat and not nested, however long.
    pub const DEPTH: usize = 128;
    /// Work of one evaluation: nodes visited plus bytes of text made, each counted as one.
    pub const WORK: u64 = 4_000_000;
    /// Work of all evaluations with which a checklist is looked at once.
    pub const STANDING: u64 = 8_000_000;
    /// Longest text that a calculation stores, in bytes: others are made of it.
    pub const COMPUTED_BYTES: usize = 65_536;
    /// Most places of repeats that conditions look at.
    pub const PLACES: usize = 1_000;
    /// Most memory a compiled pattern of `regex` may take, in bytes.
    pub const REGEX_BYTES: usize = 1 << 20;
    /// Most faults reported of one form: a suggestion is looked for among all names for each.
    pub const FAULTS: usize = 100;
    /// Most names that all expressions of a form read or pass through together; `*` passes many.
    pub const READS: usize = 1_000_000;
}
