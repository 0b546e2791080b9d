//! All expressions of a form are compiled by the one engine, and all `${name}` looked up.

use std::sync::Arc;

use spotcheck_checklists::expression::{
    ErrorCode, ExpressionError, Logic, Names, Outline, Role, Rule, Unresolved, compile,
};

use super::parameters::is_reference;
use super::question::Default as Answer;
use super::{Question, Settings};
use crate::Limits;
use crate::problem::{Code, Place, Problem, shortened};
use crate::problems::Problems;

/// Compiles what the form recomputes, and checks all that is evaluated now and then.
pub(super) fn check(
    outline: &Arc<Outline>,
    questions: &[Question],
    settings: &Settings,
    problems: &mut Problems,
) -> Option<Logic> {
    let mut checker = Checker { outline, problems, unknown: 0 };
    for question in questions {
        checker.single(question);
        checker.references(question);
    }
    if let Some(text) = &settings.instance_name {
        checker.compiles(text, &settings.place.at("instance_name"));
    }
    logic(outline, questions, problems)
}

fn logic(outline: &Arc<Outline>, questions: &[Question], problems: &mut Problems) -> Option<Logic> {
    let mut rules = Vec::new();
    let mut places = Vec::new();
    for question in questions {
        let Some(target) = question.id else { continue };
        for (role, column, text) in [
            (Role::Calculation, "calculation", &question.calculation),
            (Role::Relevant, "relevant", &question.relevant),
            (Role::Required, "required", &question.required),
            (Role::Constraint, "constraint", &question.constraint),
            (Role::ReadOnly, "readonly", &question.read_only),
        ] {
            // A calculation that a trigger runs is no rule: it is computed when told to.
            let is_told = role == Role::Calculation && !question.triggers.is_empty();
            let Some(text) = text.as_ref().filter(|_| !is_told) else { continue };
            rules.push(Rule { target, role, text: text.clone() });
            places.push(question.place.at(column));
        }
    }
    match Logic::new(Arc::clone(outline), &rules) {
        Ok(logic) => Some(logic),
        Err(faults) => {
            for fault in faults {
                let place = places.get(fault.rule).cloned().unwrap_or_default();
                problems.push(faulty(place, &fault.error));
            }
            None
        }
    }
}

fn faulty(place: Place, error: &ExpressionError) -> Problem {
    let code = match error.code {
        ErrorCode::Circular => Code::Circular,
        ErrorCode::UnknownName | ErrorCode::AmbiguousName => Code::UnknownName,
        _ => Code::Expression,
    };
    let (line, column) = (error.line, error.column);
    let said = (
        &*format!("表达式第 {line} 行第 {column} 个字符：{}", error.message.zh),
        &*format!("expression, line {line}, character {column}: {}", error.message.en),
    );
    Problem::error(code, place, said, (&error.remedy.zh, &error.remedy.en))
}

struct Checker<'a> {
    outline: &'a Outline,
    problems: &'a mut Problems,
    /// How many names were not found.
    unknown: usize,
}

impl Checker<'_> {
    fn compiles(&mut self, text: &str, place: &Place) {
        // A name that is unknown is looked for among all.
        if self.unknown >= Limits::UNKNOWN_NAMES {
            return;
        }
        if let Err(error) = compile(text, self.outline) {
            self.unknown += 1;
            self.problems.push(faulty(place.clone(), &error));
        }
    }

    /// Expressions that are no rules.
    fn single(&mut self, question: &Question) {
        let place = &question.place;
        if let Some(Answer::Computed(text)) = &question.default {
            self.compiles(text, &place.at("default"));
        }
        if let Some(text) = &question.choice_filter {
            self.compiles(text, &place.at("choice_filter"));
        }
        if let Some(text) = &question.repeat_count {
            self.compiles(text, &place.at("repeat_count"));
        }
        if let Some(text) = question.calculation.as_ref().filter(|_| !question.triggers.is_empty())
        {
            self.compiles(text, &place.at("calculation"));
        }
        if let Some(seed) = question.parameters.get("seed").filter(|seed| is_reference(seed)) {
            self.compiles(seed, &place.at("parameters"));
        }
        for name in &question.triggers {
            self.name(name, &place.at("trigger"));
        }
        if let Some(super::Source::Answers(name)) = question.kind.source() {
            self.name(name, &place.at("type"));
        }
    }

    /// `${name}` within texts that people read.
    fn references(&mut self, question: &Question) {
        for (column, text) in question.texts() {
            for (_, text) in text.iter() {
                for name in references(text) {
                    self.name(name, &question.place.at(column));
                }
            }
        }
    }

    fn name(&mut self, name: &str, place: &Place) {
        // One is enough to keep the form from being used; each costs a walk through all names.
        if self.unknown >= Limits::UNKNOWN_NAMES {
            return;
        }
        let short = shortened(name);
        let (said, remedy) = match self.outline.find(name) {
            Ok(_) => return,
            Err(Unresolved::Ambiguous) => (
                (format!("有几个项目叫 {short}"), format!("several questions are called {short}")),
                ("给每个项目不同的名称".to_owned(), "give each a name of its own".to_owned()),
            ),
            Err(Unresolved::Unknown(near)) => (
                (format!("没有叫 {short} 的项目"), format!("no question is called {short}")),
                match near {
                    Some(near) => (format!("是否指 {near}？"), format!("did you mean {near}?")),
                    None => ("核对名称".to_owned(), "check the name".to_owned()),
                },
            ),
        };
        self.unknown += 1;
        let (said, remedy) = ((&*said.0, &*said.1), (&*remedy.0, &*remedy.1));
        self.problems.push(Problem::error(Code::UnknownName, place.clone(), said, remedy));
    }
}

/// The names in `${…}`, in order.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| {
        let name = rest.split_once('}')?.0.trim();
        // A price in dollars and braces is no reference.
        (!name.is_empty() && !name.contains(char::is_whitespace)).then_some(name)
    })
}
