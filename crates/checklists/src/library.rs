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

macro_rules! published {
    ($code:literal, $file:literal) => {
        ShippedChecklist {
            code: $code,
            bytes: include_bytes!(concat!("../library/published/", $file, ".json")),
        }
    };
}

// Published files are kept as bytes and not composed on the phone: otherwise a field added to
// `Item` one day would change the name of a checklist that inspections already refer to.
const SHIPPED: [ShippedChecklist; 17] = [
    published!("ENT", "ent-1"),
    published!("BUS", "bus-1"),
    published!("CCS", "ccs-1"),
    published!("COM", "com-1"),
    published!("PRT", "prt-1"),
    published!("LED", "led-1"),
    published!("DIS", "dis-1"),
    published!("AIR", "air-1"),
    published!("KIT", "kit-1"),
    published!("KIT-US", "kit-us-1"),
    published!("KIT-UK", "kit-uk-1"),
    published!("KIT-EU", "kit-eu-1"),
    published!("VAX", "vax-1"),
    published!("UNIT", "unit-1"),
    published!("DEP", "dep-1"),
    published!("QUA", "qua-1"),
    published!("STM", "stm-1"),
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
