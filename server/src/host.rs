//! The machine a server runs on: its clock and its randomness.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::service::Host;

/// The system's clock and randomness.
#[derive(Debug, Clone, Copy)]
pub struct SystemHost;

impl Host for SystemHost {
    fn now_ms(&self) -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
    }

    fn random(&self, buffer: &mut [u8]) {
        // A machine without randomness must not sign anything: stop at once, loudly.
        #[allow(clippy::expect_used, reason = "no secret may be made without randomness")]
        getrandom::fill(buffer).expect("the operating system gives randomness");
    }
}
