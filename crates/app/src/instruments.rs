//! The register of instruments: what each can be trusted with on a day.
//!
//! An instrument is a record of its team. People know it by its number, so two records of one number are one
//! instrument, and where they differ the more cautious word counts. What was known of it goes into the op of
//! each reading, beside the answer: later news judges later readings.

mod kept;
mod known;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spotcheck_domain::op::{OpData, kind};
use spotcheck_domain::{RecordId, ScopeId, SlotPath, Value};
use spotcheck_rules::{Judgement, NaiveDate, Pack, Quantity, judge, parse_date};
use spotcheck_store::{BlobStore, Draft};
use ts_rs::TS;

use crate::inspection::{as_value, slot_path};
use crate::{AppError, Device, Host};
pub(crate) use kept::{trust_in, trust_of, trust_path};
pub(crate) use known::{Instrument, trust_on};

/// More instruments than any team has.
const MOST: usize = 2_000;
/// The pack that says what a probe must show in melting ice.
const PACK: &str = "cn-catering";
const LONGEST_NUMBER: usize = 60;

/// What an instrument is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InstrumentKind {
    /// A thermometer that is put into things, with hands or a column.
    Probe,
    /// The same with digits.
    DigitalProbe,
    /// A thermometer that is pointed at things or foreheads.
    Infrared,
    /// What records by itself.
    Logger,
    /// Anything else that is read.
    Other,
}

impl InstrumentKind {
    /// The limit of its daily check in melting ice; none for what cannot be put into it.
    pub(crate) fn check_key(self) -> Option<&'static str> {
        match self {
            Self::Probe => Some("instrument.ice_point"),
            Self::DigitalProbe => Some("instrument.ice_point_digital"),
            Self::Infrared | Self::Logger | Self::Other => None,
        }
    }
}

/// What is said of an instrument. Of one that is known already, what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct InstrumentDraft {
    /// The number on it, at most 60 characters.
    pub number: String,
    /// What it is.
    pub kind: InstrumentKind,
    /// Its maximum permissible error by unit, decimal text; empty: unknown.
    #[serde(default)]
    pub mpe: BTreeMap<String, String>,
    /// The day of its last calibration, `YYYY-MM-DD`.
    #[serde(default)]
    pub calibrated: Option<String>,
    /// The last day for which that holds.
    #[serde(default)]
    pub due: Option<String>,
    /// It is not used any more. Said each time: absent, it is in use.
    #[serde(default)]
    pub withdrawn: bool,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// All instruments of this device, the latest added first.
    pub(crate) fn instruments(&self) -> Result<Vec<Instrument>, AppError> {
        let rows = self.store.list_records("instrument", None, MOST)?;
        Ok(rows.into_iter().map(Instrument::of).collect())
    }

    /// Answers with what is known of the instruments that they name, on the day of the check.
    pub(crate) fn with_instruments(
        &self,
        answers: &BTreeMap<SlotPath, Value>,
        (on, scope): (NaiveDate, ScopeId),
    ) -> Result<BTreeMap<SlotPath, Value>, AppError> {
        let mut whole = answers.clone();
        let mut known: Option<Vec<Instrument>> = None;
        let own = self.identity()?.home_scope;
        for (path, answer) in answers {
            let Value::Map(fields) = answer else { continue };
            let Some(number) = fields.get("instrument").and_then(Value::as_text) else { continue };
            let all = match known.take() {
                Some(all) => all,
                None => self.instruments()?,
            };
            let mut same = vec![];
            for it in all.iter().filter(|it| it.bears(number)) {
                // Another team may have one of this number.
                let home = self.store.home_scope(it.row.record)?;
                if home == Some(scope) || home == Some(own) {
                    same.push(it);
                }
            }
            // A number may have been given to another after one was put away.
            if same.iter().any(|it| !it.is_withdrawn()) {
                same.retain(|it| !it.is_withdrawn());
            }
            let kept = trust_path(path)?;
            // What was known on the day of the reading stands already.
            if let Some(trust) = trust_on(&same, on).filter(|_| !answers.contains_key(&kept)) {
                whole.insert(kept, as_value(&trust, "instrument")?);
            }
            known = Some(all);
        }
        Ok(whole)
    }

    /// Adds an instrument, or says what has changed of one. Only what differs is recorded.
    ///
    /// # Errors
    /// When a number, an error or a date is none, or somebody registered the number already.
    pub fn keep_instrument(
        &mut self,
        known: Option<RecordId>,
        draft: &InstrumentDraft,
    ) -> Result<RecordId, AppError> {
        let mut set = slots_of(draft)?;
        let scope = match known {
            Some(record) => self.scope_of(record)?,
            None => self.scope_to_begin_in(None)?,
        };
        for it in self.instruments()? {
            let other = known != Some(it.row.record) && !it.is_withdrawn() && !draft.withdrawn;
            let here = self.store.home_scope(it.row.record)? == Some(scope);
            if other && here && it.bears(&draft.number) {
                let remedy = "this number is registered already: change that one";
                return Err(AppError::invalid("number", remedy));
            }
        }
        let Some(record) = known else {
            set.retain(|path, value| path.as_str() != "withdrawn" || *value != Value::Bool(false));
            let data = OpData { set, ..OpData::default() };
            let draft =
                Draft { record: None, scope, kind: kind::INSTRUMENT_ADDED.to_owned(), data };
            let (at, seed) = (self.now()?, self.fresh());
            return Ok(self.store.record(&draft, at, seed)?.record());
        };
        let before = self.instrument(record)?;
        if let Some(made) = draft.calibrated.as_deref().and_then(|it| parse_date(it).ok()) {
            // A day that was written too late is put right by an earlier one.
            for later in before.calibrations().filter(|(day, _)| *day > made) {
                set.insert(slot_path(&format!("calibration/{}/due", later.0))?, "".into());
            }
        }
        let doc = before.row.doc;
        set.retain(|path, value| match doc.slots.get(path) {
            Some(_) => doc.agreed(path.as_str()) != Some(value),
            None => *value != Value::Bool(false),
        });
        if !set.is_empty() {
            let replaces = self.current_ops(record, set.keys())?;
            let data = OpData { set, replaces, ..OpData::default() };
            self.record_on(record, kind::INSTRUMENT_CHANGED, data)?;
        }
        Ok(record)
    }

    /// Records what an instrument showed in melting ice today, and judges it.
    ///
    /// # Errors
    /// When it is no instrument of this device, of a kind that is not checked so, or the reading is none.
    pub fn check_instrument(
        &mut self,
        record: RecordId,
        value: &str,
        unit: &str,
    ) -> Result<Judgement, AppError> {
        let instrument = self.instrument(record)?;
        let key = instrument.kind.check_key().ok_or_else(|| {
            AppError::invalid("instrument", "only probes are checked in melting ice")
        })?;
        let on = self.day_here()?;
        let (hash, pack) = self.library.pack(PACK)?;
        let judged = judge(pack, key, since(pack, key, on), value, unit);
        let judged = judged.map_err(|e| AppError::invalid("value", e))?;
        let said = serde_json::json!({ "value": value, "unit": unit, "verdict": judged.verdict,
            "rule": judged.rule, "limit": judged.limit, "pack_sha256": hash.to_string() });
        let path = slot_path(&format!("check/{on}/ice_point"))?;
        let data = OpData {
            replaces: self.current_ops(record, std::iter::once(&path))?,
            set: BTreeMap::from([(path, as_value(&said, "check")?)]),
            ..OpData::default()
        };
        self.record_on(record, kind::INSTRUMENT_CHECKED, data)?;
        Ok(judged)
    }

    pub(crate) fn instrument(&self, record: RecordId) -> Result<Instrument, AppError> {
        let row = self.store.find_record(record)?.filter(|row| row.doc.kind == "instrument");
        let missing = || AppError::NotFound(format!("no instrument {record} on this device"));
        row.map(Instrument::of).ok_or_else(missing)
    }
}

/// What a kind must show in melting ice, as people read it.
pub(crate) fn ice_point(
    library: &crate::Library,
    kind: InstrumentKind,
    on: NaiveDate,
) -> Option<String> {
    let (key, (_, pack)) = (kind.check_key()?, library.pack(PACK).ok()?);
    let limit = pack.find_limit(key, since(pack, key, on))?;
    limit.values.first().map(|value| limit.describe(value))
}

/// The day itself, or the first of the limit: physics, and the guidance on it, did not begin with the pack.
fn since(pack: &Pack, key: &str, on: NaiveDate) -> NaiveDate {
    let periods = pack.limits.iter().filter(|limit| limit.key == key);
    periods.map(|limit| limit.effective_from).min().map_or(on, |first| first.max(on))
}

fn slots_of(draft: &InstrumentDraft) -> Result<BTreeMap<SlotPath, Value>, AppError> {
    let number = draft.number.trim();
    if number.is_empty() || number.chars().count() > LONGEST_NUMBER {
        let remedy = format!("give the number on it, at most {LONGEST_NUMBER} characters");
        return Err(AppError::invalid("number", remedy));
    }
    let mut set = BTreeMap::from([
        (slot_path("number")?, number.into()),
        (slot_path("kind")?, as_value(&draft.kind, "kind")?),
        (slot_path("withdrawn")?, draft.withdrawn.into()),
    ]);
    for (unit, width) in &draft.mpe {
        let field = format!("mpe.{unit}");
        Quantity::parse(width).map_err(|e| AppError::invalid(&field, e))?;
        if width.starts_with('-') || unit.trim().is_empty() {
            let remedy = "give the width of the error without a sign, and its unit";
            return Err(AppError::invalid(&field, remedy));
        }
    }
    if !draft.mpe.is_empty() {
        set.insert(slot_path("mpe")?, as_value(&draft.mpe, "mpe")?);
    }
    match (draft.calibrated.as_deref(), draft.due.as_deref()) {
        (None, None) => {}
        (Some(made), Some(due)) => {
            let day = |field, it| parse_date(it).map_err(|e| AppError::invalid(field, e));
            let (from, until) = (day("calibrated", made)?, day("due", due)?);
            if until < from {
                let remedy = "the last day lies before the calibration; give a later one";
                return Err(AppError::invalid("due", remedy));
            }
            set.insert(slot_path(&format!("calibration/{from}/due"))?, until.to_string().into());
        }
        _ => {
            let remedy = "give both the day of calibration and the last day it holds, or neither";
            return Err(AppError::invalid("due", remedy));
        }
    }
    Ok(set)
}
