//! `enrol` and `sync`: what talks to the server.

use std::future::Future;
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value, json};
use spotcheck_app::EnrolmentLink;
use spotcheck_client::{HttpApi, Pause, Trust, Unreachable};
use spotcheck_domain::BlobHash;

use crate::failure::Failure;
use crate::home::{self, CliDevice};
use crate::out::{Out, short, size};
use crate::settle::{self, Settled, settle};

/// The server refuses longer names.
const LONGEST_NAME: usize = 64;

pub(crate) fn enrol(
    home: &Path,
    link: &str,
    name: &str,
    ca: Option<&Path>,
    out: &mut Out,
) -> Result<(), Failure> {
    let link = EnrolmentLink::parse(link).ok_or_else(|| {
        let remedy =
            "this is no enrolment link: give the whole of it, https://…/#enrol=…, in quotes";
        Failure::Usage(remedy.to_owned())
    })?;
    if name.chars().count() > LONGEST_NAME {
        return Err(Failure::Usage(format!("--name: at most {LONGEST_NAME} characters")));
    }
    // Before anything is made: a wrong file leaves no trace.
    let api = http(&link.server_url, ca)?;
    let mut device = home::open(home)?;
    wait(settle::enrol(&api, &mut device, &link, name))??;
    // Enrolled is enrolled: a first exchange that stops early is no reason to do it again.
    let settled = wait(settle(&api, &mut device, None))??;
    let identity = device.identity()?.clone();
    let (zh, en) = &identity.name;
    if out.json {
        let pause = settled.pause.clone().map(|pause| Failure::from(pause).to_json());
        let counts = Counts::of(&device, &settled)?;
        let (user, role, server) = (identity.user_code, identity.role, identity.server_url);
        let name = json!({"zh": zh, "en": en});
        out.json(&Enrolled { user, name, role, server, pause, counts });
        return Ok(());
    }
    let who = format!("{zh} {en} ({}), {}", identity.user_code, identity.role);
    out.line(format!("This device works for {who}, with {}.", identity.server_url));
    told(&device, &settled, out)?;
    if let Some(pause) = settled.pause {
        out.line(format!("The first exchange stopped early: {}.", Failure::from(pause)));
    }
    Ok(())
}

/// Whose device it is from now on.
#[derive(Serialize)]
struct Enrolled<'a> {
    user: String,
    name: Value,
    role: String,
    server: String,
    pause: Option<Map<String, Value>>,
    #[serde(flatten)]
    counts: Counts<'a>,
}

/// What an exchange did, and what is left.
#[derive(Serialize)]
struct Counts<'a> {
    #[serde(flatten)]
    settled: &'a Settled,
    inspections: u64,
    findings: u64,
    ops_waiting: u64,
    photos_waiting: u64,
    photo_bytes_waiting: u64,
}

impl<'a> Counts<'a> {
    fn of(device: &CliDevice, settled: &'a Settled) -> Result<Self, Failure> {
        let status = device.status()?;
        let (photos_waiting, photo_bytes_waiting) = status.photos_waiting;
        Ok(Self {
            settled,
            inspections: status.inspections,
            findings: status.findings,
            ops_waiting: status.ops_waiting,
            photos_waiting,
            photo_bytes_waiting,
        })
    }
}

pub(crate) fn sync(
    device: &mut CliDevice,
    ca: Option<&Path>,
    photo_bytes: Option<u64>,
    out: &mut Out,
) -> Result<(), Failure> {
    let api = http(&device.identity()?.server_url, ca)?;
    let settled = wait(settle(&api, device, photo_bytes))??;
    told(device, &settled, out)?;
    let status = device.status()?;
    let (photos, _) = status.photos_waiting;
    match settled.pause {
        Some(pause) => Err(pause.into()),
        None if !settled.damaged.is_empty() => Err(damaged(device, &settled.damaged)?),
        None if settled.documents_missing > 0 => {
            let missing = settled.documents_missing;
            Err(Failure::Waiting(format!(
                "{missing} documents or photos of the server are missing or damaged there: tell \
                 its operator; everything else was exchanged"
            )))
        }
        // Over a metered network photos wait as they were told to.
        None if photo_bytes.is_some() && status.ops_waiting == 0 => Ok(()),
        None if status.ops_waiting + photos > 0 => {
            let left = format!("{} ops and {photos} photos still wait", status.ops_waiting);
            Err(Failure::Waiting(format!("{left}: sync again, and ask for help if it stays so")))
        }
        None => Ok(()),
    }
}

/// Which photos of which records cannot be sent, and how to mend that.
fn damaged(device: &CliDevice, photos: &[BlobHash]) -> Result<Failure, Failure> {
    let mut said = vec![];
    for photo in photos.iter().take(5) {
        let records = device.records_with(*photo)?;
        let records = records.iter().map(|(record, kind)| format!("{kind} {}", short(*record)));
        let records = match records.collect::<Vec<_>>().join(" and ") {
            none if none.is_empty() => "no record".to_owned(),
            some => some,
        };
        let hex = photo.to_string();
        said.push(format!("the photo of {records} in blobs/{}/{hex}", &hex[..2]));
    }
    if photos.len() > said.len() {
        said.push(format!("{} more", photos.len() - said.len()));
    }
    Ok(Failure::Damaged(format!(
        "damaged on this device, so not sent: {}; put the original file back under that name, or \
         record the same photo again, then sync; everything else was sent",
        said.join("; ")
    )))
}

/// What an exchange did and what is still to do.
fn told(device: &CliDevice, settled: &Settled, out: &mut Out) -> Result<(), Failure> {
    let counts = Counts::of(device, settled)?;
    if out.json {
        out.json(&counts);
        return Ok(());
    }
    let Settled { ops_sent, ops_received, photo_bytes_sent, documents, .. } = settled;
    let photos = size(*photo_bytes_sent);
    out.line(format!(
        "Sent {ops_sent} ops and {photos} of photos, received {ops_received} ops and {documents} \
         documents."
    ));
    let Counts { inspections, findings, ops_waiting, photos_waiting, .. } = counts;
    out.line(format!(
        "Here: {inspections} inspections, {findings} findings. Waiting: {ops_waiting} ops, \
         {photos_waiting} photos ({}).",
        size(counts.photo_bytes_waiting)
    ));
    if settled.restored {
        out.line("The server was restored from an older copy and got back what it had lost.");
    }
    if settled.new_log {
        out.line("Another device writes under this one's name; this one goes on under a new log.");
    }
    if settled.scopes_lost > 0 {
        out.line("You may no longer read some records; those of others were dropped here.");
    }
    Ok(())
}

/// The server, under a public authority or the one that was named.
pub(super) fn http(url: &str, ca: Option<&Path>) -> Result<HttpApi, Failure> {
    let trust = match ca {
        None => Trust::public(),
        Some(path) => {
            let named = |why: &dyn std::fmt::Display| {
                Failure::File(format!("--ca (SPOTCHECK_CA) {}: {why}", path.display()))
            };
            let pem = std::fs::read(path).map_err(|error| named(&error))?;
            Trust::public().and(&pem).map_err(|error| named(&error))?
        }
    };
    HttpApi::trusting(url, trust).map_err(|Unreachable(why)| Pause::Offline(why).into())
}

/// Runs to the end: one thing at a time, on this thread.
pub(super) fn wait<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::File(format!("network: {error}")))?;
    Ok(runtime.block_on(work))
}
