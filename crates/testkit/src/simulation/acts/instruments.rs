//! The register of instruments: something is added, known better, or checked in ice.

use serde_json::{Value, json};
use spotcheck_app::AppError;

use super::{call, unless_refused};
use crate::world::World;

pub(in crate::simulation) fn instrument(world: &mut World, index: usize) -> Result<(), AppError> {
    let known = world.devices[index].peek().store().list_records("instrument", None, 20)?;
    let dice = world.dice.clone();
    let kind = *dice.pick(&["probe", "digital_probe", "infrared"]);
    let said = |number: &str| -> Value {
        json!({ "number": number, "kind": kind, "mpe": { "°C": *dice.pick(&["0.5", "1.0"]) },
            "calibrated": "2021-01-04", "due": *dice.pick(&["2021-06-01", "2021-12-31"]),
            "withdrawn": dice.one_in(8) })
    };
    let asked = match dice.below(3) {
        1 if !known.is_empty() => {
            let row = dice.pick(&known);
            let number = row.doc.agreed("number").and_then(|it| it.as_text()).unwrap_or("TP-0");
            json!({ "ask": "keep", "id": row.record.to_string(), "instrument": said(number) })
        }
        2 if !known.is_empty() => {
            let id = dice.pick(&known).record.to_string();
            let value = *dice.pick(&["0.2", "2.0"]);
            json!({ "ask": "check", "id": id, "value": value, "unit": "°C" })
        }
        // Two devices without a network may well give one number twice.
        _ => {
            let number = format!("TP-{}", dice.below(4));
            json!({ "ask": "keep", "id": null, "instrument": said(&number) })
        }
    };
    unless_refused(call(world, index, &json!({ "call": "instruments", "asked": asked })))
}
