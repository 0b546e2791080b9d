//! From what is said to what is run: every name and function is looked up here, once.

mod call;

use std::sync::Arc;

use super::error::{ErrorCode, Fault, Faulty};
use super::program::{Code, CodeStep, From, Op};
use super::{
    Expr, ExpressionError, Kind, Names, Operator, Path, Program, Span, Start, Step, Unresolved,
    parse,
};

/// Reads and compiles an expression for the form whose names are given.
///
/// # Errors
/// [`ExpressionError`] when it is no expression, names a question or function that does not
/// exist, gives a function too few or too many arguments or a value where it needs nodes, or holds
/// a pattern that is none.
pub fn compile(text: &str, names: &dyn Names) -> Result<Program, ExpressionError> {
    let expr = parse(text)?;
    let code = Compiler { names }.expr(&expr, false).map_err(|fault| fault.in_text(text))?;
    Ok(Program { text: Arc::from(text), code: Arc::new(code) })
}

pub(super) use call::bad_pattern;

struct Compiler<'a> {
    names: &'a dyn Names,
}

impl Compiler<'_> {
    /// `everywhere`: a `${name}` means all instances of its repeats.
    fn expr(&self, expr: &Expr, everywhere: bool) -> Faulty<Code> {
        let op = match &expr.kind {
            Kind::Number(number) => Op::Number(*number),
            Kind::Text(text) => Op::Text(Arc::from(text.as_str())),
            Kind::Reference(name) => {
                Op::Reference { name: self.name(name, expr.span)?, everywhere }
            }
            Kind::Call { name, name_span, args } => self.call(name, *name_span, args, expr.span)?,
            Kind::Negate(inner) => Op::Negate(Box::new(self.expr(inner, false)?)),
            Kind::Chain { first, rest } => self.chain(first, rest)?,
            Kind::Path(path) => self.path(path)?,
        };
        Ok(Code { op, span: expr.span })
    }

    fn name(&self, name: &str, span: Span) -> Faulty<super::NameId> {
        self.names.find(name).map_err(|unresolved| match unresolved {
            Unresolved::Ambiguous => Fault::new(
                ErrorCode::AmbiguousName,
                span,
                (format!("有几个项目叫 {name}"), format!("several questions are called {name}")),
                ("给每个项目不同的名称", "give each question a name of its own"),
            ),
            Unresolved::Unknown(near) => {
                let remedy = near.map_or_else(
                    || ("检查名称的拼写".to_owned(), "check the spelling of the name".to_owned()),
                    |near| (format!("是否指 ${{{near}}}？"), format!("did you mean ${{{near}}}?")),
                );
                let message =
                    (format!("没有叫 {name} 的项目"), format!("no question is called {name}"));
                Fault::new(ErrorCode::UnknownName, span, message, remedy)
            }
        })
    }

    fn chain(&self, first: &Expr, rest: &[(Operator, Expr)]) -> Faulty<Op> {
        let union = rest.first().is_some_and(|(operator, _)| *operator == Operator::Union);
        let operand = |expr: &Expr| {
            let code = self.expr(expr, false)?;
            if union && !code.yields_nodes() {
                return Err(not_nodes("|", code.span));
            }
            Ok(code)
        };
        let first = Box::new(operand(first)?);
        let rest = rest.iter().map(|(operator, expr)| Ok((*operator, operand(expr)?)));
        Ok(Op::Chain { first, rest: rest.collect::<Faulty<_>>()? })
    }

    fn path(&self, path: &Path) -> Faulty<Op> {
        let start = match &path.start {
            Start::Root => From::Root,
            Start::Here => From::Here,
            Start::Filter(expr, predicates) => {
                let of = self.expr(expr, false)?;
                if !of.yields_nodes() {
                    return Err(not_nodes("/", of.span));
                }
                From::Nodes { of: Box::new(of), predicates: self.all(predicates)? }
            }
        };
        let steps = path.steps.iter().map(|step| self.step(step)).collect::<Faulty<_>>()?;
        Ok(Op::Path { start, steps })
    }

    fn step(&self, step: &Step) -> Faulty<CodeStep> {
        let predicates = self.all(&step.predicates)?;
        Ok(CodeStep { axis: step.axis, test: step.test.clone(), predicates })
    }

    fn all(&self, exprs: &[Expr]) -> Faulty<Vec<Code>> {
        exprs.iter().map(|expr| self.expr(expr, false)).collect()
    }
}

/// A value stands where only nodes are of use.
fn not_nodes(what: &str, span: Span) -> Box<Fault> {
    Fault::new(
        ErrorCode::Type,
        span,
        (
            format!("{what} 需要引用项目，这里是一个值"),
            format!("{what} needs nodes, this is a value"),
        ),
        ("写 ${名称} 或路径", "write a ${name} or a path"),
    )
}
