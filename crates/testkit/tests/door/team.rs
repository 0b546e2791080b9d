//! A lead and their people's devices: how they stand, inviting, revoking.

use serde_json::json;
use spotcheck_app::EnrolmentLink;
use spotcheck_app::door::{DeviceNow, DevicesNow, Invitation, Revocation, TeamAnswer, TeamCall};
use spotcheck_client::Pause;
use spotcheck_native::{OnlineError, ask_team};
use spotcheck_protocol::keys::Signer as _;
use spotcheck_sqlite::Profile;
use spotcheck_testkit::world::World;

use crate::calls::{ask, photo};

const ADA: usize = 0;
const LEAD: usize = 1;
const HOUR_MS: i64 = 3_600_000;

fn world() -> World {
    let mut world = World::new(31, Profile::Device);
    world.add_device("ada", 0);
    world.add_device("lead", 0);
    world.sync_cleanly(LEAD).unwrap();
    world
}

fn try_team(world: &World, by: usize, call: TeamCall) -> Result<TeamAnswer, OnlineError> {
    pollster::block_on(ask_team(world.server.service(), world.devices[by].peek(), call))
}

fn devices(world: &World) -> DevicesNow {
    match try_team(world, LEAD, TeamCall::Devices {}) {
        Ok(TeamAnswer::Devices(now)) => now,
        other => panic!("{other:?}"),
    }
}

fn of_ada(world: &World) -> DeviceNow {
    let id = world.key_of(ADA).log().to_string();
    devices(world).devices.into_iter().find(|it| it.id == id).unwrap()
}

fn invite(world: &World, user: &str) -> Invitation {
    match try_team(world, LEAD, TeamCall::Invite { user: user.to_owned() }) {
        Ok(TeamAnswer::Invite(invitation)) => invitation,
        other => panic!("{other:?}"),
    }
}

fn revoke(world: &World, device: &str, why: &str) -> Revocation {
    let call = TeamCall::Revoke { device: device.to_owned(), why: why.to_owned() };
    match try_team(world, LEAD, call) {
        Ok(TeamAnswer::Revoke(revocation)) => revocation,
        other => panic!("{other:?}"),
    }
}

/// Starts a check with a finding and a photo of so many bytes.
fn record(world: &mut World, device: usize, bytes: &[u8]) {
    let head =
        json!({"checklist": "CCS", "site": "CS-1", "day": "2021-06-24", "inspectors": ["ada"]});
    let id = ask(world, device, json!({"call": "start_check", "head": head}));
    let shot = photo(world, device, bytes);
    let finding = json!({"note": "温度过高", "severity": "major", "photos": [shot]});
    ask(world, device, json!({"call": "raise", "id": id, "finding": finding}));
}

#[test]
fn a_lead_invites_the_device_enrols_and_once_revoked_its_next_round_says_so() {
    let mut world = world();
    let invitation = invite(&world, "ben");
    assert_eq!(invitation.person.code, "ben");
    assert_eq!(invitation.expires_ms, world.clock.get() + 24 * HOUR_MS);
    assert!(invitation.qr.is_some_and(|qr| qr.size >= 21 && qr.path.starts_with("M0 0h7v1h-7z")));
    let link = EnrolmentLink::parse(&invitation.link).unwrap();
    let ben = world.add_invited("ben", 0, &link);
    record(&mut world, ben, b"a photo");
    assert_eq!(world.sync_cleanly(ben).unwrap().pause, None);
    let device = world.key_of(ben).log().to_string();
    let now = devices(&world);
    let mine = now.devices.iter().find(|it| it.id == device).unwrap();
    assert_eq!((mine.person.code.as_str(), mine.revoked.as_deref()), ("ben", None));
    assert_eq!(revoke(&world, &device, "left on a bus").why, "left on a bus");
    assert_eq!(revoke(&world, &device, "again").why, "left on a bus");
    assert_eq!(world.sync_cleanly(ben).unwrap().pause, Some(Pause::Revoked));
    assert_eq!(ask(&mut world, ben, json!({"call": "status"}))["revoked"], true);
    // Everybody learns it from the server's own log, with who asked for it.
    world.sync_cleanly(ADA).unwrap();
    let team = ask(&mut world, ADA, json!({"call": "team"}));
    let members = team["members"].as_array().unwrap();
    let ben = members.iter().find(|it| it["person"]["code"] == "ben").unwrap();
    assert_eq!(ben["devices"][0]["id"], device.as_str());
    assert_eq!(ben["devices"][0]["revoked"], "left on a bus");
    assert_eq!(ben["devices"][0]["revoked_by"]["code"], "lead");
}

#[test]
fn photos_are_still_to_come_until_they_are_there_and_the_last_contact_is_the_devices_own() {
    let mut world = world();
    record(&mut world, ADA, b"the thermometer");
    world.sync_metered(ADA, 0).unwrap();
    let contact = world.clock.get();
    world.clock.set(contact + HOUR_MS);
    let waiting = of_ada(&world);
    assert_eq!((waiting.photos_awaited, waiting.photo_bytes_awaited), (1, 15));
    assert_eq!(waiting.last_contact_ms, Some(contact));
    assert!(waiting.ops >= 2);
    let at_ms = devices(&world).at_ms;
    assert_eq!(at_ms, world.clock.get());
    world.sync_cleanly(ADA).unwrap();
    let done = of_ada(&world);
    assert_eq!((done.photos_awaited, done.photo_bytes_awaited), (0, 0));
    assert_eq!(done.last_contact_ms, Some(world.clock.get()));
}

#[test]
fn a_restart_of_the_server_keeps_the_last_contact_that_was_written_down() {
    let mut world = world();
    world.sync_cleanly(ADA).unwrap();
    let contact = of_ada(&world).last_contact_ms;
    pollster::block_on(world.server.service().keep_contacts()).unwrap();
    world.server.power_cut();
    world.clock.set(world.clock.get() + HOUR_MS);
    assert_eq!(of_ada(&world).last_contact_ms, contact);
}

#[test]
fn a_log_that_continues_another_is_the_same_device_and_is_revoked_with_it() {
    let mut world = world();
    record(&mut world, ADA, b"one");
    world.sync_cleanly(ADA).unwrap();
    let clone = world.clone_device(ADA);
    record(&mut world, ADA, b"two");
    record(&mut world, clone, b"three");
    for device in [ADA, clone, ADA, clone] {
        world.sync_cleanly(device).unwrap();
    }
    let logs = world.devices[clone].peek().store().own_logs().unwrap();
    assert!(logs.len() > 1, "the clone goes on under a new log");
    let mine = of_ada(&world);
    assert!(mine.forked && mine.continued >= 1, "{mine:?}");
    let ids: Vec<String> = devices(&world).devices.into_iter().map(|it| it.id).collect();
    assert!(logs.iter().skip(1).all(|log| !ids.contains(&log.log.to_string())));
    // Named by its later log, the whole device is meant.
    let later = logs.last().unwrap().log.to_string();
    assert_eq!(revoke(&world, &later, "two phones").device, mine.id);
    assert_eq!(world.sync_cleanly(ADA).unwrap().pause, Some(Pause::Revoked));
    assert_eq!(world.sync_cleanly(clone).unwrap().pause, Some(Pause::Revoked));
}

#[test]
fn a_screen_offers_whom_the_server_lets() {
    let mut world = world();
    let yours = |world: &mut World, device: usize| {
        world.sync_cleanly(device).unwrap();
        let team = ask(world, device, json!({"call": "team"}));
        let members = team["members"].as_array().unwrap().iter();
        let mut yours: Vec<String> = members
            .filter(|it| it["yours"] == true)
            .map(|it| it["person"]["code"].as_str().unwrap().to_owned())
            .collect();
        yours.sort();
        yours
    };
    assert_eq!(yours(&mut world, LEAD), ["ada", "ben", "cy", "lead"]);
    assert!(yours(&mut world, ADA).is_empty());
    // Ben leaves, and comes back.
    world.server.change_team("ben", false);
    assert_eq!(yours(&mut world, LEAD), ["ada", "cy", "lead"]);
    let refused = try_team(&world, LEAD, TeamCall::Invite { user: "ben".to_owned() });
    assert!(refused.unwrap_err().to_string().contains("teams they lead"));
    world.server.change_team("ben", true);
    assert_eq!(yours(&mut world, LEAD), ["ada", "ben", "cy", "lead"]);
    invite(&world, "ben");
}

#[test]
fn who_may_not_is_told_what_to_do_and_a_clock_that_is_off_is_no_obstacle() {
    let mut world = world();
    let told = try_team(&world, ADA, TeamCall::Devices {}).unwrap_err().to_string();
    assert!(told.contains("leads and administrators"), "{told}");
    let unknown = try_team(&world, LEAD, TeamCall::Invite { user: "nobody".to_owned() });
    assert!(unknown.unwrap_err().to_string().contains("sync, then ask again"));
    let own = world.key_of(LEAD).log().to_string();
    let call = TeamCall::Revoke { device: own, why: "old".to_owned() };
    let told = try_team(&world, LEAD, call).unwrap_err().to_string();
    assert!(told.contains("revoke it from another one"), "{told}");
    let call = TeamCall::Revoke { device: "x".to_owned(), why: "old".to_owned() };
    assert!(try_team(&world, LEAD, call).unwrap_err().to_string().starts_with("device:"));
    let off = world.add_device("lead", 5 * HOUR_MS);
    world.sync_cleanly(off).unwrap();
    assert!(try_team(&world, off, TeamCall::Devices {}).is_ok());
}
