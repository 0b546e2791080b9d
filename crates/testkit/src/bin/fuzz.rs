//! libFuzzer on one target. `cargo xtask fuzz` builds it with the coverage it needs and passes the
//! target's name in `SPOTCHECK_FUZZ`, and where to write the seeds in `SPOTCHECK_FUZZ_SEEDS`.
#![no_main]
#![allow(unsafe_code, reason = "libFuzzer calls C symbols, which its macro writes")]
#![allow(clippy::disallowed_methods, reason = "a host for tests")]

use std::path::PathBuf;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use spotcheck_testkit::fuzz::{Target, find};

static TARGET: OnceLock<&'static Target> = OnceLock::new();

fn begin() {
    let name = std::env::var("SPOTCHECK_FUZZ").unwrap_or_default();
    let target = find(&name).unwrap_or_else(|| panic!("SPOTCHECK_FUZZ={name:?} is no target"));
    let seeds = std::env::var_os("SPOTCHECK_FUZZ_SEEDS").map(PathBuf::from);
    if let Some(folder) = seeds {
        std::fs::create_dir_all(&folder).expect("the folder for seeds can be made");
        for (n, seed) in (target.seeds)().into_iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{n}")), seed).expect("a seed can be written");
        }
    }
    let _ = TARGET.set(target);
}

fuzz_target!(init: begin(), |bytes: &[u8]| {
    if let Some(target) = TARGET.get() {
        (target.run)(bytes);
    }
});
