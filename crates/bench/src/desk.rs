//! A lead's day of thousands: registers, checks of a whole city, and one merge as large as they come.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use serde_json::{Value, json};
use spotcheck_app::parts::{Location, Profile, Store};
use spotcheck_checklists::{Constraint, ItemLogic};
use spotcheck_domain::SlotPath;
use spotcheck_rules::Bilingual;
use spotcheck_store::SiteRow;

use crate::scene::{self, BenchDevice, Plan, Scene};
use crate::workload::Workload;

/// The day of every check here.
pub(crate) const DAY: &str = "2021-06-24";
/// The site of the large merge.
pub(crate) const MERGED_AT: &str = "S0000";

/// How much of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct City {
    pub(crate) sites: u64,
    pub(crate) vehicles: u64,
    pub(crate) checks: u64,
    /// Findings of each check.
    pub(crate) findings: u64,
}

/// A device that holds a city's day.
pub(crate) fn city(root: &Path, city: City) -> anyhow::Result<Scene> {
    let scene = Scene::make(root, Plan::of(1, 0))?;
    let mut store =
        Store::open(Location::File(&scene.device(0).join("device.db")), Profile::Unsafe)?;
    let sites = (0..city.sites).map(|n| site(n, "market"));
    let all: Vec<SiteRow> = sites.chain((0..city.vehicles).map(|n| site(n, "vehicle"))).collect();
    for page in all.chunks(500) {
        store.put_sites(page)?;
    }
    drop(store);
    let mut device = scene::open(&scene.device(0), 0, Profile::Unsafe)?;
    let mut workload = Workload::new(7);
    for n in 0..city.checks {
        device.host_mut().at_ms.set(Some(workload.wait(4_000)));
        // A check for each vehicle, and all others at the sites.
        let at = match n < city.vehicles {
            true => site(n, "vehicle"),
            false => site(n % city.sites, "market"),
        };
        let inspection = workload.next().at(&at.code).with_findings(city.findings);
        let started = device.record_line(&inspection.start(), &mut no_file)?.inspection;
        for (path, answer) in &inspection.answers {
            answer_one(&mut device, started, path, answer)?;
        }
        if let Some(rest) = inspection.rest(&started.to_string()) {
            device.record_line(&rest, &mut no_file)?;
        }
    }
    device.host_mut().at_ms.set(None);
    Ok(scene)
}

/// A device with so many checks of one site, by a checklist of so many items: each answered once in
/// each, and every tenth answer another.
pub(crate) fn merge(root: &Path, checks: u64, items: u64) -> anyhow::Result<(Scene, BenchDevice)> {
    let scene = Scene::make(root, Plan::of(1, 0))?;
    let mut device = scene::open(&scene.device(0), 0, Profile::Unsafe)?;
    device.add_checklist(&checklist(&device, items, false)?)?;
    for check in 0..checks {
        device.host_mut().at_ms.set(Some(1_624_492_800_000 + check as i64 * 60_000));
        let head = json!({"checklist": "LONG", "site": MERGED_AT, "day": DAY});
        let line = json!({ "head": head }).to_string();
        let started = device.record_line(&line, &mut no_file)?.inspection;
        for n in 0..items {
            let other = (n * 7 + check).is_multiple_of(10);
            answer_one(&mut device, started, &code(n), &said(n, other))?;
        }
    }
    device.host_mut().at_ms.set(None);
    Ok((scene, device))
}

/// A device with one check of so many items, of which two in three depend on the one before, all answered.
pub(crate) fn depending(root: &Path, items: u64) -> anyhow::Result<(Scene, BenchDevice, String)> {
    let scene = Scene::make(root, Plan::of(1, 0))?;
    let mut device = scene::open(&scene.device(0), 0, Profile::Device)?;
    device.add_checklist(&checklist(&device, items, true)?)?;
    let line =
        json!({ "head": { "checklist": "LONG", "site": MERGED_AT, "day": DAY } }).to_string();
    let started = device.record_line(&line, &mut no_file)?.inspection;
    for n in 0..items {
        answer_one(&mut device, started, &code(n), &said(n, false))?;
    }
    Ok((scene, device, started.to_string()))
}

fn no_file(_: &str) -> std::io::Result<Box<dyn std::io::Read>> {
    Err(std::io::ErrorKind::NotFound.into())
}

fn answer_one(
    device: &mut BenchDevice,
    inspection: spotcheck_domain::RecordId,
    path: &str,
    answer: &Value,
) -> anyhow::Result<()> {
    let answer = serde_json::from_value(answer.clone())?;
    device.answer(inspection, &BTreeMap::from([(SlotPath::new(path)?, answer)]), None)?;
    Ok(())
}

fn site(n: u64, kind: &str) -> SiteRow {
    let vehicle = kind == "vehicle";
    SiteRow {
        code: format!("{}{n:04}", if vehicle { "V" } else { "S" }),
        parent: None,
        kind: kind.to_owned(),
        zh: if vehicle { format!("粤B{:05}D", n * 37 % 100_000) } else { format!("第{n}市场") },
        en: format!("{kind} {n}"),
        district: Some(["南山", "福田", "罗湖", "宝安", "龙岗"][(n % 5) as usize].to_owned()),
        org: format!("ORG-{}", n % 40),
    }
}

/// The item with a number.
fn code(n: u64) -> String {
    format!("L{n:03}")
}

/// Items of the three policies in turn, as three shipped ones are: the worst wins, both are kept, the
/// lead is asked.
const LIKE: [&str; 3] = ["CCS-10", "CCS-03", "GEN-01"];

fn said(n: u64, other: bool) -> Value {
    match (n % 3, other) {
        (0, false) => json!({"result": "pass"}),
        (0, true) => json!({"result": "fail"}),
        (1, false) => json!({"value": "-18.5", "unit": "°C"}),
        (1, true) => json!({"value": "-14.5", "unit": "°C"}),
        (_, false) => json!({"count": 2}),
        (_, true) => json!({"count": 3}),
    }
}

/// What an item asks of those before it.
fn logic(n: u64) -> ItemLogic {
    let mut logic = ItemLogic::default();
    match n % 3 {
        1 => logic.relevant = Some(format!("${{{}}} = 'pass'", code(n - 1))),
        2 => {
            let text =
                Bilingual { zh: "至少一人".to_owned(), en: "one person at least".to_owned() };
            let holds = format!(". >= 1 and ${{{}}} < 10", code(n - 1));
            logic.constraint = Some(Constraint { holds, text });
        }
        _ => {}
    }
    logic
}

/// A published checklist of so many items, each a copy of a shipped one under a code of its own.
fn checklist(device: &BenchDevice, items: u64, depending: bool) -> anyhow::Result<Vec<u8>> {
    let (_, shipped) = device.library().checklist("CCS")?;
    let mut list = shipped.clone();
    let copied = (0..items).map(|n| {
        let like = LIKE[(n % 3) as usize];
        let mut item = shipped.find_item(like).with_context(|| format!("{like} is gone"))?.clone();
        (item.code, item.repeat) = (code(n), None);
        if depending {
            item.logic = logic(n);
        }
        Ok(item)
    });
    list.items = copied.collect::<anyhow::Result<_>>()?;
    list.code = "LONG".to_owned();
    Ok(serde_json::to_vec(&list)?)
}
