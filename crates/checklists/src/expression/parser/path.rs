//! Paths: which nodes, step by step.

use super::Parser;
use crate::expression::ast::{Axis, Path, Start, Step, Test};
use crate::expression::error::{ErrorCode, Fault, Faulty};
use crate::expression::token::Token;
use crate::expression::{Expr, Kind, Span};

impl Parser {
    /// A value, or a path that starts at one, at the top or here.
    pub(super) fn operand(&mut self) -> Faulty<Expr> {
        let start = self.span();
        match self.peek() {
            Token::DoubleSlash => Err(anywhere(start)),
            Token::Slash => {
                self.advance();
                let steps = if self.at_step() { self.steps()? } else { Vec::new() };
                Ok(path(Start::Root, steps, start))
            }
            _ if self.at_step() => {
                let steps = self.steps()?;
                Ok(path(Start::Here, steps, start))
            }
            _ => self.filter(),
        }
    }

    fn filter(&mut self) -> Faulty<Expr> {
        let start = self.primary()?;
        let predicates = self.predicates()?;
        let steps = match self.peek() {
            Token::DoubleSlash => return Err(anywhere(self.span())),
            Token::Slash => {
                self.advance();
                self.steps()?
            }
            _ => Vec::new(),
        };
        if predicates.is_empty() && steps.is_empty() {
            return Ok(start);
        }
        let span = start.span;
        let end = self.words.get(self.at - 1).map_or(span, |(_, span)| *span);
        let mut whole = path(Start::Filter(Box::new(start), predicates), steps, span);
        whole.span = span.to(end);
        Ok(whole)
    }

    /// Whether a step begins here; a name before `(` is a function, unless it is `node()`.
    fn at_step(&self) -> bool {
        match self.peek() {
            Token::Dot | Token::DotDot | Token::Star | Token::At => true,
            Token::Name(name) => self.peek_second() != &Token::Open || name == "node",
            _ => false,
        }
    }

    fn steps(&mut self) -> Faulty<Vec<Step>> {
        let mut steps = vec![self.step()?];
        while self.peek() == &Token::Slash {
            self.advance();
            steps.push(self.step()?);
        }
        if self.peek() == &Token::DoubleSlash {
            return Err(anywhere(self.span()));
        }
        Ok(steps)
    }

    fn step(&mut self) -> Faulty<Step> {
        if !self.at_step() {
            return Err(self.unexpected("the name of a node", "节点名称"));
        }
        let start = self.span();
        let (axis, test) = match self.peek() {
            Token::Dot => (Axis::Itself, self.any()),
            Token::DotDot => (Axis::Parent, self.any()),
            Token::At => return Err(attribute(start)),
            Token::Name(name) if self.peek_second() == &Token::Axis => {
                let axis = axis(name, start)?;
                self.advance();
                self.advance();
                (axis, self.test()?)
            }
            _ => (Axis::Child, self.test()?),
        };
        let predicates = self.predicates()?;
        let end = self.words.get(self.at - 1).map_or(start, |(_, span)| *span);
        Ok(Step { axis, test, predicates, span: start.to(end) })
    }

    fn any(&mut self) -> Test {
        self.advance();
        Test::Any
    }

    fn test(&mut self) -> Faulty<Test> {
        match self.peek().clone() {
            Token::Star => Ok(self.any()),
            Token::Name(name) if self.peek_second() == &Token::Open => {
                if name != "node" {
                    return Err(self.unexpected("a name, * or node()", "名称、* 或 node()"));
                }
                self.advance();
                self.advance();
                self.expect(&Token::Close, ")", " )")?;
                Ok(Test::Any)
            }
            Token::Name(name) => {
                self.advance();
                // Our forms have one namespace: a prefix (`orx:meta`) tells nothing apart.
                let local = name.rsplit(':').next().unwrap_or(&name).to_owned();
                Ok(Test::Name(local))
            }
            _ => Err(self.unexpected("a name, * or node()", "名称、* 或 node()")),
        }
    }

    fn predicates(&mut self) -> Faulty<Vec<Expr>> {
        let mut predicates = Vec::new();
        while self.peek() == &Token::OpenBracket {
            self.advance();
            predicates.push(self.expression(0)?);
            self.expect(&Token::CloseBracket, "]", " ]")?;
        }
        Ok(predicates)
    }
}

fn path(start: Start, steps: Vec<Step>, from: Span) -> Expr {
    let span = steps.last().map_or(from, |last| from.to(last.span));
    Expr { kind: Kind::Path(Path { start, steps }), span }
}

fn axis(name: &str, span: Span) -> Faulty<Axis> {
    match name {
        "child" => Ok(Axis::Child),
        "parent" => Ok(Axis::Parent),
        "self" => Ok(Axis::Itself),
        _ => Err(Fault::new(
            ErrorCode::Unsupported,
            span,
            (format!("不支持轴 {name}::"), format!("the axis {name}:: is not supported")),
            ("只用子节点、..（上级）和 .（自身）", "use children, .. (parent) and . (self) only"),
        )),
    }
}

fn anywhere(span: Span) -> Box<Fault> {
    Fault::new(
        ErrorCode::Unsupported,
        span,
        ("不支持 //", "// is not supported"),
        ("写出完整路径，或用 ${名称}", "write the whole path, or ${name}"),
    )
}

fn attribute(span: Span) -> Box<Fault> {
    Fault::new(
        ErrorCode::Unsupported,
        span,
        ("不支持属性 @", "attributes (@) are not supported"),
        ("用 ${名称} 引用项目", "refer to a question with ${name}"),
    )
}
