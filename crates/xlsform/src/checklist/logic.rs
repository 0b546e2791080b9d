//! Conditions, constraints, calculations, filters and proposals of a form become those of a checklist.

use spotcheck_checklists::expression::{Expr, Kind as ExprKind, Span, parse};
use spotcheck_checklists::{
    Computed, Constraint, Item, ItemLogic, Kind as ItemKind, can_be_proposed,
};
use spotcheck_rules::Bilingual;

use super::meanings::Here;
use super::{Converter, group};
use crate::form::{DefaultAnswer, Kind, Question, Source};
use crate::problem::{Code, Problem};

/// What is said where a form says nothing.
const NOT_ALLOWED: (&str, &str) = ("答案不符合要求", "this answer is not allowed here");

impl<'a> Converter<'a> {
    /// What depends on answers, once every question has its code.
    pub(super) fn logic(&mut self, item: &mut Item, question: &'a Question) {
        let relevant = self.relevant(question);
        let required = match question.required.as_deref() {
            None | Some("true()" | "false()") => None,
            Some(text) => self.translated(question, "required", text),
        };
        let computed = question.calculation.as_deref().filter(|_| question.triggers.is_empty());
        let calculation = computed.and_then(|text| match item.kind {
            ItemKind::Text | ItemKind::Measured | ItemKind::Date | ItemKind::People => {
                self.translated(question, "calculation", text)
            }
            _ => {
                let said =
                    ("此类检查项不能计算", "an item of this kind is answered, never computed");
                self.not_held(question, "calculation", said);
                None
            }
        });
        if calculation.is_some() {
            item.required = false;
        }
        let constraint = question.constraint.as_deref().and_then(|text| {
            if item.kind == ItemKind::Tally {
                let said = ("计数组不能整体限制", "a tally has no single value to restrict");
                self.not_held(question, "constraint", said);
                return None;
            }
            let holds = self.translated(question, "constraint", text)?;
            let text = match question.constraint_message.is_empty() {
                true => Bilingual { zh: NOT_ALLOWED.0.into(), en: NOT_ALLOWED.1.into() },
                false => self.texts.both(&question.constraint_message, ""),
            };
            Some(Constraint { holds, text })
        });
        let required = required.filter(|_| calculation.is_none());
        let default = match calculation {
            Some(_) if question.default.is_some() => {
                let said =
                    ("自动计算的项目没有建议答案", "what is computed has nothing proposed beside");
                self.not_held(question, "default", said);
                None
            }
            Some(_) => None,
            None => self.proposed(item, question),
        };
        let offers = self.offers(item, question);
        item.logic = ItemLogic { relevant, required, constraint, calculation, offers, default };
    }

    /// What is proposed: the default, and what a trigger would have computed into a question that people may
    /// change. Nothing is answered by itself.
    fn proposed(&mut self, item: &Item, question: &'a Question) -> Option<String> {
        let (column, text) = match (&question.default, &question.calculation) {
            (_, Some(text)) if !question.triggers.is_empty() => {
                ("calculation", self.triggered(question, text)?)
            }
            (Some(DefaultAnswer::Computed(text)), _) => {
                ("default", self.translated(question, "default", text)?)
            }
            (Some(DefaultAnswer::Fixed(text)), _) => {
                let code = self.meanings.code_of_choice(&question.name, text);
                ("default", Expr { kind: ExprKind::Text(code), span: Span::new(0, 0) }.to_string())
            }
            _ => return None,
        };
        if parse(&text).is_err() {
            let said =
                ("文字里两种引号都有，写不成表达式", "a text with both kinds of quotes is none");
            self.not_held(question, column, said);
            return None;
        }
        if !can_be_proposed(item) {
            let said = (
                "只有一个值的检查项才有建议答案",
                "an answer is proposed only for items that one value answers",
            );
            self.not_held(question, column, said);
            return None;
        }
        Some(text)
    }

    /// An expression that counts once one of the question's triggers is answered.
    fn triggered(&mut self, question: &'a Question, text: &str) -> Option<String> {
        let value = self.translated(question, "calculation", text)?;
        if text.contains(&format!("${{{}}}", question.name)) {
            let said = (
                "计算用到自身的旧值，检查表不保存旧值",
                "it reads its own value of before, which a checklist does not keep",
            );
            self.not_held(question, "calculation", said);
            return None;
        }
        let mut answered = vec![];
        for trigger in &question.triggers {
            answered.push(self.translated(
                question,
                "trigger",
                &format!("${{{trigger}}} != ''"),
            )?);
        }
        let said = (
            "触发题目回答后即计算，不只在其变化时",
            "it is computed while the trigger is answered, not only when that changes",
        );
        let remedy = ("通常无需处理", "usually nothing is to be done");
        let place = question.place.at("trigger");
        self.problems.push(Problem::warning(Code::Chosen, place, said, remedy));
        let value = format!("if({}, {value}, '')", answered.join(" or "));
        Some(parse(&value).map_or(value, |expr| expr.to_string()))
    }

    /// The filter of its choices, which take the columns of their list with them.
    fn offers(&mut self, item: &mut Item, question: &'a Question) -> Option<String> {
        let text = question.choice_filter.as_deref()?;
        let list = match question.kind.source() {
            Some(Source::List(list)) => list.as_str(),
            _ => "",
        };
        if item.kind != ItemKind::Choice {
            let said = ("只有单选题能筛选选项", "only the choices of one answer are filtered");
            self.not_held(question, "choice_filter", said);
            return None;
        }
        let here = self.here(question);
        let (offers, columns) = match self.meanings.translate_filter(text, here) {
            Ok(translated) => translated,
            Err(name) => {
                self.needs(question, "choice_filter", &name);
                return None;
            }
        };
        let rows = self.form.lists.get(list).map(Vec::as_slice).unwrap_or_default();
        for column in columns.read.iter().filter(|column| *column != "name") {
            if !rows.iter().any(|row| row.others.contains_key(column)) {
                let said = (
                    &*format!("列表 {list} 没有 {column} 列，读作空"),
                    &*format!("the list {list} has no column {column}; it reads as empty"),
                );
                let remedy = ("核对列名", "check the name of the column");
                let place = question.place.at("choice_filter");
                self.problems.push(Problem::warning(Code::Chosen, place, said, remedy));
            }
        }
        for (choice, row) in item.choices.iter_mut().zip(rows) {
            for (column, cell) in row.others.iter().filter(|(column, _)| is_column(column)) {
                let cell = self.meanings.cell(&columns, column, cell);
                choice.columns.insert(column.clone(), cell);
                self.filtered.entry(list).or_default().insert(column);
            }
        }
        Some(offers)
    }

    /// Its own condition and those of all that holds it.
    fn relevant(&mut self, question: &'a Question) -> Option<String> {
        let groups: Vec<_> = self.above(question).collect();
        let mut all: Vec<String> = vec![];
        for it in groups.into_iter().rev().chain([question]) {
            let text = it.relevant.as_deref();
            all.extend(text.and_then(|text| self.translated(it, "relevant", text)));
        }
        let joined = match all.as_slice() {
            [] => return None,
            [one] => return Some(one.clone()),
            many => many.iter().map(|it| format!("({it})")).collect::<Vec<_>>().join(" and "),
        };
        // In the spelling that comes back from a workbook.
        Some(parse(&joined).map_or(joined, |expr| expr.to_string()))
    }

    /// A value that is computed and shown nowhere.
    pub(super) fn computed(&mut self, question: &'a Question) -> Option<Computed> {
        let value = match (&question.calculation, &question.default) {
            (Some(text), _) if question.triggers.is_empty() => {
                self.translated(question, "calculation", text)?
            }
            (Some(text), _) => self.triggered(question, text)?,
            (None, Some(DefaultAnswer::Fixed(text))) => {
                Expr { kind: ExprKind::Text(text.clone()), span: Span::new(0, 0) }.to_string()
            }
            _ => return None,
        };
        // Where it is not asked it has no value.
        let value = match self.relevant(question) {
            Some(relevant) => {
                let value = format!("if({relevant}, {value}, '')");
                parse(&value).map_or(value, |expr| expr.to_string())
            }
            None => value,
        };
        super::lost::of_computed(question, self.problems);
        let repeat = self.above(question).find_map(|it| it.additions.repeat);
        Some(Computed { name: question.name.clone(), value, repeat })
    }

    fn translated(&mut self, question: &'a Question, column: &str, text: &str) -> Option<String> {
        match self.meanings.translate(text, self.here(question)) {
            Ok(translated) => Some(translated),
            Err(name) => {
                self.needs(question, column, &name);
                None
            }
        }
    }

    fn here(&self, question: &'a Question) -> Here<'a> {
        let in_group = self.above(question).any(|it| it.kind == Kind::Group);
        Here { name: &question.name, in_group }
    }

    fn needs(&mut self, question: &'a Question, column: &str, name: &str) {
        let said = (
            &*format!("表达式用到 {name}，它不是检查项"),
            &*format!("the expression needs {name}, which is no item"),
        );
        self.not_held(question, column, said);
    }

    fn not_held(&mut self, question: &'a Question, column: &str, said: (&str, &str)) {
        let keep = ("保留原工作簿", "keep the workbook");
        let place = question.place.at(column);
        self.problems.push(Problem::not_held(Code::NoPlace, place, said, keep));
    }

    /// Names what a question, a count or a repeat is called in the checklist's expressions.
    pub(super) fn mean(&mut self, index: usize, code: &str) {
        let Some(question) = self.get(index) else { return };
        self.meanings.name(&question.name, code.to_owned());
        if !group::is_item(question) {
            return;
        }
        for child in self.children.get(index).cloned().unwrap_or_default() {
            let Some(row) = self.get(child) else { continue };
            let field = row.name.strip_prefix(&format!("{}.", question.name));
            if field.is_some_and(|field| matches!(field, "value" | "count")) {
                self.meanings.name(&row.name, code.to_owned());
            }
        }
    }
}

/// Whether a row is a value that nobody is asked for.
pub(super) fn is_computed(question: &Question) -> bool {
    let fixed = || matches!(question.default, Some(DefaultAnswer::Fixed(_)));
    match question.kind {
        Kind::Calculate => question.calculation.is_some(),
        Kind::Hidden => question.calculation.is_some() || fixed(),
        _ => false,
    }
}

/// Whether a column of a list is one that filters can name.
fn is_column(name: &str) -> bool {
    let path = parse(name).map(|expr| expr.kind);
    matches!(path, Ok(ExprKind::Path(_)))
        && !name.contains(['/', '[', '.', ':', '*', '@'])
        && name != "name"
}
