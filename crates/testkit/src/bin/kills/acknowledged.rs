//! What the device has said it kept.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// Ops and photos that were acknowledged, and every line that was ever given.
#[derive(Debug, Default)]
pub(crate) struct Acknowledged {
    /// Ops of answers and findings.
    pub(crate) ops: BTreeSet<String>,
    /// Photos by hash.
    pub(crate) photos: BTreeSet<String>,
    /// The inspection of each acknowledged line, by the line's mark.
    pub(crate) inspections: BTreeMap<String, String>,
}

impl Acknowledged {
    /// Takes in the answer to a line.
    pub(crate) fn take(&mut self, mark: &str, told: &Value) {
        let answers = told["answers"].as_array().into_iter().flatten();
        let ops = answers.filter_map(|answer| answer["op"].as_str());
        let findings = told["findings"].as_array().into_iter().flatten().filter_map(Value::as_str);
        self.ops.extend(ops.chain(findings).map(str::to_owned));
        let photos = told["photos"].as_array().into_iter().flatten().filter_map(Value::as_str);
        self.photos.extend(photos.map(str::to_owned));
        let inspection = told["inspection"].as_str().unwrap_or_default().to_owned();
        self.inspections.insert(mark.to_owned(), inspection);
    }
}

/// A line with a mark of its own in an answer and in a finding's note, and perhaps a photo.
pub(crate) fn line(mark: &str, photo: Option<&str>) -> String {
    let photos: Vec<&str> = photo.into_iter().collect();
    let finding = json!({"note": mark, "severity": "minor", "photos": photos});
    json!({
        "head": {"checklist": "BUS", "site": "BUS-R03-S03", "day": "2021-06-25"},
        "answers": {"BUS-01": {"text": mark}},
        "findings": [finding],
    })
    .to_string()
}

/// The mark of an inspection, which `inspection list --json` gave.
pub(crate) fn mark_of(inspection: &Value) -> &str {
    inspection["slots"]["BUS-01"][0]["value"]["text"].as_str().unwrap_or_default()
}
