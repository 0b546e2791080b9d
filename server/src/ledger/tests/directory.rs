use spotcheck_domain::{BlobHash, LogId, ScopeId, UserId, Value};
use spotcheck_protocol::directory::{DEVICE_ENROLLED, REGISTER_PUBLISHED, directory_scope};
use spotcheck_protocol::messages::Introduction;

use super::Place;
use super::office::{Author, Office, WS, admitting, enrolment, set};
use crate::ledger::{Code, Ledger, LedgerError};

/// A person: what they read, what they write, and where their new records go.
type Rights<'a> = (UserId, &'a [ScopeId], &'a [ScopeId], Option<ScopeId>);

pub(super) async fn roles_and_teams_say_who_reads_and_writes(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let mut people = vec![];
    for role in ["inspector", "lead", "reviewer", "administrator", "auditor"] {
        people.push(office.user(role, role).await);
    }
    let [inspector, lead, reviewer, administrator, auditor] = people[..] else { panic!() };
    let (a, team) =
        office.team("A", &[(inspector, "inspector"), (lead, "lead"), (auditor, "inspector")]).await;
    let (b, _) = office.team("B", &[(lead, "inspector"), (reviewer, "reviewer")]).await;
    let all = directory_scope(WS);
    let expected: [Rights<'_>; 5] = [
        (inspector, &[all, a], &[a], Some(a)),
        (lead, &[all, a, b], &[a, b], Some(a)),
        (reviewer, &[all, b], &[b], Some(b)),
        (administrator, &[all, a, b], &[], None),
        // Whatever team they are put in.
        (auditor, &[all, a, b], &[], None),
    ];
    for (user, reads, writes, home) in expected {
        let found = ledger.find_user(WS, user).await.unwrap().unwrap();
        assert_eq!(found.reads, reads, "{}", found.code);
        assert_eq!(found.writes, writes, "{}", found.code);
        assert_eq!(found.home_scope, home, "{}", found.code);
        assert_eq!(ledger.find_user_by_code(WS, &found.code).await.unwrap(), Some(found));
    }
    assert_eq!(ledger.list_users(WS).await.unwrap().len(), 5);
    assert_eq!(ledger.find_team(WS, "A").await.unwrap(), Some(team));
    assert_eq!(ledger.find_team(WS, "C").await.unwrap(), None);
    assert!(ledger.is_scope(WS, b).await.unwrap());
    assert!(!ledger.is_scope(WS, all).await.unwrap());
    // Whom a lead looks after: of the team they lead, and not of the one they are only in.
    let mut led = ledger.led_by(WS, lead).await.unwrap();
    led.sort();
    let mut team = [(inspector, "inspector"), (lead, "lead"), (auditor, "auditor")]
        .map(|(user, role)| (user, role.to_owned()));
    team.sort();
    assert_eq!(led, team);
    assert!(ledger.led_by(WS, inspector).await.unwrap().is_empty());
}

pub(super) async fn who_leaves_a_team_reads_it_no_more(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let ada = office.user("ada", "inspector").await;
    let (a, team) = office.team("A", &[(ada, "inspector")]).await;
    let reads = async || ledger.find_user(WS, ada).await.unwrap().unwrap().reads.contains(&a);
    assert!(reads().await);
    office.change(team, &[(ada, Value::Null)]).await;
    assert!(!reads().await);
    office.change(team, &[(ada, "inspector".into())]).await;
    assert!(reads().await);
}

pub(super) async fn a_register_is_one_record_however_often_it_is_published(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let data = |code: &str| set(&[("code", code.into()), ("pages", Value::List(vec![]))]);
    let first = office.say(REGISTER_PUBLISHED, None, &data("sites")).await.record();
    office.say(REGISTER_PUBLISHED, Some(first), &data("sites")).await;
    let other = office.say(REGISTER_PUBLISHED, None, &data("buses")).await.record();
    let found = async |code| ledger.find_register(WS, code).await.unwrap();
    assert_eq!(found("sites").await, Some(first));
    assert_eq!(found("buses").await, Some(other));
    assert_eq!(found("ships").await, None);
}

fn introduction(old: LogId, new: &Author) -> Introduction {
    Introduction { old, key: BlobHash(new.key), sig: [4; 64] }
}

pub(super) async fn a_revocation_counts_for_all_logs_of_a_device_and_before_its_enrolment(
    place: &impl Place,
) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (ada, cy) = office.two_teams().await;
    let logs: Vec<Author> =
        [0xa2, 0xa3, 0xa4].map(|byte| Author::new(byte, ada.user, ada.scope)).into();
    for (old, new) in [(ada.log, &logs[0]), (logs[0].log, &logs[1])] {
        ledger.add_successor(&introduction(old, new)).await.unwrap();
    }
    let second = ledger.find_device(logs[1].log).await.unwrap().unwrap();
    assert_eq!((second.root, second.user, second.key), (ada.log, ada.user, logs[1].key));
    office.revoke(ada.log).await;
    // One that is introduced afterwards is the same device.
    ledger.add_successor(&introduction(logs[1].log, &logs[2])).await.unwrap();
    for log in [ada.log, logs[0].log, logs[1].log, logs[2].log] {
        let device = ledger.find_device(log).await.unwrap().unwrap();
        assert_eq!(device.revoked.as_deref(), Some("lost"), "{log}");
    }
    assert_eq!(ledger.find_device(cy.log).await.unwrap().unwrap().revoked, None);

    // A restored server may hear of the revocation first, and of the enrolment once more.
    let late = Author::new(0xb1, cy.user, cy.scope);
    office.revoke(late.log).await;
    assert_eq!(ledger.find_device(late.log).await.unwrap(), None);
    for _ in 0..2 {
        office.say(DEVICE_ENROLLED, None, &enrolment(&late)).await;
        let device = ledger.find_device(late.log).await.unwrap().unwrap();
        assert_eq!(device.revoked.as_deref(), Some("lost"));
    }
}

pub(super) async fn devices_are_listed_page_by_page_with_how_they_stand(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, cy) = office.two_teams().await;
    ada.find("one");
    ada.find("two");
    office.admit(ada.run(1, 1)).await;
    office.hold(ada.run(2, 2), "out_of_scope").await;
    ledger.keep_contacts(&[(ada.log, 2_000)]).await.unwrap();
    ledger.keep_contacts(&[(ada.log, 1_000)]).await.unwrap();

    let mut found = vec![];
    while let [one] =
        &ledger.device_standings(WS, None, found.last().copied(), 1).await.unwrap()[..]
    {
        found.push(one.log);
    }
    let mut all = vec![ada.log, cy.log];
    all.sort();
    assert_eq!(found, all);
    let ours = ledger.device_standings(WS, Some(&[ada.user]), None, 10).await.unwrap();
    let [one] = &ours[..] else { panic!("{ours:?}") };
    assert_eq!((one.log, one.root, one.user), (ada.log, ada.log, ada.user));
    assert_eq!((one.seq, one.name.as_str()), (1, "phone"), "admitted, not only kept");
    assert_eq!(one.last_contact_ms, 2_000, "time does not go back");
    assert!(ledger.device_standings(WS, Some(&[]), None, 10).await.unwrap().is_empty());
    assert_eq!(ledger.list_devices(WS).await.unwrap().len(), 2);
}

fn code(user: UserId) -> Code {
    Code { hash: [6; 32], ws: WS, user, invited_by: Some(UserId([8; 16])), expires_ms: 1_000 }
}

pub(super) async fn a_code_enrols_one_device_of_those_that_race(place: &impl Place) {
    const DEVICES: u8 = 4;
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let ada = office.user("ada", "inspector").await;
    ledger.add_code(&code(ada)).await.unwrap();
    let before = office.size().await;
    // All of them found the code good; each would have its enrolment be the next op of a log.
    let results: Vec<Result<(), LedgerError>> = std::thread::scope(|scope| {
        let enrol = |byte: u8| {
            let ledger = &ledger;
            scope.spawn(move || {
                let mut device = Author::new(byte, ada, ScopeId([7; 16]));
                device.find("first words");
                let run = admitting(device.whole());
                pollster::block_on(ledger.admit(WS, &[run], Some([6; 32]))).map(drop)
            })
        };
        let threads: Vec<_> = (1..=DEVICES).map(enrol).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let spent = |result: &&Result<(), LedgerError>| matches!(result, Err(LedgerError::CodeSpent));
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    assert_eq!(results.iter().filter(spent).count(), usize::from(DEVICES) - 1, "{results:?}");
    assert_eq!(office.size().await, before + 1, "of the others nothing is stored");
    assert_eq!(ledger.find_code([6; 32], 0).await.unwrap(), None);
}

pub(super) async fn a_code_that_is_over_or_foreign_is_none(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let ada = office.user("ada", "inspector").await;
    ledger.add_code(&code(ada)).await.unwrap();
    assert_eq!(ledger.find_code([6; 32], 999).await.unwrap(), Some(code(ada)));
    assert_eq!(ledger.find_code([6; 32], 1_000).await.unwrap(), None);
    assert_eq!(ledger.find_code([7; 32], 0).await.unwrap(), None);
    let spent = ledger.admit(WS, &[], Some([7; 32])).await;
    assert!(matches!(spent, Err(LedgerError::CodeSpent)), "{spent:?}");
}
