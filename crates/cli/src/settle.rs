//! Enrolment, and rounds of sync until nothing is left.

use std::collections::BTreeSet;

use serde::Serialize;
use spotcheck_app::EnrolmentLink;
use spotcheck_client::{Local, Pause, Steps, SyncApi, SyncError, run_steps};
use spotcheck_domain::BlobHash;

use crate::failure::Failure;
use crate::home::CliDevice;

/// A round does all there is to do; more are for what it could not know when it began.
const MOST_ROUNDS: u32 = 10;

/// What an exchange with the server did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Settled {
    /// Rounds run.
    pub rounds: u32,
    /// Requests made.
    pub requests: u64,
    /// Ops sent, repetitions included.
    pub ops_sent: u64,
    /// Ops received from others.
    pub ops_received: u64,
    /// Bytes of photos sent.
    pub photo_bytes_sent: u64,
    /// Documents fetched.
    pub documents: u64,
    /// Documents that the server did not give or gave damaged in the last round, and photos of others
    /// that it gave damaged.
    pub documents_missing: usize,
    /// Photos whose bytes here are no longer what was recorded: they were not sent.
    pub damaged: Vec<BlobHash>,
    /// Scopes this user may no longer read; others' data of them was dropped.
    pub scopes_lost: u64,
    /// The server was restored and got back what it had lost.
    pub restored: bool,
    /// Something had been missed, and was fetched.
    pub repaired: bool,
    /// Another device was seen writing this one's log; it goes on under a new one.
    pub new_log: bool,
    /// Why it stopped early, if it did.
    #[serde(skip)]
    pub pause: Option<Pause>,
}

/// Makes a device its user's, durably. May be repeated with the same link until it is answered.
///
/// # Errors
/// When the server refuses, does not answer, or the device's own disk fails.
pub async fn enrol<A: SyncApi>(
    api: &A,
    device: &mut CliDevice,
    link: &EnrolmentLink,
    device_name: &str,
) -> Result<(), Failure> {
    Ok(spotcheck_native::enrol(api, device, link, device_name).await?)
}

/// Runs rounds until nothing is left, one stops early, or one changes nothing. `photo_bytes`: the
/// network is metered, and so many bytes of photos go out at most.
///
/// # Errors
/// When the device's own disk fails.
pub async fn settle<A: SyncApi>(
    api: &A,
    device: &mut CliDevice,
    photo_bytes: Option<u64>,
) -> Result<Settled, Failure> {
    let mut all = Settled::default();
    let mut left = left(device)?;
    while all.rounds < MOST_ROUNDS {
        let steps = photo_bytes.map_or_else(Steps::default, |most| {
            Steps::metered(most.saturating_sub(all.photo_bytes_sent))
        });
        let report = run_steps(api, device, steps).await;
        let report = report.map_err(|SyncError::Local(error)| error)?;
        all.rounds += 1;
        all.requests += report.requests;
        all.ops_sent += report.ops_sent;
        all.ops_received += report.ops_received;
        all.photo_bytes_sent += report.photo_bytes_sent;
        all.documents += report.documents;
        all.documents_missing = report.unfetched.len();
        all.damaged = report.damaged;
        all.scopes_lost += report.scopes_lost;
        all.restored |= report.rewound;
        all.repaired |= report.repaired;
        all.new_log |= report.succeeded;
        if report.pause.is_some() {
            all.pause = report.pause;
            break;
        }
        let turned = report.rewound || report.succeeded || report.repaired;
        let now = self::left(device)?;
        let moved = now != left || report.ops_received + report.documents > 0;
        left = now;
        if !turned && (left == Left::default() || !moved) {
            break;
        }
    }
    Ok(all)
}

/// What a round would still have to do.
#[derive(Debug, Default, PartialEq, Eq)]
struct Left {
    ops: u64,
    photos: u64,
    document: bool,
}

fn left(device: &CliDevice) -> Result<Left, Failure> {
    let status = device.status()?;
    let document = Local::wanted(device, &BTreeSet::new())?.is_some();
    Ok(Left { ops: status.ops_waiting, photos: status.photos_waiting.0, document })
}
