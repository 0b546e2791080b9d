//! What people do: one act each, on a device that may fail under them.

mod instruments;
mod lead;
mod photos;

pub(super) use instruments::instrument;
pub(super) use lead::{publish, sign_merge, unite};
pub(super) use photos::{change_finding, derive, finding, keep_loose, open_photo, place_loose};

use std::collections::BTreeMap;

use serde_json::json;
use spotcheck_app::{AppError, Decision};
use spotcheck_domain::{OpId, RecordId, SlotPath, Value};

use super::Tally;
use crate::world::World;

/// Where the simulation inspects.
pub(super) const SITES: [&str; 2] = ["NS-MKT", "FT-MKT"];

/// Items that the simulation answers, and what it answers.
const ITEMS: [(&str, [&str; 3]); 5] = [
    ("GEN-01", [r#"{"count":1}"#, r#"{"count":2}"#, r#"{"count":3}"#]),
    (
        "ENT-05",
        [r#"{"result":"pass"}"#, r#"{"result":"fail"}"#, r#"{"result":"na","reason":"shut"}"#],
    ),
    (
        "ENT-04",
        [
            r#"{"value":"18.5","unit":"°C"}"#,
            r#"{"value":"36.0","unit":"°C"}"#,
            r#"{"value":"15.99","unit":"°C"}"#,
        ],
    ),
    (
        "ENT-09",
        [r#"{"result":"pass"}"#, r#"{"result":"fail"}"#, r#"{"result":"na","reason":"none"}"#],
    ),
    (
        "ENT-11",
        [r#"{"result":"pass"}"#, r#"{"result":"fail"}"#, r#"{"result":"na","reason":"none"}"#],
    ),
];

/// The day in Shenzhen, whatever a device's clock says.
pub(super) fn today(world: &World) -> String {
    let local = world.clock.get() + 8 * 3_600_000;
    let now = chrono::DateTime::from_timestamp_millis(local).unwrap_or_default();
    now.format("%Y-%m-%d").to_string()
}

fn some_answer(world: &World) -> (&'static str, &'static str) {
    let (item, answers) = world.dice.pick(&ITEMS);
    (item, answers[world.dice.below(3) as usize])
}

pub(super) fn start(world: &mut World, index: usize) -> Result<(), AppError> {
    let site = *world.dice.pick(&SITES);
    let (item, answer) = some_answer(world);
    let day = today(world);
    let joint = world.dice.one_in(4);
    let mut begin = |scope: &str| {
        let line = format!(
            r#"{{"head":{{"checklist":"ENT","site":"{site}","day":"{day}"{scope}}},"answers":{{"{item}":{answer}}}}}"#
        );
        let mut none = |_: &str| Err(std::io::ErrorKind::NotFound.into());
        world.devices[index].act(|app| app.record_line(&line, &mut none)).map(drop)
    };
    if joint {
        match begin(r#","scope":"J""#) {
            // Not open to this person, as far as their device knows.
            Err(AppError::Invalid { field, .. }) if field == "scope" => {}
            other => return other,
        }
    }
    begin("")
}

pub(super) fn answer(world: &mut World, index: usize, record: RecordId) -> Result<(), AppError> {
    let (item, answer) = some_answer(world);
    let slot = SlotPath::new(item).map_err(|e| AppError::invalid("slot", e))?;
    let value = Value::parse(answer).map_err(|e| AppError::invalid("answer", e))?;
    let answers = BTreeMap::from([(slot, value)]);
    world.devices[index].act(|app| app.answer(record, &answers, None)).map(drop)
}

pub(super) fn undo(world: &mut World, index: usize) -> Result<(), AppError> {
    let dice = world.dice.clone();
    world.devices[index].act(|app| {
        let user = app.identity()?.user;
        // One of the latest: nobody takes back what is a month old.
        let latest = i64::try_from(app.store().op_count()?).unwrap_or_default() - 300;
        let ops = app.store().list_ops(latest, 1_000)?;
        let mine: Vec<OpId> = ops
            .iter()
            .filter(|row| row.op.header.by == user && row.op.header.record.is_some())
            .map(|row| row.op.hash.id())
            .collect();
        if mine.is_empty() {
            return Ok(());
        }
        app.undo(*dice.pick(&mine), None).map(drop)
    })
}

/// Only the lead's device does; with a team or a scope whose inspection it is not.
pub(super) fn share(world: &mut World, index: usize, record: RecordId) -> Result<(), AppError> {
    let team = *world.dice.pick(&["A", "B", "J", "U"]);
    let shared = world.devices[index].act(|app| app.share(record, team).map(drop));
    unless_refused(shared)
}

pub(super) fn decide(world: &mut World, index: usize, tally: &mut Tally) -> Result<(), AppError> {
    let day = today(world);
    let open = world.devices[index].app().contradictions(None, Some(&day))?;
    let Some(first) = open.first() else { return Ok(()) };
    tally.add("path contradiction");
    let keep = Decision::Keep(world.dice.pick(&first.values).op);
    let id = first.id.clone();
    world.devices[index].act(|app| app.decide(&id, &keep, "seen again")).map(drop)
}

/// A site that no register lists; a lead who knows of one confirms it.
pub(super) fn add_site(world: &mut World, index: usize) -> Result<(), AppError> {
    let identity = world.devices[index].peek().store().identity();
    let leads = identity.is_some_and(|identity| identity.role == "lead");
    let known = world.devices[index].peek().store().list_records("site", None, 20)?;
    if leads && !known.is_empty() {
        let record = world.dice.pick(&known).record.to_string();
        let code = format!("NEW-{}", record[..8].to_ascii_uppercase());
        let request =
            json!({ "call": "confirm_site", "code": code, "name": "河边早市", "kind": "market" });
        return call(world, index, &request);
    }
    let site = json!({ "name": "河边早市", "kind": "market", "district": "南山区" });
    call(world, index, &json!({ "call": "add_site", "site": site }))
}

/// What a screen asks for.
fn call(world: &mut World, index: usize, request: &serde_json::Value) -> Result<(), AppError> {
    world.devices[index].act(|app| app.dispatch(&request.to_string()).map(drop))
}

/// What the app refuses for a reason that a person can see, such as a merge with open questions.
fn unless_refused(done: Result<(), AppError>) -> Result<(), AppError> {
    match done {
        Err(AppError::Invalid { .. }) => Ok(()),
        other => other,
    }
}
