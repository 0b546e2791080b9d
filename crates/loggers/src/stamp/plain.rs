//! The short way for the spellings that almost every row of a long log has: digits at fixed places.

use super::{DateNumbers, Stamp};

/// `2021-06-24 15:00[:30]`, `24.06.2021 15:00[:30]`, or either half. All else is `None` here and
/// left to the long way.
pub(super) fn parse(text: &str) -> Option<Stamp> {
    let bytes = text.as_bytes();
    let (date, clock) = match bytes.len() {
        5 | 8 => (None, Some(bytes)),
        10 => (Some(bytes), None),
        16 | 19 => {
            let (date, rest) = bytes.split_at_checked(10)?;
            let clock = rest.strip_prefix(b" ").or_else(|| rest.strip_prefix(b"T"))?;
            (Some(date), Some(clock))
        }
        _ => return None,
    };
    let date = match date {
        Some(bytes) => Some(date_of(bytes)?),
        None => None,
    };
    let clock_s = match clock {
        Some(bytes) => Some(clock_of(bytes)?),
        None => None,
    };
    Some(Stamp { date, clock_s, offset_min: None })
}

fn date_of(bytes: &[u8]) -> Option<DateNumbers> {
    let &[a, b, c, d, e, f, g, h, i, j] = bytes else { return None };
    let mark = |left: u8, right: u8| left == right && matches!(left, b'-' | b'/' | b'.');
    let three = if mark(e, h) {
        [(number(&[a, b, c, d])?, 4), (number(&[f, g])?, 2), (number(&[i, j])?, 2)]
    } else if mark(c, f) {
        [(number(&[a, b])?, 2), (number(&[d, e])?, 2), (number(&[g, h, i, j])?, 4)]
    } else {
        return None;
    };
    Some(DateNumbers::Three(three))
}

fn clock_of(bytes: &[u8]) -> Option<u32> {
    let (hour, minute, second) = match *bytes {
        [a, b, b':', c, d] => (number(&[a, b])?, number(&[c, d])?, 0),
        [a, b, b':', c, d, b':', e, f] => (number(&[a, b])?, number(&[c, d])?, number(&[e, f])?),
        _ => return None,
    };
    let exists = hour < 24 && minute < 60 && second < 60;
    exists.then_some(hour * 3600 + minute * 60 + second)
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
    })
}
