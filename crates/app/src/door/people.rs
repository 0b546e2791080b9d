//! Who a person is, in both languages.

use std::collections::BTreeMap;

use serde::Serialize;
use spotcheck_domain::UserId;
use spotcheck_store::BlobStore;
use ts_rs::TS;

use crate::query::text;
use crate::{AppError, Device, Host};

/// Users looked through; a workspace is an agency, not a country.
const USERS: usize = 10_000;

/// A person of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Person {
    /// Unique in the workspace.
    pub code: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// `inspector`, `lead` …
    pub role: String,
}

/// Everybody this device knows, by user id.
pub(crate) type People = BTreeMap<UserId, Person>;

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(crate) fn people(&self) -> Result<People, AppError> {
        let rows = self.store.list_records("user", None, USERS)?;
        let person = |doc| Person {
            code: text(doc, "code").to_owned(),
            zh: text(doc, "zh").to_owned(),
            en: text(doc, "en").to_owned(),
            role: text(doc, "role").to_owned(),
        };
        let me = self.identity()?;
        // Oneself, also before the directory came.
        let own = Person {
            code: me.user_code.clone(),
            zh: me.name.0.clone(),
            en: me.name.1.clone(),
            role: me.role.clone(),
        };
        // A user's id is their record's.
        let known = rows.iter().map(|row| (UserId(row.record.0), person(&row.doc)));
        Ok(std::iter::once((me.user, own)).chain(known).collect())
    }
}

/// A person by id; before the directory came, all that is known is the id.
pub(super) fn person(people: &People, id: UserId) -> Person {
    people.get(&id).cloned().unwrap_or_else(|| {
        let short: String = id.to_string().chars().take(8).collect();
        Person { code: short.clone(), zh: short.clone(), en: short, role: String::new() }
    })
}
