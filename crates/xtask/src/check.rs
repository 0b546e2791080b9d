//! `cargo xtask check`: what can be said of the code without exercising the product.

use crate::failure::Failure;
use crate::setup::setup_for_checks;
use crate::steps::{OnlyIf, Step, run_all};

pub(crate) const FORMAT: Step = Step {
    name: "format",
    command: &["cargo", "fmt", "--all", "--check"],
    env: &[],
    only_if: OnlyIf::Always,
    remedy: "run `cargo fmt --all`.",
};

pub(crate) const CLIPPY: Step = Step {
    name: "clippy",
    command: &[
        "cargo",
        "clippy",
        "--workspace",
        "--exclude=spotcheck-tauri",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ],
    env: &[],
    only_if: OnlyIf::Always,
    remedy: "mend what clippy names above; `cargo clippy --fix` does the plain ones.",
};

pub(crate) const DOCS: Step = Step {
    name: "docs",
    command: &["cargo", "doc", "--workspace", "--exclude=spotcheck-tauri", "--no-deps"],
    env: &[("RUSTDOCFLAGS", "-D warnings")],
    only_if: OnlyIf::Always,
    remedy: "mend the doc comment named above.",
};

/// The tidy tests check licences, bans and sources; advisories change from day to day and come
/// from the network, so they are checked where that can be had and named as unchecked elsewhere.
pub(crate) const ADVISORIES: Step = Step {
    name: "advisories",
    command: &["cargo", "deny", "check", "advisories"],
    env: &[],
    only_if: OnlyIf::Works(&["cargo", "deny", "fetch", "db"]),
    remedy: "update the dependency named above, or say in deny.toml why it does not concern us.",
};

const TIDY: Step = Step {
    name: "tidy",
    command: &["cargo", "test", "--package", "spotcheck-tests", "--lib", "tidy"],
    env: &[],
    only_if: OnlyIf::Always,
    remedy: "each line above names the file and what it should be.",
};

/// `cargo xtask check`.
pub(crate) fn check(args: &[String]) -> Result<(), Failure> {
    if !args.is_empty() {
        return Err(Failure::usage("check takes no argument"));
    }
    run_all("check", setup_for_checks, &[FORMAT, CLIPPY, TIDY, DOCS, ADVISORIES])
}
