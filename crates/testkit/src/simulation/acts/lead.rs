//! What only a lead does: uniting findings, signing a merge, publishing.

use std::sync::OnceLock;

use serde_json::{Value, json};
use spotcheck_app::AppError;

use super::{call, today, unless_refused};
use crate::world::World;

/// Says of two findings that they are one thing, or different things.
pub(in crate::simulation) fn unite(world: &mut World, index: usize) -> Result<(), AppError> {
    let known = world.devices[index].peek().store().list_records("finding", None, 20)?;
    if known.len() < 2 {
        return Ok(());
    }
    let one = world.dice.pick(&known).record.to_string();
    let two = world.dice.pick(&known).record.to_string();
    let main = if world.dice.one_in(2) { json!(one) } else { Value::Null };
    let request = json!({ "call": "unite", "findings": [one, two], "main": main, "why": "" });
    unless_refused(call(world, index, &request))
}

/// Signs what the day's checks at a site add up to.
pub(in crate::simulation) fn sign_merge(world: &mut World, index: usize) -> Result<(), AppError> {
    let site = *world.dice.pick(&super::SITES);
    let asked = json!({
        "site": site, "day": today(world), "checklist": "ENT", "signature": { "role": "lead" }
    });
    unless_refused(call(world, index, &json!({ "call": "sign_merge", "asked": asked })))
}

/// Publishes a small rule pack, or a checklist of one's own.
pub(in crate::simulation) fn publish(world: &mut World, index: usize) -> Result<(), AppError> {
    let bytes = match world.dice.below(2) {
        0 => pack(world.dice.below(9)),
        _ => checklist(world.dice.below(9)),
    };
    // A version that is not above the newest here is refused.
    unless_refused(world.devices[index].act(|app| app.publish(&bytes).map(drop)))
}

fn pack(version: u64) -> Vec<u8> {
    static SHIPPED: OnceLock<Value> = OnceLock::new();
    let known = || spotcheck_rules::shipped().iter().find(|it| it.code == "eu-food");
    own(&SHIPPED, known().map(|it| it.bytes), "our-own", version)
}

fn checklist(version: u64) -> Vec<u8> {
    static SHIPPED: OnceLock<Value> = OnceLock::new();
    let known = || spotcheck_checklists::shipped().iter().find(|it| it.code == "COM");
    own(&SHIPPED, known().map(|it| it.bytes), "OWN", version)
}

/// A shipped document under a code and version of one's own.
fn own(shipped: &OnceLock<Value>, bytes: Option<&[u8]>, code: &str, version: u64) -> Vec<u8> {
    let shipped = shipped.get_or_init(|| {
        serde_json::from_slice(bytes.expect("it ships")).expect("what ships is JSON")
    });
    let mut document = shipped.clone();
    (document["code"], document["version"]) = (json!(code), json!(version.to_string()));
    serde_json::to_vec(&document).expect("JSON is written")
}
