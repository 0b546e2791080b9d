//! Bytes of a record on the wire, both ways together, HTTP headers and signatures included.

use super::Bench;
use crate::exchange;
use crate::figure::{Budget, Figure};
use crate::raw::database;
use crate::relay::Relay;
use crate::scene::{Plan, Scene, Style};
use crate::server::Server;

pub(crate) fn figures(bench: &Bench) -> anyhow::Result<Vec<Figure>> {
    let devices = bench.size(10, 2);
    let act = Plan::of(devices, bench.size(100, 10));
    let answers = Plan { style: Style::AnswerByAnswer, ..act };
    let round = Plan::of(1, bench.size(17, 5));
    let act = bytes(bench, act)?;
    let answers = bytes(bench, answers)?;
    let round = bytes(bench, round)?;
    let figure = |name, (value, limit): (f64, f64), most| {
        Figure::new(name, value, "B/record").beside(limit).budget(Budget::at_most(most))
    };
    Ok(vec![
        figure("bytes.up.act", act.0, 160.0).note("120 records a device; the limit is zstd -6"),
        figure("bytes.down.act", act.1, 130.0),
        figure("bytes.up.answers", answers.0, 400.0).note("31 acts an inspection"),
        figure("bytes.down.answers", answers.1, 325.0),
        figure("bytes.up.round", round.0, 200.0).note("20 records in one round"),
    ])
}

type Beside = (f64, f64);

/// Bytes a record up and down, each beside the compressed answers alone.
fn bytes(bench: &Bench, plan: Plan) -> anyhow::Result<(Beside, Beside)> {
    let folder = bench.folder("wire");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let scene = Scene::make(&folder, plan)?;
    let server = Server::start(&scene.server())?;
    let relay = Relay::start(&server.url)?;
    let records = plan.records() as f64;
    let total = |(up, down): (u64, u64)| (up + down) as f64 / records;
    for device in &mut scene.open(0..plan.devices)? {
        exchange::push(&relay.url, device)?;
    }
    let up = total(relay.take());
    let mut fresh = scene.open_idle()?;
    exchange::round(&relay.url, &mut fresh)?;
    let down = total(relay.take());
    drop((fresh, server));
    let rows = database::rows(&scene.device(plan.devices).join("device.db"))?;
    // As many ops a page as a device has: at most a page or a few.
    let page = rows.len().div_ceil(plan.devices as usize);
    let raw = database::compressed(&rows, page) as f64 / records;
    Ok(((up, raw), (down, raw)))
}
