//! A run: consecutive ops of one log, with the signature of the device over its end.
//!
//! The signature is over the link after the last op, and that link commits to every op hash before
//! it. So a run proves its own authorship, wherever it came from and whatever was withheld of it.

use crate::id::{LogId, OpHash, ScopeId, UserId};
use crate::op::{Link, Op, Seed, head_message};
use crate::value::MAX_INT;

/// Consecutive ops of one log, one scope and one author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Whose log.
    pub log: LogId,
    /// The home scope of every op in it.
    pub scope: ScopeId,
    /// The author of every op in it.
    pub by: UserId,
    /// The position of the first entry.
    pub first_seq: u64,
    /// The link before the first entry.
    pub prev: Link,
    /// The segment's seed; `None` where one of its ops was purged, or not all of it may be read.
    pub seed: Option<Seed>,
    /// The ops in order.
    pub entries: Vec<Entry>,
    /// The device's signature over (log, last seq, last link).
    pub head_sig: [u8; 64],
}

/// A place in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// An op the reader may see.
    Op(Box<Op>),
    /// An op the reader may not see: its hash keeps the chain whole.
    Withheld(OpHash),
}

/// A run whose parts do not belong together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// No entries, or positions beyond what a log can hold.
    #[error("a run of no ops, or beyond the end of numbers")]
    Shape,
    /// An op names another log, scope, author or position than its run.
    #[error("the op at seq {0} belongs to another run")]
    Stranger(u64),
}

impl Entry {
    /// The op's hash.
    pub fn hash(&self) -> OpHash {
        match self {
            Self::Op(op) => op.hash,
            Self::Withheld(hash) => *hash,
        }
    }
}

impl Run {
    /// The position of the last entry.
    pub fn last_seq(&self) -> u64 {
        self.first_seq + self.entries.len() as u64 - 1
    }

    /// The link after each entry.
    pub fn links(&self) -> impl Iterator<Item = Link> {
        self.entries.iter().scan(self.prev, |link, entry| {
            *link = link.then(&entry.hash());
            Some(*link)
        })
    }

    /// The link after the last entry.
    pub fn end(&self) -> Link {
        self.links().last().unwrap_or(self.prev)
    }

    /// The bytes that `head_sig` signs.
    pub fn head_message(&self) -> Vec<u8> {
        head_message(self.log, self.last_seq(), &self.end())
    }

    /// The ops a reader may see, with their positions.
    pub fn ops(&self) -> impl Iterator<Item = &Op> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Op(op) => Some(&**op),
            Entry::Withheld(_) => None,
        })
    }

    /// Checks that every op stands where it says it does. The signature is the caller's to verify.
    ///
    /// # Errors
    /// When the run is empty or an op belongs elsewhere.
    pub fn check(&self) -> Result<(), RunError> {
        let end = self.first_seq.checked_add(self.entries.len() as u64);
        let fits = end.is_some_and(|end| end <= MAX_INT as u64);
        if self.entries.is_empty() || self.first_seq == 0 || !fits {
            return Err(RunError::Shape);
        }
        for (seq, entry) in (self.first_seq..).zip(&self.entries) {
            if let Entry::Op(op) = entry {
                let header = &op.header;
                let mine = (header.log, header.scope, header.by, header.seq)
                    == (self.log, self.scope, self.by, seq);
                if !mine {
                    return Err(RunError::Stranger(seq));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
