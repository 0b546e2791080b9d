//! Ten devices push a workload, a fresh device pulls it: time, processor, memory.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::Context as _;

use super::Bench;
use crate::exchange;
use crate::figure::{Budget, Figure};
use crate::machine::{self, best};
use crate::raw::database;
use crate::scene::{self, Plan, Scene};
use crate::server::Server;

/// One push and one pull.
pub(crate) struct Run {
    pub(crate) push_s: f64,
    pub(crate) pull_s: f64,
    up_cpu_ms: f64,
    down_cpu_ms: f64,
    devices_cpu_ms: f64,
    fresh_cpu_ms: f64,
    idle_mb: f64,
    peak_mb: f64,
    raw_push: (f64, f64),
    raw_pull: (f64, f64),
}

pub(crate) fn figures(bench: &Bench) -> anyhow::Result<Vec<Figure>> {
    let plan = Plan::of(bench.size(10, 2), bench.size(1000, 10));
    let scene = Scene::make(&bench.folder("sync"), plan)?;
    let mut runs = vec![];
    for _ in 0..bench.runs() {
        runs.push(run(&scene, &bench.folder("sync-run"))?);
    }
    let records = plan.records() as f64;
    let of = |what: fn(&Run) -> f64| best(&runs.iter().map(what).collect::<Vec<f64>>());
    let (push, pull) = (of(|run| run.push_s), of(|run| run.pull_s));
    let (raw_push, raw_pull) = (of(|run| run.raw_push.0), of(|run| run.raw_pull.0));
    let note = format!("{} devices, {records} records, best of {}", plan.devices, runs.len());
    let per_thousand = |ms: f64| ms * 1000.0 / records;
    let mut figures = vec![
        Figure::new("push.time", push, "s").beside(raw_push).budget(Budget::ratio(2.0)).note(note),
        Figure::new("push.rate", records / push, "records/s")
            .beside(records / raw_push)
            .budget(Budget::at_least(15_000.0)),
        Figure::new("pull.time", pull, "s")
            .beside(raw_pull)
            .budget(Budget::at_most(0.5).and_ratio(2.0))
            .note("one fresh device"),
        Figure::new("server.cpu.up", per_thousand(of(|run| run.up_cpu_ms)), "ms/1000")
            .beside(per_thousand(of(|run| run.raw_push.1)))
            .budget(Budget::at_most(35.0)),
        Figure::new("server.cpu.down", per_thousand(of(|run| run.down_cpu_ms)), "ms/1000")
            .beside(per_thousand(of(|run| run.raw_pull.1)))
            .budget(Budget::at_most(15.0)),
        Figure::new("device.cpu.up", per_thousand(of(|run| run.devices_cpu_ms)), "ms/1000")
            .beside(per_thousand(of(|run| run.raw_push.1))),
        Figure::new("device.cpu.down", per_thousand(of(|run| run.fresh_cpu_ms)), "ms/1000")
            .beside(per_thousand(of(|run| run.raw_pull.1))),
        Figure::new("server.memory.idle", of(|run| run.idle_mb), "MB")
            .budget(Budget::at_most(30.0)),
        Figure::new("server.memory.sync", of(|run| run.peak_mb), "MB")
            .budget(Budget::at_most(60.0))
            .note("most held during push and pull"),
    ];
    figures.push(device_memory(bench, &scene)?);
    Ok(figures)
}

/// Pushes and pulls a copy of a scene, and inserts the same rows into bare tables.
pub(crate) fn run(scene: &Scene, folder: &Path) -> anyhow::Result<Run> {
    // The devices are in this process, the server is not.
    let us = std::process::id();
    let copy = scene.copy(folder)?;
    let server = Server::start(&copy.server())?;
    let idle_mb = server.memory_mb().0;
    let mut devices = copy.open(0..copy.plan.devices)?;
    let (cpu, our_cpu) = (server.cpu_ms(), machine::cpu_ms(us));
    let (push_s, pushed) =
        exchange::at_once(&mut devices, |device| exchange::push(&server.url, device))?;
    let mut pages = 0;
    for went in pushed {
        pages += went?.report.requests.saturating_sub(1) as usize;
    }
    let (up_cpu_ms, devices_cpu_ms) = (server.cpu_ms() - cpu, machine::cpu_ms(us) - our_cpu);
    drop(devices);

    let mut fresh = copy.open_idle()?;
    let (cpu, our_cpu) = (server.cpu_ms(), machine::cpu_ms(us));
    let began = Instant::now();
    let went = exchange::round(&server.url, &mut fresh)?;
    let pull_s = began.elapsed().as_secs_f64();
    let (down_cpu_ms, fresh_cpu_ms) = (server.cpu_ms() - cpu, machine::cpu_ms(us) - our_cpu);
    let status = fresh.status()?;
    let got = status.inspections + status.findings;
    anyhow::ensure!(got == copy.plan.records(), "the pull brought {got} records");
    let peak_mb = server.memory_mb().1;
    drop((fresh, server));

    let rows = database::rows(&copy.device(copy.plan.devices).join("device.db"))?;
    let raw = copy.root.join("raw.db");
    let raw_push = database::insert(&raw, &rows, pages)?;
    let raw_pull = database::insert(&raw, &rows, went.report.requests as usize)?;
    Ok(Run {
        push_s,
        pull_s,
        up_cpu_ms,
        down_cpu_ms,
        devices_cpu_ms,
        fresh_cpu_ms,
        idle_mb,
        peak_mb,
        raw_push,
        raw_pull,
    })
}

/// The most memory that a pulling device holds, beside what a tenth of the records took.
fn device_memory(bench: &Bench, scene: &Scene) -> anyhow::Result<Figure> {
    let small = Plan { inspections: scene.plan.inspections / 10, ..scene.plan };
    let small = Scene::make(&bench.folder("sync-small"), small)?;
    let mut peaks = vec![];
    for scene in [&small, scene] {
        let copy = scene.copy(&bench.folder("sync-run"))?;
        let server = Server::start(&copy.server())?;
        let mut devices = copy.open(0..copy.plan.devices)?;
        for went in exchange::at_once(&mut devices, |it| exchange::push(&server.url, it))?.1 {
            went?;
        }
        let number = copy.plan.devices.to_string();
        let mut us = Command::new(std::env::current_exe()?);
        us.arg("--pull-in").arg(copy.device(copy.plan.devices));
        let said = us.args(["--device", &number, "--url", &server.url]).output()?;
        let said = String::from_utf8_lossy(&said.stdout).trim().to_owned();
        peaks.push(said.parse::<f64>().context("the device that pulls says what it held")?);
    }
    Ok(Figure::new("pull.memory", peaks[1], "MB")
        .beside(peaks[0])
        .budget(Budget::ratio(1.25))
        .note("the device; the limit is a tenth of the records"))
}

/// What the process that pulls does: one round, then what it held at most.
pub(crate) fn pull_in(home: &Path, number: u64, url: &str) -> anyhow::Result<f64> {
    let mut device = scene::open(home, number, spotcheck_app::parts::Profile::Device)?;
    exchange::round(url, &mut device)?;
    Ok(machine::memory_mb(std::process::id()).1)
}
