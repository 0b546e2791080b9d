//! One merge as large as they come: the day itself, its inbox, and one item opened.

use anyhow::Context as _;
use serde_json::json;

use super::Bench;
use super::board::{asked, repeat};
use crate::desk::{DAY, MERGED_AT, merge};
use crate::figure::{Budget, Figure};
use crate::raw::desk;

pub(crate) fn figures(bench: &Bench) -> anyhow::Result<Vec<Figure>> {
    let (checks, items) = (bench.size(50, 3), bench.size(300, 30));
    let (scene, mut device) = merge(&bench.folder("merge"), checks, items)?;
    let day = repeat(bench, || Ok(device.day(MERGED_AT, DAY)?))?;
    let inbox = json!({"call": "inbox", "day": DAY});
    let shown = asked(&mut device, &inbox)?;
    let inbox = inbox.to_string();
    let opened = repeat(bench, || Ok(device.dispatch(&inbox)?))?;
    // What the screen asks for when an item is opened: the checklist of one check, and what was ever
    // said in the slot, check by check.
    let item = shown["groups"][0]["items"].as_array().and_then(|items| items.first());
    let item = item.context("an item that differs")?.clone();
    let sides = item["sides"].as_array().cloned().unwrap_or_default();
    let mut looks = vec![json!({"call": "check", "id": sides[0]["inspection"]}).to_string()];
    looks.extend(sides.iter().map(|side| {
        json!({"call": "history", "id": side["inspection"], "path": item["path"]}).to_string()
    }));
    let one = repeat(bench, || {
        looks.iter().map(|look| Ok(device.dispatch(look)?.len())).sum::<anyhow::Result<usize>>()
    })?;
    drop(device);
    let conn = crate::raw::database::open(&scene.device(0).join("device.db"))?;
    let documents = repeat(bench, || Ok(desk::documents(&conn, DAY)?))?;
    let texts = repeat(bench, || Ok(desk::ops(&conn, DAY)?))?;
    Ok(vec![
        Figure::new("merge.day", day, "ms").beside(documents).budget(Budget::at_most(200.0)).note(
            format!("{checks} checks of {items} items; the limit reads their documents bare"),
        ),
        Figure::new("inbox.open", opened, "ms")
            .beside(texts)
            .note("with every value and what it means; the limit reads every op bare"),
        Figure::new("inbox.item", one, "ms")
            .beside(documents)
            .budget(Budget::at_most(50.0))
            .note(format!("the history of an item in {} checks", sides.len())),
    ])
}
