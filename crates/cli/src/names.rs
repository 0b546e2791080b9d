//! What people call users, sites and check items, in Chinese and English where both exist.

use spotcheck_domain::{RecordId, Value};

use crate::home::CliDevice;
use crate::out::short;

/// Looks names up on one device.
pub(crate) struct Names<'a>(pub(crate) &'a CliDevice);

impl Names<'_> {
    /// A user by id: the directory's record of them, or the id when it has not come yet.
    pub(crate) fn user(&self, id: &str) -> String {
        let record = id.parse::<RecordId>().ok();
        let row = record.and_then(|record| self.0.store().find_record(record).ok().flatten());
        let Some(doc) = row.map(|row| row.doc) else { return short(id) };
        let text = |slot| doc.agreed(slot).and_then(Value::as_text).unwrap_or_default();
        match (text("zh"), text("code")) {
            ("", "") => short(id),
            (zh, code) if zh.is_empty() || zh == code => code.to_owned(),
            (zh, code) => format!("{zh} ({code})"),
        }
    }

    /// A site by code.
    pub(crate) fn site(&self, code: &str) -> String {
        match self.0.store().find_site(code).ok().flatten() {
            Some(site) => format!("{} {} ({})", site.zh, site.en, site.code),
            None => code.to_owned(),
        }
    }

    /// The title of the newest checklist of a code.
    pub(crate) fn checklist(&self, code: &str) -> String {
        match self.0.library().checklist(code) {
            Ok((_, list)) => format!("{code} {} {}", list.title.zh, list.title.en),
            Err(_) => code.to_owned(),
        }
    }

    /// What an item of a checklist asks, by slot path.
    pub(crate) fn item(&self, checklist: &str, path: &str) -> String {
        let code = path.rsplit('/').next().unwrap_or_default();
        let list = self.0.library().checklist(checklist).ok();
        let item = list.and_then(|(_, list)| list.find_item(code));
        item.map_or_else(String::new, |item| format!("{} {}", item.text.zh, item.text.en))
    }
}
