//! Looking at what is there: sites while typing, lists, a cold start.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::Context as _;
use spotcheck_app::parts::{Location, Profile, Store};
use spotcheck_store::SiteRow;

use super::Bench;
use crate::figure::{Budget, Figure};
use crate::machine::{best, median};
use crate::raw::database;
use crate::scene::{Plan, Scene, work};
use crate::server::beside_us;

/// 50 ms on a phone four times slower than this.
const THROTTLED_MS: f64 = 50.0 / 4.0;
const LIMIT: usize = 20;

/// What people type: Chinese in part, initials, plates, codes, English, one letter.
const TYPED: [&str; 14] = [
    "南山",
    "批市",
    "农批市场",
    "冷库",
    "粤B",
    "B00123",
    "nsnp",
    "cg",
    "市场 7",
    "Market 42",
    "S99999",
    "场",
    "n",
    "二号门",
];

pub(crate) fn figures(bench: &Bench) -> anyhow::Result<Vec<Figure>> {
    let scene = Scene::make(&bench.folder("find"), Plan::of(1, 0))?;
    let (sites, vehicles) = (bench.size(98_000, 900), bench.size(2_000, 100));
    let (slowest, scan, typed) = find(&scene, sites, vehicles)?;
    let mut figures = vec![
        Figure::new("find.site", slowest, "ms")
            .beside(scan)
            .budget(Budget::at_most(THROTTLED_MS))
            .note(format!(
                "{} sites; slowest word: {typed}; the limit is a scan",
                sites + vehicles
            )),
    ];
    figures.extend(start(bench)?);
    Ok(figures)
}

/// The slowest word's median ms with ours and by a scan, and the word.
pub(crate) fn find(
    scene: &Scene,
    sites: u64,
    vehicles: u64,
) -> anyhow::Result<(f64, f64, &'static str)> {
    let database = scene.device(0).join("device.db");
    let open = |profile| Store::open(Location::File(&database), profile);
    let mut store = open(Profile::Unsafe)?;
    let all: Vec<SiteRow> = (0..sites).map(site).chain((0..vehicles).map(vehicle)).collect();
    for page in all.chunks(500) {
        store.put_sites(page)?;
    }
    drop(store);
    let store = open(Profile::Device)?;
    let mut slowest = (0.0, "");
    for typed in TYPED {
        let took = repeat(|| Ok(store.find_sites(typed, LIMIT)?.len()))?;
        if took > slowest.0 {
            slowest = (took, typed);
        }
    }
    drop(store);
    let conn = database::open(&database)?;
    let scan = repeat(|| Ok(database::scan(&conn, slowest.1, LIMIT)?))?;
    Ok((slowest.0, scan, slowest.1))
}

fn repeat(mut look: impl FnMut() -> anyhow::Result<usize>) -> anyhow::Result<f64> {
    let mut times = vec![];
    for _ in 0..9 {
        let began = Instant::now();
        look()?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    Ok(median(times))
}

fn site(n: u64) -> SiteRow {
    const DISTRICTS: [&str; 9] =
        ["南山", "福田", "罗湖", "宝安", "龙岗", "盐田", "龙华", "坪山", "光明"];
    const KINDS: [(&str, &str, &str); 6] = [
        ("农批市场", "Wholesale Market", "market"),
        ("综合市场", "Market", "market"),
        ("冷库", "Cold Store", "cold_store"),
        ("社区", "Community", "community"),
        ("二号门", "Gate 2", "gate"),
        ("公交场站", "Bus Depot", "depot"),
    ];
    let district = DISTRICTS[(n % 9) as usize];
    let (zh, en, kind) = KINDS[(n / 9 % 6) as usize];
    SiteRow {
        code: format!("S{n:05}"),
        parent: None,
        kind: kind.to_owned(),
        zh: format!("{district}{}{zh}", n / 54),
        en: format!("{en} {}", n / 54),
        district: Some(district.to_owned()),
        org: format!("ORG-{}", n % 40),
    }
}

fn vehicle(n: u64) -> SiteRow {
    SiteRow {
        code: format!("V{n:05}"),
        parent: Some(format!("S{:05}", n % 50)),
        kind: "vehicle".to_owned(),
        zh: format!("粤B{:05}D", n * 37 % 100_000),
        en: format!("Vehicle {n}"),
        district: None,
        org: "ORG-BUS".to_owned(),
    }
}

/// A device with 10,000 inspections: the newest of them listed, and the program started for it.
fn start(bench: &Bench) -> anyhow::Result<Vec<Figure>> {
    let plan = Plan::of(1, bench.size(10_000, 20));
    let scene = Scene::make(&bench.folder("start"), Plan { inspections: 0, ..plan })?;
    let mut device = crate::scene::open(&scene.device(0), 0, Profile::Unsafe)?;
    work(&mut device, 0, &plan)?;
    drop(device);
    let mut device = scene.open(0..1)?.remove(0);
    let listed = repeat(|| Ok(device.list("inspection", None, 50)?.len()))?;
    device.host_mut().at_ms.set(None);
    drop(device);
    let database = scene.device(0).join("device.db");
    let conn = database::open(&database)?;
    let raw_list = repeat(|| Ok(database::newest_of(&conn, 50)?))?;
    drop(conn);
    let (mut ours, mut raw) = (vec![], vec![]);
    for _ in 0..bench.runs() {
        raw.push(database::newest(&database, 50)? * 1e3);
        let began = Instant::now();
        let mut program = Command::new(beside_us("spotcheck")?);
        program.arg("--home").arg(scene.device(0));
        let program = program.args(["--json", "inspection", "list", "--limit", "50"]);
        let ended = program.stdout(Stdio::null()).status().context("cannot start spotcheck")?;
        anyhow::ensure!(ended.success(), "spotcheck inspection list failed");
        ours.push(began.elapsed().as_secs_f64() * 1e3);
    }
    let note = format!("{} inspections on the device", plan.inspections);
    Ok(vec![
        Figure::new("list.inspections", listed, "ms")
            .beside(raw_list)
            .budget(Budget::at_most(THROTTLED_MS))
            .note("the newest 50"),
        Figure::new("start.usable", best(&ours), "ms")
            .beside(best(&raw))
            .budget(Budget::at_most(1000.0))
            .note(note),
    ])
}

/// The same search in another number of sites: for growth.
pub(crate) fn slowest(bench: &Bench, name: &str, sites: u64) -> anyhow::Result<f64> {
    let scene = Scene::make(&bench.folder(name), Plan::of(1, 0))?;
    Ok(find(&scene, sites, sites / 50)?.0)
}
