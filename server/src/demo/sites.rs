//! The site register: everything that can be inspected.

use serde::Serialize;
use serde_json::Value;

use super::bus::{self, Unit};
use super::table::{self, DemoError};

/// A place, a thing or a position inside one, that can be inspected.
///
/// Kinds: `port`, `port_zone`, `quarantine_point`; `wholesale_market`, `street_market`, `gate`,
/// `cold_store`, `cold_room`; `area`, `community`; `airport`, `building`, `works_project`, `mall`,
/// `office`, `position`; `metro_station`, `key_station`; `bus_company`, `fleet`, `depot`, `workshop`,
/// `guard_post`, `canteen`, `dormitory`, `bus_route`, `route_stop`, `vehicle`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Site {
    /// Short upper-case ASCII, unique in the register.
    pub code: String,
    /// The site it is part of.
    pub parent: Option<String>,
    /// One of the kinds above; templates and figures go by it.
    pub kind: String,
    /// Its name in Chinese; a vehicle's is its plate.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// The city district, by its Chinese name.
    pub district: Option<String>,
    /// The organisation that answers for it.
    #[serde(rename = "org")]
    pub organisation: String,
}

impl Site {
    /// The site as one JSON object. Written by hand because text, unlike `serde_json::to_vec`, cannot
    /// fail, and because the order of keys must not depend on a feature of a dependency.
    pub(super) fn to_json(&self) -> String {
        let [code, kind, zh, en, org] =
            [&self.code, &self.kind, &self.zh, &self.en, &self.organisation]
                .map(|text| Value::from(text.as_str()));
        let [parent, district] =
            [&self.parent, &self.district].map(|text| Value::from(text.as_deref()));
        format!(
            r#"{{"code":{code},"parent":{parent},"kind":{kind},"zh":{zh},"en":{en},"district":{district},"org":{org}}}"#
        )
    }
}

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
