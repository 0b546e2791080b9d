//! One limit: what passes, how severe a failure is, when and where it holds, and who says so.

use std::{cmp::Ordering, fmt};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Bilingual, Quantity, Status, date};
use ts_rs::TS;

/// How grave a failure is. Ordered: minor < major < critical.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// 一般项.
    Minor,
    /// Between the two.
    Major,
    /// 重点项.
    Critical,
}

/// The condition under which a reading *passes*. It belongs to the rule, because sources disagree
/// on "37.3 and above" versus "above 37.3" (rules §1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operator {
    /// Above the value.
    #[serde(rename = ">")]
    Above,
    /// At or above the value.
    #[serde(rename = ">=")]
    AtLeast,
    /// Below the value.
    #[serde(rename = "<")]
    Below,
    /// At or below the value.
    #[serde(rename = "<=")]
    AtMost,
    /// Equal to the value, as numbers: 0 and 0.0 are equal.
    #[serde(rename = "==")]
    Equal,
    /// From `min` to `max`, both included.
    #[serde(rename = "between")]
    Between,
}

impl Operator {
    /// Whether a reading that compares so with the value satisfies a one-sided operator.
    /// `Between` has two values and is never satisfied by one comparison.
    pub(crate) fn holds(self, reading_to_value: Ordering) -> bool {
        match self {
            Self::Above => reading_to_value.is_gt(),
            Self::AtLeast => reading_to_value.is_ge(),
            Self::Below => reading_to_value.is_lt(),
            Self::AtMost => reading_to_value.is_le(),
            Self::Equal => reading_to_value.is_eq(),
            Self::Between => false,
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Equal => "==",
            Self::Between => "between",
        })
    }
}

/// The range outside which a reading says more about the instrument than about what it measured.
/// Both ends are plausible. In the unit of the [`LimitValue`] that holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plausible {
    /// The lowest plausible reading.
    pub min: Quantity,
    /// The highest plausible reading.
    pub max: Quantity,
}

/// The limit in one unit in which an instrument may be read. Never converted into another: Food
/// Code limits in °C and °F are not exact conversions, so each unit has its own entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitValue {
    /// What the reading is compared with; absent for `between`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Quantity>,
    /// The lowest passing reading; only for `between`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Quantity>,
    /// The highest passing reading; only for `between`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Quantity>,
    /// The unit as shown on the instrument, for example `°C`.
    pub unit: String,
    /// Readings outside are invalid, not failing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plausible: Option<Plausible>,
}

/// A failing reading that also satisfies this is graver: `> -15.0 °C` makes a warm freezer critical.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// One-sided; here it states when the escalation applies, not what passes.
    pub operator: Operator,
    /// What the reading is compared with.
    pub value: Quantity,
    /// The unit this comparison is made in.
    pub unit: String,
    /// The severity from here on.
    pub severity: Severity,
}

/// A place where a limit was read, for people who look it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cite {
    /// The key of a source in `data/sources.json`, such as `C2`.
    pub source: String,
    /// The law, standard or page, such as `GB/T 24616-2019`.
    pub document: String,
    /// Where in it; absent where the document was read only in excerpts or reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
}

/// A limit, dated and sourced. A finding keeps the pack that was in force and is never re-judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// What checklists refer to, such as `cold.frozen_room`. Several limits may share a key if
    /// their dates do not overlap.
    pub key: String,
    /// What people read.
    pub title: Bilingual,
    /// The condition to pass.
    pub operator: Operator,
    /// One entry per unit.
    pub values: Vec<LimitValue>,
    /// How grave a failure is.
    pub severity: Severity,
    /// When a failure is graver than that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub escalation: Vec<Escalation>,
    /// The first day in force.
    #[serde(deserialize_with = "date::required")]
    pub effective_from: NaiveDate,
    /// The last day in force; null while no end is known.
    #[serde(deserialize_with = "date::optional")]
    pub effective_to: Option<NaiveDate>,
    /// The source key of the rules document and where in it, or `House` for our own default.
    pub source: String,
    /// Whether an expert has looked at this limit; absent: what the pack says of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The same source in parts; empty in packs published before there were parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cites: Vec<Cite>,
}

impl Limit {
    /// Whether the limit is in force on that day, both ends included.
    #[must_use]
    pub fn is_in_force(&self, on: NaiveDate) -> bool {
        self.effective_from <= on && self.effective_to.is_none_or(|last| on <= last)
    }

    /// The entry for a unit, compared letter by letter.
    #[must_use]
    pub fn find_value(&self, unit: &str) -> Option<&LimitValue> {
        self.values.iter().find(|value| value.unit == unit)
    }

    /// The units a reading may be given in, in the order of the pack.
    #[must_use]
    pub fn list_units(&self) -> Vec<&str> {
        self.values.iter().map(|value| value.unit.as_str()).collect()
    }

    /// The limit as people read it: `<= -18.0 °C`, or `between 16.0 and 35.0 °C`.
    #[must_use]
    pub fn describe(&self, value: &LimitValue) -> String {
        let unit = &value.unit;
        match (&value.value, &value.min, &value.max) {
            (_, Some(min), Some(max)) => format!("between {min} and {max} {unit}"),
            (Some(limit), ..) => format!("{} {limit} {unit}", self.operator),
            _ => format!("{} ? {unit}", self.operator),
        }
    }
}
