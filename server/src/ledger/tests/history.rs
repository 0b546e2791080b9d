use std::collections::BTreeMap;

use spotcheck_domain::{LogId, Op, OpHash, WorkspaceId};
use spotcheck_protocol::checkpoint::{Epoch, history_leaf};
use spotcheck_protocol::directory::directory_scope;
use spotcheck_protocol::keys::ALG;
use spotcheck_protocol::merkle::Frontier;

use super::Place;
use super::office::{Office, WS, admitting, hashes, positions};
use crate::ledger::{Admitted, Head, Ledger as _, LedgerError, PullAsk, PulledPart};

pub(super) async fn the_same_run_again_changes_nothing(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, _) = office.two_teams().await;
    ada.find("one");
    ada.find("two");
    let first = office.admit(ada.whole()).await;
    let head = Head { seq: 2, link: ada.whole().end() };
    assert_eq!(first, Admitted { log: ada.log, head: Some(head), forked: false });
    let (checkpoint, delivered) =
        (ledger.checkpoint(WS).await.unwrap(), office.delivered(ada.scope).await);

    // Whole, in part, and together with what is new.
    assert_eq!(office.admit(ada.whole()).await, first);
    assert_eq!(office.admit(ada.run(2, 2)).await, first);
    assert_eq!(office.delivered(ada.scope).await, delivered);
    assert_eq!(ledger.checkpoint(WS).await.unwrap(), checkpoint);
    ada.find("three");
    office.admit(ada.whole()).await;
    assert_eq!(office.delivered(ada.scope).await.len(), 3);
}

pub(super) async fn deliveries_are_numbered_without_a_gap_and_the_root_follows_from_them(
    place: &impl Place,
) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, mut cy) = office.two_teams().await;
    for round in ["a", "b", "c"] {
        let (first, other) = (ada.find(round), cy.find(round));
        let runs = [
            ada.run(first.header.seq, first.header.seq),
            cy.run(other.header.seq, other.header.seq),
        ];
        ledger.admit(WS, &runs.map(admitting), None).await.unwrap();
    }
    let mut history = BTreeMap::new();
    for scope in [directory_scope(WS), ada.scope, cy.scope] {
        for (seq, op) in office.delivered(scope).await {
            assert_eq!(history.insert(seq, (scope, op)), None, "two deliveries at {seq}");
        }
    }
    let mut frontier = Frontier::new();
    for (expected, (seq, (scope, op))) in (1..).zip(&history) {
        assert_eq!(*seq, expected);
        frontier.append(history_leaf(*scope, &op.0));
    }
    let checkpoint = ledger.checkpoint(WS).await.unwrap();
    assert_eq!((checkpoint.size, checkpoint.root.0), (frontier.size(), frontier.root()));
    // Each team in the order it came.
    assert_eq!(
        hashes(&office.delivered(ada.scope).await),
        ada.ops.iter().map(|op| op.hash).collect::<Vec<_>>()
    );
}

pub(super) async fn who_writes_at_once_leaves_no_gap_and_loses_nothing(place: &impl Place) {
    const EACH: u64 = 20;
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, mut cy) = office.two_teams().await;
    let before = office.size().await;
    for n in 0..EACH {
        ada.find(&n.to_string());
        cy.find(&n.to_string());
    }
    std::thread::scope(|scope| {
        for author in [&ada, &cy] {
            let ledger = &ledger;
            scope.spawn(move || {
                for seq in 1..=EACH {
                    let run = admitting(author.run(seq, seq));
                    pollster::block_on(ledger.admit(WS, &[run], None)).unwrap();
                }
            });
        }
    });
    let mut all = office.delivered(ada.scope).await;
    all.extend(office.delivered(cy.scope).await);
    let seqs: Vec<u64> = all.into_keys().collect();
    assert_eq!(seqs, (before + 1..=before + 2 * EACH).collect::<Vec<_>>());
    assert_eq!(office.size().await, before + 2 * EACH);
}

pub(super) async fn what_continues_nothing_that_is_held_is_not_stored(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, _) = office.two_teams().await;
    (1..=3).for_each(|n| drop(ada.find(&n.to_string())));
    let before = ledger.checkpoint(WS).await.unwrap();
    let late = office.admit(ada.run(2, 3)).await;
    assert_eq!(late, Admitted { log: ada.log, head: None, forked: false });
    assert_eq!(ledger.checkpoint(WS).await.unwrap(), before);
    assert_eq!(ledger.log_head(WS, ada.log, None).await.unwrap().seq, 0);

    // Another history of the same log does not continue this one either.
    office.admit(ada.run(1, 1)).await;
    let mut stranger = ada.clone();
    stranger.ops.clear();
    (1..=2).for_each(|n| drop(stranger.find(&format!("not {n}"))));
    assert_eq!(office.admit(stranger.run(2, 2)).await.head, None);
    assert_eq!(office.delivered(ada.scope).await.len(), 1);
}

pub(super) async fn a_page_ends_between_runs_and_the_next_goes_on(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, _) = office.two_teams().await;
    (1..=9).for_each(|n| drop(ada.find(&n.to_string())));
    for (first, last) in [(1, 3), (4, 6), (7, 9)] {
        office.admit(ada.run(first, last)).await;
    }
    let whole = office.delivered(ada.scope).await;
    let (mut after, mut pages, mut found) = (0, 0, BTreeMap::new());
    loop {
        let pulled = office.pull(ada.scope, after, 1).await;
        let [section] = &pulled.sections[..] else { panic!("{pulled:?}") };
        assert_eq!((section.scope, section.after), (ada.scope, after));
        // The digest is of all there is, so it comes with the last page.
        assert_eq!(section.digest.is_none(), pulled.more);
        found.extend(positions(&section.parts));
        assert_eq!(found.keys().last().copied(), Some(section.through));
        (after, pages) = (section.through, pages + 1);
        if !pulled.more {
            let xor = whole.values().fold([0; 32], xor);
            assert_eq!(section.digest.map(|(count, sum)| (count, sum.0)), Some((9, xor)));
            break;
        }
    }
    assert_eq!((pages, found), (3, whole));
    assert_eq!(office.pull(ada.scope, after, 1).await.sections[0].parts.len(), 0);
}

fn xor(mut sum: [u8; 32], op: &OpHash) -> [u8; 32] {
    sum.iter_mut().zip(&op.0).for_each(|(mine, theirs)| *mine ^= theirs);
    sum
}

pub(super) async fn own_ops_are_named_and_not_echoed(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, _) = office.two_teams().await;
    (1..=3).for_each(|n| drop(ada.find(&n.to_string())));
    office.admit(ada.whole()).await;
    let seqs: Vec<u64> = office.delivered(ada.scope).await.into_keys().collect();
    // It has the first two; the third is one that its older copy wrote.
    let ask =
        PullAsk { cursors: vec![(ada.scope, 0)], own: vec![(ada.log, 2)], max_bytes: 1 << 20 };
    let pulled = ledger.pull(WS, &ask).await.unwrap();
    let [PulledPart::Own(log, first, named), PulledPart::Run(run, given, _)] =
        &pulled.sections[0].parts[..]
    else {
        panic!("{pulled:?}")
    };
    assert_eq!((*log, *first, &named[..]), (ada.log, 1, &seqs[..2]));
    assert_eq!(given[..], seqs[2..]);
    assert_eq!(run.ops().map(|op| op.hash).collect::<Vec<_>>(), [ada.ops[2].hash]);
}

pub(super) async fn checkpoints_and_epochs_are_known_that_were_and_no_others(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, _) = office.two_teams().await;
    let before = ledger.checkpoint(WS).await.unwrap();
    ada.find("one");
    office.admit(ada.whole()).await;
    let now = ledger.checkpoint(WS).await.unwrap();
    assert_eq!(now.size, before.size + 1);
    for known in [before, now] {
        assert!(ledger.knows_checkpoint(WS, known.size, known.root).await.unwrap());
    }
    for (size, root) in [(now.size, before.root), (before.size, now.root), (now.size + 1, now.root)]
    {
        assert!(!ledger.knows_checkpoint(WS, size, root).await.unwrap());
    }
    let next = Epoch::begin(WS, now.size, [8; 16]);
    assert!(!ledger.knows_epoch(WS, next).await.unwrap());
    ledger.begin_epoch(WS, next).await.unwrap();
    for epoch in [before.epoch, next] {
        assert!(ledger.knows_epoch(WS, epoch).await.unwrap());
    }
    // It begins where the one before it stands.
    let begun = ledger.checkpoint(WS).await.unwrap();
    assert_eq!((begun.epoch, begun.size, begun.root), (next, now.size, now.root));
}

pub(super) async fn workspaces_know_nothing_of_each_other(place: &impl Place) {
    const OTHER: WorkspaceId = WorkspaceId([2; 16]);
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, _) = office.two_teams().await;
    let other = Office::open_in(&ledger, OTHER).await;
    ada.find("one");
    office.admit(ada.whole()).await;

    assert_eq!(ledger.checkpoint(OTHER).await.unwrap().size, 0);
    let ask = PullAsk { cursors: vec![(ada.scope, 0)], own: vec![], max_bytes: 1 << 20 };
    assert_eq!(ledger.pull(OTHER, &ask).await.unwrap().sections[0].parts.len(), 0);
    assert_eq!(ledger.log_head(OTHER, ada.log, None).await.unwrap().seq, 0);
    assert_eq!(ledger.record_home(OTHER, ada.ops[0].record()).await.unwrap(), None);
    assert_eq!(ledger.find_user(OTHER, ada.user).await.unwrap(), None);
    assert!(!ledger.is_scope(OTHER, ada.scope).await.unwrap());
    assert!(ledger.list_devices(OTHER).await.unwrap().is_empty());
    // The same people may be in both, and the server writes a log in each.
    let ada_there = other.user("ada", "lead").await;
    assert_eq!(
        other.ledger.find_user_by_code(OTHER, "ada").await.unwrap().unwrap().user,
        ada_there
    );
    let mine = ledger.find_user_by_code(WS, "ada").await.unwrap().unwrap();
    assert_eq!((mine.user, mine.role.as_str()), (ada.user, "inspector"));
    let names: Vec<WorkspaceId> =
        ledger.list_workspaces().await.unwrap().into_iter().map(|(ws, _)| ws).collect();
    assert_eq!(names, [WS, OTHER]);
    let none = ledger.checkpoint(WorkspaceId([9; 16])).await;
    assert!(matches!(none, Err(LedgerError::NoWorkspace)), "{none:?}");
}

pub(super) async fn opened_again_it_is_all_there(place: &impl Place) {
    let (ada, before) = {
        let ledger = place.open();
        let office = Office::open(&ledger).await;
        let (mut ada, _) = office.two_teams().await;
        ada.find("one");
        office.admit(ada.whole()).await;
        ada.find("two");
        office.hold(ada.run(2, 2), "out_of_scope").await;
        (ada, ledger.checkpoint(WS).await.unwrap())
    };
    let ledger = place.open();
    assert_eq!(ledger.checkpoint(WS).await.unwrap(), before);
    let head = ledger.log_head(WS, ada.log, None).await.unwrap();
    assert_eq!(head, Head { seq: 2, link: ada.whole().end() });
    let server = ledger.log_head(WS, LogId::of_key(ALG, &super::SERVER_KEY), None).await.unwrap();
    assert_eq!(server.seq, 6, "two users, two teams, two devices");
    assert!(ledger.find_device(ada.log).await.unwrap().is_some());
    let kept = ledger.list_quarantine(WS, 10).await.unwrap();
    assert_eq!(kept.iter().map(|one| &one.op).collect::<Vec<&Op>>(), [&ada.ops[1]]);
}
