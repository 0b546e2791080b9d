//! Whether a credential is valid where and when it is shown. The rule is that of the moment, from
//! the timeline; counts and times only, never who showed it. A checker only routes (rules §2.2).

mod timeline;

use serde::Deserialize;
use serde_json::{Value, json};

use super::CalcError;
use super::answer::{Cited, cite, number};
use super::data::load;
use super::input::{Stamp, read};
use super::verdict::day;
use rust_decimal::Decimal;
use timeline::{Anchor, Facts, Period, Timeline};

const DATA: &str = include_str!("../../data/credential-cn-gd.json");
const HOUR_MS: i64 = 3_600_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    at: Option<Stamp>,
    place: Option<String>,
    scope: Option<String>,
    #[serde(default)]
    facts: Facts,
    sampled_at: Option<Stamp>,
    reported_at: Option<Stamp>,
    anchor: Option<Anchor>,
    #[serde(default)]
    same_day_proof: bool,
    code: Option<String>,
    document: Option<Document>,
}

/// A paper that is valid for years, such as a food handler's health certificate.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "type")]
    kind: String,
    issued: String,
    on: String,
}

/// See `docs/CALC.md`, credential.
pub(super) fn answer(json_text: &str) -> Result<Value, CalcError> {
    let question: Question = read(json_text)?;
    let timeline: Timeline = load("credential-cn-gd.json", DATA)?;
    match &question.document {
        Some(document) => judge_document(&timeline, document),
        None => judge_test(&timeline, &question),
    }
}

fn judge_test(timeline: &Timeline, question: &Question) -> Result<Value, CalcError> {
    let at = question.at.ok_or_else(|| CalcError::missing("at"))?;
    let place = question.place.as_deref().ok_or_else(|| CalcError::missing("place"))?;
    let scope = question.scope.as_deref().ok_or_else(|| CalcError::missing("scope"))?;
    timeline.check_words(place, scope)?;
    let code = timeline.outcome_of_code(question.code.as_deref(), at)?;
    let Some(period) = timeline.strictest(place, scope, &question.facts, at) else {
        let result = json!({
            "outcome": "no_rule", "code_outcome": code, "valid_hours": null, "age_hours": null,
            "anchor": null, "valid": null, "valid_until": null,
        });
        let source = "no rule of the timeline is in force at that moment".to_owned();
        let pack = Some(timeline.head.code.clone());
        return cite(&result, Cited { rule: "credential.none".to_owned(), pack, source });
    };
    let anchor = question.anchor.unwrap_or(period.anchor);
    let test = judge_age(question, period, anchor, at)?;
    let proof = period.same_day_proof && question.same_day_proof;
    let by_test = match (&test, period.valid_hours) {
        (_, None) => "allow",
        (Some(test), _) if test.valid => "allow",
        _ if proof => "allow",
        _ => "deny",
    };
    let code_counts = code.filter(|_| period.code_checked);
    let result = json!({
        "outcome": stricter(by_test, code_counts),
        "code_outcome": code,
        "valid_hours": period.valid_hours,
        "age_hours": test.as_ref().map(|test| number(test.age_hours, 2)),
        "anchor": anchor.name(),
        "valid": test.as_ref().map(|test| test.valid),
        "valid_until": test.as_ref().and_then(|test| test.until).map(Stamp::text),
    });
    let rule = format!("credential.{}", period.id);
    let source = match code_counts {
        Some(_) => format!("{}; code {}", period.source, timeline.states_source),
        None => period.source.clone(),
    };
    cite(&result, Cited { rule, pack: Some(timeline.head.code.clone()), source })
}

struct TestAge {
    age_hours: Decimal,
    valid: bool,
    until: Option<Stamp>,
}

/// `None` when no test was shown.
fn judge_age(
    question: &Question,
    period: &Period,
    anchor: Anchor,
    at: Stamp,
) -> Result<Option<TestAge>, CalcError> {
    let (taken, other) = match anchor {
        Anchor::SampledAt => (question.sampled_at, question.reported_at),
        Anchor::ReportedAt => (question.reported_at, question.sampled_at),
    };
    let Some(taken) = taken else {
        // Counting from the other time would make the test older or younger than the rule says.
        return if other.is_some() { Err(CalcError::missing(anchor.name())) } else { Ok(None) };
    };
    let age_ms = at.ms.saturating_sub(taken.ms);
    if age_ms < 0 {
        let en = "it lies after the moment of checking; correct one of the two";
        return Err(CalcError::field(anchor.name(), en, "晚于查验时刻，请更正其一"));
    }
    let width = period.valid_hours.map(|hours| i64::from(hours).saturating_mul(HOUR_MS));
    Ok(Some(TestAge {
        age_hours: Decimal::from(age_ms).checked_div(Decimal::from(HOUR_MS)).unwrap_or_default(),
        valid: width.is_none_or(|width| age_ms <= width),
        until: width.map(|width| Stamp { ms: taken.ms.saturating_add(width), ..taken }),
    }))
}

fn judge_document(timeline: &Timeline, document: &Document) -> Result<Value, CalcError> {
    let rule = timeline.find_document(&document.kind)?;
    let issued = day("document.issued", &document.issued)?;
    let on = day("document.on", &document.on)?;
    let months = chrono::Months::new(rule.valid_years.saturating_mul(12));
    let valid_to = issued.checked_add_months(months).ok_or_else(|| {
        let en = "the date lies too far ahead; correct it";
        CalcError::field("document.issued", en, "日期过远，请更正")
    })?;
    let valid = issued <= on && on <= valid_to;
    let result = json!({
        "outcome": if valid { "allow" } else { "deny" },
        "valid": valid,
        "valid_to": valid_to.to_string(),
    });
    let name = format!("credential.{}", document.kind);
    let pack = Some(timeline.head.code.clone());
    cite(&result, Cited { rule: name, pack, source: rule.source.clone() })
}

fn stricter<'a>(test: &'a str, code: Option<&'a str>) -> &'a str {
    let words = [Some(test), code];
    ["deny", "refer"].into_iter().find(|word| words.contains(&Some(word))).unwrap_or("allow")
}
