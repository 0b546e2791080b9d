//! How long a record must be kept.

use chrono::{Days, Months, NaiveDate};
use serde::Deserialize;
use serde_json::{Value, json};

use super::CalcError;
use super::answer::{Cited, cite};
use super::data::{Head, load};
use super::input::read;
use super::verdict::day;
use crate::{Bilingual, Verdict};

const DATA: &str = include_str!("../../data/retention.json");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    kind: String,
    made: Option<String>,
    shelf_life: Option<ShelfLife>,
    expiry: Option<String>,
    purchased: Option<String>,
    ended: Option<String>,
    recorded: Option<String>,
    kept_to: Option<String>,
    on: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ShelfLife {
    years: u32,
    months: u32,
    days: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    head: Head,
    rules: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    kind: String,
    #[allow(dead_code, reason = "for the hosts that list the kinds")]
    title: Bilingual,
    from: From,
    years: u32,
    months: u32,
    without_expiry: Option<Fallback>,
    source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fallback {
    from: From,
    years: u32,
    months: u32,
}

/// The day from which a period counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum From {
    Expiry,
    Purchased,
    Ended,
    Recorded,
}

impl From {
    fn name(self) -> &'static str {
        match self {
            Self::Expiry => "expiry",
            Self::Purchased => "purchased",
            Self::Ended => "ended",
            Self::Recorded => "recorded",
        }
    }
}

/// See `docs/CALC.md`, retention.
pub(super) fn answer(json_text: &str) -> Result<Value, CalcError> {
    let question: Question = read(json_text)?;
    let data: Data = load("retention.json", DATA)?;
    let kinds: Vec<_> = data.rules.iter().map(|rule| rule.kind.as_str()).collect();
    let rule = data.rules.iter().find(|rule| rule.kind == question.kind);
    let rule = rule.ok_or_else(|| CalcError::unknown_word("kind", &question.kind, &kinds))?;
    let expiry = question.expiry()?;
    let (from, years, months) = match (&rule.without_expiry, expiry) {
        (Some(other), None) => (other.from, other.years, other.months),
        _ => (rule.from, rule.years, rule.months),
    };
    let start = question.start(from, expiry)?;
    let keep_until = add(start, years, months, 0).ok_or_else(|| too_far(from.name()))?;
    let kept_to = question.kept_to.as_deref().map(|text| day("kept_to", text)).transpose()?;
    let on = question.on.as_deref().map(|text| day("on", text)).transpose()?;
    let verdict =
        kept_to.map(|kept| if kept >= keep_until { Verdict::Pass } else { Verdict::Fail });
    let result = json!({
        "keep_until": keep_until.to_string(),
        "expiry": expiry.map(|day| day.to_string()),
        "counted_from": from.name(),
        "start": start.to_string(),
        "years": years,
        "months": months,
        "may_be_discarded": on.map(|on| on > keep_until),
        "verdict": verdict,
    });
    let name = format!("retention.{}", rule.kind);
    cite(&result, Cited { rule: name, pack: Some(data.head.code), source: rule.source.clone() })
}

impl Question {
    /// The last day of the shelf life, given or from the day of production.
    fn expiry(&self) -> Result<Option<NaiveDate>, CalcError> {
        if let Some(expiry) = &self.expiry {
            return day("expiry", expiry).map(Some);
        }
        let Some(life) = &self.shelf_life else { return Ok(None) };
        let made = self.made.as_deref().ok_or_else(|| CalcError::missing("made"))?;
        let expiry = add(day("made", made)?, life.years, life.months, life.days);
        expiry.map(Some).ok_or_else(|| too_far("shelf_life"))
    }

    fn start(&self, from: From, expiry: Option<NaiveDate>) -> Result<NaiveDate, CalcError> {
        let text = match from {
            From::Expiry => return expiry.ok_or_else(|| CalcError::missing("expiry")),
            From::Purchased => &self.purchased,
            From::Ended => &self.ended,
            From::Recorded => &self.recorded,
        };
        let text = text.as_deref().ok_or_else(|| CalcError::missing(from.name()))?;
        day(from.name(), text)
    }
}

/// Whole months end with the month: 31 August and six months is the last of February.
fn add(start: NaiveDate, years: u32, months: u32, days: u32) -> Option<NaiveDate> {
    let months = years.checked_mul(12)?.checked_add(months)?;
    let day = start.checked_add_months(Months::new(months))?;
    day.checked_add_days(Days::new(u64::from(days)))
}

fn too_far(path: &str) -> CalcError {
    CalcError::field(path, "the date lies too far ahead; correct it", "日期过远，请更正")
}
