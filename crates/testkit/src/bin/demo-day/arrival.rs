//! Everything arrived, once, and the receipts say so.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::cast::{Cast, text};
use crate::claims::{Claims, grouped, megabytes};

/// Ops and photos, on the devices and on the server.
pub(crate) fn all_once(cast: &Cast, claims: &mut Claims) -> anyhow::Result<()> {
    claims.part("6. Everything arrived, once");
    ops(cast, claims)?;
    photos(cast, claims)?;
    receipts(cast, claims)?;
    findings(cast, claims)
}

fn ops(cast: &Cast, claims: &mut Claims) -> anyhow::Result<()> {
    let mut own = BTreeSet::new();
    let mut sets = vec![];
    let mut rows = 0;
    let mut recorded = 0;
    for person in cast.everybody() {
        let log = person.log()?;
        let mine: Vec<&str> =
            log.iter().filter(|op| op["mine"] == true).map(|op| text(op, "op")).collect();
        recorded += mine.len();
        own.extend(mine.into_iter().map(str::to_owned));
        rows += log.len();
        sets.push(log.iter().map(|op| text(op, "op").to_owned()).collect::<BTreeSet<_>>());
    }
    let all = sets[0].len();
    claims.claim(
        sets.iter().all(|set| *set == sets[0] && own.is_subset(set)) && rows == 3 * all,
        format_args!(
            "the same {all} ops are on all 3 devices, none twice: the directory's and {recorded} of today"
        ),
    );
    let new = cast.server.metric("spotcheck_deliveries")? - cast.deliveries_before;
    // Each photo that is held is an entry, too.
    let photos = cast.first.photos.len() + cast.second.photos.len();
    claims.claim(
        new == (recorded + photos) as u64 && own.len() == recorded,
        format_args!(
            "the server's history grew by {new} entries: {recorded} ops and {photos} photos, none twice"
        ),
    );
    let verified = |person: &crate::cast::Person| person.device.ask_one(&["log", "--verify"]);
    let verified = cast.everybody().map(verified).into_iter().collect::<Result<Vec<_>, _>>()?;
    claims.claim(
        verified.iter().all(|one| one["holds"] == true),
        "every record on all 3 devices follows from its ops, byte for byte (log --verify)",
    );
    Ok(())
}

fn photos(cast: &Cast, claims: &mut Claims) -> anyhow::Result<()> {
    let taken: BTreeMap<&String, u64> = [&cast.first, &cast.second]
        .into_iter()
        .flat_map(|person| person.photos.iter().map(|(hash, bytes)| (hash, *bytes)))
        .collect();
    let mut stored = cast.server.stored()?;
    stored.retain(|hash, _| !cast.documents_before.contains(hash));
    let same = stored.len() == taken.len()
        && taken.iter().all(|(hash, bytes)| {
            stored.get(*hash).is_some_and(|file| file.right && file.bytes == *bytes)
        });
    let bytes: u64 = stored.values().map(|file| file.bytes).sum();
    claims.claim(
        same,
        format_args!(
            "on the server's disk are {} photos of {} taken, {}, each with its SHA-256",
            stored.len(),
            taken.len(),
            megabytes(bytes)
        ),
    );
    Ok(())
}

fn receipts(cast: &Cast, claims: &mut Claims) -> anyhow::Result<()> {
    for person in [&cast.first, &cast.second] {
        let status = person.status()?;
        let mine = person.log()?.into_iter().filter(|op| op["mine"] == true).collect::<Vec<_>>();
        let quarantined = mine.iter().filter(|op| !op["quarantined"].is_null()).count();
        let inspections = person.device.ask(&["inspection", "list"])?;
        let findings = person.device.ask(&["finding", "list"])?;
        let records: Vec<&Value> = inspections.iter().chain(&findings).collect();
        let sent = records.iter().filter(|record| record["sent"] == true).count();
        let nothing = status["ops_waiting"] == 0 && status["photos_waiting"] == json!([0, 0]);
        claims.claim(
            nothing && quarantined == 0 && sent == records.len(),
            format_args!(
                "{}: receipts cover {} ops and {} photos ({} bytes); {sent} of {} records are sent",
                person.who,
                mine.len(),
                person.photos.len(),
                grouped(person.photo_bytes()),
                records.len(),
            ),
        );
    }
    Ok(())
}

fn findings(cast: &Cast, claims: &mut Claims) -> anyhow::Result<()> {
    let mut lists = vec![];
    for person in cast.everybody() {
        let mut findings = person.device.ask(&["finding", "list"])?;
        // Who sent what is a device's own matter.
        findings.iter_mut().for_each(|finding| finding["sent"] = Value::Null);
        lists.push(findings);
    }
    claims.claim(
        lists.iter().all(|list| *list == lists[0]) && lists[0].len() == 3,
        "F-01, F-02 and F-03 are on all 3 devices, the same",
    );
    Ok(())
}
