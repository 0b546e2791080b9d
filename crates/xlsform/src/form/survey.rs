//! The sheet `survey`: rows become a tree.

mod checks;
mod row;

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_checklists::expression::{Outline, OutlineError, Shape};

use super::choices::Lists;
use super::heading::Of;
use super::kind::Kind;
use super::spelling::Typed;
use super::table::{Record, Table};
use super::{Question, Text, additions};
use crate::problem::{Code, Place, Problem, shortened};
use crate::problems::Problems;
use crate::workbook::Sheet;

/// What the sheet holds.
pub(super) struct Survey {
    pub(super) questions: Vec<Question>,
    pub(super) outline: Outline,
    /// Settings that very old forms have in this sheet.
    pub(super) settings: BTreeMap<&'static str, String>,
    pub(super) unknown_columns: Vec<String>,
    /// Languages of translated columns by their meaning.
    pub(super) languages: Vec<(String, Option<String>)>,
}

pub(super) fn read(sheet: &Sheet, lists: &Lists, problems: &mut Problems) -> Option<Survey> {
    let table = Table::read(sheet, Of::Survey, problems);
    if !table.has("type") {
        let said = ("survey 表没有 type 列", "the sheet survey has no column type");
        let remedy = (
            "第一行应为列名：type、name、label …",
            "its first row holds the headings: type, name, label …",
        );
        let place = Place::sheet(&sheet.name).at("type");
        problems.push(Problem::error(Code::MissingColumn, place, said, remedy));
        return None;
    }
    // The name of a form's first step is never said in a workbook.
    let outline = Outline::new("data").ok()?;
    let languages = table.languages().map(|(base, of)| (base.to_owned(), of.map(str::to_owned)));
    let survey = Survey {
        questions: Vec::new(),
        outline,
        settings: BTreeMap::new(),
        unknown_columns: table.unknown().map(str::to_owned).collect(),
        languages: languages.collect(),
    };
    let mut builder =
        Builder { survey, lists, open: Vec::new(), tables: BTreeSet::new(), problems };
    table.records().for_each(|record| builder.record(&record));
    builder.close_all(&sheet.name);
    Some(builder.survey)
}

struct Builder<'a> {
    survey: Survey,
    lists: &'a Lists,
    /// The groups that are begun and not ended, as their numbers in `survey.questions`.
    open: Vec<usize>,
    /// Names of attached tables so far.
    tables: BTreeSet<String>,
    problems: &'a mut Problems,
}

impl Builder<'_> {
    fn record(&mut self, record: &Record) {
        if record.get("disabled").and_then(additions::yes_or_no) == Some(true) {
            let said = ("已停用，跳过此行", "it is disabled and passed over");
            let remedy = ("用 relevant 代替 disabled", "use relevant instead of disabled");
            return self.problems.push(Problem::warning(
                Code::Skipped,
                record.place(),
                said,
                remedy,
            ));
        }
        let Some(written) = record.get("type") else { return self.without_type(record) };
        match Typed::read(written) {
            Typed::Question { kind, or_other } => self.question(record, kind, or_other),
            Typed::Begin(kind) => {
                if let Some(index) = self.declare(record, kind) {
                    self.open.push(index);
                }
            }
            Typed::End(kind) => self.end(record, &kind),
            Typed::Setting(name) => {
                let value = record.get("name").unwrap_or_default().to_owned();
                self.survey.settings.insert(name, value);
            }
            Typed::Refused(zh, en) => {
                let (why_zh, what_zh) = zh.split_once('；').unwrap_or((zh, "改用其他题型"));
                let (why_en, what_en) = en.split_once("; ").unwrap_or((en, "use another type"));
                let place = record.place_of("type");
                let (said, remedy) = ((why_zh, why_en), (what_zh, what_en));
                self.problems.push(Problem::error(Code::Unsupported, place, said, remedy));
            }
            Typed::Unknown => self.unknown_type(record, written),
        }
    }

    fn without_type(&mut self, record: &Record) {
        let is_note = record.get("name").is_none() && record.text("label").is_empty();
        let (level, said, remedy) = if is_note {
            (
                Problem::warning as fn(_, _, _, _) -> _,
                ("没有 type，作为备注跳过", "it has no type and is passed over as a note"),
                ("如为题目请填写 type", "give it a type if it is a question"),
            )
        } else {
            (
                Problem::error as fn(_, _, _, _) -> _,
                ("题目没有 type", "the question has no type"),
                ("填写 type，如 text", "give it a type, such as text"),
            )
        };
        let code = if is_note { Code::Skipped } else { Code::MissingCell };
        self.problems.push(level(code, record.place().at("type"), said, remedy));
    }

    fn unknown_type(&mut self, record: &Record, written: &str) {
        let short = shortened(written);
        let said =
            (&*format!("未知的题型“{short}”"), &*format!("nobody knows the type \"{short}\""));
        let needs_list = matches!(
            written.to_lowercase().as_str(),
            "select_one" | "select_multiple" | "select one" | "rank"
        );
        let remedy = match self.problems.nearest(written, Typed::spellings()) {
            _ if needs_list => {
                ("在题型后写列表名".to_owned(), "write the name of a list after it".to_owned())
            }
            Some(near) => (format!("是否指 {near}？"), format!("did you mean {near}?")),
            None => ("见文档中的题型表".to_owned(), "the documentation lists the types".to_owned()),
        };
        let place = record.place_of("type");
        self.problems.push(Problem::error(Code::UnknownType, place, said, (&remedy.0, &remedy.1)));
    }

    fn question(&mut self, record: &Record, kind: Kind, or_other: bool) {
        let Some(index) = self.declare(record, kind) else { return };
        if let Some(question) = self.survey.questions.get_mut(index) {
            question.or_other = or_other;
        }
        self.check_label(record, index);
        self.check_table(record, index);
        self.check_list(record, index, or_other);
        if or_other {
            self.make_other(record, index);
        }
    }

    /// Adds a row to the tree; `None` if it has no usable name.
    fn declare(&mut self, record: &Record, kind: Kind) -> Option<usize> {
        let name = self.name(record, &kind);
        let parent = self.open.last().copied();
        let index = self.survey.questions.len();
        let mut question =
            row::read(record, kind, name.clone().unwrap_or_default(), parent, self.problems);
        question.id =
            name.and_then(|name| self.declare_name(record, &question.kind, &name, parent));
        // A group with a wrong name still holds its rows, or each of them would be wrong too.
        let is_kept = question.id.is_some() || question.kind.holds_others();
        if is_kept {
            self.survey.questions.push(question);
        }
        is_kept.then_some(index)
    }

    fn name(&mut self, record: &Record, kind: &Kind) -> Option<String> {
        match (record.get("name"), kind) {
            (Some(name), _) => Some(name.to_owned()),
            (None, Kind::Note) => Some(format!("generated_note_name_{}", record.number())),
            (None, Kind::Audit) => Some("audit".to_owned()),
            (None, _) => {
                let said = ("题目没有 name", "the question has no name");
                let remedy = ("填写 name", "give it a name");
                let place = record.place().at("name");
                self.problems.push(Problem::error(Code::MissingCell, place, said, remedy));
                None
            }
        }
    }

    fn declare_name(
        &mut self,
        record: &Record,
        kind: &Kind,
        name: &str,
        parent: Option<usize>,
    ) -> Option<spotcheck_checklists::expression::NameId> {
        let place = record.place_of("name");
        let parent = match parent {
            None => Outline::TOP,
            Some(parent) => self.survey.questions.get(parent)?.id?,
        };
        if name == "meta" && parent == Outline::TOP {
            let said = ("meta 是保留名称", "meta is a reserved name");
            self.problems.push(Problem::error(
                Code::BadName,
                place,
                said,
                ("换一个名称", "give it another name"),
            ));
            return None;
        }
        let shape = match kind {
            Kind::Group => Shape::Group,
            Kind::Repeat => Shape::Repeat,
            _ => Shape::Question,
        };
        let short = shortened(name);
        let (code, said, remedy) = match self.survey.outline.declare(parent, name, shape) {
            Ok(id) => return Some(id),
            Err(OutlineError::Taken(_)) => (
                Code::DuplicateName,
                (format!("同一组中已有“{short}”"), format!("its group has a \"{short}\" already")),
                ("换一个名称", "give it another name"),
            ),
            Err(OutlineError::Depth(_)) => (
                Code::TooLarge,
                (format!("“{short}”嵌套过深"), format!("\"{short}\" is nested too deeply")),
                ("减少分组", "use fewer groups"),
            ),
            Err(_) => (
                Code::BadName,
                (format!("“{short}”不能作名称"), format!("\"{short}\" is no name")),
                (
                    "以字母或 _ 开头，其后为字母、数字、_、-、.",
                    "begin with a letter or _, then letters, digits, _ - .",
                ),
            ),
        };
        self.problems.push(Problem::error(code, place, (&said.0, &said.1), remedy));
        None
    }

    /// The question for the text of `other`.
    fn make_other(&mut self, record: &Record, index: usize) {
        let Some(asked) = self.survey.questions.get(index) else { return };
        let (name, parent) = (format!("{}_other", asked.name), asked.parent);
        let relevant = format!("selected(../{}, 'other')", asked.name);
        let Some(id) = self.declare_name(record, &Kind::Text, &name, parent) else { return };
        self.survey.questions.push(Question {
            id: Some(id),
            label: Text::plain("Specify other."),
            relevant: Some(relevant),
            is_made: true,
            ..row::empty(Kind::Text, name, parent, record.place())
        });
    }

    fn end(&mut self, record: &Record, kind: &Kind) {
        let open = self.open.last().and_then(|index| self.survey.questions.get(*index));
        match open {
            Some(question) if question.kind == *kind => {
                self.open.pop();
            }
            open => {
                let begun = open.map_or_else(String::new, |it| format!(" {}", it.place));
                let said = (
                    &*format!("此处结束的组没有开始，或先开始了另一组{begun}"),
                    &*format!("what ends here was not begun, or another was begun after it{begun}"),
                );
                let remedy =
                    ("核对 begin 与 end 是否成对", "pair begin and end of each group and repeat");
                let place = record.place_of("type");
                self.problems.push(Problem::error(Code::Unbalanced, place, said, remedy));
            }
        }
    }

    fn close_all(&mut self, sheet: &str) {
        for index in std::mem::take(&mut self.open) {
            let Some(question) = self.survey.questions.get(index) else { continue };
            let place = question
                .place
                .row
                .map_or_else(|| Place::sheet(sheet), |row| Place::row(sheet, row));
            let said = ("组没有结束", "the group is not ended");
            let remedy = ("补上 end group 或 end repeat", "add end group or end repeat");
            self.problems.push(Problem::error(Code::Unbalanced, place.at("type"), said, remedy));
        }
    }
}
