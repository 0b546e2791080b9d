//! Findings and photos: taken, marked, placed, corrected.

use serde_json::{Value, json};
use spotcheck_app::AppError;
use spotcheck_domain::{BlobHash, RecordId};

use super::call;
use crate::world::{TakenPhoto, World};

/// A photo. One in eight is a picture that others have too: a notice passed around, say. One in
/// `large` is larger than the chunk an upload begins with, so that it can be cut in its middle.
fn some_photo(world: &World, large: u64) -> Vec<u8> {
    if world.dice.one_in(8) {
        return format!("notice {}", world.dice.below(2)).into_bytes();
    }
    let bytes = match world.dice.one_in(large) {
        true => 70_000 + world.dice.below(110_000),
        false => 1 + world.dice.below(40_000),
    };
    new_photo(world, bytes)
}

fn new_photo(world: &World, bytes: u64) -> Vec<u8> {
    let mut photo = vec![0; bytes as usize];
    world.dice.fill(&mut photo);
    photo
}

/// Raises a finding with a photo.
pub(in crate::simulation) fn finding(
    world: &mut World,
    index: usize,
    record: RecordId,
    large: u64,
) -> Result<(), AppError> {
    let photo = some_photo(world, large);
    let line = format!(
        r#"{{"inspection":"{record}","findings":[{{"note":"测温慢","severity":"major","photos":["a.jpg"]}}]}}"#
    );
    let mut open = |_: &str| {
        let photo: Box<dyn std::io::Read> = Box::new(std::io::Cursor::new(photo.clone()));
        Ok(photo)
    };
    world.devices[index].act(|app| app.record_line(&line, &mut open))?;
    taken(world, index, &photo);
    Ok(())
}

/// Says that a finding was cured, or corrects what it says.
pub(in crate::simulation) fn change_finding(
    world: &mut World,
    index: usize,
) -> Result<(), AppError> {
    let Some(finding) = some(world, index, "finding")? else { return Ok(()) };
    let request = match world.dice.below(2) {
        0 => json!({ "call": "fix", "finding": finding, "fixed": { "note": "当场改" } }),
        _ => {
            let note = format!("测温慢，第{}次", world.dice.below(9));
            let draft = json!({ "note": note, "severity": "minor" });
            json!({ "call": "edit_finding", "finding": finding, "draft": draft })
        }
    };
    call(world, index, &request)
}

/// Takes a photo whose item is picked later.
pub(in crate::simulation) fn keep_loose(
    world: &mut World,
    index: usize,
    large: u64,
) -> Result<(), AppError> {
    let photo = some_photo(world, large);
    let sha256 = hand_in(world, index, &photo)?;
    call(world, index, &json!({ "call": "keep_loose", "sha256": sha256 }))?;
    taken(world, index, &photo);
    Ok(())
}

/// Opens a photo whose bytes are not here: the next round fetches it.
pub(in crate::simulation) fn open_photo(
    world: &mut World,
    index: usize,
    photo: BlobHash,
) -> Result<(), AppError> {
    call(world, index, &json!({ "call": "ask_photo", "sha256": photo.to_string() }))
}

/// Says what a loose photo was for.
pub(in crate::simulation) fn place_loose(
    world: &mut World,
    index: usize,
    into: RecordId,
) -> Result<(), AppError> {
    let Some(evidence) = some(world, index, "evidence")? else { return Ok(()) };
    let record = if world.dice.one_in(3) { Value::Null } else { json!(into.to_string()) };
    let request = json!({ "call": "place_loose", "evidence": evidence, "record": record });
    call(world, index, &request)
}

/// Marks a copy of a photo taken here.
pub(in crate::simulation) fn derive(world: &mut World, index: usize) -> Result<(), AppError> {
    let photos = &world.devices[index].photos;
    if photos.is_empty() {
        return Ok(());
    }
    let original = world.dice.pick(photos).sha256.to_string();
    let copy = new_photo(world, 1 + world.dice.below(40_000));
    let derived = hand_in(world, index, &copy)?;
    let photos = json!({
        "call": "derive_photo", "original": original, "derived": derived, "how": "marked"
    });
    call(world, index, &photos)?;
    taken(world, index, &copy);
    Ok(())
}

fn hand_in(world: &mut World, index: usize, photo: &[u8]) -> Result<String, AppError> {
    world.devices[index].act(|app| app.take_photo(&mut &*photo)).map(|it| it.sha256.to_string())
}

/// From here on the photo must reach the server.
fn taken(world: &mut World, index: usize, photo: &[u8]) {
    let at_ms = world.clock.get();
    world.devices[index].photos.push(TakenPhoto { sha256: BlobHash::of(photo), at_ms });
}

/// One of the latest records of a kind on a device.
fn some(world: &World, index: usize, kind: &str) -> Result<Option<String>, AppError> {
    let known = world.devices[index].peek().store().list_records(kind, None, 20)?;
    Ok(match known.is_empty() {
        true => None,
        false => Some(world.dice.pick(&known).record.to_string()),
    })
}
