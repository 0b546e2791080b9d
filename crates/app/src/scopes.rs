//! The scopes of this user's work: their teams' own, and those with an access list, such as a joint
//! visit's. Read from the directory; the server decides by the same list ([`access`]).

use std::collections::BTreeSet;

use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{RecordId, ScopeId};
use spotcheck_protocol::access::{self, May, Party, WRITING_ROLES, may_record};
use spotcheck_store::{BlobStore, RecordRow};

use crate::inspection::slot_path;
use crate::query::{latest, text};
use crate::{AppError, Device, Host};

/// Teams, scopes and organisations looked through; a workspace is an agency, not a country.
const MOST: usize = 10_000;

/// A scope that new checks may go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenScope {
    pub(crate) scope: ScopeId,
    /// A team's own, not one with an access list.
    pub(crate) of_team: bool,
    /// The team's or the scope's code.
    pub(crate) code: String,
    pub(crate) zh: String,
    pub(crate) en: String,
}

impl OpenScope {
    fn of(doc: &RecordDoc, of_team: bool) -> Option<Self> {
        let [code, zh, en] = ["code", "zh", "en"].map(|slot| text(doc, slot).to_owned());
        Some(Self { scope: text(doc, "scope").parse().ok()?, of_team, code, zh, en })
    }
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// The scopes that this user may begin checks in: their home first, then by code. None before
    /// the directory came.
    pub(crate) fn open_scopes(&self) -> Result<Vec<OpenScope>, AppError> {
        let me = self.identity()?;
        let own = self.store.find_record(RecordId(me.user.0))?;
        let said = |slot| own.as_ref().map_or("", |row| text(&row.doc, slot));
        let role = Some(said("role")).filter(|it| !it.is_empty()).unwrap_or(&me.role);
        let further = self.further_scopes()?;
        let mut parties = vec![];
        let mut open = vec![];
        if may_record(role) {
            parties.push(Party::Role(role.to_owned()));
            // The tree is read only where a list names one of its bodies.
            if further.iter().any(|row| names_organisation(&row.doc)) {
                let line = self.organisations_above(said("org"))?;
                parties.extend(line.into_iter().map(Party::Organisation));
            }
        }
        for row in self.store.list_records("team", None, MOST)? {
            let path = slot_path(&format!("members/{}/role", me.user))?;
            let member = latest(&row.doc, &path).and_then(|it| it.as_text());
            if role != "auditor" && member.is_some_and(|it| WRITING_ROLES.contains(&it)) {
                parties.push(Party::Team(row.record));
                open.extend(OpenScope::of(&row.doc, true));
            }
        }
        for row in further {
            if parties.iter().any(|party| may_write(&row.doc, party)) {
                open.extend(OpenScope::of(&row.doc, false));
            }
        }
        open.sort_by(|a, b| {
            (a.scope != me.home_scope, &a.code).cmp(&(b.scope != me.home_scope, &b.code))
        });
        Ok(open)
    }

    /// The scope that a new check goes to: the one named, or the user's home, or where that is closed
    /// by now, the first that is open.
    pub(crate) fn scope_to_begin_in(&self, code: Option<&str>) -> Result<ScopeId, AppError> {
        let open = self.open_scopes()?;
        let Some(code) = code else {
            return Ok(open.first().map_or(self.identity()?.home_scope, |it| it.scope));
        };
        if let Some(found) = open.iter().find(|it| it.code == code) {
            return Ok(found.scope);
        }
        let known: Vec<_> = open.into_iter().map(|it| it.code).collect();
        let remedy = format!(
            "{code:?} is no team or scope that is open to you for writing; there is {}",
            known.join(", ")
        );
        Err(AppError::invalid("scope", remedy))
    }

    /// Whether a scope has an access list, and it gives this user no more than reading.
    pub(crate) fn is_for_reading(&self, scope: ScopeId) -> Result<bool, AppError> {
        let id = scope.to_string();
        let listed = self.further_scopes()?.iter().any(|row| text(&row.doc, "scope") == id);
        Ok(listed && !self.open_scopes()?.iter().any(|it| it.scope == scope))
    }

    /// Of several scopes the one where this user's word is heard: one they may write, their team's before
    /// a further one.
    pub(crate) fn best_of(&self, scopes: BTreeSet<ScopeId>) -> Result<Option<ScopeId>, AppError> {
        if scopes.len() < 2 {
            return Ok(scopes.into_iter().next());
        }
        let open = self.open_scopes()?;
        let rank = |scope: &ScopeId| {
            let found = open.iter().find(|it| it.scope == *scope);
            found.map_or(2, |it| u8::from(!it.of_team))
        };
        Ok(scopes.into_iter().min_by_key(|scope| (rank(scope), *scope)))
    }

    /// A team's or a further scope, by code.
    pub(crate) fn scope_of_code(&self, code: &str) -> Result<ScopeId, AppError> {
        let mut all = self.store.list_records("team", None, MOST)?;
        all.extend(self.further_scopes()?);
        let found = all.iter().find(|row| text(&row.doc, "code") == code);
        found.and_then(|row| text(&row.doc, "scope").parse().ok()).ok_or_else(|| {
            let mut known: Vec<_> = all.iter().map(|row| text(&row.doc, "code")).collect();
            known.sort_unstable();
            let remedy =
                format!("there is no team or scope {code:?} here; there is {}", known.join(", "));
            AppError::invalid("team", remedy)
        })
    }

    fn further_scopes(&self) -> Result<Vec<RecordRow>, AppError> {
        Ok(self.store.list_records("scope", None, MOST)?)
    }

    /// An organisation and all above it.
    fn organisations_above(&self, own: &str) -> Result<Vec<String>, AppError> {
        let all = self.store.list_records("organisation", None, MOST)?;
        access::organisations_above(Some(own.to_owned()), |code| {
            let row = all.iter().find(|row| text(&row.doc, "code") == code);
            Ok(row.map(|row| text(&row.doc, "parent").to_owned()))
        })
    }
}

fn names_organisation(scope: &RecordDoc) -> bool {
    scope.slots.keys().any(|path| path.as_str().starts_with("access/org."))
}

fn may_write(scope: &RecordDoc, party: &Party) -> bool {
    let Ok(path) = access::slot(party) else { return false };
    let value = latest(scope, &path);
    value.and_then(|value| access::entry(&path, value)).is_some_and(|it| it.1 == Some(May::Write))
}
