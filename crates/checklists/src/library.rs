//! The checklists that come with the product, as published.

use serde::Deserialize;

use crate::checklist::{Checklist, ChecklistError, Item, read};

/// One checklist as published.
#[derive(Debug, Clone, Copy)]
pub struct ShippedChecklist {
    /// The code inside the bytes, for finding it without parsing all of them.
    pub code: &'static str,
    /// The published bytes; their SHA-256 names the checklist.
    pub bytes: &'static [u8],
}

// Published files are kept as bytes and not composed on the phone: otherwise a field added to
// `Item` one day would change the name of a checklist that inspections already refer to.
const SHIPPED: [ShippedChecklist; 3] = [
    ShippedChecklist { code: "ENT", bytes: include_bytes!("../library/published/ent-1.json") },
    ShippedChecklist { code: "BUS", bytes: include_bytes!("../library/published/bus-1.json") },
    ShippedChecklist { code: "CCS", bytes: include_bytes!("../library/published/ccs-1.json") },
];

/// Every shipped checklist, each parseable by [`Checklist::parse`] (a test holds us to it).
#[must_use]
pub fn shipped() -> &'static [ShippedChecklist] {
    &SHIPPED
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Block {
    items: Vec<Item>,
}

/// Composes a checklist for publication: the items of the common block (`{"items": […]}`), then its
/// own, as compact JSON without a final newline. Equal sources give equal bytes.
///
/// # Errors
/// [`ChecklistError`] when either source, or the two together, are no valid checklist.
pub fn compose(common: &[u8], own: &[u8]) -> Result<Vec<u8>, ChecklistError> {
    let mut items = read::<Block>(common)?.items;
    let mut checklist: Checklist = read(own)?;
    items.append(&mut checklist.items);
    checklist.items = items;
    let bytes = serde_json::to_vec(&checklist)
        .map_err(|source| ChecklistError::Json { path: "document".to_owned(), source })?;
    Checklist::parse(&bytes)?;
    Ok(bytes)
}
