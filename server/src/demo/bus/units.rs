//! Grass-roots units and the production and living places in them.

use crate::demo::table::{self, DemoError, Row};
use crate::register::Site;

/// A grass-roots unit. Organisation and site share its code: one body, and the place it is found at.
pub(in crate::demo) struct Unit {
    pub(in crate::demo) code: String,
    pub(in crate::demo) company: String,
    pub(in crate::demo) zh: String,
    pub(in crate::demo) en: String,
    kind: String,
    district: String,
    places: Vec<&'static Place>,
}

struct Place {
    kind: &'static str,
    suffix: char,
    zh: &'static str,
    en: &'static str,
}

const PLACES: [Place; 3] = [
    Place { kind: "guard_post", suffix: 'G', zh: "门岗", en: "guard post" },
    Place { kind: "canteen", suffix: 'C', zh: "食堂", en: "canteen" },
    Place { kind: "dormitory", suffix: 'D', zh: "宿舍", en: "dormitory" },
];

/// The units in the order of their table.
pub(in crate::demo) fn load() -> Result<Vec<Unit>, DemoError> {
    table::read("bus_units.csv", include_str!("../../../demo/bus_units.csv"), |row| {
        Ok(Unit {
            code: row.text("code")?,
            company: row.text("company")?,
            zh: row.text("zh")?,
            en: row.text("en")?,
            kind: row.text("kind")?,
            district: row.text("district")?,
            places: places(row)?,
        })
    })
}

fn places(row: &Row) -> Result<Vec<&'static Place>, DemoError> {
    let find = |kind: &String| {
        let place = PLACES.iter().find(|place| place.kind == kind);
        place.ok_or_else(|| row.unknown("places", kind))
    };
    row.list("places")?.iter().map(find).collect()
}

impl Unit {
    /// The unit and the places in it.
    pub(super) fn sites(&self) -> Vec<Site> {
        let places = self.places.iter().map(|place| self.place_site(place));
        std::iter::once(self.site()).chain(places).collect()
    }

    fn site(&self) -> Site {
        Site {
            code: self.code.clone(),
            parent: Some(self.company.clone()),
            kind: self.kind.clone(),
            zh: self.zh.clone(),
            en: self.en.clone(),
            district: Some(self.district.clone()),
            organisation: self.code.clone(),
        }
    }

    fn place_site(&self, place: &Place) -> Site {
        Site {
            code: format!("{}-{}", self.code, place.suffix),
            parent: Some(self.code.clone()),
            kind: place.kind.to_owned(),
            zh: format!("{}{}", self.zh, place.zh),
            en: format!("{} {}", self.en, place.en),
            district: Some(self.district.clone()),
            organisation: self.code.clone(),
        }
    }
}
