//! Patterns of `regex`, as Java and JavaScript write them, on an engine that never backtracks.

use std::iter::Peekable;
use std::str::Chars;
use std::sync::Arc;

use regex_lite::{Regex, RegexBuilder};

use super::Limits;

/// A compiled pattern that must match a whole text.
#[derive(Debug, Clone)]
pub(super) struct Pattern(Arc<Regex>);

impl Pattern {
    /// # Errors
    /// What is wrong, in the words of the regex engine.
    pub(super) fn new(pattern: &str) -> Result<Self, String> {
        let whole = format!("^(?:{})$", translate(pattern));
        let mut builder = RegexBuilder::new(&whole);
        builder.size_limit(Limits::REGEX_BYTES);
        let compiled = builder.build().map_err(|error| last_line(&error.to_string()))?;
        Ok(Self(Arc::new(compiled)))
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// Errors of the regex engine draw the pattern first and name the fault in their last line.
fn last_line(error: &str) -> String {
    let last = error.lines().last().unwrap_or_default().trim();
    last.trim_start_matches("error: ").to_owned()
}

/// Where the dialects differ: `\d`, `\w`, `\s` and `\b` know ASCII only in Java and JavaScript,
/// and inside `[…]` the signs `[`, `&&`, `--` and `~~` are plain there.
fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    let mut class_start = false;
    while let Some(c) = chars.next() {
        let at_start = std::mem::take(&mut class_start);
        match c {
            '\\' if chars.peek() == Some(&'p') => {
                chars.next();
                script(&mut chars, in_class, &mut out);
            }
            '\\' => escape(chars.next(), in_class, &mut out),
            '[' if in_class => out.push_str("\\["),
            '[' => {
                in_class = true;
                class_start = true;
                out.push('[');
                if chars.peek() == Some(&'^') {
                    chars.next();
                    out.push('^');
                }
            }
            // A first `]` is plain in Java; an empty class is no use in either.
            ']' if in_class && at_start => out.push_str("\\]"),
            ']' => {
                // Outside a class it is plain.
                out.push_str(if in_class { "]" } else { "\\]" });
                in_class = false;
            }
            '&' | '~' if in_class => out.extend(['\\', c]),
            '-' if in_class && chars.peek() == Some(&'-') => out.push_str("\\-"),
            _ => out.push(c),
        }
    }
    out
}

/// Chinese characters, by either name: of Unicode's properties, what forms here ask for. The engine knows
/// none, and refuses the others.
fn script(chars: &mut Peekable<Chars<'_>>, in_class: bool, out: &mut String) {
    const HAN: &str = r"\u{2e80}-\u{2fd5}\u{3005}\u{3007}\u{3021}-\u{3029}\u{3038}-\u{303b}\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}\u{f900}-\u{faff}\u{20000}-\u{3ffff}";
    let name: String = chars.clone().skip(1).take_while(|c| *c != '}').collect();
    let known =
        chars.peek() == Some(&'{') && matches!(name.as_str(), "Han" | "IsHan" | "script=Han");
    if !known {
        return out.push_str("\\p");
    }
    chars.by_ref().take(name.chars().count() + 2).for_each(drop);
    match in_class {
        true => out.push_str(HAN),
        false => out.push_str(&format!("[{HAN}]")),
    }
}

fn escape(escaped: Option<char>, in_class: bool, out: &mut String) {
    let Some(c) = escaped else { return out.push('\\') };
    match (c, in_class) {
        ('d', true) => out.push_str("0-9"),
        ('d', false) => out.push_str("[0-9]"),
        ('D', _) => out.push_str("[^0-9]"),
        ('w', true) => out.push_str("a-zA-Z0-9_"),
        ('w', false) => out.push_str("[a-zA-Z0-9_]"),
        ('W', _) => out.push_str("[^a-zA-Z0-9_]"),
        ('s', true) => out.push_str(" \\t\\n\\r\\x0b\\x0c"),
        ('s', false) => out.push_str("[ \\t\\n\\r\\x0b\\x0c]"),
        ('S', _) => out.push_str("[^ \\t\\n\\r\\x0b\\x0c]"),
        // Both take a useless escape for the sign itself; the engine here does not.
        ('/' | '"' | '\'' | ',' | ':' | ';' | '=' | '@' | '_' | ' ' | '!' | '%' | '`', _) => {
            out.push(c);
        }
        _ => out.extend(['\\', c]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_forms_match_as_their_authors_meant() {
        let yes = [
            (r"\d{3}", "123"),
            (r"[A-Z]\.", "J."),
            (r"[\w.-]+@\w+", "a.b-c@d"),
            (r"[\u4e00-\u9fa5]{2,4}", "检查员"),
            (r"\p{Han}+", "飞检"),
            (r"a|bc", "bc"),
            (r"粤[A-Z]\w{5}", "粤B12345"),
            (r"[[]", "["),
            (r"[^\d]", "x"),
            (r"[\p{Han}a-z]+", "飞check"),
            (r"\p{Han}+", "二〇二一年"),
            (r"\bno\b.*", "no 12"),
        ];
        for (pattern, text) in yes {
            assert!(Pattern::new(pattern).unwrap().matches(text), "{pattern} {text}");
        }
        for (pattern, text) in [(r"\d{3}", "1234"), (r"a|bc", "ab"), (r"\d", "٣"), ("a", "a\n")] {
            assert!(!Pattern::new(pattern).unwrap().matches(text), "{pattern} {text}");
        }
    }

    #[test]
    fn what_would_backtrack_or_fill_the_memory_is_refused() {
        for pattern in ["(?=a)", r"(a)\1", "a{1000}{1000}{1000}", "(", r"\p{Greek}", r"\p"] {
            assert!(Pattern::new(pattern).is_err(), "{pattern}");
        }
    }
}
