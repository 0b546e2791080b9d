//! Every command worth remembering, as `cargo xtask COMMAND`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks")]
use std::process::{Command, exit};

fn main() {
    let command = std::env::args().nth(1).unwrap_or_default();
    if command != "test" {
        eprintln!("usage: cargo xtask test");
        exit(2);
    }
    println!("testing the workspace");
    let done = Command::new("cargo").args(["test", "--workspace"]).status();
    exit(if done.is_ok_and(|status| status.success()) { 0 } else { 1 });
}
