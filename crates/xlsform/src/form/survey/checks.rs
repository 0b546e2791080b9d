//! What a question must have besides its name.

use super::Builder;
use crate::form::Question;
use crate::form::kind::{Kind, Source};
use crate::form::table::Record;
use crate::problem::{Code, Problem, shortened};

impl Builder<'_> {
    pub(super) fn check_label(&mut self, record: &Record, index: usize) {
        let is_silent = |it: &&Question| {
            let unseen = matches!(
                it.kind,
                Kind::Calculate | Kind::Hidden | Kind::CsvExternal | Kind::XmlExternal
            );
            // A computed answer without a label is not shown, whatever its type.
            let unseen = unseen || it.kind.is_metadata() || it.calculation.is_some();
            !unseen && it.label.is_empty() && it.hint.is_empty() && it.media.is_empty()
        };
        if self.survey.questions.get(index).filter(is_silent).is_none() {
            return;
        }
        let said = ("题目没有 label", "the question has no label");
        let remedy = ("填写 label；现以 name 代替", "give it one; its name is shown instead");
        let place = record.place().at("label");
        self.problems.push(Problem::warning(Code::MissingCell, place, said, remedy));
    }

    /// Attached tables have no groups around them: their names are those of files.
    pub(super) fn check_table(&mut self, record: &Record, index: usize) {
        let is_table = |it: &Question| matches!(it.kind, Kind::CsvExternal | Kind::XmlExternal);
        let Some(own) = self.survey.questions.get(index).filter(|it| is_table(it)) else { return };
        if self.tables.insert(own.name.clone()) {
            return;
        }
        let said = ("已有同名的附表", "another attached table has this name");
        let remedy = ("换一个名称", "give it another name");
        let place = record.place_of("name");
        self.problems.push(Problem::error(Code::DuplicateName, place, said, remedy));
    }

    pub(super) fn check_list(&mut self, record: &Record, index: usize, or_other: bool) {
        let kind = self.survey.questions.get(index).map(|question| &question.kind);
        let Some(Source::List(list)) = kind.and_then(Kind::source) else { return };
        let short = shortened(list);
        let place = record.place_of("type");
        let Some(choices) = self.lists.get(list) else {
            let said = (
                &*format!("choices 表中没有列表“{short}”"),
                &*format!("the sheet choices has no list \"{short}\""),
            );
            let remedy = match self.problems.nearest(list, self.lists.keys().map(String::as_str)) {
                Some(near) => (format!("是否指 {near}？"), format!("did you mean {near}?")),
                None => (
                    "在 choices 表中写出选项".to_owned(),
                    "write its choices on that sheet".to_owned(),
                ),
            };
            let remedy = (&*remedy.0, &*remedy.1);
            return self.problems.push(Problem::error(Code::MissingList, place, said, remedy));
        };
        let splits = matches!(kind, Some(Kind::SelectMultiple(_)));
        if let Some(choice) = choices.iter().find(|choice| splits && choice.name.contains(' ')) {
            let name = shortened(&choice.name);
            let said = (
                &*format!("多选题的选项名“{name}”含空格"),
                &*format!(
                    "\"{name}\" has a space, and answers of several choices are separated by spaces"
                ),
            );
            let remedy = ("改用 _", "use _ instead");
            self.problems.push(Problem::error(
                Code::BadName,
                choice.place.at("name"),
                said,
                remedy,
            ));
        }
        if or_other && record.get("choice_filter").is_some() {
            let said =
                ("or_other 不能与 choice_filter 同用", "or_other does not go with choice_filter");
            let remedy = ("在列表中写出 other 选项", "put a choice `other` on the list instead");
            self.problems.push(Problem::error(Code::Unsupported, place, said, remedy));
        }
    }
}
