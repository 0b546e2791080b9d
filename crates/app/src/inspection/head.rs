//! What an inspection is about.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spotcheck_domain::{BlobHash, SlotPath, Value};

use super::{as_value, slot_path};
use crate::AppError;
use ts_rs::TS;

/// What an inspection is about: set once when it starts, corrected by later answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The checklist's code.
    pub checklist: String,
    /// The site's code, from a register or free.
    pub site: String,
    /// The day of the visit, `YYYY-MM-DD`; this device's day when not given.
    #[serde(default)]
    pub day: Option<String>,
    /// 突击 `surprise`, 机动 `mobile`, 现场督查 `on_site`, 抽查 `spot`, 调研 `survey`, 回头看 `look_back`.
    #[serde(default = "surprise")]
    pub visit: String,
    /// Nobody at the site knew.
    #[serde(default = "yes")]
    pub unannounced: bool,
    /// Planned beforehand or begun on the spot.
    #[serde(default)]
    pub planned: bool,
    /// Programme codes.
    #[serde(default)]
    pub programmes: Vec<String>,
    /// The batch in the programme.
    #[serde(default)]
    pub batch: Option<String>,
    /// The dated operation.
    #[serde(default)]
    pub action: Option<String>,
    /// User codes or names of the inspectors; two or more.
    #[serde(default)]
    pub inspectors: Vec<String>,
    /// Lead and participating bodies.
    #[serde(default)]
    pub bodies: Vec<String>,
    /// Outside participants by role; a name is not needed.
    #[serde(default)]
    pub outside: Vec<Outside>,
    /// When they arrived, RFC 3339.
    #[serde(default)]
    pub arrived_at: Option<String>,
    /// Proof of place, or why there is none.
    #[serde(default)]
    pub place: Option<Place>,
}

/// Outside participants of one role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Outside {
    /// `police`, `community`, `medic` …
    pub role: String,
    /// How many.
    pub count: u32,
}

/// Proof of place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Place {
    /// A position, WGS-84, as decimal text, with its accuracy in metres.
    Position {
        /// Latitude.
        lat: String,
        /// Longitude.
        lon: String,
        /// Accuracy in metres.
        accuracy_m: u32,
    },
    /// A code read on site.
    Code(String),
    /// No proof, and why.
    None(String),
}

fn surprise() -> String {
    "surprise".to_owned()
}

fn yes() -> bool {
    true
}

/// The visit types of version 1.
pub(crate) const VISITS: [&str; 6] =
    ["surprise", "mobile", "on_site", "spot", "survey", "look_back"];

impl Head {
    /// Checks the head and gives its slots.
    pub(crate) fn slots(
        &self,
        today: &str,
        checklist: BlobHash,
        pack: BlobHash,
    ) -> Result<BTreeMap<SlotPath, Value>, AppError> {
        if !VISITS.contains(&self.visit.as_str()) {
            return Err(AppError::invalid("visit", format!("use one of {}", VISITS.join(", "))));
        }
        let day = self.day.as_deref().unwrap_or(today);
        spotcheck_rules::parse_date(day).map_err(|e| AppError::invalid("day", e))?;
        if let Some(at) = &self.arrived_at {
            chrono::DateTime::parse_from_rfc3339(at)
                .map_err(|_| AppError::invalid("arrived_at", "use 2021-06-24T09:30:00+08:00"))?;
        }
        if self.site.is_empty() || self.site.chars().count() > 128 {
            return Err(AppError::invalid("site", "give the site's code, at most 128 characters"));
        }
        let mut slots: BTreeMap<&str, Value> = BTreeMap::from([
            ("site", self.site.as_str().into()),
            ("day", day.into()),
            ("checklist", self.checklist.as_str().into()),
            ("checklist_sha256", checklist.to_string().into()),
            ("pack_sha256", pack.to_string().into()),
            ("visit", self.visit.as_str().into()),
            ("unannounced", self.unannounced.into()),
            ("planned", self.planned.into()),
        ]);
        for (slot, list) in [
            ("programmes", &self.programmes),
            ("inspectors", &self.inspectors),
            ("bodies", &self.bodies),
        ] {
            if !list.is_empty() {
                slots.insert(slot, list.clone().into());
            }
        }
        for (slot, text) in
            [("batch", &self.batch), ("action", &self.action), ("arrived_at", &self.arrived_at)]
        {
            if let Some(text) = text {
                slots.insert(slot, text.as_str().into());
            }
        }
        if !self.outside.is_empty() {
            slots.insert("outside", as_value(&self.outside, "outside")?);
        }
        if let Some(place) = &self.place {
            slots.insert("place", as_value(place, "place")?);
        }
        slots.into_iter().map(|(path, value)| Ok((slot_path(path)?, value))).collect()
    }
}
