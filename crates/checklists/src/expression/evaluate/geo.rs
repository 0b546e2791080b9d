//! Places: `latitude longitude [altitude [accuracy]]`, several separated by `;`.
//!
//! On a sphere of the equator's radius, as ODK computes; good to about 0.5 %.

use super::args::Args;
use crate::expression::number::{is_blank, parse_number};
use crate::expression::{Function, Value};

/// The Earth's radius at the equator in metres, as ODK takes it.
const RADIUS_M: f64 = 6_378_100.0;

/// Latitude and longitude in degrees.
#[derive(Clone, Copy, PartialEq)]
struct Place {
    latitude: f64,
    longitude: f64,
}

impl Args<'_> {
    pub(super) fn of_places(&self) -> Value {
        if self.function == Function::Geofence {
            let point = parse_place(&self.text(0));
            let fence = parse_trace(&self.text(1));
            let inside = point.zip(fence).is_some_and(|(point, fence)| is_inside(point, &fence));
            return Value::Bool(inside);
        }
        let texts = self.texts_from(0);
        let places = match texts.as_slice() {
            [one] => parse_trace(one),
            several => several.iter().map(|text| parse_place(text)).collect(),
        };
        let measure = |places: Vec<Place>| match self.function {
            Function::Area => area(&places),
            _ => places.windows(2).map(distance).sum(),
        };
        // Two decimals, never negative.
        let rounded = |metres: f64| (metres * 100.0).round().abs() / 100.0;
        Value::Number(places.map_or(f64::NAN, |places| rounded(measure(places))))
    }
}

fn parse_place(text: &str) -> Option<Place> {
    let numbers: Vec<&str> = text.split(is_blank).filter(|part| !part.is_empty()).collect();
    let [latitude, longitude, rest @ ..] = numbers.as_slice() else { return None };
    let (latitude, longitude) = (parse_number(latitude), parse_number(longitude));
    let is_place = latitude.abs() <= 90.0 && longitude.abs() <= 180.0 && rest.len() <= 2;
    is_place.then_some(Place { latitude, longitude })
}

/// At least two places.
fn parse_trace(text: &str) -> Option<Vec<Place>> {
    let text = text.trim().trim_end_matches(|c| c == ';' || is_blank(c));
    let places: Vec<Place> = text.split(';').map(parse_place).collect::<Option<_>>()?;
    (places.len() >= 2).then_some(places)
}

fn distance(pair: &[Place]) -> f64 {
    let [a, b] = pair else { return 0.0 };
    let (phi_a, phi_b) = (a.latitude.to_radians(), b.latitude.to_radians());
    let turn = (a.longitude - b.longitude).to_radians();
    let cosine =
        libm::sin(phi_a) * libm::sin(phi_b) + libm::cos(phi_a) * libm::cos(phi_b) * libm::cos(turn);
    // Rounding may pass 1 for two equal places.
    libm::acos(cosine.clamp(-1.0, 1.0)) * RADIUS_M
}

fn area(places: &[Place]) -> f64 {
    let (Some(first), Some(last)) = (places.first(), places.last()) else { return 0.0 };
    // Fewer than three places close no area; the trace is closed where it is open.
    let closing = [*last, *first];
    let pairs = places.windows(2).chain(std::iter::once(closing.as_slice()));
    let part = |pair: &[Place]| match pair {
        [a, b] => {
            let sines = libm::sin(a.latitude.to_radians()) + libm::sin(b.latitude.to_radians());
            (b.longitude - a.longitude).to_radians() * (2.0 + sines)
        }
        _ => 0.0,
    };
    pairs.map(part).sum::<f64>() * RADIUS_M * RADIUS_M / 2.0
}

/// Whether a ray from the point crosses the closed line an odd number of times.
fn is_inside(point: Place, fence: &[Place]) -> bool {
    if fence.first() != fence.last() {
        return false;
    }
    let crosses = |pair: &[Place]| {
        let [a, b] = pair else { return false };
        let above = |place: &Place| place.latitude > point.latitude;
        let at = || {
            let share = (point.latitude - b.latitude) / (a.latitude - b.latitude);
            (a.longitude - b.longitude) * share + b.longitude
        };
        above(a) != above(b) && point.longitude < at()
    };
    fence.windows(2).filter(|pair| crosses(pair)).count() % 2 == 1
}
