//! Programmes, what occasioned them, and their batches and actions.

use chrono::NaiveDate;
use serde::Serialize;

use super::table::{self, DemoError};

/// An event that programmes and visits are tagged with, so that results can be gathered across them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Occasion {
    /// Its code in the requirements.
    pub code: String,
    /// The short tag people use: `5·21`.
    pub tag: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// The day it began; the time to the first visit counts from here.
    pub began_on: NaiveDate,
}

/// A campaign: a document, the authority behind it and the days it covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Programme {
    /// Its code in the requirements.
    pub code: String,
    /// The occasion it answers.
    pub occasion: Option<String>,
    /// The organisation that issued it.
    pub issuer: String,
    /// The document's title.
    pub zh: String,
    /// The title in English.
    pub en: String,
    /// Who demanded it, in Chinese.
    pub authority_zh: String,
    /// Who demanded it, in English.
    pub authority_en: String,
    /// When they did.
    pub authority_on: NaiveDate,
    /// The requirement that findings cite, in Chinese.
    pub requirement_zh: String,
    /// The requirement in English.
    pub requirement_en: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
}

/// A wave of a programme; places may come up again in a later one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Batch {
    /// Its code.
    pub code: String,
    /// The programme it belongs to.
    pub programme: String,
    /// The body that carries it out.
    pub organisation: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// The day it is held.
    pub held_on: NaiveDate,
    /// The places it visits.
    pub sites: Vec<String>,
}

/// A dated operation; however many visits it takes, it counts once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Action {
    /// Its code.
    pub code: String,
    /// The programme it belongs to.
    pub programme: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// The day it is held.
    pub held_on: NaiveDate,
    /// The teams that take part.
    pub teams: Vec<String>,
    /// The sites it visits.
    pub sites: Vec<String>,
}

pub(super) fn load_occasions() -> Result<Vec<Occasion>, DemoError> {
    table::read("occasions.csv", include_str!("../../demo/occasions.csv"), |row| {
        Ok(Occasion {
            code: row.text("code")?,
            tag: row.text("tag")?,
            zh: row.text("zh")?,
            en: row.text("en")?,
            began_on: row.date("began_on")?,
        })
    })
}

pub(super) fn load() -> Result<Vec<Programme>, DemoError> {
    table::read("programmes.csv", include_str!("../../demo/programmes.csv"), |row| {
        Ok(Programme {
            code: row.text("code")?,
            occasion: row.optional("occasion")?,
            issuer: row.text("issuer")?,
            zh: row.text("zh")?,
            en: row.text("en")?,
            authority_zh: row.text("authority_zh")?,
            authority_en: row.text("authority_en")?,
            authority_on: row.date("authority_on")?,
            requirement_zh: row.text("requirement_zh")?,
            requirement_en: row.text("requirement_en")?,
            starts_on: row.date("starts_on")?,
            ends_on: row.date("ends_on")?,
        })
    })
}

pub(super) fn load_batches() -> Result<Vec<Batch>, DemoError> {
    table::read("batches.csv", include_str!("../../demo/batches.csv"), |row| {
        Ok(Batch {
            code: row.text("code")?,
            programme: row.text("programme")?,
            organisation: row.text("organisation")?,
            zh: row.text("zh")?,
            en: row.text("en")?,
            held_on: row.date("held_on")?,
            sites: row.list("sites")?,
        })
    })
}

pub(super) fn load_actions() -> Result<Vec<Action>, DemoError> {
    table::read("actions.csv", include_str!("../../demo/actions.csv"), |row| {
        Ok(Action {
            code: row.text("code")?,
            programme: row.text("programme")?,
            zh: row.text("zh")?,
            en: row.text("en")?,
            held_on: row.date("held_on")?,
            teams: row.list("teams")?,
            sites: row.list("sites")?,
        })
    })
}
