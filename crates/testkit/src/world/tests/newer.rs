//! What a newer version writes goes through this one as it was written.

use proptest::prelude::*;
use spotcheck_domain::op::{Body, Link, Seed, data_sha256};
use spotcheck_domain::{Entry, Header, Op, OpHash, RecordId, Run, Timestamp};
use spotcheck_protocol::api::path;
use spotcheck_protocol::keys::Signer as _;
use spotcheck_protocol::messages::PushRequest;
use spotcheck_protocol::{PROTOCOL, frame, run_codec};

use super::*;

/// Strict JSON as somebody else's writer might put it: other members, order, escapes and spaces.
fn json() -> impl Strategy<Value = String> {
    let text = "\\PC{0,8}".prop_map(|text| serde_json::to_string(&text).unwrap());
    let escaped = "[a-z]{1,4}".prop_map(|text| {
        let units = text.encode_utf16().map(|unit| format!("\\u{unit:04X}"));
        format!("\"{}\"", units.collect::<String>())
    });
    let number = (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(|n| n.to_string());
    let plain = prop::sample::select(vec!["true", "false", "null", "0"]).prop_map(str::to_owned);
    let leaf = prop_oneof![text, escaped, number, plain];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let members = prop::collection::btree_map("[a-zA-Z_]{1,5}", inner.clone(), 0..3);
        prop_oneof![
            (prop::collection::vec(inner, 0..3), space())
                .prop_map(|(list, space)| format!("[{space}{}]", list.join(&format!(",{space}")))),
            (members, space()).prop_map(|(members, space)| object(members.into_iter(), &space)),
        ]
    })
}

fn space() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", " ", "\n\t"]).prop_map(str::to_owned)
}

fn object(members: impl Iterator<Item = (String, String)>, space: &str) -> String {
    let members: Vec<_> = members.map(|(name, it)| format!("\"{name}\":{space}{it}")).collect();
    format!("{{{space}{}{space}}}", members.join(&format!(",{space}")))
}

/// Kind and data of an op: members that nobody knows here, around some that everybody does.
fn foreseen() -> impl Strategy<Value = (String, String)> {
    let unknown = prop::collection::btree_map("x_[a-z]{1,6}", json(), 1..4);
    let known = prop::collection::vec(
        prop::sample::select(vec![
            ("set", r#"{"ENT-05":{"result":"pass","later":[1]}}"#),
            ("why", r#""\u4e0b\u96e8""#),
        ]),
        0..2,
    );
    let kind = "[a-z]{1,8}\\.[a-z_0-9]{1,8}";
    (kind, unknown, known, space(), any::<bool>()).prop_map(
        |(kind, unknown, known, space, first)| {
            let known: std::collections::BTreeMap<_, _> = known.into_iter().collect();
            let known = known.into_iter().map(|(name, it)| (name.to_owned(), it.to_owned()));
            let (known, unknown) =
                (known.collect::<Vec<_>>(), unknown.into_iter().collect::<Vec<_>>());
            let parts = if first { [known, unknown] } else { [unknown, known] };
            (kind, object(parts.into_iter().flatten(), &space))
        },
    )
}

/// The bytes of an op that must never change.
type Bytes = (OpHash, String, String, [u8; 16]);

fn bytes(op: &Op) -> Bytes {
    let body = op.body.as_ref().unwrap();
    (op.hash, op.header_text.clone(), body.text.clone(), body.salt.0)
}

/// Sends ops as the device's newer version would: its log, its key, its own words.
fn send(world: &mut World, device: usize, written: &[(String, String)]) -> Vec<Bytes> {
    let key = world.key_of(device);
    let identity = world.devices[device].app().identity().unwrap();
    let (ws, scope, by) = (identity.ws, identity.home_scope, identity.user);
    let (seed, mut ops): (_, Vec<Op>) = (Seed([5; 16]), vec![]);
    for (seq, (kind, text)) in (1..).zip(written) {
        let salt = seed.salt(seq);
        // Every other op is about the record of the first.
        let record = (seq % 2 == 0).then(|| RecordId::from(ops[0].hash));
        let header = Header {
            log: key.log(),
            seq,
            ws,
            scope,
            by,
            record,
            kind: kind.clone(),
            at: Timestamp::default(),
            data_sha256: data_sha256(&salt, text),
        };
        let body = Body { text: text.clone(), salt };
        ops.push(Op::read(header.write(), Some(body)).unwrap());
    }
    let mut run = Run {
        log: key.log(),
        scope,
        by,
        first_seq: 1,
        prev: Link::START,
        seed: Some(seed),
        entries: ops.iter().cloned().map(|op| Entry::Op(Box::new(op))).collect(),
        head_sig: [0; 64],
    };
    run.head_sig = key.sign(&run.head_message());
    let (introductions, logs, ask) = (vec![], vec![], vec![]);
    let runs = vec![run_codec::encode(&run)];
    let body = PushRequest { p: PROTOCOL, seen: None, introductions, runs, logs, ask };
    let body = frame::compress(&serde_json::to_vec(&body).unwrap());
    let (request, _) = world.signed_post(device, path::PUSH, body);
    assert!(world.handle(&request).status().is_success());
    ops.iter().map(bytes).collect()
}

/// What a device has of these ops.
fn held(world: &mut World, device: usize, sent: &[Bytes]) -> Vec<Bytes> {
    let store = world.devices[device].app().store();
    sent.iter().filter_map(|op| store.find_op(op.0.id()).unwrap()).map(|op| bytes(&op)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Pushed, pulled by a device of this version, started anew there, given back by it to a server
    /// that lost them, and pulled by another: the same bytes all along.
    #[test]
    fn what_a_newer_version_writes_comes_out_as_it_went_in(
        written in prop::collection::vec(foreseen(), 1..6)
    ) {
        let mut world = world(&["ada", "ben", "lead"]);
        (0..3).for_each(|device| drop(sync(&mut world, device)));
        let backup = world.server.backup();
        let sent = send(&mut world, 0, &written);
        prop_assert_eq!(world.server.quarantine(), Vec::<String>::new());
        sync(&mut world, 1);
        prop_assert_eq!(held(&mut world, 1, &sent), sent.clone());
        world.devices[1].power_cut();
        world.devices[1].start();
        prop_assert_eq!(held(&mut world, 1, &sent), sent.clone());

        world.server.restore(backup);
        sync(&mut world, 2);
        prop_assert_eq!(held(&mut world, 2, &sent), vec![], "the server lost them");
        let report = sync(&mut world, 1);
        prop_assert!(report.rewound);
        sync(&mut world, 2);
        prop_assert_eq!(held(&mut world, 2, &sent), sent);
        for device in [1, 2] {
            prop_assert!(world.devices[device].app().store().projections_hold().unwrap());
        }
    }
}
