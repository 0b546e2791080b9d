//! Everything a user can do, for every host: the window, the browser, the command line.
//!
//! Knows no terminal, no screen, no files, no clock: a [`Host`] passes those in.

mod brief;
mod day;
mod decide;
mod device;
mod documents;
pub mod door;
mod error;
mod inspection;
mod instruments;
mod library;
mod others_photos;
pub mod parts;
mod published;
mod query;
pub mod record;
mod scopes;
mod share;
mod shot;
mod sync_local;
mod unite;

pub use day::{Alike, Day, Decided, MergedItem, MergedStatus, MergedValue, Sameness};
pub use decide::Decision;
pub use device::{Device, Host, Status};
pub use error::AppError;
pub use inspection::{
    Answered, FindingDraft, Fixed, Head, HeadPart, Outside, Particulars, Place, Position,
    SignatureDraft,
};
pub use instruments::{InstrumentDraft, InstrumentKind};
pub use library::{Library, Source};
pub use published::Published;
pub use query::{Contradiction, OpView, RecordView};
pub use shot::{Origin, Shot};
pub use spotcheck_protocol::enrolment::EnrolmentLink;
pub use spotcheck_rules::calc::calc_names;
pub use spotcheck_rules::{CalcError, Judgement, Severity, Verdict, calc};
