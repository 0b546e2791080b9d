//! What people do: one act each, on a device that may fail under them.

use std::collections::BTreeMap;

use spotcheck_app::{AppError, Decision};
use spotcheck_domain::{BlobHash, OpId, RecordId, SlotPath, Value};

use super::Tally;
use crate::world::World;

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
fn today(world: &World) -> String {
    let local = world.clock.get() + 8 * 3_600_000;
    let now = chrono::DateTime::from_timestamp_millis(local).unwrap_or_default();
    now.format("%Y-%m-%d").to_string()
}

fn some_answer(world: &World) -> (&'static str, &'static str) {
    let (item, answers) = world.dice.pick(&ITEMS);
    (item, answers[world.dice.below(3) as usize])
}

pub(super) fn start(world: &mut World, index: usize) -> Result<&'static str, AppError> {
    let site = *world.dice.pick(&["NS-MKT", "FT-MKT"]);
    let (item, answer) = some_answer(world);
    let day = today(world);
    let line = format!(
        r#"{{"head":{{"checklist":"ENT","site":"{site}","day":"{day}"}},"answers":{{"{item}":{answer}}}}}"#
    );
    let mut none = |_: &str| Err(std::io::ErrorKind::NotFound.into());
    world.devices[index].act(|app| app.record_line(&line, &mut none)).map(|_| "inspection.started")
}

pub(super) fn answer(
    world: &mut World,
    index: usize,
    record: RecordId,
) -> Result<&'static str, AppError> {
    let (item, answer) = some_answer(world);
    let slot = SlotPath::new(item).map_err(|e| AppError::invalid("slot", e))?;
    let value = Value::parse(answer).map_err(|e| AppError::invalid("answer", e))?;
    let answers = BTreeMap::from([(slot, value)]);
    world.devices[index]
        .act(|app| app.answer(record, &answers, None))
        .map(|_| "inspection.answered")
}

pub(super) fn undo(world: &mut World, index: usize) -> Result<&'static str, AppError> {
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
            return Ok("");
        }
        app.undo(*dice.pick(&mine), None).map(|_| "inspection.undone")
    })
}

pub(super) fn finding(
    world: &mut World,
    index: usize,
    record: RecordId,
) -> Result<&'static str, AppError> {
    let mut photo = vec![0; 1 + world.dice.below(60_000) as usize];
    world.dice.fill(&mut photo);
    let line = format!(
        r#"{{"inspection":"{record}","findings":[{{"note":"测温慢","severity":"major","photos":["a.jpg"]}}]}}"#
    );
    let hash = BlobHash::of(&photo);
    let bytes = photo.len() as u64;
    let mut open = |_: &str| {
        let photo: Box<dyn std::io::Read> = Box::new(std::io::Cursor::new(photo.clone()));
        Ok(photo)
    };
    world.devices[index].act(|app| app.record_line(&line, &mut open))?;
    world.devices[index].photos.push(spotcheck_domain::op::BlobRef { sha256: hash, bytes });
    Ok("finding.raised")
}

/// Only the lead's device does; with the team whose inspection it is not.
pub(super) fn share(
    world: &mut World,
    index: usize,
    record: RecordId,
) -> Result<&'static str, AppError> {
    let team = *world.dice.pick(&["A", "B"]);
    match world.devices[index].act(|app| app.share(record, team)) {
        Ok(_) => Ok("inspection.shared"),
        Err(AppError::Invalid { .. }) => Ok(""),
        Err(other) => Err(other),
    }
}

pub(super) fn decide(
    world: &mut World,
    index: usize,
    tally: &mut Tally,
) -> Result<&'static str, AppError> {
    let day = today(world);
    let open = world.devices[index].app().contradictions(None, Some(&day))?;
    let Some(first) = open.first() else { return Ok("") };
    tally.add("path contradiction");
    let keep = Decision::Keep(world.dice.pick(&first.values).op);
    let id = first.id.clone();
    let merged = first.values.iter().any(|value| value.inspection != first.values[0].inspection);
    world.devices[index].act(|app| app.decide(&id, &keep, "seen again"))?;
    Ok(if merged { "merge.decided" } else { "inspection.answered" })
}
