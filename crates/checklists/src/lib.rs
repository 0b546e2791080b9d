//! Checklists: what an inspector looks at, what an answer looks like, and what it means.
//!
//! A [`Checklist`] is a published document named by the hash of its bytes; it never changes. Each
//! [`Item`] says how it is answered, which limit of the rule pack judges it, and how two answers
//! of one day are merged. [`check_answer`] guards the shape of an answer before it is recorded,
//! [`judge_answer`] says what it means on that day, [`worst_rank`] orders two of them.

mod answer;
mod checklist;
mod conditions;
pub mod expression;
mod judge;
mod library;
mod score;

pub use answer::{Answer, AnswerError, Outcome, Signature, check_answer, parse_answer};
pub use checklist::{
    Checklist, ChecklistError, Choice, Count, CountRole, Evidence, Item, Kind, Merge, Named, Repeat,
};
pub use conditions::{
    Computed, Conditions, Constraint, ItemLogic, Moment, Said, Standing, Standings, can_be_proposed,
};
pub use judge::{JudgeError, WorstRank, judge_answer, judge_reading, worst_rank};
pub use library::{ShippedChecklist, compose, shipped};
pub use score::{Score, Scoring};
pub use spotcheck_rules::{content_hash, hash_text};
