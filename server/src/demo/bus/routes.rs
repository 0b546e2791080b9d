//! Routes, the stops along them and the vehicles that run on them.

use std::collections::BTreeMap;

use super::Unit;
use crate::demo::table::{self, DemoError, Row};
use crate::register::Site;

/// A bus route as its table has it, every reference resolved.
pub(super) struct Route {
    code: String,
    number: String,
    company: String,
    /// The fleets that share it; its vehicles belong to them in turn.
    units: Vec<String>,
    pub(super) vehicles: usize,
    stops: Vec<Stop>,
}

#[derive(Clone)]
struct Stop {
    zh: String,
    en: String,
    district: String,
}

/// The routes in the order of their table.
pub(super) fn load(units: &[Unit]) -> Result<Vec<Route>, DemoError> {
    let all_stops = load_stops()?;
    table::read("bus_routes.csv", include_str!("../../../demo/bus_routes.csv"), |row| {
        Ok(Route {
            code: row.text("code")?,
            number: row.text("number")?,
            company: row.text("company")?,
            units: fleets(row, units)?,
            vehicles: row.count("vehicles")?,
            stops: stops(row, &all_stops)?,
        })
    })
}

fn load_stops() -> Result<BTreeMap<String, Stop>, DemoError> {
    let file = include_str!("../../../demo/bus_stops.csv");
    let stops = table::read("bus_stops.csv", file, |row| {
        let (zh, en, district) = (row.text("zh")?, row.text("en")?, row.text("district")?);
        Ok((row.text("code")?, Stop { zh, en, district }))
    })?;
    Ok(stops.into_iter().collect())
}

/// A route without a fleet would leave its vehicles without an owner, so there must be one.
fn fleets(row: &Row, units: &[Unit]) -> Result<Vec<String>, DemoError> {
    row.text("units")?;
    let fleets = row.list("units")?;
    match fleets.iter().find(|fleet| !units.iter().any(|unit| unit.code == **fleet)) {
        Some(unknown) => Err(row.unknown("units", unknown)),
        None => Ok(fleets),
    }
}

fn stops(row: &Row, all: &BTreeMap<String, Stop>) -> Result<Vec<Stop>, DemoError> {
    row.text("stops")?;
    let find = |code: &String| all.get(code).cloned().ok_or_else(|| row.unknown("stops", code));
    row.list("stops")?.iter().map(find).collect()
}

impl Route {
    /// The route itself, named after its two ends.
    pub(super) fn site(&self) -> Site {
        let ends = [self.stops.first(), self.stops.last()];
        let [from_zh, to_zh] = ends.map(|stop| stop.map_or("", |stop| &stop.zh));
        let [from_en, to_en] = ends.map(|stop| stop.map_or("", |stop| &stop.en));
        Site {
            code: self.code.clone(),
            parent: Some(self.company.clone()),
            kind: "bus_route".to_owned(),
            zh: format!("{}路 {from_zh}—{to_zh}", self.number),
            en: format!("Route {} {from_en} – {to_en}", self.number),
            district: self.district(),
            organisation: self.company.clone(),
        }
    }

    /// One position a stop. Routes that share a stop each have their own, because what is observed
    /// there (who boarded, who was measured) is observed on one route's vehicle.
    pub(super) fn stop_sites(&self) -> impl Iterator<Item = Site> {
        self.stops.iter().zip(1..).map(|(stop, nth)| Site {
            code: format!("{}-S{nth:02}", self.code),
            parent: Some(self.code.clone()),
            kind: "route_stop".to_owned(),
            zh: format!("{}路 {}", self.number, stop.zh),
            en: format!("Route {} {}", self.number, stop.en),
            district: Some(stop.district.clone()),
            organisation: self.company.clone(),
        })
    }

    /// The route's vehicles, numbered on from those of the routes before it.
    pub(super) fn vehicle_sites(&self, vehicles_before: usize) -> impl Iterator<Item = Site> {
        let owners = self.units.iter().cycle().take(self.vehicles);
        owners.zip(vehicles_before + 1..).map(|(unit, nth)| Site {
            code: format!("BUS-V{nth:04}"),
            parent: Some(self.code.clone()),
            kind: "vehicle".to_owned(),
            zh: format!("粤B{}", plate(nth)),
            en: format!("Yue B{}", plate(nth)),
            district: self.district(),
            organisation: unit.clone(),
        })
    }

    fn district(&self) -> Option<String> {
        self.stops.first().map(|stop| stop.district.clone())
    }
}

/// Five digits and the D of a large electric vehicle. The step is prime to the range, so no two of
/// 90,000 vehicles get the same plate, and neighbours in the register look nothing alike.
fn plate(nth: usize) -> String {
    format!("{}D", 10_000 + nth * 7_919 % 90_000)
}
