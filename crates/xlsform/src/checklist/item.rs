//! One question becomes one item.

use std::collections::BTreeMap;

use spotcheck_checklists::{Choice, Item, ItemLogic, Kind as ItemKind, Merge, Named, Repeat};
use spotcheck_rules::{Bilingual, Severity};

use super::codes::Codes;
use super::{Converter, group, kind, logic, lost};
use crate::form::{Choice as Offered, Kind, Question, Source, Text};
use crate::problem::{Code, Problem};

impl<'a> Converter<'a> {
    /// The item of a question; what is no item, or only in part, is reported.
    pub(super) fn question(&mut self, index: usize) -> Option<Item> {
        let question = self.get(index)?;
        // Rows of an item's group belong to the item.
        if self.above(question).any(group::is_item) {
            return None;
        }
        if question.kind.holds_others() && !group::is_item(question) {
            self.group(question);
            return None;
        }
        if logic::is_computed(question) {
            return None;
        }
        let item_kind = match kind::of(question) {
            Ok(kind) => kind,
            Err(problem) => {
                self.problems.push(*problem);
                return None;
            }
        };
        let repeat = self.repeat(question)?;
        lost::of_item(question, self.problems);
        let additions = &question.additions;
        let code = self.code(question);
        let (choices, entries) = self.entries(question, item_kind);
        let (steps, documents) = match item_kind {
            ItemKind::Steps => (entries, Vec::new()),
            ItemKind::DocumentSet => (Vec::new(), entries),
            _ => (Vec::new(), Vec::new()),
        };
        let counts = match question.kind {
            Kind::Group => self.counts(index, question, (&code, item_kind)),
            _ => Vec::new(),
        };
        let id = self.id;
        let otherwise = || format!("XLSForm {id}, {}", question.name);
        Some(Item {
            code,
            text: self.texts.both(&question.label, &question.name),
            hint: self.told(&question.hint, &question.name),
            guidance: self.told(&question.guidance, &question.name),
            kind: item_kind,
            unit: self.unit(question, item_kind),
            limit: additions.limit.clone(),
            label_limit: additions.label_limit,
            severity: additions.severity.unwrap_or(Severity::Minor),
            evidence: additions.evidence.clone().unwrap_or_default(),
            merge: additions.merge.unwrap_or(Merge::AskLead),
            repeat,
            choices,
            counts,
            steps,
            documents,
            required: question.required.as_deref() == Some("true()"),
            missing: self.told(&question.required_message, &question.name),
            score: self.points(question),
            reference: additions.reference.clone().unwrap_or_else(otherwise),
            logic: ItemLogic::default(),
        })
    }

    fn group(&mut self, question: &'a Question) {
        if question.kind == Kind::Repeat && question.additions.repeat.is_none() {
            let said = (
                "重复组没有写明针对什么，其中的题目不能成为检查项",
                "the repeat does not say what it is filled for, so its questions are no items",
            );
            let remedy = (
                "在 spotcheck::repeat 写 gate、stop、lot、vehicle 或 room",
                "write gate, stop, lot, vehicle or room in spotcheck::repeat",
            );
            let place = question.place.at("spotcheck::repeat");
            self.problems.push(Problem::not_held(Code::NoPlace, place, said, remedy));
        }
        // The label of a repeat with a meaning says no more than that.
        if question.additions.repeat.is_none() {
            lost::of_group(question, self.problems);
        }
    }

    /// What it is answered for; `None` if it cannot be an item for that.
    fn repeat(&mut self, question: &'a Question) -> Option<Option<Repeat>> {
        let repeats: Vec<_> = self.above(question).filter(|it| it.kind == Kind::Repeat).collect();
        let (said, remedy) = match repeats.as_slice() {
            [] => return Some(None),
            [one] if one.additions.repeat.is_some() => return Some(one.additions.repeat),
            [_] => (
                ("在没有含义的重复组中", "it is in a repeat without a meaning"),
                (
                    "在重复组一行写 spotcheck::repeat",
                    "write spotcheck::repeat in the row of the repeat",
                ),
            ),
            _ => (
                (
                    "在多层重复组中，检查项只能重复一层",
                    "it is in repeats within repeats; an item repeats once",
                ),
                ("改为一层", "use one repeat"),
            ),
        };
        let place = question.place.clone();
        self.problems.push(Problem::not_held(Code::NoPlace, place, said, remedy));
        None
    }

    fn code(&mut self, question: &'a Question) -> String {
        let code = self.codes.item(&question.name, question.place.row.unwrap_or_default());
        if super::codes::item_name(&code) != question.name {
            let said = (
                &*format!("检查项代码由名称改为 {code}"),
                &*format!("the item's code is {code}, made of its name"),
            );
            let remedy =
                ("用大写字母、数字和 - 命名可保持不变", "names of capitals, digits and - are kept");
            let place = question.place.at("name");
            self.problems.push(Problem::warning(Code::Chosen, place, said, remedy));
        }
        code
    }

    fn told(&mut self, text: &Text, otherwise: &str) -> Option<Bilingual> {
        (!text.is_empty()).then(|| self.texts.both(text, otherwise))
    }

    fn points(&mut self, question: &'a Question) -> Option<u32> {
        let points = question.additions.score?;
        if self.scoring.is_none() {
            let said = ("没有写明如何计分，不计分", "nothing says how points are added up");
            let remedy = (
                "在 settings 的 spotcheck::scoring 写 earned 或 lost",
                "write earned or lost in spotcheck::scoring of the settings",
            );
            let place = question.place.at("spotcheck::score");
            self.problems.push(Problem::not_held(Code::NoPlace, place, said, remedy));
            return None;
        }
        Some(points)
    }

    fn unit(&mut self, question: &'a Question, kind: ItemKind) -> Option<String> {
        let needs = matches!(kind, ItemKind::Measured | ItemKind::TimedCount | ItemKind::People);
        let unit = question.additions.unit.clone();
        if unit.is_some() || !needs {
            return unit;
        }
        let said = (
            "没有单位，记为 1（无量纲）",
            "it has no unit; 1, the unit of plain numbers, is taken",
        );
        let remedy = ("在 spotcheck::unit 写单位", "write the unit in spotcheck::unit");
        let place = question.place.at("spotcheck::unit");
        self.problems.push(Problem::warning(Code::Chosen, place, said, remedy));
        Some("1".to_owned())
    }

    /// The list of a question, as choices and as steps or documents.
    fn entries(&mut self, question: &'a Question, kind: ItemKind) -> (Vec<Choice>, Vec<Named>) {
        let Some(Source::List(list)) = question.kind.source() else { return Default::default() };
        let Some(offered) = self.form.lists.get(list) else { return Default::default() };
        if kind == ItemKind::PassFail {
            // As an answer spells it.
            for name in ["not_applicable", "n_a"] {
                self.meanings.choice(&question.name, name, "na");
            }
        }
        let mut codes = Codes::default();
        let mut is_renamed = false;
        let mut read = |choice: &Offered| {
            let code = codes.entry(&choice.name);
            is_renamed |= code != choice.name;
            self.meanings.choice(&question.name, &choice.name, &code);
            (code, self.texts.both(&choice.label, &choice.name), choice.verdict)
        };
        let (choices, entries) = match kind {
            ItemKind::Choice => {
                let mut choices: Vec<_> = offered
                    .iter()
                    .map(|choice| {
                        let (code, text, verdict) = read(choice);
                        Choice { code, text, verdict, columns: BTreeMap::new() }
                    })
                    .collect();
                if question.or_other && !choices.iter().any(|choice| choice.code == "other") {
                    let text = Bilingual { zh: "其他".into(), en: "Other".into() };
                    let (code, columns) = (codes.entry("other"), BTreeMap::new());
                    choices.push(Choice { code, text, verdict: None, columns });
                }
                (choices, Vec::new())
            }
            ItemKind::Steps | ItemKind::DocumentSet => {
                let entries = offered.iter().map(|choice| {
                    let (code, text, _) = read(choice);
                    Named { code, text }
                });
                (Vec::new(), entries.collect())
            }
            _ => Default::default(),
        };
        if is_renamed {
            let said = (
                &*format!("列表 {list} 的选项名改成了代码"),
                &*format!("choices of {list} got codes made of their names"),
            );
            let remedy = (
                "用小写字母、数字和 _ 命名可保持不变",
                "names of small letters, digits and _ are kept",
            );
            let place = question.place.at("type");
            self.problems.push(Problem::warning(Code::Chosen, place, said, remedy));
        }
        (choices, entries)
    }
}
