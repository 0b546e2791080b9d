//! The server's own log: users, teams, devices, registers, epochs. Organisations and further scopes
//! are in [`super::scopes`].

use data_encoding::HEXLOWER;
use spotcheck_domain::op::{BlobRef, Link, Seed};
use spotcheck_domain::{
    Entry, Header, LogId, Op, OpData, OpId, RecordId, Run, ScopeId, SlotPath, Timestamp, UserId,
    Value, WorkspaceId,
};
use spotcheck_protocol::checkpoint::Epoch;
use spotcheck_protocol::directory as kinds;
use spotcheck_protocol::directory::directory_scope;
use spotcheck_protocol::keys::Signer;
use spotcheck_protocol::messages::Introduction;

use super::{Failure, Service};
use crate::blobs::Blobs;
use crate::ledger::{Judged, Ledger};

/// Ops published in one run: as many as a segment of a log holds.
const MOST_AT_ONCE: usize = 500;

/// A person to add.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Unique in the workspace.
    pub code: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// `inspector`, `lead`, `reviewer`, `administrator`, `auditor` or `unit`.
    pub role: String,
    /// The code of the organisation they belong to.
    pub org: Option<String>,
}

/// A team to add, with the scope its members create records in.
#[derive(Debug, Clone)]
pub struct NewTeam {
    /// Unique in the workspace.
    pub code: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// Members and their roles in it.
    pub members: Vec<(UserId, String)>,
}

impl<L: Ledger, B: Blobs> Service<L, B> {
    /// Creates a workspace.
    ///
    /// # Errors
    /// When the ledger fails.
    pub async fn add_workspace(&self, name: &str) -> Result<WorkspaceId, Failure> {
        let ws = WorkspaceId(self.fresh());
        self.ledger.create_workspace(ws, name, Epoch::begin(ws, 0, self.fresh())).await?;
        Ok(ws)
    }

    /// Adds a person.
    ///
    /// # Errors
    /// When the code is taken or the ledger fails.
    pub async fn add_user(&self, ws: WorkspaceId, user: &NewUser) -> Result<UserId, Failure> {
        if self.ledger.find_user_by_code(ws, &user.code).await?.is_some() {
            let detail = format!("code: a user {:?} exists; choose another", user.code);
            return Err(Failure::problem(409, "user_exists", detail));
        }
        let mut set = vec![
            ("code", user.code.as_str().into()),
            ("zh", user.zh.as_str().into()),
            ("en", user.en.as_str().into()),
            ("role", user.role.as_str().into()),
        ];
        if let Some(org) = &user.org {
            self.check_organisation(ws, org, "org").await?;
            set.push(("org", org.as_str().into()));
        }
        Ok(UserId(self.publish(ws, kinds::USER_ADDED, None, &set, None).await?.0))
    }

    /// Adds a team and its scope.
    ///
    /// # Errors
    /// When the ledger fails.
    pub async fn add_team(&self, ws: WorkspaceId, team: &NewTeam) -> Result<ScopeId, Failure> {
        let scope = ScopeId(self.fresh());
        let members: Vec<(String, Value)> = team
            .members
            .iter()
            .map(|(user, role)| (format!("members/{user}/role"), role.as_str().into()))
            .collect();
        let mut set: Vec<(&str, Value)> = vec![
            ("code", team.code.as_str().into()),
            ("zh", team.zh.as_str().into()),
            ("en", team.en.as_str().into()),
            ("scope", scope.to_string().into()),
        ];
        set.extend(members.iter().map(|(path, role)| (path.as_str(), role.clone())));
        self.publish(ws, kinds::TEAM_ADDED, None, &set, None).await?;
        Ok(scope)
    }

    /// Puts a person into a team with a role, or takes them out.
    ///
    /// # Errors
    /// When there is no such team or the ledger fails.
    pub async fn set_member(
        &self,
        ws: WorkspaceId,
        team: &str,
        user: UserId,
        role: Option<&str>,
    ) -> Result<(), Failure> {
        let found = self.ledger.find_team(ws, team).await?;
        let team = found.ok_or_else(|| {
            Failure::problem(404, "no_such_team", format!("team: there is no team {team:?}"))
        })?;
        let path = format!("members/{user}/role");
        let set = [(path.as_str(), role.map_or(Value::Null, Value::from))];
        self.publish(ws, kinds::TEAM_CHANGED, Some(team), &set, None).await?;
        Ok(())
    }

    /// Revokes a device and all logs that continue its own. It takes effect with its next request.
    ///
    /// # Errors
    /// When the ledger fails.
    pub async fn revoke(&self, ws: WorkspaceId, log: LogId, reason: &str) -> Result<(), Failure> {
        self.publish_revocation(ws, log, reason, None).await
    }

    pub(super) async fn publish_revocation(
        &self,
        ws: WorkspaceId,
        log: LogId,
        reason: &str,
        revoked_by: Option<UserId>,
    ) -> Result<(), Failure> {
        let mut set = vec![("log", log.to_string().into()), ("revoked", reason.into())];
        if let Some(by) = revoked_by {
            set.push(("revoked_by", by.to_string().into()));
        }
        self.publish(ws, kinds::DEVICE_REVOKED, None, &set, None).await?;
        Ok(())
    }

    pub(super) async fn publish_successor(
        &self,
        ws: WorkspaceId,
        new: LogId,
        introduction: &Introduction,
    ) -> Result<(), Failure> {
        let set = [
            ("log", new.to_string().into()),
            ("key", introduction.key.to_string().into()),
            ("old", introduction.old.to_string().into()),
            ("sig", HEXLOWER.encode(&introduction.sig).into()),
        ];
        self.publish(ws, kinds::DEVICE_SUCCEEDED, None, &set, None).await?;
        Ok(())
    }

    /// Admits ops that are in quarantine: at most 500 at a time. They are delivered like any other.
    ///
    /// # Errors
    /// When there are too many or the ledger fails.
    pub async fn release(
        &self,
        ws: WorkspaceId,
        ops: &[OpId],
        reason: &str,
    ) -> Result<(), Failure> {
        if ops.is_empty() || ops.len() > 500 {
            return Err(Failure::bad_body("ops: release 1 to 500 at a time"));
        }
        let ids = ops.iter().map(|op| op.to_string().into()).collect();
        let set = [("ops", Value::List(ids))];
        let data = OpData { why: Some(reason.to_owned()), ..data_of(&set)? };
        self.publish_data(ws, kinds::QUARANTINE_RELEASED, None, data, None).await?;
        Ok(())
    }

    /// Says what a register of sites holds from now on: its pages as documents, and the op that names
    /// them, about the record of the register with that code, or the first of a new one.
    ///
    /// # Errors
    /// When the ledger or the folder fails.
    pub async fn publish_register(
        &self,
        ws: WorkspaceId,
        code: &str,
        pages: &[Vec<u8>],
    ) -> Result<(), Failure> {
        let mut blobs: Vec<BlobRef> = vec![];
        for page in pages {
            let blob = self.blobs.put(ws, page).await?;
            self.ledger.put_blob(ws, blob, self.own_log()).await?;
            blobs.push(blob);
        }
        let pages: Vec<Value> = blobs.iter().map(|blob| blob.sha256.to_string().into()).collect();
        let set = [("code", code.into()), ("pages", Value::List(pages))];
        let data = OpData { blobs, ..data_of(&set)? };
        let record = self.ledger.find_register(ws, code).await?;
        self.publish_data(ws, kinds::REGISTER_PUBLISHED, record, data, None).await?;
        Ok(())
    }

    /// Appends an op to the server's own log and folds it into the directory.
    pub(super) async fn publish(
        &self,
        ws: WorkspaceId,
        kind: &'static str,
        record: Option<RecordId>,
        set: &[(&str, Value)],
        use_code: Option<[u8; 32]>,
    ) -> Result<RecordId, Failure> {
        self.publish_data(ws, kind, record, data_of(set)?, use_code).await
    }

    pub(super) async fn publish_data(
        &self,
        ws: WorkspaceId,
        kind: &'static str,
        record: Option<RecordId>,
        data: OpData,
        use_code: Option<[u8; 32]>,
    ) -> Result<RecordId, Failure> {
        self.publish_all(ws, vec![(kind, record, data)], use_code).await
    }

    /// Appends 1 to 500 ops in one transaction; gives the record of the last.
    pub(super) async fn publish_all(
        &self,
        ws: WorkspaceId,
        ops: Vec<(&'static str, Option<RecordId>, OpData)>,
        use_code: Option<[u8; 32]>,
    ) -> Result<RecordId, Failure> {
        if ops.is_empty() || ops.len() > MOST_AT_ONCE {
            return Err(Failure::bad_body(format!("publish 1 to {MOST_AT_ONCE} at a time")));
        }
        let (log, scope) = (self.own_log(), directory_scope(ws));
        let head = self.ledger.log_head(ws, log, None).await?;
        let now = self.host.now_ms();
        let seed = Seed(self.fresh());
        let mut entries = vec![];
        let mut last = None;
        for (seq, (kind, record, data)) in (head.seq + 1..).zip(ops) {
            let header = Header {
                log,
                seq,
                ws,
                scope,
                by: UserId(log.0),
                record,
                kind: kind.to_owned(),
                at: Timestamp { wall_ms: now, server_ms: now, ..Timestamp::default() },
                data_sha256: [0; 32],
            };
            let op = Op::write(header, &data, &seed).map_err(Failure::bad_body)?;
            last = Some(op.record());
            entries.push(Entry::Op(Box::new(op)));
        }
        let mut run = Run {
            log,
            scope,
            by: UserId(log.0),
            first_seq: head.seq + 1,
            prev: if head.seq == 0 { Link::START } else { head.link },
            seed: Some(seed),
            entries,
            head_sig: [0; 64],
        };
        run.head_sig = self.key.sign(&run.head_message());
        let verdicts = vec![None; run.entries.len()];
        self.ledger.admit(ws, &[Judged { run, verdicts }], use_code).await?;
        last.ok_or_else(|| Failure::bad_body("there is nothing to publish"))
    }
}

pub(super) fn data_of(set: &[(&str, Value)]) -> Result<OpData, Failure> {
    let slots = set.iter().map(|(path, value)| Ok((SlotPath::new(path)?, value.clone())));
    let set = slots
        .collect::<Result<_, _>>()
        .map_err(|e: spotcheck_domain::slot::SlotPathError| Failure::bad_body(e))?;
    Ok(OpData { set, ..OpData::default() })
}
