//! A server and devices that have worked offline, as folders that can be copied and used again.

use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use spotcheck_app::Device;
use spotcheck_app::parts::{Location, Profile, Store};
use spotcheck_client::{HttpApi, enrol};
use spotcheck_domain::SlotPath;
use spotcheck_native::FolderBlobs;
use spotcheck_server::data_dir::DataDir;
use spotcheck_server::service::{Failure, NewTeam, NewUser};

use crate::exchange;
use crate::host::BenchHost;
use crate::server::Server;
use crate::workload::Workload;

/// A device as this program runs it: the product's own, but for clock and key.
pub(crate) type BenchDevice = Device<BenchHost, FolderBlobs>;

/// How an inspection is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Head, answers and findings as one act.
    OneAct,
    /// Each answer as an act of its own: what a person does.
    AnswerByAnswer,
}

/// What to make.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// Devices with work.
    pub(crate) devices: u64,
    /// Inspections on each.
    pub(crate) inspections: u64,
    pub(crate) style: Style,
    /// Devices that see each other's work.
    pub(crate) per_team: u64,
    /// Bytes of a photo in each inspection; 0 for none.
    pub(crate) photo_bytes: usize,
    /// Devices without work, in the first team.
    pub(crate) idle: u64,
}

impl Plan {
    /// The workload of the design, on that many devices, with one device that has nothing yet.
    pub(crate) fn of(devices: u64, inspections: u64) -> Self {
        let style = Style::OneAct;
        Self { devices, inspections, style, per_team: u64::MAX, photo_bytes: 0, idle: 1 }
    }

    /// Inspections and findings.
    pub(crate) fn records(&self) -> u64 {
        let photos = if self.photo_bytes > 0 { self.inspections } else { 0 };
        self.devices * (self.inspections + self.inspections / 5 + photos)
    }
}

/// Folders: `server`, and one for each device by number.
pub(crate) struct Scene {
    pub(crate) root: PathBuf,
    pub(crate) plan: Plan,
}

impl Scene {
    /// Enrols the devices with a server and has them work offline. Nothing of this is timed; commits
    /// of this part are not flushed.
    pub(crate) fn make(root: &Path, plan: Plan) -> anyhow::Result<Self> {
        fs::create_dir_all(root)?;
        let scene = Self { root: root.to_owned(), plan };
        let all = plan.devices + plan.idle;
        let links = scene.people(all)?;
        let server = Server::start(&scene.server())?;
        exchange::in_threads(0..all, 8, |number| {
            let mut device = open(&scene.device(number), number, Profile::Unsafe)?;
            let link = links.get(number as usize).context("a link for each device")?;
            let api = HttpApi::new(&server.url).map_err(|e| anyhow::anyhow!("{e}"))?;
            device.begin_enrolment()?;
            let reply = exchange::wait(enrol(&api, link, "bench", &device))?;
            let reply = reply.map_err(|pause| anyhow::anyhow!("enrolment: {pause}"))?;
            Ok(device.finish_enrolment(link, &reply)?)
        })?;
        exchange::in_threads(0..all, 2, |number| {
            let mut device = open(&scene.device(number), number, Profile::Unsafe)?;
            exchange::round(&server.url, &mut device)?;
            if number < plan.devices {
                work(&mut device, number, &plan)?;
            }
            Ok(())
        })?;
        Ok(scene)
    }

    /// Workspace, teams, users, and a link for each device.
    fn people(&self, all: u64) -> anyhow::Result<Vec<spotcheck_app::EnrolmentLink>> {
        let service = DataDir::open(&self.server())?.open_service(0)?;
        let failed = |failure: Failure| anyhow::anyhow!("the directory: {failure:?}");
        pollster::block_on(async {
            let ws = service.add_workspace("bench").await.map_err(failed)?;
            let per_team = self.plan.per_team.min(all).max(1);
            let mut links = vec![];
            for team in 0..all.div_ceil(per_team) {
                let named = |what: &str| (format!("{what}{team}"), format!("{what} {team}"));
                let (code, en) = named("user");
                let role = "inspector".to_owned();
                let zh = format!("检查员{team}");
                let user = NewUser { code, zh, en, role: role.clone(), org: None };
                let user = service.add_user(ws, &user).await.map_err(failed)?;
                let (code, en) = named("team");
                let members = vec![(user, role)];
                let new = NewTeam { code, zh: format!("第{team}组"), en, members };
                service.add_team(ws, &new).await.map_err(failed)?;
                for _ in (team * per_team)..((team + 1) * per_team).min(all) {
                    let url = "http://127.0.0.1:1";
                    links.push(service.add_code(ws, user, url).await.map_err(failed)?.link);
                }
            }
            Ok(links)
        })
    }

    /// Copies everything, so that a run can be repeated from the same start.
    pub(crate) fn copy(&self, to: &Path) -> anyhow::Result<Self> {
        if to.exists() {
            fs::remove_dir_all(to)?;
        }
        copy_folder(&self.root, to)?;
        Ok(Self { root: to.to_owned(), plan: self.plan })
    }

    pub(crate) fn server(&self) -> PathBuf {
        self.root.join("server")
    }

    pub(crate) fn device(&self, number: u64) -> PathBuf {
        self.root.join(format!("device-{number}"))
    }

    /// Opens devices as their users would.
    pub(crate) fn open(&self, numbers: std::ops::Range<u64>) -> anyhow::Result<Vec<BenchDevice>> {
        numbers.map(|number| open(&self.device(number), number, Profile::Device)).collect()
    }

    /// The first device without work.
    pub(crate) fn open_idle(&self) -> anyhow::Result<BenchDevice> {
        open(&self.device(self.plan.devices), self.plan.devices, Profile::Device)
    }
}

/// Opens a device.
pub(crate) fn open(home: &Path, number: u64, profile: Profile) -> anyhow::Result<BenchDevice> {
    fs::create_dir_all(home)?;
    let store = Store::open(Location::File(&home.join("device.db")), profile)?;
    let blobs = FolderBlobs::open(&home.join("blobs"))?;
    Ok(Device::new(store, blobs, BenchHost::new(number))?)
}

/// A device's day offline.
pub(crate) fn work(device: &mut BenchDevice, number: u64, plan: &Plan) -> anyhow::Result<()> {
    let mut workload = Workload::new(number);
    for made in 0..plan.inspections {
        let at_ms = workload.wait(900_000);
        device.host_mut().at_ms.set(Some(at_ms));
        let mut inspection = workload.next();
        if plan.photo_bytes > 0 {
            inspection = inspection.with_photo("photo");
        }
        let photo = photo(number, made, plan.photo_bytes);
        let mut open_photo = |_: &str| {
            let bytes: Box<dyn Read> = Box::new(Cursor::new(photo.clone()));
            Ok(bytes)
        };
        if plan.style == Style::OneAct {
            device.record_line(&inspection.whole(), &mut open_photo)?;
            continue;
        }
        let started = device.record_line(&inspection.start(), &mut open_photo)?;
        for (path, answer) in &inspection.answers {
            let at_ms = workload.wait(20_000);
            device.host_mut().at_ms.set(Some(at_ms));
            let path = SlotPath::new(path)?;
            let answer = serde_json::from_value(answer.clone())?;
            device.answer(started.inspection, &[(path, answer)].into(), None)?;
        }
        if let Some(rest) = inspection.rest(&started.inspection.to_string()) {
            device.record_line(&rest, &mut open_photo)?;
        }
    }
    device.host_mut().at_ms.set(None);
    Ok(())
}

/// Bytes that do not compress, different in every photo.
fn photo(number: u64, made: u64, bytes: usize) -> Vec<u8> {
    use rand_core::{Rng as _, SeedableRng as _};
    let mut photo = vec![0; bytes];
    rand_chacha::ChaCha8Rng::seed_from_u64(number << 32 | made).fill_bytes(&mut photo);
    photo
}

fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        // The index of a write-ahead log belongs to the process that made it.
        if entry.file_name().to_string_lossy().ends_with("-shm") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy_folder(&source, &target)?;
        } else if fs::copy(&source, &target).is_err() {
            bail!("cannot copy {}", source.display());
        }
    }
    Ok(())
}
