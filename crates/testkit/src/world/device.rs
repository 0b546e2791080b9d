//! A simulated device: the real app on a disk that can lose power.

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_app::{AppError, Device, EnrolmentLink};
use spotcheck_client::{Report, Steps, enrol, run_round};
use spotcheck_domain::{BlobHash, LogId, Op, OpHash};
use spotcheck_protocol::api::SyncApi;
use spotcheck_sqlite::{Location, Profile};
use spotcheck_store::{ChunkBlobs, Store};

use super::{SimHost, SimServer};
use crate::disk::SimDisk;

/// The app as the simulation runs it.
pub(super) type App = Device<SimHost, ChunkBlobs>;

/// A device and its disk.
#[derive(Debug)]
pub struct SimDevice {
    /// The user's code.
    pub user: String,
    /// Its disk.
    pub disk: SimDisk,
    /// Its host.
    pub host: SimHost,
    /// Ops whose recording was acknowledged here: bytes of header and data.
    pub acknowledged: BTreeMap<OpHash, (String, String)>,
    /// Where in which log each of them stands.
    pub positions: BTreeMap<OpHash, (LogId, u64)>,
    /// How many of each kind.
    pub kinds: BTreeMap<String, u64>,
    /// Photos of which this device was told that the server holds them.
    pub told_held: BTreeSet<BlobHash>,
    /// Rows were cut out of its database: what belongs to them is seen without them until they are
    /// back.
    pub rows_lost: bool,
    /// Photos whose capture was acknowledged here.
    pub photos: Vec<TakenPhoto>,
    app: Option<App>,
    profile: Profile,
    seen_ops: i64,
}

/// A photo whose capture was acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenPhoto {
    /// Its bytes.
    pub sha256: BlobHash,
    /// When, by the world's own clock, in ms since 1970 UTC.
    pub at_ms: i64,
}

impl SimDevice {
    pub(super) fn new(user: &str, seed: u64, host: SimHost, profile: Profile) -> Self {
        let mut device = Self {
            user: user.to_owned(),
            disk: SimDisk::new(seed),
            host,
            acknowledged: BTreeMap::new(),
            positions: BTreeMap::new(),
            kinds: BTreeMap::new(),
            told_held: BTreeSet::new(),
            rows_lost: false,
            photos: vec![],
            app: None,
            profile,
            seen_ops: 0,
        };
        device.start();
        device
    }

    pub(super) fn clone_of(&mut self, seed: u64) -> Self {
        // A copy of a running device's files is what a backup tool takes: stop it first.
        self.stop();
        let disk = SimDisk::new(seed);
        self.disk.copy_to(&disk);
        let mut clone = Self {
            user: self.user.clone(),
            disk,
            host: self.host.for_clone(),
            acknowledged: BTreeMap::new(),
            positions: BTreeMap::new(),
            kinds: BTreeMap::new(),
            told_held: BTreeSet::new(),
            rows_lost: self.rows_lost,
            photos: vec![],
            app: None,
            profile: self.profile,
            seen_ops: self.seen_ops,
        };
        self.start();
        clone.start();
        clone
    }

    /// The running app.
    ///
    /// # Panics
    /// When the device is off; the simulation starts it before each step.
    pub fn app(&mut self) -> &mut App {
        self.app.as_mut().expect("the device is on")
    }

    /// The running app, to look at.
    ///
    /// # Panics
    /// When the device is off.
    pub fn peek(&self) -> &App {
        self.app.as_ref().expect("the device is on")
    }

    /// Whether it runs.
    pub fn is_on(&self) -> bool {
        self.app.is_some()
    }

    /// Opens the app on whatever the disk holds.
    ///
    /// # Panics
    /// When it does not open: an acknowledged state that cannot be opened is lost.
    pub fn start(&mut self) {
        self.host.boot.set(self.host.boot.get() + 1);
        let vfs = self.disk.vfs_name().to_owned();
        let at = |file| Location::Vfs { file, vfs: &vfs };
        let store = Store::open(at("device.db"), self.profile).expect("the store opens");
        let blobs = ChunkBlobs::open(at("blobs.db"), self.profile).expect("the photos open");
        self.app = Some(Device::new(store, blobs, self.host.clone()).expect("the app starts"));
    }

    /// Stops the app in an orderly way.
    pub fn stop(&mut self) {
        self.app = None;
    }

    /// The process dies; what it wrote is in the page cache.
    pub fn crash(&mut self) {
        self.disk.crash();
        self.app = None;
    }

    /// The power goes.
    pub fn power_cut(&mut self) {
        self.disk.power_cut();
        self.app = None;
    }

    pub(super) fn enrol(&mut self, server: &SimServer, link: &EnrolmentLink) {
        let app = self.app();
        app.begin_enrolment().expect("a key");
        let reply = pollster::block_on(enrol(server.service(), link, "sim", app));
        let reply = reply.expect("the code is good");
        app.finish_enrolment(link, &reply).expect("enrolled");
    }

    /// One round of sync.
    ///
    /// # Errors
    /// When the device is off or its own disk failed.
    pub fn round<A: SyncApi>(&mut self, api: &A) -> Result<Report, String> {
        let app = self.app.as_mut().ok_or("off")?;
        let report = pollster::block_on(run_round(api, app));
        let report = report.map_err(|error| format!("{error:?}"))?;
        if report.scopes_lost > 0 {
            self.forget_numbers();
        }
        Ok(report)
    }

    /// Rows went: the numbers of those to come are not above all that were.
    pub(super) fn forget_numbers(&mut self) {
        self.seen_ops = 0;
    }

    /// A round over a metered network (`Steps::metered`), or one that is cut: it
    /// ends after so many requests.
    ///
    /// # Errors
    /// When the device is off or its own disk failed.
    pub fn round_by<A: SyncApi>(
        &mut self,
        api: &A,
        mut steps: Steps,
        requests: usize,
    ) -> Result<Report, String> {
        let app = self.app.as_mut().ok_or("off")?;
        for _ in 0..requests {
            let next = steps.next(app).map_err(|error| format!("{error:?}"))?;
            let Some(sending) = next else { break };
            let answer = pollster::block_on(sending.send(api));
            steps.receive(app, answer).map_err(|error| format!("{error:?}"))?;
        }
        Ok(steps.report().clone())
    }

    /// Does something and notes the ops it acknowledged.
    ///
    /// # Errors
    /// What the app answers.
    pub fn act<T>(
        &mut self,
        work: impl FnOnce(&mut App) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let done = work(self.app())?;
        self.acknowledge();
        Ok(done)
    }

    /// Notes the own ops that came to be since the last time.
    pub(crate) fn acknowledge(&mut self) {
        for op in self.new_ops() {
            let data = op.body.as_ref().map(|body| body.text.clone()).unwrap_or_default();
            self.positions.insert(op.hash, (op.header.log, op.header.seq));
            if self.acknowledged.insert(op.hash, (op.header_text, data)).is_none() {
                *self.kinds.entry(op.header.kind).or_default() += 1;
            }
        }
    }

    /// Writes so many records in one go.
    ///
    /// # Panics
    /// When the device is off.
    #[cfg(test)]
    pub(crate) fn write_many(&mut self, count: usize) {
        let scope = self.app().identity().expect("enrolled").home_scope;
        let kind = spotcheck_domain::op::kind::SITE_ADDED.to_owned();
        let data = spotcheck_domain::op::OpData::default();
        let draft = spotcheck_store::Draft { record: None, scope, kind, data };
        self.stop();
        let vfs = self.disk.vfs_name().to_owned();
        let at = Location::Vfs { file: "device.db", vfs: &vfs };
        let mut store = Store::open(at, self.profile).expect("the store opens");
        store
            .act(spotcheck_domain::Timestamp::default(), [9; 16], |act| {
                (0..count).try_for_each(|_| act.record(&draft).map(drop))
            })
            .expect("written");
        drop(store);
        self.start();
    }

    /// Writes an op that the app would refuse, as a device that was tampered with does.
    ///
    /// # Panics
    /// When the device is off.
    #[cfg(test)]
    pub(crate) fn force(
        &mut self,
        record: spotcheck_domain::RecordId,
        scope: spotcheck_domain::ScopeId,
        kind: &str,
        data: spotcheck_domain::op::OpData,
    ) {
        let kind = kind.to_owned();
        assert!(self.tamper(&spotcheck_store::Draft { record: Some(record), scope, kind, data }));
    }

    /// Writes whatever a draft says past the app, as a device that was tampered with does. `false` when
    /// the disk failed.
    ///
    /// # Panics
    /// When its database does not open.
    pub fn tamper(&mut self, draft: &spotcheck_store::Draft) -> bool {
        self.stop();
        let vfs = self.disk.vfs_name().to_owned();
        let at = Location::Vfs { file: "device.db", vfs: &vfs };
        let mut store = Store::open(at, self.profile).expect("the store opens");
        let done = store.record(draft, spotcheck_domain::Timestamp::default(), [9; 16]);
        drop(store);
        self.start();
        self.acknowledge();
        done.is_ok()
    }

    fn new_ops(&mut self) -> Vec<Op> {
        let Some(app) = &self.app else { return vec![] };
        let rows = app.store().list_ops(self.seen_ops, 100_000).unwrap_or_default();
        self.seen_ops = rows.last().map_or(self.seen_ops, |row| row.id);
        rows.into_iter().filter(|row| row.mine).map(|row| row.op).collect()
    }
}
