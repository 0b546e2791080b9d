//! Who only reads, and who is out in the middle of a round.

use std::cell::Cell;

use spotcheck_client::Pause;
use spotcheck_domain::{BlobHash, LogId};
use spotcheck_protocol::api::{Request, Response, SyncApi, Unreachable, path};
use spotcheck_protocol::keys::Signer as _;
use spotcheck_server::ledger::Ledger as _;

use super::*;
use crate::world::SimServer;

const FINDING: &str = r#","findings":[{"note":"no log","severity":"major","photos":["door"]}]"#;

#[test]
fn no_photo_of_an_auditor_is_taken_and_they_see_those_of_others_all_the_same() {
    let mut world = world(&["eve", "ada"]);
    inspect(&mut world, 0, &FINDING.replace("door", "mine"));
    inspect(&mut world, 1, FINDING);
    sync(&mut world, 1);
    let report = world.sync_cleanly(0).unwrap();
    let Some(Pause::Problem(problem)) = &report.pause else { panic!("{report:?}") };
    assert_eq!((problem.status, problem.code.as_str()), (403, "out_of_scope"));
    assert!(problem.detail.contains("an auditor reads everything and writes nothing"));

    // Nothing arrived, nothing is shown as sent, and nothing is lost on the device.
    assert_eq!(report.photo_bytes_sent, 0);
    let (ledger, ws) = (world.server.service().ledger(), world.server.ws);
    let eve = world.key_of(0).log();
    let mine = BlobHash::of(b"mine");
    let held = pollster::block_on(ledger.held(ws, eve, &[], &[mine])).unwrap();
    assert!(held.is_empty(), "{held:?}");
    let app = world.devices[0].app();
    assert!(!app.store().find_blob(mine).unwrap().unwrap().held);
    assert_eq!(app.read_photo(mine, 0, 100).unwrap(), b"mine");

    // The round went on: what the team took may be seen.
    let theirs = BlobHash::of(b"door");
    app.dispatch(&format!(r#"{{"call":"ask_photo","sha256":"{theirs}"}}"#)).unwrap();
    world.sync_cleanly(0).unwrap();
    assert_eq!(world.devices[0].app().read_photo(theirs, 0, 100).unwrap(), b"door");
}

/// The server, at which somebody revokes the device just as it asks for a photo.
struct RevokesBeforeAPhoto<'w> {
    server: &'w SimServer,
    log: LogId,
    revoked: Cell<bool>,
}

impl SyncApi for RevokesBeforeAPhoto<'_> {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        if request.uri().path().starts_with(path::BLOBS) && !self.revoked.replace(true) {
            self.server.revoke(self.log);
        }
        self.server.service().send(request).await
    }
}

#[test]
fn a_device_that_is_revoked_as_it_fetches_a_photo_is_told_so_and_believes_it() {
    let mut world = world(&["ada", "lead"]);
    inspect(&mut world, 0, FINDING);
    sync(&mut world, 0);
    let log = world.key_of(1).log();
    let api = RevokesBeforeAPhoto { server: &world.server, log, revoked: Cell::new(false) };
    let report = world.devices[1].round(&api).unwrap();
    assert!(api.revoked.get(), "a lead's device fetches photos by itself");
    assert_eq!(report.pause, Some(Pause::Revoked));
    assert!(world.devices[1].app().status().unwrap().revoked);
}
