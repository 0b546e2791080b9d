//! How much a stranger's workbook may hold.

/// Limits that hold for every workbook, whoever wrote it.
#[derive(Debug, Clone, Copy)]
pub struct Limits;

impl Limits {
    /// Longest file, in bytes.
    pub const FILE_BYTES: usize = 16 << 20;
    /// Most that the parts of a workbook may unpack to together, in bytes.
    pub const UNPACKED_BYTES: u64 = 32 << 20;
    /// Most parts of an `.xlsx`, counted in its directory.
    pub const PARTS: usize = 2_000;
    /// Most sheets.
    pub const SHEETS: usize = 256;
    /// Last row of a sheet that is read, from 1.
    pub const ROWS: u32 = 10_000;
    /// Last column of a sheet that is read, from 1.
    pub const COLUMNS: u32 = 500;
    /// Most filled cells of a workbook.
    pub const CELLS: usize = 500_000;
    /// Longest text of one cell, in bytes. Excel holds 32,767 characters in one.
    pub const CELL_BYTES: usize = 131_072;
    /// Most text of all cells together, in bytes: one shared text may fill many cells.
    pub const TEXT_BYTES: usize = 16 << 20;
    /// Most errors that are listed of one form, and most other remarks; one more counts the rest.
    pub const PROBLEMS: usize = 200;
    /// The same of a checklist made of a form: whatever it does not hold is to be seen.
    pub const REMARKS: usize = 100_000;
    /// Most faults in `${name}` that are looked for: each is compared with all names.
    pub const UNKNOWN_NAMES: usize = 100;
}
