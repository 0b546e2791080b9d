//! The organisation tree.

use serde::Serialize;

use super::bus::Unit;
use super::table::{self, DemoError};

/// A body that inspects, is inspected, or both. A group and its discipline committee are two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Organisation {
    /// Short, upper case, never reused.
    pub code: String,
    /// The organisation above it; only the commission has none.
    pub parent: Option<String>,
    /// `commission`, `dispatched_group`, `discipline_body`, `group`, `company`, `department`,
    /// `unit`, `district` or `community`.
    pub kind: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// Other names, in Chinese, that a report may use for the same body.
    pub aliases: Vec<String>,
}

/// The named organisations, then the grass-roots units of the bus companies.
pub(super) fn load(units: &[Unit]) -> Result<Vec<Organisation>, DemoError> {
    let file = include_str!("../../demo/organisations.csv");
    let mut organisations = table::read("organisations.csv", file, |row| {
        Ok(Organisation {
            code: row.text("code")?,
            parent: row.optional("parent")?,
            kind: row.text("kind")?,
            zh: row.text("zh")?,
            en: row.text("en")?,
            aliases: row.list("aliases")?,
        })
    })?;
    organisations.extend(units.iter().map(unit));
    Ok(organisations)
}

fn unit(unit: &Unit) -> Organisation {
    Organisation {
        code: unit.code.clone(),
        parent: Some(unit.company.clone()),
        kind: "unit".to_owned(),
        zh: unit.zh.clone(),
        en: unit.en.clone(),
        aliases: Vec::new(),
    }
}
