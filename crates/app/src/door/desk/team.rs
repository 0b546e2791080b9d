//! People and their devices, as the server's own log tells it and as their ops show.

use std::collections::BTreeMap;

use serde::Serialize;
use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{LogId, UserId, Value};
use spotcheck_store::BlobStore;
use ts_rs::TS;

use crate::brief::Brief;
use crate::door::Person;
use crate::door::people::person;
use crate::query::text;
use crate::{AppError, Device, Host};

/// Devices looked through.
const DEVICES: usize = 20_000;

/// The team.
#[derive(Debug, Serialize, TS)]
pub struct TeamView {
    /// Today on this device.
    pub today: String,
    /// Everybody this device knows, those with devices first, then by code.
    pub members: Vec<TeamMember>,
}

/// A person with their devices.
#[derive(Debug, Serialize, TS)]
pub struct TeamMember {
    /// Who.
    pub person: Person,
    /// Whether this device's user looks after them: may see how their devices stand, enrol and revoke.
    pub yours: bool,
    /// Checks begun today, as far as they have come here.
    pub checks_today: u32,
    /// Of them not complete.
    pub open_today: u32,
    /// Their devices, the latest enrolled first.
    pub devices: Vec<TeamDevice>,
}

/// A device of the workspace.
#[derive(Debug, Serialize, TS)]
pub struct TeamDevice {
    /// Its first log: what names it to the server.
    pub id: String,
    /// The first digits of that: what people compare.
    pub log: String,
    /// The name it was enrolled with.
    pub name: String,
    /// This very device.
    pub this: bool,
    /// When it was enrolled: server time, ms since 1970 UTC.
    #[ts(type = "number")]
    pub enrolled_ms: i64,
    /// Why it was revoked, if it was.
    pub revoked: Option<String>,
    /// Who revoked it; none for an administrator at the server.
    pub revoked_by: Option<Person>,
    /// Two devices wrote its log: a phone restored from a backup, or cloned.
    pub forked: bool,
    /// Ops of it that have come here.
    pub ops: u32,
    /// When the last of them was written, as claimed: ms since 1970 UTC.
    #[ts(type = "number | null")]
    pub last_ms: Option<i64>,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(in crate::door) fn team(&mut self) -> Result<TeamView, AppError> {
        self.fill_briefs()?;
        let today = self.now()?.local_day();
        let people = self.people()?;
        let reach = self.reach(&people)?;
        let member = |id: UserId| TeamMember {
            person: person(&people, id),
            yours: reach.contains(&id),
            checks_today: 0,
            open_today: 0,
            devices: vec![],
        };
        let mut members: BTreeMap<UserId, TeamMember> =
            people.keys().map(|id| (*id, member(*id))).collect();
        self.store.each_brief_on(&today, |row| {
            let Some(check) = Brief::read(row.brief).filter(|it| !it.voided) else { return };
            if let Some(by) = check.by {
                let known = members.entry(by).or_insert_with(|| member(by));
                known.checks_today += 1;
                known.open_today += u32::from(!check.completed);
            }
        })?;
        let written = self.store.logs_written()?;
        let revoked = self.revoked_logs()?;
        let own = self.store.own_logs()?;
        for row in self.store.list_records("device", None, DEVICES)? {
            let Ok(log) = text(&row.doc, "log").parse::<LogId>() else { continue };
            // A revocation is a record of its own, and names no user.
            let Ok(user) = text(&row.doc, "user").parse::<UserId>() else { continue };
            let at = written.get(&log);
            let (why, by) = revoked.get(&log).cloned().unzip();
            let device = TeamDevice {
                id: log.to_string(),
                log: log.to_string().chars().take(8).collect(),
                name: text(&row.doc, "name").to_owned(),
                this: own.iter().any(|own| own.log == log),
                enrolled_ms: row.at_ms,
                revoked: why,
                revoked_by: by.flatten().map(|by| person(&people, by)),
                forked: at.is_some_and(|at| at.forked),
                ops: at.map_or(0, |at| at.ops),
                last_ms: at.map(|at| at.last_ms),
            };
            members.entry(user).or_insert_with(|| member(user)).devices.push(device);
        }
        let mut members: Vec<TeamMember> = members.into_values().collect();
        members.sort_by(|a, b| {
            let key = |it: &TeamMember| (it.devices.is_empty(), it.person.code.clone());
            key(a).cmp(&key(b))
        });
        Ok(TeamView { today, members })
    }

    /// Logs the server's own log says are revoked: why, and who asked for it.
    fn revoked_logs(&self) -> Result<BTreeMap<LogId, (String, Option<UserId>)>, AppError> {
        let mut revoked = BTreeMap::new();
        let rows = self.store.list_records("device", None, DEVICES)?;
        let said =
            |doc: &RecordDoc| doc.agreed("revoked").and_then(Value::as_text).map(str::to_owned);
        for row in rows {
            if let (Ok(log), Some(why)) = (text(&row.doc, "log").parse(), said(&row.doc)) {
                let by = text(&row.doc, "revoked_by").parse().ok();
                revoked.insert(log, (why, by));
            }
        }
        Ok(revoked)
    }
}
