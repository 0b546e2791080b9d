//! Words to an expression. Recursion is bounded by [`Limits::DEPTH`], chains are loops.

mod path;

use super::ast::NEGATE;
use super::error::{ErrorCode, Fault, Faulty};
use super::lexer::lex;
use super::token::Token;
use super::{Expr, ExpressionError, Kind, Limits, Operator, Span};

/// Reads one expression. Anything may be passed in: it never panics, and takes time linear in the
/// length of the text.
///
/// # Errors
/// [`ExpressionError`] with the place of the fault, when the text is no expression of the subset
/// or passes one of the [`Limits`].
pub fn parse(text: &str) -> Result<Expr, ExpressionError> {
    parse_at_depth(text, 0).map_err(|fault| fault.in_text(text))
}

/// As [`parse`], for a text that stands within another expression.
pub(super) fn parse_at_depth(text: &str, depth: usize) -> Faulty<Expr> {
    let words = lex(text)?;
    let mut parser = Parser { words, at: 0, depth };
    if parser.peek() == &Token::End {
        return Err(Fault::new(
            ErrorCode::Syntax,
            Span::new(0, 0),
            ("表达式是空的", "the expression is empty"),
            ("写一个表达式，或清空单元格", "write an expression, or clear the cell"),
        ));
    }
    let expr = parser.expression(0)?;
    match parser.peek() {
        Token::End => Ok(expr),
        _ => Err(parser.unexpected("an operator", "运算符")),
    }
}

struct Parser {
    words: Vec<(Token, Span)>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.words.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn peek_second(&self) -> &Token {
        self.words.get(self.at + 1).map_or(&Token::End, |(token, _)| token)
    }

    fn span(&self) -> Span {
        let last = self.words.last().map_or(Span::default(), |(_, span)| *span);
        self.words.get(self.at).map_or(last, |(_, span)| *span)
    }

    fn advance(&mut self) -> (Token, Span) {
        let word = (self.peek().clone(), self.span());
        self.at += 1;
        word
    }

    fn expect(&mut self, token: &Token, en: &str, zh: &str) -> Faulty<Span> {
        if self.peek() == token { Ok(self.advance().1) } else { Err(self.unexpected(en, zh)) }
    }

    fn unexpected(&self, wanted_en: &str, wanted_zh: &str) -> Box<Fault> {
        let (zh, en) = match self.peek() {
            Token::End => ("表达式在这里中断了", "the expression ends too early"),
            _ => ("这里不应出现这个词", "this word is not expected here"),
        };
        Fault::new(
            ErrorCode::Syntax,
            self.span(),
            (zh, en),
            (format!("此处应为{wanted_zh}"), format!("{wanted_en} is expected here")),
        )
    }

    /// An expression of operators that bind at least as tightly as `least`.
    fn expression(&mut self, least: u8) -> Faulty<Expr> {
        self.depth += 1;
        if self.depth > Limits::DEPTH {
            return Err(Fault::too_deep(self.span()));
        }
        let mut left = self.unary()?;
        while let Some(precedence) = self.operator().map(Operator::precedence) {
            if precedence < least {
                break;
            }
            let mut rest = Vec::new();
            while let Some(operator) = self.operator().filter(|o| o.precedence() == precedence) {
                self.advance();
                rest.push((operator, self.expression(precedence + 1)?));
            }
            let span = rest.last().map_or(left.span, |(_, last)| left.span.to(last.span));
            left = Expr { kind: Kind::Chain { first: Box::new(left), rest }, span };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operator(&self) -> Option<Operator> {
        match self.peek() {
            Token::Operator(operator) => Some(*operator),
            _ => None,
        }
    }

    fn unary(&mut self) -> Faulty<Expr> {
        let start = self.span();
        let mut signs = 0_usize;
        while self.peek() == &Token::Operator(Operator::Subtract) {
            self.advance();
            signs += 1;
        }
        if signs == 0 {
            return self.operand();
        }
        let operand = self.expression(NEGATE + 1)?;
        let span = start.to(operand.span);
        let negated = Expr { kind: Kind::Negate(Box::new(operand)), span };
        if signs % 2 == 1 {
            return Ok(negated);
        }
        // Twice negated is not the same as not at all: it makes a number of it.
        Ok(Expr { kind: Kind::Negate(Box::new(negated)), span })
    }

    fn call(&mut self) -> Faulty<Expr> {
        let (token, name_span) = self.advance();
        let Token::Name(name) = token else { return Err(self.unexpected("a name", "名称")) };
        self.expect(&Token::Open, "(", " (")?;
        let mut args = Vec::new();
        if self.peek() != &Token::Close {
            args.push(self.expression(0)?);
            while self.peek() == &Token::Comma {
                self.advance();
                args.push(self.expression(0)?);
            }
        }
        let close = self.expect(&Token::Close, ", or )", " , 或 )")?;
        Ok(Expr { kind: Kind::Call { name, name_span, args }, span: name_span.to(close) })
    }

    fn primary(&mut self) -> Faulty<Expr> {
        match self.peek().clone() {
            Token::Name(_) => self.call(),
            Token::Open => {
                let open = self.advance().1;
                let mut inner = self.expression(0)?;
                inner.span = open.to(self.expect(&Token::Close, ")", " )")?);
                Ok(inner)
            }
            Token::Number(number) => self.leaf(Kind::Number(number)),
            Token::Text(text) => self.leaf(Kind::Text(text)),
            Token::Reference(name) => self.leaf(Kind::Reference(name)),
            _ => Err(self.unexpected("a value, a ${name} or a function", "值、${名称} 或函数")),
        }
    }

    fn leaf(&mut self, kind: Kind) -> Faulty<Expr> {
        Ok(Expr { kind, span: self.advance().1 })
    }
}
