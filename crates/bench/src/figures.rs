//! What is measured, one file a question.

pub(crate) mod answer;
pub(crate) mod board;
pub(crate) mod crowd;
pub(crate) mod find;
pub(crate) mod growth;
pub(crate) mod logic;
pub(crate) mod merge;
pub(crate) mod photos;
pub(crate) mod sync;
pub(crate) mod wire;

use std::path::PathBuf;

/// Where to work, and how much of it.
pub(crate) struct Bench {
    /// A folder on a real disk, empty at first.
    pub(crate) root: PathBuf,
    /// A smoke run: everything small, once, without verdicts.
    pub(crate) quick: bool,
}

impl Bench {
    /// One size for the figures, another for a smoke run.
    pub(crate) fn size<T>(&self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }

    /// How often a thing is repeated; the best counts.
    pub(crate) fn runs(&self) -> usize {
        self.size(5, 1)
    }

    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }
}
