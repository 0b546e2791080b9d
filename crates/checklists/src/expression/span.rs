//! Where in the text of an expression something stands.

/// A half-open range of bytes of the expression's text, always on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// From `start` up to, not including, `end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// From the start of this one to the end of the other.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end.max(self.start) }
    }
}

/// Line and column of a byte, both from 1, as a person counts: columns in characters.
pub(super) fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before: &str = text.get(..byte.min(text.len())).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.matches('\n').count() + 1;
    let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_characters() {
        assert_eq!(line_and_column("温度 > 5\n and x", 7), (1, 4));
        assert_eq!(line_and_column("温度 > 5\n and x", 12), (2, 2));
        assert_eq!(line_and_column("a", 99), (1, 2));
    }
}
