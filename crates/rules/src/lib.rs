//! Limits and verdicts: dated local data, judged exactly.
//!
//! A [`Pack`] is a published document holding every limit that is in force somewhere for a while.
//! [`judge`] and its siblings compare one reading with one limit, in the unit that was read, on
//! decimal values that are never rounded and never converted. [`summarise`] condenses a cold-chain
//! log. [`calc`](calc()) answers the calculations of the rules document, JSON in and JSON out. Nothing here reads a clock, a file or the network, so every host judges alike.

mod bilingual;
pub mod calc;
mod date;
mod json_path;
mod limit;
mod pack;
mod quantity;
mod reading_log;
mod verdict;

pub use bilingual::Bilingual;
pub use calc::{CalcError, Excursion, calc, excursions};
pub use chrono::NaiveDate;
pub use date::{DateError, parse_date};
pub use json_path::json_path_at;
pub use limit::{Cite, Escalation, Limit, LimitValue, Operator, Plausible, Severity};
pub use pack::{
    Notice, Pack, PackCheck, PackError, ReferenceError, ShippedPack, Status, Weight, check_pack,
    content_hash, hash_text, shipped, with_reference,
};
pub use quantity::{Quantity, QuantityError};
pub use reading_log::{Gap, LogError, LogReading, LogSummary, summarise};
pub use verdict::{
    Beyond, DailyCheck, Doubt, Judgement, RuleError, Trust, Verdict, acceptance_limit, judge,
    judge_count, judge_days, judge_declared, judge_ratio, judge_timed_count,
    judge_with_uncertainty,
};
