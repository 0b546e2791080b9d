//! 500 devices, 250 answers each, all at once on one server.

use super::Bench;
use crate::exchange;
use crate::figure::{Budget, Figure};
use crate::machine::quantile;
use crate::raw::database;
use crate::scene::{Plan, Scene};
use crate::server::Server;

/// Inspections of 30 answers that make about 250.
const INSPECTIONS: u64 = 8;

pub(crate) fn figures(bench: &Bench) -> anyhow::Result<Vec<Figure>> {
    let devices = bench.size(500, 10);
    let plan = Plan { per_team: 10, idle: 0, ..Plan::of(devices, INSPECTIONS) };
    let scene = Scene::make(&bench.folder("crowd"), plan)?;
    let server = Server::start(&scene.server())?;
    let mut crowd = scene.open(0..devices)?;
    let (seconds, done) =
        exchange::at_once(&mut crowd, |device| exchange::round(&server.url, device))?;
    let failures = done.iter().filter(|went| went.is_err()).count();
    let why = done.iter().find_map(|went| Some(format!("{:#}", went.as_ref().err()?)));
    let waits: Vec<f64> = done.into_iter().flatten().flat_map(|went| went.waits_ms).collect();
    let peak = server.memory_mb().1;
    drop((crowd, server));
    let rows = database::rows(&scene.server().join("ledger.db"))?;
    let (raw, _) = database::insert(&bench.folder("crowd-raw.db"), &rows, devices as usize)?;
    // What did not arrive does not count.
    let inspections = ((devices as usize - failures) as u64 * INSPECTIONS) as f64;
    let note = format!("{devices} devices x {} answers, push and pull", INSPECTIONS * 30);
    Ok(vec![
        Figure::new("crowd.rate", inspections / seconds, "inspections/s")
            .beside(inspections / raw)
            .budget(Budget::at_least(200.0))
            .note(note),
        Figure::new("crowd.p99", quantile(waits, 0.99), "ms")
            .budget(Budget::at_most(500.0))
            .note("a request, seen from a device; devices share the cores"),
        Figure::new("crowd.failures", failures as f64, "")
            .budget(Budget::at_most(0.0))
            .note(why.unwrap_or_default()),
        Figure::new("server.memory.crowd", peak, "MB").budget(Budget::at_most(256.0)),
    ])
}
