//! The kinds of ops in the server's own log: who there is, who may see what, which devices.
//!
//! The server's tables of these follow from its log, so a restored server gets them back from any
//! device that pulled them.

use spotcheck_domain::id::derive;
use spotcheck_domain::{ScopeId, WorkspaceId};

/// An organisation: slots `code`, `zh`, `en`, and `parent`, the code of the one above it, if any.
pub const ORGANISATION_ADDED: &str = "organisation.added";
/// A person: slots `code`, `zh`, `en`, `role`, and `org`, their organisation's code, if any.
pub const USER_ADDED: &str = "user.added";
/// A team: slots `code`, `zh`, `en`, `scope`, and `members/USER/role` for each member.
pub const TEAM_ADDED: &str = "team.added";
/// A team's members or names changed.
pub const TEAM_CHANGED: &str = "team.changed";
/// A scope beside the teams' own: slots `code`, `zh`, `en`, `scope`, and its [access list](crate::access).
pub const SCOPE_ADDED: &str = "scope.added";
/// A scope's access list changed.
pub const SCOPE_CHANGED: &str = "scope.changed";
/// A device: slots `log`, `user`, `key`, `name`, and `invited_by` where a colleague made the link.
pub const DEVICE_ENROLLED: &str = "device.enrolled";
/// A device goes on under a new log: slots `log`, `key`, `old`, and `sig`, the old key's word for it in
/// hex. So a restored server takes the new log's ops from whoever gives them back.
pub const DEVICE_SUCCEEDED: &str = "device.succeeded";
/// A device's key counts no more: slots `log`, `revoked` with the reason, and `revoked_by` where a
/// colleague asked for it.
pub const DEVICE_REVOKED: &str = "device.revoked";
/// What a register of sites holds from now on: slots `code`, and `pages`, the hashes of its pages in
/// order. The first one makes the record, later ones are about it.
pub const REGISTER_PUBLISHED: &str = "register.published";
/// Ops in quarantine are admitted after all: slot `ops`, their ids.
pub const QUARANTINE_RELEASED: &str = "quarantine.released";
/// A restored server began a new epoch: slots `epoch`, `previous`, `size`, and `seen` of the lost one.
pub const EPOCH_STARTED: &str = "epoch.started";

/// The scope under which the server's history notes ops that were put into quarantine. Nobody reads
/// it; a release delivers the op to its own scope.
pub fn quarantine_scope(ws: WorkspaceId) -> ScopeId {
    ScopeId(derive("spotcheck quarantine 1", &[&ws.0]))
}

/// The scope under which the server's history notes photos that it holds.
pub fn photo_scope(ws: WorkspaceId) -> ScopeId {
    ScopeId(derive("spotcheck photos 1", &[&ws.0]))
}

/// The scope of the directory, which every device of a workspace reads.
pub fn directory_scope(ws: WorkspaceId) -> ScopeId {
    ScopeId(derive("spotcheck directory 1", &[&ws.0]))
}
