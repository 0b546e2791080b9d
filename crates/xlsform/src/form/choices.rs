//! The sheet `choices`: lists of what can be chosen.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use spotcheck_rules::Verdict;

use super::heading::Of;
use super::table::{Record, Table};
use super::text::Text;
use super::{Media, additions};
use crate::Workbook;
use crate::problem::{Code, Place, Problem, shortened};
use crate::problems::Problems;

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What an answer stores.
    pub name: String,
    /// What people read.
    pub label: Text,
    /// Pictures and sounds beside it, by kind.
    pub media: Media,
    /// All other cells, for filters, by heading.
    pub others: BTreeMap<String, String>,
    /// `spotcheck::verdict`: what choosing it means.
    pub verdict: Option<Verdict>,
    /// Where it is.
    pub place: Place,
}

/// Choices by the name of their list, in the order of the sheet.
pub type Lists = BTreeMap<String, Vec<Choice>>;

const FIELDS: &[&str] =
    &["list_name", "name", "label", "image", "big-image", "audio", "video", "spotcheck::verdict"];

pub(super) fn read(workbook: &Workbook, duplicates: bool, problems: &mut Problems) -> Lists {
    let mut lists = Lists::new();
    let Some(sheet) = workbook.find_sheet("choices") else { return lists };
    let table = Table::read(sheet, Of::Choices, problems);
    let filled = table.records().next().is_some();
    for column in ["list_name", "name"] {
        if filled && !table.has(column) {
            let said = (
                &*format!("choices 表缺少 {column} 列"),
                &*format!("the sheet choices has no column {column}"),
            );
            let remedy = ("补上这一列", "add the column");
            let place = Place::sheet(&sheet.name).at(column);
            problems.push(Problem::error(Code::MissingColumn, place, said, remedy));
            return lists;
        }
    }
    let mut seen = BTreeSet::new();
    for record in table.records() {
        let Some((list, choice)) = choice(&record, problems) else { continue };
        let is_new = seen.insert((list.clone(), choice.name.clone()));
        if !is_new && !duplicates {
            problems.push(duplicate(&record, &choice.name));
        }
        lists.entry(list).or_default().push(choice);
    }
    lists
}

fn choice(record: &Record, problems: &mut Problems) -> Option<(String, Choice)> {
    let (list, name) = (record.get("list_name"), record.get("name"));
    let Some(list) = list else {
        // Notes between lists are common.
        let said = ("没有 list_name，跳过此行", "it has no list_name and is passed over");
        let remedy = ("填写 list_name，或删去此行", "fill in list_name, or remove the row");
        problems.push(Problem::warning(Code::Skipped, record.place(), said, remedy));
        return None;
    };
    let Some(name) = name else {
        let said = ("选项没有 name", "the choice has no name");
        let remedy = ("填写 name", "give it a name");
        let place = record.place().at("name");
        problems.push(Problem::error(Code::MissingCell, place, said, remedy));
        return None;
    };
    let label = record.text("label");
    let media = Media::read(record);
    if label.is_empty() && media.is_empty() {
        let said = ("选项没有 label", "the choice has no label");
        let remedy = ("填写 label；现以 name 代替", "give it one; its name is shown instead");
        problems.push(Problem::warning(
            Code::MissingCell,
            record.place().at("label"),
            said,
            remedy,
        ));
    }
    let choice = Choice {
        name: name.to_owned(),
        label,
        media,
        others: record.others(FIELDS),
        verdict: additions::verdict(record, problems),
        place: record.place(),
    };
    Some((list.to_owned(), choice))
}

fn duplicate(record: &Record, name: &str) -> Problem {
    let name = shortened(name);
    let said = (
        &*format!("列表中已有选项“{name}”"),
        &*format!("the list has a choice \"{name}\" already"),
    );
    let remedy = (
        "改名；或在 settings 中写 allow_choice_duplicates = yes",
        "give it another name, or set allow_choice_duplicates to yes in settings",
    );
    Problem::error(Code::DuplicateName, record.place_of("name"), said, remedy)
}
