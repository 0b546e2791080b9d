//! What a lead or an administrator does for their people: looks at devices, invites, revokes.

use spotcheck_domain::UserId;
use spotcheck_protocol::messages::{
    DeviceReport, DevicesReply, DevicesRequest, InviteReply, InviteRequest, RevokeReply,
    RevokeRequest,
};

use super::auth::{self, Caller};
use super::{Failure, Service};
use crate::blobs::Blobs;
use crate::ledger::{DeviceStanding, Ledger};

/// Logs a page.
const PAGE: usize = 500;
/// Fits a line on a screen, and the op that carries it.
const MAX_REASON_CHARS: usize = 500;

impl<L: Ledger, B: Blobs> Service<L, B> {
    pub(super) async fn devices(
        &self,
        caller: &Caller,
        bytes: &[u8],
    ) -> Result<DevicesReply, Failure> {
        let request: DevicesRequest = auth::body(bytes)?;
        let reach = self.reach(caller).await?;
        let (ws, users) = (caller.device.ws, reach.users());
        let found = self.ledger.device_standings(ws, users.as_deref(), request.after, PAGE + 1);
        let mut found = found.await?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let devices = found.into_iter().map(|device| self.report(device)).collect();
        Ok(DevicesReply { devices, more, server_ms: self.host.now_ms() })
    }

    fn report(&self, device: DeviceStanding) -> DeviceReport {
        let DeviceStanding { log, root, user, name, revoked, forked, seq, awaited, .. } = device;
        let last_contact_ms = self.contacts.last(root).max(device.last_contact_ms);
        DeviceReport { log, root, user, name, last_contact_ms, seq, awaited, revoked, forked }
    }

    pub(super) async fn invite(
        &self,
        caller: &Caller,
        bytes: &[u8],
    ) -> Result<InviteReply, Failure> {
        let request: InviteRequest = auth::body(bytes)?;
        let reach = self.reach(caller).await?;
        let (ws, now_ms) = (caller.device.ws, self.host.now_ms());
        if self.ledger.find_user(ws, request.user).await?.is_none() {
            let detail = "user: nobody of this workspace; an administrator adds people first";
            return Err(Failure::problem(404, "no_such_user", detail));
        }
        reach.covers(request.user, "user")?;
        let url = self.public_url.get().ok_or_else(|| {
            let detail = "this server does not know how devices reach it: start it with \
                          --public-url";
            Failure::problem(503, "no_address", detail)
        })?;
        if !self.invitations.take(caller.user.user, now_ms) {
            let detail = "60 invitations an hour: wait, or ask an administrator for links";
            return Err(Failure::problem(429, "too_many_invitations", detail));
        }
        let made = self.make_code(ws, request.user, Some(caller.user.user), url).await?;
        let (link, expires_ms) = (made.link.to_string(), made.expires_ms);
        Ok(InviteReply { link, expires_ms, server_ms: now_ms })
    }

    pub(super) async fn revoke_for(
        &self,
        caller: &Caller,
        bytes: &[u8],
    ) -> Result<RevokeReply, Failure> {
        let request: RevokeRequest = auth::body(bytes)?;
        let reach = self.reach(caller).await?;
        let ws = caller.device.ws;
        let reason = request.reason.trim();
        if reason.is_empty() || reason.chars().count() > MAX_REASON_CHARS {
            let detail = format!("reason: say why, in 1 to {MAX_REASON_CHARS} characters");
            return Err(Failure::bad_body(detail));
        }
        let found = self.ledger.find_device(request.log).await?.filter(|device| device.ws == ws);
        let no_such = || {
            let detail = "log: no device of this workspace; look at the list of devices again";
            Failure::problem(404, "no_such_device", detail)
        };
        let found = found.ok_or_else(no_such)?;
        reach.covers(found.user, "log")?;
        // The first log's key signs for all of them: revoking a later one alone would stop nothing.
        let root = found.root;
        if root == caller.device.root {
            let detail = "log: this is the device you ask from; revoke it from another one, or ask \
                          an administrator";
            return Err(Failure::problem(409, "own_device", detail));
        }
        let _turn = self.own_log_turn()?;
        let first = self.ledger.find_device(root).await?.ok_or_else(no_such)?;
        let server_ms = self.host.now_ms();
        // Asked again, as after a lost reply: once is enough, and the first reason stays.
        if let Some(reason) = first.revoked {
            return Ok(RevokeReply { log: root, reason, server_ms });
        }
        self.publish_revocation(ws, root, reason, Some(caller.user.user)).await?;
        Ok(RevokeReply { log: root, reason: reason.to_owned(), server_ms })
    }
}

/// Invitations an hour, by who made them: a lead's phone in wrong hands must not fill the ledger.
#[derive(Debug, Default)]
pub(super) struct Invitations {
    hours: std::sync::Mutex<std::collections::BTreeMap<UserId, (i64, u32)>>,
}

const INVITATIONS: u32 = 60;
const HOUR_MS: i64 = 3_600_000;

impl Invitations {
    /// Counts one; `false` when this hour has had its number.
    fn take(&self, by: UserId, now_ms: i64) -> bool {
        let mut hours = self.hours.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (began_ms, count) = hours.entry(by).or_insert((now_ms, 0));
        if now_ms.abs_diff(*began_ms) >= HOUR_MS.unsigned_abs() {
            (*began_ms, *count) = (now_ms, 0);
        }
        *count += u32::from(*count < INVITATIONS + 1);
        *count <= INVITATIONS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_has_sixty_invitations_for_each_who_invites() {
        let invitations = Invitations::default();
        let (lead, other) = (UserId([1; 16]), UserId([2; 16]));
        assert!((0..60).all(|_| invitations.take(lead, 1_000)));
        assert!(!invitations.take(lead, 1_000 + HOUR_MS - 1));
        assert!(invitations.take(other, 1_000));
        assert!(invitations.take(lead, 1_000 + HOUR_MS));
    }
}
