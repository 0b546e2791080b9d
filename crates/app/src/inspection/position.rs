//! Where something was, as a device said.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::AppError;

/// A position, WGS-84, as decimal text, with its accuracy in metres.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Latitude.
    pub lat: String,
    /// Longitude.
    pub lon: String,
    /// Accuracy in metres.
    pub accuracy_m: u32,
}

impl Position {
    /// Whether it is a place on Earth.
    ///
    /// # Errors
    /// Names the field.
    pub(crate) fn check(&self) -> Result<(), AppError> {
        for (field, text, most) in [("lat", &self.lat, 90.0), ("lon", &self.lon, 180.0)] {
            let degrees = text.parse::<f64>().ok().filter(|it| it.is_finite() && it.abs() <= most);
            if degrees.is_none() {
                return Err(AppError::invalid(field, "give degrees, such as 22.5431"));
            }
        }
        Ok(())
    }
}
