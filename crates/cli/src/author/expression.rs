//! `expr eval`: an expression and its value, with answers to the questions it names.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Local;
use serde_json::{Value, json};
use spotcheck_app::AppError;
use spotcheck_checklists::expression::{
    ExpressionError, Filled, Host, Logic, Moment, Outline, Shape, compile,
};

use crate::failure::Failure;
use crate::out::Out;

pub(super) fn eval(text: &str, answers: Option<&str>, out: &mut Out) -> Result<(), Failure> {
    let answers: BTreeMap<String, Value> = match answers {
        Some(answers) => serde_json::from_str(answers).map_err(|error| {
            AppError::invalid("answers", format!("{error}; write {{\"question\":\"answer\"}}"))
        })?,
        None => BTreeMap::new(),
    };
    let mut form = Outline::new("data").map_err(|error| AppError::invalid("answers", error))?;
    let mut questions = vec![];
    for (name, answer) in answers {
        let declared = form.declare(Outline::TOP, &name, Shape::Question);
        let declared = declared.map_err(|error| AppError::invalid("answers", error))?;
        let answer = answer.as_str().map_or_else(|| answer.to_string(), str::to_owned);
        questions.push((declared, answer));
    }
    let form = Arc::new(form);
    let now = Local::now();
    let moment = Moment {
        millis: now.timestamp_millis(),
        offset_minutes: now.offset().local_minus_utc() / 60,
    };
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&moment.millis.to_le_bytes());
    let mut filled = Filled::new(Arc::clone(&form), Host::new(moment, seed));
    let logic = Logic::new(Arc::clone(&form), &[])
        .map_err(|_| Failure::Damaged("a form without rules was refused".to_owned()))?;
    for (name, answer) in questions {
        if let Some(node) = filled.all(name).first().copied() {
            logic.answer(&mut filled, node, answer);
        }
    }
    let value = compile(text, &*form).and_then(|it| it.evaluate_text(&filled, Filled::TOP));
    let value = value.map_err(|error| AppError::invalid("expression", in_words(&error)))?;
    if out.json {
        out.json(&json!({"value": value}));
    } else {
        out.line(value);
    }
    Ok(())
}

fn in_words(error: &ExpressionError) -> String {
    let (message, remedy) = (&error.message, &error.remedy);
    let place = format!("line {}, column {}", error.line, error.column);
    format!("{place}: {}; {} ({}；{})", message.en, remedy.en, message.zh, remedy.zh)
}
