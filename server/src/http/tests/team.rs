//! What leads and administrators do for their people: who may, and what comes of it.

use spotcheck_domain::op::BlobRef;
use spotcheck_domain::{BlobHash, LogId, OpData, UserId};
use spotcheck_protocol::PROTOCOL;
use spotcheck_protocol::api::path;
use spotcheck_protocol::enrolment::EnrolmentLink;
use spotcheck_protocol::keys::Signer as _;
use spotcheck_protocol::messages::{
    DeviceReport, DevicesRequest, InviteRequest, RefusalCode, Reply, RevokeReply, RevokeRequest,
};

use super::matrix::people;
use super::support::{Running, TestDevice, quick};
use crate::ledger::Ledger as _;
use crate::service::{NewTeam, NewUser};

/// A server with team A (ada, and lee who leads it) and team B (bo, inspector; lee a plain member).
async fn server() -> Running {
    let server = Running::start(quick()).await;
    let service = server.app.service();
    service.reached_at("http://x");
    for (code, role) in
        [("lee", "lead"), ("bo", "inspector"), ("rex", "reviewer"), ("root", "administrator")]
    {
        let [zh, en] = [code.to_owned(), code.to_owned()];
        let user = NewUser { code: code.to_owned(), zh, en, role: role.to_owned(), org: None };
        service.add_user(server.ws, &user).await.unwrap();
    }
    for (user, role) in [("lee", "lead"), ("rex", "reviewer")] {
        let id = user_id(&server, user).await;
        service.set_member(server.ws, "A", id, Some(role)).await.unwrap();
    }
    let [code, zh, en] = ["B"; 3].map(str::to_owned);
    let members = [("bo", "inspector"), ("lee", "inspector")];
    let mut found = vec![];
    for (user, role) in members {
        found.push((user_id(&server, user).await, role.to_owned()));
    }
    service.add_team(server.ws, &NewTeam { code, zh, en, members: found }).await.unwrap();
    server
}

async fn user_id(server: &Running, code: &str) -> UserId {
    let found = server.app.service().ledger().find_user_by_code(server.ws, code).await;
    found.unwrap().unwrap().user
}

async fn devices(server: &Running, device: &TestDevice) -> Vec<DeviceReport> {
    let request = DevicesRequest { p: PROTOCOL, after: None };
    match device.call(server, path::DEVICES, &request).await {
        Ok(Reply::Devices(reply)) => reply.devices,
        other => panic!("{other:?}"),
    }
}

async fn invite(server: &Running, by: &TestDevice, user: UserId) -> Result<Reply, (u16, String)> {
    by.call(server, path::INVITE, &InviteRequest { p: PROTOCOL, user }).await
}

async fn revoke(
    server: &Running,
    by: &TestDevice,
    log: LogId,
    reason: &str,
) -> Result<RevokeReply, (u16, String)> {
    let request = RevokeRequest { p: PROTOCOL, log, reason: reason.to_owned() };
    match by.call(server, path::REVOKE, &request).await {
        Ok(Reply::Revoke(reply)) => Ok(reply),
        Ok(other) => panic!("{other:?}"),
        Err(problem) => Err(problem),
    }
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_reaches_their_own_team_and_nobody_above_an_administrator_everybody() {
    let server = server().await;
    let lead = server.enrol_as(server.ws, "lee").await;
    let root = server.enrol_as(server.ws, "root").await;
    let mut logs = vec![];
    for user in ["ada", "bo", "rex"] {
        logs.push(server.enrol_as(server.ws, user).await.key.log());
    }
    let mine = devices(&server, &lead).await;
    assert!(mine.iter().all(|it| it.log == logs[0] || it.log == lead.key.log()), "{mine:?}");
    assert_eq!((mine.len(), devices(&server, &root).await.len()), (2, 5));
    // A member of a team they do not lead; a reviewer and an administrator of the workspace.
    for user in ["bo", "rex", "root"] {
        let user = user_id(&server, user).await;
        let told = invite(&server, &lead, user).await.map(drop);
        assert_eq!(told, Err(refused(403, "not_in_your_team")));
        assert!(matches!(invite(&server, &root, user).await, Ok(Reply::Invite(_))));
    }
    for log in [logs[1], logs[2], root.key.log()] {
        let told = revoke(&server, &lead, log, "lost").await;
        assert_eq!(told, Err(refused(403, "not_in_your_team")));
    }
    assert!(devices(&server, &root).await.iter().all(|it| it.revoked.is_none()));
    assert!(revoke(&server, &root, logs[1], "lost").await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_of_another_workspace_reaches_nobody_here() {
    let server = server().await;
    let service = server.app.service();
    let other = service.add_workspace("other").await.unwrap();
    let [code, zh, en] = ["oz"; 3].map(str::to_owned);
    let user = NewUser { code, zh, en, role: "administrator".to_owned(), org: None };
    service.add_user(other, &user).await.unwrap();
    let stranger = server.enrol_as(other, "oz").await;
    let ada = server.enrol().await.key.log();
    assert_eq!(devices(&server, &stranger).await.len(), 1);
    let told = invite(&server, &stranger, user_id(&server, "ada").await).await.map(drop);
    assert_eq!(told, Err(refused(404, "no_such_user")));
    assert_eq!(revoke(&server, &stranger, ada, "mine").await, Err(refused(404, "no_such_device")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_good_for_one_device_and_the_enrolment_names_who_invited() {
    let server = server().await;
    let lead = server.enrol_as(server.ws, "lee").await;
    let ada = user_id(&server, "ada").await;
    let Ok(Reply::Invite(invited)) = invite(&server, &lead, ada).await else { panic!() };
    let link = EnrolmentLink::parse(&invited.link).unwrap();
    assert_eq!(link.server_url, "http://x");
    assert_eq!(link.server_key, server.app.service().public_key());
    // The answer's own time is taken a moment before or after the link's.
    let good_for = invited.expires_ms - invited.server_ms;
    assert!(good_for.abs_diff(24 * 3_600_000) < 60_000, "{good_for} ms");
    let new = TestDevice::new();
    let enrol = |device: &TestDevice| spotcheck_protocol::messages::EnrolRequest {
        p: PROTOCOL,
        code: link.code.clone(),
        key: BlobHash(device.key.public_key()),
        device_name: "phone".to_owned(),
    };
    assert!(new.call(&server, path::ENROL, &enrol(&new)).await.is_ok());
    let second = TestDevice::new();
    let told = second.call(&server, path::ENROL, &enrol(&second)).await.map(drop);
    assert_eq!(told, Err(refused(403, "code_invalid")));
    let scope = spotcheck_protocol::directory::directory_scope(server.ws);
    let body = spotcheck_protocol::messages::PullRequest {
        p: PROTOCOL,
        seen: None,
        cursors: vec![(scope, 0)],
        own: vec![],
    };
    let Ok(Reply::Pull(pulled)) = lead.call(&server, path::PULL, &body).await else { panic!() };
    let said = serde_json::to_string(&pulled).unwrap();
    let by = user_id(&server, "lee").await;
    assert!(said.contains(&format!("\"invited_by\":\"{by}\"")), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_revoked_once_with_the_first_reason_and_never_the_one_that_asks() {
    let server = server().await;
    let lead = server.enrol_as(server.ws, "lee").await;
    let ada = server.enrol().await;
    let own = revoke(&server, &lead, lead.key.log(), "old").await;
    assert_eq!(own, Err(refused(409, "own_device")));
    for reason in ["", "  ", &"x".repeat(501)] {
        let told = revoke(&server, &lead, ada.key.log(), reason).await;
        assert_eq!(told, Err(refused(400, "bad_body")));
    }
    let before = server.app.service().ledger().checkpoint(server.ws).await.unwrap().size;
    let first = revoke(&server, &lead, ada.key.log(), " left on a bus ").await.unwrap();
    let again = revoke(&server, &lead, ada.key.log(), "lost").await.unwrap();
    assert_eq!((first.reason.as_str(), again.reason.as_str()), ("left on a bus", "left on a bus"));
    let after = server.app.service().ledger().checkpoint(server.ws).await.unwrap().size;
    assert_eq!(after, before + 1, "a repeated revocation is no second op");
    let told = ada.call(&server, path::DEVICES, &DevicesRequest { p: PROTOCOL, after: None }).await;
    let Ok(Reply::Refusal(refusal)) = told else { panic!("{told:?}") };
    assert_eq!(refusal.code, RefusalCode::DeviceRevoked);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_still_to_come_is_counted_until_it_is_here() {
    let server = server().await;
    let lead = server.enrol_as(server.ws, "lee").await;
    let ada = server.enrol().await;
    let user = server.app.service().ledger().find_user_by_code(server.ws, "ada").await;
    let user = user.unwrap().unwrap();
    let photos = [&b"one"[..], b"another"];
    let blob = |bytes: &[u8]| BlobRef { sha256: BlobHash::of(bytes), bytes: bytes.len() as u64 };
    let data = OpData { blobs: photos.map(blob).to_vec(), ..OpData::default() };
    let scope = user.home_scope.unwrap();
    let push = people::push(&ada, server.ws, scope, user.user, 3, &data);
    assert!(ada.call(&server, path::PUSH, &push).await.is_ok());
    let of_ada =
        |list: Vec<DeviceReport>| list.into_iter().find(|it| it.log == ada.key.log()).unwrap();
    let report = of_ada(devices(&server, &lead).await);
    assert_eq!((report.seq, report.awaited), (3, (2, 10)));
    let contact = report.last_contact_ms;
    assert!(contact > 0);
    let service = server.app.service();
    service.ledger().put_blob(server.ws, blob(photos[0]), ada.key.log()).await.unwrap();
    let report = of_ada(devices(&server, &lead).await);
    assert_eq!(report.awaited, (1, 7));
    assert_eq!(report.last_contact_ms, contact, "looking at a device is no contact with it");
    // What a restart would find, once it was written down.
    assert!(service.keep_contacts().await.unwrap() >= 1);
    let kept = service.ledger().device_standings(server.ws, None, None, 10).await.unwrap();
    let kept = kept.iter().find(|it| it.log == ada.key.log()).unwrap();
    assert_eq!(kept.last_contact_ms, contact);
    assert_eq!(service.keep_contacts().await.unwrap(), 0, "nothing new is nothing to write");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_comes_in_pages() {
    let server = server().await;
    let root = server.enrol_as(server.ws, "root").await;
    let ledger = server.app.service().ledger();
    let mut logs = vec![];
    let mut after = None;
    for _ in 0..20 {
        server.enrol().await;
    }
    loop {
        let page = ledger.device_standings(server.ws, None, after, 8).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.log);
        logs.extend(page.iter().map(|it| it.log));
    }
    assert_eq!(logs.len(), 21);
    assert!(logs.windows(2).all(|pair| pair[0] < pair[1]) && logs.contains(&root.key.log()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_writes_down_when_devices_were_last_heard_of() {
    let mut server = server().await;
    let ada = server.enrol().await.key.log();
    let kept = async |server: &Running| {
        let ledger = server.app.service().ledger();
        let standings = ledger.device_standings(server.ws, None, None, 10).await.unwrap();
        standings.iter().find(|it| it.log == ada).unwrap().last_contact_ms
    };
    assert_eq!(kept(&server).await, 0, "no request writes it");
    server.stop().await.unwrap();
    assert!(kept(&server).await > 0);
}
