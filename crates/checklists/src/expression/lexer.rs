//! Text to words. Every byte is looked at a bounded number of times.

use super::error::{ErrorCode, Fault, Faulty};
use super::token::Token;
use super::{Limits, Operator, Span};

/// The words of `text`, ending with [`Token::End`].
pub(super) fn lex(text: &str) -> Faulty<Vec<(Token, Span)>> {
    if text.len() > Limits::BYTES {
        return Err(Fault::too_long(Span::new(0, 0)));
    }
    let mut lexer = Lexer { text, at: 0, words: Vec::new() };
    while let Some(word) = lexer.next()? {
        lexer.words.push(word);
    }
    let end = Span::new(text.len(), text.len());
    lexer.words.push((Token::End, end));
    Ok(lexer.words)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    words: Vec<(Token, Span)>,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next(&mut self) -> Faulty<Option<(Token, Span)>> {
        let rest = self.rest();
        let blank = rest.len() - rest.trim_start().len();
        self.at += blank;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(None) };
        let start = self.at;
        let (token, length) = match first {
            '\'' | '"' => self.literal(first)?,
            '$' => self.reference()?,
            '0'..='9' => self.number()?,
            '.' if rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) => self.number()?,
            _ if is_name_start(first) => self.name(),
            _ => self.sign(first)?,
        };
        self.at += length;
        Ok(Some((token, Span::new(start, self.at))))
    }

    fn literal(&self, quote: char) -> Faulty<(Token, usize)> {
        let inside = self.rest().get(1..).unwrap_or_default();
        let Some(length) = inside.find(quote) else {
            return Err(Fault::new(
                ErrorCode::Syntax,
                Span::new(self.at, self.text.len()),
                ("引号没有结束", "a quote is not closed"),
                (format!("在文字末尾加上 {quote}"), format!("add {quote} at the end of the text")),
            ));
        };
        let text = inside.get(..length).unwrap_or_default().to_owned();
        Ok((Token::Text(text), length + 2))
    }

    fn reference(&self) -> Faulty<(Token, usize)> {
        let rest = self.rest();
        let inside = rest.strip_prefix("${").and_then(|inside| Some((inside, inside.find('}')?)));
        let name = inside.and_then(|(inside, length)| inside.get(..length)).map(str::trim);
        let whole = inside.map_or(1, |(_, length)| length + 3);
        let span = Span::new(self.at, self.at + whole);
        match name {
            Some(name) if is_name(name) => Ok((Token::Reference(name.to_owned()), whole)),
            Some(name) if name.starts_with("last-saved#") => Err(Fault::new(
                ErrorCode::Unsupported,
                span,
                ("不支持 last-saved", "last-saved is not supported"),
                (
                    "改用默认值，或引用本次检查的项目",
                    "use a default, or a question of this inspection",
                ),
            )),
            _ => Err(Fault::new(
                ErrorCode::Syntax,
                span,
                ("$ 之后不是 {名称}", "$ is not followed by {name}"),
                ("写成 ${名称}，例如 ${temperature}", "write ${name}, for example ${temperature}"),
            )),
        }
    }

    fn number(&self) -> Faulty<(Token, usize)> {
        let rest = self.rest();
        let digits = |from: usize| {
            let tail = rest.get(from..).unwrap_or_default();
            tail.bytes().take_while(u8::is_ascii_digit).count()
        };
        let whole = digits(0);
        let mut length = whole;
        if rest.as_bytes().get(whole) == Some(&b'.') {
            length = whole + 1 + digits(whole + 1);
        }
        let span = Span::new(self.at, self.at + length);
        let number = rest.get(..length).and_then(|text| text.parse::<f64>().ok());
        match number.filter(|number| number.is_finite()) {
            Some(number) => Ok((Token::Number(number), length)),
            None => Err(Fault::new(
                ErrorCode::Syntax,
                span,
                ("数字过大", "the number is too large"),
                ("写小于 1e308 的数字", "write a number below 1e308"),
            )),
        }
    }

    fn name(&self) -> (Token, usize) {
        let rest = self.rest();
        let part = |text: &str| -> usize { text.find(|c| !is_name_part(c)).unwrap_or(text.len()) };
        let mut length = part(rest);
        // `a:b` is a name with its prefix, `a::b` an axis.
        let tail = rest.get(length..).unwrap_or_default();
        if let Some(after) = tail.strip_prefix(':')
            && after.starts_with(is_name_start)
        {
            length += 1 + part(after);
        }
        let name = rest.get(..length).unwrap_or_default();
        let after_operand = self.words.last().is_some_and(|(token, _)| token.ends_operand());
        let operator = match name {
            "or" => Some(Operator::Or),
            "and" => Some(Operator::And),
            "div" => Some(Operator::Divide),
            "mod" => Some(Operator::Modulo),
            _ => None,
        };
        match operator.filter(|_| after_operand) {
            Some(operator) => (Token::Operator(operator), length),
            None => (Token::Name(name.to_owned()), length),
        }
    }

    fn sign(&self, first: char) -> Faulty<(Token, usize)> {
        let rest = self.rest();
        let after_operand = self.words.last().is_some_and(|(token, _)| token.ends_operand());
        let two = [
            ("!=", Token::Operator(Operator::NotEqual)),
            ("<=", Token::Operator(Operator::LessOrEqual)),
            (">=", Token::Operator(Operator::GreaterOrEqual)),
            ("//", Token::DoubleSlash),
            ("..", Token::DotDot),
            ("::", Token::Axis),
        ];
        if ["==", "<>", "&&", "||"].iter().any(|other| rest.starts_with(other)) {
            return Err(self.foreign(first, 2));
        }
        for (sign, token) in two {
            if rest.starts_with(sign) {
                return Ok((token, 2));
            }
        }
        let token = match first {
            '=' => Token::Operator(Operator::Equal),
            '<' => Token::Operator(Operator::Less),
            '>' => Token::Operator(Operator::Greater),
            '+' => Token::Operator(Operator::Add),
            '-' => Token::Operator(Operator::Subtract),
            '|' => Token::Operator(Operator::Union),
            '*' if after_operand => Token::Operator(Operator::Multiply),
            '*' => Token::Star,
            '/' => Token::Slash,
            '.' => Token::Dot,
            '@' => Token::At,
            '(' => Token::Open,
            ')' => Token::Close,
            '[' => Token::OpenBracket,
            ']' => Token::CloseBracket,
            ',' => Token::Comma,
            _ => return Err(self.foreign(first, first.len_utf8())),
        };
        Ok((token, 1))
    }

    /// A sign of another language: full-width punctuation, curly quotes, `==`, `&&` …
    fn foreign(&self, first: char, length: usize) -> Box<Fault> {
        let span = Span::new(self.at, self.at + length);
        let found = self.text.get(span.start..span.end).unwrap_or_default();
        let instead = match found {
            "==" => "=",
            "<>" | "!" | "！" => "!=",
            "&&" | "&" => "and",
            "||" => "or",
            "%" => "mod",
            "“" | "”" | "‘" | "’" | "「" | "」" | "＇" | "＂" => "'",
            "（" => "(",
            "）" => ")",
            "，" | "、" | ";" | "；" => ",",
            "＝" => "=",
            "＞" => ">",
            "＜" => "<",
            "≥" => ">=",
            "≤" => "<=",
            "≠" => "!=",
            "＋" => "+",
            "－" | "−" | "–" | "—" => "-",
            "×" | "＊" => "*",
            "÷" | "／" => "div",
            "。" | "．" => ".",
            _ => "",
        };
        let shown = first.escape_debug();
        let found = if length == 2 { found.to_owned() } else { shown.to_string() };
        let message =
            (format!("不认识的符号 {found}"), format!("the sign {found} is not understood"));
        if instead.is_empty() {
            return Fault::new(
                ErrorCode::Syntax,
                span,
                message,
                ("删去它，或放进引号里", "remove it, or put it between quotes"),
            );
        }
        let remedy = (format!("改为 {instead}"), format!("write {instead} instead"));
        Fault::new(ErrorCode::Syntax, span, message, remedy)
    }
}

/// Whether `text` is one name without a prefix.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(is_name_start) && text.chars().all(is_name_part)
}

fn is_name_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

fn is_name_part(c: char) -> bool {
    // Numeric, not only ASCII digits: XML names hold those of every script.
    c == '_' || c == '-' || c == '.' || c == '·' || c.is_alphanumeric()
}
