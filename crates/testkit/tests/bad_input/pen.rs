//! Writes a device's log by hand: what a broken or hostile program would send.

use spotcheck_domain::op::{Body, Link, Seed, data_sha256};
use spotcheck_domain::{Entry, Header, Op, OpHash, RecordId, Run, Timestamp};
use spotcheck_protocol::api::path;
use spotcheck_protocol::keys::Signer as _;
use spotcheck_protocol::messages::{PushReply, PushRequest, Reply};
use spotcheck_protocol::{PROTOCOL, frame, reply, run_codec};
use spotcheck_store::Identity;
use spotcheck_testkit::world::World;

const SEED: Seed = Seed([7; 16]);

/// One device's log, from its first op on.
pub(crate) struct Pen {
    device: usize,
    who: Identity,
    ops: Vec<Op>,
    /// The claimed time of the next op.
    pub(crate) wall_ms: i64,
}

impl Pen {
    pub(crate) fn new(world: &World, device: usize) -> Self {
        let who = world.devices[device].peek().store().identity().unwrap().clone();
        Self { device, who, ops: vec![], wall_ms: 1_624_496_400_000 }
    }

    /// Writes an op of any data, readable or not.
    pub(crate) fn write(
        &mut self,
        world: &World,
        kind: &str,
        record: Option<RecordId>,
        data: &str,
    ) -> Op {
        let seq = self.ops.len() as u64 + 1;
        let salt = SEED.salt(seq);
        let header = Header {
            log: world.key_of(self.device).log(),
            seq,
            ws: self.who.ws,
            scope: self.who.home_scope,
            by: self.who.user,
            record,
            kind: kind.to_owned(),
            at: Timestamp { wall_ms: self.wall_ms, offset_min: 480, ..Timestamp::default() },
            data_sha256: data_sha256(&salt, data),
        };
        let body = Body { text: data.to_owned(), salt };
        let op = Op::read(header.write(), Some(body)).unwrap();
        self.ops.push(op.clone());
        op
    }

    /// Sends all of it as one run in which other hashes stand in place of some ops.
    pub(crate) fn push_with(&self, world: &World, instead: &[(usize, OpHash)]) -> PushReply {
        let key = world.key_of(self.device);
        let first = &self.ops[0].header;
        let entry = |(at, op): (usize, &Op)| match instead.iter().find(|(place, _)| *place == at) {
            Some((_, hash)) => Entry::Withheld(*hash),
            None => Entry::Op(Box::new(op.clone())),
        };
        let mut run = Run {
            log: first.log,
            scope: first.scope,
            by: first.by,
            first_seq: 1,
            prev: Link::START,
            seed: Some(SEED),
            entries: self.ops.iter().enumerate().map(entry).collect(),
            head_sig: [0; 64],
        };
        run.head_sig = key.sign(&run.head_message());
        let request = PushRequest {
            p: PROTOCOL,
            seen: None,
            introductions: vec![],
            runs: vec![run_codec::encode(&run)],
            logs: vec![],
            ask: vec![],
        };
        send(world, self.device, &request)
    }

    /// Sends all of it, a few ops a page.
    pub(crate) fn push(&self, world: &World) -> PushReply {
        let (key, mut prev, mut said) = (world.key_of(self.device), Link::START, None);
        for ops in self.ops.chunks(2) {
            let first = &ops[0].header;
            let entries = ops.iter().map(|op| Entry::Op(Box::new(op.clone()))).collect();
            let mut run = Run {
                log: first.log,
                scope: first.scope,
                by: first.by,
                first_seq: first.seq,
                prev,
                seed: Some(SEED),
                entries,
                head_sig: [0; 64],
            };
            run.head_sig = key.sign(&run.head_message());
            prev = run.end();
            let logs = vec![(run.log, run.last_seq(), OpHash(prev.0))];
            let request = PushRequest {
                p: PROTOCOL,
                seen: None,
                introductions: vec![],
                runs: vec![run_codec::encode(&run)],
                logs,
                ask: vec![],
            };
            said = Some(send(world, self.device, &request));
        }
        said.unwrap()
    }
}

fn send(world: &World, device: usize, request: &PushRequest) -> PushReply {
    let body = frame::compress(&serde_json::to_vec(request).unwrap());
    let (request, nonce) = world.signed_post(device, path::PUSH, body);
    let response = world.handle(&request);
    assert_eq!(response.status(), 200, "{}", String::from_utf8_lossy(response.body()));
    let key = world.server.service().public_key();
    match reply::open(response.body(), &nonce, &key).unwrap().reply {
        Reply::Push(reply) => reply,
        other => panic!("{other:?}"),
    }
}
