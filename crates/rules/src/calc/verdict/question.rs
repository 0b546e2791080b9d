//! What a question about one reading may contain.

use chrono::NaiveDate;
use serde::Deserialize;

use super::day;
use super::which::{PackInput, find_pack, unusable};
use crate::calc::CalcError;
use crate::calc::input::{Number, Sensed};
use crate::{
    Bilingual, Escalation, Limit, LimitValue, Operator, Pack, Plausible, Quantity, Severity, Status,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    key: Option<String>,
    pub(super) on: String,
    pack: Option<PackInput>,
    limit: Option<OwnLimit>,
    unit: Option<String>,
    #[serde(default, deserialize_with = "present")]
    value: Option<Sensed>,
    tally: Option<Tally>,
    count: Option<u64>,
    timed: Option<Timed>,
    date: Option<String>,
    uncertainty: Option<Number>,
    pub(super) instrument: Option<Instrument>,
    #[serde(default)]
    pub(super) setup: Vec<SetupStep>,
}

/// The entry of the instrument register that the reading came from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Instrument {
    /// Maximum permissible error, in the unit of the reading: the default uncertainty.
    mpe: Option<Number>,
    pub(super) calibration_due: Option<String>,
    /// `ok`, `missing` or `failed`.
    pub(super) daily_check: Option<String>,
}

/// A condition under which the reading means something, such as the ambient temperature.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetupStep {
    pub(super) key: String,
    pub(super) value: Number,
    pub(super) unit: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tally {
    passed: u64,
    observed: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Timed {
    count: u64,
    seconds: u64,
    lanes: u64,
}

/// A limit that the question brings along, such as the one on a label.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnLimit {
    operator: Operator,
    value: Option<Number>,
    min: Option<Number>,
    max: Option<Number>,
    severity: Option<Severity>,
    plausible: Option<Plausible>,
    #[serde(default)]
    escalation: Vec<Escalation>,
}

/// What was observed.
pub(super) enum Observed {
    Value { value: Option<Quantity>, unit: String },
    Tally { passed: u64, observed: u64 },
    Count { count: u64, unit: String },
    Timed { count: u64, seconds: u64, lanes: u64, unit: String },
    Date { date: NaiveDate },
}

impl Observed {
    pub(super) fn unit(&self) -> &str {
        match self {
            Self::Value { unit, .. } | Self::Count { unit, .. } | Self::Timed { unit, .. } => unit,
            Self::Tally { .. } => "%",
            Self::Date { .. } => "d",
        }
    }

    pub(super) fn value(&self) -> Option<Quantity> {
        match self {
            Self::Value { value, .. } => *value,
            _ => None,
        }
    }
}

impl Question {
    /// The instrument's permissible error unless an uncertainty is given.
    pub(super) fn uncertainty(&self) -> Option<Quantity> {
        let mpe = self.instrument.as_ref().and_then(|instrument| instrument.mpe);
        self.uncertainty.or(mpe).map(|width| width.0)
    }

    pub(super) fn observed(&self) -> Result<Observed, CalcError> {
        let unit = || self.unit.clone().ok_or_else(|| CalcError::missing("unit"));
        let given = (&self.value, &self.tally, self.count, &self.timed, &self.date);
        Ok(match given {
            (Some(value), None, None, None, None) => {
                Observed::Value { value: value.0, unit: unit()? }
            }
            (None, Some(Tally { passed, observed }), None, None, None) => {
                Observed::Tally { passed: *passed, observed: *observed }
            }
            (None, None, Some(count), None, None) => Observed::Count { count, unit: unit()? },
            (None, None, None, Some(timed), None) => Observed::Timed {
                count: timed.count,
                seconds: timed.seconds,
                lanes: timed.lanes,
                unit: unit()?,
            },
            (None, None, None, None, Some(date)) => Observed::Date { date: day("date", date)? },
            _ => {
                let en = "give exactly one of `value`, `tally`, `count`, `timed`, `date`";
                let zh = "value、tally、count、timed、date 只能给其一";
                return Err(CalcError::field("document", en, zh));
            }
        })
    }

    /// The pack with its hash, the key, and whether the limit came with the question.
    #[allow(clippy::type_complexity, reason = "read in one place")]
    pub(super) fn find_limit(
        &self,
        on: NaiveDate,
    ) -> Result<((Pack, Option<[u8; 32]>), String, bool), CalcError> {
        match (&self.limit, &self.key) {
            (Some(own), None) => {
                let unit = self.unit.clone().ok_or_else(|| CalcError::missing("unit"))?;
                Ok(((own.as_pack(&unit, on)?, None), "given".to_owned(), true))
            }
            (None, Some(key)) => Ok((find_pack(self.pack.as_ref(), key, on)?, key.clone(), false)),
            _ => {
                let en = "give either `key` or `limit`";
                Err(CalcError::field("document", en, "key 与 limit 请给其一"))
            }
        }
    }
}

impl OwnLimit {
    /// A pack of this one limit, checked like any other.
    fn as_pack(&self, unit: &str, on: NaiveDate) -> Result<Pack, CalcError> {
        let both = |text: &str| Bilingual { zh: text.to_owned(), en: text.to_owned() };
        let value = LimitValue {
            value: self.value.map(|value| value.0),
            min: self.min.map(|min| min.0),
            max: self.max.map(|max| max.0),
            unit: unit.to_owned(),
            plausible: self.plausible.clone(),
        };
        let limit = Limit {
            key: "given".to_owned(),
            title: both("given"),
            operator: self.operator,
            values: vec![value],
            severity: self.severity.unwrap_or(Severity::Major),
            escalation: self.escalation.clone(),
            effective_from: on,
            effective_to: Some(on),
            source: "given".to_owned(),
            status: None,
            cites: Vec::new(),
        };
        let pack = Pack {
            code: "given".to_owned(),
            title: both("given"),
            jurisdiction: "given".to_owned(),
            version: "1".to_owned(),
            status: Status::Draft,
            reviewed_by: None,
            limits: vec![limit],
        };
        let bytes = serde_json::to_vec(&pack).map_err(|error| unusable("limit", &error))?;
        Pack::parse(&bytes).map_err(|error| unusable("limit", &error))
    }
}

/// A field that is there but null was looked at: nothing was observed.
fn present<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Sensed>, D::Error> {
    Sensed::deserialize(from).map(Some)
}
