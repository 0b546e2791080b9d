//! What is recorded while there is no network.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};
use serde_json::Value;
use spotcheck_testkit::outside::record_until_killed;

use crate::cast::{Cast, SHIFT_MS, text};
use crate::claims::{Claims, megabytes};
use crate::visit::{FIRST_SHOTS, SECOND_SHOTS, first_lines, second_lines, second_start};

/// The kill comes once so many lines were acknowledged.
const ACKNOWLEDGED: usize = 17;

/// The first inspector: the market with F-01 and F-02, the bus with F-03.
pub(crate) fn first(cast: &mut Cast, claims: &mut Claims) -> anyhow::Result<()> {
    claims.part("2. Offline: findings F-01 to F-03, with photos");
    let person = &mut cast.first;
    for (index, shot) in FIRST_SHOTS.into_iter().enumerate() {
        person.shoot(shot, cast.seed * 1000 + index as u64)?;
    }
    person.device.put("visits.jsonl", first_lines().join("\n").as_bytes())?;
    let recorded = person.device.ask(&["record", "visits.jsonl"])?;
    let kept: BTreeSet<&str> = recorded.iter().flat_map(|line| texts(&line["photos"])).collect();
    let taken: BTreeSet<&str> = person.photos.keys().map(String::as_str).collect();
    let findings = person.device.ask(&["finding", "list"])?;
    let mut whole = 0;
    for finding in &findings {
        let (note, photos) = (slot(finding, "note"), texts(&slot(finding, "photos")).len());
        claims.note(format_args!("{} ({photos} photos)", note.as_str().unwrap_or_default()));
        whole += usize::from(photos == 2 && finding["sent"] == false);
    }
    claims.claim(
        findings.len() == 3 && whole == 3,
        format_args!(
            "{} findings are kept, each with its 2 photos, none shown as sent",
            findings.len()
        ),
    );
    claims.claim(
        kept == taken,
        format_args!(
            "{} photos, {}: the device names each by the SHA-256 of our file",
            kept.len(),
            megabytes(person.photo_bytes())
        ),
    );
    Ok(())
}

/// The second inspector: the same checklist, a wrong clock, and a kill in the middle.
pub(crate) fn second(cast: &mut Cast, claims: &mut Claims) -> anyhow::Result<()> {
    claims.part(
        "3. Offline: the same checklist by someone else, two hours slow, killed while writing",
    );
    let person = &mut cast.second;
    for (index, (_, shot)) in SECOND_SHOTS.into_iter().enumerate() {
        person.shoot(shot, cast.seed * 1000 + 500 + index as u64)?;
    }
    person.device.put("start.jsonl", second_start().as_bytes())?;
    let started = person.device.ask_one(&["record", "start.jsonl"])?;
    let inspection = text(&started, "inspection").to_owned();
    let lines = second_lines(&inspection);

    let all: Vec<String> = lines.iter().map(|(_, line)| line.clone()).collect();
    let killed = record_until_killed(&person.device, &all, ACKNOWLEDGED)?;
    let acknowledged: BTreeSet<&str> =
        killed.told.iter().filter_map(|told| told["answers"][0]["path"].as_str()).collect();
    if !killed.at_work || acknowledged.len() >= lines.len() {
        bail!("the kill came too late: all {} lines were recorded", lines.len());
    }
    let here = answered(&cast.second.device.ask_one(&["inspection", "show", &inspection])?);
    let lost = acknowledged.iter().filter(|path| !here.contains(**path)).count();
    claims.claim(
        lost == 0,
        format_args!(
            "SIGKILL after {} of {} lines were acknowledged: {} are there, {lost} lost",
            acknowledged.len(),
            lines.len(),
            here.len() - 1,
        ),
    );
    let person = &cast.second;
    let verified = person.device.ask_one(&["log", "--verify"])?;
    claims.claim(
        verified["holds"] == true,
        format_args!("its log is without a gap: {} own ops", verified["own_ops"]),
    );
    let rest = lines.iter().filter(|(path, _)| !here.contains(path));
    let rest: Vec<&str> = rest.map(|(_, line)| line.as_str()).collect();
    person.device.put("rest.jsonl", rest.join("\n").as_bytes())?;
    person.device.ask(&["record", "rest.jsonl"])?;
    once(cast, &inspection, lines.len() + 1, rest.len(), claims)?;
    clock(cast, claims)
}

fn once(
    cast: &Cast,
    inspection: &str,
    answers: usize,
    rest: usize,
    claims: &mut Claims,
) -> anyhow::Result<()> {
    let shown = cast.second.device.ask_one(&["inspection", "show", inspection])?;
    let history = shown["history"].as_array().context("no history")?;
    claims.claim(
        answered(&shown).len() == answers && history.len() == answers,
        format_args!(
            "the other {rest} lines are recorded: {} answers by {} ops, so none twice",
            answered(&shown).len(),
            history.len()
        ),
    );
    Ok(())
}

fn clock(cast: &Cast, claims: &mut Claims) -> anyhow::Result<()> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_millis();
    let log = cast.second.log()?;
    let mine = log.iter().filter(|op| op["mine"] == true).filter_map(|op| op["at_ms"].as_i64());
    let off: Vec<i64> = mine.map(|at| at - now as i64 - SHIFT_MS).collect();
    // Recorded within this part, minutes ago at most.
    let slow = off.iter().all(|off| (-180_000..=1_000).contains(off));
    let (now, then) = (clock_text(now as i64), clock_text(now as i64 + SHIFT_MS));
    claims.claim(
        slow && !off.is_empty(),
        format_args!("all {} ops claim about {then} where it is {now} UTC", off.len()),
    );
    Ok(())
}

fn clock_text(ms: i64) -> String {
    let minutes = ms / 60_000;
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

/// The items of the checklist that are answered: their paths.
fn answered(shown: &Value) -> BTreeSet<String> {
    let slots = shown["record"]["slots"].as_object();
    let paths = slots.into_iter().flat_map(|slots| slots.keys().cloned());
    let item = |path: &String| {
        let item = path.rsplit('/').next().unwrap_or_default();
        item.starts_with("ENT-") || item.starts_with("GEN-")
    };
    paths.filter(item).collect()
}

/// The one current value of a slot, or nothing.
pub(crate) fn slot(record: &Value, name: &str) -> Value {
    match record["slots"][name].as_array().map(Vec::as_slice) {
        Some([one]) => one["value"].clone(),
        _ => Value::Null,
    }
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}
