//! When a result must be public: working days, with the holidays of the year.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Deserialize;
use serde_json::{Value, json};

use super::CalcError;
use super::answer::{Cited, cite};
use super::data::{Head, load};
use super::input::read;
use super::verdict::day;
use crate::Verdict;

const DATA: &str = include_str!("../../data/working-days-cn.json");
/// Two years of working days; a longer deadline is a mistake.
const MOST_DAYS: u32 = 500;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    result: String,
    working_days: Option<u32>,
    published: Option<String>,
    on: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    head: Head,
    source: String,
    publication: Publication,
    years: Vec<Year>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Publication {
    working_days: u32,
    source: String,
    effective_from: NaiveDate,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    year: i32,
    holidays: Vec<Holiday>,
    /// Weekend days that are worked to make up for a holiday.
    working: Vec<NaiveDate>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Holiday {
    from: NaiveDate,
    to: NaiveDate,
}

/// See `docs/CALC.md`, publication.
pub(super) fn answer(json_text: &str) -> Result<Value, CalcError> {
    let question: Question = read(json_text)?;
    let data: Data = load("working-days-cn.json", DATA)?;
    let result = day("result", &question.result)?;
    let days = question.working_days.unwrap_or(data.publication.working_days);
    if days > MOST_DAYS {
        let en = format!("give at most {MOST_DAYS} working days");
        return Err(CalcError::field("working_days", en, format!("最多 {MOST_DAYS} 个工作日")));
    }
    let (due, unknown_years) = add_working_days(&data, result, days).ok_or_else(|| {
        CalcError::field("result", "the date lies too far ahead; correct it", "日期过远，请更正")
    })?;
    let published = question.published.as_deref().map(|text| day("published", text)).transpose()?;
    let on = question.on.as_deref().map(|text| day("on", text)).transpose()?;
    let verdict = match (published, on) {
        (Some(published), _) if published <= due => "pass",
        (Some(_), _) => "fail",
        (None, Some(on)) if on > due => "fail",
        (None, _) => "in_progress",
    };
    // Without the table of a year its weekends are all we know: due may be later, never earlier
    // than a made-up working Saturday allows.
    let verdict = match verdict {
        "pass" if !unknown_years.is_empty() => Verdict::ConditionalPass.as_str(),
        "fail" if !unknown_years.is_empty() => Verdict::ConditionalFail.as_str(),
        other => other,
    };
    let answer = json!({
        "due": due.to_string(),
        "working_days": days,
        "verdict": verdict,
        "calendar_complete": unknown_years.is_empty(),
        "years_without_calendar": unknown_years,
        "in_force": result >= data.publication.effective_from,
    });
    let source = format!("{}; calendar {}", data.publication.source, data.source);
    let rule = "publication.working_days".to_owned();
    cite(&answer, Cited { rule, pack: Some(data.head.code), source })
}

/// The n-th working day after `start`, and the years on the way whose holidays are not known.
fn add_working_days(data: &Data, start: NaiveDate, days: u32) -> Option<(NaiveDate, Vec<i32>)> {
    let (mut at, mut left, mut unknown) = (start, days, Vec::new());
    while left > 0 {
        at = at.checked_add_days(Days::new(1))?;
        let year = data.years.iter().find(|year| year.year == at.year());
        if year.is_none() && unknown.last() != Some(&at.year()) {
            unknown.push(at.year());
        }
        left -= u32::from(is_working(year, at));
    }
    Some((at, unknown))
}

fn is_working(year: Option<&Year>, at: NaiveDate) -> bool {
    let weekend = matches!(at.weekday(), Weekday::Sat | Weekday::Sun);
    let Some(year) = year else { return !weekend };
    let holiday = year.holidays.iter().any(|holiday| holiday.from <= at && at <= holiday.to);
    !holiday && (!weekend || year.working.contains(&at))
}
