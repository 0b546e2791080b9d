//! A simulated server: the real service on a disk that can lose power, and be restored.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use ed25519_dalek::SigningKey;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use spotcheck_app::EnrolmentLink;
use spotcheck_domain::{LogId, OpId, ScopeId, UserId, WorkspaceId};
use spotcheck_protocol::access::{May, Party};
use spotcheck_protocol::keys::Signer;
use spotcheck_server::blobs::MemoryBlobs;
use spotcheck_server::ledger::{Ledger as _, Quarantined, SqliteLedger, SqliteOptions};
use spotcheck_server::service::{Host, NewOrganisation, NewScope, NewTeam, NewUser, Service};
use spotcheck_sqlite::Profile;

use super::{Clock, Dice};
use crate::disk::SimDisk;

/// The service as the simulation runs it.
pub(crate) type SimService = Service<SqliteLedger, Arc<MemoryBlobs>>;

/// The server, its disk and its clock.
pub struct SimServer {
    /// Its disk.
    pub disk: SimDisk,
    /// Its photos.
    pub blobs: Arc<MemoryBlobs>,
    /// The tenant.
    pub ws: WorkspaceId,
    /// How many deliveries the older copy had that was last put in its place.
    pub restored_to: Option<u64>,
    users: BTreeMap<String, UserId>,
    clock: Clock,
    now: Arc<AtomicI64>,
    seed: u64,
    starts: u64,
    profile: Profile,
    service: Option<SimService>,
}

impl std::fmt::Debug for SimServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimServer").field("ws", &self.ws).finish_non_exhaustive()
    }
}

struct ServerHost {
    now: Arc<AtomicI64>,
    seed: u64,
    drawn: AtomicU64,
}

impl Host for ServerHost {
    fn now_ms(&self) -> i64 {
        self.now.load(Ordering::Relaxed)
    }

    fn random(&self, buffer: &mut [u8]) {
        let drawn = self.drawn.fetch_add(1, Ordering::Relaxed);
        ChaCha8Rng::seed_from_u64(self.seed ^ drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15))
            .fill_bytes(buffer);
    }
}

/// How devices reach it.
const SERVER_URL: &str = "http://sim";

/// The users of every world: code, role, organisation, and the teams they are in.
const USERS: [(&str, &str, Option<&str>, &[&str]); 6] = [
    ("ada", "inspector", Some("SN-DI"), &["A"]),
    ("ben", "inspector", None, &["A"]),
    ("cy", "inspector", Some("SN"), &["B"]),
    ("lead", "lead", Some("CDI"), &["A", "B"]),
    ("eve", "auditor", None, &[]),
    ("una", "unit", Some("MKT"), &[]),
];

/// The organisations: code, and the one above it.
const ORGANISATIONS: [(&str, Option<&str>); 4] =
    [("CDI", None), ("SN", Some("CDI")), ("SN-DI", Some("SN")), ("MKT", None)];

impl SimServer {
    pub(super) fn new(seed: u64, clock: Clock, dice: Dice, profile: Profile) -> Self {
        let mut server = Self {
            disk: SimDisk::new(dice.below(u64::MAX)),
            blobs: Arc::default(),
            ws: WorkspaceId([0; 16]),
            restored_to: None,
            users: BTreeMap::new(),
            now: Arc::new(AtomicI64::new(clock.get())),
            clock,
            seed,
            starts: 0,
            profile,
            service: None,
        };
        server.start();
        server.people();
        server
    }

    fn people(&mut self) {
        pollster::block_on(async {
            let service = self.service.as_ref().expect("the server is on");
            let ws = service.add_workspace("sim").await.expect("a workspace");
            let bodies = ORGANISATIONS.map(|(code, parent)| {
                let (zh, en) = (code.to_owned(), code.to_owned());
                NewOrganisation { code: en.clone(), zh, en, parent: parent.map(str::to_owned) }
            });
            service.add_organisations(ws, &bodies).await.expect("organisations");
            for (code, role, org, _) in USERS {
                let [code, role] = [code, role].map(str::to_owned);
                let (zh, en, org) = (code.clone(), code.clone(), org.map(str::to_owned));
                let user = NewUser { zh, en, role, code: code.clone(), org };
                self.users.insert(code, service.add_user(ws, &user).await.expect("a user"));
            }
            for team in ["A", "B"] {
                let members = USERS.iter().filter(|(.., teams)| teams.contains(&team));
                let members = members
                    .map(|(code, role, ..)| (self.users[*code], (*role).to_owned()))
                    .collect();
                let code = team.to_owned();
                let new = NewTeam { zh: code.clone(), en: code.clone(), code, members };
                service.add_team(ws, &new).await.expect("a team");
            }
            // What two bodies do together, and what an inspected unit may see.
            let team = service.ledger().find_team(ws, "A").await.expect("the ledger reads");
            let team = Party::Team(team.expect("team A"));
            let joint = vec![(Party::Organisation("SN".to_owned()), May::Write), (team, May::Read)];
            let unit = vec![(Party::Organisation("MKT".to_owned()), May::Read)];
            for (code, access) in [("J", joint), ("U", unit)] {
                let [code, zh, en] = [code; 3].map(str::to_owned);
                let scope = NewScope { code, zh, en, access };
                service.add_scope(ws, &scope).await.expect("a scope");
            }
            let page = br#"[{"code":"NS-MKT","parent":null,"kind":"market","zh":"\u5357\u5c71\u519c\u6279\u5e02\u573a","en":"Nanshan market","district":null,"org":"SN"}]"#;
            service.publish_register(ws, "sites", &[page.to_vec()]).await.expect("a register");
            self.ws = ws;
        });
    }

    /// Opens the service on whatever the disk holds.
    ///
    /// # Panics
    /// When it does not open.
    pub fn start(&mut self) {
        self.starts += 1;
        let mut secret = [0; 32];
        secret[..8].copy_from_slice(&self.seed.to_be_bytes());
        let key = SigningKey::from_bytes(&secret);
        let (file, vfs) = ("ledger.db".to_owned(), self.disk.vfs_name().to_owned());
        let options = SqliteOptions::Vfs { file, vfs, profile: self.profile };
        let ledger = SqliteLedger::open(&options, key.public_key()).expect("the ledger opens");
        let seed = self.seed ^ (self.starts << 48);
        let host = ServerHost { now: self.now.clone(), seed, drawn: AtomicU64::new(0) };
        let service = Service::new(ledger, self.blobs.clone(), key, Box::new(host));
        service.reached_at(SERVER_URL);
        self.service = Some(service);
    }

    /// The running service.
    ///
    /// # Panics
    /// When it is off.
    pub fn service(&self) -> &SimService {
        self.now.store(self.clock.get(), Ordering::Relaxed);
        self.service.as_ref().expect("the server is on")
    }

    /// Stops it in an orderly way.
    pub fn stop(&mut self) {
        self.service = None;
    }

    /// The power goes and comes back.
    pub fn power_cut(&mut self) {
        self.disk.power_cut();
        self.service = None;
        self.start();
    }

    /// Takes a copy of everything.
    pub fn backup(&mut self) -> (SimDisk, MemoryBlobs) {
        self.stop();
        let disk = SimDisk::new(self.seed ^ 77);
        self.disk.copy_to(&disk);
        self.start();
        (disk, self.blobs.copy())
    }

    /// Puts an older copy in place of everything.
    pub fn restore(&mut self, copy: (SimDisk, MemoryBlobs)) {
        self.stop();
        self.disk = copy.0;
        self.blobs = Arc::new(copy.1);
        self.start();
        let at = pollster::block_on(self.service().ledger().checkpoint(self.ws));
        self.restored_to = Some(at.expect("the ledger reads").size);
    }

    /// A fresh enrolment link for a user.
    pub(super) fn code(&self, user: &str) -> EnrolmentLink {
        let code = self.service().add_code(self.ws, self.users[user], SERVER_URL);
        pollster::block_on(code).expect("a code").link
    }

    /// Revokes a device.
    pub fn revoke(&self, log: LogId) {
        let done = self.service().revoke(self.ws, log, "lost");
        pollster::block_on(done).expect("revoked");
    }

    /// Releases up to `limit` of the ops in quarantine that `which` chooses; says how many.
    pub fn release(&self, limit: usize, which: impl Fn(&Quarantined) -> bool) -> usize {
        pollster::block_on(async {
            let ledger = self.service().ledger();
            let held = ledger.list_quarantine(self.ws, 10_000).await.expect("a list");
            let ops: Vec<OpId> = held
                .iter()
                .filter(|one| which(one))
                .take(limit)
                .map(|one| one.op.hash.id())
                .collect();
            if !ops.is_empty() {
                self.service().release(self.ws, &ops, "looked at").await.expect("released");
            }
            ops.len()
        })
    }

    /// Why each op in quarantine is there, the oldest first.
    pub fn quarantine(&self) -> Vec<String> {
        let held = self.service().ledger().list_quarantine(self.ws, 10_000);
        pollster::block_on(held).expect("a list").into_iter().map(|one| one.code).collect()
    }

    /// Puts a user into a further team as an inspector.
    pub fn join(&self, team: &str, user: &str) {
        let done = self.service().set_member(self.ws, team, self.users[user], Some("inspector"));
        pollster::block_on(done).expect("changed");
    }

    /// Adds people whom no test asks about.
    #[cfg(test)]
    pub(crate) fn add_users(&self, count: usize) {
        for n in 0..count {
            let code = format!("extra{n}");
            let (zh, en) = (format!("演练 {n}"), format!("Extra {n}"));
            let user = NewUser { code, zh, en, role: "inspector".to_owned(), org: None };
            pollster::block_on(self.service().add_user(self.ws, &user)).expect("a user");
        }
    }

    /// How many people there are.
    #[cfg(test)]
    pub(crate) fn user_count(&self) -> usize {
        let users = self.service().ledger().list_users(self.ws);
        pollster::block_on(users).expect("a list").len()
    }

    /// The scope that a user's work goes to; none for who writes nowhere.
    pub fn home_scope(&self, code: &str) -> Option<ScopeId> {
        let found = self.service().ledger().find_user(self.ws, self.users[code]);
        pollster::block_on(found).expect("the ledger reads")?.home_scope
    }

    /// The id of a user.
    pub fn user(&self, code: &str) -> UserId {
        self.users[code]
    }

    /// Closes the joint scope to those who write it, or opens it again.
    pub fn change_joint(&self, open: bool) {
        let party = Party::Organisation("SN".to_owned());
        let change = [(party, open.then_some(May::Write))];
        let done = self.service().change_access(self.ws, "J", &change);
        pollster::block_on(done).expect("changed");
    }

    /// Takes a user out of team A, or puts them back.
    pub fn change_team(&self, user: &str, in_team: bool) {
        let role = in_team.then_some("inspector");
        let done = self.service().set_member(self.ws, "A", self.users[user], role);
        pollster::block_on(done).expect("changed");
    }
}
