//! What the names of a form mean in the expressions of its checklist: the same expressions, which name items and
//! choices by their codes.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use spotcheck_checklists::expression::{
    Axis, Expr, Kind as ExprKind, Operator, Path, Start, Step, Test, parse,
};

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
        Ok(Translating { meanings: self, here, row: None }.expr(&expr)?.to_string())
    }

    /// The same of a choice filter, and what it reads of each choice.
    pub(super) fn translate_filter(
        &self,
        text: &str,
        here: Here<'_>,
    ) -> Result<(String, Columns), String> {
        let expr = parse(text).map_err(|error| error.message.en.clone())?;
        let row = RefCell::default();
        let translating = Translating { meanings: self, here, row: Some(&row) };
        let translated = translating.expr(&expr)?.to_string();
        let columns = row.into_inner();
        // One spelling of a cell cannot be a choice's code and the text that is asked for, nor two codes.
        for (column, questions) in &columns.answers {
            let renaming: BTreeSet<_> =
                questions.iter().filter_map(|it| self.choices.get(it)).collect();
            let mixed = renaming.len() > 1 || (!renaming.is_empty() && questions.len() > 1);
            if mixed || (!renaming.is_empty() && columns.texts.contains(column)) {
                return Err(format!("{column}, which stands for several things here"));
            }
        }
        Ok((translated, columns))
    }

    /// A cell of a column as a filter compares it: where it stands beside a question's answer, a choice's code.
    pub(super) fn cell(&self, columns: &Columns, column: &str, cell: &str) -> String {
        let questions = columns.answers.get(column).into_iter().flatten();
        let Some(renamed) = questions.filter_map(|it| self.choices.get(it)).next() else {
            return cell.to_owned();
        };
        // `selected` looks for a word among several.
        let words = cell.split(' ').map(|word| renamed.get(word).map_or(word, String::as_str));
        words.collect::<Vec<_>>().join(" ")
    }

    /// What a choice of the question is called in an answer.
    pub(super) fn code_of_choice(&self, question: &str, name: &str) -> String {
        let renamed = self.choices.get(question).and_then(|it| it.get(name));
        renamed.map_or(name, String::as_str).to_owned()
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

/// What a choice filter reads of each choice.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// All columns it names.
    pub(super) read: BTreeSet<String>,
    /// Those that it compares with answers, and of which questions.
    answers: BTreeMap<String, BTreeSet<String>>,
    /// Those that it compares with a text.
    texts: BTreeSet<String>,
}

/// The column that holds a choice's code.
const CODE: &str = "name";

struct Translating<'a> {
    meanings: &'a Meanings,
    here: Here<'a>,
    /// In a choice filter names without `$` are columns.
    row: Option<&'a RefCell<Columns>>,
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
        self.columns_beside(all.clone());
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

    /// Notes what columns of choices are compared with.
    fn columns_beside<'e>(&self, all: impl Iterator<Item = &'e Expr> + Clone) {
        let Some(row) = self.row else { return };
        let mut row = row.borrow_mut();
        for column in all.clone().filter_map(column).filter(|it| *it != CODE) {
            if let Some(question) = all.clone().find_map(|it| self.question(it)) {
                row.answers.entry(column.to_owned()).or_default().insert(question.to_owned());
            }
            if all.clone().any(|it| matches!(it.kind, ExprKind::Text(_))) {
                row.texts.insert(column.to_owned());
            }
        }
    }

    /// The question whose answer an expression is: `${name}`, `.`, `../name`, `current()/../name`; of a choice
    /// filter's `name` its own.
    fn question<'e>(&'e self, expr: &'e Expr) -> Option<&'e str> {
        if self.row.is_some()
            && let Some(column) = column(expr)
        {
            return (column == CODE).then_some(self.here.name);
        }
        match &expr.kind {
            ExprKind::Reference(name) => Some(name),
            ExprKind::Path(Path { start: Start::Filter(of, _), steps }) if is_current(of) => {
                match steps.as_slice() {
                    [.., Step { axis: Axis::Child, test: Test::Name(name), .. }] => Some(name),
                    _ => None,
                }
            }
            ExprKind::Path(Path { start: Start::Here, steps }) => match steps.as_slice() {
                [Step { axis: Axis::Itself, test: Test::Any, .. }] => Some(self.here.name),
                [.., Step { axis: Axis::Child, test: Test::Name(name), .. }] => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    fn path(&self, path: &Path) -> Result<Path, String> {
        if let Some(row) = self.row {
            match (column_of(path), &path.start) {
                (Some(column), _) => {
                    row.borrow_mut().read.insert(column.to_owned());
                    return Ok(path.clone());
                }
                (None, Start::Filter(of, predicates))
                    if is_current(of) && predicates.is_empty() => {}
                _ => return Err(path.to_string()),
            }
        }
        let up = path.steps.iter().filter(|step| step.axis == Axis::Parent).count();
        let start = match &path.start {
            // What a form finds by its groups has no place in a checklist, which has none.
            Start::Root => return Err(path.to_string()),
            start if up > usize::from(!self.here.in_group) && is_here(start) => {
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

fn is_current(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Call { name, .. } if name == "current")
}

fn is_here(start: &Start) -> bool {
    match start {
        Start::Here => true,
        Start::Filter(of, _) => is_current(of),
        Start::Root => false,
    }
}

/// The column that a filter's expression is.
fn column(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Path(path) => column_of(path),
        _ => None,
    }
}

fn column_of(path: &Path) -> Option<&str> {
    match (&path.start, path.steps.as_slice()) {
        (Start::Here, [Step { axis: Axis::Child, test: Test::Name(name), predicates, .. }])
            if predicates.is_empty() =>
        {
            Some(name)
        }
        _ => None,
    }
}
