//! The network is good again: what is where?

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use spotcheck_testkit::outside::Device;

use crate::acknowledged::mark_of;
use crate::story::{Story, enrolled, remembers};

/// Sends the rest, kills the server once more, enrols a fresh device, and compares.
pub(crate) fn reach(story: &mut Story) -> anyhow::Result<()> {
    for (device, line) in [&story.writer, &story.reader] {
        line.heal();
        remembers(&device.ask(&["sync"])?)?;
    }
    let status = story.writer.0.ask_one(&["status"])?;
    ensure!(
        status["ops_waiting"] == 0 && status["photos_waiting"] == json!([0, 0]),
        "the device still waits for receipts: {status}"
    );
    // What was receipted must outlive the process that gave the receipt.
    story.server.kill_and_restart()?;
    let own = own_ops(&story.writer.0)?;
    let photos = on_the_server(story, own.len())?;
    let fresh =
        enrolled(&story.programs, &story.root, &story.network, &story.server, "lead.produce", 7)?;
    remembers(&story.reader.0.ask(&["sync"])?)?;
    remembers(&story.writer.0.ask(&["sync"])?)?;

    let marks = story.nothing_lost()?;
    let twice: Vec<_> = marks.iter().filter(|(_, times)| **times != 1).collect();
    ensure!(twice.is_empty(), "lines that are there more than once: {twice:?}");
    ensure!(
        story.acknowledged.inspections.keys().all(|mark| marks.contains_key(mark)),
        "a line that was acknowledged is not listed"
    );
    for device in [&story.reader.0, &fresh.0] {
        same(&story.writer.0, device, &own)?;
    }
    println!(
        "{} lines acknowledged: {} ops and {photos} photos on the device, the server, a device \
         killed in fetching and a fresh one, none lost, none twice",
        story.acknowledged.inspections.len(),
        own.len()
    );
    Ok(())
}

fn own_ops(writer: &Device) -> anyhow::Result<BTreeSet<String>> {
    let log = writer.ask(&["log", "--limit", "10000"])?;
    let mine = log.iter().filter(|op| op["mine"] == true);
    let ops: Vec<&str> = mine.filter_map(|op| op["op"].as_str()).collect();
    let set: BTreeSet<String> = ops.iter().map(|op| (*op).to_owned()).collect();
    ensure!(set.len() == ops.len(), "the writer's log has an op twice");
    Ok(set)
}

/// The other device has the writer's ops, each once, and the same records.
fn same(writer: &Device, other: &Device, own: &BTreeSet<String>) -> anyhow::Result<()> {
    let name = other.name();
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    for op in other.ask(&["log", "--limit", "10000"])? {
        *times.entry(op["op"].as_str().context("an op without id")?.to_owned()).or_default() += 1;
    }
    let lost: Vec<_> = own.iter().filter(|op| !times.contains_key(*op)).collect();
    ensure!(lost.is_empty(), "{name} lacks {} of {} ops: {lost:?}", lost.len(), own.len());
    let twice = times.values().filter(|times| **times != 1).count();
    ensure!(twice == 0, "{name} has {twice} ops twice");
    for kind in ["inspection", "finding"] {
        ensure!(list(writer, kind)? == list(other, kind)?, "{name} has another {kind} list");
    }
    Ok(())
}

fn list(device: &Device, kind: &str) -> anyhow::Result<Vec<Value>> {
    let mut list = device.ask(&[kind, "list", "--limit", "10000"])?;
    // Whether it is sent is a device's own matter.
    list.iter_mut().for_each(|record| record["sent"] = Value::Null);
    list.sort_by_key(|record| (mark_of(record).to_owned(), record["id"].to_string()));
    Ok(list)
}

/// How many photos the server has; each is one that was acknowledged, and right.
fn on_the_server(story: &Story, ops: usize) -> anyhow::Result<usize> {
    let mut stored = story.server.stored()?;
    stored.retain(|hash, _| !story.documents_before.contains(hash));
    let lost: Vec<_> =
        story.acknowledged.photos.iter().filter(|hash| !stored.contains_key(*hash)).collect();
    ensure!(lost.is_empty(), "the server lacks photos: {lost:?}");
    ensure!(stored.values().all(|file| file.right), "a photo on the server has other bytes");
    let entries = story.server.metric("spotcheck_deliveries")? - story.deliveries_before;
    ensure!(
        entries == (ops + stored.len()) as u64,
        "the server has {entries} entries for {ops} ops and {} photos",
        stored.len()
    );
    Ok(stored.len())
}
