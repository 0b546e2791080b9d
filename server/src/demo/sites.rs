//! The site register: everything that can be inspected.

use super::bus::{self, Unit};
use super::table::{self, DemoError};
use crate::register::Site;

/// The whole register, sorted by code.
pub(super) fn load(units: &[Unit]) -> Result<Vec<Site>, DemoError> {
    let mut sites = table::read("places.csv", include_str!("../../demo/places.csv"), |row| {
        Ok(Site {
            code: row.text("code")?,
            parent: row.optional("parent")?,
            kind: row.text("kind")?,
            zh: row.text("zh")?,
            en: row.text("en")?,
            district: row.optional("district")?,
            organisation: row.text("organisation")?,
        })
    })?;
    sites.extend(bus::sites(units)?);
    sites.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(sites)
}
