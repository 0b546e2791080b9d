use spotcheck_app::AppError;

use super::*;

const JOINT: &str = r#"{"head":{"checklist":"ENT","site":"NS-MKT","day":"2021-06-24","scope":"J"},"complete":true}"#;

fn begin(world: &mut World, device: usize, line: &str) -> Result<RecordId, AppError> {
    let mut none = |_: &str| Err(std::io::ErrorKind::NotFound.into());
    world.devices[device].act(|app| app.record_line(line, &mut none)).map(|it| it.inspection)
}

/// Ada (team A) and Cy (team B) are of one organisation, to which a joint scope is open.
#[test]
fn what_two_teams_record_in_a_joint_scope_is_both_teams() {
    let mut world = world(&["ada", "cy", "ben"]);
    (0..3).for_each(|device| drop(sync(&mut world, device)));
    let joint = begin(&mut world, 0, JOINT).unwrap();
    let own = inspect(&mut world, 0, "");
    (0..3).for_each(|device| drop(sync(&mut world, device)));
    assert_eq!(shown(&mut world, 1, joint, "site"), Some("NS-MKT".into()));
    assert_eq!(shown(&mut world, 1, own, "site"), None, "team A's own stays there");
    let line = format!(r#"{{"inspection":"{joint}","answers":{{"GEN-01":{{"count":4}}}}}}"#);
    begin(&mut world, 1, &line).unwrap();
    sync(&mut world, 1);
    sync(&mut world, 0);
    assert_ne!(shown(&mut world, 0, joint, "GEN-01"), None);
    assert_eq!(world.server.quarantine(), [""; 0]);

    // Ben's team reads it; his device says so before the server would.
    assert_eq!(shown(&mut world, 2, joint, "site"), Some("NS-MKT".into()));
    let refused = begin(&mut world, 2, &line);
    assert!(matches!(refused, Err(AppError::ReadOnly(_))), "{refused:?}");
    let refused = begin(&mut world, 2, JOINT);
    assert!(
        matches!(&refused, Err(AppError::Invalid { field, remedy }) if field == "scope" && remedy.contains("there is A")),
        "{refused:?}"
    );
}

#[test]
fn a_joint_scope_that_is_closed_takes_others_records_along_and_leaves_ones_own() {
    let mut world = world(&["ada", "cy"]);
    (0..2).for_each(|device| drop(sync(&mut world, device)));
    let adas = begin(&mut world, 0, JOINT).unwrap();
    let cys = begin(&mut world, 1, JOINT).unwrap();
    for device in [0, 1, 0] {
        sync(&mut world, device);
    }
    assert_ne!(shown(&mut world, 0, cys, "site"), None);
    world.server.change_joint(false);
    sync(&mut world, 0);
    // Ada's team reads it still; Cy's does not.
    assert_ne!(shown(&mut world, 0, cys, "site"), None);
    sync(&mut world, 1);
    assert_eq!(shown(&mut world, 1, adas, "site"), None);
    assert_ne!(shown(&mut world, 1, cys, "site"), None);
    // What is written there from now on waits for somebody to look at it.
    let line = format!(r#"{{"inspection":"{cys}","answers":{{"GEN-01":{{"count":4}}}}}}"#);
    begin(&mut world, 1, &line).unwrap();
    sync(&mut world, 1);
    assert_eq!(world.server.quarantine(), ["out_of_scope"]);
}

#[test]
fn a_scope_that_was_closed_and_opened_again_and_a_member_who_came_back_count_as_they_stand() {
    let mut world = world(&["ada", "ben"]);
    (0..2).for_each(|device| drop(sync(&mut world, device)));
    for open in [false, true, false, true] {
        world.server.change_joint(open);
        sync(&mut world, 0);
        let begun = begin(&mut world, 0, JOINT);
        assert_eq!(begun.is_ok(), open, "{begun:?}");
        sync(&mut world, 0);
    }
    for within in [false, true] {
        world.server.change_team("ben", within);
        sync(&mut world, 1);
        let own = JOINT.replace(r#""J""#, r#""A""#);
        let begun = begin(&mut world, 1, &own);
        assert_eq!(begun.is_ok(), within, "{begun:?}");
        sync(&mut world, 1);
    }
    assert_eq!(world.server.quarantine(), [""; 0]);
}

/// A merge over checks of several scopes is in none of them: each op of it goes to one.
#[test]
fn a_decision_over_two_teams_is_taken_back_where_it_was_made() {
    let mut world = world(&["ada", "cy", "lead"]);
    for (device, count) in [(0, 1), (1, 2)] {
        let line = format!(
            r#"{{"head":{{"checklist":"ENT","site":"NS-MKT","day":"2021-06-24"}},"answers":{{"GEN-01":{{"count":{count}}}}}}}"#
        );
        begin(&mut world, device, &line).unwrap();
        sync(&mut world, device);
    }
    sync(&mut world, 2);
    let home = |code| world.server.home_scope(code).unwrap();
    let (a, b) = (home("ada"), home("cy"));
    let decide = |world: &mut World| {
        let lead = &mut world.devices[2];
        let open = lead.app().contradictions(None, None).unwrap().remove(0);
        let keep = spotcheck_app::Decision::Keep(open.values[0].op);
        lead.act(|app| app.decide(&open.id, &keep, "seen")).unwrap()
    };
    let first = decide(&mut world);
    // As by another lead, or an earlier version: the merge has an op in the other team's scope too.
    let other = if world.devices[2].app().store().find_op(first).unwrap().unwrap().header.scope == a
    {
        b
    } else {
        a
    };
    let merge = world.devices[2].app().store().find_op(first).unwrap().unwrap().record();
    let set = [(spotcheck_domain::SlotPath::new("note").unwrap(), "x".into())].into();
    let data = spotcheck_domain::OpData { set, ..Default::default() };
    world.devices[2].force(merge, other, "merge.decided", data);
    let second =
        world.devices[2].peek().store().ops_of(merge).unwrap().last().unwrap().op.hash.id();
    for op in [second, first] {
        let undone = world.devices[2].act(|app| app.undo(op, None)).unwrap();
        let scope = |op| world.devices[2].peek().store().find_op(op).unwrap().unwrap().header.scope;
        assert_eq!(scope(undone), scope(op));
    }
}

#[test]
fn an_inspected_unit_sees_what_is_shared_with_it_and_neither_teams_nor_people() {
    let mut world = world(&["ada", "lead", "una"]);
    let shared = inspect(&mut world, 0, "");
    let other = inspect(&mut world, 0, "");
    for device in [0, 1] {
        sync(&mut world, device);
    }
    world.devices[1].act(|app| app.share(shared, "U")).unwrap();
    sync(&mut world, 1);
    sync(&mut world, 2);
    assert_eq!(shown(&mut world, 2, shared, "site"), Some("NS-MKT".into()));
    assert_eq!(shown(&mut world, 2, other, "site"), None);
    let store = world.devices[2].app().store();
    for kind in ["user", "team", "scope", "organisation", "device"] {
        assert_eq!(store.record_count(kind).unwrap(), 0, "{kind}");
    }
}
