//! The register of instruments, as screens show it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spotcheck_rules::{DailyCheck, Doubt, NaiveDate};
use spotcheck_store::BlobStore;
use ts_rs::TS;

use super::people::person;
use super::{Person, Topic};
use crate::instruments::{Instrument, ice_point, trust_on};
use crate::{AppError, Device, Host, InstrumentDraft, InstrumentKind};

/// What is asked of the register.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub enum InstrumentCall {
    /// All instruments.
    List {},
    /// Adds one, or changes what is known of one.
    Keep {
        /// Which; none: a new one.
        #[serde(default)]
        id: Option<String>,
        /// What is said of it.
        instrument: InstrumentDraft,
    },
    /// What one showed in melting ice today.
    Check {
        /// Which.
        id: String,
        /// As read, decimal text.
        value: String,
        /// In which unit.
        unit: String,
    },
}

impl InstrumentCall {
    /// What it touches when it succeeds.
    pub(super) fn topics(&self) -> Vec<Topic> {
        match self {
            Self::List {} => vec![],
            Self::Keep { .. } | Self::Check { .. } => vec![Topic::Instruments, Topic::Sync],
        }
    }
}

/// An instrument.
#[derive(Debug, Serialize, TS)]
pub struct InstrumentView {
    /// Its record.
    pub id: String,
    /// The number on it.
    pub number: String,
    /// What it is.
    pub kind: InstrumentKind,
    /// Its maximum permissible error by unit, decimal text.
    pub mpe: BTreeMap<String, String>,
    /// The day of its calibration in force.
    pub calibrated: Option<String>,
    /// The last day of that.
    pub due: Option<String>,
    /// How its check of today stands.
    pub check: DailyCheck,
    /// What it must show in melting ice; none where it is not checked so.
    pub ice_point: Option<String>,
    /// What caps the verdicts of its readings today.
    pub doubt: Option<Doubt>,
    /// It is not used any more.
    pub withdrawn: bool,
    /// Who put it on the register.
    pub by: Option<Person>,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(super) fn instrument_call(
        &mut self,
        asked: InstrumentCall,
    ) -> Result<Vec<InstrumentView>, AppError> {
        match asked {
            InstrumentCall::List {} => {}
            InstrumentCall::Keep { id, instrument } => {
                let known = id.map(|id| self.resolve(&id)).transpose()?;
                self.keep_instrument(known, &instrument)?;
            }
            InstrumentCall::Check { id, value, unit } => {
                self.check_instrument(self.resolve(&id)?, &value, &unit)?;
            }
        }
        let today = self.day_here()?;
        let people = self.people()?;
        let all = self.instruments()?;
        let view = |it: &Instrument| {
            let created = it.row.doc.created.as_ref();
            let by = created.map(|cited| person(&people, cited.by));
            view_of(it, by, today, ice_point(&self.library, it.kind, today))
        };
        Ok(all.iter().map(view).collect())
    }
}

fn view_of(
    it: &Instrument,
    by: Option<Person>,
    today: NaiveDate,
    ice_point: Option<String>,
) -> InstrumentView {
    let (calibrated, due) = it.calibration(today).unzip();
    let trust = trust_on(&[it], today);
    InstrumentView {
        id: it.row.record.to_string(),
        number: it.number().to_owned(),
        kind: it.kind,
        mpe: it.mpe().into_iter().map(|(unit, width)| (unit, width.to_string())).collect(),
        calibrated: calibrated.map(|it| it.to_string()),
        due: due.map(|it| it.to_string()),
        check: it.check(today),
        ice_point,
        doubt: trust.and_then(|trust| trust.doubt(today)),
        withdrawn: it.is_withdrawn(),
        by,
    }
}
