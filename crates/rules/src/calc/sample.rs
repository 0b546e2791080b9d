//! How many to look at: ISO 2859-1 single sampling, and discovery sampling for a one-off.

mod discovery;
mod plan;

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use serde::Deserialize;
use serde_json::{Value, json};

use super::CalcError;
use super::answer::{Cited, cite, number};
use super::data::load;
use super::input::{Number, read};
use plan::{Plan, Table};

const DATA: &str = include_str!("../../data/iso-2859-1.json");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    method: Option<String>,
    lot_size: u32,
    level: Option<String>,
    aql: Option<Number>,
    inspection: Option<String>,
    percent_defective: Option<Vec<Number>>,
    defectives: Option<u32>,
    confidence: Option<Number>,
}

/// See `docs/CALC.md`, sample.
pub(super) fn answer(json_text: &str) -> Result<Value, CalcError> {
    let question: Question = read(json_text)?;
    if question.lot_size == 0 {
        let en = "the lot is empty; give how many there are";
        return Err(CalcError::field("lot_size", en, "批量为 0，请填写总数"));
    }
    match question.method.as_deref().unwrap_or("iso_2859_1") {
        "iso_2859_1" => iso_2859_1(&question),
        "discovery" => discover(&question),
        other => Err(CalcError::unknown_word("method", other, &["iso_2859_1", "discovery"])),
    }
}

fn iso_2859_1(question: &Question) -> Result<Value, CalcError> {
    let table: Table = load("iso-2859-1.json", DATA)?;
    let level = question.level.as_deref().unwrap_or("II");
    let letter = table.letter(question.lot_size, level)?;
    let inspection = question.inspection.as_deref().unwrap_or("normal");
    let plan = match question.aql {
        Some(aql) => Some(table.plan(letter, aql.0, inspection)?),
        None => None,
    };
    let size = plan.as_ref().map_or_else(|| table.size(letter), |plan| plan.size);
    let full = size >= question.lot_size;
    let chances = match (&question.percent_defective, &plan) {
        (None, _) => None,
        (Some(percents), Some(plan)) => Some(acceptance(percents, plan)?),
        (Some(_), None) => return Err(CalcError::missing("aql")),
    };
    let result = json!({
        "method": "iso_2859_1",
        "lot_size": question.lot_size,
        "level": level,
        "inspection": inspection,
        "code_letter": letter.to_string(),
        "plan_letter": plan.as_ref().map(|plan| plan.letter.to_string()),
        "arrow": plan.as_ref().and_then(|plan| plan.arrow),
        "sample_size": size.min(question.lot_size),
        "full_inspection": full,
        "accept": plan.as_ref().map(|plan| plan.accept),
        "reject": plan.as_ref().map(|plan| plan.accept + 1),
        "acceptance_probability": chances,
    });
    let cited = Cited {
        rule: format!("sample.iso_2859_1.{inspection}"),
        pack: Some(table.head.code.clone()),
        source: table.source.clone(),
    };
    cite(&result, cited)
}

/// The chance that a lot of that quality is accepted, by the binomial law.
fn acceptance(percents: &[Number], plan: &Plan) -> Result<Vec<Value>, CalcError> {
    let mut chances = Vec::new();
    for (index, percent) in percents.iter().enumerate() {
        let share = percent.0.decimal().to_f64().unwrap_or(-1.0) / 100.0;
        if !(0.0..=1.0).contains(&share) {
            let path = format!("percent_defective[{index}]");
            let en = "give 0 to 100 percent";
            return Err(CalcError::field(path, en, "应为 0–100 %"));
        }
        let chance = plan::binomial_at_most(plan.size, plan.accept, share);
        let chance = Decimal::from_f64(chance).unwrap_or_default();
        chances.push(json!({"percent": percent.0.to_string(), "p_accept": number(chance, 4)}));
    }
    Ok(chances)
}

fn discover(question: &Question) -> Result<Value, CalcError> {
    let defectives = question.defectives.ok_or_else(|| CalcError::missing("defectives"))?;
    if !(1..=question.lot_size).contains(&defectives) {
        let en = "give 1 to the size of the lot";
        return Err(CalcError::field("defectives", en, "应为 1 至批量"));
    }
    let confidence = question.confidence.map_or(Decimal::new(95, 2), |given| given.0.decimal());
    if confidence <= Decimal::ZERO || confidence >= Decimal::ONE {
        let en = "give a share between 0 and 1, such as 0.95";
        return Err(CalcError::field("confidence", en, "应在 0 与 1 之间，如 0.95"));
    }
    let miss = 1.0 - confidence.to_f64().unwrap_or(0.95);
    let size = discovery::sample_size(question.lot_size, defectives, miss);
    let sees = 1.0 - discovery::miss_chance(question.lot_size, defectives, size);
    let result = json!({
        "method": "discovery",
        "lot_size": question.lot_size,
        "defectives": defectives,
        "confidence": confidence.to_string(),
        "sample_size": size,
        "full_inspection": size == question.lot_size,
        "p_at_least_one": number(Decimal::from_f64(sees).unwrap_or_default(), 4),
    });
    let source = "M6 GK: hypergeometric, finite lot".to_owned();
    cite(&result, Cited { rule: "sample.discovery".to_owned(), pack: None, source })
}
