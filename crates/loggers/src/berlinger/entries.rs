//! `Min T: +4.0, TS Min T: 00:42`: the keys and values of one line.

/// Whose value is a person's free text, commas and colons included.
const FREE: [&str; 3] = ["User String", "Issuer", "Owner"];

/// The keys of a line with their values. Empty where the line has no key at all.
pub(super) fn pairs(content: &str) -> Vec<(&str, &str)> {
    let mut pairs = Vec::new();
    if FREE.iter().any(|key| content.starts_with(key)) {
        pairs.extend(content.split_once(':').map(|(key, value)| (key, value.trim())));
        return pairs;
    }
    let mut rest = content;
    while let Some((key, after)) = rest.split_once(':') {
        let (value, next) = value_of(after);
        pairs.push((key.trim(), value.trim()));
        rest = next;
    }
    if !rest.trim().is_empty() {
        pairs.clear();
    }
    pairs
}

/// The value up to the comma before the next key. A clock has a colon but no comma before it.
fn value_of(text: &str) -> (&str, &str) {
    let commas = text.match_indices(',').map(|(at, _)| at);
    let mut ends = commas.filter_map(|at| text.split_at_checked(at));
    let before_key = ends.find_map(|(value, rest)| {
        let next = rest.get(1..)?.trim_start();
        next.starts_with(|c: char| c.is_ascii_alphabetic()).then_some((value, next))
    });
    before_key.unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_one_key_or_several() {
        assert_eq!(pairs("Conf:"), [("Conf", "")]);
        assert_eq!(pairs("Lot: 1_2"), [("Lot", "1_2")]);
        assert_eq!(
            pairs("Min T: +4.0, TS Min T: 00:42"),
            [("Min T", "+4.0"), ("TS Min T", "00:42")]
        );
        assert_eq!(
            pairs("TS A: 2022-11-08 22:20, TS E:, T M: 24.5"),
            [("TS A", "2022-11-08 22:20"), ("TS E", ""), ("T M", "24.5")]
        );
        assert_eq!(pairs("User String 1: a, b: c"), [("User String 1", "a, b: c")]);
    }

    #[test]
    fn a_line_without_a_key_has_none() {
        assert!(pairs("no key").is_empty());
        assert!(pairs("Key: 1, stray").is_empty());
        assert!(pairs("").is_empty());
    }
}
