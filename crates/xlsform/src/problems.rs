//! Problems as they are found: bounded, so that a form of nothing but faults costs no more.

use crate::problem::{Code, Level, Place, Problem, nearest};

/// Errors and other remarks, so many of each. What comes after is counted.
#[derive(Debug)]
pub(crate) struct Problems {
    most: usize,
    list: Vec<Problem>,
    errors: usize,
    others: usize,
}

impl Problems {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, list: Vec::new(), errors: 0, others: 0 }
    }

    pub(crate) fn push(&mut self, problem: Problem) {
        let count = if problem.level == Level::Error { &mut self.errors } else { &mut self.others };
        *count += 1;
        if *count <= self.most {
            self.list.push(problem);
        }
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// As [`nearest`], until there are so many problems that nobody reads suggestions.
    pub(crate) fn nearest<'a>(
        &self,
        text: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Option<&'a str> {
        let is_full = self.errors.max(self.others) >= self.most;
        if is_full { None } else { nearest(text, known) }
    }

    /// All that are kept, and how many are not.
    pub(crate) fn done(mut self) -> Vec<Problem> {
        let (errors, others) = (self.errors, self.others);
        let unlisted = errors.saturating_sub(self.most) + others.saturating_sub(self.most);
        if unlisted > 0 {
            let said = (
                &*format!("另有 {unlisted} 处未列出"),
                &*format!("{unlisted} more are not listed"),
            );
            let remedy =
                ("先处理已列出的，再读一次", "see to these first, then read the form again");
            let level = if errors > self.most { Level::Error } else { Level::Warning };
            self.list.push(Problem::new(level, Code::TooLarge, Place::file(), said, remedy));
        }
        self.list
    }
}
