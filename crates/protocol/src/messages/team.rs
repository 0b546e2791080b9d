//! What a lead asks about the devices of their people.

use serde::{Deserialize, Serialize};
use spotcheck_domain::{LogId, UserId};

/// Asks how the devices of those the caller looks after stand.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DevicesRequest {
    /// The protocol version.
    pub p: u32,
    /// The log the last page ended with; none for the first page.
    pub after: Option<LogId>,
}

/// A page of devices, by log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevicesReply {
    /// At most 500.
    pub devices: Vec<DeviceReport>,
    /// Ask again, after the last of these: there is more.
    pub more: bool,
    /// The server's clock, ms since 1970 UTC.
    pub server_ms: i64,
}

/// How a log of a device stands, as far as the server can know: what was recorded since the last
/// contact, only the device knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceReport {
    /// The log.
    pub log: LogId,
    /// The device's first log, whose key signs all its requests. Another one: this log continues it.
    pub root: LogId,
    /// Whose it is.
    pub user: UserId,
    /// What the device calls itself.
    pub name: String,
    /// Server time of the device's last verified request, ms since 1970 UTC; 0 when none is known,
    /// as after a restore of the server.
    pub last_contact_ms: i64,
    /// The highest position of this log that was admitted.
    pub seq: u64,
    /// Photos and documents that ops of the device name and the server does not hold: how many, and
    /// their bytes. Counted once a device, at its first log.
    pub awaited: (u64, u64),
    /// Why it was revoked, if it was.
    pub revoked: Option<String>,
    /// Two ops stand at one position of this log.
    pub forked: bool,
}

/// Asks for a one-time enrolment link for a colleague.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteRequest {
    /// The protocol version.
    pub p: u32,
    /// Whose device it will be.
    pub user: UserId,
}

/// The link: good for one device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteReply {
    /// As [`crate::enrolment::EnrolmentLink`] writes it.
    pub link: String,
    /// When its code ends, ms since 1970 UTC.
    pub expires_ms: i64,
    /// The server's clock, ms since 1970 UTC.
    pub server_ms: i64,
}

/// Asks that a device's key counts no more.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokeRequest {
    /// The protocol version.
    pub p: u32,
    /// Any log of the device.
    pub log: LogId,
    /// Why, for who reads it in a year: 1 to 500 characters.
    pub reason: String,
}

/// The device is revoked, by this request or by an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokeReply {
    /// The device's first log.
    pub log: LogId,
    /// The reason that is on record.
    pub reason: String,
    /// The server's clock, ms since 1970 UTC.
    pub server_ms: i64,
}
