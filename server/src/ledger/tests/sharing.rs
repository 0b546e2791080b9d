use spotcheck_domain::{OpData, Value};
use spotcheck_protocol::sharing::slot;

use super::Place;
use super::office::{Office, hashes};

fn shares(with: spotcheck_domain::ScopeId) -> OpData {
    let set = [(slot(with).unwrap(), Value::from(true))].into();
    OpData { set, ..OpData::default() }
}

pub(super) async fn a_shared_record_comes_with_its_children_and_all_that_follows_once(
    place: &impl Place,
) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, cy) = office.two_teams().await;
    let visit = ada.write("inspection.started", None, &OpData::default());
    ada.find("not shared");
    let of_visit = OpData { parent: Some(visit.record()), ..OpData::default() };
    let finding = ada.write("finding.raised", None, &of_visit);
    office.admit(ada.whole()).await;
    assert!(office.delivered(cy.scope).await.is_empty());

    let share = ada.write("inspection.shared", Some(visit.record()), &shares(cy.scope));
    office.admit(ada.run(4, 4)).await;
    let mut expected = vec![visit.hash, finding.hash, share.hash];
    let mut there = hashes(&office.delivered(cy.scope).await);
    expected.sort();
    there.sort();
    assert_eq!(there, expected);

    // Shared again, and gone on with: only what is new, in both scopes.
    let again = ada.write("inspection.shared", Some(visit.record()), &shares(cy.scope));
    let answer = ada.write("inspection.answered", Some(visit.record()), &OpData::default());
    let later = ada.write("finding.raised", None, &of_visit);
    office.admit(ada.run(5, 7)).await;
    office.admit(ada.run(4, 7)).await;
    let there = hashes(&office.delivered(cy.scope).await);
    assert_eq!(there[3..], [again.hash, answer.hash, later.hash]);
    assert_eq!(office.delivered(ada.scope).await.len(), 7);
    // It keeps its home scope, and in the other its run comes without the seed of what is withheld.
    let pulled = office.pull(cy.scope, 0, 1 << 20).await;
    for part in &pulled.sections[0].parts {
        let crate::ledger::PulledPart::Run(run, ..) = part else { panic!("{part:?}") };
        assert_eq!((run.scope, run.seed.map(|seed| seed.0)), (ada.scope, None));
    }
}

pub(super) async fn who_shares_opens_nothing_of_another_scope(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, mut cy) = office.two_teams().await;
    // Both say something of one record, as of a day's merge: each in the own scope.
    let record = spotcheck_domain::RecordId([6; 16]);
    ada.write("merge.decided", Some(record), &OpData::default());
    office.admit(ada.whole()).await;
    let third = office.user("eve", "inspector").await;
    let (c, _) = office.team("C", &[(third, "inspector")]).await;
    let share = cy.write("merge.shared", Some(record), &shares(c));
    office.admit(cy.whole()).await;
    assert_eq!(hashes(&office.delivered(c).await), [share.hash]);
}
