//! Photos: many small ones, large ones from many devices, and what a cut costs.

use super::Bench;
use crate::exchange;
use crate::figure::{Budget, Figure};
use crate::machine::best;
use crate::raw::sink;
use crate::relay::Relay;
use crate::scene::{Plan, Scene};
use crate::server::Server;

pub(crate) fn figures(bench: &Bench) -> anyhow::Result<Vec<Figure>> {
    let small =
        Plan { photo_bytes: 300_000, idle: 0, ..Plan::of(bench.size(10, 2), bench.size(20, 2)) };
    let large = Plan { photo_bytes: 5_000_000, idle: 0, ..Plan::of(bench.size(50, 2), 1) };
    let mut figures = vec![
        figure(bench, "photos.small", small, "photos/s", 264.0)?
            .note("whole rounds; the limit is a bare TCP sink with the same flushes"),
        figure(bench, "photos.large", large, "submissions/s", 20.0)?,
    ];
    figures.extend(cuts(bench)?);
    Ok(figures)
}

fn figure(
    bench: &Bench,
    name: &'static str,
    plan: Plan,
    unit: &'static str,
    least: f64,
) -> anyhow::Result<Figure> {
    let scene = Scene::make(&bench.folder(name), plan)?;
    let photos = (plan.devices * plan.inspections) as f64;
    let (mut ours, mut raw) = (vec![], vec![]);
    for _ in 0..bench.size(3, 1) {
        let copy = scene.copy(&bench.folder("photos-run"))?;
        let server = Server::start(&copy.server())?;
        let mut devices = copy.open(0..plan.devices)?;
        let (seconds, done) =
            exchange::at_once(&mut devices, |it| exchange::round(&server.url, it))?;
        for went in done {
            let sent = went?.report.photo_bytes_sent;
            anyhow::ensure!(
                sent == plan.inspections * plan.photo_bytes as u64,
                "sent {sent} bytes"
            );
        }
        for device in &devices {
            anyhow::ensure!(device.status()?.photos_waiting.0 == 0, "a photo has no receipt");
        }
        ours.push(seconds);
        let (clients, each) = (plan.devices as usize, plan.inspections as usize);
        raw.push(sink::send(&bench.folder("sink"), clients, each, plan.photo_bytes)?);
    }
    Ok(Figure::new(name, photos / best(&ours), unit)
        .beside(photos / best(&raw))
        .budget(Budget::at_least(least)))
}

/// Cuts a connection again and again while a photo is on its way.
fn cuts(bench: &Bench) -> anyhow::Result<Vec<Figure>> {
    let photo = 5_000_000;
    let plan = Plan { photo_bytes: photo, idle: 0, ..Plan::of(1, 1) };
    let scene = Scene::make(&bench.folder("photos-cut"), plan)?;
    let server = Server::start(&scene.server())?;
    let relay = Relay::start(&server.url)?;
    let mut device = scene.open(0..1)?.remove(0);
    // Ops first, so that only photo requests are cut.
    exchange::push(&relay.url, &mut device)?;
    relay.take();
    relay.cut_after(400_000);
    while device.status()?.photos_waiting.0 > 0 && relay.cuts() < 50 {
        // A cut ends the round; the next one goes on from there.
        let _ = exchange::round(&relay.url, &mut device);
    }
    let (up, _) = relay.take();
    let cuts = relay.cuts().max(1) as f64;
    let again = (up as f64 - photo as f64).max(0.0) / cuts / 1024.0;
    let corrupt = device.status()?.photos_waiting.0 as f64;
    Ok(vec![
        Figure::new("photos.resent", again, "KB/cut")
            .budget(Budget::at_most(64.0))
            .note(format!("{cuts} cuts in 5 MB; headers of the rounds in between included")),
        Figure::new("photos.unreceipted", corrupt, "").budget(Budget::at_most(0.0)),
    ])
}
