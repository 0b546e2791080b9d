//! What a revoked key may still do, and how much of it.

use spotcheck_domain::OpData;
use spotcheck_protocol::api::path;
use spotcheck_protocol::keys::Signer as _;
use spotcheck_protocol::messages::{PushRequest, Reply};

use super::matrix::people::push;
use super::support::{Running, quick};
use crate::ledger::Ledger as _;

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_fills_its_quarantine_and_no_more() {
    let server = Running::start(quick()).await;
    let (device, colleague) = (server.enrol().await, server.enrol().await);
    let ledger = server.app.service().ledger();
    let ada = ledger.find_user_by_code(server.ws, "ada").await.unwrap().unwrap();
    let scope = ada.home_scope.unwrap();
    let log = device.key.log();
    server.app.service().revoke(server.ws, log, "lost").await.unwrap();

    let whole = push(&device, server.ws, scope, ada.user, 10_500, &OpData::default());
    let page = |from: usize, to: usize| PushRequest {
        runs: whole.runs[from..to].to_vec(),
        ..whole.clone()
    };
    for from in (0..20).step_by(5) {
        let said = device.call(&server, path::PUSH, &page(from, from + 5)).await;
        assert!(matches!(said, Ok(Reply::Push(_))), "{said:?}");
    }
    assert_eq!(ledger.revoked_quarantine(server.ws, log).await.unwrap().0, 10_000);
    let refused = device.call(&server, path::PUSH, &page(20, 21)).await.unwrap_err();
    assert_eq!(refused, (403, "quarantine_full".to_owned()));
    assert_eq!(ledger.revoked_quarantine(server.ws, log).await.unwrap().0, 10_000);
    // It still learns where the server stands, and nobody else is held up.
    let said = device.call(&server, path::PUSH, &page(0, 0)).await;
    let Ok(Reply::Push(pushed)) = said else { panic!("{said:?}") };
    assert_eq!(pushed.heads[0].seq, 10_000);
    let theirs = push(&colleague, server.ws, scope, ada.user, 1, &OpData::default());
    let said = colleague.call(&server, path::PUSH, &theirs).await;
    assert!(matches!(said, Ok(Reply::Push(_))), "{said:?}");
}
