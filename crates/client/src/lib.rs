//! Drives rounds of sync, enrolment and a lead's questions over a [`SyncApi`]: signs, sends, hands back.

mod ask;
mod drive;
mod http_api;
mod report;
#[cfg(not(target_family = "wasm"))]
mod trust;

pub use ask::{Ask, ask};
pub use drive::{Answer, Sending, Steps, enrol, run_round, run_steps};
pub use http_api::HttpApi;
pub use report::{Progress, RoundReport, Said};
pub use spotcheck_protocol::api::{Question, SyncApi, Unreachable};
pub use spotcheck_sync::{DeviceHost, Local, Pause, Report, SyncError};
#[cfg(not(target_family = "wasm"))]
pub use trust::{Trust, TrustError};
