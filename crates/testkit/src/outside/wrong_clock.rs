//! A clock that is wrong, made so from outside the product by libfaketime.

use std::ffi::OsString;
use std::process::Command;

use anyhow::bail;

/// What a process needs in its environment to be mistaken about the time.
#[derive(Debug, Clone)]
pub struct WrongClock {
    preload: OsString,
    shift: String,
}

impl WrongClock {
    /// A wall clock off by so much, in libfaketime's words: `-2h`.
    ///
    /// # Errors
    /// libfaketime is not here.
    pub fn by(shift: &str) -> anyhow::Result<Self> {
        // The wrapper knows where its library is. It is not used itself: it starts the program as a
        // child, which a kill would not reach.
        let told = Command::new("faketime").args(["-f", shift, "env"]).output();
        let told = told.map(|done| String::from_utf8_lossy(&done.stdout).into_owned());
        let told = told.unwrap_or_default();
        let preload = told.lines().find_map(|line| line.strip_prefix("LD_PRELOAD="));
        let Some(preload) = preload.filter(|path| !path.is_empty()) else {
            bail!(
                "no clock can be set wrong here: libfaketime is missing; `cargo xtask setup` \
                 installs it (Debian: apt-get install faketime)"
            );
        };
        Ok(Self { preload: preload.into(), shift: shift.to_owned() })
    }

    pub(super) fn apply(&self, command: &mut Command) {
        command.env("LD_PRELOAD", &self.preload).env("FAKETIME", &self.shift);
        // Timeouts keep their length: only what day and hour it is is wrong.
        command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    }
}
