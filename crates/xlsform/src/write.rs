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
    // Blanks before it are gone once it is read.
    let seen = text.trim_start();
    if is_formula(text) || is_formula(seen) || is_made_harmless(seen) {
        Cow::Owned(format!("'{seen}"))
    } else {
        Cow::Borrowed(text)
    }
}
