//! How much one file may hold. What comes from outside is bounded before it is looked at.

/// The longest file, in bytes.
pub const MAX_FILE_BYTES: usize = 64 * 1024 * 1024;
/// The longest line, in bytes of UTF-8: no logger writes one, a picture renamed to .csv has one.
pub const MAX_LINE_BYTES: usize = 16 * 1024;
/// The most readings of one file: a year at one minute (527,040 in a leap year), and room.
pub const MAX_READINGS: usize = 600_000;
/// The most lines kept beside the readings, of each sort: days, facts, lines not understood.
pub const MAX_KEPT_LINES: usize = 10_000;
/// The longest number, in characters; it stays exact as a [`spotcheck_rules::Quantity`].
pub(crate) const MAX_VALUE_CHARS: usize = 24;
