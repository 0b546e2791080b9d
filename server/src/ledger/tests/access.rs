use spotcheck_domain::{ScopeId, UserId};
use spotcheck_protocol::access::{May, Party};
use spotcheck_protocol::directory::directory_scope;

use super::Place;
use super::office::{Office, WS};
use crate::ledger::Ledger;

/// What somebody reads and what they write, the directory left out.
async fn rights(ledger: &impl Ledger, user: UserId) -> (Vec<ScopeId>, Vec<ScopeId>) {
    let found = ledger.find_user(WS, user).await.unwrap().unwrap();
    let reads = found.reads.into_iter().filter(|scope| *scope != directory_scope(WS));
    (reads.collect(), found.writes)
}

pub(super) async fn a_list_opens_a_scope_to_teams_organisations_and_roles(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    for (code, above) in [("CDI", ""), ("SN", "CDI"), ("SN-DI", "SN"), ("EB", "CDI")] {
        office.organisation(code, above).await;
    }
    let deep = office.user_of("deep", "inspector", "SN-DI").await;
    let beside = office.user_of("beside", "inspector", "EB").await;
    let member = office.user("member", "inspector").await;
    let looker = office.user("looker", "auditor").await;
    let reviewer = office.user("reviewer", "reviewer").await;
    let head = office.user("head", "administrator").await;
    let (team, record) = office.team("A", &[(member, "inspector")]).await;
    let list = [
        (Party::Organisation("SN".to_owned()), May::Write),
        (Party::Team(record), May::Read),
        (Party::Role("reviewer".to_owned()), May::Write),
        // Whoever writes nothing is given nothing to write.
        (Party::Role("auditor".to_owned()), May::Write),
    ];
    let (joint, _) = office.scope("J", &list).await;
    assert!(ledger.is_scope(WS, joint).await.unwrap());
    let told = ledger.list_scopes(WS).await.unwrap();
    assert_eq!((told.len(), told[0].code.as_str(), told[0].access.len()), (1, "J", 4));

    // What stands above counts for all below it, and not beside it.
    assert_eq!(rights(&ledger, deep).await, (vec![joint], vec![joint]));
    assert_eq!(rights(&ledger, beside).await, (vec![], vec![]));
    assert_eq!(rights(&ledger, member).await, (vec![team, joint], vec![team]));
    assert_eq!(rights(&ledger, reviewer).await, (vec![joint], vec![joint]));
    for all in [looker, head] {
        assert_eq!(rights(&ledger, all).await, (vec![team, joint], vec![]));
    }
    // One's team stays where new records go; who has none records in what is open to them.
    let home = async |user| ledger.find_user(WS, user).await.unwrap().unwrap().home_scope;
    assert_eq!(home(member).await, Some(team));
    assert_eq!(home(deep).await, Some(joint));
}

pub(super) async fn who_is_taken_off_a_list_reads_no_more(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    office.organisation("SN", "").await;
    let ada = office.user_of("ada", "inspector", "SN").await;
    let party = Party::Organisation("SN".to_owned());
    let (joint, record) = office.scope("J", &[(party.clone(), May::Write)]).await;
    assert_eq!(rights(&ledger, ada).await, (vec![joint], vec![joint]));
    office.close(record, &party).await;
    assert_eq!(rights(&ledger, ada).await, (vec![], vec![]));
}

pub(super) async fn a_unit_is_in_no_team_and_a_ring_of_organisations_ends(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    office.organisation("MKT", "RING").await;
    office.organisation("RING", "MKT").await;
    let unit = office.user_of("unit", "unit", "MKT").await;
    office.team("A", &[(unit, "inspector")]).await;
    let (notices, _) =
        office.scope("N", &[(Party::Organisation("RING".to_owned()), May::Write)]).await;
    let found = ledger.find_user(WS, unit).await.unwrap().unwrap();
    assert_eq!(found.reads, [notices], "no team's scope, and not the directory");
    assert_eq!(found.writes, [], "whatever the list says");
}
