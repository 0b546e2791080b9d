//! The cells of one row.

use std::collections::BTreeMap;

use crate::form::kind::Kind;
use crate::form::question::Default as Answer;
use crate::form::spelling::implied_constraint;
use crate::form::table::Record;
use crate::form::{Additions, Media, Question, Text, additions, appearance, parameters};
use crate::problem::{Code, Place, Problem};
use crate::problems::Problems;

/// Columns with a field of their own. `additions::SURVEY` are such too.
const FIELDS: &[&str] = &[
    "type",
    "name",
    "label",
    "hint",
    "guidance_hint",
    "image",
    "big-image",
    "audio",
    "video",
    "appearance",
    "parameters",
    "required",
    "required_message",
    "relevant",
    "constraint",
    "constraint_message",
    "calculation",
    "readonly",
    "default",
    "trigger",
    "choice_filter",
    "repeat_count",
    "disabled",
];

pub(super) fn read(
    record: &Record,
    kind: Kind,
    name: String,
    parent: Option<usize>,
    problems: &mut Problems,
) -> Question {
    let place = record.place();
    let expression = |column: &str| record.get(column).map(converted);
    let default = record.get("default").map(|cell| default(cell, &kind));
    let is_computed = matches!(default, Some(Answer::Computed(_)));
    if kind == Kind::Calculate && record.get("calculation").is_none() && !is_computed {
        let said = ("calculate 没有 calculation", "it has nothing to calculate");
        let remedy = ("填写 calculation", "fill in calculation");
        let place = place.at("calculation");
        problems.push(Problem::error(Code::MissingCell, place, said, remedy));
    }
    if kind == Kind::Audit && name != "audit" {
        let said = ("audit 的名称只能是 audit", "an audit can only be called audit");
        let remedy = ("把 name 留空", "leave its name empty");
        problems.push(Problem::error(Code::BadName, place.at("name"), said, remedy));
    }
    let parameters = record.get("parameters").map_or_else(BTreeMap::new, |cell| {
        parameters::read(cell, &kind, &record.place_of("parameters"), problems)
    });
    let appearance = record.get("appearance").map_or_else(Vec::new, |cell| {
        appearance::read(cell, &record.place_of("appearance"), problems)
    });
    let fields = [FIELDS, additions::SURVEY].concat();
    Question {
        label: record.text("label"),
        hint: record.text("hint"),
        guidance: record.text("guidance_hint"),
        media: Media::read(record),
        appearance,
        parameters,
        required: expression("required"),
        required_message: record.text("required_message"),
        relevant: expression("relevant"),
        constraint: expression("constraint").or_else(|| {
            let implied = implied_constraint(record.get("type").unwrap_or_default());
            implied.map(str::to_owned)
        }),
        constraint_message: record.text("constraint_message"),
        calculation: expression("calculation"),
        read_only: expression("readonly"),
        default,
        triggers: triggers(record, problems),
        choice_filter: record.get("choice_filter").map(straight),
        repeat_count: record.get("repeat_count").map(straight),
        additions: Additions::read(record, problems),
        others: record.others(&fields),
        ..empty(kind, name, parent, place)
    }
}

pub(super) fn empty(kind: Kind, name: String, parent: Option<usize>, place: Place) -> Question {
    Question {
        name,
        kind,
        parent,
        label: Text::default(),
        hint: Text::default(),
        guidance: Text::default(),
        media: Media::default(),
        appearance: Vec::new(),
        parameters: BTreeMap::new(),
        required: None,
        required_message: Text::default(),
        relevant: None,
        constraint: None,
        constraint_message: Text::default(),
        calculation: None,
        read_only: None,
        default: None,
        triggers: Vec::new(),
        choice_filter: None,
        repeat_count: None,
        or_other: false,
        is_made: false,
        additions: Additions::default(),
        others: BTreeMap::new(),
        place,
        id: None,
    }
}

/// `yes` and the like as expressions. Spreadsheet programs write them as `TRUE`.
fn converted(cell: &str) -> String {
    match cell.to_lowercase().as_str() {
        "yes" | "true" => "true()".to_owned(),
        "no" | "false" => "false()".to_owned(),
        _ => straight(cell),
    }
}

/// Word processors turn quotes; no expression has turned ones.
fn straight(cell: &str) -> String {
    cell.replace(['\u{2018}', '\u{2019}'], "'").replace(['\u{201c}', '\u{201d}'], "\"")
}

/// A default is computed if it refers to something or calls something; `2020-01-01` does not.
fn default(cell: &str, kind: &Kind) -> Answer {
    use spotcheck_checklists::expression::{Kind as Expression, parse};
    let text = straight(cell);
    let is_file = matches!(kind, Kind::Image | Kind::Audio | Kind::Video | Kind::File);
    let calls = || {
        parse(&text).is_ok_and(|expr| match expr.kind {
            Expression::Call { .. } => true,
            Expression::Chain { .. } => text.contains('('),
            _ => false,
        })
    };
    if text.contains("${") || (!is_file && calls()) {
        Answer::Computed(text)
    } else {
        Answer::Fixed(cell.to_owned())
    }
}

fn triggers(record: &Record, problems: &mut Problems) -> Vec<String> {
    let Some(cell) = record.get("trigger") else { return Vec::new() };
    let mut names = Vec::new();
    for part in cell.split(',').map(str::trim) {
        match part.strip_prefix("${").and_then(|part| part.strip_suffix('}')) {
            Some(name) => names.push(name.trim().to_owned()),
            None => {
                let said = ("trigger 应为 ${名称}", "a trigger is written ${name}");
                let remedy = ("写作 ${名称}，以逗号分隔", "write ${name}, separated by commas");
                let place = record.place_of("trigger");
                problems.push(Problem::error(Code::BadValue, place, said, remedy));
            }
        }
    }
    names
}
