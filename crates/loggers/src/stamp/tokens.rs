//! The pieces of a date or clock, without allocation: a year of minutes is half a million of them.

use super::{DateNumbers, date_of};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A number and its count of digits.
    Number(u32, u8),
    /// Letters of one alphabet.
    Word(&'a str),
    /// Any other character.
    Mark(char),
}

/// More pieces than the longest spelling of a moment has.
const MOST: usize = 20;

pub(super) struct Tokens<'a> {
    tokens: [Token<'a>; MOST],
    len: usize,
    at: usize,
}

/// The first three letters of each month: longer spellings begin alike.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

impl<'a> Tokens<'a> {
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let mut found = Self { tokens: [Token::Mark(' '); MOST], len: 0, at: 0 };
        let mut rest = text.trim();
        while let Some(first) = rest.chars().next() {
            let same = |c: char| kind(c) == kind(first) && kind(c) != Kind::Other;
            let end = rest.find(|c| !same(c)).unwrap_or(rest.len()).max(first.len_utf8());
            let (piece, after) = rest.split_at_checked(end)?;
            let token = match kind(first) {
                Kind::Digit => {
                    let digits = u8::try_from(piece.len()).ok().filter(|digits| *digits <= 9)?;
                    Token::Number(piece.parse().ok()?, digits)
                }
                Kind::Letter | Kind::Han => Token::Word(piece),
                Kind::Other => Token::Mark(first),
            };
            *found.tokens.get_mut(found.len)? = token;
            found.len += 1;
            rest = after.trim_start();
        }
        Some(found)
    }

    fn peek(&self, ahead: usize) -> Option<Token<'a>> {
        let at = self.at + ahead;
        (at < self.len).then(|| self.tokens.get(at).copied()).flatten()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.len
    }

    fn take_mark(&mut self, wanted: char) -> bool {
        let found = self.peek(0) == Some(Token::Mark(wanted));
        self.at += usize::from(found);
        found
    }

    fn take_word(&mut self, wanted: &str) -> bool {
        let found =
            matches!(self.peek(0), Some(Token::Word(word)) if word.eq_ignore_ascii_case(wanted));
        self.at += usize::from(found);
        found
    }

    /// What stands between date and clock.
    pub(super) fn skip_between(&mut self) {
        let _ = self.take_mark(',') || self.take_word("T");
    }

    /// Morning (false) or afternoon (true).
    pub(super) fn half_of_day(&mut self) -> Option<bool> {
        for (word, afternoon) in [("AM", false), ("PM", true), ("上午", false), ("下午", true)]
        {
            if self.take_word(word) {
                return Some(afternoon);
            }
        }
        let Some(Token::Word(letter)) = self.peek(0) else { return None };
        let afternoon = match letter {
            "a" | "A" => false,
            "p" | "P" => true,
            _ => return None,
        };
        let dotted = self.peek(1) == Some(Token::Mark('.'))
            && matches!(self.peek(2), Some(Token::Word("m" | "M")));
        self.at += if dotted { 3 } else { return None };
        self.take_mark('.');
        Some(afternoon)
    }

    pub(super) fn date(&mut self) -> Option<DateNumbers> {
        let (date, taken) = self.numbers().or_else(|| self.han()).or_else(|| self.named())?;
        self.at += taken;
        Some(date)
    }

    /// 24/06/2021: three numbers and twice the same mark.
    fn numbers(&self) -> Option<(DateNumbers, usize)> {
        let five = [self.peek(0)?, self.peek(1)?, self.peek(2)?, self.peek(3)?, self.peek(4)?];
        let [
            Token::Number(a, a_digits),
            Token::Mark(mark),
            Token::Number(b, b_digits),
            Token::Mark(again),
            Token::Number(c, c_digits),
        ] = five
        else {
            return None;
        };
        let fits = mark == again && matches!(mark, '-' | '/' | '.');
        let three = [(a, a_digits), (b, b_digits), (c, c_digits)];
        fits.then_some((DateNumbers::Three(three), 5))
    }

    /// 2021年6月24日
    fn han(&self) -> Option<(DateNumbers, usize)> {
        let [year, month, day] = [self.number(0)?, self.number(2)?, self.number(4)?];
        let words = [(1, "年"), (3, "月"), (5, "日")];
        let fits = words.iter().all(|(at, word)| self.peek(*at) == Some(Token::Word(word)));
        let date = date_of(year, month.0, day.0).filter(|_| fits)?;
        Some((DateNumbers::Named(date), 6))
    }

    /// 24-Jun-2021, or June 24, 2021. The year has four digits, else the order would be open.
    fn named(&self) -> Option<(DateNumbers, usize)> {
        let dash = |at: usize| usize::from(self.peek(at) == Some(Token::Mark('-')));
        let (day, month, year, taken) = if let Some(month) = self.month(0) {
            let comma = usize::from(self.peek(2) == Some(Token::Mark(',')));
            (self.number(1)?, month, self.number(2 + comma)?, 3 + comma)
        } else {
            let month_at = 1 + dash(1);
            let year_at = month_at + 1 + dash(month_at + 1);
            (self.number(0)?, self.month(month_at)?, self.number(year_at)?, year_at + 1)
        };
        let date = date_of(year, month, day.0).filter(|_| year.1 == 4)?;
        Some((DateNumbers::Named(date), taken))
    }

    fn number(&self, ahead: usize) -> Option<(u32, u8)> {
        match self.peek(ahead)? {
            Token::Number(value, digits) => Some((value, digits)),
            _ => None,
        }
    }

    fn month(&self, ahead: usize) -> Option<u32> {
        let Token::Word(word) = self.peek(ahead)? else { return None };
        let start = word.get(..3)?;
        (1u32..).zip(MONTHS).find_map(|(n, name)| start.eq_ignore_ascii_case(name).then_some(n))
    }

    /// 15:00, 15:00:30, 15:00:30.000, 3:00 PM. Fractions of a second are dropped.
    pub(super) fn clock(&mut self, half: Option<bool>) -> Option<u32> {
        let (hour, _) = self.number(0)?;
        let (minute, 2) = self.number(2)? else { return None };
        if self.peek(1) != Some(Token::Mark(':')) {
            return None;
        }
        self.at += 3;
        let mut second = 0;
        if self.take_mark(':') {
            (second, _) = self.number(0).filter(|(_, digits)| *digits == 2)?;
            self.at += 1;
            if self.take_mark('.') {
                self.number(0)?;
                self.at += 1;
            }
        }
        let hour = match half.or_else(|| self.half_of_day()) {
            None => hour,
            Some(_) if !(1..=12).contains(&hour) => return None,
            Some(afternoon) => hour % 12 + 12 * u32::from(afternoon),
        };
        let exists = hour < 24 && minute < 60 && second < 60;
        // Lazily: an hour of ten digits would overflow.
        exists.then(|| hour * 3600 + minute * 60 + second)
    }

    /// Z, +08:00, +0800.
    pub(super) fn offset(&mut self) -> Option<i16> {
        if self.take_word("Z") {
            return Some(0);
        }
        let sign = match self.peek(0)? {
            Token::Mark('+') => 1,
            Token::Mark('-') => -1,
            _ => return None,
        };
        let (minutes, taken) = match (self.number(1)?, self.peek(2), self.number(3)) {
            ((hours, 2), Some(Token::Mark(':')), Some((minutes, 2))) => {
                (minutes_of(hours, minutes)?, 4)
            }
            ((both, 4), ..) => (minutes_of(both / 100, both % 100)?, 2),
            _ => return None,
        };
        self.at += taken;
        Some(sign * minutes)
    }
}

/// The offset alone: `+08:00`, `+8`, `-0330`.
pub(super) fn offset_of(text: &str) -> Option<i16> {
    let sign = match text.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let digits = text.get(1..)?;
    let (hours, minutes) = match digits.split_once(':') {
        Some(pair) => pair,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "0"),
    };
    Some(sign * minutes_of(hours.parse().ok()?, minutes.parse().ok()?)?)
}

fn minutes_of(hours: u32, minutes: u32) -> Option<i16> {
    let exists = hours <= 14 && minutes < 60;
    if exists { i16::try_from(hours * 60 + minutes).ok() } else { None }
}

#[derive(PartialEq, Eq)]
enum Kind {
    Digit,
    Letter,
    Han,
    Other,
}

fn kind(c: char) -> Kind {
    match c {
        '0'..='9' => Kind::Digit,
        'a'..='z' | 'A'..='Z' => Kind::Letter,
        '\u{4e00}'..='\u{9fff}' => Kind::Han,
        _ => Kind::Other,
    }
}
