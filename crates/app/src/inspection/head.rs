//! What an inspection is about.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{BlobHash, SlotPath, Value};

use super::{Position, as_value, slot_path};
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
    /// Bodies: the one that leads first, then those that take part.
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
    /// Whose it is: the code of a team one is in, or of a scope that several bodies share; the
    /// home team when not given. Fixed for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub scope: Option<String>,
    /// What the site record says beside it; most is known only at the end.
    #[serde(default, skip_serializing_if = "Particulars::is_empty")]
    #[ts(as = "Option<Particulars>", optional)]
    pub particulars: Particulars,
}

/// What the site record (现场检查记录) must say and no item asks for. All of it may stay open.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct Particulars {
    /// Who was in charge at the site: name, post, how to reach them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_charge: Option<String>,
    /// Where the site is, in words, where the register does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// When they left, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_at: Option<String>,
    /// What was ordered or agreed about the findings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handling: Option<String>,
    /// Numbers of the inspectors' badges, by code as the head names the inspectors.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(type = "Record<string, string> | null")]
    pub badges: Option<BTreeMap<String, String>>,
}

impl Particulars {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Checks them and gives the slots of those that are given. An empty text stays one: it takes
    /// back what was said before.
    pub(crate) fn slots(&self) -> Result<BTreeMap<SlotPath, Value>, AppError> {
        let mut slots = BTreeMap::new();
        let texts = [
            ("in_charge", &self.in_charge),
            ("address", &self.address),
            ("left_at", &self.left_at),
            ("handling", &self.handling),
        ];
        for (slot, text) in texts {
            let Some(text) = text else { continue };
            if text.chars().count() > MOST_LETTERS {
                let remedy = format!("use at most {MOST_LETTERS} characters");
                return Err(AppError::invalid(slot, remedy));
            }
            slots.insert(slot_path(slot)?, text.trim().into());
        }
        if let Some(at) = self.left_at.as_deref().filter(|at| !at.is_empty()) {
            chrono::DateTime::parse_from_rfc3339(at)
                .map_err(|_| AppError::invalid("left_at", "use 2021-06-24T11:30:00+08:00"))?;
        }
        if let Some(badges) = &self.badges {
            if badges.values().any(|number| number.chars().count() > 40) {
                return Err(AppError::invalid("badges", "use at most 40 characters for each"));
            }
            slots.insert(slot_path("badges")?, as_value(badges, "badges")?);
        }
        Ok(slots)
    }
}

/// The longest text of the particulars: what is ordered fits on the printed page.
const MOST_LETTERS: usize = 2000;

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
    Position(Position),
    /// A code read on site.
    Code(String),
    /// No proof, and why.
    None(String),
}

/// What every visit's head must say before it counts as complete. House rule after the field's own: two
/// inspectors or more, when they arrived, and proof of place or why there is none. It never blocks: a
/// check that lacks it is completed, and says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HeadPart {
    /// Two or more inspectors.
    Inspectors,
    /// When they arrived.
    ArrivedAt,
    /// Proof of place, or why none.
    Place,
}

impl HeadPart {
    /// What a record's head lacks. Where people said different things, it says something.
    pub(crate) fn lacking(doc: &RecordDoc) -> Vec<Self> {
        let said = |slot: &str| doc.slots.keys().any(|path| path.as_str() == slot);
        let named = match doc.agreed("inspectors") {
            Some(Value::List(names)) => names.len() >= 2,
            Some(_) => false,
            None => said("inspectors"),
        };
        let parts = [
            (named, Self::Inspectors),
            (said("arrived_at"), Self::ArrivedAt),
            (said("place"), Self::Place),
        ];
        parts.into_iter().filter(|(there, _)| !there).map(|(_, part)| part).collect()
    }

    /// As a record file names it.
    pub fn field(self) -> &'static str {
        match self {
            Self::Inspectors => "head.inspectors (two or more)",
            Self::ArrivedAt => "head.arrived_at",
            Self::Place => "head.place",
        }
    }
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
            if let Place::Position(position) = place {
                position.check()?;
            }
            slots.insert("place", as_value(place, "place")?);
        }
        let mut all = self.particulars.slots()?;
        for (path, value) in slots {
            all.insert(slot_path(path)?, value);
        }
        Ok(all)
    }
}
