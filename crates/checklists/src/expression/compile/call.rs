//! Calls of functions: the name, the number of arguments, and what they must be.

use super::{Compiler, not_nodes};
use crate::expression::date::parse_date_time;
use crate::expression::error::{ErrorCode, Fault, Faulty};
use crate::expression::function::{REFUSED, nearest};
use crate::expression::parser::parse_at_depth;
use crate::expression::pattern::Pattern;
use crate::expression::program::{Code, Op};
use crate::expression::{Expr, Function, Kind, Limits, Span};

impl Compiler<'_> {
    pub(super) fn call(
        &self,
        name: &str,
        name_span: Span,
        args: &[Expr],
        span: Span,
    ) -> Faulty<Op> {
        let function = Function::find(name).ok_or_else(|| unknown(name, name_span))?;
        check_count(function, args.len(), span)?;
        let mut codes = Vec::with_capacity(args.len());
        for (index, arg) in args.iter().enumerate() {
            codes.push(self.argument(function, index, arg)?);
        }
        match (function, codes.as_slice()) {
            (Function::Regex, [_, Code { op: Op::Text(pattern), span }]) => {
                let pattern = Pattern::new(pattern).map_err(|fault| bad_pattern(&fault, *span))?;
                codes.truncate(1);
                let text = Box::new(codes.remove(0));
                Ok(Op::Matches { text, pattern: Box::new(pattern) })
            }
            // A date that is computed may be empty; one that is written is a mistake.
            (Function::Date | Function::DateTime, [Code { op: Op::Text(date), span }])
                if !date.is_empty() && parse_date_time(date, 0, true).is_none() =>
            {
                Err(impossible_date(date, *span))
            }
            _ => Ok(Op::Call { function, args: codes }),
        }
    }

    fn argument(&self, function: Function, index: usize, arg: &Expr) -> Faulty<Code> {
        if function == Function::ChoiceName && index == 1 {
            return self.question(arg);
        }
        // Its pairs say which instances are meant, so its nodes are taken from all of them.
        let everywhere = function == Function::IndexedRepeat && (index == 0 || index % 2 == 1);
        let code = self.expr(arg, everywhere)?;
        let needs = match function {
            Function::IndexedRepeat => everywhere,
            _ => function.node_arguments() >> index.min(31) & 1 == 1,
        };
        if needs && !code.yields_nodes() {
            return Err(not_nodes(function.name(), code.span));
        }
        Ok(code)
    }

    /// The second argument of `jr:choice-name`: a question, by custom between quotes.
    fn question(&self, arg: &Expr) -> Faulty<Code> {
        let code = match &arg.kind {
            Kind::Text(text) => {
                let inside = parse_at_depth(text, Limits::DEPTH / 2);
                let inside = inside.map_err(|_| not_a_question(arg.span))?;
                // Places inside the quotes are shown as the whole text.
                let mut code = self.expr(&inside, false).map_err(|mut fault| {
                    fault.span = arg.span;
                    fault
                })?;
                code.span = arg.span;
                code
            }
            _ => self.expr(arg, false)?,
        };
        if code.yields_nodes() { Ok(code) } else { Err(not_a_question(arg.span)) }
    }
}

fn unknown(name: &str, span: Span) -> Box<Fault> {
    if let Some((_, zh, en)) = REFUSED.iter().find(|(refused, ..)| *refused == name) {
        let message = (format!("不支持函数 {name}()"), format!("{name}() is not supported"));
        return Fault::new(ErrorCode::Unsupported, span, message, (*zh, *en));
    }
    let near = nearest(name, Function::ALL.iter().map(|function| function.name()));
    let remedy = near.map_or_else(
        || {
            let page = "docs/EXPRESSIONS.md";
            (format!("函数表见 {page}"), format!("{page} lists the functions"))
        },
        |near| (format!("是否指 {near}()？"), format!("did you mean {near}()?")),
    );
    let message = (format!("没有函数 {name}()"), format!("there is no function {name}()"));
    Fault::new(ErrorCode::UnknownFunction, span, message, remedy)
}

fn check_count(function: Function, given: usize, span: Span) -> Faulty<()> {
    let (least, most) = function.arity();
    let paired = match function {
        Function::IndexedRepeat => given % 2 == 1,
        Function::WeightedChecklist => given.is_multiple_of(2),
        _ => true,
    };
    if (least..=most).contains(&given) && paired {
        return Ok(());
    }
    let name = function.name();
    let (zh, en) = match (least, most) {
        _ if !paired => ("成对的参数".to_owned(), "its last arguments in pairs".to_owned()),
        (0, 0) => ("0 个参数".to_owned(), "no argument".to_owned()),
        (least, usize::MAX) => {
            (format!("至少 {least} 个参数"), format!("{least} or more arguments"))
        }
        (least, most) if least == most => (format!("{least} 个参数"), format!("{least} arguments")),
        (least, most) => {
            (format!("{least} 到 {most} 个参数"), format!("{least} to {most} arguments"))
        }
    };
    Err(Fault::new(
        ErrorCode::Arguments,
        span,
        (format!("{name}() 有 {given} 个参数"), format!("{name}() is given {given} arguments")),
        (format!("它需要{zh}"), format!("it takes {en}")),
    ))
}

pub(in crate::expression) fn bad_pattern(fault: &str, span: Span) -> Box<Fault> {
    Fault::new(
        ErrorCode::Type,
        span,
        (format!("正则表达式不可用：{fault}"), format!("the pattern is of no use: {fault}")),
        (
            "修正它；不支持前后查找和反向引用",
            "correct it; look-around and back-references are not supported",
        ),
    )
}

fn impossible_date(date: &str, span: Span) -> Box<Fault> {
    Fault::new(
        ErrorCode::Type,
        span,
        (format!("{date} 不是日期"), format!("{date} is no date")),
        ("写成 2021-06-24", "write it as 2021-06-24"),
    )
}

fn not_a_question(span: Span) -> Box<Fault> {
    Fault::new(
        ErrorCode::Type,
        span,
        (
            "jr:choice-name() 的第二个参数不是选择题",
            "the second argument of jr:choice-name() is no question",
        ),
        ("写 '${名称}'", "write '${name}'"),
    )
}
