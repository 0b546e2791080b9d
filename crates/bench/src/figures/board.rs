//! The lead's desk over a city's day: the board, coverage, findings and the inbox, by the page.

use std::time::Instant;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::Bench;
use crate::desk::{City, DAY, city};
use crate::figure::{Budget, Figure};
use crate::machine::median;
use crate::raw::desk;
use crate::scene::BenchDevice;

pub(crate) fn figures(bench: &Bench) -> anyhow::Result<Vec<Figure>> {
    let full = City { sites: 500, vehicles: 2_041, checks: 5_000, findings: 2 };
    let size = bench.size(full, City { sites: 4, vehicles: 4, checks: 24, findings: 2 });
    let scene = city(&bench.folder("board"), size)?;
    let mut device = scene.open(0..1)?.pop().context("one device")?;
    let asks = |call: Value| call.to_string();
    let board = asks(json!({"call": "board", "day": DAY}));
    let began = Instant::now();
    device.dispatch(&board)?;
    let first = began.elapsed().as_secs_f64() * 1e3;
    let opened = repeat(bench, || Ok(device.dispatch(&board)?))?;
    let coverage = asks(json!({"call": "coverage", "from": DAY, "to": DAY, "by": "district"}));
    let coverage = repeat(bench, || Ok(device.dispatch(&coverage)?))?;
    let all = last_page(&mut device)?;
    let page = asks(json!({"call": "findings", "day": DAY, "after": all.before_last}));
    let page = repeat(bench, || Ok(device.dispatch(&page)?))?;
    let inbox = asks(json!({"call": "inbox", "day": DAY}));
    let inbox = repeat(bench, || Ok(device.dispatch(&inbox)?))?;
    drop(device);
    let conn = crate::raw::database::open(&scene.device(0).join("device.db"))?;
    let briefs = repeat(bench, || Ok(desk::briefs(&conn, DAY)?))?;
    let places = repeat(bench, || Ok(desk::last_days(&conn)?))?;
    let newest = repeat(bench, || Ok(desk::newest_findings(&conn, 100)?))?;
    let documents = repeat(bench, || Ok(desk::documents(&conn, DAY)?))?;
    let note = format!("{} checks at {} places", size.checks, size.sites + size.vehicles);
    Ok(vec![
        Figure::new("board.first", first, "ms")
            .beside(documents)
            .note("once, after all of it came; the limit reads every document of the day bare"),
        Figure::new("board.open", opened, "ms")
            .beside(briefs)
            .budget(Budget::at_most(200.0))
            .note(note),
        Figure::new("board.coverage", coverage, "ms").beside(places).budget(Budget::at_most(200.0)),
        Figure::new("findings.page", page, "ms")
            .beside(newest)
            .budget(Budget::at_most(50.0))
            .note(format!("the last page of 100 of {} findings of the day", all.findings)),
        Figure::new("inbox.page", inbox, "ms")
            .beside(documents)
            .note("the first page of the whole day's inbox; the limit as for board.first"),
    ])
}

struct Pages {
    findings: usize,
    /// What the last page is asked by.
    before_last: Value,
}

fn last_page(device: &mut BenchDevice) -> anyhow::Result<Pages> {
    let mut pages = Pages { findings: 0, before_last: Value::Null };
    loop {
        let call = json!({"call": "findings", "day": DAY, "after": pages.before_last});
        let page = asked(device, &call)?;
        pages.findings += page["findings"].as_array().map_or(0, Vec::len);
        match &page["next"] {
            Value::Null => return Ok(pages),
            next => pages.before_last = next.clone(),
        }
    }
}

/// What a device answers.
pub(crate) fn asked(device: &mut BenchDevice, call: &Value) -> anyhow::Result<Value> {
    let answer = device.dispatch(&call.to_string())?;
    Ok(serde_json::from_str::<Value>(&answer)?["value"].take())
}

/// The median of some runs, in ms.
pub(crate) fn repeat<T>(
    bench: &Bench,
    mut look: impl FnMut() -> anyhow::Result<T>,
) -> anyhow::Result<f64> {
    let mut times = vec![];
    for _ in 0..bench.size(9, 1) {
        let began = Instant::now();
        look()?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    Ok(median(times))
}
