use spotcheck_app::AppError;
use spotcheck_domain::BlobHash;
use spotcheck_domain::op::OpData;
use spotcheck_protocol::sharing;

use super::*;

const FINDING: &str = r#","findings":[{"note":"no log","severity":"major","photos":["door"]}]"#;

fn findings(world: &mut World, device: usize, record: RecordId) -> usize {
    world.devices[device].app().store().children(record).unwrap().len()
}

/// Ada (team A) records, the lead (A and B) shares with B, Cy (B) reads.
fn shared() -> (World, RecordId) {
    let mut world = world(&["ada", "lead", "cy"]);
    let record = inspect(&mut world, 0, FINDING);
    inspect(&mut world, 0, "");
    (0..3).for_each(|device| drop(sync(&mut world, device)));
    assert_eq!(shown(&mut world, 2, record, "site"), None);
    world.devices[1].act(|app| app.share(record, "B")).unwrap();
    (world, record)
}

#[test]
fn a_shared_inspection_is_read_with_its_findings_photos_and_all_that_follows() {
    let (mut world, record) = shared();
    sync(&mut world, 1);
    sync(&mut world, 2);
    assert_eq!(shown(&mut world, 2, record, "site"), Some("NS-MKT".into()));
    assert_eq!(findings(&mut world, 2, record), 1);
    let inspections = world.devices[2].app().store().record_count("inspection").unwrap();
    assert_eq!(inspections, 1, "nothing else of team A came along");

    // The photo may be read in team B now.
    let (ledger, cy) = (world.server.service().ledger(), world.server.user("cy"));
    let readable = pollster::block_on(async {
        use spotcheck_server::ledger::Ledger as _;
        let user = ledger.find_user(world.server.ws, cy).await.unwrap().unwrap();
        ledger.readable_blob(world.server.ws, BlobHash::of(b"door"), &user.reads).await.unwrap()
    });
    assert!(readable.is_some());

    // A later answer and a later finding come by themselves.
    let later =
        format!(r#"{{"inspection":"{record}","answers":{{"GEN-01":{{"count":4}}}}{FINDING}}}"#);
    super::record(&mut world, 0, &later);
    sync(&mut world, 0);
    sync(&mut world, 2);
    assert_ne!(shown(&mut world, 2, record, "GEN-01"), None);
    assert_eq!(findings(&mut world, 2, record), 2);
    assert!(world.devices[2].app().store().projections_hold().unwrap());
}

#[test]
fn who_reads_by_sharing_does_not_write() {
    let (mut world, record) = shared();
    sync(&mut world, 1);
    sync(&mut world, 2);
    let line = format!(r#"{{"inspection":"{record}","answers":{{"GEN-01":{{"count":4}}}}}}"#);
    let mut none = |_: &str| Err(std::io::ErrorKind::NotFound.into());
    let refused = world.devices[2].act(|app| app.record_line(&line, &mut none));
    assert!(matches!(refused, Err(AppError::ReadOnly(_))), "{refused:?}");
}

#[test]
fn an_inspector_shares_nothing_whatever_their_device_says() {
    let mut world = world(&["ada", "lead", "cy"]);
    let record = inspect(&mut world, 0, "");
    let refused = world.devices[0].act(|app| app.share(record, "B"));
    assert!(matches!(refused, Err(AppError::ReadOnly(_))), "{refused:?}");

    // A device that was tampered with writes the op all the same.
    let scope = world.devices[2].app().identity().unwrap().home_scope;
    let home = world.devices[0].app().identity().unwrap().home_scope;
    let set = [(sharing::slot(scope).unwrap(), Value::from(true))].into();
    let data = OpData { set, ..OpData::default() };
    world.devices[0].force(record, home, "inspection.shared", data);
    for device in [0, 1, 2] {
        sync(&mut world, device);
    }
    assert_eq!(shown(&mut world, 2, record, "site"), None);
    assert_eq!(world.server.quarantine(), ["may_not_share"]);
}

#[test]
fn a_share_comes_back_with_a_restored_server_in_whatever_order() {
    let (mut world, record) = shared();
    let backup = world.server.backup();
    sync(&mut world, 1);
    sync(&mut world, 2);
    let before = world.devices[2].app().store().find_record(record).unwrap();
    world.server.restore(backup);
    // Cy, who only reads, gives back what they have first.
    for device in [2, 1, 0, 2, 1, 0] {
        sync(&mut world, device);
    }
    assert_eq!(world.devices[2].app().store().find_record(record).unwrap(), before);
    let later = format!(r#"{{"inspection":"{record}","answers":{{"GEN-01":{{"count":9}}}}}}"#);
    super::record(&mut world, 0, &later);
    sync(&mut world, 0);
    sync(&mut world, 2);
    assert_ne!(shown(&mut world, 2, record, "GEN-01"), None);
}

#[test]
fn losing_the_own_team_leaves_what_another_scope_still_delivers() {
    let mut world = world(&["ada", "lead", "ben"]);
    let record = inspect(&mut world, 0, "");
    (0..3).for_each(|device| drop(sync(&mut world, device)));
    // Ben is of both teams for a while, and then of B alone.
    world.server.join("B", "ben");
    world.devices[1].act(|app| app.share(record, "B")).unwrap();
    sync(&mut world, 1);
    sync(&mut world, 2);
    world.server.change_team("ben", false);
    sync(&mut world, 2);
    assert_eq!(shown(&mut world, 2, record, "site"), Some("NS-MKT".into()));
    assert!(world.devices[2].app().store().projections_hold().unwrap());
}

#[test]
fn who_shares_opens_what_they_may_write_and_nothing_others_say_of_the_record() {
    let mut world = world(&["ada", "ben", "lead", "cy"]);
    let ws = world.server.ws;
    // Ada and Ben differ, and the lead decides: a record whose id anyone can compute.
    for (device, count) in [(0, 1), (1, 2)] {
        let line = format!(
            r#"{{"head":{{"checklist":"ENT","site":"NS-MKT","day":"2021-06-24"}},"answers":{{"GEN-01":{{"count":{count}}}}}}}"#
        );
        super::record(&mut world, device, &line);
        sync(&mut world, device);
    }
    sync(&mut world, 2);
    let open = world.devices[2].app().contradictions(None, None).unwrap();
    let keep = spotcheck_app::Decision::Keep(open[0].values[0].op);
    world.devices[2].act(|app| app.decide(&open[0].id, &keep, "seen")).unwrap();
    sync(&mut world, 2);
    let site = RecordId::of_site(ws, "NS-MKT");
    let merge = RecordId::of_merge(ws, "", site, "2021-06-24", "ENT");
    assert!(world.devices[2].app().store().find_record(merge).unwrap().is_some());

    // In team B's scope, they share that record with a team C of Cy's.
    let cy = (world.server.user("cy"), "inspector".to_owned());
    let [code, zh, en] = ["C"; 3].map(str::to_owned);
    let team = spotcheck_server::service::NewTeam { code, zh, en, members: vec![cy] };
    let c = pollster::block_on(world.server.service().add_team(ws, &team)).unwrap();
    let b = world.devices[3].app().identity().unwrap().home_scope;
    let set = [(sharing::slot(c).unwrap(), Value::from(true))].into();
    let data = OpData { set, ..OpData::default() };
    world.devices[2].force(merge, b, "merge.shared", data);
    sync(&mut world, 2);
    sync(&mut world, 3);
    let ops = world.devices[3].app().store().ops_of(merge).unwrap();
    assert_eq!(ops.len(), 1, "the share op alone, which is team B's");
}
