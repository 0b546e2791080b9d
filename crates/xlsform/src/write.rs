//! Workbooks become files.

mod csv;
mod markdown;
mod xlsx;

pub use csv::write_csv;
pub use markdown::write_markdown;
pub use xlsx::{WriteError, write_xlsx};

use std::borrow::Cow;

use crate::workbook::{is_formula, is_made_harmless};

/// A text that no spreadsheet program runs as a formula: `'` stands before what would be one.
/// [`crate::read`] takes it away again.
fn harmless(text: &str) -> Cow<'_, str> {
    if is_formula(text) || is_made_harmless(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}
