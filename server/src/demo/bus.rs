//! The bus network: units with their places, routes with their stops and vehicles.
//!
//! Nearly three thousand sites come from a few hundred lines. Stops and vehicles are numbered in the
//! order of the tables, so a line put in the middle renumbers all that follow: add at the end.

mod routes;
mod units;

pub(super) use units::{Unit, load as units};

use super::table::DemoError;
use crate::register::Site;

/// Every site of the network but the companies, which are among the places.
pub(super) fn sites(units: &[Unit]) -> Result<Vec<Site>, DemoError> {
    let mut sites: Vec<Site> = units.iter().flat_map(Unit::sites).collect();
    let mut vehicles_before = 0;
    for route in routes::load(units)? {
        sites.push(route.site());
        sites.extend(route.stop_sites());
        sites.extend(route.vehicle_sites(vehicles_before));
        vehicles_before += route.vehicles;
    }
    Ok(sites)
}
