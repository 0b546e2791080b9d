//! The reader of workbooks in a browser: a module of its own, which only who publishes a checklist loads.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen::prelude::wasm_bindgen;

/// Makes a checklist of a workbook: [`spotcheck_xlsform::Imported`] as JSON. `name`: the file's, whose ending
/// says what it is; `pack`: the rule pack where the workbook names none.
#[wasm_bindgen]
#[must_use]
pub fn read(bytes: &[u8], name: &str, pack: &str) -> String {
    let imported = spotcheck_xlsform::import(bytes, name, pack);
    serde_json::to_string(&imported).unwrap_or_default()
}
