//! What a lead asks the server about their people's devices. It needs the network, so a host asks:
//! [`Device::begin_team`] takes what was asked, [`TeamAsk::question`] is what to send, and
//! [`Device::take_team`] turns what came back into an answer, or into the next question.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spotcheck_domain::{BlobHash, LogId, UserId};
use spotcheck_protocol::PROTOCOL;
use spotcheck_protocol::api::{Question, path};
use spotcheck_protocol::messages::{
    DeviceReport, DevicesReply, DevicesRequest, InviteReply, InviteRequest, Reply, RevokeReply,
    RevokeRequest,
};
use spotcheck_store::BlobStore;
use ts_rs::TS;

use super::Person;
use super::people::{People, person};
use super::qr::QrPicture;
use super::sync::clamp;
use crate::{AppError, Device, Host};

/// More pages than any workspace has: a server that never ends a list is not ours.
const MAX_PAGES: usize = 100;

/// What a lead or an administrator asks of the server, beside the rounds.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub enum TeamCall {
    /// How the devices of those one looks after stand.
    Devices {},
    /// A link, good for one device within 24 hours.
    Invite {
        /// The person's code.
        user: String,
    },
    /// Revokes a device: what it sends from then on is kept for review.
    Revoke {
        /// The device: its first log.
        device: String,
        /// Why, 1 to 500 letters.
        why: String,
    },
}

/// What the server answered.
#[derive(Debug, Serialize, TS)]
#[serde(tag = "is", content = "value", rename_all = "snake_case")]
pub enum TeamAnswer {
    /// See [`TeamCall::Devices`].
    Devices(DevicesNow),
    /// See [`TeamCall::Invite`].
    Invite(Invitation),
    /// See [`TeamCall::Revoke`].
    Revoke(Revocation),
}

/// Devices, as the server knows them.
#[derive(Debug, Serialize, TS)]
pub struct DevicesNow {
    /// When it said so: its clock, ms since 1970 UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// By person, then by name.
    pub devices: Vec<DeviceNow>,
}

/// A device, as the server knows it. What was recorded since the last contact, only the device knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DeviceNow {
    /// The device: its first log.
    pub id: String,
    /// Whose it is.
    pub person: Person,
    /// The name it was enrolled with.
    pub name: String,
    /// Server time of its last request, ms since 1970 UTC; none where the server does not know.
    #[ts(type = "number | null")]
    pub last_contact_ms: Option<i64>,
    /// Acts of it that the server admitted, under all its logs.
    pub ops: u32,
    /// Photos and documents that those acts name and the server does not hold.
    pub photos_awaited: u32,
    /// Their bytes.
    #[ts(type = "number")]
    pub photo_bytes_awaited: u64,
    /// Why it was revoked, if it was.
    pub revoked: Option<String>,
    /// Two devices wrote one of its logs.
    pub forked: bool,
    /// How often it went on under a new log.
    pub continued: u32,
}

/// A link for a colleague's new device.
#[derive(Debug, Serialize, TS)]
pub struct Invitation {
    /// For whom.
    pub person: Person,
    /// The link; it is a secret until it was used.
    pub link: String,
    /// The link as a picture, to be scanned; none where it is too long for one.
    pub qr: Option<QrPicture>,
    /// When it ends, ms since 1970 UTC.
    #[ts(type = "number")]
    pub expires_ms: i64,
}

/// A device that is revoked.
#[derive(Debug, Serialize, TS)]
pub struct Revocation {
    /// The device: its first log.
    pub device: String,
    /// The reason on record: an earlier one, where it was revoked before.
    pub why: String,
}

/// Something asked, with what the server said so far.
#[derive(Debug)]
pub struct TeamAsk {
    wanted: Wanted,
    server_key: [u8; 32],
    reports: Vec<DeviceReport>,
    pages: usize,
}

#[derive(Debug)]
enum Wanted {
    Devices,
    Invite { user: UserId },
    Revoke { log: LogId, why: String },
}

impl TeamAsk {
    /// What to send next.
    pub fn question(&self) -> Question {
        let (p, key) = (PROTOCOL, self.server_key);
        match &self.wanted {
            Wanted::Devices => {
                let after = self.reports.last().map(|report| report.log);
                Question::new(path::DEVICES, &DevicesRequest { p, after }, key)
            }
            Wanted::Invite { user } => {
                Question::new(path::INVITE, &InviteRequest { p, user: *user }, key)
            }
            Wanted::Revoke { log, why } => {
                let body = RevokeRequest { p, log: *log, reason: why.clone() };
                Question::new(path::REVOKE, &body, key)
            }
        }
    }
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Takes a screen's wish.
    ///
    /// # Errors
    /// `invalid` with the field; `read_only` for who is neither lead nor administrator; `not_found` for
    /// a person this device does not know.
    pub fn begin_team(&self, call: TeamCall) -> Result<TeamAsk, AppError> {
        let me = self.identity()?;
        if !matches!(me.role.as_str(), "lead" | "administrator") {
            let remedy = "people's devices are for leads and administrators: ask one of them";
            return Err(AppError::ReadOnly(remedy.to_owned()));
        }
        let wanted = match call {
            TeamCall::Devices {} => Wanted::Devices,
            TeamCall::Invite { user } => Wanted::Invite { user: self.user_by_code(&user)? },
            TeamCall::Revoke { device, why } => {
                let remedy = "the 32 digits of one of the devices listed";
                let log = device.parse().map_err(|_| AppError::invalid("device", remedy))?;
                if why.trim().is_empty() {
                    return Err(AppError::invalid("why", "say why, for who reads it in a year"));
                }
                Wanted::Revoke { log, why: why.trim().to_owned() }
            }
        };
        let key: BlobHash = me.server_key.parse().map_err(|_| {
            AppError::Key(
                "the server's key on this device is unreadable: enrol it again".to_owned(),
            )
        })?;
        Ok(TeamAsk { wanted, server_key: key.0, reports: vec![], pages: 0 })
    }

    /// Takes in a verified reply. `None`: ask on.
    ///
    /// # Errors
    /// `invalid` for a reply to something else.
    pub fn take_team(
        &self,
        asked: &mut TeamAsk,
        reply: Reply,
    ) -> Result<Option<TeamAnswer>, AppError> {
        let answer = match (&asked.wanted, reply) {
            (Wanted::Devices, Reply::Devices(reply)) => {
                let DevicesReply { devices, more, server_ms } = reply;
                asked.reports.extend(devices);
                asked.pages += 1;
                if more && asked.pages < MAX_PAGES {
                    return Ok(None);
                }
                let devices = self.devices_now(&asked.reports)?;
                TeamAnswer::Devices(DevicesNow { at_ms: server_ms, devices })
            }
            (Wanted::Invite { user }, Reply::Invite(InviteReply { link, expires_ms, .. })) => {
                let (person, qr) = (person(&self.people()?, *user), QrPicture::of(&link));
                TeamAnswer::Invite(Invitation { person, link, qr, expires_ms })
            }
            (Wanted::Revoke { .. }, Reply::Revoke(RevokeReply { log, reason, .. })) => {
                TeamAnswer::Revoke(Revocation { device: log.to_string(), why: reason })
            }
            _ => {
                let remedy = "the server answered something else than was asked: ask again";
                return Err(AppError::invalid("answer", remedy));
            }
        };
        Ok(Some(answer))
    }

    fn user_by_code(&self, code: &str) -> Result<UserId, AppError> {
        let found = self.people()?.into_iter().find(|(_, person)| person.code == code);
        found.map(|(user, _)| user).ok_or_else(|| {
            let unknown =
                format!("there is no person {code:?} on this device: sync, then ask again");
            AppError::NotFound(unknown)
        })
    }

    fn devices_now(&self, reports: &[DeviceReport]) -> Result<Vec<DeviceNow>, AppError> {
        let mut devices = by_device(&self.people()?, reports);
        devices.sort_by(|a, b| {
            let key = |it: &DeviceNow| (it.person.code.clone(), it.name.clone(), it.id.clone());
            key(a).cmp(&key(b))
        });
        Ok(devices)
    }
}

/// Logs put together: one that continues another is the same device.
fn by_device(people: &People, reports: &[DeviceReport]) -> Vec<DeviceNow> {
    let mut devices: BTreeMap<LogId, DeviceNow> = BTreeMap::new();
    for report in reports {
        let known = devices.entry(report.root).or_insert_with(|| DeviceNow {
            id: report.root.to_string(),
            person: person(people, report.user),
            name: report.name.clone(),
            last_contact_ms: None,
            ops: 0,
            photos_awaited: 0,
            photo_bytes_awaited: 0,
            revoked: None,
            forked: false,
            continued: 0,
        });
        let contact = (report.last_contact_ms > 0).then_some(report.last_contact_ms);
        let (photos, bytes) = report.awaited;
        known.last_contact_ms = known.last_contact_ms.max(contact);
        known.ops = known.ops.saturating_add(clamp(report.seq));
        known.photos_awaited = known.photos_awaited.saturating_add(clamp(photos));
        known.photo_bytes_awaited = known.photo_bytes_awaited.saturating_add(bytes);
        known.revoked = known.revoked.take().or_else(|| report.revoked.clone());
        known.forked |= report.forked;
        known.continued += u32::from(report.log != report.root);
    }
    devices.into_values().collect()
}
