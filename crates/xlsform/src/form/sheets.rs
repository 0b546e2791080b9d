//! Which sheets a workbook has, and which it was meant to have.

use crate::Workbook;
use crate::problem::{Code, Place, Problem, nearest, shortened};
use crate::problems::Problems;
use crate::workbook::{KNOWN_SHEETS, Sheet};

/// The sheet `survey`, or the only one there is.
pub(super) fn survey<'a>(workbook: &'a Workbook, problems: &mut Problems) -> Option<&'a Sheet> {
    let only = match workbook.sheets.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    let sheet = workbook.find_sheet("survey").or(only);
    if let Some(sheet) = sheet.filter(|sheet| !sheet.rows.is_empty()) {
        return Some(sheet);
    }
    let near = nearest("survey", workbook.sheets.iter().map(|sheet| sheet.name.as_str()));
    let said = match sheet {
        Some(_) => ("survey 表是空的", "the sheet survey is empty"),
        None => ("没有 survey 表", "there is no sheet survey"),
    };
    let remedy = match near.filter(|_| sheet.is_none()) {
        Some(near) => (format!("把“{near}”改名为 survey"), format!("rename \"{near}\" to survey")),
        None => (
            "第一行写列名：type、name、label".to_owned(),
            "begin it with the headings type, name, label".to_owned(),
        ),
    };
    let remedy = (&*remedy.0, &*remedy.1);
    problems.push(Problem::error(Code::MissingSheet, Place::sheet("survey"), said, remedy));
    None
}

/// Sheets that are not taken, and names that are nearly those of sheets that are.
pub(super) fn warn(workbook: &Workbook, problems: &mut Problems) {
    for sheet in &workbook.sheets {
        let name = sheet.name.trim().to_lowercase();
        if KNOWN_SHEETS.contains(&name.as_str()) {
            let is_taken = matches!(name.as_str(), "survey" | "choices" | "settings");
            if !is_taken && !sheet.rows.is_empty() {
                let said =
                    (&*format!("{name} 表不导入"), &*format!("the sheet {name} is not imported"));
                let remedy = ("题目照常可用", "the questions work without it");
                let place = Place::sheet(&sheet.name);
                problems.push(Problem::not_held(Code::Unsupported, place, said, remedy));
            }
        } else if !name.starts_with('_') && workbook.sheets.len() > 1 {
            // Short names such as `osm` are near to too much.
            let known = KNOWN_SHEETS.iter().copied().filter(|known| known.len() > 3);
            let absent = known.filter(|known| workbook.find_sheet(known).is_none());
            let Some(near) = nearest(&name, absent) else { continue };
            let short = shortened(&sheet.name);
            let said = (
                &*format!("工作表“{short}”不读取"),
                &*format!("the sheet \"{short}\" is not read"),
            );
            let remedy = (
                &*format!("若指 {near} 请改名；否则在名称前加 _"),
                &*format!("rename it if it is {near}, else put _ before its name"),
            );
            let place = Place::sheet(&sheet.name);
            problems.push(Problem::warning(Code::MisspeltSheet, place, said, remedy));
        }
    }
}
