//! Conditions, constraints and calculations of a form become those of a checklist: the same
//! expressions, which name items by their codes.

use std::collections::BTreeMap;

use spotcheck_checklists::expression::{
    Axis, Expr, Kind as ExprKind, Operator, Path, Start, Step, Test, parse,
};
use spotcheck_checklists::{Computed, Constraint, Item, ItemLogic, Kind as ItemKind};
use spotcheck_rules::Bilingual;

use super::{Converter, group};
use crate::form::{Kind, Question};
use crate::problem::{Code, Problem};

/// What is said where a form says nothing.
const NOT_ALLOWED: (&str, &str) = ("答案不符合要求", "this answer is not allowed here");

/// What stands for the questions of a form in the expressions of its checklist.
#[derive(Debug, Default)]
pub(super) struct Meanings {
    names: BTreeMap<String, String>,
    /// Of a question, the choices that have another code than their name.
    choices: BTreeMap<String, BTreeMap<String, String>>,
}

impl Meanings {
    pub(super) fn name(&mut self, question: &str, code: String) {
        self.names.insert(question.to_owned(), code);
    }

    pub(super) fn choice(&mut self, question: &str, name: &str, code: &str) {
        if name != code {
            let of = self.choices.entry(question.to_owned()).or_default();
            of.insert(name.to_owned(), code.to_owned());
        }
    }

    /// The expression of a question as the checklist has it; what stands in the way, if something does.
    pub(super) fn translate(&self, text: &str, here: Here<'_>) -> Result<String, String> {
        let expr = parse(text).map_err(|error| error.message.en.clone())?;
        Ok(Translating { meanings: self, here }.expr(&expr)?.to_string())
    }

    fn code(&self, name: &str) -> Result<String, String> {
        self.names.get(name).cloned().ok_or_else(|| name.to_owned())
    }
}

/// Whose expression it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here<'a> {
    /// The question's name.
    pub(super) name: &'a str,
    /// Whether a group without a meaning holds it: then `..` is another place in a form than in its
    /// checklist, which has no groups.
    pub(super) in_group: bool,
}

struct Translating<'a> {
    meanings: &'a Meanings,
    here: Here<'a>,
}

impl Translating<'_> {
    fn expr(&self, expr: &Expr) -> Result<Expr, String> {
        let kind = match &expr.kind {
            ExprKind::Reference(name) => ExprKind::Reference(self.meanings.code(name)?),
            ExprKind::Negate(inner) => ExprKind::Negate(Box::new(self.expr(inner)?)),
            ExprKind::Call { name, name_span, args } => ExprKind::Call {
                name: name.clone(),
                name_span: *name_span,
                args: match name.as_str() {
                    "selected" => self.beside(args.iter())?,
                    _ => self.all(args)?,
                },
            },
            ExprKind::Chain { first, rest } => {
                let compares =
                    |(it, _): &(Operator, Expr)| matches!(it, Operator::Equal | Operator::NotEqual);
                let all = std::iter::once(&**first).chain(rest.iter().map(|(_, right)| right));
                let all = match rest.iter().all(compares) {
                    true => self.beside(all)?,
                    false => all.map(|it| self.expr(it)).collect::<Result<_, _>>()?,
                };
                let mut all = all.into_iter();
                let first = all.next().unwrap_or_else(|| (**first).clone());
                let rest = rest.iter().map(|(operator, _)| *operator).zip(all);
                ExprKind::Chain { first: Box::new(first), rest: rest.collect() }
            }
            ExprKind::Path(path) => ExprKind::Path(self.path(path)?),
            ExprKind::Number(_) | ExprKind::Text(_) => expr.kind.clone(),
        };
        Ok(Expr { kind, span: expr.span })
    }

    /// Expressions that are compared with each other: a text beside a question means one of its choices.
    fn beside<'e>(&self, all: impl Iterator<Item = &'e Expr> + Clone) -> Result<Vec<Expr>, String> {
        let renamed = all.clone().find_map(|it| self.meanings.choices.get(self.question(it)?));
        let meant = |it: &Expr| match (&it.kind, renamed) {
            (ExprKind::Text(text), Some(renamed)) => {
                let code = renamed.get(text).cloned();
                code.map(|code| Expr { kind: ExprKind::Text(code), span: it.span })
            }
            _ => None,
        };
        all.map(|it| meant(it).map_or_else(|| self.expr(it), Ok)).collect()
    }

    /// The question whose answer an expression is: `${name}`, `.`, `../name`.
    fn question<'e>(&'e self, expr: &'e Expr) -> Option<&'e str> {
        match &expr.kind {
            ExprKind::Reference(name) => Some(name),
            ExprKind::Path(Path { start: Start::Here, steps }) => match steps.as_slice() {
                [Step { axis: Axis::Itself, test: Test::Any, .. }] => Some(self.here.name),
                [.., Step { axis: Axis::Child, test: Test::Name(name), .. }] => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    fn path(&self, path: &Path) -> Result<Path, String> {
        let up = path.steps.iter().filter(|step| step.axis == Axis::Parent).count();
        let start = match &path.start {
            // What a form finds by its groups has no place in a checklist, which has none.
            Start::Root => return Err(path.to_string()),
            Start::Here if up > 1 || (up > 0 && self.here.in_group) => {
                return Err(path.to_string());
            }
            Start::Here => Start::Here,
            Start::Filter(expr, predicates) => {
                Start::Filter(Box::new(self.expr(expr)?), self.all(predicates)?)
            }
        };
        let steps = path.steps.iter().map(|step| self.step(step)).collect::<Result<_, _>>()?;
        Ok(Path { start, steps })
    }

    fn step(&self, step: &Step) -> Result<Step, String> {
        let test = match &step.test {
            Test::Name(name) if step.axis == Axis::Child => Test::Name(self.meanings.code(name)?),
            Test::Name(name) => return Err(name.clone()),
            Test::Any => Test::Any,
        };
        let predicates = self.all(&step.predicates)?;
        Ok(Step { axis: step.axis, test, predicates, span: step.span })
    }

    fn all(&self, all: &[Expr]) -> Result<Vec<Expr>, String> {
        all.iter().map(|it| self.expr(it)).collect()
    }
}

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
        item.logic = ItemLogic { relevant, required, constraint, calculation };
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
        let text = question.calculation.as_deref()?;
        let value = self.translated(question, "calculation", text)?;
        // Where it is not asked it has no value.
        let value = match self.relevant(question) {
            Some(relevant) => {
                let value = format!("if({relevant}, {value}, '')");
                parse(&value).map_or(value, |expr| expr.to_string())
            }
            None => value,
        };
        super::lost::of_item(question, self.problems);
        let repeat = self.above(question).find_map(|it| it.additions.repeat);
        Some(Computed { name: question.name.clone(), value, repeat })
    }

    fn translated(&mut self, question: &'a Question, column: &str, text: &str) -> Option<String> {
        let in_group = self.above(question).any(|it| it.kind == Kind::Group);
        let here = Here { name: &question.name, in_group };
        match self.meanings.translate(text, here) {
            Ok(translated) => Some(translated),
            Err(name) => {
                let said = (
                    &*format!("表达式用到 {name}，它不是检查项"),
                    &*format!("the expression needs {name}, which is no item"),
                );
                self.not_held(question, column, said);
                None
            }
        }
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
    matches!(question.kind, Kind::Calculate | Kind::Hidden)
        && question.calculation.is_some()
        && question.triggers.is_empty()
}
