//! Registers of sites: everything that can be inspected, as pages that every device fetches by their
//! hash.

mod table;
#[cfg(test)]
mod tests;

pub use table::{Fault, MOST_BYTES, Unreadable, read};

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// What a register is called that was given no name.
pub const DEFAULT: &str = "sites";

/// A page ends after one site in so many, chosen by its code: where a site is added or goes, one page
/// changes and all others are already on the devices.
const ONE_IN: u32 = 1_000;
/// And with so many at the latest: about a megabyte.
const MOST_IN_A_PAGE: usize = 4_000;

/// A place, a thing or a position inside one, that can be inspected.
///
/// Kinds: `port`, `port_zone`, `quarantine_point`; `wholesale_market`, `street_market`, `gate`,
/// `cold_store`, `cold_room`; `area`, `community`; `airport`, `building`, `works_project`, `mall`,
/// `office`, `position`; `metro_station`, `key_station`; `bus_company`, `fleet`, `depot`, `workshop`,
/// `guard_post`, `canteen`, `dormitory`, `bus_route`, `route_stop`, `vehicle`; `other`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Site {
    /// Unique in the register, in any case; what people write on the door.
    pub code: String,
    /// The site it is part of.
    pub parent: Option<String>,
    /// One of the kinds above; the checklists that are offered and figures go by it.
    pub kind: String,
    /// Its name in Chinese; a vehicle's is its plate.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// The city district, by its Chinese name.
    pub district: Option<String>,
    /// The organisation that answers for it; may be empty.
    #[serde(rename = "org")]
    pub organisation: String,
}

impl Site {
    /// The site as one JSON object. Written by hand because text, unlike `serde_json::to_vec`, cannot
    /// fail, and because the order of keys must not depend on a feature of a dependency.
    fn to_json(&self) -> String {
        let [code, kind, zh, en, org] =
            [&self.code, &self.kind, &self.zh, &self.en, &self.organisation]
                .map(|text| Value::from(text.as_str()));
        let [parent, district] =
            [&self.parent, &self.district].map(|text| Value::from(text.as_deref()));
        format!(
            r#"{{"code":{code},"parent":{parent},"kind":{kind},"zh":{zh},"en":{en},"district":{district},"org":{org}}}"#
        )
    }

    fn ends_a_page(&self) -> bool {
        let hash = Sha256::digest(self.code.as_bytes());
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]).is_multiple_of(ONE_IN)
    }
}

/// The register as JSON arrays in order of code. Equal registers give equal bytes, so that a page can
/// be named by its hash.
pub fn pages(sites: &[Site]) -> Vec<Vec<u8>> {
    let mut sites: Vec<&Site> = sites.iter().collect();
    sites.sort_by(|a, b| a.code.cmp(&b.code));
    let mut pages = vec![];
    let mut page: Vec<String> = vec![];
    for site in sites {
        page.push(site.to_json());
        if site.ends_a_page() || page.len() == MOST_IN_A_PAGE {
            pages.push(bytes_of(&page));
            page.clear();
        }
    }
    // An empty register has one page, too: nothing is something to say.
    if !page.is_empty() || pages.is_empty() {
        pages.push(bytes_of(&page));
    }
    pages
}

fn bytes_of(rows: &[String]) -> Vec<u8> {
    format!("[{}]", rows.join(",")).into_bytes()
}
