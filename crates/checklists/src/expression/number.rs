//! Numbers to text and back: XPath 1.0 §4.2 and §4.4, with one change: what is not a number is
//! no text at all, so that "NaN" never stands in a report.

/// The shortest digits that read as the same number, never with an exponent.
#[must_use]
pub(super) fn number_text(number: f64) -> String {
    if number.is_nan() {
        String::new()
    } else if number.is_infinite() {
        if number > 0.0 { "Infinity".to_owned() } else { "-Infinity".to_owned() }
    } else if number == 0.0 {
        // Zero has no sign for a reader.
        "0".to_owned()
    } else {
        number.to_string()
    }
}

/// An optional minus, digits, at most one point; blanks around it. All else is NaN.
#[must_use]
pub(super) fn parse_number(text: &str) -> f64 {
    let text = text.trim_matches(is_blank);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let has_digit = digits.bytes().any(|byte| byte.is_ascii_digit());
    if plain && has_digit { text.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}

/// White space as XML counts it.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// Rounds to decimal places, halves away from zero, on the digits a person sees: 1.005 to two
/// places is 1.01, though its nearest binary number lies below. Negative places round to tens.
#[must_use]
pub(super) fn round_to(number: f64, places: f64) -> f64 {
    if number.is_nan() || places.is_nan() {
        return f64::NAN;
    }
    if number.is_infinite() || places >= 400.0 {
        return number;
    }
    if places <= -400.0 {
        return 0.0;
    }
    // Within ±400, so the cast is exact.
    let places = places.trunc() as i32;
    let digits = number.abs().to_string();
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    let point = i32::try_from(whole.len()).unwrap_or(i32::MAX);
    let Ok(keep) = usize::try_from(point.saturating_add(places)) else { return 0.0 };
    let all: Vec<u8> = whole.bytes().chain(part.bytes()).collect();
    let Some(&next) = all.get(keep) else { return number };
    let mut kept: Vec<u8> = all.iter().take(keep).copied().collect();
    if next >= b'5' {
        carry(&mut kept);
    }
    // Carrying may have made one digit more; the exponent counts from the end and stays.
    let mantissa = String::from_utf8(kept).unwrap_or_default();
    let text = format!("0{mantissa}e{}", -places);
    text.parse::<f64>().unwrap_or(f64::NAN).copysign(number)
}

/// Adds one to the last of decimal digits.
fn carry(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        for (number, text) in [
            (1.0, "1"),
            (-0.0, "0"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e21, "1000000000000000000000"),
            (1e-7, "0.0000001"),
            (f64::NAN, ""),
        ] {
            assert_eq!(number_text(number), text);
        }
        assert_eq!(parse_number(" -18.50\n"), -18.5);
        assert_eq!(parse_number(".5"), 0.5);
        for wrong in ["", "-", ".", "1e3", "+1", "0x10", "1.2.3", "１", "- 1", "NaN"] {
            assert!(parse_number(wrong).is_nan(), "{wrong}");
        }
    }

    #[test]
    fn halves_are_rounded_on_the_digits_shown() {
        for (number, places, rounded) in [
            (1.005, 2.0, 1.01),
            (2.5, 0.0, 3.0),
            (-2.5, 0.0, -3.0),
            (9.995, 2.0, 10.0),
            (1234.0, -2.0, 1200.0),
            (950.0, -3.0, 1000.0),
            (49.0, -2.0, 0.0),
            (0.04, 1.0, 0.0),
            (7.0, -5.0, 0.0),
            (1e300, 2.0, 1e300),
        ] {
            assert_eq!(round_to(number, places), rounded, "{number} {places}");
        }
    }
}
