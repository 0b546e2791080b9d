//! Ops that verify and mean harm: none may block a log, a reader, or anybody's photos.

use spotcheck_domain::RecordId;
use spotcheck_domain::op::MAX_DATA_BYTES;
use spotcheck_protocol::receipt::Receipt;
use spotcheck_testkit::world::World;

use crate::pen::Pen;
use crate::{ADA, BEN, settle, sync, visit, world};

const NOBODY: &str = "00112233445566778899aabbccddeeff";

/// Text that makes data exactly this long.
fn padded(bytes: usize) -> String {
    let (before, after) = (r#"{"set":{"note":""#, r#""}}"#);
    format!("{before}{}{after}", "x".repeat(bytes - before.len() - after.len()))
}

fn nested(depth: usize) -> String {
    format!(r#"{{"set":{{"a":{}1{}}}}}"#, "[".repeat(depth), "]".repeat(depth))
}

fn quarantined(reply: &spotcheck_protocol::messages::PushReply) -> Vec<String> {
    let receipt: Receipt = serde_json::from_str(&reply.receipts[0].body).unwrap();
    receipt.quarantined.into_iter().map(|(_, code)| code).collect()
}

/// Ada is a reader who has work of her own to send. Ben's log holds harm, then an honest op.
fn ada_goes_on(world: &mut World, record: RecordId) {
    visit(world, ADA);
    settle(world, ADA);
    let app = world.devices[ADA].app();
    let doc = app.store().find_record(record).unwrap().unwrap().doc;
    let last = spotcheck_domain::Value::from("said after the harm");
    assert_eq!(doc.agreed("last"), Some(&last));
    app.show(record).unwrap();
    app.day("NS-MKT", "2021-06-24").unwrap();
}

fn honest_end(world: &World, pen: &mut Pen, record: RecordId) {
    let data = r#"{"set":{"last":"said after the harm"}}"#;
    pen.write(world, "inspection.answered", Some(record), data);
}

#[test]
fn data_nobody_can_read_is_quarantined_and_the_log_goes_on() {
    let mut world = world();
    let mut pen = Pen::new(&world, BEN);
    let start = r#"{"set":{"site":"NS-MKT","day":"2021-06-24"}}"#;
    let record = pen.write(&world, "inspection.started", None, start).record();
    let bad = [
        nested(17),
        nested(10_000),
        padded(MAX_DATA_BYTES + 1),
        "null".to_owned(),
        "[]".to_owned(),
        r#"{"set":{"a":1.5}}"#.to_owned(),
        r#"{"set":{"a":1,"a":2}}"#.to_owned(),
        r#"{"set":{"no path!":1}}"#.to_owned(),
        format!(
            r#"{{"covers":{{"count":9007199254740993,"ops_sha256":"{NOBODY}{NOBODY}","blobs":[]}}}}"#
        ),
    ];
    for data in &bad {
        pen.write(&world, "inspection.answered", Some(record), data);
    }
    pen.write(&world, "inspection.answered", Some(record), &padded(MAX_DATA_BYTES));
    honest_end(&world, &mut pen, record);
    let mut codes = quarantined(&pen.push(&world));
    codes.sort();
    assert_eq!(codes.len(), bad.len());
    assert_eq!(codes.iter().filter(|code| *code == "too_large").count(), 1, "{codes:?}");
    assert!(codes.iter().all(|code| code == "too_large" || code == "unreadable"), "{codes:?}");
    ada_goes_on(&mut world, record);
}

#[test]
fn ops_that_point_in_circles_or_at_nothing_are_kept_and_harm_nobody() {
    let mut world = world();
    let mut pen = Pen::new(&world, BEN);
    let start = r#"{"set":{"site":"NS-MKT","day":"2021-06-24"}}"#;
    let first = pen.write(&world, "inspection.started", None, start);
    let other =
        pen.write(&world, "finding.raised", None, &format!(r#"{{"parent":"{}"}}"#, first.record()));
    let (a, b) = (first.record(), other.record());
    // Its own parent, and each other's.
    for (record, parent) in [(a, a), (a, b), (b, b)] {
        let data = format!(r#"{{"parent":"{parent}"}}"#);
        pen.write(&world, "inspection.answered", Some(record), &data);
    }
    let orphan = format!(r#"{{"parent":"{NOBODY}","set":{{"note":"whose?"}}}}"#);
    pen.write(&world, "finding.raised", None, &orphan);
    for member in ["replaces", "retracts", "settles"] {
        for target in [NOBODY.to_owned(), first.hash.id().to_string()] {
            let data = format!(r#"{{"set":{{"x":1}},"{member}":["{target}","{target}"]}}"#);
            pen.write(&world, "merge.decided", Some(a), &data);
        }
    }
    // A retraction of a retraction of a retraction …
    let mut target = first.hash.id();
    for _ in 0..300 {
        let data = format!(r#"{{"retracts":["{target}"]}}"#);
        target = pen.write(&world, "inspection.undone", Some(a), &data).hash.id();
    }
    let many: Vec<String> = (0..4000).map(|n| format!(r#""s{n}":{n}"#)).collect();
    pen.write(
        &world,
        "inspection.answered",
        Some(a),
        &format!(r#"{{"set":{{{}}}}}"#, many.join(",")),
    );
    pen.wall_ms = 1 << 53;
    pen.write(&world, "inspection.answered", Some(a), r#"{"set":{"late":1}}"#);
    pen.wall_ms = -(1 << 53);
    pen.write(&world, "tomorrow.invented", Some(a), r#"{"set":{"early":1},"new":[{"member":0}]}"#);
    honest_end(&world, &mut pen, a);
    assert_eq!(quarantined(&pen.push(&world)), [""; 0]);
    ada_goes_on(&mut world, a);
}

/// The kinds of the server's own log, in somebody else's: they decide nothing, and a register page
/// that is nowhere keeps nobody's photos back.
#[test]
fn what_only_the_server_may_say_is_believed_of_nobody_else() {
    let mut world = world();
    let ada_log = world.key_of(ADA);
    let ada_log = spotcheck_protocol::keys::Signer::log(ada_log);
    let mut pen = Pen::new(&world, BEN);
    let start = r#"{"set":{"site":"NS-MKT","day":"2021-06-24"}}"#;
    let record = pen.write(&world, "inspection.started", None, start).record();
    let page = format!(
        r#"{{"set":{{"pages":["{NOBODY}{NOBODY}"]}},"blobs":[{{"sha256":"{NOBODY}{NOBODY}","bytes":9}}]}}"#
    );
    pen.write(&world, "register.published", None, &page);
    let revoked = format!(r#"{{"set":{{"log":"{ada_log}","revoked":"harm"}}}}"#);
    pen.write(&world, "device.revoked", None, &revoked);
    let user = r#"{"set":{"code":"mallory","zh":"x","en":"x","role":"administrator"}}"#;
    pen.write(&world, "user.added", None, user);
    pen.write(&world, "epoch.started", None, r#"{"set":{"epoch":"x","previous":"y","size":0}}"#);
    honest_end(&world, &mut pen, record);
    pen.push(&world);
    let report = sync(&mut world, ADA);
    assert_eq!(report.unfetched, [], "nobody asked for a page that the server did not publish");
    ada_goes_on(&mut world, record);
    assert!(!world.devices[ADA].app().status().unwrap().revoked);
    let found = spotcheck_server::ledger::Ledger::find_user_by_code(
        world.server.service().ledger(),
        world.server.ws,
        "mallory",
    );
    assert!(pollster::block_on(found).unwrap().is_none());
}

#[test]
fn a_foreign_hash_in_a_log_keeps_nobody_from_reading_it() {
    let mut world = world();
    visit(&mut world, ADA);
    settle(&mut world, ADA);
    let ops = world.devices[ADA].peek().store().list_ops(0, 1000).unwrap();
    let hers = ops.iter().find(|row| row.mine).unwrap().op.hash;
    let mut pen = Pen::new(&world, BEN);
    let start = r#"{"set":{"site":"NS-MKT","day":"2021-06-24"}}"#;
    let record = pen.write(&world, "inspection.started", None, start).record();
    pen.write(&world, "inspection.answered", Some(record), "{}");
    honest_end(&world, &mut pen, record);
    pen.write(&world, "inspection.answered", Some(record), "{}");
    // In place of his second and fourth op stands hers, which the server holds.
    pen.push_with(&world, &[(1, hers), (3, hers)]);
    ada_goes_on(&mut world, record);
}
