//! Sites near a position, learned from where earlier checks were begun: no register has positions.

use std::collections::BTreeMap;

use serde::Serialize;
use spotcheck_domain::Value;
use spotcheck_store::{BlobStore, RecordRow};
use ts_rs::TS;

use super::SiteView;
use crate::query::text;
use crate::{AppError, Device, Host};

/// Checks looked through, the latest first.
const CHECKS: usize = 2_000;
/// Further away is not nearby.
const NEAR_M: f64 = 2_000.0;
/// The earth's mean radius.
const EARTH_M: f64 = 6_371_008.8;

/// A site and how far it is.
#[derive(Debug, Serialize, TS)]
pub struct NearbySite {
    /// The site.
    pub site: SiteView,
    /// Metres from the position asked about to where a check was begun.
    pub metres: u32,
}

/// A position in degrees. For an order on a screen only: what is recorded stays decimal text.
#[derive(Debug, Clone, Copy)]
struct Position {
    lat: f64,
    lon: f64,
}

impl Position {
    fn parse(lat: &str, lon: &str) -> Option<Self> {
        let within = |text: &str, most: f64| {
            text.parse::<f64>().ok().filter(|it| it.is_finite() && it.abs() <= most)
        };
        Some(Self { lat: within(lat, 90.0)?, lon: within(lon, 180.0)? })
    }

    /// Where a check was begun, if its head proves it.
    fn of(row: &RecordRow) -> Option<Self> {
        let position = row.doc.agreed("place")?.get("position")?;
        let part = |name| position.get(name).and_then(Value::as_text);
        Self::parse(part("lat")?, part("lon")?)
    }

    /// Along a great circle, by haversines.
    fn metres_to(self, other: Self) -> f64 {
        let (lat, lon) = ((other.lat - self.lat).to_radians(), (other.lon - self.lon).to_radians());
        let across = self.lat.to_radians().cos() * other.lat.to_radians().cos();
        let chord = (lat / 2.0).sin().powi(2) + across * (lon / 2.0).sin().powi(2);
        2.0 * EARTH_M * chord.sqrt().min(1.0).asin()
    }
}

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(super) fn nearby_sites(
        &self,
        lat: &str,
        lon: &str,
        limit: usize,
    ) -> Result<Vec<NearbySite>, AppError> {
        let here = Position::parse(lat, lon)
            .ok_or_else(|| AppError::invalid("lat, lon", "give degrees, such as 22.5431"))?;
        let mut nearest: BTreeMap<String, f64> = BTreeMap::new();
        for row in self.store.list_records("inspection", None, CHECKS)? {
            let Some(metres) = Position::of(&row).map(|it| here.metres_to(it)) else { continue };
            let code = text(&row.doc, "site");
            if code.is_empty() || metres > NEAR_M {
                continue;
            }
            if !nearest.contains_key(code) && self.store.has_left(code)? {
                continue;
            }
            let known = nearest.entry(code.to_owned()).or_insert(metres);
            *known = known.min(metres);
        }
        let mut nearest: Vec<(String, f64)> = nearest.into_iter().collect();
        nearest.sort_by(|a, b| a.1.total_cmp(&b.1));
        nearest.truncate(limit.clamp(1, 50));
        let view = |(code, metres): (String, f64)| {
            // At most 2,000, so nothing is cut off.
            Ok(NearbySite { site: self.site_view(&code)?, metres: metres.round() as u32 })
        };
        nearest.into_iter().map(view).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_of_latitude_is_a_nautical_mile() {
        let at = |lat: &str| Position::parse(lat, "113.9342").unwrap();
        let metres = at("22.5").metres_to(at("22.516666667"));
        assert!((metres - 1_853.0).abs() < 2.0, "{metres}");
    }

    #[test]
    fn what_is_no_position_is_refused() {
        for (lat, lon) in [("", "1"), ("91", "0"), ("0", "181"), ("NaN", "0"), ("inf", "0")] {
            assert!(Position::parse(lat, lon).is_none(), "{lat} {lon}");
        }
    }
}
