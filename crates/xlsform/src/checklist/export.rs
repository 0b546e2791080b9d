//! A checklist becomes a workbook that ODK and Kobo open too, and that gives the checklist back.

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_checklists::expression::{Expr, Kind as ExprKind, parse};
use spotcheck_checklists::{Checklist, Computed, Constraint, Item, Kind, Repeat};
use spotcheck_rules::Bilingual;

use super::codes::item_name;
use super::columns::{CHOICES, SETTINGS, SURVEY, word};
use super::group::fields;
use super::meanings::{Here, Meanings};
use crate::form::Form;
use crate::problem::Problem;
use crate::workbook::{Format, Row, Sheet, Workbook, read};
use crate::write::write_csv;

/// Why a checklist has no workbook: what would come back is another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportError {
    /// What came back instead, if anything did.
    pub returned: Option<Box<Checklist>>,
    /// What stood in the way.
    pub problems: Vec<Problem>,
}

impl std::fmt::Display for ExportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a workbook cannot hold this checklist exactly; ")?;
        f.write_str("remove blanks around its texts and what is empty")?;
        self.problems.first().map_or(Ok(()), |first| write!(f, " ({first})"))
    }
}

impl std::error::Error for ExportError {}

/// Writes a checklist as a form and reads it back: what cannot return unchanged is refused.
///
/// # Errors
/// [`ExportError`], for texts with blanks around them, and lists that no kind of item has.
pub fn to_workbook(checklist: &Checklist) -> Result<Workbook, ExportError> {
    let workbook = write(checklist);
    // Through a file, which trims texts and knows limits.
    let file = read(&write_csv(&workbook), "checklist.csv");
    let file = file.map_err(|stop| ExportError { returned: None, problems: vec![*stop] })?;
    let reading = Form::read(&file);
    let Some(form) = reading.form else {
        return Err(ExportError { returned: None, problems: reading.problems });
    };
    let converted = form.to_checklist("");
    match converted.checklist {
        Some(same) if same == *checklist => Ok(workbook),
        returned => {
            let returned = returned.map(Box::new);
            Err(ExportError { returned, problems: converted.problems })
        }
    }
}

/// Cells of a row by their heading.
type Cells<'a> = BTreeMap<&'a str, String>;

fn write(checklist: &Checklist) -> Workbook {
    let mut writer = Writer { meanings: meanings(checklist), ..Writer::default() };
    let mut open: Option<Repeat> = None;
    let mut repeats = 0_usize;
    for item in &checklist.items {
        if item.repeat != open {
            if open.is_some() {
                writer.row([("type", "end_repeat")]);
            }
            if let Some(repeat) = item.repeat {
                repeats += 1;
                writer.begin(repeat, repeats);
            }
            open = item.repeat;
        }
        writer.item(item);
    }
    if open.is_some() {
        writer.row([("type", "end_repeat")]);
    }
    for computed in &checklist.computed {
        writer.computed(computed);
    }
    let title = &checklist.title;
    let joined =
        if title.zh == title.en { title.zh.clone() } else { format!("{} {}", title.zh, title.en) };
    let settings = Cells::from([
        ("form_title", joined),
        ("form_id", checklist.code.clone()),
        ("version", checklist.version.clone()),
        ("default_language", "中文 (zh)".to_owned()),
        ("spotcheck::pack", checklist.pack.clone()),
        ("spotcheck::title_zh", title.zh.clone()),
        ("spotcheck::title_en", title.en.clone()),
        ("spotcheck::status", checklist.status.as_ref().map(word).unwrap_or_default()),
        ("spotcheck::reviewed_by", checklist.reviewed_by.clone().unwrap_or_default()),
        ("spotcheck::scoring", checklist.scoring.as_ref().map(word).unwrap_or_default()),
    ]);
    let items = checklist.items.iter();
    let choices = items.flat_map(|item| &item.choices);
    let columns: BTreeSet<&str> =
        choices.flat_map(|choice| choice.columns.keys()).map(String::as_str).collect();
    let headings: Vec<&str> = CHOICES.iter().copied().chain(columns).collect();
    let sheets = [
        sheet("survey", SURVEY, &writer.survey),
        sheet("choices", &headings, &writer.choices),
        sheet("settings", SETTINGS, &[settings]),
    ];
    Workbook { name: checklist.code.clone(), format: Format::Xlsx, sheets: sheets.into() }
}

fn sheet(name: &str, headings: &[&str], rows: &[Cells]) -> Sheet {
    let first = headings.iter().map(|heading| (*heading).to_owned()).collect();
    let rows = rows.iter().map(|cells| {
        headings.iter().map(|heading| cells.get(heading).cloned().unwrap_or_default()).collect()
    });
    let numbered = (1..).zip(std::iter::once(first).chain(rows));
    let rows = numbered.map(|(number, cells)| Row { number, cells }).collect();
    Sheet { name: name.to_owned(), rows }
}

/// The way back: codes as the workbook names them.
fn meanings(checklist: &Checklist) -> Meanings {
    let mut meanings = Meanings::default();
    for item in &checklist.items {
        let name = item_name(&item.code);
        let value = match item.kind {
            Kind::TimedCount => format!("{name}.count"),
            Kind::Measured if !item.counts.is_empty() => format!("{name}.value"),
            _ => name.clone(),
        };
        meanings.name(&item.code, value);
        for count in &item.counts {
            meanings
                .name(&format!("{}.{}", item.code, count.code), format!("{name}_{}", count.code));
        }
        if item.kind == Kind::PassFail {
            meanings.choice(&item.code, "na", "not_applicable");
        }
    }
    for computed in &checklist.computed {
        meanings.name(&computed.name, computed.name.clone());
    }
    meanings
}

#[derive(Default)]
struct Writer<'a> {
    meanings: Meanings,
    survey: Vec<Cells<'a>>,
    choices: Vec<Cells<'a>>,
}

impl<'a> Writer<'a> {
    fn row<const N: usize>(&mut self, cells: [(&'static str, &str); N]) {
        self.survey.push(cells.into_iter().map(|(name, cell)| (name, cell.to_owned())).collect());
    }

    fn begin(&mut self, repeat: Repeat, number: usize) {
        let (zh, en) = match repeat {
            Repeat::Gate => ("每个出入口", "Each entrance"),
            Repeat::Stop => ("每个站点", "Each stop"),
            Repeat::Lot => ("每批货物", "Each lot"),
            Repeat::Vehicle => ("每辆车", "Each vehicle"),
            Repeat::Room => ("每间冷库", "Each room"),
        };
        let name = format!("{}_{number}", repeat.as_str());
        self.row([
            ("type", "begin_repeat"),
            ("name", &name),
            ("label::中文 (zh)", zh),
            ("label::English (en)", en),
            ("spotcheck::repeat", repeat.as_str()),
        ]);
    }

    fn item(&mut self, item: &'a Item) {
        let name = item_name(&item.code);
        let is_group =
            matches!(item.kind, Kind::Tally | Kind::TimedCount) || !item.counts.is_empty();
        let list =
            if item.kind == Kind::PassFail { "pass_fail".to_owned() } else { item.code.clone() };
        let typed = match item.kind {
            _ if is_group => "begin_group".to_owned(),
            Kind::PassFail | Kind::Choice => format!("select_one {list}"),
            Kind::Steps | Kind::DocumentSet => format!("select_multiple {list}"),
            Kind::Measured => "decimal".to_owned(),
            Kind::People => "integer".to_owned(),
            Kind::Text | Kind::Tally | Kind::TimedCount => "text".to_owned(),
            Kind::Date => "date".to_owned(),
            Kind::Photo | Kind::Signature => "image".to_owned(),
            Kind::ReadingLog => "file".to_owned(),
        };
        let evidence: Vec<String> = item.evidence.iter().map(word).collect();
        let mut cells = labelled(&typed, &name, &item.text);
        cells.extend([
            ("required", yes(item.required)),
            ("spotcheck::kind", word(&item.kind)),
            ("spotcheck::unit", item.unit.clone().unwrap_or_default()),
            ("spotcheck::limit", item.limit.clone().unwrap_or_default()),
            ("spotcheck::severity", word(&item.severity)),
            (
                "spotcheck::evidence",
                if evidence.is_empty() { "none".into() } else { evidence.join(" ") },
            ),
            ("spotcheck::merge", word(&item.merge)),
            ("spotcheck::reference", item.reference.clone()),
        ]);
        for ([zh, en], text) in [
            (["hint::中文 (zh)", "hint::English (en)"], &item.hint),
            (["guidance_hint::中文 (zh)", "guidance_hint::English (en)"], &item.guidance),
            (["required_message::中文 (zh)", "required_message::English (en)"], &item.missing),
        ] {
            if let Some(text) = text {
                cells.extend([(zh, text.zh.clone()), (en, text.en.clone())]);
            }
        }
        if let Some(points) = item.score {
            cells.insert("spotcheck::score", points.to_string());
        }
        cells.extend(self.logic(item));
        if item.label_limit {
            cells.insert("spotcheck::label_limit", yes(true));
        }
        if item.kind == Kind::Signature {
            cells.insert("appearance", "signature".to_owned());
        }
        self.survey.push(cells);
        if is_group {
            self.group(item, &name);
        }
        self.list(item, &list);
    }

    /// An expression that cannot be written as it is stays as it is: what comes back is compared.
    fn expression(&self, text: &str, of: &str) -> String {
        let here = Here { name: of, in_group: false };
        self.meanings.translate(text, here).unwrap_or_else(|_| text.to_owned())
    }

    fn logic(&self, Item { code, logic, .. }: &Item) -> Vec<(&'static str, String)> {
        let mut cells = vec![];
        let mut put = |heading, text: &Option<String>| {
            cells.extend(text.as_ref().map(|text| (heading, self.expression(text, code))));
        };
        put("relevant", &logic.relevant);
        put("required", &logic.required);
        put("calculation", &logic.calculation);
        let default = logic.default.as_deref().map(|default| match parse(default) {
            // A form's default is a text unless it calls or names something.
            Ok(Expr { kind: ExprKind::Text(text), .. }) => text,
            _ => self.expression(default, code),
        });
        cells.extend(default.map(|default| ("default", default)));
        if logic.calculation.is_some() {
            cells.push(("readonly", yes(true)));
        }
        if let Some(offers) = &logic.offers {
            let here = Here { name: code, in_group: false };
            let filter = self.meanings.translate_filter(offers, here);
            let filter = filter.map_or_else(|_| offers.clone(), |(filter, _)| filter);
            cells.push(("choice_filter", filter));
        }
        if let Some(Constraint { holds, text }) = &logic.constraint {
            cells.push(("constraint", self.expression(holds, code)));
            cells.push(("constraint_message::中文 (zh)", text.zh.clone()));
            cells.push(("constraint_message::English (en)", text.en.clone()));
        }
        cells
    }

    fn computed(&mut self, computed: &Computed) {
        let value = self.expression(&computed.value, &computed.name);
        let cells = [("type", "calculate"), ("name", &computed.name), ("calculation", &value)];
        match computed.repeat {
            None => self.row(cells),
            Some(repeat) => {
                self.begin(repeat, self.survey.len());
                self.row(cells);
                self.row([("type", "end_repeat")]);
            }
        }
    }

    /// The rows of an item that is a group.
    fn group(&mut self, item: &Item, name: &str) {
        for field in fields(item.kind) {
            let (typed, zh, en) = match *field {
                "count" => ("integer", "数量", "Count"),
                "seconds" => ("integer", "秒数", "Seconds"),
                "lanes" => ("integer", "通道数", "Lanes"),
                _ => ("decimal", "读数", "Value"),
            };
            let text = Bilingual { zh: zh.to_owned(), en: en.to_owned() };
            let mut cells = labelled(typed, &format!("{name}.{field}"), &text);
            // Engines ask for answers to questions, not to groups; a count of lanes is 1 if not given.
            cells.insert("required", yes(item.required && *field != "lanes"));
            self.survey.push(cells);
        }
        for count in &item.counts {
            let mut cells = labelled("integer", &format!("{name}_{}", count.code), &count.text);
            cells.extend([
                ("required", yes(item.required)),
                ("spotcheck::role", count.role.as_ref().map(word).unwrap_or_default()),
                ("spotcheck::unit", count.unit.clone().unwrap_or_default()),
                ("spotcheck::limit", count.limit.clone().unwrap_or_default()),
            ]);
            self.survey.push(cells);
        }
        self.row([("type", "end_group")]);
    }

    fn list(&mut self, item: &'a Item, list: &str) {
        if item.kind == Kind::PassFail {
            if self.choices.iter().any(|row| row.get("list_name").is_some_and(|it| it == list)) {
                return;
            }
            for (code, zh, en) in [
                ("pass", "合格", "Pass"),
                ("fail", "不合格", "Fail"),
                ("not_applicable", "不适用", "Not applicable"),
            ] {
                let text = Bilingual { zh: zh.to_owned(), en: en.to_owned() };
                self.choices.push(choice(list, code, &text, String::new()));
            }
        }
        for entry in &item.choices {
            let verdict = entry.verdict.as_ref().map(word).unwrap_or_default();
            let mut cells = choice(list, &entry.code, &entry.text, verdict);
            let columns = entry.columns.iter();
            cells.extend(columns.map(|(column, cell)| (column.as_str(), cell.clone())));
            self.choices.push(cells);
        }
        for entry in item.steps.iter().chain(&item.documents) {
            self.choices.push(choice(list, &entry.code, &entry.text, String::new()));
        }
    }
}

fn labelled(typed: &str, name: &str, text: &Bilingual) -> Cells<'static> {
    Cells::from([
        ("type", typed.to_owned()),
        ("name", name.to_owned()),
        ("label::中文 (zh)", text.zh.clone()),
        ("label::English (en)", text.en.clone()),
    ])
}

fn choice(list: &str, code: &str, text: &Bilingual, verdict: String) -> Cells<'static> {
    Cells::from([
        ("list_name", list.to_owned()),
        ("name", code.to_owned()),
        ("label::中文 (zh)", text.zh.clone()),
        ("label::English (en)", text.en.clone()),
        ("spotcheck::verdict", verdict),
    ])
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}
