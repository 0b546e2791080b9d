//! Drives rounds of sync and enrolment over a [`SyncApi`]: signs, sends, hands back.

mod drive;
mod http_api;
mod report;
#[cfg(not(target_family = "wasm"))]
mod trust;

pub use drive::{Answer, Sending, Steps, enrol, run_round};
pub use http_api::HttpApi;
pub use report::{Progress, RoundReport, Said};
pub use spotcheck_protocol::api::{SyncApi, Unreachable};
pub use spotcheck_sync::{DeviceHost, Local, Pause, Report, SyncError};
#[cfg(not(target_family = "wasm"))]
pub use trust::{Trust, TrustError};
